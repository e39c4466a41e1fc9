"""What is kept of the seal in the database besides the tree: name, keys, checkpoints, cosignatures."""

import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from adapters.seal.checkpoint import Checkpoint, checkpoint_of
from adapters.seal.log import ID
from adapters.seal.note import Key, Note, Signature, read_key, read_note, read_signatures


@dataclass(frozen=True)
class Kept:
    """A checkpoint as it was signed."""

    number: int
    size: int
    signed_us: int
    raw: bytes

    @cached_property
    def note(self) -> Note:
        """The note."""
        return read_note(self.raw, file=f"checkpoint {self.number}")

    @cached_property
    def checkpoint(self) -> Checkpoint:
        """What it signs."""
        return checkpoint_of(self.note, file=f"checkpoint {self.number}")


class Seals:
    """Rows beside the tree; written only in a transaction that is open."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def id(self) -> str | None:
        """The identifier of the store; nothing before it is sealed."""
        row = self.db.execute("SELECT value FROM settings WHERE name = ?", (ID,)).fetchone()
        return row and str(row[0])

    def origin(self) -> str | None:
        """The name under which the log signs."""
        id = self.id()
        return f"relance/{id}" if id else None

    def name(self) -> str:
        """The same, drawn where there is none."""
        if self.id() is None:
            self.db.execute("INSERT INTO settings VALUES (?, ?)", (ID, secrets.token_hex(16)))
        return f"relance/{self.id()}"

    def keys(self) -> list[Key]:
        """The keys of the log, oldest first."""
        return [read_key(row[0]) for row in self._all("SELECT vkey FROM log_key ORDER BY number")]

    def keep_key(self, key: Key, us: int) -> None:
        """Keep a key of the log."""
        self.db.execute("INSERT INTO log_key SELECT coalesce(max(number), 0) + 1, ?, ? FROM log_key", (str(key), us))

    def last(self) -> Kept | None:
        """The checkpoint signed last."""
        return next(
            self._kept("SELECT number, size, signed_us, note FROM checkpoint ORDER BY number DESC LIMIT 1"), None
        )

    def of_size(self, size: int) -> Kept | None:
        """The checkpoint of a size."""
        return next(self._kept("SELECT number, size, signed_us, note FROM checkpoint WHERE size = ?", (size,)), None)

    def checkpoints(self) -> Iterator[Kept]:
        """Every checkpoint, oldest first."""
        yield from self._kept("SELECT number, size, signed_us, note FROM checkpoint ORDER BY number")

    def keep(self, size: int, us: int, note: Note) -> Kept:
        """Keep a checkpoint."""
        last = self.last()
        kept = Kept(last.number + 1 if last else 1, size, us, str(note).encode())
        self.db.execute("INSERT INTO checkpoint VALUES (?, ?, ?, ?)", (kept.number, size, us, kept.raw))
        return kept

    def cosignatures(self, number: int) -> list[tuple[Key, Signature]]:
        """What witnesses signed of a checkpoint, with their keys."""
        rows = self._all("SELECT vkey, line FROM cosignature WHERE checkpoint = ? ORDER BY vkey", (number,))
        return [(read_key(vkey), read_signatures(line)[0]) for vkey, line in rows]

    def keep_cosignature(self, number: int, key: Key, signature: Signature) -> bool:
        """Keep a cosignature, unless the witness gave one already."""
        if any(known == key for known, _ in self.cosignatures(number)):
            return False
        self.db.execute("INSERT INTO cosignature VALUES (?, ?, ?)", (number, str(key), str(signature)))
        return True

    def published(self, kept: Kept) -> bytes:
        """The note with what witnesses added."""
        lines = "".join(f"{signature}\n" for _, signature in self.cosignatures(kept.number))
        return kept.raw + lines.encode()

    def _kept(self, sql: str, values: tuple[object, ...] = ()) -> Iterator[Kept]:
        yield from (Kept(*row) for row in self._all(sql, values))

    def _all(self, sql: str, values: tuple[object, ...] = ()) -> list[Any]:
        """Rows; none where the store has no seal yet."""
        try:
            return self.db.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            return []
