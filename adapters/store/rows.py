"""The rows of a store by a connection that cannot write: all of them, in order, a stretch at a time.

For what must look at everything: checks, reviews of the whole store. Nothing is held but the stretch, and no cursor stays open.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from adapters.store.folder import KEYS, LOG
from adapters.store.mapper import Leaf

STRETCH: Final = 5_000


class Rows:
    """The tables of one store, read only."""

    def __init__(self, folder: Path) -> None:
        self._log = _opened(folder / LOG)
        self._keys = _opened(folder / KEYS)

    def integrity(self) -> Iterator[tuple[str, list[str]]]:
        """What SQLite finds wrong with each file, nothing where it is sound."""
        for name, db in ((LOG, self._log), (KEYS, self._keys)):
            try:
                said = [str(row[0]) for row in db.execute("PRAGMA integrity_check(20)")]
            except sqlite3.DatabaseError as error:
                said = [str(error)]
            yield name, [fault for fault in said if fault != "ok"]

    def streams(self, upto: int) -> Iterator[tuple[int, str]]:
        """The first position and the name of every stream, in the order in which they began."""
        after = 0
        while rows := self._log.execute(
            "SELECT position, stream FROM log WHERE position > ? AND position <= ? AND version = 1 ORDER BY position LIMIT ?",
            (after, upto, STRETCH),
        ).fetchall():
            yield from rows
            after = rows[-1][0]

    def leaves(self, stream: str, upto: int) -> list[Leaf]:
        """The leaves of a stream up to a position, in order."""
        rows = self._log.execute(
            "SELECT stream, version, type, bytes, internal, recorded_us, act, position FROM log"
            " WHERE stream = ? AND position <= ? ORDER BY version, position",
            (stream, upto),
        )
        return [Leaf(*row) for row in rows]

    def newest(self, stream: str) -> int:
        """The newest version of a stream; nil when it has none."""
        row = self._log.execute("SELECT max(version) FROM log WHERE stream = ?", (stream,)).fetchone()
        return int(row[0] or 0)

    def first(self, stream: str) -> tuple[int, bytes] | None:
        """Position and bytes of the first event of a stream."""
        row = self._log.execute(
            "SELECT position, bytes FROM log WHERE stream = ? ORDER BY version LIMIT 1", (stream,)
        ).fetchone()
        return row and (row[0], bytes(row[1]))

    def of_act(self, act: str, upto: int) -> list[str]:
        """The streams in which an act is recorded."""
        rows = self._log.execute("SELECT DISTINCT stream FROM log WHERE act = ? AND position <= ?", (act, upto))
        return [row[0] for row in rows]

    def names(self) -> Iterator[tuple[str, str, bytes, str]]:
        """Every row of the names: kind, creditor, key, stream."""
        last: tuple[object, ...] = ("", "", b"", "")
        while rows := self._log.execute(
            "SELECT kind, creditor, key, stream FROM names WHERE (kind, creditor, key, stream) > (?, ?, ?, ?)"
            " ORDER BY kind, creditor, key, stream LIMIT ?",
            (*last, STRETCH),
        ).fetchall():
            yield from rows
            last = rows[-1]

    def is_named(self, kind: str, creditor: str, key: bytes, stream: str) -> bool:
        """Whether a stream bears a keyed name."""
        row = self._log.execute(
            "SELECT 1 FROM names WHERE kind = ? AND creditor = ? AND key = ? AND stream = ?",
            (kind, creditor, key, stream),
        ).fetchone()
        return row is not None

    def records(self) -> Iterator[tuple[str, str, str]]:
        """Owner, kind and id of every record of the vault."""
        last: tuple[object, ...] = ("", "", "")
        while rows := self._log.execute(
            "SELECT owner, kind, id FROM vault WHERE (owner, kind, id) > (?, ?, ?) ORDER BY owner, kind, id LIMIT ?",
            (*last, STRETCH),
        ).fetchall():
            yield from rows
            last = rows[-1]

    def is_kept(self, owner: str, kind: str, id: str) -> bool:
        """Whether the vault holds a record, readable or not."""
        row = self._log.execute(
            "SELECT 1 FROM vault WHERE owner = ? AND kind = ? AND id = ?", (owner, kind, id)
        ).fetchone()
        return row is not None

    def is_erased(self, owner: str) -> bool:
        """Whether the key of an owner was destroyed on purpose: its row is there, and empty."""
        row = self._keys.execute("SELECT length(wrapped) FROM keys WHERE owner = ?", (owner,)).fetchone()
        return bool(row == (0,))

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self._log.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own names

    def close(self) -> None:
        """Close the files."""
        self._log.close()
        self._keys.close()


def _opened(path: Path) -> sqlite3.Connection:
    """The open file; where its journal cannot be made beside it, as it lies."""
    name = path.absolute().as_uri()
    db = sqlite3.connect(f"{name}?mode=ro", uri=True, isolation_level=None, timeout=30)
    try:
        db.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        db.close()
        db = sqlite3.connect(f"{name}?immutable=1", uri=True, isolation_level=None)
    db.execute("PRAGMA cache_size = -65536")
    return db
