"""`check-invoice` and `law checklist`, as an accountant and a program read them."""

from typing import Any, get_args

import pytest

from cli.check_invoice import KINDS, NAMES, SIZES
from domain import checklists
from domain.facts.invoicing import PartyKind
from tests.cli.conftest import Terminal

KEYS = {"code", "text", "state", "reference", "consequence", "from_on", "confidence"}


def mentions(relance: Terminal, line: str) -> dict[str, Any]:
    return {each["code"]: each for each in relance.well(f"{line} --json").json["mentions"]}


def test_the_words_of_the_options_are_those_of_the_domain() -> None:
    assert checklists.NAMES == NAMES
    assert get_args(PartyKind) == KINDS
    assert get_args(checklists.IssuerSize) == SIZES


def test_a_program_reads_every_mention_with_its_state(relance: Terminal) -> None:
    answer = relance.well("check-invoice F-1 --json").json
    assert set(answer) == {"invoice", "issued_on", "mentions"}
    assert (answer["invoice"], answer["issued_on"]) == ("F-1", "2026-01-01")
    assert all(set(each) == KEYS for each in answer["mentions"])
    found = {each["code"]: each["state"] for each in answer["mentions"]}
    assert (found["number"], found["due_on"], found["vat_amount"]) == ("recorded", "recorded", "recorded")
    assert (found["penalty_rate"], found["designation"], found["issuer_siren"]) == ("to_check", "to_check", "to_check")
    assert "customer_siren" not in found


def test_an_accountant_reads_a_table_and_what_a_missing_mention_costs(relance: Terminal) -> None:
    said = relance.well("check-invoice F-1")
    lines = said.out.splitlines()
    assert lines[0] == "F-1, issued 1 January 2026: the mentions in force that day"
    text = " ".join(said.out.split())
    assert "recorded Unique number in a chronological series" in text
    assert "fine: Administrative fine of up to 75 000 EUR" in text
    assert "voids neither the claim nor the penalties" in text
    assert "n° 14-19.249" in text
    assert said.err == ""


def test_a_penalty_clause_on_the_invoice_of_a_consumer_is_found(relance: Terminal) -> None:
    relance.well('party add --debtor C044 --name "Mme Lenoir" --kind consumer --on 2026-01-01')
    relance.well("issue F-4 --debtor C044 --on 2026-05-15 --due 2026-05-30 --total 500 --penalty-rate 12")
    said = relance("check-invoice F-4 --json")
    assert said.code == 1
    states = {each["code"]: each["state"] for each in said.json["mentions"]}
    assert (states["penalty_rate"], states["due_on"]) == ("forbidden", "not_required")
    assert "forbidden" in relance("check-invoice F-4").out


def test_the_size_of_the_issuer_matters_from_september_2026(relance: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELANCE_NOW", "2026-10-01T10:00+02:00")
    relance.well("issue F-5 --debtor C042 --on 2026-09-15 --due 2026-10-15 --total 500")
    said = relance.well("check-invoice F-5 --json")
    assert "--issuer small leaves them out" in said.err
    large, small = (relance.well(f"check-invoice F-5 --issuer {size}") for size in ("large", "small"))
    assert (large.err, small.err) == ("", "")
    mention = mentions(relance, "check-invoice F-5 --issuer large")["customer_siren"]
    assert (mention["state"], mention["from_on"]) == ("recorded", "2026-09-01")
    mention = mentions(relance, "check-invoice F-5 --issuer small")["customer_siren"]
    assert (mention["state"], mention["from_on"]) == ("not_required", "2027-09-01")


def test_the_rows_are_a_spreadsheet_too(relance: Terminal) -> None:
    assert relance.well("check-invoice F-1 --csv").out.startswith("code,text,state,reference,")


def test_mistakes_are_said_and_checked_nothing(relance: Terminal) -> None:
    relance.refused("check-invoice F-99", 3, "no invoice 'F-99' is recorded")
    relance.refused("check-invoice F-1 --issuer huge", 2, "'huge' is not one of")


def test_a_checklist_is_printed_without_a_store(alone: Terminal) -> None:
    answer = alone.well("law checklist formal_notice --debtor consumer --on 2026-06-01 --json").json
    assert (answer["checklist"], answer["on"]) == ("formal_notice", "2026-06-01")
    demand = answer["items"][0]
    assert (demand["code"], demand["presence"], demand["consequence"]) == ("interpellation", "required", "no_effect")
    assert "no formal notice is a condition of a payment order" in answer["note"]
    text = " ".join(alone.well("law checklist petition --on 2026-06-01").out.split())
    assert "Petition for a payment order on 1 June 2026" in text
    assert "nullity: Nullity of the petition. [CPC, art. 54 et 57]" in text
    assert "forbidden A petition against a public person [public]" in text
    assert not alone.store.exists()


def test_a_checklist_that_is_not_for_that_debtor_is_not_found(alone: Terminal) -> None:
    alone.refused("law checklist declaration --debtor public --on 2026-06-01", 3, "no item of declaration")
    alone.refused("law checklist invoice --on 2012-12-31", 3, "known from 1 January 2013")
    alone.refused("law checklist will", 2, "'will' is not one of")
