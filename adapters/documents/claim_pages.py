"""What the pages show of the claims: the statement of each invoice, its account in the books beside it, and the sums."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any, Final

from adapters.documents.stated import Missing, per_day
from adapters.documents.summary import Exhibit
from domain.claim import Claim
from domain.facts.invoicing import CreditNoteApplied, PaymentReceived, PaymentReversed
from domain.facts.procedure import OrdonnanceGranted
from domain.history import ordered
from domain.invoice import Invoice
from projections.wording import statement as words
from projections.wording.invoicing import CREDIT_REASON, MEANS, REVERSAL, SOURCE
from projections.wording.procedure import HEAD, heads
from projections.wording.terms import amount, day, typeset

UNKNOWN: Final = "non calculé"


@dataclass(frozen=True, slots=True)
class Stated:
    """An invoice with its claim on a day, or with what is missing for one."""

    exhibit: Exhibit
    invoice: Invoice
    claim: Claim | Missing


def claim_page(each: Stated, on: dt.date) -> dict[str, Any]:
    """The statement of one invoice, and its account in the books."""
    claim = each.claim
    if isinstance(claim, Missing):
        said = {"missing": typeset(words.missing(claim.label, claim.on)), "intro": "", "notes": []}
        return {**said, "account": _account(each, on, [])}
    stated = claim.statement
    order = _order(each, on)
    parts = _parts(each.invoice, order if claim.title_on else None)
    rows = words.rows(claim, parts)
    issued_on = words.short(claim.title_on or each.invoice.issued.on)
    first = replace(rows[0], when=(issued_on,), how=_terms(claim, each.invoice))
    notes = [words.daily(claim), *words.remarks(claim.remarks)]
    intro = words.title(claim.title_on, heads(order.heads)) if claim.title_on and order else ""
    if order and not claim.title_on and (granted := _granted_cents(order)) < stated.principal_cents:
        notes.append(
            f"L’ordonnance du {day(order.on)} accorde en principal {amount(granted)} pour cette facture : moins que le"
            " principal du décompte."
        )
    if stated.capitalised_cents:
        notes.append(f"Dont intérêts capitalisés : {amount(stated.capitalised_cents)} (C. civ., art. 1343-2).")
    return {
        "account": _account(each, on, _apart(each, claim)),
        "credit": amount(stated.unallocated_cents) if stated.unallocated_cents else "",
        "intro": typeset(intro),
        "left": [_shown(row) for row in words.left(claim)],
        "missing": "",
        "notes": [typeset(note) for note in notes if note],
        "rows": [_shown(row) for row in (first, *rows[1:])],
        "total": amount(stated.total_cents),
    }


def _shown(row: words.Row) -> dict[str, Any]:
    return {
        name: typeset(said) if isinstance(said, str) else [typeset(line) for line in said]
        for name, said in asdict(row).items()
    }


def _order(each: Stated, on: dt.date) -> OrdonnanceGranted | None:
    """The newest order of the proceeding under way."""
    found = [
        entry.fact
        for effective, entry in ordered(each.exhibit.history)
        if effective <= on
        and isinstance(entry.fact, OrdonnanceGranted)
        and entry.fact.proceeding == each.invoice.proceeding
    ]
    return found[-1] if found else None


def _granted_cents(order: OrdonnanceGranted) -> int:
    return sum(head.cents for head in order.heads if head.head == "principal")


def _parts(invoice: Invoice, order: OrdonnanceGranted | None) -> dict[int, str]:
    """How the parts that bear interest are called."""
    if order:
        return {
            n: HEAD[head.head]
            for n, head in enumerate(order.heads, start=1)
            if head.head == "principal" or head.rate_kind
        }
    return {part.n: f"échéance n° {part.n}" for part in invoice.issued.instalments}


def _terms(claim: Claim, invoice: Invoice) -> tuple[str, ...]:
    """The due days of the price; those of a title are none."""
    if claim.title_on:
        return ()
    parts = invoice.issued.instalments
    dues = [f"le {words.short(part.due)}" if part.due else "à une date non connue" for part in parts]
    if len(parts) == 1:
        is_late = parts[0].due and parts[0].due < claim.statement.until
        return (f"{'échue' if is_late else 'payable'} {dues[0]}",)
    return tuple(f"échéance n° {part.n} : {amount(part.cents)}, {due}" for part, due in zip(parts, dues, strict=True))


def _apart(each: Stated, claim: Claim) -> list[str]:
    """Why the principal of the statement is not the balance of the books, where it is not."""
    principal, books = claim.statement.principal_cents, each.invoice.book_residual_cents
    if principal == books:
        return []
    if claim.title_on:
        return ["Le solde comptable suit la facture, le décompte suit le titre : l’un ne se déduit pas de l’autre."]
    gap = amount(principal - books)
    why = " ; ".join(words.difference(claim))
    return [f"Le principal du décompte, {amount(principal)}, diffère de ce solde de {gap} : {why}."]


def _account(each: Stated, on: dt.date, notes: Sequence[str]) -> dict[str, Any]:
    """The account of the invoice in the books: what account 411 carries."""
    invoice = each.invoice
    rows = [(invoice.issued.on, "Facture, toutes taxes comprises", invoice.total_cents)]
    for effective, entry in ordered(each.exhibit.history):
        fact = entry.fact
        if effective > on:
            continue
        if isinstance(fact, PaymentReceived):
            how = f" {MEANS[fact.means]}" if fact.means and fact.source != "set_off" else ""
            rows.append((fact.on, f"Paiement {SOURCE[fact.source]}{how}", -fact.cents))
        elif isinstance(fact, PaymentReversed):
            rows.append((fact.on, f"Reprise d’un paiement : {REVERSAL[fact.reason]}", fact.cents))
        elif isinstance(fact, CreditNoteApplied):
            rows.append((fact.on, f"Avoir, motif : {CREDIT_REASON[fact.reason]}", -fact.cents))
    shown = [{"amount": amount(cents), "what": typeset(what), "when": words.short(at)} for at, what, cents in rows]
    said = list(notes)
    if invoice.written_off_cents:
        lost = amount(-invoice.written_off_cents)
        shown.append({"amount": lost, "what": "Passage en pertes (la créance n’en est pas éteinte)", "when": ""})
    if invoice.book_residual_cents < 0:
        said.append("Les sommes reçues et les avoirs dépassent le prix : le solde est créditeur.")
    return {
        "balance": amount(invoice.book_residual_cents),
        "notes": [typeset(note) for note in said],
        "rows": shown,
    }


def figures(each: Stated) -> dict[str, str]:
    """The sums of one claim, for a table of several."""
    claim = each.claim
    if isinstance(claim, Missing):
        return {
            "books": amount(each.invoice.book_residual_cents),
            "heads": UNKNOWN, "interest": UNKNOWN, "number": each.exhibit.number, "principal": UNKNOWN, "total": UNKNOWN,
        }  # fmt: skip
    return {"number": each.exhibit.number, **_sums([claim])}


def together(every: Sequence[Stated]) -> dict[str, str]:
    """The sums of every claim; none where one is not computed, for the sum would be wrong."""
    claims = [each.claim for each in every if isinstance(each.claim, Claim)]
    if len(claims) < len(every):
        books = amount(sum(each.invoice.book_residual_cents for each in every))
        return {
            "books": books,
            "daily": "",
            "heads": UNKNOWN,
            "interest": UNKNOWN,
            "principal": UNKNOWN,
            "total": UNKNOWN,
        }
    rates = [per_day(claim) for claim in claims]
    known = [Decimal(each) for each in rates if each is not None]
    daily = words.a_day(sum(known, Decimal())) if len(known) == len(rates) and any(known) else ""
    return {"daily": typeset(daily), **_sums(claims)}


def _sums(claims: Sequence[Claim]) -> dict[str, str]:
    found = [claim.statement for claim in claims]
    return {
        "books": amount(sum(claim.book_residual_cents for claim in claims)),
        "heads": amount(sum(cents for each in found for _, cents in each.heads)),
        "interest": amount(sum(each.interest_cents for each in found)),
        "principal": amount(sum(each.principal_cents for each in found)),
        "total": amount(sum(each.total_cents for each in found)),
    }


def readings(every: Sequence[Stated]) -> list[str]:
    """How contested points were read, over every claim."""
    found = [reading for each in every if isinstance(each.claim, Claim) for reading in each.claim.readings]
    return [typeset(text) for text in words.readings(found)]
