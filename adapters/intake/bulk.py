"""Facts of many streams made rows of the log at full speed: the same envelope, by the same template, without the objects."""

import hashlib
import os
from typing import Any, Final

from adapters.application import Relance, new_id
from adapters.store.envelope import SALT_BYTES, encode, fact_bytes, instant, internal_part, leaf_hash
from adapters.store.mapper import microseconds, storable
from adapters.store.sqlite import Beside, NameRow, VaultRow
from domain.facts.fact import Fact

_EMPTY: Final = internal_part()[SALT_BYTES:]


class Batch:
    """What one transaction of an import will hold."""

    def __init__(self, app: Relance) -> None:
        self.app = app
        self.streams: list[tuple[str, str, list[Fact], bool]] = []
        self.events = 0
        self.once: list[tuple[str, bytes]] = []
        self.names: list[NameRow] = []
        self.records: list[VaultRow] = []

    def add(self, stream: str, facts: list[Fact], *, onto: bool = False) -> None:
        """The facts of a new stream, given and concluded, from version 1, under one command; or `onto` one on record."""
        self.streams.append((stream, new_id(), facts, onto))
        self.events += len(facts)

    def write(self) -> int:
        """Append everything in one transaction; nothing at all when it fails.

        Returns:
            How many events.
        """
        if not (self.streams or self.once):
            return 0
        actor = self.app.actor
        with self.app.store.writing(self.app.clock.now()) as tail:
            recorded_at, us = instant(tail.recorded_at), microseconds(tail.recorded_at)
            salts = os.urandom(SALT_BYTES * self.events)
            rows: list[tuple[Any, ...]] = []
            settled: set[type[Fact]] = set()
            position = tail.position
            heads: dict[str, tuple[int, str | None]] = {}
            for stream, command, facts, onto in self.streams:
                first, prev = 1, None
                if onto:
                    first, prev = heads.get(stream) or self._head(stream)
                for version, fact in enumerate(facts, start=first):
                    if type(fact) not in settled:
                        storable(fact, stream)
                        settled.add(type(fact))
                    offset = (position - tail.position) * SALT_BYTES
                    internal = salts[offset : offset + SALT_BYTES] + _EMPTY
                    derived = fact.role == "conclusion"
                    stored = encode(
                        fact_bytes(fact), fact.stored_type, stream, version, recorded_at, actor, actor, command, internal,
                        "witnessed" if derived else "imported", prev, None, f"{stream}/{first}" if derived else None, None, "",
                    )  # fmt: skip
                    prev = leaf_hash(stored)
                    position += 1
                    rows.append((position, stream, version, fact.stored_type, us, None, stored, internal))
                if onto:
                    heads[stream] = (first + len(facts), prev)
            self.app.store.insert_rows(rows, Beside(sorted(self.once), sorted(self.names), sorted(self.records)))
        return len(rows)

    def _head(self, stream: str) -> tuple[int, str | None]:
        """The next version of a stream, and the leaf hash that its event will call `prev`."""
        newest = self.app.store.select_events(stream, desc=True, limit=1)
        return (newest[0].originator_version + 1, leaf_hash(newest[0].state)) if newest else (1, None)


def digest(*words: str) -> bytes:
    """A short digest of words, to tell lines of one file apart."""
    return hashlib.blake2b("\x1f".join(words).encode(), digest_size=16).digest()
