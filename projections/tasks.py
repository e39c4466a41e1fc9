"""What is to be done on a day, most urgent first, and why: the policy's calls, the deadlines near, what is open, what waits.

The order is stated, never guessed: a right that ends on a day comes first, by that day; then what just passed, promises, acts, what is
open, what waits; within each, the larger amount first.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from domain.calendar import ONE_DAY
from domain.deadline import HARMLESS, TIME_BARS, Deadline, Kind
from domain.errors import in_words
from domain.law.readings import DEFAULTS
from domain.policy import Policy
from projections.worklist import DECLARATION, Open, Outlook, calls, has_spoken

Urgency = Literal["right", "passed", "promise", "act", "open", "waits"]
#: Every urgency, the most urgent first, and what it means.
URGENCIES: Final[dict[Urgency, str]] = {
    "right": "a right ends on a day to come: by that day, then by amount",
    "passed": "such a day has just passed, by what is recorded: the newest first",
    "promise": "a promise: by its day, then by amount",
    "act": "the policy, or a step under way, calls for an act: by amount",
    "open": "something is open on the record: by amount",
    "waits": "held by a rule, or until the bank has spoken: by amount",
}
#: Its place among them, and whether days count up, down, or not at all.
_ORDER: Final = {"right": (0, 1), "passed": (1, -1), "promise": (2, 1), "act": (3, 0), "open": (4, 0), "waits": (5, 0)}
RECORD: Final = "the record"
POLICY: Final = "the creditor's policy"
#: What is done by each kind, or lost after it.
LABELS: Final[dict[Kind, str]] = {
    "limitation": "the claim is time-barred after this day",
    "title": "the ten years of the title end",
    "petition_fees": "the fees of the petition are paid by this day, or it lapses",
    "order_service": "the order is served by this day, or it is void",
    "opposition": "the debtor may oppose the order until this day",
    "enforcement": "the order may be enforced from this day",
    "formula_request": "the executory formula is asked for by this day, or the order is void",
    "opposition_fees": "the fees of the opposition are paid by this day, or the claim lapses",
    "lawyer": "a lawyer is appointed by this day, or the proceeding is extinct and the order void",
    "claim_declaration": "the claim is declared by this day",
    "forclusion_relief": "relief from a missed declaration is asked for by this day",
    "claim_discussion": "the letter of the mandataire is answered by this day",
    "retention_of_title": "goods sold under retention of title are claimed back by this day",
    "conservatory_title": "a title is sought by this day, or the seizure lapses",
    "conservatory_notice": "the seizure is notified by this day",
    "notice": "the formal notice gave until this day",
    "promise": "the debtor promised to pay by this day",
    "lre_proof": "the provider keeps the proofs of the electronic letter until this day at least",
}
_OPEN: Final = {
    "dispute": "disputed since {since}",
    "title": "enforceable since {since}; no act of enforcement is on record",
    "promise_broken": "the promise for {since} was broken, and nothing is on record since",
}


class Task(NamedTuple):
    """One thing to do, or to look at.

    Attributes:
        urgency: how it is ranked.
        what: the act, or the kind of deadline.
        why: in a sentence.
        by: the last day, where there is one.
        since: from when.
        cents: what is at stake.
        reference: the article, the policy, or the record.
    """

    urgency: Urgency
    what: str
    why: str
    by: dt.date | None
    since: dt.date | None
    cents: int
    reference: str

    @property
    def rank(self) -> tuple[int, int, int, str]:
        """Where it stands among the others."""
        number, sign = _ORDER[self.urgency]
        day = (self.by or self.since or dt.date.max).toordinal() if sign else 0
        return number, sign * day, -self.cents, self.what


def tasks(seen: Outlook, policy: Policy, on: dt.date, cash: dt.date | None, within: int) -> list[Task]:
    """What one invoice has to be done on a day, deadlines within so many days of it; in no order."""
    near = on + within * ONE_DAY
    due = [each for each in seen.deadlines if not (each.kind in TIME_BARS and each.on and each.on > near)]
    found = list(_deadlines(due, policy, on, within)) if due else []
    if not (seen.stayed_on and any(each.what == "claim_declaration" for each in found)):
        found += _calls(seen, policy, on, cash)
    if seen.promise_due_on:
        found += _promise(seen, seen.promise_due_on, on, cash, within)
    for each in seen.opened:
        found.append(Task("open", each.code, _told(each), None, each.since, each.cents, RECORD))
    return found


def _calls(seen: Outlook, policy: Policy, on: dt.date, cash: dt.date | None) -> Iterator[Task]:
    """What a daily pass of the day would record, say or hold back."""
    for call in calls(seen, policy, on, cash):
        level = f" {call.step.level}" if call.step and call.step.act == "remind" else ""
        why, reference = call.why, POLICY
        if why == DECLARATION:
            last = [each.on for each in seen.deadlines if each.kind == "claim_declaration" and each.on and each.on < on]
            why += f"; the last day was {in_words(last[0])}" if last else ""
            reference = "C. com., art. L622-24"
        urgency: Urgency = "waits" if call.waits else "act"
        yield Task(urgency, f"{call.what}{level}", why, None, call.since, seen.residual_cents, reference)


def _deadlines(due: Sequence[Deadline], policy: Policy, on: dt.date, within: int) -> Iterator[Task]:
    """Rights that end, or just ended; steps under way whatever their day."""
    alarm = policy.readings.get("limitation_alarm", DEFAULTS["limitation_alarm"])
    near, passed = on + within * ONE_DAY, on - within * ONE_DAY
    for each in due:
        if each.on is None:
            yield Task("open", each.kind, _why(each), None, each.since, each.cents, each.reference)
        elif each.kind == "enforcement" and each.on <= on:
            why = f"the order may be enforced from {in_words(each.on)}, if no opposition was lodged; no title is on record"
            yield Task("act", each.kind, why, None, each.on, each.cents, each.reference)
        elif each.kind in HARMLESS or not _is_told(each, due, alarm, on):
            continue
        elif on <= each.on <= near:
            yield Task("right", each.kind, _why(each), each.on, each.since, each.cents, each.reference)
        elif passed <= each.on < on:
            why = f"{_why(each)}; it passed on {in_words(each.on)}"
            yield Task("passed", each.kind, why, each.on, each.since, each.cents, each.reference)
        elif each.on > on and each.kind != "lre_proof":
            yield Task("act", each.kind, _why(each), each.on, each.since, each.cents, each.reference)


def _is_told(each: Deadline, all_of_it: Iterable[Deadline], alarm: str, on: dt.date) -> bool:
    """Of two readings, the one that the alarms follow, or what is left of the other once it passed; relief once it is needed."""
    if each.kind == "forclusion_relief":
        declared = [other.on for other in all_of_it if other.kind == "claim_declaration" and other.on]
        return bool(declared) and max(declared) < on
    if each.reading in {None, "both", alarm}:
        return True
    twins = [other for other in all_of_it if other.kind == each.kind and other.reading == alarm]
    return bool(twins) and all(twin.on is not None and twin.on < on for twin in twins) and (each.on or on) >= on


def _why(each: Deadline) -> str:
    reading = f" ({each.reading} date)" if each.reading in {"prudent", "arguable"} else ""
    remarks = "".join(f"; {remark}" for remark in each.remarks)
    return f"{LABELS[each.kind]}{reading}{remarks}"


def _promise(seen: Outlook, due: dt.date, on: dt.date, cash: dt.date | None, within: int) -> Iterator[Task]:
    """The promise that is running: near, kept, broken, or past while the bank has not spoken for it."""
    if due > on + within * ONE_DAY:
        return
    said = f"promised for {in_words(due)}"
    if seen.promise == "broken":
        said += ": the money had not come when the bank spoke for it"
    elif seen.promise == "kept":
        said += ": the money came"
    elif due < on and not has_spoken(cash, on):
        said += f"; the bank has spoken until {in_words(cash)} only" if cash else "; the bank has not spoken yet"
    yield Task("promise", "promise", said, due, None, seen.residual_cents, RECORD)


def _told(each: Open) -> str:
    return _OPEN[each.code].format(since=in_words(each.since))
