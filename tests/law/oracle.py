"""A naive clerk who redoes a statement with a pencil, day after day: written from LAW 2 and 3 and DESIGN 12, never from the code.

Each day the sum that is late bears a day of interest, an exact fraction. A segment is the run of days between two changes of
rate or of principal; it is rounded when it ends. Money of a day is taken at its end.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tests.law.test_rates import ROWS

DAY = dt.timedelta(days=1)
B2B, PUBLIC, LEGAL_PRO, FLOOR, LEGAL_INDIVIDUAL = 2, 3, 4, 5, 6
RATES = {(int(row[0][:4]), int(row[0][5:])): [Fraction(cell) for cell in row[1:]] for row in ROWS}


def half(on: dt.date) -> tuple[int, int]:
    """The half-year of a day: 30 June is of the first, 1 July of the second."""
    return on.year, 1 if (on.month, on.day) <= (6, 30) else 2


def published(column: int) -> Callable[[dt.date], Fraction]:
    """The rate of a column of LAW 2.3 on a day, in percent."""
    return lambda on: RATES[half(on)][column - 1]


@dataclass
class Clerk:
    """One debt with one due day."""

    principal: int
    due: dt.date
    until: dt.date
    percent: Callable[[dt.date], Fraction]
    payments: Sequence[tuple[dt.date, int]] = ()
    first: dt.date | None = None
    last: dt.date | None = None
    indemnity: int = 4000
    principal_first: bool = False
    indemnity_before: bool = False
    actual: bool = False
    once: bool = False
    count: str = "exclude-include"
    by_half_year: bool = True
    cut_after: Sequence[dt.date] = ()

    interest: int = 0
    accrued: int = 0
    owed_indemnity: int = 0
    credit: int = 0
    segments: int = 0
    imputed: int = 0
    _open: Fraction = Fraction(0)
    _all: Fraction = Fraction(0)
    _is_late: bool = False
    _days: list[dt.date] = field(default_factory=list)

    def work(self) -> "Clerk":
        """Go from day to day."""
        first = self.first or self.due + DAY
        if self.count == "include-include":
            first -= DAY
        day = min([self.due, first, self.until, *(on for on, _ in self.payments)])
        while day <= self.until:
            if day > self.due and self.principal > 0 and not (self.last and self.due > self.last):
                self._fall_late()
            came = [cents for on, cents in self.payments if on == day]
            counts = first <= day <= (self.last or self.until)
            money_first = self.count == "exclude-exclude" or (self.count == "include-include" and day == first)
            if self.count == "exclude-exclude" and day == self.until:
                counts = False
            if self.count == "include-include" and day == first == self.until:
                counts = False
            if came and money_first:
                self._take(came)
            if counts and self.principal > 0:
                self._open += Fraction(self.principal) * self.percent(day) / 100 / self._year(day)
                self._days.append(day)
            if came and not money_first:
                self._take(came)
            if self._days and (day in self.cut_after or (self.by_half_year and half(day) != half(day + DAY))):
                self._close()
            day += DAY
        self._close()
        return self

    def _year(self, day: dt.date) -> int:
        leap = day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
        return 366 if self.actual and leap else 365

    def _fall_late(self) -> None:
        if not self._is_late:
            self._is_late, self.owed_indemnity = True, self.indemnity

    def _close(self) -> None:
        before, self._all = self._all, self._all + self._open
        cents = rounded(self._all) - rounded(before) if self.once else rounded(self._open)
        self.interest += cents
        self.accrued += cents
        self.segments += bool(self._days)
        self._open, self._days = Fraction(0), []

    def _take(self, came: Sequence[int]) -> None:
        self._close()
        for cents in came:
            left = cents
            order = (
                ["interest", "indemnity", "principal"]
                if self.indemnity_before
                else ["interest", "principal", "indemnity"]
            )
            if self.principal_first:
                order = ["principal", "interest", "indemnity"]
            for what in order:
                name = "owed_indemnity" if what == "indemnity" else what
                taken = min(left, getattr(self, name))
                setattr(self, name, getattr(self, name) - taken)
                left -= taken
            self.imputed += cents - left
            self.credit += left

    @property
    def total(self) -> int:
        """All that is owed."""
        return self.principal + self.interest + self.owed_indemnity


def rounded(value: Fraction) -> int:
    """To the nearest cent, halves up."""
    return int((value + Fraction(1, 2)) // 1)
