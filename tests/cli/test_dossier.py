"""`dossier` at the terminal: what is missing first, the file, the same file again, and what each mistake is answered."""

import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import Terminal

KEYS = {
    "path", "sha256", "export", "kind", "position", "content_sha256", "invoices", "numbers", "proceedings", "events", "withheld", "pieces", "checkpoint",
    "stamps", "stamps_waiting", "cachet", "sandbox", "gaps", "blanks",
}  # fmt: skip
COURT = "président du tribunal de commerce d’Angers"


def test_the_shape_of_what_it_answers(relance: Terminal) -> None:
    Path("bon.txt").write_text("Livré en bon état.")
    relance.well("attach F-1 bon.txt --kind delivery_note")
    made = relance.well("dossier F-1 --output a.asice --json").json
    assert set(made) == KEYS
    assert (made["kind"], made["pieces"], made["withheld"], made["cachet"]) == ("dossier", 1, 0, None)
    again = relance.well(f"dossier --export {made['export']} --output b.asice --json").json
    assert again["sha256"] == made["sha256"]
    assert Path("a.asice").read_bytes() == Path("b.asice").read_bytes()
    assert relance.well("verify a.asice --json").json["verdict"] == "conform_unpinned"


def test_the_gaps_are_told_with_what_fills_them_and_nothing_is_recorded(relance: Terminal) -> None:
    before = relance.well("history F-1 --json").json["events"]
    found = relance.well("dossier F-1 --gaps --json").json["gaps"]
    codes = {each["code"] for each in found}
    assert {"invoice_document", "order_document"} <= codes
    assert all(set(each) == {"code", "invoice", "version", "on", "text", "fill", "reference"} for each in found)
    out = relance.well("dossier F-1 --gaps").out
    assert "relance attach F-1 --kind order_form FILE" in out
    assert relance.well("history F-1 --json").json["events"] == before
    Path("commande.txt").write_text("Bon pour accord")
    relance.well("attach F-1 commande.txt --kind order_form")
    assert "order_document" not in {each["code"] for each in relance.well("dossier F-1 --gaps --json").json["gaps"]}


def test_a_mention_is_filled(relance: Terminal) -> None:
    blanks = relance.well("dossier F-1 --output a.asice --json").json["blanks"]
    assert "creditor_representative" in blanks
    said = f'--representative "Mme Roy, gérante" --court "{COURT}" --mention "contract=vente du 2 mai"'
    left = relance.well(f"dossier F-1 --output b.asice --json {said}").json["blanks"]
    assert {"creditor_representative", "contract", "court"}.isdisjoint(left)


def test_a_confidential_piece_is_said_to_be_withheld(relance: Terminal) -> None:
    Path("note.txt").write_text("propos tenus en médiation")
    relance.well("attach F-1 note.txt --kind other --confidential mediation")
    assert "mediation" in relance.well("attach F-1 --list").out
    said = relance.well("dossier F-1 --output a.asice")
    assert "1 confidential entry is withheld" in said.err
    with zipfile.ZipFile("a.asice") as archive:
        assert not any(b"tenus en m" in archive.read(name) for name in archive.namelist())


def test_talks_kept_confidential_leave_no_trace_but_their_number(relance: Terminal) -> None:
    relance.well("call F-1 --result reached --contact manager --confidential mediation")
    relance.well("promise F-1 --by 2026-06-15 --means call --confidential lawyer")
    relance.well("acknowledge F-1 --means call --confidential internal")
    made = relance.well("dossier F-1 --output a.asice --json").json
    assert made["withheld"] == 3
    with zipfile.ZipFile("a.asice") as archive:
        journal = archive.read("data/journal/evenements.jsonl")
    assert b"DebtorCalled" not in journal
    assert b"2026-06-15" not in journal
    assert relance.well("verify a.asice --json").json["verdict"] == "conform_unpinned"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("dossier F-1", 2, "where to? --output FILE"),
        ("dossier", 2, "name one or more invoices"),
        ("dossier F-9 --output a.asice", 3, "no invoice 'F-9' is recorded"),
        ("dossier F-1 --output a.asice --kind other", 2, "'other' is not one of"),
        ("dossier F-1 --output a.asice --mention nothing=x", 2, "the code one of"),
        ("dossier F-1 --output a.asice --proceeding", 3, "no petition stands"),
        ("dossier F-1 --output a.asice --on 2026-01-06", 2, "a dossier shows the day it is made"),
        ("dossier F-1 --output a.asice --kind declaration", 2, "insolvency"),
        ("dossier F-1 --output nowhere/a.asice", 3, "there is no folder"),
        ("dossier F-1 --output a.asice --certificate absent.p12", 6, "absent.p12"),
        ("dossier --export 1 --output a.asice", 3, "no export is recorded at @1"),
        ("dossier F-1 --export 1 --output a.asice", 2, "name it alone"),
        ("dossier --export 1 --redact --output a.asice", 2, "name it alone"),
        ("dossier --export 99999999999999999999 --output a.asice", 2, "is not in the range"),
        ("dossier F-1 --output a.asice --gaps", 2, "leave --output and --certificate out"),
        ("dossier F-1 --output a.asice --crl x.crl", 2, "go with --certificate"),
        ("dossier F-1 --output a.asice --lot-limit 0", 2, "lot-limit"),
    ],
)
def test_mistakes(relance: Terminal, words: str, code: int, said: str) -> None:
    relance.refused(words, code, said)
    assert not Path("a.asice").exists()
