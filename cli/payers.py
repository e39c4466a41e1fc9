"""`payers`: how debtors pay."""

import datetime as dt
from typing import Any

import click

from cli.session import Day, Session, common, with_session

DEFINITIONS = (
    "Mean delay: days from due day to the day the funds were available, weighted by amount, early payments below nil.",
    "A payment that names no due day extinguishes the oldest first. Late: the share, by amount, after its due day.",
    "Received: payments of invoices, set-off and third parties included, and money on account; payments that came back do not count.",
    "Money on account, above the price, or of an unknown due day bears no delay. Credit notes are no payment: they lessen what is owed.",
    "Overdue: due day past, disputed or not. Promises kept and broken are counted since the first on record.",
    "Worst first: the mean delay with what is overdue counted at its age (so far), then the most overdue.",
)


@click.command()
@click.option("--as-of", type=Day(), help="Last day of the window; the business day by default.")
@click.option(
    "--known-at",
    metavar="WHEN",
    help="A day, an instant, or @POSITION: what was recorded by then; everything by default.",
)
@click.option(
    "--over", "months", type=click.IntRange(1, 600), default=12, show_default=True, help="Months of the window."
)
@click.option("--creditor", metavar="REF", help="One creditor; all of them by default.")
@common
@with_session
def payers(session: Session, as_of: dt.date | None, known_at: str | None, months: int, creditor: str | None) -> None:
    """Print how each debtor pays, the worst first: what came in, how late, what is overdue, promises kept and broken.

    Delays are weighted by amount, over the months up to a day, by what was known on another. Each definition is printed
    under the table.

    \b
    Example:
      relance payers --as-of 2025-12-31 --over 6
    """  # noqa: D301
    from adapters import reading  # noqa: PLC0415
    from adapters.payers import payers as listed  # noqa: PLC0415

    office = session.office
    only = office.registry.creditor(creditor) if creditor else None
    found = listed(office, reading.corner(office, as_of or session.on, known_at), months, creditor=only)
    value = found.value()
    session.emit(value, lambda: _show(value), rows=value["rows"])


def _show(value: dict[str, Any]) -> None:
    from cli.output import console, table  # noqa: PLC0415
    from domain.errors import in_words  # noqa: PLC0415
    from domain.money import plain  # noqa: PLC0415

    out, rows = console(), value["rows"]
    out.print(
        f"Payers from {in_words(value['from_on'])} to {in_words(value['to_on'])}, known at @{value['position']}, EUR, the worst first"
    )
    several = any(row["creditor"] for row in rows)
    columns = [
        *([("creditor", "left")] if several else []), ("debtor", "left"), ("name", "left"), ("so far d", "right"), ("received", "right"),
        ("mean delay d", "right"), ("late %", "right"), ("overdue", "right"), ("oldest d", "right"), ("kept", "right"), ("broken", "right"),
    ]  # fmt: skip

    def cells(row: dict[str, Any]) -> list[str]:
        oldest = row["oldest_overdue_days"]
        return [
            *([row["creditor"]] if several else []), row["debtor"], row["name"][:34], row["delay_so_far_days"] or ".",
            plain(row["received_cents"]), row["mean_delay_days"] or ".", row["late_percent"] or ".",
            plain(row["overdue_cents"]) if row["overdue_cents"] else ".", "." if oldest is None else str(oldest),
            str(row["promises_kept"]), str(row["promises_broken"]),
        ]  # fmt: skip

    table(columns, [cells(row) for row in rows])
    out.print()
    for sentence in DEFINITIONS:
        out.print(sentence, soft_wrap=True)
