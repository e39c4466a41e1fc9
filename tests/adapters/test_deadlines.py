"""The deadlines of a portfolio equal those of each history, computed one by one; nothing unpaid is left out."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters import procedure
from adapters.acts import write_off
from adapters.bootstrap import Office
from adapters.calendar_file import Dated
from adapters.clock import FixedClock
from adapters.deadlines import chosen_kinds, deadlines
from adapters.store.folder import create, open_folder
from adapters.worklist import Ahead
from domain.deadline import KINDS
from domain.deadlines import deadlines_of
from domain.errors import Misuse, NotFound
from domain.facts.procedure import OppositionLodged, OrdonnanceGranted, OrdonnanceServed
from domain.history import founding
from domain.law.readings import Readings
from tests.adapters.office import Firm
from tests.adapters.test_views import NOW
from tests.adapters.test_worklist import Bazaar
from tests.builders import day


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    create(tmp_path / "store", sandbox=True)
    made = Office(open_folder(tmp_path / "store"), FixedClock(NOW), "Camille")
    yield made
    made.close()


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = Firm(tmp_path / "firm")
    yield made
    made.office.close()


def one_by_one(market: Bazaar, on: dt.date) -> list[Dated]:
    """Each history loaded and judged by itself."""
    office, found = market.office, []
    for stream in market.invoices:
        history = office.app.stream(stream).history
        issued = founding(history)
        assert issued is not None
        readings = Readings(office.policy(issued.creditor, on).policy.readings)
        of_it = deadlines_of(office.law, history, on, readings=readings)
        found += [Dated(stream, issued.debtor, each) for each in of_it]
    return found


def ordered(found: list[Dated]) -> list[Dated]:
    return sorted(found, key=lambda each: (each.stream, each.deadline.kind, str(each.deadline)))


@pytest.mark.parametrize("seed", range(6))
def test_a_portfolio_gives_what_each_history_gives_on_any_day(office: Office, seed: int) -> None:
    market = Bazaar(office, 200 + seed)
    count = 0
    for n in range(60):
        market.something_happens()
        if n % 10 == 9:
            for back in (0, 0, 7, 45):
                on = market.today - dt.timedelta(days=back)
                expected = one_by_one(market, on)
                assert ordered(deadlines(office, on, past=True)) == ordered(expected)
                count += len(expected)
    assert count > 200


def test_what_is_asked_for_is_what_is_given_in_the_order_of_the_days(office: Office) -> None:
    market = Bazaar(office, 77)
    for _ in range(80):
        market.something_happens()
    on = market.today
    every = one_by_one(market, on)
    to_come = [each for each in every if each.deadline.on is None or each.deadline.on >= on]
    found = deadlines(office, on)
    assert ordered(found) == ordered(to_come)
    days = [each.deadline.on or dt.date.max for each in found]
    assert days == sorted(days)
    near = deadlines(office, on, within=400, kinds=chosen_kinds(("limitation",)))
    last = on + dt.timedelta(days=400)
    assert ordered(near) == ordered(
        [each for each in to_come if each.deadline.kind == "limitation" and (each.deadline.on or on) <= last]
    )
    debtor = to_come[0].debtor
    assert ordered(deadlines(office, on, debtor=debtor)) == ordered([each for each in to_come if each.debtor == debtor])


def test_ordinary_invoices_are_not_loaded(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        firm.invoice(f"F-{n}", due=f"2026-02-0{n + 1}", performed="2026-01-05")

    def loaded(_: Ahead, stream: str) -> None:
        raise AssertionError(stream)

    monkeypatch.setattr(Ahead, "history", loaded)
    found = deadlines(firm.office, firm.today)
    assert [str(each.deadline.on) for each in found] == ["2031-01-05"] * 5 + [f"2031-02-0{n + 1}" for n in range(5)]
    assert {each.deadline.cents for each in found} == {120_000}


def test_a_claim_given_up_in_the_books_keeps_its_time_bar(firm: Firm) -> None:
    stream = firm.invoice("F-1", due="2026-02-04")
    firm.sleep_until("2026-03-01")
    write_off(firm.office, [stream], firm.order(), cents=None, reason="uneconomic")
    (found,) = deadlines(firm.office, firm.today)
    assert (found.deadline.on, found.deadline.cents) == (day("2031-02-04"), 120_000)
    assert "written_off" in {each.code for each in found.deadline.remarks}


def test_the_amount_of_a_whole_petition_decides_whether_a_lawyer_is_needed(firm: Firm) -> None:
    streams = [firm.invoice(number, "6 000,00", due="2026-02-04") for number in ("F-1", "F-2")]
    firm.sleep_until("2026-03-01")
    order = firm.order()
    procedure.escalate(firm.office, streams, replace(order, override="asked"), court="tj-angers", principal_only=True)
    for make in (
        lambda of, heads: OrdonnanceGranted(heads=heads, on=firm.today, proceeding=of),
        lambda of, _: OrdonnanceServed(mode="person", on=firm.today, proceeding=of),
        lambda of, _: OppositionLodged(on=firm.today, notice_received_on=firm.today, proceeding=of),
    ):
        firm.sleep_until((firm.today + dt.timedelta(days=1)).isoformat())
        procedure.order_step(firm.office, streams[0], firm.order(), make, "order")
    found = deadlines(firm.office, firm.today, kinds=chosen_kinds(("lawyer",)))
    assert [(each.stream, str(each.deadline.on)) for each in found] == sorted(
        (stream, "2026-03-19") for stream in streams
    )


def test_kinds_are_named_or_refused() -> None:
    assert chosen_kinds(()) == frozenset(KINDS)
    assert chosen_kinds(("title", "limitation")) == {"title", "limitation"}
    with pytest.raises(Misuse, match="no kind of deadline 'soon'; there are limitation, title"):
        chosen_kinds(("soon",))


def test_a_store_without_an_invoice_says_so(firm: Firm) -> None:
    with pytest.raises(NotFound, match="no invoice is recorded"):
        deadlines(firm.office, firm.today)
