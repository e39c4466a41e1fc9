"""Checks 8 to 10: one specimen for each rule of the signatures, of what was signed before, and of the heads."""

import base64
import json
from collections.abc import Callable
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from adapters.seal.note import Key, read_key
from adapters.seal.tree import is_consistent, is_included, leaf_of, root_of
from adapters.verification.bundle import BundleVerification, verify_bundle
from adapters.verification.notes import cosigners, signed
from tests.adapters.verification.stories import (
    GENERATED_AT,
    LOG_KEY,
    WITNESS_KEY,
    Dossier,
    detail,
    failing,
    resealed,
    sealed,
)
from tests.adapters.verifier.forge import CHECKPOINT, CONSISTENCY, FIRST, HEADS, KEYS, WITNESSES, Bundle
from tests.adapters.verifier.forge_log import NEW, OLD, ORIGIN, WITNESS, Signer, checkpoint_text, consistency, note

Json = dict[str, Any]
Verify = Callable[..., BundleVerification]
STRANGER = Signer("stranger")
OTHER_WITNESS = Signer("other", "autre.example", 4)


def put(name: str, text: Callable[[str], str]) -> Callable[[Bundle], object]:
    """Make a text of the proofs another."""
    return lambda bundle: bundle.members.update({name: text(bundle.members[name].decode()).encode()})


def retold(change: Callable[[str], str]) -> Callable[[Bundle], object]:
    """Another text of the checkpoint, signed anew."""

    def apply(bundle: Bundle) -> None:
        resealed(bundle, change(bundle.members[CHECKPOINT].decode().partition("\n\n")[0] + "\n"))

    return apply


def signed_by(*signers: Signer) -> Callable[[Bundle], object]:
    return lambda bundle: bundle.members.update({CHECKPOINT: note(bundle.leaves, *signers).encode()})


def flipped(text: str) -> str:
    """A signature line with another signature."""
    head, _, coded = text.rstrip("\n").rpartition(" ")
    raw = bytearray(base64.b64decode(coded))
    raw[-1] ^= 1
    return f"{head} {base64.b64encode(raw).decode()}\n"


def longer(text: str) -> str:
    head, _, coded = text.rstrip("\n").rpartition(" ")
    return f"{head} {base64.b64encode(base64.b64decode(coded) + b'x').decode()}\n"


def keys(*lines: str) -> Callable[[Bundle], object]:
    return put(KEYS, lambda _: "".join(f"{line}\n" for line in lines))


JOURNAL, TEMOIN = f"journal {NEW.vkey}", f"temoin {WITNESS.vkey}"


@pytest.mark.parametrize(
    "change",
    [
        put(CHECKPOINT, flipped),
        put(CHECKPOINT, longer),
        put(CHECKPOINT, lambda text: text + text.splitlines(keepends=True)[-1]),
        put(CHECKPOINT, lambda text: text.partition("\n\n")[0] + "\n\n"),
        put(CHECKPOINT, lambda text: text.rstrip("\n")),
        put(CHECKPOINT, lambda text: text + "\n"),
        put(CHECKPOINT, lambda text: text.replace("\n\n", "\n")),
        put(CHECKPOINT, lambda text: text.replace("— ", "- ")),
        put(CHECKPOINT, lambda text: text.rstrip("\n") + " \n"),
        put(CHECKPOINT, lambda _: ""),
        put(CHECKPOINT, lambda _: "\0"),
        put(CHECKPOINT, lambda text: text.replace(ORIGIN, "relance/" + "0" * 32)),
        signed_by(STRANGER),
        signed_by(NEW, STRANGER),
        signed_by(NEW, NEW),
        signed_by(),
        retold(lambda text: text + "extension\n"),
        retold(lambda text: text.replace(ORIGIN, f"relance/{'0' * 32}")),
        retold(lambda text: text.replace("\n", "\n0", 1)),
        retold(lambda text: text.replace("=\n", "\n")),
        retold(lambda text: text.replace("\n", "\n9", 1)),
        put(WITNESSES, flipped),
        put(WITNESSES, longer),
        put(WITNESSES, lambda text: text + text),
        put(WITNESSES, lambda text: text.rstrip("\n")),
        put(WITNESSES, lambda text: text + "\n"),
        put(WITNESSES, lambda _: OTHER_WITNESS.cosignature("x\n", 1)),
        lambda bundle: put(WITNESSES, lambda _: OTHER_WITNESS.cosignature(checkpoint_text(bundle.leaves), 1))(bundle),
        lambda bundle: put(WITNESSES, lambda _: NEW.cosignature(checkpoint_text(bundle.leaves), 1))(bundle),
        keys(),
        keys(TEMOIN),
        keys(TEMOIN, JOURNAL),
        keys(JOURNAL, JOURNAL, TEMOIN),
        keys(JOURNAL, TEMOIN, TEMOIN),
        keys(JOURNAL, f"journal {WITNESS.vkey}"),
        keys(JOURNAL, f"temoin {NEW.vkey}"),
        keys(JOURNAL, TEMOIN, f"autre {OLD.vkey}"),
        keys(JOURNAL, TEMOIN, ""),
        keys(f"journal {Signer('new', 'relance/other').vkey}", JOURNAL, TEMOIN),
        keys(JOURNAL.replace(NEW.id.hex(), NEW.id.hex().upper()), TEMOIN),
        keys(JOURNAL.replace(NEW.id.hex(), "00000000"), TEMOIN),
        put(KEYS, lambda text: text.rstrip("\n")),
        put(KEYS, lambda text: text.replace("journal ", "journal  ", 1)),
    ],
)
def test_a_checkpoint_that_is_not_rightly_signed_is_broken(
    bundle: Bundle, verify: Verify, change: Callable[[Bundle], object]
) -> None:
    change(bundle)
    assert "8-checkpoint" in failing(verify(bundle))
    assert "8-checkpoint" in failing(verify(bundle, pinned=False))


def test_no_witness_is_no_fault_unless_one_was_said(story: Dossier, verify: Verify) -> None:
    story.witnesses = ()
    bundle = sealed(story)
    assert verify(bundle, pinned=False).verdict == "conform_unpinned"
    assert failing(verify(bundle)) == ["8-checkpoint"]


def test_without_a_key_of_ones_own_the_verdict_is_said_to_hang_on_the_file(bundle: Bundle, verify: Verify) -> None:
    found = verify(bundle, pinned=False)
    assert (found.verdict, found.is_sealed, found.is_pinned) == ("conform_unpinned", False, False)
    assert "KEYS NOT PINNED" in detail(found, "8-checkpoint")


def test_the_key_of_a_witness_alone_does_not_pin_the_log(bundle: Bundle, tmp_path: Path) -> None:
    (tmp_path / "dossier.zip").write_bytes(bundle.pack())
    assert verify_bundle(tmp_path / "dossier.zip", witnesses=[WITNESS_KEY]).verdict == "conform_unpinned"
    assert verify_bundle(tmp_path / "dossier.zip", [WITNESS_KEY]).verdict == "conform_unpinned"


@pytest.mark.parametrize(
    ("pinned", "cosigning"),
    [
        ((STRANGER,), ()),
        ((NEW, STRANGER), ()),
        ((OLD,), ()),
        ((NEW,), (OTHER_WITNESS,)),
        ((NEW,), (WITNESS, OTHER_WITNESS)),
    ],
)
def test_a_key_that_nothing_answers_to_is_not_passed_over(
    bundle: Bundle, tmp_path: Path, pinned: tuple[Signer, ...], cosigning: tuple[Signer, ...]
) -> None:
    (tmp_path / "dossier.zip").write_bytes(bundle.pack())
    found = verify_bundle(tmp_path / "dossier.zip", read(pinned), read(cosigning))
    assert failing(found) == ["8-checkpoint"]
    assert not found.is_sealed


def read(signers: tuple[Signer, ...]) -> list[Key]:
    return [read_key(each.vkey) for each in signers]


@pytest.mark.parametrize(
    ("announced", "notes", "verdict"),
    [
        ([(OLD, NEW)], [(1, "rotation", (OLD, NEW))], "conform"),
        ([(OLD, NEW)], [(1, "rotation", (NEW, OLD))], "conform"),
        ([(OLD, NEW)], [(1, "export", (OLD, NEW))], "broken"),
        ([(OLD, NEW)], [(0, "export", (OLD,)), (1, "export", (NEW,))], "broken"),
        (
            [(OLD, STRANGER), (STRANGER, NEW)],
            [(1, "rotation", (OLD, STRANGER)), (2, "rotation", (STRANGER, NEW))],
            "conform",
        ),
        ([(OLD, STRANGER), (STRANGER, NEW)], [(2, "rotation", (OLD, STRANGER, NEW))], "conform"),
        ([(OLD, STRANGER)], [(1, "rotation", (OLD, STRANGER, NEW))], "broken"),
        ([(OLD, STRANGER), (STRANGER, NEW)], [(0, "export", (OLD,)), (2, "rotation", (STRANGER, NEW))], "broken"),
    ],
)
def test_an_older_key_leads_to_the_newest_by_the_changes_that_the_log_announces(
    story: Dossier, tmp_path: Path, announced: Any, notes: Any, verdict: str
) -> None:
    begun = len(story.events)
    for old, new in announced:
        story.announce(old, new)
    story.earlier = [(begun + after, kind, signers) for after, kind, signers in notes]
    (tmp_path / "dossier.zip").write_bytes(sealed(story).pack())
    found = verify_bundle(tmp_path / "dossier.zip", read((OLD,)))
    assert found.verdict == verdict, found
    assert failing(found) == ([] if verdict == "conform" else ["8-checkpoint"])


def test_two_keys_may_sign_together(story: Dossier, tmp_path: Path) -> None:
    story.signers = (OLD, NEW)
    (tmp_path / "dossier.zip").write_bytes(sealed(story).pack())
    assert verify_bundle(tmp_path / "dossier.zip", read((OLD,))).verdict == "conform"


def test_a_signature_added_to_a_public_checkpoint_vouches_for_nobody(story: Dossier, tmp_path: Path) -> None:
    """The forger signs the creditor's checkpoint too, and goes on from it: the key before never announced him."""
    size = story.announce(OLD, NEW)
    story.signers, story.earlier = (STRANGER,), [(size, "rotation", (OLD, NEW, STRANGER))]
    (tmp_path / "dossier.zip").write_bytes(sealed(story).pack())
    assert failing(verify_bundle(tmp_path / "dossier.zip", read((OLD,)))) == ["8-checkpoint"]
    assert failing(verify_bundle(tmp_path / "dossier.zip", read((NEW,)))) == ["8-checkpoint"]


@pytest.fixture
def grown(story: Dossier) -> Bundle:
    """A bundle with an earlier export and a change of key."""
    size = story.announce(OLD, NEW)
    story.earlier = [(6, "export", (OLD,)), (size, "rotation", (OLD, NEW))]
    return sealed(story)


def earlier(at: int, change: Callable[[Json], object]) -> Callable[[Bundle], object]:
    def apply(bundle: Bundle) -> None:
        value = bundle.lines(CONSISTENCY)[0]
        change(value["checkpoints"][at])
        bundle.put(CONSISTENCY, value)

    return apply


def swapped(bundle: Bundle) -> None:
    value = bundle.lines(CONSISTENCY)[0]
    bundle.put(CONSISTENCY, {"checkpoints": value["checkpoints"][::-1]})


def forked(bundle: Bundle) -> None:
    """An earlier checkpoint of another log, rightly signed."""
    leaves = [b"\1" * 32, *bundle.leaves[1:6]]
    earlier(0, lambda each: each.update(note=note(leaves, OLD)))(bundle)


def of_the_future(bundle: Bundle) -> None:
    leaves = [*bundle.leaves, b"\1" * 32]
    bundle.put(CONSISTENCY, {"checkpoints": [{"kind": "export", "note": note(leaves, OLD), "proof": []}]})


@pytest.mark.parametrize(
    "change",
    [
        swapped,
        forked,
        of_the_future,
        earlier(0, lambda each: each.update(proof=[])),
        earlier(0, lambda each: each["proof"].append("00" * 32)),
        earlier(0, lambda each: each.update(proof="")),
        earlier(0, lambda each: each.update(kind="other")),
        earlier(0, lambda each: each.update(more=1)),
        earlier(0, lambda each: each.update(kind="rotation")),
        earlier(0, lambda each: each.update(note=each["note"].partition("\n\n")[0] + "\n\n")),
        earlier(0, lambda each: each.update(note=flipped(each["note"]))),
        earlier(0, lambda each: each.update(note=each["note"] + "\n")),
        lambda bundle: earlier(0, lambda each: each.update(note=note(bundle.leaves[:6], STRANGER)))(bundle),
        lambda bundle: earlier(1, lambda each: each.update(note=note(bundle.leaves[:9], NEW)))(bundle),
        lambda bundle: bundle.put(CONSISTENCY, {"checkpoints": []} | {"more": []}),
        lambda bundle: bundle.members.update({CONSISTENCY: b"{}"}),
        lambda bundle: bundle.edit(CONSISTENCY, '{"checkpoints"', '{ "checkpoints"'),
    ],
)
def test_a_log_that_does_not_go_on_from_what_was_signed_is_broken(
    grown: Bundle, verify: Verify, change: Callable[[Bundle], object]
) -> None:
    assert verify(grown).verdict == "conform"
    change(grown)
    assert failing(verify(grown)) == ["9-consistency"]


def test_a_checkpoint_of_the_same_size_is_consistent_with_itself(bundle: Bundle, verify: Verify) -> None:
    one = {"kind": "export", "note": bundle.members[CHECKPOINT].decode(), "proof": list[str]()}
    assert verify(bundle.put(CONSISTENCY, {"checkpoints": [one]})).verdict == "conform"
    other = note([*bundle.leaves[:-1], b"\1" * 32], NEW)
    assert failing(verify(bundle.put(CONSISTENCY, {"checkpoints": [one | {"note": other}]}))) == ["9-consistency"]
    longer_proof = one | {"proof": consistency(bundle.leaves, 3)}
    assert failing(verify(bundle.put(CONSISTENCY, {"checkpoints": [longer_proof]}))) == ["9-consistency"]


def test_the_checkpoint_that_the_pages_print_is_the_one_that_was_signed(story: Dossier, verify: Verify) -> None:
    story.earlier = [(6, "export", (OLD,))]
    story.export = {"previous": {"root": "00" * 32, "size": 6}}
    assert failing(verify(sealed(story))) == ["9-consistency"]


def head(at: int, change: Callable[[Json], object]) -> Callable[[Bundle], object]:
    def apply(bundle: Bundle) -> None:
        value = bundle.lines(HEADS)[0]
        change(value["heads"][at])
        bundle.put(HEADS, value)

    return apply


def seal_of_heads(change: Callable[[Json], object]) -> Callable[[Bundle], object]:
    def apply(bundle: Bundle) -> None:
        value = bundle.lines(HEADS)[0]
        change(value["sealed"])
        bundle.put(HEADS, value)

    return apply


def listed(change: Callable[[list[Json]], list[Json]]) -> Callable[[Bundle], object]:
    def apply(bundle: Bundle) -> None:
        value = bundle.lines(HEADS)[0]
        bundle.put(HEADS, value | {"heads": change(value["heads"])})

    return apply


@pytest.mark.parametrize(
    "change",
    [
        head(0, lambda each: each.update(version=each["version"] - 1)),
        head(0, lambda each: each.update(leaf="00" * 32)),
        head(0, lambda each: each.update(leaf=each["leaf"].upper())),
        head(0, lambda each: each.update(index=each["index"] + 1)),
        head(0, lambda each: each.update(index=-1)),
        head(0, lambda each: each["path"].pop()),
        head(0, lambda each: each["path"].append("00" * 32)),
        head(0, lambda each: each.update(stream=FIRST)),
        head(0, lambda each: each.update(more=1)),
        listed(lambda heads: heads[:-1]),
        listed(lambda heads: heads[::-1]),
        listed(lambda heads: [*heads, heads[0]]),
        seal_of_heads(lambda each: each["proof"].pop()),
        seal_of_heads(lambda each: each.update(index=each["index"] - 1)),
        seal_of_heads(lambda each: each.update(leaf=each["leaf"].replace('"streams":', '"streams":1'))),
        seal_of_heads(lambda each: each.update(leaf="{}")),
        seal_of_heads(lambda each: each.update(more=1)),
        lambda bundle: bundle.edit(HEADS, '{"heads"', '{ "heads"'),
        lambda bundle: bundle.members.update({HEADS: b"[]\n"}),
    ],
)
def test_heads_that_do_not_hold_are_broken(bundle: Bundle, verify: Verify, change: Callable[[Bundle], object]) -> None:
    change(bundle)
    assert failing(verify(bundle)) == ["10-heads"]


def on_seal(change: Callable[[Json], object]) -> Callable[[Json], None]:
    """Change the entry that seals the heads, before it is chained."""

    def touched(leaf: Json) -> None:
        if "HeadsSealed" in leaf["type"]:
            change(leaf)

    return touched


@pytest.mark.parametrize(
    "change",
    [
        lambda leaf: leaf.update(stream=f"log:{'0' * 32}"),
        lambda leaf: leaf.update(
            type="relance.LogKeyRotated.1", fact={"on": "2026-02-01", "new": "00" * 32, "old": "00" * 32}
        ),
        lambda leaf: leaf["fact"].update(position=leaf["fact"]["position"] + 1),
        lambda leaf: leaf["fact"].update(position=3),
        lambda leaf: leaf["fact"].update(root="00" * 32),
        lambda leaf: leaf["fact"].update(streams=leaf["fact"]["streams"] + 9),
    ],
)
def test_heads_sealed_otherwise_are_broken(story: Dossier, verify: Verify, change: Callable[[Json], object]) -> None:
    story.touched = on_seal(change)
    assert failing(verify(sealed(story))) == ["10-heads"]


def test_what_the_file_says_of_itself_is_told(bundle: Bundle, verify: Verify) -> None:
    found = verify(bundle)
    assert found.told
    assert (found.told.generated_at, found.told.withheld, found.told.sandbox) == (GENERATED_AT, 0, True)
    assert LOG_KEY.name == ORIGIN


def test_the_vectors_of_the_format_hold() -> None:
    text = resources.files("adapters.verifier").joinpath("FORMAT.md").read_text(encoding="utf-8")
    given = json.loads(text.rpartition("```json")[2].partition("```")[0])
    leaves = [bytes.fromhex(given["leaves"][name]) for name in "abc"]
    assert [leaf_of(name.encode()).hex() for name in "abc"] == list(given["leaves"].values())
    top = root_of(leaves)
    assert top.hex() == given["root_abc"]
    assert is_included(leaves[0], 0, 3, [bytes.fromhex(each) for each in given["inclusion_0_of_3"]], top)
    assert is_consistent(2, 3, [bytes.fromhex(each) for each in given["consistency_2_to_3"]], root_of(leaves[:2]), top)
    key, witness = read_key(given["log_key"]), read_key(given["witness_key"])
    found = signed(given["note"].encode(), key.name, [key], "the note")
    assert (found.checkpoint.size, found.checkpoint.root, found.by) == (3, top, (key,))
    assert cosigners(given["cosignature_of_note"].encode() + b"\n", found.note, [witness], "the lines") == (witness,)
    assert leaf_of(given["head_line"].encode()).hex() == given["head_leaf"]
    opening = given["opening"]
    assert sha256(bytes.fromhex(opening["salt"]) + opening["content"].encode()).hexdigest() == opening["digest"]
