"""Write-offs met by late payments, lower prices and bounced payments: books never below nil by them, ledger in step."""

import datetime as dt
import os
import random

import pytest

from domain.errors import Refused
from domain.facts.fact import Fact
from domain.facts.invoicing import CreditNoteApplied, EntryWithdrawn, PaymentReceived
from domain.history import History, known, replay
from projections.ledger import Movement, movements
from tests import builders as make
from tests.builders import credited, day, issued, issued_in_parts, paid, reversed_, withdrawn, written_off
from tests.domain.test_walks import extended, on, random_fact
from tests.given import appended, recorded, state

RUNS = int(os.environ.get("RELANCE_LEDGER_WALKS", "500"))


def ledger_is_in_step(history: History) -> None:
    """At every corner of the two times the movements of what is known sum to what the fold carries."""
    positions = sorted({entry.position for entry in history})
    days = sorted({entry.fact.on for entry in history})
    days = [days[0] - dt.timedelta(days=1), *days, days[-1] + dt.timedelta(days=1)]
    for known_at in positions:
        posted = movements(known(history, known_at))
        for as_of in days:
            found = replay(history, as_of=as_of, known_at=known_at)
            summed = sum(each.cents for each in posted if each.effective <= as_of.toordinal())
            assert summed == (found.book_residual_cents if found else 0), (as_of, known_at)


def residuals(history: History, *days: str) -> list[int]:
    ledger_is_in_step(history)
    return [state(history, each).book_residual_cents for each in days]


def kinds(history: History) -> list[tuple[str, int]]:
    return [(each.kind, each.cents) for each in movements(history)]


# Stories


def test_money_that_comes_after_a_write_off_takes_it_back() -> None:
    entries = recorded(issued(), written_off("2026-06-01"), paid("2026-07-01", "500,00"))
    assert residuals(entries, "2026-05-31", "2026-06-01", "2026-07-01") == [120000, 0, 0]
    assert kinds(entries) == [
        ("invoice", 120000), ("write_off", -120000), ("payment", -50000), ("recovery", 50000),
    ]  # fmt: skip
    assert state(entries).written_off_cents == 70000


def test_the_whole_price_that_comes_after_a_write_off_pays_and_leaves_nothing() -> None:
    entries = recorded(issued(), written_off("2026-06-01"), paid("2026-07-01"))
    assert residuals(entries, "2026-06-30", "2026-07-01") == [0, 0]
    assert state(entries).regions.settlement == "paid"
    assert state(entries).written_off_cents == 0


def test_only_what_came_above_the_price_is_a_credit() -> None:
    entries = recorded(issued(), written_off("2026-06-01"), paid("2026-07-01", "1 300,00"))
    assert residuals(entries, "2026-07-01") == [-10000]
    assert kinds(entries)[2:] == [("payment", -130000), ("recovery", 120000)]


def test_a_payment_learnt_late_makes_the_write_off_smaller() -> None:
    before = recorded(issued(), written_off("2026-06-01"), today="2026-06-01")
    after = appended(before, paid("2026-05-20", "500,00"), today="2026-07-01")
    assert residuals(after, "2026-05-20", "2026-06-01", "2026-07-01") == [70000, 0, 0]
    assert kinds(after) == [("invoice", 120000), ("payment", -50000), ("write_off", -70000)]
    assert state(after, "2026-06-01", before[-1].position).book_residual_cents == 0


def test_the_whole_price_learnt_late_leaves_nothing_to_write_off() -> None:
    before = recorded(issued(), written_off("2026-06-01"), today="2026-06-01")
    after = appended(before, paid("2026-05-20"), today="2026-07-01")
    assert residuals(after, "2026-05-19", "2026-05-20", "2026-06-01") == [120000, 0, 0]
    assert kinds(after) == [("invoice", 120000), ("payment", -120000)]


def test_a_part_written_off_is_taken_back_only_where_money_reaches_it() -> None:
    part = written_off("2026-06-01", "200,00", whole=False)
    entries = recorded(issued(), part, paid("2026-07-01", "900,00"), paid("2026-08-01", "200,00", by="later"))
    assert residuals(entries, "2026-06-01", "2026-07-01", "2026-08-01") == [100000, 10000, 0]
    assert [each for each in kinds(entries) if each[0] == "recovery"] == [("recovery", 10000)]


def test_two_part_write_offs_add_up() -> None:
    entries = recorded(
        issued(),
        written_off("2026-06-01", "200,00", whole=False),
        written_off("2026-06-02", "300,00", whole=False),
        written_off("2026-06-03", "700,00"),
    )
    assert residuals(entries, "2026-06-01", "2026-06-02", "2026-06-03") == [100000, 70000, 0]
    with pytest.raises(Refused):
        appended(entries, written_off("2026-06-04", "0,01", whole=False))


def test_a_lower_corrected_amount_shrinks_what_was_written_off() -> None:
    before = recorded(issued(), written_off("2026-06-01"), today="2026-06-01")
    after = appended(before, withdrawn(1, "2026-07-01"), issued("900,00"), today="2026-07-01")
    assert residuals(after, "2026-05-31", "2026-06-01") == [90000, 0]
    assert kinds(after) == [("invoice", 90000), ("write_off", -90000)]


def test_a_lower_corrected_amount_after_a_payment_and_a_write_off() -> None:
    rest = written_off("2026-06-01", "700,00")
    before = recorded(issued(), paid("2026-05-01", "500,00"), rest, today="2026-06-01")
    after = appended(before, withdrawn(1, "2026-07-01"), issued("600,00"), today="2026-07-01")
    assert residuals(after, "2026-05-01", "2026-06-01") == [10000, 0]
    smaller = appended(before, withdrawn(1, "2026-07-01"), issued("300,00"), today="2026-07-01")
    assert residuals(smaller, "2026-05-01", "2026-06-01") == [-20000, -20000]  # of the payment, not of the write-off


def test_a_higher_corrected_amount_leaves_the_write_off_as_it_was() -> None:
    before = recorded(issued(), written_off("2026-06-01"), today="2026-06-01")
    after = appended(before, withdrawn(1, "2026-07-01"), issued("1 500,00"), today="2026-07-01")
    assert residuals(after, "2026-06-01") == [30000]


def test_a_credit_note_after_a_write_off_takes_it_back() -> None:
    entries = recorded(issued(), written_off("2026-06-01"), credited("2026-07-01", "200,00"))
    assert residuals(entries, "2026-07-01") == [0]
    assert kinds(entries)[2:] == [("credit", -20000), ("recovery", 20000)]


def test_a_payment_that_bounced_before_the_write_off_was_never_there_for_it() -> None:
    entries = recorded(
        issued(), paid("2026-05-01", "500,00"), reversed_("2026-05-10", "500,00"), written_off("2026-06-01")
    )
    assert residuals(entries, "2026-05-01", "2026-05-10", "2026-06-01") == [70000, 120000, 0]


def test_a_payment_that_bounces_after_the_write_off_is_carried_again() -> None:
    rest = written_off("2026-06-01", "700,00")
    entries = recorded(issued(), paid("2026-05-01", "500,00"), rest, reversed_("2026-06-10", "500,00"))
    assert residuals(entries, "2026-05-01", "2026-06-01", "2026-06-10") == [70000, 0, 50000]
    assert kinds(entries)[-1] == ("reversal", 50000)


def test_a_recovery_that_bounces_is_written_off_as_before() -> None:
    entries = recorded(
        issued(), written_off("2026-06-01"), paid("2026-07-01", "500,00"), reversed_("2026-07-10", "500,00")
    )
    assert residuals(entries, "2026-06-01", "2026-07-01", "2026-07-10") == [0, 0, 0]
    assert kinds(entries)[2:] == [
        ("payment", -50000), ("recovery", 50000), ("reversal", 50000), ("recovery", -50000),
    ]  # fmt: skip


def test_a_withdrawn_write_off_is_carried_again() -> None:
    before = recorded(issued(), written_off("2026-06-01"), paid("2026-07-01", "500,00"), today="2026-07-01")
    after = appended(before, withdrawn(3, "2026-08-01"), today="2026-08-01")
    assert residuals(after, "2026-06-01", "2026-07-01") == [120000, 70000]
    assert state(after).regions.books == "live"


def test_a_write_off_of_an_invoice_in_instalments_lies_in_the_pool() -> None:
    parts = issued_in_parts(("600,00", "2026-01-31"), ("600,00", "2026-03-31"))
    entries = recorded(parts, paid("2026-02-05", "400,00", instalment=2), written_off("2026-06-01", "800,00"))
    assert residuals(entries, "2026-02-05", "2026-06-01") == [80000, 0]
    late = appended(entries, paid("2026-07-01", "600,00", by="late", instalment=1))
    assert residuals(late, "2026-07-01") == [0]


def test_an_overpaid_instalment_that_bounces_in_part_and_a_write_off() -> None:
    parts = issued_in_parts(("600,00", "2026-01-31"), ("600,00", "2026-03-31"))
    entries = recorded(
        parts,
        paid("2026-02-05", "900,00", instalment=1),
        paid("2026-02-05", "100,00", instalment=2),
        written_off("2026-04-01", "200,00"),
        reversed_("2026-05-01", "950,00"),
    )
    assert residuals(entries, "2026-02-05", "2026-04-01", "2026-05-01") == [20000, 0, 95000]
    back = [(each.kind, each.due, each.cents) for each in movements(entries) if each.kind == "reversal"]
    first, second = day("2026-01-31").toordinal(), day("2026-03-31").toordinal()
    assert back == [("reversal", second, 10000), ("reversal", first, 85000)]


def test_movements_carry_booked_and_source_days() -> None:
    fact = paid("2026-02-05").model_copy(update={"booked_on": day("2026-02-28"), "source_known_on": day("2026-03-02")})
    assert movements(recorded(issued(), fact))[1] == Movement(
        day("2026-01-31").toordinal(), day("2026-02-05").toordinal(), day("2026-02-28").toordinal(),
        day("2026-03-02").toordinal(), -120000, "payment",
    )  # fmt: skip


# Every history


def random_life(seed: int, *, parts: bool) -> tuple[History, int]:
    """A random history that writes off, pays, bounces, credits, corrects and withdraws, as its writer would."""
    draw = random.Random(seed)
    first = issued_in_parts(("400", on(20)), ("500", on(40)), ("300", on(10))) if parts else make.issued()
    history, today = extended((), [first], 0), 0
    for _ in range(draw.randint(4, 12)):
        today += draw.choice([0, 1, 3, 12])
        facts = [_fact(draw, history, today, parts=parts)]
        if isinstance(facts[0], EntryWithdrawn) and draw.random() < 0.5:
            facts.append(make.issued(str(draw.choice([300, 900, 1200])), due=on(draw.choice([20, 40]))))
        history = extended(history, facts, today)
    return history, today


def _fact(draw: random.Random, history: History, today: int, *, parts: bool) -> Fact:
    now = replay(history)
    chance = draw.random()
    if now is not None and chance < 0.2 and now.book_residual_cents > 0:
        carried = now.book_residual_cents
        cents = draw.choice([carried, max(1, carried // 3)])
        given_up = make.written_off(on(today), "1", whole=cents == carried)
        return given_up.model_copy(update={"cents": cents})
    if now is not None and chance < 0.35 and now.receipts:
        held = draw.choice(now.receipts)
        back = make.reversed_(on(today), "1")
        return back.model_copy(update={"cents": draw.randint(1, held.cents), "receipt": held.id})
    fact = random_fact(draw, history, today)
    if parts and isinstance(fact, PaymentReceived | CreditNoteApplied):
        return fact.model_copy(update={"instalment": draw.choice([None, 1, 2, 3])})
    return fact


@pytest.mark.parametrize("parts", [False, True], ids=["single", "instalments"])
def test_in_every_history_the_ledger_is_in_step_with_the_fold(parts: bool) -> None:
    met = {"recovery": 0, "reversal": 0, "write_off": 0, "credit": 0}
    for seed in range(RUNS):
        history, _ = random_life(seed, parts=parts)
        ledger_is_in_step(history)
        for kind in {each.kind for each in movements(history)} & set(met):
            met[kind] += 1
    assert min(met.values()) > RUNS // 20, met


def test_in_every_history_the_books_go_below_nil_by_money_only() -> None:
    for seed in range(RUNS):
        history, today = random_life(seed, parts=bool(seed % 2))
        for number in range(-5, today + 1):
            found = replay(history, as_of=make.day(on(number)))
            if found:
                assert found.book_residual_cents >= min(found.unsettled_cents, 0)
                assert 0 <= found.written_off_cents <= max(found.unsettled_cents, 0)
                assert sum(cents for _, cents in found.unpaid()) == max(found.unsettled_cents, 0)
