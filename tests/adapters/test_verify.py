"""Verification of the log: one specimen per tampering, each numbered check broken on its own; a flipped byte is never accepted."""

import sqlite3
from itertools import pairwise
from typing import Any

import pytest

from adapters.application import Change, Context, Relance, new_id, plain
from adapters.evidence import Verification, no_key_twice, quick_event, read_event
from adapters.store.folder import LOG
from adapters.store.sqlite import SQLiteStore
from adapters.verify import verify_log
from domain.errors import EvidenceBroken
from domain.facts.fact import Fact
from tests.adapters.dossier.archive import Archive
from tests.adapters.dossier.conftest import archive
from tests.builders import escalated, order_served, settled, withdrawn

__all__ = ["archive"]


def failing(found: Verification) -> list[str]:
    assert (found.verdict == "broken") == any(not check.ok for check in found.checks)
    return [check.id for check in found.checks if not check.ok]


def test_json_with_a_key_twice_is_refused() -> None:
    with pytest.raises(EvidenceBroken, match="same key twice"):
        no_key_twice(b'{"a":[{"b":1,"b":1}]}')


def tampered(app: Relance, *statements: str) -> Verification:
    """Somebody with the file in hand: triggers dropped, rows changed, then verification."""
    db = sqlite3.connect(app.folder.path / LOG, isolation_level=None)
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        db.execute(statement)
    db.close()
    return verify_log(app)


def test_a_good_log_is_conform(archive: Archive) -> None:
    archive.story()
    found = verify_log(archive.app)
    assert (found.verdict, found.position) == ("conform_unpinned", None), found.checks
    assert "`relance log fsck` holds the log to the checkpoints" in found.checks[-1].detail
    store = SQLiteStore(archive.app.folder.path / LOG)
    assert verify_log(store) == found
    store.close()


def test_an_empty_log_is_conform(app: Relance) -> None:
    assert verify_log(app).verdict == "conform_unpinned"


@pytest.mark.parametrize(
    ("check", "position", "statement"),
    [
        ("1-bytes", 5, "UPDATE log SET bytes = CAST(replace(bytes, '\"v\":1', '\"v\":7') AS BLOB) WHERE position = 5"),
        ("1-bytes", 5, "UPDATE log SET bytes = CAST(bytes || ' ' AS BLOB) WHERE position = 5"),
        ("1-bytes", 5, "UPDATE log SET bytes = x'00' WHERE position = 5"),
        (
            "2-chain",
            4,
            "UPDATE log SET bytes = CAST(replace(bytes, 'declared', 'imported') AS BLOB) WHERE position = 3",
        ),
        ("2-chain", 6, "DELETE FROM log WHERE position = 5"),
        ("3-positions", 99, "UPDATE log SET position = 99 WHERE position = (SELECT max(position) FROM log)"),
        ("4-index", 5, "UPDATE log SET stream = 'invoice:other' WHERE position = 5"),
        ("4-index", 5, "UPDATE log SET version = 999 WHERE position = 5"),
        ("4-index", 5, "UPDATE log SET type = 'relance.InvoicePaid.1' WHERE position = 5"),
        ("4-index", 5, "UPDATE log SET recorded_us = recorded_us + 1 WHERE position = 5"),
        ("4-index", 5, "UPDATE log SET act = 'x' WHERE position = 5"),
        ("5-internal", 5, "UPDATE log SET internal = x'00' WHERE position = 5"),
        ("6-rulebooks", 1, "DELETE FROM rulebooks"),
        ("6-rulebooks", 1, "UPDATE rulebooks SET bytes = x'00'"),
    ],
)
def test_a_changed_row_is_seen_and_its_position_named(
    archive: Archive, check: str, position: int, statement: str
) -> None:
    archive.story()
    assert verify_log(archive.app).verdict == "conform_unpinned"
    found = tampered(archive.app, statement)
    assert check in failing(found), found.checks
    detail = next(each.detail for each in found.checks if each.id == check)
    assert f"position {position}:" in detail, detail
    assert found.position is not None
    assert found.position <= position


def test_a_flipped_byte_of_the_log_is_seen_wherever_an_event_follows(archive: Archive) -> None:
    stream, app = archive.story(), archive.app
    tampered(app)
    next_ones = {each.position: after.position for each, after in pairwise(app.stream(stream).envelopes)}
    db = sqlite3.connect(app.folder.path / LOG, isolation_level=None)
    for position, stored in db.execute("SELECT position, bytes FROM log").fetchall():
        for at in range(position % 7, len(stored), 41):
            flipped = bytearray(stored)
            flipped[at] ^= 1 << (at % 8)
            db.execute("UPDATE log SET bytes = ? WHERE position = ?", (bytes(flipped), position))
            found = verify_log(app)  # of the last event of a stream, a seal alone can say that it changed
            assert found.position in {position, next_ones.get(position)}, (at, found.checks)
        db.execute("UPDATE log SET bytes = ? WHERE position = ?", (stored, position))
    db.close()
    assert verify_log(app).verdict == "conform_unpinned"


def test_a_file_that_stops_reading_is_broken_and_says_where(archive: Archive) -> None:
    archive.story()
    found = tampered(archive.app, "DROP TABLE rulebooks")
    assert failing(found) == ["1-bytes"]
    assert "cannot be read further" in found.checks[0].detail


def test_a_history_off_the_chart_is_seen_where_it_leaves_it(archive: Archive) -> None:
    stream, app = archive.invoice(), archive.app
    before = app.store.position()
    forged: list[list[Fact]] = [
        [order_served("2026-05-02")],
        [escalated("2026-05-03")],
    ]
    for facts in forged:
        app.append([Change(app.stream(stream), plain(facts))], Context(command=new_id()))
    found = verify_log(app)
    assert failing(found) == ["7-path"]
    assert found.position == before + 1


@pytest.mark.parametrize("fact", [settled("2026-02-01"), withdrawn(1, "2026-06-01"), withdrawn(77, "2026-06-01")])
def test_a_conclusion_or_a_withdrawal_out_of_nothing_is_seen(archive: Archive, fact: Any) -> None:
    stream, app = archive.invoice(), archive.app
    app.append([Change(app.stream(stream), plain([fact]))], Context(command=new_id()))
    found = verify_log(app)
    assert failing(found) == ["7-path"]
    assert found.position == app.store.position()


def test_the_quick_reading_of_an_event_is_the_slow_one(archive: Archive) -> None:
    archive.story()
    for position, *_, stored, internal in archive.app.store.index_rows():
        assert quick_event(position, stored, internal) == read_event(position, stored)
