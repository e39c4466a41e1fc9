"""What else the views are asked at a corner: what moved, what was sold, what is disputed, who promised; and who is whose."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from adapters.views.balances import Balances
from adapters.views.conditions import known, of_kinds, values_of, when, whose
from adapters.views.lean import key_of, kinds_named, stream_of
from adapters.views.tables import KINDS, MARKS
from projections.corner import Corner
from projections.ledger import Movement
from projections.marks import BROKEN, DISPUTED, KEPT

SALES: Final = (KINDS.index("invoice"), KINDS.index("credit"))


class Moved(NamedTuple):
    """A movement of an account, with the position that recorded it."""

    stream: str
    creditor: str
    debtor: str
    position: int
    movement: Movement


class Sale(NamedTuple):
    """Invoices less credit notes of a day (ordinal): in all, without VAT, and what of each has no VAT on record, above nil."""

    day: int
    gross_cents: int
    net_cents: int
    unknown_invoiced_cents: int
    unknown_credited_cents: int


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


class Questions(Balances):
    """The reading side of the views."""

    # Movements, marks, sales

    def movements(
        self, corner: Corner, *, since: dt.date | None = None, kinds: Sequence[str] | None = None,
        creditor: str | None = None, debtor: str | None = None,
    ) -> Iterator[Moved]:  # fmt: skip
        """The movements of days after `since` up to the corner's, known at its position, account by account."""
        names = self._parties()
        where, values = whose("account.debtor", creditor, debtor)
        rows = self._db.execute(
            f"""SELECT key, debtor, position, movement.due, effective, booked, source, cents, kind, net
            FROM account JOIN movement ON movement.account = account.no
            WHERE {when(corner)} <= :day AND {when(corner)} > :since AND {known(corner)} {of_kinds(kinds)} {where}
            ORDER BY account.no, position, seq""",
            values_of(corner) | values | {"since": since.toordinal() if since else -1},
        )
        for key, of, position, *moved in rows:
            yield Moved(stream_of(key), names[of][1], names[of][0], position, _movement(moved))

    def sales(
        self, corner: Corner, since: dt.date, *, creditor: str | None = None, debtor: str | None = None
    ) -> list[Sale]:
        """Invoices less credit notes, for each day after `since` up to the corner's that has any."""
        where, values = whose("account.debtor", creditor, debtor)
        rows = self._db.execute(
            f"""SELECT {when(corner)}, sum(cents), sum(coalesce(net, 0)), sum(CASE WHEN net IS NULL AND kind = {SALES[0]} THEN cents ELSE 0 END),
            -sum(CASE WHEN net IS NULL AND kind = {SALES[1]} THEN cents ELSE 0 END)
            FROM movement {"JOIN account ON account.no = movement.account" if where else ""}
            WHERE {when(corner)} <= :day AND {when(corner)} > :since AND {known(corner)} AND kind IN {SALES} {where}
            GROUP BY 1 ORDER BY 1""",
            values_of(corner) | values | {"since": since.toordinal()},
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
        where, values = whose("account.debtor", creditor, debtor)
        rows = self._db.execute(
            f"""SELECT key, debtor, what, amount FROM (SELECT mark.account, what, sum(amount) AS amount FROM mark
                WHERE {when(corner)} <= :day AND {known(corner)}
                AND what IN ({",".join(str(MARKS.index(each)) for each in what)})
                GROUP BY mark.account, what HAVING sum(amount) <> 0) AS said
            CROSS JOIN account ON account.no = said.account WHERE true {where}""",
            values_of(corner) | values,
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
        where, values = whose("debtor", creditor, debtor)
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
        where, values = whose("account.debtor", None, debtor)
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
        where, values = whose("debtor", None, debtor)
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


def _movement(row: Sequence[Any]) -> Movement:
    due, effective, booked, source, cents, kind, net = row
    return Movement(due, effective, booked, source, cents, KINDS[kind], net)
