"""The draft letter that hands a file to a commissaire de justice: the title if one stands, the claim, the pieces, the mandate."""

from collections.abc import Sequence
from typing import Any

from adapters.documents.claim_pages import Stated, figures, together
from adapters.documents.court.case_file import CaseFile, Draft
from adapters.documents.court.mentions import Mentions
from adapters.documents.court.sheets import annex, shell, story
from adapters.documents.court.titles import grouped_titles
from adapters.documents.pages import Told
from adapters.documents.stated import Missing
from adapters.documents.summary import standing_on
from adapters.documents.typeset import rendered
from domain.facts.insolvency import StayedByInsolvency
from domain.history import ordered
from projections.wording import court
from projections.wording import handover as words
from projections.wording.statement import missing, short
from projections.wording.terms import amount, day, typeset


def handover(case: CaseFile) -> Draft:
    """Draft the letter with what stands of each invoice on the day of the file; what is asked is left to tick."""
    says = Mentions(case)
    every = [Stated(told.exhibit, standing_on(told.exhibit, case.on), told.claim) for told in case.told]
    grouped = grouped_titles(case, every)
    granted = [each for each in grouped if each.order_on and not each.is_followed]
    streams = {told.exhibit.stream: case.on for told in case.told}
    shown = {
        **shell(case, "Remise du dossier à un commissaire de justice"),
        "beside_order": [typeset(each.beside(case.on)) for each in granted],
        "granted": amount(sum(each.granted_cents for each in granted)) if granted else "",
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
        **_tasks(case, says),
        "title_copy": says.say("title_copy") if any(each.is_enforceable for each in grouped) else "",
        "titles": [{"invoices": _capital(typeset(court.invoices(each.numbers))), "rows": each.said()} for each in grouped],
        "signing": says.signing(case),
    }  # fmt: skip
    gone = says.settled()
    return Draft(rendered("remise.typ", shown, case.generated_at), gone)


def _tasks(case: CaseFile, says: Mentions) -> dict[str, Any]:
    """What is asked: every task to tick; or the one that was given, by its code or in words of its own, ticked."""
    asked = case.given.get("task", "").strip()
    blank, tasks = says.say("task"), dict(words.TASKS)
    if asked and asked not in tasks:
        tasks["locate"] = f"{tasks['locate']} : {asked}"
    chosen = asked if asked in tasks else "locate"
    rows = [{"ticked": bool(asked) and code == chosen, "text": typeset(text)} for code, text in tasks.items()]
    return {"task": "" if asked else blank, "tasks": rows}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _invoice(stated: Stated) -> dict[str, Any]:
    issued = stated.invoice.issued
    dues = [short(part.due) if part.due else "non connue" for part in issued.instalments]
    return {**figures(stated), "due": list(dict.fromkeys(dues)), "issued": short(issued.on)}


def _stays(told: Sequence[Told], every: Sequence[Stated]) -> list[str]:
    """The opening judgments that stop individual action."""
    return [
        words.STAYED.format(on=day(entry.fact.on))
        for each, stated in zip(told, every, strict=True)
        if stated.invoice.regions.standing == "stayed"
        for _, entry in ordered(each.exhibit.history)
        if isinstance(entry.fact, StayedByInsolvency) and entry.fact.party == stated.invoice.issued.debtor
    ]
