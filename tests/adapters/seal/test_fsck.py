"""Everything computed again from the stored bytes: each kind of damage is found, at its first position."""

import sqlite3
from collections.abc import Callable

import pytest

from adapters.application import Relance
from adapters.bootstrap import Office
from adapters.checks.bench import Bench
from adapters.checks.running import run
from adapters.checks.seal import Seal
from adapters.seal import keys
from adapters.seal.fsck import build, fsck
from adapters.seal.fsck_leaves import CHECKS
from adapters.seal.heads import seal
from adapters.seal.kept import Seals
from adapters.seal.note import Note, Signer
from adapters.seal.sealing import checkpoint
from adapters.seal.tree import leaf_of, root_of
from adapters.store.sqlite import Beside
from tests.adapters.seal.logs import append, bare, raw_rows, untied, without_tree
from tests.builders import day


@pytest.fixture
def large(app: Relance, monkeypatch: pytest.MonkeyPatch) -> Relance:
    """A log of several stretches, with checkpoints within and at the edges of tiles."""
    monkeypatch.setattr("adapters.seal.fsck_leaves.STRETCH", 512)
    at = 0
    for size in (100, 256, 511, 513, 1_300):
        with app.store.writing(app.clock.now()):
            app.store.insert_rows(raw_rows(at, size - at), Beside())
        checkpoint(app)
        at = size
    return app


def test_a_good_log_is_sound(large: Relance) -> None:
    found = fsck(large)
    assert found.first is None
    assert list(found.said) == list(CHECKS)
    assert found.root == root_of([leaf_of(stored) for _, stored in large.store.rows(0, 9_999)])
    assert (found.size, found.behind) == (1_300, 0)
    assert found.said["3-roots"].startswith("5 checkpoints")
    assert not large.store.tree.db.in_transaction


def test_an_empty_log_is_sound(app: Relance) -> None:
    assert fsck(app).first is None


def test_it_says_how_far_it_is_and_reads_what_stood_when_it_began(large: Relance) -> None:
    told: list[tuple[str, int, int]] = []

    def tell(word: str, done: int, of: int) -> None:
        told.append((word, done, of))
        bare(large, raw_rows(1_300 + 10 * len(told), 0))
        other = sqlite3.connect(large.store.path, isolation_level=None)
        position = other.execute("SELECT max(position) FROM log").fetchone()[0]
        other.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?)", raw_rows(position, 1))
        other.close()

    found = fsck(large, tell)
    assert found.first is None
    assert [done for _, done, _ in told] == [512, 1_024, 1_300]
    assert large.store.position() == 1_303


DAMAGES: dict[str, tuple[tuple[str, ...], str, int]] = {
    "bytes": (("UPDATE log SET bytes = x'00' WHERE position = 777",), "1-leaves", 777),
    "a bit": (("UPDATE log SET bytes = CAST(x'01' || substr(bytes, 2) AS BLOB) WHERE position IN (9, 1299)",), "1-leaves", 9),
    "a leaf": (("UPDATE leaf SET hash = zeroblob(32) WHERE position = 600",), "1-leaves", 600),
    "a leaf gone": (("DELETE FROM leaf WHERE position = 601",), "1-leaves", 601),
    "the first leaf gone": (("DELETE FROM leaf WHERE position = 1",), "1-leaves", 1),
    "an entry gone": (("DELETE FROM log WHERE position = 512",), "1-leaves", 512),
    "the last entry gone": (("DELETE FROM log WHERE position = 1300",), "1-leaves", 1_300),
    "two entries exchanged": (
        ("UPDATE log SET position = -1 WHERE position = 40", "UPDATE log SET position = 40 WHERE position = 41",
         "UPDATE log SET position = 41 WHERE position = -1"), "1-leaves", 40,
    ),
    "a subtree": (("UPDATE subtree SET hash = zeroblob(32) WHERE number = 3",), "2-subtrees", 769),
    "a subtree gone": (("DELETE FROM subtree WHERE number = 1",), "2-subtrees", 257),
    "a subtree too many": (("INSERT INTO subtree VALUES (8, 9, zeroblob(32))",), "2-subtrees", 0),
    "a size": (("UPDATE checkpoint SET size = 514 WHERE size = 513",), "3-roots", 514),
    "a note": (("UPDATE checkpoint SET note = x'00' WHERE size = 513",), "3-roots", 513),
    "the keys gone": (("DELETE FROM log_key",), "4-signatures", 100),
    "the tail gone with its leaves": (
        ("DELETE FROM log WHERE position > 1000", "DELETE FROM leaf WHERE position > 1000", "DELETE FROM subtree WHERE number > 2"),
        "3-roots", 1_001,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_each_damage_is_found_where_it_begins(large: Relance, name: str) -> None:
    statements, check, position = DAMAGES[name]
    untied(large, *statements)
    found = fsck(large)
    assert check in found.faults, found
    assert found.faults[check].position == position
    assert found.first
    assert found.first.position == position


def test_a_root_rewritten_with_its_tree_is_found_between_two_checkpoints(large: Relance) -> None:
    rows = [leaf_of(stored) for _, stored in large.store.rows(0, 9_999)]
    untied(large, "UPDATE log SET bytes = x'00' WHERE position = 400")
    rows[399] = leaf_of(b"\0")
    db = large.store.tree.db
    db.execute("UPDATE leaf SET hash = ? WHERE position = 400", (rows[399],))
    db.execute("UPDATE subtree SET hash = ? WHERE number = 1", (root_of(rows[256:512]),))
    found = fsck(large)
    assert found.faults["3-roots"].position == 257
    assert "257 to 511 was changed after it was signed" in found.faults["3-roots"].what
    assert "1-leaves" not in found.faults
    assert "2-subtrees" not in found.faults
    assert "5-consistency" in found.faults


def test_a_checkpoint_signed_by_another_key_is_found(large: Relance) -> None:
    last = Seals(large.store.tree.db).last()
    assert last
    stranger = Signer.of(last.checkpoint.origin, bytes(32))
    forged = str(Note(last.note.text, (stranger.sign(last.note.text),))).encode()
    untied(large)
    large.store.tree.db.execute("UPDATE checkpoint SET note = ? WHERE size = 1300", (forged,))
    assert list(fsck(large).faults) == ["4-signatures"]
    flipped = bytearray(last.raw)
    flipped[-10] ^= 4
    large.store.tree.db.execute("UPDATE checkpoint SET note = ? WHERE size = 1300", (bytes(flipped),))
    assert fsck(large).first


def test_the_file_beside_the_database_is_held_to_it(large: Relance) -> None:
    path = large.folder.path / keys.LAST
    good = path.read_text()
    path.write_text(good.replace("\n1300\n", "\n1301\n"))
    assert fsck(large).faults["3-roots"].position == 1_301
    path.write_text("scribbled")
    assert "not a signed note" in fsck(large).faults["3-roots"].what
    path.unlink()
    assert fsck(large).first is None


def test_a_log_without_a_tree_is_said_to_be_unfinished_and_is_built(app: Relance) -> None:
    append(app, 5)
    seal(app)
    without_tree(app)
    found = fsck(app)
    assert (found.behind, found.first) == (6, None)
    told: list[tuple[str, int, int]] = []
    tell: Callable[[str, int, int], None] = lambda *words: told.append(words)  # noqa: E731 - a probe
    assert build(app, tell) == 6
    assert told == [("leaves", 6, 6)]
    assert fsck(app).first is None
    assert fsck(app).behind == 0


def test_leaves_that_a_checkpoint_covers_are_not_merely_behind(large: Relance) -> None:
    untied(large, "DELETE FROM leaf WHERE position > 1290")
    found = fsck(large)
    assert found.behind == 10
    assert found.first
    assert found.first.position == 1_291


def test_the_checks_of_the_store_may_hold_it(large: Relance) -> None:
    office = Office(large.folder, large.clock, "claire")
    bench = Bench(office, large.store.position(), day("2026-06-01"), 30)
    try:
        (good,) = run(bench, [Seal])
        assert (good.id, good.ok) == ("seal", True)
        untied(large, "UPDATE log SET bytes = x'00' WHERE position = 777")
        (bad,) = run(bench, [Seal])
        assert bad.findings[0].position == 777
        assert bad.findings[0].look == "relance log fsck"
    finally:
        bench.close()
        office.views.close()


def test_a_database_that_cannot_be_read_further_is_said(large: Relance) -> None:
    untied(large, "ALTER TABLE subtree RENAME TO gone")
    found = fsck(large)
    assert found.first
    assert "cannot be read further" in found.first.what
    assert not large.store.tree.db.in_transaction
