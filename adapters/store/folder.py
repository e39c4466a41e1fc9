"""A store as a folder: log, keys, views. Made by `init`, opened by every other command."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.store.shredding import finish
from adapters.store.sqlite import SQLiteStore
from adapters.store.vault import KEY_BYTES, KeyRing, Vault
from domain.errors import InvalidInput, Misuse, NotFound

LOG: Final = "relance.db"
KEYS: Final = "relance.keys"
MASTER: Final = "relance.master"
MASTER_VARIABLE: Final = "RELANCE_MASTER_KEY"


@dataclass(frozen=True, slots=True)
class Folder:
    """An open store."""

    path: Path
    store: SQLiteStore
    vault: Vault

    @property
    def is_sandbox(self) -> bool:
        """Made for trials: its clock may be set, and everything it exports says so."""
        return self.store.setting("sandbox") == "yes"

    def close(self) -> None:
        """Close its files."""
        self.vault.close()
        self.store.close()


def create(path: Path, *, sandbox: bool = False, master: Path | None = None) -> None:
    """Make a store in a new or empty folder; the log file comes last, so an interrupted `init` leaves no store.

    Raises:
        Misuse: the folder holds a store, or something else.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        holds = "a store already" if (path / LOG).exists() else "something else"
        msg = f"{path} holds {holds}; name a new or empty folder"
        raise Misuse(msg)
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    if not (master and master.exists()) and not (master is None and os.environ.get(MASTER_VARIABLE)):
        _write_secret(master or path / MASTER, os.urandom(KEY_BYTES).hex())
    KeyRing.create(path / KEYS, _read_secret(path, master))
    draft = path / f"{LOG}.new"
    SQLiteStore.create(draft, {"sandbox": "yes" if sandbox else "no"})
    draft.rename(path / LOG)


def open_folder(path: Path, *, master: Path | None = None) -> Folder:
    """Open a store; one that cannot be written is opened for reading.

    Raises:
        NotFound: no store there, or its keys are missing.
        InvalidInput: not a store of this version, or the wrong master key.
    """
    log = path / LOG
    read_only = log.exists() and not (os.access(log, os.W_OK) and os.access(path, os.W_OK))
    store = SQLiteStore(log, read_only=read_only)
    try:
        keys = KeyRing(path / KEYS, _read_secret(path, master))
        finish(store, keys, wait_ms=0)  # an erasure that was cut off
        return Folder(path, store, Vault(store, keys))
    except BaseException:
        store.close()
        raise


def _write_secret(path: Path, text: str) -> None:
    """Write a key that only its owner reads, down to the disk: everything in the vault hangs on it."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read_secret(folder: Path, master: Path | None) -> bytes:
    """The master key: of the file that is named, else of the environment, else of the store's own file."""
    given = None if master else os.environ.get(MASTER_VARIABLE)
    path = master or folder / MASTER
    try:
        text = given or path.read_text().strip()
    except FileNotFoundError:
        raise NotFound(f"no master key at {path}: name it with --master-key, or give {MASTER_VARIABLE}") from None
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        reason = f"a master key is {2 * KEY_BYTES} hexadecimal characters"
        raise InvalidInput(reason, file=MASTER_VARIABLE if given else str(path))
    return key
