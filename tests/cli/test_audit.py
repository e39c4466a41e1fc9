"""The auditor's commands, at the terminal: what they print, their shapes for programs, their answers to what cannot be."""

import csv
import io
from typing import Any

import pytest

from cli.main import run
from cli.progress import watching
from cli.session import Session
from tests.cli.conftest import Terminal


def rows(said: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(said)))


# check, verify


def test_a_store_never_verified_is_found_and_verifying_it_mends_that(relance: Terminal) -> None:
    said = relance("check")
    assert said.code == 1
    found = [line for line in said.out.splitlines() if line.startswith("FOUND")]
    assert found == ["FOUND  verified    1 found"]
    assert "look further: relance verify --log" in said.out
    relance.well("verify --log")
    again = relance.well("check")
    assert [line[:2] for line in again.out.splitlines() if line[:2] == "ok"] == ["ok"] * 16
    assert "FOUND" not in again.out


def test_check_has_one_shape_for_programs(relance: Terminal) -> None:
    value = relance("check --json").json
    assert [each["id"] for each in value["checks"]][:3] == ["files", "index", "log"]
    assert {"id", "ok", "compares", "detail", "findings", "found"} <= value["checks"][0].keys()
    (finding,) = value["checks"][-1]["findings"]
    assert finding.keys() == {"what", "figures", "difference", "position", "stream", "label", "look"}
    (row,) = rows(relance("check --csv").out)
    assert (row["check"], row["look"]) == ("verified", "relance verify --log")


def test_checks_are_named_and_listed(relance: Terminal) -> None:
    assert relance.well("check sums views").out.count("\n") == 2
    listed = relance.well("check --list --json").json["checks"]
    assert [each["id"] for each in listed][-1] == "verified"
    assert all(each["compares"] for each in listed)
    relance.refused("check sum", 3, "no check 'sum'; there are files, index, log,")
    relance.refused("check --known-at @9999", 3, "the log holds positions 1 to")
    relance.refused("check --known-at 2020-01-01", 3, "nothing was known by 2020-01-01")
    assert relance.well("check sums --known-at @6").out.startswith("ok")


def test_an_empty_store_answers_each_of_them(alone: Terminal) -> None:
    assert run(["init", "--sandbox"]) == 0
    alone.refused("check", 3, "the log is empty: there is nothing to check yet")
    alone.refused("replay --judge --all", 3, "nothing is there to judge")
    alone.refused("numbering", 3, "no invoice is recorded")
    for line in ("sample --seed 1 --size 5", "receipts --closing 2026-05-01"):
        assert alone(line).code == 3


def test_a_broken_log_leaves_no_note(relance: Terminal) -> None:
    import sqlite3  # noqa: PLC0415

    db = sqlite3.connect(relance.store / "relance.db", isolation_level=None)
    db.execute("DROP TRIGGER log_unchanged")
    db.execute("UPDATE log SET internal = x'00' WHERE position = 3")
    db.close()
    assert relance("verify --log").code == 5
    assert not (relance.store / "relance.verified.json").exists()
    said = relance("check log")
    assert said.code == 1
    assert "@3: the internal part is not the one the bytes seal" in said.out


# sample


def test_a_sample_prints_how_it_was_drawn_and_what_it_covers(relance: Terminal) -> None:
    said = relance.well("sample --seed 7 --size 1 --above 800").out
    assert said.startswith("Sample of the invoices open on 1 June 2026, known at @")
    assert "the SHA-256 of the seed in decimal, a space and the stream (UTF-8)" in said
    for number in ("F-1", "F-2"):
        assert any(line.startswith(number) and " key " in line for line in said.splitlines())
    assert "population" in said
    assert "2 600.00" in said
    value = relance.well("sample --seed 7 --size 1 --above 800 --method mus --json").json
    assert (value["population_count"], value["key_count"], value["drawn_count"]) == (3, 2, 1)
    assert (value["coverage_percent"], value["method"], value["above_cents"]) == ("100.00", "mus", 80_000)
    assert [row["stratum"] for row in rows(relance.well("sample --seed 7 --size 1 --above 800 --csv").out)] == [
        "key", "key", "sample",
    ]  # fmt: skip


def test_a_sample_of_nothing_or_of_a_day_to_come_is_refused(relance: Terminal) -> None:
    relance.refused("sample --seed 1 --size 5 --as-of 2025-01-01", 3, "no invoice is open on 1 January 2025")
    relance.refused("sample --seed 1 --size 5 --as-of 2027-01-01", 3, "1 January 2027 is still to come")
    relance.refused("sample --seed 1 --size 5 --creditor NOBODY", 3, "no creditor 'NOBODY'")
    assert relance("sample --size 5").code == 2
    assert relance("sample --seed 1 --size 5 --above 0").code == 2


# receipts


def test_receipts_after_a_closing_add_up(relance: Terminal) -> None:
    relance.well("pay F-1 --amount 300 --on 2026-03-10")
    relance.well("pay F-1 --amount 100 --on 2026-04-10")
    relance.well("credit F-2 --amount 50 --number A-1 --reason price --on 2026-04-11")
    said = relance.well("receipts --closing 2026-02-28 --until 2026-05-31").out
    assert "2026-03-10 300.00; 2026-04-10 100.00" in said
    assert said.splitlines()[-1].split() == "total 2 invoices 2 100.00 400.00 50.00 . 1 650.00 19.05".split()  # noqa: SIM905
    value = relance.well("receipts --closing 2026-02-28 --json").json
    assert value["totals"] == {
        "open_cents": 210_000, "received_cents": 40_000, "credited_cents": 5_000, "written_off_cents": 0,
        "still_open_cents": 165_000, "difference_cents": 0, "collected_percent": "19.05",
    }  # fmt: skip
    assert value["rows"][0]["receipts"] == [
        {"on": "2026-03-10", "cents": 30_000},
        {"on": "2026-04-10", "cents": 10_000},
    ]
    first, _ = rows(relance.well("receipts --closing 2026-02-28 --csv").out)
    assert (first["number"], first["receipts"]) == ("F-1", "2026-03-10:30000 2026-04-10:10000")


def test_receipts_say_what_cannot_be(relance: Terminal) -> None:
    relance.refused("receipts --closing 2026-05-01 --until 2026-05-01", 2, "ends on a later day")
    relance.refused("receipts --closing 2026-05-01 --until 2027-01-01", 3, "still to come")
    relance.refused("receipts --closing 2025-01-01", 3, "no invoice was open on 1 January 2025")


# numbering


def test_numbering_finds_a_gap_and_cites_the_law(relance: Terminal) -> None:
    assert "No gap, no number twice, no order broken." in relance.well("numbering").out
    relance.well("issue F-6 --debtor C042 --on 2026-05-20 --due 2026-06-20 --total 10")
    said = relance("numbering")
    assert said.code == 1
    assert "CGI, ann. II, art. 242 nonies A" in said.out
    assert "Not on record:" in said.out
    (found,) = relance("numbering --json").json["findings"]
    assert (found["kind"], found["first"], found["last"], found["count"]) == ("gap", "F-4", "F-5", 2)
    assert rows(relance("numbering --csv").out)[0]["series"] == "F-#"
    assert relance("numbering --year 2026 --creditor ACME").code == 1
    relance.refused("numbering --year 2019", 3, "no invoice of 2019 is recorded")


# replay --judge --all


def test_the_whole_store_is_judged_rule_by_rule(relance: Terminal) -> None:
    assert "1 steps of 1 invoices stand against a rule, 0 of them" in relance.well("replay --judge --all").out
    relance.well("notify F-3 --already-done --on 2026-06-01")
    relance.well("notify F-2 --force --reason asked")
    for words in ("", " --hindsight"):
        said = relance(f"replay --judge --all{words}")
        value = relance(f"replay --judge --all{words} --json").json
        assert said.code == (1 if value["unrecorded"] else 0)
        assert {row["code"] for row in value["rules"]} >= {"not_reminded"}
        assert [each["number"] for each in value["invoices"]] == ["F-2", "F-3"]
        assert value["concerned"] == 2
        listed = rows(relance(f"replay --judge --all{words} --csv").out)
        assert [row["number"] for row in listed] == ["F-2", "F-3"]
        assert "not_reminded" in said.out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("replay", "name an invoice, or judge the whole store"),
        ("replay F-1 --judge --all", "name an invoice, or judge the whole store"),
        ("replay --judge", "name an invoice, or judge the whole store"),
        ("replay --all", "--all says what --judge judges"),
        ("replay --judge --all --as-of 2026-05-01", "it takes neither --as-of nor --known-at"),
        ("replay F-1 --hindsight", "--hindsight says how --judge judges"),
    ],
)
def test_replay_takes_an_invoice_or_the_whole_store(relance: Terminal, line: str, words: str) -> None:
    relance.refused(line, 2, words)


# How far it is


def test_a_bar_shows_on_a_terminal_for_what_takes_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], alone: Terminal
) -> None:
    def session(**how: Any) -> Session:
        plain = {"as_json": False, "as_csv": False, "debug": False} | how
        return Session(alone.store, "claire", None, None, None, **plain)

    clock = iter([0.0, 0.5, 2.0, 3.0])
    monkeypatch.setattr("cli.progress.monotonic", lambda: next(clock))
    monkeypatch.setattr("cli.progress.is_terminal", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with watching(session()) as tell:
        tell("histories", 1, 10)
        assert capsys.readouterr().err == ""
        tell("histories", 5, 10)
        tell("histories", 10, 10)
    assert "histories" in capsys.readouterr().err
    with watching(session(as_json=True)) as tell:
        tell("histories", 1, 10)
    assert capsys.readouterr().err == ""
