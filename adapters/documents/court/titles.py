"""What is on record of the petition and of the order over invoices, told once for those of one proceeding.

Law: CPC, art. 1409 to 1422.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adapters.documents.claim_pages import Stated
from adapters.documents.court.case_file import CaseFile
from domain.claim import Claim
from domain.errors import LawMissing
from domain.facts.procedure import (
    EscalatedToInjonction,
    Head,
    OppositionLodged,
    OrdonnanceGranted,
    OrdonnanceServed,
    TitleEnforceable,
)
from domain.history import ordered
from domain.ordonnance import order
from projections.wording import handover as words
from projections.wording.procedure import BASIS, SERVICE
from projections.wording.statement import reference
from projections.wording.terms import day, typeset


@dataclass(frozen=True, slots=True)
class Title:
    """A petition over invoices of the file, and what came of it; `asked` and `granted` are summed over these invoices.

    Attributes:
        numbers: the invoices.
        filing: the petition, in words, until an order stands.
        order: the order, in words; empty where none stands.
        order_on: its day.
        after: the time to serve it, its service, the opposition, the title, in words.
        asked: the heads of the petition.
        granted: the heads of the order.
        counted_until: the day up to which the order takes payments off.
        is_enforceable: whether a title may be enforced.
        is_followed: whether the claims follow the heads granted.
        total_cents: what the claims come to; nothing where one is not computed.
    """

    numbers: tuple[str, ...]
    filing: str
    order: str
    order_on: dt.date | None
    after: tuple[str, ...]
    asked: tuple[Head, ...]
    granted: tuple[Head, ...]
    counted_until: dt.date | None
    is_enforceable: bool
    is_followed: bool
    total_cents: int | None

    @property
    def granted_cents(self) -> int:
        """What the order grants."""
        return sum(head.cents for head in self.granted)

    @property
    def asked_cents(self) -> int:
        """What the petition asked."""
        return sum(head.cents for head in self.asked)

    @property
    def is_partial(self) -> bool:
        """Whether the order grants less than what was asked.

        Law: CPC, art. 1409.
        """
        return self.granted_cents < self.asked_cents

    def said(self) -> list[str]:
        """The rows of the letter, in the order of the days."""
        rows = [self.filing or self.order]
        if self.order:
            rows.append(words.granted(self.granted, many=len(self.numbers) > 1))
        if self.order and self.is_partial:
            rows.append(words.partial(self.asked_cents, self.granted_cents, self.counted_until))
        return [typeset(reference(row)) for row in (*rows, *self.after)]

    def beside(self, on: dt.date) -> str:
        """Why what is owed on a day is not what the order grants."""
        assert self.order_on is not None, "only of an order"
        return words.beside_order(
            self.numbers, self.order_on, self.granted_cents, on, self.total_cents, is_partial=self.is_partial
        )


def grouped_titles(case: CaseFile, every: Sequence[Stated]) -> list[Title]:
    """The proceedings under way over the invoices of a file; those on which the same was recorded are told together."""
    groups: dict[tuple[object, ...], list[Title]] = {}
    for each in every:
        found = _title(case, each)
        if found:
            key = (
                each.invoice.proceeding,
                found.filing,
                found.order,
                found.after,
                found.is_enforceable,
                found.is_followed,
            )
            groups.setdefault(key, []).append(found)
    return [_together(group) for group in groups.values()]


def _together(group: Sequence[Title]) -> Title:
    first, totals = group[0], [each.total_cents for each in group]
    known = [cents for cents in totals if cents is not None]
    return Title(
        numbers=tuple(number for each in group for number in each.numbers),
        filing=first.filing, order=first.order, order_on=first.order_on, after=first.after,
        asked=_summed(head for each in group for head in each.asked),
        granted=_summed(head for each in group for head in each.granted),
        counted_until=first.counted_until, is_enforceable=first.is_enforceable, is_followed=first.is_followed,
        total_cents=sum(known) if len(known) == len(totals) else None,
    )  # fmt: skip


def _summed(found: Iterable[Head]) -> tuple[Head, ...]:
    """Heads of one kind that bear the same interest, as one."""
    sums: dict[Head, int] = {}
    for head in found:
        bare = head.model_copy(update={"cents": 0})
        sums[bare] = sums.get(bare, 0) + head.cents
    return tuple(bare.model_copy(update={"cents": cents}) for bare, cents in sums.items())


def _title(case: CaseFile, each: Stated) -> Title | None:
    """What is on record of the petition and of the order on an invoice; nothing where no proceeding is under way."""
    invoice, claim = each.invoice, each.claim
    if invoice.regions.procedure in {"no_procedure", "ended"}:
        return None
    own = [
        entry.fact
        for effective, entry in ordered(each.exhibit.history)
        if effective <= case.on and getattr(entry.fact, "proceeding", None) == invoice.proceeding
    ]
    filed = [fact for fact in own if isinstance(fact, EscalatedToInjonction)]
    orders = [fact for fact in own if isinstance(fact, OrdonnanceGranted)]
    court = filed[0].court if filed else ""
    newest = orders[-1] if orders else None
    services = [fact for fact in own if isinstance(fact, OrdonnanceServed)]
    titles = [fact for fact in own if isinstance(fact, TitleEnforceable)]
    after = [words.serve_by(on) for on in _serve_by(case, orders[-1:]) if not services]
    after += [f"Signifiée le {day(fact.on)}, {SERVICE[fact.mode]}" for fact in services]
    after += [f"Opposition formée le {day(fact.on)}" for fact in own if isinstance(fact, OppositionLodged)]
    after += [f"Enregistrée comme exécutoire le {day(fact.on)} : {BASIS[fact.basis]}" for fact in titles]
    if not (filed or newest or after):
        return None
    return Title(
        numbers=(each.exhibit.number,),
        filing=words.petitioned(court, filed[0].on) if filed and newest is None else "",
        order=words.ordered_on(court, newest.on) if newest else "",
        order_on=newest.on if newest else None,
        after=tuple(after),
        asked=filed[0].heads if filed else (),
        granted=newest.heads if newest else (),
        counted_until=newest.counted_until if newest else None,
        is_enforceable=bool(titles) and invoice.regions.procedure == "enforceable",
        is_followed=isinstance(claim, Claim) and claim.title_on is not None,
        total_cents=claim.statement.total_cents if isinstance(claim, Claim) else None,
    )


def _serve_by(case: CaseFile, orders: Sequence[OrdonnanceGranted]) -> list[dt.date]:
    """By when orders are to be served, where the law of their day is known.

    Law: CPC, art. 1411.
    """
    try:
        return [order(case.law, case.readings, granted.on).serve_by_on for granted in orders]
    except LawMissing:
        return []
