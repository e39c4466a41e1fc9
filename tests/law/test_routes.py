"""LAW 6.1 to 6.8, 7, 8: which routes there are on a day, condition by condition, and every number of section 7."""

import datetime as dt
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.errors import LawMissing, Misuse
from domain.law.readings import Readings
from domain.law.tables import shipped
from domain.routes import Condition, Debtor, Route, RouteCode, State, routes
from tests.builders import day

LAW = shipped()
DEBTORS: tuple[Debtor, ...] = get_args(Debtor)
CODES: tuple[RouteCode, ...] = get_args(RouteCode)


def route(
    code: RouteCode,
    debtor: Debtor = "b2b",
    on: str = "2026-09-15",
    cents: int = 100_00,
    *,
    between: bool | None = None,
    **readings: str,
) -> Route:
    found = routes(
        LAW, Readings(readings), on=day(on), debtor=debtor, amount_cents=cents, invoiced_between_traders=between
    )
    return {each.route: each for each in found}[code]


def condition(of: Route, words: str) -> Condition:
    (found,) = [each for each in of.conditions if words in each.text]
    return found


def states(of: Route) -> set[State]:
    return {each.state for each in of.conditions}


@pytest.mark.parametrize("debtor", DEBTORS)
def test_every_route_is_listed_whoever_owes(debtor: Debtor) -> None:
    found = routes(LAW, on=day("2026-09-15"), debtor=debtor, amount_cents=1)
    assert tuple(each.route for each in found) == CODES
    assert all(each.in_force and each.conditions for each in found)


# LAW 6.1 to 6.8: injonction de payer


def test_of_a_payment_order_only_what_the_day_the_debtor_and_the_amount_say_is_met() -> None:
    found = route("injonction_de_payer")
    assert {each.text for each in found.conditions if each.state == "met"} == {
        "the debtor is a person of private law",
        "there is no ceiling and no floor of amount",
        "no prior amicable attempt is required",
        "no prior formal notice is required by law",
        "no lawyer is compulsory for the petition, whatever the amount",
    }
    for words in (
        "contractual or statutory",
        "certain, due",
        "known and in France",
        "collective proceedings",
        "dated and signed",
    ):
        assert condition(found, words).state == "to_qualify"


def test_no_amicable_attempt_precedes_a_payment_order() -> None:
    for cents in (1, 5_000_00, 500_000_00):
        found = condition(route("injonction_de_payer", "consumer", cents=cents), "amicable attempt")
        assert (found.state, found.reference) == ("met", "Cass. 2e civ., avis, 25 sept. 2025, n° 25-70.013")


def test_a_public_person_is_not_ordered_to_pay() -> None:
    found = condition(route("injonction_de_payer", "public"), "private law")
    assert (found.state, found.reference) == ("not_met", "CPC, art. 1405")


def test_the_court_goes_by_the_debtor() -> None:
    b2b = condition(route("injonction_de_payer"), "the court is")
    assert "tribunal de commerce (or tribunal des activités économiques) between traders" in b2b.text
    assert b2b.state == "to_qualify"
    consumer = condition(route("injonction_de_payer", "consumer"), "the court is")
    assert "tribunal judiciaire" in consumer.text
    assert "commerce" not in consumer.text
    assert "activités économiques" not in condition(route("injonction_de_payer", on="2024-12-31"), "the court is").text
    assert "activités économiques" in condition(route("injonction_de_payer", on="2025-01-01"), "the court is").text
    assert "activités économiques" in condition(route("injonction_de_payer", on="2028-12-31"), "the court is").text
    assert "activités économiques" not in condition(route("injonction_de_payer", on="2029-01-01"), "the court is").text


def test_the_commercial_court_wants_its_fees_within_fifteen_days() -> None:
    found = condition(route("injonction_de_payer"), "fees deposited")
    assert "within 15 days, else the petition lapses" in found.text
    assert (found.state, found.reference) == ("to_qualify", "CPC, art. 1425")
    assert not [each for each in route("injonction_de_payer", "consumer").conditions if "fees" in each.text]


def test_the_tribunal_of_economic_activities_wants_its_contribution_above_fifty_thousand() -> None:
    assert "250 employees" in condition(route("injonction_de_payer", cents=50_000_01), "50 000.00 EUR").text
    assert not [each for each in route("injonction_de_payer", cents=50_000_00).conditions if "250" in each.text]


def test_the_contribution_of_fifty_euros_by_each_reading() -> None:
    opposed = route("injonction_de_payer", "consumer")
    assert [step.text for step in opposed.steps] == [
        "before the tribunal judiciaire: contribution of 50.00 EUR when the order is opposed"
    ]
    assert not [each for each in opposed.conditions if "contribution" in each.text]
    filed = route("injonction_de_payer", "consumer", contribution_event="on_petition")
    assert condition(filed, "contribution of 50.00 EUR").state == "to_qualify"
    assert filed.steps == ()
    assert {each.code for each in filed.readings} == {"2026-03-01", "on_petition"}


def test_the_contribution_starts_in_march_or_in_may() -> None:
    def said(on: str, start: str) -> list[Condition]:
        found = route("assignation", "consumer", on, contribution_start=start)
        return [each for each in found.conditions if "contribution" in each.text]

    assert said("2026-02-28", "2026-03-01") == []
    assert said("2026-03-01", "2026-03-01")[0].state == "to_qualify"
    assert said("2026-04-30", "2026-05-01")[0].text == "no contribution of 50.00 EUR before 1 May 2026"
    assert said("2026-04-30", "2026-05-01")[0].state == "met"
    assert said("2026-05-01", "2026-05-01")[0].state == "to_qualify"
    assert not [each for each in route("assignation", "public").conditions if "contribution" in each.text]


# LAW 7: small claims


@pytest.mark.parametrize(
    ("on", "cents", "state"),
    [
        ("2019-12-31", 4_000_00, "met"),
        ("2019-12-31", 4_000_01, "not_met"),
        ("2020-01-01", 5_000_00, "met"),
        ("2020-01-01", 5_000_01, "not_met"),
        ("2026-11-21", 5_000_00, "met"),
    ],
)
def test_small_claims_are_of_five_thousand_at_most_and_four_thousand_before_2020(
    on: str, cents: int, state: State
) -> None:
    assert condition(route("small_claims", "consumer", on, cents), "EUR at most").state == state


@pytest.mark.parametrize(
    ("debtor", "between", "reading", "small", "l126"),
    [
        ("consumer", None, "by_the_letter", "met", "not_met"),
        ("public", None, "by_the_letter", "met", "not_met"),
        ("b2b", None, "by_the_letter", "to_qualify", "to_qualify"),
        ("b2b", None, "professionals_too", "not_met", "met"),
        ("b2b", True, "by_the_letter", "not_met", "met"),
        ("b2b", False, "professionals_too", "met", "not_met"),
    ],
)
def test_invoices_between_traders_leave_one_procedure_and_enter_the_other(
    debtor: Debtor, between: bool | None, reading: str, small: State, l126: State
) -> None:
    asked: dict[RouteCode, State] = {"small_claims": small, "undisputed_commercial_claim": l126}
    for code, state in asked.items():
        found = route(code, debtor, "2026-04-25", between=between, traders=reading)
        assert condition(found, "invoiced between traders").state == state, code
        assert ("traders" in {each.switch for each in found.readings}) == (debtor == "b2b" and between is None)


def test_before_25_april_2026_small_claims_were_open_between_traders() -> None:
    found = route("small_claims", on="2026-04-24")
    assert not [each for each in found.conditions if "between traders" in each.text]
    assert found.readings == ()


def test_the_debtor_has_a_month_to_accept_and_silence_is_refusal() -> None:
    found = route("small_claims", "consumer")
    assert condition(found, "within 1 month of the sending").state == "to_qualify"
    assert [step.text for step in found.steps] == [
        "silence is refusal; the creditor bears every cost",
        "the commissaire de justice issues the title; another enforces it",
    ]


def test_small_claims_were_not_there_before_june_2016() -> None:
    found = route("small_claims", on="2016-05-31")
    assert (found.in_force, found.opens_on, found.conditions) == (False, day("2016-06-01"), ())
    assert route("small_claims", on="2016-06-01").in_force


# LAW 7: undisputed commercial claims


def test_the_procedure_of_undisputed_claims_opens_on_25_april_2026() -> None:
    before = route("undisputed_commercial_claim", on="2026-04-24")
    assert (before.in_force, before.opens_on, before.conditions, before.steps) == (False, day("2026-04-25"), (), ())
    assert route("undisputed_commercial_claim", on="2026-04-25").in_force


def test_an_undisputed_claim_has_no_ceiling_and_its_own_times() -> None:
    found = route("undisputed_commercial_claim", cents=10_000_000_00)
    assert condition(found, "no ceiling").state == "met"
    assert [step.text for step in found.steps] == [
        "1 month to pay or contest after the commandment; any contestation ends it",
        "report of non-contestation 8 days after that at the earliest",
        "the report, made executory by the greffier, is served within 6 months",
    ]


def test_the_decree_is_awaited_or_need_not_be() -> None:
    assert condition(route("undisputed_commercial_claim"), "decree").state == "to_qualify"
    usable = route("undisputed_commercial_claim", l126_decree="usable")
    assert condition(usable, "decree").state == "met"
    assert ("l126_decree", "usable") in {(each.switch, each.code) for each in usable.readings}


# LAW 7: suits, summary proceedings, seizure


@pytest.mark.parametrize(
    ("on", "cents", "state", "words"),
    [
        ("2019-12-31", 5_000_00, "to_qualify", "is not known here"),
        ("2020-01-01", 5_000_00, "to_qualify", "on pain of inadmissibility"),
        ("2022-09-21", 5_000_00, "to_qualify", "on pain of inadmissibility"),
        ("2022-09-22", 5_000_00, "met", "is required on that day"),
        ("2023-09-30", 5_000_00, "met", "is required on that day"),
        ("2023-10-01", 5_000_00, "to_qualify", "not before the tribunal de commerce"),
        ("2023-10-01", 5_000_01, "met", "is required above 5 000.00 EUR"),
    ],
)
def test_a_small_suit_wants_an_amicable_attempt_save_while_the_article_was_annulled(
    on: str, cents: int, state: State, words: str
) -> None:
    suits: tuple[RouteCode, ...] = ("assignation", "refere_provision")
    for code in suits:
        (found,) = [each for each in route(code, "consumer", on, cents).conditions if "750-1" in each.reference]
        assert (found.state, words in found.text) == (state, True)


@pytest.mark.parametrize(
    ("on", "cents", "state"),
    [
        ("2026-09-15", 10_000_00, "met"),
        ("2026-09-15", 10_000_01, "to_qualify"),
        ("2020-01-01", 10_000_01, "to_qualify"),
        ("2019-12-31", 1, "to_qualify"),
    ],
)
def test_a_lawyer_is_compulsory_above_ten_thousand(on: str, cents: int, state: State) -> None:
    assert condition(route("assignation", on=on, cents=cents), "lawyer").state == state


def test_a_summons_before_the_commercial_court_recalls_its_article() -> None:
    assert condition(route("assignation"), "861-2").reference == "CPC, art. 855, 861-2"
    assert not [each for each in route("assignation", "consumer").conditions if "861-2" in each.text]


def test_summary_proceedings_want_no_serious_contestation_and_no_urgency() -> None:
    found = route("refere_provision")
    assert found.reference == "CPC, art. 835, al. 2, 873, al. 2"
    assert condition(found, "seriously contestable").state == "to_qualify"
    assert condition(found, "urgency").state == "met"


def test_a_seizure_before_title_wants_its_title_within_a_month() -> None:
    found = route("conservatory_seizure")
    assert condition(found, "no authorisation is needed with a title").state == "to_qualify"
    assert [(step.text, step.reference) for step in found.steps] == [
        (
            "a title is sought within 1 month; 1 month more where a payment order is refused in that time",
            "CPCE, art. R511-7",
        ),
        ("third party and debtor are notified within 8 days", "CPCE, art. R511-8, R523-3"),
    ]
    assert condition(route("conservatory_seizure", "public"), "private law").state == "not_met"


@pytest.mark.parametrize(
    "code", ["injonction_de_payer", "undisputed_commercial_claim", "refere_provision", "assignation", "conservatory_seizure"]
)  # fmt: skip
def test_no_formal_notice_is_required_before_any_of_these(code: RouteCode) -> None:
    """LAW 5."""
    assert condition(route(code), "formal notice").state == "met"


def test_a_case_within_the_union_is_to_qualify() -> None:
    assert states(route("eu_order_for_payment")) == {"to_qualify"}


# LAW 8: insolvency; LAW 1.4: public buyers


def test_a_claim_is_declared_within_two_months_or_four() -> None:
    found = route("declaration_of_claim")
    assert "within 2 months of the BODACC publication, 4 months" in condition(found, "declared").text
    assert "within 6 months" in found.steps[0].text
    assert states(found) == {"to_qualify"}


def test_open_proceedings_stand_against_every_act_on_a_private_debtor() -> None:
    acts: tuple[RouteCode, ...] = ("injonction_de_payer", "refere_provision", "assignation", "conservatory_seizure")
    for code in acts:
        assert condition(route(code), "collective proceedings").reference == "C. com., art. L622-21"


@pytest.mark.parametrize(("debtor", "state"), [("public", "met"), ("b2b", "not_met"), ("consumer", "not_met")])
def test_a_public_buyer_is_brought_before_the_administrative_judge(debtor: Debtor, state: State) -> None:
    found = route("administrative_judge", debtor)
    assert condition(found, "public person").state == state
    assert found.reference == "CJA, art. R541-1"
    assert "mandatement d'office" in found.steps[0].text
    judicial: tuple[RouteCode, ...] = ("small_claims", "refere_provision", "assignation")
    for code in judicial:
        asked = [each for each in route(code, debtor).conditions if "judicial courts" in each.text]
        assert [each.state for each in asked] == (["to_qualify"] if debtor == "public" else [])


# What is refused, and what is never said


def test_what_does_not_fit_is_misuse_and_what_is_not_known_is_missing() -> None:
    with pytest.raises(Misuse, match="above nil"):
        routes(LAW, on=day("2026-09-15"), debtor="b2b", amount_cents=0)
    with pytest.raises(Misuse, match="the debtor is consumer"):
        routes(LAW, on=day("2026-09-15"), debtor="consumer", amount_cents=1, invoiced_between_traders=True)
    with pytest.raises(LawMissing):
        routes(LAW, on=day("2012-12-31"), debtor="b2b", amount_cents=1)


@given(
    some.dates(dt.date(2013, 1, 1), dt.date(2100, 1, 1)),
    some.sampled_from(DEBTORS),
    some.integers(1, 10**13),
    some.sampled_from(["by_the_letter", "professionals_too"]),
    some.sampled_from(["2026-03-01", "2026-05-01"]),
)
def test_rules_are_stated_and_never_a_verdict(
    on: dt.date, debtor: Debtor, cents: int, traders: str, start: str
) -> None:
    readings = Readings({"traders": traders, "contribution_start": start})
    for each in routes(LAW, readings, on=on, debtor=debtor, amount_cents=cents):
        if each.in_force and each.route != "administrative_judge":
            assert "to_qualify" in states(each), each.route
        said = [(one.text, one.reference) for one in each.conditions] + [
            (one.text, one.reference) for one in each.steps
        ]
        for text, reference in said:
            assert reference
            assert not any(word in text for word in ("you ", "your ", "qualifies", "eligible", "should"))


# Every number of LAW section 7, and of the first rows of section 8, as `law show` gives it

NUMBERS = """
small_claims_ceiling 2019-12-31 400000            small_claims_ceiling 2020-01-01 500000
small_claims_trader_exclusion 2026-04-24 0        small_claims_trader_exclusion 2026-04-25 1
small_claims_acceptance_months 2026-11-21 1       undisputed_claim_payment_months 2026-11-21 1
undisputed_claim_report_days 2026-11-21 8         undisputed_claim_service_months 2026-11-21 6
amicable_attempt_ceiling 2026-11-21 500000        amicable_attempt_required 2022-09-21 1
amicable_attempt_required 2022-09-22 0            amicable_attempt_required 2023-09-30 0
amicable_attempt_required 2023-10-01 1            conciliator_meeting_months 2026-11-21 3
lawyer_threshold 2026-11-21 1000000               conservatory_title_months 2026-11-21 1
conservatory_renewed_months 2026-11-21 1          conservatory_notice_days 2026-11-21 8
attachment_denunciation_days 2026-11-21 8         attachment_contest_months 2026-11-21 1
sale_commandment_days 2026-11-21 8                opening_publication_days 2026-11-21 15
void_payment_years 2026-11-21 3                   claim_declaration_months 2026-11-21 2
claim_declaration_far_months 2026-11-21 4         forclusion_relief_months 2026-11-21 6
route_injonction_de_payer 2013-01-01 1            route_small_claims 2016-05-31 0
route_small_claims 2016-06-01 1                   route_undisputed_commercial_claim 2026-04-24 0
route_undisputed_commercial_claim 2026-04-25 1    route_refere_provision 2013-01-01 1
route_assignation 2013-01-01 1                    route_conservatory_seizure 2013-01-01 1
route_eu_order_for_payment 2013-01-01 1           route_declaration_of_claim 2013-01-01 1
route_administrative_judge 2013-01-01 1           tae_experiment 2024-12-31 0
tae_experiment 2025-01-01 1                       tae_experiment 2029-01-01 0
"""
WORDS = NUMBERS.split()


@pytest.mark.parametrize(("name", "on", "value"), list(zip(WORDS[::3], WORDS[1::3], WORDS[2::3], strict=True)))
def test_every_number_of_section_7_is_a_parameter(name: str, on: str, value: str) -> None:
    assert str(LAW.on(name, day(on)).value) == value
