"""What the views answer besides ages, at every corner: by booking days, by the source's knowledge; disputes, promises, sales."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import pytest

from adapters.views.file import NAME, Views
from domain.facts.invoicing import (
    CreditNoteApplied,
    DisputeOpened,
    InvoiceIssued,
    PaymentReceived,
    PaymentReversed,
    PromiseBroken,
    PromiseKept,
    WrittenOff,
)
from domain.facts.parties import CreditGranted
from domain.history import Entry, ordered, replay, standing
from projections.corner import Corner
from tests.adapters.test_views import DEBTORS, NOW, Market, corners, opened

SEEDS = range(20, 26)
MONEY = {PaymentReceived: -1, PaymentReversed: 1, CreditNoteApplied: -1}


@pytest.fixture(scope="module")
def markets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, tuple[Market, Views]]]:
    made = {}
    for seed in SEEDS:
        folder = tmp_path_factory.mktemp("corners")
        market = opened(folder, seed)
        views = Views(folder / NAME, market.app.store)
        views.catch_up()
        made[seed] = (market, views)
    yield made
    for market, views in made.values():
        views.close()
        market.app.folder.close()


def when(
    fact: InvoiceIssued | PaymentReceived | PaymentReversed | CreditNoteApplied, issued: InvoiceIssued, basis: str
) -> dt.date:
    if basis == "booked" and fact.booked_on:
        return fact.booked_on
    return max(fact.on, issued.on)


def known_to(history: tuple[Entry, ...], corner: Corner) -> list[Entry]:
    """The entries that the source knew by the day, or that were recorded by the position where it says nothing."""
    found = []
    for entry in history:
        said = getattr(entry.fact, "source_known_on", None)
        if corner.known_on is not None and said is not None:
            if said <= corner.known_on:
                found.append(entry)
        elif entry.position <= corner.position:
            found.append(entry)
    return found


def expected_total(history: tuple[Entry, ...], corner: Corner) -> int:
    """What an invoice comes to, fact by fact; without a write-off that is a sum."""
    alive = standing(known_to(history, corner))
    issues = [entry.fact for entry in alive if isinstance(entry.fact, InvoiceIssued)]
    if not issues:
        return 0
    issued = issues[-1]
    total = issued.total_cents if when(issued, issued, corner.basis) <= corner.as_of else 0
    for entry in alive:
        fact = entry.fact
        if isinstance(fact, PaymentReceived | PaymentReversed | CreditNoteApplied):
            total += MONEY[type(fact)] * fact.cents if when(fact, issued, corner.basis) <= corner.as_of else 0
    return total


def asked(market: Market, count: int) -> Iterator[tuple[dt.date, int]]:
    yield from corners(market, count)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("basis", ["effective", "booked"])
@pytest.mark.parametrize("knowledge", ["recorded", "source"])
def test_each_basis_and_knowledge_sums_the_facts_that_it_counts(
    markets: dict[int, tuple[Market, Views]], seed: int, basis: str, knowledge: str
) -> None:
    market, views = markets[seed]
    compared = 0
    for as_of, position in asked(market, 25):
        known_on = as_of + dt.timedelta(days=market.draw.randint(-20, 20)) if knowledge == "source" else None
        corner = Corner(as_of, position, "booked" if basis == "booked" else "effective", known_on)
        found = {each.stream: sum(cents for _, cents in each.parts) for each in views.standing(corner)}
        for stream in market.invoices:
            history = market.app.stream(stream).history
            if not any(isinstance(entry.fact, WrittenOff) for entry in history):
                assert found.get(stream, 0) == expected_total(history, corner), (stream, corner)
                compared += 1
    assert compared


@pytest.mark.parametrize("seed", SEEDS)
def test_the_effective_day_and_the_recording_are_what_is_asked_without_a_word(
    markets: dict[int, tuple[Market, Views]], seed: int
) -> None:
    """The general way and the quick one give the same answer where both can."""
    market, views = markets[seed]
    for as_of, position in asked(market, 10):
        corner = Corner(as_of, position)
        quick = {each.stream: each.parts for each in views.standing(corner)}
        slow: dict[str, Counter[int]] = {}
        for each in views.movements(corner):
            sums = slow.setdefault(each.stream, Counter[int]())
            sums[each.movement.due] += each.movement.cents
        assert quick == {
            stream: sorted((due, cents) for due, cents in sums.items() if cents)
            for stream, sums in slow.items()
            if any(sums.values())
        }


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_disputed_is_what_the_fold_says(markets: dict[int, tuple[Market, Views]], seed: int) -> None:
    market, views = markets[seed]
    seen = 0
    for as_of, position in asked(market, 25):
        expected = {}
        for stream in market.invoices:
            invoice = replay(market.app.stream(stream).history, as_of=as_of, known_at=position)
            if invoice is not None and invoice.disputed_cents:
                expected[stream] = invoice.disputed_cents
        assert views.disputed(Corner(as_of, position)) == expected
        seen += len(expected)
    assert seen


@pytest.mark.parametrize("seed", SEEDS)
def test_promises_are_counted_by_debtor(markets: dict[int, tuple[Market, Views]], seed: int) -> None:
    market, views = markets[seed]
    for as_of, position in asked(market, 25):
        expected: dict[str, list[int]] = {}
        for stream in market.invoices:
            history = [entry for entry in market.app.stream(stream).history if entry.position <= position]
            issued = next(entry.fact for entry in history or market.app.stream(stream).history)
            assert isinstance(issued, InvoiceIssued)
            for effective, entry in ordered(history):
                if effective <= as_of and isinstance(entry.fact, PromiseKept | PromiseBroken):
                    expected.setdefault(issued.debtor, [0, 0])[isinstance(entry.fact, PromiseBroken)] += 1
        assert views.promises(Corner(as_of, position)) == {debtor: tuple(count) for debtor, count in expected.items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_sales_are_invoices_less_credit_notes_with_and_without_vat(
    markets: dict[int, tuple[Market, Views]], seed: int
) -> None:
    market, views = markets[seed]
    for as_of, position in asked(market, 12):
        since = as_of - dt.timedelta(days=45)
        gross, net, unknown, given = (Counter[int]() for _ in range(4))

        def sold(day: dt.date, cents: int, without: int | None, since: dt.date = since, as_of: dt.date = as_of,
                 into: tuple[Counter[int], ...] = (gross, net, unknown, given)) -> None:  # fmt: skip
            if since < day <= as_of:
                into[0][day.toordinal()] += cents
                into[1][day.toordinal()] += without or 0
                into[2 if cents > 0 else 3][day.toordinal()] += abs(cents) if without is None else 0

        for stream in market.invoices:
            alive = standing([each for each in market.app.stream(stream).history if each.position <= position])
            issues = [entry.fact for entry in alive if isinstance(entry.fact, InvoiceIssued)]
            for issued in issues[-1:]:
                sold(issued.on, issued.total_cents, issued.vat[0].net_cents if issued.vat else None)
                for entry in alive:
                    if isinstance(entry.fact, CreditNoteApplied):
                        vat = entry.fact.vat_cents
                        sold(
                            max(entry.fact.on, issued.on),
                            -entry.fact.cents,
                            None if vat is None else vat - entry.fact.cents,
                        )
        for debtor in DEBTORS:
            for entry in standing(
                [each for each in market.app.stream(f"debtor:{debtor}").history if each.position <= position]
            ):
                if isinstance(entry.fact, CreditGranted):
                    sold(entry.fact.on, -entry.fact.cents, None)
        found = {sale.day: sale[1:] for sale in views.sales(Corner(as_of, position), since)}
        assert {day: row for day, row in found.items() if any(row)} == {
            day: (gross[day], net[day], unknown[day], given[day])
            for day in gross
            if gross[day] or net[day] or unknown[day] or given[day]
        }


def test_the_random_stores_hold_what_these_tests_are_about(markets: dict[int, tuple[Market, Views]]) -> None:
    facts = [
        entry.fact
        for market, _ in markets.values()
        for stream in market.invoices
        for entry in market.app.stream(stream).history
    ]
    for kind in (DisputeOpened, PromiseKept, PromiseBroken, CreditNoteApplied, PaymentReversed):
        assert sum(isinstance(fact, kind) for fact in facts) >= len(SEEDS), kind
    assert any(isinstance(fact, PaymentReceived) and fact.source_known_on for fact in facts)
    assert all(market.today > NOW.date() for market, _ in markets.values())
