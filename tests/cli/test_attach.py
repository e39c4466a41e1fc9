"""`attach` at the terminal: documents in, listed, given back; each mistake answered."""

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Terminal

SIGNED = b"%PDF-1.7\nsigned"


@pytest.fixture
def paper(relance: Terminal, tmp_path: Path) -> Path:
    del relance
    (tmp_path / "bon.pdf").write_bytes(SIGNED)
    return tmp_path / "bon.pdf"


def test_a_document_goes_in_and_comes_back(relance: Terminal, paper: Path) -> None:
    said = relance.well(
        f"attach F-1 {paper} --kind delivery_note --of 1 --provenance third-party --on 2026-01-12 --title 'Bon signé'"
    )
    assert said.out.startswith(
        "F-1: piece added on 12 January 2026 (delivery note, pdf, 15 bytes, proves version 1, from a third party, digest "
    )
    (row,) = relance.well("attach F-1 --list --json").json["pieces"]
    assert {key: row[key] for key in ("version", "kind", "title", "file", "on", "size_bytes", "media", "of", "third_party")} == {
        "version": 3, "kind": "delivery_note", "title": "Bon signé", "file": "bon.pdf", "on": "2026-01-12", "size_bytes": 15, "media": "pdf",
        "of": 1, "third_party": True,
    }  # fmt: skip
    assert "Bon signé" in relance.well("attach F-1 --list").out
    assert "15 bytes, as they were attached" in relance.well("attach F-1 --extract 3 --output back.pdf").out
    assert Path("back.pdf").read_bytes() == SIGNED
    history = relance.well("history F-1").out
    assert "piece added" in history
    assert "signé" not in history


def test_the_same_file_again_is_done_already(relance: Terminal, paper: Path) -> None:
    relance.well(f"attach F-1 {paper} --kind mail")
    again = relance.well(f"attach F-1 {paper} --kind mail")
    assert again.out == "F-1: nothing new.\n"
    assert "Done already: 1 of 1" in again.err
    assert relance.well(f"attach F-1 {paper} --kind mail --json").json["recorded"] is False


def test_a_file_given_back_replaces_none(relance: Terminal, paper: Path) -> None:
    relance.well(f"attach F-1 {paper} --kind mail")
    Path("there").write_bytes(b"mine")
    relance.refused("attach F-1 --extract 3 --output there", 4, "there exists: --force replaces it, or name another")
    assert Path("there").read_bytes() == b"mine"
    relance.well("attach F-1 --extract 3 --output there --force")
    assert Path("there").read_bytes() == SIGNED


def test_an_invoice_without_a_piece_says_so(relance: Terminal) -> None:
    assert relance.well("attach F-1 --list").out == "No piece is attached.\n"
    assert relance.well("attach F-1 --list --csv").out == ""


def test_a_dry_run_records_nothing(relance: Terminal, paper: Path) -> None:
    assert "Dry run: nothing was recorded." in relance.well(f"attach F-1 {paper} --kind mail --dry-run").out
    assert relance.well("attach F-1 --list --json").json == {"pieces": []}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("attach F-1", 2, "name files to attach, or --list, or --extract VERSION: one of the three"),
        ("attach F-1 bon.pdf --list", 2, "one of the three"),
        ("attach F-1 bon.pdf", 2, "--kind says what the document is"),
        ("attach F-1 bon.pdf bon.pdf --kind mail --title x", 2, "--title names one document"),
        ("attach F-1 --extract 3", 2, "--extract VERSION and --output FILE go together"),
        ("attach F-1 bon.pdf --output x --kind mail", 2, "go together"),
        ("attach F-1 bon.pdf --kind photo", 2, "'photo' is not one of"),
        ("attach F-9 bon.pdf --kind mail", 3, "no invoice 'F-9' is recorded"),
        ("attach F-1 none.pdf --kind mail", 3, "there is no file none.pdf"),
        ("attach F-1 --extract 1 --output x", 3, "version 1 is no piece that stands"),
        ("attach F-1 . --kind mail", 6, "this is a folder"),
        ("attach F-1 /dev/null --kind mail", 6, "a device or a pipe, not a file"),
        ("attach F-1 empty --kind mail", 6, "empty: the file is empty"),
        ("attach F-1 loop --kind mail", 6, "its links lead round in a circle"),
        ("attach F-1 huge --kind mail", 6, "huge: 300.0 MB, and a piece has 64 MB at most; --limit MB"),
        ("attach F-1 bon.pdf --kind mail --limit 0.00001", 6, "a piece has 1e-05 MB at most"),
        ("attach F-1 bon.pdf empty --kind mail", 6, "empty: the file is empty"),
        ("attach F-1 bon.pdf --kind mail --on 2026-07-01", 1, "1 July 2026 is still to come"),
        (
            "attach F-1 bon.pdf --kind mail --of 9",
            1,
            "version 9, which it is said to prove, is not an entry that stands",
        ),
    ],
)
def test_every_mistake_has_its_answer(relance: Terminal, paper: Path, words: str, code: int, said: str) -> None:
    Path("empty").touch()
    Path("loop").symlink_to("loop")
    with Path("huge").open("wb") as file:
        file.truncate(300_000_000)
    os.chdir(paper.parent)
    relance.refused(words, code, said)
    assert relance.well("attach F-1 --list --json").json == {"pieces": []}


def test_the_limit_is_a_setting(relance: Terminal, paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELANCE_ATTACH_LIMIT", "0.00001")
    relance.refused(
        f"attach F-1 {paper} --kind mail", 6, "a piece has 1e-05 MB at most; --limit MB, or RELANCE_ATTACH_LIMIT"
    )
