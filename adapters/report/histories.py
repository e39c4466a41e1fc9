"""The histories of many invoices at once, as known at a position, by a connection of its own that cannot write.

The column of what never leaves the firm is not read.
"""

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from adapters.clock import paris_day
from adapters.store.mapper import read_fact, read_raw
from projections.timeline import Breach, Recorded

CHUNK: Final = 400


class Histories:
    """The log of one store, read only."""

    def __init__(self, path: Path, position: int) -> None:
        self._db, self._position = _opened(path), position

    def of(self, streams: Sequence[str]) -> dict[str, list[Recorded]]:
        """The entries of each stream, in their order; nothing for one that has none by then."""
        found: dict[str, list[Recorded]] = {}
        for stream, position, stored in self._rows(streams):
            raw = read_raw(stored, position)
            at, on = _moment(raw.recorded_at)
            found.setdefault(stream, []).append(
                Recorded(
                    raw.version, position, read_fact(raw.type, bytes(raw.fact)), at, on, raw.provenance, raw.act,
                    tuple([Breach(each.rule, each.reference, each.consequence) for each in raw.findings]),
                )
            )  # fmt: skip
        return found

    def _rows(self, streams: Sequence[str]) -> Iterator[tuple[str, int, bytes]]:
        for start in range(0, len(streams), CHUNK):
            some = streams[start : start + CHUNK]
            yield from self._db.execute(
                f"""SELECT stream, position, bytes FROM log WHERE stream IN ({",".join("?" * len(some))}) AND position <= ?
                ORDER BY stream, version""",  # noqa: S608 - marks only
                (*some, self._position),
            ).fetchall()

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _opened(path: Path) -> sqlite3.Connection:
    """The open file; where its journal cannot be made beside it, as it lies."""
    name = path.absolute().as_uri()
    db = sqlite3.connect(f"{name}?mode=ro", uri=True, isolation_level=None, timeout=30)
    try:
        db.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        db.close()
        db = sqlite3.connect(f"{name}?immutable=1", uri=True, isolation_level=None)
    db.execute("PRAGMA cache_size = -65536")
    return db


@lru_cache(maxsize=1_000)
def _moment(recorded_at: str) -> tuple[dt.datetime, dt.date]:
    at = dt.datetime.fromisoformat(recorded_at)
    return at, paris_day(at)
