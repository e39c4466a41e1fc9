"""Two published receivables files, whole: the aged balance equals a computation that knows nothing of relance."""

import csv
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.ageing import By, Row, ageing
from adapters.cases import load
from adapters.reading import known_at
from adapters.store.envelope import parse
from adapters.verify import verify_log
from domain.facts.invoicing import DisputeOpened, InvoicePaid
from projections.ageing import scheme
from projections.corner import Corner
from tests.adapters.desk import Desk, desk_at
from tests.adapters.test_views import EDGES
from tests.adapters.test_views import bucket as bucket_of
from tests.builders import day

IBM = {
    "number": "invoiceNumber", "debtor": "customerID", "issued_on": "InvoiceDate", "due_on": "DueDate", "total": "InvoiceAmount",
    "paid_on": "SettledDate", "disputed": "Disputed",
}  # fmt: skip
HIGHRADIUS = {
    "number": "doc_id", "debtor": "cust_number", "debtor_name": "name_customer", "issued_on": "posting_date",
    "due_on": "due_in_date", "total": "converted_usd",
}  # fmt: skip
Line = tuple[str, str, dt.date, dt.date, int, dt.date | None]
"""Number, customer, issued, due, cents, settled: as the files have them."""


def bucket(days: int) -> str:
    if days < 0:
        return "not_due"
    if days == 0:
        return "0"
    return "1-30" if days <= 30 else "31-60" if days <= 60 else "61-90" if days <= 90 else "91+"


def aged(lines: list[Line], on: dt.date) -> dict[str, Counter[str]]:
    """Customer -> bucket -> cents, by hand."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for _, customer, issued, due, cents, settled in lines:
        if issued <= on and (settled is None or max(settled, issued) > on):
            found[customer][bucket((on - due).days)] += cents
    return dict(found)


def balance(desk: Desk, on: dt.date, position: int | None = None) -> dict[str, Counter[str]]:
    """The same, by relance; its totals are the sum of its rows."""
    at = desk.position if position is None else position
    found = ageing(desk.office, scheme("d4416"), Corner(on, at), by="debtor")
    total = ageing(desk.office, scheme("d4416"), Corner(on, at), by="total").totals.aged
    rows = {row.key: Counter({name: n for name, n in row.aged.by_name().items() if n}) for row in found.rows}
    assert sum((Counter(row) for row in rows.values()), Counter()) == Counter(
        {name: n for name, n in total.by_name().items() if n}
    )
    assert found.totals.aged.total_cents == total.total_cents == sum(sum(row.values()) for row in rows.values())
    return {key: row for key, row in rows.items() if row}


def us_day(text: str) -> dt.date:
    month, of_month, year = map(int, text.split("/"))
    return dt.date(year, month, of_month)


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Desk]]:
    with desk_at(tmp_path_factory.mktemp("ibm") / "s") as ibm, desk_at(tmp_path_factory.mktemp("hr") / "s") as other:
        yield {"ibm": ibm, "highradius": other}


@pytest.fixture
def ibm(desks: dict[str, Desk], shared: Path) -> tuple[Desk, list[Line]]:
    path = shared / "ar" / "ibm_late_payments.csv"
    if not desks["ibm"].position:
        report = desks["ibm"].bring(path, IBM, layout={"date_format": "mdy"})
        assert (report.rows, report.invoices, report.payments, report.debtors) == (1236, 1236, 1236, 50)
        assert (report.rejected_rows, len(report.remarks)) == (0, 0)
    with path.open() as file:
        return desks["ibm"], [
            (row["invoiceNumber"], row["customerID"], us_day(row["InvoiceDate"]), us_day(row["DueDate"]),
             int(Decimal(row["InvoiceAmount"]) * 100), us_day(row["SettledDate"]))
            for row in csv.DictReader(file)
        ]  # fmt: skip


@pytest.fixture
def highradius(desks: dict[str, Desk], shared: Path) -> tuple[Desk, list[Line]]:
    path = shared / "ar" / "highradius_open_items.csv"
    if not desks["highradius"].position:
        report = desks["highradius"].bring(path, HIGHRADIUS)
        assert (report.rows, report.invoices, report.payments, report.debtors) == (4124, 4124, 0, 347)
        assert report.rejected_rows == 0
        early = [each for each in report.remarks if each.reason.startswith("due before")]
        renamed = {each.reason.split("'")[1] for each in report.remarks if "last name wins" in each.reason}
        assert (len(early), len(renamed)) == (17, 197)
    with path.open() as file:
        return desks["highradius"], [
            (row["doc_id"].removesuffix(".0"), row["cust_number"], day(row["posting_date"][:10]),
             day(row["due_in_date"][:10]), int(Decimal(row["converted_usd"]) * 100), None)
            for row in csv.DictReader(file)
        ]  # fmt: skip


@pytest.mark.parametrize(
    "on",
    ["2012-01-02", "2012-02-29", "2012-06-30", "2012-12-31", "2013-01-15", "2013-07-08", "2013-12-31", "2014-01-05", "2026-06-01"],
)  # fmt: skip
def test_ibm_at_any_date(ibm: tuple[Desk, list[Line]], on: str) -> None:
    desk, lines = ibm
    assert balance(desk, day(on)) == aged(lines, day(on))


def test_ibm_is_not_empty_where_it_matters(ibm: tuple[Desk, list[Line]]) -> None:
    _, lines = ibm
    assert len(aged(lines, day("2012-12-31"))) > 20
    assert aged(lines, day("2026-06-01")) == {}


def test_ibm_as_it_was_known_in_the_middle_of_the_import(ibm: tuple[Desk, list[Line]]) -> None:
    desk, lines = ibm
    types = [parse(raw).type for _, raw in desk.office.app.store.rows(0, desk.position)]
    first = types.index("relance.InvoiceIssued.1") + 1
    for asked in (first, first + 1, 777, 2_000, desk.position - 1):
        at = known_at(desk.office, f"@{asked}")
        rows = types[:at].count("relance.InvoiceIssued.1")
        assert asked <= at
        assert rows > 0
        for on in ("2012-06-30", "2013-03-31"):
            assert balance(desk, day(on), at) == aged(lines[:rows], day(on))


def test_ibm_states(ibm: tuple[Desk, list[Line]], shared: Path) -> None:
    desk, lines = ibm
    with (shared / "ar" / "ibm_late_payments.csv").open() as file:
        disputed = {row["invoiceNumber"] for row in csv.DictReader(file) if row["Disputed"] == "Yes"}
    assert len(disputed) == 246
    for number, _, issued, due, cents, settled in lines[::40]:
        (stream,) = desk.office.registry.invoices(number)
        history = desk.office.app.stream(stream).history
        facts = [entry.fact for entry in history]
        assert any(isinstance(fact, DisputeOpened) for fact in facts) == (number in disputed)
        assert settled is not None
        assert [fact.on for fact in facts if isinstance(fact, InvoicePaid)] == [max(settled, issued)]
        before = load(desk.office, stream, max(issued, settled - dt.timedelta(days=1))).invoice
        after = load(desk.office, stream, max(settled, due)).invoice
        assert before.book_residual_cents == (cents if settled > issued else 0)
        assert (after.book_residual_cents, after.regions.settlement) == (0, "paid")
        assert after.regions.dispute == ("disputed" if number in disputed else "undisputed")
        assert after.regions.ladder == "due"


def test_ibm_again_adds_nothing_and_the_log_holds(ibm: tuple[Desk, list[Line]], shared: Path) -> None:
    desk, _ = ibm
    head = desk.position
    again = desk.bring(shared / "ar" / "ibm_late_payments.csv", IBM, layout={"date_format": "mdy"})
    assert (again.known, again.events, again.rejected_rows, desk.position) == (1236, 0, 0, head)
    assert verify_log(desk.office.app).verdict == "conform_unpinned"


@pytest.mark.parametrize(
    "on", ["2020-02-26", "2020-02-28", "2020-03-31", "2020-04-10", "2020-05-20", "2020-08-31", "2026-06-01"]
)
def test_highradius_at_any_date(highradius: tuple[Desk, list[Line]], on: str) -> None:
    desk, lines = highradius
    expected = aged(lines, day(on))
    assert balance(desk, day(on)) == expected
    if on == "2026-06-01":
        assert sum(sum(row.values()) for row in expected.values()) == sum(line[4] for line in lines)


@pytest.mark.parametrize("name", sorted(EDGES))
@pytest.mark.parametrize("on", ["2012-07-31", "2013-03-01", "2013-10-15"])
def test_ibm_by_every_scheme(ibm: tuple[Desk, list[Line]], name: str, on: str) -> None:
    by_every_scheme(*ibm, name, day(on))


@pytest.mark.parametrize("name", sorted(EDGES))
@pytest.mark.parametrize("on", ["2020-03-15", "2020-05-01", "2020-09-30"])
def test_highradius_by_every_scheme(highradius: tuple[Desk, list[Line]], name: str, on: str) -> None:
    by_every_scheme(*highradius, name, day(on))


def by_every_scheme(desk: Desk, lines: list[Line], name: str, on: dt.date) -> None:
    """Invoice by invoice, by debtor and in total."""
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    whole: Counter[str] = Counter()
    for number, _, issued, due, cents, settled in lines:
        if issued <= on and (settled is None or max(settled, issued) > on):
            expected[number][bucket_of(name, (on - due).days)] += cents
            whole[bucket_of(name, (on - due).days)] += cents
    corner = Corner(on, desk.position)
    rows = ageing(desk.office, scheme(name), corner, by="invoice").rows
    assert {row.key: cells(row) for row in rows} == expected
    ways: tuple[By, ...] = ("debtor", "total")
    for by in ways:
        assert cells(ageing(desk.office, scheme(name), corner, by=by).totals) == whole
    assert whole


def cells(row: Row) -> Counter[str]:
    return Counter({name: cents for name, cents in row.aged.by_name().items() if cents})


def test_highradius_names_and_numbers(highradius: tuple[Desk, list[Line]], shared: Path) -> None:
    desk, lines = highradius
    with (shared / "ar" / "highradius_open_items.csv").open() as file:
        last = {row["cust_number"]: " ".join(row["name_customer"].split()) for row in csv.DictReader(file)}
    assert {code: desk.name(code) for code in list(last)[:60]} == dict(list(last.items())[:60])
    assert lines[0][0] == "2960623488"
    assert desk.issued("2960623488").total_cents == 329970
