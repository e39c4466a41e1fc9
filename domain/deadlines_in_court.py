"""The deadlines of an order for payment, from the petition to what an opposition starts; and of a seizure before title."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from domain.calendar import add_months
from domain.deadline import Deadline, ReadingName, Remark, View
from domain.facts.procedure import (
    ConservatoryMeasureConverted,
    ConservatoryMeasureLifted,
    ConservatoryMeasureTaken,
    EscalatedToInjonction,
    FeesConsigned,
    LawyerAppointed,
    OppositionLodged,
    OrdonnanceGranted,
    OrdonnanceRefused,
    OrdonnanceServed,
)
from domain.opposition import lawyer_by, opposition_fees_by
from domain.ordonnance import Limit, fees_by, in_days, order

_IN_PERSON: Final = ("person", "authorised_person")


def petition(view: View) -> list[Deadline]:
    """The fees of a petition before a commercial court.

    Law: CPC, art. 1425.
    """
    filed = view.last(EscalatedToInjonction)
    if filed is None or view.invoice.regions.procedure != "petitioned" or not _is_commercial(view, filed):
        return []
    if view.after(FeesConsigned, EscalatedToInjonction):
        return []

    def made() -> list[Deadline]:
        return [view.row("petition_fees", fees_by(view.law, filed.on), filed.on, Remark("fees_not_on_record"))]

    return view.unless_missing("petition_fees", "CPC, art. 1425", made)


def ordered(view: View) -> list[Deadline]:
    """Service of the order; then the time to oppose it, and the first day it may be enforced, or its formula asked for.

    Law: CPC, art. 1411, 1416, 1422, 1423.
    """
    granted, state = view.last(OrdonnanceGranted), view.invoice.regions.procedure
    if granted is None or state not in {"ordered", "served"}:
        return []

    def made() -> Iterator[Deadline]:
        unserved = order(view.law, view.readings, granted.on)
        serve_by = Limit(unserved.serve_by_on, unserved.references[0])
        services = view.all(OrdonnanceServed)
        if state == "ordered" or services[0].on > serve_by.on:
            late = [Remark("served_late", service.on) for service in services[:1]]
            yield view.row("order_service", serve_by, granted.on, *late)
        else:
            yield from _served(view, granted.on, services[0])

    return view.unless_missing("order_service" if state == "ordered" else "enforcement", "CPC, art. 1411, 1422", made)


def _served(view: View, rendered: dt.date, service: OrdonnanceServed) -> Iterator[Deadline]:
    in_person = service.mode in _IN_PERSON
    dates = order(view.law, view.readings, rendered, service.on, in_person=in_person)
    assert dates.suspended_until_on is not None, "an order that was served suspends"
    until = Limit(dates.suspended_until_on, dates.references[1])
    yield view.row("opposition", until, service.on, *([] if in_person else [Remark("reopens")]))
    if dates.earliest_enforceable_on:
        first = Limit(dates.earliest_enforceable_on, dates.references[-1])
        yield view.row("enforcement", first, service.on, Remark("unless_opposed"))._replace(is_first=True)
    elif dates.formula_request_by_on:
        yield view.row("formula_request", Limit(dates.formula_request_by_on, dates.references[-1]), until.on)


def opposed(view: View) -> list[Deadline]:
    """What an opposition starts: its fees before a commercial court, a lawyer before the tribunal judiciaire.

    Law: CPC, art. 1418, 1419, 1425.
    """
    filed, opposition = view.last(EscalatedToInjonction), view.last(OppositionLodged)
    if filed is None or opposition is None or view.invoice.regions.procedure != "opposed":
        return []
    if _is_commercial(view, filed):
        if view.after(FeesConsigned, OppositionLodged):
            return []
        return view.unless_missing("opposition_fees", "CPC, art. 1425", lambda: _opposition_fees(view, opposition))
    if filed.court.partition("-")[0] != "tj" or view.after(LawyerAppointed, OppositionLodged):
        return []
    claimed = view.claimed_cents or sum(head.cents for head in filed.heads)
    told = opposition.notice_received_on

    def made() -> Iterator[Deadline]:
        start = told or opposition.on
        limit = lawyer_by(view.law, start, claimed)
        if limit:
            yield view.row("lawyer", limit, start, *([] if told else [Remark("no_notice_received")]))

    return view.unless_missing("lawyer", "CPC, art. 1418", made)


def _opposition_fees(view: View, opposition: OppositionLodged) -> Iterator[Deadline]:
    """Counted from the invitation to pay: its postmark, not on record, lies between the opposition and the receipt."""
    told = opposition.notice_received_on
    start = told or opposition.on
    if told is None or view.readings["opposition_fee_start"] == "receipt":
        limit = opposition_fees_by(view.law, view.readings, start, start)
        yield view.row("opposition_fees", limit, start, *([] if told else [Remark("no_notice_received")]))
        return
    starts: dict[ReadingName, dt.date] = {"prudent": opposition.on, "arguable": told}
    if told == opposition.on:
        starts = {"both": told}
    for reading, day in starts.items():
        limit = opposition_fees_by(view.law, view.readings, day)
        yield view.row("opposition_fees", limit, day, Remark("postmark_unknown"), reading=reading)


def _is_commercial(view: View, filed: EscalatedToInjonction) -> bool:
    court = filed.court.partition("-")[0]
    return court == "tc" or (court == "tae" and view.readings["tae"] == "as_commercial_court")


def seized(view: View) -> list[Deadline]:
    """After a seizure before title: the notice to those concerned, and the suit or the petition.

    Law: CPCE, art. R511-7, R511-8, R523-3.
    """
    taken = view.after(ConservatoryMeasureTaken, ConservatoryMeasureLifted)
    if taken is None or view.after(ConservatoryMeasureConverted, ConservatoryMeasureTaken):
        return []

    def made() -> Iterator[Deadline]:
        notice = in_days(view.law.on("conservatory_notice_days", taken.on), taken.on)
        yield view.row("conservatory_notice", notice, taken.on)
        if view.invoice.regions.procedure not in {"no_procedure", "ended"}:
            return
        value = view.law.on("conservatory_title_months", taken.on)
        until = add_months(taken.on, value.whole)
        refused = next((each.on for each in view.all(OrdonnanceRefused) if taken.on <= each.on <= until), None)
        if refused is None:
            yield view.row("conservatory_title", Limit(until, value.citation), taken.on)
            return
        again = view.law.on("conservatory_renewed_months", refused)
        limit = Limit(add_months(refused, again.whole), again.citation)
        yield view.row("conservatory_title", limit, refused, Remark("refused_meanwhile", refused))

    return view.unless_missing("conservatory_title", "CPCE, art. R511-7", made)
