"""What an erasure destroys once the log says that it was made, in steps that may be cut off and taken again.

    1. the key of the owner is overwritten: what it opened is noise from here on, wherever a copy of the rows lies;
    2. the rows of the vault under it, and the keyed names of its streams, are deleted, their pages overwritten;
    3. the journal is folded into the file and emptied, so that no older page is left beside it;
    4. the note that the erasure was begun is removed.

The note is written under the write lock, before the append that records the erasure. Whoever opens the store and finds a note
goes on: the steps are taken if the log holds the erasure, else nothing had happened and the note goes.
"""

import json
import sqlite3
from pathlib import Path
from typing import Final

from adapters.store.sqlite import SQLiteStore
from adapters.store.vault import KeyRing

ERASED: Final = "relance.PersonalDataErased.1"
WAITS_MS: Final = 2_000


def finish(store: SQLiteStore, keys: KeyRing, *, wait_ms: int = WAITS_MS) -> list[str]:
    """Take the steps that remain of every erasure begun.

    Returns:
        The owners of whom steps 2 to 4 are left, because another program writes or reads: the next to open the store takes them.
    """
    if store.read_only:
        return []
    for owner in keys.erasing():
        if is_recorded(store, owner) and not keys.is_destroyed(owner):
            keys.destroy(owner)
    if not keys.erasing():
        return []
    db = _connected(store.path, wait_ms)
    try:
        _clean(db, store, keys)
    except sqlite3.OperationalError:  # somebody writes: the notes stay
        pass
    finally:
        db.close()
    return list(keys.erasing())


def _clean(db: sqlite3.Connection, store: SQLiteStore, keys: KeyRing) -> None:
    """Steps 2 to 4, under the write lock: nobody is between a note and the append that it announces."""
    db.execute("BEGIN IMMEDIATE")
    begun = keys.erasing()
    destroyed = [owner for owner in begun if keys.is_destroyed(owner)]
    for owner in destroyed:
        delete(db, owner, begun[owner])
    for owner in begun.keys() - destroyed:
        if not is_recorded(store, owner):
            keys.end_erasing(owner)
    db.execute("COMMIT")
    if destroyed and emptied(db):
        for owner in destroyed:
            keys.end_erasing(owner)


def is_recorded(store: SQLiteStore, owner: str) -> bool:
    """Whether the log holds the erasure of an owner."""
    leaves = store.select_events(f"debtor:{owner}", desc=True)
    return any(leaf.topic == ERASED for leaf in leaves)


def held(store: SQLiteStore, owner: str) -> dict[str, int]:
    """How many records the vault holds under the key of an owner, by their kind."""
    db = _connected(store.path, WAITS_MS)
    try:
        rows = db.execute("SELECT kind, count(*) FROM vault WHERE owner = ? GROUP BY kind ORDER BY kind", (owner,))
        return dict(rows.fetchall())
    finally:
        db.close()


def streams_like(store: SQLiteStore, kind: str, beginning: str) -> list[str]:
    """The streams of a kind whose id begins so: what is left to ask by, once its name was erased."""
    how = "immutable=1" if store.read_only else "mode=ro"
    db = sqlite3.connect(f"{store.path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)
    try:
        rows = db.execute(
            "SELECT stream FROM log WHERE stream >= ? AND stream < ? AND version = 1 ORDER BY stream",
            (f"{kind}:{beginning}", f"{kind}:{beginning}g"),
        )
        return [row[0] for row in rows.fetchall()]
    finally:
        db.close()


def delete(db: sqlite3.Connection, owner: str, streams: list[str]) -> None:
    """Delete the records of an owner and the names of its streams."""
    db.execute("DELETE FROM vault WHERE owner = ?", (owner,))
    db.execute("DELETE FROM names WHERE stream IN (SELECT value FROM json_each(?))", (json.dumps(streams),))


def emptied(db: sqlite3.Connection) -> bool:
    """Fold the journal into the file; nothing of it is left, unless another program reads."""
    (busy, _, _) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return int(busy) == 0


def _connected(path: Path, wait_ms: int) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute(f"PRAGMA busy_timeout = {wait_ms}")
    db.execute("PRAGMA secure_delete = ON")
    db.execute("PRAGMA synchronous = FULL")
    return db
