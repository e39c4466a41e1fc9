"""The container of a dossier: one zip that is an ASiC-E container and, unpacked, a BagIt bag. FORMAT.md, sections 1, 2 and 6.

Everything outside `data/` but the timestamp is derived from what is in it, so that no file has two forms.
"""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any, Final

DATA: Final = "data/"
PDF: Final = "data/00-dossier.pdf"
EXPORT: Final = "data/export.json"
SUMMARY: Final = "data/resume.json"
NAMES: Final = "data/noms.json"
JOURNAL: Final = "data/journal/"
EVENTS: Final = "data/journal/evenements.jsonl"
PROOFS: Final = "data/preuves/"
ANNEXES: Final = "data/preuves/annexes.jsonl"
CHECKPOINT: Final = "data/preuves/checkpoint.txt"
WITNESSES: Final = "data/preuves/temoins.txt"
KEYS: Final = "data/preuves/cles.txt"
CONSISTENCY: Final = "data/preuves/coherence.json"
HEADS: Final = "data/preuves/tetes.json"
STAMP: Final = "META-INF/timestamp001.tst"
ASIC: Final = "META-INF/ASiCManifest001.xml"

_MIMETYPE: Final = "mimetype"
_BAGIT: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_ORG: Final = "org"
_SCHEME: Final = "http:"  # of namespaces: names, not addresses
_ETSI: Final = f"{_SCHEME}//uri.etsi.{_ORG}/02918/v1.2.1#"
_W3: Final = f"{_SCHEME}//www.w3.{_ORG}/"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_MODE: Final = 0o100644

Files = Mapping[str, bytes]


def plain_json(value: Any) -> bytes:
    """JSON with sorted keys, compact, nulls kept, a line feed at its end: the one form of the bundle's own files."""
    return (
        json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False) + "\n"
    ).encode()


def _lines(files: Files, names: Iterable[str]) -> bytes:
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in names).encode()


def content_digest(files: Files) -> str:
    """The digest that closes an export: of all under `data/` but the journal and its proofs, which the log itself seals."""
    said = [name for name in files if name.startswith(DATA) and not name.startswith((JOURNAL, PROOFS))]
    return hashlib.sha256(b"".join(sorted(_lines(files, said).splitlines(keepends=True)))).hexdigest()


def bagged(data: Files) -> dict[str, bytes]:
    """The files of `data/` with those that are derived from them; the timestamp comes after."""
    files = dict(data)
    names = sorted(data)
    made_on = json.loads(files[SUMMARY])["generated_at"][:10]
    octets = sum(len(data[name]) for name in names)
    files[_MIMETYPE] = b"application/vnd.etsi.asic-e+zip"
    files["bagit.txt"] = _BAGIT
    files["bag-info.txt"] = (
        f"Bag-Software-Agent: relance\nBagging-Date: {made_on}\nExternal-Identifier: {content_digest(data)}\n"
        f"Payload-Oxum: {octets}.{len(names)}\n"
    ).encode()
    files["manifest-sha256.txt"] = _lines(files, names)
    files["tagmanifest-sha256.txt"] = _lines(files, ("bag-info.txt", "bagit.txt", "manifest-sha256.txt", _MIMETYPE))
    files[ASIC] = _asic_manifest(files)
    return files


def _asic_manifest(files: Files) -> bytes:
    references = "".join(
        f'<asic:DataObjectReference URI="{name}"><ds:DigestMethod Algorithm="{_W3}2001/04/xmlenc#sha256"/><ds:DigestValue>'
        f"{base64.b64encode(hashlib.sha256(files[name]).digest()).decode()}</ds:DigestValue></asic:DataObjectReference>"
        for name in sorted(files)
        if name != _MIMETYPE
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<asic:ASiCManifest xmlns:asic="{_ETSI}" xmlns:ds="{_W3}2000/09/xmldsig#"><asic:SigReference URI="{STAMP}"'
        f' MimeType="application/vnd.etsi.timestamp-token"/>{references}</asic:ASiCManifest>\n'
    ).encode()


def packed(files: Files) -> bytes:
    """The zip of these files: stored, `mimetype` first, the others sorted, dated 1980, mode 0644: the same files, the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name in sorted(files, key=lambda each: (each != _MIMETYPE, each)):
            member = zipfile.ZipInfo(name, _EPOCH)
            member.create_system, member.external_attr = _UNIX, _MODE << 16
            archive.writestr(member, files[name])
    return out.getvalue()


def unpacked(archive: bytes) -> dict[str, bytes]:
    """The files of a zip of ours."""
    with zipfile.ZipFile(io.BytesIO(archive)) as read:
        return {name: read.read(name) for name in read.namelist()}
