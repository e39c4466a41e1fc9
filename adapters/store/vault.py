"""What may be erased: parties, references, documents, encrypted under a key per owner kept in a file of its own.

A record is sealed in the log as SHA-256(salt || bytes); the salt lies in the record. Destroying the owner's key destroys
the record and its salt, and leaves every proof standing.
"""

import hashlib
import hmac
import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.store.envelope import SALT_BYTES, canonical
from adapters.store.sqlite import SQLiteStore, VaultRow
from domain.errors import EvidenceBroken, InvalidInput, NotFound

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
IDENTITY: Final = "identity"
STORE: Final = "store"

compact_json: Final = msgspec.json.Encoder().encode
#: Where SQLite counts the writes of a file, in its first page.
_COUNTER_AT, _COUNTER_BYTES = 24, 4
#: Erasures begun: the key is destroyed and the rows deleted once the log says so, by whoever opens the store next if need be.
_ERASING: Final = (
    "CREATE TABLE IF NOT EXISTS erasing (owner TEXT NOT NULL PRIMARY KEY, streams TEXT NOT NULL) STRICT, WITHOUT ROWID"
)
_SCHEMA: Final = "CREATE TABLE keys (owner TEXT NOT NULL PRIMARY KEY, wrapped BLOB NOT NULL) STRICT, WITHOUT ROWID"


class KeyRing:
    """The key file: one wrapped key per owner, opened by the master key.

    An erased owner keeps an empty row, so that no new key is ever drawn in its name.
    """

    def __init__(self, path: Path, master: bytes) -> None:
        if not path.is_file():
            msg = f"{path} is missing: without the keys, names and documents cannot be read"
            raise NotFound(msg)
        self._master = AESGCM(master)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._db.execute("PRAGMA secure_delete = ON")
        self._open: dict[str, AESGCM] = {}
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._seen = self.writes

    @property
    def writes(self) -> bytes:
        """How often the file was written, by whatever process: four bytes of a page in memory, for next to nothing."""
        return os.pread(self._file, _COUNTER_BYTES, _COUNTER_AT)

    @staticmethod
    def create(path: Path, master: bytes) -> None:
        """Make the key file, readable by its owner only, with the identity key and the store's."""
        path.touch(mode=0o600)
        db = sqlite3.connect(path, isolation_level=None)
        try:
            db.execute(_SCHEMA)
        finally:
            db.close()
        ring = KeyRing(path, master)
        ring.ensure([IDENTITY, STORE])
        ring.close()

    def ensure(self, owners: Iterable[str]) -> None:
        """Draw the keys that are missing; durable when this returns, so before the append that needs them."""
        missing = [owner for owner in dict.fromkeys(owners) if owner not in self._open and self._wrapped(owner) is None]
        if not missing:
            return
        rows = []
        for owner in missing:
            nonce = os.urandom(NONCE_BYTES)
            rows.append((owner, nonce + self._master.encrypt(nonce, os.urandom(KEY_BYTES), owner.encode())))
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", rows)
        self._db.execute("COMMIT")

    def key(self, owner: str) -> bytes:
        """A key in clear.

        Raises:
            NotFound: it was destroyed, or never drawn.
            InvalidInput: the master key is not the one that wrapped it.
        """
        wrapped = self._wrapped(owner)
        if not wrapped:  # never drawn, or a tombstone
            msg = "the key is gone: erased, or kept elsewhere"
            raise NotFound(msg)
        try:
            return self._master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], owner.encode())
        except InvalidTag:
            reason = "the master key does not open this store's keys"
            raise InvalidInput(reason) from None

    def cipher(self, owner: str) -> AESGCM:
        """The cipher of an owner; a key that another process destroyed meanwhile is not used again.

        Raises:
            NotFound, InvalidInput: as `key`.
        """
        writes = os.pread(self._file, _COUNTER_BYTES, _COUNTER_AT)
        if self._seen != writes:
            self._seen = writes
            self._open.clear()
        if owner not in self._open:
            self._open[owner] = AESGCM(self.key(owner))
        return self._open[owner]

    # Erasing

    def begin_erasing(self, owner: str, streams: Sequence[str]) -> None:
        """Note, durably, that the key of an owner is to go, with the names of some streams, once the log says so."""
        self._db.execute(_ERASING)
        self._db.execute("INSERT OR REPLACE INTO erasing VALUES (?, ?)", (owner, compact_json(list(streams)).decode()))

    def erasing(self) -> dict[str, list[str]]:
        """The erasures begun and not ended: owner, and the streams whose names go."""
        table = self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'erasing'").fetchone()
        if table is None:
            return {}
        return {
            owner: json.loads(text) for owner, text in self._db.execute("SELECT owner, streams FROM erasing").fetchall()
        }

    def destroy(self, owner: str) -> None:
        """Overwrite the key of an owner by an empty one, for good."""
        self._open.pop(owner, None)
        self._db.execute("INSERT OR REPLACE INTO keys VALUES (?, x'')", (owner,))

    def end_erasing(self, owner: str) -> None:
        """Forget an erasure: done, or never recorded."""
        self._db.execute("DELETE FROM erasing WHERE owner = ?", (owner,))

    def is_destroyed(self, owner: str) -> bool:
        """Whether the key of an owner was destroyed."""
        return self._wrapped(owner) == b""

    def destroyed(self) -> frozenset[str]:
        """The owners whose keys were destroyed."""
        rows = self._db.execute("SELECT owner FROM keys WHERE wrapped = x''").fetchall()
        return frozenset(owner for (owner,) in rows)

    def _wrapped(self, owner: str) -> bytes | None:
        row = self._db.execute("SELECT wrapped FROM keys WHERE owner = ?", (owner,)).fetchone()
        return row and bytes(row[0])

    def close(self) -> None:
        """Close the file."""
        self._db.close()
        if self._file >= 0:  # after it: closing any descriptor of a file drops the locks that SQLite holds on it
            os.close(self._file)
            self._file = -1


class Vault:
    """Reads and writes records, and makes the keyed names and identifiers that say nothing to an outsider."""

    def __init__(self, store: SQLiteStore, keys: KeyRing) -> None:
        self._store, self.keys = store, keys
        self._identity = hmac.new(keys.key(IDENTITY), digestmod="sha256")

    def name_key(self, *parts: str) -> bytes:
        """The keyed hash of a list of words: first 16 bytes of HMAC-SHA256 over its canonical JSON."""
        mac = self._identity.copy()
        mac.update(compact_json(parts))
        return mac.digest()[:16]

    @property
    def writes(self) -> bytes:
        """Changes whenever a key was drawn or destroyed: what was read under it is to be read again."""
        return self.keys.writes

    def ensure(self, owners: Iterable[str]) -> None:
        """Draw missing keys of owners, durably."""
        self.keys.ensure(owners)

    def row(self, owner: str, kind: str, id: str, plain: bytes) -> VaultRow:
        """A record encrypted under its owner's key, bound to owner, kind and id."""
        nonce = os.urandom(NONCE_BYTES)
        return owner, kind, id, nonce + self.keys.cipher(owner).encrypt(nonce, plain, f"{owner}|{kind}|{id}".encode())

    def sealed(self, owner: str, kind: str, record: dict[str, Any]) -> tuple[str, VaultRow]:
        """A record with a fresh salt: its digest, for the fact, and its row, stored under that digest."""
        return self.sealed_bytes(owner, kind, canonical(record))

    def read(self, owner: str, kind: str, id: str) -> bytes | None:
        """The plain bytes of a record; nothing when there is none, or its key is destroyed.

        Raises:
            EvidenceBroken: the ciphertext was changed, or moved from another row.
        """
        data = self._store.vault_row(owner, kind, id)
        if data is None:
            return None
        try:
            return self.keys.cipher(owner).decrypt(
                data[:NONCE_BYTES], data[NONCE_BYTES:], f"{owner}|{kind}|{id}".encode()
            )
        except NotFound:
            return None
        except InvalidTag:
            reason = f"the vault record {kind} {id} does not open: it was changed or moved"
            raise EvidenceBroken(reason) from None

    def sealed_bytes(self, owner: str, kind: str, content: bytes) -> tuple[str, VaultRow]:
        """Exact bytes with a fresh salt: their digest, for the fact, and their row, stored under that digest."""
        plain = os.urandom(SALT_BYTES) + content
        digest = hashlib.sha256(plain).hexdigest()
        return digest, self.row(owner, kind, digest, plain)

    def opened(self, owner: str, kind: str, digest: str) -> tuple[bytes, dict[str, Any]] | None:
        """Salt and content of a sealed record, checked against its digest.

        Raises:
            EvidenceBroken: the record is not the one that was sealed.
        """
        found = self.opened_bytes(owner, kind, digest)
        return found and (found[0], json.loads(found[1]))

    def opened_bytes(self, owner: str, kind: str, digest: str) -> tuple[bytes, bytes] | None:
        """Salt and exact bytes of what was sealed, checked against the digest.

        Raises:
            EvidenceBroken: they are not what was sealed.
        """
        plain = self.read(owner, kind, digest)
        if plain is None:
            return None
        if hashlib.sha256(plain).hexdigest() != digest:
            reason = f"the vault record {kind} {digest} is not the one sealed in the log"
            raise EvidenceBroken(reason)
        return plain[:SALT_BYTES], plain[SALT_BYTES:]

    def close(self) -> None:
        """Close the key file."""
        self.keys.close()
