"""Checks of the log itself: its rows against their bytes, its chain, the rulebooks that it names."""

import hashlib
from typing import ClassVar

from adapters.checks.bench import Bench
from adapters.checks.check import VERIFY, Check, Finding, Unable
from adapters.checks.reading import Read
from domain.facts.parties import PolicyAdopted


class _OfRows(Check):
    """Some of the checks that reading every row makes."""

    names: ClassVar[tuple[str, ...]]
    said: ClassVar[str]

    def finish(self) -> str:
        """The first fault of each, and how many there were."""
        log = self.bench.log()
        for name in self.names:
            fault, count = log.faults.get(name), log.counts.get(name, 0)
            if fault:
                more = f" (the first of {count} rows)" if count > 1 else ""
                self.find(Finding(fault.reason + more, VERIFY, position=fault.position or None))
        if log.stopped and "1-bytes" not in self.names:
            raise Unable(log.stopped)
        return self.said.format(events=log.events, streams=len(log.links.heads), laws=len(log.laws))


class Index(_OfRows):
    """The columns that searches rest on."""

    id = "index"
    compares = "stream, version, type, instant and act of each row of the log, and its bytes"
    names = ("4-index",)
    said = "the columns of {events} rows are those of their bytes"


class Log(_OfRows):
    """The bytes, their chain, the internal parts."""

    id = "log"
    compares = (
        "each event and the one form its bytes can have, the event before it, the positions (no gap), the instants (never falling)"
        " and its internal part"
    )
    names = ("1-bytes", "2-chain", "3-positions", "5-internal")
    said = "{events} events of {streams} streams: bytes, chain, positions, instants and internal parts agree"


class Rulebooks(_OfRows):
    """Law tables and policies."""

    id = "rulebooks"
    compares = "each law table that judged an event and each policy adopted, and the text kept under its digest"
    names = ("6-rulebooks",)
    said = "{laws} law tables named"
    kinds = ("creditor",)

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.policies: set[str] = set()

    def meet(self, read: Read) -> None:
        """The policies that a creditor adopted."""
        for event in read.events:
            if isinstance(event.fact, PolicyAdopted):
                self.policies.add(event.fact.policy)
                text = self.bench.store.rulebook(event.fact.policy)
                if text is None or hashlib.sha256(text).hexdigest() != event.fact.policy:
                    what = f"the policy {event.fact.policy[:16]} is {'missing' if text is None else 'changed'}"
                    self.find(
                        Finding(what, VERIFY, position=event.position, stream=read.stream, label=self.bench.label(read))
                    )

    def finish(self) -> str:
        """The law tables, then how many policies."""
        return f"{super().finish()}, {len(self.policies)} policies adopted, each there under its digest"
