"""Signed notes as a dossier holds them: nothing but what the format allows, every signature known and good. FORMAT.md, section 8."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adapters.seal.checkpoint import Checkpoint, checkpoint_of
from adapters.seal.note import (
    ID_BYTES,
    SIGNATURE_BYTES,
    WITNESS,
    WRITER,
    Key,
    Note,
    Signature,
    read_key,
    read_note,
    read_signatures,
)
from domain.errors import EvidenceBroken

_INSTANT_BYTES: Final = struct.calcsize(">Q")
_WORDS: Final = {"journal ": WRITER, "temoin ": WITNESS}


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint with its note and the keys that signed it."""

    checkpoint: Checkpoint
    note: Note
    by: tuple[Key, ...]


def keys_of(raw: bytes, origin: str) -> tuple[list[Key], list[Key]]:
    """The keys of a log and those of its witnesses, as `cles.txt` lists them.

    Raises:
        EvidenceBroken: a line is none, is out of its order, or stands twice.
    """
    text = raw.decode()
    if not text.endswith("\n"):
        raise EvidenceBroken("cles.txt names no key, or its last line is cut")
    found: list[Key] = []
    for line in text.removesuffix("\n").split("\n"):
        word = next((each for each in _WORDS if line.startswith(each)), "")
        key = read_key(line.removeprefix(word))
        if not word or str(key) != line.removeprefix(word) or key.kind != _WORDS[word]:
            raise EvidenceBroken(f"cles.txt holds a line that is not the one form of a key: {line[:80]!r}")
        if key.kind == WRITER and (key.name != origin or (found and found[-1].kind == WITNESS)):
            raise EvidenceBroken("cles.txt: a key of the log bears another name, or follows that of a witness")
        if any((key.name, key.id) == (each.name, each.id) for each in found):
            raise EvidenceBroken("cles.txt names a key twice")
        found.append(key)
    if found[0].kind != WRITER:
        raise EvidenceBroken("cles.txt names no key of the log")
    return [each for each in found if each.kind == WRITER], [each for each in found if each.kind == WITNESS]


def signed(raw: bytes, origin: str, keys: Sequence[Key], what: str) -> Signed:
    """A checkpoint of a log, all its signatures by keys of the log.

    Raises:
        EvidenceBroken: it is of another log, has another form, or a signature is unknown, doubled or not good.
    """
    note = read_note(raw, file=what)
    checkpoint = checkpoint_of(note, file=what)
    if str(note).encode() != raw or checkpoint.extensions:
        raise EvidenceBroken(f"{what} is not a checkpoint in its one form")
    if checkpoint.size < 1:
        raise EvidenceBroken(f"{what} is that of an empty log")
    if checkpoint.origin != origin:
        raise EvidenceBroken(f"{what} is of another log: {checkpoint.origin[:80]!r}")
    return Signed(checkpoint, note, signers(note.text, note.signatures, keys, SIGNATURE_BYTES, what))


def cosigners(raw: bytes, note: Note, keys: Sequence[Key], what: str) -> tuple[Key, ...]:
    """The witnesses of a checkpoint, from the lines of their file.

    Raises:
        EvidenceBroken: a line is none, or is by somebody else, doubled or not good.
    """
    if not raw:
        return ()
    text = raw.decode()
    found = read_signatures(text)
    if "".join(f"{each}\n" for each in found) != text:
        raise EvidenceBroken(f"{what} is not in its one form")
    return signers(note.text, found, keys, _INSTANT_BYTES + SIGNATURE_BYTES, what)


def signers(text: str, signatures: Sequence[Signature], keys: Sequence[Key], length: int, what: str) -> tuple[Key, ...]:
    """Who signed a text, each once.

    Raises:
        EvidenceBroken: a signature is by none of the keys, stands twice, has another length or is not good.
    """
    known = {(key.name, key.id): key for key in keys}
    found: list[Key] = []
    for each in signatures:
        key = known.get((each.name, each.id))
        if key is None:
            raise EvidenceBroken(
                f"{what}: signed by a key that cles.txt does not name for it, {each.name[:60]}+{each.id.hex()}"
            )
        if key in found:
            raise EvidenceBroken(f"{what}: signed twice by {_short(key)}")
        if len(each.body) != length:
            raise EvidenceBroken(f"{what}: a signature of {ID_BYTES + len(each.body)} bytes")
        if not key.verifies(Note(text, (each,))):
            raise EvidenceBroken(f"{what}: not signed by {_short(key)}")
        found.append(key)
    return tuple(found)


def _short(key: Key) -> str:
    return f"{key.name[:60]}+{key.id.hex()}"
