"""The seal of a log of ten entries an invoice: its tree built, grown, proved, signed, checked whole, exported; the heads of its streams."""

import datetime as dt
import hashlib
import json
import os
import random
import sqlite3
import statistics
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final
from unittest.mock import patch

from adapters.application import Relance
from adapters.clock import SystemClock
from adapters.seal.fsck import fsck
from adapters.seal.heads import heads, prove, seal
from adapters.seal.log import LogTree
from adapters.seal.sealing import checkpoint
from adapters.seal.tiles import export
from adapters.seal.tree import is_consistent, is_included, leaf_of
from adapters.store.envelope import encode, instant, internal_part
from adapters.store.folder import LOG, create, open_folder
from adapters.store.mapper import microseconds
from adapters.store.sqlite import Beside
from benchmarks.rows import Must, Row, row
from benchmarks.running import MEBI, run, timed

ACTOR: Final = "ab" * 16
GOES: Final = 101
ENTRIES: Final = 20
FACT: Final = b'{"cents":120000,"designated":false,"means":"transfer","on":"2026-02-03","receipt":"225c3f4a9b8e7d6c5b4a39281706f5e4","source":"debtor"}'


def every(folder: Path, invoices: int) -> Iterator[Row]:
    """Every row, in the order of the table."""
    entries, store = invoices * 10, folder / "sealed"
    yield row(f"(a log of {entries:,} entries, bare)", timed(partial(_written, store, entries)), "s")
    app = Relance(open_folder(store), SystemClock(), ACTOR)
    yield from _built(app, entries)
    yield from _grown(app)
    yield from _proved(app)
    yield from _signed(app)
    yield from _headed(app)
    yield from _checked(folder, app, entries)
    yield from _exported(folder, app)
    app.folder.close()


def _rows(after: int, count: int) -> list[tuple[Any, ...]]:
    """Payments received, twenty to a stream, in envelopes of the usual size."""
    at = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
    when, us, made = instant(at), microseconds(at), []
    for position in range(after + 1, after + count + 1):
        number, version = divmod(position - 1, ENTRIES)
        stream, internal = f"invoice:{number:032x}", internal_part()
        stored = encode(
            FACT, "relance.PaymentReceived.1", stream, version + 1, when, ACTOR, ACTOR, f"{position:032x}", internal, "imported",
            "817f" * 16, None, None, None, "",
        )  # fmt: skip
        made.append((position, stream, version + 1, "relance.PaymentReceived.1", us, None, stored, internal))
    return made


def _written(store: Path, entries: int) -> None:
    create(store, sandbox=True)
    db = sqlite3.connect(store / LOG, isolation_level=None)
    for after in range(0, entries, 50_000):
        db.execute("BEGIN")
        db.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _rows(after, min(50_000, entries - after)))
        db.execute("COMMIT")
    db.close()


def _hashed(app: Relance, entries: int) -> None:
    for (stored,) in app.store.tree.db.execute(
        "SELECT bytes FROM log WHERE position <= ? ORDER BY position", (entries,)
    ):
        hashlib.sha256(b"\0" + stored).digest()


def _built(app: Relance, entries: int) -> Iterator[Row]:
    """The tree of a log that had none; floor: reading the bytes and hashing each."""

    def build() -> None:
        with app.store.writing(app.clock.now()) as tail:
            assert app.store.tree.build(tail.position) == entries

    floor, before = timed(partial(_hashed, app, entries)), (app.folder.path / LOG).stat().st_size
    yield row(f"tree of {entries:,} entries built, committed", timed(build), "s", floor, Must("<", 15))
    app.store.tree.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    yield row("disk of the tree, an entry", ((app.folder.path / LOG).stat().st_size - before) / entries, "bytes")


def _grown(app: Relance) -> Iterator[Row]:
    """An entry and its leaf, committed; floor: the entry alone, in turn; both are sealed at the end."""

    def one() -> float:
        rows = _rows(app.store.position(), 1)

        def append() -> None:
            with app.store.writing(app.clock.now()):
                app.store.insert_rows(rows, Beside())

        return timed(append) * 1_000

    sealed, bare = [], []
    for _ in range(GOES):
        sealed.append(one())
        with patch.object(LogTree, "grow", lambda *_: None):
            bare.append(one())
        with app.store.writing(app.clock.now()) as tail:
            app.store.tree.build(tail.position)
    yield row(
        "one entry and its leaf, committed", statistics.median(sealed), "ms", statistics.median(bare), Must("<", 3)
    )
    many = []
    for with_tree in (True, False):
        rows = _rows(app.store.position(), 10_000)
        start = perf_counter()
        with (
            patch.object(LogTree, "grow", LogTree.grow if with_tree else lambda *_: None),
            app.store.writing(app.clock.now()),
        ):
            app.store.insert_rows(rows, Beside())
        many.append((perf_counter() - start) * 100)
        with app.store.writing(app.clock.now()) as tail:
            app.store.tree.build(tail.position)
    yield row("one of 10,000 entries with their leaves in one append", many[0], "µs", many[1])


def _proved(app: Relance) -> Iterator[Row]:
    tree, size, draw = app.store.tree, app.store.position(), random.Random(1)
    root, taken, held = tree.root(size), list[float](), list[float]()
    for _ in range(GOES):
        position = draw.randrange(size) + 1
        start = perf_counter()
        proof = tree.inclusion(position, size)
        taken.append((perf_counter() - start) * 1_000)
        leaf = leaf_of((app.store.row_at(position) or (0, b""))[1])
        start = perf_counter()
        assert is_included(leaf, position - 1, size, proof, root)
        held.append((perf_counter() - start) * 1_000)
    yield row(f"proof that an entry is in the tree of {size:,}", statistics.median(taken), "ms", None, Must("<", 5))
    yield row("verification of that proof", statistics.median(held), "ms")
    taken.clear()
    for _ in range(GOES):
        old = draw.randrange(size) + 1
        start = perf_counter()
        proof = tree.consistency(old, size)
        taken.append((perf_counter() - start) * 1_000)
        assert is_consistent(old, size, proof, tree.root(old), root)
    yield row("proof that a tree goes on from another", statistics.median(taken), "ms", None, Must("<", 5))


def _signed(app: Relance) -> Iterator[Row]:
    size = app.store.position()
    yield row(f"first checkpoint, of {size:,} entries, from the stored bytes", timed(lambda: checkpoint(app)), "s")
    taken = []
    for _ in range(5):
        with app.store.writing(app.clock.now()) as tail:
            app.store.insert_rows(_rows(tail.position, 100), Beside())
        taken.append(timed(lambda: checkpoint(app)) * 1_000)
    yield row("each one after 100 entries more", statistics.median(taken), "ms")


def _headed(app: Relance) -> Iterator[Row]:
    streams = len(heads(app.store.tree, app.store.position()))
    yield row(f"heads of {streams:,} streams sealed", timed(lambda: seal(app)), "s")
    yield row("proof of the last version of one of them", timed(lambda: prove(app, f"invoice:{7:032x}")), "s")
    checkpoint(app)


def _checked(folder: Path, app: Relance, entries: int) -> Iterator[Row]:
    """Floor: reading and hashing. Peak memory of whole processes, of a tenth of the log and of all of it."""
    floor = timed(partial(_hashed, app, app.store.position()))
    start = perf_counter()
    found = fsck(app)
    seconds = perf_counter() - start
    assert found.first is None, found
    yield row(f"`log fsck` of {found.size:,} entries, everything computed again", seconds, "s", floor, Must("<", 30))
    small = folder / "small"
    _written(small, entries // 10)
    other = Relance(open_folder(small), SystemClock(), ACTOR)
    checkpoint(other)
    other.folder.close()
    peaks = [_peak(folder, store) for store in (small, app.folder.path)]
    yield row(
        f"the same, peak memory as a process: {found.size:,} entries, and {entries // 10:,} as the floor", peaks[1], "MiB", peaks[0],
        Must("<", 1.5, "ratio", "ratio < 1.5"),
    )  # fmt: skip


def _peak(folder: Path, store: Path) -> float:
    out = folder / "peak.json"
    run([sys.executable, "-m", "benchmarks.seals", str(store), str(out)], folder)
    return float(json.loads(out.read_text()))


def _exported(folder: Path, app: Relance) -> Iterator[Row]:
    start = perf_counter()
    made = export(app.store.tree, folder / "tiles")
    yield row(f"`log export` of {made.size:,} entries ({made.files:,} files)", perf_counter() - start, "s")


def main(store: str, out: str) -> int:
    """`log fsck` as a process of its own, whose peak memory is nobody else's."""
    from cli.main import run as command  # noqa: PLC0415 - this module is read by the bench too

    code = command(["--store", store, "log", "fsck"])
    status = Path(
        "/proc/self/status"
    ).read_text()  # what getrusage says begins with the peak of the process that started this one
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) / MEBI
    Path(out).write_text(json.dumps(peak))
    return code


if __name__ == "__main__":
    os.environ.pop("RELANCE_STORE", None)
    sys.exit(main(*sys.argv[1:]))
