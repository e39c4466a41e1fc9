"""Checks 3 to 7: the entries, their places in the log, their chain, what closes them and what they open. FORMAT.md, sections 3 to 7."""

import hashlib
import re
from typing import Any, Final

from adapters.seal.tree import Hash, is_included
from adapters.verification.container import content_digest
from adapters.verification.dossier import Dossier
from adapters.verification.entries import Line, Shown, Withheld
from adapters.verification.reading import DIGEST, few, matching, one_form, some
from domain.errors import EvidenceBroken

_PARTIES: Final = ("DebtorRegistered", "CreditorRegistered", "DetailsChanged")
_OPENED: Final = ("data/originaux/", "data/fiches/", "data/parties/")
_SALT: Final = re.compile(r"[0-9a-f]{32}")
_INDEX: Final = re.compile(r"0|[1-9][0-9]*")
_ESCAPE: Final = re.compile(r"~(?![01])")


def check_leaves(dossier: Dossier) -> str:
    """Check 3: every line in its one form, every entry of a known type."""
    both = [each.index for each in (*dossier.journal, *dossier.annexes)]
    if len(set(both)) != len(both):
        raise EvidenceBroken("an entry stands in the journal and in the annexes")
    kept = dossier.withheld
    return (
        f"{some(len(dossier.journal) - kept, 'entry', 'entries')} of the journal and {len(dossier.annexes)} of the parties, each in the one form its"
        f" bytes can have; {kept} withheld" + (", of which the hash alone is known" if kept else "")
    )


def check_inclusion(dossier: Dossier) -> str:
    """Check 4: every line is in the log at its place. Rule: RFC 9162, section 2.1.3.2."""
    every: list[Line] = [*dossier.journal, *dossier.annexes]
    for line in every:
        included(dossier, line.hash, line.index, line.proof)
    return f"{some(len(every), 'entry', 'entries')} in the log of {dossier.checkpoint.size}, each at its place"


def included(dossier: Dossier, leaf: Hash, index: int, proof: list[Hash]) -> None:
    """Hold a leaf to the log.

    Raises:
        EvidenceBroken: it is not in it at that place.
    """
    checkpoint = dossier.checkpoint
    if not is_included(leaf, index, checkpoint.size, proof, checkpoint.root):
        raise EvidenceBroken("it is not in the log of the checkpoint at that place", position=index + 1)


def check_chain(dossier: Dossier) -> str:
    """Check 5: each stream whole, each entry naming the one before; the streams are those of `export.json`."""
    found = dossier.by_stream
    for stream, each in found.items():
        _chained(stream, each)
    if found.keys() != set(dossier.streams):
        raise EvidenceBroken(
            f"the journal and export.json do not name the same streams: {few(found.keys() ^ set(dossier.streams))}"
        )
    if dossier.withheld != dossier.export["withheld"]:
        raise EvidenceBroken(
            f"export.json says {dossier.export['withheld']} entries withheld, the journal withholds {dossier.withheld}"
        )
    named = {f"{kind}:{dossier.export[kind]}" for kind in ("debtor", "creditor")}
    for annex in dossier.annexes:
        if not annex.is_a(*_PARTIES) or annex.stream not in named:
            raise EvidenceBroken("the annexes hold an entry that registers neither party", position=annex.index + 1)
    kept = f"; {dossier.withheld} of them withheld" if dossier.withheld else ""
    return f"{some(len(found), 'stream')}, each whole from its first version to its closing{kept}"


def _chained(stream: str, found: list[Line]) -> None:
    before: Hash | None = None
    for version, line in enumerate(found, start=1):
        if line.version != version:
            raise EvidenceBroken(
                f"version {line.version} of {stream} stands where version {version} is due", position=line.index + 1
            )
        if isinstance(line, Withheld) and version == 1:
            raise EvidenceBroken(f"the first entry of {stream} is withheld", position=line.index + 1)
        if isinstance(line, Shown) and line.event.raw.prev != (before.hex() if before else None):
            raise EvidenceBroken(
                f"version {version} of {stream} does not name the one before it (prev)", position=line.index + 1
            )
        before = line.hash


def check_closing(dossier: Dossier) -> str:
    """Check 6: every stream ends by an entry that seals all that the dossier says."""
    export, resume, content = dossier.export, dossier.resume, content_digest(dossier.digests)
    for each in dossier.closings:
        if vars(each.event.fact)["content"] != content:
            raise EvidenceBroken(
                f"{each.stream} was closed on another content than that of this file", position=each.index + 1
            )
    for each in dossier.closings:
        fact = vars(each.event.fact)
        if (fact["kind"], f"{fact['on']}") != (export["kind"], export["on"]):
            raise EvidenceBroken(
                f"{each.stream} was not closed by an export of the kind and the day of export.json",
                position=each.index + 1,
            )
    acts = {(each.event.raw.act, each.event.raw.command) for each in dossier.closings}
    if len(acts) != 1 or None in next(iter(acts)):
        raise EvidenceBroken("the streams were not closed by one act")
    for name in ("generated_at", "position", "sandbox"):
        if type(resume.get(name)) is not type(export[name]) or resume[name] != export[name]:
            raise EvidenceBroken(f"export.json and resume.json differ on {name}")
    return f"{some(len(dossier.closings), 'stream')} closed on this content, SHA-256 {content}"


def check_openings(dossier: Dossier) -> str:
    """Check 7: what is joined is what was sealed."""
    opened: set[str] = set()
    count = 0
    for line in (*dossier.journal, *dossier.annexes):
        if isinstance(line, Shown) and line.openings:
            value = one_form(line.leaf, "the entry", end=b"")
            for pointer, salt, path in line.openings:
                _opens(dossier, value, pointer, salt, path, line.index + 1)
                opened.add(path)
                count += 1
            pointers = [pointer for pointer, _, _ in line.openings]
            if pointers != sorted(set(pointers)):
                raise EvidenceBroken(
                    "the openings are not in their order, or one stands twice", position=line.index + 1
                )
    sealed = {name for name in dossier.members if name.startswith(_OPENED)}
    if sealed - opened:
        raise EvidenceBroken(f"joined, and sealed by no entry: {few(sealed - opened)}")
    _pieces_opened(dossier)
    originals = sum(name.startswith("data/originaux/") for name in dossier.members)
    if originals != dossier.export["pieces"]:
        raise EvidenceBroken(
            f"{some(originals, 'original')} joined, export.json says {dossier.export['pieces']} pieces"
        )
    return f"{some(count, 'digest')} opened, {len(sealed)} originals, cards and parties among what they open"


def _pieces_opened(dossier: Dossier) -> None:
    """Every document that stands in what is shown is joined: none can be left out unsaid.

    Raises:
        EvidenceBroken: one is not.
    """
    wanted = {"/fact/document"} | (set() if dossier.export["redacted"] else {"/fact/record"})
    for found in dossier.by_stream.values():
        entries = [each for each in found if isinstance(each, Shown)]
        withdrawn = {vars(each.event.fact)["withdrawn"] for each in entries if each.is_a("EntryWithdrawn")}
        for each in entries:
            if each.is_a("PieceAdded") and each.version not in withdrawn:
                at = {pointer: path for pointer, _, path in each.openings}
                if not wanted <= at.keys() or not at["/fact/document"].startswith("data/originaux/"):
                    raise EvidenceBroken("a document that stands is not joined", position=each.index + 1)


def _opens(dossier: Dossier, value: Any, pointer: str, salt: str, path: str, position: int) -> None:
    if pointer == "/internal":
        raise EvidenceBroken("the internal part of an entry is opened", position=position)
    try:
        digest = matching(DIGEST, pointed(value, pointer), "what an opening points at")
        matching(_SALT, salt, "the salt of an opening")
    except EvidenceBroken as error:
        raise EvidenceBroken(error.reason, position=position) from None
    if (
        not path.startswith("data/")
        or path.startswith(("data/preuves/", "data/journal/"))
        or path not in dossier.members
    ):
        raise EvidenceBroken(f"an opening names {path[:80]!r}, which is not there", position=position)
    found = hashlib.sha256(bytes.fromhex(salt))
    found.update(dossier.members[path])
    if found.hexdigest() != digest:
        raise EvidenceBroken(f"{path} is not what was sealed at {pointer}", position=position)


def pointed(value: Any, pointer: str) -> Any:
    """What a JSON pointer points at (RFC 6901).

    Raises:
        EvidenceBroken: nothing.
    """
    if pointer and (not pointer.startswith("/") or _ESCAPE.search(pointer)):
        raise EvidenceBroken(f"{pointer[:80]!r} is not a JSON pointer")
    for word in pointer.split("/")[1:]:
        key = word.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif (
            isinstance(value, list) and _INDEX.fullmatch(key) and len(key) < len("100000000") and int(key) < len(value)
        ):
            value = value[int(key)]
        else:
            raise EvidenceBroken(f"{pointer[:80]!r} points at nothing")
    return value
