"""Checks 12 to 15, beyond the text of the format: the rules of the domain applied to what a dossier shows."""

import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from adapters.clock import paris_day
from adapters.evidence import Event, first_fault, history
from adapters.store.envelope import canonical, instant
from adapters.verification import container
from adapters.verification.dossier import Dossier
from adapters.verification.entries import Shown
from adapters.verification.reading import few, one_form, some
from domain.errors import EvidenceBroken
from domain.facts.invoicing import InvoiceIssued
from domain.history import founding, replay, standing

if TYPE_CHECKING:
    from cryptography import x509

    from adapters.documents.summary import Exhibit
    from adapters.written_law import WrittenLaw

_RULEBOOK: Final = re.compile(r"data/regles/([0-9a-f]{64})\.json")
_PARTIES: Final = "data/parties/"
_MAKERS_WORD: Final = "invoice numbers and the names of noms.json are the maker's word"


def check_paths(dossier: Dossier) -> str:
    """Check 12: each invoice's history is a path of the chart, its conclusions follow; where entries are withheld, what can be."""
    withheld = 0
    for stream in dossier.export["streams"]:
        events = dossier.events(stream)
        hidden = len(dossier.by_stream[stream]) - len(events)
        fault = _partly(events) if hidden else first_fault(events)
        if fault:
            raise EvidenceBroken(f"{stream}: {fault[1]}", position=fault[0])
        withheld += hidden
    count, procedures = len(dossier.export["streams"]), len(dossier.export["proceedings"])
    beside = f"; {some(procedures, 'proceeding')}, of which the chain alone is checked" if procedures else ""
    if withheld:
        return (
            f"NOT WHOLLY CHECKED: {some(withheld, 'entry', 'entries')} withheld, of which any may be the cause of another; what is shown of {some(count, 'invoice')}"
            f" can be followed on the chart{beside}"
        )
    return f"{some(count, 'invoice')}, each a path of the chart with the conclusions that follow{beside}"


def _partly(events: Sequence[Event]) -> tuple[int, str] | None:
    """What is wrong with the part of a history that is shown: one founding, no day ahead of its recording, steps that follow."""
    entries, _, days = history(events)
    ahead = next((each for each in entries if each.fact.on > days[each.version]), None)
    if ahead:
        return ahead.position, f"version {ahead.version} took effect on {ahead.fact.on}, after the day it was recorded"
    if sum(isinstance(each.fact, InvoiceIssued) for each in standing(entries)) != 1:
        return entries[-1].position, "it has not one issue that stands"
    replay(entries)
    return None


def check_figures(dossier: Dossier) -> str:
    """Check 13: `resume.json` is what the entries shown come to on its day, its claims what the rulebook inside makes of them."""
    from adapters.documents.stated import differing  # noqa: PLC0415 - the law is slow to import
    from adapters.documents.summary import Exhibit, summary  # noqa: PLC0415

    export, resume = dossier.export, dict(dossier.resume)
    claims = resume.pop("claim", None)
    numbers = {each["stream"]: str(each["number"]) for each in resume["invoices"]}
    if list(numbers) != export["streams"] or len(resume["invoices"]) != len(numbers):
        raise EvidenceBroken("resume.json and export.json do not name the same invoices in the same order")
    made_at = dt.datetime.fromisoformat(resume["generated_at"])
    on = paris_day(made_at)
    if (instant(made_at), on.isoformat()) != (export["generated_at"], export["on"]):
        raise EvidenceBroken("the instant of the export is not in its form, or its day in Paris is another")
    exhibits = []
    for stream, number in numbers.items():
        events = _before(dossier, stream)
        exhibits.append(Exhibit(stream, number, history(events)[0], events[-1].leaf))
    expected = summary(
        exhibits,
        creditor=export["creditor"],
        debtor=export["debtor"],
        generated_at=export["generated_at"],
        on=on,
        position=export["position"],
        sandbox=export["sandbox"],
    )
    if expected != resume:
        raise EvidenceBroken(f"resume.json is not what the events come to: {differing(expected, resume)}")
    _owned(dossier, exhibits)
    for proceeding in export["proceedings"]:
        _before(dossier, proceeding)
    told = f"figures of {some(len(exhibits), 'invoice')} on {on}; {_claims(dossier, claims, exhibits, on)}"
    return f"{told}; {_parties(dossier)}; {_MAKERS_WORD}"


def _claims(dossier: Dossier, claims: Any, exhibits: "Sequence[Exhibit]", on: dt.date) -> str:
    """Compute the claims again by the rulebook inside, and say whose legal values these are.

    Raises:
        EvidenceBroken: they are by this program's rulebook, and come to something else.
        Exception: the rulebook inside cannot be computed with, which vouches for no figure.
    """
    from adapters.documents.stated import block, checked, stated  # noqa: PLC0415 - as above
    from adapters.written_law import WrittenLaw  # noqa: PLC0415
    from domain.law.readings import Readings  # noqa: PLC0415

    books = _rulebooks(dossier)
    law, readings = WrittenLaw(books[claims["law"]]), Readings(claims["readings"])
    expected = block(exhibits, [stated(each, on, law, readings) for each in exhibits], claims["law"], readings)
    if expected != claims:
        return checked(claims, exhibits, on, {f"regles/{digest}.json": text for digest, text in books.items()})
    whose = (
        "the legal values of this program"
        if _is_ours(law)
        else f"OTHER LEGAL VALUES than this program's, {claims['law'][:12]}"
    )
    return f"claims computed again by the rulebook inside, {whose}" + (
        f", {law.added} added by a user" if law.added else ""
    )


def _is_ours(law: "WrittenLaw") -> bool:
    """Whether the values of a rulebook are those of this program, but for what a user added; the texts of its rules decide no cent."""
    from domain.law.tables import names, shipped  # noqa: PLC0415 - as above

    ours = shipped()
    return all(
        (mine.unit, mine.known_until, mine.values) == (theirs.unit, theirs.known_until, theirs.values)
        for mine, theirs in ((ours.table(name), law.table(name)) for name in names())
    )


def _before(dossier: Dossier, stream: str) -> list[Event]:
    """The events on which the figures stand: those up to the position of the export.

    Raises:
        EvidenceBroken: there is none, or what comes after is more than the closing, its day and its kind those of the export.
    """
    position, events = dossier.export["position"], dossier.events(stream)
    before = [each for each in events if each.position <= position]
    closing, others = events[-1], [each for each in events if each.position > position]
    if not before or closing not in others:
        raise EvidenceBroken(
            f"{stream}: the export says position {position}, and it closes it at {closing.position}",
            position=closing.position,
        )
    if any(each.raw.command != closing.raw.command for each in others):
        raise EvidenceBroken(
            f"{stream}: entries stand between the figures and the closing", position=others[0].position
        )
    fact = vars(closing.fact)
    if (fact["kind"], str(fact["on"])) != (dossier.export["kind"], dossier.export["on"]):
        raise EvidenceBroken(f"{stream} was closed for an export of another kind or day", position=closing.position)
    return before


def _owned(dossier: Dossier, exhibits: "Sequence[Exhibit]") -> None:
    named = (dossier.export["creditor"], dossier.export["debtor"])
    for each in exhibits:
        issue = founding(each.history)
        if issue is None or (issue.creditor, issue.debtor) != named:
            raise EvidenceBroken(
                f"{each.stream} is not an invoice of the creditor and the debtor that export.json names"
            )


def _parties(dossier: Dossier) -> str:
    """Who the parties are by what the log sealed of them."""
    openers = {
        path: each.stream for each in dossier.annexes for pointer, _, path in each.openings if pointer == "/fact/record"
    }
    told = {}
    for name in sorted(each for each in dossier.members if each.startswith(_PARTIES)):
        record = one_form(dossier.content(name), name, end=b"")
        if name not in openers or canonical(record) != dossier.content(name):
            raise EvidenceBroken(f"{name} is not the sealed record of a party")
        told[openers[name].partition(":")[0]] = str(record["name"])
    unknown = {"creditor", "debtor"} - told.keys()
    names = ", ".join(f"{kind} {name!r}" for kind, name in sorted(told.items()))
    return f"sealed in the log: {names or 'no party'}" + (
        f"; NOT SEALED: who the {' and the '.join(sorted(unknown))} is" if unknown else ""
    )


def _rulebooks(dossier: Dossier) -> dict[str, bytes]:
    return {match[1]: dossier.content(name) for name in dossier.members if (match := _RULEBOOK.fullmatch(name))}


def check_rulebooks(dossier: Dossier) -> str:
    """Check 14: each law that an entry names, and the one that judged the claims, is there under its digest; no other is."""
    lines: list[Any] = [*dossier.journal, *dossier.annexes]
    named = {each.event.raw.law for each in dossier.journal if isinstance(each, Shown) and each.event.raw.law}
    may = {each.event.raw.law for each in lines if isinstance(each, Shown)}
    claims = dossier.resume.get("claim")
    if isinstance(claims, dict):
        named.add(claims["law"])
    there = _rulebooks(dossier)
    strange = [name for name in dossier.members if name.startswith("data/regles/") and not _RULEBOOK.fullmatch(name)]
    if strange:
        raise EvidenceBroken(f"what stands among the rulebooks is none: {few(strange)}")
    for digest, text in there.items():
        if hashlib.sha256(text).hexdigest() != digest:
            raise EvidenceBroken(f"the rulebook {digest} is not the text of that digest")
    if named - there.keys():
        raise EvidenceBroken(f"rulebooks named and not there: {few(named - there.keys())}")
    if there.keys() - named - may:
        raise EvidenceBroken(f"rulebooks there that nothing names: {few(there.keys() - named)}")
    return f"{some(len(there), 'rulebook')}, each under its digest and named by an entry or by the claims"


def check_cachet(dossier: Dossier, roots: "Sequence[x509.Certificate]") -> str:
    """Check 15: the electronic seal of the pages, where there is one."""
    pdf = dossier.content(container.PDF)
    if not pdf.startswith(b"%PDF-"):
        raise EvidenceBroken(f"{container.PDF} is not a PDF")
    if not dossier.has_cachet:
        return f"no cachet: {container.PDF} bears no electronic seal"
    from adapters.seal.cachet_check import checked  # noqa: PLC0415 - slow to import, and most files have none

    found = checked(pdf, roots)
    trust = (
        "" if found.trusted else "; the certificates are those of the file itself, none was given (--authority-root)"
    )
    stamped = f", stamped at {found.stamped_at:%Y-%m-%d %H:%M:%S} UTC" if found.stamped_at else ", without stamp"
    return f"{found.level} of {found.signer}, signed at {found.signed_at:%Y-%m-%d %H:%M:%S} UTC{stamped}{trust}"
