"""`relance verify FILE`: fifteen checks of a sealed dossier, by itself and offline. It changes nothing and trusts nothing it reads.

FORMAT.md numbers the first eleven, which any verifier makes:

1. archive: the file is the one zip that its members make.
2. manifests: the lists of files are the ones that the files make.
3. leaves: each entry parses, in one form, of a known type, and its fact reads.
4. inclusion: each entry is in the tree of the checkpoint, at its place.
5. chain: each stream whole from its first version, each entry naming the one before.
6. closing: each stream ends by an entry that seals this content.
7. openings: originals, cards and parties are those that were sealed.
8. checkpoint: signed by the keys named, and by those got from elsewhere.
9. consistency: the log goes on from the checkpoints of earlier exports.
10. heads: the streams end where the log sealed that they did.
11. stamps: what authorities stamped, and when.

The others want the rules of relance:

12. path: each history is a path of the chart, its conclusions follow from it.
13. figures: `resume.json` is what the entries come to; the claims, what the rulebook inside makes of them.
14. rulebooks: each law named is there under its digest.
15. cachet: the electronic seal of the pages, where there is one, holds.
"""

import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from adapters.evidence import Check, Verification
from adapters.seal.note import WITNESS, WRITER, Key
from adapters.verification import container, deep, journal, seals, stamps
from adapters.verification.dossier import Dossier
from domain.errors import EvidenceBroken, NotFound

if TYPE_CHECKING:
    from cryptography import x509

_LONGEST: Final = 600
#: Words of a check that holds, and not for all that one would wish.
RESERVES: Final = ("NOT recomputed", "OTHER LEGAL VALUES", "NOT WHOLLY CHECKED", "added by a user")


@dataclass(frozen=True, slots=True)
class Told:
    """What a file says of itself: when it was made, at which position, what it withholds, whether it is a trial."""

    on: str
    generated_at: str
    position: int
    withheld: int
    sandbox: bool


@dataclass(frozen=True, slots=True)
class BundleVerification(Verification):
    """The checks of a file, and what it says of itself; nothing where that does not read."""

    told: Told | None = None
    is_pinned: bool = False

    @property
    def reserves(self) -> list[str]:
        """What a check that passed could not establish: to be said as loudly as the verdict."""
        return [
            f"{check.id}: {check.detail}"
            for check in self.checks
            if check.ok and any(word in check.detail for word in RESERVES)
        ]


def verify_bundle(
    path: Path,
    keys: Sequence[Key] = (),
    witnesses: Sequence[Key] = (),
    roots: "Sequence[x509.Certificate]" = (),
) -> BundleVerification:
    """Check a dossier by itself, offline.

    Args:
        path: the file.
        keys: keys got from elsewhere, of the log or of witnesses; each must have signed.
        witnesses: the same.
        roots: root certificates got from elsewhere; the stamps and the seal of the pages must lead to them.

    Raises:
        NotFound: no such file.
    """
    return verify_bytes(_read(path), keys, witnesses, roots)


def verify_bytes(
    file: bytes | None,
    keys: Sequence[Key] = (),
    witnesses: Sequence[Key] = (),
    roots: "Sequence[x509.Certificate]" = (),
) -> BundleVerification:
    """The same of a file that is read already; none when it is too long to be one."""
    pinned = [key for key in (*keys, *witnesses) if key.kind == WRITER]
    cosigning = [key for key in (*keys, *witnesses) if key.kind == WITNESS]
    dossier = Dossier(file)
    steps: tuple[tuple[str, Callable[[], str]], ...] = (
        ("1-archive", lambda: f"{len(dossier.members)} files, and the archive is the only one that they make"),
        ("2-manifests", lambda: _manifests(dossier)),
        ("3-leaves", lambda: journal.check_leaves(dossier)),
        ("4-inclusion", lambda: journal.check_inclusion(dossier)),
        ("5-chain", lambda: journal.check_chain(dossier)),
        ("6-closing", lambda: journal.check_closing(dossier)),
        ("7-openings", lambda: journal.check_openings(dossier)),
        ("8-checkpoint", lambda: seals.check_signatures(dossier, pinned, cosigning)),
        ("9-consistency", lambda: seals.check_consistency(dossier)),
        ("10-heads", lambda: seals.check_heads(dossier)),
        ("11-stamps", lambda: stamps.check_stamps(dossier, roots)),
        ("12-path", lambda: deep.check_paths(dossier)),
        ("13-figures", lambda: deep.check_figures(dossier)),
        ("14-rulebooks", lambda: deep.check_rulebooks(dossier)),
        ("15-cachet", lambda: deep.check_cachet(dossier, roots)),
    )
    checks, positions = [], []
    for name, step in steps:
        check, position = _checked(name, step)
        checks.append(check)
        positions += [position] if position else []
    is_pinned = bool(pinned)
    is_conform = all(check.ok for check in checks)
    return BundleVerification(
        tuple(checks), min(positions, default=None), is_pinned and is_conform, _told(dossier), is_pinned
    )


def _read(path: Path) -> bytes | None:
    """The bytes of a file, read once; nothing of one that is too long for an archive of this kind."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise NotFound(f"{path} is not a file")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            return file.read(size) if size <= container.MOST_BYTES else None
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}") from None


def _manifests(dossier: Dossier) -> str:
    return container.check_manifests(dossier.members, dossier.digests, dossier.resume["generated_at"])


def _checked(name: str, step: Callable[[], str]) -> tuple[Check, int]:
    """A check, and the position of the log at which it broke."""
    try:
        return Check(name, ok=True, detail=_one_line(step())), 0
    except EvidenceBroken as error:
        return Check(name, ok=False, detail=_one_line(str(error))), error.position or 0
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - libraries in Rust panic outside of Exception; whatever it is, not passed
        return Check(name, ok=False, detail=_one_line(f"{type(error).__name__}: {error}")), 0


def _one_line(text: str) -> str:
    """A detail that a terminal shows as it is, whatever the file put into it."""
    plain = "".join(each if each.isprintable() else " " for each in text)
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"


def _told(dossier: Dossier) -> Told | None:
    check, _ = _checked("told", lambda: str(dossier.export["on"]))
    if not check.ok:
        return None
    export = dossier.export
    return Told(export["on"], export["generated_at"], export["position"], export["withheld"], export["sandbox"])
