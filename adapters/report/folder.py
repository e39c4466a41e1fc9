"""A folder made whole or not at all: built beside its place, then put there in one step."""

import ctypes
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from domain.errors import Misuse

MARKER: Final = "relance-rapport.json"
FORMAT: Final = "relance.report"
_EXCHANGE: Final = 2
_HERE: Final = -100  # AT_FDCWD


@contextmanager
def made(output: Path, *, force: bool) -> Iterator[Path]:
    """A folder to fill. At the end it takes the place of `output`; on an error it goes, and what was there stays.

    Args:
        output: where the report goes: nothing, an empty folder, or with `force` an older report.
        force: replace an older report.

    Raises:
        Misuse: something else is there.
    """
    place = Path(os.path.abspath(output))  # noqa: PTH100 - a link is not followed, it is refused
    _check(place, force=force)
    place.parent.mkdir(parents=True, exist_ok=True)
    _sweep(place)
    build = Path(tempfile.mkdtemp(dir=place.parent, prefix=_beside(place)))
    lock = os.open(build, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(
            lock, fcntl.LOCK_EX
        )  # held while this process lives: what nobody holds was left by one that was killed
        yield build
        _check(place, force=force)  # somebody may have put something there meanwhile
        build.chmod(0o755)
        _put(build, place)
    except BaseException:
        shutil.rmtree(build, ignore_errors=True)
        raise
    finally:
        os.close(lock)


def _check(place: Path, *, force: bool) -> None:
    if place.is_symlink():
        raise Misuse(f"{place} is a link: name the folder itself")
    if not place.exists():
        return
    if not place.is_dir():
        raise Misuse(f"{place} is a file: name a folder")
    if not any(place.iterdir()):
        return
    if not is_report(place):
        raise Misuse(f"{place} holds something that is no report of relance: name a new or empty folder")
    if not force:
        raise Misuse(f"{place} holds a report: --force replaces it, or name another folder")


def is_report(place: Path) -> bool:
    """Whether a folder bears the mark of a report."""
    try:
        marker: Any = json.loads((place / MARKER).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(marker, dict) and marker.get("format") == FORMAT


def _put(build: Path, place: Path) -> None:
    """Exchange the two folders in one step where the system can; else the older one steps aside for an instant."""
    if not place.exists():
        build.rename(place)
        return
    if not _exchanged(build, place):
        aside = build.with_name(f"{build.name}.old")
        place.rename(aside)
        try:
            build.rename(place)
        except BaseException:
            aside.rename(place)
            raise
        aside.rename(build)
    shutil.rmtree(build, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return rename is not None and rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0


def _beside(place: Path) -> str:
    return f".{place.name[:80]}.relance-"


def _sweep(place: Path) -> None:
    """Remove what a killed run left beside."""
    for left in place.parent.glob(f"{_beside(place).translate(_PLAIN)}*"):
        with suppress(OSError):
            lock = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(lock)


#: Characters that a glob reads, each in brackets.
_PLAIN: Final = str.maketrans({character: f"[{character}]" for character in "*?["})
