"""The plainest first append of an invoice, concluded without walking: most of what an import records.

A property test holds it equal to the walk of `domain.history`.
"""

import datetime as dt
from collections.abc import Sequence

from domain.facts.fact import Fact
from domain.facts.invoicing import InvoiceFellDue, InvoiceIssued, InvoicePaid, PaymentReceived


def plain_opening(facts: Sequence[Fact], today: dt.date) -> list[Fact] | None:
    """The facts and their conclusions, for an issue with one due day and at most one payment; else nothing.

    Amounts are cents. Whatever is out of the plain (a day to come, a named instalment, another fact) is left to the walk.
    """
    issued = facts[0] if facts else None
    payment = facts[1] if len(facts) > 1 else None
    if not isinstance(issued, InvoiceIssued) or len(issued.instalments) > 1 or len(facts) > 2:  # noqa: PLR2004
        return None
    if issued.on > today or issued.booked_on or issued.source_known_on or (issued.performed_on or today) > today:
        return None
    part, start = issued.instalments[0], issued.on
    fallen: list[Fact] = []
    if part.due is not None and part.due <= today:
        fallen.append(InvoiceFellDue(instalment=part.n, on=part.due))
    if payment is None:
        return [*facts, *fallen]
    if not isinstance(payment, PaymentReceived) or payment.instalment is not None or payment.on > today:
        return None
    if payment.booked_on or payment.handed_on or payment.source_known_on:
        return None
    if payment.cents < part.cents:
        return [*facts, *fallen]
    covered = InvoicePaid(credited_cents=0, on=max(payment.on, start), paid_cents=payment.cents)
    if part.due is not None and max(part.due, start) > covered.on:
        return [*facts, covered, *fallen]
    return [*facts, *fallen, covered]
