"""After an opposition to an order for payment: who must do what, until when, before which court."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from domain.calendar import deadline
from domain.errors import Misuse
from domain.law.readings import Reading, Readings
from domain.law.tables import Law
from domain.ordonnance import Limit, in_days, order

Court = Literal["tc", "tae", "tj"]


@dataclass(frozen=True, slots=True)
class AfterOpposition:
    """The limits that an opposition starts, none where it starts none; and what the creditor brings to the hearing."""

    notice_by: Limit | None
    fees_by: Limit | None
    lawyer_by: Limit | None
    brings_act_of_service: bool
    is_appealable: bool
    readings: tuple[Reading, ...]


def after_opposition(
    law: Law,
    readings: Readings,
    rendered: dt.date,
    opposed: dt.date,
    court: Court,
    claim_cents: int,
    *,
    invited: dt.date | None = None,
    received: dt.date | None = None,
    notified: dt.date | None = None,
) -> AfterOpposition:
    """What an opposition starts.

    Args:
        law: the parameters.
        readings: the contested points.
        rendered: the day of the order, which decides the regime.
        opposed: the day the opposition was made or posted.
        court: tribunal de commerce, tribunal des activités économiques, tribunal judiciaire.
        claim_cents: what is claimed.
        invited: the postmark of the greffe's invitation to pay the fees (tribunal de commerce).
        received: the day that invitation was received.
        notified: the day the creditor was told of the opposition (tribunal judiciaire).

    Raises:
        Misuse: the opposition comes before the order; the fees count from receipt, and that day is not given.

    Law: CPC, art. 1415, 1418, 1421, 1425.
    """
    if opposed < rendered:
        raise Misuse(f"the opposition of {opposed} comes before the order of {rendered}")
    is_commercial = court == "tc" or (court == "tae" and readings["tae"] == "as_commercial_court")
    is_written = not is_commercial and claim_cents > law.on("lawyer_threshold", opposed).whole
    is_new = order(law, readings, rendered).regime == "2026-09-01"
    return AfterOpposition(
        notice_by=None if is_commercial else notice_by(law, rendered, opposed),
        fees_by=opposition_fees_by(law, readings, invited, received) if is_commercial and invited else None,
        lawyer_by=lawyer_by(law, notified, claim_cents) if notified and is_written else None,
        brings_act_of_service=is_new and (is_written or readings["act_of_service"] == "every_court"),
        is_appealable=is_appealable(law, claim_cents, opposed),
        readings=readings.of(("tae", "opposition_fee_start", "act_of_service")),
    )


def opposition_fees_by(law: Law, readings: Readings, posted: dt.date, received: dt.date | None = None) -> Limit:
    """Until when the creditor pays the fees of the opposition at the tribunal de commerce; after it his claim lapses.

    Raises:
        Misuse: counted from receipt, as `opposition_fee_start` may be read, without the day of receipt.

    Law: CPC, art. 1425.
    """
    if readings["opposition_fee_start"] == "postmark":
        return in_days(law.on("opposition_fee_days", posted), posted)
    if received is None:
        raise Misuse(
            "the fees of the opposition are counted from receipt of the invitation: give the day it was received"
        )
    return in_days(law.on("opposition_fee_days", received), received)


def lawyer_by(law: Law, notified: dt.date, claim_cents: int) -> Limit | None:
    """Until when the creditor appoints a lawyer after an opposition at the tribunal judiciaire; none where no lawyer is needed.

    After it the instance is extinct and the order void.

    Law: CPC, art. 761, 1418, 1419.
    """
    if claim_cents <= law.on("lawyer_threshold", notified).whole:
        return None
    return in_days(law.on("lawyer_days", notified), notified)


def notice_by(law: Law, rendered: dt.date, opposed: dt.date) -> Limit | None:
    """Until when the greffe, but that of a tribunal de commerce, tells the creditor of an opposition; none before 1 September 2026.

    Law: CPC, art. 1415.
    """
    months = law.on("greffe_notice_months", rendered)
    if not months.whole:
        return None
    return Limit(deadline(opposed, months=months.whole, extended=False).expires_on, months.citation)


def is_appealable(law: Law, claim_cents: int, on: dt.date) -> bool:
    """Whether the judgment on an opposition is open to appeal, by the amount of the claim.

    Law: CPC, art. 1421; C. com., art. R721-6; COJ, art. R211-3-24.
    """
    return claim_cents > law.on("appeal_threshold", on).whole
