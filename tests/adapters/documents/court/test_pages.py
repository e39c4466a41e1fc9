"""The pages of the draft petition as a file: whatever is printed, however long; archival; the same bytes twice."""

import datetime as dt
import importlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.documents.court.petition import petition
from adapters.documents.safe_text import safe_text
from tests.adapters.documents.court.files import (
    CLIENT,
    HOSTILE,
    NOW,
    Plaintiff,
    is_archival,
    pages_of,
    pieces_of,
    squeezed,
    text_of,
)


@pytest.fixture
def firm(tmp_path: Path) -> Plaintiff:
    return Plaintiff(tmp_path / "store")


@pytest.fixture
def owed(firm: Plaintiff) -> str:
    stream = firm.issued()
    firm.sleep_until("2025-08-31")
    return stream


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_long_names_print_as_text(firm: Plaintiff, owed: str, name: str) -> None:
    case = firm.file(owed)
    party = replace(CLIENT, name=f"Nom {name}", address=(name, name), legal_form=f"Forme {name}")
    draft = petition(
        replace(
            case, creditor=party, debtor=party, court=name, cabinet=name, representative=name, transfer_court=name,
            pieces=[replace(each, title=f"{name} {each.title}") for each in pieces_of("F-1")],
        )
    )  # fmt: skip
    assert is_archival(draft)
    text = text_of(draft)
    assert "root:" not in text
    for word in safe_text(name).split()[:2]:
        assert squeezed(word)[:12] in text


def test_long_names_can_be_searched_and_copied(firm: Plaintiff, owed: str) -> None:
    names = ("Lefèvre-Martin-et-Compagnie", "Anticonstitutionnellement", "Gesellschaftsbeteiligungen")
    debtor = replace(CLIENT, name=" ".join(names))
    pdfium: Any = importlib.import_module("pypdfium2")  # it says nothing of its types
    document = pdfium.PdfDocument(petition(firm.file(owed, debtor=debtor)).pdf)
    try:
        text = document[0].get_textpage().get_text_range()
    finally:
        document.close()
    assert all(name in text for name in names)


def test_two_hundred_exhibits_break_over_pages_under_their_heading(firm: Plaintiff, owed: str) -> None:
    every = [replace(pieces_of("F-1")[0], number=n, title=f"Pièce numéro {n}") for n in range(1, 201)]
    pages = pages_of(petition(firm.file(owed, pieces=every)))
    bearing = [page for page in pages if squeezed("Pièce numéro") in page]
    assert len(bearing) > 3
    assert all(squeezed("N° Pièce Nature Facture") in page for page in bearing)


def test_it_is_archival_and_the_same_bytes_twice(firm: Plaintiff, owed: str) -> None:
    case = firm.file(owed, pieces=pieces_of("F-1"))
    draft = petition(case)
    assert is_archival(draft)
    assert petition(firm.file(owed, pieces=pieces_of("F-1"))).pdf == draft.pdf
    assert petition(replace(case, generated_at=NOW + dt.timedelta(minutes=1))).pdf != draft.pdf
