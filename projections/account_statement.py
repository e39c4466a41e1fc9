"""The account of a customer over a period: what was owed before, each entry with the balance after it, what is owed now.

An entry that was withdrawn posted its opposite: the two are gone from here, as they are from the day they belong to. Money
that came in and was allocated on the same day is told by the payments it became.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from projections.ageing import open_parts
from projections.ledger import UNALLOCATED, UNKNOWN_DAY, Movement

#: The order of entries within a day.
ORDER: Final = ("invoice", "credit", "write_off", "recovery", "payment", "reversal", "money", "allocation")
#: Money of no invoice: one line a day, for what is left of it.
_WAITING: Final = frozenset({"money", "allocation"})
_Parts = Sequence[tuple[int, int]]


class Posted(NamedTuple):
    """A movement of an account of the customer: an invoice's, or the customer's own."""

    stream: str
    position: int
    movement: Movement


class Line(NamedTuple):
    """An entry, and the balance after it. Days are ordinals; dues are those of what was invoiced, nil where not known."""

    on: int
    kind: str
    stream: str
    cents: int
    balance: int
    dues: tuple[int, ...] = ()


class Item(NamedTuple):
    """What is still owed of an invoice on one due day; of it, what is disputed. Nil: a day nobody knows."""

    stream: str
    due: int
    cents: int
    disputed: int

    def days_late(self, on: int) -> int | None:
        """Days past the due day, below nil before it."""
        return on - self.due if self.due else None


class Statement(NamedTuple):
    """The account between two days."""

    opening: int
    lines: tuple[Line, ...]
    closing: int

    @property
    def debits(self) -> int:
        """What the period added."""
        return sum(line.cents for line in self.lines if line.cents > 0)

    @property
    def credits(self) -> int:
        """What the period took off, below nil."""
        return sum(line.cents for line in self.lines if line.cents < 0)


def statement(posted: Iterable[Posted], first: int) -> Statement:
    """The account from a day on (ordinal), that day included.

    Args:
        posted: every movement up to the day of the statement, in the order recorded.
        first: the first day told line by line.
    """
    standing = _standing(posted)
    opening = sum(each.movement.cents for each in standing if each.movement.effective < first)
    told = _joined(each for each in standing if each.movement.effective >= first)
    balance, lines = opening, []
    for line in sorted(told, key=lambda each: (each.on, ORDER.index(each.kind))):
        balance += line.cents
        lines.append(line._replace(balance=balance))
    return Statement(opening, tuple(lines), balance)


def _standing(posted: Iterable[Posted]) -> list[Posted]:
    """The movements whose opposite was not posted since."""
    kept: dict[int, Posted] = {}
    by_key: dict[tuple[str, int, int, int, str, int], list[int]] = {}
    for n, each in enumerate(posted):
        move = each.movement
        key = (each.stream, move.due, move.effective, move.booked, move.kind)
        opposite = by_key.get((*key, -move.cents))
        if opposite:
            del kept[opposite.pop()]
        else:
            kept[n] = each
            by_key.setdefault((*key, move.cents), []).append(n)
    return list(kept.values())


def _joined(standing: Iterable[Posted]) -> list[Line]:
    """One line for an invoice, for each payment over several due days, for a day's money of no invoice."""
    lines: dict[tuple[object, ...], Line] = {}
    for stream, position, move in standing:
        kind = "money" if move.kind in _WAITING else move.kind
        key: tuple[object, ...] = (stream, move.effective, kind)
        if kind not in {"invoice", "money"}:
            key = (*key, position)
        dues = (max(move.due, UNKNOWN_DAY),) if kind == "invoice" else ()
        before = lines.get(key)
        lines[key] = Line(
            move.effective, kind, stream, move.cents + (before.cents if before else 0), 0,
            (*(before.dues if before else ()), *dues),
        )  # fmt: skip
    told = (
        line._replace(kind="allocation") if line.kind == "money" and line.cents > 0 else line for line in lines.values()
    )
    return [line for line in told if line.cents]


def open_items(accounts: Iterable[tuple[str, _Parts]], disputed: dict[str, int]) -> list[Item]:
    """What is still owed, invoice by invoice and due day by due day; a dispute lies on the oldest due days first."""
    items = []
    for stream, parts in accounts:
        left = disputed.get(stream, 0)
        for due, cents in open_parts(parts):
            share = min(max(left, 0), cents)
            left -= share
            items.append(Item(stream, due, cents, share))
    return sorted(items, key=lambda item: (item.due or 10**9, item.stream))


def in_credit(accounts: Iterable[tuple[str, _Parts]]) -> list[tuple[str, int]]:
    """Accounts to whose credit something stands besides money of no invoice: the stream, and the cents below nil."""
    found = []
    for stream, parts in accounts:
        whole = sum(cents for due, cents in parts if due != UNALLOCATED)
        credit = whole - sum(cents for _, cents in open_parts(parts))
        if credit:
            found.append((stream, credit))
    return found


def unallocated(accounts: Iterable[tuple[str, _Parts]]) -> int:
    """Money of no invoice, below nil."""
    return sum(cents for _, parts in accounts for due, cents in parts if due == UNALLOCATED)
