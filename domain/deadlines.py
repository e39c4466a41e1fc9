"""The deadlines of one invoice on a day: each last day to act, or first day allowed, with its text and what it leaves open.

Every date is computed where its law is: limitation, the order, the opposition. What the creditor must do in time is never put off
to a working day. Where the day that starts a time is not on record, the earliest it can be is taken, and a remark says so.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from domain.calendar import add_months, deadline
from domain.deadline import Deadline, Kind, Remark, View
from domain.deadlines_in_court import opposed, ordered, petition, seized
from domain.errors import LawMissing
from domain.facts.insolvency import ClaimContested, ClaimDeclared, StayedByInsolvency
from domain.facts.procedure import EscalatedToInjonction
from domain.facts.recovery import DebtorFormallyNotified
from domain.history import Entry, known, replayed
from domain.law.readings import DEFAULTS, Readings
from domain.law.tables import Law
from domain.limitation import Event, Limitation, limitation
from domain.ordonnance import Limit, in_days
from domain.timebar import kind_of, limitation_of
from domain.title import enforceable

_IN_COURT: Final = frozenset({"order_served", "sued", "claim_declared"})
_OF_A_TITLE: Final = frozenset({"order_served", "title_enforceable"})
_TERM: Final = "C. civ., art. 2233"
_NOTICE: Final = "C. civ., art. 1344"
_PROMISE: Final = "the record"


def deadlines_of(
    law: Law,
    history: Sequence[Entry],
    on: dt.date,
    *,
    known_at: int | None = None,
    readings: Readings = DEFAULTS,
    claimed_cents: int | None = None,
) -> list[Deadline]:
    """Every deadline that stands on a day, those that passed included, as known at a position.

    Nothing of an invoice whose price is paid, or that was cancelled: of accessories alone no time is kept.

    Args:
        law: the parameters.
        history: the entries of the invoice.
        on: the day.
        known_at: a position of the log.
        readings: the contested points.
        claimed_cents: what the whole petition claims, where this invoice is a share of it.
    """
    entries = known(history, known_at)
    found = replayed(entries, as_of=on)
    if found is None or found[0].regions.settlement != "owed" or found[0].unsettled_cents <= 0:
        return []
    view = View(law, readings, on, entries, *found, claimed_cents)
    common = tuple(_of_the_state(view))
    parts = _STAYED if view.is_stayed else _FREE
    return [row._replace(remarks=(*row.remarks, *common)) for part in parts for row in part(view)]


def _of_the_state(view: View) -> Iterator[Remark]:
    """What is true of the invoice whatever the deadline."""
    if view.invoice.written_off_cents:
        yield Remark("written_off")
    if view.invoice.regions.dispute != "undisputed":
        yield Remark("disputed", cents=view.invoice.disputed_cents)


# Limitation


def _time_bar(view: View) -> Iterator[Deadline]:
    """The time-bar of each due day that is unpaid, each with a clock of its own; under a title, its ten years.

    Law: C. com., art. L110-4, L133-6; C. conso., art. L218-2; loi n° 68-1250 du 31 décembre 1968; CPCE, art. L111-4.
    """
    try:
        found = limitation_of(view.law, view.entries, view.on, readings=view.readings)
    except LawMissing as missing:
        remark = Remark("unknown", text=str(missing))
        yield Deadline("limitation", None, _TERM, None, view.cents, remarks=(remark,))
        return
    events = [(effect.code, effect.on) for effect in found.effects] if found else []
    filed = view.last(EscalatedToInjonction)
    title = enforceable(view.folded) if view.invoice.regions.procedure == "enforceable" else None
    for due, cents in view.invoice.unpaid():
        if due is None:
            yield Deadline("limitation", None, _TERM, None, cents, remarks=(Remark("no_due_day"),))
        elif title is None or filed is None:
            yield from _clock(view, due, cents, events)
        elif due > filed.on:  # what fell due since is in no petition, and in no title
            yield from _clock(view, due, cents, [event for event in events if event[0] not in _OF_A_TITLE])
        else:
            outside = title.outside_cents(view.invoice.total_cents)
            remarks = [Remark("outside_title", cents=outside)] if outside > 0 else []
            yield from _clock(view, due, cents, events, *remarks)


def _clock(view: View, due: dt.date, cents: int, events: Sequence[Event], *remarks: Remark) -> list[Deadline]:
    """Both dates of the time-bar of one due day, or one where they are the same."""
    issued = view.invoice.issued

    def made() -> Iterator[Deadline]:
        found = limitation(view.law, view.readings, kind_of(issued), due, issued.performed_on, events)
        title = next(
            (each for each in found.effects if each.code == "title_enforceable" and each.moves != "none"), None
        )
        kind: Kind = "title" if title and issued.debtor_kind != "public" else "limitation"
        reference = title.reference if title and kind == "title" else found.reference
        said = list(remarks)
        said += [] if issued.performed_on or kind == "title" else [Remark("no_performance")]
        said += [Remark("pending")] if _is_pending(found) else []
        prudent, arguable = _started(found)
        row = Deadline(kind, found.prudent_on, reference, prudent, cents, "prudent", remarks=tuple(said), due=due)
        if found.prudent_on == found.arguable_on:
            yield row._replace(reading="both")
        else:
            yield row
            yield row._replace(on=found.arguable_on, since=arguable, reading="arguable")

    return view.unless_missing("limitation", _TERM, made)


def _started(found: Limitation) -> tuple[dt.date, dt.date]:
    """The day from which each of the two times runs, after what restarted it."""
    prudent, arguable = found.prudent_from_on, found.arguable_from_on
    for effect in found.effects:
        if effect.moves != "none" and effect.code != "proceeding_extinct":
            prudent = effect.on if effect.moves == "both" else prudent
            arguable = effect.on
    return prudent, arguable


def _is_pending(found: Limitation) -> bool:
    """Whether a step in court interrupts and no title has ended it.

    Law: C. civ., art. 2242.
    """
    pending = False
    for effect in found.effects:
        if effect.moves != "none":
            pending = effect.code != "title_enforceable" and (pending or effect.code in _IN_COURT)
    return pending


# The debtor's failure


def _insolvency(view: View) -> list[Deadline]:
    """The declaration of the claim, the relief where it is missed, the goods sold under retention of title.

    Law: C. com., art. L622-24, L622-26, L622-27, L624-9, R622-24.
    """
    stay = view.last(StayedByInsolvency)
    assert stay is not None, "who is stayed was stayed by a judgment"
    start = stay.published_on or stay.on
    unsure = () if stay.published_on else (Remark("publication_unknown"),)

    def months(name: str) -> Limit:
        value = view.law.on(name, start)
        return Limit(deadline(start, months=value.whole, extended=False).expires_on, value.citation)

    def declaration() -> Iterator[Deadline]:
        far = Remark("far_creditor", months("claim_declaration_far_months").on)
        yield view.row("claim_declaration", months("claim_declaration_months"), start, *unsure, far)
        yield view.row("forclusion_relief", months("forclusion_relief_months"), start, *unsure)

    def retention() -> Iterator[Deadline]:
        yield view.row("retention_of_title", months("retention_of_title_months"), start, *unsure)

    def discussion() -> Iterator[Deadline]:
        if contested:
            limit = in_days(view.law.on("discussion_reply_days", contested.on), contested.on)
            yield view.row("claim_discussion", limit, contested.on)

    rows: list[Deadline] = []
    if view.after(ClaimDeclared, StayedByInsolvency) is None:
        rows += view.unless_missing("claim_declaration", "C. com., art. L622-24", declaration)
    contested = view.after(ClaimContested, ClaimDeclared)
    rows += view.unless_missing("claim_discussion", "C. com., art. L622-27", discussion)
    if "retention_of_title" in (view.invoice.issued.clauses or ()):
        rows += view.unless_missing("retention_of_title", "C. com., art. L624-9", retention)
    return rows


# The formal notice, the promise


def _notice(view: View) -> list[Deadline]:
    """The last day that a formal notice gave to pay; and until when the proofs of electronic ones are kept for sure.

    Law: C. civ., art. 1344; C. postes et comm. élec., art. R53-4.
    """
    notices, rows = view.all(DebtorFormallyNotified), list[Deadline]()
    if notices and view.invoice.regions.procedure in {"no_procedure", "ended"}:
        rows.append(view.row("notice", Limit(notices[-1].deadline_on, _NOTICE), notices[-1].on))

    def proofs() -> Iterator[Deadline]:
        for sent in (each.on for each in notices if each.form == "lre"):
            years = view.law.on("lre_proof_retention_years", sent)
            yield view.row("lre_proof", Limit(add_months(sent, 12 * years.whole), years.citation), sent)

    return rows + view.unless_missing("lre_proof", "C. postes et comm. élec., art. R53-4", proofs)


def _promise(view: View) -> list[Deadline]:
    """The day of a promise that is running."""
    invoice = view.invoice
    if invoice.regions.arrangement != "promised" or invoice.promise_due_on is None:
        return []
    cents = min(invoice.promise_cents or view.cents, view.cents)
    return [Deadline("promise", invoice.promise_due_on, _PROMISE, None, cents)]


_Part = Callable[[View], Iterable[Deadline]]
_FREE: Final[tuple[_Part, ...]] = (_time_bar, petition, ordered, opposed, seized, _notice, _promise)
#: Under a stay individual action is stopped: what is left is to declare, to claim back, and the time-bar.
_STAYED: Final[tuple[_Part, ...]] = (_insolvency, _time_bar)
