"""How debtors pay: each cent counted from the due day it extinguished, whatever came back left out."""

from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as some

from domain.facts.fact import Fact
from domain.facts.invoicing import PaymentReceived, PaymentReversed
from domain.history import Entry, History
from projections.ledger import POOL, UNKNOWN_DAY, Movement, difference, movements
from projections.payers import Behaviour, Paid, oldest_days, payments, payments_by_receipt, ranking
from projections.ratio import fixed
from tests.builders import credited, day, issued, issued_in_parts, paid, receipt, reversed_, withdrawn, written_off

LATER = day("2027-01-01").toordinal()


def of(*facts: Fact) -> History:
    return tuple(Entry(version, fact, version) for version, fact in enumerate(facts, start=1))


def seen(found: list[Paid] | None) -> list[tuple[str | None, str, int]]:
    assert found is not None
    return [
        (str(dt_of(each.due)) if each.due > UNKNOWN_DAY else None, str(dt_of(each.effective)), each.cents)
        for each in found
    ]


def dt_of(ordinal: int) -> object:
    return type(day("2026-01-01")).fromordinal(ordinal)


def both(*facts: Fact) -> list[tuple[str | None, str, int]]:
    """What was paid, told by the ledger and by the receipts: the same."""
    history = of(*facts)
    moves = movements(history)
    told = seen(payments_by_receipt(history, moves, LATER))
    assert seen(payments(moves)) == told
    return told


def test_a_payment_counts_from_its_due_day() -> None:
    assert both(issued(), paid("2026-02-20", "500"), paid("2026-01-10", "100", by="b")) == [
        ("2026-01-31", "2026-01-10", 10_000),
        ("2026-01-31", "2026-02-20", 50_000),
    ]


def test_a_payment_that_names_no_instalment_extinguishes_the_oldest_first() -> None:
    parts = issued_in_parts(("300", "2026-02-28"), ("600", "2026-01-31"))
    assert both(parts, paid("2026-02-10", "700"), paid("2026-03-10", "200", by="b")) == [
        ("2026-01-31", "2026-02-10", 60_000),
        ("2026-02-28", "2026-02-10", 10_000),
        ("2026-02-28", "2026-03-10", 20_000),
    ]


def test_a_payment_that_names_an_instalment_goes_there_and_its_excess_to_the_oldest() -> None:
    parts = issued_in_parts(("600", "2026-01-31"), ("300", "2026-02-28"))
    assert both(parts, paid("2026-02-10", "350", instalment=2)) == [
        ("2026-02-28", "2026-02-10", 30_000),
        ("2026-01-31", "2026-02-10", 5_000),
    ]


def test_what_is_above_the_price_has_no_due_day() -> None:
    assert both(issued("100"), paid("2026-02-10", "130")) == [
        ("2026-01-31", "2026-02-10", 10_000),
        (None, "2026-02-10", 3_000),
    ]


def test_an_invoice_of_no_known_due_day_bears_no_delay() -> None:
    assert both(issued("100", due=None), paid("2026-02-10", "100")) == [(None, "2026-02-10", 10_000)]


def test_a_credit_note_is_no_payment_and_lessens_the_oldest() -> None:
    parts = issued_in_parts(("600", "2026-01-31"), ("300", "2026-02-28"))
    assert both(parts, credited("2026-02-01", "500"), paid("2026-02-10", "200")) == [
        ("2026-01-31", "2026-02-10", 10_000),
        ("2026-02-28", "2026-02-10", 10_000),
    ]


def test_a_write_off_changes_nothing_in_what_is_paid() -> None:
    assert both(issued(), written_off("2026-03-01"), paid("2026-04-01", "1 200")) == [
        ("2026-01-31", "2026-04-01", 120_000)
    ]


def test_what_came_back_never_came_in() -> None:
    assert both(issued(), paid("2026-02-10", by="a"), reversed_("2026-02-20", by="a"), paid("2026-03-10", by="b")) == [
        ("2026-01-31", "2026-03-10", 120_000)
    ]
    assert both(issued(), paid("2026-02-10", by="a"), reversed_("2026-02-20", "200", by="a")) == [
        ("2026-01-31", "2026-02-10", 100_000)
    ]


def test_of_two_payments_of_a_due_day_the_receipts_tell_which_came_back() -> None:
    facts = [issued(), paid("2026-01-20", "600", by="a"), paid("2026-03-01", "600", by="b")]
    for gone, left in (("a", "2026-03-01"), ("b", "2026-01-20")):
        history = of(*facts, reversed_("2026-03-10", "600", by=gone))
        moves = movements(history)
        assert payments(moves) is None
        assert seen(payments_by_receipt(history, moves, LATER)) == [("2026-01-31", left, 60_000)]


def test_of_a_receipt_over_two_instalments_the_newest_comes_back_first() -> None:
    parts = issued_in_parts(("600", "2026-01-31"), ("300", "2026-02-28"))
    by_one = [paid("2026-02-10", "300", by="a", instalment=1), paid("2026-02-10", "300", by="a", instalment=2)]
    assert both(parts, *by_one, reversed_("2026-03-01", "400", by="a")) == [("2026-01-31", "2026-02-10", 20_000)]


def test_a_payment_that_came_back_later_had_come_in_by_then() -> None:
    history = of(
        issued(),
        paid("2026-01-20", "600", by="a"),
        paid("2026-03-01", "600", by="b"),
        reversed_("2026-03-10", "600", by="a"),
    )
    eve = day("2026-03-09").toordinal()
    moves = [each for each in movements(history) if each.effective <= eve]
    assert len(seen(payments_by_receipt(history, moves, eve))) == 2


def test_a_payment_withdrawn_never_was() -> None:
    before = of(issued(), paid("2026-02-10"))
    after = of(issued(), paid("2026-02-10"), withdrawn(2, "2026-02-11"))
    posted = movements(before) + difference(movements(before), movements(after))
    assert len(posted) == 3
    assert payments(posted) == []
    assert payments_by_receipt(after, posted, LATER) == []


def test_a_corrected_due_day_is_the_one_that_counts() -> None:
    before = of(issued("100"), paid("2026-02-10", "100"))
    after = of(issued("100"), paid("2026-02-10", "100"), withdrawn(1, "2026-02-11"), issued("100", due="2026-02-05"))
    posted = movements(before) + difference(movements(before), movements(after))
    assert seen(payments(posted)) == [("2026-02-05", "2026-02-10", 10_000)]
    assert seen(payments_by_receipt(after, posted, LATER)) == [("2026-02-05", "2026-02-10", 10_000)]


def test_nothing_is_paid_of_what_was_never_issued() -> None:
    assert payments_by_receipt((), [], LATER) == []


_STEPS = some.lists(
    some.tuples(some.sampled_from(["pay", "credit", "back"]), some.integers(1, 90), some.integers(1, 600), some.sampled_from([None, 1, 2])),
    max_size=8,
)  # fmt: skip


@given(_STEPS)
def test_no_cent_is_lost_and_no_due_day_takes_more_than_it_bears(steps: list[tuple[str, int, int, int | None]]) -> None:
    facts: list[Fact] = [issued_in_parts(("600", "2026-01-31"), ("300", "2026-02-28"))]
    held: dict[str, int] = {}
    for n, (what, late, euros, instalment) in enumerate(steps):
        on = str(dt_of(day("2026-01-02").toordinal() + late))
        if what == "pay":
            facts.append(paid(on, str(euros), by=f"r{n}", instalment=instalment))
            held[f"r{n}"] = euros
        elif what == "credit":
            facts.append(credited(on, str(euros)))
        elif held:
            name = min(held)
            facts.append(reversed_("2026-06-01", str(min(euros, held[name])), by=name))
            held[name] -= min(euros, held[name])
            held = {each: left for each, left in held.items() if left}
    history = of(*facts)
    moves = movements(history)
    kept = sum(fact.cents for fact in facts if isinstance(fact, PaymentReceived)) - sum(
        fact.cents for fact in facts if isinstance(fact, PaymentReversed)
    )
    told = payments_by_receipt(history, moves, LATER)
    by_ledger = payments(moves)
    for found in [told, *([by_ledger] if by_ledger is not None else [])]:
        assert sum(each.cents for each in found) == kept
        assert all(each.cents > 0 for each in found)
        sums = Counter[int]()
        for each in found:
            sums[each.due] += each.cents
        assert sums[day("2026-01-31").toordinal()] <= 60_000
        assert sums[day("2026-02-28").toordinal()] <= 30_000
    if by_ledger is not None:
        assert Counter((each.due, each.effective) for each in by_ledger for _ in range(each.cents // 100)) == Counter(
            (each.due, each.effective) for each in told for _ in range(each.cents // 100)
        )


def test_the_figures_of_a_debtor() -> None:
    how = Behaviour()
    how.receive(100, 90, 100_00)  # ten days early
    how.receive(100, 100, 100_00)  # on the day: not late
    how.receive(100, 120, 200_00)
    how.receive(UNKNOWN_DAY, 120, 55_00)
    assert (how.received_cents, how.dated_cents, how.late_cents) == (455_00, 400_00, 200_00)
    assert how.mean_delay == Fraction(-10 * 100 + 20 * 200, 400)
    assert how.late_percent == 50
    how.owe(130, 100_00, 150)
    how.owe(150, 70_00, 150)  # due on the day itself: not overdue
    how.owe(UNKNOWN_DAY, 30_00, 150)
    how.owe(120, 10_00, 150)
    assert (how.overdue_cents, how.oldest_due) == (110_00, 120)
    assert how.delay_so_far == Fraction(-1_000 + 4_000 + 20 * 100 + 30 * 10, 510)
    assert oldest_days(how, day("0001-01-01")) == 1 - 120
    assert not how.is_silent


def test_one_who_said_nothing_is_silent() -> None:
    how = Behaviour()
    assert how.is_silent
    assert (how.mean_delay, how.late_percent, how.delay_so_far, oldest_days(how, day("2026-01-01"))) == (None,) * 4
    how.broken = 1
    assert not how.is_silent


def test_who_pays_nothing_is_worse_than_who_pays_late() -> None:
    silent, late, prompt, unknown = Behaviour(), Behaviour(), Behaviour(), Behaviour()
    silent.owe(100, 10_00, 300)
    late.receive(100, 160, 1_000_00)
    prompt.receive(100, 99, 1_000_00)
    prompt.owe(100, 10_00, 300)
    unknown.receive(UNKNOWN_DAY, 300, 1)
    assert sorted([unknown, prompt, late, silent], key=ranking) == [silent, late, prompt, unknown]
    assert fixed(prompt.delay_so_far or 0, 1) == "1.0"


def test_a_reversal_in_the_pool_of_one_payment_is_told_by_the_ledger() -> None:
    moves = [
        Movement(10, 1, 0, 0, 600, "invoice"),
        Movement(20, 1, 0, 0, 300, "invoice"),
        Movement(POOL, 15, 0, 0, -900, "payment"),
        Movement(POOL, 18, 0, 0, 400, "reversal"),
    ]
    assert payments(moves) == [Paid(10, 15, 500)]
    assert receipt("a") != receipt("b")
