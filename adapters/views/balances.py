"""Who is owed what at a corner of the two times: account by account, by debtor, in total.

Most accounts have one due day, and most are either untouched after a corner or not there yet: their spans tell at once. Movements
are summed only where the corner cuts a span; every movement is read only by booking days or by the source's knowledge.
"""

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final, Literal, NamedTuple

from adapters.store.mapper import read_fact, read_raw
from adapters.store.sqlite import SQLiteStore
from adapters.views.conditions import Chosen, known, values_of, when, whose
from adapters.views.lean import stream_of
from adapters.views.tables import MARKS
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
from projections.marks import DISPUTED

Parts = list[tuple[int, int]]
#: A balance goes through the whole table of spans: mapped, its pages are not copied. Folding goes without, to stay small.
_MAPPED: Final = "PRAGMA mmap_size = 1073741824"
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


class Balances:
    """What is owed at a corner, from views that were caught up."""

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
            where = whose("span.debtor", creditor, debtor)
            several: dict[int, tuple[int, Parts]] = {}
            for account, owner, place, cents in self._summed(scheme, corner, where, "0" if is_total else "debtor"):
                if account:
                    several.setdefault(account, (owner, []))[1].append((place, cents))
                else:
                    row(owner).cents[place] += cents
            for owner, parts in several.values():
                post(row(owner), day, parts)
        else:
            for _, owner, parts in self._by_account(corner, whose("account.debtor", creditor, debtor)):
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
        where, values = whose("account.debtor", creditor, debtor)
        if disputed:
            where += f""" AND span.account IN (SELECT account FROM mark WHERE what = {MARKS.index(DISPUTED)}
                AND {when(corner)} <= :day AND {known(corner)} GROUP BY account HAVING sum(amount) <> 0)"""
        for key, of, parts in self._by_account(corner, (where, values)):
            owner, creditor_of = names[of]
            yield Standing(stream_of(key), creditor_of, owner, parts)

    # Sums at a corner

    def _summed(
        self, scheme: Scheme, corner: Corner, chosen: Chosen, owner: str
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
        self._db.execute(_MAPPED)
        yield from self._db.execute(sql, values_of(corner) | values)

    def _by_account(self, corner: Corner, chosen: Chosen) -> Iterator[tuple[bytes, int, Parts]]:
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
        rows = sorted(self._db.execute(sql, values_of(corner) | values).fetchall())
        yield from _folded(rows)

    def _read_whole(self, corner: Corner, chosen: Chosen) -> Iterator[tuple[bytes, int, Parts]]:
        """The same at a corner that spans say nothing of: every movement is read.

        A fact that the source knew before its invoice is nothing yet, as in the fold of the domain.
        """
        where, values = chosen[0].replace("span.account", "account.no"), chosen[1]
        plain = "AND plain" if corner.known_on else ""
        sql = f"""SELECT account.no, movement.due, sum(CASE WHEN {when(corner)} <= :day THEN cents ELSE 0 END), key, debtor,
            sum(kind = 0 OR account.issued = 0) FROM account JOIN movement ON movement.account = account.no
            WHERE {known(corner)} {plain} {where} GROUP BY 1, 2 ORDER BY 1, 2"""
        for _, group in groupby(self._db.execute(sql, values_of(corner) | values), key=itemgetter(0)):
            rows = list(group)
            parts = [(row[1], row[2]) for row in rows if row[2]]
            if parts and any(row[5] for row in rows):
                yield rows[0][3], rows[0][4], parts
        if corner.known_on:
            yield from self._folded_again(corner, chosen)

    def _folded_again(self, corner: Corner, chosen: Chosen) -> Iterator[tuple[bytes, int, Parts]]:
        """Accounts whose facts do not post the same whatever came before, folded from those that the source knew."""
        where, values = chosen[0].replace("span.account", "account.no"), chosen[1]
        sql = f"SELECT key, debtor FROM account WHERE NOT plain {where} ORDER BY no"
        for key, debtor in self._db.execute(sql, values_of(corner) | values).fetchall():
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

    def _parties(self) -> dict[int, tuple[str, str]]:
        """Id and creditor's id of each party, by number."""
        rows = self._db.execute("SELECT no, id, creditor FROM party").fetchall()
        names = {no: id for no, id, _ in rows}
        return {no: (id, names.get(creditor, "")) for no, id, creditor in rows}


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


def _was_known(entry: Entry, corner: Corner) -> bool:
    said: dt.date | None = getattr(entry.fact, "source_known_on", None)
    return said <= corner.known_on if said and corner.known_on else entry.position <= corner.position


def _own(history: Sequence[Entry]) -> list[Movement]:
    return account_movements([entry.fact for entry in standing(history)])
