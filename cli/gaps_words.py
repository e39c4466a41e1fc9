"""What a file does not hold, in English, and the command that fills it."""

import shlex
from typing import Any, Final

from domain.errors import in_words
from projections.gaps import Gap, GapCode

CLAUSES: Final = {
    "penalty_rate": "penalty rate",
    "end_of_month": "end-of-month term",
    "retention_of_title": "retention of title",
    "capitalisation": "capitalisation of interest",
    "acceleration": "acceleration",
    "notice_by_maturity": "notice by mere maturity",
}
ACTS: Final = {"reminder": "registered reminder", "notice": "formal notice", "title": "enforceable title"}
DOCUMENTS: Final = {
    "invoice": "invoice",
    "formal_notice": "formal notice",
    "petition": "petition",
    "declaration": "declaration of claim",
}
#: `{0}` is the entry: its day and its version, as `history` has them.
TEXTS: Final[dict[GapCode, str]] = {
    "invoice_document": "the invoice itself is not on file",
    "order_document": "no order form and no contract is on file",
    "delivery_note": "no delivery note is on file",
    "performance_proof": "no proof of performance (acceptance, report, timesheet) is on file",
    "agreed_terms": "neither general terms nor contract are on file for: {clauses}",
    "mention": "{document}: nothing is recorded for the mention: {mention}",
    "reminder_letter": "the text of the reminder of {0} is not on file",
    "visit_record": "nothing written is on file of the visit of {0}",
    "call_recap": "no written recap of the call of {0} is on file",
    "notice_letter": "the text of the formal notice of {0} is not on file",
    "notice_time": "the formal notice of {0} gives no last day to pay later than its sending or presentation",
    "notice_service": "the act of the commissaire de justice of {0}, a formal notice, is not on file",
    "dispatch_proof": "no proof that the {act} of {0} was deposited or received is on file",
    "reception_proof": "the {act} of {0} is proved deposited; what became of it is not",
    "no_notice": "no formal notice is recorded; usage asks for one",
    "no_notice_interest": "no formal notice is recorded; interest of this debt runs from one only",
    "promise_document": "nothing written is on file of the promise of {0}",
    "acknowledgement_document": "nothing written is on file of the acknowledgement of {0}",
    "dispute_document": "nothing written is on file of the dispute of {0}",
    "dispute_open": "the dispute of {0} is not settled on record",
    "order_copy": "no copy of the order of {0} is on file",
    "service_copy": "the act of service of {0} is not on file",
    "title_document": "no document shows that the title may be enforced, as declared on {0}",
    "imported_entry": "the entry of {0} was imported or reconstructed, and no document goes with it",
    "own_word": "no document of a third party supports the {act} of {0}",
}
_ATTACH: Final = "relance attach {invoice} --kind "
#: The command, exact but for its words in capitals; what stands in brackets after it is another way.
FILLS: Final[dict[GapCode, str]] = {
    "invoice_document": _ATTACH + "invoice --of {version} --on {on} FILE",
    "order_document": _ATTACH + "order_form FILE (or --kind contract)",
    "delivery_note": _ATTACH + "delivery_note --provenance third-party FILE",
    "performance_proof": _ATTACH + "delivery_note FILE",
    "agreed_terms": _ATTACH + "terms FILE (or --kind contract)",
    "mention": "relance law checklist {checklist} (names each mention and where it comes from)",
    "reminder_letter": _ATTACH + "reminder --of {version} --on {on} FILE",
    "visit_record": _ATTACH + "mail --of {version} --on {on} FILE",
    "call_recap": _ATTACH + "mail --of {version} --on {on} FILE",
    "notice_letter": _ATTACH + "notice --of {version} --on {on} FILE",
    "notice_time": (
        "relance withdraw {invoice} {version} --reason error"
        " (where the day was recorded wrong; then: relance notify {invoice} --already-done --on {on} --deadline DAY)"
    ),
    "notice_service": _ATTACH + "service --of {version} --provenance third-party --on {on} FILE",
    "dispatch_proof": _ATTACH + "lrar_receipt --of {version} --provenance third-party FILE (or --kind lre_proof)",
    "reception_proof": _ATTACH + "lrar_receipt --of {version} --provenance third-party FILE (or --kind lre_proof)",
    "no_notice": "relance notify {invoice} --already-done --on DAY --form FORM (where one was given)",
    "no_notice_interest": "relance notify {invoice} --already-done --on DAY --form FORM (where one was given)",
    "promise_document": _ATTACH + "mail --of {version} FILE",
    "acknowledgement_document": _ATTACH + "mail --of {version} FILE",
    "dispute_document": _ATTACH + "mail --of {version} FILE",
    "dispute_open": "relance settle {invoice} --outcome OUTCOME --on DAY (once it is settled)",
    "order_copy": _ATTACH + "ruling --of {version} --provenance third-party --on {on} FILE",
    "service_copy": _ATTACH + "service --of {version} --provenance third-party --on {on} FILE",
    "title_document": _ATTACH + "ruling --of {version} --provenance third-party FILE",
    "imported_entry": _ATTACH + "KIND --of {version} FILE",
    "own_word": _ATTACH + "other --of {version} --provenance third-party FILE",
}


def text(gap: Gap) -> str:
    """What is missing, in one line."""
    return TEXTS[gap.code].format(
        f"{in_words(gap.on)} (v{gap.version})" if gap.on else "",
        act=ACTS[gap.about[0]] if "{act}" in TEXTS[gap.code] else "",
        clauses=", ".join(CLAUSES[name] for name in gap.about) if gap.code == "agreed_terms" else "",
        document=DOCUMENTS[gap.document] if gap.document else "",
        mention=gap.mention.text if gap.mention else "",
    )


def fill(gap: Gap, invoice: str) -> str:
    """How to fill it: the command, with the number of the invoice as a shell reads it."""
    if gap.document == "invoice":
        return f"relance check-invoice {shlex.quote(invoice)} (then issue --correct, with what it lacks)"
    return FILLS[gap.code].format(
        invoice=shlex.quote(invoice), version=gap.version, on=gap.on, checklist=gap.document or ""
    )


def remark(gap: Gap, invoice: str) -> str:
    """The whole in one line: invoice, what is missing, its text, how to fill it."""
    reference = f" [{gap.reference}]" if gap.reference else ""
    return f"{invoice}: {text(gap)}{reference}. Fill: {fill(gap, invoice)}"


def row(gap: Gap, invoice: str) -> dict[str, Any]:
    """The gap for a program; `reference` is empty where usage alone asks for it."""
    return {
        "code": gap.code, "invoice": invoice, "version": gap.version, "on": gap.on, "text": text(gap),
        "fill": fill(gap, invoice), "reference": gap.reference,
    }  # fmt: skip
