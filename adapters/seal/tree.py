"""The Merkle tree of RFC 6962: hashes, roots, proofs of inclusion and of consistency, and their verification. Pure.

A perfect subtree (level, number) covers the leaves number * 2^level to (number + 1) * 2^level - 1, counted from nil. A tree of
any size is made of perfect subtrees; the last one of a row that has no neighbour goes up as it is.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol

HASH_BYTES: Final = 32
#: Leaves of a tile, and levels between the rows of roots that are kept.
TILE: Final = 256
STEP: Final = 8

_sha256 = hashlib.sha256
#: Root of a tree without leaves.
EMPTY: Final = _sha256(b"").digest()

Hash = bytes


class Subtrees(Protocol):
    """Something that knows the root of every perfect subtree."""

    def perfect(self, level: int, number: int) -> Hash:
        """The root of one."""


def leaf_of(stored: bytes) -> Hash:
    """The hash of a leaf: of a nil byte and its bytes."""
    return _sha256(b"\x00" + stored).digest()


def node_of(left: Hash, right: Hash) -> Hash:
    """The hash of two neighbours: of a byte of value one and both."""
    return _sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[Hash]) -> Hash:
    """The root over a row of hashes, those of leaves or of perfect subtrees of one level (the last one may be smaller)."""
    if not hashes:
        return EMPTY
    row = list(hashes)
    while len(row) > 1:
        lone = row[-1:] if len(row) % 2 else []
        row = [
            _sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=False)
        ] + lone
    return row[0]


class Row:
    """A tree in memory over a row of leaf hashes; each level is hashed once, when it is first wanted."""

    def __init__(self, hashes: Sequence[Hash]) -> None:
        self._levels = [hashes]

    def perfect(self, level: int, number: int) -> Hash:
        """The root of a perfect subtree."""
        while level >= len(self._levels):
            below = self._levels[-1]
            self._levels.append([node_of(left, right) for left, right in zip(below[::2], below[1::2], strict=False)])
        return self._levels[level][number]


class Frontier:
    """The right edge of a tree that grows: at most 255 hashes a row, so any number of leaves in flat memory."""

    def __init__(self) -> None:
        self.size = 0
        self._rows: list[list[Hash]] = [[]]

    def add(self, hashes: Iterable[Hash]) -> Iterator[tuple[int, int, Hash]]:
        """Add leaves; gives level, number and root of each subtree of 2^8, 2^16, 2^24 leaves as it is full."""
        for each in hashes:
            row, level = self._rows[0], 0
            row.append(each)
            self.size += 1
            while len(row) == TILE:
                root = root_of(row)
                row.clear()
                level += 1
                if level == len(self._rows):
                    self._rows.append([])
                row = self._rows[level]
                row.append(root)
                yield level * STEP, (self.size >> level * STEP) - 1, root

    def root(self) -> Hash:
        """The root of the leaves added so far."""
        last: list[Hash] = []
        for row in self._rows:
            hashes = row + last
            last = [root_of(hashes)] if hashes else []
        return last[0] if last else EMPTY


def range_root(tree: Subtrees, begin: int, end: int) -> Hash:
    """The root over the leaves from `begin` up to before `end`, where a proof cuts the tree."""
    parts = []
    while begin < end:
        room = (end - begin).bit_length() - 1
        level = min(room, (begin & -begin).bit_length() - 1) if begin else room
        parts.append(tree.perfect(level, begin >> level))
        begin += 1 << level
    if not parts:
        return EMPTY
    root = parts.pop()
    while parts:
        root = node_of(parts.pop(), root)
    return root


def root(tree: Subtrees, size: int) -> Hash:
    """The root of the first `size` leaves."""
    return range_root(tree, 0, size)


def _split(count: int) -> int:
    """The largest power of two below a count."""
    return 1 << ((count - 1).bit_length() - 1)


def inclusion(tree: Subtrees, index: int, size: int) -> list[Hash]:
    """The proof that the leaf `index` is in the tree of `size` leaves."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    begin, end, path = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(range_root(tree, middle, end))
            end = middle
        else:
            path.append(range_root(tree, begin, middle))
            begin = middle
    return path[::-1]


def consistency(tree: Subtrees, old: int, new: int) -> list[Hash]:
    """The proof that the tree of `new` leaves begins with that of `old` leaves; nothing is to be shown from nil."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not go on from {old}")
    if old == 0:
        return []
    begin, end, path = 0, new, []
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(range_root(tree, middle, end))
            end = middle
        else:
            path.append(range_root(tree, begin, middle))
            begin = middle
    if begin:
        path.append(range_root(tree, begin, end))
    return path[::-1]


def is_included(leaf: Hash, index: int, size: int, proof: Sequence[Hash], root: Hash) -> bool:
    """Whether a proof of inclusion holds.

    Rule: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size or not _are_hashes([leaf, root, *proof]):
        return False
    here, last, found = index, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_of(each, found)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            found = node_of(found, each)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: int, new: int, proof: Sequence[Hash], old_root: Hash, new_root: Hash) -> bool:
    """Whether a proof of consistency holds.

    Rule: RFC 9162, section 2.1.4.2.
    """
    if not 0 <= old <= new or not _are_hashes([old_root, new_root, *proof]):
        return False
    if old == new:
        return not proof and old_root == new_root and (new > 0 or new_root == EMPTY)
    if old == 0:
        return not proof and old_root == EMPTY
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first, second = path[0], path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = node_of(each, first), node_of(each, second)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            second = node_of(second, each)
        here, last = here >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _are_hashes(values: Sequence[Hash]) -> bool:
    return all(len(each) == HASH_BYTES for each in values)
