"""Two dossiers of one log: what was an entry is the same entry; a history that is told twice is seen."""

import sqlite3
from pathlib import Path

import pytest

from adapters.bootstrap import Office
from adapters.dossier.export import export
from adapters.dossier.subject import Wanted
from adapters.payments import Payment, pay
from adapters.seal.note import read_key
from adapters.store.folder import LOG, open_folder
from adapters.verification.against import compared
from adapters.verification.bundle import BundleVerification, verify_bundle
from domain.errors import Misuse
from tests.adapters.dossier.case import Case, later

HIDDEN = f"invoice:{'d' * 32}"


def held(case: Case, later_file: Path, earlier: Path) -> BundleVerification:
    return compared(verify_bundle(later_file, [read_key(case.key)]), later_file, earlier)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def test_a_later_dossier_holds_the_entries_of_an_earlier_one(case: Case) -> None:
    first = case.export(name="one.asice").path
    case.piece(case.first)
    second = later(case).export(name="two.asice").path
    found = held(case, second, first)
    assert found.verdict == "conform"
    assert found.checks[-1].id == "16-against"
    assert held(case, first, second).verdict == "conform"


def test_a_history_told_twice_in_one_log_is_seen(case: Case) -> None:
    """Rows moved to another stream by their index alone: the next dossier is conform by itself, and not beside the first."""
    pay(case.office, case.first, case.order("2026-03-02"), Payment(123_00))
    first = case.export(case.first, name="one.asice").path
    key = case.key
    case.office.close()
    db = sqlite3.connect(case.out / "store" / LOG)
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'log'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    db.execute(
        "UPDATE log SET stream = ?, version = version - 1 WHERE stream = ? AND version > 1", (HIDDEN, case.first)
    )
    db.commit()
    db.close()
    office = Office(open_folder(case.out / "store"), later(case).clock, "Camille")
    second = export(office, [case.first], case.out / "two.asice", Wanted()).path
    office.close()
    found = verify_bundle(second, [read_key(key)])
    assert found.verdict == "conform", "by itself nothing shows it"
    beside = compared(found, second, first)
    assert (beside.verdict, beside.is_sealed) == ("broken", False)
    assert "two versions of this history" in beside.checks[-1].detail


def test_what_cannot_be_compared_is_misuse(case: Case, tmp_path: Path) -> None:
    one, two = case.export(case.first, name="one.asice").path, case.export(case.second, name="two.asice").path
    with pytest.raises(Misuse, match="shows none of these invoices"):
        held(case, two, one)
    broken = tmp_path / "broken.asice"
    broken.write_bytes(one.read_bytes()[:-1])
    with pytest.raises(Misuse, match="not sound itself"):
        held(case, one, broken)
    other = Case(tmp_path / "other").export(name="o.asice").path
    with pytest.raises(Misuse, match="of another log"):
        held(case, one, other)
