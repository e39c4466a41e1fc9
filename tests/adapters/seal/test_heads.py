"""The heads: the last version of each stream, in a tree whose root the log seals; many streams take seconds."""

import pytest

from adapters.application import Change, Context, Relance, new_id, plain
from adapters.seal.fsck import fsck
from adapters.seal.heads import Head, heads, prove, seal, sealed
from adapters.seal.sealing import checkpoint
from adapters.seal.tree import leaf_of, root_of
from domain.errors import EvidenceBroken, NotFound
from tests.adapters.seal.logs import append, untied
from tests.builders import issued, paid, reminded

INVOICE, OTHER = f"invoice:{'ab' * 16}", f"invoice:{'cd' * 16}"


@pytest.fixture
def told(app: Relance) -> Relance:
    for stream, facts in (
        (INVOICE, [issued(), reminded("2026-02-01")]),
        (OTHER, [issued()]),
        (INVOICE, [paid("2026-02-03")]),
    ):
        app.append([Change(app.stream(stream), plain(facts))], Context(command=new_id()))
    return app


def test_they_are_the_last_versions_sorted_by_stream(told: Relance) -> None:
    rows = dict(told.store.rows(0, 99))
    assert heads(told.store.tree, 4) == [Head(INVOICE, 3, leaf_of(rows[4])), Head(OTHER, 1, leaf_of(rows[3]))]
    assert heads(told.store.tree, 2) == [Head(INVOICE, 2, leaf_of(rows[2]))]
    assert str(heads(told.store.tree, 2)[0]) == f"{INVOICE}/2 {leaf_of(rows[2]).hex()}\n"


def test_the_log_seals_their_root(told: Relance) -> None:
    envelope = seal(told)
    assert envelope
    assert envelope.stream == f"log:{told.store.setting('id')}"
    assert envelope.provenance == "witnessed"
    ((position, fact),) = sealed(told)
    assert (position, fact.position, fact.streams) == (5, 4, 2)
    assert fact.root == root_of([each.hash for each in heads(told.store.tree, 4)]).hex()
    assert seal(told) is None  # nothing was recorded since
    append(told, 1)
    assert seal(told)
    assert [each.streams for _, each in sealed(told)] == [2, 4]  # the log's own stream is one of them


def test_the_last_version_of_a_stream_is_proved(told: Relance) -> None:
    seal(told)
    kept = checkpoint(told)
    told.append([Change(told.stream(OTHER), plain([reminded("2026-02-05")]))], Context(command=new_id()))
    proof = prove(told, OTHER, upto=kept.size)
    assert (proof.head.version, proof.position, proof.sealed_at, proof.streams) == (1, 4, 5, 2)
    assert proof.holds()
    longer = type(proof)(Head(OTHER, 2, proof.head.leaf), *[getattr(proof, name) for name in ("index", "streams", "root", "path", "position", "sealed_at")])  # fmt: skip
    assert not longer.holds()
    seal(told)
    assert prove(told, OTHER).head.version == 2
    with pytest.raises(NotFound, match="had no event"):
        prove(told, f"invoice:{'ef' * 16}")


def test_what_is_not_sealed_is_not_proved(told: Relance) -> None:
    with pytest.raises(NotFound, match="--heads"):
        prove(told, INVOICE)
    seal(told)
    with pytest.raises(NotFound, match="--heads"):
        prove(told, INVOICE, upto=4)


def test_an_empty_log_has_none(app: Relance) -> None:
    with pytest.raises(NotFound, match="nothing to seal"):
        seal(app)


def test_an_end_cut_off_and_sealed_again_is_found(told: Relance) -> None:
    seal(told)
    untied(told, "UPDATE log SET stream = 'invoice:moved' WHERE position = 4")
    with pytest.raises(EvidenceBroken, match="not those that the log seals"):
        prove(told, INVOICE)
    assert "7-heads" in fsck(told).faults
