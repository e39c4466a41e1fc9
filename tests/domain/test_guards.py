"""LAW section 11: what a machine can judge of each step, fact, legal and policy told apart."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from domain.decided import Desk
from domain.decisions import act, judge
from domain.errors import Refusal
from domain.facts.fact import Fact
from domain.facts.insolvency import ClaimDeclared, GraceGranted, StayedByInsolvency
from domain.facts.invoicing import InstalmentPlanAgreed, InvoiceIssued, PlanLine
from domain.facts.procedure import (
    CommandmentServed,
    ConservatoryMeasureTaken,
    EnforcementActDone,
    EscalatedToInjonction,
    Head,
    OppositionLodged,
    OrdonnanceServed,
    SmallClaimStarted,
    SuedOnTheMerits,
    TitleEnforceable,
)
from domain.facts.recovery import (
    ClaimReturned,
    ClaimTransferred,
    DebtorFormallyNotified,
    InvoiceHandedOver,
    ObligorSubstituted,
)
from domain.history import replay
from domain.law.tables import shipped
from domain.policy import standard
from domain.rules.rule import Case
from tests.builders import (
    PROCEEDING,
    day,
    escalated,
    fell_due,
    granted,
    issued,
    order_served,
    paid,
    reminded,
)
from tests.given import acting, given, recorded, seeing

COURT = "tc-paris"


def petition(on: str, *, court: str = COURT, principal: int = 120_000, penalties: int = 0) -> EscalatedToInjonction:
    heads = [Head(cents=principal, head="principal")]
    heads += [Head(cents=penalties, head="penalties")] if penalties else []
    return EscalatedToInjonction(court=court, heads=tuple(heads), on=day(on), proceeding=PROCEEDING)


def with_terms(**fields: object) -> InvoiceIssued:
    return InvoiceIssued.model_validate(issued().model_dump() | fields)


def served(on: str, mode: str = "person") -> OrdonnanceServed:
    return OrdonnanceServed.model_validate({"mode": mode, "on": day(on), "proceeding": PROCEEDING})


def enforceable(on: str, basis: str = "no_opposition_certificate") -> TitleEnforceable:
    return TitleEnforceable.model_validate({"basis": basis, "on": day(on), "proceeding": PROCEEDING})


def stayed_on(on: str, published: str | None = None) -> StayedByInsolvency:
    return StayedByInsolvency(
        cents=120_000,
        kind="redressement",
        on=day(on),
        party="d0" * 16,
        published_on=day(published) if published else None,
    )


def codes(facts: Sequence[Fact], fact: Fact, *, today: str = "2027-12-31") -> set[str]:
    """Every rule that stands against an act, whatever its kind."""
    entries = recorded(*facts, today=today)
    invoice = replay(entries, as_of=fact.on)
    assert invoice is not None
    return {no.code for no in judge(Case(invoice, fact, standard(), shipped(), entries))}


# Invoice issued


@pytest.mark.parametrize(
    ("due", "fields", "found"),
    [
        ("2026-03-02", {}, False),  # 60 days
        ("2026-03-18", {}, True),  # past 60 days and past both counts of 45 days end of month: 28 February, 17 March
        ("2026-03-17", {}, False),
        ("2026-03-03", {"terms": "60d"}, True),
        ("2026-03-01", {"terms": "45d-eom", "method": "add_then_eom"}, True),  # 15 February, so 28 February
        ("2026-03-17", {"terms": "45d-eom", "method": "eom_then_add"}, False),
        ("2026-02-01", {"nature": "carriage"}, True),  # 30 days
        ("2026-12-31", {"debtor_kind": "consumer"}, False),
    ],
)
def test_a_term_above_the_cap_is_found_with_its_fine(due: str, fields: dict[str, object], found: bool) -> None:
    fact = with_terms(instalments=({"n": 1, "cents": 120_000, "due": day(due)},), **fields)
    decided = given().when(seeing(fact)).decided()
    assert [each.code for each in decided[0].findings] == (["term_above_cap"] if found else [])


# Formal notice


def test_a_consumer_gets_an_electronic_registered_letter_only_if_he_consented() -> None:
    story = [issued(debtor_kind="consumer"), fell_due(), reminded("2026-02-10")]
    lre = DebtorFormallyNotified(deadline_on=day("2026-03-31"), form="lre", on=day("2026-03-01"))
    assert "lre_without_consent" in codes(story[:1], lre)
    assert "lre_without_consent" not in codes(story[:1], lre.model_copy(update={"consented_on": day("2026-02-01")}))
    assert "lre_without_consent" not in codes([issued()], lre)


def test_a_running_plan_leaves_the_debtor_alone_and_can_be_forced() -> None:
    plan = InstalmentPlanAgreed(
        acceleration=False, lines=(PlanLine(cents=120_000, due=day("2026-09-30")),), on=day("2026-02-05")
    )
    found = [no for no in _against([issued(), plan], reminded("2026-03-01")) if no.code == "plan_running"]
    assert [no.kind for no in found] == ["policy"]


def _against(facts: Sequence[Fact], fact: Fact) -> list[Refusal]:
    entries = recorded(*facts, today="2027-12-31")
    invoice = replay(entries, as_of=fact.on)
    assert invoice is not None
    return judge(Case(invoice, fact, standard(), shipped(), entries))


# Transfer, merger


def test_after_a_transfer_notified_only_the_owner_acts() -> None:
    sold = ClaimTransferred(kind="factor", notified_on=day("2026-02-10"), on=day("2026-02-05"), party="e1" * 16)
    assert "transferred" in codes([issued(), sold], reminded("2026-03-01"))
    assert "transferred" not in codes([issued(), sold], reminded("2026-02-08"))
    back = ClaimReturned(on=day("2026-02-20"))
    assert "transferred" not in codes([issued(), sold, back], reminded("2026-03-01"))
    silent = sold.model_copy(update={"notified_on": None})
    assert "transferred" not in codes([issued(), silent], reminded("2026-03-01"))


def test_after_a_merger_acts_are_against_the_successor() -> None:
    merged = ObligorSubstituted(kind="merger", on=day("2026-02-05"), party="e1" * 16)
    assert "substituted" in codes([issued(), merged], reminded("2026-03-01"))
    addressed = reminded("2026-03-01").model_copy(update={"party": "e1" * 16})
    assert "substituted" not in codes([issued(), merged], addressed)


# Petition


@pytest.mark.parametrize(
    ("debtor", "court", "wrong"),
    [
        ("trader", "tc-paris", False), ("trader", "tae-paris", False), ("trader", "tj-paris", True), ("trader", "tj-metz", False),
        ("consumer", "tc-paris", True), ("consumer", "tae-nantes", True), ("consumer", "tj-paris", False), ("consumer", "jcp-paris", False),
        ("professional", "tc-paris", False), ("professional", "tj-paris", False), ("trader", "any", False),
    ],
)  # fmt: skip
def test_the_court_is_that_of_the_parties(debtor: str, court: str, wrong: bool) -> None:
    story = [with_terms(debtor_kind=debtor)]
    assert ("wrong_court" in codes(story, petition("2026-04-01", court=court))) is wrong


def test_no_more_is_claimed_than_ran() -> None:
    """1 200 EUR from 1 February to 1 April 2026, 60 days at 12.15 %: 23.97 EUR."""
    assert "heads_above_owed" not in codes([issued()], petition("2026-04-01", penalties=2_397))
    assert "heads_above_owed" in codes([issued()], petition("2026-04-01", penalties=2_398))
    assert "heads_above_owed" in codes([issued()], petition("2026-04-01", principal=120_001))


def test_a_part_paid_late_leaves_more_principal_in_law_than_in_the_books() -> None:
    """500 EUR on 3 March: 31 days at 12.15 % = 12.38 EUR of interest come first, so 712.38 EUR of principal are left."""
    story: list[Fact] = [issued(), paid("2026-03-03", "500")]
    assert "heads_above_owed" not in codes(story, petition("2026-04-01", principal=71_238))
    assert "heads_above_owed" in codes(story, petition("2026-04-01", principal=71_239))


def test_accessories_of_a_price_paid_may_be_sued_for_but_not_without_a_reason() -> None:
    story: list[Fact] = [issued(), paid("2026-03-03")]
    assert {"already_paid"} <= codes(story, petition("2026-04-01", principal=1_238))
    assert "nothing_owed" not in codes(story, petition("2026-04-01", principal=1_238))
    assert "nothing_owed" in codes([issued(), paid("2026-01-31")], petition("2026-04-01", principal=1))


def test_a_clause_of_conciliation_warns_before_a_petition_and_bars_a_suit() -> None:
    story = [with_terms(clauses=("prior_conciliation",))]
    suit = SuedOnTheMerits(cents=1, court=COURT, on=day("2026-04-01"), proceeding=PROCEEDING)
    by_code = {no.code: no.kind for no in _against(story, petition("2026-04-01"))}
    assert by_code["conciliation_clause"] == "policy"
    by_code = {no.code: no.kind for no in _against(story, suit)}
    assert by_code["conciliation_first"] == "legal"


def test_the_law_asks_for_no_reminder_call_or_notice_before_a_petition() -> None:
    """LAW 5, 6.8, 11: only the creditor's policy does."""
    kinds = {no.kind for no in _against([issued()], petition("2026-04-01"))}
    assert kinds == {"policy"}


# Time-bar: five years from 31 January 2026 end on 31 January 2031; sixty days are kept to serve


@pytest.mark.parametrize(("on", "refused"), [("2030-12-02", False), ("2030-12-03", True), ("2031-06-01", True)])
def test_a_petition_leaves_time_to_serve_before_the_time_bar(on: str, refused: bool) -> None:
    law_less = {"heads_above_owed", "instalment_not_due"}
    found = codes([issued()], petition(on), today="2035-01-01") - law_less
    assert ("time_bar" in found) is refused


def test_an_acknowledgement_moves_the_arguable_date_and_the_alarm_stays_unless_the_policy_reads_otherwise() -> None:
    story: list[Fact] = [issued(), paid("2028-06-01", "100")]
    entries = recorded(*story, today="2035-01-01")
    invoice = replay(entries, as_of=day("2031-02-01"))
    assert invoice is not None
    case = Case(invoice, petition("2031-02-01"), standard(), shipped(), entries)
    assert "time_bar" in {no.code for no in judge(case)}
    bold = standard().model_copy(update={"readings": {"limitation_alarm": "arguable"}})
    assert "time_bar" not in {no.code for no in judge(replace(case, policy=bold))}


# Order: served in time, enforceable from

NEW = [issued(), escalated("2026-04-01"), granted("2026-09-02")]
OLD = [issued(), escalated("2026-04-01"), granted("2026-08-20")]


@pytest.mark.parametrize(
    ("story", "on", "late"),
    [(NEW, "2026-12-02", False), (NEW, "2026-12-03", True), (OLD, "2027-02-19", False), (OLD, "2027-02-22", True)],
)
def test_an_order_served_late_is_void(story: Sequence[Fact], on: str, late: bool) -> None:
    """LAW 6: three months from 1 September 2026, six before; 642 never relied upon."""
    found = [no.code for no in given(*story, today="2027-12-31").when(seeing(served(on))).decided()[0].findings]
    assert ("served_late" in found) is late


def test_no_act_is_served_on_a_sunday_or_a_holiday_but_by_electronic_means() -> None:
    """CPC 664: Sunday 20 September 2026, All Saints; Saturday is open."""
    for on, mode, found in [("2026-09-20", "person", True), ("2026-11-01", "home", True), ("2026-09-19", "person", False), ("2026-09-20", "electronic", False)]:  # fmt: skip
        decided = given(*NEW, today="2027-12-31").when(seeing(served(on, mode))).decided()
        assert ("served_on_a_closed_day" in [no.code for no in decided[0].findings]) is found, (on, mode)


def test_serving_a_partial_order_gives_up_the_rest() -> None:
    part = [issued(), escalated("2026-04-01"), granted("2026-09-02", "1 000")]
    given(*part, today="2027-12-31").when(seeing(served("2026-09-14"))).then_found("rest_given_up")
    decided = given(*NEW, today="2027-12-31").when(seeing(served("2026-09-14"))).decided()
    assert decided[0].findings == ()


@pytest.mark.parametrize(
    ("story", "service", "on", "early"),
    [
        (NEW, "2026-09-14", "2026-11-16", True), (NEW, "2026-09-14", "2026-11-17", False),
        (OLD, "2026-10-01", "2026-11-02", True), (OLD, "2026-10-01", "2026-11-03", False),
    ],
)  # fmt: skip
def test_a_title_is_enforceable_from_its_day(story: Sequence[Fact], service: str, on: str, early: bool) -> None:
    """The worked dates of DESIGN 12."""
    grown = [*story, order_served(service)]
    decided = given(*grown, today="2027-12-31").when(seeing(enforceable(on))).decided()
    found = {no.code: no.allowed_from_on for no in decided[0].findings}
    assert ("enforceable_too_early" in found) is early
    if early:
        assert found["enforceable_too_early"] == day("2026-11-17" if story is NEW else "2026-11-03")


def test_an_order_of_before_march_2022_needs_its_formula() -> None:
    story = [
        issued(on="2021-09-01", due="2021-10-01"),
        escalated("2021-11-01"),
        granted("2022-01-10"),
        order_served("2022-01-20"),
    ]
    given(*story).when(seeing(enforceable("2022-03-10", "own_statement"))).then_found("enforceable_without_formula")
    decided = given(*story).when(seeing(enforceable("2022-03-10", "formula_on_request"))).decided()
    assert "enforceable_without_formula" not in [no.code for no in decided[0].findings]


@pytest.mark.parametrize(("on", "late"), [("2026-10-14", False), ("2026-10-15", True)])
def test_an_opposition_after_the_month_is_late_where_service_was_in_person(on: str, late: bool) -> None:
    opposed = OppositionLodged(on=day(on), proceeding=PROCEEDING)
    for mode, found in (("person", late), ("home", False)):
        decided = given(*NEW, served("2026-09-14", mode), today="2027-12-31").when(seeing(opposed)).decided()
        assert ("opposed_late" in [no.code for no in decided[0].findings]) is found


# Insolvency


def test_a_claim_is_declared_in_time_and_only_in_proceedings() -> None:
    """LAW 8: two months from publication: 10 March 2026, so 10 May, a Sunday: 11 May."""
    story: list[Fact] = [issued(), stayed_on("2026-03-01", "2026-03-10")]

    def declared(on: str) -> ClaimDeclared:
        return ClaimDeclared(cents=120_000, on=day(on))

    assert codes(story, declared("2026-05-11")) == set()
    assert codes(story, declared("2026-05-12")) == {"declared_after_two_months"}
    assert codes(story, declared("2026-07-10")) == {"declared_after_two_months"}
    assert codes(story, declared("2026-07-11")) == {"declared_late", "declared_after_two_months"}
    assert codes([issued()], declared("2026-05-11")) == {"no_insolvency"}


# Other routes


def test_the_law_of_its_day_judges_a_small_claim() -> None:
    """LAW 7: closed to traders' invoices from 25 April 2026; 5 000 EUR at most."""

    def small(on: str, cents: int = 120_000) -> SmallClaimStarted:
        return SmallClaimStarted(cents=cents, on=day(on), proceeding=PROCEEDING)

    assert "small_claim_between_traders" not in codes([issued()], small("2026-04-24"))
    assert "small_claim_between_traders" in codes([issued()], small("2026-04-25"))
    assert "small_claim_between_traders" not in codes([issued(debtor_kind="consumer")], small("2026-04-25"))
    assert "small_claim_above_ceiling" in codes([issued()], small("2026-03-01", 500_001))
    assert "small_claim_above_ceiling" not in codes([issued()], small("2026-03-01", 500_000))


def test_a_commandment_is_for_traders_since_it_exists() -> None:
    def commandment(on: str) -> CommandmentServed:
        return CommandmentServed(cents=120_000, on=day(on), proceeding=PROCEEDING)

    assert "commandment_not_in_force" in codes([issued()], commandment("2026-04-24"))
    assert codes([issued()], commandment("2026-04-27")) == set()
    assert "commandment_not_between_traders" in codes([issued(debtor_kind="consumer")], commandment("2026-04-27"))


def test_nothing_is_enforced_without_a_title_under_a_stay_or_in_time_granted() -> None:
    act_done = EnforcementActDone(kind="saisie_attribution", makes_unavailable=True, on=day("2027-01-15"))
    titled = [*NEW, order_served("2026-09-14"), enforceable("2026-11-17")]
    assert codes(titled, act_done) == set()
    assert "no_title" in codes(NEW[:1], act_done)
    assert "stayed" in codes([*titled, stayed_on("2027-01-02")], act_done)
    grace = GraceGranted(on=day("2027-01-02"), until=day("2028-01-02"))
    assert "enforcement_barred" in codes([*titled, grace], act_done)


def test_a_still_act_is_decided_without_an_edge_of_the_chart() -> None:
    measure = ConservatoryMeasureTaken(makes_unavailable=True, on=day("2026-03-01"))
    decided = act(recorded(issued()), measure, Desk(day("2026-12-31"), standard()), step="seize")
    assert [each.fact for each in decided] == [measure]
    given(issued(), stayed_on("2026-02-15")).when(acting(measure)).then_refused("stayed")


def test_an_agency_has_a_written_mandate() -> None:
    bare = InvoiceHandedOver(on=day("2026-03-01"), to="agency")
    assert "no_mandate" in codes([issued()], bare)
    assert "no_mandate" not in codes([issued()], bare.model_copy(update={"mandate": "ab" * 32}))
    assert "no_mandate" not in codes([issued()], bare.model_copy(update={"to": "lawyer"}))
