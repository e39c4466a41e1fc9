"""What the benchmarks say is what they measured: no clock is read here."""

import json
import sqlite3
from pathlib import Path

import pytest

from adapters.intake.table import FIELDS
from benchmarks import floor, portfolio
from benchmarks.case import SmallStore, story
from benchmarks.rows import README, RESULTS, Must, Row, as_markdown, in_readme, row


def test_the_table_of_the_readme_is_the_results() -> None:
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    rows = [Row(**each) for each in results["rows"]]
    text = README.read_text(encoding="utf-8")
    assert in_readme(text, as_markdown(results["machine"], rows)) == text


def test_a_row_is_judged_by_its_value_or_by_its_ratio() -> None:
    assert row("a", 4.0, "ms", 1.0, Must("<", 5)).ok
    assert row("a", 5.0, "ms", 1.0, Must("<", 5)).ok is False
    assert row("a", 40.0, "events/s", 100.0, Must(">=", 1 / 3, "ratio")).ok
    assert row("a", 33.0, "events/s", 100.0, Must(">=", 1 / 3, "ratio")).ok is False
    assert row("a", 33.0, "s").ok is None


def test_a_portfolio_is_the_same_each_time(tmp_path: Path) -> None:
    first = portfolio.write(tmp_path / "a.csv", 200, unpaid=0.2)
    assert portfolio.write(tmp_path / "b.csv", 200, unpaid=0.2) == first
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert 20 < 200 - first.payments < 60
    assert portfolio.write(tmp_path / "c.csv", 200, unpaid=0).payments == 200
    assert {word.split("=")[0] for word in portfolio.MAPPING[1::2]} <= set(FIELDS)


def test_the_floor_of_an_import_writes_the_same_rows(tmp_path: Path) -> None:
    small = SmallStore(tmp_path / "store")
    small.invoices(2, 20)
    small.close()
    floor.insert_again(tmp_path / "store" / "relance.db", tmp_path / "floor.db")
    made = _rows(tmp_path / "store" / "relance.db")
    assert _rows(tmp_path / "floor.db") == made | {name: [] for name in floor.SEALS}


@pytest.mark.parametrize("events", [3, 18, 20, 40])
def test_a_story_has_the_length_that_is_asked(events: int) -> None:
    assert len(story(events)) == events - 2


def _rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    db = sqlite3.connect(path)
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = {name: sorted(db.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in tables}  # noqa: S608 - a test's own store
    db.close()
    return rows
