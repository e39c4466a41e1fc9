"""Signing the log: a checkpoint of what is committed, only if it goes on from the last one; a new key, announced in the log.

What is signed is computed from the stored bytes: the signed root of the last checkpoint, and the bytes appended since. The last
checkpoint is kept in the database and in a file beside it, so that a database put back to an older state is noticed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.application import Change, Context, Relance, new_id, plain
from adapters.seal import keys
from adapters.seal.checkpoint import Checkpoint, checkpoint_of, read_file
from adapters.seal.kept import Kept, Seals
from adapters.seal.log import STRETCH, LogTree
from adapters.seal.note import Key, Note, Signer, read_note
from adapters.seal.tree import Hash, is_consistent, leaf_of, node_of
from adapters.store.mapper import microseconds
from domain.errors import Conflict, EvidenceBroken, Misuse, NotFound
from domain.facts.parties import LogKeyRotated

_NOW: Final = (
    "Nothing is signed. What now: if a backup was restored, put back the newest state of the folder; otherwise keep both states as"
    " they are, find out which entries differ (relance log fsck), and do not record further"
)


@dataclass(frozen=True, slots=True)
class Rotation:
    """A change of key that the log announces."""

    position: int
    old: str
    new: str
    is_cosigned: bool


def rotations(app: Relance) -> list[Rotation]:
    """The changes of key, in the order of the log."""
    id = Seals(app.store.tree.db).id()
    found = app.stream(f"log:{id}").history if id else ()
    return [
        Rotation(each.position, each.fact.old, each.fact.new, each.fact.reason == "planned")
        for each in found
        if isinstance(each.fact, LogKeyRotated)
    ]


def signers_of(size: int, before: int, first: str, changes: list[Rotation]) -> set[str]:
    """Digests of the keys that must have signed the checkpoint of a size, the last one before it having another."""
    current, wanted = first, set[str]()
    for change in changes:
        if change.position <= size:
            current = change.new
            if change.position > before and change.is_cosigned:
                wanted.add(change.old)
    return wanted | {current}


def last_of_all(app: Relance) -> Checkpoint | None:
    """The checkpoint in the file beside the database; nothing where there is none."""
    path = app.folder.path / keys.LAST
    if not path.exists():
        return None
    return checkpoint_of(read_note(read_file(path), file=str(path)), file=str(path))


def checkpoint(app: Relance, tell: Callable[[int], None] | None = None) -> Kept:
    """Sign the committed log; when nothing was appended since, the last checkpoint again.

    Raises:
        NotFound: the log is empty, or its key is missing.
        EvidenceBroken: it does not go on from what was signed.
    """
    store = app.store
    with store.writing(app.clock.now()) as tail:
        store.tree.build(tail.position, tell)
        Seals(store.tree.db).name()
    with store.writing(app.clock.now()) as tail:
        kept = _signed(app, tail.position, microseconds(tail.recorded_at))
    with store.writing(app.clock.now()):  # whoever is last puts the newest in the file
        _settled(app)
    return kept


def _settled(app: Relance) -> None:
    """The newest checkpoint in the file beside the database; the next key in its place once it signed."""
    seals, folder = Seals(app.store.tree.db), app.folder.path
    newest = seals.last()
    assert newest
    published, path = seals.published(newest), folder / keys.LAST
    if not path.exists() or path.read_bytes() != published:
        keys.write_whole(path, published)
    coming, current = keys.read(folder / keys.NEXT), seals.keys()[-1]
    if coming and coming.key == current and current.verifies(newest.note):
        keys.promote(folder)


def _signed(app: Relance, size: int, us: int) -> Kept:
    seals = Seals(app.store.tree.db)
    if size == 0:
        raise NotFound("the log is empty: there is nothing to sign yet")
    held(app, size)
    last, tree, origin = seals.last(), app.store.tree, seals.name()
    signers = _signers(app, seals, size, last.size if last else 0, us)
    if last and last.size == size:
        return last
    root = root_of_bytes(tree, last.checkpoint if last else None, size)
    text = str(Checkpoint(origin, size, root))
    return seals.keep(size, us, Note(text, tuple(each.sign(text) for each in signers)))


def held(app: Relance, size: int) -> None:
    """Hold the log to the last checkpoint signed, that of the database and that of the file beside it.

    Raises:
        EvidenceBroken: it is not what was signed, gone on.
    """
    seals = Seals(app.store.tree.db)
    last, beside, origin = seals.last(), last_of_all(app), seals.name()
    if beside and beside.origin != origin:
        raise EvidenceBroken(
            f"{app.folder.path / keys.LAST} is a checkpoint of {beside.origin}, this log is {origin}: one of the two files comes from"
            f" another store. {_NOW}"
        )
    for known, where in ((last.checkpoint if last else None, "the database"), (beside, keys.LAST)):
        if known:
            goes_on(app.store.tree, known, size, where)


def goes_on(tree: LogTree, known: Checkpoint, size: int, where: str) -> None:
    """Hold a log to a checkpoint signed before.

    Raises:
        EvidenceBroken: it is not what was signed, gone on.
    """
    root = tree.root(size)
    if known.size > size:
        raise EvidenceBroken(
            f"the last checkpoint signed (in {where}) has {known.size} entries, root {known.root.hex()}; this log has {size}, root"
            f" {root.hex()}: the database was put back to an older state, or entries were removed. {_NOW}",
            position=size + 1,
        )
    proof = tree.consistency(known.size, size)
    if not is_consistent(known.size, size, proof, known.root, root):
        raise EvidenceBroken(
            f"the last checkpoint signed (in {where}) has {known.size} entries, root {known.root.hex()}; the first {known.size} of the"
            f" {size} entries of this log have root {tree.root(known.size).hex()}: the log was forked or rewritten. {_NOW}",
            position=known.size,
        )


def root_of_bytes(tree: LogTree, known: Checkpoint | None, size: int) -> Hash:
    """The root of the log: from the signed one and the stored bytes since, and the same by the rows of the tree.

    Raises:
        EvidenceBroken: they differ.
    """
    before = known.size if known else 0
    peaks, position = [], 0
    for level in reversed(range(before.bit_length())):
        if before >> level & 1:
            peaks.append(tree.perfect(level, position >> level))
            position += 1 << level
    if known and _folded(peaks) != known.root:
        raise EvidenceBroken(f"the tree up to {before} is not the one that was signed: look with `relance log fsck`")
    while position < size:
        rows = tree.db.execute(
            "SELECT bytes FROM log WHERE position > ? AND position <= ? ORDER BY position",
            (position, min(size, position + STRETCH)),
        ).fetchall()
        for (stored,) in rows:
            found, carried = leaf_of(stored), position
            while carried & 1:
                found, carried = node_of(peaks.pop(), found), carried >> 1
            peaks.append(found)
            position += 1
        if not rows:
            raise EvidenceBroken("the entry is missing", position=position + 1)
    root = _folded(peaks)
    if root != tree.root(size):
        raise EvidenceBroken(
            f"the stored bytes after {before} are not those of which the tree was made: look with `relance log fsck`",
            position=before + 1,
        )
    return root


def _folded(peaks: list[Hash]) -> Hash:
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_of(peak, root)
    return root


def _signers(app: Relance, seals: Seals, size: int, before: int, us: int) -> list[Signer]:
    """The keys that sign, newest first; the first key of all is drawn here."""
    folder, known = app.folder.path, seals.keys()
    here = [each for each in (keys.read(folder / keys.NEXT), keys.read(folder / keys.KEY)) if each]
    if not known:
        first = keys.read(folder / keys.KEY) or keys.draw(folder / keys.KEY, seals.name())
        if first.key.name != seals.name():
            raise EvidenceBroken(
                f"{folder / keys.KEY} is the key of {first.key.name}, this log is {seals.name()}: {_NOW}"
            )
        seals.keep_key(first.key, us)
        return [first]
    wanted = signers_of(size, before, known[0].digest, rotations(app))
    found = {each.key.digest: each for each in here if each.key.digest in wanted}
    if wanted - found.keys():
        raise missing_key(folder, [each for each in known if each.digest in wanted - found.keys()])
    return list(found.values())


def missing_key(folder: Path, missing: list[Key]) -> NotFound:
    """What is said when a key that must sign is not there."""
    named = ", ".join(f"{each.name}+{each.id.hex()}" for each in missing)
    return NotFound(
        f"the key of this log ({named}) is not in {folder / keys.KEY}: put it back from where it is kept."
        " If it is lost for good: relance log key --rotate --lost"
    )


def rotate(app: Relance, *, is_lost: bool = False) -> Kept:
    """Announce a new key in the log and sign with both; with the new one alone when the old one is lost.

    Goes on from where it was interrupted.

    Raises:
        Misuse: nothing was signed yet; the old key is said to be lost, and is here.
        NotFound: the old key is missing, and not said to be lost.
    """
    folder = app.folder.path
    with app.store.writing(app.clock.now()) as tail:
        seals = Seals(app.store.tree.db)
        known, last = seals.keys(), seals.last()
        if not known or not last:
            raise Misuse(
                "nothing was signed yet, so no key is known to anybody: `relance log checkpoint` draws the first one"
            )
        old = known[-1]
        changes = rotations(app)
        if not changes or changes[-1].position <= last.size:
            here = keys.read(folder / keys.KEY)
            is_here = here is not None and here.key == old
            if is_lost and is_here:
                raise Misuse(
                    f"the key is not lost, it is in {folder / keys.KEY}: rotate without --lost, so that both sign"
                )
            if not is_lost and not is_here:
                raise missing_key(folder, [old])
            app.store.tree.build(tail.position)
            held(app, tail.position)
            new = keys.read(folder / keys.NEXT) or keys.draw(folder / keys.NEXT, old.name)
            if new.key in known:
                raise Conflict(
                    f"{folder / keys.NEXT} holds a key that this log had already: move it away, then rotate again"
                )
            fact = LogKeyRotated(
                new=new.key.digest, old=old.digest, on=app.today, reason="lost" if is_lost else "planned"
            )
            change = Change(app.stream(f"log:{seals.id()}"), plain([fact]))
            app.append([change], Context(command=new_id(), provenance="witnessed"))
            seals.keep_key(new.key, microseconds(tail.recorded_at))
    return checkpoint(app)
