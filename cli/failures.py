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
    (sqlite3.DatabaseError, 5),
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
    if isinstance(error, OSError | sqlite3.Error):
        return f"{type(error).__name__}: {error}"
    return f"Unforeseen {type(error).__name__}: {error}. Nothing half-written; run again with --debug and report it."
