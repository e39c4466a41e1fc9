"""What the pages of a dossier show: every figure and sentence ready to print, so that the template only lays out."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from adapters.clock import PARIS
from adapters.documents.claim_pages import Stated, claim_page, figures, readings, together
from adapters.documents.safe_text import coded
from adapters.documents.stated import Missing
from adapters.documents.summary import Exhibit, standing_on, totals
from adapters.registry import Party
from domain.claim import Claim
from domain.facts.invoicing import DossierKind, PieceAdded
from domain.facts.procedure import TitleEnforceable
from domain.history import ordered
from domain.invoice import START, Invoice
from projections.on_file import OnFile, attached_to_acts
from projections.timeline import Line
from projections.wording.pieces import EXPORT, withheld
from projections.wording.terms import DEBTOR_KIND, NO_BREAK, PROVENANCE, STATES, amount, day, typeset

HEADING_LENGTH = 60
#: Knowledge of what was before the log was kept: told on pages of its own.
BEFORE = (PROVENANCE["imported"], PROVENANCE["reconstructed"])
#: The numbers of the pieces of each entry, by its version.
Proofs = Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Told:
    """One invoice to show: its exhibit, its history in words, its figures in the books, its claim."""

    exhibit: Exhibit
    lines: Sequence[Line]
    figures: Mapping[str, Any]
    claim: Claim | Missing


@dataclass(frozen=True, slots=True)
class Annexed:
    """A piece as the pages name it; `entries` are those that added it: stream, version, the version that it proves."""

    number: int
    title: str
    kind: str
    on: dt.date
    origin: str
    sha256: str
    document: str
    entries: Sequence[tuple[str, int, int | None]]


@dataclass(frozen=True, slots=True)
class Seal:
    """What the pages say of the seal: the log, the fingerprints of its keys, the checkpoint before this export, who stamps."""

    origin: str
    keys: Sequence[tuple[str, str]]
    previous: tuple[int, str] | None
    authorities: Sequence[str]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the pages say besides the invoices.

    Attributes:
        on_account: cents that the books gave to no invoice.
        files: digests of the other files, by their names.
        people: names of who did what, by their ids; none in a masked copy.
        doers: who did what, by position.
        absent: what is not on file, by the number of the invoice, a sentence each.
        withheld: how many confidential entries are withheld.
    """

    creditor: Party
    debtor: Party
    generated_at: dt.datetime
    on: dt.date
    position: int
    sandbox: bool
    on_account: int
    files: Mapping[str, str]
    pieces: Sequence[Annexed]
    people: Mapping[str, str]
    doers: Mapping[int, str]
    absent: Sequence[tuple[str, Sequence[str]]]
    withheld: int
    redacted: bool
    kind: DossierKind
    seal: Seal


def instant(at: dt.datetime) -> str:
    """An instant in French, in Paris: `1er juin 2026 à 10 h 00`."""
    local = at.astimezone(PARIS)
    return typeset(f"{day(local.date())} à {local:%H} h {local:%M}").replace(" h ", f"{NO_BREAK}h{NO_BREAK}")


def pages(told: Sequence[Told], frame: Frame) -> dict[str, Any]:
    """Everything that the template prints."""
    numbers = {each.document: each.number for each in frame.pieces}
    sums = totals([each.figures for each in told])
    on = frame.on
    stated = [Stated(each.exhibit, standing_on(each.exhibit, on), each.claim) for each in told]
    shared = attached_to_acts(each.exhibit.history for each in told)
    proofs = [_proofs(each, frame, numbers, shared) for each in told]
    earlier = [
        found for each, shown in zip(told, proofs, strict=True) if (found := _before(each, frame, numbers, shown))
    ]
    printed = {
        "absent": [{"number": number, "words": list(words)} for number, words in frame.absent],
        "as_of": typeset(day(on)),
        "creditor": _party(frame.creditor),
        "debtor": _party(frame.debtor),
        "earlier": earlier,
        "files": [{"digest": digest, "name": name} for name, digest in sorted(frame.files.items())],
        "generated": instant(frame.generated_at),
        "heading": heading(frame.creditor, frame.debtor),
        "incomplete": any(isinstance(each.claim, Missing) for each in told),
        "invoices": [_invoice(*each) for each in zip(told, stated, repeat(frame), repeat(numbers), proofs)],
        "kind": EXPORT[frame.kind],
        "named": _named(told, numbers),
        "on_account": amount(frame.on_account) if frame.on_account else "",
        "pieces": [
            {
                "digest": each.sha256, "kind": each.kind, "n": str(each.number), "on": f"{each.on:%d/%m/%Y}", "origin": each.origin,
                "title": each.title, "entries": _added(each, told),
            }
            for each in frame.pieces
        ],
        "position": str(frame.position),
        "readings": readings(stated),
        "redacted": frame.redacted,
        "sandbox": frame.sandbox,
        "seal": _seal(frame.seal),
        "totals": {
            **together(stated),
            "credited": amount(sums["credited_cents"]),
            "invoiced": amount(sums["total_cents"]),
            "overdue": amount(sums["overdue_cents"]),
            "paid": amount(sums["paid_cents"]),
        },
        "withheld": typeset(withheld(frame.withheld)) if frame.withheld else "",
    }  # fmt: skip
    return {**printed, "coded": coded(printed)}


def heading(creditor: Party, debtor: Party) -> str:
    """Who against whom, at the top of each page."""
    return f"{_short(creditor.name)} c/ {_short(debtor.name)}"


def _seal(seal: Seal) -> dict[str, Any]:
    return {
        "authorities": list(seal.authorities),
        "keys": [{"digest": digest, "name": name} for name, digest in seal.keys],
        "origin": seal.origin,
        "previous": {"size": str(seal.previous[0]), "root": seal.previous[1]} if seal.previous else None,
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


def _named(told: Sequence[Told], numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    """The documents that the log names and that are not joined, each once."""
    found: dict[str, dict[str, Any]] = {}
    for each in told:
        for line in each.lines:
            for what, digest in line.documents:
                if digest not in numbers:
                    found.setdefault(
                        digest, {"digest": digest, "entry": line.version, "invoice": each.exhibit.number, "what": what}
                    )
    return list(found.values())


def _added(piece: Annexed, told: Sequence[Told]) -> list[str]:
    """The entries that added a piece, each with the day it was recorded and the entry that it proves."""
    found = []
    for each in told:
        lines = {line.version: line for line in each.lines}
        for stream, version, of in piece.entries:
            if stream == each.exhibit.stream:
                about = f", à l’appui de l’entrée n° {of}" if of else ""
                found.append(
                    f"{each.exhibit.number}, entrée n° {version} du {lines[version].recorded_on:%d/%m/%Y}{about}"
                )
    return [typeset(words) for words in found]


def _invoice(told: Told, stated: Stated, frame: Frame, numbers: Mapping[str, int], proofs: Proofs) -> dict[str, Any]:
    invoice = stated.invoice
    return {
        "claim": claim_page(stated, frame.on),
        "due": [typeset(day(part.due)) if part.due else "non connue" for part in invoice.issued.instalments],
        "events": str(len(told.exhibit.history)),
        "head": told.exhibit.head,
        "issued": typeset(day(invoice.issued.on)),
        "lines": _lines(told, frame, numbers, proofs, before=False),
        "number": told.exhibit.number,
        "state": _state(told.exhibit, invoice, frame.on),
        "stream": told.exhibit.stream,
        "sums": figures(stated),
        "total": amount(invoice.total_cents),
    }


def _proofs(
    told: Told, frame: Frame, numbers: Mapping[str, int], shared: Mapping[str, Sequence[PieceAdded]]
) -> dict[int, list[int]]:
    """The numbers of the pieces of each entry, by its version: as what is not on file is found, so that neither denies the other."""
    history = told.exhibit.history
    file = OnFile.known(history, frame.on, shared)
    return {
        entry.version: sorted({numbers[each.document] for each in file.of(entry) if each.document in numbers})
        for entry in history
    }


def _before(told: Told, frame: Frame, numbers: Mapping[str, int], proofs: Proofs) -> dict[str, Any] | None:
    """What was known of an invoice from before the log was kept; nothing where nothing was."""
    lines = _lines(told, frame, numbers, proofs, before=True)
    return {"lines": lines, "number": told.exhibit.number} if lines else None


def _lines(
    told: Told, frame: Frame, numbers: Mapping[str, int], proofs: Proofs, *, before: bool
) -> list[dict[str, Any]]:
    """The entries, from before the log was kept or since; those that only add a piece are told in the list of the pieces."""
    stream = told.exhibit.stream
    additions = {version for each in frame.pieces for at, version, _ in each.entries if at == stream}
    return [
        _line(line, frame, numbers, proofs.get(line.version, ()))
        for line in told.lines
        if (line.provenance in BEFORE) is before and line.version not in additions
    ]


def _state(exhibit: Exhibit, invoice: Invoice, on: dt.date) -> str:
    """The regions that left their first state, in words; overdue is computed from the due days."""
    titles = [
        entry.fact
        for effective, entry in ordered(exhibit.history)
        if effective <= on and isinstance(entry.fact, TitleEnforceable)
    ]
    said = dict(STATES)
    if titles and titles[-1].basis == "own_statement":
        said["enforceable"] += " selon la déclaration du créancier"
    if (due := invoice.promise_due_on) and due < on:
        said["promised"] = typeset(f"promesse échue le {day(due)}, issue non enregistrée")
    words = [said[now] for now, first in zip(invoice.regions, START, strict=True) if now != first]
    if invoice.overdue_cents(on) and "échue" not in words:
        words.insert(0, "échue")
    return ", ".join(words) or "émise, non échue"


def _line(line: Line, frame: Frame, numbers: Mapping[str, int], proofs: Sequence[int]) -> dict[str, Any]:
    remarks = list(line.findings)
    if line.effective_on != line.on:
        remarks.append(typeset(f"Pris en compte à la date d’émission, le {day(line.effective_on)}."))
    remarks += [
        typeset(f"Document désigné, non joint : {what}.") for what, digest in line.documents if digest not in numbers
    ]
    return {
        "by": "" if line.is_conclusion else frame.people.get(frame.doers.get(line.position, ""), ""),
        "conclusion": line.is_conclusion,
        "entry": str(line.position),
        "lag": line.lag,
        "n": str(line.version),
        "on": f"{line.on:%d/%m/%Y}",
        "piece": ", ".join(str(number) for number in dict.fromkeys(proofs)),
        "provenance": "conclusion du journal" if line.is_conclusion else line.provenance,
        "recorded": f"{line.recorded_at.astimezone(PARIS):%d/%m/%Y %H:%M}",
        "remarks": remarks,
        "text": line.sentence,
        "withdrawn": str(line.withdrawn_by) if line.withdrawn_by else "",
    }
