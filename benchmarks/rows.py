"""A result: what was measured, beside what, and whether it is enough; as JSON, as Markdown, on a terminal."""

import json
import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE / "results.json"
README: Final = HERE / "README.md"
START: Final = "<!-- table: written by `make bench` -->"
END: Final = "<!-- end of the table -->"
HEAD: Final = ("work", "value", "unit", "floor", "ratio", "must", "ok")
NARROW: Final = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One work. `ratio` is value / floor; `must` is empty and `ok` null where nothing is asked."""

    work: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    must: str = ""
    ok: bool | None = None

    def cells(self) -> list[str]:
        """The row in words."""
        verdict = {True: "yes", False: "NO", None: ""}[self.ok]
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return [self.work, figure(self.value), self.unit, figure(self.floor), ratio, self.must, verdict]


@dataclass(frozen=True, slots=True)
class Must:
    """What a work must reach: its value, or its ratio to the floor, at most or at least."""

    sign: Literal["<", ">="]
    bound: float
    of: Literal["value", "ratio"] = "value"
    words: str = ""

    def __str__(self) -> str:
        """As the table has it."""
        return self.words or f"{self.sign} {figure(self.bound)}"


def row(work: str, value: float, unit: str, floor: float | None = None, must: Must | None = None) -> Row:
    """A row, judged. Figures are kept to four digits: the machine gives no more."""
    value = _short(value)
    floor = None if floor is None else _short(floor)
    ratio = None if not floor else _short(value / floor)
    if must is None:
        return Row(work, value, unit, floor, ratio)
    judged = value if must.of == "value" else ratio
    assert judged is not None
    return Row(
        work, value, unit, floor, ratio, str(must), judged < must.bound if must.sign == "<" else judged >= must.bound
    )


def _short(value: float) -> float:
    short = float(f"{value:.4g}")
    return int(short) if short.is_integer() and short >= NARROW else short


def figure(value: float | None) -> str:
    """A figure as people read it."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def load() -> str:
    """How busy the machine is: the load averages of 1 and 5 minutes."""
    return "{:.2f}, {:.2f}".format(*os.getloadavg()[:2])


def machine(before: str, after: str, on: str) -> dict[str, Any]:
    """Where it was measured."""
    return {
        "measured_on": on, "python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "cores": os.cpu_count(),
        "processor": _processor(), "system": f"{platform.system()} {platform.machine()}", "load_before": before, "load_after": after,
    }  # fmt: skip


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def as_json(facts: dict[str, Any], rows: Sequence[Row]) -> str:
    """The results as a file for programs."""
    return json.dumps({"machine": facts, "rows": [asdict(each) for each in rows]}, indent=2, ensure_ascii=False) + "\n"


def as_markdown(facts: dict[str, Any], rows: Sequence[Row]) -> str:
    """The results as the block of the README."""
    said = (
        f"Measured on {facts['measured_on']}: Python {facts['python']}, SQLite {facts['sqlite']}, {facts['cores']} cores"
        f" ({facts['processor']}, {facts['system']}); load (1 and 5 minutes) {facts['load_before']} before,"
        f" {facts['load_after']} after."
    )
    lines = [
        "| " + " | ".join(HEAD) + " |",
        "|---|--:|---|--:|--:|---|---|",
        *("| " + " | ".join(each.cells()) + " |" for each in rows),
    ]
    return "\n".join([START, said, "", *lines, END])


def in_readme(readme: str, block: str) -> str:
    """The README with the block in its place."""
    before, _, rest = readme.partition(START)
    return before + block + rest.partition(END)[2]


def save(facts: dict[str, Any], rows: Sequence[Row]) -> None:
    """Write both files."""
    RESULTS.write_text(as_json(facts, rows), encoding="utf-8")
    README.write_text(in_readme(README.read_text(encoding="utf-8"), as_markdown(facts, rows)), encoding="utf-8")
