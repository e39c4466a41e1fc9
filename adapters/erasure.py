"""`party erase`: the personal data of a debtor destroyed for good, and the log none the worse for it.

In order: the rules are asked under the write lock; a note that names the debtor and its streams is made durable in the key file; the
log records the erasure; the key is destroyed, the rows deleted, the journal emptied (`adapters.store.shredding`), the note removed.
Cut off anywhere before the log has it, nothing was erased and the command can be given again; anywhere after, the next command
that opens the store, whichever it is, goes on to the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from adapters.acts import Order
from adapters.application import Change, Context, Stream, new_id
from adapters.bootstrap import Office
from adapters.store.shredding import finish, held
from domain.decided import Decided
from domain.erasure import YearEnd, against
from domain.errors import Misuse, Refusal, Refused
from domain.facts.parties import DebtorRegistered, ErasureGround, PersonalDataErased
from domain.history import standing

STEP: Final = "erase"


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure destroyed, or would: invoices (label and stream), records by kind; and what stood against it.

    `left_open`: the key is destroyed, the rows or the journal are not yet gone, because another program has the store open; the next
    command takes them away.
    """

    debtor: str
    label: str
    invoices: tuple[tuple[str, str], ...] = ()
    held: Mapping[str, int] | None = None
    refusals: tuple[Refusal, ...] = ()
    recorded: bool = False
    done_already: bool = False
    left_open: bool = False


def erase(
    office: Office, debtor: str, ground: ErasureGround, order: Order, *, year_end: YearEnd | None = None
) -> Erased:
    """Destroy the personal data of a debtor; of one erased already, nothing but what a cut left over.

    Args:
        office: the open store.
        debtor: the id of the debtor.
        ground: why, as a code that the log keeps.
        order: its `override` goes past what is policy; a dry run destroys nothing and tells what refuses.
        year_end: month and day on which the creditor's financial year closes.

    Raises:
        Refused: a claim lives, a voucher must be kept, or policy stands against it and nothing forces it.
        Misuse: on another day than today.
    """
    office.signed_in()
    if order.on != office.app.today:
        raise Misuse("an erasure bears the day on which it is made: leave --on out")
    found = office.app.deciding(lambda: _decided(office, debtor, ground, order, year_end))
    if order.dry_run:
        return found
    waiting = finish(office.app.store, office.app.vault.keys)
    return replace(found, left_open=debtor in waiting)


def _decided(office: Office, debtor: str, ground: ErasureGround, order: Order, year_end: YearEnd | None) -> Erased:
    app = office.app
    stream = app.stream_or_fail(f"debtor:{debtor}")
    streams = _labelled(office, debtor)
    if any(isinstance(entry.fact, PersonalDataErased) for entry in standing(stream.history)):
        if not order.dry_run:  # what a command that ran meanwhile wrote after it goes too
            app.vault.keys.begin_erasing(debtor, [stream.id, *streams.values()])
        return Erased(debtor, office.registry.card(debtor)[0], done_already=True)
    refusals = against(
        {label: app.stream(each).history for label, each in streams.items()},
        stream.history,
        app.today,
        office.law,
        readings=office.readings(_creditor(stream), app.today),
        year_end=year_end,
    )
    label = office.registry.card(debtor)[0]
    found = Erased(debtor, label, tuple(streams.items()), held(app.store, debtor), tuple(refusals))
    if order.dry_run:
        return found
    if any(no.kind != "policy" for no in refusals) or (refusals and order.override is None):
        raise Refused(STEP, *refusals, label=label)
    app.vault.keys.begin_erasing(debtor, [stream.id, *streams.values()])
    decided = Decided(
        PersonalDataErased(ground=ground, on=app.today), tuple(refusals), order.override if refusals else None
    )
    app.append([Change(stream, [decided])], Context(command=order.command or new_id(), done_by=order.done_by))
    return replace(found, recorded=True)


def _labelled(office: Office, debtor: str) -> dict[str, str]:
    """The invoices of a debtor by their numbers; of two that bear one number, the later one with its stream."""
    office.views.catch_up()
    found: dict[str, str] = {}
    for stream in office.views.invoices_of(debtor):
        id = stream.partition(":")[2]
        number = office.registry.number(id, debtor)
        found[number if number not in found else f"{number} ({id[:8]})"] = stream
    return found


def _creditor(stream: Stream) -> str:
    return next(each.fact.creditor for each in stream.envelopes if isinstance(each.fact, DebtorRegistered))
