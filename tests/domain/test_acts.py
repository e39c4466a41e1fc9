"""Each rule of an act, once refused and once satisfied."""

from domain.facts.insolvency import StayedByInsolvency
from tests.builders import (
    DEBTOR,
    called,
    credited,
    day,
    disputed,
    escalated,
    fell_due,
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
from tests.given import acting, given, seeing


def stayed(on: str) -> StayedByInsolvency:
    return StayedByInsolvency(cents=120000, kind="liquidation", on=day(on), party=DEBTOR)


def test_a_late_debtor_is_reminded() -> None:
    given(issued()).when(acting(reminded("2026-02-01"))).then(reminded("2026-02-01"))


def test_the_first_act_records_that_the_invoice_fell_due() -> None:
    given(issued(), today="2026-01-20")  # not due yet when issued
    entries = given(issued(), today="2026-01-20")
    entries.desk = given(today="2026-02-03").desk
    entries.when(acting(reminded("2026-02-01"))).then(reminded("2026-02-01"), fell_due())


def test_a_paid_invoice_is_never_reminded() -> None:
    given(issued(), paid("2026-02-03")).when(acting(reminded("2026-02-10"))).then_refused(
        "already_paid", "it was paid on 3 February 2026"
    )


def test_a_bounced_cheque_opens_the_way_again() -> None:
    given(issued(), paid("2026-02-03"), reversed_("2026-02-09")).when(acting(reminded("2026-02-10"))).then(
        reminded("2026-02-10")
    )


def test_a_reminder_before_the_due_day_is_a_courtesy() -> None:
    given(issued()).when(acting(reminded("2026-01-31"))).then_refused("not_late", "allowed from 1 February 2026")
    given(issued()).when(acting(reminded("2026-01-26", level=0))).then(reminded("2026-01-26", level=0))
    given(issued()).when(acting(reminded("2026-02-01", level=0))).then_refused("late_already")


def test_reminders_keep_a_distance_and_force_is_recorded() -> None:
    story = given(issued(), reminded("2026-02-01"))
    refusal = story.when(acting(reminded("2026-02-03", level=2))).then_refused(
        "too_soon", "allowed from 7 February 2026"
    )
    assert "--force" in str(refusal)
    forced = story.when(acting(reminded("2026-02-03", level=2), override="creditor_asked")).decided()[0]
    assert forced.override == "creditor_asked"
    assert [each.code for each in forced.policy] == ["too_soon"]
    assert forced.legal == ()


def test_force_never_passes_the_law_nor_the_record() -> None:
    notice = notified("2026-01-31", "2026-02-20")
    given(issued()).when(acting(notice, override="creditor_asked")).then_refused("not_due", "C. civ., art. 1344")
    given(issued(), paid("2026-01-31")).when(acting(reminded("2026-02-10"), override="creditor_asked")).then_refused(
        "nothing_owed", "no accessory is left"
    )


def test_accessories_of_a_price_paid_late_may_be_asked_for_by_force() -> None:
    """L441-10, II: penalties and the 40 EUR are owed by themselves; leaving a payer alone is policy."""
    late = given(issued(), paid("2026-02-05"))
    late.when(acting(reminded("2026-02-10"))).then_refused("already_paid", "it was paid on 5 February 2026")
    late.when(acting(reminded("2026-02-10"), override="accessories")).then_found("already_paid")


def test_an_act_already_done_is_recorded_with_what_it_breached() -> None:
    notice = acting(notified("2026-01-31", "2026-02-20"), already_done=True)
    given(issued(), reminded("2026-01-20", level=0)).when(notice).then_found("not_due")
    given(issued(), paid("2026-01-15")).when(notice).then_found("already_paid")
    given(issued(), today="2026-01-10").when(notice).then_refused("future")


def test_a_formal_notice_comes_after_a_reminder_by_policy() -> None:
    notice = notified("2026-02-15", "2026-03-09")
    given(issued()).when(acting(notice)).then_refused("not_reminded")
    given(issued(), reminded("2026-02-02")).when(acting(notice)).then(notice)


def test_a_petition_waits_for_the_notice_to_expire_by_policy() -> None:
    story = given(issued(), reminded("2026-02-02"), notified("2026-02-15", "2026-03-09"))
    story.when(acting(escalated("2026-03-09"))).then_refused("notice_running", "allowed from 10 March 2026")
    story.when(acting(escalated("2026-03-10"))).then(escalated("2026-03-10"))
    given(issued()).when(acting(escalated("2026-03-10"))).then_refused("no_formal_notice", "the law asks for none")


def test_a_petition_is_not_for_more_than_is_owed_nor_against_the_public_purse() -> None:
    heads = escalated("2026-03-10", "1 200,01")
    given(issued()).when(acting(heads, override="hurry")).then_refused("heads_above_owed")
    given(issued(debtor_kind="public")).when(acting(escalated("2026-03-10"), override="hurry")).then_refused(
        "public_debtor"
    )


def test_there_is_one_petition_at_a_time() -> None:
    given(issued(), escalated("2026-03-10")).when(acting(escalated("2026-03-11"), override="hurry")).then_refused(
        "no_such_step"
    )


def test_insolvency_stops_every_act() -> None:
    story = given(issued(), reminded("2026-02-02"), stayed("2026-02-10"))
    for act in (
        reminded("2026-02-20", 2),
        called("2026-02-20"),
        notified("2026-02-20", "2026-03-12"),
        escalated("2026-04-01"),
    ):
        story.when(acting(act, override="hurry")).then_refused("stayed", "L622-21")
    story.when(acting(called("2026-02-09"))).then(called("2026-02-09"))


def test_a_payment_under_a_stay_is_recorded_with_its_finding() -> None:
    given(issued(), stayed("2026-02-10")).when(seeing(paid("2026-02-20"))).then_found("paid_under_stay")


def test_a_promise_is_waited_for() -> None:
    story = given(issued(), promised("2026-02-05", "2026-02-20"))
    story.when(acting(reminded("2026-02-20"))).then_refused("promise_running", "allowed from 22 February 2026")
    story.when(acting(reminded("2026-02-22"))).then(reminded("2026-02-22"))


def test_a_whole_dispute_holds_the_ladder_and_any_dispute_the_petition() -> None:
    given(issued(), disputed("2026-02-01")).when(acting(reminded("2026-02-10"))).then_refused("disputed")
    part = disputed("2026-02-01", "200,00", whole=False)
    given(issued(), part).when(acting(reminded("2026-02-10"))).then(reminded("2026-02-10"))
    given(issued(), part).when(acting(escalated("2026-03-10"))).then_refused("dispute_open")


def test_a_write_off_takes_what_the_books_carry() -> None:
    given(issued()).when(acting(written_off("2026-06-01", "1 200,01"))).then_refused("write_off_above_owed")
    given(issued()).when(acting(written_off("2026-06-01", "1 000,00"))).then_refused(
        "write_off_above_owed", "a whole write-off takes all"
    )
    part = written_off("2026-06-01", "200,00", whole=False)
    given(issued()).when(acting(part)).then(part)


def test_instalments_are_late_one_by_one() -> None:
    parts = issued_in_parts(("600,00", "2026-01-31"), ("600,00", "2026-03-31"))
    given(parts, paid("2026-01-30", "600,00")).when(acting(reminded("2026-02-10"))).then_refused(
        "not_late", "31 March 2026"
    )
    given(parts, paid("2026-01-30", "600,00")).when(acting(reminded("2026-04-01"))).then(reminded("2026-04-01"))


def test_a_credit_note_and_a_payment_together_pay() -> None:
    given(issued(), credited("2026-02-01", "200,00")).when(seeing(paid("2026-02-03", "1 000,00"))).then(
        paid("2026-02-03", "1 000,00"), settled("2026-02-03", 100000, 20000)
    )


def test_nothing_is_recorded_of_tomorrow() -> None:
    given(issued(), today="2026-02-02").when(acting(reminded("2026-02-03"))).then_refused("future")
