"""LAW 6.10 and points 8, 9 and 22 of section 14: what an opposition starts, court by court, reading by reading."""

import datetime as dt

import pytest

from domain.errors import Misuse
from domain.law.readings import Readings
from domain.law.tables import shipped
from domain.opposition import AfterOpposition, Court, after_opposition
from tests.builders import day

TWELVE_THOUSAND = 1_200_000


def opposed(
    court: Court, cents: int = TWELVE_THOUSAND, reading: str = "", rendered: str = "2026-09-02"
) -> AfterOpposition:
    point, _, code = reading.partition("=")
    return after_opposition(
        shipped(), Readings({point: code} if point else None), day(rendered), day("2026-10-05"), court, cents,
        invited=day("2026-10-12"), received=day("2026-10-14"), notified=day("2026-10-20"),
    )  # fmt: skip


def on(limit: object) -> dt.date | None:
    return getattr(limit, "on", None)


def test_before_the_tribunal_judiciaire_a_lawyer_and_no_fees() -> None:
    found = opposed("tj")
    assert on(found.lawyer_by) == day("2026-11-04")  # 20 October + 15 days
    assert on(found.notice_by) == day("2026-11-05")  # a month
    assert found.fees_by is None
    assert found.brings_act_of_service
    assert found.is_appealable


def test_under_ten_thousand_no_lawyer_and_under_five_no_appeal() -> None:
    assert opposed("tj", 1_000_000).lawyer_by is None
    assert not opposed("tj", 500_000).is_appealable
    assert opposed("tj", 500_001).is_appealable


def test_before_the_tribunal_de_commerce_fees_and_no_notice() -> None:
    found = opposed("tc")
    assert on(found.fees_by) == day("2026-10-27")  # postmark of 12 October + 15 days
    assert (found.lawyer_by, found.notice_by) == (None, None)
    assert on(opposed("tc", reading="opposition_fee_start=receipt").fees_by) == day("2026-10-29")


@pytest.mark.parametrize(
    ("reading", "is_commercial"), [("tae=as_commercial_court", True), ("tae=as_other_court", False)]
)
def test_a_tribunal_des_activites_economiques_by_reading(reading: str, is_commercial: bool) -> None:
    found = opposed("tae", reading=reading)
    assert (found.fees_by is not None) is is_commercial
    assert (found.notice_by is None) is is_commercial


def test_the_act_of_service_is_brought_under_the_new_regime_alone_everywhere_or_in_the_written_procedure() -> None:
    assert not opposed("tj", rendered="2026-08-31").brings_act_of_service
    assert opposed("tc").brings_act_of_service
    written = "act_of_service=written_procedure"
    assert not opposed("tc", reading=written).brings_act_of_service
    assert opposed("tj", reading=written).brings_act_of_service
    assert not opposed("tj", 1_000_000, written).brings_act_of_service


def test_an_opposition_before_the_order_is_misuse() -> None:
    with pytest.raises(Misuse, match="before the order"):
        after_opposition(shipped(), Readings(), day("2026-09-02"), day("2026-09-01"), "tc", 1)
