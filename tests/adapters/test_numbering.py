"""Numbering of a store: what the vault can read of the numbers in use, and what became of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import acts, invoicing, payments
from adapters.acts import Order
from adapters.numbering import Book, books
from adapters.registry import Party
from domain.errors import NotFound
from projections.numbering import Numbered
from tests.adapters.audited import Specimen
from tests.adapters.office import Firm
from tests.builders import day


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = Firm(tmp_path / "store", "2026-03-02")
    yield made
    made.office.close()


def told(each: Numbered) -> str:
    return f"{each.number} {each.on} {each.what} {each.status}"


def rows(book: Book, kind: str) -> list[tuple[str, str, int]]:
    return [(row["first"], row["last"], row["count"]) for row in book.rows(told) if row["kind"] == kind]


def test_gaps_repeats_and_order_are_found_in_what_the_vault_reads(firm: Firm) -> None:
    for n in (1, 2, 5, 6, 9):
        firm.invoice(f"F-2026-{n:03d}", on=f"2026-02-0{n}", due="2026-04-01")
    firm.invoice("F-2026-010", on="2026-02-05", due="2026-04-01")
    again = invoicing.Draft(
        "F-2026-002", firm.creditor, firm.debtor("C043"), day("2026-02-20"), [(100, day("2026-04-01"))], "trader"
    )
    invoicing.issue(firm.office, again, Order(firm.today, override="series_restarts"))
    (book,) = books(firm.office)
    assert book.creditor == "ACME"
    assert rows(book, "gap") == [("F-2026-003", "F-2026-004", 2), ("F-2026-007", "F-2026-008", 2)]
    assert rows(book, "twice") == [("F-2026-002", "F-2026-002", 2)]
    assert rows(book, "order") == [("F-2026-002", "F-2026-005", 2), ("F-2026-009", "F-2026-010", 2)]
    (series,) = book.value()["series"]
    assert (series["series"], series["count"], series["missing"]) == ("F-2026-#", 7, 4)


def test_a_corrected_invoice_is_one_number_and_a_credit_note_fills_the_series(firm: Firm) -> None:
    first, third = firm.invoice("F-1"), firm.invoice("F-3")
    draft = invoicing.Draft("F-1", firm.creditor, firm.debtor(), firm.today, [(100, day("2026-04-01"))], "trader")
    invoicing.issue(firm.office, draft, firm.order(), correct="error")
    (book,) = books(firm.office)
    assert rows(book, "gap") == [("F-2", "F-2", 1)]
    payments.credit(firm.office, third, firm.order(), cents=100, number="F-2", reason="price")
    (book,) = books(firm.office)
    assert book.numbering.is_sound
    (series,) = book.value()["series"]
    assert (series["corrected"], series["count"]) == (["F-1"], 3)
    assert [each.what for each in book.numbering.series[0].members] == ["invoice", "credit note", "invoice"]
    assert first != third


def test_a_credit_note_withdrawn_is_shown_as_such(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    payments.credit(firm.office, stream, firm.order(), cents=100, number="A-1", reason="price")
    note = next(
        each.version for each in firm.office.app.stream(stream).envelopes if each.fact.move == "CreditNoteApplied"
    )
    acts.withdraw(firm.office, stream, firm.order(), version=note, reason="error")
    (book,) = books(firm.office)
    assert [series["withdrawn"] for series in book.value()["series"]] == [["A-1"], []]


def test_the_year_and_the_creditor_are_chosen(firm: Firm) -> None:
    firm.invoice("F-1", on="2025-12-30")
    firm.invoice("F-3", on="2026-01-30")
    other = firm.office.registry.register(Party("BETA", "Beta SA", "trader"), on=firm.today)
    debtor = firm.office.registry.register(Party("C1", "Client", "trader"), on=firm.today, creditor=other)
    invoicing.issue(
        firm.office, invoicing.Draft("F-2", other, debtor, firm.today, [(100, day("2026-04-01"))], "trader"), firm.order()
    )  # fmt: skip
    assert {book.creditor: rows(book, "gap") for book in books(firm.office)} == {
        "ACME": [("F-2", "F-2", 1)],
        "BETA": [],
    }
    assert [book.creditor for book in books(firm.office, creditor=other)] == ["BETA"]
    assert [rows(book, "gap") for book in books(firm.office, creditor=firm.creditor, year=2026)] == [[]]
    with pytest.raises(NotFound, match="no invoice of 2024 is recorded"):
        books(firm.office, year=2024)


def test_a_number_that_was_erased_is_counted(firm: Firm, tmp_path: Path) -> None:
    firm.invoice("F-1")
    firm.invoice("F-2", debtor="C043")
    firm.invoice("F-3")
    owner = firm.office.registry.debtor("C043")
    firm.office.close()
    specimen = Specimen(tmp_path / "store", tmp_path / "copy")
    specimen.erase(owner)
    specimen.office.close()
    specimen.office = specimen.opened()
    (book,) = books(specimen.office)
    specimen.office.close()
    assert (book.erased, rows(book, "gap")) == (1, [("F-2", "F-2", 1)])


def test_a_store_without_invoices_has_none_to_number(firm: Firm) -> None:
    with pytest.raises(NotFound, match="no invoice is recorded"):
        books(firm.office)
