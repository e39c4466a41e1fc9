"""When an invoice falls due, and how late it may: terms read from codes or from print, days counted, caps of the law.

A due day is never moved to a working day: no text extends it. A term past its cap stands as agreed, and is warned of.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

from domain.calendar import end_of_month
from domain.errors import LawMissing, Misuse, in_words
from domain.law.tables import Law, Value
from domain.money import plain

Method = Literal["add_then_eom", "eom_then_add"]
Debtor = Literal["b2b", "consumer", "public"]
Sector = Literal["general", "periodic", "carriage", "perishable", "meat", "alcohol", "wine"]
Buyer = Literal["state", "hospital", "undertaking"]

#: The cap of each sector: its parameter, and what it counts from.
_CAPS: Final[dict[Sector, tuple[str, Literal["issue", "delivery", "end of the month of delivery"]]]] = {
    "general": ("agreed_term_cap_days", "issue"),
    "periodic": ("periodic_invoice_cap_days", "issue"),
    "carriage": ("carriage_cap_days", "issue"),
    "perishable": ("perishable_food_cap_days", "delivery"),
    "meat": ("fresh_meat_cap_days", "delivery"),
    "alcohol": ("alcohol_cap_days", "end of the month of delivery"),
    "wine": ("wine_cap_days", "issue"),
}
#: Where a term to the end of a month is lawful, its cap.
_END_OF_MONTH_CAPS: Final[dict[Sector, str]] = {
    "general": "end_of_month_term_cap_days",
    "wine": "wine_end_of_month_cap_days",
}
_PUBLIC_TERMS: Final[dict[Buyer, str]] = {
    "state": "public_term_state_days",
    "hospital": "public_term_hospital_days",
    "undertaking": "public_term_undertaking_days",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What the parties agreed: a day, or days from the issue (or the receipt) of the invoice, to the end of a month or not."""

    days: int = 0
    end_of_month: bool = False
    from_receipt: bool = False
    on: dt.date | None = None

    @property
    def code(self) -> str:
        """The terms as one code, which `parse_terms` reads back: `30d`, `45d-eom`, `0d-receipt`, `on:2026-03-31`."""
        if self.on is not None:
            return f"on:{self.on.isoformat()}"
        return f"{self.days}d{'-receipt' if self.from_receipt else ''}{'-eom' if self.end_of_month else ''}"


@dataclass(frozen=True, slots=True)
class Due:
    """A due day, the last day a lawful term may reach (None without a cap), and the computation, to be redone with a pencil."""

    due_on: dt.date
    cap_on: dt.date | None
    reference: str
    warnings: tuple[str, ...]
    steps: tuple[str, ...]


# Reading

_FORMS: Final = (
    "30d, 30d-receipt, 45d-eom, on:2026-03-31, or as printed: 30 jours, 60 jours date de facture, 30 jours nets, 45 jours fin de mois, "
    "fin de mois 45 jours, 30 jours à réception, à réception, comptant, au 31/03/2026, le 31 mars 2026"
)
_MONTHS: Final = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
_PUNCTUATION: Final = re.compile(r"[.,:;/'’()\s]+")
_LEAD: Final = r"(?:(?:delai de )?(?:paiement|reglement|payable|echeance) )?"
_DAYS: Final = r"(?:a |sous |dans |net a )?(?P<days>[0-9]{1,4}) ?(?:jours?|jrs?|j|days?|d)(?: calendaires)?(?: nets?)?"
_ISSUE: Final = r"(?:(?: a compter)?(?: de)?(?: la| a)? (?:date (?:de )?(?:la )?facture|date de facturation|date d emission)(?: de (?:la )?facture)?)"
_RECEIPT: Final = r"(?:(?:a|des|apres|a compter de) )?(?:la )?reception(?: de (?:la )?facture| facture)?"
_EOM: Final = r"(?:(?:a )?(?:la )?fin (?:de|du) mois|fdm|f d m|eom|end of month)"
_FROM_ISSUE: Final = re.compile(rf"{_LEAD}{_DAYS}{_ISSUE}?(?P<eom>[ -]+{_EOM})?(?: nets?)?")
_FROM_RECEIPT: Final = re.compile(rf"{_LEAD}(?:{_DAYS} )?{_RECEIPT}|(?P<code>[0-9]{{1,4}})d-receipt")
_EOM_FIRST: Final = re.compile(rf"{_LEAD}(?P<eom>{_EOM})(?: ?\+? ?{_DAYS}| ?\+ ?(?P<bare>[0-9]{{1,4}}))?")
_CASH: Final = re.compile(rf"{_LEAD}(?:au )?comptant")
_DAY: Final = re.compile(
    rf"{_LEAD}(?:on |au |le )?(?:(?P<y>[0-9]{{4}})[ -](?P<m>[0-9]{{2}})[ -](?P<d>[0-9]{{2}})"
    rf"|(?P<d2>[0-9]{{1,2}})(?:er)?[ -](?P<m2>[0-9]{{1,2}}|{'|'.join(_MONTHS)})[ -](?P<y2>[0-9]{{4}}))"
)


def parse_terms(text: str) -> Terms:
    """Read terms of payment: a code, or a wording of French invoices; case, accents and kinds of space do not matter.

    An end-of-month wording never says which of the two methods applies: neither does its order of words.

    >>> parse_terms("45 jours fin de mois").code
    '45d-eom'

    Raises:
        Misuse: not read; says what was read and which forms there are.
    """
    letters = unicodedata.normalize("NFD", text).casefold()
    plain_text = "".join(each for each in letters if not unicodedata.combining(each))
    read = _PUNCTUATION.sub(" ", plain_text).strip()
    if _CASH.fullmatch(read):
        return Terms()
    if found := _DAY.fullmatch(read):
        return Terms(on=_agreed_day(text, found))
    if found := _FROM_ISSUE.fullmatch(read):
        return Terms(int(found["days"]), end_of_month=found["eom"] is not None)
    if found := _EOM_FIRST.fullmatch(read):
        return Terms(int(found["days"] or found["bare"] or 0), end_of_month=True)
    if found := _FROM_RECEIPT.fullmatch(read):
        return Terms(int(found["days"] or found["code"] or 0), from_receipt=True)
    raise Misuse(f"the terms {text!r} cannot be read; the forms are {_FORMS}")


def _agreed_day(text: str, found: re.Match[str]) -> dt.date:
    year, month, day = found["y"] or found["y2"], found["m"] or found["m2"], found["d"] or found["d2"]
    number = int(month) if month.isdigit() else _MONTHS.index(month) + 1
    try:
        return dt.date(int(year), number, int(day))
    except ValueError:
        raise Misuse(f"the terms {text!r} name a day that does not exist; the forms are {_FORMS}") from None


# Counting


class _Counted(NamedTuple):
    """A day, and how it was counted."""

    on: dt.date
    step: str


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


def _after(start: dt.date, days: int) -> _Counted:
    end = start + dt.timedelta(days=days)
    return _Counted(end, f"{in_words(start)} + {_days(days)} = {in_words(end)}")


def _to_end_of_month(start: dt.date, days: int, method: Method) -> _Counted:
    """The end of the month of the day counted, or the day counted from the end of the month of the start."""
    if method == "add_then_eom":
        counted = _after(start, days)
        last = end_of_month(counted.on)
        return _Counted(last, f"{counted.step}; end of month: {in_words(last)}")
    last = end_of_month(start)
    end = last + dt.timedelta(days=days)
    return _Counted(end, f"{in_words(start)}, end of month: {in_words(last)}; + {_days(days)} = {in_words(end)}")


def _agreed(terms: Terms, start: dt.date, method: Method | None) -> _Counted:
    if terms.on is not None:
        return _Counted(terms.on, f"day agreed: {in_words(terms.on)}")
    if not terms.end_of_month:
        return _after(start, terms.days)
    if method is None and terms.days:
        added, ended = (_to_end_of_month(start, terms.days, each).on for each in ("add_then_eom", "eom_then_add"))
        raise Misuse(
            f"{_days(terms.days)} end of month: two lawful methods exist, and the contract says which; add-then-eom gives "
            f"{in_words(added)}, eom-then-add gives {in_words(ended)}: name the method"
        )
    return _to_end_of_month(start, terms.days, method or "add_then_eom")


# Falling due


class _Invoice(NamedTuple):
    """The days of an invoice, what was agreed, and for whom it is."""

    issued: dt.date
    terms: Terms | None
    method: Method | None
    performed: dt.date | None
    received: dt.date | None

    @property
    def month_end(self) -> Method | None:
        """The method of a term that runs to the end of a month, or of a day agreed that is said to end one."""
        return self.method if self.terms and (self.terms.end_of_month or self.terms.on) else None

    def performance(self, why: str) -> dt.date:
        """The day of delivery or performance.

        Raises:
            Misuse: it is not given.
        """
        if self.performed is None:
            raise Misuse(f"{why} from delivery or performance: give the day it was performed")
        return self.performed


def due(
    law: Law,
    issued: dt.date,
    terms: Terms | None,
    method: Method | None = None,
    performed: dt.date | None = None,
    debtor: Debtor = "b2b",
    *,
    sector: Sector = "general",
    received: dt.date | None = None,
    receipt_uncertain: bool = False,
    buyer: Buyer = "state",
) -> Due:
    """The day an invoice falls due and its cap, by the law of the day of issue.

    Args:
        law: the parameters.
        issued: the day of issue, which does not count.
        terms: what was agreed; None when nothing was.
        method: how an end-of-month term is counted, as the contract says; for a day agreed, that it stands for such a term.
        performed: the day of delivery or performance.
        debtor: professional, consumer or public buyer.
        sector: which cap between professionals.
        received: the day the invoice (of a public buyer: the payment request) was received.
        receipt_uncertain: the day a public buyer received the request is uncertain.
        buyer: which kind of public buyer.

    Raises:
        Misuse: an end-of-month term without its method, a day of performance that is needed and not given, a day out of all calendar.
        LawMissing: nothing was agreed, and the term of the law is not known on the day of issue.

    Law: C. com., art. L441-10, I, L441-11, II; CCP, art. R2192-10 to R2192-14.
    """
    invoice = _Invoice(issued, terms, method, performed, received)
    try:
        if debtor == "b2b":
            found = _between_professionals(law, invoice, sector)
        elif debtor == "consumer":
            found = _by_a_consumer(law, invoice)
        else:
            found = _by_a_public_buyer(law, invoice, buyer, receipt_uncertain=receipt_uncertain)
    except OverflowError:
        raise Misuse("the term ends beyond the calendar") from None
    if found.due_on >= issued:
        return found
    early = f"{in_words(found.due_on)}, the due day, is before the issue, {in_words(issued)}"
    return replace(found, warnings=(*found.warnings, early))


def _between_professionals(law: Law, invoice: _Invoice, sector: Sector) -> Due:
    """Days as agreed, tested against the cap of the sector; without terms, 30 days after performance.

    Law: C. com., art. L441-10, I, L441-11, II, L441-16.
    """
    counted, reference, warnings = _agreed_or_by_law(law, invoice, "default_term_days")
    step = f"due: {counted.step} [{reference}]"
    try:
        cap, rule = _cap(law, invoice, sector)
    except LawMissing as missing:
        return Due(counted.on, None, reference, (*warnings, f"no cap is known: {missing}"), (step,))
    return Due(
        counted.on,
        cap.on,
        reference if invoice.terms is None else rule.citation,
        (*warnings, *_above(law, invoice, sector, counted.on, cap.on, rule)),
        (step, f"cap: {cap.step} [{rule.citation}]", *_beside(law, invoice, sector)),
    )


def _by_a_consumer(law: Law, invoice: _Invoice) -> Due:
    """At delivery or performance unless agreed; no cap.

    Law: C. civ., art. 1651.
    """
    counted, reference, warnings = _agreed_or_by_law(law, invoice, "consumer_term_days")
    return Due(counted.on, None, reference, warnings, (f"due: {counted.step} [{reference}]",))


def _agreed_or_by_law(law: Law, invoice: _Invoice, default: str) -> tuple[_Counted, str, tuple[str, ...]]:
    """The due day with its reference and what to know of it: as agreed, else by the law from performance."""
    terms = invoice.terms
    if terms is None:
        rule = law.on(default, invoice.issued)
        return _after(invoice.performance("without terms the time runs"), rule.whole), rule.citation, ()
    if not terms.from_receipt or invoice.received is not None:
        start = invoice.received if terms.from_receipt and invoice.received else invoice.issued
        return _agreed(terms, start, invoice.method), "the contract", ()
    unknown = f"{terms.code} counts from the receipt, whose day is not given: counted from the issue, {in_words(invoice.issued)}"
    return _agreed(terms, invoice.issued, invoice.method), "the contract", (unknown,)


def _by_a_public_buyer(law: Law, invoice: _Invoice, buyer: Buyer, *, receipt_uncertain: bool) -> Due:
    """Days of the code from the receipt of the payment request.

    Law: CCP, art. R2192-10, R2192-11.
    """
    rule = law.on(_PUBLIC_TERMS[buyer], invoice.issued)
    start = _request_received(law, invoice, receipt_uncertain=receipt_uncertain)
    cap = _after(start.on, rule.whole)
    if invoice.terms is None:
        return Due(cap.on, cap.on, rule.citation, (), (start.step, f"due: {cap.step} [{rule.citation}]"))
    counted = _agreed(invoice.terms, start.on, invoice.method)
    steps = (start.step, f"due: {counted.step}", f"cap: {cap.step} [{rule.citation}]")
    late = f"{in_words(counted.on)}, as agreed, is after the last day of the term, {in_words(cap.on)} [{rule.citation}]"
    return Due(counted.on, cap.on, rule.citation, (late,) if counted.on > cap.on else (), steps)


def _request_received(law: Law, invoice: _Invoice, *, receipt_uncertain: bool) -> _Counted:
    """The day the time of a public buyer starts: receipt, or performance if receipt is uncertain or earlier.

    A receipt that nobody recorded is the day of the request and two days.

    Law: CCP, art. R2192-12 to R2192-14.
    """
    if receipt_uncertain:
        performed = invoice.performance("the receipt being uncertain, the time runs")
        return _Counted(performed, f"start: performance, {in_words(performed)}; the receipt is uncertain")
    if invoice.received is not None:
        start = _Counted(invoice.received, f"start: receipt of the request, {in_words(invoice.received)}")
    else:
        rule = law.on("unrecorded_receipt_days", invoice.issued)
        assumed = _after(invoice.issued, rule.whole)
        start = _Counted(assumed.on, f"start: receipt not recorded: {assumed.step} [{rule.citation}]")
    if invoice.performed is not None and invoice.performed > start.on:
        return _Counted(
            invoice.performed,
            f"start: performance, {in_words(invoice.performed)}, after the receipt, {in_words(start.on)}",
        )
    return start


# Caps


def _cap(law: Law, invoice: _Invoice, sector: Sector) -> tuple[_Counted, Value]:
    """The last day a term of that sector may reach, and its rule.

    Raises:
        Misuse: it counts from delivery, and that day is not given.
        LawMissing: not known on the day of issue.

    Law: C. com., art. L441-10, I, L441-11, II.
    """
    if invoice.month_end and sector in _END_OF_MONTH_CAPS:
        rule = law.on(_END_OF_MONTH_CAPS[sector], invoice.issued)
        return _to_end_of_month(invoice.issued, rule.whole, invoice.month_end), rule
    name, start = _CAPS[sector]
    rule = law.on(name, invoice.issued)
    if start == "issue":
        return _after(invoice.issued, rule.whole), rule
    delivered = invoice.performance(f"the cap of {sector} runs")
    if start == "delivery":
        return _after(delivered, rule.whole), rule
    return _to_end_of_month(delivered, rule.whole, "eom_then_add"), rule


def _beside(law: Law, invoice: _Invoice, sector: Sector) -> tuple[str, ...]:
    """What a lawyer reads beside the cap."""
    if sector == "perishable":
        rule = law.on("perishable_food_period_days", invoice.issued)
        return (
            f"a summary invoice counts from the end of its period of {_days(rule.whole)}: not computed [{rule.citation}]",
        )
    if sector == "general" and invoice.month_end:
        rule = law.on("end_of_month_term_by_derogation", invoice.issued)
        if rule.value:
            return (f"to the end of a month: only if the contract says so, without manifest abuse [{rule.citation}]",)
    return ()


def _above(
    law: Law, invoice: _Invoice, sector: Sector, due_on: dt.date, cap_on: dt.date, rule: Value
) -> tuple[str, ...]:
    """Law: C. com., art. L441-16."""
    terms = invoice.terms
    late = f"{in_words(due_on)}, {'as agreed' if terms else 'the default day'}, is after the cap, {in_words(cap_on)} [{rule.citation}]"
    breaches = [late] if due_on > cap_on else []
    if terms is None:
        return tuple(f"nothing was agreed: {breach}" for breach in breaches)
    if terms.end_of_month and sector in _END_OF_MONTH_CAPS:
        longest = law.on(_END_OF_MONTH_CAPS[sector], invoice.issued)
        if terms.days > longest.whole:
            breaches.append(
                f"{_days(terms.days)} end of month: the law allows {longest.whole} at most [{longest.citation}]"
            )
    return ("; ".join(breaches) + _fine(law, invoice.issued),) if breaches else ()


def _fine(law: Law, issued: dt.date) -> str:
    try:
        person, company = (law.on(f"terms_fine_{kind}", issued) for kind in ("natural_person", "legal_person"))
    except LawMissing:
        return ""
    return f"; fine of up to {plain(person.whole)} EUR (natural person) or {plain(company.whole)} EUR (legal person) [{company.citation}]"
