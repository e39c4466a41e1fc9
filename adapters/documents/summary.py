"""The figures of the ledger in a dossier, `resume.json`: made at export from the events, and again from them at verification.

Those of the claims stand beside them under a key of their own (`stated`).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.errors import EvidenceBroken
from domain.history import History, replay
from domain.invoice import Invoice

FORMAT: Final = "relance.dossier"
SCHEMA: Final = 2


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One invoice of a dossier: its history, its number in clear, the leaf hash of its newest event."""

    stream: str
    number: str
    history: History
    head: str


def figures(exhibit: Exhibit, on: dt.date) -> dict[str, Any]:
    """What one invoice comes to on a day.

    Raises:
        EvidenceBroken: the invoice was not issued by that day.
        NoEdge: its history is not a path of the chart.
    """
    invoice = standing_on(exhibit, on)
    return {
        "book_residual_cents": invoice.book_residual_cents,
        "credited_cents": invoice.credited_cents,
        "events": len(exhibit.history),
        "head": exhibit.head,
        "issued_on": invoice.issued.on.isoformat(),
        "number": exhibit.number,
        "overdue_cents": invoice.overdue_cents(on),
        "paid_cents": invoice.paid_cents,
        "remaining_cents": invoice.unsettled_cents,
        "state": invoice.regions._asdict(),
        "stream": exhibit.stream,
        "total_cents": invoice.total_cents,
        "written_off_cents": invoice.written_off_cents,
    }


def standing_on(exhibit: Exhibit, on: dt.date) -> Invoice:
    """The invoice on a day, all that is recorded being known.

    Raises:
        EvidenceBroken: it was not issued by then.
    """
    invoice = replay(exhibit.history, as_of=on)
    if invoice is None:
        raise EvidenceBroken(f"{exhibit.stream} is not issued on {on}")
    return invoice


def summary(
    exhibits: Sequence[Exhibit],
    *,
    creditor: str,
    debtor: str,
    generated_at: str,
    on: dt.date,
    position: int,
    sandbox: bool,
) -> dict[str, Any]:
    """The whole of `resume.json` but the claims."""
    invoices = [figures(exhibit, on) for exhibit in exhibits]
    return {
        "as_of_on": on.isoformat(),
        "creditor": creditor,
        "debtor": debtor,
        "format": FORMAT,
        "generated_at": generated_at,
        "invoices": invoices,
        "position": position,
        "sandbox": sandbox,
        "schema": SCHEMA,
        "totals": totals(invoices),
    }


def totals(invoices: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The sums over the invoices."""
    summed = ("book_residual", "credited", "overdue", "paid", "remaining", "total", "written_off")
    return {f"{name}_cents": sum(each[f"{name}_cents"] for each in invoices) for name in summed}
