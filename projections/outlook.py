"""Computes what a day holds for one invoice, and on which other days it holds too. Apart from its value, since it needs the chart."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from domain.account import Movement
from domain.calendar import ONE_DAY, next_working_day
from domain.deadlines import deadlines_of
from domain.decided import Desk
from domain.decisions import judge
from domain.facts.fact import Fact
from domain.facts.invoicing import (
    DisputeOpened,
    InvoiceFellDue,
    PaymentPromised,
    PaymentReceived,
    PromiseBroken,
)
from domain.facts.procedure import EnforcementActDone, EscalatedToInjonction, TitleEnforceable
from domain.facts.recovery import DebtorCalled, DebtorFormallyNotified, DebtorReminded
from domain.history import Entry, ordered, replay
from domain.invoice import Invoice
from domain.law.readings import Readings
from domain.law.tables import Law
from domain.plan import Promise, call_due_since, called_for, may_escalate, promise_state, turning_days
from domain.policy import Policy, PolicyStep
from domain.probes import ACTS, trial
from domain.rules.rule import Case
from projections.worklist import Open, Outlook

_DONE_SINCE: Final = (
    DebtorReminded, DebtorCalled, DebtorFormallyNotified, EscalatedToInjonction, PaymentReceived, PaymentPromised,
)  # fmt: skip


def act_of(step: PolicyStep, policy: Policy, on: dt.date, cash: dt.date | None) -> Fact:
    """The act that a rung of the policy is, on a day."""
    if step.act == "notify":
        deadline = next_working_day(on + dt.timedelta(days=policy.notice_deadline_days))
        return DebtorFormallyNotified(deadline_on=deadline, form=step.form or "lrar", on=on)
    return DebtorReminded(
        cash_known_until=cash and min(cash, on), channel=step.channel or "email", level=step.level, on=on
    )


class Circumstances(NamedTuple):
    """What surrounds an invoice on the day asked about.

    `is_unsteady`: the debtor has money on account, which the law shares out day by day. `claimed_cents`: of the whole petition.
    """

    law: Law
    policy: Policy
    on: dt.date
    today: dt.date
    cash: dt.date | None = None
    on_account: tuple[Movement, ...] = ()
    is_unsteady: bool = False
    claimed_cents: int | None = None


def outlook(history: Sequence[Entry], about: Circumstances) -> Outlook | None:
    """What a day holds for an invoice; nothing where it was not issued by then."""
    on, policy = about.on, about.policy
    invoice = replay(history, as_of=on)
    if invoice is None:
        return None
    placed = ordered(history)
    settled_on = max((effective for effective, _ in placed), default=invoice.issued.on)
    turning = turning_days(invoice, policy)
    several_dues = len(invoice.issued.instalments) > 1 and invoice.overdue_anything(on)
    is_promised = invoice.regions.arrangement == "promised"
    is_lasting = on >= settled_on and not (about.is_unsteady or is_promised or several_dues)
    from_on = max([settled_on, *(day for day in turning if day <= on)]) if is_lasting else on
    readings = Readings(policy.readings)
    deadlines = deadlines_of(about.law, history, on, readings=readings, claimed_cents=about.claimed_cents)
    seen = Outlook(
        creditor=invoice.issued.creditor,
        debtor=invoice.issued.debtor,
        residual_cents=invoice.book_residual_cents,
        from_on=from_on,
        until_on=min((day for day in turning if day > on), default=dt.date.max) - ONE_DAY if is_lasting else on,
        settled_on=settled_on,
        is_lasting=is_lasting,
        concludes_on=_concludes_on(history, invoice),
        promise=promise_of(history, invoice, policy, on, about.cash),
        promise_due_on=invoice.promise_due_on if is_promised else None,
        stayed_on=None,
        petition_since=None,
        call_since=None,
        step=None,
        step_since=None,
        refused=None,
        next_on=_next_on(invoice, policy, from_on, turning),
        opened=tuple(_open(invoice, [entry.fact for effective, entry in placed if effective <= on])),
        deadlines=tuple(deadlines),
    )
    return _called_for(seen, history, invoice, about)


def _called_for(seen: Outlook, history: Sequence[Entry], invoice: Invoice, about: Circumstances) -> Outlook:
    """The same, with what the policy calls for and what stands against it; nothing under a stay but the stay."""
    on, policy = about.on, about.policy
    if invoice.regions.standing == "stayed":
        return seen._replace(stayed_on=invoice.stayed_on or on, next_on=seen.from_on)
    desk = Desk(about.today, policy, law=about.law, on_account=about.on_account)
    until = invoice.notice_deadline_on
    if may_escalate(invoice, on) and until and not _is_hard(history, "escalate", on, desk):
        seen = seen._replace(petition_since=until + ONE_DAY)
    call = call_due_since(invoice, policy)
    if call and call <= on and invoice.regions.dispute != "disputed":
        refusals = trial(history, on, desk).of_act(ACTS["call"])
        seen = seen if refusals else seen._replace(call_since=call)
    found = called_for(invoice, policy, on)
    if found is None:
        return seen
    step, since = found
    fact = act_of(step, policy, on, None)
    against = judge(Case(invoice, fact, policy, about.law, history, on_account=about.on_account))
    return seen._replace(
        step=policy.steps.index(step), step_since=since, refused=against[0].reason if against else None
    )


def _is_hard(history: Sequence[Entry], act: str, on: dt.date, desk: Desk) -> bool:
    return any(no.kind != "policy" for no in trial(history, on, desk).of_act(ACTS[act]))


def promise_of(
    history: Sequence[Entry], invoice: Invoice, policy: Policy, on: dt.date, cash: dt.date | None
) -> Promise | None:
    """What became of the running promise, as far as the bank has spoken."""
    due = invoice.promise_due_on
    last = due and due + dt.timedelta(days=policy.promise_tolerance_days)
    then = replay(history, as_of=min(last, on)) if last else None
    return promise_state(invoice, then, last, on, cash)


def _concludes_on(history: Sequence[Entry], invoice: Invoice) -> dt.date | None:
    """The first due day that no entry concludes yet."""
    if invoice.regions.settlement == "cancelled":
        return None
    known = {
        (fact.instalment, fact.on) for _, entry in ordered(history) if isinstance(fact := entry.fact, InvoiceFellDue)
    }
    dues = [part.due for part in invoice.issued.instalments if part.due and (part.n, part.due) not in known]
    return min(dues, default=None)


def _next_on(invoice: Invoice, policy: Policy, on: dt.date, turning: Sequence[dt.date]) -> dt.date | None:
    """The first day, from a day on, on which the policy calls for something."""
    if invoice.regions.settlement != "owed":
        return None
    call = call_due_since(invoice, policy)
    for day in (on, *(day for day in turning if day > on)):
        if called_for(invoice, policy, day) or may_escalate(invoice, day) or (call and call <= day):
            return day
    return None


def _open(invoice: Invoice, facts: Sequence[Fact]) -> list[Open]:
    """What is open on the record: a dispute, a title of which nothing came, a promise broken and nothing done since."""
    found = []
    disputes = [fact for fact in facts if isinstance(fact, DisputeOpened)]
    if invoice.regions.dispute != "undisputed" and disputes:
        found.append(Open("dispute", disputes[-1].on, invoice.disputed_cents))
    titles = [fact for fact in facts if isinstance(fact, TitleEnforceable) and fact.proceeding == invoice.proceeding]
    is_idle = not any(isinstance(fact, EnforcementActDone) for fact in facts)
    if invoice.regions.procedure == "enforceable" and titles and is_idle and invoice.unsettled_cents > 0:
        found.append(Open("title", titles[0].on, invoice.unsettled_cents))
    ends = [fact for fact in facts if isinstance(fact, (PromiseBroken, *_DONE_SINCE))]
    if ends and isinstance(ends[-1], PromiseBroken) and invoice.regions.settlement == "owed":
        found.append(Open("promise_broken", ends[-1].due_on, invoice.unsettled_cents))
    return found
