"""A claim as lines that a reader can redo with a pencil: amount, formula, article, in the order of the days."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from domain.account import YEAR, Imputed, Segment, days_of_year
from domain.claim import Claim
from domain.law.rates import percent_text
from domain.money import plain

LineKind = Literal[
    "principal", "interest", "head", "payment", "price_cut", "refund", "left_principal", "left_interest", "left_head", "in_credit",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line. What adds to the debt is above nil, what lessens it below.

    `left_` lines, and what is in credit, say what is owed in the end: they add up to what the lines before them do. `source`
    is what a line was made of, for who says it in other words.
    """

    kind: LineKind
    cents: int
    from_on: dt.date | None = None
    to_on: dt.date | None = None
    formula: str = ""
    reference: str = ""
    name: str = ""
    source: Segment | Imputed | None = None


def formula(segment: Segment, basis: str) -> str:
    """Principal x rate x days / basis, as printed."""
    return f"{plain(segment.principal_cents)} x {percent_text(segment.percent)} % x {share_of_years(segment, basis)}"


def share_of_years(segment: Segment, basis: str) -> str:
    """The days of a segment over those of a year, each over its own year where the basis says so."""
    years = range(segment.from_on.year, segment.to_on.year + 1)
    spans = {YEAR: segment.days}
    if basis != "365":
        spans = {}
        for year in years:
            first, last = max(segment.from_on, dt.date(year, 1, 1)), min(segment.to_on, dt.date(year, 12, 31))
            spans[days_of_year(year)] = spans.get(days_of_year(year), 0) + (last - first).days + 1
    shares = " + ".join(f"{days} / {under}" for under, days in spans.items())
    return f"({shares})" if len(spans) > 1 else shares


def day_basis(claim: Claim) -> str:
    """How the days of a year are counted in a claim: the code of the reading."""
    return next((each.code for each in claim.readings if each.switch == "day_basis"), "365")


def lines(claim: Claim) -> list[Line]:
    """Every line of a claim: the price, then interest and money by day, then what is left of each head."""
    stated = claim.statement
    basis = day_basis(claim)
    references = dict(claim.heads)
    found = [Line("principal", stated.principal_before_cents)]
    found += [
        Line("head", cents, reference=references.get(name, ""), name=name)
        for name, cents, on in stated.incurred
        if on is None
    ]
    moving: list[tuple[dt.date, int, Line]] = [
        (
            each.to_on,
            0,
            Line("interest", each.cents, each.from_on, each.to_on, formula(each, basis), each.reference, source=each),
        )
        for each in stated.segments
    ]
    moving += [
        (on, 0, Line("head", cents, to_on=on, reference=references.get(name, ""), name=name))
        for name, cents, on in stated.incurred
        if on is not None
    ]
    moving += [(each.movement.on, 1, _money(each)) for each in stated.imputed]
    found += [line for _, _, line in sorted(moving, key=lambda each: each[:2])]
    found.append(Line("left_principal", stated.principal_cents))
    found.append(Line("left_interest", stated.interest_cents))
    found += [Line("left_head", cents, reference=references.get(name, ""), name=name) for name, cents in stated.heads]
    if stated.unallocated_cents:
        found.append(Line("in_credit", -stated.unallocated_cents))
    return found


def _money(each: Imputed) -> Line:
    move = each.movement
    shares = [("interest", each.interest), ("principal", each.principal), *each.heads, ("in credit", each.unallocated)]
    went = " + ".join(f"{name} {plain(abs(cents))}" for name, cents in shares if cents)
    if move.kind == "refund":
        return Line("refund", move.cents, to_on=move.on, formula=went, source=each)
    kind: LineKind = "price_cut" if move.kind == "reduction" else "payment"
    reference = _imputation(move.on) if kind == "payment" else ""
    return Line(kind, -move.cents, to_on=move.on, formula=went, reference=reference, source=each)


def _imputation(on: dt.date) -> str:
    """The article on part payments; renumbered on 1 October 2016 (ordonnance n° 2016-131)."""
    return "C. civ., art. 1343-1" if on >= dt.date(2016, 10, 1) else "C. civ., art. 1254 (ancien)"
