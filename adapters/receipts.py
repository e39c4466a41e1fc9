"""Subsequent receipts: what was received after a closing date on each invoice that was open at it, and what is still open.

What was open comes from the spans of the views, what came after from their movements, what is left from the spans again: so the
line adds up only if all three agree, and each line says whether it does.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from adapters.bootstrap import Office
from domain.errors import Misuse, NotFound, in_words
from projections.corner import Corner
from projections.ratio import fixed

_RECEIVED: Final = ("payment", "reversal")
_ON_ACCOUNT: Final = ("money", "allocation", "reversal")


@dataclass(slots=True)
class Receipts:
    """An invoice that was open, or all of them: in cents what was, what came, what is left."""

    open_cents: int = 0
    received_cents: int = 0
    credited_cents: int = 0
    written_off_cents: int = 0
    left_cents: int = 0
    came: list[tuple[int, int]] = field(default_factory=list)

    @property
    def difference_cents(self) -> int:
        """Open - received - credited - written off - still open: nil, or the books do not add up."""
        return self.open_cents - self.received_cents - self.credited_cents - self.written_off_cents - self.left_cents

    @property
    def collected_percent(self) -> str:
        """What was received, of what was open."""
        return fixed(Fraction(100 * self.received_cents, self.open_cents) if self.open_cents else 0, 2)

    def move(self, kind: str, cents: int, day: int) -> None:
        """Count a movement after the closing."""
        if kind in _RECEIVED:
            self.received_cents -= cents
            self.came.append((day, -cents))
        elif kind == "credit":
            self.credited_cents -= cents
        elif kind in {"write_off", "recovery"}:
            self.written_off_cents -= cents

    def add(self, other: "Receipts") -> None:
        """Add an invoice to a total."""
        self.open_cents += other.open_cents
        self.received_cents += other.received_cents
        self.credited_cents += other.credited_cents
        self.written_off_cents += other.written_off_cents
        self.left_cents += other.left_cents

    def value(self) -> dict[str, Any]:
        """The figures, for other programs."""
        return {
            "open_cents": self.open_cents, "received_cents": self.received_cents, "credited_cents": self.credited_cents,
            "written_off_cents": self.written_off_cents, "still_open_cents": self.left_cents,
            "difference_cents": self.difference_cents, "collected_percent": self.collected_percent,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice in the words of a person."""

    number: str
    debtor: str
    name: str
    stream: str
    receipts: Receipts

    @property
    def came(self) -> list[tuple[dt.date, int]]:
        """Day by day what was received; below nil, what came back."""
        return [(dt.date.fromordinal(day), cents) for day, cents in self.receipts.came]

    def value(self) -> dict[str, Any]:
        """The shape that other programs read."""
        return {
            "number": self.number, "debtor": self.debtor, "name": self.name, "stream": self.stream, **self.receipts.value(),
            "receipts": [{"on": on, "cents": cents} for on, cents in self.came],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subsequent:
    """The list, its totals, and the money that belongs to no invoice yet."""

    closing_on: dt.date
    until_on: dt.date
    position: int
    lines: tuple[Line, ...]
    totals: Receipts
    on_account_cents: int

    def value(self) -> dict[str, Any]:
        """The shape that other programs read."""
        return {
            "closing_on": self.closing_on, "until_on": self.until_on, "position": self.position,
            "rows": [line.value() for line in self.lines], "totals": self.totals.value(),
            "on_account_cents": self.on_account_cents,
        }  # fmt: skip


def subsequent(
    office: Office, closing: dt.date, until: dt.date, position: int, *, creditor: str | None = None
) -> Subsequent:
    """What was received after a closing date, up to another day, as known at a position.

    Raises:
        Misuse: the second day does not come after the first.
        NotFound: nothing was open.
    """
    if until <= closing:
        raise Misuse(f"what was received after {in_words(closing)} ends on a later day: {in_words(until)} is none")
    office.views.catch_up()
    found, owners = _open(office, Corner(closing, position), creditor)
    if not found:
        raise NotFound(f"no invoice was open on {in_words(closing)}, known at @{position}")
    on_account, later = 0, Corner(until, position)
    debtors = set(owners.values())
    for each in office.views.movements(later, since=closing, creditor=creditor):
        if each.stream in found:
            found[each.stream].move(each.movement.kind, each.movement.cents, each.movement.effective)
        elif each.stream.startswith("debtor:") and each.debtor in debtors and each.movement.kind in _ON_ACCOUNT:
            on_account -= each.movement.cents
    for standing in office.views.standing(later, creditor=creditor):
        if standing.stream in found:
            found[standing.stream].left_cents = _cents(standing.parts)
    totals, lines = Receipts(), []
    for stream, receipts in found.items():
        totals.add(receipts)
        code, name = office.registry.card(owners[stream])
        number = office.registry.number(stream.partition(":")[2], owners[stream])
        lines.append(Line(number, code, name, stream, receipts))
    lines.sort(key=lambda line: (line.debtor, line.number, line.stream))
    return Subsequent(closing, until, position, tuple(lines), totals, on_account)


def _open(office: Office, corner: Corner, creditor: str | None) -> tuple[dict[str, Receipts], dict[str, str]]:
    """The invoices of which something is owed at a corner, and their debtors."""
    found: dict[str, Receipts] = {}
    owners: dict[str, str] = {}
    for each in office.views.standing(corner, creditor=creditor):
        cents = _cents(each.parts)
        if cents > 0 and each.stream.startswith("invoice:"):
            found[each.stream] = Receipts(cents)
            owners[each.stream] = each.debtor
    return found, owners


def _cents(parts: Sequence[tuple[int, int]]) -> int:
    return sum(cents for _, cents in parts)
