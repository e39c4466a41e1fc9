"""Marks: what a history says besides cents, as sums that can be asked at any corner: cents disputed, promises kept, broken."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from domain.facts.invoicing import DisputeOpened, DisputeSettled, PromiseBroken, PromiseKept
from domain.history import Entry, founding, ordered

DISPUTED: Final = "disputed"
KEPT: Final = "kept"
BROKEN: Final = "broken"


class Mark(NamedTuple):
    """An amount that changed on a day: cents disputed, or a count. Days are ordinals, nil where none is known."""

    what: str
    effective: int
    booked: int
    source: int
    amount: int


def marks(history: Sequence[Entry]) -> list[Mark]:
    """What the entries that stand mark, in the order of the fold."""
    if founding(history) is None:
        return []
    found, disputed = [], 0
    for effective, entry in ordered(history):
        fact, day = entry.fact, effective.toordinal()
        if isinstance(fact, DisputeOpened):
            booked, source = fact.booked_on, fact.source_known_on
            days = (booked.toordinal() if booked else 0, source.toordinal() if source else 0)
            found.append(Mark(DISPUTED, day, *days, fact.cents - disputed))
            disputed = fact.cents
        elif isinstance(fact, DisputeSettled):
            found.append(Mark(DISPUTED, day, 0, 0, -disputed))
            disputed = 0
        elif isinstance(fact, PromiseKept | PromiseBroken):
            found.append(Mark(KEPT if isinstance(fact, PromiseKept) else BROKEN, day, 0, 0, 1))
    return found
