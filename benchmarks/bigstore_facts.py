"""The facts of the big store as canonical JSON, written by templates: stored type and text, keys in sorted order.

Days are their ISO text, amounts cents. A test reads each back and compares what the domain would write.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from domain.facts.invoicing import (
    CreditNoteApplied,
    DisputeOpened,
    DisputeSettled,
    EntryWithdrawn,
    InvoiceFellDue,
    InvoiceIssued,
    InvoicePaid,
    PaymentPromised,
    PaymentReceived,
    PaymentReversed,
    PromiseBroken,
    PromiseKept,
    WrittenOff,
)
from domain.facts.parties import CashKnownUntil
from domain.facts.procedure import EscalatedToInjonction, OrdonnanceGranted, OrdonnanceServed
from domain.facts.recovery import DebtorCalled, DebtorFormallyNotified, DebtorReminded

Told = tuple[str, str]

WITHDRAWN = EntryWithdrawn.stored_type
_ISSUED, _FELL_DUE, _PAID = InvoiceIssued.stored_type, InvoiceFellDue.stored_type, InvoicePaid.stored_type
RECEIVED, _REVERSED = PaymentReceived.stored_type, PaymentReversed.stored_type
CREDITED, _WRITTEN_OFF = CreditNoteApplied.stored_type, WrittenOff.stored_type
_DISPUTED, _SETTLED = DisputeOpened.stored_type, DisputeSettled.stored_type
_PROMISED, _KEPT, _BROKEN = PaymentPromised.stored_type, PromiseKept.stored_type, PromiseBroken.stored_type
_REMINDED, _CALLED = DebtorReminded.stored_type, DebtorCalled.stored_type
_NOTIFIED, _CASH = DebtorFormallyNotified.stored_type, CashKnownUntil.stored_type
_PETITIONED, _ORDERED = EscalatedToInjonction.stored_type, OrdonnanceGranted.stored_type
_SERVED = OrdonnanceServed.stored_type


class Ids(NamedTuple):
    """The identifiers that the facts of an invoice name; a receipt is made from a day and cents, a credit note's on demand."""

    creditor: str
    debtor: str
    debtor_kind: str
    number: str
    receipt: Callable[[str, int], str]
    credit_note: Callable[[], str]


def issued(ids: Ids, parts: Sequence[tuple[str, int]], on: str, performed: str, vat: tuple[int, int] | None) -> Told:
    """InvoiceIssued; `vat` is net and VAT, `performed` may be empty."""
    lines = ",".join(
        f'{{"cents":{cents},"due":"{due}","kind":"normal","n":{n}}}' for n, (due, cents) in enumerate(parts, start=1)
    )
    done = f',"performed_on":"{performed}"' if performed else ""
    rates = f',"vat":[{{"net_cents":{vat[0]},"vat_cents":{vat[1]}}}]' if vat else ""
    return _ISSUED, (
        f'{{"creditor":"{ids.creditor}","creditor_kind":"trader","dates":"exact","debtor":"{ids.debtor}",'
        f'"debtor_kind":"{ids.debtor_kind}","instalments":[{lines}],"number":"{ids.number}","on":"{on}"{done}{rates}}}'
    )


def fell_due(instalment: int, on: str) -> Told:
    """InvoiceFellDue."""
    return _FELL_DUE, f'{{"instalment":{instalment},"on":"{on}"}}'


def paid(credited: int, on: str, cents: int) -> Told:
    """InvoicePaid."""
    return _PAID, f'{{"credited_cents":{credited},"on":"{on}","paid_cents":{cents}}}'


def received(cents: int, on: str, receipt: str, instalment: int, booked: str, source_known: str) -> Told:
    """PaymentReceived; instalment nil and empty days are left out."""
    booking = f'"booked_on":"{booked}",' if booked else ""
    part = f'"instalment":{instalment},' if instalment else ""
    source = f',"source_known_on":"{source_known}"' if source_known else ""
    return RECEIVED, (f'{{{booking}"cents":{cents},{part}"on":"{on}","receipt":"{receipt}","source":"debtor"{source}}}')


def reversed_(cents: int, on: str, reason: str, receipt: str) -> Told:
    """PaymentReversed."""
    return _REVERSED, f'{{"cents":{cents},"on":"{on}","reason":"{reason}","receipt":"{receipt}"}}'


def credited(cents: int, number: str, on: str, reason: str) -> Told:
    """CreditNoteApplied."""
    return CREDITED, f'{{"cents":{cents},"never_due":false,"number":"{number}","on":"{on}","reason":"{reason}"}}'


def disputed(cents: int, extent: str, on: str, reason: str) -> Told:
    """DisputeOpened."""
    return _DISPUTED, f'{{"cents":{cents},"extent":"{extent}","on":"{on}","reason":"{reason}"}}'


def settled(on: str, outcome: str) -> Told:
    """DisputeSettled."""
    return _SETTLED, f'{{"on":"{on}","outcome":"{outcome}"}}'


def promised(due: str, on: str) -> Told:
    """PaymentPromised: all that is owed, on the telephone."""
    return _PROMISED, f'{{"due_on":"{due}","means":"call","on":"{on}"}}'


def kept(due: str, on: str) -> Told:
    """PromiseKept."""
    return _KEPT, f'{{"due_on":"{due}","on":"{on}"}}'


def broken(cash_until: str, due: str, on: str) -> Told:
    """PromiseBroken."""
    return _BROKEN, f'{{"cash_known_until":"{cash_until}","due_on":"{due}","on":"{on}"}}'


def reminded(cash_until: str, channel: str, level: int, on: str) -> Told:
    """DebtorReminded."""
    return _REMINDED, f'{{"cash_known_until":"{cash_until}","channel":"{channel}","level":{level},"on":"{on}"}}'


def called(at: str, on: str, result: str) -> Told:
    """DebtorCalled."""
    return _CALLED, f'{{"at":"{at}","contact":"accounts","on":"{on}","result":"{result}"}}'


def notified(deadline: str, form: str, on: str) -> Told:
    """DebtorFormallyNotified."""
    return _NOTIFIED, f'{{"deadline_on":"{deadline}","form":"{form}","on":"{on}"}}'


def written_off(cents: int, extent: str, on: str, reason: str) -> Told:
    """WrittenOff."""
    return _WRITTEN_OFF, f'{{"cents":{cents},"extent":"{extent}","on":"{on}","reason":"{reason}"}}'


def withdrawn(on: str, reason: str, version: int) -> Told:
    """EntryWithdrawn."""
    return WITHDRAWN, f'{{"on":"{on}","reason":"{reason}","withdrawn":{version}}}'


def petitioned(court: str, cents: int, on: str, proceeding: str) -> Told:
    """EscalatedToInjonction, for the principal alone."""
    return _PETITIONED, (
        f'{{"court":"{court}","heads":[{{"cents":{cents},"head":"principal"}}],"on":"{on}","proceeding":"{proceeding}"}}'
    )


def ordered(cents: int, on: str, proceeding: str) -> Told:
    """OrdonnanceGranted, for the principal alone."""
    return _ORDERED, f'{{"heads":[{{"cents":{cents},"head":"principal"}}],"on":"{on}","proceeding":"{proceeding}"}}'


def served(mode: str, on: str, proceeding: str) -> Told:
    """OrdonnanceServed."""
    return _SERVED, f'{{"mode":"{mode}","on":"{on}","proceeding":"{proceeding}"}}'


def cash_known(on: str, until: str) -> Told:
    """CashKnownUntil, of the creditor."""
    return _CASH, f'{{"on":"{on}","until":"{until}"}}'
