"""One catch-up of the views from nothing, as a process of its own: its peak memory is nobody else's.

`python -m benchmarks.catching STORE OUT` writes seconds, peak MiB, and the seconds of reading the same rows and nothing else.
"""

import json
import resource
import sys
from pathlib import Path
from time import perf_counter

MEBI = 1024.0


def main(store: str, out: str) -> int:
    """Drop the views, build them, read the log raw; write what it took to OUT."""
    from adapters.bootstrap import Settings, open_office  # noqa: PLC0415 - as a command does
    from adapters.views.file import BATCH  # noqa: PLC0415

    office = open_office(Settings(Path(store)))
    head = office.app.store.position()
    office.views.drop()
    start = perf_counter()
    office.views.catch_up()
    took = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEBI
    start = perf_counter()
    for after in range(0, head, BATCH):
        office.app.store.rows(after, after + BATCH)
    raw = perf_counter() - start
    office.close()
    size = sum(file.stat().st_size for file in Path(store).glob("relance.views*"))
    Path(out).write_text(
        json.dumps({"events": head, "seconds": took, "peak_mib": peak, "floor_seconds": raw, "bytes": size})
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
