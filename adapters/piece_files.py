"""Reads a document whole from the disk, and twice: what changes meanwhile is no document."""

import errno
import hashlib
import os
import stat
from pathlib import Path
from typing import Final

from domain.errors import Conflict, InvalidInput, NotFound

CHUNK: Final = 1 << 20
MEGABYTE: Final = 1_000_000


def read_whole(path: Path, limit: int) -> bytes:
    """The bytes of a file.

    Raises:
        NotFound: there is none.
        InvalidInput: a folder, a device, a loop of links, empty, above the limit, or it may not be read.
        Conflict: it changed while it was read.
    """
    try:
        _regular(path, os.stat(path))  # noqa: PTH116 - beside os.open: looked at before, so that no device is opened
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _said(path, error) from None
    try:
        return _read_twice(path, descriptor, limit)
    except OSError as error:
        raise _said(path, error) from None
    finally:
        os.close(descriptor)


def _read_twice(path: Path, descriptor: int, limit: int) -> bytes:
    before = os.fstat(descriptor)
    _regular(path, before)
    if before.st_size > limit:
        raise InvalidInput(
            f"{before.st_size / MEGABYTE:.1f} MB, and a piece has {limit / MEGABYTE:g} MB at most; --limit MB, or"
            " RELANCE_ATTACH_LIMIT, says another limit", file=str(path),
        )  # fmt: skip
    content = bytearray()
    while chunk := os.read(descriptor, CHUNK):
        content += chunk
        if len(content) > before.st_size:
            break
    if not content:
        raise InvalidInput("the file is empty: there is nothing to attach", file=str(path))
    again = hashlib.sha256()
    os.lseek(descriptor, 0, os.SEEK_SET)
    while chunk := os.read(descriptor, CHUNK):
        again.update(chunk)
    after = os.fstat(descriptor)
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    if not same or len(content) != before.st_size or again.digest() != hashlib.sha256(content).digest():
        msg = f"{path} changed while it was read: nothing was recorded; attach it once it is written whole"
        raise Conflict(msg)
    return bytes(content)


def _regular(path: Path, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise InvalidInput("this is a folder: name its files one by one", file=str(path))
    if not stat.S_ISREG(found.st_mode):
        raise InvalidInput("this is a device or a pipe, not a file", file=str(path))


def _said(path: Path, error: OSError) -> Exception:
    """What the system refused, in words."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return NotFound(f"there is no file {path}")
    if error.errno == errno.ELOOP:
        return InvalidInput("its links lead round in a circle", file=str(path))
    if error.errno in (errno.EACCES, errno.EPERM):
        return InvalidInput("it may not be read by this user", file=str(path))
    return InvalidInput(f"it cannot be read ({error.strerror})", file=str(path))


def write_whole(path: Path, content: bytes, *, replace: bool, otherwise: str = "") -> None:
    """Write a file whole or not at all, down to the disk; `otherwise` says what is left to do where it cannot be.

    Raises:
        Conflict: it exists, or no space is left.
        InvalidInput: it cannot be written there.
    """
    draft = path.with_name(f".{path.name[:50]}.{os.getpid()}.part")
    try:
        if path.is_dir():
            raise InvalidInput("this is a folder: name the file to write", file=str(path))
        if not replace and (path.exists() or path.is_symlink()):
            msg = f"{path} exists: --force replaces it, or name another"
            raise Conflict(msg)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path) if replace else _placed(draft, path)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise no_space(path, f"free some; {otherwise or 'then try again'}") from None
        raise InvalidInput(
            f"it cannot be written ({error.strerror}){f'; {otherwise}' if otherwise else ''}", file=str(path)
        ) from None
    finally:
        draft.unlink(missing_ok=True)


def _placed(draft: Path, path: Path) -> None:
    """Give a draft its name, unless somebody took the name meanwhile."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        msg = f"{path} exists: --force replaces it, or name another"
        raise Conflict(msg) from None
    except OSError:  # no links on this file system
        draft.rename(path)


def no_space(where: Path, what: str = "nothing was recorded; free some, and try again") -> Conflict:
    """The disk is full: said once, everywhere the same, but for what to do."""
    return Conflict(f"no space is left to write {where}: {what}")
