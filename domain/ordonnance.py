"""The order for payment (injonction de payer) in time: its three regimes, by the day it was rendered, and the deadlines around it.

What the creditor must do in time is never put off to a working day, unless so read; what he must wait for is.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP
from typing import Final, Literal

from domain.calendar import ONE_DAY, deadline, is_closed_to_service
from domain.errors import Misuse, in_words
from domain.law.readings import Reading, Readings
from domain.law.tables import Law, Value

Regime = Literal["before-2022-03-01", "2022-03-01", "2026-09-01"]
Residence = Literal["metropole", "overseas", "abroad"]
Reopening = Literal["act_in_person", "assets_unavailable"]

_REOPENED_BY: Final[tuple[Reopening, ...]] = ("act_in_person", "assets_unavailable")


@dataclass(frozen=True, slots=True)
class Limit:
    """The last day to act, up to 24:00, never put off; and its text."""

    on: dt.date
    reference: str


@dataclass(frozen=True, slots=True)
class Order:
    """The dates of one order; all but the regime and the time to serve are unknown until it is served."""

    regime: Regime
    serve_by_on: dt.date
    opposition_until_on: dt.date | None
    suspended_until_on: dt.date | None
    reopens_by: tuple[Reopening, ...] | None
    earliest_enforceable_on: dt.date | None
    formula_request_by_on: dt.date | None
    references: tuple[str, ...]
    warnings: tuple[str, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class _Rules:
    """What governs one order."""

    service: Value
    opposition: Value
    wait: Value
    formula: Value

    @property
    def regime(self) -> Regime:
        if self.wait.whole:
            return "2026-09-01"
        return "before-2022-03-01" if self.formula.whole else "2022-03-01"


def order(
    law: Law,
    readings: Readings,
    rendered: dt.date,
    served: dt.date | None = None,
    *,
    in_person: bool = False,
    residence: Residence = "metropole",
) -> Order:
    """The dates of an order: to serve it, to oppose it, to enforce it.

    Args:
        law: the parameters.
        readings: the contested points.
        rendered: the day of the order, which decides the regime.
        served: the day it was served.
        in_person: whether the debtor received the act himself; else the time to oppose it can open again.
        residence: where the debtor lives; it lengthens his time to oppose, never the creditor's to serve.

    Raises:
        Misuse: served before it was rendered.
        LawMissing: the regime of that day is not known.

    Law: CPC, art. 641, 642, 643, 1411, 1416, 1422, 1423.
    """
    rules = _rules(law, rendered)
    region = readings["holidays"]
    serve_by = deadline(rendered, months=rules.service.whole, extended=_is(readings, "service_limit"), region=region)
    if served is None:
        return Order(
            rules.regime, serve_by.expires_on, None, None, None, None, None, (rules.service.citation,), (),
            readings.of(("service_limit", "holidays")),
        )  # fmt: skip
    if served < rendered:
        raise Misuse(f"served on {in_words(served)}, before it was rendered on {in_words(rendered)}")
    extra = _extra(law, residence, served)
    months = rules.opposition.whole + (extra.whole if extra else 0)
    suspended_until = deadline(served, months=months, region=region).expires_on
    is_void = served > serve_by.expires_on
    if is_void:
        enforceable = formula_by = None
    elif rules.formula.whole:
        enforceable = None
        formula_by = deadline(suspended_until, months=rules.formula.whole, extended=False).expires_on
    else:
        wait = deadline(served, months=rules.wait.whole, extended=_is(readings, "wait_extension"), region=region)
        enforceable, formula_by = max(suspended_until, wait.expires_on) + ONE_DAY, None
    return Order(
        rules.regime,
        serve_by.expires_on,
        suspended_until if in_person else None,
        suspended_until,
        () if in_person else _REOPENED_BY,
        enforceable,
        formula_by,
        tuple(_cited(rules, extra)),
        tuple(_warnings(readings, rules, rendered, served, serve_by.expires_on, residence)),
        readings.of(_read(rules)),
    )


def enforceable_from(
    law: Law,
    readings: Readings,
    rendered: dt.date,
    served: dt.date,
    *,
    residence: Residence = "metropole",
    opposed: dt.date | None = None,
    notice: dt.date | None = None,
) -> dt.date | None:
    """The first day on which an order may be enforced; none while an opposition bars it, or where a formula must be asked for.

    Args:
        law: the parameters.
        readings: the contested points; `late_opposition_notice` says what an opposition is worth whose notice comes after the wait.
        rendered: the day of the order.
        served: the day it was served.
        residence: where the debtor lives.
        opposed: the day an opposition was lodged.
        notice: the day the creditor learned of it from the greffe: its notice, or the invitation to pay the fees of the opposition.

    Raises:
        Misuse: served before it was rendered.

    Law: CPC, art. 1415, 1422, 1425.
    """
    found = order(law, readings, rendered, served, residence=residence)
    first = found.earliest_enforceable_on
    if opposed is None or first is None:
        return first
    in_the_wait = notice is not None and notice < first
    if found.regime == "2026-09-01" and not in_the_wait and readings["late_opposition_notice"] == "does_not_bar":
        return first
    return None


def fees_by(law: Law, filed: dt.date) -> Limit:
    """Until when the fees of the petition are paid at the tribunal de commerce; after it the petition lapses.

    Law: CPC, art. 1425.
    """
    return in_days(law.on("petition_fee_days", filed), filed)


def service_emolument_cents(law: Law, claim_cents: int, on: dt.date) -> int:
    """The emolument for serving an order, before tax and travel, rounded half up to the cent.

    Law: C. com., art. A444-11, A444-46.
    """
    if claim_cents <= law.on("service_threshold_small", on).whole:
        coefficient = law.on("service_coefficient_small", on)
    elif claim_cents <= law.on("service_threshold_large", on).whole:
        coefficient = law.on("service_coefficient_middle", on)
    else:
        coefficient = law.on("service_coefficient_large", on)
    whole = law.on("service_emolument", on).value * coefficient.value
    return int(whole.to_integral_value(ROUND_HALF_UP))


def _rules(law: Law, rendered: dt.date) -> _Rules:
    names = ("order_service_months", "opposition_months", "enforcement_wait_months", "formula_request_months")
    return _Rules(*(law.on(name, rendered) for name in names))


def _is(readings: Readings, switch: str) -> bool:
    return readings[switch] == "extended"


def in_days(days: Value, start: dt.date) -> Limit:
    """A limit of the creditor, in days.

    Law: CPC, art. 641.
    """
    return Limit(deadline(start, days=days.whole, extended=False).expires_on, days.citation)


def _extra(law: Law, residence: Residence, on: dt.date) -> Value | None:
    """What the distance adds to the time to oppose.

    Law: CPC, art. 643.
    """
    return None if residence == "metropole" else law.on(f"{residence}_extra_months", on)


def _cited(rules: _Rules, extra: Value | None) -> Iterator[str]:
    yield rules.service.citation
    yield rules.opposition.citation
    if extra:
        yield extra.citation
    yield "CPC, art. 641, 642"
    yield rules.formula.citation
    if rules.regime != "before-2022-03-01":
        yield rules.wait.citation


def _read(rules: _Rules) -> tuple[str, ...]:
    """The contested points on which the dates hang."""
    return ("service_limit", *(("wait_extension", "late_opposition_notice") if rules.wait.whole else ()), "holidays")


def _warnings(
    readings: Readings, rules: _Rules, rendered: dt.date, served: dt.date, serve_by: dt.date, residence: Residence
) -> Iterator[str]:
    """What the dates do not say by themselves.

    Law: CPC, art. 643, 645, 664, 1411, 1415, 1422, 1425.
    """
    region = readings["holidays"]
    if served > serve_by:
        at_most = deadline(rendered, months=rules.service.whole, region=region).expires_on
        late = f"served on {in_words(served)}, after {in_words(serve_by)}: the order is void (non avenue; {rules.service.citation})"
        contested = f"; it is not if CPC, art. 642, extends the time to {in_words(at_most)}, which is contested"
        yield late + (contested if served <= at_most else "")
    if is_closed_to_service(served, region):
        yield f"served on {in_words(served)}, a Sunday or a holiday: no service is made on such a day (CPC, art. 664)"
    if served <= serve_by and rules.wait.whole:
        yield (
            "the order may be enforced only if by then neither the greffe's notice of an opposition nor, at the tribunal de "
            "commerce, the invitation to pay its fees was received (CPC, art. 1415, 1422, 1425)"
        )
    elif served <= serve_by:
        yield "the order may be enforced only if no opposition was lodged (CPC, art. 1422)"
    if residence != "metropole":
        yield "the time to oppose is lengthened by distance: CPC, art. 643, by way of art. 645, is a reading"
    if residence == "abroad":
        yield "a payment order lies only against a debtor whose domicile is in France; else the European one (CPC, art. 1424-1)"
