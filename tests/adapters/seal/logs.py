"""Logs for the tests of the seal: real entries, rows of any bytes, hands that reach inside."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from adapters.application import Change, Context, Relance, new_id, plain
from adapters.seal.log import LogTree, schema
from adapters.store.folder import LOG
from domain.facts.fact import Fact
from tests.builders import issued

SEAL = ("leaf", "subtree", "log_key", "checkpoint", "cosignature", "authority", "stamp_asked", "stamp")


def append(app: Relance, count: int, fact: Fact | None = None) -> None:
    """Invoices issued, each a stream and a command of its own."""
    for _ in range(count):
        app.append([Change(app.stream(f"invoice:{new_id()}"), plain([fact or issued()]))], Context(command=new_id()))


def raw_rows(after: int, count: int) -> list[tuple[Any, ...]]:
    """Rows of the log that hold anything: the seal does not look at what entries say."""
    return [
        (at, f"invoice:{at:032x}", 1, "relance.InvoiceIssued.1", 0, None, f"stored bytes {at}".encode(), b"")
        for at in range(after + 1, after + count + 1)
    ]


def bare(app: Relance, rows: Sequence[tuple[Any, ...]] = (), sql: Sequence[str] = ()) -> None:
    """Somebody with the file in hand."""
    db = sqlite3.connect(app.folder.path / LOG, isolation_level=None)
    for statement in sql:
        db.execute(statement)
    db.execute("BEGIN")
    db.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    db.execute("COMMIT")
    db.close()


def without_tree(app: Relance) -> None:
    """As a store was before it was sealed."""
    bare(app, sql=[f"DROP TABLE {table}" for table in SEAL])


def untied(app: Relance, *statements: str) -> None:
    """The same, with every trigger dropped."""
    db = sqlite3.connect(app.folder.path / LOG, isolation_level=None)
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        assert db.execute(statement).rowcount != 0, statement
    db.close()


class Raw:
    """A tree in memory, over bytes that mean nothing."""

    def __init__(self, count: int) -> None:
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        for statement in schema():
            self.db.execute(statement)
        self.stored = [f"entry {number}".encode() for number in range(count)]
        self.tree = LogTree(self.db)
