"""Pages of invoices by several processes: each opens the store by itself and takes a slice at a time.

A process that outlives its parent ends at the next slice: its pipe is closed.
"""

import gc
import multiprocessing as mp
import os
import pickle
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from typing import Final

from adapters.bootstrap import Office, Settings, open_office
from adapters.report.rows import Row
from adapters.report.sheet import Sheets
from adapters.report.situation import Situation
from domain.errors import RelanceError

#: Invoices in a slice; and below how many one process does it all sooner than two could start.
SLICE: Final = 400
ALONE: Final = 2_000
MOST: Final = 8

Streams = Sequence[tuple[str, str]]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Job:
    """What a process needs to know."""

    settings: Settings
    situation: Situation
    folder: Path


@contextmanager
def writing(
    office: Office, job: Job, streams: Streams, progress: Progress | None = None, processes: int | None = None
) -> Iterator[Callable[[], list[Row]]]:
    """Start to write the pages of invoices. What is given back waits for the end, and returns their rows in the order asked."""
    tell = progress or _silent
    count = min(processes or _processors(), MOST, (len(streams) + SLICE - 1) // SLICE)
    if (processes is None and len(streams) <= ALONE) or count <= 1:
        yield lambda: _alone(office, job, streams, tell)
        return
    slices = list(enumerate(_slices(streams)))
    slices.reverse()  # taken from the end
    team = [_Hand(job) for _ in range(count)]
    lock = Lock()

    def drive(hand: _Hand) -> list[tuple[int, list[Row]]]:
        done: list[tuple[int, list[Row]]] = []
        while True:
            with lock:
                if not slices:
                    return done
                n, some = slices.pop()
            done.append((n, hand.write(some)))
            with lock:
                tell(len(some))

    pool = ThreadPoolExecutor(count)
    try:
        futures = [pool.submit(drive, hand) for hand in team]
        yield lambda: _gathered(futures)
    finally:
        with lock:
            slices.clear()
        for hand in team:
            hand.stop()
        pool.shutdown()  # no thread waits for a pipe any more
        for hand in team:
            hand.close()


def _gathered(futures: Sequence[Future[list[tuple[int, list[Row]]]]]) -> list[Row]:
    done = sorted((each for future in futures for each in future.result()), key=lambda each: each[0])
    return [row for _, rows in done for row in rows]


def _alone(office: Office, job: Job, streams: Streams, tell: Progress) -> list[Row]:
    rows = list[Row]()
    with closing(Sheets(office, job.situation, job.folder)) as sheets:
        for some in _slices(streams):
            rows += sheets.write(some)
            tell(len(some))
    return rows


def _slices(streams: Streams) -> Iterator[Streams]:
    for start in range(0, len(streams), SLICE):
        yield streams[start : start + SLICE]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _silent(_: int) -> None:
    pass


class _Hand:
    """One process, and our end of its pipe. It is spawned, never forked: no open store goes with it."""

    def __init__(self, job: Job) -> None:
        spawn = mp.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_work, args=(theirs, job), daemon=True)
        self._process.start()
        theirs.close()

    def write(self, some: Streams) -> list[Row]:
        """Have a slice written.

        Raises:
            Exception: what stopped it.
        """
        try:
            self._pipe.send(some)
            answer: list[Row] | BaseException = self._pipe.recv()
        except (EOFError, OSError):
            raise RelanceError("a process that wrote pages of the report was killed; run the command again") from None
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def stop(self) -> None:
        """End the process, done or not."""
        self._process.terminate()
        self._process.join()

    def close(self) -> None:
        """Close the pipe."""
        self._pipe.close()


def _sendable(error: Exception) -> Exception:
    """An error that goes through a pipe; one that cannot goes as its words."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - ours
    except Exception:  # noqa: BLE001 - whatever its making wants
        return RelanceError(str(error))
    return error


def _work(pipe: Connection, job: Job) -> None:
    """The life of a process: slices in, rows or an error out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    gc.disable()  # histories hold no cycle: looking for some costs a tenth of the time
    office: Office | None = None
    sheets: Sheets | None = None
    while True:
        try:
            some: Streams = pipe.recv()
        except EOFError:
            break
        try:
            if sheets is None:
                office = open_office(job.settings)
                sheets = Sheets(office, job.situation, job.folder)
            answer: list[Row] | BaseException = sheets.write(some)
        except Exception as error:  # noqa: BLE001 - told to the parent, which raises it
            answer = _sendable(error)
        try:
            pipe.send(answer)
        except OSError:
            break
    if sheets is not None:
        sheets.close()
    if office is not None:
        office.close()
