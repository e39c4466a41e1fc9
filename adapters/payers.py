"""How each debtor pays, from the views: one pass over the money of a window, one over what is owed."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import Any

from adapters.bootstrap import Office
from adapters.figures import filled
from adapters.views.questions import Moved
from domain.calendar import add_months, end_of_month
from domain.errors import NotFound, in_words
from domain.history import known
from projections.ageing import open_parts
from projections.corner import Corner
from projections.ledger import UNALLOCATED, UNKNOWN_DAY
from projections.payers import Behaviour, Paid, oldest_days, payments, payments_by_receipt, ranking
from projections.ratio import fixed

_MONEY = ("payment", "reversal", "money", "allocation")


@dataclass(frozen=True, slots=True)
class Payer:
    """A debtor and how it pays."""

    id: str
    creditor: str
    code: str
    name: str
    behaviour: Behaviour

    def value(self, as_of: dt.date) -> dict[str, Any]:
        """The shape that other programs read."""
        how = self.behaviour
        return {
            "debtor": self.code, "name": self.name, "creditor": self.creditor, "received_cents": how.received_cents,
            "without_due_day_cents": how.received_cents - how.dated_cents, "mean_delay_days": _text(how.mean_delay),
            "late_cents": how.late_cents, "late_percent": _text(how.late_percent), "overdue_cents": how.overdue_cents,
            "oldest_overdue_days": oldest_days(how, as_of), "delay_so_far_days": _text(how.delay_so_far),
            "promises_kept": how.kept, "promises_broken": how.broken,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Payers:
    """Debtors, the worst first."""

    corner: Corner
    since: dt.date
    months: int
    rows: list[Payer]

    def value(self) -> dict[str, Any]:
        """The shape that other programs read."""
        return {
            "as_of_on": self.corner.as_of, "position": self.corner.position, "over_months": self.months,
            "from_on": self.since + dt.timedelta(days=1), "to_on": self.corner.as_of,
            "rows": [row.value(self.corner.as_of) for row in self.rows],
        }  # fmt: skip


def _text(value: Fraction | None) -> str | None:
    return None if value is None else fixed(value, 1)


def payers(office: Office, corner: Corner, months: int, *, creditor: str | None = None) -> Payers:
    """How each debtor paid over so many months up to the corner's day, and what is overdue on it.

    Raises:
        NotFound: nothing came in, nothing is overdue, nothing was promised.
    """
    views, day = office.views, corner.as_of.toordinal()
    filled(office)
    since = add_months(corner.as_of, -months)
    if corner.as_of == end_of_month(corner.as_of):  # whole months: from the end of one to the end of another
        since = end_of_month(since)
    found: dict[str, Behaviour] = {}
    odd = set[str]()
    for each in views.standing(corner, creditor=creditor):
        if any(cents < 0 for _, cents in each.parts):
            odd.add(each.stream)
        for due, cents in open_parts(each.parts):
            if UNKNOWN_DAY < due < day:
                _of(found, each.debtor).owe(due, cents, day)
    money = views.movements(corner, since=since, kinds=_MONEY, creditor=creditor)
    for stream, group in groupby(money, key=attrgetter("stream")):
        moved = list(group)
        how = _of(found, moved[0].debtor)
        for due, effective, cents in _paid(office, corner, stream, moved, since.toordinal(), odd=stream in odd):
            how.receive(due, effective, cents)
    for debtor, (kept, broken) in views.promises(corner, creditor=creditor).items():
        how = _of(found, debtor)
        how.kept, how.broken = kept, broken
    card = office.registry.card
    owner = _owners(office)
    rows = [
        Payer(debtor, card(owner[debtor])[0] if debtor in owner else "", *card(debtor), how)
        for debtor, how in found.items()
        if not how.is_silent
    ]
    if not rows:
        raise NotFound(
            f"no money is on record from {in_words(since + dt.timedelta(days=1))} to {in_words(corner.as_of)}, nothing was overdue, nothing promised; "
            f"a longer --over reaches further back"
        )
    rows.sort(key=lambda row: (ranking(row.behaviour), row.creditor, row.code))
    return Payers(corner, since, months, rows)


def _owners(office: Office) -> dict[str, str]:
    """The creditor of each debtor, where there are several."""
    creditors = office.registry.creditors()
    return (
        {debtor: each for each in creditors for debtor in office.registry.debtors(each)} if len(creditors) > 1 else {}
    )


def _of(found: dict[str, Behaviour], debtor: str) -> Behaviour:
    how = found.get(debtor)
    if how is None:
        how = found[debtor] = Behaviour()
    return how


def _paid(
    office: Office, corner: Corner, stream: str, moved: list[Moved], since: int, *, odd: bool
) -> Iterator[tuple[int, int, int]]:
    """Due day, day and cents of what came in on one account after a day."""
    moves = [each.movement for each in moved]
    if moves[0].due == UNALLOCATED:
        yield from ((UNKNOWN_DAY, move.effective, -move.cents) for move in moves)
    elif not odd and all(move.cents < 0 and move.due >= UNKNOWN_DAY for move in moves):  # what was paid, and it fits
        yield from ((move.due, move.effective, -move.cents) for move in moves)
    else:
        yield from (paid for paid in _untangled(office, corner, stream) if paid.effective > since)


def _untangled(office: Office, corner: Corner, stream: str) -> list[Paid]:
    """The payments of an invoice whose ledger names no due day for them, holds more than its price, or saw some come back."""
    day = corner.as_of.toordinal()
    moves = [
        move
        for position, move in office.views.movements_of(stream)
        if position <= corner.position and move.effective <= day
    ]
    found = payments(moves)
    if found is None:
        found = payments_by_receipt(known(office.app.stream(stream).history, corner.position), moves, day)
    return found
