"""The plan of the demonstration: drawn the same everywhere, and such that the real commands can play it."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from stdnum.fr import siren

from adapters.demo.days import calling_day
from adapters.demo.plan import (
    BulkTransfer,
    CallMade,
    ChequeBounced,
    DisputeEnded,
    DisputeRaised,
    Happening,
    InsolvencyLearned,
    InvoiceRow,
    Portfolio,
    PromiseMade,
)
from adapters.demo.portfolio import CsvFile, generate, write_csvs
from domain.calendar import is_working_day
from domain.money import cents
from tests.builders import day

YEAR_END = day("2025-12-31")
STORY_END = day("2026-01-31")
FROZEN = "04b48423b40eb5083f934431506b0ba98bd1b7fb570f61825d1ad78b462f2654"


@pytest.fixture(params=[2025, 1, 77], ids=lambda seed: f"seed {seed}")
def plan(request: pytest.FixtureRequest) -> Portfolio:
    return generate(request.param)


def invoices_of(happening: Happening) -> tuple[str, ...]:
    match happening:
        case BulkTransfer() | CallMade():
            return happening.invoices
        case InsolvencyLearned():
            return ()
        case _:
            return (happening.invoice,)


def billed(plan: Portfolio) -> list[InvoiceRow]:
    return [row for row in plan.invoices if not row.is_credit_note]


def movements(plan: Portfolio) -> Iterator[tuple[dt.date, dt.date, str, int]]:
    """Day recorded, day of effect, invoice, cents."""
    for row in plan.payments:
        yield row.known_on, row.on, row.invoice, row.cents
    for each in plan.happenings:
        if isinstance(each, BulkTransfer):
            for number in each.invoices:
                yield each.on, each.on, number, plan.invoice(number).total_cents
        elif isinstance(each, ChequeBounced):
            yield each.on, each.on, each.invoice, -each.cents


def open_cents(plan: Portfolio, number: str, on: dt.date) -> int:
    """What is left to pay as known at the end of a day."""
    return plan.invoice(number).total_cents - sum(
        moved for known_on, _, invoice, moved in movements(plan) if invoice == number and known_on <= on
    )


def test_a_year_of_a_small_firm(plan: Portfolio) -> None:
    assert 28 <= len(plan.debtors) <= 34
    assert 300 <= len(billed(plan)) <= 340
    assert len(plan.payments) > 200
    kinds = Counter(customer.party.kind for customer in plan.debtors)
    assert (kinds["public"], kinds["consumer"]) == (1, 1)
    assert kinds["trader"] > 20
    assert len({customer.behaviour for customer in plan.debtors}) == 8
    assert len([row for row in plan.invoices if row.is_credit_note]) == 2


def test_the_files_are_the_same_on_every_machine(tmp_path: Path) -> None:
    plan = generate()
    files = write_csvs(plan, tmp_path)
    text = "".join(file.path.name + file.path.read_text(encoding="utf-8") for file in files) + repr(plan.happenings)
    assert hashlib.sha256(text.encode()).hexdigest() == FROZEN
    assert plan == generate()
    assert plan != generate(1)


def test_parties_are_fictitious_and_their_siren_has_a_valid_key(plan: Portfolio) -> None:
    parties = [plan.creditor, *(customer.party for customer in plan.debtors)]
    for party in parties:
        assert party.email.endswith(".example")
        if party.kind == "consumer":
            assert not party.siren
        else:
            assert party.siren.startswith("9990")
            assert siren.is_valid(party.siren)
    assert len({party.code for party in parties}) == len({party.name for party in parties}) == len(parties)


def test_invoices_are_numbered_in_the_order_of_working_days(plan: Portfolio) -> None:
    rows = billed(plan)
    assert [row.number for row in rows] == [f"F25-{n:04d}" for n in range(1, len(rows) + 1)]
    assert [row.issued_on for row in rows] == sorted(row.issued_on for row in rows)
    for row in rows:
        assert is_working_day(row.issued_on)
        assert row.performed_on < row.issued_on < row.due_on
        assert (row.due_on - row.issued_on).days == plan.debtor(row.debtor).term_days
        assert row.known_on <= row.due_on
        assert 8_000 <= row.total_cents <= 2_400_000
        assert row.vat_cents == ((row.total_cents - row.vat_cents) * 20 + 50) // 100


def test_every_payment_comes_in_after_its_invoice(plan: Portfolio, tmp_path: Path) -> None:
    files = write_csvs(plan, tmp_path)
    known: set[str] = set()
    brought_in = 0
    for file in files:
        header, *lines = file.path.read_text(encoding="utf-8").splitlines()
        assert lines, file
        if file.kind == "invoices":
            assert header == "Client,Raison sociale,Type,Numero,Date facture,Echeance,Livraison,Total TTC,TVA"
            assert (file.on + dt.timedelta(days=1)).day == 1
            known |= {line.split(",")[3] for line in lines}
        else:
            assert header == "Numero,Date paiement,Montant"
            assert file.on.weekday() == 0
            assert {line.split(",")[0] for line in lines} <= known
            brought_in += len(lines)
    assert brought_in == len(plan.payments)
    assert [file.on for file in files] == sorted(file.on for file in files)
    assert files[-1].on <= STORY_END


def test_a_payment_waits_for_its_invoice() -> None:
    plan = generate()
    waiting = [row for row in plan.payments if (row.known_on - row.on).days > 7]
    assert waiting
    assert all(row.known_on - plan.invoice(row.invoice).known_on < dt.timedelta(days=7) for row in waiting)


def test_files_of_one_day_bring_the_invoices_first(plan: Portfolio, tmp_path: Path) -> None:
    for before, after in pairwise(write_csvs(plan, tmp_path)):
        assert (before.on, before.kind) < (after.on, after.kind)


def test_amounts_and_days_are_written_as_a_french_firm_does(tmp_path: Path) -> None:
    files: list[CsvFile] = write_csvs(generate(), tmp_path)
    lines = [line for file in files for line in file.path.read_text(encoding="utf-8").splitlines()]
    hero = next(line for line in lines if line.startswith("C030,"))
    assert hero == 'C030,Équipements Maugeois,trader,F25-0070,17/03/2025,16/04/2025,12/03/2025,"8 418,00","1 403,00"'
    assert cents("8 418,00") == 841_800
    assert sum('"-' in line for line in lines) == 2
    assert not any(";" in line for line in lines)


def test_nothing_is_paid_above_what_is_left(plan: Portfolio) -> None:
    for order in (0, 1):
        left = {row.number: row.total_cents for row in billed(plan)}
        for movement in sorted(movements(plan), key=lambda each: (each[order], each[3])):
            number, moved = movement[2], movement[3]
            left[number] -= moved
            assert 0 <= left[number] <= plan.invoice(number).total_cents, movement


def test_money_comes_on_working_days_after_the_issue(plan: Portfolio) -> None:
    for row in plan.payments:
        assert row.cents > 0
        assert is_working_day(row.on)
        assert plan.invoice(row.invoice).issued_on < row.on < row.known_on <= STORY_END


def test_what_a_person_enters_is_in_the_order_of_days_on_invoices_already_known(plan: Portfolio) -> None:
    assert [each.on for each in plan.happenings] == sorted(each.on for each in plan.happenings)
    for each in plan.happenings:
        assert each.on <= YEAR_END
        assert is_working_day(each.on)
        assert all(plan.invoice(number).known_on <= each.on for number in invoices_of(each)), each


def test_nobody_is_called_about_what_is_paid_stayed_or_disputed(plan: Portfolio) -> None:
    judged = {each.debtor: each.judged_on for each in plan.happenings if isinstance(each, InsolvencyLearned)}
    disputed: set[str] = set()
    promised: dict[str, dt.date] = {}
    for each in plan.happenings:
        match each:
            case CallMade():
                assert each.on < judged.get(each.debtor, dt.date.max)
                for number in each.invoices:
                    row = plan.invoice(number)
                    assert row.debtor == each.debtor
                    assert row.due_on < each.on
                    assert open_cents(plan, number, each.on) > 0
                    assert number not in disputed
                    assert promised.get(number, dt.date.min) < each.on
            case DisputeRaised():
                disputed.add(each.invoice)
            case DisputeEnded():
                disputed.remove(each.invoice)
            case PromiseMade():
                promised[each.invoice] = each.due_on
            case _:
                pass


def test_promises_are_kept_and_broken(plan: Portfolio) -> None:
    promises = [each for each in plan.happenings if isinstance(each, PromiseMade)]
    assert {each.kept for each in promises} == {True, False}
    said = {
        (each.on, number)
        for each in plan.happenings
        if isinstance(each, CallMade) and each.result == "promised"
        for number in each.invoices
    }
    for each in promises:
        assert (each.on, each.invoice) in said
        assert open_cents(plan, each.invoice, each.on) > 0
        in_time = sum(
            row.cents for row in plan.payments if row.invoice == each.invoice and each.on < row.on <= each.due_on
        )
        if each.due_on < day("2025-12-20"):
            assert (in_time == plan.invoice(each.invoice).total_cents) == each.kept


def test_four_disputes_of_which_three_are_settled(plan: Portfolio) -> None:
    raised = {each.invoice: each for each in plan.happenings if isinstance(each, DisputeRaised)}
    ended = {each.invoice: each for each in plan.happenings if isinstance(each, DisputeEnded)}
    assert (len(raised), len(ended)) == (4, 3)
    assert {each.extent for each in raised.values()} == {"whole", "part"}
    for number, dispute in raised.items():
        assert (dispute.cents == plan.invoice(number).total_cents) == (dispute.extent == "whole")
        assert open_cents(plan, number, dispute.on) >= dispute.cents
    assert all(raised[number].on < each.on for number, each in ended.items())


def test_one_debtor_fails_in_the_autumn_and_pays_nothing_after(plan: Portfolio) -> None:
    (failure,) = [each for each in plan.happenings if isinstance(each, InsolvencyLearned)]
    assert day("2025-09-22") < failure.judged_on < failure.published_on < failure.on < day("2025-12-21")
    rows = [row for row in plan.invoices if row.debtor == failure.debtor]
    assert all(row.performed_on < row.issued_on < failure.judged_on for row in rows)
    assert sum(open_cents(plan, row.number, failure.on) > 0 for row in rows) >= 2
    numbers = {row.number for row in rows}
    assert not [row for row in plan.payments if row.invoice in numbers and row.on >= failure.judged_on]


def test_two_transfers_pay_all_that_two_debtors_owe_by_that_day(plan: Portfolio) -> None:
    transfers = [each for each in plan.happenings if isinstance(each, BulkTransfer)]
    assert len({each.debtor for each in transfers}) == len(transfers) == 2
    for each in transfers:
        eve = each.on - dt.timedelta(days=1)
        due = [row for row in billed(plan) if row.debtor == each.debtor and row.due_on <= each.on]
        owed = {row.number: open_cents(plan, row.number, eve) for row in due}
        still = {number: left for number, left in owed.items() if left}
        assert set(each.invoices) == set(still)
        assert len(each.invoices) >= 2
        assert each.cents == sum(still.values())
        assert not [row for row in plan.payments if row.invoice in each.invoices]


def test_one_cheque_bounces_after_it_was_brought_in_and_is_made_good(plan: Portfolio) -> None:
    (bounced,) = [each for each in plan.happenings if isinstance(each, ChequeBounced)]
    first, second = [row for row in plan.payments if row.invoice == bounced.invoice]
    assert (first.on, first.cents) == (bounced.paid_on, bounced.cents)
    assert first.known_on < bounced.on < second.on
    assert open_cents(plan, bounced.invoice, YEAR_END) == 0


def test_the_hero_is_due_in_spring_never_paid_never_disputed(plan: Portfolio) -> None:
    hero = plan.invoice(plan.hero)
    assert plan.debtor(hero.debtor).party.kind == "trader"
    assert plan.debtor(hero.debtor).rcs_town
    assert [row for row in plan.invoices if row.debtor == hero.debtor] == [hero]
    assert day("2025-03-20") <= hero.due_on <= day("2025-06-20")
    assert 830_000 <= hero.total_cents <= 850_000
    assert open_cents(plan, plan.hero, YEAR_END) == hero.total_cents
    told = [each for each in plan.happenings if plan.hero in invoices_of(each)]
    assert all(isinstance(each, CallMade) for each in told)
    assert told[0].on == calling_day(hero.due_on)
