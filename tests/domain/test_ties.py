"""What a fact refers to must be there; what founds a history stays what it is; observing judges without forbidding."""

import dataclasses
from typing import Any

import pytest

from domain.decided import Desk
from domain.decisions import observe
from domain.facts.fact import Fact
from domain.facts.insolvency import StayedByInsolvency
from domain.facts.invoicing import PaymentReversed, PromiseBroken, PromiseKept
from domain.facts.procedure import OrdonnanceRefused
from domain.policy import standard
from tests.builders import (
    DEBTOR,
    called,
    day,
    escalated,
    fell_due,
    granted,
    issued,
    issued_in_parts,
    notified,
    order_served,
    paid,
    promised,
    receipt,
    reminded,
    reversed_,
    settled,
    withdrawn,
    written_off,
)
from tests.given import given, recorded, seeing, state

PARTS = issued_in_parts(("600,00", "2026-01-31"), ("400,00", "2026-03-31"))


def stayed(on: str) -> StayedByInsolvency:
    return StayedByInsolvency(cents=120000, kind="liquidation", on=day(on), party=DEBTOR)


def kept(on: str, due: str) -> PromiseKept:
    return PromiseKept(due_on=day(due), on=day(on))


def broken(on: str, due: str) -> PromiseBroken:
    return PromiseBroken(cash_known_until=day(on), due_on=day(due), on=day(on))


def taken_from(instalment: int, on: str, cents: int, by: str = "transfer") -> PaymentReversed:
    return PaymentReversed(
        cents=cents, instalment=instalment, on=day(on), reason="returned_cheque", receipt=receipt(by)
    )


# What founds a history


@pytest.mark.parametrize(
    "change",
    [{"number": "f1" * 16}, {"creditor": "c1" * 16}, {"debtor": "d1" * 16}, {"on": day("2026-01-02")}],
    ids=lambda change: next(iter(change)),
)
def test_a_correction_keeps_who_owes_whom_number_and_issue_day(change: dict[str, Any]) -> None:
    other = issued("900,00").model_copy(update=change)
    given(issued(), today="2026-06-01").when(seeing(withdrawn(1, "2026-06-01"), other)).then_refused(
        "different_identity"
    )


def test_a_correction_of_amount_or_due_day_is_accepted() -> None:
    other = issued("900,00", due="2026-01-20")
    given(issued(), today="2026-06-01").when(seeing(withdrawn(1, "2026-06-01"), other)).then(
        withdrawn(1, "2026-06-01"), other, withdrawn(2, "2026-06-01", "superseded"), fell_due("2026-01-20")
    )


@pytest.mark.parametrize("conclusion", [fell_due(), settled("2026-02-05")], ids=lambda fact: fact.move)
def test_a_conclusion_is_never_given(conclusion: Fact) -> None:
    given(issued(), paid("2026-02-05")).when(seeing(conclusion)).then_refused("conclusion", "never given")
    given(issued()).when(seeing(paid("2026-02-05"), conclusion)).then_refused("conclusion")


@pytest.mark.parametrize("on", ["2026-05-31", "2026-06-02"])
def test_a_withdrawal_bears_the_day_it_is_recorded(on: str) -> None:
    given(issued(), called("2026-02-10"), today="2026-06-01").when(seeing(withdrawn(3, on))).then_refused(
        "withdrawn_today"
    )


# Instalments and receipts


def test_an_instalment_that_is_not_there_is_refused() -> None:
    given(PARTS).when(seeing(paid("2026-02-05", "100,00", instalment=3))).then_refused(
        "no_such_instalment", "no instalment 3"
    )
    note = taken_from(3, "2026-02-06", 10000)
    given(PARTS, paid("2026-02-05", "100,00")).when(seeing(note)).then_refused("no_such_instalment")


def test_two_instalments_do_not_bear_one_number() -> None:
    first, second = PARTS.instalments
    twice = PARTS.model_copy(update={"instalments": (first, second.model_copy(update={"n": 1}))})
    given().when(seeing(twice)).then_refused("no_such_instalment", "one number")


def test_a_correction_leaves_no_payment_of_an_instalment_that_is_gone() -> None:
    story = given(PARTS, paid("2026-02-05", "100,00", instalment=2), today="2026-06-01")
    whole = issued("1 000,00")
    story.when(seeing(withdrawn(1, "2026-06-01"), whole)).then_refused("no_such_instalment", "no instalment 2")


def test_a_receipt_over_two_instalments_comes_back_from_the_newest_first() -> None:
    both = (paid("2026-02-05", "600,00", instalment=1), paid("2026-02-05", "400,00", instalment=2))
    entries = recorded(PARTS, *both, reversed_("2026-02-10", "500,00"))
    assert state(entries).paid_cents == 50000
    assert state(entries).unpaid() == [(day("2026-01-31"), 10000), (day("2026-03-31"), 40000)]
    assert [(each.instalment, each.cents) for each in state(entries).receipts] == [(1, 50000)]
    whole = recorded(PARTS, *both, reversed_("2026-02-10", "1 000,00"))
    assert (state(whole).paid_cents, state(whole).receipts) == (0, ())
    assert state(whole).unpaid() == [(day("2026-01-31"), 60000), (day("2026-03-31"), 40000)]


def test_a_reversal_may_name_the_instalment_and_takes_no_more_from_it() -> None:
    both = (paid("2026-02-05", "600,00", instalment=1), paid("2026-02-05", "400,00", instalment=2))
    entries = recorded(PARTS, *both, taken_from(1, "2026-02-10", 60000))
    assert state(entries).unpaid() == [(day("2026-01-31"), 60000)]
    given(PARTS, *both).when(seeing(taken_from(1, "2026-02-10", 60001))).then_refused("no_such_payment", "more than")


def test_a_receipt_in_two_payments_comes_back_once() -> None:
    twice = (paid("2026-02-05", "300,00"), paid("2026-02-06", "300,00"))
    given(issued(), *twice).when(seeing(reversed_("2026-02-10", "600,01"))).then_refused("no_such_payment")
    entries = recorded(issued(), *twice, reversed_("2026-02-10", "600,00"))
    assert state(entries).book_residual_cents == 120000
    given(issued(), *twice, reversed_("2026-02-10", "600,00")).when(
        seeing(reversed_("2026-02-11", "0,01"))
    ).then_refused("no_such_payment")


def test_a_payment_that_was_reversed_is_not_withdrawn_from_under_the_reversal() -> None:
    story = given(issued(), paid("2026-02-05", "300,00"), reversed_("2026-02-10", "300,00"), today="2026-06-01")
    story.when(seeing(withdrawn(3, "2026-06-01"))).then_refused("no_such_payment", "had not come")


# Promises


def test_only_the_running_promise_is_kept_or_broken() -> None:
    story = given(issued(), promised("2026-02-05", "2026-02-20"))
    for fact in (kept("2026-02-20", "2026-02-19"), broken("2026-02-25", "2026-02-19")):
        story.when(seeing(fact)).then_refused("other_promise", "no promise for 19 February 2026 is running")
    story.when(seeing(kept("2026-02-20", "2026-02-20"))).then(kept("2026-02-20", "2026-02-20"))
    story.when(seeing(broken("2026-02-25", "2026-02-20"))).then(broken("2026-02-25", "2026-02-20"))
    given(issued()).when(seeing(kept("2026-02-20", "2026-02-20"))).then_refused("other_promise")


def test_a_newer_promise_takes_the_place_of_the_older() -> None:
    story = given(issued(), promised("2026-02-05", "2026-02-20"), promised("2026-02-18", "2026-03-05"))
    story.when(seeing(broken("2026-02-25", "2026-02-20"))).then_refused("other_promise")
    story.when(seeing(broken("2026-03-10", "2026-03-05"))).then(broken("2026-03-10", "2026-03-05"))


def test_a_promise_is_kept_or_broken_once() -> None:
    story = given(issued(), promised("2026-02-05", "2026-02-20"), kept("2026-02-20", "2026-02-20"))
    story.when(seeing(broken("2026-02-25", "2026-02-20"))).then_refused("other_promise")


# Proceedings and stays


def test_a_step_of_another_proceeding_is_refused() -> None:
    story = given(issued(), escalated("2026-03-10"))
    other = granted("2026-04-01").model_copy(update={"proceeding": "a1" * 16})
    story.when(seeing(other)).then_refused("other_proceeding")
    second = given(issued(), escalated("2026-03-10"), granted("2026-04-01"))
    second.when(seeing(order_served("2026-05-01").model_copy(update={"proceeding": "a1" * 16}))).then_refused(
        "other_proceeding"
    )


def test_a_second_petition_opens_a_proceeding_of_its_own() -> None:
    again = escalated("2026-05-01").model_copy(update={"proceeding": "a1" * 16})
    refused = OrdonnanceRefused(on=day("2026-04-01"), proceeding="a0" * 16)
    story = given(issued(), escalated("2026-03-10"), refused, again)
    story.when(seeing(granted("2026-06-01"))).then_refused("other_proceeding")
    own = granted("2026-06-01").model_copy(update={"proceeding": "a1" * 16})
    story.when(seeing(own)).then(own)


def test_what_was_performed_from_the_judgment_on_is_not_stayed() -> None:
    performed = issued().model_copy(update={"performed_on": day("2026-02-10")})
    given(performed).when(seeing(stayed("2026-02-09"))).then_refused("performed_after", "L622-17")
    given(performed).when(seeing(stayed("2026-02-10"))).then_refused("performed_after")
    given(performed).when(seeing(stayed("2026-02-11"))).then(stayed("2026-02-11"))
    given(issued()).when(seeing(stayed("2026-02-11"))).then(stayed("2026-02-11"))


# Observing


def test_what_is_observed_meets_the_record() -> None:
    given(issued()).when(seeing(written_off("2026-06-01", "1 200,01"))).then_refused("write_off_above_owed")
    given(issued()).when(seeing(written_off("2026-06-01", "500,00"))).then_refused(
        "write_off_above_owed", "a whole write-off takes all"
    )
    given(issued(), paid("2026-02-05", "300,00")).when(
        seeing(written_off("2026-06-01", "1 200,00", whole=True))
    ).then_refused("write_off_above_owed")
    given(issued()).when(seeing(escalated("2026-03-10", "1 200,01"))).then_refused("heads_above_owed")


def test_an_observed_act_is_judged_on_its_own_day_even_beside_others() -> None:
    story = given(issued())
    story.when(seeing(paid("2026-05-01", "700,00"), written_off("2026-06-01", "700,00"))).then_refused(
        "write_off_above_owed"
    )
    whole = written_off("2026-06-01", "500,00")
    story.when(seeing(paid("2026-05-01", "700,00"), whole)).then(paid("2026-05-01", "700,00"), whole)


def test_what_an_observed_act_breaches_of_the_law_is_stored_with_it() -> None:
    early = given(issued(), reminded("2026-01-20", level=0)).when(seeing(notified("2026-01-31", "2026-02-20")))
    early.then_found("not_due")
    assert {each.code for each in early.decided()[0].legal} == {"not_due"}
    public = given(issued(debtor_kind="public")).when(seeing(escalated("2026-03-10")))
    assert {each.code for each in public.decided()[0].legal} == {"public_debtor"}
    assert {each.code for each in public.decided()[0].policy} == {"no_formal_notice"}


def test_a_stay_and_a_later_payment_in_one_append() -> None:
    decided = given(issued()).when(seeing(stayed("2026-02-10"), paid("2026-02-20"))).decided()
    assert [[each.code for each in one.findings] for one in decided] == [[], ["paid_under_stay"], []]
    swapped = given(issued()).when(seeing(paid("2026-02-20"), stayed("2026-02-10"))).decided()
    assert [each.code for each in swapped[0].findings] == ["paid_under_stay"]


def test_a_payment_before_the_stay_breaches_nothing() -> None:
    decided = given(issued(), stayed("2026-02-10")).when(seeing(paid("2026-02-09"))).decided()
    assert [each.findings for each in decided] == [(), ()]
    other = dataclasses.replace(Desk(day("2026-12-31"), standard()), already_done=True)
    assert observe(recorded(issued(), stayed("2026-02-10")), [called("2026-02-20")], other, step="call")[0].legal
