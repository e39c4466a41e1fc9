"""Days sales outstanding, by a named method. Nothing is extrapolated: what the sales counted do not reach is said.

Simple: receivables / sales of the period x days of the period. Count-back: the sales of each month are taken off the
receivables, newest month first; a month taken whole adds its days, the last one adds remainder / sales x its days.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from domain.calendar import ONE_DAY, end_of_month
from domain.errors import NotFound, in_words
from domain.money import plain

Method = Literal["simple", "countback"]
METHODS: Final = ("simple", "countback")


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, or the days of it that lie in the period, and its sales."""

    from_on: dt.date
    to_on: dt.date
    sales_cents: int

    @property
    def days(self) -> int:
        """Days, first and last included."""
        return (self.to_on - self.from_on).days + 1

    @property
    def name(self) -> str:
        """`2025-11`."""
        return f"{self.from_on:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a month took off the receivables, and the days that it adds."""

    month: Month
    cents: int
    days: Fraction


@dataclass(frozen=True, slots=True)
class Outstanding:
    """The days found; what the months counted left of the receivables, above nil where they ran out."""

    days: Fraction
    lines: tuple[Taken, ...] = ()
    remaining_cents: int = 0


def simple(receivables_cents: int, sales_cents: int, from_on: dt.date, to_on: dt.date) -> Outstanding:
    """Receivables over the sales of a period, in days of that period, first and last day included.

    Raises:
        NotFound: no sales to divide by.
    """
    if sales_cents <= 0:
        raise NotFound(
            f"sales from {in_words(from_on)} to {in_words(to_on)} come to {plain(sales_cents)} EUR: the simple method divides by them; "
            f"an earlier --from reaches further"
        )
    return Outstanding(Fraction(receivables_cents * ((to_on - from_on).days + 1), sales_cents))


def countback(receivables_cents: int, months: Iterable[Month]) -> Outstanding:
    """Days counted back over months, newest first, until the receivables are used up.

    A month without sales takes nothing and adds its days; one whose credit notes exceed its invoices gives back what they
    exceed them by, for older months to take. Receivables of nil or below are nil days.
    """
    remaining, days = receivables_cents, Fraction(0)
    lines: list[Taken] = []
    for month in months:
        if remaining <= 0:
            break
        if month.sales_cents > remaining:
            lines.append(Taken(month, remaining, Fraction(remaining * month.days, month.sales_cents)))
        else:
            lines.append(Taken(month, month.sales_cents, Fraction(month.days)))
        remaining -= lines[-1].cents
        days += lines[-1].days
    return Outstanding(days, tuple(lines), max(remaining, 0))


def months_back(from_on: dt.date, to_on: dt.date, sales: Iterable[tuple[int, int]]) -> Iterator[Month]:
    """The months of a period, newest first, each with its sales: the last day's month to date comes first.

    They stop at the month of the oldest sale: before it nothing is on record, which is not the same as nothing sold.

    Args:
        from_on: how far back the count may reach, that day included; its month counts from that day only.
        to_on: the day of the receivables.
        sales: (day ordinal, cents) of every day on record, credit notes below nil; only those of the period are counted.
    """
    by_month: dict[tuple[int, int], int] = {}
    first, last, oldest = from_on.toordinal(), to_on.toordinal(), to_on.toordinal() + 1
    for ordinal, cents in sales:
        if ordinal <= last:
            oldest = min(oldest, ordinal)
            if ordinal >= first:
                day = dt.date.fromordinal(ordinal)
                by_month[day.year, day.month] = by_month.get((day.year, day.month), 0) + cents
    end = to_on
    while end.toordinal() >= max(first, oldest):
        start = max(end.replace(day=1), from_on)
        yield Month(start, end, by_month.get((end.year, end.month), 0))
        end = end.replace(day=1) - ONE_DAY


def remarks(
    found: Outstanding, from_on: dt.date, to_on: dt.date, oldest_sale: dt.date, what: str = "sale"
) -> list[str]:
    """What a reader of a count-back is told beside the figure.

    Args:
        found: the count.
        from_on: how far back it might reach.
        to_on: the day of the receivables.
        oldest_sale: the day of the oldest sale on record, in the period or before it.
        what: how a sale that is counted is called.
    """
    said = []
    if found.lines and to_on != end_of_month(to_on):
        said.append(f"{in_words(to_on)} is within a month: the month to date is taken first, with {to_on.day} days.")
    for line in found.lines:
        if line.month.sales_cents == 0:
            said.append(f"No {what} is on record in {line.month.name}: nothing is taken, its days count.")
        elif line.month.sales_cents < 0:
            said.append(
                f"Credit notes of {line.month.name} exceed its invoices by {plain(-line.month.sales_cents)} EUR: older months take that too."
            )
    if found.remaining_cents:
        left = f"{plain(found.remaining_cents)} EUR are left after the oldest month counted: at least this many days."
        if oldest_sale < from_on:
            said.append(
                f"The count stopped at {in_words(from_on)}, though older sales are on record (an earlier --from reaches them): {left}"
            )
        else:
            said.append(f"The count ran out of recorded sales; nothing is extrapolated: {left}")
    return said
