"""The steps of the trade, each with the plainest fact it would record: what `can` tries against every rule."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from domain.decided import Desk
from domain.decisions import findings, judge
from domain.errors import Refusal, Refused
from domain.facts.fact import Fact
from domain.facts.invoicing import (
    CreditNoteApplied,
    DebtAcknowledged,
    DisputeOpened,
    DisputeSettled,
    PaymentPromised,
    PaymentReceived,
    PaymentReversed,
    WrittenOff,
)
from domain.facts.procedure import (
    EscalatedToInjonction,
    Head,
    OppositionLodged,
    OrdonnanceDeclined,
    OrdonnanceGranted,
    OrdonnanceLapsed,
    OrdonnanceRefused,
    OrdonnanceServed,
    ProceedingWithdrawn,
    TitleEnforceable,
)
from domain.facts.recovery import DebtorCalled, DebtorFormallyNotified, DebtorReminded
from domain.history import Entry, add, explained, ordered, pending, replay
from domain.invoice import Invoice, NoEdge, moved
from domain.rules.observations import FINDINGS
from domain.rules.rule import Case

Probe = Callable[[Invoice, dt.date], Fact]
_ANY: Final = "0" * 32
_NOT_ISSUED: Final = Refusal("not_issued", "fact", "the invoice was not issued by that day", "the record")


def _remind(invoice: Invoice, on: dt.date) -> Fact:
    due = invoice.oldest_unpaid_due_on
    return DebtorReminded(channel="email", level=0 if due and on <= due else invoice.reminders + 1, on=on)


def _write_off(invoice: Invoice, on: dt.date) -> Fact:
    return WrittenOff(cents=max(invoice.book_residual_cents, 1), extent="whole", on=on, reason="uneconomic")


def _petition(invoice: Invoice, on: dt.date) -> Fact:
    heads = (Head(cents=invoice.overdue_cents(on), head="principal"),)
    return EscalatedToInjonction(court="any", heads=heads, on=on, proceeding=_ANY)


ACTS: Final[dict[str, Probe]] = {
    "remind": _remind,
    "call": lambda _, on: DebtorCalled(on=on, result="reached"),
    "notify": lambda _, on: DebtorFormallyNotified(deadline_on=on, form="lrar", on=on),
    "escalate": _petition,
    "write-off": _write_off,
}


def _reverse(invoice: Invoice, on: dt.date) -> Fact:
    held = invoice.receipts[-1] if invoice.receipts else None
    receipt = held.id if held else _ANY
    return PaymentReversed(cents=held.cents if held else 1, on=on, reason="bank_error", receipt=receipt)


def _granted(invoice: Invoice, on: dt.date) -> Fact:
    heads = (Head(cents=1, head="principal"),)
    return OrdonnanceGranted(heads=heads, on=on, proceeding=invoice.proceeding or _ANY)


OBSERVATIONS: Final[dict[str, Probe]] = {
    "pay": lambda _, on: PaymentReceived(cents=1, on=on, receipt="f" * 32),
    "reverse": _reverse,
    "credit": lambda _, on: CreditNoteApplied(cents=1, number=_ANY, on=on, reason="unstated"),
    "acknowledge": lambda _, on: DebtAcknowledged(on=on),
    "promise": lambda _, on: PaymentPromised(due_on=on, on=on),
    "dispute": lambda _, on: DisputeOpened(cents=1, extent="part", on=on, reason="unstated"),
    "settle": lambda _, on: DisputeSettled(on=on, outcome="agreed"),
    "order granted": _granted,
    "order refused": lambda invoice, on: OrdonnanceRefused(on=on, proceeding=invoice.proceeding or _ANY),
    "order served": lambda invoice, on: OrdonnanceServed(mode="home", on=on, proceeding=invoice.proceeding or _ANY),
    "order opposed": lambda invoice, on: OppositionLodged(on=on, proceeding=invoice.proceeding or _ANY),
    "order lapsed": lambda invoice, on: OrdonnanceLapsed(on=on, proceeding=invoice.proceeding or _ANY),
    "order declined": lambda invoice, on: OrdonnanceDeclined(on=on, proceeding=invoice.proceeding or _ANY),
    "order withdrawn": lambda invoice, on: ProceedingWithdrawn(on=on, proceeding=invoice.proceeding or _ANY),
    "order enforceable": lambda invoice, on: TitleEnforceable(
        basis="own_statement", on=on, proceeding=invoice.proceeding or _ANY
    ),
}


@dataclass(frozen=True, slots=True)
class Trial:
    """An invoice on a day, on which steps are tried with nothing recorded."""

    history: Sequence[Entry]
    invoice: Invoice | None
    on: dt.date
    desk: Desk
    is_latest: bool
    memo: dict[str, Any] = field(default_factory=dict)

    def of_act(self, make: Probe) -> tuple[Refusal, ...]:
        """Everything that stands against an act of ours: each rule, and the chart."""
        invoice = self.invoice
        if invoice is None:
            return (_NOT_ISSUED,)
        fact = make(invoice, self.on)
        found = judge(self._case(invoice, fact))
        try:
            moved(invoice.regions, fact.move, self.on)
        except NoEdge as error:
            found.insert(0, Refusal("no_such_step", "fact", explained(error), "the record"))
        return tuple(found)

    def of_observation(self, make: Probe, step: str) -> tuple[Refusal, ...]:
        """What in the record stands against an observation."""
        if self.invoice is None:
            return (_NOT_ISSUED,)
        fact = make(self.invoice, self.on)
        try:
            if self.is_latest:  # nothing comes after it: the chart alone can say no, which is quicker than a walk
                moved(self.invoice.regions, fact.move, self.on)
            add(self.history, [fact], today=self.desk.today, step=step)
        except NoEdge as error:
            return (Refusal("no_such_step", "fact", explained(error), "the record"),)
        except Refused as refused:
            return refused.refusals
        return ()

    def breaches(self, make: Probe) -> tuple[Refusal, ...]:
        """What an observation would be recorded with: the law it breaches, and the first day on which it would not."""
        if self.invoice is None:
            return ()
        fact = make(self.invoice, self.on)
        return tuple(findings(FINDINGS.get(fact.move, ()), self._case(self.invoice, fact)))

    def _case(self, invoice: Invoice, fact: Fact) -> Case:
        desk = self.desk
        return Case(invoice, fact, desk.policy, desk.law, self.history, on_account=desk.on_account, memo=self.memo)


def trial(history: Sequence[Entry], on: dt.date, desk: Desk) -> Trial:
    """A day to try steps on, with the conclusions that the next append will record."""
    grown = pending(history, today=desk.today)
    placed = ordered(grown)
    is_latest = not placed or placed[-1][0] <= on
    return Trial(grown, replay(grown, as_of=on), on, desk, is_latest)
