"""Where the views stand, and building them anew, as the user sees it; a store that can only be read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from tests.cli.conftest import Terminal


def test_they_catch_up_after_each_command_that_records(relance: Terminal) -> None:
    before = relance.well("views --json").json
    assert before["position"] == before["head"]
    relance.well("pay F-1 --amount 100")
    after = relance.well("views --json").json
    assert after["position"] == after["head"] > before["head"]
    assert (after["invoices"], after["movements"]) == (3, before["movements"] + 1)


def test_they_are_built_anew(relance: Terminal) -> None:
    before = relance.well("ageing --json").json
    stood = relance.well("views --json").json
    assert relance.well("views rebuild --json").json | {"bytes": 0} == stood | {"bytes": 0}
    assert relance.well("ageing --json").json == before
    assert "at @" in relance.well("views rebuild").out


@contextmanager
def unwritable() -> Iterator[None]:
    """Files that nobody may write: said to the program, because these tests may run as root."""
    real = os.access
    with patch("os.access", lambda path, mode: mode != os.W_OK and real(path, mode)):
        yield


def kept(store: Path) -> dict[str, bytes]:
    """What a store must not lose; a journal comes and goes."""
    return {name: (store / name).read_bytes() for name in ("relance.db", "relance.keys", "relance.master")}


def test_a_store_that_can_only_be_read_answers_and_records_nothing(relance: Terminal) -> None:
    expected = relance.well("ageing --json").json
    files = kept(relance.store)
    with unwritable():
        assert relance.well("ageing --json").json == expected
        assert "in memory: this folder cannot be written" in relance.well("views").out
        relance.well("verify --log")
        relance.refused("pay F-1 --amount 5", 2, "cannot be written here: everything can be read, nothing recorded")
        relance.refused("views rebuild", 2, "cannot be written here")
        relance.refused("party add --debtor C9 --name X", 2, "cannot be written here")
    assert kept(relance.store) == files
