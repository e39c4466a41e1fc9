"""Where an invoice stands, in French: the states it reached, told together, and counted one by one."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from domain.facts.procedure import TitleEnforceable
from domain.history import Entry, ordered
from domain.invoice import START, Invoice
from projections.wording.terms import STATES

OWN_STATEMENT: Final = f"{STATES['enforceable']} selon la déclaration du créancier"
NOT_DUE: Final = "not_due"


class Group(NamedTuple):
    """States told under one heading, each with its words and the name of its list."""

    title: str
    states: tuple[tuple[str, str, str], ...]


def _states(title: str, *names: str, **words: str) -> Group:
    plural = {**_PLURAL, **words}
    return Group(
        title, tuple((each, plural.get(each, STATES.get(each, each)), each.replace("_", "-")) for each in names)
    )


_PLURAL: Final = {
    NOT_DUE: "non échues",
    "due": "échues, sans relance",
    "reminded": "relancées",
    "called": "débiteur appelé",
    "formally_notified": "mises en demeure",
    "paid": "soldées",
    "cancelled": "annulées",
    "written_off": "passées en pertes",
    "doubtful": "créances douteuses",
    "handed_over": "confiées à un tiers",
    "partly_disputed": "contestées en partie",
    "disputed": "contestées",
}
#: Every state that a list is made of. The rungs of the ladder are those of invoices whose price is still owed.
GROUPS: Final = (
    _states("Relance amiable des factures restant dues", NOT_DUE, "due", "reminded", "called", "formally_notified"),
    _states(
        "Procédure", "small_claim", "commandment", "petitioned", "ordered", "served", "opposed", "sued", "judged",
        "enforceable", "ended",
    ),
    _states(
        "Situations particulières", "partly_disputed", "disputed", "promised", "instalments", "paused", "handed_over",
        "doubtful", "written_off", "enforcement_barred", "stayed",
    ),
    _states("Factures closes", "paid", "cancelled"),
)  # fmt: skip


def stages(invoice: Invoice, overdue_cents: int) -> tuple[str, ...]:
    """The states under which an invoice is counted: its rung while the price is owed, and all that differs from the first."""
    regions = invoice.regions
    found = [now for now, first in zip(regions[1:], START[1:], strict=True) if now != first]
    if regions.settlement != "owed":
        return tuple(found)
    rung = regions.ladder
    if rung == START.ladder:
        rung = "due" if overdue_cents else NOT_DUE
    return (rung, *found)


def in_words(invoice: Invoice, history: Sequence[Entry], on: dt.date, overdue_cents: int) -> str:
    """The states that an invoice reached; overdue is computed from the due days."""
    regions = invoice.regions
    words = [STATES[now] for now, first in zip(regions, START, strict=True) if now != first]
    if regions.procedure == "enforceable" and _basis(history, on) == "own_statement":
        words[words.index(STATES["enforceable"])] = OWN_STATEMENT
    if STATES["due"] not in words and overdue_cents:
        words.insert(0, STATES["due"])
    return ", ".join(words) or "émise, non échue"


def _basis(history: Sequence[Entry], on: dt.date) -> str:
    titles = [each.fact for day, each in ordered(history) if day <= on and isinstance(each.fact, TitleEnforceable)]
    return titles[-1].basis if titles else ""
