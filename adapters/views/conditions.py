"""How a corner of the two times, and a choice of creditor or debtor, are said to the tables of the views."""

from collections.abc import Sequence
from typing import Any

from adapters.views.tables import KINDS
from projections.corner import Corner

Chosen = tuple[str, dict[str, Any]]


def values_of(corner: Corner) -> dict[str, Any]:
    """What the conditions bind."""
    known_on = corner.known_on.toordinal() if corner.known_on else 0
    return {"day": corner.as_of.toordinal(), "position": corner.position, "known": known_on}


def when(corner: Corner) -> str:
    """The day of a row, by the corner's basis."""
    return "CASE WHEN booked > 0 THEN booked ELSE effective END" if corner.basis == "booked" else "effective"


def known(corner: Corner) -> str:
    """Whether a row was known, by the corner's knowledge."""
    if corner.known_on:
        return "(source > 0 AND source <= :known OR source = 0 AND position <= :position)"
    return "position <= :position"


def of_kinds(kinds: Sequence[str] | None) -> str:
    """Some kinds of movements, or all."""
    return "" if kinds is None else f"AND kind IN ({','.join(str(KINDS.index(each)) for each in kinds)})"


def whose(column: str, creditor: str | None, debtor: str | None) -> Chosen:
    """The condition on a column of debtors, and what it binds."""
    where, bound = "", dict[str, Any]()
    if debtor:
        where, bound = f"AND {column} = (SELECT no FROM party WHERE id = :debtor)", {"debtor": debtor}
    if creditor:
        where += f" AND {column} IN (SELECT no FROM party WHERE creditor = (SELECT no FROM party WHERE id = :creditor))"
        bound |= {"creditor": creditor}
    return where, bound
