"""`make bench`: measure everything in temporary folders, print the table, keep it beside; leave with 1 when a must is missed.

With `--invoices N`, or `--only PART`, it is a trial, and nothing is kept.
"""

import argparse
import datetime as dt
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks import seals, views, works
from benchmarks.rows import HEAD, Row, load, machine, save

WHOLE: Final = 100_000
PARTS: Final = {"works": works.every, "seals": seals.every, "views": views.every}


def main() -> int:
    """Run."""
    words = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure relance beside its floors.")
    words.add_argument("--invoices", type=int, default=WHOLE, help="a smaller portfolio: a trial, nothing is kept")
    words.add_argument("--only", choices=PARTS, help="one part: a trial, nothing is kept")
    words.add_argument("--folder", type=Path, help="where the temporary folder is made; the disk under it counts")
    asked = words.parse_args()
    before, rows = load(), []
    with tempfile.TemporaryDirectory(prefix="relance-bench-", dir=asked.folder) as folder:
        for name, every in PARTS.items():
            if asked.only in {None, name}:
                part = Path(folder, name)
                part.mkdir()
                for each in every(part, asked.invoices):
                    print("·".join(cell for cell in each.cells() if cell), file=sys.stderr, flush=True)
                    rows.append(each)
    facts = machine(before, load(), dt.datetime.now(dt.UTC).date().isoformat())
    show(rows)
    print("; ".join(f"{name.replace('_', ' ')} {value}" for name, value in facts.items()))
    if asked.invoices == WHOLE and asked.only is None:
        save(facts, rows)
    missed = [each.work for each in rows if each.ok is False]
    for work in missed:
        print(f"Missed: {work}", file=sys.stderr)
    return 1 if missed else 0


def show(rows: list[Row]) -> None:
    """Print the table."""
    table = Table()
    for name in HEAD:
        table.add_column(name, justify="right" if name in {"value", "floor", "ratio"} else "left")
    for each in rows:
        table.add_row(*each.cells(), style="red" if each.ok is False else None)
    Console(width=None if sys.stdout.isatty() else 150).print(table)


if __name__ == "__main__":
    sys.exit(main())
