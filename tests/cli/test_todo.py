"""`todo` through the command line: what a person reads, what a program reads, what is asked wrongly."""

import csv
import io
import os
from collections.abc import Callable

import pytest

from tests.cli.conftest import Terminal

KEYS = [
    "rank", "invoice", "debtor", "name", "what", "why", "by_on", "since_on", "residual_cents", "urgency", "reference",
]  # fmt: skip


def test_the_day_is_told_in_stable_keys_most_urgent_first(relance: Terminal) -> None:
    relance.well("run --cash-known-until 2026-02-28 --dry-run --on 2026-03-01")
    said = relance.well("todo --on 2026-03-01 --json").json
    assert list(said) == ["on", "within_days", "order", "counts", "total", "rows"]
    assert list(said["order"]) == ["right", "passed", "promise", "act", "open", "waits"]
    assert [list(row) for row in said["rows"]] == [KEYS] * said["total"]
    assert [row["rank"] for row in said["rows"]] == list(range(1, said["total"] + 1))
    assert {(row["invoice"], row["what"], row["urgency"]) for row in said["rows"]} == {
        ("F-1", "remind 1", "waits"), ("F-2", "remind 1", "waits"),
    }  # fmt: skip
    assert sum(said["counts"].values()) == said["total"] == 2
    first = said["rows"][0]
    assert (first["invoice"], first["debtor"], first["since_on"], first["residual_cents"]) == (
        "F-1",
        "C042",
        "2026-02-01",
        120_000,
    )


def test_it_says_what_a_dry_run_of_the_day_says(relance: Terminal) -> None:
    """What the pass would record is an act, what it leaves to a person too; what it holds back waits."""
    relance.well("run --cash-known-until 2026-02-28 --on 2026-02-28 --already-done")
    for day in ("2026-03-01", "2026-03-20", "2026-04-15"):
        run = relance.well(f"run --dry-run --on {day} --json").json
        rows = relance.well(f"todo --on {day} --within 0 --json").json["rows"]
        acts = sorted((row["invoice"], row["what"].split()[0]) for row in rows if row["urgency"] == "act")
        recorded = [(row["number"], row["act"].split()[0]) for row in run["done"] if row["act"] != "fell due"]
        assert acts == sorted(recorded + [(note["number"], note["what"]) for note in run["todo"]])
        waits = sorted(
            (row["invoice"], row["what"].split()[0], row["why"]) for row in rows if row["urgency"] == "waits"
        )
        assert waits == sorted((note["number"], note["what"], note["why"]) for note in run["waiting"])


def test_it_records_nothing_and_says_the_same_again(relance: Terminal) -> None:
    before = relance.well("history F-1 --json").json
    one = relance.well("todo --on 2026-03-01 --json").out
    assert relance.well("todo --on 2026-03-01 --json").out == one
    (relance.store / "relance.worklist.db").unlink(missing_ok=True)
    assert relance.well("todo --on 2026-03-01 --json").out == one
    assert relance.well("history F-1 --json").json == before


def test_a_table_says_why_it_is_in_that_order(relance: Terminal) -> None:
    said = relance.well("todo --on 2026-03-01").out
    assert "2 things to do on 1 March 2026, most urgent first" in said
    assert "waits (2): held by a rule, or until the bank has spoken: by amount" in said
    assert said.index("F-1") < said.index("F-2")
    short = relance.well("todo --on 2026-03-01 --limit 1").out
    assert "F-2" not in short
    assert "The first 1 of 2" in short


def test_rows_come_as_csv(relance: Terminal) -> None:
    rows = list(csv.DictReader(io.StringIO(relance.well("todo --on 2026-03-01 --csv").out)))
    assert list(rows[0]) == KEYS
    assert rows[0]["by_on"] == ""


def test_a_day_with_nothing_to_do_says_so(relance: Terminal) -> None:
    said = relance.well("todo --on 2026-01-10")
    assert said.out == "Nothing to do on 10 January 2026.\n"
    assert relance.well("todo --on 2026-01-10 --json").json["rows"] == []


def test_it_may_be_asked_of_one_creditor_or_debtor(relance: Terminal) -> None:
    rows = relance.well("--now 2026-06-20T10:00Z todo --debtor C043 --json").json["rows"]
    assert {row["debtor"] for row in rows} == {"C043"}
    every = relance.well("--now 2026-06-20T10:00Z todo --json").json["rows"]
    of_acme = relance.well("--now 2026-06-20T10:00Z todo --creditor ACME --json").json["rows"]
    assert of_acme == every
    assert relance.well("--now 2026-06-20T10:00Z todo --debtor ACME/C043 --json").json["rows"] == rows


def test_an_order_that_was_granted_is_to_be_served(relance: Terminal) -> None:
    relance.well("escalate F-1 --court tc-angers --principal-only --force --reason asked --on 2026-03-02")
    relance.well("order granted F-1 --on 2026-03-20")
    (row,) = [row for row in relance.well("todo --on 2026-03-21 --json").json["rows"] if row["what"] == "order_service"]
    assert (row["urgency"], row["by_on"], row["reference"]) == ("act", "2026-09-20", "CPC, art. 1411")
    (near,) = [
        row
        for row in relance.well("--now 2026-09-01T10:00Z todo --json").json["rows"]
        if row["what"] == "order_service"
    ]
    assert (near["urgency"], near["rank"]) == ("right", 1)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("--on 2031-01-01", 1, "still to come"),
        ("--on 2026-13-01", 2, "is not a day"),
        ("--debtor C999", 3, "no debtor 'C999'"),
        ("--creditor NOBODY", 3, "no creditor 'NOBODY'"),
        ("--within -1", 2, "-1"),
        ("--limit 0", 2, "0"),
    ],
)
def test_what_is_asked_wrongly_is_answered(relance: Terminal, words: str, code: int, said: str) -> None:
    relance.refused(f"todo {words}", code, said)


def test_a_store_without_an_invoice_says_so(alone: Terminal) -> None:
    alone.well("init --sandbox")
    alone.refused("todo", 3, "no invoice is recorded")


def test_a_folder_that_cannot_be_written_is_read_all_the_same(
    fresh: Callable[[], Terminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    relance = fresh()
    expected = relance.well("todo --on 2026-03-01 --json").out
    again = fresh()
    assert not (again.store / "relance.worklist.db").exists()
    allowed = os.access
    monkeypatch.setattr("os.access", lambda path, mode: mode != os.W_OK and allowed(path, mode))
    assert again.well("todo --on 2026-03-01 --json").out == expected
    assert not (again.store / "relance.worklist.db").exists()
