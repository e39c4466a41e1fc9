"""LAW section 3, imputation over several debts (C. civ., art. 1342-10)."""

from hypothesis import given
from hypothesis import strategies as some

from domain.imputation import OpenDebt, allocate
from tests.builders import day

ON = day("2026-06-01")
OLD, SAME, TWIN, TO_COME = (
    OpenDebt("old", day("2026-01-31"), 10_000),
    OpenDebt("same", day("2026-02-28"), 10_000),
    OpenDebt("twin", day("2026-02-28"), 20_000),
    OpenDebt("to_come", day("2026-07-31"), 5_000),
)
ALL = [TO_COME, TWIN, SAME, OLD]


def test_what_is_due_comes_first_and_the_oldest_of_it() -> None:
    assert allocate(ALL, 10_000, ON).shares == (("old", 10_000),)


def test_debts_of_one_day_are_paid_in_proportion() -> None:
    found = allocate(ALL, 25_000, ON)
    assert dict(found.shares) == {"old": 10_000, "same": 5_000, "twin": 10_000}
    assert found.left_cents == 0


def test_what_is_not_due_comes_last_and_what_is_left_over_is_said() -> None:
    found = allocate(ALL, 46_000, ON)
    assert dict(found.shares)["to_come"] == 5_000
    assert found.left_cents == 1_000


def test_the_debtor_designates_and_pays_it_whole() -> None:
    assert allocate(ALL, 20_000, ON, ["twin"]).shares == (("twin", 20_000),)
    part = allocate(ALL, 15_000, ON, ["twin"])
    assert part.in_part == ("twin",)
    assert allocate(ALL, 25_000, ON, ["twin"]).left_cents == 5_000


def test_a_debt_without_a_due_day_comes_after_those_that_have_one() -> None:
    unknown = OpenDebt("unknown", None, 1_000)
    assert allocate([unknown, TO_COME], 5_000, ON).shares == (("to_come", 5_000),)


@given(some.lists(some.integers(0, 50_000), min_size=1, max_size=6), some.integers(1, 200_000))
def test_no_cent_is_lost_and_no_debt_is_overpaid(owed: list[int], cents: int) -> None:
    debts = [OpenDebt(str(n), day(f"2026-0{1 + n % 3}-01"), each) for n, each in enumerate(owed)]
    found = allocate(debts, cents, ON)
    assert sum(part for _, part in found.shares) + found.left_cents == cents
    assert all(part <= debts[int(id)].owed_cents for id, part in found.shares)
    assert found.left_cents == max(cents - sum(owed), 0)
