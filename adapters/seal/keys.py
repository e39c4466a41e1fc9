"""Files beside the database: the key that signs the log, the one that will, and the last checkpoint signed."""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from adapters.seal.note import KEY_BYTES, Signer
from domain.errors import InvalidInput, Misuse

KEY: Final = "relance.logkey"
NEXT: Final = "relance.logkey.new"
LAST: Final = "relance.checkpoint"


def draw(path: Path, name: str) -> Signer:
    """Draw a key into a file that does not exist, readable by its owner only: whole and on the disk, or not there at all.

    Raises:
        FileExistsError: somebody was quicker.
    """
    signer = Signer.of(name, secrets.token_bytes(KEY_BYTES))
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        _write(draft, f"{signer}\n".encode(), 0o600)
        os.link(draft, path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
    settle(path.parent)
    return signer


def read(path: Path) -> Signer | None:
    """The key of a file; nothing where there is none.

    Raises:
        Misuse: others than its owner may read it.
        InvalidInput: it is no key.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text().strip()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        text = ""
    if mode & 0o077:
        raise Misuse(f"{path} can be read by others than its owner, so others can sign in the name of this log: chmod 600 {path}, and rotate the key if somebody may have read it (relance log key --rotate)")  # fmt: skip
    try:
        return Signer.read(text)
    except InvalidInput as error:
        raise InvalidInput(error.reason, file=str(path)) from None


def promote(folder: Path) -> None:
    """The next key becomes the key; the one before is gone."""
    (folder / NEXT).replace(folder / KEY)
    settle(folder)


def write_whole(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Put a file in place of another, whole and on the disk, or leave what was."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        _write(draft, content, mode)
        draft.replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            draft.unlink()
        raise
    settle(path.parent)


def _write(path: Path, content: bytes, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def settle(folder: Path) -> None:
    """Bring the names of a folder down to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
