"""What the file of an invoice does not hold, and a judge asks for: each gap a code with its entry, its day and its text.

Reads what stands and is known, compares it with what the law or usage wants beside it, and says no more: whether the claim stands
without it is for whoever signs to judge. A withdrawn act leaves no gap; a withdrawn piece fills none.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal

from domain.checklists import ChecklistName, Item
from domain.errors import LawMissing
from domain.facts.insolvency import StayedByInsolvency
from domain.facts.invoicing import (
    DebtAcknowledged,
    DisputeOpened,
    DisputeSettled,
    InvoiceIssued,
    PaymentPromised,
    PieceAdded,
)
from domain.facts.procedure import (
    EscalatedToInjonction,
    OppositionLodged,
    OrdonnanceGranted,
    OrdonnanceRefused,
    OrdonnanceServed,
    TitleEnforceable,
)
from domain.facts.recovery import DebtorCalled, DebtorFormallyNotified, DebtorReminded
from domain.history import Entry, History, replay, standing
from domain.law.readings import Readings
from domain.law.tables import Law, shipped
from domain.ordonnance import order
from projections.on_file import OnFile

GapCode = Literal[
    "invoice_document", "order_document", "delivery_note", "performance_proof", "agreed_terms", "mention",
    "reminder_letter", "visit_record", "call_recap",
    "notice_letter", "notice_time", "notice_service", "dispatch_proof", "reception_proof", "no_notice", "no_notice_interest",
    "promise_document", "acknowledgement_document", "dispute_document", "dispute_open",
    "order_copy", "service_copy", "title_document", "imported_entry", "own_word",
]  # fmt: skip
Weight = Literal["asked_by_law", "asked_by_judges"]
#: The text that asks for it; a code that is not here is usage, or has its text from the case.
REFERENCES: Final[Mapping[GapCode, str]] = {
    "invoice_document": "CPC, art. 1407; C. com., art. R622-23",
    "order_document": "C. civ., art. 1353, 1363",
    "delivery_note": "C. civ., art. 1353, 1363",
    "performance_proof": "C. civ., art. 1353, 1363",
    "notice_letter": "C. civ., art. 1344",
    "notice_time": "C. civ., art. 1231",
    "no_notice_interest": "C. civ., art. 1231-6, 1344-1",
    "acknowledgement_document": "C. civ., art. 1376, 2240",
    "order_copy": "CPC, art. 1410, 1411",
    "title_document": "CPC, art. 1422",
}
#: Clauses that a creditor relies on, with the text that wants them agreed; the debtor's own (conciliation) are his to produce.
CLAUSES: Final[Mapping[str, str]] = {
    "penalty_rate": "C. com., art. L441-10, II",
    "end_of_month": "C. com., art. L441-10, I",
    "retention_of_title": "C. civ., art. 2368",
    "capitalisation": "C. civ., art. 1343-2",
    "acceleration": "C. civ., art. 1305-4",
    "notice_by_maturity": "C. civ., art. 1344",
}
_REACHED: Final = frozenset({"presented", "received"})
_OUTCOMES: Final = _REACHED | {"refused", "unclaimed", "unknown_at_address", "moved", "bounced"}
_NOBODY: Final = frozenset({"no_answer", "wrong_number"})
_WITHOUT_LETTER: Final = frozenset({"by_contract", "by_suit"})
#: Entries of which no rule below wants a document, unless they came from before relance.
_IMPORTED: Final = (DebtorCalled, DisputeSettled, EscalatedToInjonction, OppositionLodged, OrdonnanceRefused, StayedByInsolvency)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not on file: of which entry, if of one, and the text that asks for it, if one does.

    `about` names the clauses that are not proved, or the act that nobody else speaks for (`reminder`, `notice`, `title`); `mention`
    is the item of a checklist, that of `document`.
    """

    code: GapCode
    stream: str
    version: int | None = None
    on: dt.date | None = None
    reference: str = ""
    about: tuple[str, ...] = ()
    mention: Item | None = None
    document: ChecklistName | None = None

    @property
    def weight(self) -> Weight:
        """Whether a text asks for it, or usage alone."""
        return "asked_by_law" if self.reference else "asked_by_judges"


def gaps(
    stream: str,
    history: History,
    *,
    on: dt.date,
    law: Law | None = None,
    provenance: Mapping[int, str] | None = None,
    missing_mentions: Mapping[ChecklistName, Iterable[Item]] | None = None,
    shared: Mapping[str, Sequence[PieceAdded]] | None = None,
) -> list[Gap]:
    """What is not on file of one invoice: of the invoice first, then of each entry in the order in which it took effect.

    Args:
        stream: the invoice, as `invoice:…`.
        history: its entries as known.
        on: the day of the figures: later entries are left out.
        law: the parameters.
        provenance: how each version was known; declared where it is not said.
        missing_mentions: mentions of a document that are not recorded, by checklist.
        shared: `attached_to_acts` of the invoices of the dossier.
    """
    founded = [entry for entry in standing(history) if isinstance(entry.fact, InvoiceIssued)]
    if not founded:
        return []
    issue = founded[-1]
    file = OnFile.known(history, on, shared or {})
    placed = file.entries
    known_by = provenance or {}
    found = [
        *_of_the_invoice(stream, issue, file, law or shipped()),
        *(
            Gap("mention", stream, reference=item.reference, mention=item, document=name)
            for name, items in (missing_mentions or {}).items()
            for item in items
        ),
        *_no_notice(stream, history, on, placed),
    ]
    disputed = _open_dispute(placed)
    for entry in placed:
        make = partial(Gap, stream=stream, version=entry.version, on=entry.fact.on)
        wanting = list(_of_an_entry(entry, file, law or shipped(), make, is_open=entry is disputed))
        found += wanting or _of_its_source(entry, file, known_by.get(entry.version, "declared"), make)
    return found


def _of_the_invoice(stream: str, issue: Entry, file: OnFile, law: Law) -> Iterator[Gap]:
    """The documents that make the claim: the invoice, what was ordered, what was performed, what was agreed besides."""
    fact = issue.fact
    assert isinstance(fact, InvoiceIssued), "an issue founds the history"

    if not fact.document and not file.holds_invoice():
        yield Gap("invoice_document", stream, issue.version, fact.on, REFERENCES["invoice_document"])
    if not file.holds("order_form", "contract"):
        yield Gap("order_document", stream, reference=_asking_for_writing(fact, law))
    if fact.nature != "rent" and not file.holds("delivery_note"):
        code: GapCode = "delivery_note" if fact.nature == "goods" else "performance_proof"
        yield Gap(code, stream, reference=REFERENCES[code])
    agreed = {
        "penalty_rate": fact.penalty_rate is not None and fact.debtor_kind != "public",
        "end_of_month": fact.method is not None,
    }
    about = tuple(name for name in CLAUSES if agreed.get(name) or name in (fact.clauses or ()))
    if about and not file.holds("terms", "contract"):
        yield Gap("agreed_terms", stream, reference="; ".join(CLAUSES[name] for name in about), about=about)


def _asking_for_writing(issued: InvoiceIssued, law: Law) -> str:
    """The text that wants proof of what was agreed; against who is no trader, in writing beyond a sum.

    Law: C. civ., art. 1353, 1359, 1363; C. com., art. L110-3.
    """
    try:
        is_above = issued.total_cents > law.on("written_proof_threshold", issued.on).whole
    except LawMissing:
        is_above = False
    if is_above and issued.debtor_kind in {"consumer", "professional"}:
        return "C. civ., art. 1353, 1359, 1363"
    return REFERENCES["order_document"]


def _no_notice(stream: str, history: History, on: dt.date, placed: Sequence[Entry]) -> Iterator[Gap]:
    """That no formal notice was given of what is overdue; where an individual is in it, interest runs from one only."""
    invoice = replay(history, as_of=on)
    if invoice is None or not invoice.overdue_cents(on):
        return
    issued = invoice.issued
    if "notice_by_maturity" in (issued.clauses or ()) or any(
        isinstance(e.fact, DebtorFormallyNotified) for e in placed
    ):
        return
    code: GapCode = "no_notice_interest" if "consumer" in {issued.debtor_kind, issued.creditor_kind} else "no_notice"
    yield Gap(code, stream, reference=REFERENCES.get(code, ""))


def _open_dispute(placed: Sequence[Entry]) -> Entry | None:
    """The dispute that is not settled."""
    found = None
    for entry in placed:
        if isinstance(entry.fact, DisputeOpened):
            found = entry
        elif isinstance(entry.fact, DisputeSettled):
            found = None
    return found


def _of_an_entry(entry: Entry, file: OnFile, law: Law, make: Callable[..., Gap], *, is_open: bool) -> Iterator[Gap]:
    """What is not on file of one entry."""

    def gap(code: GapCode, **more: Any) -> Gap:
        return make(code, **{"reference": REFERENCES.get(code, ""), **more})

    match entry.fact:
        case DebtorReminded(channel="visit"):
            if not file.proves(entry):
                yield gap("visit_record")
        case DebtorReminded(channel=channel):
            if not file.has_letter(entry):
                yield gap("reminder_letter")
            if channel == "registered":
                yield from _on_its_way(entry, file, "reminder", gap)
        case DebtorFormallyNotified() as notice if notice.form not in _WITHOUT_LETTER:
            yield from _of_a_notice(entry, notice, file, gap)
        case DebtorCalled(result=result):
            if result not in _NOBODY and not file.proves(entry):
                yield gap("call_recap")
        case PaymentPromised(on=day):
            calls = [each for each in file.entries if isinstance(each.fact, DebtorCalled) and each.fact.on == day]
            if not file.proves(entry) and not any(file.proves(each) for each in calls):
                yield gap("promise_document")
        case DebtAcknowledged():
            if not file.proves(entry):
                yield gap("acknowledgement_document")
        case DisputeOpened():
            if is_open:
                yield gap("dispute_open")
            if not file.proves(entry):
                yield gap("dispute_document")
        case OrdonnanceGranted():
            if not file.proves(entry):
                yield gap("order_copy")
        case OrdonnanceServed(proceeding=proceeding):
            if not file.proves(entry):
                yield gap("service_copy", reference=_asking_for_service(proceeding, file.entries, law))
        case TitleEnforceable():
            if not file.proves(entry):
                yield gap("title_document")


def _of_a_notice(entry: Entry, notice: DebtorFormallyNotified, file: OnFile, gap: Callable[..., Gap]) -> Iterator[Gap]:
    """The letter of a notice, its way, and the time that it left to pay."""
    if notice.form == "commissaire":
        if not notice.document and not file.has_receipt(entry) and not file.proved_stages(entry):
            yield gap("notice_service")
    else:
        if not file.has_letter(entry):
            yield gap("notice_letter")
        if notice.form in {"lrar", "lre"}:
            yield from _on_its_way(entry, file, "notice", gap)
    reached = [leg.on for _, leg in file.legs(entry) if leg.stage in _REACHED]
    if notice.deadline_on <= max(notice.on, min(reached, default=notice.on)):
        yield gap("notice_time")


def _on_its_way(entry: Entry, file: OnFile, act: str, gap: Callable[..., Gap]) -> Iterator[Gap]:
    """Proof that a registered letter went out, and of what became of it."""
    stages = file.proved_stages(entry)
    if file.has_receipt(entry) or stages & _OUTCOMES:
        return
    yield gap("reception_proof" if "deposited" in stages else "dispatch_proof", about=(act,))


def _asking_for_service(proceeding: str, entries: Sequence[Entry], law: Law) -> str:
    """The text that wants the act of service: of the hearing after an opposition, or of the time to serve.

    Law: CPC, art. 1411, 1418.
    """
    rendered = [e.fact.on for e in entries if isinstance(e.fact, OrdonnanceGranted) and e.fact.proceeding == proceeding]
    try:
        is_new = bool(rendered) and order(law, Readings(), rendered[-1]).regime == "2026-09-01"
    except LawMissing:
        is_new = False
    return "CPC, art. 1418" if is_new else "CPC, art. 1411"


def _of_its_source(entry: Entry, file: OnFile, provenance: str, make: Callable[..., Gap]) -> list[Gap]:
    """Of an entry that wants no document, or has its own: whether anybody but the creditor speaks for it."""
    if provenance in {"imported", "reconstructed"} and isinstance(entry.fact, _IMPORTED) and not file.proves(entry):
        return [make("imported_entry")]
    is_key = isinstance(entry.fact, DebtorFormallyNotified | TitleEnforceable)
    if not is_key or provenance == "witnessed" or getattr(entry.fact, "form", "") in _WITHOUT_LETTER:
        return []
    sealed = isinstance(entry.fact, TitleEnforceable) and entry.fact.document
    if sealed or file.has_receipt(entry) or file.proved_stages(entry):
        return []
    return [make("own_word", about=("title" if isinstance(entry.fact, TitleEnforceable) else "notice",))]
