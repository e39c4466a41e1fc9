"""The rates of late payment on a day, each with the text it rests on. Rates are percent a year."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

from domain.law.tables import Law, Value

RateKind = Literal["b2b", "public", "legal-pro", "legal-individual", "floor"]
JULY: Final = 7


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in percent a year, and its reference."""

    percent: Decimal
    reference: str


def half_year_start(on: dt.date) -> dt.date:
    """The first day of the half-year of a day: 1 January or 1 July.

    Law: C. com., art. L441-10, II.
    """
    return dt.date(on.year, JULY if on.month >= JULY else 1, 1)


def half_year_end(on: dt.date) -> dt.date:
    """The last day of the half-year of a day: 30 June or 31 December.

    Law: C. com., art. L441-10, II.
    """
    return dt.date(on.year, 12, 31) if on.month >= JULY else dt.date(on.year, 6, 30)


def ecb_rate(law: Law, on: dt.date) -> Decimal:
    """The ECB rate that anchors the half-year of a day: the one in force on its first day.

    Raises:
        LawMissing: not known.

    Law: C. com., art. L441-10, II.
    """
    return _ecb(law, on).value


def _ecb(law: Law, on: dt.date) -> Value:
    return law.on("ecb_refinancing_rate", half_year_start(on))


@lru_cache(maxsize=1 << 14)
def rate(law: Law, kind: RateKind, on: dt.date) -> Rate:
    """The rate of a kind on a day.

    Args:
        law: the parameters.
        kind: `b2b`, the default between professionals; `public`, for public buyers; `legal-pro` and `legal-individual`, the
            legal rate by kind of creditor; `floor`, below which no contractual rate may go.
        on: the day.

    Raises:
        LawMissing: not known on that day.

    Law: C. com., art. L441-10, II; CCP, art. R2192-31; CMF, art. L313-2.
    """
    match kind:
        case "legal-individual":
            return _as_is(law.on("legal_rate_individual", on))
        case "legal-pro":
            return _as_is(law.on("legal_rate_professional", on))
        case "floor":
            multiple, legal = law.on("contractual_floor_multiple", on), law.on("legal_rate_professional", on)
            return Rate(multiple.value * legal.value, _cited(multiple, legal))
        case "b2b" | "public":
            points = law.on("late_payment_points" if kind == "b2b" else "public_late_payment_points", on)
            anchor = _ecb(law, on)
            return Rate(anchor.value + points.value, _cited(points, anchor))


def _as_is(value: Value) -> Rate:
    return Rate(value.value, value.citation)


def _cited(rule: Value, anchor: Value) -> str:
    """The article of the rule; and the anchor's, where a user added it."""
    return rule.citation if anchor.citation == anchor.reference else f"{rule.citation} ; {anchor.citation}"


def percent_text(percent: Decimal) -> str:
    """A rate as it prints: at least two decimals."""
    plain = percent.normalize()
    exponent = plain.as_tuple().exponent
    return f"{plain:.2f}" if isinstance(exponent, int) and exponent >= -2 else f"{plain:f}"  # noqa: PLR2004 - two decimals
