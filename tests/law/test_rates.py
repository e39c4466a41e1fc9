"""LAW 2.3, the table of rates, row by row; LAW 2.1 for the anchoring; and malformed tables, one specimen each."""

import datetime as dt
from decimal import Decimal

import pytest

from domain.errors import InvalidInput, LawMissing, NotFound
from domain.law.rates import RateKind, ecb_rate, half_year_start, rate
from domain.law.tables import names, parse_table, shipped
from tests.builders import day

#: half-year, ECB rate of its first day, default B2B, public, legal (professional), floor, legal (individual). LAW 2.3.
TABLE = """
2013-1 0.75 10.75 8.75 0.04 0.12 0.04
2013-2 0.50 10.50 8.50 0.04 0.12 0.04
2014-1 0.25 10.25 8.25 0.04 0.12 0.04
2014-2 0.15 10.15 8.15 0.04 0.12 0.04
2015-1 0.05 10.05 8.05 0.93 2.79 4.06
2015-2 0.05 10.05 8.05 0.99 2.97 4.29
2016-1 0.05 10.05 8.05 1.01 3.03 4.54
2016-2 0.00 10.00 8.00 0.93 2.79 4.35
2017-1 0.00 10.00 8.00 0.90 2.70 4.16
2017-2 0.00 10.00 8.00 0.90 2.70 3.94
2018-1 0.00 10.00 8.00 0.89 2.67 3.73
2018-2 0.00 10.00 8.00 0.88 2.64 3.60
2019-1 0.00 10.00 8.00 0.86 2.58 3.40
2019-2 0.00 10.00 8.00 0.87 2.61 3.26
2020-1 0.00 10.00 8.00 0.87 2.61 3.15
2020-2 0.00 10.00 8.00 0.84 2.52 3.11
2021-1 0.00 10.00 8.00 0.79 2.37 3.14
2021-2 0.00 10.00 8.00 0.76 2.28 3.12
2022-1 0.00 10.00 8.00 0.76 2.28 3.13
2022-2 0.00 10.00 8.00 0.77 2.31 3.15
2023-1 2.50 12.50 10.50 2.06 6.18 4.47
2023-2 4.00 14.00 12.00 4.22 12.66 6.82
2024-1 4.50 14.50 12.50 5.07 15.21 8.01
2024-2 4.25 14.25 12.25 4.92 14.76 8.16
2025-1 3.15 13.15 11.15 3.71 11.13 7.21
2025-2 2.15 12.15 10.15 2.76 8.28 6.65
2026-1 2.15 12.15 10.15 2.62 7.86 6.67
2026-2 2.40 12.40 10.40 2.75 8.25 6.84
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
KINDS: tuple[RateKind, ...] = ("b2b", "public", "legal-pro", "floor", "legal-individual")


def days_of(half: str) -> tuple[dt.date, dt.date]:
    year, number = half.split("-")
    return (
        (day(f"{year}-01-01"), day(f"{year}-06-30")) if number == "1" else (day(f"{year}-07-01"), day(f"{year}-12-31"))
    )


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_each_half_year_of_the_table_on_its_first_and_last_day(row: list[str]) -> None:
    for on in days_of(row[0]):
        assert ecb_rate(shipped(), on) == Decimal(row[1])
        for kind, percent in zip(KINDS, row[2:], strict=True):
            if kind == "public" and on < day("2013-03-16"):
                with pytest.raises(LawMissing):
                    rate(shipped(), kind, on)
            else:
                assert rate(shipped(), kind, on).percent == Decimal(percent), (kind, on)


def test_the_rate_of_the_first_day_holds_for_the_half_year() -> None:
    assert half_year_start(day("2022-12-31")) == day("2022-07-01")
    assert shipped().table("ecb_refinancing_rate").on(day("2022-09-14")).value == Decimal("1.25")
    assert rate(shipped(), "b2b", day("2022-09-14")).percent == Decimal("10.00")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("on", ["2027-01-01", "2012-12-31"])
def test_what_is_not_known_is_missing_and_named(kind: RateKind, on: str) -> None:
    with pytest.raises(LawMissing, match="nothing is extrapolated"):
        rate(shipped(), kind, day(on))


def test_every_table_reads_and_the_forty_euros_are_there() -> None:
    assert {shipped().table(name).name for name in names()} == set(names())
    assert shipped().table("recovery_indemnity").on(day("2013-01-01")).value == 4000
    with pytest.raises(NotFound, match="law show"):
        shipped().table("tva")


GOOD = 'label = "x"\nunit = "percent"\nlast_checked_on = 2026-01-01\n'
VALUE = '[[values]]\nfrom = 2020-01-01\nvalue = 1.5\nreference = "r"\nsource = "s"\nconfidence = "A"\n'


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (GOOD, "values"),
        (GOOD + VALUE + VALUE, "from"),
        (GOOD + VALUE.replace('reference = "r"\n', ""), "reference"),
        (GOOD + VALUE.replace('"r"', '""'), "reference"),
        (GOOD + VALUE.replace('"A"', '"D"'), "confidence"),
        (GOOD + VALUE.replace("1.5", '"1.5"'), "value"),
        (GOOD + VALUE + "note = 1\n", "note"),
        (GOOD.replace("unit", "units") + VALUE, "unit"),
        ("known_until = 1\n" + GOOD + VALUE, "known_until"),
        ("label = ", ""),
    ],
)  # fmt: skip
def test_a_malformed_table_names_file_and_key(text: str, field: str) -> None:
    assert parse_table("good", (GOOD + VALUE).encode()).on(day("2020-01-01")).value == Decimal("1.5")
    with pytest.raises(InvalidInput) as caught:
        parse_table("bad", text.encode())
    assert caught.value.file == "bad.toml"
    assert caught.value.field == field
