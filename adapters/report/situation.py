"""What every page says of itself: of which day it speaks, what was known, of whose invoices."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from projections.corner import Corner

SCHEME: Final = "d4416"


@dataclass(frozen=True, slots=True)
class Situation:
    """The corner that a report shows, and what was chosen.

    Attributes:
        corner: the day, and the position of the log.
        recorded_at: when that position was recorded.
        creditor: the id of the only creditor shown; nothing: all of them.
        creditors: names of the creditors shown.
        sandbox: the store is a simulation.
        length: characters of an id that name its file.
        waiting: debtors who have money on account that the books gave to no invoice.
    """

    corner: Corner
    recorded_at: dt.datetime
    creditor: str | None
    creditors: tuple[str, ...]
    sandbox: bool
    length: int
    waiting: frozenset[str] = frozenset()

    @property
    def as_of(self) -> dt.date:
        """The day that the report speaks of."""
        return self.corner.as_of

    @property
    def position(self) -> int:
        """The position up to which the log counts."""
        return self.corner.position
