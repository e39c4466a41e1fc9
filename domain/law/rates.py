"""The rates of late payment on a day, each with the text it rests on. Rates are percent a year."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from domain.law.tables import table

RateKind = Literal["b2b", "public", "legal-pro", "legal-individual", "floor"]
JULY = 7


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


def ecb_rate(on: dt.date) -> Decimal:
    """The ECB rate that anchors the half-year of a day: the one in force on its first day.

    Raises:
        LawMissing: not known.

    Law: C. com., art. L441-10, II.
    """
    return table("ecb_refinancing_rate").on(half_year_start(on)).value


def rate(kind: RateKind, on: dt.date) -> Rate:
    """The rate of a kind on a day.

    Args:
        kind: `b2b`, the default between professionals; `public`, for public buyers; `legal-pro` and `legal-individual`, the
            legal rate by kind of creditor; `floor`, below which no contractual rate may go.
        on: the day.

    Raises:
        LawMissing: not known on that day.

    Law: C. com., art. L441-10, II; CCP, art. R2192-31; CMF, art. L313-2.
    """
    if kind == "legal-individual":
        found = table("legal_rate_individual").on(on)
        return Rate(found.value, found.reference)
    legal = table("legal_rate_professional")
    if kind == "legal-pro":
        return Rate(legal.on(on).value, legal.on(on).reference)
    if kind == "floor":
        multiple = table("contractual_floor_multiple").on(on)
        return Rate(multiple.value * legal.on(on).value, multiple.reference)
    points = table("late_payment_points" if kind == "b2b" else "public_late_payment_points").on(on)
    return Rate(ecb_rate(on) + points.value, points.reference)
