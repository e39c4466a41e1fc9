"""The rows of a store read a stretch at a time: the same rows as at one go, and nothing can be written through them."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.store import rows as module
from adapters.store.folder import LOG
from adapters.store.rows import Rows
from adapters.verified import NOTE, read_note, write_note
from tests.adapters.audited import Specimen, audited


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audited") / "store"
    audited(folder)
    return folder


@pytest.fixture
def rows(template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rows]:
    monkeypatch.setattr(module, "STRETCH", 2)
    made = Rows(template)
    yield made
    made.close()


def whole(template: Path, question: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(template / LOG)
    found = db.execute(question).fetchall()
    db.close()
    return found


def test_stretches_make_the_whole(rows: Rows, template: Path) -> None:
    assert list(rows.streams(10**6)) == whole(
        template, "SELECT min(position), stream FROM log GROUP BY stream ORDER BY 1"
    )
    assert list(rows.names()) == whole(template, "SELECT * FROM names ORDER BY kind, creditor, key, stream")
    assert list(rows.records()) == whole(template, "SELECT owner, kind, id FROM vault ORDER BY owner, kind, id")
    assert rows.count("vault") == len(list(rows.records()))


def test_what_came_after_a_position_is_left_out(rows: Rows, template: Path) -> None:
    head = len(whole(template, "SELECT 1 FROM log"))
    for upto in (0, 5, 17, head):
        streams = list(rows.streams(upto))
        leaves = [leaf for _, stream in streams for leaf in rows.leaves(stream, upto)]
        assert sorted(leaf.position for leaf in leaves) == list(range(1, upto + 1))
        assert all(leaf.originator_version <= rows.newest(str(leaf.originator_id)) for leaf in leaves)


def test_nothing_can_be_written_through_them(rows: Rows) -> None:
    for db in (rows._log, rows._keys):
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            db.execute("CREATE TABLE other (x)")


def test_a_note_is_left_whole_or_not_at_all(template: Path, tmp_path: Path) -> None:
    specimen = Specimen(template, tmp_path / "copy")
    store, now = specimen.office.app.store, specimen.office.app.clock.now()
    assert write_note(tmp_path, store, 3, now)
    note = read_note(tmp_path)
    assert note is not None
    assert (note.position, note.verified_at) == (3, now)
    assert not write_note(tmp_path, store, 10**6, now)
    assert not write_note(tmp_path / "absent", store, 3, now)
    (tmp_path / "blocked" / NOTE).mkdir(parents=True)
    assert not write_note(tmp_path / "blocked", store, 3, now)
    assert [each.name for each in (tmp_path / "blocked").iterdir()] == [NOTE]
    assert read_note(tmp_path) == note
    specimen.office.close()
