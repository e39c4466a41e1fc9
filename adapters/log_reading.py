"""The whole log read row by row: what verification and checks both look for in it.

Memory grows with the number of streams, not of events.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from adapters.evidence import Chain, first_fault, placed, quick_event, told_event
from adapters.store.mapper import microseconds
from adapters.store.sqlite import SQLiteStore
from domain.errors import EvidenceBroken

#: Each check of a log, with what it says of a good one.
LOG_CHECKS: Final = {
    "1-bytes": "{events} events, each in the one form its bytes can have",
    "2-chain": "{streams} streams without a gap, each event naming the one before it; instants never fall",
    "3-positions": "positions 1 to {events} without a gap",
    "4-index": "stream, version, type, instant and act of every row are those of its bytes",
    "5-internal": "every internal part is the one its bytes seal",
    "6-rulebooks": "{laws} rulebooks named, each there under its digest",
    "7-path": "{invoices} invoices, each a path of the chart with the conclusions that follow",
}
_TOLD: Final = 2_000


@dataclass(slots=True)
class LogReading:
    """What the checks of a log keep: the head of each stream, the first fault of each check and how many there were."""

    store: SQLiteStore
    links: Chain = field(default_factory=Chain)
    laws: set[str] = field(default_factory=set)
    faults: dict[str, EvidenceBroken] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    events: int = 0
    stopped: str = ""

    def note(self, name: str, position: int, reason: str) -> None:
        """Keep the fault of a check at its lowest position."""
        self.counts[name] = self.counts.get(name, 0) + 1
        if name not in self.faults or position < self.faults[name].position:
            self.faults[name] = EvidenceBroken(reason, position=position)

    def invoices(self) -> list[str]:
        """The streams of invoices met."""
        return [stream for stream in self.links.heads if stream.startswith("invoice:")]

    def said(self) -> dict[str, str]:
        """What each check says of a log without its fault."""
        counts = {
            "events": self.events,
            "invoices": len(self.invoices()),
            "laws": len(self.laws),
            "streams": len(self.links.heads),
        }
        return {name: words.format(**counts) for name, words in LOG_CHECKS.items()}

    def read(self, *steps: Callable[[], None]) -> "LogReading":
        """Go through the steps; a file that cannot be read further is not whole."""
        try:
            for step in steps:
                step()
        except Exception as error:  # noqa: BLE001 - as above
            self.stopped = f"the log cannot be read further: {type(error).__name__}: {error}"
            self.note("1-bytes", self.events + 1, self.stopped)
        return self

    def rows(self, upto: int | None = None, tell: Callable[[int], None] | None = None) -> None:
        """Checks 1 to 6, one row at a time, up to a position or the head."""
        for position, stream, version, type_, us, act, stored, internal in self.store.index_rows():
            if upto is not None and position > upto:
                break
            if position != self.events + 1:
                self.note("3-positions", position, f"follows position {self.events}")
            self.events = position
            if tell and position % _TOLD == 0:
                tell(position)
            try:
                event = quick_event(position, stored, internal)
            except EvidenceBroken as error:
                self.note("1-bytes", position, error.reason)
                continue
            raw = event.raw
            fault = self.links.fault(raw, event.leaf)
            if fault:
                self.note("2-chain", position, fault)
            index = (raw.stream, raw.version, raw.type, microseconds(event.recorded_at), raw.act)
            if (stream, version, type_, us, act) != index:
                self.note("4-index", position, "the row's columns are not those of its bytes")
            if hashlib.sha256(internal).hexdigest() != raw.internal:
                self.note("5-internal", position, "the internal part is not the one the bytes seal")
            if raw.law and raw.law not in self.laws:
                self.laws.add(raw.law)
                if hashlib.sha256(self.store.rulebook(raw.law) or b"").hexdigest() != raw.law:
                    self.note("6-rulebooks", position, f"the rulebook {raw.law} is missing or changed")

    def paths(self) -> None:
        """Check 7: each invoice's history, read again by itself."""
        for stream in self.invoices():
            version = self.links.heads[stream][0]
            leaves = self.store.select_events(stream, lte=version)
            try:
                events = [placed(leaf.position, leaf.state, told_event) for leaf in leaves]
                found = first_fault(events) if events else None
            except EvidenceBroken as error:
                found = (error.position, error.reason)
            if found:
                self.note("7-path", found[0], f"{stream}: {found[1]}")
