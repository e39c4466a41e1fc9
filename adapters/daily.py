"""The daily pass: what fell due, promises kept and broken, then the policy's next act for each invoice, one per debtor.

It records the acts it calls for as declared and sends nothing. It accuses nobody before the bank has spoken, and never
escalates, hands over or writes off: it says what a person may do.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from adapters.acts import Done, Order, acting, perform, seeing
from adapters.application import Change, Context, new_id, plain
from adapters.bootstrap import Office
from adapters.cases import Case, load
from adapters.on_account import on_account_of
from adapters.store.sqlite import DoneAlready
from domain.calendar import next_working_day
from domain.decided import Desk
from domain.decisions import judge
from domain.errors import Refusal, Refused, in_words, refused_by_record
from domain.facts.fact import Fact
from domain.facts.invoicing import PromiseBroken, PromiseKept
from domain.facts.parties import CashKnownUntil
from domain.facts.recovery import DebtorFormallyNotified, DebtorReminded
from domain.history import add, replay
from domain.plan import call_due, may_escalate, next_step, promise_state
from domain.policy import PolicyStep
from domain.probes import ACTS, trial
from domain.rules.rule import Case as Judged

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


def run(office: Office, order: Order, progress: Callable[[], None] | None = None) -> Pass:
    """Run the pass of today. A second run of the day changes nothing; a missed day is caught up, never written backwards.

    Raises:
        Refused: another day than today, unless the acts were done on it, or nothing is recorded.
    """
    past = order.on != office.app.today
    if past and not (order.dry_run or order.already_done or office.folder.is_sandbox):
        reason = "acts are recorded on the day they are done; --dry-run looks at another day, --already-done declares them done on it"
        raise refused_by_record("run", "not_today", reason)
    office.signed_in()
    office.views.catch_up()
    result = Pass(order.on)
    planned: dict[tuple[str, PolicyStep], list[str]] = {}
    for stream in _candidates(office):
        case = load(office, stream, order.on)
        if case.issued.on > order.on:
            continue
        case = _settle(office, case, order, result)
        step = _planned(office, case, order.on, result)
        if step:
            planned.setdefault((case.issued.debtor, step), []).append(stream)
        if progress:
            progress()
    for (_, step), streams in sorted(planned.items(), key=lambda item: (item[0][1].after_days, item[0][0])):
        _do(office, streams, step, order, result)
    return result


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
                note = _noted(office, load(office, group[0], order.on))
                result.waiting.append(note(step.act, str(error).partition(": ")[2] or str(error)))
            continue
        result.done.append((name, made))
        if group is fresh:
            return
    for stream in set(streams) - set(fresh):
        note = _noted(office, load(office, stream, order.on))
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


def _candidates(office: Office) -> Iterator[str]:
    opened = [stream for stream, _, _ in office.views.open_accounts()]
    yield from opened
    yield from sorted(set(office.views.promised()) - set(opened))


def _settle(office: Office, case: Case, order: Order, result: Pass) -> Case:
    """Record what fell due and what became of the promise, decided under the lock."""
    cash = office.cash_known_until(case.issued.creditor)
    words: list[str] = []

    def make(now: Case) -> Sequence[Fact]:
        words[:] = []
        due = now.invoice.promise_due_on
        last = due and due + dt.timedelta(days=now.policy.promise_tolerance_days)
        then = replay(now.stream.history, as_of=min(last, order.on)) if last else None
        state = promise_state(now.invoice, then, last, order.on, cash)
        if due is None or state in {None, "running"}:
            return []
        words.append(f"promise {state}")
        if state == "kept":
            return [PromiseKept(due_on=due, on=order.on)]
        assert cash is not None
        return [PromiseBroken(cash_known_until=cash, due_on=due, on=order.on)]

    if not make(case) and not add(case.stream.history, [], today=office.app.today, step="run"):
        return case
    done = perform(office, [case.stream.id], order, "run", seeing(make, "run"))
    result.done.append((words[0] if words else "fell due", done))
    return case if order.dry_run else load(office, case.stream.id, order.on)


def _planned(office: Office, case: Case, on: dt.date, result: Pass) -> PolicyStep | None:
    """The step to do now, or a note of why it waits and of what is left to a person."""
    note, invoice = _noted(office, case), case.invoice
    if invoice.regions.standing == "stayed":
        result.todo.append(
            note("declaration", "insolvency proceedings are open: the claim is declared (C. com., art. L622-24)")
        )
        return None
    desk = Desk(office.app.today, case.policy, law=office.law, on_account=on_account_of(office, case, on))
    if may_escalate(invoice, on) and not _hard(trial(case.stream.history, on, desk).of_act(ACTS["escalate"])):
        result.todo.append(
            note("injonction", f"the formal notice gave until {in_words(invoice.notice_deadline_on or on)}")
        )
    cash = office.cash_known_until(case.issued.creditor)
    is_due = call_due(invoice, case.policy, on) and invoice.regions.dispute != "disputed" and _has_spoken(cash, on)
    if is_due and not trial(case.stream.history, on, desk).of_act(ACTS["call"]):
        result.todo.append(note("call", "the policy has the debtor called"))
    step = next_step(invoice, case.policy, on)
    if step is None:
        return None
    fact = _maker(office, step, on)(case)
    refusals = judge(Judged(invoice, fact, case.policy, office.law, case.stream.history, on_account=desk.on_account))
    if refusals:
        result.waiting.append(note(step.act, refusals[0].reason))
        return None
    if step.act != "courtesy" and not _has_spoken(cash, on):
        until = f"the bank has spoken until {in_words(cash)} only" if cash else "the bank has not spoken yet"
        result.waiting.append(note(step.act, f"{until}: import payments, or give --cash-known-until"))
        return None
    return step


def _has_spoken(cash: dt.date | None, on: dt.date) -> bool:
    return cash is not None and cash >= on - ONE_DAY


def _hard(refusals: Sequence[Refusal]) -> bool:
    return any(no.kind != "policy" for no in refusals)


def _noted(office: Office, case: Case) -> Callable[[str, str], Note]:
    name = office.registry.card(case.issued.debtor)[1]
    return lambda what, why: Note(case.number, name, what, why)


def _maker(office: Office, step: PolicyStep, on: dt.date) -> Callable[[Case], Fact]:
    def make(case: Case) -> Fact:
        if step.act == "notify":
            deadline = next_working_day(on + dt.timedelta(days=case.policy.notice_deadline_days))
            return DebtorFormallyNotified(deadline_on=deadline, form=step.form or "lrar", on=on)
        cash = office.cash_known_until(case.issued.creditor)
        return DebtorReminded(
            cash_known_until=cash and min(cash, on), channel=step.channel or "email", level=step.level, on=on
        )

    return make
