"""A document is read whole, or not at all: one specimen for each way in which it cannot be."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from adapters import piece_files
from adapters.piece_files import MEGABYTE, read_whole, write_whole
from domain.errors import Conflict, InvalidInput, NotFound

LIMIT = 64 * MEGABYTE


@given(content=some.binary(min_size=1, max_size=3_000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_read(tmp_path: Path, content: bytes) -> None:
    write_whole(tmp_path / "a", content, replace=True)
    assert read_whole(tmp_path / "a", LIMIT) == content
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


def test_a_large_file_is_read_whole(tmp_path: Path) -> None:
    content = os.urandom(3 * piece_files.CHUNK + 1)
    (tmp_path / "a").write_bytes(content)
    assert read_whole(tmp_path / "a", LIMIT) == content


def nothing(_: Path) -> None:
    """No file."""


def loop(path: Path) -> None:
    path.symlink_to(path.with_name("other"))
    path.with_name("other").symlink_to(path)


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(300 * MEGABYTE)


@pytest.mark.parametrize(
    ("make", "kind", "words"),
    [
        (nothing, NotFound, "there is no file"),
        (lambda path: path.symlink_to(path.with_name("gone")), NotFound, "there is no file"),
        (lambda path: path.mkdir(), InvalidInput, "this is a folder: name its files one by one"),
        (os.mkfifo, InvalidInput, "a device or a pipe, not a file"),
        (lambda path: path.symlink_to("/dev/zero"), InvalidInput, "a device or a pipe, not a file"),
        (loop, InvalidInput, "its links lead round in a circle"),
        (lambda path: path.touch(), InvalidInput, "the file is empty"),
        (huge, InvalidInput, "300.0 MB, and a piece has 64 MB at most; --limit MB, or RELANCE_ATTACH_LIMIT"),
    ],
    ids=["missing", "dangling", "folder", "pipe", "device", "loop", "empty", "huge"],
)
def test_what_is_no_document_is_refused(
    tmp_path: Path, make: Callable[[Path], object], kind: type[Exception], words: str
) -> None:
    make(tmp_path / "a")
    with pytest.raises(kind, match=words):
        read_whole(tmp_path / "a", LIMIT)


def test_a_file_under_a_file_is_missing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(NotFound):
        read_whole(tmp_path / "a" / "b", LIMIT)


def test_what_may_not_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"x")

    def denied(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("adapters.piece_files.os.open", denied)
    with pytest.raises(InvalidInput, match="it may not be read by this user"):
        read_whole(tmp_path / "a", LIMIT)


def test_a_disk_that_fails_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"x")

    def failing(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("adapters.piece_files.os.read", failing)
    with pytest.raises(InvalidInput, match=r"it cannot be read \(Input/output error\)"):
        read_whole(tmp_path / "a", LIMIT)


@pytest.mark.parametrize("change", ["grown", "cut", "rewritten", "rewritten, its time put back"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 1_000)
    was = path.stat()
    seek = os.lseek

    def meanwhile(*args: int) -> int:
        path.write_bytes({"grown": b"x" * 1_001, "cut": b"x" * 999}.get(change, b"y" * 1_000))
        if "time" in change:
            os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
        return seek(*args)

    monkeypatch.setattr("adapters.piece_files.os.lseek", meanwhile)
    with pytest.raises(Conflict, match="changed while it was read: nothing was recorded"):
        read_whole(path, LIMIT)


def test_a_file_is_not_replaced_unless_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_whole(path, b"one", replace=False)
    with pytest.raises(Conflict, match="exists: --force replaces it"):
        write_whole(path, b"two", replace=False)
    assert path.read_bytes() == b"one"
    write_whole(path, b"two", replace=True)
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(InvalidInput, match="this is a folder"):
        write_whole(tmp_path, b"x", replace=True)
    with pytest.raises(InvalidInput, match="it cannot be written"):
        write_whole(tmp_path / "none" / "a", b"x", replace=False)


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, sync = tmp_path / "a", os.fsync

    def meanwhile(descriptor: int) -> None:
        path.write_bytes(b"theirs")
        sync(descriptor)

    monkeypatch.setattr("adapters.piece_files.os.fsync", meanwhile)
    with pytest.raises(Conflict, match="exists"):
        write_whole(path, b"ours", replace=False)
    assert path.read_bytes() == b"theirs"


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("adapters.piece_files.os.fsync", full)
    with pytest.raises(Conflict, match="no space is left"):
        write_whole(tmp_path / "a", b"x", replace=False)
    assert list(tmp_path.iterdir()) == []
