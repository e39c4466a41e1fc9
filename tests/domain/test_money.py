"""Amounts read, written and shared to the cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.money import cents, french, plain, shared


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1200", 120000), ("1200.00", 120000), ("1 200,00", 120000), ("1 200,5", 120050), ("1\u202f200,00 €", 120000),
     ("-3.30", -330), ("0", 0), ("1 234 567,89", 123456789), ("12.5", 1250), ("+5", 500)],
)  # fmt: skip
def test_amounts_are_read(text: str, amount: int) -> None:
    assert cents(text) == amount


@pytest.mark.parametrize(
    "text", ["", "abc", "1,234.56", "12 34", "1.234", "1e5", "NaN", "--5", "1.2.3", "$5", "9" * 20]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"amount|invoice"):
        cents(text)


def test_amounts_are_written() -> None:
    assert french(123456789) == "1\u202f234\u202f567,89\u00a0€"
    assert french(-5) == "\u22120,05\u00a0€"
    assert plain(-123456) == "-1 234.56"


@given(some.integers(-(10**12), 10**12), some.lists(some.integers(0, 10**9), min_size=1).filter(any))
def test_no_cent_is_lost_in_sharing(total: int, weights: list[int]) -> None:
    parts = shared(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    assert all(abs(part * whole - total * weight) <= whole for part, weight in zip(parts, weights, strict=True))
