"""What every check of a dossier leans on: JSON of one form, exact members, and parts that are read once, or not at all."""

import base64
import json
import re
from collections.abc import Callable, Iterable
from typing import Any, Final, Generic, TypeVar, overload

from domain.errors import EvidenceBroken

#: Whole numbers beyond lose digits in some readers.
MOST: Final = 2**53
_DIGITS: Final = 17
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
ID: Final = re.compile(r"[0-9a-f]{32}")
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Owner = TypeVar("Owner")
Read = TypeVar("Read")


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise EvidenceBroken("a JSON object holds the same key twice")
    return found


def _whole(text: str) -> int:
    number = int(text) if len(text) <= _DIGITS else MOST
    if abs(number) >= MOST:
        raise EvidenceBroken(f"a number of JSON is too large: {text[:20]}")
    return number


def _none(text: str) -> Any:
    raise EvidenceBroken(f"a number of JSON is not whole: {text[:20]}")


_decoder: Final = json.JSONDecoder(object_pairs_hook=_single, parse_int=_whole, parse_float=_none, parse_constant=_none)
_encoder: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def one_form(raw: bytes, what: str, *, end: bytes = b"\n") -> Any:
    """The value of JSON that is written in the only form it can have.

    Raises:
        EvidenceBroken: it is not JSON, or has another form.
    """
    try:
        value = _decoder.decode(raw.removesuffix(end).decode())
        written = _encoder.encode(value).encode() + end
    except (ValueError, RecursionError) as error:
        raise EvidenceBroken(f"{what} is not JSON: {type(error).__name__}: {error}") from None
    if written != raw:
        raise EvidenceBroken(f"{what} is not in its one form")
    return value


def exactly(value: Any, what: str, /, **members: type | tuple[type, ...]) -> dict[str, Any]:
    """An object that has these members, of these types, and no other; true and false are no numbers.

    Raises:
        EvidenceBroken: it has others.
    """
    if not isinstance(value, dict) or value.keys() != members.keys():
        raise EvidenceBroken(f"{what} has not the members {', '.join(sorted(members))}")
    for name, kind in members.items():
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if type(value[name]) not in kinds:
            raise EvidenceBroken(f"{what}: {name} is of another type")
    return value


def matching(pattern: re.Pattern[str], value: Any, what: str) -> str:
    """A string of a pattern.

    Raises:
        EvidenceBroken: it is none.
    """
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise EvidenceBroken(f"{what} is not one: {str(value)[:80]!r}")
    return value


def hashes(values: Any, what: str) -> list[bytes]:
    """The hashes of a proof.

    Raises:
        EvidenceBroken: it holds something else.
    """
    if not isinstance(values, list):
        raise EvidenceBroken(f"{what} is not a list")
    return [bytes.fromhex(matching(DIGEST, each, f"a hash of {what}")) for each in values]


def natural(value: Any, what: str, *, least: int = 0) -> int:
    """A whole number from a least one.

    Raises:
        EvidenceBroken: it is none.
    """
    if type(value) is not int or value < least:
        raise EvidenceBroken(f"{what} is not a number from {least}: {str(value)[:40]}")
    return value


def strings(values: Any, what: str) -> list[str]:
    """A list of strings without a repeat.

    Raises:
        EvidenceBroken: it is none.
    """
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise EvidenceBroken(f"{what} is not a list of strings")
    if len(set(values)) != len(values):
        raise EvidenceBroken(f"{what} names something twice")
    return values


def coded(raw: bytes) -> str:
    """Base64."""
    return base64.b64encode(raw).decode()


def few(names: Iterable[str], most: int = 3) -> str:
    """The first of some names."""
    listed = sorted(names)
    return ", ".join(listed[:most]) + (f" and {len(listed) - most} more" if len(listed) > most else "")


def some(count: int, noun: str, many: str = "") -> str:
    """A count in words: 1 key, 2 keys."""
    return f"{count} {noun if count == 1 else many or f'{noun}s'}"


class Unread(EvidenceBroken):
    """What is wanted could not be read: the check that met it first says why."""


class part(Generic[Owner, Read]):  # noqa: N801 - stands where `property` would
    """A part of a dossier that is read when it is first wanted; when it does not read, whatever wants it fails too."""

    def __init__(self, make: Callable[[Owner], Read]) -> None:
        self.make = make
        what = (make.__doc__ or "").partition("\n")[0].rstrip(".")
        self.what = what[:1].lower() + what[1:]
        self.name = make.__name__

    @overload
    def __get__(self, owner: None, kind: type) -> "part[Owner, Read]": ...
    @overload
    def __get__(self, owner: Owner, kind: type) -> Read: ...
    def __get__(self, owner: Owner | None, kind: type) -> "part[Owner, Read] | Read":
        if owner is None:
            return self
        known: dict[str, Any] = vars(owner)
        if self.name in known:
            found: Read = known[self.name]
            return found
        failed = f"failed {self.name}"
        if failed in known:
            raise Unread(known[failed])
        try:
            made = known[self.name] = self.make(owner)
        except Exception as error:
            known[failed] = (
                error.reason if isinstance(error, Unread) else f"not checked, for want of {self.what}: {error}"[:300]
            )
            raise
        return made
