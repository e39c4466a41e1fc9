"""The claim once a title is enforceable: what the order granted, less what came since the petition."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from domain.account import Head, Movement, Part, Statement
from domain.calendar import ONE_DAY
from domain.facts.fact import Fact
from domain.facts.invoicing import CreditNoteApplied, PaymentReceived, PaymentReversed
from domain.facts.procedure import EscalatedToInjonction, OrdonnanceGranted, OrdonnanceServed, TitleEnforceable
from domain.facts.procedure import Head as GrantedHead
from domain.history import Entry
from domain.interest import statement
from domain.law.readings import Readings
from domain.law.tables import Law
from domain.movements import movements
from domain.penalties import Clause, Debt, Schedule, legal, schedule

GRANTED: Final = "CPC, art. 1409"
_BEFORE_PRINCIPAL: Final = ("penalties", "costs")
#: The order in which money goes to the fixed heads, whatever the order in which they were granted.
_ORDER: Final = ("penalties", "costs", "indemnity", "penal_clause", "other")


class Title:
    """An order that is enforceable, as the history of an invoice has it."""

    def __init__(self, granted: OrdonnanceGranted, entries: Sequence[Entry]) -> None:
        self.granted, self.entries = granted, entries
        self._own = [each for each in entries if getattr(each.fact, "proceeding", None) == granted.proceeding]

    def first(self, kind: type[Fact]) -> Entry | None:
        """The first entry of a kind in the proceeding."""
        return next((entry for entry in self._own if isinstance(entry.fact, kind)), None)

    @property
    def enforceable_on(self) -> dt.date:
        """The day it became enforceable."""
        found = self.first(TitleEnforceable)
        return found.fact.on if found else self.granted.on

    @property
    def bears_from(self) -> dt.date:
        """The first day that bears interest where the order does not say: the day after its service.

        Law: C. civ., art. 1231-6, 1231-7.
        """
        served = self.first(OrdonnanceServed)
        return (served.fact.on if served else self.granted.on) + ONE_DAY

    def outside_cents(self, total_cents: int) -> int:
        """The cents of the price that the petition left out (not yet due, disputed), or that are owed again since; not in the title."""
        filed = self.first(EscalatedToInjonction)
        if filed is None or not isinstance(filed.fact, EscalatedToInjonction):
            return 0
        since, credited, held = self.since(), 0, dict[str, int]()
        for entry in self.entries:
            fact = entry.fact
            if isinstance(fact, PaymentReversed) and fact.receipt in held:
                held[fact.receipt] -= fact.cents
            elif isinstance(fact, PaymentReceived) and entry not in since:
                held[fact.receipt] = held.get(fact.receipt, 0) + fact.cents
            elif isinstance(fact, CreditNoteApplied) and entry not in since:
                credited += fact.cents
        asked = self.granted.heads if self.granted.counted_until else filed.fact.heads
        principal = sum(head.cents for head in asked if head.head == "principal")
        return total_cents - sum(held.values()) - credited - principal

    def since(self) -> list[Entry]:
        """What the petition could not know: what came after it, and what was recorded after it of an earlier day."""
        filed = self.first(EscalatedToInjonction)
        if filed is None:
            return list(self.entries)
        place = list(self.entries).index(filed)
        counted = self.granted.counted_until
        since = [each for n, each in enumerate(self.entries) if n > place or each.version > filed.version]
        return [each for each in since if counted is None or each.fact.on > counted]


def enforceable(entries: Sequence[Entry]) -> Title | None:
    """The title that the entries amount to: the last order granted."""
    granted = next((entry.fact for entry in reversed(entries) if isinstance(entry.fact, OrdonnanceGranted)), None)
    return Title(granted, entries) if granted else None


def title_statement(
    law: Law,
    title: Title,
    debt: Debt,
    start: dt.date,
    until: dt.date,
    readings: Readings,
    on_account: Sequence[Movement] = (),
) -> tuple[Statement, list[Head], int]:
    """The statement that follows a title, the fixed heads it granted, and the cents that do not extinguish the debt.

    Interest runs on the principal at the rate granted; the legal rate bears five points more two months after the title
    became enforceable. What came since the petition counts from its own day, none before `start`; payments up to
    `counted_until` are in the heads already.

    Law: CPC, art. 1409, 1422; CMF, art. L313-3; C. civ., art. 1231-7.
    """
    granted, sums = title.granted, dict[str, int]()
    for head in granted.heads:
        if head.head != "principal" and not head.rate_kind:
            sums[head.head] = sums.get(head.head, 0) + head.cents
    before = (*_BEFORE_PRINCIPAL, *(("indemnity",) if readings["indemnity_rank"] == "before_principal" else ()))
    ranked = sorted(sums.items(), key=lambda each: _ORDER.index(each[0]) if each[0] in _ORDER else len(_ORDER))
    heads = [Head(name, cents, GRANTED, before_principal=name in before) for name, cents in ranked]
    parts = [
        Part(n, head.cents, granted.on, *_bearing(law, readings, title, debt, head))
        for n, head in enumerate(granted.heads, start=1)
        if head.head == "principal" or head.rate_kind
    ]
    moves, ignored = movements(title.since(), start)
    filed = title.first(EscalatedToInjonction)
    unnamed = [move.of_the_whole() for move in moves]
    unnamed += [move for move in on_account if filed is None or move.on > filed.fact.on]
    found = statement(parts, unnamed, until, heads=heads, last_on=debt.last_on, readings=readings)
    return found, heads, ignored


def _bearing(
    law: Law, readings: Readings, title: Title, debt: Debt, head: GrantedHead
) -> tuple[dt.date | None, Schedule]:
    """The first day that bears interest, and its rates; an order that says nothing of interest bears the legal rate by law.

    Law: C. civ., art. 1231-7; CMF, art. L313-3.
    """
    first = head.from_on or title.bears_from
    individual = debt.creditor == "individual"
    match head.rate_kind:
        case "contract":
            clause = Clause("fixed", Decimal(head.rate)) if head.rate else debt.clause
            return first, schedule(law, readings, Debt("b2b", clause), title.granted.on)
        case "b2b":
            return first, schedule(law, readings, Debt("b2b"), title.granted.on)
        case "public":
            return first, schedule(law, readings, Debt("public"), first - ONE_DAY)
        case "legal" | None:
            return first, legal(law, "legal-individual" if individual else "legal-pro", title.enforceable_on)
