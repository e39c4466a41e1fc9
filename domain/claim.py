"""What is owed in law on a day: principal, penalties period by period, the 40 EUR, and what each payment went to.

The *claim* is not the *book residual*: the books take a payment off the price, the law takes it off interest first; the books
may give a debt up, the law does not. Both are computed, and their difference is taken apart.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from domain.calendar import ONE_DAY
from domain.facts.invoicing import (
    CreditNoteApplied,
    InvoiceIssued,
    PaymentReceived,
    PaymentReversed,
)
from domain.facts.procedure import EscalatedToInjonction, OrdonnanceGranted, TitleEnforceable
from domain.facts.procedure import Head as GrantedHead
from domain.facts.recovery import DebtorFormallyNotified, ServiceProgressed
from domain.history import Entry, known, ordered, replay
from domain.interest import SWITCHES, Head, Imputed, Movement, Part, Statement, statement
from domain.invoice import Invoice
from domain.law.rates import rate
from domain.law.readings import DEFAULTS, Reading, Readings
from domain.law.tables import ADDED, Law
from domain.penalties import SWITCHES as RATE_SWITCHES
from domain.penalties import Clause, Debt, Regime, by_half_year, legal, part, schedule
from domain.penalties import remarks as rate_remarks
from domain.remarks import Remark

INDEMNITY: Final = "indemnity"
_SUBROGATED: Final = ("insurer", "factor")
_REACHED: Final = ("presented", "received", "refused", "unclaimed")
_AT_ONCE: Final = ("commissaire", "hand", "by_contract", "by_suit")
_BEFORE_PRINCIPAL: Final = ("penalties", "costs")


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement with what it rests on.

    `difference` takes apart why its principal is not the book residual; `heads` gives the article of each fixed head;
    `title_on` is the day of the order whose heads it follows.
    """

    regime: Regime
    statement: Statement
    readings: tuple[Reading, ...]
    remarks: tuple[Remark, ...]
    book_residual_cents: int
    difference: tuple[tuple[str, int], ...] = ()
    heads: tuple[tuple[str, str], ...] = ()
    title_on: dt.date | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """The remarks in English."""
        return tuple(str(each) for each in self.remarks)


def of_debt(
    law: Law,
    debt: Debt,
    principal_cents: int,
    due_on: dt.date,
    until: dt.date,
    payments: Sequence[Movement] = (),
    *,
    readings: Readings = DEFAULTS,
) -> Claim:
    """The statement of one debt with one due day.

    Raises:
        LawMissing: a rate is not known on a day.
        Misuse: a contractual rate against a public buyer.
    """
    parts = [part(law, readings, debt, principal_cents, due_on, until)]
    heads = _indemnity(law, debt, parts, until, readings)
    found = statement(parts, payments, until, heads=heads, last_on=debt.last_on, readings=readings)
    late = [Remark("payment_left_out", move.on, until) for move in payments if move.on > until]
    paid = sum(move.cents for move in payments if move.on <= until)
    remarks = (*rate_remarks(law, readings, debt, due_on, until), *late)
    return Claim(debt.regime, found, _rested_on(readings, debt), remarks, principal_cents - paid, heads=_cited(heads))


def _cited(heads: Sequence[Head]) -> tuple[tuple[str, str], ...]:
    return tuple((head.name, head.reference) for head in heads)


def _indemnity(law: Law, debt: Debt, parts: Sequence[Part], until: dt.date, readings: Readings) -> list[Head]:
    """The 40 EUR of an invoice paid late: professionals and public buyers, once; never where insolvency forbids payment.

    Law: C. com., art. L441-10, II; C. com., art. D441-5; CCP, art. D2192-35.
    """
    late_on = min((each.due_on for each in parts), default=dt.date.max)
    if debt.regime == "consumer" or late_on >= until:
        return []
    if debt.stopped_on and (readings["insolvency_indemnity"] == "left_out" or late_on >= debt.stopped_on):
        return []
    value = law.on("recovery_indemnity", late_on + ONE_DAY)
    reference = value.citation
    if debt.regime == "public":
        reference = f"CCP, art. D2192-35 ; {reference}" if value.confidence == ADDED else "CCP, art. D2192-35"
    before = readings["indemnity_rank"] == "before_principal"
    return [Head(INDEMNITY, value.whole, reference, late=True, before_principal=before)]


def _rested_on(readings: Readings, debt: Debt) -> tuple[Reading, ...]:
    names = [*SWITCHES, *(RATE_SWITCHES if debt.regime == "b2b" else ())]
    if debt.planned:
        names.append("plan_penalties")
    return readings.of([*names, "insolvency_indemnity"] if debt.stopped_on else names)


def of_invoice(
    law: Law, history: Sequence[Entry], until: dt.date, *, known_at: int | None = None, readings: Readings = DEFAULTS
) -> Claim | None:
    """The claim on an invoice at the end of a day, as known at a position; nothing if it was not issued, or not known.

    Once a title is enforceable the claim follows the heads it granted.

    Raises:
        LawMissing: a rate is not known on a day.

    Law: C. com., art. L441-10, II; C. civ., art. 1343-1, 1231-6; CCP, art. R2192-31.
    """
    invoice = replay(history, as_of=until, known_at=known_at)
    if invoice is None:
        return None
    entries = [entry for day, entry in ordered(known(history, known_at)) if day <= until]
    if invoice.regions.procedure == "enforceable":
        granted = _last(entries, OrdonnanceGranted)
        if granted is not None:
            return _of_title(law, invoice, entries, granted, until, readings)
    debt = debt_of(invoice, entries)
    parts = [
        part(law, readings, debt, each.cents, each.due, until, n=each.n)
        if each.due
        else Part(each.n, each.cents, dt.date.max, None, by_half_year(lambda on: rate(law, "b2b", on)))
        for each in invoice.issued.instalments
    ]
    moves, ignored = _movements(entries, invoice.issued)
    heads = _indemnity(law, debt, parts, until, readings)
    found = statement(parts, moves, until, heads=heads, last_on=debt.last_on, readings=readings)
    remarks = list(dict.fromkeys(remark for each in parts for remark in _warned(law, readings, debt, each, until)))
    remarks += _notes(invoice, ignored)
    return Claim(
        debt.regime, found, _rested_on(readings, debt), tuple(remarks), invoice.book_residual_cents,
        _difference(invoice, found.imputed, ignored), _cited(heads),
    )  # fmt: skip


def _warned(law: Law, readings: Readings, debt: Debt, each: Part, until: dt.date) -> list[Remark]:
    if each.due_on == dt.date.max:
        return [Remark("no_due_day")]
    return rate_remarks(law, readings, debt, each.due_on, until) if each.due_on < until else []


def _notes(invoice: Invoice, ignored: int) -> list[Remark]:
    notes = []
    if ignored:
        notes.append(Remark("subrogated_money"))
    if invoice.disputed_cents:
        notes.append(Remark("disputed"))
    return notes


def debt_of(invoice: Invoice, entries: Sequence[Entry] = ()) -> Debt:
    """What the record says of a debt that decides on its interest."""
    issued = invoice.issued
    is_individual = issued.creditor_kind == "consumer"
    regime: Regime = "public" if issued.debtor_kind == "public" else "b2b"
    if issued.debtor_kind == "consumer" or is_individual:
        regime = "consumer"
    clause = None
    if issued.penalty_rate is not None and regime != "public":
        clause = Clause(issued.penalty_basis or "fixed", Decimal(issued.penalty_rate))
    stopped = invoice.stayed_on if invoice.stayed_party in {None, issued.debtor} else None
    return Debt(
        regime=regime,
        clause=clause,
        creditor="individual" if is_individual else "professional",
        contracted_on=issued.on if regime == "public" else None,
        notified_on=_notified_on(issued, entries) if regime == "consumer" else None,
        stopped_on=stopped if invoice.regions.standing == "stayed" else None,
    )


def _notified_on(issued: InvoiceIssued, entries: Sequence[Entry]) -> dt.date | None:
    """The day a formal notice was received or first presented; the due day where the contract says that suffices.

    Law: C. civ., art. 1344.
    """
    if "notice_by_maturity" in (issued.clauses or ()):
        return min((each.due for each in issued.instalments if each.due), default=None)
    days = []
    for entry in entries:
        if not isinstance(entry.fact, DebtorFormallyNotified):
            continue
        if entry.fact.form in _AT_ONCE:
            days.append(entry.fact.on)
        days += [
            other.fact.on
            for other in entries
            if isinstance(other.fact, ServiceProgressed)
            and other.fact.act == entry.act
            and other.fact.stage in _REACHED
        ]
    return min(days, default=None)


def _movements(entries: Sequence[Entry], issued: InvoiceIssued) -> tuple[list[Movement], int]:
    """Payments, price changes and refunds in their order, and the cents that do not count against the debtor.

    A payment that bounced never was one; a price that was never due is cut from the start.
    """
    moves: list[tuple[str, Movement]] = []
    ignored: dict[str, int] = {}
    for entry in entries:
        fact = entry.fact
        match fact:
            case PaymentReceived():
                if fact.source in _SUBROGATED:
                    ignored[fact.receipt] = ignored.get(fact.receipt, 0) + fact.cents
                else:
                    moves.append((fact.receipt, Movement(max(fact.on, issued.on), fact.cents, part=fact.instalment)))
            case CreditNoteApplied():
                on = issued.on if fact.never_due else max(fact.on, issued.on)
                moves.append(("", Movement(on, fact.cents, "reduction", fact.instalment)))
            case PaymentReversed():
                if fact.receipt in ignored:
                    ignored[fact.receipt] -= fact.cents
                elif fact.reason == "refunded":
                    moves += _refunded(moves, fact)
                else:
                    moves = _undone(moves, fact)
            case _:
                pass
    return [move for _, move in moves if move.cents], sum(ignored.values())


def _refunded(moves: Sequence[tuple[str, Movement]], fact: PaymentReversed) -> list[tuple[str, Movement]]:
    """A refund, by the instalments that its payment named, the newest first; nothing of a payment that is not among the movements."""
    held: dict[int | None, int] = {}
    for receipt, move in moves:
        if receipt == fact.receipt and fact.instalment in {None, move.part}:
            before = held.get(move.part, 0)
            held[move.part] = before - move.cents if move.kind == "refund" else held.pop(move.part, 0) + move.cents
    left, found = fact.cents, []
    for instalment, cents in reversed(held.items()):
        taken = min(left, cents)
        left -= taken
        if taken:
            found.append((fact.receipt, Movement(fact.on, taken, "refund", instalment)))
    return found


def _undone(moves: Sequence[tuple[str, Movement]], fact: PaymentReversed) -> list[tuple[str, Movement]]:
    """The movements without what a reversal takes back, the newest part of its payment first."""
    left, kept = fact.cents, []
    for receipt, move in reversed(moves):
        is_of_it = receipt == fact.receipt and move.kind == "payment" and fact.instalment in {None, move.part}
        taken = min(left, move.cents) if is_of_it else 0
        left -= taken
        kept.append((receipt, Movement(move.on, move.cents - taken, move.kind, move.part)))
    return kept[::-1]


def _difference(invoice: Invoice, imputed: Sequence[Imputed], ignored: int) -> tuple[tuple[str, int], ...]:
    """Why the principal of the claim is not the book residual: parts that add up to their difference."""
    paid = [each for each in imputed if each.movement.kind != "reduction"]
    found = {
        "written_off": invoice.written_off_cents,
        "paid_to_interest": sum(each.interest for each in paid),
        "paid_to_indemnity": sum(cents for each in paid for _, cents in each.heads),
        "not_imputed": ignored,
        "in_credit": sum(each.unallocated for each in imputed),
    }
    return tuple((name, cents) for name, cents in found.items() if cents)


def _last(entries: Sequence[Entry], kind: type[OrdonnanceGranted]) -> OrdonnanceGranted | None:
    return next((entry.fact for entry in reversed(entries) if isinstance(entry.fact, kind)), None)


def _of_title(
    law: Law, invoice: Invoice, entries: Sequence[Entry], granted: OrdonnanceGranted, until: dt.date, readings: Readings
) -> Claim:
    """What a title granted, less what came since the petition; interest at the rate it granted, five points more in time.

    Law: CPC, art. 1422; CMF, art. L313-3; C. civ., art. 1231-7.
    """
    debt = debt_of(invoice, entries)
    own = [
        entry
        for entry in entries
        if isinstance(entry.fact, EscalatedToInjonction | OrdonnanceGranted | TitleEnforceable)
        and entry.fact.proceeding == granted.proceeding
    ]
    enforceable = next((entry.fact.on for entry in own if isinstance(entry.fact, TitleEnforceable)), granted.on)
    parts = [
        _granted_part(law, invoice, head, n, granted, enforceable)
        for n, head in enumerate(granted.heads, start=1)
        if head.head == "principal" or head.rate_kind
    ]
    sums: dict[str, int] = {}
    for head in granted.heads:
        if head.head != "principal" and not head.rate_kind:
            sums[head.head] = sums.get(head.head, 0) + head.cents
    heads = [
        Head(name, cents, "CPC, art. 1409", before_principal=name in _BEFORE_PRINCIPAL) for name, cents in sums.items()
    ]
    moves, ignored = _movements(entries[entries.index(own[0]) + 1 :], invoice.issued)
    since = [Movement(move.on, move.cents, move.kind) for move in moves]
    found = statement(parts, since, until, heads=heads, last_on=debt.last_on, readings=readings)
    return Claim(
        debt.regime, found, readings.of(SWITCHES), tuple(_notes(invoice, ignored)), invoice.book_residual_cents,
        heads=_cited(heads), title_on=granted.on,
    )  # fmt: skip


def _granted_part(
    law: Law, invoice: Invoice, head: GrantedHead, n: int, granted: OrdonnanceGranted, enforceable: dt.date
) -> Part:
    first = head.from_on or granted.on + ONE_DAY
    creditor: Literal["legal-individual", "legal-pro"] = (
        "legal-individual" if invoice.issued.creditor_kind == "consumer" else "legal-pro"
    )
    match head.rate_kind:
        case "contract":
            clause = Clause("fixed", Decimal(head.rate)) if head.rate else debt_of(invoice).clause
            rates = schedule(law, DEFAULTS, Debt("b2b", clause), granted.on)
        case "b2b":
            rates = by_half_year(lambda on: rate(law, "b2b", on))
        case "public":
            rates = schedule(law, DEFAULTS, Debt("public"), first - ONE_DAY)
        case _:
            rates = legal(law, creditor, enforceable)
    return Part(n, head.cents, granted.on, first if head.rate_kind else None, rates)
