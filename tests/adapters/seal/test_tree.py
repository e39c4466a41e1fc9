"""The tree against the vectors of RFC 6962 and against its definition; proofs that hold, and none that was changed."""

import hashlib
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from adapters.seal.tree import (
    EMPTY,
    Frontier,
    Hash,
    Row,
    consistency,
    inclusion,
    is_consistent,
    is_included,
    leaf_of,
    root,
    root_of,
)

#: Leaves and roots of the reference tree of Certificate Transparency.
REFERENCE = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
#: Proofs of inclusion in the reference tree: leaf, size, path.
PATHS: tuple[tuple[int, int, tuple[str, ...]], ...] = (
    (0, 1, ()),
    (0, 8, ("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")),
    (5, 8, ("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")),
    (2, 3, ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",)),
)  # fmt: skip
ROUND = (1, 2, 3, 127, 128, 129, 254, 255, 256, 257, 258, 511, 512, 513, 600)
LEAVES = [leaf_of(f"entry {number}".encode()) for number in range(600)]


def reference(count: int) -> list[Hash]:
    return [leaf_of(bytes.fromhex(each)) for each in REFERENCE[:count]]


@cache
def defined(begin: int, end: int) -> Hash:
    """MTH, word for word."""
    if end - begin < 2:
        return LEAVES[begin] if end > begin else hashlib.sha256().digest()
    half = 1
    while half * 2 < end - begin:
        half *= 2
    return hashlib.sha256(b"\1" + defined(begin, begin + half) + defined(begin + half, end)).digest()


def test_the_reference_tree_has_its_roots() -> None:
    assert hashlib.sha256(b"").hexdigest() == EMPTY.hex()
    for size, expected in enumerate(ROOTS, start=1):
        leaves, frontier = reference(size), Frontier()
        list(frontier.add(leaves))
        assert root_of(leaves).hex() == root(Row(leaves), size).hex() == frontier.root().hex() == expected


@pytest.mark.parametrize(("leaf", "size", "path"), PATHS)
def test_the_reference_tree_has_its_paths(leaf: int, size: int, path: tuple[str, ...]) -> None:
    assert tuple(each.hex() for each in inclusion(Row(reference(size)), leaf, size)) == path


def test_the_root_of_every_size_is_the_one_of_the_definition() -> None:
    frontier, tree = Frontier(), Row(LEAVES)
    for size in range(601):
        assert frontier.root() == root_of(LEAVES[:size]) == root(tree, size) == defined(0, size)
        list(frontier.add(LEAVES[size : size + 1]))


def test_a_frontier_gives_each_subtree_as_it_is_full() -> None:
    leaves = [leaf_of(number.to_bytes(3)) for number in range(2 * 65_536 + 3)]
    frontier = Frontier()
    full = [each for at in range(0, len(leaves), 1_000) for each in frontier.add(leaves[at : at + 1_000])]
    assert [(level, number) for level, number, _ in full if level == 16] == [(16, 0), (16, 1)]
    assert [number for level, number, _ in full if level == 8] == list(range(512))
    for level, number, found in full:
        if level == 16 or number % 100 == 0:
            assert found == root_of(leaves[number << level : (number + 1) << level])
    assert frontier.root() == root_of(leaves)


@pytest.mark.parametrize("sizes", [range(1, 131), ROUND], ids=["small", "round"])
def test_every_leaf_of_every_size_is_shown_to_be_included(sizes: range) -> None:
    tree = Row(LEAVES)
    for size in sizes:
        known = root(tree, size)
        for leaf in range(size) if size < 131 else {0, 1, size // 2, 255, size - 2, size - 1} & set(range(size)):
            proof = inclusion(tree, leaf, size)
            assert is_included(LEAVES[leaf], leaf, size, proof, known)
            assert not is_included(LEAVES[(leaf + 1) % 600], leaf, size, proof, known)
            assert not is_included(LEAVES[leaf], leaf + 1, size, proof, known)


@pytest.mark.parametrize("sizes", [range(131), ROUND], ids=["small", "round"])
def test_every_pair_of_sizes_is_shown_to_be_consistent(sizes: range) -> None:
    tree = Row(LEAVES)
    for new in sizes:
        for old in (each for each in sizes if each <= new):
            proof = consistency(tree, old, new)
            assert is_consistent(old, new, proof, defined(0, old), defined(0, new)), (old, new)
            if old < new and old:
                assert not is_consistent(old, new, proof, defined(0, new), defined(0, new))
                assert not is_consistent(old, new, proof, defined(0, old), defined(0, old))
                assert not is_consistent(old, new, [], defined(0, old), defined(0, new))


def changed(proof: list[Hash], at: int, bit: int) -> list[list[Hash]]:
    """A proof with a bit flipped, a hash missing, doubled, shortened or added."""
    if not proof:
        return [[bytes(32)]]
    at %= len(proof)
    flipped = bytearray(proof[at])
    flipped[bit // 8 % 32] ^= 1 << bit % 8
    around = proof[:at], proof[at + 1 :]
    return [
        [*around[0], bytes(flipped), *around[1]],
        [*around[0], *around[1]],
        [*around[0], proof[at], proof[at], *around[1]],
        [*around[0], proof[at][:31], *around[1]],
        [*proof, bytes(32)],
    ]


@given(some.integers(1, 600), some.data())
@settings(max_examples=150, deadline=None)
def test_a_proof_of_inclusion_that_was_changed_is_refused(size: int, data: some.DataObject) -> None:
    leaf = data.draw(some.integers(0, size - 1))
    proof, known = inclusion(Row(LEAVES), leaf, size), defined(0, size)
    assert is_included(LEAVES[leaf], leaf, size, proof, known)
    for each in changed(proof, data.draw(some.integers(0, 20)), data.draw(some.integers(0, 255))):
        assert not is_included(LEAVES[leaf], leaf, size, each, known)
    other = data.draw(some.integers(0, 700).filter(lambda number: number != leaf))
    assert not is_included(LEAVES[leaf], other, size, proof, known)


@given(some.integers(1, 600), some.data())
@settings(max_examples=150, deadline=None)
def test_a_proof_of_consistency_that_was_changed_is_refused(new: int, data: some.DataObject) -> None:
    old = data.draw(some.integers(1, new))
    proof, first, last = consistency(Row(LEAVES), old, new), defined(0, old), defined(0, new)
    assert is_consistent(old, new, proof, first, last)
    for each in changed(proof, data.draw(some.integers(0, 20)), data.draw(some.integers(0, 255))):
        assert not is_consistent(old, new, each, first, last)
    for other in ({old - 1, old + 1} - {0}) & set(range(new)):
        assert not is_consistent(other, new, proof, first, last)


def test_what_is_out_of_the_tree_has_no_proof() -> None:
    tree = Row(LEAVES)
    for leaf, size in ((-1, 3), (3, 3), (0, 0)):
        with pytest.raises(ValueError, match="no leaf"):
            inclusion(tree, leaf, size)
        assert not is_included(LEAVES[0], leaf, size, [], LEAVES[0])
    with pytest.raises(ValueError, match="does not go on"):
        consistency(tree, 4, 3)
    assert not is_consistent(4, 3, [], defined(0, 4), defined(0, 3))
    assert not is_consistent(0, 3, [bytes(32)], EMPTY, defined(0, 3))
    assert is_consistent(0, 0, [], EMPTY, EMPTY)
