"""A dossier held to an earlier one of the same invoices: what was an entry then is the same entry now, at the same place.

One log can hold two versions of a history, and sign both: only the entries of a dossier that somebody kept tell them apart.
"""

from dataclasses import replace
from pathlib import Path

from adapters.evidence import Check
from adapters.verification.bundle import BundleVerification, verify_bundle
from adapters.verification.dossier import Dossier
from adapters.verification.reading import some
from domain.errors import EvidenceBroken, Misuse, NotFound

CHECK = "16-against"


def compared(found: BundleVerification, file: Path, earlier: Path) -> BundleVerification:
    """The verification of a file with one check more: against an earlier one, which must itself be sound.

    Raises:
        NotFound: there is no such file.
        Misuse: it is not sound, of another log, or has no invoice in common.
    """
    if verify_bundle(earlier).verdict == "broken":
        raise Misuse(f"{earlier} is not sound itself: relance verify {earlier} says why; nothing can be held to it")
    if any(not check.ok for check in found.checks):
        return _with(found, Check(CHECK, ok=False, detail="not compared: the file itself is broken"))
    now, then = _read(file), _read(earlier)
    if now.export["origin"] != then.export["origin"]:
        raise Misuse(f"{earlier} is of another log: there is nothing to compare")
    common = [stream for stream in then.streams if stream in now.by_stream]
    if not common:
        raise Misuse(f"{earlier} shows none of these invoices: there is nothing to compare")
    try:
        entries = sum(_held(now, then, stream) for stream in common)
    except EvidenceBroken as error:
        return _with(found, Check(CHECK, ok=False, detail=str(error)))
    said = f"{some(entries, 'entry', 'entries')} of {some(len(common), 'stream')} are those of {earlier.name}"
    return _with(found, Check(CHECK, ok=True, detail=said))


def _held(now: Dossier, then: Dossier, stream: str) -> int:
    """How many entries of a stream are the same, whichever of the two files shows more of them.

    Raises:
        EvidenceBroken: one is another.
    """
    count = 0
    for here, there in zip(now.by_stream[stream], then.by_stream[stream], strict=False):
        if (here.hash, here.index) != (there.hash, there.index):
            raise EvidenceBroken(
                f"version {there.version} of {stream} is another entry than in the earlier file: this log holds two versions of"
                " this history. Keep both files",
                position=min(here.index, there.index) + 1,
            )
        count += 1
    return count


def _with(found: BundleVerification, check: Check) -> BundleVerification:
    return replace(found, checks=(*found.checks, check), is_sealed=found.is_sealed and check.ok)


def _read(path: Path) -> Dossier:
    try:
        return Dossier(path.read_bytes())
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}") from None
