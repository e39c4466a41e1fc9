"""Use cases on invoices: load, decide, append. Several invoices of a debtor share one act."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from adapters.application import Change, Context, Stream, new_id, plain
from adapters.bootstrap import Office
from adapters.cases import Case, load
from adapters.on_account import on_account_of
from adapters.store.envelope import Confidentiality, Provenance
from adapters.store.sqlite import VaultRow
from domain.decided import Decided, Desk
from domain.decisions import act, observe
from domain.errors import Misuse, Refusal, Refused, in_words, refused_by_record
from domain.facts.fact import Fact
from domain.facts.invoicing import DisputeOpened, EntryWithdrawn, WrittenOff
from domain.facts.recovery import (
    DebtorFormallyNotified,
    DebtorReminded,
    NoticeForm,
    ReminderChannel,
    ServiceProgressed,
    ServiceStage,
)
from domain.history import founding, standing


@dataclass(frozen=True, slots=True)
class Order:
    """How a command is given: the business day, who acted, and how far the admin insists."""

    on: dt.date
    override: str | None = None
    already_done: bool = False
    done_by: str | None = None
    command: str | None = None
    dry_run: bool = False
    confidentiality: Confidentiality = "none"


@dataclass(frozen=True, slots=True)
class Done:
    """What was recorded on one invoice."""

    stream: str
    number: str
    decided: tuple[Decided, ...]


UseCase = TypeVar("UseCase", bound=Callable[..., Any])
Decide = Callable[[Case, Desk], Sequence[Decided]]


def under_lock(use_case: UseCase) -> UseCase:
    """Run a use case, its first look at the store included, under the write lock: nobody records in between."""

    @wraps(use_case)
    def run(office: Office, *args: Any, **kwargs: Any) -> Any:
        office.signed_in()
        return office.app.deciding(lambda: use_case(office, *args, **kwargs))

    return cast("UseCase", run)


def perform(
    office: Office,
    streams: Sequence[str],
    order: Order,
    step: str,
    decide: Decide,
    *,
    extra: Callable[[], Sequence[Change]] = tuple,
    once: Sequence[tuple[str, bytes]] = (),
    provenance: Provenance = "declared",
    records: Sequence[VaultRow] = (),
) -> list[Done]:
    """Decide on each invoice and append everything in one transaction, sharing one act id; a conflict decides again.

    Raises:
        Misuse: invoices of several debtors.
        Refused: a rule says no on one of them; nothing is recorded.
        DoneAlready: the command is on record.
    """
    office.signed_in()

    def attempt() -> list[Done]:
        office.app.once(order.command)
        cases = [load(office, stream, order.on) for stream in streams]
        if len({case.issued.debtor for case in cases}) > 1:
            raise Misuse(f"{step}: the invoices belong to several debtors; give one debtor's at a time")
        results, changes = [], []
        for case in cases:
            desk = Desk(
                office.app.today,
                case.policy,
                order.override,
                order.already_done,
                office.law,
                on_account_of(office, case, order.on),
            )
            try:
                decided = decide(case, desk)
            except Refused as refusal:
                raise Refused(step, *refusal.refusals, label=case.number) from None
            if not order.already_done and any(each.fact.role == "act" for each in decided):
                _is_somebody(office, case, step)
            results.append(Done(case.stream.id, case.number, tuple(decided)))
            changes.append(Change(case.stream, decided))
        if not order.dry_run and any(done.decided for done in results):
            context = Context(
                command=order.command or new_id(),
                act=new_id(),
                done_by=order.done_by,
                policy=cases[0].adopted.digest,
                rulebooks=[(cases[0].adopted.digest, "policy", cases[0].adopted.text)],
                once=tuple(once),
                provenance=provenance,
                records=records,
                confidentiality=order.confidentiality,
            )
            office.app.append([*changes, *extra()], context)
        return results

    return office.app.deciding(attempt)


def _is_somebody(office: Office, case: Case, step: str) -> None:
    """No act goes to a debtor whose name and address were erased.

    Raises:
        Refused: they were.
    """
    if office.app.vault.keys.is_destroyed(case.issued.debtor):
        reason = "the personal data of the debtor were erased: there is nobody to address it to"
        raise Refused(step, Refusal("erased", "fact", reason, "the record"), label=case.number)


def acting(make: Callable[[Case], Fact], step: str) -> Decide:
    """Decide an act of ours."""
    return lambda case, desk: act(case.stream.history, make(case), desk, step=step)


def seeing(make: Callable[[Case], Sequence[Fact]], step: str) -> Decide:
    """Decide an observation."""
    return lambda case, desk: observe(case.stream.history, make(case), desk, step=step)


@under_lock
def remind(
    office: Office, streams: Sequence[str], order: Order, *, channel: ReminderChannel, level: int | None = None
) -> list[Done]:
    """Record a reminder; without a level: a courtesy until the due day, the next level after."""
    until = _cash(office, streams)

    def make(case: Case) -> Fact:
        due = case.invoice.oldest_unpaid_due_on
        early = due is not None and order.on <= due
        chosen = level if level is not None else 0 if early else case.invoice.reminders + 1
        return DebtorReminded(cash_known_until=until, channel=channel, level=chosen, on=order.on)

    return perform(office, streams, order, "remind", acting(make, "remind"))


@under_lock
def notify(
    office: Office, streams: Sequence[str], order: Order, *, form: NoticeForm, deadline: dt.date | None = None,
    consented: dt.date | None = None,
) -> list[Done]:  # fmt: skip
    """Record a formal notice; without a deadline, the policy's, moved to a working day."""
    from domain.calendar import next_working_day  # noqa: PLC0415 - the holidays library is slow to import

    def make(case: Case) -> Fact:
        until = deadline or next_working_day(order.on + dt.timedelta(days=case.policy.notice_deadline_days))
        if until <= order.on:
            raise Misuse("the deadline of a formal notice comes after the day it is sent")
        return DebtorFormallyNotified(consented_on=consented, deadline_on=until, form=form, on=order.on)

    return perform(office, streams, order, "notify", acting(make, "notify"))


def dispute(office: Office, stream: str, order: Order, *, cents: int | None, reason: str) -> list[Done]:
    """Record that the debtor disputes the whole of what is unpaid, or a part of it."""

    def make(case: Case) -> Sequence[Fact]:
        owed = max(case.invoice.unsettled_cents, 0) or case.invoice.total_cents
        amount = owed if cents is None else cents
        if amount > case.invoice.total_cents:
            raise Misuse("more is disputed than was invoiced")
        extent = "whole" if amount >= owed else "part"
        return [DisputeOpened.model_validate({"cents": amount, "extent": extent, "on": order.on, "reason": reason})]

    return perform(office, [stream], order, "dispute", seeing(make, "dispute"))


@under_lock
def serve(office: Office, stream: str, order: Order, *, version: int, stage: ServiceStage) -> list[Done]:
    """Record how a reminder or a notice fared on its way, on every invoice that it was about."""
    entry = next(
        (each for each in standing(office.app.stream_or_fail(stream).history) if each.version == version), None
    )
    if entry is None or not isinstance(entry.fact, DebtorReminded | DebtorFormallyNotified) or entry.act is None:
        raise refused_by_record(
            "service", "no_such_letter", f"version {version} is neither a reminder nor a formal notice that stands"
        )
    fact = ServiceProgressed(act=entry.act, on=order.on, stage=stage)
    if order.on < entry.fact.on:
        raise refused_by_record(
            "service", "before_sending", f"it was sent on {in_words(entry.fact.on)}, later than that"
        )
    streams = [other for other, _ in office.app.store.streams_of_act(entry.act) if other.startswith("invoice:")]
    return perform(office, list(dict.fromkeys(streams)), order, "service", seeing(lambda _: [fact], "service"))


def write_off(office: Office, streams: Sequence[str], order: Order, *, cents: int | None, reason: str) -> list[Done]:
    """Record that the books gave up all that they carry, or a part."""

    def make(case: Case) -> Fact:
        carried = case.invoice.book_residual_cents
        amount = carried if cents is None else cents
        if amount <= 0:
            raise refused_by_record("write-off", "nothing_owed", "the books carry nothing more of it")
        extent = "whole" if amount == carried else "part"
        return WrittenOff.model_validate({"cents": amount, "extent": extent, "on": order.on, "reason": reason})

    return perform(office, streams, order, "write-off", acting(make, "write-off"))


@under_lock
def withdraw(office: Office, stream: str, order: Order, *, version: int, reason: str) -> list[Done]:
    """Withdraw an entry, and with it every entry of the same real act, on whatever it touched.

    Raises:
        Refused: it is not an entry that stands, or what is left is not a possible history.
    """
    history = office.app.stream_or_fail(stream).history
    target = next((entry for entry in standing(history) if entry.version == version), None)
    together = office.app.store.streams_of_act(target.act) if target and target.act else [(stream, version)]

    def versions_of(one: str) -> list[int]:
        return [number for other, number in together if other == one]

    def facts(one: Stream) -> list[Fact]:
        alive = {entry.version for entry in standing(one.history)} | {version}
        return [
            EntryWithdrawn.model_validate({"on": office.app.today, "reason": reason, "withdrawn": each})
            for each in versions_of(one.id)
            if each in alive
        ]

    def decide(case: Case, desk: Desk) -> Sequence[Decided]:
        return observe(case.stream.history, facts(case.stream), desk, step="withdraw")

    def beyond() -> list[Change]:
        others = dict.fromkeys(other for other, _ in together if not other.startswith("invoice:"))
        return [Change(one, plain(facts(one))) for one in map(office.app.stream, others)]

    touched = list(dict.fromkeys(other for other, _ in together if other.startswith("invoice:")))
    return perform(office, touched, order, "withdraw", decide, extra=beyond)


def _cash(office: Office, streams: Sequence[str]) -> dt.date | None:
    issued = founding(office.app.stream_or_fail(streams[0]).history)
    return office.cash_known_until(issued.creditor) if issued else None
