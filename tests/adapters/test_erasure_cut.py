"""An erasure killed between any two of its steps: either nothing was erased, or the next command that opens the store ends it."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.acts import Order
from adapters.bootstrap import Office
from adapters.clock import FixedClock
from adapters.erasure import erase
from adapters.store.folder import KEYS, LOG, create, open_folder
from adapters.store.vault import KeyRing
from adapters.verify import verify_log
from domain.errors import NotFound
from tests.adapters.office import Firm
from tests.builders import instant
from tests.conftest import HERE

LATER = "2040-06-01T10:00:00+00:00"
#: Where the process dies: what it is about to do.
BEFORE_THE_LOG = ("adapters.store.vault.KeyRing.begin_erasing", "adapters.application.Relance.append")
AFTER_THE_LOG = (
    "adapters.erasure.finish",
    "adapters.store.vault.KeyRing.destroy",
    "adapters.store.shredding.delete",
    "adapters.store.shredding.emptied",
    "adapters.store.vault.KeyRing.end_erasing",
)


def killed(store: Path, step: str) -> None:
    """The command in a process of its own, which dies by SIGKILL at a step."""
    program = f"""
import os, signal
from unittest import mock
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
with mock.patch({step!r}, die):
    from cli.main import run
    run(["party", "erase", "C042", "--reason", "request"])
"""
    environment = {**os.environ, "RELANCE_STORE": str(store), "RELANCE_NOW": LATER, "RELANCE_ACTOR": "Camille"}
    environment.pop("RELANCE_MASTER_KEY", None)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=HERE.parent, env=environment, check=False, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    firm = Firm(tmp_path / "store")
    firm.invoice("F-1")
    firm.office.close()
    return tmp_path / "store"


def opened(store: Path) -> Office:
    return Office(open_folder(store), FixedClock(instant(LATER)), "Camille")


def rows(store: Path, file: str, question: str) -> int:
    db = sqlite3.connect(store / file)
    (count,) = db.execute(question).fetchone()
    db.close()
    return int(count)


@pytest.mark.parametrize("step", BEFORE_THE_LOG)
def test_before_the_log_has_it_nothing_was_erased(store: Path, step: str) -> None:
    killed(store, step)
    office = opened(store)
    owner = office.registry.debtor("C042")
    assert office.registry.card(owner) == ("C042", "Client C042")
    assert office.app.vault.keys.erasing() == {}
    assert erase(office, owner, "request", Order(office.app.today)).recorded
    office.close()


@pytest.mark.parametrize("step", AFTER_THE_LOG)
def test_after_the_log_has_it_the_next_opening_ends_it(store: Path, step: str) -> None:
    killed(store, step)
    assert rows(store, KEYS, "SELECT count(*) FROM erasing") == 1
    office = opened(store)
    assert office.app.vault.keys.erasing() == {}
    with pytest.raises(NotFound):
        office.registry.debtor("C042")
    gone = rows(store, KEYS, "SELECT count(*) FROM keys WHERE length(wrapped) = 0")
    assert gone == 1
    assert rows(store, LOG, "SELECT count(*) FROM vault WHERE kind IN ('reference')") == 0
    assert rows(store, LOG, "SELECT count(*) FROM names") == 1
    assert not (store / f"{LOG}-wal").exists() or (store / f"{LOG}-wal").stat().st_size == 0
    assert verify_log(office.app).verdict != "broken"
    office.close()


def test_a_note_of_an_older_key_file_is_none(tmp_path: Path) -> None:
    create(tmp_path / "store", sandbox=True)
    ring = KeyRing(tmp_path / "store" / KEYS, bytes.fromhex((tmp_path / "store" / "relance.master").read_text()))
    assert ring.erasing() == {}
    ring.close()
    ring.close()
