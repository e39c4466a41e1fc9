"""Which debts a payment discharges, when a debtor owes several: what he designates, else what the law says.

Inside each debt the payment goes to interest first: that is the statement's work (`domain.interest`).
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.money import shared


@dataclass(frozen=True, slots=True)
class OpenDebt:
    """A debt that is not paid: what is left of it, and its due day, none where it is not known."""

    id: str
    due_on: dt.date | None
    owed_cents: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """What each debt receives, in cents; the debts designated and paid in part only; what is left over."""

    shares: tuple[tuple[str, int], ...]
    left_cents: int
    in_part: tuple[str, ...] = ()


def allocate(debts: Sequence[OpenDebt], cents: int, on: dt.date, designated: Collection[str] = ()) -> Allocation:
    """Share a payment over debts.

    Designated debts come first, in the order of their due days; a debtor who designates pays that debt whole, unless the
    creditor agrees to less. Without designation: the debts that are due, the oldest first, those of one day in proportion;
    then those not due, in the same order. Which debt the debtor had most interest to discharge is for a judge, and is not
    guessed.

    Law: C. civ., art. 1342-10.
    """
    taken: dict[str, int] = {}
    left = cents
    for group in _in_order(debts, on, designated):
        owed = [debt.owed_cents for debt in group]
        paid = min(left, sum(owed))
        left -= paid
        if paid:
            parts = owed if paid == sum(owed) else shared(paid, owed)
            taken |= {debt.id: part for debt, part in zip(group, parts, strict=True) if part}
    owes = {debt.id: debt.owed_cents for debt in debts}
    in_part = tuple(id for id in designated if taken.get(id, 0) < owes.get(id, 0))
    return Allocation(tuple(taken.items()), left, in_part)


def _in_order(debts: Sequence[OpenDebt], on: dt.date, designated: Collection[str]) -> Iterator[list[OpenDebt]]:
    """The debts that take part, in groups of the same rank: designation leaves the others out."""

    def rank(debt: OpenDebt) -> tuple[bool, dt.date]:
        due = debt.due_on or dt.date.max
        return due > on, due

    taking = [debt for debt in debts if debt.owed_cents > 0 and (not designated or debt.id in designated)]
    for _, group in groupby(sorted(taking, key=rank), key=rank):
        yield list(group)
