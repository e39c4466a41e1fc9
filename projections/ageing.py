"""The aged balance: what is owed by bucket of days past due, under a named scheme. Columns always add up."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from domain.errors import NotFound
from projections.ledger import CREDIT, POOL, UNALLOCATED, UNKNOWN_DAY

CREDITS_COLUMN: Final = "credits"
UNALLOCATED_COLUMN: Final = "unallocated"


@dataclass(frozen=True, slots=True)
class Scheme:
    """Names of the buckets in order, and the highest d (as-of day less due day, in days) of each but the last."""

    name: str
    buckets: tuple[str, ...]
    highest: tuple[int, ...]

    def bucket(self, days: int) -> int:
        """The index of the bucket of d."""
        return bisect_left(self.highest, days)

    @property
    def columns(self) -> tuple[str, ...]:
        """The buckets, then what is apart."""
        return (*self.buckets, CREDITS_COLUMN, UNALLOCATED_COLUMN)


SCHEMES: Final = {
    scheme.name: scheme
    for scheme in (
        Scheme("d4416", ("not_due", "0", "1-30", "31-60", "61-90", "91+"), (-1, 0, 30, 60, 90)),
        Scheme("oca", ("current", "1-30", "31-60", "61-90", "91-120", "121+"), (0, 30, 60, 90, 120)),
        Scheme("oca-statement", ("current", "1-30", "31-60", "61-90", "91-120", "121+"), (0, 29, 59, 89, 119)),
        Scheme("tryton", ("not_due", "now", "30", "60", "90"), (-1, 29, 59, 89)),
        Scheme("erpnext", ("not_due", "0-30", "31-60", "61-90", "91-120", "121+"), (-1, 30, 60, 90, 120)),
        Scheme("agicap", ("not_due", "0-30", "31-60", "61-90", "91+"), (-1, 30, 60, 90)),
    )
}


def scheme(name: str) -> Scheme:
    """A scheme by name.

    Raises:
        NotFound: there is none of that name.
    """
    try:
        return SCHEMES[name]
    except KeyError:
        raise NotFound(f"no scheme {name!r}; there are {', '.join(SCHEMES)}") from None


@dataclass(slots=True)
class Aged:
    """The columns of one row, in cents."""

    scheme: Scheme
    cents: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start at nil."""
        self.cents = self.cents or [0] * len(self.scheme.columns)

    def add(self, other: "Aged") -> None:
        """Add another row."""
        self.cents = [mine + theirs for mine, theirs in zip(self.cents, other.cents, strict=True)]

    @property
    def total_cents(self) -> int:
        """The sum of the columns."""
        return sum(self.cents)

    def by_name(self) -> dict[str, int]:
        """Column by column."""
        return dict(zip(self.scheme.columns, self.cents, strict=True))


def aged(scheme: Scheme, as_of: int, parts: Sequence[tuple[int, int]]) -> Aged:
    """One account's row from its (due day, cents), nil or not, days as ordinals."""
    row = Aged(scheme)
    post(row, as_of, parts)
    return row


def post(row: Aged, as_of: int, parts: Sequence[tuple[int, int]]) -> None:
    """Add one account's (due day, cents) to a row.

    The pool, and what overshoots a due day, extinguishes the oldest due days first; what is left over is a credit.
    """
    if len(parts) == 1 and parts[0][0] > 0 and parts[0][1] >= 0:  # one due day, still owed: most accounts
        due, cents = parts[0]
        row.cents[row.scheme.bucket(as_of - due)] += cents
        return
    for due, cents in parts:
        if due == UNALLOCATED:
            row.cents[-1] += cents
        elif due == CREDIT:
            row.cents[-2] += cents
    owed, credit = _extinguished(parts)
    for due, cents in owed:
        row.cents[row.scheme.bucket(as_of - due) if due else 0] += cents
    row.cents[-2] -= credit


def open_parts(parts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is owed of an account by due day, the oldest first, a day that nobody knows last, after the pool and credits."""
    return [(due, cents) for due, cents in _extinguished(parts)[0] if cents]


def _extinguished(parts: Sequence[tuple[int, int]]) -> tuple[list[tuple[int, int]], int]:
    """What is owed by due day once the pool has extinguished the oldest first, and what is left of the pool."""
    owed: list[tuple[int, int]] = []
    pool = 0
    for due, cents in parts:
        if due == POOL or (cents < 0 and due >= UNKNOWN_DAY):
            pool -= cents
        elif due >= UNKNOWN_DAY:
            owed.append((due, cents))
    if pool < 0:  # a reversal in the pool above its payments: owed again, on a day nobody can tell
        owed.append((UNKNOWN_DAY, -pool))
        pool = 0
    left = []
    for due, cents in sorted(owed, key=lambda part: part[0] or 10**9):
        taken = min(cents, pool)
        pool -= taken
        left.append((due, cents - taken))
    return left, pool
