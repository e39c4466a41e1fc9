"""Use cases on money: a payment of one invoice, a transfer over several, a payment that came back, a credit note."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.acts import Done, Order, perform, seeing, under_lock
from adapters.application import Change, Context, new_id, plain
from adapters.bootstrap import Office
from adapters.cases import Case, load
from adapters.insolvency import missing_stay
from domain.errors import Misuse, refused_by_record
from domain.facts.fact import Fact
from domain.facts.invoicing import CreditNoteApplied, PaymentMeans, PaymentReceived, PaymentReversed, PaymentSource
from domain.facts.parties import MoneyAllocated, MoneyReceived
from domain.history import replay, standing
from domain.imputation import OpenDebt, allocate
from domain.invoice import Receipt
from domain.money import plain as euros


@dataclass(frozen=True, slots=True)
class Payment:
    """Money as it came in."""

    cents: int | None
    means: PaymentMeans | None = None
    source: PaymentSource = "debtor"
    handed_on: dt.date | None = None
    booked_on: dt.date | None = None
    source_known_on: dt.date | None = None
    instalment: int | None = None

    def fact(
        self, on: dt.date, receipt: str, cents: int | None = None, *, designated: bool | None = None
    ) -> PaymentReceived:
        """The payment, or a part of it, on one invoice."""
        return PaymentReceived(
            booked_on=self.booked_on, cents=(self.cents or 0) if cents is None else cents, designated=designated,
            handed_on=self.handed_on, instalment=self.instalment, means=self.means, on=on, receipt=receipt,
            source=self.source, source_known_on=self.source_known_on,
        )  # fmt: skip


def pay(office: Office, stream: str, order: Order, payment: Payment) -> list[Done]:
    """Record a payment of one invoice, all that is owed without an amount; what is above puts the invoice in credit.

    Raises:
        Refused: no amount, and nothing is left to pay.
    """
    receipt = new_id()

    def make(case: Case) -> Sequence[Fact]:
        cents = payment.cents or _owed(case)
        if not cents:
            raise refused_by_record("pay", "nothing_owed", "nothing is left to pay; give the amount of money above it")
        return [payment.fact(order.on, receipt, cents)]

    return perform(office, [stream], order, "pay", seeing(make, "pay"))


def _owed(case: Case) -> int:
    """What a payment without an amount pays: what is owed on its day, and no more than what is owed by now."""
    latest = replay(case.stream.history)
    return max(min(case.invoice.unsettled_cents, latest.unsettled_cents if latest else 0), 0)


@under_lock
def pay_debtor(
    office: Office, debtor: str, order: Order, payment: Payment, streams: Sequence[str] = ()
) -> tuple[list[Done], int]:
    """Record a transfer of a debtor over the invoices it designates, else as the law says.

    Returns:
        What was recorded, and the cents left unallocated on the debtor's account.

    Law: C. civ., art. 1342-10.
    """
    office.signed_in()
    office.views.catch_up()
    receipt, account = new_id(), f"debtor:{debtor}"
    chosen = list(streams) or [stream for stream, _, _ in office.views.open_accounts(debtor=debtor)]
    total, debts = payment.cents or 0, []
    for stream in chosen:
        case = load(office, stream, order.on)
        if case.issued.debtor != debtor:
            raise Misuse(f"{case.number} is another debtor's invoice")
        if case.issued.on <= order.on or streams:
            debts.append(OpenDebt(stream, case.invoice.oldest_unpaid_due_on, _owed(case)))
    allocation = allocate(debts, total, order.on, streams)
    shares, left = dict(allocation.shares), allocation.left_cents

    def beyond() -> list[Change]:
        common = {"booked_on": payment.booked_on, "means": payment.means, "on": order.on, "receipt": receipt,
                  "source": payment.source, "source_known_on": payment.source_known_on}  # fmt: skip
        facts: list[Fact] = [MoneyReceived.model_validate({**common, "cents": total})]
        facts += [
            MoneyAllocated(
                booked_on=payment.booked_on,
                cents=cents,
                invoice=stream.partition(":")[2],
                on=order.on,
                receipt=receipt,
                source_known_on=payment.source_known_on,
            )
            for stream, cents in shares.items()
        ]
        return [Change(office.app.stream_or_fail(account), plain(facts))]

    def make(case: Case) -> Sequence[Fact]:
        return [payment.fact(order.on, receipt, shares[case.stream.id], designated=bool(streams))]

    if not shares:  # money before, or above, any invoice
        if not order.dry_run:
            office.app.append(beyond(), Context(command=order.command or new_id(), done_by=order.done_by))
        return [], left
    return perform(office, list(shares), order, "pay", seeing(make, "pay"), extra=beyond), left


def reverse(
    office: Office, stream: str, order: Order, *, cents: int | None, reason: str, version: int | None = None
) -> list[Done]:
    """Record that a payment came back: the one at a version, or the only one.

    Raises:
        Refused: no such payment, or it had not brought as much.
        Misuse: several payments, and none is named.
    """

    def make(case: Case) -> Sequence[Fact]:
        held = _receipt(case, version)
        return _came_back(office, case, order, held.id, held.cents if cents is None else cents, reason)

    return perform(office, [stream], order, "reverse", seeing(make, "reverse"))


@under_lock
def reverse_transfer(
    office: Office, stream: str, order: Order, *, reason: str, version: int | None = None
) -> list[Done]:
    """Record that a whole transfer came back: its share of every invoice it paid, and what was left unallocated.

    Raises:
        Refused: the payment belongs to this invoice alone, or a part of it came back before.
    """
    case = load(office, stream, order.on)
    receipt = _receipt(case, version).id
    account = office.app.stream_or_fail(f"debtor:{case.issued.debtor}")
    facts = [entry.fact for entry in standing(account.history)]
    shares = [fact for fact in facts if isinstance(fact, MoneyAllocated) and fact.receipt == receipt]
    total = sum(fact.cents for fact in facts if isinstance(fact, MoneyReceived) and fact.receipt == receipt)
    if not total:
        raise refused_by_record("reverse", "no_transfer", "that payment is of this invoice alone: leave --whole out")
    left = total - sum(share.cents for share in shares)

    def make(one: Case) -> Sequence[Fact]:
        held = sum(each.cents for each in one.invoice.receipts if each.id == receipt)
        if not held:
            raise refused_by_record("reverse", "no_such_payment", "its share came back before")
        return _came_back(office, one, order, receipt, held, reason)

    def beyond() -> list[Change]:
        rest = {"cents": left, "on": order.on, "reason": reason, "receipt": receipt}
        return [Change(account, plain([PaymentReversed.model_validate(rest)]))] if left else []

    streams = list(dict.fromkeys(f"invoice:{share.invoice}" for share in shares))
    return perform(office, streams, order, "reverse", seeing(make, "reverse"), extra=beyond)


def _came_back(office: Office, case: Case, order: Order, receipt: str, cents: int, reason: str) -> list[Fact]:
    """The reversal, and the stay of a claim that insolvency proceedings met paid and that is owed again."""
    stay = missing_stay(office, case, case.invoice.unsettled_cents + cents)
    fact = PaymentReversed.model_validate({"cents": cents, "on": order.on, "reason": reason, "receipt": receipt})
    return [stay, fact] if stay else [fact]


def _receipt(case: Case, version: int | None) -> Receipt:
    receipts = case.invoice.receipts
    if version is not None:
        fact = next((entry.fact for entry in case.stream.history if entry.version == version), None)
        receipts = tuple(held for held in receipts if isinstance(fact, PaymentReceived) and held.id == fact.receipt)
    if not receipts:
        raise refused_by_record("reverse", "no_such_payment", "no payment of that day and version is left to reverse")
    if len(receipts) > 1:
        raise Misuse(
            f"{case.number} holds {len(receipts)} payments: name one with --version (see `relance history {case.number}`)"
        )
    return receipts[0]


def credit(
    office: Office, stream: str, order: Order, *, cents: int, number: str, reason: str, never_due: bool = False,
    vat_cents: int | None = None,
) -> list[Done]:  # fmt: skip
    """Record a credit note on an invoice.

    Raises:
        Misuse: its VAT is below nil or above it.
    """
    if vat_cents is not None and not 0 <= vat_cents <= cents:
        raise Misuse(f"VAT lies between nil and the credit note: {euros(vat_cents)} of {euros(cents)} EUR")
    issued = load(office, stream, order.on).issued
    key = office.registry.number_key(issued.creditor, number).hex()
    fact = {"cents": cents, "never_due": never_due, "number": key, "on": order.on, "reason": reason}
    if vat_cents is not None:
        fact["vat_cents"] = vat_cents
    row = office.registry.credit_note_row(issued.debtor, issued.creditor, number)
    make = seeing(lambda _: [CreditNoteApplied.model_validate(fact)], "credit")
    return perform(office, [stream], order, "credit", make, records=[row])
