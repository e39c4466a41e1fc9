"""What the views are asked: who is owed what at a corner of the two times, what moved, what is disputed, who is whose."""

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, Literal, NamedTuple

from adapters.store.mapper import read_fact, read_raw
from adapters.store.sqlite import SQLiteStore
from adapters.views.lean import key_of, kinds_named, stream_of
from adapters.views.tables import KINDS, MARKS
from domain.facts.invoicing import (
    CreditNoteApplied,
    EntryWithdrawn,
    InvoiceIssued,
    PaymentReceived,
    PaymentReversed,
    WrittenOff,
)
from domain.history import Entry, standing
from projections.ageing import CREDITS_COLUMN, Aged, Scheme, aged, post
from projections.corner import Corner
from projections.ledger import Movement, account_movements, movements
from projections.marks import BROKEN, DISPUTED, KEPT

Parts = list[tuple[int, int]]
SALES: Final = (KINDS.index("invoice"), KINDS.index("credit"))
_Chosen = tuple[str, dict[str, Any]]
#: Spans after which nothing came up to the corner, not nil.
_WHOLE: Final = "cents <> 0 AND last_effective <= :day AND last_position <= :position"
#: Movements of the spans that the corner cuts.
_CUT: Final = """CROSS JOIN movement ON movement.account = span.account AND movement.due = span.due
    AND movement.effective <= :day AND movement.position <= :position
    WHERE first_effective <= :day AND first_position <= :position
    AND (last_effective > :day OR last_position > :position)"""
_MONEY: Final = (InvoiceIssued, PaymentReceived, PaymentReversed, CreditNoteApplied, WrittenOff, EntryWithdrawn)


class Standing(NamedTuple):
    """An account that is not nil, by stream and parties, with its (due day, cents)."""

    stream: str
    creditor: str
    debtor: str
    parts: Parts


class Moved(NamedTuple):
    """A movement of an account, with the position that recorded it."""

    stream: str
    creditor: str
    debtor: str
    position: int
    movement: Movement


class Sale(NamedTuple):
    """Invoices less credit notes of a day (ordinal): in all, without VAT, and what of the whole has no VAT on record."""

    day: int
    gross_cents: int
    net_cents: int
    without_net_cents: int


class Invoiced(NamedTuple):
    """An invoice as the views know it at their own position. Days are ordinals, nil where none is known."""

    stream: str
    creditor: str
    debtor: str
    issued: int
    due: int
    performed: int
    creditor_kind: str
    debtor_kind: str
    nature: str | None
    total_cents: int
    ordinary: bool


class Questions:
    """The reading side: everything rests on `corner`, and on views that were caught up."""

    _db: sqlite3.Connection
    _store: SQLiteStore

    # Aged balance

    def ageing(
        self, scheme: Scheme, corner: Corner, *, creditor: str | None = None, debtor: str | None = None
    ) -> Iterator[tuple[str, str, Aged]]:
        """Stream, debtor and row of every account that is not nil at a corner."""
        day = corner.as_of.toordinal()
        for each in self.standing(corner, creditor=creditor, debtor=debtor):
            row = aged(scheme, day, each.parts)
            if any(row.cents):
                yield each.stream, each.debtor, row

    def ageing_by(
        self, key: Literal["debtor", "total"], scheme: Scheme, corner: Corner, *, creditor: str | None = None,
        debtor: str | None = None,
    ) -> dict[str, Aged]:  # fmt: skip
        """One row for each debtor of whom an account is not nil at a corner; or one row for all, named `total`."""
        day, rows = corner.as_of.toordinal(), dict[int, Aged]()

        def row(owner: int) -> Aged:
            if owner not in rows:
                rows[owner] = Aged(scheme)
            return rows[owner]

        is_total = key == "total"
        if corner.is_plain:
            where = _chosen("span.debtor", creditor, debtor)
            several: dict[int, tuple[int, Parts]] = {}
            for account, owner, place, cents in self._summed(scheme, corner, where, "0" if is_total else "debtor"):
                if account:
                    several.setdefault(account, (owner, []))[1].append((place, cents))
                else:
                    row(owner).cents[place] += cents
            for owner, parts in several.values():
                post(row(owner), day, parts)
        else:
            for _, owner, parts in self._by_account(corner, _chosen("account.debtor", creditor, debtor)):
                post(row(0 if is_total else owner), day, parts)
        found = {owner: aged_row for owner, aged_row in rows.items() if any(aged_row.cents)}
        if is_total:
            return {"total": found[0]} if found else {}
        names = self._parties()
        return {names[owner][0]: aged_row for owner, aged_row in found.items()}

    def standing(
        self, corner: Corner, *, creditor: str | None = None, debtor: str | None = None, disputed: bool = False
    ) -> Iterator[Standing]:
        """Every account that is not nil at a corner, or of those only that were ever disputed."""
        names = self._parties()
        where, values = _chosen("account.debtor", creditor, debtor)
        if disputed:
            where += f""" AND span.account IN (SELECT account FROM mark WHERE what = {MARKS.index(DISPUTED)}
                AND {_when(corner)} <= :day AND {_known(corner)} GROUP BY account HAVING sum(amount) <> 0)"""
        for key, of, parts in self._by_account(corner, (where, values)):
            owner, creditor_of = names[of]
            yield Standing(stream_of(key), creditor_of, owner, parts)

    # Sums at a corner

    def _summed(
        self, scheme: Scheme, corner: Corner, chosen: _Chosen, owner: str
    ) -> Iterator[tuple[int, int, int, int]]:
        """(0, owner, column, cents) of all accounts of one due day together; (account, owner, due day, cents) of each other.

        The columns are those of the scheme; what is in credit goes to theirs.
        """
        where, values = chosen
        cases = " ".join(f"WHEN :day - due <= {highest} THEN {n}" for n, highest in enumerate(scheme.highest))
        column = (
            f"CASE WHEN cents < 0 THEN {scheme.columns.index(CREDITS_COLUMN)} {cases} ELSE {len(scheme.highest)} END"
        )
        sql = f"""WITH cut AS MATERIALIZED (
                SELECT span.account, span.due, span.debtor, span.single, sum(movement.cents) AS cents FROM span {_CUT} {where}
                GROUP BY span.account, span.due HAVING sum(movement.cents) <> 0)
            SELECT 0, {owner} AS owner, {column} AS place, sum(cents) FROM (
                SELECT debtor, due, cents FROM span WHERE single AND {_WHOLE} {where}
                UNION ALL SELECT debtor, due, cents FROM cut WHERE single) GROUP BY owner, place
            UNION ALL SELECT account, {owner}, due, cents FROM span INDEXED BY span_several WHERE NOT single AND {_WHOLE} {where}
            UNION ALL SELECT account, {owner}, due, cents FROM cut WHERE NOT single"""
        yield from self._db.execute(sql, _values(corner) | values)

    def _by_account(self, corner: Corner, chosen: _Chosen) -> Iterator[tuple[bytes, int, Parts]]:
        """Key, debtor and (due, cents) of each account that is not nil at the corner."""
        where, values = chosen
        if not corner.is_plain:
            yield from self._read_whole(corner, chosen)
            return
        # whole spans where nothing came after the corner, sums of movements else
        sql = f"""SELECT account.no, span.due, cents, key, account.debtor
                FROM span CROSS JOIN account ON account.no = span.account WHERE {_WHOLE} {where}
            UNION ALL SELECT account.no, span.due, sum(movement.cents), key, account.debtor
                FROM span CROSS JOIN account ON account.no = span.account {_CUT} {where} GROUP BY span.account, span.due
                HAVING sum(movement.cents) <> 0"""
        rows = sorted(self._db.execute(sql, _values(corner) | values).fetchall())
        yield from _folded(rows)

    def _read_whole(self, corner: Corner, chosen: _Chosen) -> Iterator[tuple[bytes, int, Parts]]:
        """The same at a corner that spans say nothing of: every movement is read.

        A fact that the source knew before its invoice is nothing yet, as in the fold of the domain.
        """
        where, values = chosen[0].replace("span.account", "account.no"), chosen[1]
        plain = "AND plain" if corner.known_on else ""
        sql = f"""SELECT account.no, movement.due, sum(CASE WHEN {_when(corner)} <= :day THEN cents ELSE 0 END), key, debtor,
            sum(kind = 0 OR account.issued = 0) FROM account JOIN movement ON movement.account = account.no
            WHERE {_known(corner)} {plain} {where} GROUP BY 1, 2 ORDER BY 1, 2"""
        for _, group in groupby(self._db.execute(sql, _values(corner) | values), key=itemgetter(0)):
            rows = list(group)
            parts = [(row[1], row[2]) for row in rows if row[2]]
            if parts and any(row[5] for row in rows):
                yield rows[0][3], rows[0][4], parts
        if corner.known_on:
            yield from self._folded_again(corner, chosen)

    def _folded_again(self, corner: Corner, chosen: _Chosen) -> Iterator[tuple[bytes, int, Parts]]:
        """Accounts whose facts do not post the same whatever came before, folded from those that the source knew."""
        where, values = chosen[0].replace("span.account", "account.no"), chosen[1]
        sql = f"SELECT key, debtor FROM account WHERE NOT plain {where} ORDER BY no"
        for key, debtor in self._db.execute(sql, _values(corner) | values).fetchall():
            history = [entry for entry in self._entries(stream_of(key)) if _was_known(entry, corner)]
            posted = movements(history) if key[:1] == b"i" else _own(history)
            sums: dict[int, int] = {}
            for each in posted:
                when = each.booked if corner.basis == "booked" and each.booked else each.effective
                if when <= corner.as_of.toordinal():
                    sums[each.due] = sums.get(each.due, 0) + each.cents
            parts = sorted((due, cents) for due, cents in sums.items() if cents)
            if parts:
                yield key, debtor, parts

    def _entries(self, stream: str) -> list[Entry]:
        """The entries of a stream that bear on its cents."""
        found = []
        for leaf in self._store.select_events(stream):
            raw = read_raw(leaf.state, leaf.position)
            fact = read_fact(raw.type, bytes(raw.fact))
            if stream.startswith("debtor:") or isinstance(fact, _MONEY):
                found.append(Entry(raw.version, fact, leaf.position, raw.act))
        return found

    # Movements, marks, sales

    def movements(
        self, corner: Corner, *, since: dt.date | None = None, kinds: Sequence[str] | None = None,
        creditor: str | None = None, debtor: str | None = None,
    ) -> Iterator[Moved]:  # fmt: skip
        """The movements of days after `since` up to the corner's, known at its position, account by account."""
        names = self._parties()
        where, values = _chosen("account.debtor", creditor, debtor)
        rows = self._db.execute(
            f"""SELECT key, debtor, position, movement.due, effective, booked, source, cents, kind, net
            FROM account JOIN movement ON movement.account = account.no
            WHERE {_when(corner)} <= :day AND {_when(corner)} > :since AND {_known(corner)} {_of_kinds(kinds)} {where}
            ORDER BY account.no, position, seq""",
            _values(corner) | values | {"since": since.toordinal() if since else -1},
        )
        for key, of, position, *moved in rows:
            yield Moved(stream_of(key), names[of][1], names[of][0], position, _movement(moved))

    def sales(
        self, corner: Corner, since: dt.date, *, creditor: str | None = None, debtor: str | None = None
    ) -> list[Sale]:
        """Invoices less credit notes, for each day after `since` up to the corner's that has any."""
        where, values = _chosen("account.debtor", creditor, debtor)
        rows = self._db.execute(
            f"""SELECT {_when(corner)}, sum(cents), sum(coalesce(net, 0)), sum(CASE WHEN net IS NULL THEN cents ELSE 0 END)
            FROM movement {"JOIN account ON account.no = movement.account" if where else ""}
            WHERE {_when(corner)} <= :day AND {_when(corner)} > :since AND {_known(corner)} AND kind IN {SALES} {where}
            GROUP BY 1 ORDER BY 1""",
            _values(corner) | values | {"since": since.toordinal()},
        )
        return [Sale(*row) for row in rows]

    def disputed(self, corner: Corner, *, creditor: str | None = None, debtor: str | None = None) -> dict[str, int]:
        """What is disputed of each invoice, in cents, as the dispute said."""
        return {stream: cents for stream, _, _, cents in self._marked(corner, (DISPUTED,), creditor, debtor)}

    def promises(self, corner: Corner, *, creditor: str | None = None) -> dict[str, tuple[int, int]]:
        """How many promises each debtor kept, and broke."""
        found: dict[str, tuple[int, int]] = {}
        for _, debtor, what, count in self._marked(corner, (KEPT, BROKEN), creditor, None):
            kept, broken = found.get(debtor, (0, 0))
            found[debtor] = (kept + count, broken) if what == KEPT else (kept, broken + count)
        return found

    def _marked(
        self, corner: Corner, what: Sequence[str], creditor: str | None, debtor: str | None
    ) -> Iterator[tuple[str, str, str, int]]:
        names = self._parties()
        where, values = _chosen("account.debtor", creditor, debtor)
        rows = self._db.execute(
            f"""SELECT key, debtor, what, sum(amount) FROM mark JOIN account ON account.no = mark.account
            WHERE {_when(corner)} <= :day AND {_known(corner)}
            AND what IN ({",".join(str(MARKS.index(each)) for each in what)}) {where}
            GROUP BY account.no, what HAVING sum(amount) <> 0""",
            _values(corner) | values,
        )
        for key, of, kind, amount in rows:
            yield stream_of(key), names[of][0], MARKS[kind], amount

    def touched(self, after: int, upto: int) -> dict[str, str]:
        """The accounts that moved at positions after one, up to another, each with its debtor."""
        names = self._parties()
        rows = self._db.execute(
            """SELECT key, debtor FROM account WHERE no IN (SELECT account FROM span WHERE last_position > ?) AND EXISTS
            (SELECT 1 FROM movement WHERE account = account.no AND position > ? AND position <= ?) ORDER BY no""",
            (after, after, upto),
        )
        return {stream_of(key): names[of][0] for key, of in rows}

    # Lists

    @property
    def is_empty(self) -> bool:
        """Nothing was ever owed to anybody."""
        return self._db.execute("SELECT 1 FROM account LIMIT 1").fetchone() is None

    def first_issue(self) -> dt.date | None:
        """The earliest issue day on record."""
        (first,) = self._db.execute("SELECT min(issued) FROM account WHERE issued > 0").fetchone()
        return dt.date.fromordinal(first) if first else None

    def invoices(self, *, creditor: str | None = None, debtor: str | None = None) -> Iterator[Invoiced]:
        """Every invoice, in the order of its recording, as known at the views' own position."""
        names = self._parties()
        where, values = _chosen("debtor", creditor, debtor)
        rows = self._db.execute(
            f"""SELECT key, debtor, issued, due, performed, kinds, nature, total,
            ordinary AND NOT EXISTS (SELECT 1 FROM span WHERE account = no AND last_position > first_position) FROM account
            WHERE issued > 0 {where} ORDER BY no""",
            values,
        )
        for key, of, issued, due, performed, kinds, nature, total, ordinary in rows:
            owner, creditor_of = names[of]
            mine, theirs = kinds_named(kinds)
            yield Invoiced(stream_of(key), creditor_of, owner, issued, due, performed, mine, theirs,
                           nature, total, bool(ordinary))  # fmt: skip

    def open_accounts(self, *, debtor: str | None = None) -> list[tuple[str, int, int | None]]:
        """Stream, version in the log and earliest due day (ordinal, null when not known) of invoices not nil at the head."""
        where, values = _chosen("account.debtor", None, debtor)
        rows = self._db.execute(
            f"""SELECT key, min(CASE WHEN span.due > 0 THEN span.due END) AS first FROM span
            JOIN account ON account.no = span.account WHERE span.cents <> 0 AND issued > 0 {where}
            GROUP BY span.account ORDER BY first, key""",
            values,
        )
        found = [(stream_of(key), due) for key, due in rows]
        return [(stream, self._store.version_of(stream), due) for stream, due in found]

    def promised(self) -> list[str]:
        """The invoices whose debtor promised, the promise neither kept nor broken yet."""
        return [stream_of(row[0]) for row in self._db.execute("SELECT key FROM account WHERE promised ORDER BY key")]

    def invoices_of(self, debtor: str) -> list[str]:
        """The invoice streams of a debtor, by issue day."""
        where, values = _chosen("debtor", None, debtor)
        rows = self._db.execute(
            f"SELECT key FROM account WHERE issued > 0 {where} ORDER BY issued, no",
            values,
        )
        return [stream_of(row[0]) for row in rows]

    def movements_of(self, stream: str) -> list[tuple[int, Movement]]:
        """Position and movement of one account, in order."""
        rows = self._db.execute(
            """SELECT position, movement.due, effective, booked, source, cents, kind, net FROM movement
            JOIN account ON account.no = movement.account WHERE key = ? ORDER BY position, seq""",
            (key_of(stream),),
        )
        return [(row[0], _movement(row[1:])) for row in rows]

    def _parties(self) -> dict[int, tuple[str, str]]:
        """Id and creditor's id of each party, by number."""
        rows = self._db.execute("SELECT no, id, creditor FROM party").fetchall()
        names = {no: id for no, id, _ in rows}
        return {no: (id, names.get(creditor, "")) for no, id, creditor in rows}


def _values(corner: Corner) -> dict[str, Any]:
    known = corner.known_on.toordinal() if corner.known_on else 0
    return {"day": corner.as_of.toordinal(), "position": corner.position, "known": known}


def _when(corner: Corner) -> str:
    return "CASE WHEN booked > 0 THEN booked ELSE effective END" if corner.basis == "booked" else "effective"


def _known(corner: Corner) -> str:
    if corner.known_on:
        return "(source > 0 AND source <= :known OR source = 0 AND position <= :position)"
    return "position <= :position"


def _of_kinds(kinds: Sequence[str] | None) -> str:
    return "" if kinds is None else f"AND kind IN ({','.join(str(KINDS.index(each)) for each in kinds)})"


def _chosen(column: str, creditor: str | None, debtor: str | None) -> _Chosen:
    """The condition on a column of debtors, and its values."""
    where, values = "", dict[str, Any]()
    if debtor:
        where, values = f"AND {column} = (SELECT no FROM party WHERE id = :debtor)", {"debtor": debtor}
    if creditor:
        where += f" AND {column} IN (SELECT no FROM party WHERE creditor = (SELECT no FROM party WHERE id = :creditor))"
        values |= {"creditor": creditor}
    return where, values


def _folded(rows: Sequence[tuple[int, int, int, bytes, int]]) -> Iterator[tuple[bytes, int, Parts]]:
    """Rows in the order of their accounts, folded account by account."""
    last, key, debtor = 0, b"", 0
    parts: Parts = []
    for no, due, cents, of, owner in rows:
        if no == last:
            parts.append((due, cents))
            continue
        if parts:
            yield key, debtor, parts
        last, key, debtor, parts = no, of, owner, [(due, cents)]
    if parts:
        yield key, debtor, parts


def _movement(row: Sequence[Any]) -> Movement:
    due, effective, booked, source, cents, kind, net = row
    return Movement(due, effective, booked, source, cents, KINDS[kind], net)


def _was_known(entry: Entry, corner: Corner) -> bool:
    said: dt.date | None = getattr(entry.fact, "source_known_on", None)
    return said <= corner.known_on if said and corner.known_on else entry.position <= corner.position


def _own(history: Sequence[Entry]) -> list[Movement]:
    return account_movements([entry.fact for entry in standing(history)])
