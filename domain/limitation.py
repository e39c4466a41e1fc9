"""Limitation of one claim: the last day to act, as the prudent count it and as the creditor may argue it.

Two times run side by side. The prudent one starts on the earlier of performance and due day, and only what interrupts beyond doubt
moves it; the arguable one starts on the due day, and what may interrupt moves it too. Limitation is a defence of the debtor: it
voids no act, and a payment made after it stands. Neither date is ever put off to a working day.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from domain.calendar import add_months
from domain.errors import Misuse, in_words
from domain.law.readings import Reading, Readings
from domain.law.tables import Law

Kind = Literal["trader", "consumer", "public", "transport"]
Moves = Literal["none", "arguable", "both"]
Event = tuple[str, dt.date]

_STARTS: Final[dict[str, str]] = {
    "trader": "Cass. com., 26 févr. 2020, n° 18-25.036",
    "consumer": "Cass. 1re civ., 19 mai 2021, n° 20-12.520",
    "transport": "C. com., art. L133-6",
}
_LIMITED_LIST: Final = "Cass. com., 18 mai 2022, n° 20-23.204"
_ACKNOWLEDGED: Final = "C. civ., art. 2240, 2231"
_MEASURES: Final = "C. civ., art. 2244"
_SUSPENDED: Final = "C. civ., art. 2238"
_PUBLIC_PERIOD: Final = "loi n° 68-1250 du 31 décembre 1968, art. 1"
_PUBLIC_CLAIM: Final = "loi n° 68-1250 du 31 décembre 1968, art. 2"
_EXTINCT: Final = "C. civ., art. 2243 ; Cass. 2e civ., 19 nov. 2020, n° 19-20.238"


@dataclass(frozen=True, slots=True)
class _Rule:
    """What an event does to limitation: to which of the two dates, by which text."""

    moves: Moves
    reference: str
    text: str


#: What each event does; events of one day are taken in this order.
_RULES: Final = {
    "reminder": _Rule("none", _LIMITED_LIST, "a reminder does not interrupt"),
    "formal_notice": _Rule("none", _LIMITED_LIST, "a formal notice does not interrupt"),
    "written_claim": _Rule("none", _LIMITED_LIST, "a written claim interrupts against a public debtor only"),
    "acknowledged": _Rule("arguable", _ACKNOWLEDGED, "an unequivocal acknowledgement restarts the period"),
    "part_payment": _Rule("arguable", _ACKNOWLEDGED, "a part payment may acknowledge the whole debt"),
    "plan": _Rule("arguable", _ACKNOWLEDGED, "a plan may acknowledge the whole debt"),
    "mediation_started": _Rule("both", _SUSPENDED, "stops the time; the dates move when the mediation ends"),
    "mediation_ended": _Rule("both", _SUSPENDED, "the time resumes, with a least that is left to run"),
    "petition_filed": _Rule("none", "Cass. 1re civ., 9 sept. 2020, n° 19-12.006", "the petition does not interrupt"),
    "commandment": _Rule("none", "CPCE, art. L126-2 ; C. civ., art. 2244", "no text says that it interrupts"),
    "conservatory_measure": _Rule("both", _MEASURES, "restarts the period, unless the measure lapses"),
    "order_served": _Rule("both", "Cass. 1re civ., 10 juill. 1990, n° 89-13.345", "service of the order interrupts"),
    "sued": _Rule("both", "C. civ., art. 2241, 2242", "a claim in court interrupts, even in the wrong court"),
    "claim_declared": _Rule("both", "C. com., art. L622-25-1", "a claim declared in insolvency interrupts"),
    "title_enforceable": _Rule(
        "both", "CPCE, art. L111-4 ; Cass. 2e civ., 8 juin 2023, n° 21-18.615", "the period of a title begins"
    ),
    "enforcement_act": _Rule("both", _MEASURES, "an act of enforcement restarts the period"),
    "proceeding_extinct": _Rule("none", _EXTINCT, "no interruption of a proceeding stood before it"),
}
#: What is otherwise against the State, local authorities and their public bodies.
_AGAINST_PUBLIC: Final = {
    "reminder": _Rule("none", _PUBLIC_CLAIM, "moves nothing as such; a payment claimed in writing is written_claim"),
    "formal_notice": _Rule("both", _PUBLIC_CLAIM, "a payment claimed in writing restarts the period"),
    "written_claim": _Rule("both", _PUBLIC_CLAIM, "a payment claimed in writing restarts the period"),
    "mediation_started": _Rule(
        "arguable", _SUSPENDED, "stops the time; the arguable date moves when the mediation ends"
    ),
    "mediation_ended": _Rule(
        "arguable", _SUSPENDED, "whether mediation suspends the special period is not established"
    ),
    "title_enforceable": _Rule("both", _PUBLIC_CLAIM, "restarts the special period; that of a title is not counted on"),
}
CODES: Final = tuple(_RULES)
_ACKNOWLEDGEMENTS: Final = ("acknowledged", "part_payment", "plan")
_IN_COURT: Final = ("order_served", "sued", "claim_declared")
_OF_A_PROCEEDING: Final = ("order_served", "sued", "title_enforceable")
_NEVER_AGAINST_PUBLIC: Final = ("order_served", "conservatory_measure", "enforcement_act")


@dataclass(frozen=True, slots=True)
class Effect:
    """What one event did, and both dates as they stand after it."""

    code: str
    on: dt.date
    moves: Moves
    reference: str
    text: str
    prudent_on: dt.date
    arguable_on: dt.date


@dataclass(frozen=True, slots=True)
class Limitation:
    """The last day to act, up to 24:00, twice; and how each came to be."""

    reference: str
    prudent_from_on: dt.date
    arguable_from_on: dt.date
    prudent_on: dt.date
    arguable_on: dt.date
    effects: tuple[Effect, ...]
    warnings: tuple[str, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """One of the two times: until when it runs, and whether something holds it."""

    starts_on: dt.date
    ends_on: dt.date
    years: int
    is_public: bool
    long_stop_on: dt.date
    pending: bool = False
    stopped_on: dt.date | None = None

    def is_open(self, on: dt.date) -> bool:
        """Whether the time had not run out; nor does it while a proceeding or a mediation is pending."""
        return on <= self.ends_on or self.pending or self.stopped_on is not None

    def takes(self, code: str, on: dt.date) -> bool:
        """Whether an event finds the time running: begun, and not run out."""
        if code == "mediation_started":
            return self.is_open(on)
        if code == "mediation_ended":
            return self.stopped_on is not None and self.stopped_on <= on
        return self.starts_on <= on and self.is_open(on)

    def until(self, end: dt.date, *, capped: bool) -> "_Run":
        """Never brought forward; past the long-stop only by what is excepted from it."""
        return replace(self, ends_on=max(self.ends_on, min(end, self.long_stop_on) if capped else end))

    def restarted(self, on: dt.date, *, capped: bool) -> "_Run":
        """The whole period once more, from the day of the event."""
        return self.caught_up(on).until(_end(on, self.years, public=self.is_public), capped=capped)

    def caught_up(self, on: dt.date) -> "_Run":
        """As many days later as the time stood still so far."""
        if self.stopped_on is None or on <= self.stopped_on:
            return self
        return replace(self.until(self.ends_on + (on - self.stopped_on), capped=True), stopped_on=on)

    def after(self, law: Law, code: str, on: dt.date) -> "_Run":
        """What an event that is able to move this time makes of it."""
        if not self.is_open(on):
            return self
        if code == "mediation_started":
            return replace(self, stopped_on=self.stopped_on or max(on, self.starts_on))
        if code == "mediation_ended":
            if self.stopped_on is None:
                return self
            least = add_months(on, law.on("limitation_left_after_suspension_months", on).whole)
            return replace(self.caught_up(on).until(least, capped=True), stopped_on=None)
        run = replace(self, pending=(self.pending or code in _IN_COURT) and code != "title_enforceable")
        if on < self.starts_on:
            return run
        if code == "title_enforceable" and not self.is_public:
            run = replace(run, years=law.on("limitation_title_years", on).whole, long_stop_on=dt.date.max)
        return run.restarted(on, capped=code in _ACKNOWLEDGEMENTS)


def limitation(
    law: Law,
    readings: Readings,
    kind: Kind,
    due: dt.date,
    performed: dt.date | None = None,
    events: Sequence[Event] = (),
) -> Limitation:
    """When a claim is time-barred, from its start and what happened to it.

    A proceeding that is extinct undoes what that proceeding did: the claim in court, the service of the order, and the title, since an
    order opposed falls with the instance. It leaves an acknowledgement, which is the debtor's own; measures and enforcement acts, each
    of which interrupts by itself; and a claim declared, which hangs on the insolvency.

    Args:
        law: the parameters.
        readings: the contested points; `part_payment` and `commandment` change the dates.
        kind: `trader`, against a trader or by one against a non-trader; `consumer`; `public`; `transport` of goods.
        due: the due day.
        performed: the day of delivery or completion, where it is known.
        events: codes of `CODES` with their days, in any order.

    Raises:
        Misuse: an unknown code; a mediation that ends without having started.
        LawMissing: the period is not known on the day the time started.

    Law: C. com., art. L110-4, L133-6; C. conso., art. L218-2; loi n° 68-1250 du 31 décembre 1968; C. civ., art. 2228 to 2244.
    """
    ordered = _in_order(events)
    undone = _undone(ordered)
    prudent = _started(law, kind, min(performed or due, due))
    arguable = _started(law, kind, due)
    effects = []
    for code, on in ordered:
        if (code, on) in undone:
            rule = _Rule("none", _EXTINCT, f"undone: the proceeding was extinct on {in_words(undone[code, on])}")
        elif code == "proceeding_extinct":
            rule = _extinct(on, undone)
        else:
            rule = _rule(code, kind, readings)
            before = prudent, arguable
            if rule.moves == "both":
                prudent = prudent.after(law, code, on)
            if rule.moves != "none":
                arguable = arguable.after(law, code, on)
            # Years of 365 and of 366 days may set the two one day apart, the wrong way round.
            arguable = arguable.until(prudent.ends_on, capped=False)
            rule = _outcome(rule, code, on, *before)
        effects.append(Effect(code, on, rule.moves, rule.reference, rule.text, prudent.ends_on, arguable.ends_on))
    return Limitation(
        law.on(f"limitation_{kind}_years", prudent.starts_on).citation,
        prudent.starts_on,
        arguable.starts_on,
        prudent.ends_on,
        arguable.ends_on,
        tuple(effects),
        tuple(_warnings(kind, performed, effects, undone, prudent, arguable)),
        readings.of(_read(code for code, _ in ordered)),
    )


def _end(start: dt.date, years: int, *, public: bool) -> dt.date:
    """The last day of a period: the same day of the month, or the end of the year for a public debtor.

    Law: C. civ., art. 2228, 2229; loi n° 68-1250 du 31 décembre 1968, art. 1.
    """
    return dt.date(start.year + years, 12, 31) if public else add_months(start, 12 * years)


def _started(law: Law, kind: Kind, on: dt.date) -> _Run:
    """The time as it starts.

    Law: C. civ., art. 2224, 2232, 2233.
    """
    public = kind == "public"
    years = law.on(f"limitation_{kind}_years", on).whole
    long_stop = dt.date.max if public else add_months(on, 12 * law.on("limitation_long_stop_years", on).whole)
    return _Run(on, _end(on, years, public=public), years, public, long_stop)


def _in_order(events: Sequence[Event]) -> list[Event]:
    """The events by day; those of one day in the order of `CODES`."""
    for code, _ in events:
        if code not in _RULES:
            raise Misuse(f"no event {code!r}; there are {', '.join(CODES)}")
    ordered = sorted(events, key=lambda event: (event[1], CODES.index(event[0])))
    mediating = False
    for code, on in ordered:
        if code == "mediation_ended" and not mediating:
            raise Misuse(f"mediation_ended on {in_words(on)}: no mediation_started stands before it")
        mediating = code == "mediation_started" or (mediating and code != "mediation_ended")
    return ordered


def _undone(ordered: Sequence[Event]) -> dict[Event, dt.date]:
    """The events of each proceeding that was extinct, with the day it was.

    Law: C. civ., art. 2243; CPC, art. 1419.
    """
    undone: dict[Event, dt.date] = {}
    standing: list[Event] = []
    for code, on in ordered:
        if code in _OF_A_PROCEEDING:
            standing.append((code, on))
        elif code == "proceeding_extinct":
            undone |= dict.fromkeys(standing, on)
            standing = []
    return undone


def _extinct(on: dt.date, undone: dict[Event, dt.date]) -> _Rule:
    """What an extinct proceeding takes back."""
    taken = [f"{code} of {in_words(day)}" for (code, day), extinct_on in undone.items() if extinct_on == on]
    if not taken:
        return _RULES["proceeding_extinct"]
    return _Rule("both", _EXTINCT, f"undoes {', '.join(taken)}: as if it had not been")


def _rule(code: str, kind: Kind, readings: Readings) -> _Rule:
    """What an event is able to move, as the contested points are read.

    Law: C. civ., art. 2240, 2244; loi n° 68-1250 du 31 décembre 1968, art. 2.
    """
    rule = _AGAINST_PUBLIC.get(code, _RULES[code]) if kind == "public" else _RULES[code]
    if code in _ACKNOWLEDGEMENTS and readings["part_payment"] == "both":
        return replace(rule, moves="both")
    if code == "commandment" and readings["commandment"] == "interrupts":
        return replace(rule, moves="both", text="read as an act that interrupts")
    return rule


def _outcome(rule: _Rule, code: str, on: dt.date, prudent: _Run, arguable: _Run) -> _Rule:
    """What an event did move, given the two times as they stood before it.

    Law: C. civ., art. 2231, 2240, 2250, 2251.
    """
    if rule.moves == "none":
        return rule
    by_prudent = rule.moves == "both" and prudent.takes(code, on)
    by_arguable = arguable.takes(code, on)
    if code == "mediation_started":
        moves: Moves = "none"
    else:
        moves = "both" if by_prudent else "arguable" if by_arguable else "none"
    if not by_prudent and not by_arguable:
        early = on < arguable.starts_on and on <= arguable.ends_on
        rest = "the time was not running yet: nothing moves" if early else "the period had expired: nothing moves"
    elif rule.moves == "both" and not by_prudent:
        rest = "the prudent date had passed: the arguable one alone is concerned"
    elif rule.moves == "both" and not by_arguable:
        rest = "the time had not begun from the due day: the prudent date alone is concerned"
    else:
        return replace(rule, moves=moves)
    return replace(rule, moves=moves, text=f"{rule.text}; {rest}")


def _warnings(
    kind: Kind,
    performed: dt.date | None,
    effects: Sequence[Effect],
    undone: dict[Event, dt.date],
    prudent: _Run,
    arguable: _Run,
) -> Iterator[str]:
    """What the two dates do not say by themselves."""
    if performed is None:
        article = _PUBLIC_PERIOD if kind == "public" else _STARTS[kind]
        yield f"no day of performance: both dates count from the due day, while time may run from performance ({article})"
    for each in _pending(effects):
        end, article = (
            ("the insolvency proceeding closes", "C. com., art. L622-25-1")
            if each.code == "claim_declared"
            else ("the proceeding ends", "C. civ., art. 2242")
        )
        yield (
            f"{each.code} on {in_words(each.on)}: the interruption lasts until {end} ({article}); "
            "the dates count from the event itself, the earliest they can be"
        )
    if arguable.stopped_on is not None:
        yield f"a mediation has not ended: the time stands still meanwhile, and the dates leave that out ({_SUSPENDED})"
    for name, run in (("prudent", prudent), ("arguable", arguable)):
        if run.ends_on == run.long_stop_on:
            yield f"the {name} date is held at the long-stop ({in_words(run.ends_on)}; C. civ., art. 2232)"
    if any(code == "title_enforceable" for code, _ in undone):
        yield (
            "the title is undone with its proceeding (CPC, art. 1419), and acts of enforcement done on it may fall too; "
            "a title that stands is not of a proceeding that was extinct"
        )
    if kind == "public":
        for code in dict.fromkeys(each.code for each in effects if each.code in _NEVER_AGAINST_PUBLIC):
            yield f"{code}: neither injonction de payer nor seizure lies against a public debtor; its effect is not established"


def _pending(effects: Sequence[Effect]) -> list[Effect]:
    """The interruptions in court that no title has ended."""
    pending: list[Effect] = []
    for each in effects:
        if each.moves != "none" and each.code in _IN_COURT:
            pending.append(each)
        elif each.moves != "none" and each.code == "title_enforceable":
            pending = []
    return pending


def _read(codes: Iterable[str]) -> tuple[str, ...]:
    """The contested points on which the dates hang."""
    found = set(codes)
    by_event = {"part_payment": set(_ACKNOWLEDGEMENTS), "commandment": {"commandment"}}
    return ("limitation_alarm", *(switch for switch, concerned in by_event.items() if found & concerned))
