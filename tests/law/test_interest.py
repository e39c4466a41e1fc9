"""Interest: the worked examples of LAW 2.1 and 3 and of DESIGN 12, each regime, each clause, and the corners of a payment."""

from decimal import Decimal
from typing import Any

import pytest

from domain.account import Movement
from domain.claim import INDEMNITY, Claim, of_debt
from domain.errors import LawMissing, Misuse
from domain.law.readings import Readings
from domain.law.tables import shipped
from domain.money import cents
from domain.penalties import GRACE, Clause, Debt, increased_from
from tests.builders import day

#: What a segment is to a reader: first day, last day, percent, cents.
Told = tuple[str, str, str, int]


def owed(
    principal: str, due: str, until: str, *payments: tuple[str, str], reading: dict[str, str] | None = None, **debt: Any
) -> Claim:
    """The claim on one debt; days as ISO."""
    days: dict[str, Any] = {
        name: day(value) if name.endswith(("_on", "_from")) and value else value for name, value in debt.items()
    }
    moves = [Movement(day(on), cents(amount)) for on, amount in payments]
    return of_debt(
        shipped(), Debt(**days), cents(principal), day(due), day(until), moves, readings=Readings(reading or {})
    )


def told(claim: Claim) -> list[Told]:
    return [
        (f"{each.from_on}", f"{each.to_on}", f"{each.percent:.2f}", each.cents) for each in claim.statement.segments
    ]


def sums(claim: Claim) -> tuple[int, int, int, int]:
    """Principal, interest, indemnity, total."""
    found = claim.statement
    return found.principal_cents, found.interest_cents, found.head_cents(INDEMNITY), found.total_cents


FIXED = Clause("fixed", Decimal(10))


def test_the_example_of_the_design_to_the_cent() -> None:
    claim = owed("10000", "2025-05-31", "2025-08-31")
    assert told(claim) == [
        ("2025-06-01", "2025-06-30", "13.15", 10808),
        ("2025-07-01", "2025-08-31", "12.15", 20638),
    ]
    assert sums(claim) == (1000000, 31446, 4000, 1035446)
    assert [each.days for each in claim.statement.segments] == [30, 62]


def test_a_part_payment_goes_to_interest_first_or_to_the_principal_first() -> None:
    paid = ("2025-06-30", "4000")
    assert sums(owed("10000", "2025-05-31", "2025-08-31", paid)) == (610808, 12606, 4000, 627414)
    other = {"imputation": "principal_first"}
    assert sums(owed("10000", "2025-05-31", "2025-08-31", paid, reading=other)) == (600000, 23191, 4000, 627191)


def test_a_leap_year_is_worth_two_euros_seventy_for_ten_thousand_at_ten_percent() -> None:
    year = ("10000", "2023-12-31", "2024-12-31")
    by_365 = owed(*year, clause=FIXED).statement.interest_cents
    by_366 = owed(*year, clause=FIXED, reading={"day_basis": "actual"}).statement.interest_cents
    assert (by_365, by_366) == (100274, 100000)
    ordinary = ("10000", "2024-12-31", "2025-12-31")
    assert owed(*ordinary, clause=FIXED).statement.interest_cents == 100000
    assert owed(*ordinary, clause=FIXED, reading={"day_basis": "actual"}).statement.interest_cents == 100000


def test_a_period_over_two_years_bears_each_day_over_its_own_year() -> None:
    claim = owed("10000", "2023-12-30", "2024-01-01", clause=FIXED, reading={"day_basis": "actual"})
    (segment,) = claim.statement.segments
    assert segment.cents == round(1000000 * (1 / 365 + 1 / 366) * 0.10)
    in_2024 = owed("10000", "2024-01-31", "2024-02-29", clause=FIXED, reading={"day_basis": "actual"})
    assert in_2024.statement.per_day() == Decimal("2.7322")
    assert owed("10000", "2024-01-31", "2024-02-29", clause=FIXED).statement.per_day() == Decimal("2.7397")


def test_the_first_half_of_2024_bears_the_default_rate_though_the_floor_is_above() -> None:
    year = ("10000", "2023-12-31", "2024-12-31")
    assert [each[2] for each in told(owed(*year))] == ["14.50", "14.25"]
    assert [each[2] for each in told(owed(*year, reading={"default_floor": "applied"}))] == ["15.21", "14.76"]
    later = ("10000", "2024-12-31", "2025-03-31")
    assert told(owed(*later)) == told(owed(*later, reading={"default_floor": "applied"}))


def test_thirty_june_bears_the_first_half_and_one_july_the_second() -> None:
    claim = owed("10000", "2025-06-29", "2025-07-01")
    assert told(claim) == [("2025-06-30", "2025-06-30", "13.15", 360), ("2025-07-01", "2025-07-01", "12.15", 333)]
    turn = owed("10000", "2024-12-30", "2025-01-01")
    assert [each[:3] for each in told(turn)] == [
        ("2024-12-31", "2024-12-31", "14.25"),
        ("2025-01-01", "2025-01-01", "13.15"),
    ]


@pytest.mark.parametrize(
    ("due", "percent"), [("2026-06-30", "10.40"), ("2026-06-29", "10.15"), ("2022-12-31", "10.50")]
)
def test_a_public_buyer_owes_the_rate_of_the_first_day_for_the_whole_delay(due: str, percent: str) -> None:
    until = {"2026-06-30": "2026-12-31", "2026-06-29": "2026-12-31", "2022-12-31": "2026-12-31"}[due]
    claim = owed("10000", due, until, regime="public")
    assert [each[2] for each in told(claim)] == [percent]
    assert claim.statement.head_cents(INDEMNITY) == 4000
    assert claim.heads == ((INDEMNITY, "CCP, art. D2192-35"),)


def test_a_frozen_public_rate_outlives_what_is_known() -> None:
    claim = owed("10000", "2026-06-30", "2027-06-30", regime="public")
    assert [each[:3] for each in told(claim)] == [("2026-07-01", "2027-06-30", "10.40")]
    with pytest.raises(LawMissing, match="ecb_refinancing_rate"):
        owed("10000", "2026-12-31", "2027-06-30", regime="public")


def test_a_public_contract_of_before_16_march_2013_is_another_regime_that_is_not_known() -> None:
    with pytest.raises(LawMissing, match="public_late_payment_points"):
        owed("10000", "2014-01-31", "2014-06-30", regime="public", contracted_on="2013-03-15")
    assert owed("10000", "2014-01-31", "2014-06-30", regime="public", contracted_on="2013-03-16").statement.segments


def test_the_contract_changes_nothing_for_a_public_buyer() -> None:
    with pytest.raises(Misuse, match="R2192-31"):
        owed("10000", "2026-01-31", "2026-06-30", regime="public", clause=FIXED)


def test_a_consumer_owes_the_legal_rate_from_the_formal_notice_and_no_indemnity() -> None:
    claim = owed("1000", "2025-01-31", "2025-08-31", regime="consumer", notified_on="2025-06-15")
    assert told(claim) == [("2025-06-16", "2025-06-30", "3.71", 152), ("2025-07-01", "2025-08-31", "2.76", 469)]
    assert sums(claim) == (100000, 621, 0, 100621)
    assert claim.statement.heads == ()


def test_a_notice_before_the_due_day_waits_for_it() -> None:
    claim = owed("1000", "2025-07-31", "2025-08-31", regime="consumer", notified_on="2025-06-15")
    assert told(claim)[0][:2] == ("2025-08-01", "2025-08-31")


def test_without_notice_a_consumer_owes_no_interest_and_a_remark_says_so() -> None:
    claim = owed("1000", "2025-01-31", "2025-08-31", regime="consumer")
    assert sums(claim) == (100000, 0, 0, 100000)
    assert any("formal notice" in each and "1231-6" in each for each in claim.warnings)
    assert claim.statement.per_day() == 0


def test_the_legal_rate_is_that_of_the_creditor_kind_not_of_the_debtor() -> None:
    common: dict[str, Any] = {"regime": "consumer", "notified_on": "2024-12-31"}
    year = ("1000", "2024-12-31", "2025-12-31")
    assert [each[2] for each in told(owed(*year, **common))] == ["3.71", "2.76"]
    assert [each[2] for each in told(owed(*year, **common, creditor="individual"))] == ["7.21", "6.65"]


def test_five_points_more_from_the_day_after_two_months() -> None:
    assert increased_from(shipped(), day("2015-09-17")) == day("2015-11-18")
    claim = owed(
        "1000", "2015-06-30", "2016-01-31", regime="consumer", notified_on="2015-06-30", enforceable_on="2015-09-17"
    )
    assert [each[:3] for each in told(claim)] == [
        ("2015-07-01", "2015-11-17", "0.99"),
        ("2015-11-18", "2015-12-31", "5.99"),
        ("2016-01-01", "2016-01-31", "6.01"),
    ]
    assert "CMF, art. L313-3" in claim.statement.segments[1].reference


def test_five_points_are_never_added_to_penalties() -> None:
    year = ("10000", "2024-12-31", "2025-12-31")
    plain, titled = owed(*year), owed(*year, enforceable_on="2025-01-15")
    assert told(plain) == told(titled)
    assert any("L313-3" in each for each in titled.warnings)
    assert told(owed(*year, clause=FIXED, enforceable_on="2025-01-15")) == told(owed(*year, clause=FIXED))


def test_the_end_of_february_has_no_thirtieth() -> None:
    assert increased_from(shipped(), day("2025-12-31")) == day("2026-03-01")


def test_a_fixed_rate_is_never_cut_at_a_half_year() -> None:
    assert told(owed("10000", "2024-05-31", "2026-12-31", clause=Clause("fixed", Decimal("20.5")))) == [
        ("2024-06-01", "2026-12-31", "20.50", 530192)
    ]


def test_a_multiple_of_the_legal_rate_and_points_above_the_ecb_follow_each_half_year() -> None:
    year = ("10000", "2023-12-31", "2024-12-31")
    assert [each[2] for each in told(owed(*year, clause=Clause("legal_multiple", Decimal(3))))] == ["15.21", "14.76"]
    assert [each[2] for each in told(owed(*year, clause=Clause("ecb_plus", Decimal(12))))] == ["16.50", "16.25"]


def test_a_multiple_of_the_legal_rate_follows_the_creditor_kind() -> None:
    clause = Clause("legal_multiple", Decimal(2))
    common: dict[str, Any] = {"regime": "consumer", "notified_on": "2024-12-31", "clause": clause}
    year = ("1000", "2024-12-31", "2025-06-30")
    assert [each[2] for each in told(owed(*year, **common))] == ["7.42"]
    assert [each[2] for each in told(owed(*year, **common, creditor="individual"))] == ["14.42"]


def test_a_rate_with_many_decimals_is_computed_as_it_is_printed() -> None:
    claim = of_debt(
        shipped(), Debt(clause=Clause("fixed", Decimal("9.1234567894"))), 10**15, day("2024-12-31"), day("2025-12-31")
    )
    assert claim.statement.interest_cents == 91234567894000


def test_a_fixed_rate_is_computed_past_what_is_known_and_its_floor_is_not_tested() -> None:
    claim = owed("10000", "2026-12-31", "2027-06-30", clause=FIXED)
    assert claim.statement.interest_cents == 49589
    assert any("2027 S1" in each and "not known" in each for each in claim.warnings)


@pytest.mark.parametrize(
    ("debt", "parameter"),
    [
        ({}, "ecb_refinancing_rate"),
        ({"regime": "consumer", "notified_on": "2026-12-31"}, "legal_rate_professional"),
        ({"regime": "consumer", "notified_on": "2026-12-31", "creditor": "individual"}, "legal_rate_individual"),
        ({"clause": Clause("legal_multiple", Decimal(3))}, "legal_rate_professional"),
        ({"clause": Clause("ecb_plus", Decimal(12))}, "ecb_refinancing_rate"),
    ],
)
def test_the_first_half_of_2027_is_missing_and_named(debt: dict[str, Any], parameter: str) -> None:
    assert owed("100", "2026-06-30", "2026-12-31", **debt).statement.until == day("2026-12-31")
    with pytest.raises(LawMissing, match=parameter):
        owed("100", "2026-06-30", "2027-01-01", **debt)


def test_what_a_further_day_adds_is_missing_when_its_rate_is() -> None:
    claim = owed("100", "2026-06-30", "2026-12-31")
    with pytest.raises(LawMissing, match="ecb_refinancing_rate"):
        claim.statement.per_day()


# Payments.


def test_a_payment_before_or_on_the_due_day_reduces_the_principal_without_interest() -> None:
    for on in ("2025-05-02", "2025-05-31"):
        claim = owed("10000", "2025-05-31", "2025-06-30", (on, "4000"))
        assert told(claim) == [("2025-06-01", "2025-06-30", "13.15", 6485)]
        assert sums(claim) == (600000, 6485, 4000, 610485)


def test_paid_in_full_on_the_due_day_nothing_is_owed() -> None:
    for count in ("exclude-include", "include-include", "exclude-exclude"):
        paid = owed("10000", "2025-05-31", "2025-08-31", ("2025-05-31", "10000"), reading={"day_count": count})
        assert sums(paid) == (0, 0, 0, 0), count
        assert paid.statement.segments == ()


def test_paid_the_day_after_it_bears_one_day_and_the_forty_euros() -> None:
    claim = owed("10000", "2025-05-31", "2025-08-31", ("2025-06-01", "10000"))
    assert sums(claim) == (360, 0 + 4 + 7, 4000, 360 + 11 + 4000)
    exact = owed("10000", "2025-05-31", "2025-08-31", ("2025-06-01", "10043.60"))
    assert sums(exact) == (0, 0, 0, 0)


def test_the_forty_euros_are_owed_once_even_if_all_the_rest_is_paid() -> None:
    claim = owed("10000", "2025-05-31", "2025-08-31", ("2025-06-30", "10108.08"))
    assert sums(claim) == (0, 0, 4000, 4000)
    assert owed("0.01", "2025-05-31", "2025-06-01").statement.head_cents(INDEMNITY) == 4000
    assert owed("10000", "2025-05-31", "2025-05-31").statement.head_cents(INDEMNITY) == 0


def test_several_payments_of_one_day_are_one_payment() -> None:
    several = owed("10000", "2025-05-31", "2025-08-31", ("2025-06-30", "1000"), ("2025-06-30", "3000"))
    assert sums(several) == sums(owed("10000", "2025-05-31", "2025-08-31", ("2025-06-30", "4000")))
    assert [(each.interest, each.principal) for each in several.statement.imputed] == [(10808, 89192), (0, 300000)]


def test_payments_are_taken_by_their_day_in_whatever_order_they_are_given() -> None:
    two = (("2025-07-31", "1000"), ("2025-06-30", "3000"))
    assert sums(owed("10000", "2025-05-31", "2025-08-31", *two)) == sums(
        owed("10000", "2025-05-31", "2025-08-31", *two[::-1])
    )


def test_what_is_above_the_debt_is_in_credit() -> None:
    claim = owed("10000", "2025-05-31", "2025-08-31", ("2025-08-31", "10400"))
    assert sums(claim) == (0, 0, 0, 0)
    assert claim.statement.unallocated_cents == 1040000 - 1035446


def test_a_payment_after_the_end_is_left_out_with_a_warning() -> None:
    claim = owed("10000", "2025-05-31", "2025-08-31", ("2025-09-01", "4000"))
    assert sums(claim) == sums(owed("10000", "2025-05-31", "2025-08-31"))
    assert claim.book_residual_cents == 1000000
    assert any("2025-09-01" in each and "left out" in each for each in claim.warnings)
    assert not owed("10000", "2025-05-31", "2025-08-31", ("2025-08-31", "4000")).warnings


# What stops it.


def test_interest_stops_the_day_before_the_opening_judgment() -> None:
    claim = owed("10000", "2025-05-31", "2025-08-31", stopped_on="2025-06-30")
    assert told(claim) == [("2025-06-01", "2025-06-29", "13.15", 10448)]
    assert claim.statement.per_day() == 0
    assert any("L622-28" in each for each in claim.warnings)


def test_no_further_day_bears_interest_on_the_eve_of_the_judgment() -> None:
    assert owed("10000", "2025-05-31", "2025-06-29", stopped_on="2025-06-30").statement.per_day() == 0
    assert owed("10000", "2025-05-31", "2025-06-28", stopped_on="2025-06-30").statement.per_day() > 0


def test_the_forty_euros_of_a_debt_due_on_the_day_of_the_judgment_or_later_are_not_owed() -> None:
    for due, expected in (("2025-06-29", 4000), ("2025-06-30", 0), ("2025-07-15", 0)):
        claim = owed("10000", due, "2025-08-31", stopped_on="2025-06-30")
        assert claim.statement.head_cents(INDEMNITY) == expected, due
        assert claim.statement.interest_cents == 0


def test_a_grace_span_bears_nothing_and_says_why() -> None:
    spared = ((day("2025-06-11"), day("2025-06-20"), GRACE),)
    claim = owed("10000", "2025-05-31", "2025-06-30", spared=spared)
    assert told(claim) == [
        ("2025-06-01", "2025-06-10", "13.15", 3603),
        ("2025-06-11", "2025-06-20", "0.00", 0),
        ("2025-06-21", "2025-06-30", "13.15", 3603),
    ]
    assert claim.statement.segments[1].reference == "C. civ., art. 1343-5, al. 4"


def test_grace_spans_that_overlap_or_stick_out_count_each_day_once() -> None:
    spared = (
        (day("2025-06-21"), day("2025-12-31"), GRACE),
        (day("2025-06-15"), day("2025-06-25"), GRACE),
        (day("2025-06-30"), day("2026-12-31"), GRACE),
        (day("2025-01-01"), day("2025-06-05"), GRACE),
    )
    claim = owed("10000", "2025-05-31", "2025-06-30", spared=spared)
    assert sum(each.days for each in claim.statement.segments) == 30
    assert all(each.days > 0 for each in claim.statement.segments)
    assert claim.statement.interest_cents == 3242


# Capitalisation.


def test_nothing_bears_interest_on_interest_unless_it_is_asked() -> None:
    claim = owed("10000", "2020-12-31", "2024-12-31", clause=FIXED)
    assert claim.statement.capitalised_cents == 0
    assert claim.statement.interest_cents == 400274


def test_a_full_year_of_interest_bears_interest_from_the_day_after_never_a_half_year() -> None:
    asked: dict[str, Any] = {"clause": FIXED, "capitalised_from": "2021-01-01"}
    assert owed("10000", "2020-12-31", "2021-12-30", **asked).statement.capitalised_cents == 0
    assert owed("10000", "2020-12-31", "2021-12-31", **asked).statement.capitalised_cents == 100000
    claim = owed("10000", "2020-12-31", "2023-12-31", **asked)
    assert [(each.principal_cents, each.cents) for each in claim.statement.segments] == [
        (1000000, 100000),
        (1100000, 110000),
        (1210000, 121000),
    ]
    assert claim.statement.principal_cents == 1000000


def test_interest_capitalises_from_the_day_it_is_asked_then_each_year() -> None:
    claim = owed("10000", "2020-12-31", "2023-12-31", clause=FIXED, capitalised_from="2022-06-30")
    bases = [(f"{each.to_on}", each.principal_cents) for each in claim.statement.segments]
    assert bases == [("2022-06-30", 1000000), ("2023-06-30", 1149589), ("2023-12-31", 1264548)]


def test_a_year_that_begins_on_29_february_is_not_full_on_the_27th() -> None:
    asked: dict[str, Any] = {"clause": FIXED, "capitalised_from": "2024-01-01"}
    assert owed("10000", "2024-02-28", "2025-02-27", **asked).statement.capitalised_cents == 0
    assert owed("10000", "2024-02-28", "2025-02-28", **asked).statement.capitalised_cents == 100274
    assert owed("10000", "2023-02-28", "2024-02-28", **asked).statement.capitalised_cents == 0


def test_a_payment_takes_capitalised_interest_with_the_interest() -> None:
    asked: dict[str, Any] = {"clause": FIXED, "capitalised_from": "2021-01-01"}
    claim = owed("10000", "2020-12-31", "2022-12-31", ("2022-12-31", "2100"), **asked)
    assert sums(claim) == (1000000, 0, 4000, 1004000)
    assert claim.statement.accrued_cents == 210000


def test_nothing_capitalises_after_the_opening_judgment() -> None:
    asked: dict[str, Any] = {"clause": FIXED, "capitalised_from": "2021-01-01"}
    claim = owed("10000", "2020-12-31", "2023-12-31", stopped_on="2021-12-01", **asked)
    assert claim.statement.capitalised_cents == 0
    assert len(claim.statement.segments) == 1
