"""What every test may ask for: golden files, the shared data, a store of its own."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters.application import Relance, new_id
from adapters.clock import FixedClock
from adapters.store.folder import create, open_folder
from tests.adapters.browser import CHROMIUM, DRIVER
from tests.builders import instant

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("RELANCE_SHARED_DATA", HERE.parent.parent / "shared" / "data"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew, to be read in review")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not SHARED.is_dir():
        terminalreporter.write_line(
            f"SHARED DATA ABSENT: nothing was tried on the real files of {SHARED}", red=True, bold=True
        )
    if not (DRIVER and CHROMIUM):
        terminalreporter.write_line(
            "CHROMIUM ABSENT: the report was looked at in no browser (Debian: chromium, chromium-driver)",
            red=True, bold=True,
        )  # fmt: skip


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the file of that name, or write it with --update-golden."""

    def compare(name: str, text: str) -> None:
        file = HERE / "golden" / name
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        assert text == file.read_text(), f"{name} changed: read the difference, then run with --update-golden"

    return compare


@pytest.fixture
def shared() -> Path:
    """The real files; the summary says loudly when they are absent."""
    if not SHARED.is_dir():
        pytest.skip("shared data absent")
    return SHARED


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Relance]:
    """A sandbox store with a clock of its own."""
    create(tmp_path / "store", sandbox=True)
    folder = open_folder(tmp_path / "store")
    yield Relance(folder, FixedClock(instant("2026-06-01T08:00:00+00:00")), new_id())
    folder.close()
