"""The works: each is done on stores of its own in a temporary folder, and gives its rows."""

import gc
import hashlib
import json
import resource
import statistics
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks import floor, portfolio
from benchmarks.case import NOW, SmallStore
from benchmarks.portfolio import Written
from benchmarks.rows import Must, Row, row
from benchmarks.running import MEBI, ROOT, median, run, timed
from benchmarks.statements import statements

ACTS: Final = 31
EVENTS: Final = 40
DOSSIER: Final = "dossier.asice"
RUNS: Final = 7
THIRD: Final = Must(">=", 1 / 3, "ratio", "ratio >= 1/3")


class Portfolio:
    """A store made by importing a file in a process of its own, and what it took."""

    def __init__(self, folder: Path, name: str, invoices: int, *, unpaid: float) -> None:
        self.folder, self.store = folder, folder / name
        file = folder / f"{name}.csv"
        self.written: Written = portfolio.write(file, invoices, unpaid=unpaid)
        out = folder / f"{name}.json"
        words = [sys.executable, "-m", "benchmarks.importing", str(self.store), str(file), str(out)]
        run(words, folder)
        self.peak_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / MEBI
        took = json.loads(out.read_text())
        self.seconds, self.cpu_seconds = float(took["seconds"]), float(took["cpu_seconds"])
        self.views_seconds, self.seals_seconds = float(took["views_seconds"]), float(took["seals_seconds"])

    def floor_seconds(self) -> tuple[float, float]:
        """Seconds, and seconds of processor, of raw insertion of the same bytes: the mean of two goes."""
        goes = []
        for go in range(2):
            target = self.folder / f"floor{go}.db"
            goes.append(floor.insert_again(self.store / "relance.db", target))
            target.unlink()
        wall, cpu = zip(*goes, strict=True)
        return statistics.mean(wall), statistics.mean(cpu)


def importing(all_paid: Portfolio, some_unpaid: Portfolio) -> Iterator[Row]:
    """Import of both files against the same bytes inserted raw, by the clock and by the processor."""
    for title, made in (("all paid", all_paid), ("a fifth unpaid", some_unpaid)):
        events = made.written.events
        wall, cpu = made.floor_seconds()
        work = f"import of {made.written.invoices:,} invoices, {title} ({events:,} events)"
        yield row(work, events / made.seconds, "events/s", events / wall, THIRD)
        yield row(f"the same, {title}, by processor time", events / made.cpu_seconds, "events/s", events / cpu)
    yield row("peak memory of the first import, as a process", all_paid.peak_mib, "MiB", None, Must("<", 300))
    yield row("views during the first import, apart", all_paid.views_seconds, "s")
    yield row("seals during the first import, apart", all_paid.seals_seconds, "s")


def catching_up(made: Portfolio) -> Iterator[Row]:
    """Views dropped and built again, verification of the log, and bytes on the disk."""
    from adapters.bootstrap import Settings, open_office  # noqa: PLC0415 - the peak of the children counts ours before they start
    from adapters.verify import verify_log  # noqa: PLC0415
    from adapters.views.file import BATCH  # noqa: PLC0415

    office = open_office(Settings(made.store))
    events = office.app.store.position()
    assert events == made.written.events, (events, made.written.events)

    def read() -> None:
        for after in range(0, events, BATCH):
            office.app.store.rows(after, after + BATCH)

    def build() -> float:
        office.views.drop()
        return timed(office.views.catch_up)

    raw = median(read, 3)
    took = statistics.median(build() for _ in range(3))
    yield row("catch-up of the views from nothing", events / took, "events/s", events / raw, Must(">=", 80_000))

    def hashed() -> None:
        for each in office.app.store.index_rows():
            hashlib.sha256(each[6]).digest()
            hashlib.sha256(each[7]).digest()

    start = perf_counter()
    assert verify_log(office.app).verdict == "conform_unpinned"
    took = perf_counter() - start
    yield row("verification of the whole log", events / took, "events/s", events / timed(hashed))
    content = sum(len(each[6]) + len(each[7]) for each in office.app.store.index_rows())
    office.close()
    disk = sum(file.stat().st_size for file in made.store.iterdir())
    invoices = made.written.invoices
    yield row("disk per invoice of 4 events: log, keys, views", disk / invoices, "bytes", content / invoices)


def acts(folder: Path) -> Iterator[Row]:
    """One act, and what `can` lists, on an invoice of 20 events."""
    from adapters.acts import Order, remind  # noqa: PLC0415
    from adapters.reading import can  # noqa: PLC0415

    small = SmallStore(folder / "small")
    office, on = small.office, NOW.date()
    streams = small.invoices(ACTS + 1, 20)
    raw = floor.OneInsert(small.path / "relance.db", folder / "one.db")
    ours, one = [], []
    can(office, streams[0], on)
    listed = [timed(partial(can, office, stream, on)) for stream in streams[1:]]
    loaded = [timed(partial(office.app.stream, stream)) for stream in streams[1:]]
    for stream in streams:
        ours.append(timed(partial(remind, office, [stream], Order(on), channel="email")))
        one.append(raw.seconds())
    raw.close()
    milli = 1000
    yield row(
        "one act in process, durable, on an invoice of 20 events",
        milli * statistics.median(ours[1:]), "ms", milli * statistics.median(one[1:]), Must("<", 5),
    )  # fmt: skip
    yield row(
        "`can` in process, on an invoice of 20 events",
        milli * statistics.median(listed), "ms", milli * statistics.median(loaded), Must("<", 5),
    )  # fmt: skip
    small.close()


def dossiers(folder: Path) -> Iterator[Row]:
    """A dossier of 40 events, 8 of them pieces: made, and verified by both verifiers."""
    from adapters.acts import Order  # noqa: PLC0415 - as above
    from adapters.dossier.export import export  # noqa: PLC0415
    from adapters.dossier.subject import Wanted  # noqa: PLC0415
    from adapters.seal.kept import Seals  # noqa: PLC0415
    from adapters.verification.bundle import verify_bundle  # noqa: PLC0415
    from benchmarks import papers  # noqa: PLC0415

    small = SmallStore(folder / "dossiers")
    office, number = small.office, len(papers.KINDS)
    stream = small.invoice("F-40", EVENTS - number)
    papers.attach(office, stream, Order(NOW.date()))
    assert len(office.app.stream(stream).envelopes) == EVENTS
    file = folder / DOSSIER
    took = timed(partial(export, office, [stream], file, Wanted()))
    what = f"dossier of {EVENTS} events, {number} of them pieces of {papers.PAGES} pages"
    yield row(f"{what}: pages, copies, draft petition and seal, the first of a process", took, "s", None, Must("<", 2))
    keys = Seals(office.app.store.tree.db).keys()
    assert verify_bundle(file, keys).verdict == "conform"
    checked = median(lambda: verify_bundle(file, keys))
    yield row(f"verification of that dossier, {file.stat().st_size:,} bytes", checked, "s", None, Must("<", 0.5))
    program = [sys.executable, "-I", "-S"]
    verifier = ROOT / "adapters" / "verifier" / "verify.py"
    words = [*program, str(verifier), *(word for key in keys for word in ("--cle", str(key))), str(file)]
    joined = median(partial(run, words, folder), RUNS)
    nothing = median(partial(run, [*program, "-c", "pass"], folder), RUNS)
    yield row(
        "the same by the verify.py joined to it, whole process (`python -I -S`)", joined, "s", nothing, Must("<", 0.5)
    )
    small.close()


def processes(folder: Path) -> Iterator[Row]:
    """Whole processes, beside a Python that does nothing."""
    program = [sys.executable, "-m", "cli.main"]
    store = ["--store", str(folder / "small"), "--now", NOW.isoformat()]
    works = {
        "nothing": [sys.executable, "-c", "pass"],
        "help": [*program, "--help"],
        "show": [*program, *store, "show", f"F-20-{ACTS:03}"],
    }
    took: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(RUNS + 1):
        for name, words in works.items():
            took[name].append(timed(partial(run, words, folder)))
    middle = {name: statistics.median(each[1:]) for name, each in took.items()}
    yield row("`relance --help`, whole process", middle["help"], "s", middle["nothing"], Must("<", 0.3))
    yield row("`relance show` on a small store, whole process", middle["show"], "s", middle["nothing"], Must("<", 0.5))


def every(folder: Path, invoices: int) -> Iterator[Row]:
    """Every row, in the order of the table."""
    Portfolio(folder, "compiled", 10, unpaid=0)  # modules are compiled before anything is timed
    all_paid = Portfolio(folder, "paid", invoices, unpaid=0)
    some_unpaid = Portfolio(folder, "unpaid", invoices, unpaid=0.2)
    yield from importing(all_paid, some_unpaid)
    gc.collect()
    yield from catching_up(all_paid)
    yield from statements(some_unpaid.store, invoices)
    yield from acts(folder)
    yield from dossiers(folder)
    yield from processes(folder)
