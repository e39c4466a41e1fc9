"""The tree, the keys and the notes of a forged log, by the definitions of RFC 6962 and C2SP."""

import base64
import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LOG_ID = "00112233445566778899aabbccddeeff"
ORIGIN = f"relance/{LOG_ID}"

# The tree, by the recursive definitions of RFC 6962 section 2.1: slow, and not the verifier's way.


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\0" + data).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The Merkle tree hash of leaf hashes."""
    if len(leaves) == 1:
        return leaves[0]
    cut = _cut(len(leaves))
    return hashlib.sha256(b"\1" + root(leaves[:cut]) + root(leaves[cut:])).digest()


def _cut(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def inclusion(leaves: Sequence[bytes], index: int) -> list[str]:
    """PATH(m, D[n])."""
    if len(leaves) == 1:
        return []
    cut = _cut(len(leaves))
    if index < cut:
        return [*inclusion(leaves[:cut], index), root(leaves[cut:]).hex()]
    return [*inclusion(leaves[cut:], index - cut), root(leaves[:cut]).hex()]


def consistency(leaves: Sequence[bytes], small: int) -> list[str]:
    """PROOF(m, D[n])."""
    return _subproof(leaves, small, whole=True) if small < len(leaves) else []


def _subproof(leaves: Sequence[bytes], small: int, *, whole: bool) -> list[str]:
    if small == len(leaves):
        return [] if whole else [root(leaves).hex()]
    cut = _cut(len(leaves))
    if small <= cut:
        return [*_subproof(leaves[:cut], small, whole=whole), root(leaves[cut:]).hex()]
    return [*_subproof(leaves[cut:], small - cut, whole=False), root(leaves[:cut]).hex()]


@dataclass(frozen=True)
class Signer:
    """A key that signs notes, of the log or of a witness, made from a word."""

    word: str
    name: str = ORIGIN
    kind: int = 1

    @property
    def private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(self.word.encode()).digest())

    @property
    def public(self) -> bytes:
        return bytes([self.kind]) + self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self.public).decode()}"

    def line(self, text: str) -> str:
        """A signature line of a note."""
        return self._line(self.private.sign(text.encode()))

    def cosignature(self, text: str, instant: int) -> str:
        """A witness's line."""
        signed = self.private.sign(f"cosignature/v1\ntime {instant}\n{text}".encode())
        return self._line(struct.pack(">Q", instant) + signed)

    def _line(self, raw: bytes) -> str:
        return f"— {self.name} {base64.b64encode(self.id + raw).decode()}\n"


OLD, NEW = Signer("old"), Signer("new")
WITNESS = Signer("witness", "temoin.example", 4)


def checkpoint_text(leaves: Sequence[bytes]) -> str:
    """The signed text of a checkpoint."""
    return f"{ORIGIN}\n{len(leaves)}\n{base64.b64encode(root(leaves)).decode()}\n"


def note(leaves: Sequence[bytes], *signers: Signer) -> str:
    """A signed checkpoint."""
    text = checkpoint_text(leaves)
    return f"{text}\n{''.join(signer.line(text) for signer in signers)}"
