"""Checks 1 and 2: the archive and its manifests, each the only one that the files can make. FORMAT.md, sections 1, 2 and 6."""

import hashlib
import re
import struct
import zlib
from collections.abc import Iterable, Mapping
from typing import Final

from adapters.verification.reading import coded, few
from domain.errors import EvidenceBroken

Members = Mapping[str, memoryview]

#: Positions and sizes are 32 bits wide.
MOST_BYTES: Final = 2**32 - 1

MIMETYPE: Final = "mimetype"
ASIC: Final = "META-INF/ASiCManifest001.xml"
STAMP_OF_ALL: Final = "META-INF/timestamp001.tst"
BAGIT: Final = "bagit.txt"
BAG_INFO: Final = "bag-info.txt"
MANIFEST: Final = "manifest-sha256.txt"
TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
PDF: Final = "data/00-dossier.pdf"
EXPORT: Final = "data/export.json"
RESUME: Final = "data/resume.json"
NAMES: Final = "data/noms.json"
JOURNAL: Final = "data/journal/evenements.jsonl"
ANNEXES: Final = "data/preuves/annexes.jsonl"
CHECKPOINT: Final = "data/preuves/checkpoint.txt"
WITNESSES: Final = "data/preuves/temoins.txt"
KEYS: Final = "data/preuves/cles.txt"
CONSISTENCY: Final = "data/preuves/coherence.json"
HEADS: Final = "data/preuves/tetes.json"
STAMP: Final = re.compile(r"data/preuves/checkpoint-(0[1-9]|[1-9][0-9])\.tsr")
PROOFS: Final = ("data/preuves/", "data/journal/")

_WANTED: Final = frozenset(
    {
        MIMETYPE, ASIC, BAGIT, BAG_INFO, MANIFEST, TAG_MANIFEST, PDF, EXPORT, RESUME, NAMES, JOURNAL, ANNEXES, CHECKPOINT,
        WITNESSES, KEYS, CONSISTENCY, HEADS,
    }
)  # fmt: skip
_NAME: Final = re.compile(r"[A-Za-z0-9._/-]+")

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_VERSION, _MADE_BY, _DATE, _ATTRIBUTES = 20, 0x0314, 33, 0x81A40000
_CRC, _SIZE, _NAME_LENGTH = 7, 8, 10

# Names of XML, not addresses: nothing is fetched.
_ORG: Final = "org"
_SCHEME: Final = "http:"
_ETSI: Final = f"{_SCHEME}//uri.etsi.{_ORG}/02918/v1.2.1#"
_W3: Final = f"{_SCHEME}//www.w3.{_ORG}/"


def members(file: bytes) -> dict[str, memoryview]:
    """The files of the archive, which is the only one that they can make: not a byte before, between, after or otherwise.

    Raises:
        EvidenceBroken: it is another.
    """
    view = memoryview(file)
    end = len(file) - _END.size
    if end < 0 or file[end : end + 4] != b"PK\x05\x06":
        raise EvidenceBroken("not a zip that ends with its directory: cut, or something stands after it")
    _, _, _, count, _, length, directory, _ = _END.unpack_from(file, end)
    if directory + length != end or view[end:] != _END.pack(b"PK\x05\x06", 0, 0, count, count, length, directory, 0):
        raise EvidenceBroken("the end of the archive is not the one that its directory makes")
    found: dict[str, memoryview] = {}
    at, where = directory, 0
    for _ in range(count):
        if at + _CENTRAL.size > end:
            raise EvidenceBroken("the directory of the archive is cut")
        told = _CENTRAL.unpack_from(file, at)
        crc, size, length = told[_CRC], told[_SIZE], told[_NAME_LENGTH]
        raw = file[at + _CENTRAL.size : at + _CENTRAL.size + length]
        name = _named(raw, found)
        head = _CENTRAL.pack(
            b"PK\x01\x02", _MADE_BY, _VERSION, 0, 0, 0, _DATE, crc, size, size, length, 0, 0, 0, 0, _ATTRIBUTES, where
        )  # fmt: skip
        if file[at : at + _CENTRAL.size] != head:
            raise EvidenceBroken(f"{name}: its line in the directory of the archive is not the one that it makes")
        at += len(head) + length
        begin = where + _LOCAL.size + length
        local = _LOCAL.pack(b"PK\x03\x04", _VERSION, 0, 0, 0, _DATE, crc, size, size, length, 0) + raw
        if begin + size > directory or file[where:begin] != local:
            raise EvidenceBroken(f"{name}: what stands before it in the archive is not the header that it makes")
        found[name] = view[begin : begin + size]
        if zlib.crc32(found[name]) != crc:
            raise EvidenceBroken(f"{name}: its checksum is another")
        where = begin + size
    if where != directory or at != end:
        raise EvidenceBroken("bytes stand in the archive that belong to no file")
    _complete(list(found))
    return found


def _named(raw: bytes, known: Mapping[str, memoryview]) -> str:
    try:
        name = raw.decode("ascii")
    except UnicodeDecodeError:
        name = ""
    if not _NAME.fullmatch(name) or {"", ".", ".."} & set(name.split("/")):
        raise EvidenceBroken(f"the name {raw[:80]!r} is none that a dossier has")
    if name in known:
        raise EvidenceBroken(f"{name} stands twice in the archive")
    return name


def _complete(names: list[str]) -> None:
    absent = _WANTED - set(names)
    if absent:
        raise EvidenceBroken(f"the archive lacks {few(absent)}")
    if names != [MIMETYPE, *sorted(name for name in names if name != MIMETYPE)]:
        raise EvidenceBroken("the files of the archive are not in their order")
    folded, folders = (
        {name.lower() for name in names},
        {name[:at] for name in names for at, each in enumerate(name) if each == "/"},
    )
    if len(folded) != len(names) or folders & set(names):
        raise EvidenceBroken("two names of the archive would be one once unpacked")
    strange = [name for name in names if name not in _WANTED and name != STAMP_OF_ALL and not _is_free(name)]
    if strange:
        raise EvidenceBroken(f"the archive holds what no dossier has: {few(strange)}")


def _is_free(name: str) -> bool:
    if name.startswith(PROOFS):
        return bool(STAMP.fullmatch(name))
    return name.startswith("data/")


def digests(files: Members) -> dict[str, bytes]:
    """SHA-256 of each file."""
    return {name: hashlib.sha256(content).digest() for name, content in files.items()}


def content_digest(found: Mapping[str, bytes]) -> str:
    """The digest of the content, from those of the files: what the closing entries seal."""
    lines = sorted(
        _line(name, digest)
        for name, digest in found.items()
        if name.startswith("data/") and not name.startswith(PROOFS)
    )
    return hashlib.sha256(b"".join(lines)).hexdigest()


def _line(name: str, digest: bytes) -> bytes:
    return f"{digest.hex()}  {name}\n".encode()


def check_manifests(files: Members, found: Mapping[str, bytes], generated_at: str) -> str:
    """Check 2: every file that lists others is made again from them.

    Raises:
        EvidenceBroken: one differs.
    """
    payload = sorted(name for name in files if name.startswith("data/"))
    octets = sum(len(files[name]) for name in payload)
    info = (
        f"Bag-Software-Agent: relance\nBagging-Date: {generated_at[:10]}\nExternal-Identifier: {content_digest(found)}\n"
        f"Payload-Oxum: {octets}.{len(payload)}\n"
    )
    expected = {
        MIMETYPE: b"application/vnd.etsi.asic-e+zip",
        BAGIT: b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        BAG_INFO: info.encode(),
        MANIFEST: _lines(payload, found),
        TAG_MANIFEST: _lines((BAG_INFO, BAGIT, MANIFEST, MIMETYPE), found),
        ASIC: _asic(found),
    }
    wrong = [name for name, content in expected.items() if files[name] != content]
    if wrong:
        raise EvidenceBroken(f"not what the other files make: {few(wrong)}{_where(files, expected, wrong[0])}")
    return f"SHA-256 of {len(files)} files; {PDF}: its digest only, its text is not checked against the events"


def _lines(names: Iterable[str], found: Mapping[str, bytes]) -> bytes:
    return b"".join(_line(name, found[name]) for name in names)


def _where(files: Members, expected: Mapping[str, bytes], name: str) -> str:
    """Which line of a manifest differs first."""
    for ours, theirs in zip(expected[name].split(b"\n"), bytes(files[name]).split(b"\n"), strict=False):
        if ours != theirs:
            return f" (first at {(ours.partition(b'  ')[2] or ours)[:80].decode(errors='replace')!r})"
    return ""


def _asic(found: Mapping[str, bytes]) -> bytes:
    references = "".join(
        f'<asic:DataObjectReference URI="{name}"><ds:DigestMethod Algorithm="{_W3}2001/04/xmlenc#sha256"/>'
        f"<ds:DigestValue>{coded(found[name])}</ds:DigestValue></asic:DataObjectReference>"
        for name in sorted(found)
        if name != MIMETYPE and not name.startswith("META-INF/")
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<asic:ASiCManifest xmlns:asic="{_ETSI}" xmlns:ds="{_W3}2000/09/xmldsig#">'
        f'<asic:SigReference URI="{STAMP_OF_ALL}" MimeType="application/vnd.etsi.timestamp-token"/>{references}</asic:ASiCManifest>\n'
    ).encode()
