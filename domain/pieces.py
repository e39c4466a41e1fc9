"""A document joins the file of an invoice: it moves nothing, and proves an entry that stands."""

from collections.abc import Sequence

from domain.decided import Decided, Desk
from domain.decisions import observe
from domain.errors import refused_by_record
from domain.facts.invoicing import PieceAdded
from domain.history import Entry, standing

ATTACH = "attach"


def pieces(history: Sequence[Entry]) -> list[tuple[int, PieceAdded]]:
    """The pieces that stand, each with its version, in the order recorded."""
    return [(entry.version, entry.fact) for entry in standing(history) if isinstance(entry.fact, PieceAdded)]


def attach(history: Sequence[Entry], added: Sequence[PieceAdded], desk: Desk) -> list[Decided]:
    """Record documents; one of which the same is said already is left out.

    Raises:
        Refused: what one is said to prove does not stand, or its day is still to come.
    """
    there = {_said(fact) for _, fact in pieces(history)}
    fresh: list[PieceAdded] = []
    stand = {entry.version for entry in standing(history)}
    for fact in added:
        if _said(fact) in there:
            continue
        if fact.of is not None and fact.of not in stand:
            raise refused_by_record(
                ATTACH, "not_standing", f"version {fact.of}, which it is said to prove, is not an entry that stands"
            )
        there.add(_said(fact))
        fresh.append(fact)
    return observe(history, fresh, desk, step=ATTACH) if fresh else []


def _said(fact: PieceAdded) -> tuple[object, ...]:
    """What tells one addition of a document from another: its kind, the entry it proves, whose word it is."""
    return fact.document, fact.kind, fact.of, fact.origin
