"""The demonstration, whole: a year is played, aged twice, refused once, exported and verified."""

from pathlib import Path

import pytest

from adapters.bootstrap import Settings, open_office
from adapters.seal.kept import Seals
from adapters.verification.bundle import verify_bundle
from adapters.verify import verify_log
from cli.main import run


def test_the_demonstration_plays_and_verifies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "demo"
    assert run(["demo", str(place)]) == 0
    said = capsys.readouterr().out
    assert "C. com., art. L622-21" in said
    assert "The same 31 December, as known a month later" in said
    assert "verified the dossier: conform (15 of 15 checks)" in said
    assert "title enforceable" in said
    office = open_office(Settings(place / "store"))
    assert office.folder.is_sandbox
    assert verify_log(office.app).verdict == "conform_unpinned"
    keys = Seals(office.app.store.tree.db).keys()
    office.close()
    (bundle,) = place.glob("dossier-*.asice")
    assert verify_bundle(bundle, keys).verdict == "conform"
    assert verify_bundle(bundle).verdict == "conform_unpinned"
    assert run(["demo", str(place)]) == 2
