"""Each reading of each contested point that a statement rests on changes its figures as its sentence says, and no others."""

from decimal import Decimal
from typing import Any

import pytest

from domain.claim import Claim
from domain.law.readings import Readings, switches
from domain.penalties import PLAN, Clause
from tests.builders import day
from tests.law.test_interest import FIXED, owed, sums, told

ENGINE = (
    "imputation", "indemnity_rank", "day_basis", "day_count", "rounding", "default_floor", "below_floor", "floor_test",
    "insolvency_indemnity", "plan_penalties",
)  # fmt: skip
LOW = Clause("fixed", Decimal(8))
PLANNED = ((day("2025-07-01"), day("2025-07-31")),)

#: For each point: a debt on which its readings differ, as the words of `owed`.
CASES: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "imputation": (("10000", "2025-05-31", "2025-08-31", ("2025-06-30", "4000")), {}),
    "indemnity_rank": (("10000", "2025-05-31", "2025-08-31", ("2025-06-30", "4000")), {}),
    "day_basis": (("10000", "2023-12-31", "2024-12-31"), {}),
    "day_count": (("10000", "2025-05-31", "2025-08-31"), {}),
    "rounding": (("4.99", "2024-05-31", "2026-08-31"), {}),
    "default_floor": (("10000", "2023-12-31", "2024-12-31"), {}),
    "below_floor": (("10000", "2024-12-31", "2026-06-30"), {"clause": LOW}),
    "floor_test": (("10000", "2024-12-31", "2026-06-30"), {"clause": LOW, "contracted_on": "2022-05-01"}),
    "insolvency_indemnity": (("10000", "2025-05-31", "2025-08-31"), {"stopped_on": "2025-07-15"}),
    "plan_penalties": (("10000", "2025-05-31", "2025-08-31"), {"planned": PLANNED}),
}


def read(name: str, code: str, **others: str) -> Claim:
    words, debt = CASES[name]
    return owed(*words, reading={name: code, **others}, **debt)


@pytest.mark.parametrize("name", ENGINE)
def test_each_reading_changes_the_figures_or_the_warnings_and_is_said(name: str) -> None:
    found = [read(name, reading.code) for reading in switches()[name].readings]
    assert len({(sums(claim), claim.warnings) for claim in found}) == len(found)
    for claim, reading in zip(found, switches()[name].readings, strict=True):
        assert [each for each in claim.readings if each.switch == name] == [reading]
    assert sums(found[0]) == sums(owed(*CASES[name][0], **CASES[name][1])), "the default is the first"


def test_the_forty_euros_last_or_before_the_principal() -> None:
    assert sums(read("indemnity_rank", "last")) == (610808, 12606, 4000, 627414)
    before = read("indemnity_rank", "before_principal")
    assert sums(before) == (614808, 12689, 0, 627497)
    assert before.statement.imputed[0].heads == (("indemnity", 4000),)


def test_the_principal_first_comes_even_before_the_forty_euros() -> None:
    claim = read("indemnity_rank", "before_principal", imputation="principal_first")
    assert sums(claim) == (600000, 23191, 4000, 627191)


def test_the_first_and_the_last_day() -> None:
    by_count = {code: read("day_count", code) for code in ("exclude-include", "include-include", "exclude-exclude")}
    days = {code: sum(each.days for each in claim.statement.segments) for code, claim in by_count.items()}
    assert days == {"exclude-include": 92, "include-include": 93, "exclude-exclude": 91}
    assert told(by_count["include-include"])[0][0] == "2025-05-31"
    assert told(by_count["exclude-exclude"])[-1][1] == "2025-08-30"


def test_the_first_day_counts_for_who_pays_late_never_for_who_pays_on_that_day() -> None:
    counted = {"day_count": "include-include"}
    assert told(owed("10000", "2025-05-31", "2025-06-02", reading=counted))[0] == (
        "2025-05-31", "2025-06-02", "13.15", 1081,
    )  # fmt: skip
    assert owed("10000", "2025-05-31", "2025-05-31", reading=counted).statement.interest_cents == 0
    half = owed("10000", "2025-05-31", "2025-06-02", ("2025-05-31", "5000"), reading=counted)
    assert told(half) == [("2025-05-31", "2025-06-02", "13.15", 540)]
    consumer: dict[str, Any] = {"regime": "consumer", "notified_on": "2025-06-10"}
    paid = owed("10000", "2025-05-31", "2025-06-30", ("2025-06-10", "10000"), reading=counted, **consumer)
    assert sums(paid) == (0, 0, 0, 0)


def test_the_day_of_the_money_does_not_count_where_the_last_day_does_not() -> None:
    neither = {"day_count": "exclude-exclude"}
    debt = ("10000", "2025-05-31")
    exact = ("2025-06-30", "10144.48")
    on_the_day, later = (owed(*debt, until, exact, reading=neither) for until in ("2025-06-30", "2025-08-31"))
    assert sums(on_the_day) == sums(later) == (0, 0, 0, 0)
    assert sum(each.days for each in later.statement.segments) == 29
    part = owed(*debt, "2025-07-31", ("2025-06-30", "4000"), reading=neither)
    assert [(each[0], each[1]) for each in told(part)] == [
        ("2025-06-01", "2025-06-29"), ("2025-06-30", "2025-06-30"), ("2025-07-01", "2025-07-30"),
    ]  # fmt: skip
    next_day = owed(*debt, "2025-07-31", ("2025-06-01", "10000"), reading=neither)
    assert sums(next_day) == (0, 0, 4000, 4000)


def test_capitalisation_keeps_its_full_year_where_the_last_day_does_not_count() -> None:
    claim = owed(
        "10000", "2020-12-31", "2022-12-31", clause=FIXED, capitalised_from="2021-01-01", reading={"day_count": "exclude-exclude"}
    )  # fmt: skip
    assert [(each.days, each.principal_cents) for each in claim.statement.segments] == [(365, 1000000), (364, 1100000)]


def test_rounding_each_period_or_the_running_total() -> None:
    each = read("rounding", "per_segment").statement
    once = read("rounding", "once").statement
    assert len(each.segments) == len(once.segments) == 6
    assert (each.interest_cents, once.interest_cents) == (147, 145)


def test_the_default_floor_is_cited_as_what_it_is() -> None:
    assert {each[2] for each in told(read("default_floor", "applied"))} == {"15.21", "14.76"}


def test_a_rate_below_the_floor_is_computed_as_agreed_and_warned_half_year_by_half_year() -> None:
    claim = read("below_floor", "as_agreed")
    assert [each[2] for each in told(claim)] == ["8.00"]
    assert [each.split(":")[0] for each in claim.warnings] == ["2025 S1", "2025 S2"]
    assert "11.13" in claim.warnings[0]
    assert "8.28" in claim.warnings[1]


def test_or_raised_to_the_floor_where_it_is_below_and_nowhere_else() -> None:
    claim = read("below_floor", "raised_to_floor")
    assert [each[2] for each in told(claim)] == ["11.13", "8.28", "8.00"]
    references = [each.reference for each in claim.statement.segments]
    assert ["contrat" in each for each in references] == [False, False, True]


def test_the_floor_of_the_day_of_the_contract_is_tested_once() -> None:
    assert read("floor_test", "contract_day").warnings == ()
    raised = read("floor_test", "contract_day", below_floor="raised_to_floor")
    assert {each[2] for each in told(raised)} == {"8.00"}
    words = CASES["floor_test"][0]
    dear = owed(
        *words, clause=LOW, contracted_on="2024-02-01", reading={"floor_test": "contract_day", "below_floor": "raised_to_floor"}
    )  # fmt: skip
    assert {each[2] for each in told(dear)} == {"15.21"}


def test_a_rate_that_follows_the_law_is_never_tested_by_the_floor_of_another_day() -> None:
    claim = owed(
        "10000", "2024-12-31", "2025-12-31", clause=Clause("legal_multiple", Decimal(3)), contracted_on="2024-02-01",
        reading={"floor_test": "contract_day", "below_floor": "raised_to_floor"},
    )  # fmt: skip
    assert [each[2] for each in told(claim)] == ["11.13", "8.28"]
    assert claim.warnings == ()


def test_without_a_day_of_contract_the_reading_that_wants_it_says_so() -> None:
    claim = owed("10000", "2024-12-31", "2025-06-30", clause=LOW, reading={"floor_test": "contract_day"})
    assert any("day of the contract is not known" in each for each in claim.warnings)


def test_the_forty_euros_of_a_debt_overdue_before_the_judgment() -> None:
    assert read("insolvency_indemnity", "declared").statement.head_cents("indemnity") == 4000
    assert read("insolvency_indemnity", "left_out").statement.head_cents("indemnity") == 0
    public = owed(
        "10000", "2025-05-31", "2025-08-31", regime="public", stopped_on="2025-07-15", reading={"insolvency_indemnity": "left_out"}
    )  # fmt: skip
    assert public.statement.heads == ()


def test_a_plan_that_was_kept_suspends_penalties_only_by_that_reading() -> None:
    assert read("plan_penalties", "run").statement.interest_cents == 31446
    claim = read("plan_penalties", "suspended")
    assert told(claim)[1] == ("2025-07-01", "2025-07-31", "0.00", 0)
    assert claim.statement.segments[1].reference == PLAN
    assert claim.statement.interest_cents == 10808 + 10319


def test_a_statement_says_only_the_readings_it_rests_on() -> None:
    plain = {each.switch for each in owed("100", "2025-05-31", "2025-08-31").readings}
    assert not plain & {"plan_penalties", "insolvency_indemnity", "limitation_alarm"}
    consumer = {each.switch for each in owed("100", "2025-05-31", "2025-08-31", regime="consumer").readings}
    assert not consumer & {"default_floor", "below_floor", "floor_test"}
    assert Readings()["plan_penalties"] == "run"
