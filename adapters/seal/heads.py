"""The heads: the last version of every stream at a position, in a tree of their own, sorted by stream, whose root is sealed in the log.

It shows that no event of a stream was left out at its end: the proof names the last version and its leaf hash. A leaf is the line
`STREAM/VERSION LEAF-HASH` with its line feed, hashed as any leaf.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.application import Change, Context, Relance, new_id, plain
from adapters.seal.kept import Seals
from adapters.seal.log import LogTree
from adapters.seal.tree import Hash, Row, inclusion, is_included, leaf_of, root_of
from adapters.store.envelope import Envelope
from domain.errors import EvidenceBroken, NotFound
from domain.facts.parties import HeadsSealed


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a stream."""

    stream: str
    version: int
    leaf: Hash

    def __str__(self) -> str:
        return f"{self.stream}/{self.version} {self.leaf.hex()}\n"

    @property
    def hash(self) -> Hash:
        """Its leaf in the tree of the heads."""
        return leaf_of(str(self).encode())


@dataclass(frozen=True, slots=True)
class HeadProof:
    """That a stream ended there at a position: `sealed_at` is where the log says the root."""

    head: Head
    index: int
    streams: int
    root: Hash
    path: tuple[Hash, ...]
    position: int
    sealed_at: int

    def holds(self) -> bool:
        """Whether the head is in the tree of the root."""
        return is_included(self.head.hash, self.index, self.streams, self.path, self.root)


def heads(tree: LogTree, position: int) -> list[Head]:
    """The end of every stream as known at a position, sorted."""
    rows = tree.db.execute(
        "SELECT ends.stream, ends.version, leaf.hash FROM"
        " (SELECT stream, max(version) AS version, position FROM log WHERE position <= ? GROUP BY stream) AS ends"
        " JOIN leaf ON leaf.position = ends.position",
        (position,),
    )
    return sorted((Head(*row) for row in rows), key=lambda head: head.stream)


def sealed(app: Relance) -> list[tuple[int, HeadsSealed]]:
    """Where the log seals heads, oldest first."""
    id = Seals(app.store.tree.db).id()
    history = app.stream(f"log:{id}").history if id else ()
    return [(each.position, each.fact) for each in history if isinstance(each.fact, HeadsSealed)]


def seal(app: Relance) -> Envelope | None:
    """Seal the heads in the log; nothing when nothing was recorded since the last time.

    Raises:
        NotFound: the log is empty.
    """
    store = app.store
    with store.writing(app.clock.now()) as tail:
        position = tail.position
        if not position:
            raise NotFound("the log is empty: there is nothing to seal yet")
        seals = Seals(store.tree.db)
        seals.name()
        store.tree.build(position)
        before = sealed(app)
        if before and before[-1][0] == position:
            return None
        found = heads(store.tree, position)
        fact = HeadsSealed(
            on=app.today, position=position, root=root_of([each.hash for each in found]).hex(), streams=len(found)
        )
        change = Change(app.stream(f"log:{seals.id()}"), plain([fact]))
        return app.append([change], Context(command=new_id(), provenance="witnessed"))[0]


def prove(app: Relance, stream: str, upto: int | None = None) -> HeadProof:
    """The proof of the last version of a stream, by the newest heads sealed up to a position.

    Raises:
        NotFound: no heads are sealed yet, or the stream was not there.
        EvidenceBroken: the heads are not those that were sealed.
    """
    return prove_all(app, [stream], upto)[0]


def prove_all(
    app: Relance, streams: Sequence[str], upto: int | None = None, *, standing_at: int | None = None
) -> list[HeadProof]:
    """The proofs of several streams at once: the heads are read once; with `standing_at`, those that stood at that position or before.

    Raises:
        NotFound, EvidenceBroken: as `prove`.
    """
    known = [
        each
        for each in sealed(app)
        if (upto is None or each[0] <= upto) and (standing_at is None or each[1].position <= standing_at)
    ]
    if not known:
        raise NotFound("no heads are sealed yet: relance log checkpoint --heads")
    at, fact = known[-1]
    found = heads(app.store.tree, fact.position)
    hashes = [each.hash for each in found]
    if root_of(hashes).hex() != fact.root or len(found) != fact.streams:
        raise EvidenceBroken(f"the heads at position {fact.position} are not those that the log seals", position=at)
    places, row = {head.stream: index for index, head in enumerate(found)}, Row(hashes)
    proofs = []
    for stream in streams:
        index = places.get(stream)
        if index is None:
            raise NotFound(f"{stream} had no event when the heads were sealed (position {fact.position})")
        path = tuple(inclusion(row, index, len(hashes)))
        proofs.append(HeadProof(found[index], index, len(found), bytes.fromhex(fact.root), path, fact.position, at))
    return proofs
