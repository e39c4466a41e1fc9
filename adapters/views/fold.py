"""One batch of the log into the views: plain facts are posted as they come, other histories as differences.

A history is *plain* while each of its facts posts the same whatever came before: it then costs a decoding and a row. One with
a write-off, a withdrawal of more than a conclusion, a reduction that names its instalment, or a dispute recorded out of its
order is posted as the difference between what its facts amount to before and after each command.
"""

import sqlite3
from collections.abc import Sequence
from itertools import groupby
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
from domain.history import Entry, founding, replay, standing
from projections.ledger import POOL, Movement, account_movements, difference, due_ordinal, movements
from projections.marks import BROKEN, DISPUTED, KEPT, Mark, marks

CHUNK: Final = 500

_FOUNDING: Final = "relance.InvoiceIssued.1"
_DEBTOR: Final = "relance.DebtorRegistered.1"
_WITHDRAWN: Final = "relance.EntryWithdrawn.1"
_OPENED: Final = "relance.DisputeOpened.1"
_SETTLED: Final = "relance.DisputeSettled.1"
_WRITTEN_OFF: Final = "relance.WrittenOff.1"
#: Stored types that move cents of an invoice, with the sign and the kind a plain history posts.
_MONEY: Final = {
    "relance.PaymentReceived.1": (-1, "payment"),
    "relance.PaymentReversed.1": (1, "reversal"),
    "relance.CreditNoteApplied.1": (-1, "credit"),
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
            if kind != _FOUNDING:
                account.ordinary = 0
            if not account.issued:
                self._own(account, position, event, slow)
            else:
                self._invoice(account, position, event, slow)
        self._repost(list(slow), after, upto)
        self._write()

    def _invoice(self, account: Account, position: int, event: Lean, slow: dict[str, None]) -> None:
        kind = event.type
        if kind in _MONEY:
            fact = read_money(event.fact)
            if account.plain and not fact.instalment:
                sign, word = _MONEY[kind]
                effective = max(ordinal(fact.on), account.issued)
                net = (
                    None
                    if kind != "relance.CreditNoteApplied.1" or fact.vat_cents is None
                    else fact.vat_cents - fact.cents
                )
                self._post(
                    account, position, 0, Movement(account.due, effective, *_days(fact), sign * fact.cents, word, net)
                )
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
        fact = read_issued(event.fact)
        account = Account(self._take(), key_of(event.stream), self._party(fact.debtor, fact.creditor))
        self._accounts[event.stream] = account
        account.issued = ordinal(fact.on)
        account.performed, account.nature = ordinal(fact.performed_on), fact.nature
        account.kinds = kinds_of(fact.creditor_kind, fact.debtor_kind)
        parts = fact.instalments
        account.total = sum(part.cents for part in parts)
        if len(parts) == 1:
            account.due = ordinal(parts[0].due)
        else:
            account.ordinary = account.single = 0
        net = sum(line.net_cents for line in fact.vat) if fact.vat else None
        days = (ordinal(fact.booked_on), ordinal(fact.source_known_on))
        for seq, part in enumerate(parts):
            due = ordinal(part.due)
            self._post(
                account,
                position,
                seq,
                Movement(due, account.issued, *days, part.cents, "invoice", net if seq == 0 else net and 0),
            )

    def _repost(self, slow: Sequence[str], after: int, upto: int) -> None:
        """Post histories that are not plain as differences, command by command, in place of what the loop posted."""
        if not slow:
            return
        again = {self._accounts[stream].no for stream in slow}
        self._rows = [row for row in self._rows if row[0] not in again]
        self._marks = [row for row in self._marks if row[0] not in again]
        for stream in slow:
            account = self._accounts[stream]
            entries = [_entry(leaf) for leaf in self._store.select_events(stream) if leaf.position <= upto]
            done = [entry for _, entry in entries if entry.position <= after]
            before, marked = _posted(account, done), marks(done) if account.issued else []
            for _, group in groupby((each for each in entries if each[1].position > after), key=lambda each: each[0]):
                told = [entry for _, entry in group]
                done += told
                if all(entry.fact.stored_type in _SILENT for entry in told):
                    continue
                now = _posted(account, done)
                for seq, movement in enumerate(difference(before, now)):
                    self._post(account, done[-1].position, seq, movement)
                before = now
                if account.issued:
                    said = marks(done)
                    for seq, mark in enumerate(_changes(marked, said)):
                        self._mark(account, done[-1].position, seq, mark)
                    marked = said
            if account.issued:
                self._corrected(account, done)

    def _corrected(self, account: Account, done: Sequence[Entry]) -> None:
        """What the account row says of an invoice whose founding entry may have been corrected."""
        invoice, issued = replay(done), founding(done)
        account.promised = int(invoice is not None and invoice.regions.arrangement == "promised")
        if issued:
            parts = issued.instalments
            account.due = due_ordinal(parts[0].due) if len(parts) == 1 else POOL
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
        rows = [row_of(account) for account in sorted(self._accounts.values(), key=lambda each: each.no)]
        names = FIELDS
        run(
            f"INSERT INTO account ({', '.join(names)}) VALUES ({','.join('?' * len(names))}) ON CONFLICT (no) DO UPDATE SET "
            + ", ".join(f"{name} = excluded.{name}" for name in names[3:]),
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

    def _spans(self) -> list[tuple[int, ...]]:
        """What the rows of the batch come to by account and due day."""
        whose = {account.no: (account.debtor, account.single) for account in self._accounts.values()}
        found: dict[tuple[int, int], list[int]] = {}
        for no, position, _, due, effective, _, _, cents, _, _ in self._rows:
            span = found.get((no, due))
            if span is None:
                found[no, due] = [effective, effective, position, position, cents]
                continue
            span[0] = min(span[0], effective)
            span[1] = max(span[1], effective)
            span[3] = position  # rows are in the order of their positions
            span[4] += cents
        rows = []
        for (no, due), span in sorted(found.items()):
            debtor, single = whose[no]
            rows.append((no, due, debtor, int(single and due > 0), *span))
        return rows


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


def _entry(leaf: Leaf) -> tuple[str, Entry]:
    raw = read_raw(leaf.state, leaf.position)
    return raw.command, Entry(raw.version, read_fact(raw.type, bytes(raw.fact)), leaf.position, raw.act)


def _days(fact: Money | Issued) -> tuple[int, int]:
    return ordinal(fact.booked_on), ordinal(fact.source_known_on)
