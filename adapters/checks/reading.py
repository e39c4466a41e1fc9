"""A stream as the checks meet it: its events up to a position, told from their bytes."""

import datetime as dt
from collections.abc import Sequence
from functools import cached_property

from adapters.clock import paris_day
from adapters.evidence import Event, placed, told_event
from adapters.store.mapper import Leaf
from domain.errors import EvidenceBroken
from domain.facts.invoicing import InvoiceIssued
from domain.history import Entry, History, founding, standing


class Read:
    """One stream, read once for all checks."""

    def __init__(self, stream: str, events: Sequence[Event], internals: Sequence[bytes], *, goes_on: bool) -> None:
        """Hold the events and internal parts; `goes_on`: more was recorded after the position that is checked."""
        self.stream, self.events, self.internals, self.goes_on = stream, events, internals, goes_on

    @property
    def id(self) -> str:
        """The identity without its kind."""
        return self.stream.partition(":")[2]

    @cached_property
    def entries(self) -> History:
        """The entries that the domain folds."""
        return tuple(Entry(each.raw.version, each.fact, each.position, each.raw.act) for each in self.events)

    @cached_property
    def standing(self) -> list[Entry]:
        """Those not withdrawn."""
        return standing(self.entries)

    @cached_property
    def issued(self) -> InvoiceIssued | None:
        """The issue that stands."""
        return founding(self.entries)

    @cached_property
    def recorded_on(self) -> dict[int, dt.date]:
        """The Paris day on which each version was recorded."""
        return {each.raw.version: paris_day(each.recorded_at) for each in self.events}


def told(stream: str, leaves: Sequence[Leaf], newest: int) -> Read:
    """Tell a stream from its rows.

    Raises:
        EvidenceBroken: a row does not read, or is not of this stream.
    """
    events = [placed(leaf.position, leaf.state, told_event) for leaf in leaves]
    stray = next((each for each in events if each.raw.stream != stream), None)
    if stray:
        raise EvidenceBroken("the row's stream is not that of its bytes", position=stray.position)
    goes_on = bool(leaves) and newest > max(leaf.originator_version for leaf in leaves)
    return Read(stream, events, [leaf.internal for leaf in leaves], goes_on=goes_on)
