"""Running and timing: whole processes without any setting of ours, and what is done in this one."""

import os
import statistics
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks.rows import HERE

ROOT: Final = HERE.parent
FEW: Final = 5
MEBI: Final = 1024.0


def environment(folder: Path) -> dict[str, str]:
    """What child processes see: no setting of ours, compiled modules kept in a folder that goes with the run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RELANCE_", "PYTHON"))}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder / "pycache")}


def run(words: Sequence[str], folder: Path) -> None:
    """A whole process; what it prints is thrown away."""
    subprocess.run(words, check=True, cwd=ROOT, env=environment(folder), capture_output=True)  # noqa: S603 - ours


def median(do: Callable[[], object], times: int = FEW) -> float:
    """Median seconds of several goes."""
    return statistics.median(timed(do) for _ in range(times))


def timed(do: Callable[[], object]) -> float:
    """Seconds of one go."""
    start = perf_counter()
    do()
    return perf_counter() - start
