"""Views beside the log: movements and spans, folded by one loop, dropped and rebuilt at will. They hold no name.

The loop reads raw rows, decodes the envelope alone, and posts plain facts directly; a history with a withdrawal, a
write-off or several instalments is posted as the difference between its movements before and after each command.
"""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from adapters.store.mapper import Leaf, read_fact, read_raw
from adapters.store.sqlite import SQLiteStore
from domain.history import Entry, replay, standing
from projections.ageing import Aged, Scheme, aged, post
from projections.ledger import POOL, UNKNOWN_DAY, Movement, account_movements, difference, movements

VERSION: Final = 1
BATCH: Final = 50_000
_EPOCH: Final = dt.date(1, 1, 1).toordinal()

_SCHEMA: Final = """
CREATE TABLE account (no INTEGER PRIMARY KEY, stream TEXT NOT NULL UNIQUE, creditor TEXT NOT NULL, debtor TEXT NOT NULL,
    issued INTEGER NOT NULL, due INTEGER NOT NULL, plain INTEGER NOT NULL, version INTEGER NOT NULL,
    promised INTEGER NOT NULL) STRICT;
CREATE INDEX account_debtor ON account (debtor);
CREATE TABLE movement (account INTEGER NOT NULL, position INTEGER NOT NULL, seq INTEGER NOT NULL, due INTEGER NOT NULL,
    effective INTEGER NOT NULL, booked INTEGER NOT NULL, source INTEGER NOT NULL, cents INTEGER NOT NULL, kind TEXT NOT NULL,
    PRIMARY KEY (account, position, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE span (account INTEGER NOT NULL, due INTEGER NOT NULL, first_effective INTEGER NOT NULL,
    last_effective INTEGER NOT NULL, first_position INTEGER NOT NULL, last_position INTEGER NOT NULL, cents INTEGER NOT NULL,
    PRIMARY KEY (account, due)) STRICT, WITHOUT ROWID;
CREATE TABLE tracking (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""


class _Lean(msgspec.Struct):
    """The envelope as the loop needs it."""

    command: str
    fact: dict[str, Any]
    stream: str
    type: str
    version: int


_decode: Final = msgspec.json.Decoder(_Lean).decode

#: Stored types that move cents of an invoice, with the sign and the kind a plain history posts.
_PLAIN: Final = {
    "relance.PaymentReceived.1": (-1, "payment"),
    "relance.PaymentReversed.1": (1, "reversal"),
    "relance.CreditNoteApplied.1": (-1, "credit"),
}
_FOUNDING: Final = "relance.InvoiceIssued.1"
_ACCOUNT: Final = frozenset({"relance.MoneyReceived.1", "relance.MoneyAllocated.1", "relance.CreditGranted.1"})
_PROMISE: Final = {"relance.PaymentPromised.1": 1, "relance.PromiseKept.1": 0, "relance.PromiseBroken.1": 0}
_NOT_PLAIN: Final = frozenset({"relance.EntryWithdrawn.1", "relance.WrittenOff.1"})


class _Account:
    """An account under the fold."""

    __slots__ = ("creditor", "debtor", "due", "issued", "no", "plain", "promised", "stream", "version")

    def __init__(
        self,
        no: int,
        stream: str,
        creditor: str,
        debtor: str,
        issued: int,
        due: int,
        plain: int,
        version: int,
        promised: int = 0,
    ) -> None:
        self.no, self.stream, self.creditor, self.debtor = no, stream, creditor, debtor
        self.issued, self.due, self.plain, self.version = issued, due, plain, version
        self.promised = promised

    def row(self) -> tuple[int, str, str, str, int, int, int, int, int]:
        """The row of the table."""
        return (
            self.no,
            self.stream,
            self.creditor,
            self.debtor,
            self.issued,
            self.due,
            self.plain,
            self.version,
            self.promised,
        )


class Views:
    """The views of one store."""

    def __init__(self, path: Path, store: SQLiteStore) -> None:
        self._path, self._store = path, store
        self._db = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            return self._opened()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            self._path.unlink()  # damaged: nothing is lost, the log rebuilds it
            return self._opened()

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, isolation_level=None, timeout=30)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = OFF")  # can be rebuilt
        db.execute("PRAGMA cache_size = -65536")
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'tracking'").fetchone():
            db.executescript(f"BEGIN; {_SCHEMA} COMMIT")
            db.executemany("INSERT OR IGNORE INTO tracking VALUES (?, ?)", [("position", 0), ("version", VERSION)])
        elif db.execute("SELECT value FROM tracking WHERE name = 'version'").fetchone() != (VERSION,):
            db.close()
            self._path.unlink()
            return self._opened()
        return db

    @property
    def position(self) -> int:
        """The position of the log at which the views stand."""
        return int(self._db.execute("SELECT value FROM tracking WHERE name = 'position'").fetchone()[0])

    def catch_up(self, *, batch: int = BATCH, progress: Callable[[int], None] | None = None) -> int:
        """Fold the events recorded since; rows and position in the same transaction.

        Returns:
            The position reached.
        """
        position = self.position
        while (head := self._store.position()) > position:
            upto = self._store.end_of_command(min(position + batch, head))  # a batch never ends inside a command
            self._db.execute("BEGIN IMMEDIATE")
            try:
                if self.position != position:  # another reader was quicker
                    self._db.execute("ROLLBACK")
                    position = self.position
                    continue
                _Fold(self._db, self._store).run(position, upto)
                self._db.execute("UPDATE tracking SET value = ? WHERE name = 'position'", (upto,))
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            position = upto
            if progress:
                progress(position)
        return position

    def ageing(
        self, scheme: Scheme, as_of: dt.date, position: int, *, debtor: str | None = None
    ) -> Iterator[tuple[str, str, Aged]]:
        """Stream, debtor and row of every account that is not nil on a day, as known at a position."""
        day = as_of.toordinal()
        for owner, stream, parts in self._by_account(day, position, debtor):
            row = aged(scheme, day, parts)
            if any(row.cents):
                yield stream, owner, row

    def ageing_by(
        self, key: Literal["debtor", "total"], scheme: Scheme, as_of: dt.date, position: int
    ) -> dict[str, Aged]:
        """One row for each debtor of whom an account is not nil on a day, as known at a position; or one row for all."""
        day = as_of.toordinal()
        rows: dict[str, Aged] = {}
        for owner, _, parts in self._by_account(
            day, position, None, "debtor, ''" if key == "debtor" else "'total', ''"
        ):
            row = rows.get(owner)
            if row is None:
                row = rows[owner] = Aged(scheme)
            post(row, day, parts)
        return {owner: row for owner, row in rows.items() if any(row.cents)}

    def _by_account(
        self, day: int, position: int, debtor: str | None, labels: str = "debtor, stream"
    ) -> Iterator[tuple[str, str, list[tuple[int, int]]]]:
        """Two labels of each account that is not nil, its debtor and stream unless others are asked for, and its (due, cents)."""
        last, owner, stream = 0, "", ""
        parts: list[tuple[int, int]] = []
        for no, due, cents, of, name in self._parts(day, position, debtor, labels):
            if no == last:
                parts.append((due, cents))
                continue
            if parts:
                yield owner, stream, parts
            last, owner, stream, parts = no, of, name, [(due, cents)]
        if parts:
            yield owner, stream, parts

    def _parts(self, day: int, position: int, debtor: str | None, labels: str) -> list[tuple[int, int, int, str, str]]:
        """(account, due, cents, two labels) not nil at the corner: whole spans where nothing came after, sums of movements else."""
        chosen = "AND debtor = :debtor" if debtor else ""
        whole = f"""SELECT account, span.due, cents, {labels} FROM span JOIN account ON no = account
            WHERE cents <> 0 AND last_effective <= :day AND last_position <= :position {chosen}"""  # noqa: S608 - ours
        cut = f"""SELECT span.account, span.due, sum(movement.cents) AS cents, {labels}
            FROM span JOIN account ON no = span.account CROSS JOIN movement
            ON movement.account = span.account AND movement.due = span.due
            AND movement.effective <= :day AND movement.position <= :position
            WHERE first_effective <= :day AND first_position <= :position
            AND (last_effective > :day OR last_position > :position) {chosen}
            GROUP BY span.account, span.due HAVING sum(movement.cents) <> 0"""  # noqa: S608 - ours
        values = {"day": day, "position": position, "debtor": debtor}
        return sorted(self._db.execute(whole, values).fetchall() + self._db.execute(cut, values).fetchall())

    def open_accounts(self, *, debtor: str | None = None) -> list[tuple[str, int, int]]:
        """Stream, version and earliest due day (ordinal, nil when not known) of invoices not nil at the newest position."""
        chosen = "AND account.debtor = ?" if debtor else ""
        return self._db.execute(
            f"""SELECT stream, version, min(CASE WHEN span.due > 0 THEN span.due END) FROM span
            JOIN account ON account.no = span.account WHERE span.cents <> 0 AND stream LIKE 'invoice:%' {chosen}
            GROUP BY span.account ORDER BY 3, stream""",  # noqa: S608 - ours
            (debtor,) if debtor else (),
        ).fetchall()

    def promised(self) -> list[str]:
        """The invoices whose debtor promised, the promise neither kept nor broken yet."""
        return [row[0] for row in self._db.execute("SELECT stream FROM account WHERE promised ORDER BY stream")]

    def invoices_of(self, debtor: str) -> list[str]:
        """The invoice streams of a debtor, by issue day."""
        rows = self._db.execute(
            "SELECT stream FROM account WHERE debtor = ? AND stream LIKE 'invoice:%' ORDER BY issued, no", (debtor,)
        )
        return [row[0] for row in rows]

    def movements_of(self, stream: str) -> list[tuple[int, Movement]]:
        """Position and movement of one account, in order."""
        rows = self._db.execute(
            """SELECT position, movement.due, effective, booked, source, cents, kind FROM movement
            JOIN account ON account.no = movement.account WHERE stream = ? ORDER BY position, seq""",
            (stream,),
        )
        return [(row[0], Movement(*row[1:])) for row in rows]

    def drop(self) -> None:
        """Throw the views away; the next catch-up builds them anew."""
        self._db.close()
        self._path.unlink()
        self._db = self._open()

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class _Fold:
    """One batch."""

    def __init__(self, db: sqlite3.Connection, store: SQLiteStore) -> None:
        self._db, self._store = db, store
        self._accounts: dict[str, _Account] = {}
        self._next = int(db.execute("SELECT coalesce(max(no), 0) + 1 FROM account").fetchone()[0])
        self._rows: list[tuple[int, int, int, int, int, int, int, int, str]] = []
        self._spans: dict[tuple[int, int], list[int]] = {}

    def run(self, after: int, upto: int) -> None:
        """Fold the positions of a batch and write what it touched."""
        slow: dict[str, None] = {}
        for position, stored in self._store.rows(after, upto):
            event = _decode(stored)
            kind, stream = event.type, event.stream
            account = self._accounts.get(stream) or (self._load(stream) if event.version > 1 else None)
            if kind == _FOUNDING and account is None:
                self._found(position, event)
                if not self._accounts[stream].plain:
                    slow[stream] = None
                continue
            if account is None:
                if kind not in _ACCOUNT:
                    continue
                debtor = stream.partition(":")[2]
                account = self._accounts[stream] = _Account(self._take(), stream, "", debtor, 0, POOL, 1, 0)
            account.version = event.version
            account.promised = _PROMISE.get(kind, account.promised)
            if account.plain and (kind in _ACCOUNT or (kind in _PLAIN and not account.issued)):
                for movement in account_movements([read_fact(kind, msgspec.json.encode(event.fact))]):
                    self._post(account.no, position, 0, movement)
            elif kind in _NOT_PLAIN or (kind in _PLAIN and event.fact.get("instalment")):
                account.plain = 0
                slow[stream] = None
            elif kind in _PLAIN and account.plain:
                sign, word = _PLAIN[kind]
                self._plain(account, position, event.fact, sign, word)
            elif kind in _PLAIN or kind in _ACCOUNT:
                slow[stream] = None
        for stream in slow:
            self._repost(self._accounts[stream], after, upto)
        self._write()

    def _take(self) -> int:
        self._next += 1
        return self._next - 1

    def _load(self, stream: str) -> _Account | None:
        row = self._db.execute("SELECT * FROM account WHERE stream = ?", (stream,)).fetchone()
        if row is None:
            return None
        account = self._accounts[stream] = _Account(*row)
        return account

    def _found(self, position: int, event: _Lean) -> None:
        fact, parts = event.fact, event.fact["instalments"]
        issued = _ordinal(fact["on"])
        due = _ordinal(parts[0].get("due")) if len(parts) == 1 else POOL
        plain = int(len(parts) == 1)
        account = _Account(
            self._take(), event.stream, fact["creditor"], fact["debtor"], issued, due, plain, event.version
        )
        self._accounts[event.stream] = account
        if plain:
            days = (_ordinal(fact.get("booked_on")), _ordinal(fact.get("source_known_on")))
            self._post(account.no, position, 0, Movement(due, issued, *days, parts[0]["cents"], "invoice"))

    def _plain(self, account: _Account, position: int, fact: dict[str, Any], sign: int, kind: str) -> None:
        effective = max(_ordinal(fact["on"]), account.issued)
        days = (_ordinal(fact.get("booked_on")), _ordinal(fact.get("source_known_on")))
        self._post(account.no, position, 0, Movement(account.due, effective, *days, sign * fact["cents"], kind))

    def _repost(self, account: _Account, after: int, upto: int) -> None:
        """Post a history that is not plain as differences, command by command, in place of what the loop posted."""
        self._rows = [row for row in self._rows if row[0] != account.no]
        for key in [key for key in self._spans if key[0] == account.no]:
            del self._spans[key]
        entries = [_entry(leaf) for leaf in self._store.select_events(account.stream) if leaf.position <= upto]
        posted = movements if account.stream.startswith("invoice:") else _of_account
        before = posted([entry for _, entry in entries if entry.position <= after])
        done = [entry for _, entry in entries if entry.position <= after]
        for _, group in groupby((each for each in entries if each[1].position > after), key=lambda each: each[0]):
            done += [entry for _, entry in group]
            now = posted(done)
            for seq, movement in enumerate(difference(before, now)):
                self._post(account.no, done[-1].position, seq, movement)
            before = now
        invoice = replay(done) if account.stream.startswith("invoice:") else None
        account.promised = int(invoice is not None and invoice.regions.arrangement == "promised")
        latest = [entry.fact for entry in done if getattr(entry.fact, "instalments", None)]
        if latest:
            parts = latest[-1].instalments  # type: ignore[attr-defined]
            account.due = (parts[0].due.toordinal() if parts[0].due else UNKNOWN_DAY) if len(parts) == 1 else POOL
            account.plain = 0

    def _post(self, no: int, position: int, seq: int, movement: Movement) -> None:
        due, effective, booked, source, cents, kind = movement
        self._rows.append((no, position, seq, due, effective, booked, source, cents, kind))
        span = self._spans.get((no, due))
        if span is None:
            self._spans[no, due] = [effective, effective, position, position, cents]
            return
        span[0] = min(span[0], effective)
        span[1] = max(span[1], effective)
        span[3] = max(span[3], position)
        span[2] = min(span[2], position)
        span[4] += cents

    def _write(self) -> None:
        run = self._db.executemany
        run(
            "INSERT OR REPLACE INTO account VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [account.row() for account in self._accounts.values()],
        )
        run("INSERT INTO movement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", sorted(self._rows))
        run(
            """INSERT INTO span VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, due) DO UPDATE SET
            first_effective = min(first_effective, excluded.first_effective),
            last_effective = max(last_effective, excluded.last_effective),
            last_position = max(last_position, excluded.last_position), cents = cents + excluded.cents""",
            sorted((*key, *span) for key, span in self._spans.items()),
        )


def _of_account(history: Sequence[Entry]) -> list[Movement]:
    return account_movements([entry.fact for entry in standing(history)])


def _entry(leaf: Leaf) -> tuple[str, Entry]:
    raw = read_raw(leaf.state, leaf.position)
    return raw.command, Entry(raw.version, read_fact(raw.type, bytes(raw.fact)), leaf.position, raw.act)


def _ordinal(day: str | None) -> int:
    return dt.date.fromisoformat(day).toordinal() if day else 0
