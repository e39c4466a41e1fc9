"""The audit sample, drawn again by a second hand: bare loops over the words that the output prints."""

from collections import Counter
from decimal import Decimal
from hashlib import sha256
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.errors import Misuse
from projections.sampling import METHODS, Item, Method, drawn, percent

ITEMS = some.lists(
    some.tuples(some.integers(0, 10**6), some.integers(1, 500_000)),
    min_size=1,
    max_size=60,
    unique_by=lambda each: each[0],
).map(lambda pairs: [Item(f"invoice:{number:032x}", cents) for number, cents in pairs])
SEED, SIZE = some.integers(0, 10**9), some.integers(1, 40)


def by_hand(items: list[Item], seed: int, size: int, method: str, above: int | None) -> tuple[set[str], set[str]]:
    """Key items and drawn ones, by the words of METHODS."""
    key = {stream for stream, cents in items if above is not None and cents > above}
    rest = sorted(item for item in items if item.stream not in key)
    if len(rest) <= size:
        return key, {stream for stream, _ in rest}
    if method == "simple":
        tickets = sorted(rest, key=lambda item: sha256(f"{seed} {item.stream}".encode()).digest())
        return key, {stream for stream, _ in tickets[:size]}
    total = sum(cents for _, cents in rest)
    start = int.from_bytes(sha256(str(seed).encode()).digest(), "big") % total
    found = set()
    for k in range(size):
        left = (start + k * total) // size
        for stream, cents in rest:
            if left < cents:
                found.add(stream)
                break
            left -= cents
    return key, found


@given(ITEMS, SEED, SIZE, some.sampled_from(sorted(METHODS)), some.none() | some.integers(1, 500_000))
def test_a_second_hand_draws_the_same(
    items: list[Item], seed: int, size: int, method: Method, above: int | None
) -> None:
    found = drawn(items, seed=seed, size=size, method=method, above=above)
    key, rest = by_hand(items, seed, size, method, above)
    assert {each.item.stream for each in found if each.stratum == "key"} == key
    assert {each.item.stream for each in found if each.stratum == "sample"} == rest
    assert max(Counter(each.item for each in found).values(), default=0) <= 1


@given(ITEMS, SEED, SIZE, some.sampled_from(sorted(METHODS)), some.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(
    items: list[Item], seed: int, size: int, method: Method, luck: Random
) -> None:
    shuffled = list(items)
    luck.shuffle(shuffled)
    assert drawn(shuffled, seed=seed, size=size, method=method) == drawn(items, seed=seed, size=size, method=method)


@given(ITEMS, SEED, some.integers(2, 40))
def test_a_smaller_simple_sample_lies_within_the_larger(items: list[Item], seed: int, size: int) -> None:
    larger = drawn(items, seed=seed, size=size, method="simple")
    assert drawn(items, seed=seed, size=size - 1, method="simple") == larger[: size - 1]


def test_another_seed_is_another_sample() -> None:
    items = [Item(f"invoice:{n:032x}", 100) for n in range(1_000)]
    for method in METHODS:
        one, other = ({each.item for each in drawn(items, seed=seed, size=30, method=method)} for seed in (1, 2))
        assert len(one) == len(other) == 30
        assert len(one & other) < 10


def test_monetary_units_fall_on_the_large_ones() -> None:
    items = [Item(f"invoice:{n:032x}", 1_000_000 if n < 10 else 10) for n in range(1_000)]
    found = drawn(items, seed=7, size=10, method="mus")
    assert {each.item.cents for each in found} == {1_000_000}


def test_an_invoice_at_the_threshold_is_of_the_rest() -> None:
    items = [Item("invoice:a", 1_000), Item("invoice:b", 1_001)]
    found = drawn(items, seed=1, size=1, method="simple", above=1_000)
    assert [(each.item.stream, each.stratum) for each in found] == [("invoice:b", "key"), ("invoice:a", "sample")]


def test_an_invoice_larger_than_the_interval_is_drawn_once_and_shows_each_cent() -> None:
    items = [Item("invoice:a", 9_000), Item("invoice:b", 500), Item("invoice:c", 500)]
    (first, *_) = drawn(items, seed=3, size=2, method="mus")
    assert first.item.stream == "invoice:a"
    assert len(first.mark.split()) == 2


def test_what_is_in_credit_cannot_be_drawn() -> None:
    with pytest.raises(Misuse, match="above nil"):
        drawn([Item("invoice:a", -1)], seed=1, size=1, method="simple")


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(1, 3, "33.33"), (2, 3, "66.67"), (1, 800, "0.13"), (5, 5, "100.00"), (0, 0, "0.00")]
)
def test_a_share_has_two_decimals_half_up(part: int, whole: int, said: str) -> None:
    assert percent(part, whole) == said
    assert Decimal(said) <= 100
