"""`report` at the terminal."""

import json
from pathlib import Path

from tests.adapters.pages import Page
from tests.cli.conftest import Terminal


def files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_report_is_written_and_said(relance: Terminal) -> None:
    said = relance.well("report --output out")
    assert said.out.startswith("out/index.html: 3 invoices of 2 debtors in ")
    assert "as of 1 June 2026, known at @" in said.out
    assert "simulation" in said.err
    page = Page(relance.store.parent / "out" / "index.html")
    assert page.h1 == "Situation du poste clients au 1er juin 2026"
    owed = relance.well("ageing --by total --json").json["totals"]["total_cents"]
    assert page.sums()["Créances ouvertes"].startswith(f"{owed // 100_000} {owed // 100 % 1000:03},{owed % 100:02} €")


def test_as_json_with_stable_keys(relance: Terminal) -> None:
    value = relance.well("report --output out --as-of 2026-03-31 --json").json
    head = relance.well("views --json").json["head"]
    pages = len(list((relance.store.parent / "out").rglob("*.html")))
    assert value == {
        "path": "out", "as_of_on": "2026-03-31", "position": head, "invoices": 2, "debtors": 1, "pages": pages, "sandbox": True,
    }  # fmt: skip
    marker = json.loads((relance.store.parent / "out" / "relance-rapport.json").read_text())
    assert (marker["format"], marker["as_of_on"], marker["position"]) == ("relance.report", "2026-03-31", head)


def test_the_same_again_is_the_same_bytes_and_later_knowledge_is_not(relance: Terminal) -> None:
    position = relance.well("report --output one --as-of 2026-03-31 --json").json["position"]
    relance.well("pay F-1 --amount 200 --on 2026-03-02")
    relance.well(f"report --output two --as-of 2026-03-31 --known-at @{position}")
    relance.well("report --output three --as-of 2026-03-31")
    at = relance.store.parent
    assert files(at / "one") == files(at / "two") != files(at / "three")


def test_only_a_report_is_replaced_and_only_when_told(relance: Terminal) -> None:
    relance.well("report --output out")
    relance.refused("report --output out", 2, "--force replaces it")
    relance.well("report --output out --force")
    mine = relance.store.parent / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("precious")
    for line in ("report --output mine", "report --output mine --force", "report --output store --force"):
        relance.refused(line, 2, "holds something that is no report of relance")
    assert (mine / "thesis.txt").read_text() == "precious"


def test_mistakes_are_told_and_leave_nothing(relance: Terminal) -> None:
    relance.refused("report --output out --as-of 2026-06-02", 3, "still to come")
    relance.refused("report --output out --known-at 2020-01-01", 3, "nothing was known by 2020-01-01")
    relance.refused("report --output out --as-of 2025-12-31", 3, "no invoice was issued by 31 December 2025")
    relance.refused("report --output out --creditor NONE", 3, "no creditor 'NONE' is registered")
    relance.refused("report", 2, "--output")
    assert [each.name for each in relance.store.parent.iterdir()] == ["store"]


def test_an_empty_store_has_nothing_to_report(alone: Terminal) -> None:
    alone.well("init --sandbox")
    alone.refused("report --output out", 3, "nothing to report")
    assert [each.name for each in alone.store.parent.iterdir()] == ["store"]


def test_a_report_goes_to_a_folder_whose_parents_are_made(relance: Terminal) -> None:
    relance.well('report --output "deep/rapport d’été #1"')
    assert (relance.store.parent / "deep" / "rapport d’été #1" / "index.html").is_file()
