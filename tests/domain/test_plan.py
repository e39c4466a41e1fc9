"""The next act of the policy: rungs missed are climbed one by one; promises are judged when the bank has spoken."""

import datetime as dt

import pytest

from domain.facts.fact import Fact
from domain.facts.insolvency import StayedByInsolvency
from domain.facts.invoicing import PaymentPromised
from domain.facts.procedure import OrdonnanceRefused
from domain.history import replay
from domain.invoice import Invoice
from domain.plan import call_due, may_escalate, next_step, promise_state
from domain.policy import PolicyStep, standard
from tests.builders import (
    DEBTOR,
    called,
    day,
    escalated,
    issued,
    issued_in_parts,
    notified,
    paid,
    promised,
    reminded,
    reversed_,
    settled,
    written_off,
)
from tests.given import recorded, state


def invoice(*facts: Fact) -> Invoice:
    return state(recorded(*facts))


def step(on: str, *facts: Fact) -> tuple[str, int] | None:
    found: PolicyStep | None = next_step(invoice(issued(), *facts), standard(), day(on))
    return (found.act, found.level) if found else None


# Rungs


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-01-25", None),
        ("2026-01-26", ("courtesy", 0)),
        ("2026-01-30", ("courtesy", 0)),
        ("2026-01-31", None),
        ("2026-02-01", ("remind", 1)),
        ("2026-03-31", ("remind", 1)),
    ],
)
def test_the_first_rung_whose_day_has_come(on: str, expected: tuple[str, int] | None) -> None:
    assert step(on) == expected


def test_a_courtesy_is_sent_once_and_never_when_late() -> None:
    assert step("2026-01-30", reminded("2026-01-27", level=0)) is None
    assert step("2026-02-01", reminded("2026-01-27", level=0)) is None  # the distance of the plan
    assert step("2026-02-02", reminded("2026-01-27", level=0)) == ("remind", 1)


def test_rungs_missed_are_climbed_one_by_one_with_their_distances() -> None:
    first = reminded("2026-04-01")
    assert step("2026-04-01") == ("remind", 1)
    assert step("2026-04-14", first) is None
    assert step("2026-04-15", first) == ("remind", 2)
    second = reminded("2026-04-15", level=2)
    assert step("2026-04-29", first, second) is None
    assert step("2026-04-30", first, second) == ("notify", 0)
    assert step("2026-05-30", first, second, notified("2026-04-30", "2026-05-20")) is None


def test_a_call_not_made_stops_no_other_rung() -> None:
    assert step("2026-02-15", reminded("2026-02-01")) == ("remind", 2)
    assert step("2026-02-09", reminded("2026-02-01")) is None


def test_a_higher_level_makes_the_lower_ones_moot_and_a_notice_all() -> None:
    assert step("2026-03-20", reminded("2026-02-10", level=2)) == ("notify", 0)
    assert step("2026-03-20", notified("2026-02-10", "2026-03-02")) is None


def test_ages_count_from_the_oldest_due_day_that_is_unpaid() -> None:
    parts = issued_in_parts(("600,00", "2026-01-31"), ("600,00", "2026-03-31"))
    assert next_step(invoice(parts), standard(), day("2026-02-01")) is not None
    settled_first = invoice(parts, paid("2026-01-31", "600,00"))
    assert next_step(settled_first, standard(), day("2026-02-10")) is None
    due_later = next_step(settled_first, standard(), day("2026-03-26"))
    assert due_later is not None
    assert due_later.act == "courtesy"


def test_nothing_is_planned_for_what_is_paid_or_due_on_no_known_day() -> None:
    assert step("2026-04-01", paid("2026-03-01")) is None
    assert next_step(invoice(issued(due=None)), standard(), day("2026-04-01")) is None
    assert step("2026-04-01", paid("2026-03-01"), reversed_("2026-03-10")) == ("remind", 1)


def test_a_write_off_ends_nothing_in_law_and_the_plan_goes_on() -> None:
    assert step("2026-04-01", written_off("2026-03-01")) == ("remind", 1)


# Calls


def test_a_call_is_for_a_person_from_its_day_until_it_is_made() -> None:
    assert not call_due(invoice(issued()), standard(), day("2026-02-07"))
    assert call_due(invoice(issued()), standard(), day("2026-02-08"))
    assert call_due(invoice(issued(), called("2026-01-30")), standard(), day("2026-02-08"))
    assert not call_due(invoice(issued(), called("2026-01-31")), standard(), day("2026-02-08"))
    assert not call_due(invoice(issued(), notified("2026-02-05", "2026-02-25")), standard(), day("2026-02-08"))
    assert not call_due(invoice(issued(), paid("2026-02-05")), standard(), day("2026-02-08"))


# The petition


def test_a_petition_is_proposed_from_the_day_after_the_deadline() -> None:
    noticed = (issued(), notified("2026-02-15", "2026-03-09"))
    assert not may_escalate(invoice(*noticed), day("2026-03-09"))
    assert may_escalate(invoice(*noticed), day("2026-03-10"))
    assert not may_escalate(invoice(issued()), day("2026-03-10"))
    assert not may_escalate(invoice(*noticed, paid("2026-03-01")), day("2026-03-10"))
    assert not may_escalate(invoice(*noticed, escalated("2026-03-10")), day("2026-03-11"))


def test_a_petition_is_proposed_again_once_the_first_was_refused() -> None:
    refused = OrdonnanceRefused(on=day("2026-04-01"), proceeding="a0" * 16)
    ended = invoice(issued(), notified("2026-02-15", "2026-03-09"), escalated("2026-03-10"), refused)
    assert may_escalate(ended, day("2026-04-02"))


# Promises


def promise(cents: int | None = None, on: str = "2026-02-05", due: str = "2026-02-20") -> PaymentPromised:
    return PaymentPromised(cents=cents, due_on=day(due), on=day(on))


def judged(found: Invoice, cash: str | None, on: str = "2026-02-22") -> str | None:
    """The promise judged on a day, the standard tolerance of one day included."""
    last = found.promise_due_on and found.promise_due_on + dt.timedelta(days=1)
    return promise_state(found, found, last, day(on), (cash and day(cash)) or None)


def test_a_promise_is_broken_only_when_the_bank_has_spoken_for_its_day_and_the_tolerance() -> None:
    waiting = invoice(issued(), promised("2026-02-05", "2026-02-20"))
    assert judged(waiting, None) == "running"
    assert judged(waiting, "2026-02-20") == "running"
    assert judged(waiting, "2026-02-21") == "broken"
    assert judged(waiting, "2026-02-21", on="2026-02-21") == "running"


def test_a_promise_paid_late_is_broken_not_kept() -> None:
    history = recorded(issued(), promised("2026-02-05", "2026-02-10"), paid("2026-02-18"))
    last = day("2026-02-11")
    then = replay(history, as_of=last)
    assert promise_state(state(history, "2026-02-20"), then, last, day("2026-02-20"), day("2026-02-19")) == "broken"


def test_nobody_breaks_a_promise_that_the_law_forbids_to_keep() -> None:
    stay = StayedByInsolvency(cents=120000, kind="liquidation", on=day("2026-02-10"), party=DEBTOR)
    assert judged(invoice(issued(), promised("2026-02-05", "2026-02-20"), stay), "2026-02-22") is None


def test_a_promise_of_all_is_kept_by_all_and_of_a_part_by_the_part() -> None:
    all_of_it = invoice(issued(), promise(), paid("2026-02-10", "1 199,99"))
    assert judged(all_of_it, "2026-02-21") == "broken"
    part = invoice(issued(), promise(50_000), paid("2026-02-10", "500,00"))
    assert judged(part, "2026-02-10") == "kept"
    less = invoice(issued(), promise(50_000), paid("2026-02-10", "499,99"))
    assert judged(less, "2026-02-10") == "running"


def test_what_had_come_before_the_promise_keeps_none_of_it() -> None:
    before = invoice(issued(), paid("2026-02-01", "500,00"), promise(50_000))
    assert judged(before, "2026-02-21") == "broken"
    after = invoice(issued(), paid("2026-02-01", "500,00"), promise(50_000), paid("2026-02-19", "500,00", by="b"))
    assert judged(after, "2026-02-21") == "kept"


def test_a_payment_that_bounced_keeps_no_promise() -> None:
    bounced = invoice(issued(), promise(50_000), paid("2026-02-10", "500,00"), reversed_("2026-02-15", "500,00"))
    assert judged(bounced, "2026-02-21") == "broken"


def test_without_a_running_promise_there_is_nothing_to_judge() -> None:
    assert judged(invoice(issued()), "2026-02-21") is None
    paid_up = invoice(issued(), paid("2026-02-10"))
    assert paid_up.paid_on == settled("2026-02-10").on
    assert judged(paid_up, "2026-02-21") is None
