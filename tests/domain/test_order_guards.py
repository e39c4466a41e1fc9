"""What follows an order: void service, enforcement, opposition; specimens of an adversarial review."""

from collections.abc import Sequence

import pytest

from domain.facts.fact import Fact
from domain.facts.insolvency import StayedByInsolvency
from domain.facts.invoicing import PartyKind
from domain.facts.procedure import (
    ConservatoryMeasureTaken,
    EscalatedToInjonction,
    Head,
    OppositionLodged,
    OrdonnanceGranted,
    OrdonnanceLapsed,
    OrdonnanceServed,
    SmallClaimStarted,
    TitleEnforceable,
)
from domain.facts.recovery import ObligorSubstituted
from domain.history import replay
from domain.law.tables import shipped
from domain.review import review
from domain.timebar import limitation_of
from tests.builders import (
    DEBTOR,
    PROCEEDING,
    day,
    escalated,
    fell_due,
    granted,
    issued,
    issued_in_parts,
    notified,
    paid,
    reversed_,
)
from tests.domain.test_guards import codes
from tests.domain.test_review import standard_always
from tests.given import appended, given, history, recorded, seeing

BEFORE = (issued(), escalated("2026-02-10"), granted("2026-02-20"))  # to be served by 20 August 2026


def served(on: str, mode: str = "person", proceeding: str = PROCEEDING) -> OrdonnanceServed:
    return OrdonnanceServed.model_validate({"mode": mode, "on": day(on), "proceeding": proceeding})


def enforceable(on: str, basis: str = "no_opposition_certificate") -> TitleEnforceable:
    return TitleEnforceable.model_validate({"basis": basis, "on": day(on), "proceeding": PROCEEDING})


def found(story: Sequence[Fact], fact: Fact) -> set[str]:
    decided = given(*story, today="2027-12-31").when(seeing(fact)).decided()
    return {no.code for no in decided[0].findings}


def time_bar(*story: Fact, on: str) -> str:
    bar = limitation_of(shipped(), recorded(*story, today="2030-01-01"), day(on))
    assert bar is not None
    return f"{bar.prudent_on}"


def test_a_void_order_is_not_enforced_and_moves_no_time_bar() -> None:
    late = (*BEFORE, served("2026-09-14"))
    assert found(late, enforceable("2026-11-20")) == {"void_order"}
    assert time_bar(*late, on="2026-12-31") == "2031-01-31"
    assert time_bar(*late, enforceable("2026-11-20"), on="2026-12-31") == "2031-01-31"
    assert time_bar(*BEFORE, served("2026-08-20"), on="2026-12-31") == "2031-08-20"


def test_a_service_under_a_stay_moves_no_time_bar() -> None:
    stay = StayedByInsolvency(cents=120_000, kind="redressement", on=day("2026-03-02"), party=DEBTOR)
    assert time_bar(*BEFORE, stay, served("2026-03-10"), on="2026-12-31") == "2031-01-31"


def test_the_first_service_counts_where_there_are_several() -> None:
    """The order was served in time at home; a second act in person months later makes it neither void nor young."""
    twice = (*BEFORE, served("2026-03-02", "pv_659"), served("2026-10-05"))
    assert found(twice, enforceable("2026-10-06")) == set()
    assert found((*BEFORE, served("2026-03-02", "pv_659")), enforceable("2026-04-02")) == {"enforceable_too_early"}


def test_an_order_of_the_old_regime_waits_for_its_month_too() -> None:
    old = (
        issued(on="2021-09-01", due="2021-10-01"),
        escalated("2021-11-01"),
        granted("2021-12-01"),
        served("2022-01-10"),
    )
    assert found(old, enforceable("2022-01-11", "formula_on_request")) == {"enforceable_too_early"}
    assert found(old, enforceable("2022-02-11", "formula_on_request")) == set()


def test_an_opposition_learned_after_the_title_is_recorded_and_takes_its_effect_away() -> None:
    story = recorded(
        issued(), escalated("2026-08-01"), granted("2026-09-02"), served("2026-09-14"), enforceable("2026-11-17"), today="2026-11-20"
    )  # fmt: skip
    opposed = OppositionLodged(notice_received_on=day("2026-11-19"), on=day("2026-10-10"), proceeding=PROCEEDING)
    grown = appended(story, opposed, today="2026-11-20")
    state = replay(grown)
    assert state is not None
    assert state.regions.procedure == "opposed"


def test_a_title_declared_in_spite_of_an_opposition_is_found() -> None:
    opposed = OppositionLodged(notice_received_on=day("2026-10-12"), on=day("2026-10-10"), proceeding=PROCEEDING)
    story = (issued(), escalated("2026-08-01"), granted("2026-09-02"), served("2026-09-14"), opposed)
    assert found(story, enforceable("2026-11-17")) == {"opposed_order"}


def test_service_on_who_may_receive_for_a_company_is_in_person() -> None:
    late = OppositionLodged(on=day("2026-10-15"), proceeding=PROCEEDING)
    story = (issued(), escalated("2026-08-01"), granted("2026-09-02"))
    assert "opposed_late" in found((*story, served("2026-09-14", "authorised_person")), late)
    assert "opposed_late" not in found((*story, served("2026-09-14", "home")), late)


def test_a_lapsed_order_leaves_the_way_to_a_new_petition_judged_by_itself() -> None:
    second = "a1" * 16
    lapsed = (*BEFORE, OrdonnanceLapsed(on=day("2026-08-21"), proceeding=PROCEEDING))
    again: tuple[Fact, ...] = (
        EscalatedToInjonction(court="tc-paris", heads=(Head(cents=120_000, head="principal"),), on=day("2026-08-24"), proceeding=second),
        OrdonnanceGranted(heads=(Head(cents=120_000, head="principal"),), on=day("2026-09-20"), proceeding=second),
    )  # fmt: skip
    assert found((*lapsed, *again), served("2026-12-14", proceeding=second)) == set()
    assert found((*lapsed, *again), served("2026-12-21", proceeding=second)) == {"served_late"}


def test_costs_that_the_judge_adds_are_recorded_and_a_principal_above_the_claim_is_not() -> None:
    heads = (Head(cents=120_000, head="principal"), Head(cents=3_347, head="costs"))
    order = OrdonnanceGranted(heads=heads, on=day("2026-02-20"), proceeding=PROCEEDING)
    assert found(BEFORE[:2], order) == set()
    above = order.model_copy(update={"heads": (Head(cents=120_001, head="principal"),)})
    given(*BEFORE[:2]).when(seeing(above)).then_refused("above_claimed")


def test_what_was_paid_between_petition_and_order_is_no_rest_given_up() -> None:
    story = (issued(), escalated("2026-02-10"), paid("2026-02-15", "500"), granted("2026-02-20", "700"))
    assert "rest_given_up" not in found(story, served("2026-03-02"))
    assert "rest_given_up" in found((*story[:3], granted("2026-02-20", "600")), served("2026-03-02"))


def test_hindsight_blames_a_petition_of_the_day_of_the_judgment_and_not_for_money_of_that_evening() -> None:
    stay = StayedByInsolvency(cents=120_000, kind="redressement", on=day("2026-04-14"), party=DEBTOR)
    petition = EscalatedToInjonction(
        court="tc-paris",
        heads=(Head(cents=120_000, head="principal"), Head(cents=2_876, head="penalties")),
        on=day("2026-04-14"),
        proceeding=PROCEEDING,
    )
    story = (issued(), fell_due(), petition, paid("2026-04-14", "100"), stay)
    judged = review(history(*story), lambda _: shipped(), standard_always, hindsight=True)
    blamed = {each.entry.fact.move: {no.code for no in each.refusals if no.kind != "policy"} for each in judged}
    assert blamed["EscalatedToInjonction"] == {"stayed"}
    then = review(history(*story), lambda _: shipped(), standard_always)
    blamed = {each.entry.fact.move: {no.code for no in each.refusals if no.kind != "policy"} for each in then}
    assert blamed["EscalatedToInjonction"] == set()


@pytest.mark.parametrize("kind", ["public", "trader"])
def test_nothing_is_seized_from_a_public_person(kind: PartyKind) -> None:
    measure = ConservatoryMeasureTaken(makes_unavailable=True, on=day("2026-03-02"))
    small = SmallClaimStarted(cents=120_000, on=day("2026-03-02"), proceeding=PROCEEDING)
    for act in (measure, small):
        assert ("public_immunity" in codes([issued(debtor_kind=kind)], act)) is (kind == "public")


def test_a_bounced_payment_acknowledges_nothing() -> None:
    came = paid("2028-01-10", "10", by="cheque")
    bar = limitation_of(shipped(), recorded(issued(), came, today="2030-01-01"), day("2029-01-01"))
    gone = limitation_of(
        shipped(),
        recorded(issued(), came, reversed_("2028-01-20", "10", by="cheque"), today="2030-01-01"),
        day("2029-01-01"),
    )
    assert bar is not None
    assert gone is not None
    assert (f"{bar.arguable_on}", f"{gone.arguable_on}") == ("2033-01-10", "2031-01-31")


def test_after_a_merger_a_petition_is_against_the_successor() -> None:
    merged = ObligorSubstituted(kind="merger", on=day("2026-02-15"), party="e1" * 16)
    petition = escalated("2026-03-02")
    assert "substituted" in codes([issued(), merged], petition)
    assert "substituted" not in codes([issued(), merged], petition.model_copy(update={"party": "e1" * 16}))


def test_an_opposition_takes_the_ten_years_of_the_title_away() -> None:
    """L111-3, Cass. 2e civ., 8 June 2023: a title of ten years is an order that was not opposed."""
    story = (issued(), escalated("2026-05-01"), granted("2026-07-10"), served("2026-07-15"))
    opposed = OppositionLodged(notice_received_on=day("2026-09-08"), on=day("2026-08-10"), proceeding=PROCEEDING)
    assert time_bar(*story, enforceable("2026-09-01"), on="2026-10-01") == "2036-09-01"
    assert time_bar(*story, enforceable("2026-09-01"), opposed, on="2026-10-01") == "2031-07-15"


def test_costs_that_the_judge_adds_hide_no_rest_given_up() -> None:
    heads = (Head(cents=118_000, head="principal"), Head(cents=3_347, head="costs"))
    order = OrdonnanceGranted(heads=heads, on=day("2026-02-20"), proceeding=PROCEEDING)
    assert "rest_given_up" in found((*BEFORE[:2], order), served("2026-03-02"))


def test_an_order_lapses_only_once_its_time_is_over_and_not_if_it_was_served() -> None:
    lapsed = OrdonnanceLapsed(on=day("2026-08-20"), proceeding=PROCEEDING)
    assert found(BEFORE, lapsed) == {"not_lapsed"}
    assert found(BEFORE, lapsed.model_copy(update={"on": day("2026-08-21")})) == set()
    assert found((*BEFORE, served("2026-03-02")), lapsed.model_copy(update={"on": day("2026-09-01")})) == {"not_lapsed"}


def test_payments_counted_by_the_judge_come_before_his_order() -> None:
    order = granted("2026-02-20").model_copy(update={"counted_until": day("2026-02-21")})
    given(*BEFORE[:2]).when(seeing(order)).then_refused("counted_after")


def test_a_performance_to_come_is_not_recorded() -> None:
    late = issued().model_copy(update={"performed_on": day("2027-01-01")})
    given(today="2026-12-31").when(seeing(late)).then_refused("future")


def test_interest_of_an_instalment_paid_late_may_be_notified_before_the_next_falls_due() -> None:
    parts = issued_in_parts(("600", "2026-01-31"), ("600", "2026-12-31"))
    notice = notified("2026-06-01", "2026-06-22")
    assert "not_due" not in codes([parts, paid("2026-03-31", "600")], notice)
    assert "not_due" in codes([parts, paid("2026-01-30", "600")], notice)
