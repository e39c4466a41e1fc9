"""How debtors pay: what came in over a window, how late each cent was, what is overdue, what became of promises.

Each cent that came in counts from its due day to the day the funds were available, an early one below nil. A payment that
names no due day extinguishes the oldest first, after the payments and credit notes before it. Credit notes are no payment:
they lessen what is left to pay. A set-off is one on its day, whoever pays counts for the debtor. What was reversed by the
day asked about never came in; a write-off changes nothing in what is owed.
"""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from domain.facts.invoicing import PaymentReceived, PaymentReversed
from domain.history import Entry, founding, ordered
from projections.ledger import POOL, UNKNOWN_DAY, Movement, due_ordinal


class Paid(NamedTuple):
    """Cents that came in on a day, and the due day they extinguished: nil where there is none (`UNKNOWN_DAY`)."""

    due: int
    effective: int
    cents: int


class Behaviour:
    """What is known of one debtor, added up: amounts in cents, days as ordinals."""

    __slots__ = ("broken", "cents_days", "dated_cents", "kept", "late_cents", "oldest_due", "overdue_cents", "overdue_cents_days", "received_cents")  # fmt: skip

    def __init__(self) -> None:
        self.received_cents = self.dated_cents = self.late_cents = self.cents_days = 0
        self.overdue_cents = self.overdue_cents_days = self.oldest_due = 0
        self.kept = self.broken = 0

    def receive(self, due: int, effective: int, cents: int) -> None:
        """Count cents that came in."""
        self.received_cents += cents
        if due > UNKNOWN_DAY:
            delay = effective - due
            self.dated_cents += cents
            self.cents_days += cents * delay
            if delay > 0:
                self.late_cents += cents

    def owe(self, due: int, cents: int, as_of: int) -> None:
        """Count cents still owed whose due day is past."""
        if UNKNOWN_DAY < due < as_of:
            self.overdue_cents += cents
            self.overdue_cents_days += cents * (as_of - due)
            if not self.oldest_due or due < self.oldest_due:
                self.oldest_due = due

    @property
    def mean_delay(self) -> Fraction | None:
        """Days late on average, weighted by amount, of what came in; nothing where no due day bears it."""
        return Fraction(self.cents_days, self.dated_cents) if self.dated_cents > 0 else None

    @property
    def late_percent(self) -> Fraction | None:
        """The share, by amount, that came in after its due day."""
        return Fraction(100 * self.late_cents, self.dated_cents) if self.dated_cents > 0 else None

    @property
    def delay_so_far(self) -> Fraction | None:
        """The mean delay with what is overdue counted at its age: what ranks one who pays nothing among those who pay late."""
        weight = self.dated_cents + self.overdue_cents
        return Fraction(self.cents_days + self.overdue_cents_days, weight) if weight > 0 else None

    @property
    def is_silent(self) -> bool:
        """Nothing to say of the debtor."""
        return not (self.received_cents or self.overdue_cents or self.kept or self.broken)


def ranking(behaviour: Behaviour) -> tuple[bool, Fraction, int]:
    """The key that puts the worst first: the longest delay so far, then the most overdue."""
    delay = behaviour.delay_so_far
    return (delay is None, -(delay or Fraction(0)), -behaviour.overdue_cents)


def payments(movements: Sequence[Movement]) -> list[Paid] | None:
    """What was paid on an invoice, by the due day it extinguished; nothing where the ledger cannot tell what came back.

    Args:
        movements: every movement of the invoice up to a day, in the order of the log. Entries withdrawn cancel out.
    """
    charged: dict[int, int] = {}
    taken: dict[tuple[int, int, str], int] = {}
    back: dict[tuple[int, int], int] = {}
    for due, effective, _, _, cents, kind, *_ in movements:
        if kind == "invoice":
            charged[due] = charged.get(due, 0) + cents
        elif kind in {"payment", "credit"}:
            taken[effective, due, kind] = taken.get((effective, due, kind), 0) - cents
        elif kind == "reversal":
            back[effective, due] = back.get((effective, due), 0) + cents
    for (on, due), cents in sorted(back.items()):
        came = [key for key in taken if key[0] <= on and key[1:] == (due, "payment") and taken[key]]
        if cents == sum(taken[key] for key in came):
            for key in came:
                del taken[key]
        elif len(came) == 1:
            taken[came[0]] -= cents
        elif cents:
            return None
    return _extinguished(charged, [(*key, cents) for key, cents in taken.items() if cents])


def payments_by_receipt(history: Sequence[Entry], movements: Sequence[Movement], as_of: int) -> list[Paid]:
    """`payments`, by the receipts that the history names: for what the ledger cannot tell apart.

    Args:
        history: the entries known.
        movements: as for `payments`.
        as_of: the day, as an ordinal, up to which entries count.
    """
    issued = founding(history)
    if issued is None:
        return []
    parts = {part.n: due_ordinal(part.due) for part in issued.instalments}
    alone = next(iter(parts.values())) if len(parts) == 1 else POOL
    held: dict[str, dict[int | None, list[list[int]]]] = {}
    for day, entry in ordered(history):
        fact, effective = entry.fact, day.toordinal()
        if effective > as_of:
            break
        if isinstance(fact, PaymentReceived):
            due = alone if fact.instalment is None else parts.get(fact.instalment, POOL)
            of = held.setdefault(fact.receipt, {})
            of[fact.instalment] = [*of.pop(fact.instalment, []), [effective, due, fact.cents]]
        elif isinstance(fact, PaymentReversed):
            left = fact.cents
            for named, came in reversed(held.get(fact.receipt, {}).items()):
                for each in reversed(came if fact.instalment in {None, named} else []):
                    gone = min(left, each[2])
                    each[2] -= gone
                    left -= gone
    charged: dict[int, int] = {}
    came_in = [each for of in held.values() for some in of.values() for each in some]
    taken = [(effective, due, "payment", cents) for effective, due, cents in came_in if cents]
    credited: dict[tuple[int, int], int] = {}  # a credit note withdrawn is its own opposite
    for move in movements:
        if move.kind == "invoice":
            charged[move.due] = charged.get(move.due, 0) + move.cents
        elif move.kind == "credit":
            credited[move.effective, move.due] = credited.get((move.effective, move.due), 0) - move.cents
    taken += [(effective, due, "credit", cents) for (effective, due), cents in credited.items() if cents]
    return _extinguished(charged, taken)


def _extinguished(charged: dict[int, int], taken: list[tuple[int, int, str, int]]) -> list[Paid]:
    """Each payment over the due days that it extinguished, day by day, credit notes of a day first."""
    left = dict(sorted(charged.items(), key=lambda each: each[0] or 10**9))
    paid = []
    for effective, due, kind, cents in sorted(taken, key=lambda each: (each[0], each[2], each[1])):
        over = cents
        for slot in (due, *left) if due in left else left:
            part = min(over, left[slot])
            if part > 0:
                left[slot] -= part
                over -= part
                if kind == "payment":
                    paid.append(Paid(slot, effective, part))
        if over and kind == "payment":
            paid.append(Paid(UNKNOWN_DAY, effective, over))
    return paid


def oldest_days(behaviour: Behaviour, as_of: dt.date) -> int | None:
    """The age in days of the oldest due day overdue."""
    return as_of.toordinal() - behaviour.oldest_due if behaviour.oldest_due else None
