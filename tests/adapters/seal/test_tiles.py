"""The log as static files: the layout of C2SP tlog-tiles, whole or not at all."""

import struct
from pathlib import Path

import pytest

from adapters.application import Relance
from adapters.seal.checkpoint import checkpoint_of, position_of
from adapters.seal.note import read_note
from adapters.seal.sealing import checkpoint
from adapters.seal.tiles import export, path_of
from adapters.seal.tree import leaf_of, root_of
from adapters.store.sqlite import Beside
from domain.errors import EvidenceBroken, InvalidInput, Misuse, NotFound
from tests.adapters.seal.logs import append, raw_rows, untied


@pytest.fixture
def large(app: Relance) -> Relance:
    with app.store.writing(app.clock.now()):
        app.store.insert_rows(raw_rows(0, 600), Beside())
    checkpoint(app)
    return app


def files(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


def entries(bundle: bytes) -> list[bytes]:
    """Entries after their lengths, read by hand."""
    found = []
    while bundle:
        (length,) = struct.unpack(">H", bundle[:2])
        found.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return found


def test_paths_are_those_of_the_specification() -> None:
    assert path_of(0, 1_234_067) == "tile/0/x001/x234/067"
    assert path_of("entries", 0, 8) == "tile/entries/000.p/8"
    assert path_of(1, 1_000, 255) == "tile/1/x001/000.p/255"
    assert path_of(15, 999) == "tile/15/999"


def test_whoever_has_the_files_has_the_log(large: Relance, tmp_path: Path) -> None:
    append(large, 1)  # after the checkpoint: not in it
    made = export(large.store.tree, tmp_path / "deep" / "tiles")
    folder = tmp_path / "deep" / "tiles"
    assert files(folder) == [
        "checkpoint", "tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/000", "tile/entries/001",
        "tile/entries/002.p/88",
    ]  # fmt: skip
    stored = [
        each for name in ("000", "001", "002.p/88") for each in entries((folder / "tile/entries" / name).read_bytes())
    ]
    assert stored == [each for _, each in large.store.rows(0, 600)]
    leaves = b"".join((folder / "tile/0" / name).read_bytes() for name in ("000", "001", "002.p/88"))
    assert leaves == b"".join(leaf_of(each) for each in stored)
    row = (folder / "tile/1/000.p/2").read_bytes()
    assert row == root_of([leaf_of(each) for each in stored[:256]]) + root_of(
        [leaf_of(each) for each in stored[256:512]]
    )
    assert position_of(folder / "checkpoint") == made.size == 600
    assert checkpoint_of(read_note((folder / "checkpoint").read_bytes())).root == root_of(
        [leaf_of(each) for each in stored]
    )
    assert (made.files, made.bytes) == (8, sum((folder / each).stat().st_size for each in files(folder)))
    assert list(folder.parent.iterdir()) == [folder]


def test_two_exports_are_the_same(large: Relance, tmp_path: Path) -> None:
    told: list[int] = []
    export(large.store.tree, tmp_path / "a", told.append)
    (tmp_path / "b").mkdir()
    export(large.store.tree, tmp_path / "b")
    assert told == [256, 512, 600]
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert all(
        (tmp_path / "a" / each).read_bytes() == (tmp_path / "b" / each).read_bytes() for each in files(tmp_path / "a")
    )


def test_a_folder_that_holds_something_is_left_alone(large: Relance, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").touch()
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "empty", target_is_directory=True)
    for name in ("full", "file", "link"):
        with pytest.raises(Misuse, match="new or empty"):
            export(large.store.tree, tmp_path / name)
    assert files(tmp_path / "full") == ["letter.txt"]


def test_the_folder_that_one_stands_in_may_be_the_one(
    large: Relance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    export(large.store.tree, Path())
    assert len(files(tmp_path / "here")) == 8


def test_nothing_is_left_of_an_export_that_fails(large: Relance, tmp_path: Path) -> None:
    target = tmp_path / "out" / "tiles"

    def interrupted(done: int) -> None:
        if done > 300:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(large.store.tree, target, interrupted)
    untied(large, "UPDATE log SET bytes = x'00' WHERE position = 77")
    with pytest.raises(EvidenceBroken, match="nothing is exported"):
        export(large.store.tree, target)
    untied(large, "UPDATE log SET bytes = zeroblob(70000) WHERE position = 77")
    with pytest.raises(InvalidInput, match="position 77 has 70000 bytes"):
        export(large.store.tree, target)
    assert not list((tmp_path / "out").iterdir())


def test_what_is_not_signed_is_not_exported(app: Relance, tmp_path: Path) -> None:
    append(app, 1)
    with pytest.raises(NotFound, match="relance log checkpoint"):
        export(app.store.tree, tmp_path / "tiles")
    assert not (tmp_path / "tiles").exists()
