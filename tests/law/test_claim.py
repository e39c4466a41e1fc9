"""The claim on an invoice as its record tells it: parts, money that came and went, the books beside it, insolvency, titles."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as some

from domain.claim import INDEMNITY, Claim, of_invoice
from domain.errors import LawMissing, Refused
from domain.facts.fact import Fact
from domain.facts.insolvency import StayedByInsolvency
from domain.facts.invoicing import CreditNoteApplied, InvoiceIssued, PaymentReceived, PaymentReversed
from domain.facts.recovery import DebtorFormallyNotified, ServiceProgressed
from domain.history import History
from domain.law.readings import Readings
from domain.law.tables import shipped
from domain.money import cents
from projections.statement import lines
from tests.builders import (
    DEBTOR,
    credited,
    day,
    disputed,
    issued,
    issued_in_parts,
    paid,
    receipt,
    reversed_,
    withdrawn,
    written_off,
)
from tests.given import appended, recorded
from tests.law.oracle import B2B, DAY, PUBLIC, Clerk, published

ACT = "ac" * 16


def claimed(
    history: History, until: str, *, known_at: int | None = None, reading: dict[str, str] | None = None
) -> Claim:
    found = of_invoice(shipped(), history, day(until), known_at=known_at, readings=Readings(reading or {}))
    assert found is not None
    return found


def claim_on(*facts: Fact, until: str = "2026-12-31", **how: Any) -> Claim:
    return claimed(recorded(*facts), until, **how)


def sums(claim: Claim) -> tuple[int, int, int, int]:
    """Principal, interest, indemnity, total."""
    found = claim.statement
    return found.principal_cents, found.interest_cents, found.head_cents(INDEMNITY), found.total_cents


def clerk(cents_: int, due: str, until: str, *payments: tuple[str, int]) -> Clerk:
    return Clerk(cents_, day(due), day(until), published(B2B), [(day(on), each) for on, each in payments]).work()


def changed(fact: InvoiceIssued, **fields: Any) -> InvoiceIssued:
    return fact.model_copy(update=fields)


def refunded(on: str, total: str, by: str = "transfer", instalment: int | None = None) -> PaymentReversed:
    return PaymentReversed(
        cents=cents(total), instalment=instalment, on=day(on), reason="refunded", receipt=receipt(by)
    )


def never_due(on: str, total: str) -> CreditNoteApplied:
    return credited(on, total).model_copy(update={"never_due": True})


def stayed(on: str, party: str = DEBTOR) -> StayedByInsolvency:
    return StayedByInsolvency(cents=120000, kind="redressement", on=day(on), party=party)


# Parts.


def test_nothing_is_claimed_before_it_is_issued() -> None:
    assert of_invoice(shipped(), recorded(issued()), day("2025-12-31")) is None
    assert of_invoice(shipped(), (), day("2026-12-31")) is None


def test_an_invoice_unpaid_is_what_the_clerk_says() -> None:
    by_hand = clerk(120000, "2026-01-31", "2026-12-31")
    assert sums(claim_on(issued())) == (120000, by_hand.interest, 4000, by_hand.total)
    assert sums(claim_on(issued(), until="2026-01-31")) == (120000, 0, 0, 120000)


def test_instalments_are_aged_one_by_one_with_forty_euros_once() -> None:
    history = recorded(issued_in_parts(("600", "2026-01-31"), ("300", "2026-07-06"), ("100", "2026-11-30")))
    hands = [
        clerk(60000, "2026-01-31", "2026-10-31"), clerk(30000, "2026-07-06", "2026-10-31"), clerk(10000, "2026-11-30", "2026-10-31")
    ]  # fmt: skip
    interest = sum(each.interest for each in hands)
    assert sums(claimed(history, "2026-10-31")) == (100000, interest, 4000, 100000 + interest + 4000)


def test_money_goes_to_the_oldest_part_unless_it_names_another() -> None:
    story = issued_in_parts(("600", "2026-01-31"), ("300", "2026-03-31"))
    oldest = claim_on(story, paid("2026-01-31", "300"), until="2026-06-30")
    assert [(each.part, each.principal_cents) for each in oldest.statement.segments] == [(1, 30000), (2, 30000)]
    named = claim_on(story, paid("2026-01-31", "300", instalment=2), until="2026-06-30")
    assert [(each.part, each.principal_cents) for each in named.statement.segments] == [(1, 60000)]


def test_a_part_without_a_due_day_bears_nothing_and_is_said() -> None:
    claim = claim_on(issued(due=None))
    assert sums(claim) == (120000, 0, 0, 120000)
    assert any("no due day is known" in each for each in claim.warnings)


def test_the_penalty_clause_of_the_invoice_is_its_rate() -> None:
    for basis, rate, percents in (("fixed", "20.5", ["20.50"]), (None, "12", ["12.00"]),
                                  ("legal_multiple", "5", ["13.10", "13.75"]), ("ecb_plus", "11", ["13.15", "13.40"])):  # fmt: skip
        claim = claim_on(changed(issued(), penalty_rate=rate, penalty_basis=basis))
        assert [f"{each.percent:.2f}" for each in claim.statement.segments] == percents


def test_a_public_buyer_owes_the_frozen_rate_whatever_the_clause() -> None:
    public = issued(due="2026-06-29", debtor_kind="public")
    for story in (public, changed(public, penalty_rate="25", penalty_basis="fixed")):
        claim = claim_on(story)
        by_hand = Clerk(
            120000,
            day("2026-06-29"),
            day("2026-12-31"),
            lambda _: published(PUBLIC)(day("2026-06-30")),
            by_half_year=False,
        )
        assert (claim.regime, sums(claim)[1:]) == ("public", (by_hand.work().interest, 4000, by_hand.total))
        assert [each.percent for each in claim.statement.segments] == [Decimal("10.15")]


# Consumers.


def notice(form: Any, on: str = "2026-02-10") -> DebtorFormallyNotified:
    return DebtorFormallyNotified(deadline_on=day("2026-03-01"), form=form, on=day(on))


def noticed(*stages: tuple[str, Any], form: Any = "lrar", act: str = ACT) -> History:
    history = recorded(issued(debtor_kind="consumer"), notice(form))
    sent = tuple(
        replace(entry, act=ACT) if isinstance(entry.fact, DebtorFormallyNotified) else entry for entry in history
    )
    return appended(sent, *(ServiceProgressed(act=act, on=day(on), stage=stage) for on, stage in stages))


def starts(history: History, until: str = "2026-06-30", **how: Any) -> str | None:
    claim = claimed(history, until, **how)
    assert claim.regime == "consumer"
    assert claim.statement.heads == ()
    return str(claim.statement.segments[0].from_on) if claim.statement.segments else None


def test_a_consumer_owes_from_the_day_after_the_notice_reached_him_or_was_first_presented() -> None:
    assert (
        starts(noticed(("2026-02-11", "deposited"), ("2026-02-14", "presented"), ("2026-02-20", "received")))
        == "2026-02-15"
    )
    assert starts(noticed(("2026-02-20", "received"))) == "2026-02-21"


def test_without_proof_of_presentation_a_consumer_owes_no_interest() -> None:
    assert starts(noticed()) is None
    assert starts(noticed(("2026-02-11", "deposited"))) is None
    assert starts(noticed(("2026-02-12", "unknown_at_address"))) is None
    assert starts(noticed(("2026-02-14", "received"), act="bb" * 16)) is None
    assert any("formal notice" in each for each in claimed(noticed(), "2026-06-30").warnings)


def test_a_notice_handed_over_reaches_him_at_once() -> None:
    assert starts(noticed(form="commissaire")) == "2026-02-11"
    assert starts(noticed(form="hand")) == "2026-02-11"
    assert starts(noticed(form="email")) is None


def test_a_notice_received_later_than_the_day_asked_for_is_not_there_yet() -> None:
    assert starts(noticed(("2026-02-20", "received")), until="2026-02-19") is None


def test_a_contract_may_make_the_due_day_the_notice() -> None:
    story = changed(issued(debtor_kind="consumer"), clauses=("notice_by_maturity",))
    assert starts(recorded(story)) == "2026-02-01"


def test_an_individual_creditor_claims_the_legal_rate_of_individuals() -> None:
    story = changed(issued(), creditor_kind="consumer", clauses=("notice_by_maturity",))
    claim = claim_on(story, until="2026-06-30")
    assert (claim.regime, claim.statement.segments[0].percent) == ("consumer", Decimal("6.67"))
    assert claim.statement.heads == ()


# Money that came and went.


def test_a_part_payment_as_the_clerk_imputes_it() -> None:
    by_hand = clerk(120000, "2026-01-31", "2026-12-31", ("2026-03-15", 50000), ("2026-07-01", 30000))
    claim = claim_on(issued(), paid("2026-03-15", "500", by="one"), paid("2026-07-01", "300", by="two"))
    assert sums(claim) == (by_hand.principal, by_hand.interest, by_hand.owed_indemnity, by_hand.total)


def test_a_cheque_that_bounced_never_paid_but_on_the_days_between_it_had() -> None:
    history = recorded(issued(), paid("2026-03-01", by="cheque"), reversed_("2026-03-10", by="cheque"))
    assert sums(claimed(history, "2026-12-31")) == sums(claim_on(issued()))
    assert claimed(history, "2026-12-31").statement.imputed == ()
    assert claimed(history, "2026-03-09").statement.imputed[0].movement.cents == 120000


def test_a_cheque_that_bounced_in_part() -> None:
    history = (issued(), paid("2026-03-01", "500", by="cheque"), reversed_("2026-03-10", "200", by="cheque"))
    assert sums(claim_on(*history)) == sums(claim_on(issued(), paid("2026-03-01", "300", by="cheque")))


def test_a_refund_makes_the_principal_owed_again_from_that_day_only() -> None:
    claim = claim_on(issued(), paid("2026-01-20"), refunded("2026-05-31", "200"), until="2026-06-30")
    assert [(f"{each.from_on}", each.principal_cents) for each in claim.statement.segments] == [("2026-06-01", 20000)]
    assert claim.statement.principal_cents == 20000


def test_money_paid_in_excess_and_given_back_leaves_nothing_owed() -> None:
    claim = claim_on(issued(), paid("2026-01-20", "1400"), refunded("2026-02-10", "200"))
    assert sums(claim) == (0, 0, 0, 0)
    assert claim.statement.unallocated_cents == 0
    assert claim.book_residual_cents == 0


def test_interest_that_was_paid_and_given_back_is_interest_again_not_principal() -> None:
    claim = claim_on(issued(), paid("2026-06-30", "1300"), refunded("2026-06-30", "1300"))
    again = claim_on(issued())
    assert claim.statement.principal_cents == 120000
    assert sums(claim)[2:] == sums(again)[2:]
    assert claim.difference == ()


def test_a_refund_goes_back_to_the_part_that_its_payment_had_named() -> None:
    story = issued_in_parts(("600", "2026-01-31"), ("300", "2026-11-30"))
    claim = claim_on(story, paid("2026-01-20", "600", by="a"), paid("2026-01-21", "300", by="b", instalment=2),
                     refunded("2026-02-10", "300", by="b"), until="2026-10-31")  # fmt: skip
    assert claim.statement.segments == ()
    assert sums(claim) == (30000, 0, 0, 30000)


def test_a_credit_note_lowers_the_price_from_its_day_or_from_the_start_if_never_due() -> None:
    late = claim_on(issued(), credited("2026-06-30", "200"))
    early = claim_on(issued(), never_due("2026-06-30", "200"))
    assert [each.principal_cents for each in late.statement.segments] == [120000, 100000]
    assert [each.principal_cents for each in early.statement.segments] == [100000, 100000]
    assert (late.difference, early.difference) == ((), ())
    before = claimed(recorded(issued(), never_due("2026-06-30", "200")), "2026-06-29")
    assert before.statement.principal_cents == 120000


def test_a_price_never_due_makes_no_one_late() -> None:
    assert sums(claim_on(issued(), never_due("2026-06-30", "1200"))) == (0, 0, 0, 0)
    assert sums(claim_on(issued(), paid("2026-01-20", "1000"), never_due("2026-06-30", "200"))) == (0, 0, 0, 0)
    late = claim_on(issued(), credited("2026-06-30", "1200"))
    assert sums(late)[0::2] == (0, 4000)


@pytest.mark.parametrize("source", ["insurer", "factor"])
def test_money_of_an_insurer_or_a_factor_is_not_imputed(source: Any) -> None:
    money = PaymentReceived(cents=100000, on=day("2026-03-01"), receipt=receipt("indemnity"), source=source)
    claim = claim_on(issued(), money)
    assert sums(claim) == sums(claim_on(issued()))
    assert (claim.book_residual_cents, claim.difference) == (20000, (("not_imputed", 100000),))
    assert any("insurer or a factor" in each for each in claim.warnings)
    back = claim_on(issued(), money, reversed_("2026-04-01", "1000", by="indemnity"))
    assert (back.book_residual_cents, back.difference, back.warnings) == (120000, (), ())


def test_money_of_a_guarantor_is_imputed() -> None:
    money = paid("2026-03-01", "500").model_copy(update={"source": "guarantor"})
    assert sums(claim_on(issued(), money)) == sums(claim_on(issued(), paid("2026-03-01", "500")))


def test_a_write_off_leaves_the_claim_whole() -> None:
    claim = claim_on(issued(), written_off("2026-06-30", "1200"))
    assert sums(claim) == sums(claim_on(issued()))
    assert (claim.book_residual_cents, claim.difference) == (0, (("written_off", 120000),))


def test_a_dispute_takes_nothing_off_and_is_said() -> None:
    claim = claim_on(issued(), disputed("2026-03-01", "200", whole=False))
    assert sums(claim) == sums(claim_on(issued()))
    assert any("disputes" in each for each in claim.warnings)


# Insolvency.


def test_the_opening_judgment_stops_interest_the_day_before() -> None:
    claim = claim_on(issued(), stayed("2026-04-14"))
    by_hand = clerk(120000, "2026-01-31", "2026-04-13")
    assert sums(claim) == (120000, by_hand.interest, 4000, by_hand.total)
    assert sums(claim_on(issued(), stayed("2026-04-14"), reading={"insolvency_indemnity": "left_out"}))[2] == 0
    assert sums(claimed(recorded(issued(), stayed("2026-04-14")), "2026-04-13")) == sums(claim)


def test_a_part_that_falls_due_after_the_judgment_owes_no_forty_euros() -> None:
    story = issued_in_parts(("600", "2026-01-31"), ("600", "2026-06-30"))
    claim = claim_on(story, paid("2026-01-31", "600"), stayed("2026-04-14"))
    assert sums(claim) == (60000, 0, 0, 60000)
    both = claim_on(story, stayed("2026-04-14"))
    assert sums(both)[2] == 4000
    assert {each.part for each in both.statement.segments} == {1}


def test_the_proceedings_of_another_stop_nothing() -> None:
    other = claim_on(issued(), stayed("2026-04-14", party="dd" * 16))
    assert sums(other) == sums(claim_on(issued()))


# Two times.


def test_what_was_known_then_and_what_is_known_now() -> None:
    history = recorded(issued(), paid("2026-03-01", "500"))
    before = history[-1].position - 1
    assert claimed(history, "2026-12-31", known_at=before).statement.imputed == ()
    assert sums(claimed(history, "2026-12-31", known_at=before)) == sums(claim_on(issued()))
    assert claimed(history, "2026-02-28").statement.imputed == ()
    assert len(claimed(history, "2026-03-01").statement.imputed) == 1


def test_a_payment_withdrawn_was_there_before_it_was_withdrawn() -> None:
    history = recorded(issued(), paid("2026-03-01", "500"))
    version = next(entry.version for entry in history if isinstance(entry.fact, PaymentReceived))
    grown = appended(history, withdrawn(version, "2026-12-31"))
    assert sums(claimed(grown, "2026-12-31")) == sums(claim_on(issued()))
    assert sums(claimed(grown, "2026-12-31", known_at=len(history))) == sums(claimed(history, "2026-12-31"))


def test_a_rate_not_known_is_missing_not_guessed() -> None:
    with pytest.raises(LawMissing, match="ecb_refinancing_rate"):
        claim_on(issued(), until="2027-01-01")
    assert sums(claim_on(issued(), paid("2026-01-31"), until="2027-01-01")) == (0, 0, 0, 0)


# Any history.

MOVES = some.sampled_from(
    ("pay", "pay_part", "insurer", "bounce", "refund", "credit", "never_due", "write_off", "stay")
)
STEP = some.tuples(MOVES, some.integers(0, 330), some.integers(1, 90000), some.integers(0, 3))


def told(kind: str, on: dt.date, amount: int, which: int) -> Fact:
    by = receipt(f"r{which}")
    match kind:
        case "pay" | "pay_part" | "insurer":
            part = 1 + which % 2 if kind == "pay_part" else None
            if kind == "insurer":
                return PaymentReceived(cents=amount, on=on, receipt=receipt(f"i{which}"), source="insurer")
            return PaymentReceived(cents=amount, instalment=part, on=on, receipt=by)
        case "bounce" | "refund":
            reason: Any = "returned_cheque" if kind == "bounce" else "refunded"
            return PaymentReversed(cents=amount, on=on, reason=reason, receipt=by)
        case "credit" | "never_due":
            note = CreditNoteApplied(cents=amount, number=f"{which:032x}", on=on, reason="price")
            return note.model_copy(update={"never_due": kind == "never_due"})
        case "write_off":
            return written_off(on.isoformat(), "100", whole=False)
        case _:
            return stayed(on.isoformat())


@settings(deadline=None)
@over(some.lists(STEP, max_size=9), some.integers(0, 360), some.booleans())
def test_the_claim_and_the_books_differ_by_what_is_said_and_nothing_else(
    steps: list[tuple[str, int, int, int]], end: int, principal_first: bool
) -> None:
    history = recorded(issued_in_parts(("600", "2026-01-31"), ("400", "2026-06-30")))
    for kind, at, amount, which in sorted(steps, key=lambda step: step[1]):
        try:
            history = appended(history, told(kind, day("2026-01-01") + at * DAY, amount, which))
        except Refused:
            continue
    reading = {"imputation": "principal_first" if principal_first else "interest_first"}
    for until in (day("2026-01-01") + end * DAY, day("2026-12-31")):
        claim = claimed(history, until.isoformat(), reading=reading)
        stated = claim.statement
        assert stated.principal_cents - claim.book_residual_cents == sum(cents_ for _, cents_ in claim.difference)
        assert 0 <= stated.principal_cents <= 100000
        assert min(stated.interest_cents, stated.unallocated_cents, *(cents_ for _, cents_ in stated.heads), 0) == 0
        drawn = lines(claim)
        left = [each for each in drawn if each.kind.startswith(("left_", "in_credit"))]
        assert sum(each.cents for each in drawn if each not in left) == sum(each.cents for each in left)
        assert sum(each.cents for each in left) == stated.total_cents - stated.unallocated_cents
        for each in stated.imputed:
            went = each.interest + each.principal + sum(cents_ for _, cents_ in each.heads) + each.unallocated
            assert went == (-each.movement.cents if each.movement.kind == "refund" else each.movement.cents)


def test_a_years_interest_bears_interest_where_the_contract_says_so() -> None:
    """C. civ., art. 1343-2: never without a clause, and only once a full year has run."""
    story = issued(on="2024-01-01", due="2024-01-31")
    clause = story.model_copy(update={"clauses": ("capitalisation",)})
    year, later = day("2025-01-31"), day("2025-02-28")
    plain_one, agreed = (of_invoice(shipped(), recorded(each), later) for each in (story, clause))
    early = of_invoice(shipped(), recorded(clause), year)
    assert plain_one is not None
    assert agreed is not None
    assert early is not None
    assert plain_one.statement.capitalised_cents == 0
    assert agreed.statement.capitalised_cents == early.statement.interest_cents > 0
    assert agreed.statement.segments[-1].principal_cents == 120_000 + agreed.statement.capitalised_cents
