"""`attach`: the exact bytes of a document, encrypted under the key of the debtor, named by their digest in the log.

A document is kept once for a debtor, whichever of his invoices it belongs to; a keyed hash of its content, which says nothing to an
outsider, finds it again. All of it lies in the vault, written in the transaction that records it: nothing is ever half there.
"""

import datetime as dt
import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.acts import Done, Order
from adapters.application import Change, Context, new_id
from adapters.bootstrap import Office
from adapters.cases import Case, load
from adapters.media import media_of
from adapters.piece_files import no_space
from adapters.registry import PIECE, PIECE_CARD, PIECE_KEY
from adapters.store.envelope import Confidentiality, confidentiality_of
from adapters.store.sqlite import VaultRow
from domain.decided import Desk
from domain.errors import EvidenceBroken, NotFound, Refused
from domain.facts.invoicing import PieceAdded, PieceKind
from domain.history import founding
from domain.pieces import ATTACH, attach, pieces

ERASED: Final = "(erased)"


@dataclass(frozen=True, slots=True)
class Given:
    """A document as it was given: its bytes, the name of its file, its title."""

    content: bytes
    file: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What is said of documents: their kind and day, the entry that they prove, whose they are, who may see them."""

    kind: PieceKind
    on: dt.date
    of: int | None = None
    third_party: bool = False
    confidentiality: Confidentiality = "none"


def add(office: Office, stream: str, given: Sequence[Given], about: About, order: Order) -> Done:
    """Attach documents to an invoice in one append; what it holds already is left out.

    Raises:
        Refused: the record stands against it.
        NotFound: the personal data of the debtor were erased.
        Conflict: no space is left; nothing was recorded.
    """
    office.signed_in()

    def attempt() -> Done:
        office.app.once(order.command)
        case = load(office, stream, order.on)
        rows: list[VaultRow] = []
        fresh: dict[str, str] = {}
        facts = [_piece(office, case, each, about, rows, fresh) for each in given]
        try:
            decided = attach(case.stream.history, facts, Desk(office.app.today, case.policy, law=office.law))
        except Refused as refusal:
            raise Refused(ATTACH, *refusal.refusals, label=case.number) from None
        if decided and not order.dry_run:
            named = {digest for each in decided if isinstance(each.fact, PieceAdded) for digest in _digests(each.fact)}
            kept = [row for row in rows if row[1] == PIECE_KEY or row[2] in named]
            context = Context(
                command=order.command or new_id(), done_by=order.done_by, records=kept, confidentiality=about.confidentiality
            )  # fmt: skip
            office.app.append([Change(case.stream, decided)], context)
        return Done(stream, case.number, tuple(decided))

    return _with_space(office, lambda: office.app.deciding(attempt))


def _with_space(office: Office, write: Callable[[], Done]) -> Done:
    try:
        return write()
    except sqlite3.OperationalError as error:
        if any(
            _is_full(each) for each in (error, error.__context__)
        ):  # the second: of what was undone with the transaction
            raise no_space(office.folder.path) from None
        raise


def _is_full(error: BaseException | None) -> bool:
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_FULL


def _digests(fact: PieceAdded) -> tuple[str, str]:
    return fact.document, fact.record


def _piece(
    office: Office, case: Case, given: Given, about: About, rows: list[VaultRow], fresh: dict[str, str]
) -> PieceAdded:
    """The fact of a document; the rows that keep it join `rows`, those of its content unless they are there."""
    vault, owner = office.app.vault, case.issued.debtor
    key = vault.name_key(PIECE, owner, hashlib.sha256(given.content).hexdigest()).hex()
    found = vault.read(owner, PIECE_KEY, key)
    digest = found.decode() if found else fresh.get(key)  # given twice in one command
    if digest is None:
        digest, row = vault.sealed_bytes(owner, PIECE, given.content)
        rows += [row, vault.row(owner, PIECE_KEY, key, digest.encode())]
        fresh[key] = digest
    record, card = vault.sealed(owner, PIECE_CARD, {"file": given.file, "title": given.title or given.file})
    rows.append(card)
    return PieceAdded(
        document=digest, kind=about.kind, media=media_of(given.content), of=about.of, on=about.on,
        origin="third_party" if about.third_party else None, record=record, size=len(given.content),
    )  # fmt: skip


def listed(office: Office, stream: str) -> list[dict[str, Any]]:
    """The pieces of an invoice that stand, each with its title."""
    loaded = office.app.stream_or_fail(stream)
    issued = founding(loaded.history)
    owner = issued.debtor if issued else ""
    found = []
    kept = {
        leaf.originator_version: confidentiality_of(leaf.internal) for leaf in office.app.store.select_events(stream)
    }
    for version, fact in pieces(loaded.history):
        card = office.app.vault.opened(owner, PIECE_CARD, fact.record)
        found.append({
            "version": version, "kind": fact.kind, "title": card[1]["title"] if card else ERASED, "file": card[1]["file"] if card else ERASED,
            "on": fact.on, "size_bytes": fact.size, "media": fact.media, "of": fact.of, "third_party": fact.origin == "third_party",
            "document": fact.document, "confidential": kept[version],
        })  # fmt: skip
    return found


def extracted(office: Office, stream: str, version: int) -> bytes:
    """The exact bytes of a piece, as sealed.

    Raises:
        NotFound: that version is no piece that stands, or it was erased.
        EvidenceBroken: the vault holds other bytes, or none, and no erasure was made.
    """
    loaded = office.app.stream_or_fail(stream)
    issued = founding(loaded.history)
    fact = dict(pieces(loaded.history)).get(version)
    if fact is None or issued is None:
        raise NotFound(f"version {version} is no piece that stands: relance attach --list shows those that do")
    opened = office.app.vault.opened_bytes(issued.debtor, PIECE, fact.document)
    if opened is None:
        if office.app.vault.keys.is_destroyed(issued.debtor):
            raise NotFound("the piece was erased with the personal data of the debtor")
        raise EvidenceBroken(f"the vault does not hold the piece {fact.document}, and no erasure was made")
    if len(opened[1]) != fact.size:
        raise EvidenceBroken(f"the piece {fact.document} has another size than the log says")
    return opened[1]
