"""The claims of a dossier: computed at export by the law of the store, and again at verification by the rulebook inside."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.documents.summary import Exhibit
from adapters.written_law import WrittenLaw
from domain.claim import Claim, of_invoice
from domain.errors import EvidenceBroken, LawMissing
from domain.law.rates import percent_text
from domain.law.readings import Readings, switches
from domain.law.tables import Law, shipped
from domain.remarks import Remark

_SUMMED: Final = ("book_residual_cents", "interest_cents", "all_heads_cents", "principal_cents", "total_cents")


@dataclass(frozen=True, slots=True)
class Missing:
    """No claim: a legal value is not known on a day."""

    parameter: str
    label: str
    on: dt.date


def is_of(text: bytes, other: bytes) -> bool:
    """Whether two rulebooks are one, but for the values that users added."""
    return bool(_shipped(text) == _shipped(other))


def _shipped(text: bytes) -> Any:
    rulebook = json.loads(text)
    for parameter in rulebook["parameters"]:
        parameter.pop("added", None)
    return rulebook


def stated(exhibit: Exhibit, on: dt.date, law: Law, readings: Readings) -> Claim | Missing:
    """The claim on an invoice at the end of a day; or the value for want of which there is none.

    Raises:
        EvidenceBroken: the invoice was not issued by then.
    """
    try:
        claim = of_invoice(law, exhibit.history, on, readings=readings)
    except LawMissing as missing:
        return Missing(missing.parameter, missing.label, missing.on)
    if claim is None:
        raise EvidenceBroken(f"{exhibit.stream} is not issued on {on}")
    return claim


def block(
    exhibits: Sequence[Exhibit], claims: Sequence[Claim | Missing], digest: str, readings: Readings
) -> dict[str, Any]:
    """What `resume.json` says of the claims: the rulebook that judged, the readings, each claim, their sums if all are known."""
    each = [_figures(exhibit, claim) for exhibit, claim in zip(exhibits, claims, strict=True)]
    is_whole = not any(isinstance(claim, Missing) for claim in claims)
    return {
        "invoices": each,
        "law": digest,
        "readings": {name: readings[name] for name in switches()},
        "totals": {name: sum(one[name] for one in each) for name in _SUMMED} if is_whole else None,
    }


def _figures(exhibit: Exhibit, claim: Claim | Missing) -> dict[str, Any]:
    if isinstance(claim, Missing):
        return {"missing": {"on": f"{claim.on}", "parameter": claim.parameter}, "stream": exhibit.stream}
    found = claim.statement
    return {
        "accrued_cents": found.accrued_cents,
        "book_residual_cents": claim.book_residual_cents,
        "capitalised_cents": found.capitalised_cents,
        "difference_cents": dict(claim.difference),
        "heads": [
            {"cents": cents, "head": name, "on": str(on) if on else None, "reference": dict(claim.heads)[name]}
            for name, cents, on in found.incurred
        ],
        "heads_cents": dict(found.heads),
        "imputed": [
            {
                "cents": each.movement.cents, "heads_cents": dict(each.heads), "instalment": each.movement.part,
                "interest_cents": each.interest, "kind": each.movement.kind, "on": f"{each.movement.on}",
                "principal_cents": each.principal, "unallocated_cents": each.unallocated,
            }
            for each in found.imputed
        ],
        "interest_cents": found.interest_cents,
        "all_heads_cents": sum(cents for _, cents in found.heads),
        "per_day_eur": per_day(claim),
        "principal_before_cents": found.principal_before_cents,
        "principal_cents": found.principal_cents,
        "regime": claim.regime,
        "remarks": [_remark(each) for each in claim.remarks],
        "segments": [
            {
                "days": each.days, "from_on": f"{each.from_on}", "interest_cents": each.cents, "part": each.part,
                "principal_cents": each.principal_cents, "rate_percent": percent_text(each.percent),
                "reference": each.reference, "to_on": f"{each.to_on}",
            }
            for each in found.segments
        ],
        "stream": exhibit.stream,
        "title_on": str(claim.title_on) if claim.title_on else None,
        "total_cents": found.total_cents,
        "unallocated_cents": found.unallocated_cents,
        "until_on": f"{found.until}",
    }  # fmt: skip


def per_day(claim: Claim) -> str | None:
    """The interest of a further day, in euro; nothing where its rate is not known."""
    try:
        return f"{claim.statement.per_day():.4f}"
    except LawMissing:
        return None


def _remark(each: Remark) -> dict[str, str]:
    days = {"on": each.on, "until": each.until}
    rates = {"agreed_percent": each.agreed, "floor_percent": each.floor}
    return (
        {"code": each.code}
        | ({"cents": f"{each.cents}"} if each.cents else {})
        | {name: f"{on}" for name, on in days.items() if on}
        | {name: percent_text(rate) for name, rate in rates.items() if rate is not None}
    )


def checked(claims: Any, exhibits: Sequence[Exhibit], on: dt.date, files: Mapping[str, bytes]) -> str:
    """Compute the claims of a bundle again by the rulebook inside, and say what came of it.

    Where that is another rulebook than this program's, a difference decides nothing, and is said.

    Raises:
        EvidenceBroken: under this program's rulebook, the claims are not what the events come to.
    """
    from adapters.lawbook import rulebook  # noqa: PLC0415 - imports the chart

    if claims is None:
        raise EvidenceBroken("resume.json says nothing of the claims")
    digest = claims["law"]
    written = files.get(f"regles/{digest}.json")
    if written is None:
        return f"claims NOT recomputed: their rulebook is not there, {digest!r:.20}"
    is_ours = is_of(written, rulebook(shipped())[1])
    try:
        law, readings = WrittenLaw(written), Readings(claims["readings"])
        expected = block(exhibits, [stated(each, on, law, readings) for each in exhibits], digest, readings)
    except Exception:
        if is_ours:
            raise
        expected = None
    if expected == claims:
        whose = "this program's rulebook" if is_ours else f"another rulebook than this program's, {digest[:12]}"
        added = f", values added by a user: {law.added}" if law.added else ""
        return f"claims computed again by {whose}{added}"
    if is_ours:
        raise EvidenceBroken(f"the claims are not what the events come to: claim.{differing(expected, claims)}")
    return f"claims NOT recomputed: judged by another rulebook than this program's, {digest[:12]}"


def differing(expected: Any, stated: Any, at: str = "") -> str:
    """The first place where two trees part."""
    if isinstance(expected, dict) and isinstance(stated, dict):
        for key in sorted(expected.keys() | stated.keys()):
            if key not in expected or key not in stated:
                return f"{at}{key}"
            if expected[key] != stated[key]:
                return differing(expected[key], stated[key], f"{at}{key}.")
    if isinstance(expected, list) and isinstance(stated, list):
        for index, (ours, theirs) in enumerate(zip(expected, stated, strict=False)):
            if ours != theirs:
                return differing(ours, theirs, f"{at}{index}.")
    return at.rstrip(".") or "all"
