"""`ageing`: the aged balance."""

import datetime as dt
from typing import Any

import click

from cli.session import Day, Session, common, with_session


@click.command()
@click.option("--as-of", type=Day(), help="Day on which ages are counted; the business day by default.")
@click.option(
    "--known-at",
    metavar="WHEN",
    help="A day, an instant, or @POSITION: what was recorded by then; everything by default.",
)
@click.option(
    "--scheme", default="d4416", show_default=True, help="d4416, oca, oca-statement, tryton, erpnext or agicap."
)
@click.option(
    "--by",
    type=click.Choice(("debtor", "invoice", "total")),
    default="debtor",
    show_default=True,
    help="One row for each.",
)
@common
@with_session
def ageing(session: Session, as_of: dt.date | None, known_at: str | None, scheme: str, by: str) -> None:
    """Print what is owed by days past due, on a day, as it was known on another. Columns always add up.

    Invoices in credit and money that belongs to no invoice have columns of their own, never netted silently.

    \b
    Example:
      relance ageing --as-of 2025-12-31 --known-at 2026-01-15
    """  # noqa: D301
    from adapters import reading  # noqa: PLC0415
    from projections.ageing import scheme as named  # noqa: PLC0415

    office = session.office
    position = reading.known_at(office, known_at)
    balance = reading.ageing(office, named(scheme), as_of or session.on, position, by=by)
    value = balance.value()
    rows: list[dict[str, Any]] = value["rows"]
    session.emit(
        value,
        lambda: show_balance(balance),
        rows=[*rows, {"key": "total", "name": "", **value["totals"]}] if by != "total" else rows,
    )


def show_balance(balance: Any, note: str = "") -> None:
    """Print an aged balance, with bars on a terminal."""
    from cli.output import console, table  # noqa: PLC0415
    from domain.errors import in_words  # noqa: PLC0415
    from domain.money import plain  # noqa: PLC0415

    out, tail = console(), f" ({note})" if note else ""
    out.print(
        f"Aged balance as of {in_words(balance.as_of)}, known at @{balance.position}, scheme {balance.scheme.name}, EUR{tail}"
    )
    columns = [
        ("key", "left"),
        ("name", "left"),
        *((name.replace("_", " "), "right") for name in balance.scheme.columns),
        ("total", "right"),
    ]

    def cells(row: Any) -> list[str]:
        return [plain(cents) if cents else "." for cents in row.cents] + [plain(row.total_cents)]

    rows = [[key, name[:34], *cells(row)] for key, name, row in balance.rows if key != "total"]
    table(columns, rows, footer=["total", "", *cells(balance.totals)])
    most = max((abs(cents) for cents in balance.totals.cents), default=0)
    if most:
        out.print()
        for name, cents in balance.totals.by_name().items():
            bar = "█" * round(40 * abs(cents) / most) if cents else ""
            out.print(f"{name.replace('_', ' '):>12}  {bar} {plain(cents)}")
