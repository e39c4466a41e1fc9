"""LAW 1.2, 5, 6.4 and 8 as checklists: what is in force on a day, for whom, with which consequence; malformed files, one specimen each."""

from typing import Any

import pytest

from domain.checklists import (
    NAMES,
    ChecklistName,
    Identity,
    IssuerSize,
    Known,
    State,
    check_invoice,
    checklist,
    parse_checklist,
    read_checklist,
)
from domain.errors import InvalidInput, LawMissing, NotFound
from domain.facts.invoicing import InvoiceIssued, PartyKind, VatLine
from domain.law.tables import shipped
from tests.builders import day, issued
from tests.conftest import HERE

TODAY = day("2026-11-21")
NEW = {"customer_siren", "delivery_address", "operations", "vat_on_debits"}


def codes(name: str, on: str, kind: PartyKind | None = None, issuer: IssuerSize | None = None) -> set[str]:
    return {item.code for item in checklist(name, day(on), kind, issuer)}


# What is in force


@pytest.mark.parametrize(
    ("on", "issuer", "there"),
    [
        ("2026-08-31", "large", False),
        ("2026-09-01", "large", True),
        ("2026-09-01", "small", False),
        ("2027-08-31", "small", False),
        ("2027-09-01", "small", True),
        ("2026-08-31", None, False),
        ("2026-09-01", None, True),
    ],
)
def test_the_new_mentions_begin_by_size_of_the_issuer(on: str, issuer: IssuerSize | None, there: bool) -> None:
    assert (codes("invoice", on, "trader", issuer) >= NEW) is there
    assert bool(NEW & codes("invoice", on, "trader", issuer)) is there


def test_order_number_and_billing_address_begin_with_the_ordinance() -> None:
    later = codes("invoice", "2019-10-01", "trader") - codes("invoice", "2019-09-30", "trader")
    assert later == {"order_reference", "billing_address"}
    assert "issuer_sole_trader" in codes("invoice", "2022-05-15") - codes("invoice", "2022-05-14")


@pytest.mark.parametrize("code", ["penalty_rate", "recovery_indemnity"])
def test_penalties_are_a_duty_towards_professionals_and_barred_towards_consumers(code: str) -> None:
    found = {
        kind: [item.presence for item in checklist("invoice", TODAY, kind) if item.code == code]
        for kind in ("trader", "professional", "consumer", "public")
    }
    assert found == {
        "trader": ["required"],
        "professional": ["required"],
        "consumer": ["forbidden"],
        "public": ["optional"],
    }


def test_a_missing_mention_is_fined_and_voids_nothing() -> None:
    fine = next(item.consequence for item in checklist("invoice", TODAY, "trader") if item.code == "due_on")
    assert (fine.code, fine.reference) == ("fine", "C. com., art. L441-9, II")
    assert "75 000 EUR" in fine.text
    assert "375 000 EUR" in fine.text
    note = read_checklist("invoice").note
    assert "voids neither the claim nor the penalties" in note.text
    assert "n° 14-19.249" in note.reference


def test_the_law_asks_of_a_formal_notice_a_clear_demand_and_the_mentions_of_every_letter() -> None:
    required = {item.code for item in checklist("formal_notice", TODAY) if item.presence == "required"}
    assert required == {"interpellation", "issuer_mentions"}
    policy = {item.code for item in checklist("formal_notice", TODAY) if item.consequence.code == "policy"}
    assert {"invoice_details", "deadline_as_a_date", "means_of_payment", "registered_letter"} <= policy
    assert all(item.presence == "optional" for item in checklist("formal_notice", TODAY) if item.code in policy)


def test_the_letter_of_a_collector_has_its_own_items_and_its_fine() -> None:
    of_collector = [item for item in checklist("formal_notice", TODAY) if item.code.startswith("collector_")]
    assert len(of_collector) == 5
    assert {(item.reference, item.consequence.code) for item in of_collector} == {("CPCE, art. R124-4", "fine")}


def test_a_consumer_gets_more_protection_from_a_formal_notice() -> None:
    every, consumer = (codes("formal_notice", "2026-11-21", kind) for kind in ("trader", "consumer"))
    assert consumer - every == {"harassment", "consent_to_lre"}


def test_a_petition_is_void_without_what_54_and_57_ask_for() -> None:
    nullity = {item.code for item in checklist("petition", TODAY, "trader") if item.consequence.code == "nullity"}
    assert nullity == {
        "court",
        "object",
        "creditor_person",
        "creditor_company",
        "debtor_identity",
        "dated_and_signed",
    }
    breakdown = next(item for item in checklist("petition", TODAY, "trader") if item.code == "amount")
    assert (breakdown.presence, breakdown.reference) == ("required", "CPC, art. 1407")
    assert "legal_aid_contribution" in codes("petition", "2026-03-01") - codes("petition", "2026-02-28")


def test_no_petition_lies_against_a_public_person() -> None:
    assert [item.presence for item in checklist("petition", TODAY, "public")] == ["forbidden"]


def test_a_claim_is_declared_against_those_whom_insolvency_reaches() -> None:
    assert {"addressee", "amount_at_judgment", "certified_sincere", "exhibits"} <= codes(
        "declaration", "2026-11-21", "trader"
    )
    assert codes("declaration", "2026-11-21", "public") == set()
    assert codes("declaration", "2026-11-21", "consumer") == set()


@pytest.mark.parametrize("name", NAMES)
def test_each_item_is_said_in_both_languages_with_its_text_of_law(name: ChecklistName) -> None:
    whole = read_checklist(name)
    assert set(whole.consequences) == {item.consequence.code for item in whole.items}
    for item in whole.items:
        assert item.text != item.texte
        assert item.reference
        assert item.consequence.text.endswith(".")
        assert item.consequence.texte.endswith(".")


def test_a_name_or_a_day_that_is_not_known_is_said() -> None:
    with pytest.raises(NotFound, match="invoice, formal_notice, petition, declaration"):
        checklist("will", TODAY)
    with pytest.raises(LawMissing, match="known from 1 January 2013"):
        checklist("invoice", day("2012-12-31"))


def test_every_checklist_that_ships_is_named() -> None:
    files = (HERE.parent / "domain" / "law" / "checklists").glob("*.toml")
    assert {file.stem for file in files} == set(NAMES)


def test_the_days_of_the_new_mentions_are_those_of_the_parameters() -> None:
    (siren,) = (item for item in read_checklist("invoice").items if item.code == "customer_siren")
    sizes: tuple[IssuerSize, ...] = ("large", "small")
    for size in sizes:
        assert siren.starts_on(size) == shipped().table(f"mention_customer_siren_{size}").values[0].from_on


@pytest.mark.parametrize(
    ("name", "consequence", "parameter"),
    [
        ("invoice", "fine", "mentions_fine_natural_person"),
        ("invoice", "fine", "mentions_fine_legal_person"),
        ("invoice", "tax_fine", "mention_tax_fine"),
        ("formal_notice", "fine", "collector_fine"),
        ("formal_notice", "crime", "official_look_fine"),
    ],
)
def test_the_fines_in_words_are_those_of_the_parameters(name: str, consequence: str, parameter: str) -> None:
    euros = f"{shipped().on(parameter, TODAY).whole // 100:,}".replace(",", " ")
    said = read_checklist(name).consequences[consequence]
    assert f"{euros} EUR" in said.text
    assert f"{euros} €" in said.texte


# An invoice held against its mentions


FIRM = Identity("Acme SARL", ("1 rue du Port",), "404833048", "SARL", "RCS Angers")
CLIENT = Identity("Durand SAS", ("2 rue du Port",), "552100554")


def states(fact: InvoiceIssued, issuer: IssuerSize | None = None, **known: Any) -> dict[str, State]:
    held: dict[str, Any] = {"number": "F-1", "creditor": FIRM, "debtor": CLIENT, **known}
    found = check_invoice(Known(issued=fact, **held), issuer)
    assert len({mention.item.code for mention in found}) == len(found)
    return {mention.item.code: mention.state for mention in found}


def invoice(**fields: Any) -> InvoiceIssued:
    return issued(on="2026-10-01", due="2026-10-31").model_copy(update=fields)


def test_what_relance_holds_is_recorded_and_the_rest_is_to_check_on_the_invoice() -> None:
    found = states(
        invoice(
            nature="goods",
            order_reference="ab" * 32,
            penalty_rate="12",
            performed_on=day("2026-09-30"),
            vat=(VatLine(net_cents=100000, rate="20", vat_cents=20000),),
        )
    )
    assert {code for code, state in found.items() if state == "recorded"} == {
        "issuer_identity", "customer_identity", "number", "issued_on", "performed_on", "order_reference", "due_on",
        "penalty_rate", "vat_amount", "vat_rates", "issuer_siren", "issuer_seat", "issuer_registry", "issuer_form",
        "customer_siren", "operations",
    }  # fmt: skip
    assert {code for code, state in found.items() if state == "not_required"} == {"vat_exemption", "vat_on_debits"}
    assert set(found.values()) == {"recorded", "to_check", "not_required"}
    assert found["recovery_indemnity"] == "to_check"


def test_an_empty_record_condemns_no_mention_but_the_due_day() -> None:
    nobody: dict[str, Any] = {"number": "", "creditor": Identity(), "debtor": Identity()}
    found = states(issued(on="2026-10-01", due=None), **nobody)
    assert found.pop("due_on") == "missing"
    assert found.pop("issued_on") == "recorded"
    assert set(found.values()) == {"to_check"}


def test_a_penalty_clause_on_the_invoice_of_a_consumer_is_forbidden() -> None:
    assert states(invoice(debtor_kind="consumer", penalty_rate="12"))["penalty_rate"] == "forbidden"
    assert states(invoice(debtor_kind="consumer"))["penalty_rate"] == "to_check"


def test_mentions_between_professionals_are_not_required_of_a_consumer_s_invoice() -> None:
    found = states(issued(on="2026-10-01", due=None, debtor_kind="consumer"))
    for code in ("due_on", "discount_terms", "order_reference", "customer_siren"):
        assert found[code] == "not_required"


def test_a_public_buyer_owes_without_the_mention_and_its_term_runs_from_receipt() -> None:
    found = states(issued(on="2026-10-01", due=None, debtor_kind="public"))
    for code in ("due_on", "penalty_rate", "recovery_indemnity"):
        assert found[code] == "not_required"


@pytest.mark.parametrize(("issuer", "state"), [("small", "not_required"), ("large", "recorded"), (None, "recorded")])
def test_the_new_mentions_are_not_required_yet_of_a_small_issuer(issuer: IssuerSize | None, state: State) -> None:
    assert states(invoice(), issuer)["customer_siren"] == state


def test_what_the_law_of_the_issue_day_did_not_know_is_not_listed() -> None:
    assert not NEW & set(states(issued(on="2026-08-31")))


def test_vat_without_its_rate_and_an_issue_day_not_known_are_to_check() -> None:
    found = states(invoice(dates="unknown_before", vat=(VatLine(net_cents=100000, vat_cents=20000),)))
    assert (found["vat_amount"], found["vat_rates"], found["issued_on"]) == ("recorded", "to_check", "to_check")
    assert states(invoice(vat=(VatLine(net_cents=120000, vat_cents=0),)))["vat_exemption"] == "to_check"


# Malformed files


GOOD = """
title = "t"
titre = "t"
last_checked_on = 2026-01-01

[note]
text = "n"
texte = "n"
reference = "r"

[consequences.fine]
text = "c."
texte = "c."
reference = "r"
"""
ITEM = """
[[items]]
code = "number"
text = "i"
texte = "i"
reference = "r"
consequence = "fine"
presence = "required"
from = 2020-01-01
debtors = ["trader"]
confidence = "A"
"""


@pytest.mark.parametrize(
    ("text", "field"),
    [
        pytest.param(GOOD, "items", id="no item"),
        pytest.param("items = []\n" + GOOD, "items", id="an empty list"),
        pytest.param(GOOD.replace('title = "t"\n', "") + ITEM, "title", id="no title"),
        pytest.param("color = 1\n" + GOOD + ITEM, "color", id="an unknown key"),
        pytest.param(GOOD.replace("2026-01-01", '"2026-01-01"') + ITEM, "last_checked_on", id="a day as text"),
        pytest.param(GOOD.replace('text = "n"\n', "") + ITEM, "note.text", id="half a note"),
        pytest.param(GOOD.replace('text = "c."\n', "") + ITEM, "consequences.fine.text", id="half a consequence"),
        pytest.param(GOOD + ITEM.replace("fine", "prison"), "items.0.consequence", id="no such consequence"),
        pytest.param(GOOD + ITEM + "note = 1\n", "items.0.note", id="an unknown key of an item"),
        pytest.param(GOOD + ITEM.replace('reference = "r"\n', ""), "items.0.reference", id="no reference"),
        pytest.param(GOOD + ITEM.replace('"r"', '""'), "items.0.reference", id="an empty reference"),
        pytest.param(GOOD + ITEM.replace('"A"', '"D"'), "items.0.confidence", id="no such confidence"),
        pytest.param(GOOD + ITEM.replace("required", "maybe"), "items.0.presence", id="no such presence"),
        pytest.param(GOOD + ITEM.replace('["trader"]', "[]"), "items.0.debtors", id="for nobody"),
        pytest.param(GOOD + ITEM.replace('"trader"', '"martian"'), "items.0.debtors.0", id="no such debtor"),
        pytest.param(GOOD + ITEM.replace("2020-01-01", "2020"), "items.0.from", id="a year for a day"),
        pytest.param(GOOD + ITEM + "until = 1\n", "items.0.until", id="a number for a last day"),
        pytest.param(GOOD + ITEM + ITEM, "", id="two items of one code at once"),
        pytest.param("consequences = 1\n" + ITEM, "consequences", id="consequences that are none"),
        pytest.param("title = ", "", id="no TOML"),
    ],
)
def test_a_malformed_checklist_names_file_and_key(text: str, field: str) -> None:
    assert len(parse_checklist("good", (GOOD + ITEM).encode()).items) == 1
    with pytest.raises(InvalidInput) as caught:
        parse_checklist("bad", text.encode())
    assert caught.value.file == "bad.toml"
    assert caught.value.field == field


def test_one_code_may_follow_itself_or_change_with_the_debtor() -> None:
    later = ITEM.replace("2020-01-01", "2021-01-01")
    ended = ITEM + "until = 2020-12-31\n"
    assert len(parse_checklist("good", (GOOD + ended + later).encode()).items) == 2
    assert len(parse_checklist("good", (GOOD + ITEM + ITEM.replace("trader", "public")).encode()).items) == 2
    with pytest.raises(InvalidInput, match="two items number are in force together"):
        parse_checklist("bad", (GOOD + ITEM + later).encode())
