"""The log in one SQLite file: one writer at a time, positions without gap, many streams in one transaction.

Implements the recorder of the `eventsourcing` library, so that its application and repository stand on it, and adds what
the library has not: the write lock seen from outside, the rows written in the same append, raw reading by position.
"""

import datetime as dt
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final, cast

from eventsourcing.persistence import ApplicationRecorder, IntegrityError, Notification, StoredEvent, Subscription

from adapters.seal.log import ID, LogTree, schema
from adapters.store.mapper import Leaf, microseconds, moment, read_raw
from domain.errors import Conflict, InvalidInput, Misuse, NotFound

SCHEMA_VERSION: Final = "1"
CLOCK_TOLERANCE: Final = dt.timedelta(seconds=5)
BUSY_SECONDS: Final = 30.0
STRETCH: Final = 10_000

NameRow = tuple[str, str, bytes, str]
VaultRow = tuple[str, str, str, bytes]


class DoneAlready(Conflict):
    """The command, or the source line, is on record."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Rows written in the same transaction as the events."""

    once: Sequence[tuple[str, bytes]] = ()
    names: Sequence[NameRow] = ()
    vault: Sequence[VaultRow] = ()
    rulebooks: Sequence[tuple[str, str, bytes]] = ()


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of the log under the write lock: the newest position, and the instant at which this append is recorded."""

    position: int
    recorded_at: dt.datetime


class SQLiteStore(ApplicationRecorder):
    """The log and the tables beside it."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open a store that exists.

        Raises:
            NotFound: there is none.
            InvalidInput: the file is not a store of this version.
            Conflict: it cannot be written, and another program left it open.
        """
        if not path.is_file():
            msg = f"no store at {path.parent}: make one with `relance --store {path.parent} init`"
            raise NotFound(msg)
        self.path, self.read_only = path, read_only
        self.has_grown = False  # by what this process recorded
        self._held: Tail | None = None
        self._db = _connected(path, read_only=read_only)
        self.tree = LogTree(self._db)
        try:
            version = self._db.execute("SELECT value FROM settings WHERE name = 'schema'").fetchone()
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise InvalidInput(f"not a relance store ({error})", file=str(path)) from None
        if version != (SCHEMA_VERSION,):
            self._db.close()
            raise InvalidInput(
                f"a store of version {version and version[0]}; this relance reads version {SCHEMA_VERSION}",
                file=str(path),
            )
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA recursive_triggers = ON")
        self._db.execute("PRAGMA cache_size = -65536")
        self._db.execute("PRAGMA wal_autocheckpoint = 8192")  # 32 MB: an import does not write each page twice a batch

    @staticmethod
    def create(path: Path, settings: dict[str, str]) -> None:
        """Make the file and its tables."""
        db = sqlite3.connect(path, isolation_level=None)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("BEGIN IMMEDIATE")
            for statement in _statements(resources.files("adapters.store").joinpath("schema.sql").read_text()):
                db.execute(statement)
            for statement in schema():
                db.execute(statement)
            db.executemany(
                "INSERT INTO settings VALUES (?, ?)",
                [("schema", SCHEMA_VERSION), (ID, secrets.token_hex(16)), *sorted(settings.items())],
            )
            db.execute("COMMIT")
        finally:
            db.close()

    def setting(self, name: str) -> str | None:
        """A setting of the store."""
        row = self._db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return row and str(row[0])

    # Writing

    @contextmanager
    def writing(self, now: dt.datetime) -> Iterator[Tail]:
        """Hold the write lock; commit at the end, or nothing at all on an error. Nested, it joins the outer one.

        The instant recorded is the later of the clock and the newest event's.

        Raises:
            Misuse: the store is one that can only be read.
            Conflict: the clock is more than 5 s behind the newest event, or another writer holds the lock for too long.
        """
        if self._held is not None:
            yield self._held
            return
        self.writable()
        now = now.astimezone(dt.UTC)
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            msg = f"the store is busy ({error}): another command is writing; try again"
            raise Conflict(msg) from None
        try:
            position, newest = self._newest()
            if newest - now > CLOCK_TOLERANCE:
                msg = f"the clock says {now:%Y-%m-%d %H:%M:%S} UTC, the newest event was recorded at {newest:%Y-%m-%d %H:%M:%S} UTC: set the clock right"
                raise Conflict(msg)
            self._held = Tail(position, max(now, newest))
            yield self._held
            grown = self._held.position > position
            self._db.execute("COMMIT")
            self.has_grown = self.has_grown or grown
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        finally:
            self._held = None

    def writable(self) -> None:
        """Stop what would record in a store that can only be read.

        Raises:
            Misuse: it is one.
        """
        if self.read_only:
            raise Misuse(f"{self.path.parent} cannot be written here: everything can be read, nothing recorded")

    def insert_events(
        self, stored_events: Sequence[StoredEvent], *, beside: Beside | None = None, **_: Any
    ) -> Sequence[int]:
        """Append leaves of many streams, and the rows beside them, in the transaction that holds the lock.

        Raises:
            IntegrityError: a stream moved on meanwhile.
            DoneAlready: a once row is on record.
        """
        if self._held is None:
            msg = "events are inserted under the write lock only"
            raise RuntimeError(msg)
        first = self._held.position + 1
        leaves = cast("Sequence[Leaf]", stored_events)
        rows = [
            (
                position,
                leaf.originator_id,
                leaf.originator_version,
                leaf.topic,
                leaf.recorded_us,
                leaf.act,
                leaf.state,
                leaf.internal,
            )
            for position, leaf in enumerate(leaves, start=first)
        ]
        self.insert_rows(rows, beside or Beside())
        return range(first, first + len(rows))

    def insert_rows(self, rows: Sequence[tuple[Any, ...]], beside: Beside) -> None:
        """Append ready rows of the log (bulk), and the rows beside them.

        Raises:
            IntegrityError: a stream moved on meanwhile.
            DoneAlready: a once row is on record.
        """
        tail = self._held
        assert tail is not None
        run = self._db.executemany
        self._db.execute("SAVEPOINT append")
        try:
            run("INSERT INTO once VALUES (?, ?)", beside.once)
            run("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            if rows:
                self.tree.grow(tail.position, [row[6] for row in rows])
            run("INSERT OR IGNORE INTO names VALUES (?, ?, ?, ?)", beside.names)
            run("INSERT OR REPLACE INTO vault VALUES (?, ?, ?, ?)", beside.vault)
            run(
                "INSERT INTO rulebooks SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM rulebooks WHERE digest = ?1)",
                beside.rulebooks,
            )
        except BaseException as error:
            if self._db.in_transaction:  # a full disk ends it by itself
                self._db.execute("ROLLBACK TO append")
                self._db.execute("RELEASE append")
            if not isinstance(error, sqlite3.IntegrityError):
                raise
            if "done already" in str(error):
                msg = "done already"
                raise DoneAlready(msg) from None
            raise IntegrityError(error) from error
        self._db.execute("RELEASE append")
        self._held = Tail(tail.position + len(rows), tail.recorded_at)

    def _newest(self) -> tuple[int, dt.datetime]:
        row = self._db.execute("SELECT position, recorded_us FROM log ORDER BY position DESC LIMIT 1").fetchone()
        position, us = row or (0, 0)
        return position, moment(us)

    def reached(self, now: dt.datetime) -> dt.datetime:
        """The instant at which an append would be recorded: under the lock, the append's; else the clock's or the newest."""
        return self._held.recorded_at if self._held else max(now, self._newest()[1])

    # Reading

    def select_events(
        self,
        originator_id: object,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[Leaf]:
        """The leaves of a stream."""
        order = "DESC" if desc else "ASC"
        rows = self._db.execute(
            "SELECT stream, version, type, bytes, internal, recorded_us, act, position FROM log"  # noqa: S608 - the order is ours
            f" WHERE stream = ? AND version > ? AND version <= ? ORDER BY version {order} LIMIT ?",
            (str(originator_id), gt or 0, lte if lte is not None else 2**62, limit if limit is not None else -1),
        )
        return [Leaf(*row) for row in rows]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Events of the whole log, by position."""
        after = (start or 1) - (1 if inclusive_of_start else 0)
        chosen = f" AND type IN ({','.join('?' * len(topics))})" if topics else ""
        rows = self._db.execute(
            f"SELECT stream, version, type, bytes, position FROM log WHERE position > ? AND position <= ?{chosen} ORDER BY position LIMIT ?",  # noqa: S608
            (after, stop if stop is not None else 2**62, *topics, limit),
        )
        return [Notification(*row) for row in rows]

    def max_notification_id(self) -> int | None:
        """The newest position."""
        return self.position() or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """SQLite tells nobody of a commit: views catch up after each append and before each reading."""
        raise NotImplementedError

    def position(self) -> int:
        """The newest position, nil for an empty log."""
        return int(self._db.execute("SELECT coalesce(max(position), 0) FROM log").fetchone()[0])

    def rows(self, after: int, upto: int, *, but: Sequence[str] = ()) -> Sequence[tuple[int, bytes]]:
        """Positions and stored bytes of a stretch of the log, in order, some stored types left out."""
        left = f" AND type NOT IN ({','.join('?' * len(but))})" if but else ""
        return self._db.execute(
            f"SELECT position, bytes FROM log WHERE position > ? AND position <= ?{left} ORDER BY position",  # noqa: S608
            (after, upto, *but),
        ).fetchall()

    def version_of(self, stream: str) -> int:
        """The newest version of a stream, nil where it has none."""
        row = self._db.execute("SELECT coalesce(max(version), 0) FROM log WHERE stream = ?", (stream,)).fetchone()
        return int(row[0])

    def index_rows(self) -> Iterator[tuple[int, str, int, str, int, str | None, bytes, bytes]]:
        """Whole rows, for verification, read by stretches: no cursor stays open on the log."""
        after = 0
        while rows := self._db.execute(
            "SELECT position, stream, version, type, recorded_us, act, bytes, internal FROM log"
            " WHERE position > ? ORDER BY position LIMIT ?",
            (after, STRETCH),
        ).fetchall():
            yield from rows
            after = rows[-1][0]

    def row_at(self, position: int) -> tuple[int, bytes] | None:
        """Instant (µs) and stored bytes of one position."""
        return self._db.execute("SELECT recorded_us, bytes FROM log WHERE position = ?", (position,)).fetchone()  # type: ignore[no-any-return]

    def position_at(self, at: dt.datetime) -> int:
        """The highest position recorded by an instant; instants never fall as positions rise."""
        us, low, high = microseconds(at), 0, self.position()
        while low < high:
            middle = (low + high + 1) // 2
            row = self.row_at(middle)
            assert row is not None
            low, high = (middle, high) if row[0] <= us else (low, middle - 1)
        return low

    def end_of_command(self, position: int) -> int:
        """The last position of the command that recorded a position."""
        command, head = self._command_at(position), self.position()
        while position < head and self._command_at(position + 1) == command:
            position += 1
        return position

    def _command_at(self, position: int) -> str:
        row = self.row_at(position)
        return read_raw(row[1], position).command if row else ""

    def streams_of_act(self, act: str) -> list[tuple[str, int]]:
        """Stream and version of every event of one real act."""
        return self._db.execute("SELECT stream, version FROM log WHERE act = ? ORDER BY position", (act,)).fetchall()

    def is_done(self, kind: str, key: bytes) -> bool:
        """Whether a once row is on record."""
        return self._db.execute("SELECT 1 FROM once WHERE kind = ? AND key = ?", (kind, key)).fetchone() is not None

    def named(self, kind: str, creditor: str, key: bytes) -> list[str]:
        """The streams that bear a keyed name."""
        return [
            row[0]
            for row in self._db.execute(
                "SELECT stream FROM names WHERE kind = ? AND creditor = ? AND key = ? ORDER BY stream",
                (kind, creditor, key),
            )
        ]

    def has_names(self, kind: str, creditor: str) -> bool:
        """Whether anything of a kind is named for a creditor."""
        row = self._db.execute(
            "SELECT 1 FROM names WHERE kind = ? AND creditor = ? LIMIT 1", (kind, creditor)
        ).fetchone()
        return row is not None

    def named_anywhere(self, kind: str) -> list[tuple[str, bytes, str]]:
        """Creditor, key and stream of every name of a kind."""
        return self._db.execute(
            "SELECT creditor, key, stream FROM names WHERE kind = ? ORDER BY stream", (kind,)
        ).fetchall()

    def vault_row(self, owner: str, kind: str, id: str) -> bytes | None:
        """A ciphertext of the vault."""
        row = self._db.execute(
            "SELECT data FROM vault WHERE owner = ? AND kind = ? AND id = ?", (owner, kind, id)
        ).fetchone()
        return row and bytes(row[0])

    def rulebook(self, digest: str) -> bytes | None:
        """The exact text of a law table set or of a policy."""
        row = self._db.execute("SELECT bytes FROM rulebooks WHERE digest = ?", (digest,)).fetchone()
        return row and bytes(row[0])

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _connected(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """The open file. One that cannot be written is read as it lies, when nobody has it open."""
    name = path.absolute().as_uri()

    def opened(how: str) -> sqlite3.Connection:
        return sqlite3.connect(f"{name}?{how}", uri=True, timeout=BUSY_SECONDS, isolation_level=None)

    if not read_only:
        return opened("mode=rw")
    db = opened("mode=ro")
    try:
        db.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:  # its journal would have to be made beside it
        db.close()
        journal = path.with_name(f"{path.name}-wal")
        if journal.exists() and journal.stat().st_size:
            msg = f"{path} cannot be written here and was left open by another program: copy the folder, or open it there first"
            raise Conflict(msg) from None
        db = opened("immutable=1")
    except sqlite3.DatabaseError:
        pass  # no database: said by who reads it next
    return db


def _statements(script: str) -> Iterator[str]:
    """Whole statements of a script, triggers included."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
