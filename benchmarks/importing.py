"""One `relance import`, as a process of its own: its peak memory is nobody else's. `python -m benchmarks.importing STORE CSV OUT`.

It runs the command itself, and times apart what the views take to catch up, and what the seal takes to grow.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from unittest.mock import patch

from adapters.seal.log import LogTree
from adapters.views.file import Views
from benchmarks.portfolio import MAPPING
from cli.main import run


class Apart:
    """What a part of the work takes."""

    def __init__(self) -> None:
        self.seconds = self.cpu = 0.0

    def of(self, part: Callable[..., Any]) -> Callable[..., Any]:
        """The same part, timed."""

        def timed(*args: Any, **options: Any) -> Any:
            start, start_cpu = perf_counter(), process_time()
            try:
                return part(*args, **options)
            finally:
                self.seconds += perf_counter() - start
                self.cpu += process_time() - start_cpu

        return timed


def main(store: str, file: str, out: str) -> int:
    """Make the store, import the file, write seconds to OUT."""
    views, seals = Apart(), Apart()
    code = run(["--store", store, "init"])
    with (
        patch.object(Views, "catch_up", views.of(Views.catch_up)),
        patch.object(LogTree, "grow", seals.of(LogTree.grow)),
    ):
        start, start_cpu = perf_counter(), process_time()
        code = code or run(["--store", store, "import", file, "--creditor", "BENCH", *MAPPING])
        seconds, cpu = perf_counter() - start, process_time() - start_cpu
    took = {
        "seconds": seconds - views.seconds - seals.seconds, "cpu_seconds": cpu - views.cpu - seals.cpu,
        "views_seconds": views.seconds, "seals_seconds": seals.seconds,
    }  # fmt: skip
    Path(out).write_text(json.dumps(took))
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
