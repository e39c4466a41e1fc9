"""A dossier as the checks read it: each part once, from the bytes of one file. FORMAT.md, sections 3, 6 and 8."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapters.evidence import Event
from adapters.seal.checkpoint import Checkpoint
from adapters.seal.note import Key, Note
from adapters.verification import container
from adapters.verification.entries import Line, Shown, lines
from adapters.verification.notes import Signed, keys_of, signed
from adapters.verification.reading import DAY, DIGEST, ID, exactly, matching, natural, one_form, part, strings
from domain.errors import EvidenceBroken

KINDS: Final = ("dossier", "declaration", "handover")
ORIGIN: Final = re.compile(r"relance/([0-9a-f]{32})")
_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_AUTHORITIES: Final = 99
#: What every signature of a PDF says in clear: which bytes it covers.
_SIGNATURE: Final = b"/ByteRange"


@dataclass(frozen=True, slots=True)
class Authority:
    """Whom `export.json` names for the timestamps, and where its certificates are."""

    number: int
    name: str
    certificates: str


class Dossier:
    """The parts of one file."""

    def __init__(self, file: bytes | None) -> None:
        """Stand on the bytes of a file; none when it is too long to be one."""
        self.file = file

    @part
    def members(self) -> dict[str, memoryview]:
        """The archive."""
        if self.file is None:
            raise EvidenceBroken(
                f"it has more than {container.MOST_BYTES} bytes, which no archive of this kind has: not read"
            )
        return container.members(self.file)

    @part
    def digests(self) -> dict[str, bytes]:
        """The digests of the files."""
        return container.digests(self.members)

    def content(self, name: str) -> bytes:
        """The bytes of a file."""
        return bytes(self.members[name])

    def json(self, name: str) -> Any:
        """The value of a JSON file."""
        return one_form(self.content(name), name)

    @part
    def resume(self) -> dict[str, Any]:
        """data/resume.json."""
        found = self.json(container.RESUME)
        if not isinstance(found, dict):
            raise EvidenceBroken("resume.json is not an object")
        matching(_INSTANT, found.get("generated_at"), "generated_at of resume.json")
        return found

    @part
    def export(self) -> dict[str, Any]:
        """data/export.json."""
        found = exactly(
            self.json(container.EXPORT), "export.json", format=str, schema=int, kind=str, generated_at=str, on=str, position=int,
            sandbox=bool, redacted=bool, creditor=str, debtor=str, streams=list, proceedings=list, withheld=int, origin=str,
            previous=(dict, type(None)), authorities=list, pieces=int, made_by=dict,
        )  # fmt: skip
        if (found["format"], found["schema"]) != ("relance.dossier", 1) or found["kind"] not in KINDS:
            raise EvidenceBroken("export.json is not of a format that is known here")
        matching(ORIGIN, found["origin"], "the origin of export.json")
        matching(_INSTANT, found["generated_at"], "generated_at of export.json")
        matching(DAY, found["on"], "the day of export.json")
        for name in ("creditor", "debtor"):
            matching(ID, found[name], f"the {name} of export.json")
        for name in ("position", "withheld", "pieces"):
            natural(found[name], f"{name} of export.json")
        for name, kind in (("streams", "invoice"), ("proceedings", "proceeding")):
            for each in strings(found[name], f"{name} of export.json"):
                if not each.startswith(f"{kind}:"):
                    raise EvidenceBroken(f"{name} of export.json names {each[:80]!r}")
        if not found["streams"]:
            raise EvidenceBroken("export.json names no invoice")
        if found["previous"] is not None:
            exactly(found["previous"], "previous of export.json", root=str, size=int)
            matching(DIGEST, found["previous"]["root"], "the root of previous of export.json")
        if len(found["authorities"]) > _AUTHORITIES:
            raise EvidenceBroken("export.json names too many authorities")
        return found

    @part
    def authorities(self) -> list[Authority]:
        """The authorities of export.json."""
        found = []
        for number, each in enumerate(self.export["authorities"], start=1):
            exactly(each, f"authority {number} of export.json", certificates=str, name=str)
            found.append(Authority(number, each["name"], each["certificates"]))
        return found

    @property
    def has_cachet(self) -> bool:
        """Whether the pages bear an electronic seal."""
        return _SIGNATURE in self.content(container.PDF)

    @property
    def streams(self) -> list[str]:
        """The streams of the dossier, in their order."""
        return [*self.export["streams"], *self.export["proceedings"]]

    @part
    def journal(self) -> list[Line]:
        """The journal."""
        found = lines(self.content(container.JOURNAL), container.JOURNAL)
        if not found:
            raise EvidenceBroken("the journal is empty")
        return found

    @part
    def annexes(self) -> list[Shown]:
        """The annexes."""
        found = lines(self.content(container.ANNEXES), container.ANNEXES, may_withhold=False)
        return [each for each in found if isinstance(each, Shown)]

    @part
    def by_stream(self) -> Mapping[str, list[Line]]:
        """The journal."""
        found: dict[str, list[Line]] = {}
        for line in self.journal:
            found.setdefault(line.stream, []).append(line)
        return found

    @part
    def closings(self) -> list[Shown]:
        """The closing entries."""
        found = []
        for stream, each in self.by_stream.items():
            last = each[-1]
            if not isinstance(last, Shown) or not last.is_a("DossierExported"):
                raise EvidenceBroken(
                    f"{stream} does not end by the entry that closes an export", position=last.index + 1
                )
            found.append(last)
        return found

    def events(self, stream: str) -> list[Event]:
        """The events of a stream that are shown."""
        return [each.event for each in self.by_stream[stream] if isinstance(each, Shown)]

    @property
    def withheld(self) -> int:
        """How many entries are withheld."""
        return sum(not isinstance(each, Shown) for each in self.journal)

    @part
    def keys(self) -> tuple[list[Key], list[Key]]:
        """The keys of the file."""
        return keys_of(self.content(container.KEYS), self.export["origin"])

    @property
    def log_keys(self) -> list[Key]:
        """The keys of the log that the file names."""
        return self.keys[0]

    @property
    def witness_keys(self) -> list[Key]:
        """The keys of witnesses that the file names."""
        return self.keys[1]

    @part
    def signed(self) -> Signed:
        """The checkpoint."""
        return signed(self.content(container.CHECKPOINT), self.export["origin"], self.log_keys, container.CHECKPOINT)

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint."""
        return self.signed.checkpoint

    @property
    def note(self) -> Note:
        """The note that holds the checkpoint."""
        return self.signed.note
