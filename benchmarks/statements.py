"""Interest statements of a whole portfolio, beside the bare multiplications of their periods."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Final

from adapters.bootstrap import Settings, open_office
from benchmarks.rows import Must, Row, row
from domain.account import YEAR
from domain.claim import Claim, of_invoice

UNTIL: Final = dt.date(2026, 6, 30)
AT_ONCE: Final = 100
TEN_SECONDS: Final = Must("<", 10)


def statements(store: Path, invoices: int) -> Iterator[Row]:
    """The claim on every invoice at the end of a day, its history in memory; and what loading it takes besides."""
    office = open_office(Settings(store))
    rows = sqlite3.connect(f"file:{store / 'relance.db'}?mode=ro", uri=True)
    streams = [each for (each,) in rows.execute("SELECT DISTINCT stream FROM log WHERE stream LIKE 'invoice:%'")]
    rows.close()
    loading = stating = multiplying = 0.0
    segments = 0
    waiting = iter(streams)
    while batch := list(islice(waiting, AT_ONCE)):
        start = perf_counter()
        histories = [office.app.stream(stream).history for stream in batch]
        loaded = perf_counter()
        claims = [of_invoice(office.law, history, UNTIL) for history in histories]
        stated = perf_counter()
        segments += _bare([claim for claim in claims if claim])
        multiplying += perf_counter() - stated
        loading += loaded - start
        stating += stated - loaded
    office.close()
    count = len(streams)
    must = TEN_SECONDS if count >= invoices else None
    yield row(
        f"interest statements of {count:,} invoices ({segments:,} periods), from their histories",
        stating,
        "s",
        multiplying,
        must,
    )
    yield row("loading these histories from the store, one by one", loading, "s")


def _bare(claims: list[Claim]) -> int:
    """The floor: each period's multiplication alone, already cut; gives how many there are."""
    count = 0
    for claim in claims:
        for each in claim.statement.segments:
            scaled = int(each.percent * 100)
            cents = (2 * each.principal_cents * scaled * each.days + 10_000 * YEAR) // (20_000 * YEAR)
            assert cents == each.cents, each
            count += 1
    return count
