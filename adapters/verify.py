"""Verification of the whole log: does every entry hold together, against the columns beside it? It changes nothing and trusts nothing.

That of an exported file is `adapters.verification`; that of the seal, `relance log fsck`.
"""

from typing import TYPE_CHECKING, Final

from adapters.evidence import Check, Verification
from adapters.log_reading import LogReading
from adapters.store.sqlite import SQLiteStore
from adapters.verified import write_note

if TYPE_CHECKING:
    from adapters.application import Relance

_UNSEALED: Final = (
    "not looked at here: `relance log fsck` holds the log to the checkpoints that were signed; without one given to others, whoever"
    " holds the file could have written it whole"
)


def verify_log(source: "Relance | SQLiteStore") -> Verification:
    """Check every row of a log, one event at a time."""
    read = LogReading(source if isinstance(source, SQLiteStore) else source.store)
    read.read(read.rows, read.paths)
    checks = [
        Check(name, ok=name not in read.faults, detail=str(read.faults.get(name) or words))
        for name, words in read.said().items()
    ]
    broken = min((fault.position for fault in read.faults.values()), default=None)
    return Verification((*checks, Check("8-seal", ok=True, detail=_UNSEALED)), broken)


def verify_and_note(app: "Relance") -> Verification:
    """Check every row of a log; where it is whole, leave a note of the position that it had reached when the check began."""
    upto = app.store.position()
    found = verify_log(app)
    if found.verdict != "broken":
        write_note(app.folder.path, app.store, upto, app.clock.now())
    return found
