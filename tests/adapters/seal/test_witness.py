"""A witness remembers: it cosigns what goes on, refuses a fork and a rollback; what it answered is kept once it is verified."""

from pathlib import Path

import pytest

from adapters.application import Relance
from adapters.seal import keys
from adapters.seal.fsck import fsck
from adapters.seal.kept import Seals
from adapters.seal.note import WITNESS, Signer, instant_of, read_note, verified_by
from adapters.seal.sealing import checkpoint
from adapters.seal.witness import Witness, attach, read_request, request, witness_key
from domain.errors import Conflict, EvidenceBroken, InvalidInput, Misuse, NotFound
from tests.adapters.seal.logs import append, untied

SIGNER = Signer.of("witness.example", bytes(range(32)), WITNESS)
NOW = 1_780_000_000


@pytest.fixture
def sealed(app: Relance) -> Relance:
    append(app, 3)
    checkpoint(app)
    return app


def witness(app: Relance, memory: Path | None = None) -> Witness:
    seals = Seals(app.store.tree.db)
    return Witness(SIGNER, {seals.name(): seals.keys()}, lambda: NOW, memory)


def asked(app: Relance, old: int) -> str:
    return request(app.store.tree, checkpoint(app), old)


def test_it_cosigns_consistent_growth_only(sealed: Relance, tmp_path: Path) -> None:
    seen = witness(sealed, tmp_path / "memory.json")
    first = seen.add_checkpoint(asked(sealed, 0))
    append(sealed, 4)
    again = witness(sealed, tmp_path / "memory.json")  # another process, the same memory
    with pytest.raises(Conflict, match="saw 3 entries"):
        again.add_checkpoint(asked(sealed, 0))
    second = again.add_checkpoint(asked(sealed, 3))
    assert first != second
    assert again.add_checkpoint(asked(sealed, 7)) == second  # the same tree again
    kept, added = attach(sealed, second.encode(), [SIGNER.key])
    assert (kept.size, added) == (7, [SIGNER.key])
    assert attach(sealed, second.encode(), [SIGNER.key]) == (kept, [])
    published = read_note((sealed.folder.path / keys.LAST).read_bytes())
    assert verified_by(published, [SIGNER.key]) == [SIGNER.key]
    assert instant_of(published.signatures[-1]) == NOW
    assert published.text == kept.note.text
    assert fsck(sealed).first is None
    assert "1 cosignatures" in fsck(sealed).said["4-signatures"]


def test_it_refuses_a_fork_and_a_rollback(sealed: Relance) -> None:
    seen = witness(sealed)
    append(sealed, 1)
    before = asked(sealed, 0)
    append(sealed, 1)
    seen.add_checkpoint(asked(sealed, 0))
    with pytest.raises(Conflict, match="saw 5"):
        seen.add_checkpoint(before)
    origin = Seals(sealed.store.tree.db).name()
    seen.seen[origin] = (5, bytes(32))  # it saw another tree of that size
    append(sealed, 1)
    with pytest.raises(EvidenceBroken, match="forked"):
        seen.add_checkpoint(asked(sealed, 5))
    with pytest.raises(EvidenceBroken, match="forked"):
        seen.add_checkpoint(asked(sealed, 5).replace(asked(sealed, 5).split("\n")[1], "A" * 43 + "="))
    assert seen.seen[origin] == (5, bytes(32))
    with pytest.raises(InvalidInput, match="fewer"):
        seen.add_checkpoint(before.replace("old 0\n", "old 5\n"))


def test_it_knows_its_logs_and_their_keys(sealed: Relance) -> None:
    text = asked(sealed, 0)
    with pytest.raises(NotFound, match="does not know"):
        Witness(SIGNER, {}, lambda: NOW).add_checkpoint(text)
    stranger = Signer.of(Seals(sealed.store.tree.db).name(), bytes(32))
    with pytest.raises(EvidenceBroken, match="no key of the log"):
        Witness(SIGNER, {stranger.key.name: [stranger.key]}, lambda: NOW).add_checkpoint(text)
    for broken in ("", "new 0\n\n" + text, text.replace("old 0", "old x"), text.replace("old 0", "old 0\nAA")):
        with pytest.raises((InvalidInput, EvidenceBroken)):
            witness(sealed).add_checkpoint(broken)
    with pytest.raises(Misuse, match="cannot have seen 9"):
        asked(sealed, 9)
    assert read_request(text)[:2] == (0, [])


def test_what_it_answered_is_verified_before_it_is_kept(sealed: Relance) -> None:
    line = witness(sealed).add_checkpoint(asked(sealed, 0))
    kept = checkpoint(sealed)
    other = Signer.of("witness.example", bytes(32), WITNESS)
    with pytest.raises(Misuse, match="none of the witnesses named"):
        attach(sealed, line.encode(), [other.key], file="answer.txt")
    false = str(SIGNER.sign(kept.note.text + "x\n", NOW)).encode() + b"\n"
    with pytest.raises(EvidenceBroken, match="does not hold"):
        attach(sealed, false, [SIGNER.key])
    with pytest.raises(InvalidInput, match=r"answer\.txt"):
        attach(sealed, "— witness".encode(), [SIGNER.key], file="answer.txt")
    with pytest.raises(Misuse, match="not the key of a witness"):
        witness_key(Seals(sealed.store.tree.db).keys()[0])
    assert Seals(sealed.store.tree.db).cosignatures(kept.number) == []


def test_an_answer_with_its_note_finds_its_checkpoint(sealed: Relance) -> None:
    kept = checkpoint(sealed)
    whole = kept.raw + witness(sealed).add_checkpoint(asked(sealed, 0)).encode()
    append(sealed, 1)
    checkpoint(sealed)
    assert attach(sealed, whole, [SIGNER.key]) == (kept, [SIGNER.key])
    with pytest.raises(NotFound, match="no checkpoint of 2 entries"):
        attach(sealed, whole.replace(b"\n3\n", b"\n2\n"), [SIGNER.key])
    root = kept.note.text.split("\n")[2].encode()
    with pytest.raises(EvidenceBroken, match="two versions of this log"):
        attach(sealed, whole.replace(root, b"A" * 43 + b"="), [SIGNER.key])


def test_a_cosignature_that_was_changed_is_found(sealed: Relance) -> None:
    line = witness(sealed).add_checkpoint(asked(sealed, 0))
    attach(sealed, line.encode(), [SIGNER.key])
    changed = str(SIGNER.sign("another text\n", NOW))
    untied(sealed)
    sealed.store.tree.db.execute("UPDATE cosignature SET line = ?", (changed,))
    found = fsck(sealed)
    assert list(found.faults) == ["4-signatures"]


def test_nothing_is_attached_before_a_checkpoint(app: Relance) -> None:
    append(app, 1)
    with pytest.raises(NotFound, match="no checkpoint is signed"):
        attach(app, b"", [SIGNER.key])
