"""Computing the seal again from the stored bytes: leaves, subtrees, checkpoints, signatures, stamps. Changes nothing.

1 leaves: each leaf of the tree is the hash of its stored bytes, and every entry has one.
2 subtrees: each root that is kept is that of its leaves, and none is missing.
3 roots: each checkpoint kept, and the file beside the database, has the root of the bytes.
4 signatures: each is signed by the key of its time, by both where the key changed; cosignatures hold.
5 consistency: each checkpoint goes on from the one before, by the proofs that the tree gives.
6 stamps: each token holds, at the instant that it says, for its checkpoint.
7 heads: each root of the heads that the log seals is that of the heads at its position.

Memory is flat: a stretch of rows and one path of the tree.
"""

import sqlite3
from itertools import pairwise
from typing import Final

from adapters.application import Relance
from adapters.seal import keys
from adapters.seal.authority import AuthoritySilent, verify
from adapters.seal.checkpoint import Checkpoint
from adapters.seal.fsck_leaves import Fsck, Tell, check_leaves
from adapters.seal.heads import heads, sealed
from adapters.seal.kept import Kept, Seals
from adapters.seal.sealing import Rotation, last_of_all, rotations, signers_of
from adapters.seal.stamps import Stamps
from adapters.seal.tree import Hash, is_consistent, root_of
from domain.errors import EvidenceBroken, InvalidInput

TABLES: Final = ("leaf", "subtree", "log_key", "checkpoint", "cosignature", "authority", "stamp_asked", "stamp")
BUILD: Final = "relance log fsck --build"


def build(app: Relance, tell: Tell) -> int:
    """Make the leaves that are missing.

    Returns:
        How many.
    """
    with app.store.writing(app.clock.now()) as tail:
        return app.store.tree.build(tail.position, lambda done: tell("leaves", done, tail.position))


def fsck(app: Relance, tell: Tell = lambda _word, _done, _of: None) -> Fsck:
    """Check everything, as it stands when this begins, whoever writes meanwhile."""
    db = app.store.tree.db
    db.execute("BEGIN")
    found = Fsck()
    try:
        _check(found, app, tell)
    except sqlite3.DatabaseError as error:
        found.note("1-leaves", 0, f"the database cannot be read further: {error}")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
    return found


def _check(found: Fsck, app: Relance, tell: Tell) -> None:
    found.size, seals = app.store.position(), Seals(app.store.tree.db)
    for table in TABLES if app.store.tree.is_made() else ():
        app.store.tree.db.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - our own names; every page is read
    kept = list(seals.checkpoints())
    checkpoints = [_read(found, each) for each in kept]
    beside = _beside(found, app)
    wanted = {each.size for each in (*checkpoints, beside) if each and each.size <= found.size}
    roots = check_leaves(found, app.store.tree, wanted, tell)
    _roots(found, seals, checkpoints, beside, roots)
    _signatures(found, seals, kept, _rotations(found, app))
    _consistency(found, app, [each for each in checkpoints if each], roots)
    _stamps(found, app)
    _heads(found, app)


def _read(found: Fsck, kept: Kept) -> Checkpoint | None:
    try:
        checkpoint = kept.checkpoint
    except InvalidInput as error:
        found.note("3-roots", kept.size, f"checkpoint {kept.number}: {error.reason}")
        return None
    if checkpoint.size != kept.size:
        found.note(
            "3-roots", kept.size, f"checkpoint {kept.number} says {checkpoint.size} entries, its row {kept.size}"
        )
        return None
    return checkpoint


def _beside(found: Fsck, app: Relance) -> Checkpoint | None:
    try:
        return last_of_all(app)
    except (InvalidInput, OSError) as error:
        found.note("3-roots", 0, f"{keys.LAST}: {error}")
        return None


def _roots(
    found: Fsck, seals: Seals, checkpoints: list[Checkpoint | None], beside: Checkpoint | None, roots: dict[int, Hash]
) -> None:
    before, origin = 0, seals.origin()
    named = [(f"checkpoint {number}", each) for number, each in enumerate(checkpoints, start=1) if each]
    for name, each in [*named, *([(keys.LAST, beside)] if beside else [])]:
        if each.origin != origin:
            found.note("3-roots", 0, f"{name} is of {each.origin}, this log is {origin}")
        elif each.size > found.size:
            found.note(
                "3-roots",
                found.size + 1,
                f"{name} signs {each.size} entries, the log has {found.size}: it was put back to an older state",
            )
        elif roots.get(each.size) != each.root:
            found.note(
                "3-roots",
                before + 1,
                f"{name} signs another history of the first {each.size} entries: one of {before + 1} to {each.size} was changed after it was signed",
            )
        else:
            before = each.size
    found.said["3-roots"] = (
        f"{len(named)} checkpoints, each with the root of the bytes" if named else "no checkpoint is signed yet"
    )


def _rotations(found: Fsck, app: Relance) -> list[Rotation]:
    try:
        return rotations(app)
    except EvidenceBroken as error:
        found.note("4-signatures", error.position, f"the stream of the log cannot be read: {error.reason}")
        return []


def _signatures(found: Fsck, seals: Seals, kept: list[Kept], changes: list[Rotation]) -> None:
    known, before, cosigned = seals.keys(), 0, 0
    by_digest = {each.digest: each for each in known}
    for each in kept:
        try:
            note = each.note
            if not known:
                raise EvidenceBroken("no key of the log is kept")
            for digest in sorted(signers_of(each.size, before, known[0].digest, changes)):
                key = by_digest.get(digest)
                if key is None or not key.verifies(note):
                    raise EvidenceBroken(f"the key {digest} did not sign it")
            for key, signature in seals.cosignatures(each.number):
                cosigned += key.verifies(type(note)(note.text, (signature,)))
        except (EvidenceBroken, InvalidInput) as error:
            found.note("4-signatures", each.size, f"checkpoint {each.number}: {error.reason}")
        before = each.size
    found.said["4-signatures"] = (
        f"{len(kept)} checkpoints signed by the key of their time, {len(known)} keys; {cosigned} cosignatures"
    )


def _consistency(found: Fsck, app: Relance, checkpoints: list[Checkpoint], roots: dict[int, Hash]) -> None:
    tree = app.store.tree
    for old, new in pairwise(checkpoints):
        if new.size > tree.size() or new.size not in roots:
            break
        try:
            if not is_consistent(old.size, new.size, tree.consistency(old.size, new.size), old.root, new.root):
                raise EvidenceBroken("the proof does not hold", position=old.size)
        except EvidenceBroken as error:
            found.note("5-consistency", error.position, f"from {old.size} to {new.size} entries: {error.reason}")
    found.said["5-consistency"] = f"{max(len(checkpoints) - 1, 0)} steps, each goes on from the one before"


def _stamps(found: Fsck, app: Relance) -> None:
    stamps = Stamps(app)
    kept = {each.number: each for each in stamps.seals.checkpoints()}
    there = stamps.of()
    for each in there:
        try:
            at = verify(each.authority, kept[each.checkpoint].raw, each.response)
            if at != each.at:
                raise EvidenceBroken(f"it says {at:%Y-%m-%d %H:%M:%S}, its row {each.at:%Y-%m-%d %H:%M:%S}")
        except (EvidenceBroken, InvalidInput, AuthoritySilent) as error:
            found.note("6-stamps", each.size, f"checkpoint {each.checkpoint}: {error}")
    left = len(stamps.waiting())
    found.said["6-stamps"] = f"{len(there)} stamps, each holds at its instant" + (
        f"; {left} wanted and not there yet" if left else ""
    )


def _heads(found: Fsck, app: Relance) -> None:
    """Check 7: the newest heads, and the oldest; each takes one pass over the index of the log."""
    if found.behind:
        return
    try:
        known = sealed(app)
        for position, fact in {each[0]: each[1] for each in (known[:1] + known[-1:])}.items():
            hashes = [each.hash for each in heads(app.store.tree, fact.position)]
            if root_of(hashes).hex() != fact.root or len(hashes) != fact.streams:
                found.note("7-heads", position, f"the heads at position {fact.position} are not those that were sealed")
    except EvidenceBroken as error:
        found.note("7-heads", error.position, error.reason)
        return
    found.said["7-heads"] = (
        f"heads sealed {len(known)} times; the first and the last are those of the log"
        if known
        else "no heads are sealed yet"
    )
