"""Every deadline of a day over a portfolio, in the order of the days.

An ordinary invoice (issued, due, reminded, called, nothing else) has those of its issue alone, which many share; of the others what
is kept beside the views is read where it holds.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Final, cast

from adapters.bootstrap import Office
from adapters.calendar_file import Dated
from adapters.views.questions import Invoiced
from adapters.worklist import Ahead
from domain.deadline import KINDS, Deadline, Kind
from domain.deadlines import deadlines_of
from domain.errors import Misuse, NotFound
from domain.facts.invoicing import Instalment, InvoiceIssued, PartyKind
from domain.history import Entry
from domain.law.readings import Readings
from projections.corner import Corner

_ANY: Final = "0" * 32
Progress = Callable[[int, int], None]


def chosen_kinds(words: Collection[str]) -> frozenset[Kind]:
    """The kinds of deadlines named; all of them where none is.

    Raises:
        Misuse: there is no such kind.
    """
    for word in words:
        if word not in KINDS:
            raise Misuse(f"no kind of deadline {word!r}; there are {', '.join(KINDS)}")
    return frozenset(kind for kind in KINDS if not words or kind in words)


def deadlines(
    office: Office,
    on: dt.date,
    *,
    within: int | None = None,
    kinds: Collection[Kind] = KINDS,
    past: bool = False,
    creditor: str | None = None,
    debtor: str | None = None,
    progress: Progress | None = None,
) -> list[Dated]:
    """The deadlines from a day on, within so many days of it if that is given, with those that passed if they are asked for.

    What has no known day comes last: it is never left out.

    Raises:
        NotFound: no invoice is recorded.
    """
    office.views.catch_up()
    if office.views.first_issue() is None:
        raise NotFound("no invoice is recorded: relance issue records one, relance import many")
    until = on + dt.timedelta(days=within) if within is not None else dt.date.max

    def is_asked(each: Deadline) -> bool:
        return each.kind in kinds and (each.on is None or (each.on <= until and (past or each.on >= on)))

    found = [each for each in _all(office, on, creditor, debtor, progress) if is_asked(each.deadline)]
    return sorted(
        found,
        key=lambda each: (each.deadline.on or dt.date.max, each.deadline.kind, each.stream, each.deadline.due or on),
    )


def _all(
    office: Office, on: dt.date, creditor: str | None, debtor: str | None, progress: Progress | None
) -> Iterator[Dated]:
    """Every deadline of every invoice that is unpaid."""
    ahead, given_up = Ahead(office, on), _given_up(office, on)
    versions = dict(ahead.asked(debtor=debtor))
    ordinary: dict[tuple[object, ...], list[Deadline]] = {}
    total = len(versions)
    for n, invoice in enumerate(office.views.invoices(creditor=creditor, debtor=debtor), start=1):
        if invoice.issued > on.toordinal():
            continue
        stream = invoice.stream
        if invoice.ordinary:
            key = (
                invoice.creditor,
                invoice.due,
                invoice.performed,
                invoice.creditor_kind,
                invoice.debtor_kind,
                invoice.nature,
            )
            if key not in ordinary:
                ordinary[key] = _of_its_issue(office, ahead, invoice, on)
            rows = [row._replace(cents=invoice.total_cents) for row in ordinary[key]]
        elif stream in versions or stream in given_up:
            rows = list(ahead.deadlines(stream, versions.get(stream)))
        else:
            continue
        yield from map(partial(Dated, stream, invoice.debtor), rows)
        if progress and n <= total:
            progress(n, total)
    ahead.save()


def _of_its_issue(office: Office, ahead: Ahead, invoice: Invoiced, on: dt.date) -> list[Deadline]:
    """Those of an invoice of which nothing but its issue counts."""
    due = dt.date.fromordinal(invoice.due) if invoice.due > 0 else None
    issued = InvoiceIssued(
        creditor=_ANY, debtor=_ANY, number=_ANY, on=dt.date.min,
        creditor_kind=cast("PartyKind", invoice.creditor_kind), debtor_kind=cast("PartyKind", invoice.debtor_kind),
        instalments=(Instalment(cents=1, due=due, n=1),),
        performed_on=dt.date.fromordinal(invoice.performed) if invoice.performed else None,
    ).model_copy(update={"nature": invoice.nature})  # fmt: skip
    readings = Readings(ahead.policy(invoice.creditor).policy.readings)
    return deadlines_of(office.law, [Entry(1, issued)], on, readings=readings)


def _given_up(office: Office, on: dt.date) -> set[str]:
    """The invoices of which the books gave something up: the claim stands."""
    corner = Corner(on, office.app.store.position())
    return {moved.stream for moved in office.views.movements(corner, kinds=("write_off",))}
