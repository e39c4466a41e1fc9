"""Subsequent receipts, against each history replayed on both days and its own facts between them."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from adapters import payments
from adapters.acts import Order
from adapters.payments import Payment
from adapters.receipts import subsequent
from domain.errors import Misuse, NotFound
from domain.facts.invoicing import CreditNoteApplied, PaymentReceived, PaymentReversed
from domain.history import ordered, replay
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


DAYS = ("2026-01-06", "2026-02-01", "2026-02-16", "2026-02-26", "2026-03-02", "2026-03-10", "2026-05-03", "2026-06-01")


@pytest.mark.parametrize(("closing", "until"), list(combinations(DAYS, 2)))
def test_each_line_is_what_the_history_says(specimen: Specimen, closing: str, until: str) -> None:
    office, first, last = specimen.office, day(closing), day(until)
    found = subsequent(office, first, last, office.app.store.position())
    lines = {line.stream: line.receipts for line in found.lines}
    expected = set()
    for row in office.views.invoices():
        history = office.app.stream(row.stream).history
        then, now = replay(history, as_of=first), replay(history, as_of=last)
        if then is None or then.book_residual_cents <= 0:
            continue
        assert now is not None
        expected.add(row.stream)
        line = lines[row.stream]
        between = [entry.fact for on, entry in ordered(history) if first < on <= last]
        came = sum(fact.cents for fact in between if isinstance(fact, PaymentReceived))
        came -= sum(fact.cents for fact in between if isinstance(fact, PaymentReversed))
        assert line.open_cents == then.book_residual_cents
        assert line.received_cents == came == sum(cents for _, cents in line.came)
        assert line.credited_cents == sum(fact.cents for fact in between if isinstance(fact, CreditNoteApplied))
        assert line.written_off_cents == now.written_off_cents - then.written_off_cents
        assert line.left_cents == now.book_residual_cents
        assert line.difference_cents == 0
    assert lines.keys() == expected
    assert found.totals.open_cents == sum(line.open_cents for line in lines.values())
    assert found.totals.difference_cents == 0


def test_a_closing_in_plain_figures(specimen: Specimen) -> None:
    found = subsequent(specimen.office, day("2026-02-20"), day("2026-06-01"), specimen.office.app.store.position())
    rows = {line.number: line for line in found.lines}
    assert [(line.number, line.debtor) for line in found.lines][:3] == [
        ("F-001", "C042"),
        ("F-002", "C042"),
        ("F-003", "C043"),
    ]
    assert rows["F-003"].came == [(day("2026-03-02"), 50_000)]
    assert rows["F-003"].receipts.collected_percent == "100.00"
    assert rows["F-001"].came == [(day("2026-05-04"), -20_000)]
    fifth = rows["F-005"].receipts
    assert (fifth.open_cents, fifth.received_cents, fifth.credited_cents, fifth.written_off_cents, fifth.left_cents) == (
        90_000, 30_000, 5_000, 1_000, 54_000,
    )  # fmt: skip
    assert found.on_account_cents == 20_000
    assert found.totals.collected_percent == "15.42"  # 600 of 3 890 EUR


def test_a_payment_recorded_after_the_position_is_not_in_it(specimen: Specimen) -> None:
    office = specimen.office
    before = office.app.store.position()
    payments.pay(office, specimen.stream("F-006"), Order(day("2026-05-20")), Payment(30_000))
    for position, received in ((before, 0), (office.app.store.position(), 30_000)):
        found = subsequent(office, day("2026-05-10"), day("2026-06-01"), position)
        (line,) = (each for each in found.lines if each.number == "F-006")
        assert line.receipts.received_cents == received


def test_an_overpayment_leaves_a_credit_and_still_adds_up(specimen: Specimen) -> None:
    office = specimen.office
    payments.pay(office, specimen.stream("F-006"), Order(day("2026-05-20")), Payment(35_000))
    found = subsequent(office, day("2026-05-10"), day("2026-06-01"), office.app.store.position())
    (line,) = (each for each in found.lines if each.number == "F-006")
    assert (line.receipts.left_cents, line.receipts.difference_cents) == (-5_000, 0)


def test_movements_that_do_not_lead_from_one_day_to_the_other_show(specimen: Specimen) -> None:
    office = specimen.office
    specimen.views("UPDATE movement SET cents = cents + 1 WHERE cents = -50000 AND due > 0")
    found = subsequent(office, day("2026-02-20"), day("2026-06-01"), office.app.store.position())
    wrong = {line.number: line.receipts.difference_cents for line in found.lines if line.receipts.difference_cents}
    assert wrong == {"F-003": 1}


def test_days_that_do_not_follow_and_nothing_open_are_said(specimen: Specimen) -> None:
    office = specimen.office
    position = office.app.store.position()
    with pytest.raises(Misuse, match="ends on a later day"):
        subsequent(office, day("2026-05-10"), day("2026-05-10"), position)
    with pytest.raises(NotFound, match="no invoice was open on 1 January 2020"):
        subsequent(office, day("2020-01-01"), day("2026-05-10"), position)
