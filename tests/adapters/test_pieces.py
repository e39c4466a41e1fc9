"""Documents go into the vault and come back byte for byte; the log holds their digests and nothing else of them."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from adapters import acts, pieces
from adapters.acts import Done
from adapters.checks.running import check
from adapters.pieces import About, Given
from adapters.registry import PIECE
from adapters.store.folder import LOG
from adapters.verify import verify_log
from domain.errors import Conflict, EvidenceBroken, NotFound, Refused
from domain.facts.invoicing import PieceAdded, PieceKind
from tests.adapters.office import Firm

SIGNED = b"%PDF-1.7\nBon de livraison, sign\xc3\xa9 Durand"


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = Firm(tmp_path / "store", "2026-01-20")
    yield made
    made.office.close()


def attach(
    firm: Firm, stream: str, *contents: bytes, kind: PieceKind = "delivery_note", of: int | None = None, title: str = ""
) -> Done:
    given = [Given(content, f"{n}.pdf", title) for n, content in enumerate(contents)]
    return pieces.add(firm.office, stream, given, About(kind, firm.today, of), firm.order())


def versions(firm: Firm, stream: str) -> list[int]:
    return [row["version"] for row in pieces.listed(firm.office, stream)]


def rows(firm: Firm, kind: str = PIECE) -> list[bytes]:
    db = sqlite3.connect(firm.office.folder.path / LOG)
    found = [row[0] for row in db.execute("SELECT data FROM vault WHERE kind = ?", (kind,))]
    db.close()
    return found


def faulty(firm: Firm) -> list[str]:
    at = firm.office.app.store.position()
    return [
        each.id for each in check(firm.office, ("vault", "names", "log"), position=at, on=firm.today) if not each.ok
    ]


@given(content=some.binary(min_size=1, max_size=2_000))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_come_back_exactly(firm: Firm, content: bytes) -> None:
    stream = firm.invoice("F-1", due="2026-12-31")
    attach(firm, stream, content)
    assert content in [pieces.extracted(firm.office, stream, each) for each in versions(firm, stream)]


def test_the_log_holds_a_salted_digest_and_no_word(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    attach(firm, stream, SIGNED, of=1, title="Bon signé de M. Durand")
    stored = firm.office.app.store.select_events(stream)[-1].state
    fact = json.loads(stored)["fact"]
    assert set(fact) == {"document", "kind", "media", "of", "on", "record", "size"}
    assert (fact["kind"], fact["media"], fact["of"], fact["size"]) == ("delivery_note", "pdf", 1, len(SIGNED))
    assert fact["document"] != hashlib.sha256(SIGNED).hexdigest()
    assert b"Durand" not in stored
    (row,) = pieces.listed(firm.office, stream)
    assert (row["title"], row["file"]) == ("Bon signé de M. Durand", "0.pdf")


def test_nothing_readable_lies_on_the_disk(firm: Firm) -> None:
    attach(firm, firm.invoice("F-1"), SIGNED, title="Bon de Durand")
    for file in firm.office.folder.path.iterdir():
        assert b"Durand" not in file.read_bytes(), file
        assert hashlib.sha256(SIGNED).digest() not in file.read_bytes()
        assert hashlib.sha256(SIGNED).hexdigest().encode() not in file.read_bytes()


def test_the_same_file_again_is_done_already(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    attach(firm, stream, SIGNED)
    before = firm.office.app.store.position()
    assert attach(firm, stream, SIGNED, title="autre titre").decided == ()
    assert firm.office.app.store.position() == before
    assert len(rows(firm, "piece_card")) == 1


def test_twice_in_one_command_is_once(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    done = attach(firm, stream, SIGNED, b"other", SIGNED)
    assert [each.fact.move for each in done.decided] == ["PieceAdded", "PieceAdded"]
    assert len(rows(firm)) == 2


def test_another_kind_is_another_piece_of_the_same_bytes(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    attach(firm, stream, SIGNED)
    attach(firm, stream, SIGNED, kind="order_form")
    assert len(versions(firm, stream)) == 2
    assert len(rows(firm)) == 1


def test_invoices_of_a_debtor_share_a_file_kept_once(firm: Firm) -> None:
    first, second = firm.invoice("F-1"), firm.invoice("F-2")
    stranger = firm.invoice("F-3", debtor="C043")
    for stream in (first, second, stranger):
        attach(firm, stream, SIGNED, kind="contract")
    assert len(rows(firm)) == 2
    facts = [cast("PieceAdded", firm.office.app.stream(each).envelopes[-1].fact) for each in (first, second, stranger)]
    assert facts[0].document == facts[1].document != facts[2].document
    assert [pieces.extracted(firm.office, each, 2) for each in (first, second, stranger)] == [SIGNED] * 3


def test_a_piece_withdrawn_alone_leaves_the_others_and_can_come_back(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    attach(firm, stream, SIGNED, b"other")
    acts.withdraw(firm.office, stream, firm.order(), version=2, reason="document")
    assert versions(firm, stream) == [3]
    with pytest.raises(NotFound, match="version 2 is no piece that stands"):
        pieces.extracted(firm.office, stream, 2)
    attach(firm, stream, SIGNED)
    assert versions(firm, stream) == [3, 5]
    assert len(rows(firm)) == 2


def test_what_it_proves_stands_or_nothing_is_written(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    with pytest.raises(Refused, match="Cannot attach F-1: version 9"):
        attach(firm, stream, SIGNED, of=9)
    assert rows(firm) == []


def test_a_dry_run_writes_nothing(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    order = acts.Order(firm.today, dry_run=True)
    done = pieces.add(firm.office, stream, [Given(SIGNED, "a.pdf")], About("mail", firm.today), order)
    assert len(done.decided) == 1
    assert rows(firm) == []
    assert versions(firm, stream) == []


def test_who_may_see_it_is_in_the_internal_part_of_the_piece_alone(firm: Firm) -> None:
    stream = firm.invoice("F-1", due="2026-02-04")
    firm.sleep_until("2026-02-20")
    about = About("mail", firm.today, confidentiality="lawyer", third_party=True)
    pieces.add(firm.office, stream, [Given(SIGNED, "a.eml")], about, firm.order())
    piece, due = firm.office.app.stream(stream).envelopes[-2:]
    assert json.loads(piece.internal[16:])["confidentiality"] == "lawyer"
    assert json.loads(due.internal[16:])["confidentiality"] == "none"
    assert cast("PieceAdded", piece.fact).origin == "third_party"
    assert piece.act is None


def test_a_full_disk_leaves_the_store_as_it_was(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    store = firm.office.app.store
    before = store.position()
    store._db.execute(f"PRAGMA max_page_count = {store._db.execute('PRAGMA page_count').fetchone()[0] + 2}")
    with pytest.raises(Conflict, match=r"no space is left to write .*: nothing was recorded"):
        attach(firm, stream, b"x" * 200_000)
    assert store.position() == before
    assert rows(firm) == []
    attach(firm, stream, b"small")
    assert verify_log(firm.office.app).verdict != "broken"


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE vault SET data = CAST(data || x'00' AS BLOB) WHERE kind = 'piece'",
        "DELETE FROM vault WHERE kind = 'piece'",
    ],
)
def test_bytes_changed_or_gone_are_said(firm: Firm, harm: str) -> None:
    stream = firm.invoice("F-1")
    attach(firm, stream, SIGNED)
    db = sqlite3.connect(firm.office.folder.path / LOG, isolation_level=None)
    db.execute(harm)
    db.close()
    with pytest.raises(EvidenceBroken):
        pieces.extracted(firm.office, stream, 2)
    assert faulty(firm) == ["vault"]


def test_a_piece_moved_from_another_row_does_not_open(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    attach(firm, stream, SIGNED, b"other one")
    db = sqlite3.connect(firm.office.folder.path / LOG, isolation_level=None)
    first, second = db.execute("SELECT id, data FROM vault WHERE kind = 'piece' ORDER BY id").fetchall()
    db.execute("UPDATE vault SET data = ? WHERE kind = 'piece' AND id = ?", (second[1], first[0]))
    db.close()
    held = {row["document"]: row["version"] for row in pieces.listed(firm.office, stream)}
    assert pieces.extracted(firm.office, stream, held[second[0]]) in {SIGNED, b"other one"}
    with pytest.raises(EvidenceBroken, match="it was changed or moved"):
        pieces.extracted(firm.office, stream, held[first[0]])


def test_the_store_is_sound_with_pieces(firm: Firm) -> None:
    attach(firm, firm.invoice("F-1"), SIGNED, b"other")
    assert verify_log(firm.office.app).verdict != "broken"
    assert faulty(firm) == []
