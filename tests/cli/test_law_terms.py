"""`law due` and `law routes`, as a program and a person ask them."""

import csv
import io
import json
import shlex
from typing import Any

import pytest

from cli.main import run


def asked(capsys: pytest.CaptureFixture[str], line: str) -> tuple[int, str, str]:
    code = run(shlex.split(line))
    said = capsys.readouterr()
    return code, said.out, said.err


def read(capsys: pytest.CaptureFixture[str], line: str) -> dict[str, Any]:
    code, out, err = asked(capsys, f"{line} --json")
    assert (code, err) == (0, "")
    value: dict[str, Any] = json.loads(out)
    return value


def test_a_term_with_its_cap_and_its_computation(capsys: pytest.CaptureFixture[str]) -> None:
    value = read(capsys, "law due --issued 2026-01-15 --terms 45d-eom --method eom-then-add")
    assert (value["due_on"], value["cap_on"], value["warnings"]) == ("2026-03-17", "2026-03-17", [])
    assert (value["reference"], value["terms"]) == ("C. com., art. L441-10, I, al. 3", "45d-eom")
    assert value["steps"][0].startswith(
        "due: 15 January 2026, end of month: 31 January 2026; + 45 days = 17 March 2026"
    )
    assert read(capsys, "law due --issued 2026-01-15 --terms '45 jours fin de mois' --method add-then-eom") == {
        **read(capsys, "law due --issued 2026-01-15 --terms 45d-eom --method add-then-eom"), "due_on": "2026-03-31",
    }  # fmt: skip


def test_no_terms_run_from_performance(capsys: pytest.CaptureFixture[str]) -> None:
    assert read(capsys, "law due --issued 2026-01-15 --performed 2026-01-10")["due_on"] == "2026-02-09"
    code, out, err = asked(capsys, "law due --issued 2026-01-15")
    assert (code, out) == (2, "")
    assert "give the day it was performed" in err


def test_an_end_of_month_without_method_is_misuse_with_both_dates(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = asked(capsys, "law due --issued 2026-01-15 --terms 45d-eom")
    assert (code, out) == (2, "")
    assert "add-then-eom gives 31 March 2026, eom-then-add gives 17 March 2026" in err
    assert asked(capsys, "law due --issued 2026-01-15 --terms later")[0] == 2


def test_a_term_past_the_cap_is_warned_of_beside_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = asked(capsys, "law due --issued 2026-01-15 --terms 61d")
    assert code == 0
    assert out.startswith("17 March 2026; cap 16 March 2026 [C. com., art. L441-10, I, al. 2]\n  due: ")
    assert err.startswith("Warning: 17 March 2026, as agreed, is after the cap")
    assert "L441-16" in read(capsys, "law due --issued 2026-01-15 --terms 61d")["warnings"][0]


def test_public_buyers_consumers_and_sectors(capsys: pytest.CaptureFixture[str]) -> None:
    public = "law due --issued 2026-01-15 --debtor public --received 2026-01-20 --buyer hospital"
    assert read(capsys, public)["due_on"] == "2026-03-11"
    uncertain = "law due --issued 2026-01-15 --debtor public --receipt-uncertain --performed 2026-01-02"
    assert read(capsys, uncertain)["due_on"] == "2026-02-01"
    consumer = read(capsys, "law due --issued 2026-01-15 --debtor consumer --terms 90d")
    assert (consumer["due_on"], consumer["cap_on"]) == ("2026-04-15", None)
    assert read(capsys, "law due --issued 2026-01-15 --terms 30d --sector carriage")["cap_on"] == "2026-02-14"
    assert asked(capsys, "law due --issued 2026-01-15 --terms 30d --sector meat")[0] == 2
    assert asked(capsys, "law due --issued 2008-01-15 --performed 2008-01-15")[0] == 3


def test_the_routes_of_a_day_condition_by_condition(capsys: pytest.CaptureFixture[str]) -> None:
    value = read(capsys, "law routes --debtor b2b --amount 4200 --on 2026-09-15")
    assert value["on"] == "2026-09-15"
    found = {each["route"]: each for each in value["routes"]}
    small = {each["text"]: each["state"] for each in found["small_claims"]["conditions"]}
    assert small["principal and interest are 5 000.00 EUR at most"] == "met"
    assert small["the claim was not invoiced between traders"] == "to_qualify"
    assert all(
        {"route", "in_force", "conditions", "reference"} <= set(each)
        and all({"text", "state", "reference"} == set(one) for one in each["conditions"])
        and "verdict" not in each
        for each in value["routes"]
    )


def test_a_reading_is_chosen_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    line = "law routes --debtor b2b --amount 4200 --on 2026-09-15 --reading traders=professionals_too"
    found = {each["route"]: each for each in read(capsys, line)["routes"]}
    assert {"switch": "traders", "code": "professionals_too"}.items() <= found["small_claims"]["readings"][0].items()
    states = {each["text"]: each["state"] for each in found["small_claims"]["conditions"]}
    assert states["the claim was not invoiced between traders"] == "not_met"
    assert asked(capsys, "law routes --debtor b2b --amount 1 --on 2026-09-15 --reading traders")[0] == 2
    assert asked(capsys, "law routes --debtor b2b --amount 1 --on 2026-09-15 --reading traders=all")[0] == 2
    assert asked(capsys, "law routes --debtor b2b --amount 0 --on 2026-09-15")[0] == 2
    assert asked(capsys, "law routes --debtor b2b --amount 1 --on 2012-12-31")[0] == 3


def test_routes_for_people_and_as_rows(capsys: pytest.CaptureFixture[str]) -> None:
    line = "law routes --debtor consumer --amount 4200 --on 2026-04-24 --not-between-traders"
    code, out, err = asked(capsys, line)
    assert (code, err) == (0, "")
    assert "not in force on 24 April 2026; in force from 25 April 2026" in out
    assert "read (contribution_start=2026-03-01)" in out
    assert "not met" in out
    rows = list(csv.DictReader(io.StringIO(asked(capsys, f"{line} --csv")[1])))
    assert [row["in_force"] for row in rows if row["route"] == "undisputed_commercial_claim"] == ["False"]
    assert {row["state"] for row in rows} == {"met", "not_met", "to_qualify", ""}
