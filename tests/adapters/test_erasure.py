"""Personal data destroyed: refused while it must be, and then nothing of it is left in any byte, while every proof stands."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import acts, erasure, payments, pieces
from adapters.acts import Order
from adapters.application import Context, new_id
from adapters.checks.running import check
from adapters.documents.account import account, letter, write
from adapters.dossier.export import Exported, again, export, lacking
from adapters.dossier.subject import Wanted
from adapters.erasure import Erased, erase
from adapters.payments import Payment
from adapters.pieces import About, Given
from adapters.registry import Party
from adapters.seal.kept import Seals
from adapters.store import shredding
from adapters.store.folder import KEYS, LOG, open_folder
from adapters.store.sqlite import SQLiteStore
from adapters.store.vault import KeyRing
from adapters.todo import todo
from adapters.verification.bundle import verify_bundle
from adapters.verify import verify_log
from domain.errors import Misuse, NotFound, Refused
from domain.facts.invoicing import PartyKind
from domain.facts.parties import PersonalDataErased
from projections.corner import Corner
from projections.wording.erased import in_english, in_french
from tests.adapters.office import Firm

LATER = "2040-06-01"
WORDS = (
    "Durand & Fils", "404833048", "1 rue du Port", "49000 Angers", "compta@durand.example", "RCS Angers 404", "C042", "F-2026-014", "F-2026-015",
    "A-77", "Bon signé par Madame Durand", "bon-signe.pdf", "Livré en bon état, signé L. Durand",
)  # fmt: skip
PAPER = "Livré en bon état, signé L. Durand".encode() * 50


class Shop(Firm):
    """Its customers are registered by hand, with all that can be known of them."""

    def debtor(self, code: str = "C042", kind: PartyKind = "trader") -> str:
        del kind
        return self.office.registry.debtor(code)


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    """A debtor with two invoices, one paid in part, a credit note, a reminder, a piece; and another debtor."""
    made = Shop(tmp_path / "store")
    office = made.office
    party = Party(
        "C042", "Durand & Fils", "trader", "404833048", ("1 rue du Port", "49000 Angers"), "compta@durand.example", "SAS", "RCS Angers 404"
    )  # fmt: skip
    office.registry.register(party, on=made.today, creditor=made.creditor)
    office.registry.register(Party("C043", "Client voisin", "trader"), on=made.today, creditor=made.creditor)
    first, _ = made.invoice("F-2026-014"), made.invoice("F-2026-015", "300,00")
    made.invoice("F-2026-016", debtor="C043")
    made.sleep_until("2026-02-10")
    acts.remind(office, [first], made.order(), channel="email")
    payments.pay(office, first, made.order(), Payment(20_000))
    payments.credit(office, first, made.order(), cents=5_000, number="A-77", reason="price")
    given = [Given(PAPER, "bon-signe.pdf", "Bon signé par Madame Durand")]
    pieces.add(office, first, given, About("delivery_note", made.today, 1), made.order())
    office.views.catch_up()
    yield made
    made.office.close()


def forced(firm: Firm) -> Order:
    return Order(firm.today, override="request")


def erased(firm: Firm) -> Erased:
    firm.sleep_until(LATER)
    return erase(firm.office, firm.office.registry.debtor("C042"), "request", firm.order())


def exported(firm: Firm, output: Path) -> Exported:
    """The dossier of the invoice that has a piece."""
    return export(firm.office, [firm.office.registry.invoice("F-2026-014")], output, Wanted())


def every_byte(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def reopened(firm: Firm) -> Firm:
    firm.office.close()
    firm.office = type(firm.office)(open_folder(firm.office.folder.path), firm.clock, "Camille")
    return firm


def test_it_is_refused_while_a_claim_lives_and_a_voucher_is_kept(firm: Firm) -> None:
    owner = firm.office.registry.debtor("C042")
    before = firm.office.app.store.position()
    with pytest.raises(Refused, match="Cannot erase C042") as refused:
        erase(firm.office, owner, "request", forced(firm))
    assert refused.value.codes == ("claim_alive", "voucher_kept", "correspondence_kept")
    assert firm.office.app.store.position() == before
    assert firm.office.app.vault.keys.erasing() == {}
    assert firm.office.registry.card(owner) == ("C042", "Durand & Fils")


def test_a_dry_run_says_what_would_go_and_what_refuses(firm: Firm) -> None:
    owner = firm.office.registry.debtor("C042")
    found = erase(firm.office, owner, "request", Order(firm.today, dry_run=True))
    assert [number for number, _ in found.invoices] == ["F-2026-014", "F-2026-015"]
    assert found.held == {"card": 1, "party": 1, "piece": 1, "piece_card": 1, "piece_key": 1, "reference": 3}
    assert len(found.refusals) == 3
    assert not found.recorded


def test_only_usage_is_forced(firm: Firm) -> None:
    firm.sleep_until("2038-01-02")
    late = Order(firm.today, override="creditor_asked", already_done=True)
    acts.remind(firm.office, [firm.office.registry.invoice("F-2026-014")], late, channel="letter")
    owner = firm.office.registry.debtor("C042")
    with pytest.raises(Refused, match="letters are kept for 5 years, by usage") as refused:
        erase(firm.office, owner, "request", firm.order())
    assert refused.value.codes == ("correspondence_kept",)
    assert "--force --reason CODE goes past it" in str(refused.value)
    assert erase(firm.office, owner, "request", forced(firm)).recorded
    recorded = firm.office.app.stream(f"debtor:{owner}").envelopes[-1]
    assert b'"override":"request"' in recorded.internal
    assert b"correspondence_kept" in recorded.internal


def test_it_bears_the_day_on_which_it_is_made(firm: Firm) -> None:
    firm.sleep_until(LATER)
    with pytest.raises(Misuse, match="leave --on out"):
        erase(firm.office, firm.office.registry.debtor("C042"), "request", firm.order("2040-05-31"))


def test_no_word_of_the_debtor_is_left_in_any_byte(firm: Firm, tmp_path: Path) -> None:
    owner = firm.office.registry.debtor("C042")
    exported(firm, tmp_path / "before.asice")
    folder = firm.office.folder.path
    db = sqlite3.connect(folder / KEYS)
    (wrapped,) = db.execute("SELECT wrapped FROM keys WHERE owner = ?", (owner,)).fetchone()
    db.close()
    db = sqlite3.connect(folder / LOG)
    sealed = [row[0] for row in db.execute("SELECT data FROM vault WHERE owner = ?", (owner,))]
    keys = [row[0] for row in db.execute("SELECT key FROM names WHERE stream IN (SELECT 'debtor:' || ?)", (owner,))]
    db.close()
    # card, party, piece, its card and key, three references; of the export: its files, its seal, the number of the piece, the last one
    assert len(sealed) == 12
    assert any(wrapped in content for content in every_byte(folder).values())
    assert erased(firm).left_open is False
    left = every_byte(folder)
    assert {LOG, KEYS} <= set(left)
    for name, content in left.items():
        for word in WORDS:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
                assert word.encode(encoding) not in content, (name, word)
                assert word.encode(encoding).hex().encode() not in content, (name, word)
        assert wrapped not in content, name
        assert not [each for each in sealed if each[:28] in content or each[-28:] in content], name
        assert not [each for each in keys if each in content], name


def test_the_log_stands_and_every_question_is_answered(firm: Firm, tmp_path: Path) -> None:
    office = firm.office
    first, owner = office.registry.invoice("F-2026-014"), office.registry.debtor("C042")
    made = exported(firm, tmp_path / "before.asice")
    whole = [(row[0], row[6]) for row in office.app.store.index_rows()]
    erased(firm)
    assert [(row[0], row[6]) for row in office.app.store.index_rows()][:-1] == whole
    key = Seals(office.app.store.tree.db).keys()[-1]
    assert verify_bundle(made.path, [key]).verdict == "conform"
    assert verify_log(office.app).verdict == "conform_unpinned"
    outcomes = check(office, (), position=office.app.store.position(), on=firm.today)
    assert {each.id for each in outcomes if not each.ok} <= {"verified", "next"}
    assert "of erased parties" in next(each.detail for each in outcomes if each.id == "vault")
    assert office.registry.card(owner) == ("(erased)", "(erased)")
    assert office.registry.invoice(first.partition(":")[2][:8]) == first
    assert office.registry.invoice(f"(erased {first.partition(':')[2][:8]})") == first
    with pytest.raises(NotFound, match="erased with the personal data"):
        pieces.extracted(office, first, pieces.listed(office, first)[0]["version"])


def test_no_dossier_is_made_or_given_again_of_what_was_erased(firm: Firm, tmp_path: Path) -> None:
    office, first = firm.office, firm.office.registry.invoice("F-2026-014")
    made = exported(firm, tmp_path / "before.asice")
    kept = made.path.read_bytes()
    assert again(office, made.closed.position, tmp_path / "again.asice").path.read_bytes() == kept
    erased(firm)
    before = office.app.store.position()
    for refused in (
        lambda: export(office, [first], tmp_path / "after.asice", Wanted()),
        lambda: lacking(office, [first], Wanted()),
    ):
        with pytest.raises(NotFound, match="no dossier can be made of what nobody can name any more"):
            refused()
    with pytest.raises(NotFound, match="was erased with the personal data of its debtor: it cannot be given again"):
        again(office, made.closed.position, tmp_path / "late.asice")
    assert office.app.store.position() == before
    assert sorted(each.name for each in tmp_path.glob("*.asice")) == ["again.asice", "before.asice"]
    assert made.path.read_bytes() == kept


def test_nothing_is_sent_any_more_and_nothing_is_left_to_do(firm: Firm) -> None:
    office = firm.office
    first, owner = office.registry.invoice("F-2026-014"), office.registry.debtor("C042")
    assert todo(office, firm.today).found
    erased(firm)
    with pytest.raises(Refused, match="nobody to address it to"):
        acts.remind(office, [first], Order(firm.today, override="test"), channel="email")
    assert acts.remind(office, [first], Order(firm.today, already_done=True), channel="email"), (
        "what was done stays sayable"
    )
    assert owner not in {debtor for _, _, debtor in todo(office, firm.today).found}


def test_another_debtor_is_untouched(firm: Firm) -> None:
    erased(firm)
    other = firm.office.registry.debtor("C043")
    assert firm.office.registry.card(other) == ("C043", "Client voisin")
    assert (
        firm.office.registry.number(firm.office.registry.invoice("F-2026-016").partition(":")[2], other) == "F-2026-016"
    )
    with pytest.raises(NotFound):
        firm.office.registry.debtor("C042")


def test_again_is_done_already(firm: Firm) -> None:
    owner = erased(firm).debtor
    before = firm.office.app.store.position()
    again = erase(firm.office, firm.office.registry.debtor(owner[:8]), "request", firm.order())
    assert again.done_already
    assert firm.office.app.store.position() == before
    facts = [each.fact for each in firm.office.app.stream(f"debtor:{owner}").envelopes]
    assert sum(isinstance(each, PersonalDataErased) for each in facts) == 1


def test_a_process_that_had_read_the_key_does_not_use_it_again(firm: Firm) -> None:
    owner = firm.office.registry.debtor("C042")
    first = firm.office.registry.invoice("F-2026-014")
    other = type(firm.office)(open_folder(firm.office.folder.path), firm.clock, "Camille")
    assert other.registry.card(owner) == ("C042", "Durand & Fils")
    kept = other.app.store.vault_row(owner, "card", "current")
    assert kept is not None
    erased(firm)
    with pytest.raises(NotFound, match="the key is gone"):
        other.app.vault.row(owner, "card", "current", b"{}")
    assert other.registry.card(owner) == ("(erased)", "(erased)")
    other.app.vault.ensure([owner])
    with pytest.raises(NotFound, match="the key is gone"):
        other.app.vault.keys.cipher(owner)
    with pytest.raises(NotFound, match="the key is gone"):
        pieces.add(other, first, [Given(b"x", "a")], About("mail", firm.today), firm.order())
    other.close()


def test_a_reader_in_the_way_leaves_the_journal_to_the_next_command(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shredding, "WAITS_MS", 50)
    monkeypatch.setattr(erasure, "finish", lambda store, keys: shredding.finish(store, keys, wait_ms=50))
    folder = firm.office.folder.path
    reader = sqlite3.connect(folder / LOG, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM vault").fetchone() is not None
    found = erased(firm)
    assert (found.recorded, found.left_open) == (True, True)
    assert firm.office.app.vault.keys.is_destroyed(found.debtor)
    assert (folder / f"{LOG}-wal").stat().st_size > 0
    reader.close()
    reopened(firm)
    assert firm.office.app.vault.keys.erasing() == {}


def test_a_store_that_cannot_be_written_is_left_alone(firm: Firm) -> None:
    firm.office.app.vault.keys.begin_erasing(firm.office.registry.debtor("C042"), [])
    firm.office.app.store.read_only = True
    assert shredding.finish(firm.office.app.store, firm.office.app.vault.keys) == []
    assert len(firm.office.app.vault.keys.erasing()) == 1
    firm.office.app.store.read_only = False


def test_an_erasure_begun_while_another_writes_is_left_alone(firm: Firm) -> None:
    keys, store = firm.office.app.vault.keys, firm.office.app.store
    owner = firm.office.registry.debtor("C042")
    with store.writing(firm.clock.now()):
        keys.begin_erasing(owner, [])
        assert shredding.finish(store, keys, wait_ms=0) == [owner]
        assert list(keys.erasing()) == [owner]
    assert shredding.finish(store, keys) == []
    assert keys.erasing() == {}
    assert not keys.is_destroyed(owner)


def test_what_a_command_wrote_meanwhile_is_found_and_goes_at_the_next_erasure(firm: Firm) -> None:
    office, owner = firm.office, firm.office.registry.debtor("C042")
    first = office.registry.invoice("F-2026-014")
    late = office.registry.reference_row(first.partition(":")[2], owner, "F-2026-014")
    name = ("number", firm.creditor, office.registry.number_key(firm.creditor, "F-2026-014"), first)
    erased(firm)
    office.app.append([], Context(command=new_id(), records=[late], names=[name]))
    (found,) = check(office, ("vault",), position=office.app.store.position(), on=firm.today)
    assert "was written as its party was erased" in found.findings[0].what
    assert erase(office, owner, "request", firm.order()).done_already
    (found,) = check(office, ("vault",), position=office.app.store.position(), on=firm.today)
    assert found.ok
    assert office.app.store.vault_row(*late[:3]) is None
    with pytest.raises(NotFound):
        office.registry.invoice("F-2026-014")


def test_french_pages_say_it_in_french(firm: Firm, tmp_path: Path) -> None:
    owner = firm.office.registry.debtor("C042")
    firm.office.registry.card(owner)
    first = firm.office.registry.invoice("F-2026-014").partition(":")[2]
    erased(firm)
    assert firm.office.registry.number(first, owner) == f"(erased {first[:8]})"
    assert firm.office.registry.number_in_french(first, owner) == f"(effacé {first[:8]})"
    held = account(firm.office, owner, Corner(firm.today, firm.office.app.store.position()))
    written = json.dumps(letter(held), ensure_ascii=False)
    assert "(effacé" in written
    assert "(erased" not in written
    write(held, tmp_path / "releve.pdf")
    assert in_english(in_french("(erased 12)")) == "(erased 12)"
    assert in_french("F-1") == in_english("F-1") == "F-1"


def test_a_writer_in_the_way_leaves_the_rows_to_the_next_command(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = sqlite3.connect(firm.office.folder.path / LOG, isolation_level=None)

    def meanwhile(store: SQLiteStore, keys: KeyRing) -> list[str]:
        writer.execute("BEGIN IMMEDIATE")
        return shredding.finish(store, keys, wait_ms=50)

    monkeypatch.setattr(erasure, "finish", meanwhile)
    found = erased(firm)
    assert found.left_open
    assert firm.office.app.vault.keys.is_destroyed(found.debtor)
    assert firm.office.app.store.vault_row(found.debtor, "card", "current") is not None
    writer.close()
    reopened(firm)
    assert firm.office.app.vault.keys.erasing() == {}
    assert firm.office.app.store.vault_row(found.debtor, "card", "current") is None
