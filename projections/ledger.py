"""Movements of cents: what each history posts to the account of the customer, by due day.

A movement carries a due day where its fact names an instalment or the invoice has a single one; else it lies in the pool,
and a reader extinguishes the oldest due days first, at the day and the position it asks about. Days are ordinals.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from domain.facts.fact import Fact
from domain.facts.invoicing import CreditNoteApplied, InvoiceIssued, PaymentReceived, PaymentReversed, WrittenOff
from domain.facts.parties import CreditGranted, MoneyAllocated, MoneyReceived
from domain.history import Entry, founding, ordered
from domain.invoice import Invoice, as_invoice_fact, evolve, taken_back

#: In the place of a due day: reductions that name none, a day not known, money and credits that belong to no invoice.
POOL: Final = -1
UNKNOWN_DAY: Final = 0
UNALLOCATED: Final = -2
CREDIT: Final = -3


class Movement(NamedTuple):
    """Cents that moved on a day; positive: owed. Days are ordinals, nil where none is known.

    `net` is what a sale or a credit note moves without VAT; null where VAT is not on record, and for all else.
    """

    due: int
    effective: int
    booked: int
    source: int
    cents: int
    kind: str
    net: int | None = None


def due_ordinal(due: dt.date | None) -> int:
    """A due day as the ledger keeps it."""
    return due.toordinal() if due else UNKNOWN_DAY


def movements(history: Sequence[Entry]) -> list[Movement]:
    """What the entries that stand post to the ledger, in the order of the fold."""
    issued = founding(history)
    if issued is None:
        return []
    start, net = issued.on.toordinal(), net_of(issued)
    posted = [
        Movement(due_ordinal(part.due), start, *_days(issued), part.cents, "invoice", net if n == 0 else net and 0)
        for n, part in enumerate(issued.instalments)
    ]
    invoice = Invoice(issued)
    for effective, entry in ordered(history):
        fact, before = entry.fact, invoice
        invoice = evolve(before, as_invoice_fact(fact))
        day = effective.toordinal()
        if isinstance(fact, PaymentReceived):
            posted.append(Movement(_due(issued, fact.instalment), day, *_days(fact), -fact.cents, "payment"))
        elif isinstance(fact, PaymentReversed):
            for instalment, cents in taken_back(before, fact):
                posted.append(Movement(_due(issued, instalment), day, *_days(fact), cents, "reversal"))
        elif isinstance(fact, CreditNoteApplied):
            posted.append(
                Movement(_due(issued, fact.instalment), day, *_days(fact), -fact.cents, "credit", _net_credited(fact))
            )
        given_up = invoice.written_off_cents - before.written_off_cents
        if isinstance(fact, WrittenOff) and given_up:
            posted.append(Movement(_due(issued, None), day, *_days(fact), -given_up, "write_off"))
        elif given_up:  # what comes after a write-off takes it back, so the books never go below nil by it
            posted.append(Movement(_due(issued, None), day, 0, 0, -given_up, "recovery"))
    return posted


def account_movements(facts: Sequence[Fact]) -> list[Movement]:
    """What a debtor's own stream posts: money and credit notes that belong to no invoice yet."""
    posted = []
    for fact in facts:
        if isinstance(fact, MoneyReceived):
            posted.append(Movement(UNALLOCATED, fact.on.toordinal(), *_days(fact), -fact.cents, "money"))
        elif isinstance(fact, MoneyAllocated):
            posted.append(Movement(UNALLOCATED, fact.on.toordinal(), *_days(fact), fact.cents, "allocation"))
        elif isinstance(fact, PaymentReversed):
            posted.append(Movement(UNALLOCATED, fact.on.toordinal(), *_days(fact), fact.cents, "reversal"))
        elif isinstance(fact, CreditGranted):
            posted.append(
                Movement(CREDIT, fact.on.toordinal(), *_days(fact), -fact.cents, "credit", _net_credited(fact))
            )
    return posted


def net_of(issued: InvoiceIssued) -> int | None:
    """The invoice without VAT, in cents; nothing where its VAT is not on record."""
    return sum(line.net_cents for line in issued.vat) if issued.vat else None


def _net_credited(fact: CreditNoteApplied | CreditGranted) -> int | None:
    return None if fact.vat_cents is None else fact.vat_cents - fact.cents


def difference(before: Sequence[Movement], after: Sequence[Movement]) -> list[Movement]:
    """What must be posted so that the one becomes the other: opposites of what is gone, then what is new.

    That something is gone was known when it was recorded, whenever the source had known the thing itself.
    """
    old, new = Counter(before), Counter(after)
    gone = [
        movement._replace(source=0, cents=-movement.cents, net=movement.net and -movement.net)
        for movement in (old - new).elements()
    ]
    return [*gone, *(new - old).elements()]


def _due(issued: InvoiceIssued, instalment: int | None) -> int:
    parts = issued.instalments
    if instalment is None:
        return due_ordinal(parts[0].due) if len(parts) == 1 else POOL
    return next((due_ordinal(part.due) for part in parts if part.n == instalment), POOL)


def _days(
    fact: InvoiceIssued
    | PaymentReceived
    | PaymentReversed
    | CreditNoteApplied
    | WrittenOff
    | MoneyReceived
    | CreditGranted
    | MoneyAllocated,
) -> tuple[int, int]:
    booked, source = fact.booked_on, fact.source_known_on
    return (booked.toordinal() if booked else 0, source.toordinal() if source else 0)
