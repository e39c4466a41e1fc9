"""LAW section 6 (three regimes, 6.5, 6.7, 6.9, 6.10) and section 9; DESIGN 12, the worked dates of the order."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.calendar import ONE_DAY, add_months, is_working_day
from domain.errors import LawMissing, Misuse
from domain.law.readings import DEFAULTS, Readings
from domain.law.tables import names, shipped
from domain.opposition import is_appealable, lawyer_by, notice_by, opposition_fees_by
from domain.ordonnance import (
    Order,
    Residence,
    enforceable_from,
    fees_by,
    order,
    service_emolument_cents,
)
from tests.builders import day

RESIDENCES: tuple[Residence, ...] = ("metropole", "overseas", "abroad")


def ordered(
    rendered: str,
    served: str | None = None,
    *,
    in_person: bool = False,
    residence: Residence = "metropole",
    **read: str,
) -> Order:
    return order(
        shipped(),
        Readings(read),
        day(rendered),
        day(served) if served else None,
        in_person=in_person,
        residence=residence,
    )


def first(
    rendered: str, served: str, *, opposed: str | None = None, notice: str | None = None, **read: str
) -> str | None:
    found = enforceable_from(
        shipped(), Readings(read), day(rendered), day(served),
        opposed=day(opposed) if opposed else None, notice=day(notice) if notice else None,
    )  # fmt: skip
    return found.isoformat() if found else None


# --- the worked dates


def test_ordered_in_august_2026_and_served_in_person() -> None:
    """DESIGN 12, first example; LAW 6: serve by 2027-02-20, a Saturday."""
    found = ordered("2026-08-20", "2026-10-01", in_person=True)
    assert found.regime == "2022-03-01"
    assert found.serve_by_on == day("2027-02-20")
    assert found.opposition_until_on == found.suspended_until_on == day("2026-11-02")
    assert found.earliest_enforceable_on == day("2026-11-03")
    assert found.reopens_by == ()
    assert found.formula_request_by_on is None


def test_ordered_in_september_2026_and_served() -> None:
    """DESIGN 12, second example; LAW 6: order of 2026-09-02, serve by 2026-12-02."""
    found = ordered("2026-09-02", "2026-09-14")
    assert found.regime == "2026-09-01"
    assert found.serve_by_on == day("2026-12-02")
    assert found.suspended_until_on == day("2026-10-14")
    assert found.earliest_enforceable_on == day("2026-11-17")
    assert found.opposition_until_on is None
    assert found.reopens_by == ("act_in_person", "assets_unavailable")
    assert ordered("2026-09-02", "2026-09-14", in_person=True).opposition_until_on == day("2026-10-14")


# --- three regimes


@pytest.mark.parametrize(
    ("rendered", "regime", "serve_by"),
    [
        ("2022-02-28", "before-2022-03-01", "2022-08-28"),
        ("2022-03-01", "2022-03-01", "2022-09-01"),
        ("2026-08-31", "2022-03-01", "2027-02-28"),
        ("2026-09-01", "2026-09-01", "2026-12-01"),
    ],
)
def test_the_day_of_the_order_decides_the_regime(rendered: str, regime: str, serve_by: str) -> None:
    """LAW 6, the table: 6 months to serve, 3 from 1 September 2026; not served, nothing else is known."""
    found = ordered(rendered)
    assert (found.regime, found.serve_by_on) == (regime, day(serve_by))
    unknown = (found.opposition_until_on, found.suspended_until_on, found.reopens_by, found.earliest_enforceable_on)
    assert (*unknown, found.formula_request_by_on) == (None,) * 5
    assert found.references == ("CPC, art. 1411",)


def test_the_old_regime_asks_for_the_formula_in_the_month_after_the_opposition() -> None:
    """LAW 6, first column: on request, within 1 month after the end of the opposition period."""
    found = ordered("2022-02-10", "2022-03-01", in_person=True)
    assert found.opposition_until_on == day("2022-04-01")
    assert found.formula_request_by_on == day("2022-05-01")  # a Sunday, and 1 May: the creditor's limit is not put off
    assert found.earliest_enforceable_on is None
    assert "CPC, art. 1423 (ancien)" in found.references


def test_the_month_of_opposition_bears_the_last_day_of_the_month_and_the_next_working_day() -> None:
    """LAW 9: same day of the month, else its last; then CPC 642, from holiday to holiday."""
    assert ordered("2026-01-05", "2026-01-31").suspended_until_on == day("2026-03-02")  # 28 February is a Saturday
    assert ordered("2026-11-05", "2026-11-25").suspended_until_on == day("2026-12-28")  # 25 December, then a weekend


def test_an_order_before_what_is_known_is_missing() -> None:
    with pytest.raises(LawMissing, match="order_service_months"):
        ordered("2012-12-31")


# --- 6.7, service


def test_served_too_late_the_order_is_void() -> None:
    """LAW 6, table: else non avenue (1411)."""
    found = ordered("2026-09-02", "2026-12-03")
    assert "void (non avenue; CPC, art. 1411)" in found.warnings[0]
    assert "contested" not in found.warnings[0]
    assert found.earliest_enforceable_on is None
    assert first("2026-09-02", "2026-12-03") is None


def test_the_time_to_serve_is_not_put_off_unless_so_read() -> None:
    """LAW 14, point 10, `service_limit`: Saturday 2027-02-20, or Monday 2027-02-22 if CPC 642 applies (LAW 6)."""
    assert ordered("2026-08-20", service_limit="extended").serve_by_on == day("2027-02-22")
    prudent = ordered("2026-08-20", "2027-02-22")
    assert "to 22 February 2027, which is contested" in prudent.warnings[0]
    other = ordered("2026-08-20", "2027-02-22", service_limit="extended")
    assert other.earliest_enforceable_on == day("2027-03-23")
    assert not any("void" in each for each in other.warnings)


def test_not_served_before_it_was_rendered() -> None:
    with pytest.raises(Misuse, match="before it was rendered on 2 September 2026"):
        ordered("2026-09-02", "2026-09-01")


@pytest.mark.parametrize(("served", "warned"), [("2026-09-13", True), ("2026-11-11", True), ("2026-09-12", False)])
def test_no_service_on_a_sunday_or_a_holiday(served: str, warned: bool) -> None:
    """LAW 9: CPC 664; a Saturday will do."""
    assert any("CPC, art. 664" in each for each in ordered("2026-09-02", served).warnings) == warned


# --- 6.9, opposition


@pytest.mark.parametrize(
    ("residence", "until", "enforceable"),
    [
        ("metropole", "2026-10-14", "2026-11-17"),
        ("overseas", "2026-11-16", "2026-11-17"),  # 14 November is a Saturday
        ("abroad", "2026-12-14", "2026-12-15"),
    ],
)
def test_distance_lengthens_the_time_to_oppose_never_the_time_to_serve(
    residence: Residence, until: str, enforceable: str
) -> None:
    """LAW 6.9 and 9: +1 month overseas, +2 abroad (643)."""
    found = ordered("2026-09-02", "2026-09-14", in_person=True, residence=residence)
    assert found.opposition_until_on == found.suspended_until_on == day(until)
    assert found.earliest_enforceable_on == day(enforceable)
    assert found.serve_by_on == day("2026-12-02")
    assert ("CPC, art. 643, 645" in found.references) == (residence != "metropole")
    assert any("domicile is in France" in each for each in found.warnings) == (residence == "abroad")


# --- 1422, the wait


def test_the_wait_is_put_off_unless_read_otherwise() -> None:
    """LAW 14, point 10, `wait_extension`: 14 November 2026 is a Saturday."""
    other = ordered("2026-09-02", "2026-09-14", wait_extension="not_extended")
    assert other.earliest_enforceable_on == day("2026-11-15")
    assert other.suspended_until_on == day("2026-10-14")
    sunday = ordered("2026-08-20", "2026-10-01", wait_extension="not_extended")
    assert sunday.suspended_until_on == day(
        "2026-11-02"
    )  # the month of opposition is a time limit: 642 is not contested


def test_holidays_of_alsace_and_moselle_count_where_so_read() -> None:
    """LAW 9 and 14, point 18: 26 December 2025 is a Friday."""
    assert ordered("2025-11-03", "2025-11-26").suspended_until_on == day("2025-12-26")
    assert ordered("2025-11-03", "2025-11-26", holidays="alsace_moselle").suspended_until_on == day("2025-12-29")


def test_a_warning_says_what_bars_enforcement() -> None:
    """LAW 6, table: no opposition (1422); from 2026-09-01 no notice received, nor the invitation to pay at TC (1415, 1425)."""
    assert any("1415, 1422, 1425" in each for each in ordered("2026-09-02", "2026-09-14").warnings)
    assert any("no opposition was lodged" in each for each in ordered("2026-08-20", "2026-10-01").warnings)


def test_an_opposition_bars_enforcement_and_its_late_notice_too_unless_read_otherwise() -> None:
    """LAW 14, point 7, `late_opposition_notice`."""
    new = ("2026-09-02", "2026-09-14")
    assert first(*new) == "2026-11-17"
    assert first(*new, opposed="2026-10-14") is None
    assert first(*new, opposed="2026-10-14", notice="2026-11-17") is None
    unbarred = {"late_opposition_notice": "does_not_bar"}
    assert first(*new, opposed="2026-10-14", notice="2026-11-16", **unbarred) is None
    assert first(*new, opposed="2026-10-14", notice="2026-11-17", **unbarred) == "2026-11-17"
    assert first(*new, opposed="2026-10-14", **unbarred) == "2026-11-17"
    assert first("2026-08-20", "2026-10-01", opposed="2026-10-14", **unbarred) is None
    assert first("2022-02-10", "2022-03-01") is None


def test_the_readings_used_are_told() -> None:
    new, middle = ordered("2026-09-02", "2026-09-14"), ordered("2026-08-20", "2026-10-01")
    assert [each.switch for each in new.readings] == [
        "service_limit", "wait_extension", "late_opposition_notice", "holidays",
    ]  # fmt: skip
    assert [each.switch for each in middle.readings] == ["service_limit", "holidays"]


# --- 6.5 and 6.10, the deadlines of the creditor


def test_fifteen_days_for_the_fees_of_the_petition() -> None:
    """LAW 6.5 (1425), not put off: 15 August 2026 is a Saturday and a holiday."""
    limit = fees_by(shipped(), day("2026-07-31"))
    assert (limit.on, limit.reference) == (day("2026-08-15"), "CPC, art. 1425")


def test_fifteen_days_for_the_fees_of_the_opposition_from_the_postmark_or_receipt() -> None:
    """LAW 6.10 and 14, point 8, `opposition_fee_start`."""
    posted, received = day("2026-10-01"), day("2026-10-05")
    assert opposition_fees_by(shipped(), DEFAULTS, posted, received).on == day("2026-10-16")
    other = Readings({"opposition_fee_start": "receipt"})
    assert opposition_fees_by(shipped(), other, posted, received).on == day("2026-10-20")
    with pytest.raises(Misuse, match="give the day it was received"):
        opposition_fees_by(shipped(), other, posted)


def test_fifteen_days_for_a_lawyer_above_ten_thousand_euros() -> None:
    """LAW 6.10: TJ written procedure (> 10 000 EUR)."""
    limit = lawyer_by(shipped(), day("2026-10-01"), 1_000_001)
    assert limit is not None
    assert (limit.on, limit.reference) == (day("2026-10-16"), "CPC, art. 1418, 1419")
    assert lawyer_by(shipped(), day("2026-10-01"), 1_000_000) is None


def test_the_greffe_has_a_month_to_tell_of_an_opposition() -> None:
    """LAW 6, table: within 1 month, from 2026-09-01; before it, practice only."""
    limit = notice_by(shipped(), day("2026-09-02"), day("2026-10-01"))
    assert limit is not None
    assert (limit.on, limit.reference) == (day("2026-11-01"), "CPC, art. 1415, dernier al.")
    assert notice_by(shipped(), day("2026-08-20"), day("2026-10-01")) is None


def test_appeal_above_five_thousand_euros() -> None:
    """LAW 6.10."""
    assert is_appealable(shipped(), 500_001, day("2026-10-01"))
    assert not is_appealable(shipped(), 500_000, day("2026-10-01"))


@pytest.mark.parametrize(
    ("claim_cents", "emolument"),
    [(12_800, 1290), (12_801, 2579), (128_000, 2579), (128_001, 5158)],
)
def test_the_emolument_of_service_by_the_amount_of_the_claim(claim_cents: int, emolument: int) -> None:
    """LAW 6.5: 25,79 EUR by 0,5 up to 128 EUR (12.895, rounded half up), 1 up to 1 280 EUR, 2 above; to 2028-02-29."""
    assert service_emolument_cents(shipped(), claim_cents, day("2028-02-29")) == emolument
    with pytest.raises(LawMissing):
        service_emolument_cents(shipped(), claim_cents, day("2028-03-01"))


@pytest.mark.parametrize(
    ("name", "value", "confidence"),
    [
        ("order_service_months", 3, "A"),
        ("opposition_months", 1, "A"),
        ("enforcement_wait_months", 2, "A"),
        ("formula_request_months", 0, "A"),
        ("greffe_notice_months", 1, "A"),
        ("petition_fee_days", 15, "B"),
        ("opposition_fee_days", 15, "B"),
        ("lawyer_days", 15, "B"),
        ("lawyer_threshold", 1_000_000, "A"),
        ("appeal_threshold", 500_000, "B"),
        ("overseas_extra_months", 1, "A"),
        ("abroad_extra_months", 2, "A"),
        ("service_emolument", 2579, "B"),
        ("service_threshold_small", 12_800, "B"),
        ("service_threshold_large", 128_000, "B"),
        ("service_coefficient_middle", 1, "B"),
        ("service_coefficient_large", 2, "B"),
        ("tae_contribution_claim", 5_000_000, "B"),
        ("tae_contribution_employees", 250, "B"),
        ("legal_aid_contribution", 5_000, "C"),
        ("legal_aid_contribution_months", 1, "C"),
    ],
)
def test_every_number_of_the_section_is_a_parameter(name: str, value: int, confidence: str) -> None:
    """LAW 6, as of its day."""
    found = shipped().on(name, day("2026-11-21"))
    assert (found.whole, found.confidence) == (value, confidence)


def test_the_least_claims_bear_half_the_emolument() -> None:
    """LAW 6.5."""
    assert str(shipped().on("service_coefficient_small", day("2026-11-21")).value) == "0.5"


def test_the_fee_of_the_greffe_of_the_tribunal_de_commerce_is_no_parameter() -> None:
    """LAW 6.5: amounts conflict, never hard-code; point 13 of LAW 14."""
    amounts = {2519, 3347, 3023}
    assert not [name for name in names() if {int(value.value) for value in shipped().table(name).values} & amounts]


# --- any order


DAYS = some.dates(min_value=dt.date(2013, 1, 1), max_value=dt.date(2035, 12, 31))
WITHIN = some.integers(min_value=0, max_value=200)


@given(DAYS, WITHIN, some.sampled_from(RESIDENCES), some.booleans())
def test_a_wait_never_ends_on_a_closed_day_and_a_limit_is_never_put_off(
    rendered: dt.date, later: int, residence: Residence, in_person: bool
) -> None:
    served = rendered + later * ONE_DAY
    found = order(shipped(), DEFAULTS, rendered, served, in_person=in_person, residence=residence)
    months = shipped().on("order_service_months", rendered).whole
    assert found.serve_by_on == add_months(rendered, months)
    assert found.suspended_until_on is not None
    assert is_working_day(found.suspended_until_on)
    assert found.suspended_until_on > served
    assert (found.opposition_until_on is not None) == in_person
    if found.earliest_enforceable_on:
        assert is_working_day(found.earliest_enforceable_on - ONE_DAY)
        assert found.earliest_enforceable_on > found.suspended_until_on
        assert served <= found.serve_by_on
    assert not (found.earliest_enforceable_on and found.formula_request_by_on)


@given(DAYS, DAYS)
def test_the_dates_of_one_regime_are_monotone_in_the_day_of_the_order(one: dt.date, other: dt.date) -> None:
    earlier, later = sorted((one, other))
    before, after = (order(shipped(), DEFAULTS, rendered) for rendered in (earlier, later))
    assert before.regime != after.regime or before.serve_by_on <= after.serve_by_on


@given(DAYS, WITHIN, WITHIN)
def test_served_later_is_enforceable_later(rendered: dt.date, one: int, other: int) -> None:
    first_served, then = (rendered + days * ONE_DAY for days in sorted((one, other)))
    before, after = (enforceable_from(shipped(), DEFAULTS, rendered, served) for served in (first_served, then))
    assert before is None or after is None or before <= after
