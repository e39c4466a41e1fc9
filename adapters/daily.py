"""The daily pass: what fell due, promises kept and broken, then the policy's next act for each invoice, one per debtor.

It records the acts it calls for as declared and sends nothing. It accuses nobody before the bank has spoken, and never
escalates, hands over or writes off: it says what a person may do.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from adapters.acts import Done, Order, acting, perform, seeing
from adapters.application import Change, Context, new_id, plain
from adapters.bootstrap import Office
from adapters.cases import Case, load
from adapters.store.sqlite import DoneAlready
from adapters.worklist import Ahead
from domain.errors import Refused, in_words, refused_by_record
from domain.facts.fact import Fact
from domain.facts.invoicing import PromiseBroken, PromiseKept
from domain.facts.parties import CashKnownUntil
from domain.policy import PolicyStep
from projections.outlook import act_of, promise_of
from projections.worklist import Outlook, calls

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person should know, or do, about an invoice."""

    number: str
    debtor: str
    what: str
    why: str


@dataclass(slots=True)
class Pass:
    """What one daily pass recorded, and what it leaves to a person."""

    on: dt.date
    done: list[tuple[str, list[Done]]] = field(default_factory=list)
    waiting: list[Note] = field(default_factory=list)
    todo: list[Note] = field(default_factory=list)


def run(office: Office, order: Order, progress: Callable[[], None] | None = None, *, afresh: bool = False) -> Pass:
    """Run the pass of today. A second run of the day changes nothing; a missed day is caught up, never written backwards.

    What a day holds for an invoice is read where it was computed before and still holds; `afresh` loads every one.

    Raises:
        Refused: another day than today, unless the acts were done on it, or nothing is recorded.
    """
    past = order.on != office.app.today
    if past and not (order.dry_run or order.already_done or office.folder.is_sandbox):
        reason = "acts are recorded on the day they are done; --dry-run looks at another day, --already-done declares them done on it"
        raise refused_by_record("run", "not_today", reason)
    office.signed_in()
    office.views.catch_up()
    result, ahead = Pass(order.on), Ahead(office, order.on, afresh=afresh)
    planned: dict[tuple[str, PolicyStep], list[str]] = {}
    erased = office.app.vault.keys.destroyed()
    for stream, version in ahead.asked(quiet=False):
        if not ahead.is_quiet(stream, version):
            seen = ahead.of(stream, version)
            if seen and seen.concludes(ahead.today):
                seen = _settle(office, stream, ahead, order, result) or seen
            step = _planned(office, stream, seen, ahead, result) if seen and seen.debtor not in erased else None
            if seen and step:
                planned.setdefault((seen.debtor, step), []).append(stream)
        if progress:
            progress()
    settled = len(result.done)
    for (_, step), streams in sorted(planned.items(), key=lambda item: (item[0][1].after_days, item[0][0])):
        _do(office, streams, step, order, result)
    if not order.dry_run:
        _look_again(ahead, result, settled)
    ahead.save(visited=True)
    return result


def _look_again(ahead: Ahead, result: Pass, settled: int) -> None:
    """Look at what was recorded, so that a second pass of the day need not; `settled` are looked at already."""
    ahead.moved_on(sum(len(done.decided) for _, made in result.done for done in made))
    if any(name.startswith("promise") for name, _ in result.done):
        ahead.leaves_out()
    for stream in dict.fromkeys(done.stream for _, made in result.done[settled:] for done in made):
        ahead.computed(stream)


def _do(office: Office, streams: Sequence[str], step: PolicyStep, order: Order, result: Pass) -> None:
    """One act over the invoices of a debtor; if one of them no longer allows it, the others still have theirs."""
    name = f"{step.act} level {step.level}" if step.act == "remind" else step.act
    keys = {stream: ("run", _key(office, order.on, stream, step)) for stream in streams}
    fresh = [stream for stream in streams if not office.app.store.is_done(*keys[stream])]
    for group in [fresh, *([stream] for stream in fresh)] if len(fresh) > 1 else [fresh]:
        if not group:
            continue
        make = acting(_maker(office, step, order.on), step.act)
        try:
            made = perform(office, group, order, step.act, make, once=[keys[stream] for stream in group])
        except (Refused, DoneAlready) as error:  # somebody recorded meanwhile
            if len(group) == 1:
                note = _noted(office, group[0], load(office, group[0], order.on).issued.debtor)
                result.waiting.append(note(step.act, str(error).partition(": ")[2] or str(error)))
            continue
        result.done.append((name, made))
        if group is fresh:
            return
    for stream in set(streams) - set(fresh):
        note = _noted(office, stream, load(office, stream, order.on).issued.debtor)
        result.waiting.append(note(step.act, "done already by a run of the day, then withdrawn: record it by hand"))


def _key(office: Office, on: dt.date, stream: str, step: PolicyStep) -> bytes:
    return office.app.vault.name_key("run", on.isoformat(), stream, step.act, str(step.level))


def know_cash(office: Office, creditor: str, until: dt.date, on: dt.date) -> None:
    """Record up to which day the bank has spoken, when that is news."""
    if until > office.app.today:
        raise refused_by_record("record", "future", f"the bank cannot have spoken for {in_words(until)}, still to come")
    known = office.cash_known_until(creditor)
    if known is None or until > known:
        office.signed_in()
        change = Change(office.app.stream_or_fail(f"creditor:{creditor}"), plain([CashKnownUntil(on=on, until=until)]))
        office.app.append([change], Context(command=new_id()))


def _settle(office: Office, stream: str, ahead: Ahead, order: Order, result: Pass) -> Outlook | None:
    """Record what fell due and what became of the promise, decided under the lock; what the day holds once that is recorded."""
    words: list[str] = []

    def make(now: Case) -> Sequence[Fact]:
        words[:] = []
        cash, due = office.cash_known_until(now.issued.creditor), now.invoice.promise_due_on
        state = promise_of(now.stream.history, now.invoice, now.policy, order.on, cash)
        if due is None or state in {None, "running"}:
            return []
        words.append(f"promise {state}")
        if state == "kept":
            return [PromiseKept(due_on=due, on=order.on)]
        assert cash is not None
        return [PromiseBroken(cash_known_until=cash, due_on=due, on=order.on)]

    try:
        done = perform(office, [stream], order, "run", seeing(make, "run"))
    except Refused:
        if order.on < office.app.today:  # the record of a later day concluded it otherwise
            return None
        raise
    result.done.append((words[0] if words else "fell due", done))
    return None if order.dry_run else ahead.computed(stream)


def _planned(office: Office, stream: str, seen: Outlook, ahead: Ahead, result: Pass) -> PolicyStep | None:
    """The step to do now, or a note of why it waits and of what is left to a person."""
    note, cash = _noted(office, stream, seen.debtor), ahead.cash(seen.creditor)
    policy = ahead.policy(seen.creditor).policy
    for called in calls(seen, policy, ahead.on, cash):
        if called.waits:
            result.waiting.append(note(called.what, called.why))
        elif called.step is None:
            result.todo.append(note(called.what, called.why))
        else:
            return called.step
    return None


def _noted(office: Office, stream: str, debtor: str) -> Callable[[str, str], Note]:
    def note(what: str, why: str) -> Note:
        return Note(
            office.registry.number(stream.partition(":")[2], debtor), office.registry.card(debtor)[1], what, why
        )

    return note


def _maker(office: Office, step: PolicyStep, on: dt.date) -> Callable[[Case], Fact]:
    return lambda case: act_of(step, case.policy, on, office.cash_known_until(case.issued.creditor))
