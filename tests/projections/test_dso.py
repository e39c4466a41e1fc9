"""Days sales outstanding: the published vectors, exact at every boundary, and nothing extrapolated."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.errors import NotFound
from projections.dso import Month, Outstanding, countback, months_back, remarks, simple
from projections.ratio import fixed
from tests.builders import day


def months(*sales: tuple[str, int]) -> list[Month]:
    """Whole months, newest first, with their sales in euros."""
    found = []
    for name, euros in sales:
        first = day(f"{name}-01")
        after = (first + dt.timedelta(days=32)).replace(day=1)
        found.append(Month(first, after - dt.timedelta(days=1), euros * 100))
    return found


def sold(*sales: tuple[str, int]) -> list[tuple[int, int]]:
    """Sales of days, in euros."""
    return [(day(on).toordinal(), euros * 100) for on, euros in sales]


@pytest.mark.parametrize(
    ("receivables", "sales", "from_on", "to_on", "days"),
    [
        (30_000, 60_000, "2026-01-01", "2026-03-31", "45.00"),  # Divalto: 30 000 x 90 / 60 000
        (20_000, 45_000, "2026-01-01", "2026-03-31", "40.00"),  # financefactory: 20 000 / 45 000 x 90
        (0, 45_000, "2026-01-01", "2026-03-31", "0.00"),
        (-500, 45_000, "2026-01-01", "2026-03-31", "-1.00"),
        (1, 3, "2026-05-31", "2026-05-31", "0.33"),
        (1, 2_000, "2026-01-01", "2026-01-10", "0.01"),  # 0.005, half up
    ],
)
def test_the_simple_method(receivables: int, sales: int, from_on: str, to_on: str, days: str) -> None:
    assert fixed(simple(receivables * 100, sales * 100, day(from_on), day(to_on)).days, 2) == days


@pytest.mark.parametrize("sales", [0, -100])
def test_the_simple_method_does_not_divide_by_nothing(sales: int) -> None:
    with pytest.raises(NotFound, match="the simple method divides by them"):
        simple(100, sales, day("2026-01-01"), day("2026-03-31"))


def test_the_countback_of_divalto() -> None:
    found = countback(250_000, months(("2025-11", 1_200), ("2025-10", 800), ("2025-09", 700)))
    assert [(line.month.name, line.cents, fixed(line.days, 2)) for line in found.lines] == [
        ("2025-11", 120_000, "30.00"),
        ("2025-10", 80_000, "31.00"),
        ("2025-09", 50_000, "21.43"),
    ]
    assert (fixed(found.days, 2), fixed(found.days, 1)) == ("82.43", "82.4")
    assert found.remaining_cents == 0


def test_the_older_example_of_divalto_by_its_stated_method() -> None:
    found = countback(2_000_000, months(("2025-11", 12_500), ("2025-10", 10_000), ("2025-09", 6_000)))
    assert found.days == Fraction(213, 4)
    assert fixed(found.days, 2) == "53.25"
    assert len(found.lines) == 2


@pytest.mark.parametrize(
    ("euros", "days", "lines", "left"),
    [
        (0, "0.00", 0, 0),
        (-10, "0.00", 0, 0),
        (1, "0.30", 1, 0),
        (99, "29.70", 1, 0),
        (100, "30.00", 1, 0),  # a month used up to the cent is whole, and the one before is not touched
        (101, "30.16", 2, 0),
        (300, "61.00", 2, 0),
        (301, "61.00", 2, 100),
    ],
)
def test_the_countback_at_its_boundaries(euros: int, days: str, lines: int, left: int) -> None:
    found = countback(euros * 100, months(("2025-11", 100), ("2025-10", 200)))
    assert (fixed(found.days, 2), len(found.lines), found.remaining_cents) == (days, lines, left)


def test_a_month_without_sales_takes_nothing_and_counts() -> None:
    found = countback(10_000, months(("2025-11", 0), ("2025-10", 200)))
    assert [(line.cents, line.days) for line in found.lines] == [(0, 30), (10_000, Fraction(31, 2))]


def test_credit_notes_above_the_sales_of_a_month_are_taken_from_older_ones() -> None:
    found = countback(10_000, months(("2025-11", -50), ("2025-10", 300)))
    assert [(line.cents, line.days) for line in found.lines] == [(-5_000, 30), (15_000, Fraction(31, 2))]
    assert sum(line.cents for line in found.lines) == 10_000


@given(some.integers(0, 10**7), some.lists(some.integers(0, 10**6), max_size=12))
def test_what_is_taken_and_what_is_left_is_what_was_owed(owed: int, sales: list[int]) -> None:
    found = countback(owed, [Month(day("2025-01-01"), day("2025-01-31"), cents) for cents in sales])
    assert sum(line.cents for line in found.lines) + found.remaining_cents == owed
    assert found.days == sum(line.days for line in found.lines) <= 31 * len(sales)


def test_months_go_back_from_the_month_to_date() -> None:
    found = list(
        months_back(day("2026-01-10"), day("2026-03-15"), sold(("2026-03-15", 5), ("2026-02-28", 7), ("2026-01-09", 9)))
    )
    assert [(each.name, each.days, each.sales_cents) for each in found] == [
        ("2026-03", 15, 500),
        ("2026-02", 28, 700),
        (
            "2026-01",
            22,
            0,
        ),  # from the 10th: the sale of the 9th lies before the period, but shows that January is on record
    ]


def test_months_stop_where_the_record_begins() -> None:
    found = list(months_back(day("2000-01-01"), day("2026-03-31"), sold(("2026-02-20", 7), ("2026-04-01", 1))))
    assert [(each.name, each.from_on, each.days) for each in found] == [
        ("2026-03", day("2026-03-01"), 31),
        ("2026-02", day("2026-02-01"), 28),
    ]
    assert list(months_back(day("2026-01-01"), day("2026-03-31"), [])) == []


@pytest.mark.parametrize("to_on", ["2024-02-29", "2025-12-31", "2026-01-01"])
def test_months_cover_the_period_without_gap(to_on: str) -> None:
    found = list(months_back(day("2023-11-17"), day(to_on), sold(("2020-01-01", 1))))
    days = [on for month in found for on in range(month.from_on.toordinal(), month.to_on.toordinal() + 1)]
    assert sorted(days) == list(range(day("2023-11-17").toordinal(), day(to_on).toordinal() + 1))


def test_what_a_reader_is_told() -> None:
    lines = countback(
        50_000, [Month(day("2026-03-01"), day("2026-03-15"), 0), *months(("2026-02", -1), ("2026-01", 100))]
    )
    said = remarks(lines, day("2026-01-01"), day("2026-03-15"), day("2026-01-05"))
    assert said == [
        "15 March 2026 is within a month: the month to date is taken first, with 15 days.",
        "No sale is on record in 2026-03: nothing is taken, its days count.",
        "Credit notes of 2026-02 exceed its invoices by 1.00 EUR: older months take that too.",
        "The count ran out of recorded sales; nothing is extrapolated: 401.00 EUR are left after the oldest month counted: at least this many days.",
    ]
    assert (
        "an earlier --from reaches them" in remarks(lines, day("2026-01-01"), day("2026-03-15"), day("2025-12-31"))[-1]
    )
    assert remarks(Outstanding(Fraction(0)), day("2026-01-01"), day("2026-03-15"), day("2026-01-05")) == []


@given(some.fractions(-(10**6), 10**6, max_denominator=10**4), some.integers(1, 4))
def test_a_ratio_is_rounded_half_up(value: Fraction, places: int) -> None:
    printed = Fraction(fixed(value, places))
    step = Fraction(1, 10**places)
    assert abs(printed - value) <= step / 2
    if abs(printed - value) == step / 2:
        assert abs(printed) > abs(value)
