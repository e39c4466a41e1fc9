"""The lines of the journal of a dossier: what is shown with its openings and its proof, what is withheld with its hash. FORMAT.md, 3 to 7."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.dossier.container import plain_json
from adapters.dossier.disclosure import Disclosed
from adapters.dossier.exhibits import Piece
from adapters.seal.log import LogTree

#: Pointer into the leaf, salt in hexadecimal, path of the file that it opens.
Opening = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """An event that a dossier carries: its place, its bytes (none when withheld), what it opens."""

    position: int
    stream: str
    version: int
    leaf: bytes | None
    openings: tuple[Opening, ...] = ()


def rows(shown: Sequence[Disclosed], pieces: Sequence[Piece]) -> list[Row]:
    """The events of the streams of a dossier, in the order of the log."""
    openings = _openings(pieces)
    found = [
        Row(each.position, each.stream, each.version, stream.leaves.get(each.position), openings.get(each.position, ()))
        for stream in shown
        for each in stream.stream.envelopes
    ]
    return sorted(found, key=lambda row: row.position)


def _openings(pieces: Sequence[Piece]) -> Mapping[int, tuple[Opening, ...]]:
    return {
        added.position: (
            ("/fact/document", piece.salt.hex(), piece.original),
            *((("/fact/record", added.card[0].hex(), piece.card_file(n)),) if added.card else ()),
        )
        for piece in pieces
        for n, added in enumerate(piece.added)
    }


def lines(found: Sequence[Row], tree: LogTree, size: int) -> bytes:
    """The rows as lines, each with its proof in the tree of a size."""
    return b"".join(_line(row, [each.hex() for each in tree.inclusion(row.position, size)], tree) for row in found)


def _line(row: Row, proof: list[str], tree: LogTree) -> bytes:
    index = row.position - 1
    if row.leaf is None:
        hidden = {"leaf_hash": tree.leaf(row.position).hex(), "stream": row.stream, "version": row.version}
        return plain_json({"index": index, "proof": proof, "withheld": True, **hidden})
    return plain_json(
        {"index": index, "leaf": row.leaf.decode(), "openings": [list(each) for each in row.openings], "proof": proof}
    )
