"""What every document for a court shows around its own words: heading, footer, history, statement of each claim."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.documents.claim_pages import Stated, claim_page, readings
from adapters.documents.court.case_file import CaseFile
from adapters.documents.pages import instant
from adapters.documents.safe_text import safe_text
from adapters.registry import Party
from domain.claim import Claim
from domain.facts.invoicing import (
    DossierExported,
    EntryWithdrawn,
    InvoiceFellDue,
    InvoiceIssued,
    PieceAdded,
    WrittenOff,
)
from projections.wording.terms import amount, day, typeset

#: Of each party, so that the longest names leave the header its place.
_HEADING_LENGTH: Final = 44
#: Entries that tell a judge nothing of the debt: of the bookkeeping, of the file, or told by another one.
_LEFT_UNTOLD = (DossierExported, EntryWithdrawn, PieceAdded, WrittenOff)


def shell(case: CaseFile, title: str) -> dict[str, Any]:
    """The heading and the footer."""
    return {
        "as_of": typeset(day(case.on)),
        "generated": instant(case.generated_at),
        "heading": f"{_short(case, case.creditor, 'creditor_name')} c/ {_short(case, case.debtor, 'debtor_name')}",
        "position": str(case.position),
        "sandbox": case.sandbox,
        "title": title,
    }


def _short(case: CaseFile, party: Party, code: str) -> str:
    name = safe_text(case.given.get(code, "").strip() or party.name)
    return name if len(name) <= _HEADING_LENGTH else f"{name[: _HEADING_LENGTH - 1]}…"


def annex(every: Sequence[Stated], case: CaseFile) -> dict[str, Any]:
    """The detailed statement of each invoice, each closed on a day of its own, and how contested points are read."""
    apart = ""
    if case.on_account_cents:
        apart = typeset(
            f"Une somme de {amount(case.on_account_cents)} reçue du débiteur n’est affectée à aucune facture dans les livres du"
            " créancier ; le décompte ne la déduit pas. À défaut d’indication du débiteur, elle s’impute selon l’article"
            " 1342-10 du code civil."
        )
    return {
        "invoices": [
            {"claim": claim_page(each, _until(each, case)), "number": each.exhibit.number, "on": typeset(day(_until(each, case)))}
            for each in every
        ],
        "on_account": apart,
        "readings": readings(every),
    }  # fmt: skip


def _until(each: Stated, case: CaseFile) -> dt.date:
    return each.claim.statement.until if isinstance(each.claim, Claim) else case.on


def story(case: CaseFile, until: Mapping[str, dt.date], *, apart: str = "") -> list[dict[str, str]]:
    """What happened to invoices up to a day of each, by stream, in the order of the days; `n` is the entry of the dossier.

    The facts of a proceeding are told apart where it is named.
    """
    found = []
    for told in case.told:
        if told.exhibit.stream not in until:
            continue
        facts = {entry.version: entry.fact for entry in told.exhibit.history}
        for line in told.lines:
            fact = facts.get(line.version)
            is_apart = bool(apart) and getattr(fact, "proceeding", "") == apart
            if (
                is_apart
                or line.withdrawn_by
                or isinstance(fact, _LEFT_UNTOLD)
                or line.effective_on > until[told.exhibit.stream]
            ):
                continue
            rank = 0 if isinstance(fact, InvoiceIssued) else 1 if isinstance(fact, InvoiceFellDue) else 2
            found.append((line.effective_on, rank, told.exhibit.number, line.version, line.sentence, line.on))
    return [
        {"invoice": number, "n": str(version), "on": f"{on:%d/%m/%Y}", "text": sentence}
        for _, _, number, version, sentence, on in sorted(found, key=lambda each: each[:4])
    ]
