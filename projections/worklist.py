"""What a day holds for one invoice, and what of it is to be done, most urgent first.

An outlook is computed once and stays true, while nothing is recorded, on every day from `from_on` to `until_on`: a pass over a
portfolio then reads it in place of the history. The bank changes nothing in it but for a promise: whoever reads it knows how far the
bank has spoken.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from domain.calendar import ONE_DAY
from domain.deadline import Deadline
from domain.errors import in_words
from domain.plan import Promise
from domain.policy import Policy, PolicyStep

DECLARATION: Final = "insolvency proceedings are open: the claim is declared (C. com., art. L622-24)"
OpenCode = Literal["dispute", "title", "promise_broken"]


class Open(NamedTuple):
    """Something that is open on the record, since a day."""

    code: OpenCode
    since: dt.date
    cents: int


class Outlook(NamedTuple):
    """What a day holds for one invoice.

    Attributes:
        creditor: whose claim.
        debtor: on whom.
        residual_cents: what the books carry.
        from_on: the first day on which all this holds, nothing being recorded.
        until_on: the last.
        settled_on: the day of the newest fact: from it on, the deadlines hold.
        is_lasting: whether it holds on other days than the one asked about, and however far the bank has spoken.
        concludes_on: the first day whose recording concludes that something fell due.
        promise: what became of the running promise.
        promise_due_on: its day.
        stayed_on: since when a judgment stops individual action.
        petition_since: since when a petition may be proposed.
        call_since: since when the policy has the debtor called.
        step: the rung to climb, by its number in the policy.
        step_since: since when.
        refused: why it waits, where a rule refuses it.
        next_on: the first day from this one on which the policy calls for something.
        opened: what is open.
        deadlines: every deadline.
    """

    creditor: str
    debtor: str
    residual_cents: int
    from_on: dt.date
    until_on: dt.date
    settled_on: dt.date
    is_lasting: bool
    concludes_on: dt.date | None
    promise: Promise | None
    promise_due_on: dt.date | None
    stayed_on: dt.date | None
    petition_since: dt.date | None
    call_since: dt.date | None
    step: int | None
    step_since: dt.date | None
    refused: str | None
    next_on: dt.date | None
    opened: tuple[Open, ...]
    deadlines: tuple[Deadline, ...]

    @property
    def is_loud(self) -> bool:
        """Whether a pass of such a day does, or says, something of it, conclusions apart."""
        said = (self.stayed_on, self.petition_since, self.call_since, self.step, self.promise)
        return any(each is not None for each in said)

    def concludes(self, today: dt.date) -> bool:
        """Whether a pass of today has something to conclude: what fell due, a promise kept or broken."""
        fell_due = self.concludes_on is not None and self.concludes_on <= today
        return fell_due or self.promise in {"kept", "broken"}


def has_spoken(cash: dt.date | None, on: dt.date) -> bool:
    """Whether the bank has spoken up to the day before."""
    return cash is not None and cash >= on - ONE_DAY


class Call(NamedTuple):
    """What the policy calls for: a rung to climb, or what is left to a person.

    Attributes:
        what: the act.
        why: in a sentence.
        since: the day from which it is called for.
        step: the rung, of what a pass records by itself.
        waits: whether something holds it.
    """

    what: str
    why: str
    since: dt.date | None
    step: PolicyStep | None = None
    waits: bool = False


def calls(seen: Outlook, policy: Policy, on: dt.date, cash: dt.date | None) -> Iterator[Call]:
    """What the policy calls for on a day, as far as the bank has spoken; what a person has to do comes first."""
    if seen.stayed_on:
        yield Call("declaration", DECLARATION, seen.stayed_on)
        return
    if seen.petition_since:
        until = in_words(seen.petition_since - ONE_DAY)
        yield Call("injonction", f"the formal notice gave until {until}", seen.petition_since)
    spoken = has_spoken(cash, on)
    if seen.call_since and spoken:
        yield Call("call", "the policy has the debtor called", seen.call_since)
    if seen.step is None:
        return
    step = policy.steps[seen.step]
    if seen.refused is not None:
        yield Call(step.act, seen.refused, seen.step_since, step, waits=True)
    elif step.act != "courtesy" and not spoken:
        until = f"the bank has spoken until {in_words(cash)} only" if cash else "the bank has not spoken yet"
        why = f"{until}: import payments, or give --cash-known-until"
        yield Call(step.act, why, seen.step_since, step, waits=True)
    else:
        yield Call(step.act, f"the policy has it {step.after_days} days from the due day", seen.step_since, step)


class NextDate(NamedTuple):
    """The next day on which an invoice is to be looked at, and why."""

    on: dt.date
    why: str


def next_date_of(seen: Outlook, on: dt.date) -> NextDate | None:
    """The first of what comes: a step of the policy, a promise, a deadline; of what is all past, the last deadline.

    Nothing where the record dates nothing: no due day is known, or no law.
    """
    coming = [NextDate(each.on, each.kind) for each in seen.deadlines if each.on and each.on >= on]
    if seen.next_on:
        coming.append(NextDate(max(seen.next_on, on), "declaration" if seen.stayed_on else "policy"))
    if coming:
        return min(coming)
    past = [NextDate(each.on, each.kind) for each in seen.deadlines if each.on]
    return max(past, default=None)
