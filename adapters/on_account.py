"""Money of a debtor that the books gave to no invoice: which debts the law has it pay, and from which day."""

import datetime as dt
from collections.abc import Sequence

from adapters.application import Relance
from adapters.bootstrap import Office
from adapters.cases import Case
from domain.account import Movement
from domain.claim import of_invoice
from domain.errors import LawMissing
from domain.facts.invoicing import PaymentReversed
from domain.facts.parties import MoneyAllocated, MoneyReceived
from domain.history import Entry, founding, known, replay, standing
from domain.imputation import OpenDebt, allocate


def on_account(office: Office, debtor: str, until: dt.date, position: int) -> dict[str, list[Movement]]:
    """The payments that the law draws from the account, by invoice: due debts first, the oldest of them, then in proportion.

    Money above the debts of its day waits for the next ones.

    Law: C. civ., art. 1342-10.
    """
    left = _left(known(office.app.stream(f"debtor:{debtor}").history, position), until)
    if not left:
        return {}
    office.views.catch_up()
    streams = office.views.invoices_of(debtor)
    found: dict[str, list[Movement]] = {}
    for on, cents in left:
        rest = cents
        for day in (on, until):
            shares = allocate(_debts(office, streams, day, position, found), rest, day).shares
            for stream, share in shares:
                issued = office.app.stream(stream).history[0].fact.on
                found.setdefault(stream, []).append(Movement(max(on, issued), share))
                rest -= share
    return found


def money_on_account(office: Office, streams: Sequence[str], until: dt.date, position: int) -> int:
    """The cents on the account of the debtor of some invoices that the books gave to none."""
    debtors = {issue.debtor for stream in streams if (issue := founding(office.app.stream(stream).history))}
    return sum(waiting(office.app, debtor, until, position) for debtor in debtors)


def waiting(app: Relance, debtor: str, until: dt.date, position: int) -> int:
    """The cents on the account of a debtor that the books gave to no invoice."""
    return sum(cents for _, cents in _left(known(app.stream(f"debtor:{debtor}").history, position), until))


def _left(history: Sequence[Entry], until: dt.date) -> list[tuple[dt.date, int]]:
    """What is left of each sum of the account by a day, oldest first."""
    came: dict[str, tuple[dt.date, int]] = {}
    for entry in standing(history):
        fact = entry.fact
        if fact.on > until:
            continue
        if isinstance(fact, MoneyReceived):
            came[fact.receipt] = (fact.on, fact.cents)
        elif isinstance(fact, MoneyAllocated | PaymentReversed) and fact.receipt in came:
            on, cents = came[fact.receipt]
            came[fact.receipt] = (on, cents - fact.cents)
    return sorted((on, cents) for on, cents in came.values() if cents > 0)


def _debts(
    office: Office, streams: Sequence[str], on: dt.date, position: int, taken: dict[str, list[Movement]]
) -> list[OpenDebt]:
    """What is owed of each invoice issued by a day, interest and the 40 EUR included, after what was drawn for it already."""
    debts = []
    for stream in streams:
        history = office.app.stream(stream).history
        invoice = replay(history, as_of=on, known_at=position)
        if invoice is None or invoice.regions.settlement == "cancelled":
            continue
        dues = [part.due for part in invoice.issued.instalments if part.due]
        due, drawn = invoice.oldest_unpaid_due_on or min(dues, default=None), taken.get(stream, [])
        readings = office.readings(invoice.issued.creditor, on, position)
        try:
            claim = of_invoice(office.law, history, on, known_at=position, readings=readings, on_account=drawn)
        except LawMissing:
            claim = None
        books = invoice.unsettled_cents - sum(move.cents for move in drawn)
        debts.append(OpenDebt(stream, due, max(claim.statement.total_cents if claim else books, 0)))
    return debts


def on_account_of(office: Office, case: Case, on: dt.date) -> tuple[Movement, ...]:
    """The payments that the law draws from the account for one invoice by a day, with all that is known."""
    found = on_account(office, case.issued.debtor, on, office.app.store.position())
    return tuple(found.get(case.stream.id, ()))
