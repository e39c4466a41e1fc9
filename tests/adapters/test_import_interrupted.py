"""An import killed on its way, at any moment: run again, it ends as if nothing had happened."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from adapters.store.folder import create
from adapters.verify import verify_log
from tests.adapters.desk import PAID, Desk, desk_at

ROWS, PAYMENTS = 6_000, 200
PROGRAM = """
import os, signal, sys
from pathlib import Path
from tests.adapters.desk import PAID, Desk
desk, kill_at = Desk(Path(sys.argv[1])), sys.argv[3]
def tell(word, rows):
    if f"{word} {rows // 2500 * 2500}" == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)
append = desk.office.app.store.insert_rows
def insert(rows, beside):
    append(rows, beside)
    if kill_at.startswith("inside") and desk.office.app.store.position() > int(kill_at.split()[1]):
        os.kill(os.getpid(), signal.SIGKILL)
desk.office.app.store.insert_rows = insert
desk.bring(Path(sys.argv[2]), PAID, progress=tell)
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six thousand rows: some unpaid, some paid twice, some paid twice alike, on lines that stand far apart."""
    path = tmp_path_factory.mktemp("file") / "big.csv"
    lines = ["number,debtor,issued_on,due_on,total,paid_on,paid"]
    for n in range(ROWS - PAYMENTS):
        paid = ("2026-03-01", f"{10 + n % 90}.00") if n % 10 == 0 else ("", "")
        lines.append(
            f"F{n},C{n % 50},2026-01-{1 + n % 28:02d},2026-02-{1 + n % 28:02d},{100 + n % 90}.00,{','.join(paid)}"
        )
    lines += [f"F{n},,,,,2026-03-01,{10 + n % 90}.00" for n in range(0, PAYMENTS * 5, 10) for _ in range(2)]
    path.write_text("\n".join(lines) + "\n")
    return path


def content(desk: Desk) -> tuple[Counter[tuple[object, ...]], int]:
    """Every invoice by what it holds, without the identifiers drawn by this store; and how many payments there are."""
    found: Counter[tuple[object, ...]] = Counter()
    payments = 0
    store = desk.office.app.store
    for _, _, stream in store.named_anywhere("number"):
        facts = [entry.fact.model_dump(mode="json") for entry in desk.office.app.stream(stream).history[:8]]
        payments += sum("receipt" in fact for fact in facts)
        drawn = {"creditor", "debtor", "number", "receipt"}
        found[tuple(tuple((key, str(value)) for key, value in fact.items() if key not in drawn) for fact in facts)] += 1
    return found, payments


@pytest.fixture(scope="module")
def whole(file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Counter[tuple[object, ...]], int]:
    with desk_at(tmp_path_factory.mktemp("whole") / "store") as desk:
        report = desk.bring(file, PAID)
        assert (report.invoices, report.payments) == (ROWS - PAYMENTS, (ROWS - PAYMENTS) // 10 + PAYMENTS)
        return content(desk)


def test_killed_and_run_again_it_is_whole(
    file: Path, whole: tuple[Counter[tuple[object, ...]], int], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    create(store, sandbox=True)
    points = ("inside 0", "inside 60", "recorded 2500", "inside 10100", "nowhere")
    reached = []
    for point in points:
        command = [sys.executable, "-c", PROGRAM, str(store), str(file), point]
        done = subprocess.run(
            command, check=False, env=dict(os.environ, PYTHONPATH=str(Path(__file__).parents[2])), capture_output=True
        )
        assert done.returncode in {-signal.SIGKILL, 0}, done.stderr.decode()[-2000:]
        with desk_at(store) as desk:
            reached.append((done.returncode, desk.position))
    assert [code for code, _ in reached] == [-signal.SIGKILL] * 4 + [0]
    assert [position for _, position in reached] == sorted(position for _, position in reached)
    assert len({position for _, position in reached}) >= 4
    with desk_at(store) as desk:
        assert content(desk) == whole
        head = desk.position
        again = desk.bring(file, PAID)
        assert (again.events, again.known, desk.position) == (0, ROWS, head)
        assert verify_log(desk.office.app).verdict == "conform_unpinned"
