"""A note of the last verification of the log that found it whole: up to where, with which leaf there, and when.

It is a note for whoever runs the store, not evidence: it lies beside the log, and whoever can write there can write it. What it is
worth is that a later check reads the leaf of that position again, and that a verification forgotten for months is noticed.
"""

import datetime as dt
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from adapters.store.envelope import instant, leaf_hash
from adapters.store.sqlite import SQLiteStore

NOTE: Final = "relance.verified.json"


class Verified(NamedTuple):
    """What the note says."""

    position: int
    leaf: str
    verified_at: dt.datetime


def leaf_at(store: SQLiteStore, position: int) -> str | None:
    """The leaf hash of a position; nothing above the newest."""
    row = store.row_at(position)
    return leaf_hash(row[1]) if row else None


def write_note(folder: Path, store: SQLiteStore, position: int, at: dt.datetime) -> bool:
    """Leave the note, whole or not at all; a folder that cannot be written keeps the one it has.

    Returns:
        Whether it was left.
    """
    leaf = leaf_at(store, position)
    if leaf is None:
        return False
    text = json.dumps({"leaf": leaf, "position": position, "verified_at": instant(at)}, indent=2) + "\n"
    draft = ""
    try:
        handle, draft = tempfile.mkstemp(dir=folder, prefix=NOTE, suffix=".new")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(draft).replace(folder / NOTE)
    except OSError:
        if draft:
            with suppress(OSError):
                Path(draft).unlink()
        return False
    return True


def read_note(folder: Path) -> Verified | None:
    """The note; nothing where there is none that reads."""
    try:
        value = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        return Verified(int(value["position"]), str(value["leaf"]), dt.datetime.fromisoformat(value["verified_at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
