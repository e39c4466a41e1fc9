"""The numbers of invoices held against the sequence they should make: series, gaps, numbers twice, order broken.

What a number's parts are is read from all the numbers of its form together, since one alone does not tell a year from a counter.

Law: CGI, ann. II, art. 242 nonies A.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, Literal, NamedTuple

What = Literal["invoice", "credit note"]
Status = Literal["issued", "corrected", "cancelled", "withdrawn"]

REFERENCE: Final = "CGI, ann. II, art. 242 nonies A"
#: How a number is read, in words.
RULE: Final = (
    "a number is cut into runs of digits, and the last one is its counter (#). A year at the end, with a month or a day before it, is no"
    " counter where nine in ten numbers of that form end in the year of their issue; and where nine in ten counters begin with the day,"
    " the month or the year of their issue (20260131, 202601, 260131, 2026, 2601, 26) that beginning is set off, unless another part"
    " says the year. The rest, as it is spelled, names the series"
)

_RUNS: Final = re.compile(r"([0-9]+)")
_DATES: Final = ("%Y%m%d", "%Y%m", "%y%m%d", "%Y", "%y%m", "%y")
_YEARS: Final = ("%Y", "%y")
_DAY_PARTS: Final = ("%m", "%d", "%Y", "%y")


class Numbered(NamedTuple):
    """A number that was used: by what, on which day, for whom."""

    number: str
    on: dt.date
    debtor: str
    what: What = "invoice"
    status: Status = "issued"
    stream: str = ""


class Gap(NamedTuple):
    """Numbers of a series that are not on record, between two that are."""

    first: str
    last: str
    size: int
    after: Numbered
    before: Numbered


class Break(NamedTuple):
    """A number issued earlier than the one below it."""

    lower: Numbered
    higher: Numbered


class Series(NamedTuple):
    """The numbers of one series, by their counters; a withdrawn or cancelled one is there as such."""

    label: str
    counters: tuple[int, ...]
    members: tuple[Numbered, ...]
    gaps: tuple[Gap, ...]
    breaks: tuple[Break, ...]

    @property
    def missing(self) -> int:
        """How many numbers the gaps hold."""
        return sum(gap.size for gap in self.gaps)

    def of_status(self, status: Status) -> list[Numbered]:
        """The members of a status."""
        return [each for each in self.members if each.status == status]


class Numbering(NamedTuple):
    """All series, the numbers used more than once, and those that hold no digit."""

    series: tuple[Series, ...]
    twice: tuple[tuple[Numbered, ...], ...]
    without: tuple[Numbered, ...]

    @property
    def is_sound(self) -> bool:
        """Nothing is missing, twice, or out of order."""
        return not self.twice and not any(each.gaps or each.breaks for each in self.series)


class _Cut(NamedTuple):
    """A number as its form has it: what comes before the counter, the counter's digits, what comes after."""

    head: str
    digits: str
    tail: str


def numbering(used: Iterable[Numbered]) -> Numbering:
    """Hold the numbers of one creditor against their series."""
    forms: dict[tuple[str, ...], list[Numbered]] = defaultdict(list)
    without = []
    for each in sorted(set(used), key=lambda one: (one.number, one.on, one.what, one.debtor, one.stream)):
        pieces = _RUNS.split(each.number)
        if len(pieces) == 1:
            without.append(each)
        else:
            forms[tuple(pieces[::2])].append(each)
    found: dict[tuple[str, str], list[tuple[int, int, Numbered]]] = defaultdict(list)
    for members in forms.values():
        for each, cut in _cut(members):
            found[cut.head, cut.tail].append((int(cut.digits), len(cut.digits), each))
    series = tuple(_series(head, tail, found[head, tail]) for head, tail in sorted(found))
    return Numbering(series, tuple(_twice(series, without)), tuple(without))


def _cut(members: Sequence[Numbered]) -> Iterator[tuple[Numbered, _Cut]]:
    """Each number of one form in its three parts; nothing of a form is held but the numbers."""
    count = len(_RUNS.split(members[0].number)) // 2
    at = _counter(members, count)
    is_dated = any(_most(members, n, _YEARS) for n in range(count) if n != at)
    length = 0 if is_dated else _glued(members, at)
    place = 2 * at + 1
    for each in members:
        pieces = _RUNS.split(each.number)
        digits = pieces[place]
        cut = length if len(digits) > length else 0
        yield each, _Cut("".join(pieces[:place]) + digits[:cut], digits[cut:], "".join(pieces[place + 1 :]))


def _counter(members: Sequence[Numbered], count: int) -> int:
    """Which run counts: the last, a date at the end left aside."""
    at = count - 1
    formats: Sequence[str] = _YEARS
    while at and _most(members, at, formats):
        at, formats = at - 1, _DAY_PARTS
    return at


def _most(members: Sequence[Numbered], at: int, formats: Sequence[str]) -> bool:
    """Whether nine in ten hold the issue day at a run, written in one of these ways."""
    for form in formats:
        fits = sum(_run(each, at) == f"{each.on:{form}}" for each in members)
        if 10 * fits >= 9 * len(members):
            return True
    return False


def _glued(members: Sequence[Numbered], at: int) -> int:
    """How many digits of the counters are a date: the longest with which nine in ten begin."""
    for form in _DATES:
        fits = 0
        for each in members:
            told, run = f"{each.on:{form}}", _run(each, at)
            fits += run.startswith(told) and len(run) > len(told)
        if 10 * fits >= 9 * len(members):
            return len(f"{members[0].on:{form}}")
    return 0


def _run(each: Numbered, at: int) -> str:
    return _RUNS.split(each.number)[2 * at + 1]


def _series(head: str, tail: str, found: Sequence[tuple[int, int, Numbered]]) -> Series:
    rows = sorted(found, key=lambda row: (row[0], row[2].on, row[2].number, row[2].stream))

    def told(counter: int, width: int) -> str:
        return f"{head}{counter:0{width}d}{tail}"

    gaps = tuple(
        Gap(told(low + 1, width), told(high - 1, width), high - low - 1, lower, higher)
        for (low, width, lower), (high, _, higher) in pairwise(rows)
        if high > low + 1
    )
    issued = [(counter, each) for counter, _, each in rows if each.what == "invoice"]
    breaks = tuple(
        Break(lower, higher) for (low, lower), (high, higher) in pairwise(issued) if high > low and higher.on < lower.on
    )
    return Series(f"{head}#{tail}", tuple(row[0] for row in rows), tuple(row[2] for row in rows), gaps, breaks)


def _twice(series: Sequence[Series], without: Sequence[Numbered]) -> Iterator[tuple[Numbered, ...]]:
    """The numbers used for two things: another day, another debtor, or an invoice and a credit note."""
    same: dict[tuple[int, int | str], list[Numbered]] = defaultdict(list)
    for n, each in enumerate(series):
        for counter, member in zip(each.counters, each.members, strict=True):
            same[n, counter].append(member)
    for member in without:
        same[-1, member.number].append(member)
    for members in same.values():
        if len({(each.on, each.debtor, each.what) for each in members if each.status != "withdrawn"}) > 1:
            yield tuple(members)
