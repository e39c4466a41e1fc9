"""The claim once a title is enforceable: the heads the judge granted, less what came since the petition."""

import datetime as dt
from decimal import Decimal
from typing import Any

from domain.facts.fact import Fact
from domain.facts.procedure import EscalatedToInjonction, Head, OrdonnanceGranted, TitleEnforceable
from domain.money import cents
from tests.builders import PROCEEDING, credited, day, issued, order_served, paid, reversed_
from tests.law.test_claim import claim_on, refunded, stayed, sums

LEGAL = {"rate_kind": "legal", "from_on": day("2026-04-01")}


def head(name: Any, total: str, **fields: Any) -> Head:
    return Head(cents=cents(total), head=name, **fields)


def titled(
    *heads: Head, before: tuple[Fact, ...] = (), filed: str = "2026-03-01", enforceable: str = "2026-06-15"
) -> list[Fact]:
    """An invoice, a petition, an order with these heads, a title."""
    return [
        issued(),
        *before,
        EscalatedToInjonction(court="tc-paris", heads=heads, on=day(filed), proceeding=PROCEEDING),
        OrdonnanceGranted(heads=heads, on=day("2026-03-20"), proceeding=PROCEEDING),
        order_served("2026-04-01"),
        TitleEnforceable(basis="no_opposition_certificate", on=day(enforceable), proceeding=PROCEEDING),
    ]


def test_a_title_that_says_nothing_of_interest_bears_the_legal_rate_by_law() -> None:
    """C. civ., art. 1231-7 (LAW 3), five points more from two months after the title; and it is said."""
    claim = claim_on(*titled(head("principal", "1200")))
    assert sums(claim)[0] == 120000
    assert {each.percent for each in claim.statement.segments} <= {Decimal(rate) for rate in ("2.62", "2.75", "7.75")}
    assert [each.code for each in claim.remarks] == ["legal_interest_of_title"]
    assert claim.title_on == day("2026-03-20")


def test_before_the_title_the_claim_is_that_of_the_invoice() -> None:
    claim = claim_on(*titled(head("principal", "1200")), until="2026-06-14")
    assert claim.title_on is None
    assert claim.statement.interest_cents > 0


def test_the_legal_rate_that_was_granted_rises_by_five_points_two_months_after() -> None:
    claim = claim_on(*titled(head("principal", "1200", **LEGAL)), until="2026-10-31")
    assert [(f"{each.from_on}", f"{each.to_on}", each.percent) for each in claim.statement.segments] == [
        ("2026-04-01", "2026-06-30", Decimal("2.62")),
        ("2026-07-01", "2026-08-15", Decimal("2.75")),
        ("2026-08-16", "2026-10-31", Decimal("7.75")),
    ]
    assert claim.statement.interest_cents == 784 + 416 + 1962


def test_penalties_and_a_contract_rate_are_granted_without_the_five_points() -> None:
    for fields, percents in (
        ({"rate_kind": "b2b"}, {"12.15", "12.40"}),
        ({"rate_kind": "contract", "rate": "9"}, {"9"}),
        ({"rate_kind": "public"}, {"10.15"}),
    ):
        claim = claim_on(*titled(head("principal", "1200", **{**LEGAL, **fields})))
        assert {f"{each.percent}" for each in claim.statement.segments} == percents


def test_each_head_keeps_its_line_and_its_rank() -> None:
    heads = (head("principal", "1200", **LEGAL), head("penalties", "10"), head("costs", "20"), head("indemnity", "40"))
    claim = claim_on(*titled(*heads), paid("2026-07-31", "100"))
    (payment,) = claim.statement.imputed
    interest = 784 + 280
    assert payment.interest == interest
    assert dict(payment.heads) == {"penalties": 1000, "costs": 2000}
    assert payment.principal == 10000 - interest - 3000
    assert claim.statement.head_cents("indemnity") == 4000


def test_a_partial_order_is_all_that_is_claimed() -> None:
    claim = claim_on(*titled(head("principal", "700")))
    assert sums(claim)[0] == 70000


def test_what_was_paid_before_the_petition_is_in_its_heads_already() -> None:
    claim = claim_on(*titled(head("principal", "700"), before=(paid("2026-02-20", "500"),)))
    assert sums(claim)[0] == 70000


def test_what_comes_after_the_petition_lowers_what_was_granted() -> None:
    story = titled(head("principal", "1200"))
    assert sums(claim_on(*story, paid("2026-03-02", "500")))[0] == 70000
    assert sums(claim_on(*story, credited("2026-07-01", "200")))[0] == 100000


def test_money_of_the_day_of_filing_counts_if_it_was_recorded_after() -> None:
    """A debtor who pays on that day is not asked twice."""
    story = titled(head("principal", "1200"))
    assert sums(claim_on(*story, paid("2026-03-01", "500")))[0] == 70000
    already = titled(head("principal", "700"), before=(paid("2026-03-01", "500"),))
    assert sums(claim_on(*already))[0] == 70000


def test_a_refund_never_raises_a_title_above_what_it_granted() -> None:
    story = titled(head("principal", "700"), before=(paid("2026-02-20", "500"),))
    assert sums(claim_on(*story, refunded("2026-07-01", "500")))[0] == 70000
    since = titled(head("principal", "1200"))
    assert sums(claim_on(*since, paid("2026-07-01", "500"), refunded("2026-07-15", "200")))[0] <= 90000 + 784


def test_a_cheque_that_came_after_the_petition_and_bounced_never_paid() -> None:
    story = titled(head("principal", "1200"))
    bounced = (paid("2026-07-01", "500", by="cheque"), reversed_("2026-07-10", "500", by="cheque"))
    assert sums(claim_on(*story, *bounced)) == sums(claim_on(*story))


def test_the_judgment_stops_the_interest_of_a_title_too() -> None:
    claim = claim_on(*titled(head("principal", "1200", **LEGAL)), stayed("2026-07-01"))
    assert max(each.to_on for each in claim.statement.segments) == dt.date(2026, 6, 30)
    assert claim.statement.per_day() == 0


def test_what_the_title_leaves_out_is_named_and_a_cheque_that_came_after_it_is_none_of_it() -> None:
    """A cheque taken off before the petition and bounced since is owed besides; one that came after it never lowered it."""
    bounced = reversed_("2026-07-10", "500", by="cheque")
    before = titled(head("principal", "700"), before=(paid("2026-02-20", "500", by="cheque"),))
    assert [(each.code, each.cents) for each in claim_on(*before, bounced).remarks if each.cents] == [
        ("outside_title", 50000)
    ]
    whole = titled(head("principal", "1200"))
    assert not [
        each for each in claim_on(*whole, paid("2026-07-01", "500", by="cheque"), bounced).remarks if each.cents
    ]
