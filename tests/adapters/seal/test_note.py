"""Signed notes: the published example, strict reading, keys in their textual form; checkpoints and the position that one names."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from adapters.seal.checkpoint import Checkpoint, checkpoint_of, position_of
from adapters.seal.note import WITNESS, Note, Signer, instant_of, read_key, read_note, verified_by
from domain.errors import EvidenceBroken, InvalidInput

#: The example of the package sumdb/note of Go.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
SIGNER = Signer.of("relance/ab", bytes(range(32)))
SEEN = Signer.of("witness.example", bytes(range(32, 64)), WITNESS)
TEXT = str(Checkpoint("relance/ab", 7, bytes(32)))


def signed(text: str = TEXT) -> Note:
    return Note(text, (SIGNER.sign(text), SEEN.sign(text, 1_700_000_000)))


def test_the_example_of_go_verifies_and_is_signed_the_same() -> None:
    note, key = read_note(GO_NOTE.encode()), read_key(GO_KEY)
    assert verified_by(note, [key]) == [key]
    assert str(note) == GO_NOTE
    signer = Signer.read(GO_PRIVATE)
    assert (str(signer), str(signer.key)) == (GO_PRIVATE, GO_KEY)
    assert str(Note(note.text, (signer.sign(note.text),))) == GO_NOTE


def test_a_note_goes_and_comes() -> None:
    note = read_note(str(signed()).encode())
    assert note == signed()
    assert verified_by(note, [SIGNER.key, SEEN.key]) == [SIGNER.key, SEEN.key]
    assert instant_of(note.signatures[1]) == 1_700_000_000
    assert read_key(str(SEEN.key)) == SEEN.key
    assert Signer.read(str(SIGNER)) == SIGNER
    assert SIGNER.seed.hex() not in repr(SIGNER)
    assert verified_by(note, [Signer.of("relance/ab", bytes(32)).key]) == []


@given(some.integers(0, len(str(signed()).encode()) - 1), some.integers(1, 255))
@settings(max_examples=300, deadline=None)
def test_a_changed_byte_is_never_accepted(at: int, change: int) -> None:
    raw = bytearray(str(signed()).encode())
    raw[at] ^= change
    try:
        note = read_note(bytes(raw))
        verified = verified_by(note, [SIGNER.key, SEEN.key])
    except (InvalidInput, EvidenceBroken):
        return
    assert len(verified) < 2
    assert note.text == TEXT or not verified


def test_the_instant_of_a_witness_is_signed_too() -> None:
    line = SEEN.sign(TEXT, 1_700_000_000)
    later = type(line)(line.name, line.id, (1_700_000_001).to_bytes(8) + line.body[8:])
    with pytest.raises(EvidenceBroken, match="does not hold"):
        verified_by(Note(TEXT, (later,)), [SEEN.key])
    with pytest.raises(EvidenceBroken, match="length"):
        verified_by(Note(TEXT, (type(line)(line.name, line.id, line.body[8:]),)), [SEEN.key])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"text without signature\n",
        b"text\n\nno dash here\n",
        "text\n\n— name\n".encode(),
        "text\n\n— name AAAA\n".encode(),
        "text\n\n— name AAAAAAAA=\n".encode(),
        "text\n\n— a+b AAAAAAAA\n".encode(),
        "text\r\n\n— name AAAAAAAA\n".encode(),
        "text\n\n— name AAAAAAAA".encode(),
        b"\xff\n\n\xe2\x80\x94 name AAAAAAAA\n",
        b"x" * 1_000_001,
        b"t\n\n" + "— name AAAAAAAA\n".encode() * 101,
    ],
)
def test_what_is_no_note_is_said(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match="not a signed note"):
        read_note(raw)


@pytest.mark.parametrize("text", ["", "name", "name+c74f20a3+AAAA", GO_KEY.replace("c74f20a3", "c74f20a4"), GO_KEY.replace("+ARpc", "+AhpC"), GO_PRIVATE])  # fmt: skip
def test_what_is_no_key_is_said(text: str) -> None:
    with pytest.raises(InvalidInput, match="key"):
        read_key(text)


def test_a_private_key_that_was_changed_is_none() -> None:
    with pytest.raises(InvalidInput, match="do not belong together"):
        Signer.read(GO_PRIVATE.replace("AYEKFA", "AYEKFB"))
    with pytest.raises(InvalidInput, match="PRIVATE"):
        Signer.read(GO_KEY)


def test_a_checkpoint_is_read_strictly() -> None:
    assert checkpoint_of(signed()) == Checkpoint("relance/ab", 7, bytes(32))
    more = Checkpoint("relance/ab", 7, bytes(32), ("an extension",))
    assert checkpoint_of(Note(str(more), ())) == more
    root = TEXT.split("\n")[2]
    for text in (
        "a\n7\n",
        f"a\n07\n{root}\n",
        f"a\n-1\n{root}\n",
        f"\n7\n{root}\n",
        f"a\n7\n{root[:-4]}\n",
        f"a\n7 \n{root}\n",
    ):
        with pytest.raises(InvalidInput, match="not a checkpoint"):
            checkpoint_of(Note(text, ()))


def test_a_checkpoint_file_names_a_position(tmp_path: Path) -> None:
    file = tmp_path / "checkpoint.txt"
    file.write_text(str(signed()))
    assert position_of(file) == 7
    file.write_text(str(signed(str(Checkpoint("a", 0, bytes(32))))))
    with pytest.raises(InvalidInput, match="names no position"):
        position_of(file)
    file.write_text(GO_NOTE)
    with pytest.raises(InvalidInput, match=r"checkpoint\.txt: not a checkpoint"):
        position_of(file)
    file.write_bytes(b"\n" * 1_000_002)
    with pytest.raises(InvalidInput, match="too long"):
        position_of(file)
    with pytest.raises(FileNotFoundError):
        position_of(tmp_path / "nothing")
