"""`deadlines` through the command line: the table, the keys, the calendar."""

from pathlib import Path

import pytest
from icalendar import Calendar

from tests.cli.conftest import Terminal

KEYS = [
    "kind", "invoice", "debtor", "name", "on", "is_first_day", "days_left", "since_on", "reference", "reading", "residual_cents",
    "due_on", "remark",
]  # fmt: skip


def test_each_deadline_has_its_article_its_reading_and_its_days(relance: Terminal) -> None:
    said = relance.well("deadlines --on 2026-03-01 --json").json
    assert list(said) == ["on", "within_days", "kinds", "past", "ics", "rows"]
    assert [list(row) for row in said["rows"]] == [KEYS] * len(said["rows"])
    by_part = {(row["invoice"], row["due_on"]): row for row in said["rows"]}
    assert sorted(by_part) == [("F-1", "2026-01-31"), ("F-2", "2026-02-04"), ("F-2", "2026-07-06")]
    first = by_part["F-1", "2026-01-31"]
    assert (first["kind"], first["on"], first["days_left"], first["reading"]) == (
        "limitation",
        "2031-01-31",
        1797,
        "both",
    )
    assert (first["reference"], first["residual_cents"]) == ("C. com., art. L110-4, I", 120_000)
    assert "no day of performance is on record" in first["remark"]
    assert [row["residual_cents"] for row in said["rows"] if row["invoice"] == "F-2"] == [60_000, 30_000]


def test_they_may_be_narrowed_down(relance: Terminal) -> None:
    relance.well("notify F-1 --on 2026-03-02 --force --reason asked --deadline 2026-03-23")
    assert [row["kind"] for row in relance.well("deadlines --on 2026-03-03 --within 30 --json").json["rows"]] == [
        "notice"
    ]
    assert relance.well("deadlines --on 2026-03-24 --kind notice --json").json["rows"] == []
    (past,) = relance.well("deadlines --on 2026-03-24 --kind notice --past --json").json["rows"]
    assert (past["on"], past["days_left"]) == ("2026-03-23", -1)
    rows = relance.well("--now 2026-06-24T10:00Z deadlines --debtor C043 --json").json["rows"]
    assert [(row["invoice"], row["on"]) for row in rows] == [("F-3", "2030-12-31")]


def test_a_table_says_from_which_day_it_counts(relance: Terminal) -> None:
    said = relance.well("deadlines --on 2026-03-01").out
    assert "Deadlines from 1 March 2026, each until 24:00" in said
    assert "2031-01-31" in said
    assert "1797 d" in said
    assert relance.well("deadlines --on 2026-03-01 --within 10").out.startswith("No deadline from 1 March 2026")


def test_a_first_day_is_told_apart_from_a_last_one(relance: Terminal) -> None:
    relance.well("escalate F-1 --court tc-angers --principal-only --force --reason asked --on 2026-03-02")
    relance.well("order granted F-1 --on 2026-03-20")
    relance.well("order served F-1 --mode person --on 2026-04-10")
    said = relance.well("deadlines --on 2026-04-11 --within 60").out
    assert "from 2026-05-12" in said
    rows = relance.well("deadlines --on 2026-04-11 --within 60 --json").json["rows"]
    assert [(row["kind"], row["on"], row["is_first_day"]) for row in rows] == [
        ("opposition", "2026-05-11", False), ("enforcement", "2026-05-12", True),
    ]  # fmt: skip


def test_a_calendar_is_written_once_and_replaced_on_demand(relance: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "dates.ics"
    said = relance.well(f"deadlines --on 2026-03-01 --ics {file} --json")
    assert said.json["ics"] == str(file)
    assert "3 deadlines" in said.err
    calendar = Calendar.from_ical(file.read_bytes())
    assert isinstance(calendar, Calendar)
    assert sorted(str(event.decoded("DTSTART")) for event in calendar.walk("VEVENT")) == [
        row["on"] for row in said.json["rows"]
    ]
    assert all("Prescription – F-" in str(event["SUMMARY"]) for event in calendar.walk("VEVENT"))
    before = file.read_bytes()
    relance.refused(f"deadlines --on 2026-03-01 --ics {file}", 2, "--force")
    assert file.read_bytes() == before
    relance.well(f"deadlines --on 2026-03-01 --ics {file} --force")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("--kind soon", 2, "there are limitation, title"),
        ("--on 2031-01-01", 1, "still to come"),
        ("--debtor C999", 3, "no debtor 'C999'"),
        ("--force", 2, "--ics"),
        ("--within -3", 2, "-3"),
        ("--ics nowhere/dates.ics", 3, "no folder"),
    ],
)
def test_what_is_asked_wrongly_is_answered(relance: Terminal, words: str, code: int, said: str) -> None:
    relance.refused(f"deadlines {words}", code, said)


def test_a_store_without_an_invoice_says_so(alone: Terminal) -> None:
    alone.well("init --sandbox")
    alone.refused("deadlines", 3, "no invoice is recorded")
