"""The pieces of a dossier: the documents that stand in what it shows, each once, under a number that is never another's.

Numbers follow all pieces ever communicated of a debtor: a number given keeps its document in every later export, of whatever invoices, and
what is new goes on from the last one. They lie in the vault, written in the append that closes the export.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.application import Relance
from adapters.dossier.disclosure import Disclosed
from adapters.registry import PIECE, PIECE_CARD
from adapters.store.sqlite import VaultRow
from adapters.store.vault import Vault
from domain.errors import EvidenceBroken
from domain.facts.invoicing import PieceAdded
from domain.pieces import pieces
from projections.wording.pieces import KIND

NUMBER: Final = "piece_number"
_LAST: Final = "last"
_NAME_LENGTH: Final = 40
_EXTENSION: Final = {
    "pdf": "pdf", "jpeg": "jpg", "png": "png", "tiff": "tiff", "eml": "eml", "xml": "xml", "text": "txt", "other": "bin",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Added:
    """One entry that added a document: where, its fact, the title and file name that were given; salt and bytes of their card."""

    stream: str
    version: int
    position: int
    fact: PieceAdded
    title: str
    file: str
    card: tuple[bytes, bytes] | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A document with its number, its exact bytes and the entries that added it, the earliest first."""

    number: int
    document: str
    salt: bytes
    content: bytes
    added: tuple[Added, ...]

    @property
    def first(self) -> Added:
        """The entry by which it is known: its kind, day and title are the piece's."""
        return self.added[0]

    @property
    def stem(self) -> str:
        """The name of its files: ASCII, `piece-03-bon-de-livraison`."""
        plain = unicodedata.normalize("NFKD", self.first.title).encode("ascii", "ignore").decode().lower()
        words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
        if len(words) > _NAME_LENGTH:
            words = words[:_NAME_LENGTH].rpartition("-")[0] or words[:_NAME_LENGTH]
        return f"piece-{self.number:02d}-{words or 'document'}"

    @property
    def original(self) -> str:
        """Where its untouched bytes lie in the bundle."""
        return f"data/originaux/{self.stem}.{_EXTENSION[self.first.fact.media]}"

    @property
    def sha256(self) -> str:
        """The digest of its untouched bytes."""
        return hashlib.sha256(self.content).hexdigest()

    def card_file(self, n: int) -> str:
        """Where the title and file name of its n-th entry lie, as they were sealed."""
        return f"data/fiches/{self.stem}{f'-{n}' if n else ''}.json"


def gathered(app: Relance, debtor: str, shown: Sequence[Disclosed], *, redact: bool = False) -> list[Piece]:
    """The documents that stand, by number; those that have none yet are numbered by their day, then by their place in the log.

    In a masked copy a piece is called by its kind: a title, or the name of a file, may name somebody.

    Raises:
        EvidenceBroken: the vault does not hold what the log names.
    """
    found: dict[str, list[Added]] = {}
    for each in shown:
        positions = {entry.version: entry.position for entry in each.history}
        for version, fact in pieces(each.history):
            card = None if redact else _opened(app.vault, debtor, PIECE_CARD, fact.record)
            read = json.loads(card[1]) if card else _masked(fact)
            found.setdefault(fact.document, []).append(
                Added(each.stream.id, version, positions[version], fact, read["title"], read["file"], card)
            )
    ranked = sorted(found.items(), key=lambda item: min((one.fact.on, one.position) for one in item[1]))
    numbers = _numbers(app.vault, debtor, [document for document, _ in ranked])
    made = []
    for document, added in ranked:
        salt, content = _opened(app.vault, debtor, PIECE, document)
        first = tuple(sorted(added, key=lambda one: one.position))
        made.append(Piece(numbers[document], document, salt, content, first))
    return sorted(made, key=lambda piece: piece.number)


def _opened(vault: Vault, debtor: str, kind: str, digest: str) -> tuple[bytes, bytes]:
    opened = vault.opened_bytes(debtor, kind, digest)
    if opened is None:
        raise EvidenceBroken(f"the vault does not hold the {kind.replace('_', ' ')} {digest}, and no erasure was made")
    return opened


def _masked(fact: PieceAdded) -> Mapping[str, str]:
    return {"title": KIND[fact.kind].capitalize(), "file": "non communiqué"}


def _numbers(vault: Vault, debtor: str, documents: Sequence[str]) -> dict[str, int]:
    given = {each: int(read) for each in documents if (read := vault.read(debtor, NUMBER, each))}
    last = last_number(vault, debtor)
    for each in documents:
        if each not in given:
            given[each] = last = last + 1
    return given


def last_number(vault: Vault, debtor: str) -> int:
    """The greatest number given so far to a piece of a debtor."""
    read = vault.read(debtor, NUMBER, _LAST)
    return int(read) if read else 0


def number_rows(vault: Vault, debtor: str, made: Sequence[Piece]) -> list[VaultRow]:
    """What keeps the numbers for ever."""
    rows = [vault.row(debtor, NUMBER, each.document, str(each.number).encode()) for each in made]
    greatest = max((each.number for each in made), default=0)
    if greatest > last_number(vault, debtor):
        rows.append(vault.row(debtor, NUMBER, _LAST, str(greatest).encode()))
    return rows
