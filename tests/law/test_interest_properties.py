"""Whatever the debt: the statement equals the naive clerk's, no cent is lost, a debt never falls by itself, cuts cost a rounding."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from domain.account import Movement
from domain.claim import INDEMNITY, Claim, of_debt
from domain.law.readings import Readings
from domain.law.tables import shipped
from domain.penalties import Clause, Debt
from tests.builders import day
from tests.law.oracle import B2B, DAY, LEGAL_INDIVIDUAL, LEGAL_PRO, PUBLIC, Clerk, half, published

FIRST, LAST = day("2013-04-01"), day("2026-12-31")
DAYS = some.dates(FIRST, LAST - dt.timedelta(days=1))
SPAN = some.integers(0, 900)
AMOUNT = some.integers(1, 5_000_000)
READINGS = some.fixed_dictionaries(
    {
        "imputation": some.sampled_from(("interest_first", "principal_first")),
        "indemnity_rank": some.sampled_from(("last", "before_principal")),
        "day_basis": some.sampled_from(("365", "actual")),
        "day_count": some.sampled_from(("exclude-include", "include-include", "exclude-exclude")),
        "rounding": some.sampled_from(("per_segment", "once")),
    }
)
REGIMES = some.sampled_from(("b2b", "public", "consumer", "individual", "fixed", "multiple", "points"))


@some.composite
def stories(draw: some.DrawFn) -> dict[str, Any]:
    """A debt, its payments around it, and the readings."""
    due = draw(DAYS)
    until = min(due + dt.timedelta(days=draw(SPAN)), LAST)
    days = some.integers(-40, (until - due).days).map(lambda n: due + dt.timedelta(days=n))
    return {
        "principal": draw(AMOUNT), "due": due, "until": until, "regime": draw(REGIMES), "reading": draw(READINGS),
        "payments": draw(some.lists(some.tuples(days, some.integers(1, 2_000_000)), max_size=4)),
        "notified": due + dt.timedelta(days=draw(some.integers(-20, 200))),
        "rate": draw(some.integers(0, 3000)),
    }  # fmt: skip


def engine(told: dict[str, Any], **changed: Any) -> Claim:
    told = {**told, **changed}
    rate, regime = Decimal(told["rate"]) / 100, told["regime"]
    basis: dict[str, Any] = {"fixed": "fixed", "multiple": "legal_multiple", "points": "ecb_plus"}
    debt = Debt(
        regime="consumer" if regime in {"consumer", "individual"} else "public" if regime == "public" else "b2b",
        clause=Clause(basis[regime], rate) if regime in basis else None,
        creditor="individual" if regime == "individual" else "professional",
        notified_on=told["notified"] if regime in {"consumer", "individual"} else None,
        stopped_on=told.get("stopped"),
        spared=told.get("spared", ()),
    )
    moves = [Movement(on, cents) for on, cents in told["payments"]]
    readings = Readings(told["reading"])
    return of_debt(shipped(), debt, told["principal"], told["due"], told["until"], moves, readings=readings)


def clerk(told: dict[str, Any], **changed: Any) -> Clerk:
    told = {**told, **changed}
    regime, rate, due = told["regime"], Fraction(told["rate"], 100), told["due"]
    ecb = published(1)
    percents: dict[str, Any] = {
        "b2b": published(B2B), "public": lambda _: published(PUBLIC)(due + DAY), "consumer": published(LEGAL_PRO),
        "individual": published(LEGAL_INDIVIDUAL), "fixed": lambda _: rate,
        "multiple": lambda on: rate * published(LEGAL_PRO)(on), "points": lambda on: rate + ecb(on),
    }  # fmt: skip
    is_consumer = regime in {"consumer", "individual"}
    return Clerk(
        told["principal"], due, told["until"], percents[regime], told["payments"],
        first=max(due, told["notified"]) + DAY if is_consumer else None,
        last=told["stopped"] - DAY if told.get("stopped") else None,
        indemnity=0 if is_consumer else 4000,
        principal_first=told["reading"]["imputation"] == "principal_first",
        indemnity_before=told["reading"]["indemnity_rank"] == "before_principal",
        actual=told["reading"]["day_basis"] == "actual", once=told["reading"]["rounding"] == "once",
        count=told["reading"]["day_count"], by_half_year=regime not in {"public", "fixed"},
    ).work()  # fmt: skip


def assert_equal(found: Claim, by_hand: Clerk) -> None:
    stated = found.statement
    assert stated.principal_cents == by_hand.principal
    assert stated.interest_cents == by_hand.interest
    assert stated.accrued_cents == by_hand.accrued
    assert stated.head_cents(INDEMNITY) == by_hand.owed_indemnity
    assert stated.unallocated_cents == by_hand.credit
    assert stated.total_cents == by_hand.total


@settings(deadline=None)
@given(stories())
def test_the_statement_is_the_clerks_to_the_cent(told: dict[str, Any]) -> None:
    assert_equal(engine(told), clerk(told))


@settings(deadline=None)
@given(stories(), some.integers(-30, 400))
def test_so_it_is_when_a_judgment_stops_it(told: dict[str, Any], after: int) -> None:
    stopped = told["due"] + dt.timedelta(days=after)
    assert_equal(engine(told, stopped=stopped), clerk(told, stopped=stopped))


@settings(deadline=None)
@given(stories())
def test_no_cent_is_lost(told: dict[str, Any]) -> None:
    stated = engine(told).statement
    for each in stated.imputed:
        went = each.interest + each.principal + sum(cents for _, cents in each.heads) + each.unallocated
        assert went == each.movement.cents
        assert min(each.interest, each.principal, each.unallocated, *(cents for _, cents in each.heads), 0) == 0
    paid_interest = sum(each.interest for each in stated.imputed)
    paid_principal = sum(each.principal for each in stated.imputed)
    paid_heads = sum(cents for each in stated.imputed for _, cents in each.heads)
    assert stated.accrued_cents == stated.interest_cents + paid_interest
    assert told["principal"] == stated.principal_cents + paid_principal
    assert sum(cents for _, cents, _ in stated.incurred) == sum(cents for _, cents in stated.heads) + paid_heads
    assert min(stated.principal_cents, stated.interest_cents, stated.unallocated_cents) >= 0


@settings(deadline=None)
@given(stories())
def test_segments_follow_one_another_and_count_each_day_once(told: dict[str, Any]) -> None:
    days = [each.from_on + dt.timedelta(days=n) for each in engine(told).statement.segments for n in range(each.days)]
    assert len(days) == len(set(days))
    assert days == sorted(days)
    assert all(each.from_on <= each.to_on for each in engine(told).statement.segments)


@settings(deadline=None)
@given(stories())
def test_a_debt_never_falls_unless_somebody_pays(told: dict[str, Any]) -> None:
    today = engine(told, payments=[]).statement
    if told["until"] < LAST:
        tomorrow = engine(told, payments=[], until=told["until"] + DAY).statement
        assert tomorrow.total_cents >= today.total_cents
        assert tomorrow.accrued_cents >= today.accrued_cents


@settings(deadline=None)
@given(stories())
def test_what_a_further_day_adds_is_what_the_next_statement_adds(told: dict[str, Any]) -> None:
    reading = {**told["reading"], "day_count": "exclude-include"}
    if told["until"] >= LAST:
        return
    today, tomorrow = (engine(told, reading=reading, until=told["until"] + n * DAY).statement for n in (0, 1))
    grown = tomorrow.accrued_cents - today.accrued_cents
    assert abs(grown - today.per_day() * 100) <= 1 + Decimal("0.01")


@settings(deadline=None)
@given(stories(), some.integers(0, 800))
def test_a_cut_costs_at_most_one_rounding(told: dict[str, Any], at: int) -> None:
    """A delay in two statements, one after the other, comes to the delay in one, but for a cent."""
    cut = min(told["due"] + dt.timedelta(days=at), told["until"])
    regime = "b2b" if told["regime"] == "public" else told["regime"]  # a frozen rate follows its first day
    reading = {**told["reading"], "day_count": "exclude-include"}
    clean = {**told, "regime": regime, "payments": [], "reading": reading, "notified": told["due"]}
    whole = engine(clean).statement.accrued_cents
    parted = engine(clean, until=cut).statement.accrued_cents + engine(clean, due=cut).statement.accrued_cents
    assert abs(whole - parted) <= 1


@settings(deadline=None)
@given(stories())
def test_in_exact_fractions_it_is_off_by_half_a_cent_a_segment_at_most(told: dict[str, Any]) -> None:
    clean = {**told, "payments": []}
    found = engine(clean).statement
    by_hand = clerk(clean)
    exact = by_hand._all
    assert abs(found.accrued_cents - exact) <= Fraction(len(found.segments) or 1, 2)
    if told["reading"]["rounding"] == "once":
        assert abs(found.accrued_cents - exact) <= Fraction(1, 2)


@settings(deadline=None)
@given(stories())
def test_a_later_end_only_adds_lines(told: dict[str, Any]) -> None:
    """What was imputed by a day is imputed the same in a statement of a later day."""
    reading = {**told["reading"], "day_count": "exclude-include"}
    if told["until"] >= LAST:
        return
    now, then = (engine(told, reading=reading, until=told["until"] + n * DAY).statement for n in (0, 1))
    assert then.imputed[: len(now.imputed)] == now.imputed
    assert half(told["until"])[0] <= LAST.year
