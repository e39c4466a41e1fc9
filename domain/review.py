"""A history judged again: each step by the law of its own day, and by what was known when it was recorded, or now."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.decisions import findings
from domain.errors import Refusal
from domain.facts.insolvency import StayedByInsolvency
from domain.facts.invoicing import EntryWithdrawn, InvoiceIssued
from domain.history import Entry, founding, pending, replay, standing, state_before
from domain.invoice import Invoice
from domain.law.tables import Law
from domain.lifecycle import rules_of
from domain.policy import Policy
from domain.rules.observations import FINDINGS
from domain.rules.rule import Case

#: The law that judged a step when it was recorded, or judges it now.
LawOf = Callable[[Entry], Law]
#: The policy that the creditor followed on a day, as known at a position.
Followed = Callable[[dt.date, int], Policy]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A step and everything that stands against it."""

    entry: Entry
    refusals: tuple[Refusal, ...]


def review(history: Sequence[Entry], law_of: LawOf, policy: Followed, *, hindsight: bool = False) -> list[Reviewed]:
    """Every step that stands and that rules judge, with what would refuse it, or be found on it.

    Without `hindsight` a step is judged on what was recorded before it: an admin is not blamed for what nobody told him. The
    law is that of the step's own day either way: its tables are dated, and `law_of` gives those that were known.
    """
    found = []
    for entry in standing(history):
        rules = (*rules_of(entry.fact.move), *FINDINGS.get(entry.fact.move, ()))
        if not rules:
            continue
        before = [each for each in history if each.version < entry.version]
        seen = [each for each in history if _is_met(each, entry)] if hindsight else before
        invoice = _met(history, entry) if hindsight else _known(before, entry)
        if invoice is None:
            continue
        case = Case(invoice, entry.fact, policy(entry.fact.on, entry.position), law_of(entry), tuple(seen))
        found.append(Reviewed(entry, tuple(findings(rules, case))))
    return found


def _is_met(other: Entry, entry: Entry) -> bool:
    """Whether an entry comes before another: what came later on its day does not, but a judgment counts from 0 h."""
    if other.version == entry.version:
        return False
    is_later_that_day = other.fact.on == entry.fact.on and other.version > entry.version
    return not is_later_that_day or isinstance(other.fact, StayedByInsolvency | EntryWithdrawn)


def _met(history: Sequence[Entry], entry: Entry) -> Invoice | None:
    """The state that a step meets in the history as it is known now."""
    return Invoice(entry.fact) if isinstance(entry.fact, InvoiceIssued) else state_before(history, entry.version)


def _known(before: Sequence[Entry], entry: Entry) -> Invoice | None:
    """The state of the step's day, as it was known when the step was recorded."""
    if isinstance(entry.fact, InvoiceIssued):
        return Invoice(entry.fact)
    return replay(pending(before, today=entry.fact.on), as_of=entry.fact.on) if founding(before) else None
