"""The pieces of a claim statement: parts and heads of a debt, what moved it, the periods that bore interest, what is left."""

import calendar
import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from domain.calendar import ONE_DAY

YEAR: Final = 365


class Period(NamedTuple):
    """Days that bear one rate, in percent a year, both ends counted."""

    from_on: dt.date
    to_on: dt.date
    percent: Decimal
    reference: str


class Part(NamedTuple):
    """A part of the price with its due day; no `bears_from`: it bears no interest.

    `rates` gives the periods of a span; `capitalised_on` the days on which a full year's interest begins to bear interest.
    """

    n: int
    cents: int
    due_on: dt.date
    bears_from: dt.date | None
    rates: Callable[[dt.date, dt.date], Iterable[Period]]
    capitalised_on: tuple[dt.date, ...] = ()


class Head(NamedTuple):
    """A fixed sum that bears no interest; `late` ones are owed once a part is late, the others from the start.

    `before_principal`: a payment goes to it before the principal.
    """

    name: str
    cents: int
    reference: str
    late: bool = False
    before_principal: bool = False


class Movement(NamedTuple):
    """Money or a price change: a payment is imputed, a reduction lowers the principal, a refund raises it again."""

    on: dt.date
    cents: int
    kind: Literal["payment", "reduction", "refund"] = "payment"
    part: int | None = None

    def of_the_whole(self) -> "Movement":
        """The same, naming no part."""
        return self._replace(part=None)


class Segment(NamedTuple):
    """Interest of some days on one principal at one rate: principal x percent x days / basis."""

    part: int
    from_on: dt.date
    to_on: dt.date
    days: int
    principal_cents: int
    percent: Decimal
    cents: int
    reference: str


class Imputed(NamedTuple):
    """Where a movement went, in cents; `heads` by name. A refund takes back: its figures are nil or below."""

    movement: Movement
    interest: int = 0
    principal: int = 0
    heads: tuple[tuple[str, int], ...] = ()
    unallocated: int = 0


class Statement(NamedTuple):
    """What is owed at the end of a day, and how it came to that.

    `incurred`: each head that came to be owed, its cents, and the day it did where a day made it so.
    """

    until: dt.date
    principal_before_cents: int
    segments: tuple[Segment, ...]
    imputed: tuple[Imputed, ...]
    principal_cents: int
    interest_cents: int
    capitalised_cents: int
    heads: tuple[tuple[str, int], ...]
    unallocated_cents: int
    incurred: tuple[tuple[str, int, dt.date | None], ...]
    left: tuple[tuple[Part, int, int], ...]
    runs: bool
    day_basis: str

    @property
    def bearing(self) -> tuple[tuple[Part, int], ...]:
        """What bears interest on the next day, by part; nothing once a judgment stopped it."""
        return tuple((part, cents + capital) for part, cents, capital in self.left) if self.runs else ()

    @property
    def due_cents(self) -> int:
        """What has fallen due and is owed: the principal of the parts past due, interest, heads."""
        late = sum(cents for part, cents, _ in self.left if part.due_on < self.until)
        return late + self.interest_cents + sum(cents for _, cents in self.heads)

    def due_principal_cents(self, on: dt.date) -> int:
        """The principal of the parts whose due day is past on a day."""
        return sum(cents for part, cents, _ in self.left if part.due_on < on)

    def other_heads_cents(self, *names: str) -> int:
        """What is still owed of the fixed heads but some."""
        return sum(cents for head, cents in self.heads if head not in names)

    @property
    def accrued_cents(self) -> int:
        """All interest that ran, paid or not."""
        return sum(segment.cents for segment in self.segments)

    def head_cents(self, name: str) -> int:
        """What is still owed of a head."""
        return sum(cents for head, cents in self.heads if head == name)

    @property
    def total_cents(self) -> int:
        """Principal, interest and heads still owed."""
        return self.principal_cents + self.interest_cents + sum(cents for _, cents in self.heads)

    def per_day(self) -> Decimal:
        """Interest of one more day, in euro to four decimals.

        Raises:
            LawMissing: the rate of that day is not known.
        """
        day, yearly_cents = self.until + ONE_DAY, Fraction(0)
        for part, cents in self.bearing:
            if part.bears_from is not None and part.bears_from <= day:
                yearly_cents += sum(cents * Fraction(period.percent) / 100 for period in part.rates(day, day))
        days = YEAR if self.day_basis == "365" else days_of_year(day.year)
        return Decimal(half_up(yearly_cents / days * 100)) / Decimal(10_000)


def days_of_year(year: int) -> int:
    """365 or 366."""
    return YEAR + calendar.isleap(year)


def half_up(value: Fraction) -> int:
    """To the nearest whole, halves up."""
    return divided(value.numerator, value.denominator)


def divided(numerator: int, denominator: int) -> int:
    """A division of whole numbers from nil up, halves up."""
    return (2 * numerator + denominator) // (2 * denominator)
