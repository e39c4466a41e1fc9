"""Specimens of FORMAT.md, sections 8 to 10: checkpoint, consistency, heads; each rule broken alone, the container made anew."""

import base64
import copy
from collections.abc import Callable

import pytest

from adapters.verifier import verify
from tests.adapters.verifier import forge_log
from tests.adapters.verifier.forge import (
    CHECKPOINT,
    CONSISTENCY,
    FIRST,
    HEADS,
    KEYS,
    LOG,
    THIRD,
    WITNESSES,
    Bundle,
    Json,
    Story,
    small,
    small_story,
)
from tests.adapters.verifier.forge_log import NEW, OLD, ORIGIN, WITNESS, Signer
from tests.adapters.verifier.judged import PINNED, changed, only, refused, sealed, set_in

# 8. The checkpoint


def test_8_a_signature_of_other_bytes_is_refused(bundle: Bundle) -> None:
    text = bundle.members[CHECKPOINT].decode()
    bundle.members[CHECKPOINT] = (text.rpartition("— ")[0] + NEW.line("other\n")).encode()
    assert "8-checkpoint" in refused(bundle.pack())


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + NEW.line(text.partition("\n\n")[0] + "\n"), lambda text: text.partition("— ")[0], lambda text: text[:-1], lambda text: text + "\n",
        lambda text: text + WITNESS.line(text.partition("\n\n")[0] + "\n"), lambda text: text + Signer("stranger").line(text.partition("\n\n")[0] + "\n"),
        lambda text: text.replace("— ", "- "), lambda text: text.replace("— ", "—  "), lambda text: text.replace("\n\n", "\nextension\n\n"),
        lambda text: text.replace("\n15\n", "\n015\n"), lambda text: text.replace("\n15\n", "\n" + "9" * 5000 + "\n"), lambda text: text.replace("\n15\n", "\n+15\n"),
        lambda text: text.replace("=\n\n", "\n\n"), lambda text: text.replace("\n\n", "\n"), lambda _: "", lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace(ORIGIN, "relance/" + "1" * 32), lambda text: text + f"— {ORIGIN} {base64.b64encode(bytes(67)).decode()}\n",
    ],
)  # fmt: skip
def test_8_a_malformed_checkpoint_is_refused(bundle: Bundle, change: Callable[[str], str]) -> None:
    text = bundle.members[CHECKPOINT].decode()
    bundle.members[CHECKPOINT] = change(text).encode()
    assert bundle.members[CHECKPOINT].decode() != text
    assert "8-checkpoint" in refused(bundle.pack())


@pytest.mark.parametrize(
    ("old", "new"), [(ORIGIN, "relance/" + "1" * 32), ("\n15\n", "\n015\n"), ("\n15\n", "\n+15\n")]
)
def test_8_a_malformed_text_is_refused_even_signed(bundle: Bundle, old: str, new: str) -> None:
    text = forge_log.checkpoint_text(bundle.leaves).replace(old, new)
    bundle.members[CHECKPOINT] = f"{text}\n{NEW.line(text)}".encode()
    bundle.members[WITNESSES] = b""
    assert "8-checkpoint" in refused(bundle.pack())


def test_8_a_line_of_extension_is_refused_even_signed(bundle: Bundle) -> None:
    text = forge_log.checkpoint_text(bundle.leaves)
    bundle.members[CHECKPOINT] = f"{text}extension\n{NEW.line(text)}".encode()
    assert "8-checkpoint" in refused(bundle.pack())


def test_8_a_key_is_not_listed_twice(bundle: Bundle) -> None:
    line = f"journal {OLD.vkey}\n"
    bundle.edit(KEYS, line, line + line)
    assert "8-checkpoint" in refused(bundle.pack())


def test_8_two_signatures_are_permitted() -> None:
    assert refused(small(signers=(OLD, NEW)).pack()) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + text.splitlines()[0] + "\n", lambda text: "\n".join(reversed(text.splitlines())) + "\n", lambda text: text[:-1],
        lambda text: text.replace("journal ", "temoin "), lambda text: text.replace("temoin ", "journal "), lambda text: text.replace("journal ", "autre "),
        lambda text: text.replace("journal ", "journal  "), lambda text: text + f"temoin {Signer('x', 'n', 2).vkey}\n", lambda text: text + "\n",
        lambda text: text.replace(OLD.vkey, Signer("old", "relance/autre").vkey), lambda text: text.replace(OLD.vkey, OLD.vkey.replace("+", " ", 1)),
        lambda text: text.replace(OLD.id.hex(), OLD.id.hex()[::-1]), lambda text: text.replace(OLD.vkey, OLD.vkey + "="), lambda _: "",
        lambda text: text.replace(f"journal {NEW.vkey}\n", ""), lambda text: text.replace(OLD.id.hex(), OLD.id.hex().upper()),
    ],
)  # fmt: skip
def test_8_a_malformed_list_of_keys_is_refused(bundle: Bundle, change: Callable[[str], str]) -> None:
    text = bundle.members[KEYS].decode()
    bundle.members[KEYS] = change(text).encode()
    assert bundle.members[KEYS].decode() != text
    assert "8-checkpoint" in refused(bundle.pack())


@pytest.mark.parametrize(
    "change",
    [
        lambda line, _: line + line, lambda line, _: line[:-1], lambda line, text: line + Signer("x", "x", 4).cosignature(text, 1), lambda line, _: line + "\n",
        lambda _, text: NEW.line(text), lambda _, text: WITNESS.line(text), lambda _, text: WITNESS.cosignature(text + "\n", 1),
        lambda _, text: NEW.cosignature(text, 1),
    ],
)  # fmt: skip
def test_8_a_false_cosignature_is_refused(bundle: Bundle, change: Callable[[str, str], str]) -> None:
    line = bundle.members[WITNESSES].decode()
    bundle.members[WITNESSES] = change(line, forge_log.checkpoint_text(bundle.leaves)).encode()
    only(bundle.pack(), "8-checkpoint")


def twisted(line: str) -> str:
    """The same bytes in base64 whose unused bits are not zero."""
    word = line.rstrip("\n").rstrip("=")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return line.replace(word[-1] + "=", alphabet[alphabet.index(word[-1]) + 1] + "=")


def test_8_base64_has_one_form(bundle: Bundle) -> None:
    for name in (CHECKPOINT, WITNESSES):
        other = small()
        text = other.members[name].decode()
        other.members[name] = twisted(text).encode()
        assert base64.b64decode(twisted(text).split()[-1]) == base64.b64decode(text.split()[-1])
        assert "8-checkpoint" in refused(other.pack())
    text = forge_log.checkpoint_text(bundle.leaves)
    raw = base64.b64decode(WITNESS.cosignature(text, 1).split()[-1])
    longer = base64.b64encode(raw[:4] + b"\0" + raw[4:]).decode()
    bundle.members[WITNESSES] = f"— {WITNESS.name} {longer}\n".encode()
    only(bundle.pack(), "8-checkpoint")


def test_8_no_witness_is_permitted_unless_it_is_pinned() -> None:
    archive = small(witnesses=()).pack()
    assert refused(archive) == []
    report = verify.verify(archive, [*PINNED, verify.read_key(WITNESS.vkey)])
    assert [check.id for check in report.checks if not check.ok] == ["8-checkpoint"]


# 9. Consistency


def test_9_a_log_that_was_rewritten_is_refused(story: Story) -> None:
    other = small_story()
    other.events[4].leaf["fact"]["cents"] = 98
    before = sealed(other)
    bundle = sealed(story)
    lying = {
        "kind": "export",
        "note": forge_log.note(before.leaves[:6], OLD),
        "proof": forge_log.consistency(bundle.leaves, 6),
    }
    only(changed(bundle, CONSISTENCY, lambda lines: lines[0]["checkpoints"].__setitem__(0, lying)), "9-consistency")


@pytest.mark.parametrize(
    "change",
    [
        lambda each: each[0]["proof"].pop(), lambda each: each[0]["proof"].append("0" * 64), lambda each: each[0].update(proof=[]), lambda each: each.reverse(),
        lambda each: each[0].update(kind="rotation"), lambda each: each[0].update(kind="autre"), lambda each: each[0].update(more=1),
        lambda each: each[0].update(note=each[0]["note"][:-1]), lambda each: each[0].update(note=each[0]["note"].replace(ORIGIN, LOG)),
        lambda each: each[0].update(note=each[0]["note"] + WITNESS.line("x")), lambda each: each[0].update(note=each[0]["note"].partition("— ")[0]),
        lambda each: each[0].update(note=each[0]["note"].replace("\n6\n", "\n5\n")), lambda each: each.append({}), lambda each: each[0].update(proof="x"),
    ],
)  # fmt: skip
def test_9_a_malformed_or_unproved_checkpoint_is_refused(
    bundle: Bundle, change: Callable[[list[Json]], object]
) -> None:
    only(changed(bundle, CONSISTENCY, lambda lines: change(lines[0]["checkpoints"])), "9-consistency")


def test_9_a_checkpoint_of_the_same_size_has_the_same_root(bundle: Bundle) -> None:
    same = {"kind": "export", "note": forge_log.note(bundle.leaves, NEW), "proof": []}
    assert refused(changed(bundle, CONSISTENCY, lambda lines: lines[0]["checkpoints"].append(same))) == []
    other = same | {"note": forge_log.note([*bundle.leaves[:-1], bytes(32)], NEW)}
    only(changed(small(), CONSISTENCY, lambda lines: lines[0]["checkpoints"].append(other)), "9-consistency")
    longer = same | {"note": forge_log.note([*bundle.leaves, bytes(32)], NEW)}
    only(changed(small(), CONSISTENCY, lambda lines: lines[0]["checkpoints"].append(longer)), "9-consistency")


def test_9_a_change_of_key_that_the_log_does_not_hold_is_refused(bundle: Bundle) -> None:
    def lie(lines: list[Json]) -> None:
        change = lines[0]["checkpoints"][1]["changes"][0]
        change["leaf"] = change["leaf"].replace('"new":"', '"new":"0')

    assert "9-consistency" in refused(changed(bundle, CONSISTENCY, lie))


def test_9_a_change_of_key_without_its_announcement_is_refused(bundle: Bundle) -> None:
    archive = changed(bundle, CONSISTENCY, lambda lines: lines[0]["checkpoints"][1].update(changes=[]))
    assert "9-consistency" in refused(archive)


def test_8_a_key_of_the_log_that_signed_nothing_is_refused(bundle: Bundle) -> None:
    bundle.edit(KEYS, f"journal {NEW.vkey}", f"journal {Signer('stranger').vkey}\njournal {NEW.vkey}")
    assert "9-consistency" in refused(bundle.pack())


def test_9_an_earlier_export_without_its_checkpoint_is_refused(story: Story) -> None:
    story.record(FIRST, "DossierExported", content="0" * 64)
    joined = copy.deepcopy(story)
    joined.earlier.append((len(story.events), "export", (NEW,)))
    assert refused(sealed(joined).pack()) == []
    only(sealed(story).pack(), "9-consistency")


# 10. The heads


@pytest.mark.parametrize(
    ("key", "value"),
    [("position", 15), ("position", "14"), ("root", "0" * 63), ("streams", "x"), ("streams", 2), ("root", "0" * 64), ("position", None)],
)  # fmt: skip
def test_10_a_false_sealing_of_the_heads_is_refused(story: Story, key: str, value: object) -> None:
    def touch(leaf: Json) -> None:
        if leaf["type"] == "relance.HeadsSealed.1":
            leaf["fact"].pop(key)
            leaf["fact"].update({} if value is None else {key: value})

    story.touched = touch
    only(sealed(story).pack(), "10-heads")


@pytest.mark.parametrize(
    ("key", "value"), [("type", "relance.LogKeyRotated.1"), ("stream", "log:" + "1" * 32), ("actor", "x")]
)
def test_10_the_sealing_is_an_entry_of_this_log(story: Story, key: str, value: str) -> None:
    story.touched = lambda leaf: set_in(leaf, key, value) if leaf["type"] == "relance.HeadsSealed.1" else None
    only(sealed(story).pack(), "10-heads")


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file["heads"].pop(), lambda file: file["heads"].reverse(), lambda file: file["heads"].append(file["heads"][0]),
        lambda file: file.update(heads=[]), lambda file: file["heads"][0].update(version=1), lambda file: file["heads"][0].update(leaf="0" * 64),
        lambda file: file["heads"][0].update(index=file["heads"][0]["index"] + 1), lambda file: file["heads"][0]["path"].pop(),
        lambda file: file["heads"][0]["path"].append("0" * 64), lambda file: file["heads"][0].update(more=1), lambda file: file["sealed"].update(more=1),
        lambda file: file["sealed"]["proof"].pop(), lambda file: file["sealed"].update(index=13), lambda file: file.update(more=1),
        lambda file: file["sealed"].update(leaf=file["sealed"]["leaf"].replace("streams", "streama")), lambda file: file["heads"][0].update(stream=THIRD),
    ],
)  # fmt: skip
def test_10_a_false_head_is_refused(bundle: Bundle, change: Callable[[Json], object]) -> None:
    only(changed(bundle, HEADS, lambda lines: change(lines[0])), "10-heads")


def test_10_a_sealing_before_the_stream_began_is_refused(story: Story) -> None:
    def touch(leaf: Json) -> None:
        if leaf["type"] == "relance.HeadsSealed.1":
            leaf["fact"]["position"] = 3

    story.touched = touch
    only(sealed(story).pack(), "10-heads")
