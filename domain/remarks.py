"""What a reader of a claim must know besides its figures: each remark a code with its days and rates, told in English here.

Documents tell the same codes in French.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from domain.law.rates import JULY
from domain.money import plain

RemarkCode = Literal[
    "no_notice",
    "points_on_legal_rate_only",
    "interest_stopped",
    "notice_changes_nothing",
    "contract_day_unknown",
    "floor_unknown",
    "below_floor_as_agreed",
    "below_floor_raised",
    "payment_left_out",
    "no_due_day",
    "subrogated_money",
    "disputed",
    "clause_not_applied",
    "consumer_clause",
    "individual_creditor",
    "no_indemnity_yet",
    "contract_before_regime",
    "in_credit",
    "on_account",
    "legal_interest_of_title",
    "outside_title",
]
#: A remark's `on` is the day it is about; of a half-year, any day of it.
TEXTS: Final[dict[RemarkCode, str]] = {
    "no_notice": "no interest: a consumer's debt bears it from a formal notice only (C. civ., art. 1231-6, 1344-1)",
    "points_on_legal_rate_only": "the five points of CMF, art. L313-3 are added to the legal rate only, not to this one",
    "interest_stopped": "interest stops the day before the opening judgment of {0.on}, but for loans and payments deferred a year or more (C. com., art. L622-28)",
    "notice_changes_nothing": "penalties run without notice: the day of the formal notice changes nothing (L441-10, II)",
    "contract_day_unknown": (
        "the day of the contract is not known: the agreed rate is tested against the floor of each half-year"
    ),
    "floor_unknown": (
        "{0.half_year}: the floor of three times the legal rate is not known; the agreed rate is not tested"
    ),
    "below_floor_as_agreed": (
        "{0.half_year}: the agreed rate, {0.agreed:.2f} %, is below the floor, {0.floor:.2f} %: computed as agreed (C. com., art. L441-10, II)"
    ),
    "below_floor_raised": (
        "{0.half_year}: the agreed rate, {0.agreed:.2f} %, is below the floor, {0.floor:.2f} %: raised to it (C. com., art. L441-10, II)"
    ),
    "payment_left_out": "the payment of {0.on} comes after {0.until} and is left out",
    "no_due_day": "no due day is known for a part of the price: it bears nothing",
    "subrogated_money": "money of an insurer or a factor does not extinguish the debt: it is not imputed",
    "disputed": "the debtor disputes all or part of it: nothing is taken off for that",
    "clause_not_applied": "the penalty clause is not applied: a public buyer owes the rate of the law (CCP, art. R2192-31)",
    "consumer_clause": (
        "an agreed rate may be held unfair against a consumer, or be reduced (C. conso., art. R212-2, 3°; C. civ., art. 1231-5)"
    ),
    "individual_creditor": "these penalties are between professionals: an individual has the legal rate, from notice",
    "no_indemnity_yet": "the 40 EUR are owed for lateness from {0.on} on (décret n° 2012-1115): none here",
    "contract_before_regime": (
        "if the contract was concluded before {0.on}, another rate applies, which is not known here (décret n° 2013-269)"
    ),
    "in_credit": "what is in credit is not set off against what is still owed (C. civ., art. 1347)",
    "outside_title": (
        "{0.euros} EUR of the price are not in the petition that the order of {0.on} granted: they are owed besides, and not stated here"
    ),
    "legal_interest_of_title": "the order says nothing of interest: the legal rate runs by law (C. civ., art. 1231-7)",
    "on_account": (
        "money on account since {0.on}, given to no invoice in the books, is imputed here (C. civ., art. 1342-10)"
    ),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark: what it says, and the days and rates that it names."""

    code: RemarkCode
    on: dt.date | None = None
    until: dt.date | None = None
    agreed: Decimal | None = None
    floor: Decimal | None = None
    cents: int = 0

    @property
    def euros(self) -> str:
        """Its amount, as a screen prints it."""
        return plain(self.cents)

    @property
    def half_year(self) -> str:
        """The half-year of its day: `2027 S1`."""
        return f"{self.on.year} S{2 if self.on.month >= JULY else 1}" if self.on else ""

    def __str__(self) -> str:
        """The remark in English."""
        return TEXTS[self.code].format(self)
