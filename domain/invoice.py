"""The state of one invoice on one day, as known at one position: what its facts, folded, amount to."""

import datetime as dt
from typing import Final, NamedTuple, assert_never

from domain.errors import RelanceError
from domain.facts.fact import Fact
from domain.facts.insolvency import StayedByInsolvency
from domain.facts.invoicing import (
    CreditNoteApplied,
    DisputeOpened,
    DisputeSettled,
    Instalment,
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
from domain.facts.procedure import (
    CommandmentServed,
    EscalatedToInjonction,
    InterimPaymentSought,
    SmallClaimStarted,
    SuedOnTheMerits,
)
from domain.facts.recovery import (
    ClaimReturned,
    ClaimTransferred,
    DebtorCalled,
    DebtorFormallyNotified,
    DebtorReminded,
    ObligorSubstituted,
)
from domain.facts.vocabulary import InertFact, InvoiceFact, MoveOnlyFact
from domain.moves import FIRST, MOVES


class NoEdge(RelanceError):
    """A fact does not fit the state it meets."""

    def __init__(self, move: str, state: str, on: dt.date) -> None:
        self.move, self.state, self.on = move, state, on
        super().__init__(move, state, on)

    def __str__(self) -> str:
        """The move and the state it met."""
        return f"no edge for {self.move} from {self.state} on {self.on}"


class Regions(NamedTuple):
    """The state of each region of the chart."""

    ladder: str
    procedure: str
    settlement: str
    books: str
    custody: str
    dispute: str
    arrangement: str
    standing: str


START: Final = Regions._make(FIRST)


class Receipt(NamedTuple):
    """A payment as this invoice holds it: what is left of it, and the instalment it names."""

    id: str
    cents: int
    instalment: int | None


def moved(regions: Regions, move: str, on: dt.date) -> Regions:
    """The regions after a move; a still fact leaves them.

    Raises:
        NoEdge: the table has no edge for it.
    """
    edges = MOVES.get(move)
    if edges is None:
        return regions
    index, targets = edges
    target = targets.get(regions[index])
    if target is None:
        raise NoEdge(move, regions[index], on)
    if target == regions[index]:
        return regions
    return Regions._make((*regions[:index], target, *regions[index + 1 :]))


class Invoice(NamedTuple):
    """One invoice on one day. Amounts are whole cents of euro. A tuple, because it is made anew at each fact of each replay."""

    issued: InvoiceIssued
    regions: Regions = START
    paid_cents: int = 0
    credited_cents: int = 0
    named: tuple[tuple[int, int], ...] = ()
    given_up_cents: int = 0
    receipts: tuple[Receipt, ...] = ()
    reminders: int = 0
    last_reminded_on: dt.date | None = None
    courtesy_on: dt.date | None = None
    last_level: int = 0
    last_late_reminder_on: dt.date | None = None
    called_on: dt.date | None = None
    notified_on: dt.date | None = None
    notice_deadline_on: dt.date | None = None
    promise_due_on: dt.date | None = None
    promise_cents: int | None = None
    promise_before_cents: int = 0
    disputed_cents: int = 0
    stayed_on: dt.date | None = None
    stayed_party: str | None = None
    paid_on: dt.date | None = None
    proceeding: str | None = None
    transferred_on: dt.date | None = None
    successor: str | None = None

    @property
    def total_cents(self) -> int:
        """The price, VAT included."""
        return self.issued.total_cents

    @property
    def unsettled_cents(self) -> int:
        """Total less payments and credit notes; negative when too much came. A write-off changes nothing in it."""
        return self.total_cents - self.paid_cents - self.credited_cents

    @property
    def written_off_cents(self) -> int:
        """What the books gave up of what is still unsettled: money that comes later, or a lower price, takes it back."""
        return min(self.given_up_cents, max(self.unsettled_cents, 0))

    @property
    def book_residual_cents(self) -> int:
        """Total less payments, credit notes and write-offs: what account 411 carries."""
        return self.unsettled_cents - self.written_off_cents

    def unpaid(self) -> list[tuple[dt.date | None, int]]:
        """Due days with what is left to pay on each, oldest first; a day not known comes last.

        What names an instalment reduces it; the rest extinguishes the oldest first.
        """
        named = dict(self.named)
        by_day: dict[dt.date | None, int] = {}
        for part in sorted(self.issued.instalments, key=_by_due_day):
            by_day[part.due] = by_day.get(part.due, 0) + part.cents - named.get(part.n, 0)
        over = sum(-cents for cents in by_day.values() if cents < 0)  # what overshoots a day goes on to the others
        pool = self.paid_cents + self.credited_cents - sum(named.values()) + over
        result = []
        for due, cents in by_day.items():
            taken = min(max(cents, 0), max(pool, 0))
            pool -= taken
            if cents - taken > 0:
                result.append((due, cents - taken))
        return result

    @property
    def oldest_unpaid_due_on(self) -> dt.date | None:
        """The due day from which ages count."""
        unpaid = self.unpaid()
        return unpaid[0][0] if unpaid else None

    def overdue_anything(self, on: dt.date) -> bool:
        """Whether an instalment's due day is past on that day, paid or not: interest of it may be owed."""
        return any(part.due is not None and part.due < on for part in self.issued.instalments)

    def overdue_cents(self, on: dt.date) -> int:
        """What is left to pay on instalments whose due day is past on that day."""
        return sum(cents for due, cents in self.unpaid() if due is not None and due < on)


def _by_due_day(part: Instalment) -> tuple[bool, dt.date, int]:
    return (part.due is None, part.due or dt.date.min, part.n)


def evolve(invoice: Invoice, fact: InvoiceFact) -> Invoice:
    """Apply a fact that was accepted when recorded: reads no clock, computes no law, never refuses.

    Raises:
        NoEdge: the history is not a path of the chart (its bytes were tampered with, or its order is wrong).
    """
    regions = moved(invoice.regions, fact.move, fact.on)
    match fact:
        case InvoiceFellDue():  # the commonest, first
            return invoice if regions is invoice.regions else invoice._replace(regions=regions)
        case PaymentReceived():
            return _paid(invoice, regions, fact)
        case InvoicePaid():
            return invoice._replace(regions=regions, paid_on=fact.on)
        case DebtorReminded():
            return invoice._replace(
                regions=regions,
                reminders=max(invoice.reminders, fact.level),
                last_reminded_on=fact.on,
                courtesy_on=invoice.courtesy_on if fact.level else fact.on,
                last_level=fact.level or invoice.last_level,
                last_late_reminder_on=fact.on if fact.level else invoice.last_late_reminder_on,
            )
        case DebtorCalled():
            return invoice._replace(regions=regions, called_on=fact.on)
        case DebtorFormallyNotified():
            return invoice._replace(regions=regions, notified_on=fact.on, notice_deadline_on=fact.deadline_on)
        case PaymentReversed():
            return _reversed(invoice._replace(regions=regions, paid_on=None), fact)
        case CreditNoteApplied():
            return invoice._replace(
                credited_cents=invoice.credited_cents + fact.cents,
                named=_named(invoice.named, fact.instalment, fact.cents),
            )
        case WrittenOff():
            return invoice._replace(regions=regions, given_up_cents=invoice.given_up_cents + fact.cents)
        case DisputeOpened():
            return invoice._replace(regions=regions, disputed_cents=fact.cents)
        case DisputeSettled():
            return invoice._replace(regions=regions, disputed_cents=0)
        case PaymentPromised():
            return invoice._replace(
                regions=regions,
                promise_due_on=fact.due_on,
                promise_cents=fact.cents,
                promise_before_cents=invoice.paid_cents,
            )
        case PromiseKept() | PromiseBroken():
            return invoice._replace(regions=regions, promise_due_on=None, promise_cents=None)
        case ClaimTransferred():
            return invoice._replace(transferred_on=fact.notified_on)
        case ClaimReturned():
            return invoice._replace(transferred_on=None)
        case ObligorSubstituted():
            return invoice._replace(successor=fact.party)
        case StayedByInsolvency():
            return invoice._replace(regions=regions, stayed_on=fact.on, stayed_party=fact.party)
        case (
            EscalatedToInjonction()
            | SmallClaimStarted()
            | CommandmentServed()
            | InterimPaymentSought()
            | SuedOnTheMerits()
        ):
            return invoice._replace(regions=regions, proceeding=fact.proceeding)
        case _:
            if isinstance(fact, MoveOnlyFact):
                return invoice._replace(regions=regions)
            if isinstance(fact, InertFact):
                return invoice
            assert_never(fact)


def _named(named: tuple[tuple[int, int], ...], instalment: int | None, cents: int) -> tuple[tuple[int, int], ...]:
    """Add a reduction that names an instalment."""
    if instalment is None:
        return named
    sums = dict(named)
    sums[instalment] = sums.get(instalment, 0) + cents
    return tuple(sorted(sums.items()))


def _paid(invoice: Invoice, regions: Regions, fact: PaymentReceived) -> Invoice:
    same = [each for each in invoice.receipts if (each.id, each.instalment) == (fact.receipt, fact.instalment)]
    others = tuple(each for each in invoice.receipts if each not in same)
    return invoice._replace(
        regions=regions,
        paid_cents=invoice.paid_cents + fact.cents,
        named=_named(invoice.named, fact.instalment, fact.cents),
        receipts=(*others, Receipt(fact.receipt, fact.cents + sum(each.cents for each in same), fact.instalment)),
    )


def taken_back(invoice: Invoice, fact: PaymentReversed) -> list[tuple[int | None, int]]:
    """What a reversal takes from each instalment its payment had named (none: from the pool), the newest first."""
    held = [each for each in invoice.receipts if each.id == fact.receipt and fact.instalment in {None, each.instalment}]
    left, taken = fact.cents, []
    for each in reversed(held):
        part = min(left, each.cents)
        left -= part
        if part:
            taken.append((each.instalment, part))
    return taken


def _reversed(invoice: Invoice, fact: PaymentReversed) -> Invoice:
    back, named = dict(taken_back(invoice, fact)), invoice.named
    receipts = []
    for each in invoice.receipts:
        part = back.get(each.instalment, 0) if each.id == fact.receipt else 0
        named = _named(named, each.instalment, -part)
        if each.cents > part:
            receipts.append(each._replace(cents=each.cents - part))
    return invoice._replace(paid_cents=invoice.paid_cents - fact.cents, named=named, receipts=tuple(receipts))


def as_invoice_fact(fact: Fact) -> InvoiceFact:
    """A fact of an invoice's stream, for the type checker."""
    return fact  # type: ignore[return-value]
