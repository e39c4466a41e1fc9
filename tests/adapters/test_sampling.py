"""The sample of a store: its population ties to the aged balance, its rows are drawn again from the streams alone."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from adapters import payments
from adapters.acts import Order
from adapters.ageing import ageing
from adapters.payments import Payment
from adapters.sampling import Plan, Sample, sample
from domain.errors import EvidenceBroken, NotFound
from domain.history import replay
from projections.ageing import SCHEMES
from projections.corner import Corner
from tests.adapters.audited import Specimen, audited
from tests.builders import day


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audited") / "store"
    audited(folder)
    return folder


@pytest.fixture
def specimen(template: Path, tmp_path: Path) -> Iterator[Specimen]:
    made = Specimen(template, tmp_path / "copy")
    yield made
    made.office.close()


def at(specimen: Specimen, on: str = "2026-06-01", position: int | None = None) -> Corner:
    return Corner(day(on), position or specimen.office.app.store.position())


def numbers(found: Sample, stratum: str) -> list[str]:
    return [row.number for row in found.rows if row.stratum == stratum]


def test_the_population_is_the_aged_balance_but_for_credits_and_money_on_account(specimen: Specimen) -> None:
    office = specimen.office
    payments.pay(office, specimen.stream("F-007"), Order(office.app.today), Payment(10_000))
    for on in ("2026-02-01", "2026-02-20", "2026-03-05", "2026-05-01", "2026-06-01"):
        corner = at(specimen, on)
        found = sample(office, corner, Plan(1, 2))
        total = ageing(office, SCHEMES["d4416"], corner, by="total").totals.aged.total_cents
        assert found.population.cents + found.in_credit.cents + found.on_account_cents == total
    assert (found.in_credit.invoices, found.in_credit.cents, found.on_account_cents) == (1, -1_000, -20_000)
    assert (found.population.invoices, found.population.cents) == (5, 314_000)


def test_the_rows_are_drawn_by_the_words_of_the_method(specimen: Specimen) -> None:
    office = specimen.office
    residuals = {
        specimen.stream(number): cents
        for number, cents in {"F-001": 120_000, "F-002": 60_000, "F-004": 50_000, "F-005": 54_000, "F-006": 30_000, "F-007": 9_000}.items()
    }  # fmt: skip
    for seed in range(12):
        found = sample(office, at(specimen), Plan(seed, 2, "simple", above_cents=60_000))
        assert numbers(found, "key") == ["F-001"]
        rest = sorted(
            (sha256(f"{seed} {each}".encode()).hexdigest(), each)
            for each in residuals
            if each != specimen.stream("F-001")
        )
        assert [row.stream for row in found.rows if row.stratum == "sample"] == [stream for _, stream in rest[:2]]
        units = sample(office, at(specimen), Plan(seed, 3, "mus"))
        total = sum(residuals.values())
        start = int(sha256(str(seed).encode()).hexdigest(), 16) % total
        cents = [stream for stream in sorted(residuals) for _ in range(residuals[stream])]
        assert [row.stream for row in units.rows] == sorted({cents[(start + k * total) // 3] for k in range(3)})


def test_a_row_says_what_the_history_says_on_the_day(specimen: Specimen) -> None:
    found = sample(specimen.office, at(specimen, "2026-03-05"), Plan(1, 20))
    rows = {row.number: row for row in found.rows}
    fourth, fifth = rows["F-004"], rows["F-005"]
    assert (fourth.disputed_cents, fourth.debtor, fourth.due_on) == (10_000, "C043", (day("2026-02-20"),))
    assert (fifth.invoiced_cents, fifth.residual_cents) == (90_000, 60_000)
    assert rows["F-007"].issued_on == day("2026-01-05")
    assert "F-003" not in rows


def test_what_was_not_known_yet_is_not_in_it(specimen: Specimen) -> None:
    history = specimen.office.app.stream(specimen.stream("F-001")).history
    back = next(entry.position for entry in history if entry.fact.move == "PaymentReversed")
    before = sample(specimen.office, at(specimen, position=back - 1), Plan(1, 20))
    residual = {row.number: row.residual_cents for row in before.rows}
    then = replay(history, as_of=day("2026-06-01"), known_at=back - 1)
    assert then is not None
    assert residual["F-001"] == then.book_residual_cents == 100_000


def test_by_invoice_the_amount_is_what_was_invoiced(specimen: Specimen) -> None:
    found = sample(specimen.office, at(specimen), Plan(1, 1, by="invoice", above_cents=85_000))
    assert numbers(found, "key") == ["F-001", "F-005"]
    assert found.population.cents == 120_000 + 60_000 + 50_000 + 90_000 + 30_000 + 9_000
    assert found.key.cents == 210_000


def test_no_size_leaves_the_key_items_alone(specimen: Specimen) -> None:
    for method in ("simple", "mus"):
        found = sample(specimen.office, at(specimen), Plan(1, 0, method, above_cents=100_000))
        assert [row.number for row in found.rows] == ["F-001"]
        assert (found.drawn.invoices, found.value()["coverage_percent"]) == (0, "37.15")


def test_nothing_open_is_said(specimen: Specimen) -> None:
    with pytest.raises(NotFound, match="no invoice is open on 1 January 2020"):
        sample(specimen.office, at(specimen, "2020-01-01"), Plan(1, 1))


def test_views_that_say_otherwise_than_the_history_stop_it(specimen: Specimen) -> None:
    specimen.views("UPDATE span SET cents = cents + 1 WHERE cents = 30000")
    with pytest.raises(EvidenceBroken, match="relance check views"):
        sample(specimen.office, at(specimen), Plan(1, 20))
