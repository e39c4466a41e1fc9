"""The statutory table of late customer invoices at a year's closing: number, amount, share of sales, by days of lateness.

The amount of an invoice is what is left to pay of it at the closing, so the table ties to the aged balance of scheme
`d4416`; the whole amount of the same invoices stands beside it, since the text says "montant total des factures" of
invoices not paid. What is disputed is left out and disclosed: of a dispute over a part, that part alone, and no more than
what is left to pay (money goes to what is not disputed first). Within an invoice it takes the oldest due day first, as
every reduction does that names none. An invoice counts once in each column where it has cents, and once in the total.

The article was read in stored copies of Légifrance and doctrine.fr (version of 27 February 2021, décret n° 2021-211; the same
text stood at D441-4 before). Its II, invoices late at any time of the year, is another table, not made here.

Law: C. com., art. L441-14, D441-6, I, 2°, III, IV.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from domain.money import shared
from projections.ageing import SCHEMES
from projections.ledger import UNKNOWN_DAY

REFERENCE: Final = "C. com., art. D441-6, I, 2°"
#: What is said under (C) of the model, for programs.
TERMS: Final = "due day on record of each invoice: agreed, else legal (C. com., art. L441-10)"
TOTAL: Final = "1+"
_SCHEME: Final = SCHEMES["d4416"]
#: `0` (for information: the day itself is not late), `1-30`, `31-60`, `61-90`, `91+`, then all that is late.
COLUMNS: Final = (*_SCHEME.buckets[1:], TOTAL)
_TODAY: Final = COLUMNS.index("0")


@dataclass(slots=True)
class Column:
    """Invoices of a column: how many, what is left to pay of them in it, and their whole amount."""

    invoices: int = 0
    cents: int = 0
    invoiced_cents: int = 0

    def add(self, cents: int, invoiced_cents: int) -> None:
        """Count an invoice."""
        self.invoices += 1
        self.cents += cents
        self.invoiced_cents += invoiced_cents


def _columns() -> dict[str, Column]:
    return {name: Column() for name in COLUMNS}


@dataclass(slots=True)
class Table:
    """The table of a closing day (ordinal): (A) late, (B) left out of it; then what no column can hold."""

    as_of: int
    late: dict[str, Column] = field(default_factory=_columns)
    excluded: dict[str, Column] = field(default_factory=_columns)
    undated: Column = field(default_factory=Column)
    without_vat: Column = field(default_factory=Column)

    def add(self, parts: Sequence[tuple[int, int]], disputed_cents: int, invoiced_cents: int) -> None:
        """Count an invoice by what is left to pay of it: (due day, cents above nil)."""
        late: dict[str, int] = {}
        excluded: dict[str, int] = {}
        left, unknown = disputed_cents, 0
        for due, cents in sorted(parts, key=lambda part: part[0] or 10**9):
            out = min(left, cents)
            left -= out
            if due == UNKNOWN_DAY:
                unknown += cents
            elif due <= self.as_of:
                column = COLUMNS[_SCHEME.bucket(self.as_of - due) - 1]
                for where, some in ((late, cents - out), (excluded, out)):
                    if some:
                        where[column] = where.get(column, 0) + some
        if unknown:
            self.undated.add(unknown, invoiced_cents)
        for where, found in ((late, self.late), (excluded, self.excluded)):
            for column, cents in where.items():
                found[column].add(cents, invoiced_cents)
            past = [cents for column, cents in where.items() if column != COLUMNS[_TODAY]]
            if past:
                found[TOTAL].add(sum(past), invoiced_cents)

    def leave_out(self, parts: Sequence[tuple[int, int]], invoiced_cents: int) -> None:
        """Disclose an invoice that a table without VAT cannot hold, if it is late: its VAT is not on record."""
        past = sum(cents for due, cents in parts if UNKNOWN_DAY < due < self.as_of)
        if past:
            self.without_vat.add(past, invoiced_cents)


def without_vat(
    parts: Sequence[tuple[int, int]], disputed_cents: int, net_cents: int, gross_cents: int
) -> tuple[list[tuple[int, int]], int]:
    """What is left to pay, and what is disputed of it, in the share that the price without VAT has of the invoice."""
    open_cents = sum(cents for _, cents in parts)
    if open_cents <= 0:
        return [], 0
    weights = [net_cents, gross_cents - net_cents]
    nets = shared(shared(open_cents, weights)[0], [cents for _, cents in parts])
    disputed = shared(min(disputed_cents, open_cents), weights)[0]
    return [(due, net) for (due, _), net in zip(parts, nets, strict=True)], disputed


def percent_of(cents: int, sales_cents: int) -> Fraction | None:
    """The share of the year's sales; nothing where there are none to divide by."""
    return Fraction(100 * cents, sales_cents) if sales_cents > 0 else None
