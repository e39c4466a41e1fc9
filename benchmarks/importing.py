"""One `relance import`, as a process of its own: its peak memory is nobody else's. `python -m benchmarks.importing STORE CSV OUT`.

It runs the command itself, and times apart what the views take to catch up.
"""

import json
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from unittest.mock import patch

from adapters.views.file import Views
from benchmarks.portfolio import MAPPING
from cli.main import run


def main(store: str, file: str, out: str) -> int:
    """Make the store, import the file, write seconds to OUT."""
    views, views_cpu, catch_up = [0.0], [0.0], Views.catch_up

    def timed(self: Views, **options: Any) -> int:
        start, start_cpu = perf_counter(), process_time()
        try:
            return catch_up(self, **options)
        finally:
            views[0] += perf_counter() - start
            views_cpu[0] += process_time() - start_cpu

    code = run(["--store", store, "init"])
    with patch.object(Views, "catch_up", timed):
        start, start_cpu = perf_counter(), process_time()
        code = code or run(["--store", store, "import", file, "--creditor", "BENCH", *MAPPING])
        seconds, cpu = perf_counter() - start, process_time() - start_cpu
    took = {"seconds": seconds - views[0], "cpu_seconds": cpu - views_cpu[0], "views_seconds": views[0]}
    Path(out).write_text(json.dumps(took))
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
