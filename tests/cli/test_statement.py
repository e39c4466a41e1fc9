"""`statement` at the terminal."""

import csv
import io

from tests.cli.conftest import Terminal

KEYS = {
    "debtor", "name", "creditor", "from_on", "as_of_on", "position", "opening_cents", "lines", "closing_cents", "open_items", "in_credit",
    "unallocated_cents", "scheme", "buckets",
}  # fmt: skip


def test_the_account_on_the_terminal(relance: Terminal) -> None:
    relance.well("pay F-1 --amount 200 --on 2026-03-02")
    said = relance.well("statement C042").out
    assert "C042 Durand SAS, from 1 January 2026 to 1 June 2026, known at @" in said
    assert "balance before" in said
    assert [line.split()[-1] for line in said.splitlines() if "payment" in line] == ["900.00"]
    assert "300.00" in said


def test_as_json_with_stable_keys(relance: Terminal) -> None:
    relance.well("pay F-1 --amount 200 --on 2026-03-02")
    value = relance.well("statement C042 --from 2026-01-05 --as-of 2026-03-31 --json").json
    assert set(value) == KEYS
    assert (value["opening_cents"], value["closing_cents"]) == (120000, 190000)
    assert [
        (each["on"], each["kind"], each["number"], each["cents"], each["balance_cents"]) for each in value["lines"]
    ] == [
        ("2026-01-05", "invoice", "F-2", 90000, 210000),
        ("2026-03-02", "payment", "F-1", -20000, 190000),
    ]
    assert value["lines"][0]["due_on"] == ["2026-02-04", "2026-07-06"]
    assert [(each["number"], each["due_on"], each["days_late"]) for each in value["open_items"]] == [
        ("F-1", "2026-01-31", 59), ("F-2", "2026-02-04", 55), ("F-2", "2026-07-06", -97),
    ]  # fmt: skip
    aged = relance.well("ageing --debtor C042 --as-of 2026-03-31 --json").json["totals"]
    assert value["buckets"] == {name: aged[name] for name in value["buckets"]}
    assert aged["total_cents"] == value["closing_cents"]


def test_what_was_recorded_later_is_not_known_before(relance: Terminal) -> None:
    before = relance.well("statement C042 --json").json
    relance.well("pay F-1 --amount 200 --on 2026-03-02")
    again = relance.well(f"statement C042 --known-at @{before['position']} --json").json
    assert again == before
    assert relance.well("statement C042 --json").json["closing_cents"] == before["closing_cents"] - 20000


def test_as_csv_one_row_for_each_entry(relance: Terminal) -> None:
    rows = list(csv.DictReader(io.StringIO(relance.well("statement C042 --csv").out)))
    assert [(row["number"], row["cents"]) for row in rows] == [("F-1", "120000"), ("F-2", "90000")]


def test_a_letter_is_written_once(relance: Terminal) -> None:
    said = relance.well("statement C042 --output r.pdf")
    assert said.out.startswith("r.pdf: balance 2 100.00 EUR, 2 entries")
    assert "simulation" in said.err
    data = (relance.store.parent / "r.pdf").read_bytes()
    assert data.startswith(b"%PDF-1.7")
    relance.refused("statement C042 --output r.pdf", 2, "exists: a statement never replaces a file")
    assert relance.well("statement C042 --output s.pdf --json").json["path"] == "s.pdf"
    assert (relance.store.parent / "s.pdf").read_bytes() == data


def test_mistakes_are_told(relance: Terminal) -> None:
    relance.refused("statement C999", 3, "no debtor 'C999' is registered")
    relance.refused("statement C042 --as-of 2026-06-02", 3, "still to come")
    relance.refused("statement C042 --as-of 2025-12-31", 3, "nothing is on the account of C042 by 31 December 2025")
    relance.refused("statement C042 --from 2026-06-02", 2, "holds no day")
    relance.refused("statement C042 --known-at @0", 3, "the log holds positions 1 to")
    relance.refused("statement C042 --creditor NONE", 3, "no creditor 'NONE' is registered")
    relance.refused("statement C042 --output none/r.pdf", 2, "there is no folder none")


def test_an_empty_store_is_told(alone: Terminal) -> None:
    alone.well("init --sandbox")
    alone.refused("statement C042", 3, "no debtor 'C042' is registered")


def test_a_customer_of_several_creditors_is_named_with_his(relance: Terminal) -> None:
    relance.well('party add --creditor AUTRE --name "Autre SA" --on 2026-01-01')
    relance.well('party add --debtor C042 --creditor AUTRE --name "Durand SAS" --on 2026-01-01')
    relance.refused("statement C042", 2, "several debtors answer to 'C042'")
    assert relance.well("statement C042 --creditor ACME --json").json == relance.well("statement ACME/C042 --json").json
