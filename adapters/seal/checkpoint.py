"""A checkpoint (C2SP tlog-checkpoint): origin of the log, size of its tree, root; the text of a signed note."""

import base64
import binascii
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.seal.note import MOST_BYTES, Note, read_note
from adapters.seal.tree import HASH_BYTES, Hash
from domain.errors import InvalidInput

_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed."""

    origin: str
    size: int
    root: Hash
    extensions: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions]
        return "".join(f"{line}\n" for line in lines)


def checkpoint_of(note: Note, *, file: str = "") -> Checkpoint:
    """The checkpoint that a note holds; its signatures are not looked at.

    Raises:
        InvalidInput: it holds none.
    """
    lines = note.text.removesuffix("\n").split("\n")
    try:
        origin, size, coded, *extensions = lines
        root = base64.b64decode(coded, validate=True)
        found = Checkpoint(origin, int(size), root, tuple(extensions))
    except (ValueError, binascii.Error):
        raise InvalidInput("not a checkpoint: origin, size and root are wanted, a line each", file=file) from None
    if not (origin and _SIZE.fullmatch(size) and len(root) == HASH_BYTES and str(found) == note.text):
        raise InvalidInput("not a checkpoint: origin, size and root are wanted, a line each", file=file)
    return found


def read_file(path: Path) -> bytes:
    """The bytes of a note in a file; never more than a note may have.

    Raises:
        InvalidInput: it is too long.
    """
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise InvalidInput("too long for a checkpoint", file=str(path))
    return raw


def position_of(path: Path) -> int:
    """The position that a checkpoint file names, as a known-at: the size of the tree that it is about.

    Its signatures are not verified: whoever may ask at `@1234` may ask by a file.

    Raises:
        InvalidInput: it is no checkpoint, or that of an empty log.
    """
    found = checkpoint_of(read_note(read_file(path), file=str(path)), file=str(path))
    if found.size == 0:
        raise InvalidInput("a checkpoint of an empty log names no position", file=str(path))
    return found.size
