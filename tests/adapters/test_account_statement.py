"""The account statement ties to the books by another way, at any corner; its letter is PDF/A, in French, the same bytes again."""

import datetime as dt
import random
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import pikepdf
import pytest

from adapters import acts, invoicing, payments
from adapters.ageing import ageing
from adapters.documents import account as accounts
from adapters.documents.account import Account, account, write
from adapters.registry import Party
from adapters.store.folder import create
from domain.errors import Conflict, EvidenceBroken, Misuse, NotFound
from domain.facts.invoicing import PartyKind
from domain.facts.parties import MoneyAllocated, MoneyReceived
from domain.history import known, replay, standing
from projections.ageing import SCHEMES, Aged
from projections.corner import Corner
from tests.adapters.documents.page_text import texts
from tests.adapters.office import Firm
from tests.adapters.strange import LONG, Strange
from tests.builders import day


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Strange]:
    made = Strange(tmp_path_factory.mktemp("strange") / "store", each=4, seed=11)
    yield made
    made.office.close()


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = Firm(tmp_path / "store")
    yield made
    made.office.close()


def at(firm: Firm, as_of: str | dt.date | None = None, position: int | None = None) -> Corner:
    on = day(as_of) if isinstance(as_of, str) else as_of or firm.today
    return Corner(on, firm.office.app.store.position() if position is None else position)


def folded(firm: Firm, debtor: str, corner: Corner) -> int:
    """The balance of a debtor by another way: each invoice folded by the domain, and the money of its own account."""
    firm.office.views.catch_up()
    total = 0
    for stream in firm.office.views.invoices_of(debtor):
        invoice = replay(firm.office.app.stream(stream).history, as_of=corner.as_of, known_at=corner.position)
        total += invoice.book_residual_cents if invoice else 0
    for entry in standing(known(firm.office.app.stream(f"debtor:{debtor}").history, corner.position)):
        if entry.fact.on <= corner.as_of:
            total -= entry.fact.cents if isinstance(entry.fact, MoneyReceived) else 0
            total += entry.fact.cents if isinstance(entry.fact, MoneyAllocated) else 0
    return total


def test_opening_entries_and_closing_tie_to_the_aged_balance_and_to_the_fold_at_any_corner(strange: Strange) -> None:
    draw, office = random.Random(7), strange.office
    head, lines = office.app.store.position(), 0
    for _ in range(90):
        position = office.app.store.end_of_command(draw.randrange(20, head))
        on = day("2025-01-10") + dt.timedelta(days=draw.randrange(0, 280))
        corner, debtor = Corner(min(on, strange.today), position), draw.choice(strange.debtors)
        first = corner.as_of - dt.timedelta(days=draw.randrange(0, 120))
        try:
            found = account(office, debtor, corner, first)
        except NotFound:
            assert folded(strange, debtor, corner) == 0
            continue
        aged = ageing(office, SCHEMES["d4416"], corner, by="total", debtor=debtor).totals
        before = corner._replace(as_of=first - dt.timedelta(days=1))
        assert found.told.opening == folded(strange, debtor, before)
        assert found.told.closing == aged.aged.total_cents == folded(strange, debtor, corner)
        assert found.told.opening + sum(line.cents for line in found.told.lines) == found.told.closing
        assert found.row.cents == aged.aged.cents
        apart = sum(cents for _, cents in found.in_credit) + found.unallocated_cents
        assert sum(item.cents for item in found.items) + apart == found.told.closing
        assert sum(item.disputed for item in found.items) == aged.disputed_cents
        lines += len(found.told.lines)
    assert lines > 100


def test_each_entry_is_told_once_with_its_invoice_and_what_it_was(firm: Firm) -> None:
    stream = firm.invoice("F-1", "1 200,00", due="2026-02-04")
    firm.sleep_until("2026-02-10")
    payments.pay(firm.office, stream, firm.order(), payments.Payment(20000, means="transfer"))
    payments.credit(firm.office, stream, firm.order("2026-02-08"), cents=10000, number="A-1", reason="price")
    acts.dispute(firm.office, stream, firm.order(), cents=5000, reason="quality")
    debtor = firm.office.registry.debtor("C042")
    value = account(firm.office, debtor, at(firm)).value()
    told = [
        (str(each["on"]), each["kind"], each["number"], each["detail"], each["cents"], each["balance_cents"])
        for each in value["lines"]
    ]
    assert told == [
        ("2026-01-05", "invoice", "F-1", None, 120000, 120000),
        ("2026-02-08", "credit", "F-1", "A-1", -10000, 110000),
        ("2026-02-10", "payment", "F-1", "par virement", -20000, 90000),
    ]
    assert value["open_items"] == [
        {"number": "F-1", "due_on": day("2026-02-04"), "days_late": 6, "residual_cents": 90000, "disputed_cents": 5000}
    ]
    assert (value["from_on"], value["opening_cents"], value["closing_cents"]) == (day("2026-01-05"), 0, 90000)
    assert value["buckets"]["1-30"] == 90000
    assert sum(value["buckets"].values()) == 90000


def test_a_correction_leaves_one_invoice_and_the_past_keeps_the_other(firm: Firm) -> None:
    stream = firm.invoice("F-1", "1 200,00")
    before = firm.office.app.store.position()
    draft = invoicing.Draft(
        number="F-1", creditor=firm.creditor, debtor=firm.debtor(), issued_on=firm.today, debtor_kind="trader", performed_on=None,
        instalments=[(100_000, day("2026-03-06"))],
    )  # fmt: skip
    invoicing.issue(firm.office, draft, firm.order(), correct="error")
    debtor = firm.office.registry.debtor("C042")
    now, then = account(firm.office, debtor, at(firm)), account(firm.office, debtor, at(firm, position=before))
    assert [(line.stream, line.cents) for line in now.told.lines] == [(stream, 100_000)]
    assert [(line.stream, line.cents) for line in then.told.lines] == [(stream, 120_000)]


def test_money_of_no_invoice_stands_apart(firm: Firm) -> None:
    firm.invoice("F-1", "100")
    debtor = firm.office.registry.debtor("C042")
    payments.pay_debtor(firm.office, debtor, firm.order(), payments.Payment(25_000))
    found = account(firm.office, debtor, at(firm))
    assert [(line.kind, line.cents) for line in found.told.lines] == [
        ("invoice", 10_000),
        ("payment", -10_000),
        ("money", -15_000),
    ]
    assert (found.told.closing, found.unallocated_cents, list(found.items)) == (-15_000, -15_000, [])
    shown = accounts.letter(found)
    assert "150,00 € en votre faveur" in shown["said"].replace("\u00a0", " ")
    assert any("affectées à aucune facture" in note for note in shown["notes"])


def test_what_cannot_be_stated_is_said(firm: Firm) -> None:
    debtor = firm.debtor()
    with pytest.raises(NotFound, match="nothing is on the account of C042 by 5 January 2026"):
        account(firm.office, debtor, at(firm))
    firm.invoice("F-1", "100")
    with pytest.raises(NotFound, match="by 4 January 2026"):
        account(firm.office, debtor, at(firm, "2026-01-04"))
    with pytest.raises(Misuse, match="holds no day"):
        account(firm.office, debtor, at(firm), day("2026-01-06"))
    with patch.object(Aged, "total_cents", 1), pytest.raises(EvidenceBroken, match="relance views rebuild"):
        account(firm.office, debtor, at(firm))


# The letter


def pdf(found: Account, output: Path) -> bytes:
    write(found, output)
    return output.read_bytes()


def test_the_letter_is_pdf_a_3a_tagged_french_and_without_script(strange: Strange, tmp_path: Path) -> None:
    opened = pikepdf.open(BytesIO(pdf(account(strange.office, strange.debtors[0], at(strange)), tmp_path / "r.pdf")))
    with opened.open_metadata() as meta:
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("3", "A", "1")
    assert str(opened.Root.Lang) in {"fr", "fr-FR"}
    assert opened.Root.MarkInfo.Marked
    for thing in opened.objects:
        if isinstance(thing, pikepdf.Dictionary):
            assert not {"/JavaScript", "/JS", "/Launch"} & set(thing.keys())


def test_the_same_account_gives_the_same_bytes(strange: Strange, tmp_path: Path) -> None:
    found = account(strange.office, strange.debtors[1], at(strange))
    assert pdf(found, tmp_path / "a.pdf") == pdf(
        account(strange.office, strange.debtors[1], at(strange)), tmp_path / "b.pdf"
    )


def test_every_name_is_printed_and_every_page_says_that_it_is_a_simulation(strange: Strange, tmp_path: Path) -> None:
    for n, debtor in enumerate(strange.debtors):
        pages = texts(pdf(account(strange.office, debtor, at(strange)), tmp_path / f"{n}.pdf"))
        assert all("SIMULATION" in page for page in pages)
        assert "Relevé de compte" in pages[0]
        assert "75001 Paris" in pages[0]
    assert LONG[:20] in "".join(texts((tmp_path / "5.pdf").read_bytes()))
    assert "<script>alert(1)</script>" in "".join(texts((tmp_path / "0.pdf").read_bytes()))


def test_two_hundred_entries_break_over_pages_that_each_bear_their_head(firm: Firm, tmp_path: Path) -> None:
    firm.office.registry.register(
        Party("C042", "Hélène & Frères – Œuvres à façon", "trader", address=("3 bis, rue de l’Évêché", "35000 Rennes")),
        on=firm.today, creditor=firm.creditor,
    )  # fmt: skip
    debtor = firm.office.registry.debtor("C042")
    for n in range(100):
        draft = invoicing.Draft(
            number=f"F-{n:03}", creditor=firm.creditor, debtor=debtor, issued_on=firm.today, debtor_kind="trader", performed_on=None,
            instalments=[(123_400 + n, day("2026-02-04"))],
        )  # fmt: skip
        stream = invoicing.issue(firm.office, draft, firm.order()).stream
        payments.pay(firm.office, stream, firm.order(), payments.Payment(100_000))
    found = account(firm.office, debtor, at(firm))
    assert len(found.told.lines) == 200
    pages = texts(pdf(found, tmp_path / "r.pdf"))
    assert len(pages) > 4
    whole = "".join(pages)
    for n in range(100):
        assert f"F-{n:03}" in whole
    assert "Hélène & Frères – Œuvres à façon" in pages[0]
    assert "1 234,99 €" in whole
    tables = [page for page in pages if "05/01/2026" in page]
    assert len(tables) > 3
    assert all("DateÉcritureFactureÉchéanceDébitCréditSolde" in page for page in tables)
    assert f"Page {len(pages)} / {len(pages)}" in pages[-1]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "trader",
            "ni pénalités de retard ni indemnité forfaitaire pour frais de recouvrement (C. com., art. L441-10, II)",
        ),
        ("public", "ni intérêts moratoires ni indemnité forfaitaire pour frais de recouvrement (CCP, art. L2192-13)"),
        ("consumer", "pas d’intérêts de retard (C. civ., art. 1231-6)"),
    ],
)
def test_the_letter_says_what_it_leaves_out_and_that_it_demands_nothing(
    firm: Firm, kind: PartyKind, words: str
) -> None:
    firm.invoice("F-1", "100", kind=kind)
    notes = accounts.letter(account(firm.office, firm.office.registry.debtor("C042"), at(firm)))["notes"]
    said = " ".join(notes).replace("\u00a0", " ").replace("\u202f", " ")
    assert words in said
    assert "n’est pas une mise en demeure" in said
    assert "ni demande ni renonciation" in said


def test_a_statement_never_replaces_a_file_and_is_there_whole_or_not_at_all(firm: Firm, tmp_path: Path) -> None:
    firm.invoice("F-1", "100")
    found = account(firm.office, firm.office.registry.debtor("C042"), at(firm))
    there = tmp_path / "there.pdf"
    there.write_text("x")
    with pytest.raises(Misuse, match="exists"):
        write(found, there)
    with pytest.raises(Misuse, match="no folder"):
        write(found, tmp_path / "none" / "r.pdf")
    with (
        patch("adapters.piece_files.os.fsync", side_effect=OSError(28, "No space left on device")),
        pytest.raises(Conflict, match="no space is left"),
    ):
        write(found, tmp_path / "r.pdf")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["store", "there.pdf"]
    assert there.read_text() == "x"


def test_a_real_store_bears_no_mark_of_simulation(tmp_path: Path) -> None:
    with patch("tests.adapters.office.create", lambda folder, sandbox: create(folder, sandbox=not sandbox)):
        firm = Firm(tmp_path / "store")
    firm.invoice("F-1", "100")
    found = account(firm.office, firm.office.registry.debtor("C042"), at(firm))
    assert "SIMULATION" not in "".join(texts(pdf(found, tmp_path / "r.pdf")))
    firm.office.close()
