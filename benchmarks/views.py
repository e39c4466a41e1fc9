"""The views at three sizes of a firm that lived three years: catching up, aged balances at any corner, figures, the report."""

import datetime as dt
import json
import statistics
import sys
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

from benchmarks import floor
from benchmarks.floor import By
from benchmarks.rows import Must, Row, row
from benchmarks.running import FEW, run, timed

#: As of a day, with the share of the log that is known: all of it at the end and in the middle, half of it a year before.
CORNERS: Final = ((dt.date(2025, 12, 31), 1.0), (dt.date(2025, 6, 30), 1.0), (dt.date(2024, 12, 31), 0.5))
NOW: Final = "2026-01-05T10:00:00+01:00"
#: Ten times as many events may take ten times as long, and what a deeper tree adds; never as much memory more.
LINEAR: Final = Must("<", 2.0, "ratio", "ratio < 2")
FLAT: Final = Must("<", 1.5, "ratio", "ratio < 1.5")


def every(folder: Path, invoices: int) -> Iterator[Row]:
    """Every row, in the order of the table: stores of a tenth, of the whole and of ten times the invoices."""
    stores = {}
    took = {}
    for size in (invoices // 10, invoices, invoices * 10):
        stores[size] = folder / f"big{size}"
        make = [sys.executable, "-m", "benchmarks.bigstore", str(stores[size]), str(size)]
        seconds = timed(partial(run, make, folder))
        yield row(f"(a store of {size:,} invoices made, day by day over three years)", seconds, "s")
        took[size] = _caught_up(folder, stores[size])
    yield from _catching_up(took)
    largest = stores[invoices * 10]
    yield from ageing(largest)
    yield from commands(
        folder, largest, invoices * 10, "dso --from 2025-01-01 --to 2025-12-31 --method countback", "d4416", "payers"
    )
    yield from commands(folder, stores[invoices], invoices, "todo --limit 20", "deadlines", "run --dry-run")
    yield from report(folder, stores[invoices], invoices)


def _caught_up(folder: Path, store: Path) -> dict[str, float]:
    out = folder / "caught.json"
    run([sys.executable, "-m", "benchmarks.catching", str(store), str(out)], folder)
    read: dict[str, float] = json.loads(out.read_text())
    return read


def _catching_up(took: dict[int, dict[str, float]]) -> Iterator[Row]:
    """Speed at the largest size; growth of time and of memory from each size to the next."""
    sizes = sorted(took)
    largest = took[sizes[-1]]
    events = largest["events"]
    yield row(
        f"catch-up of all views over {events:,} events, from nothing", events / largest["seconds"], "events/s",
        events / largest["floor_seconds"], Must(">=", 80_000),
    )  # fmt: skip
    for smaller, larger in pairwise(sizes):
        few, many = took[smaller], took[larger]
        yield row(
            f"the same, microseconds an event: {larger:,} invoices, and {smaller:,} as the floor",
            1e6 * many["seconds"] / many["events"], "µs", 1e6 * few["seconds"] / few["events"], LINEAR,
        )  # fmt: skip
    yield row(
        f"the same, peak memory as a process: {sizes[-1]:,} invoices, and {sizes[-2]:,} as the floor",
        largest["peak_mib"], "MiB", took[sizes[-2]]["peak_mib"], FLAT,
    )  # fmt: skip
    yield row("disk of the views, an invoice", largest["bytes"] / sizes[-1], "bytes")


def ageing(store: Path) -> Iterator[Row]:
    """The aged balance at three corners, against one pass over the movements written by hand, in turn."""
    from adapters import ageing as use_case  # noqa: PLC0415 - the peak of the children counts ours before they start
    from adapters.bootstrap import Settings, open_office  # noqa: PLC0415
    from projections.ageing import scheme  # noqa: PLC0415
    from projections.corner import Corner  # noqa: PLC0415

    office = open_office(Settings(store))
    named, head = scheme("d4416"), office.app.store.position()
    office.views.catch_up()
    for by, sql in floor.BY.items():
        for day, share in CORNERS:
            corner = Corner(day, int(head * share))

            def ours(by: By = by, corner: Corner = corner) -> use_case.Balance:
                return use_case.ageing(office, named, corner, by=by)

            def raw(sql: str = sql, corner: Corner = corner) -> list[tuple[int, ...]]:
                values = {"day": corner.as_of.toordinal(), "position": corner.position}
                return [each[1:] for each in office.views._db.execute(sql, values)]

            balance, rows = ours(), raw()
            assert sum(each[0] for each in rows) == balance.totals.aged.total_cents, (balance.totals, by)
            known = "all known" if share == 1 else f"@{corner.position} known"
            title = f"ageing by {by}" if by != "total" else "ageing in total"
            seconds, by_hand = zip(*((timed(ours), timed(raw)) for _ in range(FEW)), strict=True)
            took, hand = statistics.median(seconds), statistics.median(by_hand)
            work = f"{title}, as of {day}, {known} ({len(balance.rows):,} rows)"
            if by == "invoice":  # every row has a name and a number to decrypt: to be known, not judged
                yield row(work, took, "s", hand)
                continue
            yield row(work, took, "s", hand, Must("<", 1.0))
            yield row("the same, beside the query by hand", took, "s", hand, Must("<", 2.0, "ratio", "ratio < 2"))
    for name, corner in (
        ("by booking day", Corner(CORNERS[0][0], head, "booked")),
        ("by the source's knowledge", Corner(CORNERS[0][0], head, "effective", CORNERS[0][0])),
    ):
        yield row(f"ageing in total {name}", timed(partial(use_case.ageing, office, named, corner, by="total")), "s")
    office.close()


def commands(folder: Path, store: Path, invoices: int, *words: str) -> Iterator[Row]:
    """Whole processes that go through a store, once each: to be known, not judged."""
    program = [sys.executable, "-m", "cli.main", "--store", str(store), "--now", NOW]
    for word in words:
        yield row(
            f"`relance {word}` over {invoices:,} invoices, whole process",
            timed(partial(run, [*program, *word.split()], folder)),
            "s",
        )


def report(folder: Path, store: Path, invoices: int) -> Iterator[Row]:
    """The report, with a page for each invoice."""
    program = [sys.executable, "-m", "cli.main", "--store", str(store), "--now", NOW]
    out = folder / "report"
    took = timed(partial(run, [*program, "report", "--output", str(out)], folder))
    pages = sum(1 for _ in out.rglob("*.html"))
    yield row(
        f"`relance report` of {invoices:,} invoices ({pages:,} pages), whole process", took, "s", None, Must("<", 30)
    )
