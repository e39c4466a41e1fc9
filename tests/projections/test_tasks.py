"""What is to be done on a day: which sentence, which urgency, in which order."""

import datetime as dt

from domain.facts.fact import Fact
from domain.facts.insolvency import StayedByInsolvency
from domain.facts.invoicing import PromiseBroken
from domain.facts.procedure import OrdonnanceServed, TitleEnforceable
from domain.law.tables import shipped
from domain.policy import Policy, standard
from projections.outlook import Circumstances, outlook
from projections.tasks import LABELS, URGENCIES, Task, tasks
from projections.worklist import Outlook, next_date_of
from tests.builders import (
    DEBTOR,
    PROCEEDING,
    called,
    day,
    disputed,
    escalated,
    granted,
    issued,
    issued_in_parts,
    notified,
    paid,
    promised,
    reminded,
)
from tests.given import recorded

ONE_DAY = dt.timedelta(days=1)


def looked(on: str, *facts: Fact, policy: Policy | None = None, cash: str | None = None) -> Outlook:
    about = Circumstances(shipped(), policy or standard(), day(on), day(on), day(cash) if cash else None)
    found = outlook(recorded(*facts, today=on), about)
    assert found is not None
    return found


def listed(
    on: str, *facts: Fact, bank: bool = True, within: int = 30, policy: Policy | None = None, late: str | None = None
) -> list[Task]:
    """The tasks of a day, ranked."""
    cash = (day(on) - ONE_DAY).isoformat() if bank else late
    seen = looked(on, *facts, policy=policy, cash=cash)
    found = tasks(seen, policy or standard(), day(on), day(cash) if cash else None, within)
    return sorted(found, key=lambda task: task.rank)


def brief(found: list[Task]) -> list[tuple[str, str, str | None]]:
    return [(task.urgency, task.what, task.by.isoformat() if task.by else None) for task in found]


def test_a_step_of_the_policy_is_an_act_once_the_bank_has_spoken_and_waits_before() -> None:
    (act,) = listed("2026-02-03", issued())
    assert (act.urgency, act.what, act.since, act.cents) == ("act", "remind 1", day("2026-02-01"), 120_000)
    assert act.reference == "the creditor's policy"
    (held,) = listed("2026-02-03", issued(), bank=False)
    assert (held.urgency, held.what) == ("waits", "remind 1")
    assert "the bank has not spoken yet" in held.why
    (late,) = listed("2026-02-03", issued(), bank=False, late="2026-02-01")
    assert "the bank has spoken until 1 February 2026 only" in late.why


def test_a_courtesy_asks_nothing_of_the_bank() -> None:
    assert brief(listed("2026-01-27", issued(), bank=False)) == [("act", "courtesy", None)]


def test_nothing_is_to_be_done_before_its_day() -> None:
    assert listed("2026-01-20", issued()) == []
    assert listed("2026-02-03", issued(), paid("2026-02-02")) == []


def test_a_call_is_since_its_day_and_the_next_reminder_since_its_own() -> None:
    found = listed("2026-02-16", issued(), reminded("2026-02-02"))
    assert [(task.what, task.since) for task in found] == [("call", day("2026-02-08")), ("remind 2", day("2026-02-16"))]


def test_what_a_rule_refuses_waits_and_says_which() -> None:
    found = listed("2026-02-20", issued(), reminded("2026-02-02"), called("2026-02-09"), disputed("2026-02-10"))
    assert brief(found) == [("open", "dispute", None), ("waits", "remind 2", None)]
    assert "disputed since 10 February 2026" in found[0].why
    assert "the debtor disputes it whole" in found[1].why


def test_a_notice_that_ran_out_lets_a_petition_be_proposed() -> None:
    found = listed("2026-03-20", issued(), reminded("2026-02-02"), notified("2026-02-20", "2026-03-12"))
    assert brief(found) == [("act", "injonction", None)]
    assert (found[0].since, found[0].why) == (day("2026-03-13"), "the formal notice gave until 12 March 2026")


def test_a_right_that_ends_comes_first_by_its_day() -> None:
    stay = StayedByInsolvency(
        cents=1, kind="liquidation", on=day("2026-03-01"), party=DEBTOR, published_on=day("2026-03-05")
    )
    sold = issued().model_copy(update={"clauses": ("retention_of_title",)})
    assert brief(listed("2026-05-01", sold, stay)) == [
        ("right", "claim_declaration", "2026-05-05"),
        ("act", "retention_of_title", "2026-06-05"),
    ]
    assert brief(listed("2026-05-10", sold, stay)) == [
        ("right", "retention_of_title", "2026-06-05"),
        ("passed", "claim_declaration", "2026-05-05"),
        ("act", "forclusion_relief", "2026-09-05"),
    ]
    later = listed("2026-08-01", sold, stay)
    assert brief(later) == [("act", "declaration", None), ("act", "forclusion_relief", "2026-09-05")]
    assert later[0].why.endswith("the last day was 5 May 2026")


def test_the_time_bar_is_told_by_the_prudent_date_then_by_the_other_once_that_has_passed() -> None:
    invoice = issued(on="2021-01-01", due="2021-05-31").model_copy(update={"performed_on": day("2021-03-10")})
    bars = [task for task in listed("2026-02-20", invoice) if task.what == "limitation"]
    assert brief(bars) == [("right", "limitation", "2026-03-10")]
    assert "(prudent date)" in bars[0].why
    assert not [task for task in listed("2026-02-07", invoice) if task.what == "limitation"]
    assert [task.by for task in listed("2026-02-07", invoice, within=31) if task.what == "limitation"] == [
        day("2026-03-10")
    ]
    passed = [task for task in listed("2026-03-11", invoice) if task.what == "limitation"]
    assert brief(passed) == [("passed", "limitation", "2026-03-10")]
    assert "it passed on 10 March 2026" in passed[0].why
    near = [task for task in listed("2026-05-20", invoice) if task.what == "limitation"]
    assert brief(near) == [("right", "limitation", "2026-05-31")]
    arguable = standard().model_copy(update={"readings": {"limitation_alarm": "arguable"}})
    assert not [task for task in listed("2026-02-20", invoice, policy=arguable) if task.what == "limitation"]


def test_an_order_to_serve_is_an_act_whatever_its_day_and_an_enforcement_once_it_may_be() -> None:
    steps = (issued(), escalated("2026-03-02"), granted("2026-03-20"))
    found = [task for task in listed("2026-03-21", *steps) if task.what == "order_service"]
    assert brief(found) == [("act", "order_service", "2026-09-20")]
    served = OrdonnanceServed(mode="person", on=day("2026-04-10"), proceeding=PROCEEDING)
    assert not [task for task in listed("2026-05-01", *steps, served) if task.what == "enforcement"]
    after = [task for task in listed("2026-05-12", *steps, served) if task.what == "enforcement"]
    assert brief(after) == [("act", "enforcement", None)]
    assert after[0].since == day("2026-05-12")
    title = TitleEnforceable(basis="clerk_statement", on=day("2026-05-15"), proceeding=PROCEEDING)
    opened = [task for task in listed("2026-06-01", *steps, served, title) if task.urgency == "open"]
    assert [(task.what, task.since) for task in opened] == [("title", day("2026-05-15"))]


def test_a_promise_is_told_when_it_is_near_kept_broken_or_waits_for_the_bank() -> None:
    promise = promised("2026-02-03", "2026-03-20")
    first = (issued(), reminded("2026-02-02"))

    def said(on: str, *more: Fact, bank: bool = True) -> list[str]:
        return [task.why for task in listed(on, *first, promise, *more, bank=bank) if task.what == "promise"]

    assert said("2026-02-10") == []
    assert said("2026-02-18") == ["promised for 20 March 2026"]
    assert said("2026-03-22") == ["promised for 20 March 2026: the money had not come when the bank spoke for it"]
    assert said("2026-03-22", bank=False) == ["promised for 20 March 2026; the bank has not spoken yet"]
    assert said("2026-03-22", paid("2026-03-19")) == ["promised for 20 March 2026: the money came"]


def test_a_promise_broken_is_open_until_something_is_done() -> None:
    broken = PromiseBroken(cash_known_until=day("2026-02-21"), due_on=day("2026-02-20"), on=day("2026-02-22"))
    story = (issued(), reminded("2026-02-02"), promised("2026-02-03", "2026-02-20"), broken)
    assert ("open", "promise_broken", None) in brief(listed("2026-02-23", *story))
    assert ("open", "promise_broken", None) not in brief(listed("2026-02-25", *story, called("2026-02-24")))


def test_the_urgencies_are_ranked_as_they_are_stated() -> None:
    drawn = [
        Task(urgency, what, "", by, None, cents, "")
        for urgency in URGENCIES
        for what, by, cents in (
            ("a", day("2026-03-01"), 100),
            ("b", day("2026-04-01"), 300),
            ("c", day("2026-03-01"), 200),
        )
    ]
    ranked = sorted(drawn, key=lambda task: task.rank)
    assert [task.urgency for task in ranked] == [urgency for urgency in URGENCIES for _ in range(3)]
    by_day, newest_first, by_amount = ["c", "a", "b"], ["b", "c", "a"], ["b", "c", "a"]
    orders = [by_day, newest_first, by_day, by_amount, by_amount, by_amount]
    assert [task.what for task in ranked] == [what for order in orders for what in order]


def test_every_kind_of_deadline_has_its_sentence() -> None:
    from domain.deadline import KINDS  # noqa: PLC0415

    assert set(LABELS) == set(KINDS)


# The next date


def test_the_next_date_is_the_first_of_what_comes() -> None:
    on = day("2026-01-10")
    courtesy = next_date_of(looked("2026-01-10", issued()), on)
    assert courtesy == (day("2026-01-26"), "policy")
    noticed = (issued(), reminded("2026-02-02"), notified("2026-02-20", "2026-03-12"))
    assert next_date_of(looked("2026-02-25", *noticed), day("2026-02-25")) == (day("2026-03-12"), "notice")
    assert next_date_of(looked("2026-03-20", *noticed), day("2026-03-20")) == (day("2026-03-20"), "policy")


def test_the_time_bar_is_the_last_resort_and_the_last_of_what_passed_where_all_did() -> None:
    filed = (issued(), escalated("2026-03-02"), granted("2026-03-20"))
    served = OrdonnanceServed(mode="person", on=day("2026-04-10"), proceeding=PROCEEDING)
    title = TitleEnforceable(basis="clerk_statement", on=day("2026-05-15"), proceeding=PROCEEDING)
    about = looked("2026-06-01", *filed, served, title)
    without_policy = about._replace(next_on=None)
    assert next_date_of(without_policy, day("2026-06-01")) == (day("2036-05-15"), "title")
    assert next_date_of(without_policy, day("2040-01-01")) == (day("2036-05-15"), "title")
    unknown = looked("2026-06-01", issued(due=None))
    assert next_date_of(unknown, day("2026-06-01")) is None


def test_an_outlook_of_several_dues_holds_to_the_first_of_them() -> None:
    parts = issued_in_parts(("600,00", "2026-03-31"), ("600,00", "2026-06-30"))
    seen = looked("2026-01-10", parts)
    assert (seen.is_lasting, seen.until_on) == (True, day("2026-03-25"))
    late = looked("2026-04-10", parts)
    assert (late.is_lasting, late.from_on, late.until_on) == (False, day("2026-04-10"), day("2026-04-10"))
