"""A corner of the two times: what stood on a day, by the facts known at a position of the log."""

import datetime as dt
from typing import Literal, NamedTuple

Basis = Literal["effective", "booked"]
Knowledge = Literal["recorded", "source"]


class Corner(NamedTuple):
    """The day asked about and what was known of it.

    Attributes:
        as_of: facts count up to this day.
        position: the log counts up to this position.
        basis: by the day a fact took effect, or by the accounting day it was booked on, where the source gave one.
        known_on: where given, a fact counts from the day its source system knew it (from the position, where the source
            gave none): the past of an imported ledger as its keeper saw it.
    """

    as_of: dt.date
    position: int
    basis: Basis = "effective"
    known_on: dt.date | None = None

    @property
    def is_plain(self) -> bool:
        """By effective days and by positions of the log, as most questions are."""
        return self.basis == "effective" and self.known_on is None

    @property
    def knowledge(self) -> Knowledge:
        """By what the knowledge is counted."""
        return "source" if self.known_on else "recorded"
