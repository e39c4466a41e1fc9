"""The draft letter that hands a file to a commissaire de justice: the title if one stands, the claim, the pieces, the mandate."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from adapters.documents.claim_pages import Stated, figures, together
from adapters.documents.court.case_file import CaseFile, Draft
from adapters.documents.court.mentions import Mentions
from adapters.documents.court.sheets import annex, shell, story
from adapters.documents.pages import Told
from adapters.documents.stated import Missing
from adapters.documents.summary import standing_on
from adapters.documents.typeset import rendered
from domain.errors import LawMissing
from domain.facts.insolvency import StayedByInsolvency
from domain.facts.procedure import (
    EscalatedToInjonction,
    OppositionLodged,
    OrdonnanceGranted,
    OrdonnanceServed,
    TitleEnforceable,
)
from domain.history import ordered
from domain.invoice import Invoice
from domain.ordonnance import order
from projections.wording import court as words
from projections.wording.procedure import BASIS, SERVICE
from projections.wording.statement import missing, short
from projections.wording.terms import day, typeset


def handover(case: CaseFile) -> Draft:
    """Draft the letter with what stands of each invoice on the day of the file; what is asked is left to tick."""
    says = Mentions(case)
    every = [Stated(told.exhibit, standing_on(told.exhibit, case.on), told.claim) for told in case.told]
    titles = [_title(case, told, stated.invoice) for told, stated in zip(case.told, every, strict=True)]
    grouped: dict[tuple[str, ...], list[str]] = {}
    for told, (rows, _) in zip(case.told, titles, strict=True):
        if rows:
            grouped.setdefault(tuple(rows), []).append(told.exhibit.number)
    streams = {told.exhibit.stream: case.on for told in case.told}
    shown = {
        **shell(case, "Remise du dossier à un commissaire de justice"),
        "account": says.option("account"),
        "agent": says.option("agent", case.cabinet),
        "amicable": "" if grouped else typeset(words.AMICABLE),
        "annex": annex(every, case),
        "creditor": says.creditor(case),
        "debtor": says.debtor(case.debtor),
        "exhibits": says.exhibits(case.pieces),
        "facts": story(case, streams),
        "fees": says.option("fees"),
        "instructions": says.option("instructions"),
        "invoices": [_invoice(stated) for stated in every],
        "mandate": typeset(words.MANDATE),
        "missing": [
            {"number": told.exhibit.number, "text": typeset(missing(told.claim.label, told.claim.on))}
            for told in case.told if isinstance(told.claim, Missing)
        ],
        "officer": says.say("officer"),
        "stayed": [typeset(text) for text in dict.fromkeys(_stays(case.told, every))],
        "sums": together(every),
        "task": says.say("task"),
        "tasks": [typeset(text) for text in words.TASKS.values()],
        "title_copy": says.say("title_copy") if any(is_title for _, is_title in titles) else "",
        "titles": [{"numbers": ", ".join(numbers), "rows": list(rows)} for rows, numbers in grouped.items()],
        "signing": says.signing(case),
    }  # fmt: skip
    return Draft(rendered("remise.typ", shown, case.generated_at), says.missing)


def _invoice(stated: Stated) -> dict[str, Any]:
    issued = stated.invoice.issued
    dues = [short(part.due) if part.due else "non connue" for part in issued.instalments]
    return {**figures(stated), "due": list(dict.fromkeys(dues)), "issued": short(issued.on)}


def _title(case: CaseFile, told: Told, invoice: Invoice) -> tuple[list[str], bool]:
    """What is on record of the petition and of the order on an invoice; and whether they came to an enforceable title."""
    if invoice.regions.procedure in {"no_procedure", "ended"}:
        return [], False
    own = [
        entry.fact
        for effective, entry in ordered(told.exhibit.history)
        if effective <= case.on and getattr(entry.fact, "proceeding", None) == invoice.proceeding
    ]
    filed = [fact for fact in own if isinstance(fact, EscalatedToInjonction)]
    orders = [fact for fact in own if isinstance(fact, OrdonnanceGranted)]
    court = filed[0].court if filed else ""
    rows = [words.petitioned(court, fact.on) for fact in filed[:1] if not orders]
    rows += [words.ordered_on(court, fact.on) for fact in orders[-1:]]
    services = [fact for fact in own if isinstance(fact, OrdonnanceServed)]
    rows += [words.serve_by(on) for on in _serve_by(case, orders[-1:]) if not services]
    rows += [f"Signifiée le {day(fact.on)}, {SERVICE[fact.mode]}" for fact in services]
    rows += [f"Opposition formée le {day(fact.on)}" for fact in own if isinstance(fact, OppositionLodged)]
    titles = [fact for fact in own if isinstance(fact, TitleEnforceable)]
    rows += [f"Enregistrée comme exécutoire le {day(fact.on)} : {BASIS[fact.basis]}" for fact in titles]
    return [typeset(row) for row in rows], bool(titles) and invoice.regions.procedure == "enforceable"


def _serve_by(case: CaseFile, orders: Sequence[OrdonnanceGranted]) -> list[dt.date]:
    """By when orders are to be served, where the law of their day is known.

    Law: CPC, art. 1411.
    """
    try:
        return [order(case.law, case.readings, granted.on).serve_by_on for granted in orders]
    except LawMissing:
        return []


def _stays(told: Sequence[Told], every: Sequence[Stated]) -> list[str]:
    """The opening judgments that stop individual action."""
    return [
        words.STAYED.format(on=day(entry.fact.on))
        for each, stated in zip(told, every, strict=True)
        if stated.invoice.regions.standing == "stayed"
        for _, entry in ordered(each.exhibit.history)
        if isinstance(entry.fact, StayedByInsolvency) and entry.fact.party == stated.invoice.issued.debtor
    ]
