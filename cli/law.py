"""`law`: what the law is on a day."""

import datetime as dt
import importlib
from typing import Any, get_args

import click

from cli.session import Day, Session, common, with_session
from domain.law.rates import RateKind

#: Questions that live in a file of their own, imported when they are asked.
ELSEWHERE = {
    "due": "cli.law_terms:due",
    "interest": "cli.law_interest:interest",
    "limitation": "cli.law_time:limitation",
    "order": "cli.law_time:order",
    "opposition": "cli.law_opposition:opposition",
    "routes": "cli.law_routes:routes",
    "rules": "cli.law_rules:rules",
    "checklist": "cli.check_invoice:checklist",
    "add-rate": "cli.law_added:add_rate",
}


class Questions(click.Group):
    """A group that imports a question when it is asked."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every question."""
        return sorted({*super().list_commands(ctx), *ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a question."""
        if cmd_name not in ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module, _, name = ELSEWHERE[cmd_name].partition(":")
        found: click.Command = getattr(importlib.import_module(module), name)
        return found


@click.group(cls=Questions)
def law() -> None:
    """Ask what the law is on a day. Needs no store.

    \b
    Example:
      relance law rate --kind b2b --on 2026-07-01
    """  # noqa: D301


@law.command()
@click.option("--kind", type=click.Choice(get_args(RateKind)), required=True, help="Which rate.")
@common
@with_session
def rate(session: Session, kind: Any) -> None:
    """Print a rate of late payment, in percent a year, with its article.

    \b
    Example:
      relance law rate --kind b2b --on 2026-07-01
    """  # noqa: D301
    from domain.law.rates import rate as rate_on  # noqa: PLC0415

    found = rate_on(session.law, kind, session.day_asked)
    value = {"rate_percent": f"{found.percent:.2f}", "reference": found.reference}
    session.emit(value, lambda: click.echo(f"{value['rate_percent']} % a year ({found.reference})"))


@law.command()
@click.option(
    "--from", "start", type=Day(), required=True, help="Day of the act, event or notification; it does not count."
)
@click.option("--months", type=click.IntRange(0, 1200), default=0, show_default=True, help="Months, counted first.")
@click.option("--days", type=click.IntRange(0, 36500), default=0, show_default=True, help="Days, counted after.")
@click.option(
    "--prudent",
    type=click.Choice(("earlier", "later")),
    default="later",
    show_default=True,
    help="earlier: not extended (what you must do); later: extended past closed days (what you wait for).",
)
@click.option(
    "--reading", "chosen", multiple=True, metavar="POINT=CODE", help="holidays=alsace_moselle adds its two days."
)
@common
@with_session
def deadline(session: Session, start: dt.date, months: int, days: int, prudent: str, chosen: tuple[str, ...]) -> None:
    """Print when a time limit of procedure ends (CPC, art. 641, 642).

    \b
    Example:
      relance law deadline --from 2026-10-01 --months 1
    """  # noqa: D301
    from cli.claim import readings_of  # noqa: PLC0415
    from domain.calendar import deadline as end_of  # noqa: PLC0415
    from domain.errors import Misuse, in_words  # noqa: PLC0415

    if not months and not days:
        raise Misuse("a time limit has --months, --days or both")
    region = readings_of(chosen)["holidays"]
    try:
        found = end_of(start, months=months, days=days, extended=prudent == "later", region=region)
    except (OverflowError, ValueError):
        raise Misuse("the time limit ends beyond the calendar") from None
    value = {"theoretical_on": found.theoretical_on, "expires_on": found.expires_on}
    moved = (
        f" (counted: {in_words(found.theoretical_on)}, a closed day)"
        if found.theoretical_on != found.expires_on
        else ""
    )
    session.emit(
        value,
        lambda: click.echo(
            f"{in_words(found.expires_on)}, 24:00{moved} [CPC, art. 641{', 642' if prudent == 'later' else ''}]"
        ),
    )


@law.command()
@click.argument("name", required=False)
@common
@with_session
def show(session: Session, name: str | None) -> None:
    """Print a legal parameter with every value, its source and how sure it is; without a name, list the parameters.

    \b
    Example:
      relance law show recovery_indemnity
    """  # noqa: D301
    from cli.output import table as draw  # noqa: PLC0415
    from domain.law.tables import ADDED, names  # noqa: PLC0415

    if name is None:
        listed = [{"name": each, "label": session.law.table(each).label} for each in names()]
        session.emit(
            {"parameters": listed},
            lambda: draw([("name", "left"), ("label", "left")], [list(row.values()) for row in listed]),
            rows=listed,
        )
        return
    found = session.law.table(name)
    rows = [
        {"from_on": each.from_on, "value": str(each.value), "reference": each.reference, "source": each.source, "confidence": each.confidence}
        | ({"until_on": each.until} if each.confidence == ADDED else {})
        for each in (*found.values, *found.added)
    ]  # fmt: skip
    value = {
        "name": name,
        "label": found.label,
        "unit": found.unit,
        "known_until_on": found.known_until,
        "values": rows,
    }

    def display() -> None:
        until = f", known until {found.known_until}" if found.known_until else ""
        click.echo(f"{found.label} ({found.unit}{until})")
        columns = [("from", "left"), ("value", "right"), ("reference", "left"), ("source", "left"), ("sure", "left")]
        draw(columns, [[str(cell) for cell in list(row.values())[: len(columns)]] for row in rows])
        if found.added:
            click.echo(f"Added by the user (confidence {ADDED}): a value holds to its last day, above what is shipped.")

    session.emit(value, display, rows=[{"until_on": None, **row} for row in rows])
