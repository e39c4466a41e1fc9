"""The history of one invoice in words: one line per entry, withdrawn ones included, each with its two times.

A line says when a fact took effect, when it was recorded, how long after, and by what kind of knowledge. Nothing is left
out: a withdrawn entry stays, marked by the entry that withdrew it; a conclusion is told from what was observed.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from domain.facts import insolvency, invoicing, procedure, recovery
from domain.facts.fact import Fact
from domain.facts.invoicing import EntryWithdrawn, InvoiceIssued
from projections.wording import findings, pieces, terms
from projections.wording import invoicing as claim
from projections.wording import procedure as title
from projections.wording import recovery as ladder

#: How each stored fact of an invoice is said. A test wants every one of them here.
SENTENCES: Final[dict[type[Fact], Callable[[Any, terms.Setting], str]]] = {
    invoicing.InvoiceIssued: claim.issued,
    invoicing.InvoiceFellDue: claim.fell_due,
    invoicing.InvoicePaid: claim.settled,
    invoicing.PaymentReceived: claim.paid,
    invoicing.PaymentReversed: claim.reversed_,
    invoicing.CreditNoteApplied: claim.credited,
    invoicing.DisputeOpened: claim.disputed,
    invoicing.DisputeSettled: claim.dispute_settled,
    invoicing.DebtAcknowledged: claim.acknowledged,
    invoicing.PaymentPromised: claim.promised,
    invoicing.PromiseKept: claim.promise_kept,
    invoicing.PromiseBroken: claim.promise_broken,
    invoicing.WrittenOff: claim.written_off,
    invoicing.EntryWithdrawn: claim.withdrawn,
    invoicing.PieceAdded: pieces.added,
    invoicing.DossierExported: pieces.exported,
    recovery.DebtorReminded: ladder.reminded,
    recovery.DebtorCalled: ladder.called,
    recovery.DebtorFormallyNotified: ladder.notified,
    recovery.ServiceProgressed: ladder.progressed,
    procedure.EscalatedToInjonction: title.escalated,
    procedure.OrdonnanceGranted: title.granted,
    procedure.OrdonnanceRefused: title.refused,
    procedure.OrdonnanceDeclined: title.declined,
    procedure.OrdonnanceLapsed: title.lapsed,
    procedure.OrdonnanceServed: title.served,
    procedure.ProceedingWithdrawn: title.given_up,
    procedure.OppositionLodged: title.opposed,
    procedure.TitleEnforceable: title.enforceable,
    insolvency.StayedByInsolvency: title.stayed,
}
#: Fields of facts that name a document by its digest, with the French word for it.
_DOCUMENTS: Final[dict[str, str]] = {
    "document": "document",
    "dossier": "dossier déposé",
    "order_reference": "référence de commande",
    "proof": "preuve",
    "recap": "compte rendu",
}


@dataclass(frozen=True, slots=True)
class Breach:
    """A finding as it was stored: codes only."""

    rule: str
    reference: str
    consequence: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry as recorded: its fact, its place, its instant and the Paris day of it, and how it was known."""

    version: int
    position: int
    fact: Fact
    recorded_at: dt.datetime
    recorded_on: dt.date
    provenance: str
    act: str | None = None
    breaches: tuple[Breach, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words."""

    version: int
    position: int
    on: dt.date
    effective_on: dt.date
    recorded_at: dt.datetime
    recorded_on: dt.date
    lag_days: int
    provenance: str
    withdrawn_by: int | None
    is_conclusion: bool
    sentence: str
    findings: tuple[str, ...]
    documents: tuple[tuple[str, str], ...]

    @property
    def lag(self) -> str:
        """How long after it took effect the fact was recorded, in French."""
        return "le jour même" if self.lag_days == 0 else f"{self.lag_days}{terms.NO_BREAK}j"


def timeline(
    entries: Sequence[Recorded], numbers: Mapping[str, str], wholes: Mapping[str, terms.Whole] | None = None
) -> list[Line]:
    """The lines of one invoice's history, in the order in which facts took effect, then of recording.

    Args:
        entries: the whole stream, in its order.
        numbers: labels of the invoice's and the credit notes' numbers by their id; what is not in it goes unnamed.
        wholes: what the proceedings hold of each act of which the invoice holds a share, by the act.
    """
    withdrawn_by = {each.fact.withdrawn: each.version for each in entries if isinstance(each.fact, EntryWithdrawn)}
    issue = _issue(entries, withdrawn_by)
    setting = terms.Setting(
        numbers=numbers,
        debtor=issue.debtor if issue else "",
        instalments=len(issue.instalments) if issue else 1,
        acts={each.act: (each.version, each.fact) for each in reversed(entries) if each.act},
    )
    start = issue.on if issue else dt.date.min
    lines = [
        _line(
            each,
            replace(setting, whole=wholes.get(each.act or "")) if wholes else setting,
            start,
            withdrawn_by.get(each.version),
        )
        for each in entries
    ]
    return sorted(lines, key=lambda line: (line.effective_on, line.is_conclusion, line.version))


def _issue(entries: Sequence[Recorded], withdrawn_by: Mapping[int, int]) -> InvoiceIssued | None:
    issues = [each for each in entries if isinstance(each.fact, InvoiceIssued)]
    standing = [each for each in issues if each.version not in withdrawn_by] or issues
    return standing[-1].fact if standing and isinstance(standing[-1].fact, InvoiceIssued) else None


def _line(each: Recorded, setting: terms.Setting, start: dt.date, withdrawn_by: int | None) -> Line:
    fact = each.fact
    return Line(
        version=each.version,
        position=each.position,
        on=fact.on,
        effective_on=max(fact.on, start),
        recorded_at=each.recorded_at,
        recorded_on=each.recorded_on,
        lag_days=(each.recorded_on - fact.on).days,
        provenance=terms.PROVENANCE[each.provenance],
        withdrawn_by=withdrawn_by,
        is_conclusion=fact.role == "conclusion",
        sentence=sentence(fact, setting),
        findings=tuple(
            terms.typeset(findings.in_words(found.rule, found.reference, found.consequence)) for found in each.breaches
        ),
        documents=documents(fact),
    )


def sentence(fact: Fact, setting: terms.Setting) -> str:
    """A fact as one would sign it before a judge.

    Raises:
        KeyError: a draft, which is never stored and has no wording.
    """
    return terms.typeset(SENTENCES[type(fact)](fact, setting))


def documents(fact: Fact) -> tuple[tuple[str, str], ...]:
    """The documents that a fact names: what each is, in French, and its digest."""
    if isinstance(fact, invoicing.PieceAdded):
        return ((pieces.KIND[fact.kind], fact.document),)
    return tuple((word, digest) for field, word in _named(type(fact)) if (digest := getattr(fact, field)))


@cache
def _named(kind: type[Fact]) -> tuple[tuple[str, str], ...]:
    """The fields of a kind of facts that name a document."""
    return tuple((field, word) for field, word in _DOCUMENTS.items() if field in kind.model_fields)
