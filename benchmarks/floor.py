"""The floors: what the same bytes cost without us.

The floor of an import reads back every row of every table that it made and inserts them into the same tables and indexes, without
triggers, by raw `executemany`, in as many transactions, under the same pragmas. The log comes in its order; keyed rows, which a store
gives back sorted, are dealt out by lot, and sorted again within each transaction as the import sorts them. Only inserting, committing
and closing are timed: reading back and sorting are given away.
"""

import random
import sqlite3
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final, Literal

By = Literal["debtor", "invoice", "total"]
SEALS: Final = ("leaf", "subtree")  # timed apart
EVENTS_A_TRANSACTION: Final = 10_000
PRAGMAS: Final = ("synchronous = FULL", "cache_size = -65536", "wal_autocheckpoint = 8192")

#: The aged balance (scheme d4416) by hand: one pass over the movements, no span, no pool. Right for histories with one due day.
AGEING: Final = """
SELECT {key}, sum(owed.cents),
    sum(CASE WHEN :day - owed.due < 0 THEN owed.cents ELSE 0 END), sum(CASE WHEN :day - owed.due = 0 THEN owed.cents ELSE 0 END),
    sum(CASE WHEN :day - owed.due BETWEEN 1 AND 30 THEN owed.cents ELSE 0 END),
    sum(CASE WHEN :day - owed.due BETWEEN 31 AND 60 THEN owed.cents ELSE 0 END),
    sum(CASE WHEN :day - owed.due BETWEEN 61 AND 90 THEN owed.cents ELSE 0 END),
    sum(CASE WHEN :day - owed.due > 90 THEN owed.cents ELSE 0 END)
FROM (SELECT account, due, sum(cents) AS cents FROM movement WHERE effective <= :day AND position <= :position
    GROUP BY account, due HAVING sum(cents) <> 0) AS owed {join} GROUP BY 1
"""
BY: Final[dict[By, str]] = {
    "total": AGEING.format(key="'total'", join=""),
    "debtor": AGEING.format(key="account.debtor", join="JOIN account ON account.no = owed.account"),
    "invoice": AGEING.format(key="account.key", join="JOIN account ON account.no = owed.account"),
}


def empty_copy(source: Path, target: Path) -> sqlite3.Connection:
    """The tables and indexes of a store, empty, without triggers, under the store's pragmas."""
    with sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True) as made:
        ddl = [row[0] for row in made.execute("SELECT sql FROM sqlite_master WHERE type <> 'trigger' AND sql NOT NULL")]
    made.close()
    db = sqlite3.connect(target, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    for pragma in PRAGMAS:
        db.execute(f"PRAGMA {pragma}")
    for statement in ddl:
        db.execute(statement)
    return db


def insert_again(source: Path, target: Path) -> tuple[float, float]:
    """Seconds, and seconds of processor, to insert every row of a store into an empty copy of it."""
    store = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
    events = store.execute("SELECT max(position) FROM log").fetchone()[0]
    transactions = -(-events // EVENTS_A_TRANSACTION)
    others = [
        name
        for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if name not in {"log", *SEALS}
    ]
    dealt = {name: _dealt(store.execute(f"SELECT * FROM {name}").fetchall(), transactions) for name in others}  # noqa: S608 - the store's own names
    db = empty_copy(source, target)
    seconds = cpu = 0.0
    for turn in range(transactions):
        after = turn * EVENTS_A_TRANSACTION
        batch = {name: hands[turn] for name, hands in dealt.items()}
        batch["log"] = store.execute(
            "SELECT * FROM log WHERE position > ? AND position <= ? ORDER BY position",
            (after, after + EVENTS_A_TRANSACTION),
        ).fetchall()
        start, start_cpu = perf_counter(), process_time()
        db.execute("BEGIN IMMEDIATE")
        for name, rows in batch.items():
            if rows:
                db.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * len(rows[0]))})", rows)  # noqa: S608 - as above
        db.execute("COMMIT")
        seconds += perf_counter() - start
        cpu += process_time() - start_cpu
    store.close()
    start, start_cpu = perf_counter(), process_time()
    db.close()
    return seconds + perf_counter() - start, cpu + process_time() - start_cpu


def _dealt(rows: list[tuple[Any, ...]], hands: int) -> list[list[tuple[Any, ...]]]:
    """Rows dealt out by lot, each hand sorted."""
    random.Random(1).shuffle(rows)
    return [sorted(rows[hand::hands]) for hand in range(hands)]


class OneInsert:
    """One row of the log, inserted and made durable, in a store without triggers that holds the same rows."""

    def __init__(self, source: Path, target: Path) -> None:
        insert_again(source, target)
        self._db = sqlite3.connect(target, isolation_level=None)
        for pragma in PRAGMAS:
            self._db.execute(f"PRAGMA {pragma}")
        last = self._db.execute("SELECT * FROM log ORDER BY position DESC LIMIT 1").fetchone()
        self._position, self._row = last[0], last[1:]

    def seconds(self) -> float:
        """Seconds of one more insert of the newest row's bytes, committed."""
        self._position += 1
        start = perf_counter()
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (self._position, *self._row))
        self._db.execute("COMMIT")
        return perf_counter() - start

    def close(self) -> None:
        """Close the file."""
        self._db.close()
