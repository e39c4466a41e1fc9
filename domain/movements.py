"""What moved the debt of an invoice, from its history: payments, price changes, refunds; and the notice that made it bear interest."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from domain.account import Movement
from domain.facts.invoicing import CreditNoteApplied, InvoiceIssued, PaymentReceived, PaymentReversed
from domain.facts.recovery import DebtorFormallyNotified, ServiceProgressed
from domain.history import Entry
from domain.law.readings import Readings

_SUBROGATED: Final = ("insurer", "factor")
_REACHED: Final = ("presented", "received", "refused", "unclaimed")
_NOT_TAKEN: Final = ("refused", "unclaimed")
_AT_ONCE: Final = ("commissaire", "hand", "by_contract", "by_suit")


def movements(entries: Sequence[Entry], start: dt.date) -> tuple[list[Movement], int]:
    """Payments, price changes and refunds in their order, none before `start`, and the cents that do not extinguish the debt.

    A payment that bounced never was one; a price that was never due is cut from the start; what an insurer or a factor paid
    is owed to him.
    """
    moves: list[tuple[str, Movement]] = []
    ignored: dict[str, int] = {}
    for entry in entries:
        fact = entry.fact
        match fact:
            case PaymentReceived():
                if fact.source in _SUBROGATED:
                    ignored[fact.receipt] = ignored.get(fact.receipt, 0) + fact.cents
                else:
                    moves.append((fact.receipt, Movement(max(fact.on, start), fact.cents, part=fact.instalment)))
            case CreditNoteApplied():
                on = start if fact.never_due else max(fact.on, start)
                moves.append(("", Movement(on, fact.cents, "reduction", fact.instalment)))
            case PaymentReversed():
                if fact.receipt in ignored:
                    ignored[fact.receipt] -= fact.cents
                elif fact.reason == "refunded":
                    moves += _refunded(moves, fact)
                else:
                    moves = _undone(moves, fact)
            case _:
                pass
    return [move for _, move in moves if move.cents], sum(ignored.values())


def _refunded(moves: Sequence[tuple[str, Movement]], fact: PaymentReversed) -> list[tuple[str, Movement]]:
    """A refund, by the instalments that its payment named, the newest first; nothing of a payment that is not among the movements."""
    held: dict[int | None, int] = {}
    for receipt, move in moves:
        if receipt == fact.receipt and fact.instalment in {None, move.part}:
            before = held.get(move.part, 0)
            held[move.part] = before - move.cents if move.kind == "refund" else held.pop(move.part, 0) + move.cents
    left, found = fact.cents, []
    for instalment, cents in reversed(held.items()):
        taken = min(left, cents)
        left -= taken
        if taken:
            found.append((fact.receipt, Movement(fact.on, taken, "refund", instalment)))
    return found


def _undone(moves: Sequence[tuple[str, Movement]], fact: PaymentReversed) -> list[tuple[str, Movement]]:
    """The movements without what a reversal takes back, the newest part of its payment first."""
    left, kept = fact.cents, []
    for receipt, move in reversed(moves):
        is_of_it = receipt == fact.receipt and move.kind == "payment" and fact.instalment in {None, move.part}
        taken = min(left, move.cents) if is_of_it else 0
        left -= taken
        kept.append((receipt, Movement(move.on, move.cents - taken, move.kind, move.part)))
    return kept[::-1]


def notified_on(issued: InvoiceIssued, entries: Sequence[Entry], readings: Readings) -> dt.date | None:
    """The day a formal notice was received or first presented; the due day where the contract says that suffices.

    A letter refused or unclaimed is a notice; of an electronic one that is a reading.

    Law: C. civ., art. 1344; Cass. 1re civ., 20 janv. 2021, n° 19-20.680.
    """
    if "notice_by_maturity" in (issued.clauses or ()):
        return min((each.due for each in issued.instalments if each.due), default=None)
    days = []
    for entry in entries:
        fact = entry.fact
        if not isinstance(fact, DebtorFormallyNotified):
            continue
        if fact.form in _AT_ONCE:
            days.append(fact.on)
        is_bare = fact.form == "lre" and readings["unclaimed_lre"] == "does_not_notify"
        days += [
            other.fact.on
            for other in entries
            if isinstance(other.fact, ServiceProgressed)
            and other.fact.act == entry.act
            and other.fact.stage in _REACHED
            and not (is_bare and other.fact.stage in _NOT_TAKEN)
        ]
    return min(days, default=None)
