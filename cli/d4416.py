"""`d4416`: the statutory table of late customer invoices."""

import datetime as dt
from typing import Any

import click

from cli.session import Day, Session, common, with_session

#: Columns of a terminal that the label of a row takes.
LABEL = 22


@click.command()
@click.option("--year-end", type=Day(), help="Closing day of a year of twelve months; the last 31 December by default.")
@click.option("--from", "from_on", type=Day(), help="First day of a year of another length; wants --to.")
@click.option("--to", "to_on", type=Day(), help="Its closing day.")
@click.option(
    "--known-at",
    metavar="WHEN",
    help="A day, an instant, or @POSITION: what was recorded by then; everything by default.",
)
@click.option("--creditor", metavar="REF", help="Whose table, when several creditors are registered.")
@click.option(
    "--excluding-vat", is_flag=True, help="Amounts and sales without VAT (HT); VAT included (TTC) by default."
)
@common
@with_session
def d4416(
    session: Session, year_end: dt.date | None, from_on: dt.date | None, to_on: dt.date | None, known_at: str | None,
    creditor: str | None, excluding_vat: bool,
) -> None:  # fmt: skip
    """Print the statutory table of customer invoices late at a year's closing (C. com., art. D441-6), in French.

    Number, amount and share of the year's sales by days of lateness; what is disputed is left out and disclosed. Amounts are
    what is left to pay, as in `ageing --scheme d4416` on the same day; the whole amount of the same invoices stands beside.

    \b
    Example:
      relance d4416 --year-end 2025-12-31 --known-at 2026-01-15
    """  # noqa: D301
    from adapters import reading, statutory  # noqa: PLC0415
    from domain.errors import Misuse  # noqa: PLC0415

    if (from_on is None) != (to_on is None) or (year_end and to_on):
        raise Misuse("a year is --year-end DAY, or --from DAY --to DAY")
    office = session.office
    closing = to_on or year_end or statutory.last_closing(session.on)
    only = office.registry.creditor(creditor)
    corner = reading.corner(office, closing, known_at)
    found = statutory.d4416(
        office, corner, from_on or statutory.year_ending(closing), only, excluding_vat=excluding_vat
    )
    session.emit(found.value(), lambda: _show(found), rows=found.rows())


def _show(found: Any) -> None:
    from cli.output import console  # noqa: PLC0415
    from projections.wording import d4416 as words  # noqa: PLC0415

    out, held, without = console(), found.table, found.excluding_vat
    out.print(f"{found.creditor[1]} — {words.year(found.from_on, found.corner.as_of)}")
    out.print(f"{words.TITLE}\n{words.ARTICLE}", soft_wrap=True)
    out.print()
    late, excluded = _late(found), _excluded(found)
    figures = [cell for row in (*late, *excluded) for cell in row[1:]]
    width = max(len(word) for head in (*words.HEADS.values(), *figures) for word in head.split(" "))
    out.print(words.LATE)
    out.print(_drawn(late, width))
    out.print()
    out.print(words.EXCLUDED)
    out.print(_drawn(excluded, width, heads=False))
    out.print()
    out.print(f"{words.TERMS}\n{words.TERMS_USED}", soft_wrap=True)
    out.print()
    notes = words.notes(
        excluding_vat=without, sales_cents=found.sales_cents, sales_without_vat_cents=found.sales_without_vat_cents,
        credit_notes_without_vat_cents=found.credit_notes_without_vat_cents,
        undated=held.undated, without_vat=held.without_vat, apart_cents=-found.credits_cents - found.unallocated_cents,
        columns=list(held.late.values()),
    )  # fmt: skip
    for note in (*notes, words.known(found.corner.position)):
        out.print(note, soft_wrap=True)


def _late(found: Any) -> list[list[str]]:
    """The rows of (A), each a head, then a cell for each column."""
    from projections.wording import d4416 as words  # noqa: PLC0415
    from projections.wording.terms import amount  # noqa: PLC0415

    without, late = found.excluding_vat, list(found.table.late.values())
    rows = [
        [words.NUMBER, *(str(each.invoices) for each in late)],
        [words.amount_late(excluding_vat=without), *(amount(each.cents) for each in late)],
        [words.share_of_sales(excluding_vat=without), *(words.percent(found.percent(each.cents)) for each in late)],
    ]
    if any(each.cents != each.invoiced_cents for each in late):
        rows.append([words.amount_invoiced(excluding_vat=without), *(amount(each.invoiced_cents) for each in late)])
    return rows


def _excluded(found: Any) -> list[list[str]]:
    """The rows of (B)."""
    from projections.wording import d4416 as words  # noqa: PLC0415
    from projections.wording.terms import amount  # noqa: PLC0415

    excluded = list(found.table.excluded.values())
    return [
        [words.NUMBER_EXCLUDED, *(str(each.invoices) for each in excluded)],
        [words.amount_excluded(excluding_vat=found.excluding_vat), *(amount(each.cents) for each in excluded)],
    ]


def _drawn(rows: list[list[str]], width: int, *, heads: bool = True) -> Any:
    """A part of the table: heads and labels may take several lines, figures never."""
    from rich.table import Table  # noqa: PLC0415

    from projections.wording.d4416 import HEADS  # noqa: PLC0415

    drawn = Table(box=None, pad_edge=False, header_style="bold", show_header=heads)
    drawn.add_column("", width=LABEL)
    for head in HEADS.values():
        drawn.add_column(head, justify="right", width=width)
    for row in rows:
        drawn.add_row(*row)
    return drawn
