"""The file of the views: opened, caught up with the log, rebuilt; read where it cannot be written.

Each version of the tables has a file of its own name. A program that brings a new version builds its file beside the old one,
which serves older programs until the new one is whole, and then goes.
"""

import gc
import hashlib
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from adapters.store.sqlite import SQLiteStore
from adapters.views.fold import Fold
from adapters.views.questions import Questions
from adapters.views.tables import SCHEMA, TABLES, VERSION

BATCH: Final = 100_000
NAME: Final = f"relance.views.{VERSION}.db"
_ANY: Final = "relance.views*.db"
WORKLIST: Final = "relance.worklist.db"
_BESIDE: Final = ("-wal", "-shm")
_STAMP: Final = zlib.crc32(SCHEMA.encode()) >> 1


class Views(Questions):
    """The views of one store."""

    def __init__(self, path: Path, store: SQLiteStore) -> None:
        """Open the file, or make it; where nothing can be written, read what is there and go on in memory."""
        self._path, self._store = path, store
        self._db = self._open()

    def _open(self) -> sqlite3.Connection:
        beside = self._path if self._path.exists() else self._path.parent
        if not (os.access(beside, os.W_OK) and os.access(self._path.parent, os.W_OK)):
            return self._in_memory()
        try:
            return self._made()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            _remove(self._path)  # damaged: nothing is lost, the log rebuilds it
            return self._made()

    def _made(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, isolation_level=None, timeout=30)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = OFF")  # can be rebuilt
        db.execute("PRAGMA cache_size = -65536")
        db.execute("PRAGMA wal_autocheckpoint = 8192")
        if not _is_whole(db):
            db.execute("BEGIN IMMEDIATE")
            if not _is_whole(db):  # nobody was quicker
                _drop_tables(db)
                _make_tables(db)
            db.execute("COMMIT")
        return db

    def _in_memory(self) -> sqlite3.Connection:
        """A copy that goes with the process: what the file holds, as far as it can be read."""
        db = sqlite3.connect("", isolation_level=None)
        for how in ("mode=ro", "immutable=1"):
            with suppress(sqlite3.DatabaseError):
                held = sqlite3.connect(f"{self._path.absolute().as_uri()}?{how}", uri=True)
                try:
                    held.backup(db)
                finally:
                    held.close()
                if _is_whole(db):
                    return db
        db.close()
        db = sqlite3.connect("", isolation_level=None)
        _make_tables(db)
        return db

    @property
    def position(self) -> int:
        """The position of the log at which the views stand."""
        return int(self._db.execute("SELECT value FROM tracking WHERE name = 'position'").fetchone()[0])

    def catch_up(self, *, batch: int = BATCH, progress: Callable[[int], None] | None = None) -> int:
        """Fold the events recorded since; rows and position in the same transaction.

        Returns:
            The position reached.
        """
        position = began = self._sound()
        with _no_collection():
            position = self._caught_up(position, batch, progress)
        if began == 0 < position:
            self._replace_older()
        return position

    def _caught_up(self, position: int, batch: int, progress: Callable[[int], None] | None) -> int:
        while (head := self._store.position()) > position:
            upto = self._store.end_of_command(min(position + batch, head))  # a batch never ends inside a command
            self._db.execute("BEGIN IMMEDIATE")
            try:
                if self.position != position:  # another reader was quicker
                    self._db.execute("ROLLBACK")
                    position = self.position
                    continue
                Fold(self._db, self._store).run(position, upto)
                self._stand_at(upto)
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            position = upto
            if progress:
                progress(position)
        return position

    def _sound(self) -> int:
        """The position, if the event that is there in the log is the one that was folded; else the views begin again.

        A log that was restored from a copy is shorter, or holds other events: what was made of the lost ones goes.
        """
        position = self.position
        kept = self._db.execute("SELECT value FROM tracking WHERE name = 'event'").fetchone()
        if position and kept != (self._event_at(position),):
            self.drop()
            with suppress(OSError):  # where nothing can be written
                _remove(self._path.with_name(WORKLIST))
            return 0
        return position

    def _event_at(self, position: int) -> int | None:
        """A number drawn from the bytes of an event; nothing where the log has none."""
        row = self._store.row_at(position)
        return int.from_bytes(hashlib.sha256(row[1]).digest()[:7], "big") if row else None

    def _stand_at(self, position: int) -> None:
        self._db.execute("UPDATE tracking SET value = ? WHERE name = 'position'", (position,))
        self._db.execute("INSERT OR REPLACE INTO tracking VALUES ('event', ?)", (self._event_at(position),))

    def _replace_older(self) -> None:
        """Once whole, these views replace those of an older version."""
        for older in self._path.parent.glob(_ANY):
            if older != self._path and self._path.name == NAME and _version_of(older) < VERSION:
                _remove(older)

    def drop(self) -> None:
        """Empty the views in one transaction; the next catch-up builds them anew, whoever reads meanwhile.

        A file that is damaged goes.
        """
        try:
            self._db.execute("BEGIN IMMEDIATE")
            _drop_tables(self._db)
            _make_tables(self._db)
            self._db.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "malformed" not in str(error):
                raise
            self._db.close()
            _remove(self._path)
            self._db = self._open()

    def state(self) -> dict[str, Any]:
        """How far they stand and what they hold; `file` is null where they are in memory."""
        count = {name: self._db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("movement", "mark")}
        invoices, accounts = self._db.execute("SELECT total(issued > 0), count(*) FROM account").fetchone()
        kept = bool(self._db.execute("PRAGMA database_list").fetchone()[2])
        return {
            "version": VERSION, "position": self.position, "invoices": int(invoices), "accounts": accounts - int(invoices),
            "movements": count["movement"], "marks": count["mark"], "file": str(self._path) if kept else None,
            "bytes": self._path.stat().st_size if kept else 0,
        }  # fmt: skip

    def close(self) -> None:
        """Close the file."""
        self._db.close()


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without the collector of cycles: a batch makes many small objects, and no cycle."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _is_whole(db: sqlite3.Connection) -> bool:
    """Whether the tables are there, and these ones: a change of them without a new version is noticed too."""
    if db.execute("PRAGMA user_version").fetchone() != (_STAMP,):
        return False
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return tables >= set(TABLES) and bool(db.execute("SELECT 1 FROM tracking WHERE name = 'position'").fetchone())


def _drop_tables(db: sqlite3.Connection) -> None:
    for table in TABLES:
        db.execute(f"DROP TABLE IF EXISTS {table}")


def _make_tables(db: sqlite3.Connection) -> None:
    for statement in SCHEMA.split(";"):
        db.execute(statement)
    db.execute("INSERT INTO tracking VALUES ('position', 0)")
    db.execute(f"PRAGMA user_version = {_STAMP}")


def _version_of(path: Path) -> int:
    """The version that a file's name tells; the first had none."""
    word = path.name.removeprefix("relance.views").removesuffix(".db").lstrip(".")
    return int(word) if word.isdigit() else 1


def _remove(path: Path) -> None:
    for name in (*(f"{path.name}{end}" for end in _BESIDE), path.name):
        path.with_name(name).unlink(missing_ok=True)
