"""Signed notes (C2SP signed-note): a text, a blank line, one line for each signature; Ed25519 keys in their textual form.

Two kinds of signature: that of who wrote the note, and that of a witness, which says when it was given (C2SP tlog-cosignature).
"""

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.errors import EvidenceBroken, InvalidInput

Kind = Literal[1, 4]
#: Ed25519 over the text; Ed25519 over the text and an instant, by a witness.
WRITER: Final[Kind] = 1
WITNESS: Final[Kind] = 4

KEY_BYTES: Final = 32
ID_BYTES: Final = 4
SIGNATURE_BYTES: Final = 64
MOST_BYTES: Final = 1_000_000
MOST_SIGNATURES: Final = 100
_NAME: Final = re.compile(r"[^\s+\x00-\x1f]{1,200}")
_SIGNATURE: Final = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")
_PRIVATE: Final = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True)
class Signature:
    """One line: whose, the first bytes of the key's digest, the signature."""

    name: str
    id: bytes
    body: bytes

    def __str__(self) -> str:
        return f"— {self.name} {base64.b64encode(self.id + self.body).decode()}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends with a line feed, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(f"{each}\n" for each in self.signatures)


@dataclass(frozen=True, slots=True)
class Key:
    """A public key with its name: what is given to those who verify."""

    name: str
    kind: Kind
    public: bytes

    @property
    def id(self) -> bytes:
        """The first bytes of the digest of name, kind and key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    @property
    def digest(self) -> str:
        """SHA-256 of the textual form: `printf %s VKEY | sha256sum`."""
        return hashlib.sha256(str(self).encode()).hexdigest()

    def verifies(self, note: Note) -> bool:
        """Whether the note bears a signature of this key, which must hold.

        Raises:
            EvidenceBroken: it bears one that does not hold.
        """
        mine = [each for each in note.signatures if (each.name, each.id) == (self.name, self.id)]
        for each in mine:
            message, signature = note.text.encode(), each.body
            if self.kind == WITNESS:
                if len(signature) != 8 + SIGNATURE_BYTES:
                    raise EvidenceBroken(f"the cosignature of {self.name} has not the length of one")
                message, signature = cosigned(note.text, instant_of(each)), signature[8:]
            try:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
            except InvalidSignature:
                raise EvidenceBroken(f"the signature of {self.name} does not hold on this note") from None
        return bool(mine)


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its name."""

    key: Key
    seed: bytes

    @classmethod
    def of(cls, name: str, seed: bytes, kind: Kind = WRITER) -> "Signer":
        """The signer of a seed of 32 bytes."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot name a key: no blank, no plus sign")
        public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        return cls(Key(name, kind, public), seed)

    @classmethod
    def read(cls, text: str) -> "Signer":
        """The signer of a textual private key.

        Raises:
            InvalidInput: it is none.
        """
        if not text.startswith(_PRIVATE):
            raise InvalidInput("not a private key of a log: it begins with PRIVATE+KEY+")
        name, kind, seed, id = _parts(text.removeprefix(_PRIVATE))
        signer = cls.of(name, seed, kind)
        if signer.key.id != id:
            raise InvalidInput("the key and its identifier do not belong together: the file was changed")
        return signer

    def __str__(self) -> str:
        return f"{_PRIVATE}{self.key.name}+{self.key.id.hex()}+{base64.b64encode(bytes([self.key.kind]) + self.seed).decode()}"

    def __repr__(self) -> str:
        return f"Signer({self.key})"

    def sign(self, text: str, at: int | None = None) -> Signature:
        """The signature of a text; a witness says at which second."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        if self.key.kind == WRITER:
            return Signature(self.key.name, self.key.id, private.sign(text.encode()))
        assert at is not None
        return Signature(self.key.name, self.key.id, struct.pack(">Q", at) + private.sign(cosigned(text, at)))


def cosigned(text: str, at: int) -> bytes:
    """What a witness signs: that it saw the text at a second."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def instant_of(cosignature: Signature) -> int:
    """The second that a cosignature says."""
    return int(struct.unpack(">Q", cosignature.body[:8])[0])


def read_key(text: str) -> Key:
    """A public key in its textual form.

    Raises:
        InvalidInput: it is none.
    """
    name, kind, public, id = _parts(text)
    key = Key(name, kind, public)
    if key.id != id:
        raise InvalidInput(f"{text!r}: the key and its identifier do not belong together: a character was changed")
    return key


def _parts(text: str) -> tuple[str, Kind, bytes, bytes]:
    """Name, kind, key and identifier; base64 may hold plus signs, the others not."""
    name, _, rest = text.partition("+")
    id, _, coded = rest.partition("+")
    try:
        raw, short = _decoded(coded), bytes.fromhex(id)
    except ValueError:
        raw, short = b"", b""
    if not _NAME.fullmatch(name) or len(short) != ID_BYTES or len(raw) != 1 + KEY_BYTES or raw[0] not in {1, 4}:
        raise InvalidInput(f"{text[:60]!r} is not an Ed25519 key of a log or of a witness: NAME+IDENTIFIER+KEY")
    return name, WITNESS if raw[0] == WITNESS else WRITER, raw[1:], short


def _decoded(text: str) -> bytes:
    """Bytes of the one base64 form that they have."""
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        raise binascii.Error("not the one form")
    return raw


def read_note(raw: bytes, *, file: str = "") -> Note:
    """A signed note, strictly read.

    Raises:
        InvalidInput: it is none.
    """
    try:
        if len(raw) > MOST_BYTES:
            raise ValueError("it is too long")
        text = raw.decode()
        if any(each < " " and each != "\n" for each in text):
            raise ValueError("it holds control characters")
        body, blank, lines = text.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise ValueError("no blank line stands before its signatures")
        return Note(body + "\n", read_signatures(lines))
    except ValueError as error:
        raise InvalidInput(f"not a signed note: {error}", file=file) from None


def read_signatures(lines: str) -> tuple[Signature, ...]:
    """Signature lines.

    Raises:
        ValueError: one is none.
    """
    found = []
    for line in lines.removesuffix("\n").split("\n"):
        match = _SIGNATURE.fullmatch(line)
        if not match:
            raise ValueError(f"{line[:60]!r} is not a signature line")
        try:
            raw = _decoded(match[2])
        except binascii.Error:
            raise ValueError(f"{line[:60]!r} is not base64") from None
        if len(raw) <= ID_BYTES:
            raise ValueError(f"{line[:60]!r} is too short")
        found.append(Signature(match[1], raw[:ID_BYTES], raw[ID_BYTES:]))
    if len(found) > MOST_SIGNATURES:
        raise ValueError("it has too many signatures")
    return tuple(found)


def verified_by(note: Note, keys: Sequence[Key]) -> list[Key]:
    """The keys that signed; unknown signatures are left aside.

    Raises:
        EvidenceBroken: a signature of one of them does not hold.
    """
    return [key for key in keys if key.verifies(note)]
