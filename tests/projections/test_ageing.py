"""The named schemes, exact at their edges; the columns always add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.errors import NotFound
from projections.ageing import SCHEMES, aged, open_parts, scheme
from projections.ledger import CREDIT, POOL, UNALLOCATED, UNKNOWN_DAY

#: FIELD 1.1, cell by cell: the bucket of d = as-of less due day, in days. `oca-statement` is one label late at 30, 60, 90, 120.
DAYS = (-400, -1, 0, 1, 29, 30, 31, 60, 61, 90, 91, 120, 121, 4000)
TABLE = {
    "d4416": "not_due not_due 0 1-30 1-30 1-30 31-60 31-60 61-90 61-90 91+ 91+ 91+ 91+",
    "oca": "current current current 1-30 1-30 1-30 31-60 31-60 61-90 61-90 91-120 91-120 121+ 121+",
    "oca-statement": "current current current 1-30 1-30 31-60 31-60 61-90 61-90 91-120 91-120 121+ 121+ 121+",
    "tryton": "not_due not_due now now now 30 30 60 60 90 90 90 90 90",
    "erpnext": "not_due not_due 0-30 0-30 0-30 0-30 31-60 31-60 61-90 61-90 91-120 91-120 121+ 121+",
    "agicap": "not_due not_due 0-30 0-30 0-30 0-30 31-60 31-60 61-90 61-90 91+ 91+ 91+ 91+",
}
CELLS = [(name, days, bucket) for name, row in TABLE.items() for days, bucket in zip(DAYS, row.split(), strict=True)]
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


def test_instalments_are_aged_one_by_one() -> None:
    found = aged(SCHEMES["d4416"], AS_OF, [(AS_OF - 95, 100), (AS_OF - 45, 200), (AS_OF, 300), (AS_OF + 30, 400)])
    assert found.by_name() == {"not_due": 400, "0": 300, "1-30": 0, "31-60": 200, "61-90": 0, "91+": 100,
                               "credits": 0, "unallocated": 0}  # fmt: skip


def test_what_is_owed_by_due_day_is_what_the_buckets_hold() -> None:
    parts = [(AS_OF - 40, 600), (AS_OF - 5, 600), (POOL, -700), (UNKNOWN_DAY, 50), (UNALLOCATED, -9), (CREDIT, -8)]
    assert open_parts(parts) == [(AS_OF - 5, 500), (UNKNOWN_DAY, 50)]


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
