"""Days sales outstanding at a corner of the two times, and what it shares with other figures: what is owed, what was charged."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from adapters.bootstrap import Office
from domain.calendar import ONE_DAY
from domain.errors import Misuse, NotFound, in_words
from domain.money import plain, shared
from projections import dso as counting
from projections.ageing import open_parts
from projections.corner import Corner
from projections.dso import Method, Outstanding
from projections.ledger import CREDIT, UNALLOCATED
from projections.ratio import fixed

BEFORE_ALL = dt.date(1, 1, 1)


def filled(office: Office) -> None:
    """Bring the views up to the log.

    Raises:
        NotFound: the store holds no invoice and no money.
    """
    office.views.catch_up()
    if office.views.is_empty:
        raise NotFound("this store holds no invoice yet (relance issue, or relance import FILE)")


class Owing(NamedTuple):
    """An account that is not nil: what is owed on it by due day, what of that is disputed, what stands to its credit."""

    stream: str
    parts: list[tuple[int, int]]
    disputed_cents: int
    credit_cents: int
    unallocated_cents: int

    @property
    def open_cents(self) -> int:
        """What is owed."""
        return sum(cents for _, cents in self.parts)


def owing(office: Office, corner: Corner, creditor: str | None) -> Iterator[Owing]:
    """Every account not nil; a dispute counts up to what is still owed."""
    disputed = office.views.disputed(corner, creditor=creditor)
    for each in office.views.standing(corner, creditor=creditor):
        parts = open_parts(each.parts)
        owed = sum(cents for _, cents in parts)
        unallocated = sum(cents for due, cents in each.parts if due == UNALLOCATED)
        credit = sum(cents for _, cents in each.parts) - owed - unallocated
        yield Owing(each.stream, parts, min(disputed.get(each.stream, 0), owed), credit, unallocated)


class Price(NamedTuple):
    """What an account charged, below nil for credit notes: with VAT, without it, and with VAT what has none on record."""

    gross_cents: int = 0
    net_cents: int = 0
    unknown_cents: int = 0

    @property
    def is_known(self) -> bool:
        """Whether the price without VAT is on record, and makes sense."""
        sign = -1 if self.gross_cents < 0 else 1
        return not self.unknown_cents and 0 <= self.net_cents * sign <= self.gross_cents * sign != 0

    def net_of(self, cents: int) -> int:
        """The share of some cents that is without VAT, in the proportion of the price."""
        return shared(cents, [abs(self.net_cents), abs(self.gross_cents - self.net_cents)])[0]


def price(office: Office, corner: Corner, stream: str) -> Price:
    """What an account charged, as known at a plain corner: an invoice its price, a debtor's account the credit notes granted to it."""
    day, gross, net, unknown = corner.as_of.toordinal(), 0, 0, 0
    for position, move in office.views.movements_of(stream):
        charged = move.kind == "invoice" or move.due == CREDIT
        if charged and position <= corner.position and move.effective <= day:
            gross += move.cents
            net += move.net or 0
            unknown += move.cents if move.net is None else 0
    return Price(gross, net, unknown)


@dataclass(frozen=True, slots=True)
class Choices:
    """How the days are counted; each is printed with them."""

    method: Method = "simple"
    disputed: Literal["in", "out"] = "in"
    vat: Literal["in", "ex"] = "in"
    unapplied: Literal["net", "gross"] = "net"


@dataclass(slots=True)
class Receivables:
    """What is owed, and what may be taken off it. Without VAT, what has none on record stands apart, VAT included."""

    open_cents: int = 0
    disputed_cents: int = 0
    credits_cents: int = 0
    unallocated_cents: int = 0
    without_vat_cents: int = 0
    credits_without_vat_cents: int = 0

    def counted(self, choices: Choices) -> int:
        """What the days are counted of. Money that belongs to no invoice bears no VAT: without VAT it takes nothing off."""
        counted = self.open_cents
        if choices.disputed == "out":
            counted -= self.disputed_cents
        if choices.unapplied == "net":
            counted += self.credits_cents + (self.unallocated_cents if choices.vat == "in" else 0)
        return counted


@dataclass(frozen=True, slots=True)
class Dso:
    """Days sales outstanding with what they were computed from."""

    choices: Choices
    from_on: dt.date
    corner: Corner
    found: Outstanding
    receivables: Receivables
    sales_cents: int
    sales_without_vat_cents: int
    credit_notes_without_vat_cents: int
    remarks: list[str]

    def value(self) -> dict[str, Any]:
        """The shape that other programs read."""
        choices, owed = self.choices, self.receivables
        return {
            "days": fixed(self.found.days, 2), "method": choices.method, "from_on": self.from_on, "to_on": self.corner.as_of,
            "days_in_period": (self.corner.as_of - self.from_on).days + 1, "disputed": choices.disputed, "vat": choices.vat,
            "unapplied": choices.unapplied, "position": self.corner.position,
            "receivables_cents": owed.counted(choices), "sales_cents": self.sales_cents,
            "complete": not self.found.remaining_cents, "remaining_cents": self.found.remaining_cents,
            "open_cents": owed.open_cents, "disputed_cents": owed.disputed_cents, "credits_cents": owed.credits_cents,
            "unallocated_cents": owed.unallocated_cents, "receivables_without_vat_cents": owed.without_vat_cents,
            "credits_without_vat_cents": owed.credits_without_vat_cents, "sales_without_vat_cents": self.sales_without_vat_cents,
            "credit_notes_without_vat_cents": self.credit_notes_without_vat_cents,
            "months": [
                {"month": line.month.name, "from_on": line.month.from_on, "to_on": line.month.to_on,
                 "sales_cents": line.month.sales_cents, "taken_cents": line.cents, "days": fixed(line.days, 2)}
                for line in self.found.lines
            ],
            "remarks": self.remarks,
        }  # fmt: skip


def dso(office: Office, corner: Corner, from_on: dt.date, choices: Choices, *, creditor: str | None = None) -> Dso:
    """Days sales outstanding on the corner's day.

    Args:
        office: where.
        corner: its day is the day of the receivables, and the last of the period.
        from_on: the first day of the period; a count-back reaches no further.
        choices: how they are counted.
        creditor: the id of the only creditor counted; all by default.

    Raises:
        Misuse: the period is empty.
        NotFound: no sale in the period.
    """
    if from_on > corner.as_of:
        raise Misuse(f"--from {from_on} comes after --to {corner.as_of}: the period holds no day")
    filled(office)
    excluding = choices.vat == "ex"
    reach = BEFORE_ALL if choices.method == "countback" else from_on - ONE_DAY
    told = office.views.sales(corner, reach, creditor=creditor)
    sales = [(sale.day, sale.net_cents if excluding else sale.gross_cents) for sale in told]
    period = [sale for sale in sales if sale[0] >= from_on.toordinal()]
    left_out = [sale for sale in told if excluding and sale.day >= from_on.toordinal()]
    owed = _receivables(office, corner, creditor, excluding=excluding)
    counted, without_vat = owed.counted(choices), sum(sale.unknown_invoiced_cents for sale in left_out)
    credited = sum(sale.unknown_credited_cents for sale in left_out)
    if not any(cents for _, cents in period):
        raise NotFound(_no_sales(counted, from_on, corner.as_of, without_vat))
    sold = sum(cents for _, cents in period)
    if choices.method == "simple":
        found, remarks = counting.simple(counted, sold, from_on, corner.as_of), list[str]()
    else:
        months = counting.months_back(from_on, corner.as_of, sales)
        found = counting.countback(counted, months)
        oldest, what = dt.date.fromordinal(sales[0][0]), "sale with its VAT" if excluding else "sale"
        remarks = counting.remarks(found, from_on, corner.as_of, oldest, what)
    remarks += _said(owed, counted, without_vat, credited, choices)
    return Dso(choices, from_on, corner, found, owed, sold, without_vat, credited, remarks)


def _no_sales(owed_cents: int, from_on: dt.date, to_on: dt.date, without_vat_cents: int) -> str:
    """Why there are no days to give."""
    between = f"from {in_words(from_on)} to {in_words(to_on)}"
    if without_vat_cents:
        return f"no sale {between} has its VAT on record ({plain(without_vat_cents)} EUR have none): --vat in counts them, VAT included"
    return f"no sale is on record {between}, to count the days of {plain(owed_cents)} EUR with; an earlier --from reaches further"


def _receivables(office: Office, corner: Corner, creditor: str | None, *, excluding: bool) -> Receivables:
    total = Receivables()
    if not excluding:
        for each in owing(office, corner, creditor):
            total.open_cents += each.open_cents
            total.disputed_cents += each.disputed_cents
            total.credits_cents += each.credit_cents
            total.unallocated_cents += each.unallocated_cents
        return total
    for each in owing(office, corner, creditor):
        total.unallocated_cents += each.unallocated_cents
        charged = price(office, corner, each.stream)
        if charged.is_known:
            total.open_cents += charged.net_of(each.open_cents)
            total.disputed_cents += charged.net_of(each.disputed_cents)
            total.credits_cents += charged.net_of(each.credit_cents)
        else:
            total.without_vat_cents += each.open_cents
            total.credits_without_vat_cents += each.credit_cents
    return total


def _said(
    owed: Receivables, counted_cents: int, without_vat_cents: int, credited_cents: int, choices: Choices
) -> list[str]:
    """What a reader is told of the choices, where they bear on the figure."""
    said = []
    if counted_cents <= 0:
        said.append(f"The receivables counted come to {plain(counted_cents)} EUR.")
    if owed.disputed_cents and choices.disputed == "out":
        said.append(
            f"Disputed, left out of the receivables: {plain(owed.disputed_cents)} EUR (the disputed part alone; sales keep it)."
        )
    if choices.vat == "ex":
        said += [
            f"VAT is not on record for {plain(cents)} EUR of {what}, VAT included: left out."
            for cents, what in (
                (owed.without_vat_cents, "receivables"), (without_vat_cents, "sales"),
                (credited_cents, "credit notes of the period, which lessen no sale"),
                (owed.credits_without_vat_cents if choices.unapplied == "net" else 0, "credits"),
                (owed.unallocated_cents if choices.unapplied == "net" else 0, "money that belongs to no invoice"),
            )
            if cents
        ]  # fmt: skip
    return said
