"""The time-bar of one invoice: what its history says to the law of limitation."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from domain.errors import LawMissing
from domain.facts.fact import Fact
from domain.facts.insolvency import ClaimDeclared, StayedByInsolvency
from domain.facts.invoicing import (
    DebtAcknowledged,
    InstalmentPlanAgreed,
    InvoiceIssued,
    PaymentPromised,
    PaymentReceived,
    PaymentReversed,
)
from domain.facts.procedure import (
    CommandmentServed,
    ConservatoryMeasureTaken,
    EnforcementActDone,
    EscalatedToInjonction,
    InterimPaymentSought,
    JudgmentGiven,
    OppositionLodged,
    OrdonnanceGranted,
    OrdonnanceLapsed,
    OrdonnanceServed,
    ProceedingLapsed,
    ProceedingWithdrawn,
    SuedOnTheMerits,
    TitleEnforceable,
)
from domain.facts.recovery import DebtorCalled, DebtorFormallyNotified, DebtorReminded
from domain.history import Entry, known, ordered, replay
from domain.law.readings import DEFAULTS, Readings
from domain.law.tables import Law
from domain.limitation import Kind, Limitation, limitation
from domain.ordonnance import order

#: Fact -> the event of the law of limitation that it is.
CODES: Final[dict[type[Fact], str]] = {
    DebtorReminded: "reminder",
    DebtorCalled: "reminder",
    DebtorFormallyNotified: "formal_notice",
    EscalatedToInjonction: "petition_filed",
    DebtAcknowledged: "acknowledged",
    PaymentPromised: "acknowledged",
    PaymentReceived: "part_payment",
    InstalmentPlanAgreed: "plan",
    OrdonnanceServed: "order_served",
    OrdonnanceLapsed: "proceeding_extinct",
    TitleEnforceable: "title_enforceable",
    CommandmentServed: "commandment",
    SuedOnTheMerits: "sued",
    InterimPaymentSought: "sued",
    ProceedingWithdrawn: "proceeding_extinct",
    ProceedingLapsed: "proceeding_extinct",
    ClaimDeclared: "claim_declared",
    ConservatoryMeasureTaken: "conservatory_measure",
    EnforcementActDone: "enforcement_act",
}


def kind_of(issued: InvoiceIssued) -> Kind:
    """Which limitation an invoice has.

    Law: C. com., art. L110-4, L133-6; C. conso., art. L218-2; loi n° 68-1250 du 31 décembre 1968, art. 1.
    """
    if issued.debtor_kind == "public":
        return "public"
    if issued.nature == "carriage":
        return "transport"
    return "consumer" if issued.debtor_kind == "consumer" and issued.creditor_kind != "consumer" else "trader"


def limitation_of(
    law: Law, history: Sequence[Entry], as_of: dt.date, *, known_at: int | None = None, readings: Readings = DEFAULTS,
    of_due: dt.date | None = None,
) -> Limitation | None:  # fmt: skip
    """The time-bar of what is oldest and unpaid on a day, or was due on `of_due`, as known at a position; nothing without a due day."""
    entries = known(history, known_at)
    invoice = replay(entries, as_of=as_of)
    if invoice is None:
        return None
    dues = [part.due for part in invoice.issued.instalments if part.due]
    first = min(dues, default=None)  # of a price paid, accessories go from the first day
    due = of_due or invoice.oldest_unpaid_due_on or first
    if due is None:
        return None
    events = _events(law, readings, [(on, entry.fact) for on, entry in ordered(entries) if on <= as_of])
    return limitation(law, readings, kind_of(invoice.issued), due, invoice.issued.performed_on, events)


def _events(law: Law, readings: Readings, facts: Sequence[tuple[dt.date, Fact]]) -> list[tuple[str, dt.date]]:
    """What the facts are to the law of limitation; an act that is void moves nothing, nor does money that never came.

    Law: C. civ., art. 2240 to 2244; CPC, art. 1411; C. com., art. L622-21.
    """
    bounced = {fact.receipt for _, fact in facts if isinstance(fact, PaymentReversed) and fact.reason != "refunded"}
    found: list[tuple[str, dt.date]] = []
    serve_by: dt.date | None = None
    is_stayed = is_void = is_opposed = False
    for on, fact in facts:
        if isinstance(fact, OrdonnanceGranted):
            serve_by, is_void, is_opposed = _serve_by(law, readings, fact.on), False, False
        elif isinstance(fact, StayedByInsolvency):
            is_stayed = True
        elif isinstance(fact, OppositionLodged):  # what was opposed is no title: its ten years never began
            is_opposed, found = True, [each for each in found if each[0] != "title_enforceable"]
        elif isinstance(fact, JudgmentGiven):
            is_opposed = False
        elif isinstance(fact, OrdonnanceServed):
            is_void = is_void or (serve_by is not None and fact.on > serve_by and ("order_served", on) not in found)
        if isinstance(fact, OrdonnanceServed | TitleEnforceable) and (is_void or is_stayed):
            continue
        if isinstance(fact, TitleEnforceable) and is_opposed:
            continue
        if isinstance(fact, PaymentReceived) and (fact.source != "debtor" or fact.receipt in bounced):
            continue
        if type(fact) in CODES:
            found.append((CODES[type(fact)], on))
    return found


def _serve_by(law: Law, readings: Readings, rendered: dt.date) -> dt.date | None:
    try:
        return order(law, readings, rendered).serve_by_on
    except LawMissing:
        return None
