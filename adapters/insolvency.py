"""Use case: the opening judgment on a debtor, and the stay on every earlier invoice, now or when it comes to light.

Law: C. com., art. L622-17, L622-21.
"""

import datetime as dt
from collections.abc import Sequence

from adapters.acts import Done, Order, perform, seeing, under_lock
from adapters.application import Change, Context, new_id, plain
from adapters.bootstrap import Office
from adapters.cases import Case, load
from domain.errors import in_words, refused_by_record
from domain.facts.fact import Fact
from domain.facts.insolvency import InsolvencyKind, StayedByInsolvency
from domain.facts.invoicing import InvoiceIssued, PaymentReceived
from domain.facts.parties import InsolvencyOpened
from domain.history import replay, standing


def opened(office: Office, debtor: str) -> InsolvencyOpened | None:
    """The opening judgment that stands, if one does."""
    history = office.app.stream(f"debtor:{debtor}").history
    return next((entry.fact for entry in reversed(standing(history)) if isinstance(entry.fact, InsolvencyOpened)), None)


def is_earlier(performed_on: dt.date | None, judgment: dt.date) -> bool:
    """Whether a claim was performed before the judgment; an unknown day counts as before, to be qualified."""
    return performed_on is None or performed_on < judgment


def stay(judgment: InsolvencyOpened, debtor: str, cents: int) -> StayedByInsolvency:
    """The stay that a judgment puts on a claim of the debtor, in cents."""
    return StayedByInsolvency(
        cents=max(cents, 0), kind=judgment.kind, on=judgment.on, party=debtor, published_on=judgment.published_on
    )


def stay_of_draft(
    office: Office, debtor: str, performed_on: dt.date | None, total_cents: int
) -> StayedByInsolvency | None:
    """The stay of an invoice recorded after the judgment for a claim performed before it."""
    judgment = opened(office, debtor)
    if judgment is None or not is_earlier(performed_on, judgment.on):
        return None
    return stay(judgment, debtor, total_cents)


def missing_stay(office: Office, case: Case, cents: int) -> StayedByInsolvency | None:
    """The stay that an earlier invoice lacks: it was paid when the judgment was recorded, and is owed again."""
    judgment = opened(office, case.issued.debtor)
    if judgment is None or not is_earlier(case.issued.performed_on, judgment.on) or _is_stayed(case):
        return None
    return stay(judgment, case.issued.debtor, cents)


@under_lock
def open_insolvency(
    office: Office, debtor: str, order: Order, *, kind: InsolvencyKind, published_on: dt.date | None
) -> list[Done]:
    """Record the opening judgment, and the stay on every invoice performed before it that was owed that day, or is now.

    Given again, it stays what has come to light since.

    Raises:
        Refused: another judgment is on record, or its day is to come.
    """
    judgment = InsolvencyOpened(kind=kind, on=order.on, published_on=published_on)
    known = opened(office, debtor)
    if known is not None and known != judgment:
        reason = f"{known.kind} opened on {in_words(known.on)} is on record; withdraw it first if it was an error"
        raise refused_by_record("insolvency", "other_judgment", reason)
    if max(order.on, published_on or order.on) > office.app.today:
        raise refused_by_record("insolvency", "future", "that day is still to come")
    office.views.catch_up()
    account = office.app.stream_or_fail(f"debtor:{debtor}")
    changes = [] if known else [Change(account, plain([judgment]))]
    cases = [load(office, stream, office.app.today) for stream in office.views.invoices_of(debtor)]
    stayed = [case.stream.id for case in cases if _is_struck(case, judgment.on)]
    if not stayed:
        if changes:
            office.app.append(changes, Context(command=order.command or new_id(), done_by=order.done_by))
        return []

    def make(case: Case) -> Sequence[Fact]:
        return [stay(judgment, debtor, case.invoice.unsettled_cents)]

    return perform(office, stayed, order, "insolvency", seeing(make, "insolvency"), extra=lambda: changes)


def _is_struck(case: Case, judgment: dt.date) -> bool:
    """Performed before the judgment, not stayed yet, and owed on its day or now."""
    if not is_earlier(case.issued.performed_on, judgment) or _is_stayed(case):
        return False
    then = replay(case.stream.history, as_of=judgment)
    return any(each is not None and each.regions.settlement == "owed" for each in (then, case.invoice))


def _is_stayed(case: Case) -> bool:
    return any(isinstance(entry.fact, StayedByInsolvency) for entry in standing(case.stream.history))


def after_judgment(office: Office, done: Sequence[Done], judgment: dt.date) -> list[str]:
    """What was recorded on the stayed invoices for days from the judgment on, to be qualified, in words."""
    found = []
    for each in done:
        for entry in standing(office.app.stream(each.stream).history):
            if entry.fact.on < judgment or isinstance(entry.fact, InvoiceIssued):
                continue
            if isinstance(entry.fact, PaymentReceived):
                found.append(
                    f"{each.number}: paid on {in_words(entry.fact.on)}, after the judgment: may be annulled for three years (C. com., art. L622-7)."
                )
            elif entry.fact.role == "act":
                found.append(
                    f"{each.number}: an act of {in_words(entry.fact.on)} came after the judgment, which stops individual action (C. com., art. L622-21)."
                )
    return found
