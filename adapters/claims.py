"""Claims as other programs read them, of one invoice or of several; money on account imputed as the law says."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.bootstrap import Office
from adapters.on_account import on_account
from domain.account import Movement
from domain.claim import INDEMNITY, Claim, of_invoice
from domain.errors import LawMissing, NotFound, in_words
from domain.history import founding, known
from domain.law.rates import percent_text
from projections.statement import Line, lines


@dataclass(frozen=True, slots=True)
class Claimed:
    """The claim on one invoice."""

    stream: str
    number: str
    claim: Claim


def claims_of(
    office: Office, streams: Sequence[str], until: dt.date, position: int, chosen: Mapping[str, str] | None = None
) -> list[Claimed]:
    """The claims on invoices at the end of a day, as known at a position; `chosen` readings stand above the policy's.

    Raises:
        NotFound: one was not issued by then, or not known.
        LawMissing: a rate is not known on a day.
    """
    drawn: dict[str, dict[str, list[Movement]]] = {}
    found = []
    for stream in streams:
        loaded = office.app.stream_or_fail(stream)
        issued = founding(known(loaded.history, position))
        if issued is None or issued.on > until:
            raise NotFound(f"as of {in_words(until)} and known at @{position} there was no such invoice")
        if issued.debtor not in drawn:
            drawn[issued.debtor] = on_account(office, issued.debtor, until, position)
        readings = office.readings(issued.creditor, until, position, chosen)
        moves = drawn[issued.debtor].get(stream, [])
        claim = of_invoice(office.law, loaded.history, until, known_at=position, readings=readings, on_account=moves)
        assert claim is not None, "an invoice issued by the day has a claim"
        found.append(Claimed(stream, office.registry.number(stream.partition(":")[2], issued.debtor), claim))
    return found


def shape(claim: Claim) -> dict[str, Any]:
    """The keys of `law interest`."""
    stated = claim.statement
    return {
        "segments": [
            {
                "from_on": each.from_on, "to_on": each.to_on, "days": each.days, "principal_cents": each.principal_cents,
                "rate_percent": percent_text(each.percent), "interest_cents": each.cents, "reference": each.reference,
                "part": each.part,
            }
            for each in stated.segments
        ],
        "payments": [
            {
                "on": each.movement.on, "kind": each.movement.kind, "cents": each.movement.cents, "to_interest_cents": each.interest,
                "to_principal_cents": each.principal, "to_heads_cents": dict(each.heads), "unallocated_cents": each.unallocated,
            }
            for each in stated.imputed
        ],
        "interest_accrued_cents": stated.accrued_cents, "interest_cents": stated.interest_cents,
        "capitalised_cents": stated.capitalised_cents, "indemnity_cents": stated.head_cents(INDEMNITY),
        "heads_cents": dict(stated.heads), "principal_cents": stated.principal_cents,
        "unallocated_cents": stated.unallocated_cents, "total_cents": stated.total_cents, "until_on": stated.until,
        "interest_per_day_eur": _per_day(claim), "regime": claim.regime, "title_on": claim.title_on,
        "warnings": list(claim.warnings),
        "readings": [{"switch": each.switch, "code": each.code, "text": each.text, "reference": each.reference} for each in claim.readings],
    }  # fmt: skip


def _per_day(claim: Claim) -> str | None:
    try:
        return f"{claim.statement.per_day():.4f}"
    except LawMissing:
        return None


def shape_of_invoice(claimed: Claimed) -> dict[str, Any]:
    """The keys of `claim`: those of `law interest`, the lines, and what tells the claim from the books."""
    claim = claimed.claim
    return {
        "number": claimed.number, "stream": claimed.stream, **shape(claim),
        "book_residual_cents": claim.book_residual_cents,
        "difference_cents": dict(claim.difference),
        "lines": [_line(line) for line in lines(claim)],
    }  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    return {
        "kind": line.kind, "name": line.name, "from_on": line.from_on, "to_on": line.to_on, "cents": line.cents,
        "formula": line.formula, "reference": line.reference,
    }  # fmt: skip


def totals(claims: Sequence[Claimed]) -> dict[str, int]:
    """The sums of several claims."""
    stated = [each.claim.statement for each in claims]
    return {
        "principal_cents": sum(each.principal_cents for each in stated),
        "interest_cents": sum(each.interest_cents for each in stated),
        "indemnity_cents": sum(each.head_cents(INDEMNITY) for each in stated),
        "other_heads_cents": sum(each.other_heads_cents(INDEMNITY) for each in stated),
        "unallocated_cents": sum(each.unallocated_cents for each in stated),
        "total_cents": sum(each.total_cents for each in stated),
        "book_residual_cents": sum(each.claim.book_residual_cents for each in claims),
    }
