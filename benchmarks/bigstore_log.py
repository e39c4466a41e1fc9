"""The log of the big store, written bare: the envelopes of relance by its own template, without triggers, indexes or journal.

Keyed rows come in no order, so they wait in tables of their own and are put in their place at the end, sorted.
"""

import datetime as dt
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from adapters.store.envelope import SALT_BYTES, encode, instant, leaf_hash
from adapters.store.mapper import microseconds, moment
from adapters.store.sqlite import NameRow, VaultRow
from benchmarks.bigstore_facts import WITHDRAWN, Told

_STRETCH: Final = 20_000
_SALTS: Final = 4_096
_TICK: Final = 7_001
_SECOND: Final = 1_000_000
_KEYS: Final = {"once": "kind, key", "names": "kind, creditor, key, stream", "vault": "owner, kind, id"}
_ASIDE: Final = (
    "SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL ORDER BY rowid"
)
_FAST: Final = ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "cache_size = -131072")
_SAFE: Final = ("locking_mode = NORMAL", "synchronous = FULL", "journal_mode = WAL")


@contextmanager
def bare(path: Path) -> Iterator[sqlite3.Connection]:
    """A log stripped of its triggers and indexes, which it has again, word for word, when all is written.

    Nothing is journalled: a build that was interrupted is thrown away.
    """
    db = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in _FAST:
            db.execute(f"PRAGMA {pragma}")
        aside = db.execute(_ASIDE).fetchall()
        for kind, name, _ in aside:
            db.execute(f"DROP {kind} {name}")
        for table in _KEYS:
            db.execute(f"CREATE TEMP TABLE later_{table} AS SELECT * FROM {table} WHERE 0")  # noqa: S608 - ours
        yield db
        for table, key in _KEYS.items():
            db.execute(f"INSERT INTO {table} SELECT * FROM later_{table} ORDER BY {key}")  # noqa: S608 - ours
            db.execute(f"DROP TABLE later_{table}")
        for _, _, sql in aside:
            db.execute(sql)
        for pragma in _SAFE:
            db.execute(f"PRAGMA {pragma}")
    finally:
        db.close()


class Shape(NamedTuple):
    """What the envelopes of one way to record have in common; `is_once`: the command is kept among what is done once."""

    provenance: str
    law: str | None
    internal: bytes
    is_act: bool = True
    is_once: bool = True


class Head:
    """The end of a stream: its newest version, and that event's leaf hash."""

    __slots__ = ("prev", "stream", "version")

    def __init__(self, stream: str, version: int = 0, prev: str | None = None) -> None:
        self.stream, self.version, self.prev = stream, version, prev


class Log:
    """Writes commands one after the other; each is recorded a little later than the one before."""

    def __init__(self, db: sqlite3.Connection, position: int, actor: str) -> None:
        self._db, self.position, self._actor = db, position, actor
        self._rows: list[tuple[Any, ...]] = []
        self._salts: list[bytes] = []
        self._us, self._second, self._to_second = 0, 0, ""
        self._at, self._command, self._act = "", "", ""
        self._shape = Shape("declared", None, b"")
        self.once: list[tuple[str, bytes]] = []
        self.names: list[NameRow] = []
        self.vault: list[VaultRow] = []

    def goes_on(self, at: dt.datetime) -> None:
        """The clock moves on to an instant, unless it is later already."""
        self._us = max(self._us, microseconds(at))

    def command(self, shape: Shape) -> None:
        """Begin a command."""
        self._us += _TICK
        second, micro = divmod(self._us, _SECOND)
        if second != self._second:
            self._second, self._to_second = second, instant(moment(second * _SECOND))[: -len("000000Z")]
        self._at, self._shape = f"{self._to_second}{micro:06}Z", shape
        command = os.urandom(16)
        self._command, self._act = command.hex(), os.urandom(16).hex() if shape.is_act else ""
        if shape.is_once:
            self.once.append(("command", command))

    def add(self, head: Head, told: list[Told], given: int) -> None:
        """Put facts in their envelopes at the end of a stream; those after the first `given` are concluded."""
        stream, first, shape, salts = head.stream, head.version + 1, self._shape, self._salts
        if len(salts) < len(told):
            drawn = os.urandom(SALT_BYTES * _SALTS)
            salts += [drawn[start : start + SALT_BYTES] for start in range(0, len(drawn), SALT_BYTES)]
        for number, (kind, text) in enumerate(told):
            version, is_derived = first + number, number >= given
            internal = salts.pop() + shape.internal
            act = None if is_derived or kind == WITHDRAWN else self._act or None
            stored = encode(
                text.encode(), kind, stream, version, self._at, self._actor, self._actor, self._command, internal,
                "witnessed" if is_derived else shape.provenance, head.prev, act,
                f"{stream}/{first}" if is_derived and number else None, shape.law, "",
            )  # fmt: skip
            head.version, head.prev = version, leaf_hash(stored)
            self.position += 1
            self._rows.append((self.position, stream, version, kind, self._us, act, stored, internal))
        if len(self._rows) >= _STRETCH:
            self.write()

    def write(self) -> None:
        """Insert what waits."""
        run = self._db.executemany
        self._db.execute("BEGIN")
        run("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?)", self._rows)
        run("INSERT INTO later_once VALUES (?, ?)", self.once)
        run("INSERT INTO later_names VALUES (?, ?, ?, ?)", self.names)
        run("INSERT INTO later_vault VALUES (?, ?, ?, ?)", self.vault)
        self._db.execute("COMMIT")
        for rows in (self._rows, self.once, self.names, self.vault):
            rows.clear()
