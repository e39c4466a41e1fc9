"""The statutory table: every edge of its columns, disputes left out and disclosed, instalments, amounts without VAT."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from projections.ageing import SCHEMES, aged
from projections.d4416 import COLUMNS, Column, Table, percent_of, without_vat
from projections.ledger import UNKNOWN_DAY
from projections.wording import d4416 as words
from tests.builders import day

AS_OF = 740_000
HEADS = [
    "0 jour (indicatif)",
    "1 à 30 jours",
    "31 à 60 jours",
    "61 à 90 jours",
    "91 jours et plus",
    "Total (1 jour et plus)",
]


def filled(columns: dict[str, Column]) -> dict[str, tuple[int, int, int]]:
    return {name: (each.invoices, each.cents, each.invoiced_cents) for name, each in columns.items() if each.invoices}


def table(*invoices: tuple[list[tuple[int, int]], int, int]) -> Table:
    """Invoices as ((days late, cents), disputed, whole amount)."""
    made = Table(AS_OF)
    for parts, disputed, invoiced in invoices:
        made.add([(AS_OF - days, cents) for days, cents in parts], disputed, invoiced)
    return made


@pytest.mark.parametrize(
    ("days", "column"),
    [(-1, None), (0, "0"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"), (90, "61-90"), (91, "91+"), (4_000, "91+")],
)  # fmt: skip
def test_each_edge(days: int, column: str | None) -> None:
    found = filled(table(([(days, 100)], 0, 500)).late)
    expected = {} if column is None else {column: (1, 100, 500)}
    if column not in {None, "0"}:
        expected["1+"] = (1, 100, 500)
    assert found == expected


def test_the_columns_are_those_of_the_model() -> None:
    assert list(COLUMNS) == ["0", "1-30", "31-60", "61-90", "91+", "1+"]
    assert list(words.HEADS.values()) == HEADS


def test_an_invoice_late_on_two_instalments_counts_in_both_columns_and_once_in_all() -> None:
    made = table(([(40, 600), (10, 300), (-5, 100)], 0, 1_000))
    assert filled(made.late) == {"1-30": (1, 300, 1_000), "31-60": (1, 600, 1_000), "1+": (1, 900, 1_000)}


def test_a_dispute_over_the_whole_leaves_the_invoice_out() -> None:
    made = table(([(40, 600), (10, 300)], 900, 1_000), ([(40, 50)], 0, 50))
    assert filled(made.late) == {"31-60": (1, 50, 50), "1+": (1, 50, 50)}
    assert filled(made.excluded) == {"1-30": (1, 300, 1_000), "31-60": (1, 600, 1_000), "1+": (1, 900, 1_000)}


def test_a_dispute_over_a_part_splits_the_invoice_the_oldest_due_day_first() -> None:
    made = table(([(10, 300), (40, 600)], 700, 1_000))
    assert filled(made.excluded) == {"31-60": (1, 600, 1_000), "1-30": (1, 100, 1_000), "1+": (1, 700, 1_000)}
    assert filled(made.late) == {"1-30": (1, 200, 1_000), "1+": (1, 200, 1_000)}


def test_what_is_disputed_above_what_is_left_to_pay_is_not_made_up() -> None:
    assert filled(table(([(40, 600)], 900, 1_000)).excluded)["1+"] == (1, 600, 1_000)


def test_an_invoice_without_a_known_due_day_is_in_no_column_but_said() -> None:
    made = Table(AS_OF)
    made.add([(UNKNOWN_DAY, 250), (AS_OF - 5, 100)], 0, 400)
    assert filled(made.late) == {"1-30": (1, 100, 400), "1+": (1, 100, 400)}
    assert (made.undated.invoices, made.undated.cents) == (1, 250)


_PARTS = some.lists(some.tuples(some.integers(-200, 200), some.integers(1, 10**6)), max_size=4)


@given(some.lists(some.tuples(_PARTS, some.integers(0, 10**6)), max_size=8))
def test_late_and_left_out_add_up_to_the_aged_balance(invoices: list[tuple[list[tuple[int, int]], int]]) -> None:
    made = table(*((parts, disputed, sum(cents for _, cents in parts)) for parts, disputed in invoices))
    expected = dict.fromkeys(COLUMNS, 0)
    for parts, _ in invoices:
        row = aged(SCHEMES["d4416"], AS_OF, [(AS_OF - days, cents) for days, cents in parts]).by_name()
        for name in COLUMNS[:-1]:
            expected[name] += row[name]
    expected["1+"] = sum(expected[name] for name in COLUMNS[1:-1])
    assert {name: made.late[name].cents + made.excluded[name].cents for name in COLUMNS} == expected
    whole = sum(any(days > 0 for days, _ in parts) for parts, _ in invoices)
    assert max(made.late["1+"].invoices, made.excluded["1+"].invoices) <= whole
    assert whole <= made.late["1+"].invoices + made.excluded["1+"].invoices


def test_without_vat_the_residual_keeps_the_share_of_the_price() -> None:
    parts, disputed = without_vat([(10, 60_000), (20, 30_000)], 12_000, 100_000, 120_000)
    assert (parts, disputed) == ([(10, 50_000), (20, 25_000)], 10_000)
    assert without_vat([], 12_000, 100_000, 120_000) == ([], 0)
    assert without_vat([(10, 500)], 900, 500, 500) == ([(10, 500)], 500)


@given(
    some.lists(some.tuples(some.integers(1, 500), some.integers(1, 10**6)), min_size=1, max_size=4),
    some.integers(0, 10**6),
)
def test_without_vat_no_cent_is_lost(parts: list[tuple[int, int]], net: int) -> None:
    gross = max(sum(cents for _, cents in parts), net)
    nets, _ = without_vat(parts, 0, net, gross)
    exact = Fraction(sum(cents for _, cents in parts) * net, gross)
    assert abs(sum(cents for _, cents in nets) - exact) <= Fraction(1, 2)


def test_what_is_late_without_vat_on_record_stands_apart() -> None:
    made = Table(AS_OF)
    made.leave_out([(AS_OF - 3, 200), (AS_OF, 50), (AS_OF + 1, 70)], 400)
    made.leave_out([(AS_OF, 50)], 50)
    assert (made.without_vat.invoices, made.without_vat.cents, made.without_vat.invoiced_cents) == (1, 200, 400)


def test_a_share_of_no_sales_is_not_defined() -> None:
    assert percent_of(250, 1_000) == 25
    assert percent_of(250, 0) is None
    assert percent_of(250, -1) is None
    assert words.percent(None) == "n. d."
    assert words.percent("12.50") == "12,50\u202f%"


def test_the_notes_in_french() -> None:
    made = table(([(40, 600_00), (10, 300_00)], 0, 1_000_00))
    made.undated.add(12_345, 12_345)
    made.without_vat.add(6_789, 6_789)
    said = words.notes(
        excluding_vat=True, sales_cents=0, sales_without_vat_cents=100, undated=made.undated, without_vat=made.without_vat,
        apart_cents=4_200, columns=list(made.late.values()),
    )  # fmt: skip
    text = "\n".join(said)
    for words_of in (
        "Chiffre d’affaires HT de l’exercice\u00a0: 0,00\u00a0€", "plusieurs échéances", "le pourcentage n’est pas défini",
        "laissées de côté\u00a0: 1,00\u00a0€ TTC", "laissées de côté\u00a0: 1, restant dû 67,89\u00a0€ TTC",
        "dans aucune colonne\u00a0: 1, restant dû 123,45\u00a0€ HT", "non déduits\u00a0: 42,00\u00a0€ TTC",
    ):  # fmt: skip
        assert words_of in text
    assert (
        words.year(day("2025-01-01"), day("2025-12-31"))
        == "Exercice du 1er\u00a0janvier\u00a02025 au 31\u00a0décembre\u00a02025"
    )
