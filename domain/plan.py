"""Which act the policy calls for on a day: a pure function of state, policy and day. Ages count from the due day."""

import datetime as dt
from itertools import pairwise
from typing import Literal

from domain.calendar import ONE_DAY
from domain.invoice import Invoice
from domain.policy import Policy, PolicyStep

Promise = Literal["running", "kept", "broken"]


def next_step(invoice: Invoice, policy: Policy, on: dt.date) -> PolicyStep | None:
    """The first rung not climbed yet whose day has come; rungs missed are climbed one by one, with their distances.

    A call is for a person to make, and stops no other rung: `call_due` says when.
    """
    found = called_for(invoice, policy, on)
    return found[0] if found else None


def called_for(invoice: Invoice, policy: Policy, on: dt.date) -> tuple[PolicyStep, dt.date] | None:
    """The same, with the day from which it is called for."""
    due = invoice.oldest_unpaid_due_on
    if due is None:
        return None
    age = (on - due).days
    rungs = [step for step in policy.steps if step.act != "call"]
    gaps = _gaps(policy)
    for step in rungs:
        if _is_done(invoice, step, due, age):
            continue
        since = due + dt.timedelta(days=step.after_days)
        last = invoice.last_reminded_on
        if last is not None:
            since = max(since, last + dt.timedelta(days=gaps.get(step, 0)))
        return (step, since) if since <= on else None
    return None


def _gaps(policy: Policy) -> dict[PolicyStep, int]:
    """The days that each rung keeps from the one before it."""
    rungs = [step for step in policy.steps if step.act != "call"]
    return {step: step.after_days - previous.after_days for previous, step in pairwise(rungs)}


def _is_done(invoice: Invoice, step: PolicyStep, due: dt.date, age: int) -> bool:
    if step.act == "courtesy":
        start = due + dt.timedelta(days=step.after_days)
        return age >= 0 or (invoice.courtesy_on is not None and invoice.courtesy_on >= start)
    is_notified = invoice.notified_on is not None and invoice.notified_on > due
    if step.act == "remind":  # a reminder of an earlier instalment is none of this one
        reminded = invoice.last_late_reminder_on
        return is_notified or (reminded is not None and reminded > due and invoice.last_level >= step.level)
    return is_notified


def call_due(invoice: Invoice, policy: Policy, on: dt.date) -> bool:
    """Whether the policy calls for a telephone call that was not made since the due day."""
    since = call_due_since(invoice, policy)
    return since is not None and since <= on


def call_due_since(invoice: Invoice, policy: Policy) -> dt.date | None:
    """The first day on which the policy calls for that call; none where it was made, or asks for none."""
    due = invoice.oldest_unpaid_due_on
    if (
        due is None
        or (invoice.notified_on and invoice.notified_on > due)
        or (invoice.called_on is not None and invoice.called_on >= due)
    ):
        return None
    ages = [step.after_days for step in policy.steps if step.act == "call"]
    return due + dt.timedelta(days=min(ages)) if ages else None


def may_escalate(invoice: Invoice, on: dt.date) -> bool:
    """Whether the formal notice has run out and no proceeding is open: to be proposed, never done by itself."""
    until = invoice.notice_deadline_on
    is_open = invoice.regions.procedure in {"no_procedure", "ended"} and invoice.regions.settlement == "owed"
    return until is not None and on > until and is_open and invoice.unsettled_cents > 0


def promise_state(
    invoice: Invoice, then: Invoice | None, last: dt.date | None, on: dt.date, cash_known_until: dt.date | None
) -> Promise | None:
    """What became of the running promise; nothing without a promise, or where nobody may judge it.

    Args:
        invoice: as it stands on the day.
        then: as it stood at the end of the last day, tolerance included, or of the day if that is earlier.
        last: the last day for the money to come, tolerance included.
        on: the day.
        cash_known_until: the last day for which the bank has spoken.
    """
    if last is None or then is None or invoice.regions.arrangement != "promised":
        return None
    came = then.paid_cents - invoice.promise_before_cents
    if then.unsettled_cents <= 0 or (invoice.promise_cents is not None and came >= invoice.promise_cents):
        return "kept"
    if invoice.regions.standing == "stayed" or invoice.regions.dispute == "disputed":
        return None
    return "broken" if on > last and cash_known_until is not None and cash_known_until >= last else "running"


def turning_days(invoice: Invoice, policy: Policy) -> list[dt.date]:
    """The days on which what the policy calls for, or what refuses it, may change while nothing is recorded; sorted.

    Between two of them nothing does, save the claim in law of an invoice with several due days.
    """
    days = {part.due for part in invoice.issued.instalments if part.due}
    days |= {due + ONE_DAY for due in days}
    due, last = invoice.oldest_unpaid_due_on, invoice.last_reminded_on
    if due:
        days |= {due + dt.timedelta(days=step.after_days) for step in policy.steps}
    if last:
        days |= {last + dt.timedelta(days=gap) for gap in (*_gaps(policy).values(), policy.spacing_days)}
    if invoice.notice_deadline_on:
        days.add(invoice.notice_deadline_on + ONE_DAY)
    if invoice.promise_due_on:
        days.add(invoice.promise_due_on + ONE_DAY)
        days.add(invoice.promise_due_on + dt.timedelta(days=policy.promise_tolerance_days + 1))
    if invoice.transferred_on:
        days.add(invoice.transferred_on)
    return sorted(days)
