"""Copies for filing: the electronic channels of the courts take messages of a few megabytes, each piece whole in one of them."""

import datetime as dt
from collections.abc import Sequence

from adapters.documents.piece_pages import Communicated, stamped
from adapters.documents.raster import SMALLER, Shown, shown


def lots(files: Sequence[tuple[str, bytes]], limit: int) -> list[list[tuple[str, bytes]]]:
    """The files in lots, in their order, each lot under the limit in bytes; no file is split.

    A file that reaches the limit by itself makes a lot of its own, which is then above it: the caller says so.
    """
    made: list[list[tuple[str, bytes]]] = []
    room = 0
    for name, data in files:
        if not made or len(data) >= room:
            made.append([])
            room = limit
        made[-1].append((name, data))
        room -= len(data)
    return made


def reduced(
    piece: Communicated, limit: int, *, cabinet: str, heading: str, at: dt.datetime, sandbox: bool
) -> bytes | None:
    """The stamped copy of a piece in coarser images, the finest that stays under the limit in bytes; None when none does.

    Only images grow coarser: a copy of text, or one that shows nothing, has no other size.
    """
    for quality in SMALLER:
        seen = shown(piece.content, piece.media, quality)
        if not isinstance(seen, Shown):
            return None
        if sum(len(page.image) for page in seen.pages) >= limit:
            continue
        pdf = stamped(piece, seen, cabinet=cabinet, heading=heading, at=at, sandbox=sandbox)
        if len(pdf) < limit:
            return pdf
    return None
