"""A process that exports dossiers, killed at random instants: each export that the log closed can be given whole, and verifies.

`python -m tests.adapters.dossier.killed 60` is the long run; the suite does a few of them.
"""

import datetime as dt
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from adapters.bootstrap import Office
from adapters.clock import FixedClock
from adapters.dossier.export import again, export
from adapters.dossier.subject import Wanted
from adapters.seal.fsck import fsck
from adapters.seal.kept import Seals
from adapters.store.folder import open_folder
from adapters.verification.bundle import verify_bundle
from domain.facts.invoicing import DossierExported
from tests.adapters.dossier.case import Case

NOW: Final = dt.datetime(2026, 4, 1, 9, tzinfo=dt.UTC)
#: A life is ended after at most so many seconds.
LONGEST: Final = 0.9


def opened(folder: Path) -> Office:
    """The store, whoever was killed in it."""
    return Office(open_folder(folder / "store"), FixedClock(NOW), "Camille")


def live(folder: Path, streams: list[str], seed: int) -> None:
    """Export for ever, one invoice or all."""
    office, draw, n = opened(folder), random.Random(seed), 0
    while True:
        chosen = draw.choice(([streams[0]], [streams[1]], streams))
        export(office, chosen, folder / f"out-{seed}-{n}.asice", Wanted())
        n += 1


def examine(folder: Path, streams: list[str]) -> tuple[int, list[str]]:
    """What the log closed, and what is wrong with it or with the files that are there."""
    office, wrong = opened(folder), list[str]()
    try:
        found = fsck(office.app)
        if found.first or found.behind:
            wrong.append(f"the seal: {found.first}, {found.behind} behind")
        first = {
            each.act: each.position
            for stream in reversed(streams)
            for each in office.app.stream(stream).envelopes
            if isinstance(each.fact, DossierExported)
        }
        for position in set(first.values()):
            path = folder / f"again-{position}.asice"
            path.unlink(missing_ok=True)
            again(office, position, path)
        keys = Seals(office.app.store.tree.db).keys()
        for path in folder.glob("[!.]*.asice"):
            if verify_bundle(path, keys).verdict != "conform":
                wrong.append(f"{path.name} is not conform")
            path.unlink()
    finally:
        office.close()
    return len(first), wrong


def soak(folder: Path, kills: int, first: int = 0) -> tuple[int, list[str]]:
    """Kill so many exporters in one store, and look after each; how many exports were closed, and what is wrong."""
    case = Case(folder)
    streams = sorted((case.first, case.second), key=lambda each: each != case.first)
    case.piece(case.first)
    case.office.close()
    closed = 0
    for seed in range(first, first + kills):
        pid = os.fork()
        if not pid:
            try:
                live(folder, streams, seed)
            finally:
                os._exit(1)
        time.sleep(random.Random(seed).uniform(0.05, LONGEST))
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
            return closed, [f"seed {seed}: the exporter ended by itself"]
        closed, wrong = examine(folder, streams)
        if wrong:
            return closed, wrong
    return closed, []


def main(words: list[str]) -> int:
    """Soak in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="relance-soak-") as folder:
        closed, wrong = soak(Path(folder), int(words[0]))
    said = "; ".join(wrong) or "each can be given whole, and is conform"
    sys.stdout.write(f"{words[0]} kills, {closed} exports closed: {said}\n")
    return 1 if wrong or not closed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
