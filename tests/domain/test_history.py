"""Late facts, withdrawals, conclusions: each story told at four corners of the two times, balance and state."""

import pytest

from domain.errors import Refused
from domain.history import History
from tests.builders import (
    called,
    day,
    escalated,
    fell_due,
    granted,
    issued,
    issued_in_parts,
    notified,
    order_served,
    paid,
    reminded,
    reversed_,
    settled,
    withdrawn,
    written_off,
)
from tests.given import appended, given, recorded, seeing, state


def corner(entries: History, as_of: str, known_at: int) -> tuple[int, str, str]:
    found = state(entries, as_of, known_at)
    return found.book_residual_cents, found.regions.settlement, found.regions.ladder


def test_a_payment_learnt_late() -> None:
    before = recorded(issued(), reminded("2026-02-10"), today="2026-02-10")
    after = appended(before, paid("2026-02-05"), today="2026-03-01")
    early, late = before[-1].position, after[-1].position
    assert corner(after, "2026-02-04", early) == (120000, "owed", "due")
    assert corner(after, "2026-02-12", early) == (120000, "owed", "reminded")
    assert corner(after, "2026-02-04", late) == (120000, "owed", "due")
    assert corner(after, "2026-02-12", late) == (0, "paid", "reminded")


def test_a_payment_booked_on_the_wrong_invoice() -> None:
    before = recorded(issued(), paid("2026-02-05"), today="2026-02-05")
    after = appended(before, withdrawn(3, "2026-03-01", "wrong_invoice"), today="2026-03-01")
    early, late = before[-1].position, after[-1].position
    assert [entry.fact for entry in after[4:]] == [
        withdrawn(3, "2026-03-01", "wrong_invoice"),
        withdrawn(4, "2026-03-01", "superseded"),
    ]
    assert corner(after, "2026-02-04", early)[:2] == (120000, "owed")
    assert corner(after, "2026-02-05", early)[:2] == (0, "paid")
    assert corner(after, "2026-02-04", late)[:2] == (120000, "owed")
    assert corner(after, "2026-02-05", late)[:2] == (120000, "owed")


def test_a_wrong_amount() -> None:
    before = recorded(issued("1 200,00"), paid("2026-02-05", "1 000,00"), today="2026-02-05")
    after = appended(before, withdrawn(1, "2026-03-01"), issued("1 000,00"), today="2026-03-01")
    early, late = before[-1].position, after[-1].position
    assert corner(after, "2026-02-01", early)[:2] == (120000, "owed")
    assert corner(after, "2026-02-05", early)[:2] == (20000, "owed")
    assert corner(after, "2026-02-01", late)[:2] == (100000, "owed")
    assert corner(after, "2026-02-05", late)[:2] == (0, "paid")


def test_a_wrong_due_day() -> None:
    before = recorded(issued(due="2026-01-31"), reminded("2026-02-10"), today="2026-02-10")
    after = appended(before, withdrawn(1, "2026-03-01"), issued(due="2026-02-28"), today="2026-03-01")
    early, late = before[-1].position, after[-1].position
    assert state(after, "2026-02-10", early).overdue_cents(day("2026-02-10")) == 120000
    assert state(after, "2026-02-10", late).overdue_cents(day("2026-02-10")) == 0
    assert corner(after, "2026-02-10", early)[2] == "reminded"
    assert corner(after, "2026-02-10", late)[2] == "issued"  # a rung before the due day raises nothing
    assert corner(after, "2026-03-01", late)[2] == "due"
    assert fell_due("2026-02-28") in [entry.fact for entry in after]


def test_a_call_entered_late() -> None:
    before = recorded(issued(), notified("2026-02-20", "2026-03-12"), today="2026-02-20")
    after = appended(before, called("2026-02-10"), today="2026-03-01")
    early, late = before[-1].position, after[-1].position
    assert corner(after, "2026-02-15", early)[2] == "due"
    assert corner(after, "2026-02-15", late)[2] == "called"
    assert corner(after, "2026-02-25", early)[2] == "formally_notified"
    assert corner(after, "2026-02-25", late)[2] == "formally_notified"


def test_a_bounced_cheque_after_a_formal_notice() -> None:
    before = recorded(issued(), notified("2026-02-20", "2026-03-12"), paid("2026-03-01"), today="2026-03-01")
    after = appended(before, reversed_("2026-03-10"), today="2026-03-11")
    early, late = before[-1].position, after[-1].position
    assert corner(after, "2026-03-05", early) == (0, "paid", "formally_notified")
    assert corner(after, "2026-03-10", early) == (0, "paid", "formally_notified")
    assert corner(after, "2026-03-05", late) == (0, "paid", "formally_notified")  # the true past it was
    assert corner(after, "2026-03-10", late) == (120000, "owed", "formally_notified")


def test_an_earlier_payment_moves_the_day_of_payment() -> None:
    before = recorded(issued(), paid("2026-02-20", by="second"), today="2026-02-20")
    after = appended(before, paid("2026-02-05", by="first"), today="2026-03-01")
    assert [entry.fact for entry in after[4:]] == [
        paid("2026-02-05", by="first"),
        withdrawn(4, "2026-03-01", "superseded"),
        settled("2026-02-05"),
    ]
    assert state(after).paid_on == day("2026-02-05")


def test_a_deposit_counts_from_the_issue_day() -> None:
    entries = recorded(issued(on="2026-01-01"), paid("2025-12-20", "300,00"))
    assert state(entries, "2026-01-01").book_residual_cents == 90000


def test_paid_again_on_the_day_of_a_reversal() -> None:
    entries = recorded(
        issued(), paid("2026-02-05", by="cheque"), reversed_("2026-02-10", by="cheque"), paid("2026-02-10", by="wire")
    )
    assert [entry.fact for entry in entries if entry.fact.role == "conclusion"] == [
        fell_due(),
        settled("2026-02-05"),
        settled("2026-02-10"),
    ]
    assert state(entries, "2026-02-10").regions.settlement == "paid"


def test_a_reversal_that_leaves_it_covered_pays_again() -> None:
    given(issued(), paid("2026-02-05", by="a"), paid("2026-02-06", by="b")).when(
        seeing(reversed_("2026-02-08", by="b"))
    ).then(reversed_("2026-02-08", by="b"), settled("2026-02-08"))


def test_what_came_after_a_write_off_takes_it_back() -> None:
    entries = recorded(issued(), written_off("2026-06-01"), paid("2026-07-01", "500,00"))
    assert state(entries, "2026-06-15").book_residual_cents == 0
    assert state(entries).book_residual_cents == 0
    assert state(entries).written_off_cents == 70000
    assert state(entries).unsettled_cents == 70000


def test_a_step_that_does_not_follow_names_what_to_record_first() -> None:
    given(issued()).when(seeing(order_served("2026-05-01"))).then_refused(
        "no_such_step", "record first: escalate, then order granted"
    )


def test_a_withdrawal_that_would_break_the_path_is_refused() -> None:
    story = given(
        issued(), escalated("2026-03-01"), granted("2026-04-01"), order_served("2026-05-01"), today="2026-06-01"
    )
    story.when(seeing(withdrawn(4, "2026-06-01"))).then_refused("no_such_step")
    story.when(seeing(withdrawn(4, "2026-06-01"), granted("2026-04-02"))).then(
        withdrawn(4, "2026-06-01"), granted("2026-04-02")
    )


def test_the_issue_is_not_withdrawn_alone_nor_a_withdrawal_nor_a_conclusion() -> None:
    given(issued(), today="2026-06-01").when(seeing(withdrawn(1, "2026-06-01"))).then_refused("not_issued")
    given(issued(), called("2026-02-02"), withdrawn(3, "2026-06-01"), today="2026-06-01").when(
        seeing(withdrawn(4, "2026-06-01"))
    ).then_refused("not_standing")
    given(issued(), today="2026-06-01").when(seeing(withdrawn(2, "2026-06-01"))).then_refused("conclusion")
    given(issued(), today="2026-06-01").when(seeing(withdrawn(9, "2026-06-01"))).then_refused("not_standing")


def test_a_second_issue_with_other_content_is_refused() -> None:
    given(issued()).when(seeing(issued("900,00"))).then_refused("different_content")


def test_a_reversal_takes_back_no_more_than_came_and_not_before() -> None:
    given(issued(), paid("2026-02-05", "500,00")).when(seeing(reversed_("2026-02-10", "500,01"))).then_refused(
        "no_such_payment"
    )
    given(issued(), paid("2026-02-05", "500,00")).when(seeing(reversed_("2026-02-04", "500,00"))).then_refused(
        "no_such_payment"
    )
    given(issued()).when(seeing(reversed_("2026-02-10"))).then_refused("no_such_payment")


def test_named_instalments_are_reduced_first_and_the_rest_oldest_first() -> None:
    parts = issued_in_parts(("600,00", "2026-01-31"), ("600,00", "2026-03-31"))
    by_name = recorded(parts, paid("2026-02-05", "400,00", instalment=2))
    assert state(by_name).unpaid() == [(day("2026-01-31"), 60000), (day("2026-03-31"), 20000)]
    plain = recorded(parts, paid("2026-02-05", "700,00"))
    assert state(plain).unpaid() == [(day("2026-03-31"), 50000)]
    too_much = recorded(parts, paid("2026-02-05", "700,00", instalment=2))
    assert state(too_much).unpaid() == [(day("2026-01-31"), 50000)]


def test_before_the_issue_day_there_is_nothing() -> None:
    entries = recorded(issued())
    with pytest.raises(AssertionError):
        state(entries, "2025-12-31")


def test_an_unknown_due_day_never_falls() -> None:
    assert [entry.fact.move for entry in recorded(issued(due=None))] == ["InvoiceIssued"]


def test_refusals_add_nothing() -> None:
    entries = recorded(issued())
    with pytest.raises(Refused):
        appended(entries, order_served("2026-05-01"))
    assert len(entries) == 2
