"""What the bundle's verifier reads and says: FORMAT.md's vectors, the signatures, the stamps, its command line."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.verifier import verify
from adapters.verifier.verify import Defect
from tests.adapters.verifier import forge_log

FORMAT = (Path(verify.__file__).parent / "FORMAT.md").read_text()


# The vectors of FORMAT.md and of the RFCs

VECTORS = json.loads(FORMAT.partition("```json\n")[2].partition("```")[0])


def test_the_vectors_of_the_tree() -> None:
    leaves = {name: verify.sha256(b"\0", name.encode()) for name in "abc"}
    assert {name: digest.hex() for name, digest in leaves.items()} == VECTORS["leaves"]
    root = bytes.fromhex(VECTORS["root_abc"])
    path = VECTORS["inclusion_0_of_3"]
    assert verify.included(leaves["a"], 0, 3, path, root)
    assert not verify.included(leaves["a"], 1, 3, path, root)
    assert not verify.included(leaves["a"], 0, 3, [*path, path[0]], root)
    assert not verify.included(leaves["a"], 0, 3, path[:1], root)
    old = verify.node(leaves["a"], leaves["b"])
    assert verify.consistent(2, old, 3, root, VECTORS["consistency_2_to_3"])
    assert not verify.consistent(2, root, 3, root, VECTORS["consistency_2_to_3"])


def test_every_proof_of_a_small_tree_holds_and_no_other() -> None:
    leaves = [forge_log.leaf_hash(bytes([at])) for at in range(20)]
    for size in range(1, 21):
        tree, root = leaves[:size], forge_log.root(leaves[:size])
        for index in range(size):
            path = forge_log.inclusion(tree, index)
            held = [at for at in range(size + 2) if verify.included(leaves[index], at, size, path, root)]
            assert held == [index]
            old, proof = forge_log.root(leaves[: index + 1]), forge_log.consistency(tree, index + 1)
            assert verify.consistent(index + 1, old, size, root, proof)
            assert not verify.consistent(index + 1, old, size, root, [*proof, "00" * 32])
            assert not any(verify.consistent(index + 1, old, size, root, proof[:at]) for at in range(len(proof)))
            assert not verify.consistent(index + 1, forge_log.leaf_hash(b"?"), size, root, proof)


def test_the_vectors_of_the_notes() -> None:
    key, witness = verify.read_key(VECTORS["log_key"]), verify.read_key(VECTORS["witness_key"])
    assert (str(key), key.kind, str(witness), witness.kind) == (VECTORS["log_key"], 1, VECTORS["witness_key"], 4)
    text, _, line = VECTORS["note"].partition("\n\n")
    signature = base64.b64decode(line.split()[2])
    assert signature[:4] == key.id
    assert verify.ed25519(key.public, f"{text}\n".encode(), signature[4:])
    raw = base64.b64decode(VECTORS["cosignature_of_note"].split()[2])
    message = f"cosignature/v1\ntime {int.from_bytes(raw[4:12], 'big')}\n{text}\n"
    assert verify.ed25519(witness.public, message.encode(), raw[12:])


def test_the_vectors_of_heads_and_openings() -> None:
    assert verify.sha256(b"\0", VECTORS["head_line"].encode()).hex() == VECTORS["head_leaf"]
    opening = VECTORS["opening"]
    assert verify.sha256(bytes.fromhex(opening["salt"]), opening["content"].encode()).hex() == opening["digest"]


#: RFC 8032, 7.1: public key, message, signature.
RFC_8032 = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    ("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"),
]  # fmt: skip


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_vectors_of_rfc_8032(public: str, message: str, signature: str) -> None:
    key, text, signed = map(bytes.fromhex, (public, message, signature))
    assert verify.ed25519(key, text, signed)
    assert not verify.ed25519(key, text + b"!", signed)
    for at in range(64):
        assert not verify.ed25519(key, text, signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :])


def test_a_signature_has_one_form_only() -> None:
    key, text, signed = (bytes.fromhex(part) for part in RFC_8032[1])
    more = int.from_bytes(signed[32:], "little") + verify.ORDER
    assert not verify.ed25519(key, text, signed[:32] + more.to_bytes(32, "little"))
    assert not verify.ed25519(key, text, signed[:63])
    assert not verify.ed25519(key, text, signed + b"\0")


@pytest.mark.parametrize(
    "encoded",
    [
        1, 0, verify.P - 1, 1 | 1 << 255, verify.P, verify.P + 1, 2**255 - 1,  # order 1, 4, 2; signed zero; y not below p
        2707385501144840649318225287225658788936804267575313519463743609750303021240,  # order 8
        55188659117513257062467267217118295137698188065244968500265048394206261417927, 2,  # order 8; not on the curve
    ],
)  # fmt: skip
def test_a_weak_or_second_form_of_a_key_verifies_nothing(encoded: int) -> None:
    public = encoded.to_bytes(32, "little")
    assert not verify.ed25519(public, b"any", (1).to_bytes(32, "little") + bytes(32))
    assert not verify.ed25519(public, b"any", public + bytes(32))


def test_signatures_of_another_implementation_hold() -> None:
    for at in range(30):
        private = Ed25519PrivateKey.from_private_bytes(bytes([at]) * 32)
        message = bytes(range(at))
        assert verify.ed25519(private.public_key().public_bytes_raw(), message, private.sign(message))


# JSON of the single form


@pytest.mark.parametrize(
    "text", ['{"a":1,"b":[true,null,"é\\u001f\\n"]}', "[]", '"\U0001f600\u007f\u2028"', "-9007199254740991", "0"]
)
def test_json_of_the_single_form_is_read(text: str) -> None:
    assert verify.single_form(text, "here") == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"b":1,"a":1}', '{"a":1,"a":1}', '{"a":{"b":1,"b":2}}', '{"a": 1}', " 1", "1 ", "1\n", '"\\u00e9"', '"\\/"', '"\\u001F"', '"\\ud800"',
        "1.0", "1e3", "-0", "01", "+1", "NaN", "Infinity", "-Infinity", "9007199254740992", "-9007199254740992", "9" * 5000, "", "{", '"\n"',
        "\ufeff1", "[1,]", "'a'", "[" * 100_000 + "]" * 100_000, '{"a":' * 100_000, "tru", '"\\u000a"',
    ],
)  # fmt: skip
def test_any_other_json_is_refused(text: str) -> None:
    with pytest.raises(Defect, match=r"^here : "):
        verify.single_form(text, "here")


def test_pointers_follow_rfc_6901() -> None:
    value = {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "m~n": 8, " ": 7, "n": {"0": 5}, "~1": 9}
    found = {"/foo/0": "bar", "/": 0, "/a~1b": 1, "/c%d": 2, "/m~0n": 8, "/ ": 7, "/n/0": 5, "/~01": 9}
    assert {pointer: verify.pointed(value, pointer) for pointer in found} == found
    wrong = (
        "",
        "foo",
        "/foo/00",
        "/foo/2",
        "/foo/-",
        "/foo/0/x",
        "/m~n",
        "/m~2n",
        "/foo/+1",
        "/no",
        "/foo/1 ",
        "/foo/\u0661",
    )
    assert [pointer for pointer in wrong if verify.pointed(value, pointer) is not None] == []
