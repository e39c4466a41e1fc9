"""The auditor's tools on the published IBM file, against the file itself, counted by hand."""

import csv
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from adapters.checks.running import check
from adapters.judging import Judged, judge_all
from adapters.numbering import books
from adapters.receipts import subsequent
from adapters.sampling import Plan, sample
from adapters.verify import verify_and_note
from projections.corner import Corner
from tests.adapters.desk import Desk, desk_at
from tests.adapters.test_import_real import IBM, us_day
from tests.builders import day

Line = tuple[str, dt.date, int, dt.date]
"""Number, issued, cents, settled (never before the issue)."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_at(tmp_path_factory.mktemp("ibm") / "s") as made:
        yield made


@pytest.fixture
def ibm(desk: Desk, shared: Path) -> tuple[Desk, list[Line]]:
    path = shared / "ar" / "ibm_late_payments.csv"
    if not desk.position:
        desk.bring(path, IBM, layout={"date_format": "mdy"})
    with path.open() as file:
        rows = list(csv.DictReader(file))
    return desk, [
        (row["invoiceNumber"], us_day(row["InvoiceDate"]), int(Decimal(row["InvoiceAmount"]) * 100),
         max(us_day(row["SettledDate"]), us_day(row["InvoiceDate"])))
        for row in rows
    ]  # fmt: skip


CLOSINGS = [("2012-06-30", "2012-08-31"), ("2012-12-31", "2013-01-31"), ("2013-06-30", "2014-12-31")]


@pytest.mark.parametrize(("closing", "until"), CLOSINGS)
def test_receipts_are_those_of_the_file(ibm: tuple[Desk, list[Line]], closing: str, until: str) -> None:
    desk, lines = ibm
    first, last = day(closing), day(until)
    found = subsequent(desk.office, first, last, desk.position)
    opened = {number: (cents, settled) for number, issued, cents, settled in lines if issued <= first < settled}
    assert len(opened) > 50
    assert {line.number: line.came for line in found.lines} == {
        number: [(settled, cents)] if settled <= last else [] for number, (cents, settled) in opened.items()
    }
    assert found.totals.open_cents == sum(cents for cents, _ in opened.values())
    assert found.totals.left_cents == sum(cents for cents, settled in opened.values() if settled > last)
    assert found.totals.difference_cents == 0


@pytest.mark.parametrize("on", [closing for closing, _ in CLOSINGS])
def test_the_population_of_a_sample_is_that_of_the_file(ibm: tuple[Desk, list[Line]], on: str) -> None:
    desk, lines = ibm
    cents = {number: cents for number, issued, cents, settled in lines if issued <= day(on) < settled}
    found = sample(desk.office, Corner(day(on), desk.position), Plan(2012, 25, "mus", above_cents=9_000))
    assert found.population == (len(cents), sum(cents.values()))
    key = {number for number, amount in cents.items() if amount > 9_000}
    assert {row.number for row in found.rows if row.stratum == "key"} == key
    assert all(cents[row.number] == row.residual_cents for row in found.rows)
    assert 20 <= found.drawn.invoices <= 25


def test_every_check_passes_on_it(ibm: tuple[Desk, list[Line]]) -> None:
    desk, _ = ibm
    verify_and_note(desk.office.app)
    outcomes = check(desk.office, [], position=desk.position, on=desk.office.app.today)
    assert [(each.id, each.findings) for each in outcomes if not each.ok] == []


def test_its_numbers_are_no_sequence_and_each_gap_is_between_two_of_them(ibm: tuple[Desk, list[Line]]) -> None:
    desk, lines = ibm
    (book,) = books(desk.office)
    counters = sorted(int(number) for number, *_ in lines)
    (series,) = book.numbering.series
    assert list(series.counters) == counters
    assert series.missing == counters[-1] - counters[0] + 1 - len(counters)
    days = {int(number): issued for number, issued, *_ in lines}
    assert len(series.breaks) == sum(
        days[high] < days[low] for low, high in pairwise(counters)
    )  # fmt: skip


def test_every_step_of_it_is_judged(ibm: tuple[Desk, list[Line]]) -> None:
    desk, lines = ibm
    with Judged(desk.position, hindsight=False) as found:
        judge_all(desk.office, found)
    assert found.invoices == len(lines)
    assert found.judged >= len(lines)
