"""`replay --judge`: each step judged again by the law and the policy of its own day."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from domain.facts.fact import Fact
from domain.facts.procedure import SmallClaimStarted
from domain.history import Entry
from domain.law.tables import ADDED, Law, Value, shipped
from domain.policy import Policy, standard
from domain.review import review
from tests.builders import (
    PROCEEDING,
    day,
    escalated,
    fell_due,
    granted,
    issued,
    notified,
    order_served,
    paid,
    reminded,
    settled,
    withdrawn,
)
from tests.given import history


def standard_always(on: dt.date, position: int) -> Policy:
    del on, position
    return standard()


def found(facts: Sequence[Fact], *, hindsight: bool = False, law: Law | None = None) -> dict[str, set[str]]:
    judged = review(history(*facts), lambda _: law or shipped(), standard_always, hindsight=hindsight)
    return {each.entry.fact.move: {no.code for no in each.refusals} for each in judged if each.refusals}


LADDER = (issued(), fell_due(), reminded("2026-02-10"), notified("2026-03-02", "2026-03-23"))


def test_a_lawful_history_stands_against_nothing() -> None:
    assert found([*LADDER, escalated("2026-04-01"), granted("2026-04-20"), order_served("2026-05-04")]) == {}


def test_a_step_is_judged_on_what_was_known_when_it_was_recorded() -> None:
    """The payment of 5 February was entered after the reminder of 10 February: nobody is to blame, but now it is known."""
    story = [*LADDER[:3], paid("2026-02-05"), settled("2026-02-05")]
    assert found(story) == {}
    assert found(story, hindsight=True) == {"remind": {"already_paid"}}


def test_what_was_known_then_and_withdrawn_since_still_blames() -> None:
    """The payment was on record when the reminder went out; that it was an error is known only now."""
    story = [issued(), fell_due(), paid("2026-02-05"), reminded("2026-02-10"), withdrawn(3, "2026-02-12")]
    assert found(story) == {"remind": {"already_paid"}}
    assert found(story, hindsight=True) == {}


def test_a_step_withdrawn_is_judged_no_more() -> None:
    story = [issued(on="2026-01-01"), reminded("2026-01-10"), withdrawn(2, "2026-01-11")]
    assert found(story) == {}
    assert found(story[:2]) == {"remind": {"not_late"}}


def test_the_law_of_the_day_judges_and_not_a_later_one() -> None:
    """LAW 7: small claims between traders, lawful until 24 April 2026."""

    def small(on: str) -> SmallClaimStarted:
        return SmallClaimStarted(cents=120_000, on=day(on), proceeding=PROCEEDING)

    assert found([issued(), fell_due(), small("2026-04-24")]) == {}
    assert found([issued(), fell_due(), small("2026-04-25")]) == {"SmallClaimStarted": {"small_claim_between_traders"}}


def test_a_parameter_that_changes_later_blames_no_earlier_step() -> None:
    """An order rendered before a shorter time to serve keeps its own; one rendered after it does not."""
    shorter = Value(day("2027-01-01"), Decimal(1), "CPC, art. 1411", "essai", ADDED)
    law = Law([("order_service_months", shorter)])
    early = [*LADDER, escalated("2026-04-01"), granted("2026-12-30"), order_served("2027-03-15")]
    late = [*LADDER, escalated("2026-04-01"), granted("2027-01-04"), order_served("2027-03-15")]
    assert found(early, law=law) == {}
    assert found(late, law=law) == {"OrdonnanceServed": {"served_late"}}
    assert found(late) == {}


def test_the_policy_of_the_day_judges() -> None:
    strict = standard().model_copy(update={"spacing_days": 30})

    def followed(on: dt.date, position: int) -> Policy:
        assert position > 0
        return strict if on >= day("2026-03-01") else standard()

    facts = [issued(), fell_due(), reminded("2026-02-10"), reminded("2026-02-20", 2), reminded("2026-03-05", 3)]
    entries = tuple(Entry(version, fact, position=version) for version, fact in enumerate(facts, start=1))
    judged = {
        each.entry.version: [no.code for no in each.refusals] for each in review(entries, lambda _: shipped(), followed)
    }
    assert judged == {1: [], 3: [], 4: [], 5: ["too_soon"]}


def test_every_step_that_a_rule_judges_is_judged_and_no_conclusion() -> None:
    judged = review(history(*LADDER, paid("2026-02-20", "100")), lambda _: shipped(), standard_always)
    assert [each.entry.fact.move for each in judged] == [
        "InvoiceIssued",
        "remind",
        "DebtorFormallyNotified",
        "PaymentReceived",
    ]
