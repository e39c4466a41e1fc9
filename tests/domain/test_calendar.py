"""Time limits (LAW section 9) and the worked dates of DESIGN 12."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.calendar import deadline, is_working_day, next_working_day
from tests.builders import day

days = some.dates(dt.date(2013, 1, 1), dt.date(2040, 1, 1))


@pytest.mark.parametrize(
    ("start", "months", "in_days", "theoretical", "expires"),
    [
        ("2025-01-31", 1, 0, "2025-02-28", "2025-02-28"),  # no such day: the last of the month
        ("2024-01-31", 1, 0, "2024-02-29", "2024-02-29"),
        ("2026-03-02", 0, 15, "2026-03-17", "2026-03-17"),  # the day of the act does not count
        ("2025-01-31", 1, 10, "2025-03-10", "2025-03-10"),  # months first, then days
        ("2026-08-20", 6, 0, "2027-02-20", "2027-02-22"),  # a Saturday: LAW section 6
        ("2026-09-02", 3, 0, "2026-12-02", "2026-12-02"),  # LAW section 6
        ("2026-10-01", 1, 0, "2026-11-01", "2026-11-02"),  # All Saints, a Sunday: DESIGN 12
        ("2026-09-14", 1, 0, "2026-10-14", "2026-10-14"),  # DESIGN 12
        ("2026-09-14", 2, 0, "2026-11-14", "2026-11-16"),  # DESIGN 12: enforceable the day after, 2026-11-17
        ("2025-12-24", 0, 1, "2025-12-25", "2025-12-26"),
        ("2026-05-11", 0, 3, "2026-05-14", "2026-05-15"),  # Ascension
    ],
)  # fmt: skip
def test_a_limit_ends_as_the_code_says(start: str, months: int, in_days: int, theoretical: str, expires: str) -> None:
    found = deadline(day(start), months=months, days=in_days)
    assert (found.theoretical_on, found.expires_on) == (day(theoretical), day(expires))
    prudent = deadline(day(start), months=months, days=in_days, extended=False)
    assert prudent.theoretical_on == prudent.expires_on == day(theoretical)


def test_a_holiday_after_a_holiday_moves_it_again() -> None:
    assert next_working_day(day("2026-04-04")) == day("2026-04-07")  # Saturday, Sunday, Easter Monday
    assert not is_working_day(day("2026-07-14"))


@given(days, some.integers(0, 24), some.integers(0, 90))
def test_an_extended_limit_never_ends_on_a_closed_day_nor_before_its_count(
    start: dt.date, months: int, in_days: int
) -> None:
    found = deadline(start, months=months, days=in_days)
    assert is_working_day(found.expires_on)
    assert found.theoretical_on <= found.expires_on <= found.theoretical_on + dt.timedelta(days=5)
    assert found.theoretical_on >= start
