"""`receipts`: what was received after a closing date."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from cli.session import Day, Session, common, with_session

if TYPE_CHECKING:
    from adapters.receipts import Subsequent

#: Days of receipt that a cell of the table shows.
DAYS = 3


@click.command()
@click.option("--closing", type=Day(), required=True, help="The closing date: invoices open at the end of it.")
@click.option("--until", type=Day(), help="Last day of receipt; the business day by default.")
@click.option("--known-at", metavar="WHEN", help="A day, an instant, or @POSITION: what was recorded by then.")
@click.option("--creditor", metavar="REF", help="One creditor; all of them by default.")
@common
@with_session
def receipts(
    session: Session, closing: dt.date, until: dt.date | None, known_at: str | None, creditor: str | None
) -> int:
    """List what was received after a closing date on each invoice that was open at it, when, and what is still open.

    Received: payments less those that came back. Credit notes and write-offs have columns of their own, and each line adds up: open
    at the closing - received - credited - written off = still open; the exit code is 1 where one does not. Money on the account of
    a debtor that belongs to no invoice is said apart.

    \b
    Example:
      relance receipts --closing 2025-12-31 --until 2026-02-28
    """  # noqa: D301
    from adapters import reading  # noqa: PLC0415
    from adapters.receipts import subsequent  # noqa: PLC0415

    office, last = session.office, until or session.on
    only = office.registry.creditor(creditor) if creditor else None
    reading.corner(office, closing, known_at)
    position = reading.corner(office, last, known_at).position
    found = subsequent(office, closing, last, position, creditor=only)
    value = found.value()
    session.emit(value, lambda: _show(found), rows=[_flat(row) for row in value["rows"]])
    return 1 if any(line.receipts.difference_cents for line in found.lines) else 0


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "receipts": " ".join(f"{each['on']}:{each['cents']}" for each in row["receipts"])}


def _show(found: "Subsequent") -> None:
    from cli.output import console, table  # noqa: PLC0415
    from domain.errors import in_words  # noqa: PLC0415
    from domain.money import plain  # noqa: PLC0415

    out = console()
    out.print(
        f"Receipts after {in_words(found.closing_on)} up to {in_words(found.until_on)}, known at @{found.position}, EUR"
    )
    heads = ("open", "received", "credited", "written off", "still open")
    columns = [("number", "left"), ("debtor", "left"), ("name", "left"), *((head, "right") for head in heads), ("%", "right"), ("received on", "left")]  # fmt: skip

    def figures(of: Any) -> list[str]:
        cents = (of.open_cents, of.received_cents, of.credited_cents, of.written_off_cents, of.left_cents)
        return [*(plain(each) if each else "." for each in cents), of.collected_percent]

    rows = []
    for line in found.lines:
        days = [f"{on} {plain(cents)}" if len(line.came) > 1 else str(on) for on, cents in line.came[:DAYS]]
        more = [f"and {len(line.came) - DAYS} more"] if len(line.came) > DAYS else []
        wrong = [f"does not add up: {plain(line.receipts.difference_cents)}"] if line.receipts.difference_cents else []
        cells = figures(line.receipts)
        rows.append([line.number, line.debtor, line.name[:30], *cells, "; ".join([*days, *more, *wrong])])
    table(columns, rows, footer=["total", "", f"{len(rows)} invoices", *figures(found.totals), ""])
    if found.on_account_cents:
        out.print(
            f"Besides, {plain(found.on_account_cents)} EUR on the accounts of these debtors that belong to no invoice yet."
        )
