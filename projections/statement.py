"""A claim as lines that a reader can redo with a pencil: amount, formula, article, in the order of the days."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from domain.claim import Claim
from domain.interest import YEAR, Imputed, Segment
from domain.law.rates import percent_text
from domain.money import plain

LineKind = Literal[
    "principal", "interest", "payment", "price_cut", "refund", "left_principal", "left_interest", "left_head", "in_credit",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line. What adds to the debt is above nil, what lessens it below; `left_` lines say what is owed in the end."""

    kind: LineKind
    cents: int
    from_on: dt.date | None = None
    to_on: dt.date | None = None
    formula: str = ""
    reference: str = ""
    name: str = ""


def formula(segment: Segment, basis: str) -> str:
    """Principal x rate x days / basis, as printed."""
    under = f"{YEAR}" if basis == "365" else "365 or 366"
    return f"{plain(segment.principal_cents)} x {percent_text(segment.percent)} % x {segment.days} / {under}"


def lines(claim: Claim) -> list[Line]:
    """Every line of a claim: the price, then interest and money by day, then what is left of each head."""
    stated = claim.statement
    basis = next((each.code for each in claim.readings if each.switch == "day_basis"), "365")
    found = [Line("principal", stated.principal_before_cents)]
    moving: list[tuple[dt.date, int, Line]] = [
        (each.to_on, 0, Line("interest", each.cents, each.from_on, each.to_on, formula(each, basis), each.reference))
        for each in stated.segments
    ]
    moving += [(each.movement.on, 1, _money(each)) for each in stated.imputed]
    found += [line for _, _, line in sorted(moving, key=lambda each: each[:2])]
    found.append(Line("left_principal", stated.principal_cents))
    found.append(Line("left_interest", stated.interest_cents))
    references = dict(claim.heads)
    found += [Line("left_head", cents, reference=references.get(name, ""), name=name) for name, cents in stated.heads]
    if stated.unallocated_cents:
        found.append(Line("in_credit", -stated.unallocated_cents))
    return found


def _money(each: Imputed) -> Line:
    move = each.movement
    if move.kind == "refund":
        return Line("refund", move.cents, to_on=move.on)
    shares = [("interest", each.interest), ("principal", each.principal), *each.heads, ("in credit", each.unallocated)]
    went = " + ".join(f"{name} {plain(cents)}" for name, cents in shares if cents)
    kind: LineKind = "price_cut" if move.kind == "reduction" else "payment"
    reference = "C. civ., art. 1343-1" if kind == "payment" else ""
    return Line(kind, -move.cents, to_on=move.on, formula=went, reference=reference)
