"""The claims of a bundle are computed again: by this program's rulebook they must agree, by another's it is said."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from adapters.application import Relance
from adapters.documents import bundle
from adapters.documents.summary import as_first
from adapters.store.envelope import canonical
from adapters.verify import verify_bundle
from tests.adapters.exhibits import Archive, repacked, unpacked
from tests.builders import paid

Files = dict[str, bytes]


@pytest.fixture
def good(app: Relance, tmp_path: Path) -> Path:
    """A bundle of an invoice with a history, and of one paid late."""
    archive = Archive(app)
    first, second = archive.story(), archive.invoice("F-2", "300,00")
    archive.record(second, paid("2026-03-01", "300,00"))
    return archive.export([first, second], tmp_path / "good.zip").path


def figures_check(path: Path) -> str:
    found = verify_bundle(path)
    assert found.verdict == "conform_unpinned", found.checks
    return next(check.detail for check in found.checks if check.id == "6-figures")


def judged_by_another(files: Files) -> dict[str, Any]:
    """A bundle whose claims another version's rulebook judged: a text of it differs. Its summary."""
    resume: dict[str, Any] = json.loads(files[bundle.SUMMARY])
    rulebook = json.loads(files[f"regles/{resume['claim']['law']}.json"])
    rulebook["rules"][0]["text"] += " As another version said it."
    text = canonical(rulebook)
    resume["claim"]["law"] = hashlib.sha256(text).hexdigest()
    files[f"regles/{resume['claim']['law']}.json"] = text
    return resume


def test_the_claims_are_computed_again_by_the_rulebook_inside(good: Path) -> None:
    assert "claims computed again by this program's rulebook; " in figures_check(good)


def test_another_rulebook_is_read_and_said_to_be_another(good: Path) -> None:
    files = unpacked(good)
    files[bundle.SUMMARY] = bundle.plain_json(judged_by_another(files))
    assert "claims computed again by another rulebook than this program's" in figures_check(repacked(good, files))


def test_a_rulebook_with_a_monstrous_value_is_not_computed_with(good: Path) -> None:
    files = unpacked(good)
    resume = json.loads(files[bundle.SUMMARY])
    rulebook = json.loads(files[f"regles/{resume['claim']['law']}.json"])
    for parameter in rulebook["parameters"]:
        parameter["values"][-1]["value"] = "1E+999999999"
    text = canonical(rulebook)
    resume["claim"]["law"] = hashlib.sha256(text).hexdigest()
    files[f"regles/{resume['claim']['law']}.json"] = text
    files[bundle.SUMMARY] = bundle.plain_json(resume)
    assert "claims NOT recomputed" in figures_check(repacked(good, files))


@pytest.mark.parametrize("change", [{"total_cents": 1}, {"remarks": None}])
def test_claims_of_another_rulebook_that_come_out_otherwise_are_said_not_to_be_recomputed(
    good: Path, change: dict[str, Any]
) -> None:
    files = unpacked(good)
    resume = judged_by_another(files)
    resume["claim"]["invoices"][0] |= change
    files[bundle.SUMMARY] = bundle.plain_json(resume)
    assert "claims NOT recomputed: judged by another rulebook" in figures_check(repacked(good, files))


def test_a_dossier_made_before_claims_were_computed_still_verifies(good: Path) -> None:
    files = unpacked(good)
    resume = json.loads(files[bundle.SUMMARY])
    del resume["claim"]
    files[bundle.SUMMARY] = bundle.plain_json(as_first(resume))
    assert "no claim in it: made before claims were computed" in figures_check(repacked(good, files))
