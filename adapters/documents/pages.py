"""What the pages of a dossier show: every figure and sentence ready to print, so that the template only lays out."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.clock import PARIS
from adapters.documents.claim_pages import Stated, claim_page, figures, readings, together
from adapters.documents.stated import Missing
from adapters.documents.summary import Exhibit, standing_on, totals
from adapters.registry import Party
from domain.claim import Claim
from domain.facts.procedure import TitleEnforceable
from domain.history import ordered
from domain.invoice import START, Invoice
from projections.timeline import Line
from projections.wording.terms import DEBTOR_KIND, NO_BREAK, STATES, amount, day, typeset

HEADING_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Told:
    """One invoice to show: its exhibit, its history in words, its figures in the books, its claim."""

    exhibit: Exhibit
    lines: Sequence[Line]
    figures: Mapping[str, Any]
    claim: Claim | Missing


def instant(at: dt.datetime) -> str:
    """An instant in French, in Paris: `1er juin 2026 à 10 h 00`."""
    local = at.astimezone(PARIS)
    return typeset(f"{day(local.date())} à {local:%H} h {local:%M}").replace(" h ", f"{NO_BREAK}h{NO_BREAK}")


def pages(
    told: Sequence[Told],
    *,
    creditor: Party,
    debtor: Party,
    generated_at: dt.datetime,
    on: dt.date,
    position: int,
    sandbox: bool,
    on_account: int,
    files: Mapping[str, str],
) -> dict[str, Any]:
    """Everything that the template prints; `on_account` are the cents that the books gave to no invoice, `files` the digests of the other files."""
    pieces = _pieces(told)
    sums = totals([each.figures for each in told])
    stated = [Stated(each.exhibit, standing_on(each.exhibit, on), each.claim) for each in told]
    return {
        "as_of": typeset(day(on)),
        "creditor": _party(creditor),
        "debtor": _party(debtor),
        "files": [{"digest": digest, "name": name} for name, digest in sorted(files.items())],
        "generated": instant(generated_at),
        "heading": f"{_short(creditor.name)} c/ {_short(debtor.name)}",
        "incomplete": any(isinstance(each.claim, Missing) for each in told),
        "invoices": [_invoice(each, claim, on, pieces) for each, claim in zip(told, stated, strict=True)],
        "pieces": [
            {"digest": digest, "entry": entry, "invoice": number, "n": n, "what": what}
            for digest, (n, what, number, entry) in pieces.items()
        ],
        "on_account": amount(on_account) if on_account else "",
        "position": str(position),
        "sandbox": sandbox,
        "readings": readings(stated),
        "totals": {
            **together(stated),
            "credited": amount(sums["credited_cents"]),
            "invoiced": amount(sums["total_cents"]),
            "overdue": amount(sums["overdue_cents"]),
            "paid": amount(sums["paid_cents"]),
        },
    }


def _short(name: str) -> str:
    return name if len(name) <= HEADING_LENGTH else f"{name[: HEADING_LENGTH - 1]}…"


def _party(party: Party) -> dict[str, Any]:
    siren = NO_BREAK.join((party.siren[:3], party.siren[3:6], party.siren[6:])) if party.siren else "non renseigné"
    rows = [
        ("Forme", (party.legal_form,)),
        ("Qualité", (DEBTOR_KIND[party.kind],)),
        ("SIREN", (siren,)),
        ("Registre", (party.registry,)),
        ("Adresse", party.address or ("non renseignée",)),
        ("Courriel", (party.email,)),
        ("Code", (party.code,)),
    ]
    return {"name": party.name, "rows": [{"key": key, "lines": list(lines)} for key, lines in rows if any(lines)]}


def _pieces(told: Sequence[Told]) -> dict[str, tuple[int, str, str, int]]:
    """The documents named by the facts, each once, numbered in the order of the pages."""
    found: dict[str, tuple[int, str, str, int]] = {}
    for each in told:
        for line in each.lines:
            for what, digest in line.documents:
                found.setdefault(digest, (len(found) + 1, what, each.exhibit.number, line.version))
    return found


def _invoice(
    told: Told, stated: Stated, on: dt.date, pieces: Mapping[str, tuple[int, str, str, int]]
) -> dict[str, Any]:
    invoice = stated.invoice
    return {
        "claim": claim_page(stated, on),
        "due": [typeset(day(part.due)) if part.due else "non connue" for part in invoice.issued.instalments],
        "events": str(len(told.exhibit.history)),
        "head": told.exhibit.head,
        "issued": typeset(day(invoice.issued.on)),
        "lines": [_line(line, pieces) for line in told.lines],
        "number": told.exhibit.number,
        "state": _state(told.exhibit, invoice, on),
        "stream": told.exhibit.stream,
        "sums": figures(stated),
        "total": amount(invoice.total_cents),
    }


def _state(exhibit: Exhibit, invoice: Invoice, on: dt.date) -> str:
    """The regions that left their first state, in words; overdue is computed from the due days."""
    titles = [
        entry.fact
        for effective, entry in ordered(exhibit.history)
        if effective <= on and isinstance(entry.fact, TitleEnforceable)
    ]
    said = STATES
    if titles and titles[-1].basis == "own_statement":
        said = STATES | {"enforceable": f"{STATES['enforceable']} selon la déclaration du créancier"}
    words = [said[now] for now, first in zip(invoice.regions, START, strict=True) if now != first]
    if invoice.overdue_cents(on) and "échue" not in words:
        words.insert(0, "échue")
    return ", ".join(words) or "émise, non échue"


def _line(line: Line, pieces: Mapping[str, tuple[int, str, str, int]]) -> dict[str, Any]:
    remarks = list(line.findings)
    if line.effective_on != line.on:
        remarks.append(typeset(f"Pris en compte à la date d’émission, le {day(line.effective_on)}."))
    for what, digest in line.documents:
        remarks.append(typeset(f"Document n° {pieces[digest][0]} ({what})."))
    return {
        "conclusion": line.is_conclusion,
        "lag": line.lag,
        "n": str(line.version),
        "on": f"{line.on:%d/%m/%Y}",
        "provenance": "conclusion du journal" if line.is_conclusion else line.provenance,
        "recorded": f"{line.recorded_at.astimezone(PARIS):%d/%m/%Y %H:%M}",
        "remarks": remarks,
        "text": line.sentence,
        "withdrawn": str(line.withdrawn_by) if line.withdrawn_by else "",
    }
