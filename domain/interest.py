"""Interest on a debt and what each payment went to: the arithmetic of a claim statement, line by line.

A debt has parts with their own due days (instalments) and fixed heads (the 40 EUR, costs). Interest runs on what is left of
each part, from its first bearing day to the last, both counted; a segment ends with a rate and with a payment day, and the
day of a payment still bears interest on the old principal. Everything is in whole cents, computed exactly and rounded half
up where the reading `rounding` says.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from domain.account import (
    YEAR,
    Head,
    Imputed,
    Movement,
    Part,
    Period,
    Segment,
    Statement,
    days_of_year,
    divided,
    half_up,
)
from domain.calendar import ONE_DAY, add_months
from domain.law.readings import DEFAULTS, Readings


def statement(
    parts: Sequence[Part],
    movements: Sequence[Movement],
    until: dt.date,
    *,
    heads: Sequence[Head] = (),
    last_on: dt.date | None = None,
    readings: Readings = DEFAULTS,
) -> Statement:
    """What is owed of a debt at the end of `until`, movements after it left out.

    `last_on` is the last day that bears interest when it is before `until` (insolvency).

    Raises:
        LawMissing: the rate of a day is not known.

    Law: C. civ., art. 1343-1; C. com., art. L441-10, II.
    """
    account = _Account(parts, heads, until, last_on or dt.date.max, readings)
    last_counts = readings["day_count"] != "exclude-exclude"
    for on, moves in _by_day(movements, parts, until):
        if moves:
            account.run_to(on, counted=last_counts)
        for move in moves:
            account.post(move)
        if any(on in part.capitalised_on for part in parts):
            account.run_to(on, counted=last_counts or on < until)
            account.capitalise(on)
    account.run_to(until, counted=last_counts)
    return account.closed()


def _by_day(
    movements: Sequence[Movement], parts: Sequence[Part], until: dt.date
) -> Iterator[tuple[dt.date, list[Movement]]]:
    days = {move.on for move in movements} | {on for part in parts for on in part.capitalised_on}
    for on in sorted(day for day in days if day <= until):
        yield on, [move for move in movements if move.on == on]


@dataclass(slots=True)
class _Line:
    """One part as it runs."""

    part: Part
    left: int
    next_on: dt.date | None
    interest: int = 0
    capital: int = 0
    paid: int = 0


@dataclass(slots=True)
class _Account:
    parts: Sequence[Part]
    heads: Sequence[Head]
    until: dt.date
    last_on: dt.date
    readings: Readings
    lines: list[_Line] = field(init=False)
    owed: dict[str, int] = field(init=False)
    is_plain: bool = field(init=False)
    first_counts: bool = field(init=False)
    segments: list[Segment] = field(default_factory=list)
    imputed: list[Imputed] = field(default_factory=list)
    unallocated: int = 0
    late_on: dt.date | None = None
    interest_paid: int = 0
    heads_paid: dict[str, int] = field(default_factory=dict)
    _exact: Fraction = Fraction(0)
    _rounded: int = 0

    def __post_init__(self) -> None:
        ordered = sorted(self.parts, key=lambda part: (part.due_on, part.n))
        self.lines = [_Line(part, part.cents, part.bears_from) for part in ordered]
        self.owed = {head.name: 0 if head.late else head.cents for head in self.heads}
        self.is_plain = self.readings["day_basis"] == "365" and self.readings["rounding"] == "per_segment"
        self.first_counts = self.readings["day_count"] == "include-include"

    def run_to(self, on: dt.date, *, counted: bool) -> None:
        """Let interest run to the end of a day, that day counted or not.

        A debt paid on its due day, or on the day of the notice, is not late: that day waits for the next (`include-include`).
        """
        end = min(on if counted else on - ONE_DAY, self.last_on)
        for line in self.lines:
            if line.part.due_on < on and line.part.due_on <= self.last_on and line.left > 0:
                self._fall_late(line.part.due_on + ONE_DAY)
            start = line.next_on
            if start is None or start > end or (self.first_counts and on == line.part.bears_from):
                continue
            line.next_on = end + ONE_DAY
            if line.left + line.capital > 0:
                for period in line.part.rates(start, end):
                    self._accrue(line, period)

    def _fall_late(self, on: dt.date) -> None:
        if self.late_on is None:
            self.late_on = on
            self.owed |= {head.name: head.cents for head in self.heads if head.late}

    def _accrue(self, line: _Line, period: Period) -> None:
        base, days = line.left + line.capital, (period.to_on - period.from_on).days + 1
        cents = self._rounded_interest(base, period, days)
        line.interest += cents
        self.segments.append(
            Segment(line.part.n, period.from_on, period.to_on, days, base, period.percent, cents, period.reference)
        )

    def _rounded_interest(self, base: int, period: Period, days: int) -> int:
        percent, under = _ratio(period.percent)
        if self.is_plain:
            return divided(base * percent * days, 100 * under * YEAR)
        exact = Fraction(base * percent, 100 * under) * _share_of_years(period, days, self.readings["day_basis"])
        if self.readings["rounding"] == "per_segment":
            return half_up(exact)
        self._exact += exact
        rounded = half_up(self._exact)
        cents, self._rounded = rounded - self._rounded, rounded
        return cents

    def capitalise(self, on: dt.date) -> None:
        """Interest of a full year begins to bear interest.

        Law: C. civ., art. 1343-2.
        """
        for line in self.lines:
            if on in line.part.capitalised_on and on <= self.last_on:
                line.capital, line.interest = line.capital + line.interest, 0

    def post(self, move: Movement) -> None:
        """Impute a payment, lower the principal, or take a payment back."""
        if move.kind == "refund":
            self._take_back(move)
            return
        left, paid, heads = move.cents, {"interest": 0, "principal": 0}, []
        for bucket in ("principal",) if move.kind == "reduction" else self._order():
            if bucket == "interest":
                taken = self._take_interest(left)
                self.interest_paid += taken
                paid[bucket] += taken
            elif bucket == "principal":
                taken = self._take_principal(left, move.part, is_paid=move.kind == "payment")
                paid[bucket] += taken
            else:
                taken = min(left, self.owed[bucket])
                self.owed[bucket] -= taken
                self.heads_paid[bucket] = self.heads_paid.get(bucket, 0) + taken
                if taken:
                    heads.append((bucket, taken))
            left -= taken
        self.unallocated += left
        self.imputed.append(Imputed(move, paid["interest"], paid["principal"], tuple(heads), left))

    def _take_back(self, move: Movement) -> None:
        """A refund undoes what a payment did, the last thing it went to first: never more principal than the price."""
        back = {"unallocated": min(move.cents, self.unallocated)}
        self.unallocated -= back["unallocated"]
        left = move.cents - back["unallocated"]
        for bucket in reversed(self._order()):
            if bucket == "principal":
                taken = self._give_principal(left, move.part)
            elif bucket == "interest":
                taken = min(left, self.interest_paid)
                self.interest_paid -= taken
                for line in self.lines[:1]:
                    line.interest += taken
            else:
                taken = min(left, self.heads_paid.get(bucket, 0))
                self.heads_paid[bucket] = self.heads_paid.get(bucket, 0) - taken
                self.owed[bucket] += taken
            back[bucket], left = taken, left - taken
        heads = tuple((head.name, -back[head.name]) for head in self.heads if back[head.name])
        self.imputed.append(Imputed(move, -back["interest"], -back["principal"], heads, -back["unallocated"]))

    def _give_principal(self, cents: int, part: int | None) -> int:
        left = cents
        for line in sorted(
            self.lines, key=lambda line: (line.part.n == part, line.part.due_on, line.part.n), reverse=True
        ):
            given = min(left, line.paid)
            line.paid -= given
            line.left += given
            left -= given
        return cents - left

    def _order(self) -> list[str]:
        before = [head.name for head in self.heads if head.before_principal]
        after = [head.name for head in self.heads if not head.before_principal]
        if self.readings["imputation"] == "principal_first":
            return ["principal", "interest", *before, *after]
        return ["interest", *before, "principal", *after]

    def _take_interest(self, cents: int) -> int:
        left = cents
        for line in self.lines:
            plain = min(left, line.interest)
            line.interest -= plain
            bearing = min(left - plain, line.capital)
            line.capital -= bearing
            left -= plain + bearing
        return cents - left

    def _take_principal(self, cents: int, part: int | None, *, is_paid: bool) -> int:
        left = cents
        named_first = sorted(self.lines, key=lambda line: line.part.n != part) if part is not None else self.lines
        for line in named_first:
            taken = min(left, line.left)
            line.left -= taken
            line.paid += taken if is_paid else 0
            left -= taken
        return cents - left

    def closed(self) -> Statement:
        """The statement."""
        principal = interest = capital = 0
        for line in self.lines:
            principal += line.left
            interest += line.interest
            capital += line.capital
        is_late = self.late_on is not None
        return Statement(
            until=self.until,
            principal_before_cents=sum([part.cents for part in self.parts]),
            segments=tuple(self.segments),
            imputed=tuple(self.imputed),
            principal_cents=principal,
            interest_cents=interest + capital,
            capitalised_cents=capital,
            heads=tuple(self.owed.items()),
            unallocated_cents=self.unallocated,
            incurred=tuple(
                [
                    (head.name, head.cents, self.late_on if head.late else None)
                    for head in self.heads
                    if is_late or not head.late
                ]
            ),
            left=tuple([(line.part, line.left, line.capital) for line in self.lines]),
            runs=self.last_on > self.until,
            day_basis=self.readings["day_basis"],
        )


def _share_of_years(period: Period, days: int, basis: str) -> Fraction:
    """How much of a year a period is: days / 365, or each day over the days of its own year."""
    if basis == "365":
        return Fraction(days, YEAR)
    share = Fraction(0)
    for year in range(period.from_on.year, period.to_on.year + 1):
        first, last = max(period.from_on, dt.date(year, 1, 1)), min(period.to_on, dt.date(year, 12, 31))
        share += Fraction((last - first).days + 1, days_of_year(year))
    return share


@lru_cache(maxsize=1 << 10)
def _ratio(percent: Decimal) -> tuple[int, int]:
    return percent.as_integer_ratio()


def capitalisation_days(first_on: dt.date, asked_on: dt.date, until: dt.date, months: int) -> tuple[dt.date, ...]:
    """The days on which interest due for a full year is added to what bears interest.

    The first is the end of a full year (so many `months`) of interest, or the day from which capitalisation is asked if that
    is later; then each year.

    Law: C. civ., art. 1343-2.
    """
    full_on = max(add_months(first_on, months) - ONE_DAY, add_months(first_on - ONE_DAY, months))  # 29 February
    day, found = max(full_on, asked_on), []
    start = day
    while day <= until:
        found.append(day)
        day = add_months(start, months * (len(found)))
    return tuple(found)
