"""Bundles made from FORMAT.md alone, by nothing of ours: a story is sealed into a bundle, a bundle is packed into a zip.

A test changes the story (before it is sealed) or the members (after), and packs: everything outside of the change is made anew, so
that only the rule under test is broken.
"""

import base64
import hashlib
import json
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.adapters.verifier.forge_log import (
    LOG_ID,
    NEW,
    OLD,
    ORIGIN,
    WITNESS,
    Signer,
    checkpoint_text,
    consistency,
    inclusion,
    leaf_hash,
    note,
    root,
)

FIRST, SECOND, THIRD = (f"invoice:{digit * 32}" for digit in "123")
PROCEEDING, DEBTOR, CREDITOR, LOG = (
    f"proceeding:{'4' * 32}",
    f"debtor:{'5' * 32}",
    f"creditor:{'6' * 32}",
    f"log:{LOG_ID}",
)
PREUVES, JOURNAL = "data/preuves/", "data/journal/"
EVENTS, OTHERS = f"{JOURNAL}evenements.jsonl", f"{PREUVES}annexes.jsonl"
CHECKPOINT, WITNESSES, KEYS = f"{PREUVES}checkpoint.txt", f"{PREUVES}temoins.txt", f"{PREUVES}cles.txt"
CONSISTENCY, HEADS = f"{PREUVES}coherence.json", f"{PREUVES}tetes.json"
MANIFEST, TOKEN = "META-INF/ASiCManifest001.xml", "META-INF/timestamp001.tst"

Json = dict[str, Any]


def digest(*parts: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(b"".join(parts)).hexdigest()


def canonical(value: object) -> str:
    """JSON of the single form."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def number(text: str) -> str:
    """Thirty-two hexadecimal characters made from a word."""
    return digest(text.encode())[:32]


@dataclass
class Event:
    """One entry of the log; what its digests open, by pointer; whether the bundle withholds it."""

    leaf: Json
    opened: dict[str, str] = field(default_factory=dict)
    withheld: bool = False


@dataclass
class Story:
    """A log and the files of an export, still to be sealed."""

    files: dict[str, bytes] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    streams: list[str] = field(default_factory=lambda: [FIRST, SECOND])
    proceedings: list[str] = field(default_factory=lambda: [PROCEEDING])
    #: Sizes of earlier checkpoints: (size, kind, signers).
    earlier: list[tuple[int, str, tuple[Signer, ...]]] = field(default_factory=list)
    signers: tuple[Signer, ...] = (NEW,)
    #: The keys that cles.txt names; those that signed something when it is not said.
    log_keys: tuple[Signer, ...] | None = None
    witnesses: tuple[Signer, ...] = (WITNESS,)
    export: Json = field(default_factory=dict)
    summary: Json = field(default_factory=dict)
    closing: Json = field(default_factory=dict)
    #: Changes an entry's envelope last, once its place in the chain is known.
    touched: Callable[[Json], None] = lambda _: None

    def record(
        self, stream: str, type: str, *, opens: Json | None = None, withheld: bool = False, **fact: Any
    ) -> Event:
        """Append an entry; `opens` maps a name in the fact to the file whose salted digest it holds."""
        at = len(self.events)
        opened = {}
        for key, path in (opens or {}).items():
            fact[key] = digest(bytes.fromhex(number(f"{stream}{key}{path}")), self.files[path])
            opened[f"/fact/{key}"] = path
        leaf = {
            "actor": number("actor"), "command": number(f"command {at}"), "done_by": number("actor"), "v": 1,
            "fact": {"on": f"2026-02-{at % 27 + 1:02}", **fact}, "internal": digest(f"internal {at}".encode()), "provenance": "declared",
            "recorded_at": f"2026-03-01T10:{at // 60:02}:{at % 60:02}.000{at:03}Z", "stream": stream, "type": f"relance.{type}.1",
        }  # fmt: skip
        self.events.append(Event(leaf, opened, withheld))
        return self.events[-1]

    def announce(self, old: Signer, new: Signer, reason: str = "planned") -> int:
        """Announce a change of key in the log; the size from which a checkpoint can sign it."""
        self.record(LOG, "LogKeyRotated", new=digest(new.vkey.encode()), old=digest(old.vkey.encode()), reason=reason)
        return len(self.events)

    def close(self) -> None:
        """Describe the export in its files, then close each exported stream."""
        originals = sum(name.startswith("data/originaux/") for name in self.files)
        export = {
            "format": "relance.dossier", "schema": 1, "kind": "dossier", "generated_at": "2026-03-02T08:00:00.000000Z", "on": "2026-03-01",
            "position": len(self.events), "sandbox": False, "redacted": False, "creditor": CREDITOR[9:], "debtor": DEBTOR[7:],
            "streams": self.streams, "proceedings": self.proceedings, "withheld": sum(event.withheld for event in self.events),
            "origin": ORIGIN, "previous": None, "authorities": [], "pieces": originals, "made_by": {"relance": "0.1.0"},
        } | self.export  # fmt: skip
        summary = {key: export[key] for key in ("generated_at", "position", "sandbox")} | self.summary
        self.files.setdefault("data/export.json", f"{canonical(export)}\n".encode())
        self.files.setdefault("data/resume.json", f"{canonical(summary)}\n".encode())
        for stream in (*self.streams, *self.proceedings):
            event = self.record(
                stream, "DossierExported", content=content_digest(self.files), kind=export["kind"], on=export["on"]
            )
            event.leaf |= {"act": number("act"), "command": number("export")} | self.closing

    def seal(self) -> "Bundle":
        """Chain the entries, seal the heads and the tree, sign: the members of a bundle."""
        newest: dict[str, tuple[int, str]] = {}
        texts: list[str] = []

        def append(event: Event) -> None:
            stream = event.leaf["stream"]
            version, previous = newest.get(stream, (0, ""))
            event.leaf |= {"version": version + 1} | ({"prev": previous} if previous else {})
            self.touched(event.leaf)
            texts.append(canonical(event.leaf))
            newest[stream] = (version + 1, leaf_hash(texts[-1].encode()).hex())

        for event in self.events:
            append(event)
        heads = sorted(newest.items())
        head_leaves = [leaf_hash(f"{stream}/{version} {last}\n".encode()) for stream, (version, last) in heads]
        position = len(self.events)
        sealed = self.record(
            LOG, "HeadsSealed", position=position, root=root(head_leaves).hex(), streams=len(head_leaves)
        )
        append(sealed)
        leaves = [leaf_hash(text.encode()) for text in texts]
        names = [stream for stream, _ in heads]
        shown = [*self.streams, *self.proceedings]
        lines: dict[str, list[str]] = {EVENTS: [], OTHERS: []}
        for index, event in enumerate(self.events[:-1]):
            stream = event.leaf["stream"]
            if stream in shown or stream in {DEBTOR, CREDITOR}:
                proof = inclusion(leaves, index)
                openings = [
                    [pointer, number(f"{stream}{pointer[6:]}{path}"), path]
                    for pointer, path in sorted(event.opened.items())
                ]
                line = {"index": index, "leaf": texts[index], "openings": openings, "proof": proof}
                if event.withheld:
                    line = {"index": index, "leaf_hash": leaves[index].hex(), "proof": proof, "stream": stream,
                            "version": event.leaf["version"], "withheld": True}  # fmt: skip
                lines[EVENTS if stream in shown else OTHERS].append(f"{canonical(line)}\n")
        ordered = sorted(self.earlier, key=lambda each: each[:2])
        checkpoints = [
            {"kind": kind, "note": note(leaves[:size], *signers), "proof": consistency(leaves, size)}
            | ({"changes": self._changes(texts, leaves[:size], signers)} if kind == "rotation" else {})
            for size, kind, signers in ordered
        ]
        listed = [
            {"index": names.index(stream), "leaf": newest[stream][1], "path": inclusion(head_leaves, names.index(stream)),
             "stream": stream, "version": newest[stream][0]}
            for stream in shown if stream in newest
        ]  # fmt: skip
        head = {"heads": listed, "sealed": {"index": position, "leaf": texts[-1], "proof": inclusion(leaves, position)}}
        text = checkpoint_text(leaves)
        signed = dict.fromkeys([*(each for _, _, signers in ordered for each in signers), *self.signers])
        log_keys = tuple(signed) if self.log_keys is None else self.log_keys
        members = self.files | {
            EVENTS: "".join(lines[EVENTS]).encode(), OTHERS: "".join(lines[OTHERS]).encode(),
            CHECKPOINT: note(leaves, *self.signers).encode(),
            WITNESSES: "".join(witness.cosignature(text, 1772442000) for witness in self.witnesses).encode(),
            KEYS: "".join([*(f"journal {key.vkey}\n" for key in log_keys), *(f"temoin {key.vkey}\n" for key in self.witnesses)]).encode(),
            CONSISTENCY: f"{canonical({'checkpoints': checkpoints})}\n".encode(), HEADS: f"{canonical(head)}\n".encode(),
        }  # fmt: skip
        return Bundle(members, leaves)

    def _changes(self, texts: list[str], leaves: list[bytes], signers: Sequence[Signer]) -> list[Json]:
        """The announced changes between these signers, in the tree of their checkpoint."""
        named = {digest(each.vkey.encode()) for each in signers}
        return [
            {"index": at, "leaf": texts[at], "proof": inclusion(leaves, at)}
            for at, event in enumerate(self.events[: len(leaves)])
            if "LogKeyRotated" in event.leaf.get("type", "")
            and {event.leaf["fact"]["old"], event.leaf["fact"]["new"]} <= named
        ]


def content_digest(files: dict[str, bytes]) -> str:
    """The content digest of section 6."""
    names = (name for name in files if name.startswith("data/") and not name.startswith((PREUVES, JOURNAL)))
    return digest(*sorted(f"{digest(files[name])}  {name}\n".encode() for name in names))


@dataclass
class Bundle:
    """The members of a bundle but for its container, which `pack` makes around them; the leaves of its log."""

    members: dict[str, bytes]
    leaves: list[bytes] = field(default_factory=list)

    def contained(self) -> dict[str, bytes]:
        """Every member, in its order."""
        data = sorted(name for name in self.members if name.startswith("data/"))
        inside = {name: self.members[name] for name in data}
        tags = {
            "bag-info.txt": (
                f"Bag-Software-Agent: relance\nBagging-Date: {_day_of(inside)}\n"
                f"External-Identifier: {content_digest(inside)}\nPayload-Oxum: {sum(map(len, inside.values()))}.{len(inside)}\n"
            ).encode(),
            "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "manifest-sha256.txt": "".join(f"{digest(inside[name])}  {name}\n" for name in data).encode(),
            "mimetype": b"application/vnd.etsi.asic-e+zip",
        }  # fmt: skip
        tags |= {name: self.members[name] for name in tags if name in self.members}
        tags["tagmanifest-sha256.txt"] = "".join(f"{digest(tags[name])}  {name}\n" for name in sorted(tags)).encode()
        whole = inside | tags | self.members
        whole.setdefault(MANIFEST, asic_manifest(whole))
        return {"mimetype": whole.pop("mimetype")} | dict(sorted(whole.items()))

    def pack(self) -> bytes:
        """The archive."""
        return zipped(list(self.contained().items()))

    def edit(self, name: str, old: str, new: str, count: int = 1) -> "Bundle":
        """Replace a text in a member; the text must be there."""
        text = self.members[name].decode()
        assert old in text, (name, old)
        self.members[name] = text.replace(old, new, count).encode()
        return self

    def lines(self, name: str) -> list[Json]:
        """The JSON lines of a member."""
        return [json.loads(line) for line in self.members[name].decode().splitlines()]

    def put(self, name: str, value: Json | list[Json]) -> "Bundle":
        """Write a member anew: a JSON file, or one of JSON lines."""
        lines = value if isinstance(value, list) else [value]
        self.members[name] = "".join(f"{canonical(line)}\n" for line in lines).encode()
        return self


def _day_of(members: dict[str, bytes]) -> str:
    try:
        return str(json.loads(members["data/resume.json"])["generated_at"])[:10]
    except (ValueError, KeyError, TypeError):
        return "2026-03-02"


def asic_manifest(members: dict[str, bytes]) -> bytes:
    """META-INF/ASiCManifest001.xml."""
    a, b = "http:" + "//uri.etsi." + "org/02918/v1.2.1#", "http:" + "//www.w3." + "org/"
    references = "".join(
        f'<asic:DataObjectReference URI="{name}"><ds:DigestMethod Algorithm="{b}2001/04/xmlenc#sha256"/><ds:DigestValue>'
        f"{base64.b64encode(hashlib.sha256(members[name]).digest()).decode()}</ds:DigestValue></asic:DataObjectReference>"
        for name in sorted(members)
        if name != "mimetype" and not name.startswith("META-INF/")
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<asic:ASiCManifest xmlns:asic="{a}" xmlns:ds="{b}2000/09/xmldsig#">'
        f'<asic:SigReference URI="{TOKEN}" MimeType="application/vnd.etsi.timestamp-token"/>{references}</asic:ASiCManifest>\n'
    ).encode()


def zipped(members: Sequence[tuple[str, bytes]], *, comment: bytes = b"", between: bytes = b"") -> bytes:
    """The zip of section 1, and with a comment or bytes between its members, one that it is not."""
    body, central = b"", b""
    for name, data in members:
        fields = struct.pack(
            "<HHHHHLLLHH", 20, 0, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(name.encode()), 0
        )
        central += (
            b"PK\x01\x02\x14\x03" + fields + struct.pack("<HHHLL", 0, 0, 0, 0x81A40000, len(body)) + name.encode()
        )
        body += b"PK\x03\x04" + fields + name.encode() + data + between
    end = struct.pack("<HHHHLLH", 0, 0, len(members), len(members), len(central), len(body), len(comment))
    return body + central + b"PK\x05\x06" + end + comment


def small_story() -> Story:
    """Two invoices, a proceeding, a withheld entry, the parties, a piece; another debtor's invoice; a change of key; an earlier export."""
    story = Story()
    story.files = {
        "data/00-dossier.pdf": b"%PDF-1.7 dossier", "data/noms.json": b'{"a":"F-1"}\n', "data/originaux/piece-01.pdf": b"%PDF-1.7 lettre",
        "data/fiches/annulation.txt": "annulée à tort".encode(), "data/parties/debiteur.json": b'{"name":"Dupont"}\n',
        "data/parties/creancier.json": b'{"name":"Durand"}\n', "data/pieces/piece-01.pdf": b"%PDF-1.7 lettre, pi\xc3\xa8ce 1",
    }  # fmt: skip
    story.record(CREDITOR, "CreditorRegistered", opens={"details": "data/parties/creancier.json"})
    story.record(DEBTOR, "DebtorRegistered", opens={"details": "data/parties/debiteur.json"})
    issued = story.record(FIRST, "InvoiceIssued", cents=120000, nature="services")
    issued.leaf["findings"] = [{"consequence": "note", "reference": "L441-9", "rule": "number_seen"}]
    story.record(SECOND, "InvoiceIssued", cents=50000)
    story.record(THIRD, "InvoiceIssued", cents=99)
    story.record(FIRST, "DebtorFormallyNotified", opens={"document": "data/originaux/piece-01.pdf"}).leaf |= {
        "cause": f"{FIRST}/1", "law": digest(b"law"),
    }  # fmt: skip
    story.record(FIRST, "NoteTaken", withheld=True)
    story.record(FIRST, "PaymentReceived", cents=2500)
    story.announce(OLD, NEW)
    story.record(
        PROCEEDING,
        "EscalatedToInjonction",
        court="Évry",
        reason=digest(bytes.fromhex(number("reason")), "annulée à tort".encode()),
    )
    story.events[-1].opened["/fact/texts/0/a~1b~0c"] = "data/fiches/annulation.txt"
    salted = digest(
        bytes.fromhex(number(f"{PROCEEDING}texts/0/a~1b~0cdata/fiches/annulation.txt")), "annulée à tort".encode()
    )
    story.events[-1].leaf["fact"]["texts"] = [{"a/b~c": salted}]
    story.record(SECOND, "PaymentReceived", cents=100)
    story.earlier = [(6, "export", (OLD,)), (9, "rotation", (OLD, NEW))]
    return story


def small(**changes: Any) -> Bundle:
    """The small bundle, sealed; `changes` are the story's members."""
    story = small_story()
    for key, value in changes.items():
        setattr(story, key, value)
    story.close()
    return story.seal()
