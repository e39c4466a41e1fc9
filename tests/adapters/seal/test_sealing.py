"""Checkpoints of a log: they only go on; a backup put back, a fork, a lost key, a key that others read: nothing is signed."""

import datetime as dt
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.application import Relance
from adapters.clock import FixedClock
from adapters.seal import keys, sealing
from adapters.seal.checkpoint import checkpoint_of, position_of
from adapters.seal.fsck import fsck
from adapters.seal.kept import Kept, Seals
from adapters.seal.note import Note, read_note, verified_by
from adapters.seal.sealing import checkpoint, rotate
from adapters.seal.tree import leaf_of, root_of
from adapters.store.folder import KEYS, LOG, open_folder
from domain.errors import Conflict, EvidenceBroken, InvalidInput, Misuse, NotFound
from tests.adapters.seal.logs import append, bare, raw_rows, untied, without_tree


@pytest.fixture
def sealed(app: Relance) -> Relance:
    append(app, 3)
    checkpoint(app)
    return app


def seals(app: Relance) -> Seals:
    return Seals(app.store.tree.db)


def last(app: Relance) -> Path:
    return app.folder.path / keys.LAST


class Backup:
    """A copy of the folder, put back later."""

    def __init__(self, app: Relance) -> None:
        self.app, self.copy = app, app.folder.path.with_name("backup")
        app.store.tree.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copytree(app.folder.path, self.copy)

    def restored(self, *names: str) -> Relance:
        path = self.app.folder.path
        self.app.folder.close()
        for name in names:
            for each in path.glob(f"{name}*"):
                each.unlink()
            shutil.copy(self.copy / name, path / name)
        return Relance(open_folder(path), self.app.clock, self.app.actor)


def test_a_checkpoint_signs_what_is_stored(app: Relance) -> None:
    append(app, 5)
    kept = checkpoint(app)
    leaves = [leaf_of(stored) for _, stored in app.store.rows(0, 99)]
    assert (kept.size, kept.checkpoint.root) == (5, root_of(leaves))
    assert kept.checkpoint.origin == seals(app).origin() == f"relance/{app.store.setting('id')}"
    assert verified_by(kept.note, seals(app).keys()) == seals(app).keys()
    assert last(app).read_bytes() == kept.raw
    assert position_of(last(app)) == 5
    assert seals(app).last() == kept
    assert seals(app).of_size(5) == kept
    assert app.store.position() == 5


def test_the_key_is_drawn_once_for_its_owner_only(sealed: Relance) -> None:
    path = sealed.folder.path / keys.KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    drawn = path.read_text()
    append(sealed, 1)
    checkpoint(sealed)
    assert path.read_text() == drawn
    assert len(seals(sealed).keys()) == 1
    assert not list(sealed.folder.path.glob("*.logkey.*"))
    with pytest.raises(FileExistsError):
        keys.draw(path, "another")
    assert path.read_text() == drawn


def test_a_key_that_others_may_read_signs_nothing(sealed: Relance) -> None:
    append(sealed, 1)
    (sealed.folder.path / keys.KEY).chmod(0o640)
    with pytest.raises(Misuse, match="chmod 600"):
        checkpoint(sealed)
    (sealed.folder.path / keys.KEY).chmod(0o600)
    assert checkpoint(sealed).size == 4


def test_when_nothing_was_recorded_the_last_one_is_given_again(sealed: Relance) -> None:
    kept = seals(sealed).last()
    last(sealed).unlink()
    assert checkpoint(sealed) == kept
    assert kept is not None
    assert last(sealed).read_bytes() == kept.raw
    assert len(list(seals(sealed).checkpoints())) == 1


def test_nothing_is_signed_of_an_empty_log(app: Relance) -> None:
    with pytest.raises(NotFound, match="nothing to sign"):
        checkpoint(app)
    assert not (app.folder.path / keys.KEY).exists()


def test_a_log_older_than_the_tree_is_built_and_signed(app: Relance) -> None:
    append(app, 3)
    root = app.store.tree.root(3)
    without_tree(app)
    assert checkpoint(app).checkpoint.root == root


def test_a_backup_put_back_is_not_signed(sealed: Relance) -> None:
    backup = Backup(sealed)
    append(sealed, 2)
    newest = checkpoint(sealed)
    app = backup.restored(LOG)
    with pytest.raises(EvidenceBroken, match="put back to an older state") as caught:
        checkpoint(app)
    for word in (
        "has 5 entries",
        "this log has 3",
        newest.checkpoint.root.hex(),
        app.store.tree.root(3).hex(),
        "What now",
    ):
        assert word in str(caught.value)
    assert caught.value.position == 4
    append(app, 4)  # and goes on otherwise: longer than what was signed
    with pytest.raises(EvidenceBroken, match="forked or rewritten") as caught:
        checkpoint(app)
    for word in ("5 entries", "first 5 of the 7", newest.checkpoint.root.hex(), app.store.tree.root(5).hex()):
        assert word in str(caught.value)
    assert [each.size for each in seals(app).checkpoints()] == [3]
    with pytest.raises(EvidenceBroken, match="forked"):
        rotate(app)
    assert app.store.position() == 7  # a rotation announces nothing that a checkpoint would refuse
    app.folder.close()


def test_a_backup_of_the_same_size_with_another_end_is_not_signed(sealed: Relance) -> None:
    backup = Backup(sealed)
    append(sealed, 1)
    checkpoint(sealed)
    app = backup.restored(LOG)
    append(app, 1)
    with pytest.raises(EvidenceBroken, match="forked or rewritten"):
        checkpoint(app)
    app.folder.close()


def test_a_whole_folder_put_back_is_honest_until_somebody_remembers(sealed: Relance) -> None:
    """The limit of a log by itself: only a witness, a stamp or a checkpoint in other hands sees this."""
    backup = Backup(sealed)
    append(sealed, 2)
    checkpoint(sealed)
    app = backup.restored(LOG, keys.LAST, keys.KEY, KEYS)
    append(app, 3)
    assert checkpoint(app).size == 6
    app.folder.close()


def test_a_rewritten_entry_is_not_signed(sealed: Relance) -> None:
    append(sealed, 2)
    untied(sealed, "UPDATE log SET bytes = x'7b7d' WHERE position = 5")
    with pytest.raises(EvidenceBroken, match="stored bytes after 3"):
        checkpoint(sealed)
    assert [each.size for each in seals(sealed).checkpoints()] == [3]


def test_a_rewritten_entry_and_its_leaf_are_seen_against_what_was_signed(sealed: Relance) -> None:
    untied(sealed, "UPDATE log SET bytes = x'7b7d' WHERE position = 2")
    sealed.store.tree.db.execute("UPDATE leaf SET hash = ? WHERE position = 2", (leaf_of(b"{}"),))
    append(sealed, 1)
    with pytest.raises(EvidenceBroken, match="forked or rewritten"):
        checkpoint(sealed)
    found = fsck(sealed).first
    assert found
    assert 1 <= found.position <= 3


def test_a_checkpoint_of_another_store_beside_it_is_said(sealed: Relance) -> None:
    note = last(sealed).read_text()
    last(sealed).write_text(note.replace(seals(sealed).origin() or "", "relance/other"))
    with pytest.raises(EvidenceBroken, match="comes from another store"):
        checkpoint(sealed)
    last(sealed).write_text("scribbled")
    with pytest.raises(InvalidInput, match=r"relance\.checkpoint"):
        checkpoint(sealed)


def test_a_large_log_is_signed_by_stretches(sealed: Relance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.seal.sealing.STRETCH", 100)
    bare(sealed, raw_rows(3, 700))
    kept = checkpoint(sealed)
    assert kept.checkpoint.root == root_of([leaf_of(stored) for _, stored in sealed.store.rows(0, 999)])


def test_what_is_signed_was_committed_before(app: Relance, monkeypatch: pytest.MonkeyPatch) -> None:
    append(app, 2)
    real, seen = Seals.keep, []

    def keep(self: Seals, size: int, us: int, note: Note) -> Kept:
        other = open_folder(app.folder.path)
        seen.append(other.store.position())
        other.close()
        return real(self, size, us, note)

    monkeypatch.setattr(Seals, "keep", keep)
    assert checkpoint(app).size == 2
    assert seen == [2]


def test_an_interrupted_checkpoint_keeps_nothing(sealed: Relance, monkeypatch: pytest.MonkeyPatch) -> None:
    append(sealed, 1)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keys, "write_whole", full)
    with pytest.raises(OSError, match="space"):
        checkpoint(sealed)
    monkeypatch.undo()
    assert position_of(last(sealed)) == 3
    assert checkpoint(sealed).size == 4
    assert position_of(last(sealed)) == 4


# Keys


def test_a_new_key_is_announced_and_both_sign(sealed: Relance) -> None:
    old = seals(sealed).keys()[0]
    kept = rotate(sealed)
    _, new = seals(sealed).keys()
    assert kept.size == 4
    assert verified_by(kept.note, [old, new]) == [old, new]
    assert [(each.old, each.new) for each in sealing.rotations(sealed)] == [(old.digest, new.digest)]
    current = keys.read(sealed.folder.path / keys.KEY)
    assert current
    assert current.key == new
    assert not (sealed.folder.path / keys.NEXT).exists()
    append(sealed, 1)
    later = checkpoint(sealed)
    assert verified_by(later.note, [old, new]) == [new]
    assert fsck(sealed).first is None
    rotate(sealed)
    assert len(seals(sealed).keys()) == 3
    assert fsck(sealed).first is None


def test_a_rotation_goes_on_from_where_it_was_interrupted(sealed: Relance, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object, **__: object) -> Kept:
        raise InterruptedError

    for place in ("append", "checkpoint", "promote"):
        with monkeypatch.context() as patch:
            patch.setattr(*{"append": (sealed, "append"), "checkpoint": (sealing, "checkpoint"), "promote": (keys, "promote")}[place], killed)  # fmt: skip
            with pytest.raises(InterruptedError):
                rotate(sealed)
        before = seals(sealed).keys()
        kept = checkpoint(sealed) if place == "promote" else rotate(sealed)
        assert len(seals(sealed).keys()) == len(before) + (place == "append")
        assert len(verified_by(kept.note, seals(sealed).keys())) == 2
        assert not (sealed.folder.path / keys.NEXT).exists()
        assert fsck(sealed).first is None


def test_without_the_key_nothing_is_signed_and_a_lost_one_is_replaced(sealed: Relance) -> None:
    append(sealed, 1)
    path = sealed.folder.path / keys.KEY
    kept_apart = path.read_text()
    path.unlink()
    with pytest.raises(NotFound, match="put it back"):
        checkpoint(sealed)
    with pytest.raises(NotFound, match="--lost"):
        rotate(sealed)
    kept = rotate(sealed, is_lost=True)
    assert len(verified_by(kept.note, seals(sealed).keys())) == 1
    assert fsck(sealed).first is None
    path.unlink()
    path.write_text(kept_apart)
    path.chmod(0o600)
    append(sealed, 1)
    with pytest.raises(NotFound, match="put it back"):
        checkpoint(sealed)  # the old key signs no more


def test_a_key_that_is_here_is_not_lost(sealed: Relance, tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="not lost"):
        rotate(sealed, is_lost=True)
    (sealed.folder.path / keys.NEXT).write_text((sealed.folder.path / keys.KEY).read_text())
    (sealed.folder.path / keys.NEXT).chmod(0o600)
    with pytest.raises(Conflict, match="had already"):
        rotate(sealed)
    assert tmp_path.exists()


def test_a_key_is_rotated_only_after_it_signed(app: Relance) -> None:
    append(app, 1)
    with pytest.raises(Misuse, match="draws the first one"):
        rotate(app)


def test_a_stranger_key_in_the_place_of_ours_signs_nothing(sealed: Relance) -> None:
    append(sealed, 1)
    path = sealed.folder.path / keys.KEY
    path.unlink()
    keys.draw(path, seals(sealed).name())
    with pytest.raises(NotFound, match="is not in"):
        checkpoint(sealed)


@pytest.fixture
def later(sealed: Relance) -> Iterator[Relance]:
    """A day after."""
    assert isinstance(sealed.clock, FixedClock)
    sealed.clock.at += dt.timedelta(days=1)
    yield sealed
    assert checkpoint_of(read_note(last(sealed).read_bytes())).size == sealed.store.position()


def test_day_after_day_each_checkpoint_goes_on(later: Relance) -> None:
    assert isinstance(later.clock, FixedClock)
    for _ in range(5):
        append(later, 2)
        checkpoint(later)
        later.clock.at += dt.timedelta(days=1)
    assert [each.size for each in seals(later).checkpoints()] == [3, 5, 7, 9, 11, 13]
    assert fsck(later).first is None
