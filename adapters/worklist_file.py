"""Outlooks kept beside the views, in a file that can be dropped at any time: what a pass over a portfolio need not load again.

Each row says of which version of an invoice it is, by which law and which policy, and on which days it holds. It holds opaque
identifiers, days, amounts and texts of law; no name.
"""

import hashlib
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final, NamedTuple

NAME: Final = "relance.worklist.db"
#: Raised when the rows change their form.
FORMAT: Final = 1
_ID: Final = 32
_BESIDE: Final = ("", "-wal", "-shm", "-journal")
_SCHEMA: Final = (
    """CREATE TABLE IF NOT EXISTS outlook (stream TEXT PRIMARY KEY, version INTEGER NOT NULL, creditor TEXT NOT NULL,
    debtor TEXT NOT NULL, stamp BLOB NOT NULL, moment BLOB NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    settled INTEGER NOT NULL, concludes INTEGER NOT NULL, loud INTEGER NOT NULL, body BLOB NOT NULL) STRICT, WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS stirring ON outlook (loud, moment, first, last, concludes, stamp, debtor)",
    "CREATE TABLE IF NOT EXISTS whole (position INTEGER NOT NULL, streams BLOB NOT NULL) STRICT",
)


class Row(NamedTuple):
    """An outlook as it is kept. Days are ordinals.

    Attributes:
        stream: of which invoice.
        version: at which version.
        creditor: whose.
        debtor: on whom.
        stamp: digest of the law and of the policy that it was computed by.
        moment: of one that holds at one moment only, the digest of that moment; else nothing.
        first: the first day on which it holds.
        last: the last one.
        settled: the day from which its deadlines hold.
        concludes: the first day whose recording concludes something; beyond all days where none does.
        loud: whether a pass of such a day has something to do or to say of it.
        body: the outlook.
    """

    stream: str
    version: int
    creditor: str
    debtor: str
    stamp: bytes
    moment: bytes
    first: int
    last: int
    settled: int
    concludes: int
    loud: int
    body: bytes


class Book:
    """The file; in memory where the folder cannot be written. Whatever goes wrong with it costs time, never a result."""

    def __init__(self, path: Path) -> None:
        """Open the file, make it, or make it anew where it is damaged or of another form."""
        self._path = path
        self._db = self._opened()

    def _opened(self) -> sqlite3.Connection:
        if not os.access(self._path if self._path.exists() else self._path.parent, os.W_OK):
            return self._in_memory()
        for _ in range(2):
            try:
                return self._made()
            except sqlite3.OperationalError:  # somebody else is making it, or nothing can be written
                return self._in_memory()
            except sqlite3.DatabaseError:  # damaged
                with suppress(OSError):
                    for end in _BESIDE:
                        self._path.with_name(self._path.name + end).unlink(missing_ok=True)
        return self._in_memory()

    def _made(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, isolation_level=None, timeout=5)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = OFF")  # can be rebuilt
            if db.execute("PRAGMA user_version").fetchone() != (FORMAT,):
                db.execute("BEGIN IMMEDIATE")
                for table in ("outlook", "whole"):
                    db.execute(f"DROP TABLE IF EXISTS {table}")
                for statement in _SCHEMA:
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {FORMAT}")
                db.execute("COMMIT")
            try:
                db.execute("SELECT stream, body, streams FROM outlook, whole LIMIT 1").fetchone()
            except sqlite3.OperationalError as error:  # its tables are others
                raise sqlite3.DatabaseError(error) from None
        except BaseException:
            db.close()
            raise
        return db

    def _in_memory(self) -> sqlite3.Connection:
        db = sqlite3.connect(":memory:", isolation_level=None)
        for statement in _SCHEMA:
            db.execute(statement)
        return db

    def whole(self, position: int) -> list[str] | None:
        """The invoices of a pass, in its order, if every one has a row of its newest version at that position of the log."""
        try:
            row = self._db.execute("SELECT streams FROM whole WHERE position = ?", (position,)).fetchone()
        except sqlite3.DatabaseError:
            return None
        if row is None:
            return None
        ids = row[0].hex()
        return [f"invoice:{ids[at : at + _ID]}" for at in range(0, len(ids), _ID)]

    def rows(self) -> dict[str, Row] | None:
        """Every row, by stream; nothing where they cannot be read."""
        return self._read("SELECT * FROM outlook", ())

    def stirring(self, on: int, today: int, stamps: Collection[bytes]) -> dict[str, Row] | None:
        """The rows of a pass that may have something to do or to say: all but those that are known to be quiet on the day."""
        kept = ", ".join("?" * len(stamps))
        sql = f"""SELECT * FROM outlook WHERE loud OR moment <> x'' OR first > ? OR last < ? OR concludes <= ?
            OR stamp NOT IN ({kept})"""  # noqa: S608 - marks only
        return self._read(sql, (on, on, today, *stamps))

    def _read(self, sql: str, values: Sequence[object]) -> dict[str, Row] | None:
        try:
            return {row[0]: Row._make(row) for row in self._db.execute(sql, values)}
        except sqlite3.DatabaseError:
            self.drop()
            return None

    def save(
        self, rows: Iterable[Row], gone: Sequence[str] = (), whole: tuple[int, Sequence[str]] | None = None
    ) -> None:
        """Keep rows, let go of those of other streams, say at which position all is there; nothing where another program writes."""
        names = Row._fields
        fresh = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
        sql = f"""INSERT INTO outlook VALUES ({", ".join("?" * len(names))}) ON CONFLICT (stream) DO UPDATE SET {fresh}
            WHERE excluded.version >= outlook.version"""  # noqa: S608 - ours; what another program saw since stays
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(sql, rows)
            self._db.executemany("DELETE FROM outlook WHERE stream = ?", ((stream,) for stream in gone))
            if whole or gone:
                self._db.execute("DELETE FROM whole")
            if whole:
                streams = bytes.fromhex("".join(stream.partition(":")[2] for stream in whole[1]))
                self._db.execute("INSERT INTO whole VALUES (?, ?)", (whole[0], streams))
            self._db.execute("COMMIT")
        except sqlite3.DatabaseError:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def drop(self) -> None:
        """Throw every row away."""
        with suppress(sqlite3.DatabaseError):
            self._db.close()
        with suppress(OSError):
            for end in _BESIDE:
                self._path.with_name(self._path.name + end).unlink(missing_ok=True)
        self._db = self._opened()

    def close(self) -> None:
        """Close the file."""
        self._db.close()


@cache
def law_digest(added: bytes) -> str:
    """Digest of all that an outlook is computed by: the rules and the parameters as installed, and what a user added to them."""
    whole = hashlib.sha256(added)
    for name, content in sorted(_files(resources.files("domain"), "domain")):
        whole.update(f"{name} {len(content)}\n".encode() + content)
    for name in ("outlook.py", "worklist.py"):
        whole.update(resources.files("projections").joinpath(name).read_bytes())
    return whole.hexdigest()


def _files(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for each in folder.iterdir():
        if each.is_dir() and each.name != "__pycache__":
            yield from _files(each, f"{name}/{each.name}")
        elif each.name.endswith((".py", ".toml")):
            yield f"{name}/{each.name}", each.read_bytes()
