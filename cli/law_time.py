"""`law limitation` and `law order`: when a claim is time-barred, and the dates of an order for payment."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.session import Day, Session, common, day, with_session
from domain.errors import in_words

if TYPE_CHECKING:
    from domain.law.readings import Reading


class _Event(click.ParamType[tuple[str, dt.date]]):
    """An event and its day, CODE=D."""

    name = "code=date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, dt.date]:
        """Read an event."""
        if isinstance(value, tuple):
            return value
        code, equals, word = str(value).partition("=")
        if not code or not equals:
            self.fail(f"{value!r} is not an event with its day: write CODE=YYYY-MM-DD", param, ctx)
        return code, day(word)


_T = TypeVar("_T")
_reading = click.option(
    "--reading", "chosen", multiple=True, metavar="POINT=CODE", help="How to read a contested point."
)


@click.command()
@click.option(
    "--kind",
    type=click.Choice(("trader", "consumer", "public", "transport")),
    required=True,
    help="Against whom, or for what: transport is the carriage of goods.",
)
@click.option("--due", type=Day(), required=True, help="Due day.")
@click.option("--performed", type=Day(), default=None, help="Day of delivery or completion.")
@click.option(
    "--event", "events", type=_Event(), multiple=True, help="What happened to the claim; an unknown code lists them."
)
@_reading
@common
@with_session
def limitation(
    session: Session,
    kind: Any,
    due: dt.date,
    performed: dt.date | None,
    events: tuple[tuple[str, dt.date], ...],
    chosen: tuple[str, ...],
) -> None:
    """Print the last day to act before a claim is time-barred: as the prudent count it, and as may be argued.

    Limitation is a defence of the debtor, who alone may raise it (C. civ., art. 2247).

    \b
    Example:
      relance law limitation --kind trader --due 2026-01-31 --performed 2025-12-15 --event part_payment=2026-03-01
    """  # noqa: D301
    from cli.claim import readings_of  # noqa: PLC0415
    from domain.limitation import limitation as limitation_of  # noqa: PLC0415

    found = _within_the_calendar(lambda: limitation_of(session.law, readings_of(chosen), kind, due, performed, events))
    value = {
        "prudent_on": found.prudent_on,
        "arguable_on": found.arguable_on,
        "prudent_from_on": found.prudent_from_on,
        "arguable_from_on": found.arguable_from_on,
        "reference": found.reference,
        "effects": [
            {"code": each.code, "on": each.on, "moves": each.moves, "reference": each.reference, "text": each.text,
             "prudent_on": each.prudent_on, "arguable_on": each.arguable_on}
            for each in found.effects
        ],
        "warnings": list(found.warnings),
        "readings": _as_rows(found.readings),
    }  # fmt: skip

    def display() -> None:
        click.echo(f"Prudent:  {in_words(found.prudent_on)}, 24:00 (from {in_words(found.prudent_from_on)})")
        click.echo(f"Arguable: {in_words(found.arguable_on)}, 24:00 (from {in_words(found.arguable_from_on)})")
        click.echo(f"Period:   {found.reference}")
        for each in found.effects:
            click.echo(f"  {in_words(each.on)}, {each.code} (moves {each.moves}): {each.text} [{each.reference}]")
        _say(session, found.warnings, found.readings)

    session.emit(value, display)


@click.command()
@click.option("--rendered", type=Day(), required=True, help="Day of the order; it decides the regime.")
@click.option("--served", type=Day(), default=None, help="Day it was served.")
@click.option(
    "--in-person/--not-in-person", default=False, show_default=True, help="Whether the debtor received the act himself."
)
@click.option(
    "--residence",
    type=click.Choice(("metropole", "overseas", "abroad")),
    default="metropole",
    show_default=True,
    help="Where the debtor lives (CPC, art. 643).",
)
@_reading
@common
@with_session
def order(
    session: Session,
    rendered: dt.date,
    served: dt.date | None,
    in_person: bool,
    residence: Any,
    chosen: tuple[str, ...],
) -> None:
    """Print the dates of an order for payment (injonction de payer): to serve it, to oppose it, to enforce it.

    \b
    Example:
      relance law order --rendered 2026-09-02 --served 2026-09-14 --in-person
    """  # noqa: D301
    from cli.claim import readings_of  # noqa: PLC0415
    from domain.ordonnance import order as order_of  # noqa: PLC0415

    found = _within_the_calendar(
        lambda: order_of(session.law, readings_of(chosen), rendered, served, in_person=in_person, residence=residence)
    )
    dates = {
        "serve_by_on": found.serve_by_on,
        "opposition_until_on": found.opposition_until_on,
        "suspended_until_on": found.suspended_until_on,
        "earliest_enforceable_on": found.earliest_enforceable_on,
        "formula_request_by_on": found.formula_request_by_on,
    }
    value = {
        "regime": found.regime,
        **dates,
        "reopens_by": None if found.reopens_by is None else list(found.reopens_by),
        "references": list(found.references),
        "warnings": list(found.warnings),
        "readings": _as_rows(found.readings),
    }

    def display() -> None:
        click.echo(f"Regime:            {_REGIMES[found.regime]}")
        for key, words in _WORDS.items():
            on = dates[key]
            if on is not None:
                click.echo(f"{words:<18} {in_words(on)}{'' if key == 'earliest_enforceable_on' else ', 24:00'}")
        if found.reopens_by:
            click.echo(f"Opposition:        open again for a month after {_REOPENINGS} (CPC, art. 1416)")
        click.echo(f"Law:               {' ; '.join(found.references)}")
        _say(session, found.warnings, found.readings)

    session.emit(value, display)


_REGIMES = {
    "before-2022-03-01": "orders rendered before 1 March 2022",
    "2022-03-01": "orders rendered from 1 March 2022 to 31 August 2026",
    "2026-09-01": "orders rendered from 1 September 2026",
}
_WORDS = {
    "serve_by_on": "Serve by:",
    "opposition_until_on": "Opposition until:",
    "suspended_until_on": "Suspended until:",
    "earliest_enforceable_on": "Enforceable from:",
    "formula_request_by_on": "Ask formula by:",
}
_REOPENINGS = "the first act served in person, or else the first measure that makes assets unavailable"


def _within_the_calendar(compute: Callable[[], _T]) -> _T:
    from domain.errors import Misuse  # noqa: PLC0415

    try:
        return compute()
    except (OverflowError, ValueError):
        raise Misuse("the dates end beyond the calendar") from None


def _as_rows(readings: Iterable["Reading"]) -> list[dict[str, str]]:
    return [{"switch": each.switch, "code": each.code, "text": each.text} for each in readings]


def _say(session: Session, warnings: Iterable[str], readings: Iterable["Reading"]) -> None:
    for each in warnings:
        session.remark(f"Note: {each}.")
    for reading in readings:
        session.remark(f"Read as {reading.switch}={reading.code}: {reading.text}")
