"""Whether a debtor's personal data may be destroyed: neither while a claim lives, nor while a voucher must be kept.

Both are legal and nothing passes them: the right to erasure itself yields to a legal claim and to a duty to keep. The usage of
keeping letters for five years is no text, and a reason passes it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from domain.calendar import ONE_DAY, add_months
from domain.claim import of_invoice
from domain.errors import LawMissing, Refusal, in_words
from domain.facts.invoicing import (
    CostIncurred,
    CreditNoteApplied,
    InvoiceIssued,
    PaymentReceived,
    PaymentReversed,
    WrittenOff,
)
from domain.facts.parties import CreditGranted, MoneyAllocated, MoneyReceived, MoneyRefunded, SetOff
from domain.facts.recovery import DebtorCalled, DebtorFormallyNotified, DebtorReminded
from domain.history import Entry, replay, standing
from domain.invoice import Invoice
from domain.law.readings import DEFAULTS, Readings
from domain.law.tables import Law
from domain.timebar import limitation_of

CLAIM: Final = "RGPD, art. 17, 3, e"
VOUCHERS: Final = (
    InvoiceIssued, PaymentReceived, PaymentReversed, CreditNoteApplied, WrittenOff, CostIncurred, MoneyReceived, MoneyAllocated,
    CreditGranted, MoneyRefunded, SetOff,
)  # fmt: skip
LETTERS: Final = (DebtorReminded, DebtorCalled, DebtorFormallyNotified)
_OVER: Final = ("no_procedure", "ended", "enforceable")

History = Sequence[Entry]
YearEnd = tuple[int, int]


class Hold(NamedTuple):
    """What one invoice holds up, and the last day on which it does; nothing where no day can be said."""

    label: str
    until: dt.date | None


def against(
    invoices: Mapping[str, History],
    account: History,
    today: dt.date,
    law: Law,
    *,
    readings: Readings = DEFAULTS,
    year_end: YearEnd | None = None,
) -> list[Refusal]:
    """Every reason not to destroy the data of a debtor today, each with the day from which it is over, where one can be said.

    Args:
        invoices: the histories of the debtor's invoices, by the label that a person knows each by.
        account: the history of the debtor itself.
        today: the day that is judged.
        law: the law.
        readings: how the creditor reads the contested points.
        year_end: month and day on which the creditor's financial year closes; without it, the latest that it can.

    Law: RGPD, art. 17; C. com., art. L123-22.
    """
    states = {label: state for label, each in invoices.items() if (state := replay(each, as_of=today))}
    courts = [Hold(label, None) for label, state in states.items() if state.regions.procedure not in _OVER]
    claims = [
        hold for label, state in states.items() if (hold := _claim(label, invoices[label], state, today, law, readings))
    ]
    found = [_refusal("proceeding_open", CLAIM, "a proceeding is open", courts)] if courts else []
    if claims:
        found.append(_refusal("claim_alive", CLAIM, "something is owed, and can still be claimed", claims))
    return [*found, *_kept([*invoices.values(), account], today, law, year_end)]


def _claim(label: str, history: History, invoice: Invoice, today: dt.date, law: Law, readings: Readings) -> Hold | None:
    """An invoice of which something is owed and not time-barred: the later of the two dates, as only the debtor may raise it.

    Law: C. civ., art. 2224, 2247; CPCE, art. L111-4.
    """
    if invoice.regions.settlement == "cancelled" or not _is_owed(law, history, invoice, today, readings):
        return None
    if invoice.regions.standing == "stayed":
        return Hold(label, None)
    last = _last_day(history, invoice, today, law, readings)
    return Hold(label, last) if last is None or last >= today else None


def _last_day(history: History, invoice: Invoice, today: dt.date, law: Law, readings: Readings) -> dt.date | None:
    """The last day on which any part of the price can be claimed; nothing where the law of it is not known, or a due day."""
    dues = {part.due for part in invoice.issued.instalments}
    last = dt.date.min
    for due in dues:
        try:
            bar = limitation_of(law, history, today, readings=readings, of_due=due) if due else None
        except LawMissing:
            bar = None
        if bar is None:
            return None
        last = max(last, bar.prudent_on, bar.arguable_on)
    return last


def _is_owed(law: Law, history: History, invoice: Invoice, today: dt.date, readings: Readings) -> bool:
    """Price or accessories; where a rate is not known nobody can say that nothing is owed."""
    if invoice.unsettled_cents > 0:
        return True
    try:
        claim = of_invoice(law, history, today, readings=readings)
    except LawMissing:
        return True
    return claim is not None and claim.statement.total_cents > 0


def _kept(histories: Sequence[History], today: dt.date, law: Law, year_end: YearEnd | None) -> Iterator[Refusal]:
    """What must be kept for a time: vouchers from the close of their financial year, letters from their own day."""
    years = law.on("accounting_retention_years", today)
    booked = [
        getattr(entry.fact, "booked_on", None) or entry.fact.on
        for history in histories
        for entry in standing(history)
        if isinstance(entry.fact, VOUCHERS)
    ]
    if booked:
        closed = max(_close(day, year_end) for day in booked)
        until = add_months(closed, 12 * int(years.value))
        if until >= today:
            how = "" if year_end else ", taken as late as it can be"
            yield Refusal(
                "voucher_kept", "legal", f"an accounting voucher must be kept until {in_words(until)}: {years.value} years from"
                f" the close of its financial year ({in_words(closed)}{how})", years.reference, until + ONE_DAY,
            )  # fmt: skip
    letters = [entry.fact.on for history in histories for entry in standing(history) if isinstance(entry.fact, LETTERS)]
    usage = law.on("correspondence_retention_years", today)
    until = add_months(max(letters), 12 * int(usage.value)) if letters else dt.date.min
    if until >= today:
        yield Refusal(
            "correspondence_kept", "policy", f"letters are kept for {usage.value} years, by usage: until {in_words(until)}",
            usage.reference, until + ONE_DAY,
        )  # fmt: skip


def _close(day: dt.date, year_end: YearEnd | None) -> dt.date:
    """The close of the financial year of a day; where it is not known, the latest that a year of twelve months has."""
    if year_end is None:
        return add_months(day, 12) - ONE_DAY
    month, number = year_end
    ends = [add_months(dt.date(year, month, 1), 1) - ONE_DAY for year in (day.year, day.year + 1)]
    return next(close for end in ends if (close := end.replace(day=min(number, end.day))) >= day)


def _refusal(code: str, reference: str, why: str, holds: Sequence[Hold]) -> Refusal:
    """The holds of one kind as one refusal: the longest of them, and how many others."""
    unsaid = [hold for hold in holds if hold.until is None]
    longest = unsaid[0] if unsaid else max(holds, key=lambda hold: (hold.until or dt.date.max, hold.label))
    others = f" and {len(holds) - 1} more" if len(holds) > 1 else ""
    end = f" until {in_words(longest.until)}" if longest.until else "; no day can be said: record how it ended"
    opened = longest.until + ONE_DAY if longest.until else None
    return Refusal(code, "legal", f"{why} ({longest.label}{others}){end}", reference, opened)
