"""The container of a dossier: which files it holds, their manifest, and the one zip that those files can make."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from typing import Any, Final

PDF: Final = "dossier.pdf"
EVENTS: Final = "journal/evenements.jsonl"
PARTIES: Final = "parties.json"
SUMMARY: Final = "resume.json"
MANIFEST: Final = "manifest-sha256.txt"
FIXED: Final = frozenset({PDF, EVENTS, PARTIES, SUMMARY, MANIFEST})
RULEBOOK: Final = re.compile(r"regles/([0-9a-f]{64})\.json")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_MODE: Final = 0o100644


def plain_json(value: Any) -> bytes:
    """JSON with sorted keys, compact, nulls kept, a line feed at its end: the form of the bundle's own files."""
    return (
        json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False) + "\n"
    ).encode()


def event_line(position: int, leaf: bytes) -> bytes:
    """One event of the journal: its stored bytes as a JSON string, and its position."""
    return plain_json({"leaf": leaf.decode(), "position": position})


def manifest(files: Mapping[str, bytes]) -> bytes:
    """A line `digest  path` for each file but the manifest itself, sorted."""
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items() if name != MANIFEST]
    return "".join(sorted(lines)).encode()


def packed(files: Mapping[str, bytes]) -> bytes:
    """The zip of these files: stored, sorted, dated 1980, mode 0644, so that the same files make the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, _EPOCH)
            member.create_system, member.external_attr = _UNIX, _MODE << 16
            archive.writestr(member, files[name])
    return out.getvalue()
