"""`law routes`: which routes to a title the law has on a day, condition by condition."""

from typing import Any, get_args

import click

from cli.session import Euros, Session, common, with_session
from domain.routes import Debtor

WORDS = {"met": "met", "not_met": "not met", "to_qualify": "to qualify"}


@click.command()
@click.option("--debtor", type=click.Choice(get_args(Debtor)), required=True, help="Who owes.")
@click.option("--amount", "amount_cents", type=Euros(), required=True, help="Principal and interest, in euro.")
@click.option(
    "--between-traders/--not-between-traders",
    "invoiced_between_traders",
    default=None,
    help="Whether creditor and debtor are both commerçants; without it, left to qualify.",
)
@click.option("--reading", multiple=True, metavar="POINT=CODE", help="How a contested point is read; repeatable.")
@common
@with_session
def routes(session: Session, reading: tuple[str, ...], **case: Any) -> None:
    """Print each route to a title with its conditions: met, not met, or to qualify; never a verdict on the whole.

    Only the day, the kind of debtor and the amount are compared with the law: whatever else a route asks is to qualify.

    \b
    Example:
      relance law routes --debtor b2b --amount 4200 --on 2026-09-15
    """  # noqa: D301
    from cli.claim import readings_of  # noqa: PLC0415
    from cli.output import table  # noqa: PLC0415
    from domain.errors import in_words  # noqa: PLC0415
    from domain.routes import routes as routes_on  # noqa: PLC0415

    day = session.day_asked
    found = routes_on(session.law, readings_of(reading), on=day, **case)
    value: list[dict[str, Any]] = [
        {
            "route": each.route,
            "label": each.label,
            "in_force": each.in_force,
            "opens_on": each.opens_on,
            "reference": each.reference,
            "conditions": [{"text": one.text, "state": one.state, "reference": one.reference} for one in each.conditions],
            "steps": [{"text": one.text, "reference": one.reference} for one in each.steps],
            "readings": [{"switch": one.switch, "code": one.code, "text": one.text} for one in each.readings],
        }
        for each in found
    ]  # fmt: skip
    rows = [
        {"route": each["route"], "in_force": each["in_force"], **one}
        for each in value
        for one in each["conditions"] or [{"text": "", "state": "", "reference": each["reference"]}]
    ]

    def display() -> None:
        for each in found:
            click.echo(f"{each.route}: {each.label} [{each.reference}]")
            if not each.in_force:
                opens = f"; in force from {in_words(each.opens_on)}" if each.opens_on else ""
                click.echo(f"  not in force on {in_words(day)}{opens}\n")
                continue
            table(
                [("state", "left"), ("condition", "left"), ("reference", "left")],
                [[WORDS[one.state], one.text, one.reference] for one in each.conditions],
            )
            for step in each.steps:
                click.echo(f"  then: {step.text} [{step.reference}]")
            for one in each.readings:
                click.echo(f"  read ({one.switch}={one.code}): {one.text}")
            click.echo()

    session.emit({"on": day, "routes": value}, display, rows=rows)
