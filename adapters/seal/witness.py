"""Witnesses (C2SP tlog-witness, tlog-cosignature): they remember the largest tree they saw, and sign only what goes on from it.

The request is that of `add-checkpoint`: a line `old SIZE`, the proof of consistency a hash a line, a blank line, the note. relance asks
no witness over a network: it writes the request, and takes what was answered.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from adapters.application import Relance
from adapters.seal import keys
from adapters.seal.checkpoint import checkpoint_of
from adapters.seal.kept import Kept, Seals
from adapters.seal.log import LogTree
from adapters.seal.note import WITNESS, Key, Note, Signature, Signer, read_note, read_signatures, verified_by
from adapters.seal.tree import EMPTY, is_consistent
from domain.errors import Conflict, EvidenceBroken, InvalidInput, Misuse, NotFound


def request(tree: LogTree, kept: Kept, old: int) -> str:
    """What a witness that last saw the tree of `old` entries is sent.

    Raises:
        Misuse: it saw more than is signed.
    """
    if not 0 <= old <= kept.size:
        raise Misuse(f"the witness cannot have seen {old} entries of this log: the newest checkpoint has {kept.size}")
    proof = "".join(f"{base64.b64encode(each).decode()}\n" for each in tree.consistency(old, kept.size))
    return f"old {old}\n{proof}\n{kept.raw.decode()}"


def read_request(text: str) -> tuple[int, list[bytes], Note]:
    """Old size, proof and note of a request.

    Raises:
        InvalidInput: it is none.
    """
    head, _, rest = text.partition("\n\n")
    first, *lines = head.split("\n")
    word, _, old = first.partition(" ")
    try:
        proof = [base64.b64decode(line, validate=True) for line in lines]
        if word != "old" or not old.isdecimal():
            raise ValueError(first)
    except (ValueError, binascii.Error):
        raise InvalidInput(
            "not a request to a witness: `old SIZE`, a hash a line, a blank line, the checkpoint"
        ) from None
    return int(old), proof, read_note(rest.encode())


@dataclass
class Witness:
    """A witness with its own memory, in a file when it has one."""

    signer: Signer
    logs: Mapping[str, Sequence[Key]]
    now: Callable[[], int]
    memory: Path | None = None
    seen: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.memory and self.memory.exists():
            read = json.loads(self.memory.read_text())
            self.seen = {origin: (size, bytes.fromhex(root)) for origin, (size, root) in read.items()}

    def add_checkpoint(self, text: str) -> str:
        """Cosign a checkpoint that goes on from the last one seen; the signature line.

        Raises:
            NotFound: the log is not one that it knows.
            EvidenceBroken: nobody whom it knows signed, or the tree does not go on from the last one seen: a fork.
            Conflict: the request starts from another size than the last one seen.
        """
        old, proof, note = read_request(text)
        found = checkpoint_of(note)
        if found.origin not in self.logs:
            raise NotFound(f"the witness does not know the log {found.origin}")
        if not verified_by(note, self.logs[found.origin]):
            raise EvidenceBroken("no key of the log signed this checkpoint")
        size, root = self.seen.get(found.origin, (0, EMPTY))
        if found.size < old:
            raise InvalidInput(
                f"the checkpoint has {found.size} entries, fewer than the {old} that the request starts from"
            )
        if old != size:
            raise Conflict(f"the witness saw {size} entries of this log: ask from there, not from {old}")
        if not is_consistent(old, found.size, proof, root, found.root):
            raise EvidenceBroken(
                f"the tree of {found.size} entries does not go on from the one of {old}: the log was forked"
            )
        self.seen[found.origin] = (found.size, found.root)
        if self.memory:
            kept = {origin: (size, root.hex()) for origin, (size, root) in self.seen.items()}
            keys.write_whole(self.memory, json.dumps(kept).encode())
        return f"{self.signer.sign(note.text, self.now())}\n"


def attach(app: Relance, raw: bytes, witnesses: Sequence[Key], *, file: str = "") -> tuple[Kept, list[Key]]:
    """Keep what witnesses answered: their lines alone, for the newest checkpoint, or with the note that they signed.

    Returns:
        The checkpoint, and the witnesses whose cosignature is kept now.

    Raises:
        NotFound: no checkpoint of that size was signed here.
        EvidenceBroken: they signed another root, or a cosignature does not hold.
        InvalidInput: the file holds neither.
        Misuse: it holds nothing by these witnesses.
    """
    seals = Seals(app.store.tree.db)
    kept, signatures = _answered(seals, raw, file)
    found = verified_by(Note(kept.note.text, tuple(signatures)), witnesses)
    if not found:
        named = ", ".join(sorted({each.name for each in signatures})) or "nobody"
        raise Misuse(f"{file}: signed by {named}, none of the witnesses named: give each one's key with --witness-key")
    added = []
    with app.store.writing(app.clock.now()):
        for key in found:
            line = next(each for each in signatures if (each.name, each.id) == (key.name, key.id))
            if seals.keep_cosignature(kept.number, key, line):
                added.append(key)
    if kept.number == getattr(seals.last(), "number", 0):
        keys.write_whole(app.folder.path / keys.LAST, seals.published(kept))
    return kept, added


def _answered(seals: Seals, raw: bytes, file: str) -> tuple[Kept, list[Signature]]:
    last = seals.last()
    if last is None:
        raise NotFound("no checkpoint is signed yet: relance log checkpoint")
    if raw.startswith("— ".encode()):
        try:
            return last, list(read_signatures(raw.decode()))
        except ValueError as error:
            raise InvalidInput(str(error), file=file) from None
    note = read_note(raw, file=file)
    told = checkpoint_of(note, file=file)
    kept = seals.of_size(told.size)
    if kept is None:
        raise NotFound(f"{file}: no checkpoint of {told.size} entries was signed here; the newest has {last.size}")
    if kept.note.text != note.text:
        raise EvidenceBroken(
            f"{file}: what was witnessed for {told.size} entries of {told.origin} has root {told.root.hex()}, what was signed here has"
            f" {kept.checkpoint.root.hex()} for {kept.checkpoint.origin}: two versions of this log are about. Keep both files",
            position=told.size,
        )
    return kept, list(note.signatures)


def witness_key(key: Key) -> Key:
    """A key that is one of a witness.

    Raises:
        Misuse: it is a log's.
    """
    if key.kind != WITNESS:
        raise Misuse(f"{key} is not the key of a witness (its kind is {key.kind}, not {WITNESS})")
    return key
