"""Which act the policy calls for on a day: a pure function of state, policy and day. Ages count from the due day."""

import datetime as dt
from itertools import pairwise
from typing import Literal

from domain.invoice import Invoice
from domain.policy import Policy, PolicyStep

Promise = Literal["running", "kept", "broken"]


def next_step(invoice: Invoice, policy: Policy, on: dt.date) -> PolicyStep | None:
    """The first rung not climbed yet whose day has come; rungs missed are climbed one by one, with their distances.

    A call is for a person to make, and stops no other rung: `call_due` says when.
    """
    due = invoice.oldest_unpaid_due_on
    if due is None:
        return None
    age = (on - due).days
    rungs = [step for step in policy.steps if step.act != "call"]
    before = {step: step.after_days - previous.after_days for previous, step in pairwise(rungs)}
    for step in rungs:
        if _is_done(invoice, step, due, age):
            continue
        if age < step.after_days:
            return None
        last = invoice.last_reminded_on
        if last is not None and (on - last).days < before.get(step, 0):
            return None
        return step
    return None


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
    due = invoice.oldest_unpaid_due_on
    if (
        due is None
        or (invoice.notified_on and invoice.notified_on > due)
        or (invoice.called_on is not None and invoice.called_on >= due)
    ):
        return False
    return any(step.act == "call" and (on - due).days >= step.after_days for step in policy.steps)


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
