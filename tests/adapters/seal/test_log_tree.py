"""The tree in the database: it grows with the log, in its transaction, and is made for a log that had none."""

import sqlite3
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from adapters.application import Relance
from adapters.seal.log import LogTree, schema
from adapters.seal.tree import is_consistent, is_included, leaf_of, root_of
from adapters.store.folder import LOG
from adapters.store.sqlite import Beside
from domain.errors import EvidenceBroken
from tests.adapters.seal.logs import Raw, append, bare, raw_rows, without_tree
from tests.builders import issued


def sealed(app: Relance) -> list[bytes]:
    return [leaf_of(stored) for _, stored in app.store.rows(0, 2**40)]


def test_each_entry_is_a_leaf_at_its_position(app: Relance) -> None:
    append(app, 3)
    tree = app.store.tree
    assert tree.size() == app.store.position() == 3
    assert [tree.leaf(position) for position in (1, 2, 3)] == sealed(app)
    assert tree.root(3) == root_of(sealed(app))


@pytest.mark.parametrize("parts", [(600,), (255, 1, 1, 255, 1, 87), (256, 256, 88), (1, 599)])
def test_it_is_the_same_however_the_log_grew(parts: tuple[int, ...], app: Relance) -> None:
    at = 0
    for part in parts:
        with app.store.writing(app.clock.now()):
            app.store.insert_rows(raw_rows(at, part), Beside())
        at += part
    tree, leaves = app.store.tree, sealed(app)
    for size in (1, 255, 256, 257, 511, 512, 513, 600):
        assert tree.root(size) == root_of(leaves[:size])
        for old in (1, 200, 256, 300, size):
            if old <= size:
                assert is_consistent(old, size, tree.consistency(old, size), tree.root(old), tree.root(size))
        for position in {1, size // 2, size} - {0}:
            proof = tree.inclusion(position, size)
            assert is_included(leaves[position - 1], position - 1, size, proof, tree.root(size))


def test_subtrees_of_the_second_row_are_kept() -> None:
    raw = Raw(66_000)
    raw.tree.grow(0, raw.stored[:65_000])
    raw.tree.grow(65_000, raw.stored[65_000:])
    assert raw.db.execute("SELECT level, count(*) FROM subtree GROUP BY level").fetchall() == [(8, 257), (16, 1)]
    leaves = [leaf_of(each) for each in raw.stored]
    for size in (65_535, 65_536, 65_537, 66_000):
        assert raw.tree.root(size) == root_of(leaves[:size])
    proof = raw.tree.inclusion(40_000, 66_000)
    assert is_included(leaves[39_999], 39_999, 66_000, proof, root_of(leaves))
    assert is_consistent(300, 66_000, raw.tree.consistency(300, 66_000), root_of(leaves[:300]), root_of(leaves))


@given(some.lists(some.integers(1, 300), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_any_appends_give_the_root_of_the_bytes(parts: list[int]) -> None:
    raw = Raw(sum(parts))
    at = 0
    for part in parts:
        raw.tree.grow(at, raw.stored[at : at + part])
        at += part
        assert raw.tree.root(at) == root_of([leaf_of(each) for each in raw.stored[:at]])


def test_an_append_that_fails_leaves_no_leaf(app: Relance) -> None:
    append(app, 2)

    def interrupted() -> None:
        with app.store.writing(app.clock.now()):
            append(app, 1)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        interrupted()
    assert app.store.tree.size() == app.store.position() == 2
    append(app, 1)
    assert app.store.tree.root(3) == root_of(sealed(app))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE leaf SET hash = x'00'",
        "DELETE FROM leaf",
        "INSERT OR REPLACE INTO leaf VALUES (1, x'00')",
        "INSERT INTO leaf VALUES (99, x'00')",
        "UPDATE subtree SET hash = x'00'",
        "DELETE FROM subtree WHERE level = 8",
        "INSERT OR REPLACE INTO subtree VALUES (8, 0, x'00')",
    ],
)
def test_what_is_sealed_is_neither_changed_nor_removed(app: Relance, statement: str) -> None:
    with app.store.writing(app.clock.now()):
        app.store.insert_rows(raw_rows(0, 300), Beside())
    other = sqlite3.connect(app.folder.path / LOG)
    with pytest.raises(sqlite3.IntegrityError):
        other.execute(statement)
    other.close()


def test_every_table_of_the_seal_is_kept() -> None:
    tables = [line for line in schema() if line.lstrip().startswith(("CREATE TABLE", "--"))]
    triggers = " ".join(schema())
    for table in (each.partition("CREATE TABLE ")[2].partition(" ")[0] for each in tables):
        assert f"BEFORE DELETE ON {table} " in triggers
        assert f"BEFORE UPDATE ON {table} " in triggers
        assert f"BEFORE INSERT ON {table}\n" in triggers


def test_a_log_older_than_the_tree_is_read_and_has_its_tree_at_the_first_append(app: Relance) -> None:
    append(app, 3)
    without_tree(app)
    assert app.store.tree.size() == 0
    assert len(app.store.rows(0, 99)) == 3
    append(app, 1)
    assert app.store.tree.size() == 4
    assert app.store.tree.root(4) == root_of(sealed(app))


def test_entries_written_bare_are_sealed_by_the_next_append(app: Relance) -> None:
    append(app, 1)
    bare(app, raw_rows(1, 300))
    assert (app.store.tree.size(), app.store.position()) == (1, 301)
    append(app, 1)
    assert app.store.tree.root(302) == root_of(sealed(app))


def test_nothing_is_recorded_in_a_log_that_is_shorter_than_its_tree(app: Relance) -> None:
    append(app, 3)
    bare(app, sql=("DROP TRIGGER log_kept", "DELETE FROM log WHERE position = 3"))
    with pytest.raises(EvidenceBroken, match="ends at position 2, its tree has 3 leaves") as caught:
        append(app, 1)
    assert caught.value.position == 3
    assert app.store.position() == 2


def test_a_leaf_that_is_missing_is_no_proof(app: Relance) -> None:
    append(app, 3)
    bare(app, sql=("DROP TRIGGER leaf_kept", "DELETE FROM leaf WHERE position = 2"))
    with pytest.raises(EvidenceBroken, match="lacks rows"):
        app.store.tree.root(3)


def test_building_tells_how_far_it_is(app: Relance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.seal.log.STRETCH", 256)
    append(app, 1, issued())
    bare(app, raw_rows(1, 700))
    told: list[int] = []
    tell: Callable[[int], None] = told.append
    with app.store.writing(app.clock.now()) as tail:
        assert app.store.tree.build(tail.position, tell) == 700
        assert app.store.tree.build(tail.position, tell) == 0
    assert told == [257, 513, 701]
    assert isinstance(app.store.tree, LogTree)
