"""`law add-rate`: a value that was published after this version of relance."""

import datetime as dt
from decimal import Decimal, InvalidOperation

import click

from cli.session import Day, Session, common, with_session


@click.command("add-rate")
@click.argument("name")
@click.option("--from", "start", type=Day(), required=True, help="First day it holds.")
@click.option("--until", type=Day(), help="Last day it holds; for a rate, the end of the half-year by default.")
@click.option("--value", required=True, help="The value: 2.75 for 2.75 %.")
@click.option("--source", required=True, help="Where it was published.")
@click.option("--reference", help="The article; that of the last value by default.")
@click.option("--correct", is_flag=True, help="Put it in the place of a value that is known.")
@common
@with_session
def add_rate(
    session: Session, name: str, start: dt.date, until: dt.date | None, value: str, source: str, reference: str | None, correct: bool
) -> None:  # fmt: skip
    """Add a legal value with its source, in the store's own file law.toml. Whatever rests on it says that it came from you.

    \b
    Example:
      relance law add-rate legal_rate_professional --from 2027-01-01 --value 2.80 --source "arrêté du 20 décembre 2026"
    """  # noqa: D301
    from adapters import law_added  # noqa: PLC0415

    office = session.office
    number = _number(value)
    found = law_added.added(
        session.law, name, start, number, source=source, reference=reference, until=until, correct=correct
    )
    office.signed_in().app.deciding(
        lambda: law_added.write(session.store, name, found, by=office.who, on=office.app.today)
    )
    shown = {
        "name": name, "from_on": found.from_on, "until_on": found.until, "value": f"{found.value:f}",
        "reference": found.reference, "source": found.source,
    }  # fmt: skip
    span = f"from {found.from_on}" + (f" to {found.until}" if found.until else "")
    session.emit(
        shown, lambda: click.echo(f"{name} is {found.value:f} {span} [{found.citation}]; kept in {law_added.FILE}")
    )


def _number(word: str) -> Decimal:
    try:
        number = Decimal(word.strip().removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise click.BadParameter(f"{word!r} is not a number: write 2.75")
    return number
