"""The log as static files (C2SP tlog-tiles): `checkpoint`, `tile/<L>/<N>` and `tile/entries/<N>`, for any server or disk.

Entries are the stored bytes: amounts, dates, codes and opaque identifiers, no name and no internal part. The folder appears whole, or
not at all; before it does, the root is computed again from the entries and held to the checkpoint.
"""

import os
import secrets
import shutil
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.seal import keys
from adapters.seal.kept import Seals
from adapters.seal.log import LogTree
from adapters.seal.tree import STEP, TILE, Frontier, Hash, leaf_of
from domain.errors import EvidenceBroken, InvalidInput, Misuse, NotFound

CHECKPOINT: Final = "checkpoint"
_LONGEST: Final = 2**16 - 1
_GROUP: Final = 1_000


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    size: int
    root: Hash
    files: int
    bytes: int


def path_of(level: int | str, number: int, width: int = TILE) -> str:
    """The path of a tile, `entries` being a level: groups of three digits, all but the last marked with x."""
    words = [f"{number % _GROUP:03}"]
    while number := number // _GROUP:
        words.insert(0, f"x{number % _GROUP:03}")
    part = f".p/{width}" if width < TILE else ""
    return f"tile/{level}/{'/'.join(words)}{part}"


def export(tree: LogTree, folder: Path, tell: Callable[[int], None] | None = None) -> Exported:
    """Write the log up to the newest checkpoint into a new or empty folder.

    Raises:
        NotFound: no checkpoint is signed yet.
        Misuse: the folder holds something.
        EvidenceBroken: the stored bytes are not those that were signed.
    """
    seals = Seals(tree.db)
    kept = seals.last()
    if kept is None:
        raise NotFound("no checkpoint is signed yet: relance log checkpoint")
    folder = folder.absolute()
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise Misuse(f"{folder} holds something already: name a new or empty folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    draft.mkdir()
    try:
        writer = _Writer(draft)
        root = _write(tree, kept.size, writer, tell)
        if root != kept.checkpoint.root:
            raise EvidenceBroken(
                f"the stored bytes of the first {kept.size} entries have root {root.hex()}, the checkpoint signed has"
                f" {kept.checkpoint.root.hex()}: nothing is exported; look with `relance log fsck`"
            )
        writer.put(CHECKPOINT, seals.published(kept))
        os.sync()
        draft.replace(folder)
        keys.settle(folder.parent)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return Exported(kept.size, root, writer.files, writer.bytes)


class _Writer:
    """Files below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.files, self.bytes = folder, 0, 0

    def put(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.files += 1
        self.bytes += len(content)


def _write(tree: LogTree, size: int, writer: _Writer, tell: Callable[[int], None] | None) -> Hash:
    frontier, rows = Frontier(), dict[int, list[Hash]]()

    def keep(level: int, found: Hash) -> None:
        row = rows.setdefault(level, [])
        row.append(found)
        if len(row) == TILE:
            writer.put(path_of(level, _number(frontier.size, level)), b"".join(row))
            row.clear()

    for first in range(0, size, TILE):
        stored = [
            row[0]
            for row in tree.db.execute(
                "SELECT bytes FROM log WHERE position > ? AND position <= ? ORDER BY position",
                (first, min(size, first + TILE)),
            )
        ]
        writer.put(path_of("entries", first // TILE, len(stored)), _bundle(stored, first))
        for each in stored:
            found = leaf_of(each)
            full = list(frontier.add([found]))
            keep(0, found)
            for level, _, root in full:
                keep(level // STEP, root)
        if tell:
            tell(frontier.size)
    for level, row in sorted(rows.items()):
        if row:
            writer.put(path_of(level, frontier.size >> (level + 1) * STEP, len(row)), b"".join(row))
    return frontier.root()


def _number(size: int, level: int) -> int:
    """The number of the tile of a level that a tree of this size has just filled."""
    return (size >> (level + 1) * STEP) - 1


def _bundle(stored: Sequence[bytes], first: int) -> bytes:
    """Entries one after the other, each after its length in two bytes."""
    parts = []
    for position, each in enumerate(stored, start=first + 1):
        if len(each) > _LONGEST:
            raise InvalidInput(
                f"the entry at position {position} has {len(each)} bytes; a tile holds entries of {_LONGEST} at most"
            )
        parts += [struct.pack(">H", len(each)), each]
    return b"".join(parts)
