"""The aged balance as the auditor asks for it: by books and by the source, between two states of knowledge, disputes beside."""

from typing import Any

import pytest

from tests.cli.conftest import Terminal


def row(relance: Terminal, words: str, key: str) -> dict[str, Any]:
    rows = relance.well(f"ageing --by invoice --json {words}").json["rows"]
    return next(each for each in rows if each["key"] == key)


def head(relance: Terminal) -> int:
    return int(relance.well("views --json").json["head"])


def test_the_difference_of_two_states_of_knowledge_names_the_events_that_made_it(relance: Terminal) -> None:
    before = head(relance)
    relance.well("pay F-1 --amount 500 --on 2026-03-01")
    relance.well("credit F-1 --amount 100 --number A-1 --reason price --on 2026-03-02")
    relance.well("pay F-3 --amount 20 --on 2026-05-20")  # after the day asked about
    later = head(relance)
    told = relance.well(f"ageing --as-of 2026-04-30 --diff @{before} @{later} --json").json
    assert (told["from_position"], told["to_position"], told["change_cents"]) == (before, later, -60_000)
    (changed,) = told["rows"]
    assert (changed["key"], changed["before_cents"], changed["after_cents"]) == ("F-1", 120_000, 60_000)
    assert changed["moved"] == {"61-90": -60_000}
    assert [(each["name"], each["cents"]) for each in changed["events"]] == [
        ("payment", -50_000),
        ("credit note", -10_000),
    ]
    shown = relance.well(f"ageing --as-of 2026-04-30 --diff @{before} @{later}").out
    assert "F-1  Durand SAS: 1 200.00 became 600.00 (-600.00)" in shown
    assert "1 moved, -600.00 in all." in shown


def test_a_withdrawal_and_a_correction_are_named_with_what_they_moved(relance: Terminal) -> None:
    relance.well("pay F-1 --amount 500 --on 2026-03-01")
    before = head(relance)
    version = max(
        each["version"] for each in relance.well("history F-1 --json").json["events"] if each["name"] == "payment"
    )
    relance.well(f"withdraw F-1 {version} --reason error")
    relance.well("issue F-3 --correct error --debtor C043 --on 2026-05-15 --due 2026-05-20 --total 450")
    told = relance.well(f"ageing --diff @{before} @{head(relance)} --json").json
    found = {each["key"]: each for each in told["rows"]}
    assert set(found) == {"F-1", "F-3"}
    assert [(each["name"], each["cents"]) for each in found["F-1"]["events"]] == [("entry withdrawn", 50_000)]
    assert found["F-3"]["moved"] == {"not_due": -50_000, "1-30": 45_000}
    assert [each["cents"] for each in found["F-3"]["events"]] == [None, -5_000]
    for each in told["rows"]:
        assert (
            sum(event["cents"] or 0 for event in each["events"]) == each["change_cents"] == sum(each["moved"].values())
        )


def test_nothing_changed_is_said(relance: Terminal) -> None:
    here = head(relance)
    relance.well("remind F-1 --channel email")
    assert "Nothing moved: both show the same." in relance.well(f"ageing --diff @{here} @{head(relance)}").out


@pytest.mark.parametrize(
    ("words", "code", "answer"),
    [
        ("--diff @4 @4", 2, "--diff goes from what was known first to what was known later: @"),
        ("--diff @1 @2 --known-at @2", 2, "--diff compares two positions of the log"),
        ("--diff @1 @999", 3, "the log holds positions 1 to"),
        ("--known-at 2020-01-01", 3, "nothing was known by 2020-01-01: the first entry was recorded at"),
        ("--as-of 2026-06-02", 3, "2 June 2026 is still to come"),
        ("--scheme mine", 3, "no scheme 'mine'; there are d4416, oca, oca-statement, tryton, erpnext, agicap"),
        ("--creditor NOBODY", 3, "no creditor 'NOBODY' is registered"),
        ("--debtor C999", 3, "no debtor 'C999' is registered"),
    ],
)
def test_a_question_that_has_no_answer_is_told_why(relance: Terminal, words: str, code: int, answer: str) -> None:
    relance.refused(f"ageing {words}", code, answer)


def test_a_day_before_the_first_invoice_is_nil_and_says_so(relance: Terminal) -> None:
    said = relance.well("ageing --as-of 2025-12-31 --json")
    assert said.json["totals"]["total_cents"] == 0
    assert "nothing was issued by 31 December 2025: the first invoice on record is of 1 January 2026" in said.err


def test_what_is_disputed_is_shown_beside_and_never_above_what_is_owed(relance: Terminal) -> None:
    relance.well("dispute F-1 --amount 700 --reason quality --on 2026-03-01")
    assert row(relance, "", "F-1")["disputed_cents"] == 70_000
    assert row(relance, "--as-of 2026-02-28", "F-1")["disputed_cents"] == 0
    assert row(relance, "--basis booked --knowledge source", "F-1")["disputed_cents"] == 70_000
    relance.well("pay F-1 --amount 1000 --on 2026-04-01")
    assert row(relance, "", "F-1")["disputed_cents"] == 20_000
    assert relance.well("ageing --json").json["totals"]["disputed_cents"] == 20_000
    assert "disputed: the part of the total that is under dispute" in relance.well("ageing").out
    relance.well("settle F-1 --outcome abandoned --on 2026-05-01")
    assert row(relance, "", "F-1")["disputed_cents"] == 0
    assert row(relance, "--as-of 2026-04-15", "F-1")["disputed_cents"] == 20_000


def test_one_debtor_or_one_creditor_can_be_asked_for(relance: Terminal) -> None:
    whole = relance.well("ageing --json").json
    parts = [relance.well(f"ageing --debtor {code} --json").json for code in ("C042", "C043")]
    assert sum(each["totals"]["total_cents"] for each in parts) == whole["totals"]["total_cents"]
    assert [[each["key"] for each in part["rows"]] for part in parts] == [["C042"], ["C043"]]
    assert relance.well("ageing --creditor ACME --json").json["rows"] == whole["rows"]
    relance.well("party add --creditor OTHER --name Autre --on 2026-01-01")
    assert relance.well("ageing --creditor OTHER --json").json["rows"] == []


FILE = """number,debtor,debtor_name,issued_on,known_on,due_on,total,paid_on,paid,paid_booked_on,paid_known_on
G-1,C7,Garnier,2026-01-10,2026-01-12,2026-02-09,100.00,2026-03-30,100.00,2026-04-02,2026-04-01
"""


def test_the_past_of_an_imported_ledger_is_known_by_its_source(relance: Terminal) -> None:
    """Recorded today, the payment was known to the books on 1 April, and booked on 2 April."""
    (relance.store.parent / "ledger.csv").write_text(FILE)
    relance.well("import ledger.csv --creditor ACME --map number=number --map debtor=debtor --map debtor_name=debtor_name"
                   " --map issued_on=issued_on --map due_on=due_on --map total=total --map paid_on=paid_on --map paid=paid"
                   " --map known_on=known_on --map paid_booked_on=paid_booked_on --map paid_known_on=paid_known_on")  # fmt: skip
    assert "G-1" not in keys(relance, "")
    assert "G-1" not in keys(relance, "--as-of 2026-03-31"), "paid on 30 March"
    assert "G-1" in keys(relance, "--as-of 2026-03-31 --knowledge source --known-at 2026-03-31"), (
        "not known to be paid yet"
    )
    assert "G-1" not in keys(relance, "--as-of 2026-03-31 --knowledge source --known-at 2026-04-01")
    assert "G-1" in keys(relance, "--as-of 2026-04-01 --basis booked"), "booked on 2 April"
    assert "G-1" not in keys(relance, "--as-of 2026-04-02 --basis booked")
    told = relance.well("ageing --as-of 2026-03-31 --knowledge source --known-at 2026-03-31 --basis booked").out
    assert "as of 31 March 2026, by booking day, known to the source on 31 March 2026" in told


def keys(relance: Terminal, words: str) -> set[str]:
    return {each["key"] for each in relance.well(f"ageing --by invoice --json {words}").json["rows"]}


def test_the_day_the_source_knew_may_lie_before_the_log(relance: Terminal) -> None:
    """Nothing was recorded by 2025, and nothing said that a source knew it by then: nil, not a refusal."""
    told = relance.well("ageing --as-of 2026-01-31 --knowledge source --known-at 2025-12-31 --json").json
    assert (told["position"], told["known_on"], told["totals"]["total_cents"]) == (0, "2025-12-31", 0)


def test_a_checkpoint_file_names_a_position(relance: Terminal) -> None:
    relance.well("log checkpoint --output then.txt")
    then = head(relance)
    before = relance.well("ageing --json").json
    relance.well("pay F-1 --amount 100")
    told = relance.well("ageing --known-at @then.txt --json").json
    assert (told["position"], told["totals"]) == (then, before["totals"])
    relance.refused("ageing --known-at @nothing.txt", 2, "neither a position (@1234) nor the file of a checkpoint")
    (relance.store.parent / "bad.txt").write_text("no note")
    assert relance("ageing --known-at @bad.txt").code == 6
    text = (relance.store.parent / "then.txt").read_text().splitlines(keepends=True)
    text[1] = f"{then - 1}\n"
    (relance.store.parent / "forged.txt").write_text("".join(text))
    relance.refused("ageing --known-at @forged.txt", 5, "that this log, of")
