"""Numbering: series told apart by their form, gaps as ranges, numbers twice, order by issue day."""

import datetime as dt
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as some

from projections.numbering import Numbered, Numbering, Series, numbering
from tests.builders import day


def used(*lines: str) -> Numbering:
    """Numbers with their days: `F-2026-014 2026-01-05`, then the debtor, and `credit note` or a status."""
    members = []
    for line in lines:
        number, on, *rest = line.split("|") if "|" in line else line.rsplit(" ", 1)
        debtor = rest[0] if rest else "d1"
        what, status = "invoice", "issued"
        for word in rest[1:]:
            what, status = (word, status) if word == "credit note" else (what, word)
        members.append(Numbered(number, day(on), debtor, cast("Any", what), cast("Any", status)))
    return numbering(members)


def labels(found: Numbering) -> list[str]:
    return [each.label for each in found.series]


def gaps(series: Series) -> list[tuple[str, str, int]]:
    return [(gap.first, gap.last, gap.size) for gap in series.gaps]


def run_of(form: str, start: dt.date, count: int, first: int = 1, step: int = 1) -> list[str]:
    """Numbers one day after another, the day in strftime's letters, the counter as {}."""
    days = [start + dt.timedelta(days=n) for n in range(count)]
    return [f"{on.strftime(form).format(first + step * n)} {on}" for n, on in enumerate(days)]


def test_a_sequence_without_fault_says_nothing() -> None:
    found = used(*run_of("F-%Y-{:03d}", day("2026-01-01"), 40))
    assert found.is_sound
    assert labels(found) == ["F-2026-#"]
    assert found.series[0].counters == tuple(range(1, 41))


@pytest.mark.parametrize(
    ("form", "label"),
    [
        ("F-%Y-{:03d}", ["F-2025-#", "F-2026-#"]),
        ("%Y{:04d}", ["2025#", "2026#"]),
        ("FA%y{:05d}", ["FA25#", "FA26#"]),
        ("{:03d}/%Y", ["#/2025", "#/2026"]),
        ("{:03d}-%m-%y", ["#-12-25", "#-01-26"]),
        ("A%Y%m-{:02d}", ["A202512-#", "A202601-#"]),
        ("A%Y%m{:02d}", ["A202512#", "A202601#"]),
        ("{}", ["#"]),
        ("INV#{:06d}", ["INV##"]),
        ("AC12-{}", ["AC12-#"]),
        ("F{:04d}B", ["F#B"]),
    ],
)
def test_the_counter_is_told_from_the_date(form: str, label: list[str]) -> None:
    lines = [*run_of(form, day("2025-12-01"), 31), *run_of(form, day("2026-01-01"), 31, first=32)]
    found = used(*lines)
    assert sorted(labels(found)) == sorted(label)
    assert found.is_sound


def test_the_digits_of_a_plain_counter_are_not_taken_for_a_year() -> None:
    found = used(*run_of("{}", day("2026-01-01"), 40, first=20_250), *run_of("{}", day("2026-03-01"), 3, first=20_292))
    assert labels(found) == ["#"]
    assert gaps(found.series[0]) == [("20290", "20291", 2)]


def test_one_wrong_year_does_not_change_how_the_others_are_read() -> None:
    found = used(*run_of("%Y{:03d}", day("2026-01-01"), 20), "2025007 2026-01-30", "2025009 2026-01-30")
    assert labels(found) == ["2025#", "2026#"]
    assert gaps(found.series[0]) == [("2025008", "2025008", 1)]
    assert found.series[1].missing == 0


def test_gaps_are_ranges_in_the_spelling_of_the_number_below() -> None:
    found = used("F-008 2026-01-01", "F-011 2026-01-02", "F-012 2026-01-03", "F-1000 2026-02-01")
    assert gaps(found.series[0]) == [("F-009", "F-010", 2), ("F-013", "F-999", 987)]
    assert found.series[0].missing == 989
    assert not found.is_sound


@given(some.sets(some.integers(0, 300), min_size=1))
def test_numbers_on_record_and_numbers_missing_make_the_whole(counters: set[int]) -> None:
    found = numbering(Numbered(f"F-{n}", day("2026-01-01"), "d1") for n in counters)
    (series,) = found.series
    inside = {n for gap in series.gaps for n in range(int(gap.first[2:]), int(gap.last[2:]) + 1)}
    assert inside | counters == set(range(min(counters), max(counters) + 1))
    assert not inside & counters
    assert series.missing == len(inside)


def test_a_number_twice_with_another_day_or_debtor_is_seen() -> None:
    found = used("F-1 2026-01-01", "F-1 2026-02-01", "F-2|2026-02-02|d1", "F-2|2026-02-02|d2", "F-3 2026-02-03")
    assert [[each.number for each in twice] for twice in found.twice] == [["F-1", "F-1"], ["F-2", "F-2"]]


def test_a_number_spelled_with_more_noughts_is_the_same_number() -> None:
    found = used("F-14 2026-01-01", "F-014 2026-01-02")
    assert [[each.number for each in twice] for twice in found.twice] == [["F-14", "F-014"]]


def test_a_credit_note_fills_the_series_and_is_no_invoice_of_it() -> None:
    found = used("F-1|2026-01-03|d1", "F-2|2026-01-01|d1|credit note", "F-3|2026-01-04|d1")
    assert found.is_sound
    again = used("F-1|2026-01-03|d1", "F-1|2026-01-03|d1|credit note")
    assert len(again.twice) == 1


def test_a_credit_note_over_two_invoices_is_one_number() -> None:
    note = Numbered("A-1", day("2026-01-03"), "d1", "credit note", stream="invoice:a")
    assert numbering([note, note._replace(stream="invoice:b")]).is_sound


def test_a_cancelled_number_is_shown_and_is_no_gap() -> None:
    found = used("F-1 2026-01-01", "F-2|2026-01-02|d1|cancelled", "F-3|2026-01-03|d1|corrected")
    assert found.is_sound
    assert [each.number for each in found.series[0].of_status("cancelled")] == ["F-2"]
    assert [each.number for each in found.series[0].of_status("corrected")] == ["F-3"]


def test_a_higher_number_issued_earlier_is_a_break_once() -> None:
    found = used(
        "F-1 2026-01-01", "F-2 2026-01-02", "F-3 2026-12-31", "F-4 2026-01-04", "F-5 2026-01-05", "F-6 2026-01-03"
    )
    breaks = [(each.lower.number, each.higher.number) for each in found.series[0].breaks]
    assert breaks == [("F-3", "F-4"), ("F-5", "F-6")]
    assert not found.is_sound


def test_a_number_without_a_digit_stands_apart_and_may_be_twice() -> None:
    found = used("ACOMPTE 2026-01-01", "ACOMPTE 2026-01-02", "SOLDE 2026-01-01")
    assert found.series == ()
    assert [each.number for each in found.without] == ["ACOMPTE", "ACOMPTE", "SOLDE"]
    assert len(found.twice) == 1


def test_series_that_differ_by_a_letter_are_apart() -> None:
    found = used("A-1 2026-01-01", "B-1 2026-01-01", "B-2 2026-01-02", "A-2 2026-01-02", "1 2026-01-01")
    assert labels(found) == ["#", "A-#", "B-#"]
    assert found.is_sound


def test_nothing_makes_nothing() -> None:
    assert numbering([]) == Numbering((), (), ())
