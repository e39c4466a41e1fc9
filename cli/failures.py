"""The single place where errors become messages and exit codes."""

import sqlite3

from pydantic import ValidationError

from domain.errors import Conflict, EvidenceBroken, InvalidInput, Misuse, NotFound, Refused, RelanceError

CODES: tuple[tuple[type[BaseException], int], ...] = (
    (Refused, 1),
    (Misuse, 2),
    (NotFound, 3),
    (Conflict, 4),
    (EvidenceBroken, 5),
    (InvalidInput, 6),
    (ValidationError, 2),
    (FileNotFoundError, 3),
    (sqlite3.OperationalError, 4),
    (sqlite3.DatabaseError, 4),
    (OSError, 6),
    (RelanceError, 1),
)


def exit_code(error: BaseException) -> int:
    """The exit code of an error; 1 for one that nobody foresaw."""
    return next((code for kind, code in CODES if isinstance(error, kind)), 1)


def message(error: BaseException) -> str:
    """What went wrong, in one sentence for each thing, without a traceback."""
    if isinstance(error, ValidationError):
        parts = [
            f"{'.'.join(map(str, each['loc'])) or 'value'}: {each['msg']}" for each in error.errors(include_url=False)
        ]
        return "That does not fit: " + "; ".join(parts)
    if isinstance(error, RelanceError):
        return str(error)
    if isinstance(error, FileNotFoundError):
        return f"There is no file {error.filename}."
    if isinstance(error, sqlite3.Error):
        return _of_a_file(error)
    if isinstance(error, OSError):
        return f"{type(error).__name__}: {error}"
    return f"Unforeseen {type(error).__name__}: {error}. Nothing half-written; run again with --debug and report it."


def _of_a_file(error: sqlite3.Error) -> str:
    """What is the matter with a file of the store, and what may be done."""
    said = f"{type(error).__name__}: {error}"
    if any(word in str(error) for word in ("disk is full", "disk I/O error")):
        return f"{said}. No space is left on the disk of the store, or the disk fails; nothing half-written."
    if any(word in str(error) for word in ("malformed", "not a database", "no such", "UNIQUE")):
        return (
            f"{said}. A file of the store is damaged: `relance views rebuild` makes the views anew, and loses nothing;"
            " `relance verify --log` says whether the log itself is sound."
        )
    return said
