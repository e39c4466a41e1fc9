"""The draft declaration of claim (déclaration de créance) to the mandataire judiciaire, or to the liquidator.

Law: C. com., art. L622-24, L622-25, R622-21 to R622-24.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from adapters.documents.court.case_file import CaseFile, Draft
from adapters.documents.court.failure import Declared, Failure, failure, has_title
from adapters.documents.court.mentions import Mentions, control
from adapters.documents.court.sheets import annex, shell, story
from adapters.documents.stated import Missing
from adapters.documents.typeset import rendered
from projections.wording import court as words
from projections.wording.handover import ordered_on
from projections.wording.procedure import court_of
from projections.wording.statement import missing, short
from projections.wording.terms import amount, day, typeset


def declaration(case: CaseFile) -> Draft:
    """Draft the declaration of what was owed on the day of the opening judgment, with the statement of each invoice behind it.

    Raises:
        Misuse: no opening judgment stands on any invoice, or nothing was owed that day.
    """
    failed, says = failure(case), Mentions(case)
    judgment, declared = failed.judgment, failed.declared
    streams = {each.told.exhibit.stream: each.on for each in declared}
    role = words.declared(judgment.kind)
    shown = {
        **shell(case, "Déclaration de créance"),
        "addressee": says.say("liquidator" if judgment.kind == "liquidation" else "addressee"),
        "annex": annex([each.shown() for each in declared], case),
        "court": says.say("insolvency_court", case.court),
        "creditor": says.creditor(case),
        "debtor": says.debtor(case.debtor),
        "docket": says.option("docket"),
        "judged_on": typeset(day(judgment.on)),
        "judgment": typeset(words.judgment(judgment.kind, judgment.on)),
        "published": typeset(day(judgment.published_on)) if judgment.published_on else says.say("published_on"),
        "role": role,
        "agent": says.option("agent", case.cabinet),
        "power": says.option("special_power"),
        "invoices": [_invoice(each) for each in declared],
        "to_come": _to_come(declared, says),
        "sums": _sums(declared),
        "missing": _gaps(declared, says),
        "left_out": [{"number": number, "reason": typeset(reason)} for number, reason in failed.left_out],
        "interest": typeset(words.stopped(judgment.on)),
        "running": says.option("running_interest"),
        "security": says.option("security"),
        "retained": _retained(failed, case),
        "pending": _pending(declared, says),
        "titles": _titles(declared),
        "paid_since": [
            typeset(words.paid_since(number, paid.on, paid.cents, is_deducted=is_deducted))
            for number, paid, is_deducted in failed.paid_since()
        ],
        "deadlines": _deadlines(failed, case),
        "facts": story(case, streams),
        "exhibits": says.exhibits(case.pieces),
        "certified": [typeset(text) for text in _certified(declared)],
        "signing": says.signing(case),
    }
    gone = says.settled()
    shown["control"] = control(
        "declaration", gone, words.ITEM_OF_DECLARATION, states={"time_limit": _to_send(failed, case)}
    )
    return Draft(rendered("declaration.typ", shown, case.generated_at), gone)


def _to_send(failed: Failure, case: CaseFile) -> str:
    """What is left to do of the time limit: relance sends nothing."""
    row = failed.deadlines(case).get("claim_declaration")
    return words.to_send(row.on if row and failed.judgment.published_on else None)


def _invoice(each: Declared) -> dict[str, Any]:
    is_gapped = isinstance(each.claim, Missing)
    issued = each.invoice.issued
    dues = [short(part.due) if part.due else "non connue" for part in issued.instalments]
    return {
        "due": list(dict.fromkeys(dues)), "fallen": amount(each.due_cents),
        "heads": "non calculé" if is_gapped else amount(each.heads_cents),
        "interest": "non calculé" if is_gapped else amount(each.interest_cents),
        "issued": short(issued.on), "number": each.number,
        "to_come": amount(sum(cents for _, cents in each.to_come)), "total": amount(each.total_cents),
    }  # fmt: skip


def _sums(declared: Sequence[Declared]) -> dict[str, str]:
    coming = sum(cents for each in declared for _, cents in each.to_come)
    partly = " (partiel)" if any(isinstance(each.claim, Missing) for each in declared) else ""
    return {
        "fallen": amount(sum(each.due_cents for each in declared)),
        "heads": amount(sum(each.heads_cents for each in declared)) + partly,
        "interest": amount(sum(each.interest_cents for each in declared)) + partly,
        "past": amount(sum(each.total_cents for each in declared) - coming),
        "to_come": amount(coming),
        "total": amount(sum(each.total_cents for each in declared)),
    }


def _to_come(declared: Sequence[Declared], says: Mentions) -> list[dict[str, Any]]:
    """The sums to fall due with their days.

    Law: C. com., art. L622-25.
    """
    return [
        {"amount": amount(cents), "number": each.number, "on": short(due) if due else says.say("due_days")}
        for each in declared
        for due, cents in each.to_come
    ]


def _gaps(declared: Sequence[Declared], says: Mentions) -> dict[str, Any]:
    """The invoices whose interest is not computed, for want of which value."""
    rows = [
        {"number": each.number, "text": typeset(missing(each.claim.label, each.claim.on))}
        for each in declared
        if isinstance(each.claim, Missing)
    ]
    return {"blank": says.say("interest_value") if rows else "", "rows": rows}


def _certified(declared: Sequence[Declared]) -> list[str]:
    """That the claim is certified sincere; a title spares it what it covers.

    Law: C. com., art. L622-25.
    """
    return [words.CERTIFIED, *([words.CERTIFIED_TITLE] if any(has_title(each) for each in declared) else [])]


def _pending(declared: Sequence[Declared], says: Mentions) -> list[dict[str, Any]]:
    """The petitions under way, without a title yet: the court of each, its invoices.

    Law: C. com., art. R622-23, 3°.
    """
    found: dict[tuple[str, dt.date], list[str]] = {}
    for each in declared:
        if each.pending is not None and not has_title(each):
            found.setdefault((each.pending.court, each.pending.on), []).append(each.number)
    return [
        {
            "court": says.court("pending_court", court_of(court)),
            "invoices": typeset(words.invoices(numbers)),
            "on": typeset(day(on)),
        }
        for (court, on), numbers in found.items()
    ]


def _titles(declared: Sequence[Declared]) -> list[dict[str, str]]:
    return [
        {"number": each.number, "text": typeset(ordered_on(each.pending.court if each.pending else "", each.title_on))}
        for each in declared
        if each.title_on and has_title(each)
    ]  # fmt: skip


def _retained(failed: Failure, case: CaseFile) -> str:
    """What is on record of goods sold under retention of title.

    Law: C. com., art. L624-9.
    """
    bearing = [each.number for each in failed.declared if "retention_of_title" in (each.invoice.issued.clauses or ())]
    if not bearing:
        return ""
    limit = failed.deadlines(case).get("retention_of_title")
    return typeset(words.retained(bearing, limit.on if limit else None))


def _deadlines(failed: Failure, case: CaseFile) -> list[str]:
    """The last day to declare and the one to ask for relief, as the law computes them from the publication."""
    rows, judgment = failed.deadlines(case), failed.judgment
    said = []
    declare, relief = rows.get("claim_declaration"), rows.get("forclusion_relief")
    if declare and declare.on:
        far = next((remark.on for remark in declare.remarks if remark.code == "far_creditor"), None)
        on = judgment.published_on
        said.append(words.published(on, declare.on, far) if on else words.unpublished(declare.on))
    if relief and relief.on and judgment.published_on:
        said.append(words.relief(relief.on))
    return [typeset(each) for each in said]
