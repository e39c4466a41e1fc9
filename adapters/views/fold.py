"""One batch of the log into the views: plain facts are posted as they come, other histories as differences.

A history is *plain* while each of its facts posts the same whatever came before: it then costs a decoding and a row. One with
a write-off, a withdrawal of more than a conclusion, a reduction that names its instalment, or a dispute recorded out of its
order is posted as the difference between what its facts amount to before and after each command.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Final

from adapters.store.mapper import Leaf, read_fact, read_raw
from adapters.store.sqlite import SQLiteStore
from adapters.views.lean import (
    FIELDS,
    Account,
    Issued,
    Lean,
    Money,
    decode,
    due_of,
    key_of,
    kinds_of,
    ordinal,
    read_issued,
    read_money,
    read_registered,
    row_of,
    stream_of,
)
from adapters.views.tables import KINDS, MARKS
from domain.facts.invoicing import PaymentPromised, PromiseBroken, PromiseKept
from domain.history import Entry, founding, ordered, standing
from domain.invoice import NoEdge
from projections.ledger import POOL, Movement, account_movements, difference, due_ordinal, movements
from projections.marks import BROKEN, DISPUTED, KEPT, Mark, marks

CHUNK: Final = 500

_FOUNDING: Final = "relance.InvoiceIssued.1"
_DEBTOR: Final = "relance.DebtorRegistered.1"
_WITHDRAWN: Final = "relance.EntryWithdrawn.1"
_OPENED: Final = "relance.DisputeOpened.1"
_SETTLED: Final = "relance.DisputeSettled.1"
_WRITTEN_OFF: Final = "relance.WrittenOff.1"
_INVOICE: Final = KINDS.index("invoice")
_REVERSAL: Final = KINDS.index("reversal")
_CREDIT: Final = KINDS.index("credit")
#: Stored types that move cents of an invoice, with the sign and the kind a plain history posts.
_MONEY: Final = {
    "relance.PaymentReceived.1": (-1, KINDS.index("payment")),
    "relance.PaymentReversed.1": (1, _REVERSAL),
    "relance.CreditNoteApplied.1": (-1, _CREDIT),
}
#: The same on a debtor's own account.
_ACCOUNT: Final = frozenset(
    {"relance.MoneyReceived.1", "relance.MoneyAllocated.1", "relance.CreditGranted.1", "relance.PaymentReversed.1"}
)
_PROMISE: Final = {"relance.PaymentPromised.1": "", "relance.PromiseKept.1": KEPT, "relance.PromiseBroken.1": BROKEN}
#: What says nothing to a view: more than half of a log. The column that leaves them out is held to the bytes by `check`.
_SILENT: Final = (
    "relance.InvoiceFellDue.1", "relance.InvoicePaid.1", "relance.DebtorReminded.1", "relance.DebtorCalled.1",
    "relance.DebtorCalled.2", "relance.CashKnownUntil.1", "relance.PolicyAdopted.1", "relance.CreditorRegistered.1",
    "relance.DetailsChanged.1",
)  # fmt: skip


class Fold:
    """One batch."""

    def __init__(self, db: sqlite3.Connection, store: SQLiteStore) -> None:
        self._db, self._store = db, store
        self._accounts: dict[str, Account] = {}
        self._before: dict[int, tuple[Any, ...]] = {}
        self._next = int(db.execute("SELECT coalesce(max(no), 0) + 1 FROM account").fetchone()[0])
        self._parties: dict[str, int] = {}
        self._rows: list[tuple[Any, ...]] = []
        self._marks: list[tuple[Any, ...]] = []

    def run(self, after: int, upto: int) -> None:
        """Fold the positions of a batch and write what it touched."""
        events = [(position, decode(stored)) for position, stored in self._store.rows(after, upto, but=_SILENT)]
        self._load({event.stream for _, event in events if event.version > 1})
        slow: dict[str, None] = {}
        accounts = self._accounts
        for position, event in events:
            kind, stream = event.type, event.stream
            account = accounts.get(stream)
            if account is None:
                if kind == _FOUNDING:
                    self._found(position, event)
                elif kind == _DEBTOR:
                    self._party(stream[7:], read_registered(event.fact).creditor)
                elif kind in _ACCOUNT and stream.startswith("debtor:"):
                    debtor = self._party(stream[7:], None)
                    account = accounts[stream] = Account(self._take(), key_of(stream), debtor)
                    self._own(account, position, event, slow)
                continue
            if not account.issued:
                self._own(account, position, event, slow)
            else:
                self._invoice(account, position, event, slow)
        self._repost(list(slow), after, upto)
        self._write()

    def _invoice(self, account: Account, position: int, event: Lean, slow: dict[str, None]) -> None:
        kind = event.type
        if kind not in _MONEY:  # spans tell of those
            account.ordinary = 0
        if kind in _MONEY:
            fact = read_money(event.fact)
            sign, word = _MONEY[kind]
            if account.plain == 1 or (account.plain and word != _REVERSAL):
                due = account.due
                if fact.instalment:
                    due = due_of(account, fact.instalment)
                    if due != account.due:
                        account.plain, account.single = 2, 0
                on, issued = ordinal(fact.on), account.issued
                net = fact.vat_cents - fact.cents if word == _CREDIT and fact.vat_cents is not None else None
                self._rows.append((account.no, position, 0, due, max(issued, on), ordinal(fact.booked_on),
                                   ordinal(fact.source_known_on), sign * fact.cents, word, net))  # fmt: skip
                return
        elif kind in _PROMISE:
            account.promised = int(kind == "relance.PaymentPromised.1")
            if not _PROMISE[kind]:
                return
            fact = read_money(event.fact)
            if account.plain:
                self._mark(account, position, 0, Mark(_PROMISE[kind], max(ordinal(fact.on), account.issued), 0, 0, 1))
                return
        elif kind in {_OPENED, _SETTLED}:
            fact = read_money(event.fact)
            effective = max(ordinal(fact.on), account.issued)
            if account.plain and effective >= account.disputed_on:
                change = fact.cents - account.disputed
                account.disputed, account.disputed_on = fact.cents, effective
                self._mark(account, position, 0, Mark(DISPUTED, effective, *_days(fact), change))
                return
        elif kind not in {_WITHDRAWN, _WRITTEN_OFF} or (
            kind == _WITHDRAWN and read_money(event.fact).reason == "superseded"
        ):
            return
        account.plain = 0
        slow[event.stream] = None

    def _own(self, account: Account, position: int, event: Lean, slow: dict[str, None]) -> None:
        """What moves on a debtor's own account."""
        if event.type == _WITHDRAWN or (event.type in _ACCOUNT and not account.plain):
            account.plain = 0
            slow[event.stream] = None
        elif event.type in _ACCOUNT:
            for movement in account_movements([read_fact(event.type, bytes(event.fact))]):
                self._post(account, position, 0, movement)

    def _take(self) -> int:
        self._next += 1
        return self._next - 1

    def _load(self, streams: set[str]) -> None:
        """The accounts that a batch goes on with."""
        names = sorted(stream for stream in streams if stream.startswith(("invoice:", "debtor:")))
        keys = [key_of(stream) for stream in names]
        for start in range(0, len(keys), CHUNK):
            chunk = keys[start : start + CHUNK]
            rows = self._db.execute(
                f"SELECT {', '.join(FIELDS)} FROM account WHERE key IN ({','.join('?' * len(chunk))})",
                chunk,
            )
            for row in rows:
                self._accounts[stream_of(row[1])] = Account(*row)
                self._before[row[0]] = row

    def _party(self, id: str, creditor: str | None) -> int:
        """The number of a party; a creditor is its own."""
        known = self._parties.get(id)
        if known is None:
            row = self._db.execute("SELECT no FROM party WHERE id = ?", (id,)).fetchone()
            if row is None:
                owner = self._party(creditor, None) if creditor else None
                row = self._db.execute(
                    "INSERT INTO party (id, creditor) VALUES (?, ?) RETURNING no", (id, owner)
                ).fetchone()
            known = self._parties[id] = int(row[0])
        return known

    def _found(self, position: int, event: Lean) -> None:
        fact, no = read_issued(event.fact), self._take()
        parts = fact.instalments
        alone, issued = len(parts) == 1, ordinal(fact.on)
        days = None if alone and parts[0].n == 1 else json.dumps({part.n: ordinal(part.due) for part in parts})
        net = sum([line.net_cents for line in fact.vat]) if fact.vat else None
        booked, source = ordinal(fact.booked_on), ordinal(fact.source_known_on)
        total = 0
        for seq, part in enumerate(parts):
            total += part.cents
            # what the columns are is said in `_post`; most rows of a portfolio are made here and in `_invoice`
            self._rows.append((no, position, seq, ordinal(part.due), issued, booked, source, part.cents, _INVOICE, net))
            net = net and 0
        self._accounts[event.stream] = Account(
            no, key_of(event.stream), self._party(fact.debtor, fact.creditor), issued, ordinal(parts[0].due) if alone else POOL,
            ordinal(fact.performed_on), kinds_of(fact.creditor_kind, fact.debtor_kind), fact.nature, total, 1, int(alone), int(alone), parts=days,
        )  # fmt: skip

    def _repost(self, slow: Sequence[str], after: int, upto: int) -> None:
        """Post histories that are not plain as differences, event by event, in place of what the loop posted.

        Within a command a history may not hold together yet: what such an event moved is posted at the next one.
        """
        if not slow:
            return
        again = {self._accounts[stream].no for stream in slow}
        self._rows = [row for row in self._rows if row[0] not in again]
        self._marks = [row for row in self._marks if row[0] not in again]
        for stream in slow:
            account = self._accounts[stream]
            leaves = self._store.select_events(stream)
            entries = [_entry(leaf) for leaf in leaves if leaf.position <= upto and leaf.topic not in _SILENT]
            done = [entry for entry in entries if entry.position <= after]
            before, marked = _posted(account, done), marks(done) if account.issued else []
            for entry in entries[len(done) :]:
                done.append(entry)
                try:
                    now, said = _posted(account, done), marks(done) if account.issued else []
                except NoEdge:
                    continue
                for seq, movement in enumerate(difference(before, now)):
                    self._post(account, entry.position, seq, movement)
                for seq, mark in enumerate(_changes(marked, said)):
                    self._mark(account, entry.position, seq, mark)
                before, marked = now, said
            if account.issued:
                self._corrected(account, done)

    def _corrected(self, account: Account, done: Sequence[Entry]) -> None:
        """What the account row says of an invoice whose founding entry may have been corrected."""
        issued = founding(done)
        promises = [
            entry.fact
            for _, entry in ordered(done)
            if isinstance(entry.fact, PaymentPromised | PromiseKept | PromiseBroken)
        ]
        account.promised = int(bool(promises) and isinstance(promises[-1], PaymentPromised))
        if issued:
            parts = issued.instalments
            due = due_ordinal(parts[0].due) if len(parts) == 1 else POOL
            if due != account.due:
                account.due, account.single = due, 0
            account.issued, account.total = issued.on.toordinal(), issued.total_cents
            account.performed = issued.performed_on.toordinal() if issued.performed_on else 0
            account.kinds = kinds_of(issued.creditor_kind, issued.debtor_kind)
            account.nature = issued.nature

    def _post(self, account: Account, position: int, seq: int, movement: Movement) -> None:
        due, effective, booked, source, cents, kind, net = movement
        if due != account.due:
            account.single = 0
        self._rows.append((account.no, position, seq, due, effective, booked, source, cents, KINDS.index(kind), net))

    def _mark(self, account: Account, position: int, seq: int, mark: Mark) -> None:
        self._marks.append((account.no, position, seq, MARKS.index(mark.what), *mark[1:]))

    def _write(self) -> None:
        run = self._db.executemany
        rows = sorted(
            row for account in self._accounts.values() if (row := row_of(account)) != self._before.get(account.no)
        )
        run(
            f"INSERT INTO account VALUES ({','.join('?' * len(FIELDS))}) ON CONFLICT (no) DO UPDATE SET "
            + ", ".join(f"{name} = excluded.{name}" for name in FIELDS[3:]),
            rows,
        )
        self._rows.sort()  # account, position and seq are unique: nothing after them is compared
        run("INSERT INTO movement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._rows)
        run("INSERT INTO mark VALUES (?, ?, ?, ?, ?, ?, ?, ?)", sorted(self._marks))
        run(
            """INSERT INTO span VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, due) DO UPDATE SET
            single = excluded.single,
            first_effective = min(first_effective, excluded.first_effective),
            last_effective = max(last_effective, excluded.last_effective),
            last_position = max(last_position, excluded.last_position), cents = cents + excluded.cents""",
            self._spans(),
        )
        several = [(account.no,) for account in self._accounts.values() if not account.single]
        run("UPDATE span SET single = 0 WHERE account = ? AND single", several)

    def _spans(self) -> Iterator[tuple[int, ...]]:
        """What the rows of the batch, in their order, come to by account and due day; a pair may come twice."""
        whose = {account.no: account for account in self._accounts.values()}
        last = day = 0
        first_on = last_on = first_at = last_at = cents = 0
        for no, position, _, due, effective, _, _, amount, _, _ in self._rows:
            if no == last and due == day:
                first_on, last_on = min(first_on, effective), max(last_on, effective)
                last_at, cents = position, cents + amount
                continue
            if last:
                account = whose[last]
                yield (
                    last,
                    day,
                    account.debtor,
                    int(account.single and day > 0),
                    first_on,
                    last_on,
                    first_at,
                    last_at,
                    cents,
                )
            last, day, first_on, last_on, first_at, last_at, cents = (
                no,
                due,
                effective,
                effective,
                position,
                position,
                amount,
            )
        if last:
            account = whose[last]
            yield (
                last,
                day,
                account.debtor,
                int(account.single and day > 0),
                first_on,
                last_on,
                first_at,
                last_at,
                cents,
            )


def _posted(account: Account, history: Sequence[Entry]) -> list[Movement]:
    if account.issued:
        return movements(history)
    return account_movements([entry.fact for entry in standing(history)])


def _changes(before: Sequence[Mark], after: Sequence[Mark]) -> list[Mark]:
    """Opposites of the marks that are gone, then the new ones; equal ones in both stay."""
    gone, new = list(before), []
    for mark in after:
        if mark in gone:
            gone.remove(mark)
        else:
            new.append(mark)
    return [mark._replace(source=0, amount=-mark.amount) for mark in gone] + new


def _entry(leaf: Leaf) -> Entry:
    raw = read_raw(leaf.state, leaf.position)
    return Entry(raw.version, read_fact(raw.type, bytes(raw.fact)), leaf.position, raw.act)


def _days(fact: Money | Issued) -> tuple[int, int]:
    return ordinal(fact.booked_on), ordinal(fact.source_known_on)
