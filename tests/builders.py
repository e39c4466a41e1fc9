"""Facts in plain words."""

import datetime as dt

from domain.facts.invoicing import (
    CreditNoteApplied,
    DisputeOpened,
    DisputeSettled,
    EntryWithdrawn,
    Instalment,
    InvoiceFellDue,
    InvoiceIssued,
    InvoicePaid,
    PartyKind,
    PaymentPromised,
    PaymentReceived,
    PaymentReversed,
    WithdrawalReason,
    WrittenOff,
)
from domain.facts.procedure import EscalatedToInjonction, Head, OrdonnanceGranted, OrdonnanceServed
from domain.facts.recovery import DebtorCalled, DebtorFormallyNotified, DebtorReminded, ReminderChannel
from domain.money import cents

CREDITOR, DEBTOR, NUMBER, PROCEEDING = "c0" * 16, "d0" * 16, "f0" * 16, "a0" * 16


def day(text: str) -> dt.date:
    """A day as ISO has it."""
    return dt.date.fromisoformat(text)


def receipt(name: str) -> str:
    """A readable receipt, as an identifier."""
    return name.encode().hex().ljust(32, "0")[:32]


def issued(
    total: str = "1 200,00",
    on: str = "2026-01-01",
    due: str | None = "2026-01-31",
    *,
    debtor_kind: PartyKind = "trader",
) -> InvoiceIssued:
    part = Instalment(cents=cents(total), due=day(due) if due else None, n=1)
    return InvoiceIssued(
        creditor=CREDITOR,
        creditor_kind="trader",
        debtor=DEBTOR,
        debtor_kind=debtor_kind,
        instalments=(part,),
        number=NUMBER,
        on=day(on),
    )


def issued_in_parts(*parts: tuple[str, str], on: str = "2026-01-01") -> InvoiceIssued:
    instalments = tuple(
        Instalment(cents=cents(total), due=day(due), n=n) for n, (total, due) in enumerate(parts, start=1)
    )
    return issued(on=on).model_copy(update={"instalments": instalments})


def fell_due(on: str = "2026-01-31", instalment: int = 1) -> InvoiceFellDue:
    return InvoiceFellDue(instalment=instalment, on=day(on))


def reminded(on: str, level: int = 1, channel: ReminderChannel = "email") -> DebtorReminded:
    return DebtorReminded(channel=channel, level=level, on=day(on))


def called(on: str) -> DebtorCalled:
    return DebtorCalled(on=day(on), result="reached")


def notified(on: str, deadline: str) -> DebtorFormallyNotified:
    return DebtorFormallyNotified(deadline_on=day(deadline), form="lrar", on=day(on))


def paid(on: str, total: str = "1 200,00", by: str = "transfer", instalment: int | None = None) -> PaymentReceived:
    return PaymentReceived(cents=cents(total), instalment=instalment, on=day(on), receipt=receipt(by))


def reversed_(on: str, total: str = "1 200,00", by: str = "transfer") -> PaymentReversed:
    return PaymentReversed(cents=cents(total), on=day(on), reason="returned_cheque", receipt=receipt(by))


def settled(on: str, paid_cents: int = 120000, credited_cents: int = 0) -> InvoicePaid:
    return InvoicePaid(credited_cents=credited_cents, on=day(on), paid_cents=paid_cents)


def credited(on: str, total: str) -> CreditNoteApplied:
    return CreditNoteApplied(cents=cents(total), number="e0" * 16, on=day(on), reason="price")


def disputed(on: str, total: str = "1 200,00", *, whole: bool = True) -> DisputeOpened:
    return DisputeOpened(cents=cents(total), extent="whole" if whole else "part", on=day(on), reason="quality")


def dispute_settled(on: str) -> DisputeSettled:
    return DisputeSettled(on=day(on), outcome="rejected")


def promised(on: str, due: str) -> PaymentPromised:
    return PaymentPromised(due_on=day(due), means="call", on=day(on))


def written_off(on: str, total: str = "1 200,00", *, whole: bool = True) -> WrittenOff:
    return WrittenOff(cents=cents(total), extent="whole" if whole else "part", on=day(on), reason="uneconomic")


def withdrawn(version: int, on: str, reason: WithdrawalReason = "error") -> EntryWithdrawn:
    return EntryWithdrawn(on=day(on), reason=reason, withdrawn=version)


def escalated(on: str, total: str = "1 200,00") -> EscalatedToInjonction:
    heads = (Head(cents=cents(total), head="principal"),)
    return EscalatedToInjonction(court="tc-paris", heads=heads, on=day(on), proceeding=PROCEEDING)


def granted(on: str, total: str = "1 200,00") -> OrdonnanceGranted:
    return OrdonnanceGranted(heads=(Head(cents=cents(total), head="principal"),), on=day(on), proceeding=PROCEEDING)


def order_served(on: str) -> OrdonnanceServed:
    return OrdonnanceServed(mode="person", on=day(on), proceeding=PROCEEDING)


def instant(text: str) -> dt.datetime:
    """An instant as ISO has it."""
    return dt.datetime.fromisoformat(text)
