"""The named schemes, exact at their edges; the columns always add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.errors import NotFound
from projections.ageing import SCHEMES, aged, scheme
from projections.ledger import CREDIT, POOL, UNALLOCATED, UNKNOWN_DAY

EDGES = {
    "d4416": [(-1, "not_due"), (0, "0"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"), (90, "61-90"), (91, "91+"), (121, "91+")],
    "oca": [(-1, "current"), (0, "current"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (90, "61-90"), (91, "91-120"), (120, "91-120"), (121, "121+")],
    "oca-statement": [(0, "current"), (1, "1-30"), (29, "1-30"), (30, "31-60"), (31, "31-60"), (60, "61-90"), (90, "91-120"), (91, "91-120"), (120, "121+"), (121, "121+")],
    "tryton": [(-1, "not_due"), (0, "now"), (29, "now"), (30, "30"), (31, "30"), (60, "60"), (90, "90"), (91, "90"), (121, "90")],
    "erpnext": [(-1, "not_due"), (0, "0-30"), (30, "0-30"), (31, "31-60"), (60, "31-60"), (90, "61-90"), (91, "91-120"), (120, "91-120"), (121, "121+")],
    "agicap": [(-1, "not_due"), (0, "0-30"), (30, "0-30"), (31, "31-60"), (60, "31-60"), (90, "61-90"), (91, "91+"), (120, "91+")],
}  # fmt: skip
CELLS = [(name, days, bucket) for name, edges in EDGES.items() for days, bucket in edges]
AS_OF = 740_000


@pytest.mark.parametrize(("name", "days", "bucket"), CELLS)
def test_each_edge_of_each_scheme(name: str, days: int, bucket: str) -> None:
    row = aged(SCHEMES[name], AS_OF, [(AS_OF - days, 100)])
    assert {column: cents for column, cents in row.by_name().items() if cents} == {bucket: 100}


def test_the_pool_extinguishes_the_oldest_first_and_the_rest_is_a_credit() -> None:
    parts = [(AS_OF - 40, 600), (AS_OF - 5, 600), (POOL, -700)]
    assert aged(SCHEMES["d4416"], AS_OF, parts).by_name()["1-30"] == 500
    assert aged(SCHEMES["d4416"], AS_OF, [*parts, (POOL, -600)]).by_name() == dict.fromkeys(
        SCHEMES["d4416"].columns, 0
    ) | {"credits": -100}


def test_credits_and_unallocated_money_stand_apart() -> None:
    found = aged(SCHEMES["d4416"], AS_OF, [(UNALLOCATED, -300), (CREDIT, -50)]).by_name()
    assert (found["unallocated"], found["credits"]) == (-300, -50)


def test_an_unknown_due_day_is_not_due() -> None:
    assert aged(SCHEMES["d4416"], AS_OF, [(UNKNOWN_DAY, 10)]).by_name()["not_due"] == 10


def test_an_unknown_scheme_names_those_there_are() -> None:
    with pytest.raises(NotFound, match="d4416, oca"):
        scheme("sap")


@given(
    some.sampled_from(sorted(SCHEMES)),
    some.lists(
        some.tuples(
            some.sampled_from([POOL, UNALLOCATED, CREDIT, UNKNOWN_DAY]) | some.integers(AS_OF - 400, AS_OF + 100),
            some.integers(-(10**9), 10**9),
        )
    ),
)
def test_the_columns_add_up(name: str, parts: list[tuple[int, int]]) -> None:
    row = aged(SCHEMES[name], AS_OF, parts)
    assert row.total_cents == sum(cents for _, cents in parts)
