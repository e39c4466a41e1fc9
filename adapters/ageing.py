"""The aged balance as a use case: at a corner of the two times, or between two positions of knowledge."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from adapters.bootstrap import Office
from adapters.store.envelope import Envelope
from domain.errors import Misuse, NotFound, in_words
from domain.facts.fact import Fact
from domain.facts.invoicing import (
    CreditNoteApplied,
    EntryWithdrawn,
    InvoiceIssued,
    PaymentReceived,
    PaymentReversed,
    WrittenOff,
)
from domain.facts.parties import CreditGranted, MoneyAllocated, MoneyReceived
from projections.ageing import Aged, Scheme, aged
from projections.corner import Corner

By = Literal["debtor", "invoice", "total"]

#: What may move an aged balance.
_MOVING = (
    InvoiceIssued, PaymentReceived, PaymentReversed, CreditNoteApplied, WrittenOff, EntryWithdrawn, MoneyReceived, MoneyAllocated,
    CreditGranted,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row: an invoice, a debtor or the whole; `disputed_cents` is the part of its total that is disputed."""

    key: str
    name: str
    aged: Aged
    disputed_cents: int = 0
    creditor: str = ""

    def value(self) -> dict[str, Any]:
        """The shape that other programs read."""
        return {"key": self.key, "name": self.name, **self.figures(), "creditor": self.creditor}

    def figures(self) -> dict[str, int]:
        """Its columns by name."""
        return {"total_cents": self.aged.total_cents, **self.aged.by_name(), "disputed_cents": self.disputed_cents}


@dataclass(frozen=True, slots=True)
class Balance:
    """An aged balance: rows by key, then the totals."""

    corner: Corner
    scheme: Scheme
    rows: Sequence[Row]
    totals: Row

    def value(self) -> dict[str, Any]:
        """The shape that other programs read."""
        return {
            **asked(self.corner, self.scheme),
            "rows": [row.value() for row in self.rows],
            "totals": self.totals.figures(),
        }


def asked(corner: Corner, scheme: Scheme) -> dict[str, Any]:
    """What the figures are about."""
    return {
        "as_of_on": corner.as_of, "position": corner.position, "scheme": scheme.name, "basis": corner.basis,
        "knowledge": corner.knowledge, "known_on": corner.known_on, "buckets": list(scheme.columns),
    }  # fmt: skip


def ageing(
    office: Office, scheme: Scheme, corner: Corner, *, by: By, creditor: str | None = None, debtor: str | None = None
) -> Balance:
    """The aged balance by debtor, by invoice or in total, of one creditor or debtor where one is given.

    Raises:
        NotFound: no invoice and no money is recorded at all.
    """
    views = office.views
    views.catch_up()
    if views.is_empty:
        raise NotFound("nothing is owed in this store: it holds no invoice yet (relance issue, or relance import FILE)")
    disputed = _disputed(office, corner, creditor, debtor)
    if by == "invoice":
        found = list(views.ageing(scheme, corner, creditor=creditor, debtor=debtor))
        shares = {stream: cents for stream, (_, cents) in disputed.items()}
    else:
        summed = views.ageing_by(by, scheme, corner, creditor=creditor, debtor=debtor)
        found = [(owner, owner, row) for owner, row in summed.items()]
        shares = {}
        for owner, cents in disputed.values():
            shares[owner] = shares.get(owner, 0) + cents
    totals = Aged(scheme)
    for _, _, row in found:
        totals.add(row)
    whole = Row("total", "", totals, sum(cents for _, cents in disputed.values()))
    if by == "total":
        return Balance(corner, scheme, [whole], whole)
    owners = {each: office.registry.card(each)[0] for each in office.registry.creditors()}
    of = {
        debtor: code
        for id, code in owners.items()
        for debtor in (office.registry.debtors(id) if len(owners) > 1 else ())
    }
    alone = next(iter(owners.values()), "") if len(owners) == 1 else ""
    rows = [Row(*label(office, key, owner), row, shares.get(key, 0), of.get(owner, alone)) for key, owner, row in found]
    return Balance(corner, scheme, sorted(rows, key=lambda row: (row.key, row.creditor, row.name)), whole)


def _disputed(
    office: Office, corner: Corner, creditor: str | None, debtor: str | None
) -> Mapping[str, tuple[str, int]]:
    """Debtor and disputed part of what is still owed of each invoice: a dispute over what was paid since is none."""
    said = office.views.disputed(corner, creditor=creditor, debtor=debtor)
    if not said:
        return {}
    return {
        each.stream: (each.debtor, min(said[each.stream], owed))
        for each in office.views.standing(corner, creditor=creditor, debtor=debtor, disputed=True)
        if each.stream in said and (owed := sum(cents for _, cents in each.parts)) > 0
    }


def label(office: Office, key: str, debtor: str) -> tuple[str, str]:
    """How a row is called: a customer code, an invoice number, or a code in brackets for money on its account; then the name."""
    code, name = office.registry.card(debtor)
    if key == debtor:
        return code, name
    if key.startswith("debtor:"):
        return f"({code})", name
    return office.registry.number(key.partition(":")[2], debtor), name


@dataclass(frozen=True, slots=True)
class Event:
    """An event that moved an account, and by how many cents as of the day; null where a later one of its command says it."""

    envelope: Envelope
    cents: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """An account that one position of knowledge shows otherwise than another."""

    key: str
    name: str
    before: Aged
    after: Aged
    events: Sequence[Event]

    @property
    def change_cents(self) -> int:
        """What the total gained."""
        return self.after.total_cents - self.before.total_cents

    @property
    def moved(self) -> dict[str, int]:
        """What each column gained, those that did not change left out."""
        pairs = zip(self.after.by_name().items(), self.before.cents, strict=True)
        return {name: cents - before for (name, cents), before in pairs if cents != before}


def differences(
    office: Office, scheme: Scheme, as_of: dt.date, earlier: int, later: int, *, creditor: str | None = None, debtor: str | None = None
) -> list[Change]:  # fmt: skip
    """Every account that was known otherwise at two positions, with the events recorded between them that moved it.

    Raises:
        Misuse: the first position is not before the second.
    """
    if earlier >= later:
        raise Misuse(
            f"--diff goes from what was known first to what was known later: @{earlier} is not before @{later}"
        )
    views, day = office.views, as_of.toordinal()
    views.catch_up()
    touched = views.touched(earlier, later)
    sides = [
        {
            each.stream: aged(scheme, day, each.parts)
            for each in views.standing(Corner(as_of, position), creditor=creditor, debtor=debtor)
            if each.stream in touched
        }
        for position in (earlier, later)
    ]
    found = []
    for stream, owner in touched.items():
        before, after = (side.get(stream) or Aged(scheme) for side in sides)
        if before.cents != after.cents:
            events = _events(office, stream, day, earlier, later)
            found.append(Change(*label(office, stream, owner), before, after, events))
    return sorted(found, key=lambda each: (-abs(each.change_cents), each.key))


def _events(office: Office, stream: str, day: int, earlier: int, later: int) -> list[Event]:
    """The events of a stream, between two positions, that moved what was owed on a day; their cents add up to the change."""
    commands: dict[str, list[Envelope]] = {}
    for each in office.app.stream(stream).envelopes:
        if earlier < each.position <= later:
            commands.setdefault(each.command, []).append(each)
    cents: dict[int, int] = {}
    for position, movement in office.views.movements_of(stream):
        if movement.effective <= day:
            cents[position] = cents.get(position, 0) + movement.cents
    found = []
    for envelopes in commands.values():
        telling = [each for each in envelopes if isinstance(each.fact, _MOVING) and not _is_superseding(each.fact)]
        posted = {each.position: cents[each.position] for each in envelopes if each.position in cents}
        corrects = any(isinstance(each.fact, EntryWithdrawn) for each in telling)
        if not corrects and posted.keys() <= {each.position for each in telling}:
            found += [Event(each, posted[each.position]) for each in telling if each.position in posted]
        elif telling:  # a correction: the entries of the command moved it together, and the last one says by how much
            found += [Event(each, None) for each in telling[:-1]]
            found.append(Event(telling[-1], sum(posted.values())))
    return found


def _is_superseding(fact: Fact) -> bool:
    return isinstance(fact, EntryWithdrawn) and fact.reason == "superseded"


def nothing_yet(office: Office, as_of: dt.date) -> str | None:
    """What to say of a day before the first invoice."""
    first = office.views.first_issue()
    if first is None or as_of >= first:
        return None
    return f"nothing was issued by {in_words(as_of)}: the first invoice on record is of {in_words(first)}"
