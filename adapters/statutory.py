"""The statutory table of late customer invoices, from the views: what is owed at a year's closing, and the year's sales."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from adapters.bootstrap import Office
from adapters.figures import BEFORE_ALL, Owing, Price, filled, owing, price
from domain.calendar import ONE_DAY, add_months, end_of_month
from domain.errors import Misuse, NotFound, in_words
from projections.corner import Corner
from projections.d4416 import COLUMNS, REFERENCE, TERMS, Column, Table, percent_of, without_vat
from projections.ratio import fixed

MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Statutory:
    """The table of a year, with what its percentages rest on."""

    creditor: tuple[str, str]
    from_on: dt.date
    corner: Corner
    excluding_vat: bool
    table: Table
    sales_cents: int
    sales_without_vat_cents: int
    credit_notes_without_vat_cents: int
    credits_cents: int
    unallocated_cents: int

    def percent(self, cents: int) -> str | None:
        """A share of the year's sales, two decimals."""
        share = percent_of(cents, self.sales_cents)
        return None if share is None else fixed(share, 2)

    def value(self) -> dict[str, Any]:
        """The shape that other programs read."""
        table = self.table
        return {
            "creditor": self.creditor[0], "from_on": self.from_on, "to_on": self.corner.as_of, "position": self.corner.position,
            "vat": "ex" if self.excluding_vat else "in", "reference": REFERENCE, "terms": TERMS, "sales_cents": self.sales_cents,
            "sales_without_vat_cents": self.sales_without_vat_cents,
            "credit_notes_without_vat_cents": self.credit_notes_without_vat_cents, "columns": list(COLUMNS),
            "late": self._part(table.late), "excluded": self._part(table.excluded),
            "undated_invoices": table.undated.invoices, "undated_cents": table.undated.cents,
            "without_vat_invoices": table.without_vat.invoices, "without_vat_cents": table.without_vat.cents,
            "credits_cents": self.credits_cents, "unallocated_cents": self.unallocated_cents,
        }  # fmt: skip

    def _part(self, columns: dict[str, Column]) -> dict[str, dict[str, Any]]:
        return {
            "invoices": {name: each.invoices for name, each in columns.items()},
            "amount_cents": {name: each.cents for name, each in columns.items()},
            "invoiced_cents": {name: each.invoiced_cents for name, each in columns.items()},
            "sales_percent": {name: self.percent(each.cents) for name, each in columns.items()},
        }

    def rows(self) -> list[dict[str, Any]]:
        """One row for each column of the table."""
        return [
            {
                "column": name, "invoices": late.invoices, "amount_cents": late.cents, "invoiced_cents": late.invoiced_cents,
                "sales_percent": self.percent(late.cents), "excluded_invoices": out.invoices,
                "excluded_amount_cents": out.cents, "excluded_invoiced_cents": out.invoiced_cents,
            }
            for (name, late), out in zip(self.table.late.items(), self.table.excluded.values(), strict=True)
        ]  # fmt: skip


def year_ending(on: dt.date) -> dt.date:
    """The first day of a year of twelve months that closes on a day."""
    before = add_months(on, -MONTHS_OF_A_YEAR)
    return (end_of_month(before) if on == end_of_month(on) else before) + ONE_DAY


def last_closing(on: dt.date) -> dt.date:
    """The last 31 December by a day."""
    return dt.date(on.year if (on.month, on.day) == (12, 31) else on.year - 1, 12, 31)


def d4416(office: Office, corner: Corner, from_on: dt.date, creditor: str, *, excluding_vat: bool) -> Statutory:
    """The statutory table of a creditor at the corner's day, the closing of the year.

    Raises:
        Misuse: the year is empty.
        NotFound: the creditor has issued nothing by then.
    """
    if from_on > corner.as_of:
        raise Misuse(f"--from {from_on} comes after --to {corner.as_of}: the year holds no day")
    views, day = office.views, corner.as_of.toordinal()
    filled(office)
    table, credits, unallocated, fallen = Table(day), 0, 0, False
    for each in owing(office, corner, creditor):
        credits += each.credit_cents
        unallocated += each.unallocated_cents
        if any(due <= day for due, _ in each.parts):
            _place(table, each, price(office, corner, each.stream), excluding_vat=excluding_vat)
            fallen = True
    sales = views.sales(corner, from_on - ONE_DAY, creditor=creditor)
    if not (fallen or sales or views.sales(corner, BEFORE_ALL, creditor=creditor)):
        raise NotFound(
            f"{office.registry.card(creditor)[0]} issued no invoice by {in_words(corner.as_of)} that is on record"
        )
    sold = sum(sale.net_cents if excluding_vat else sale.gross_cents for sale in sales)
    invoiced = sum(sale.unknown_invoiced_cents for sale in sales) if excluding_vat else 0
    credited = sum(sale.unknown_credited_cents for sale in sales) if excluding_vat else 0
    card = office.registry.card(creditor)
    return Statutory(card, from_on, corner, excluding_vat, table, sold, invoiced, credited, credits, unallocated)


def _place(table: Table, each: Owing, charged: Price, *, excluding_vat: bool) -> None:
    """Put an invoice in the table."""
    if not excluding_vat:
        table.add(each.parts, each.disputed_cents, charged.gross_cents)
    elif charged.is_known:
        parts, disputed = without_vat(each.parts, each.disputed_cents, charged.net_cents, charged.gross_cents)
        table.add(parts, disputed, charged.net_cents)
    else:
        table.leave_out(each.parts, charged.gross_cents)
