"""The lines of the journal and of its annexes: entries shown, with what opens them, and entries withheld. FORMAT.md, section 3."""

import re
from dataclasses import dataclass
from typing import Any, Final

from adapters.evidence import Event, placed, read_event
from adapters.seal.tree import Hash, leaf_of
from adapters.verification.reading import DAY, DIGEST, exactly, hashes, matching, natural, one_form
from domain.errors import EvidenceBroken

STREAM: Final = re.compile(r"(invoice|debtor|creditor|proceeding|log):[0-9a-f]{32}")
_CAUSE: Final = re.compile(rf"{STREAM.pattern}/[1-9][0-9]*")
_TYPE: Final = re.compile(r"relance\.[A-Za-z]+\.[1-9][0-9]*")
_STRINGS: Final = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry that is disclosed: its bytes, the event that they are, what opens its digests."""

    index: int
    leaf: bytes
    event: Event
    openings: tuple[tuple[str, str, str], ...]
    proof: list[Hash]

    @property
    def stream(self) -> str:
        """Its stream."""
        return self.event.raw.stream

    @property
    def version(self) -> int:
        """Its version."""
        return self.event.raw.version

    @property
    def hash(self) -> Hash:
        """Its leaf hash."""
        return leaf_of(self.leaf)

    def is_a(self, *names: str) -> bool:
        """Whether it is of one of these types, whatever the revision."""
        return self.event.raw.type.split(".")[1] in names


@dataclass(frozen=True, slots=True)
class Withheld:
    """An entry that is kept back: its hash keeps its place."""

    index: int
    stream: str
    version: int
    hash: Hash
    proof: list[Hash]


Line = Shown | Withheld


def lines(raw: bytes, file: str, *, may_withhold: bool = True) -> list[Line]:
    """The lines of a file.

    Raises:
        EvidenceBroken: one does not read, or they are not in their order.
    """
    if raw and not raw.endswith(b"\n"):
        raise EvidenceBroken(f"{file}: its last line is cut")
    found: list[Line] = []
    latest = ""
    for number, each in enumerate(raw.split(b"\n")[:-1], start=1):
        line = _line(each + b"\n", f"line {number} of {file}")
        if found and line.index <= found[-1].index:
            raise EvidenceBroken(f"line {number} of {file}: indexes do not rise", position=line.index + 1)
        if isinstance(line, Withheld) and not may_withhold:
            raise EvidenceBroken(f"line {number} of {file}: an entry is withheld", position=line.index + 1)
        if isinstance(line, Shown):
            if line.event.raw.recorded_at < latest:
                raise EvidenceBroken(
                    f"line {number} of {file}: recorded before the line above", position=line.index + 1
                )
            latest = line.event.raw.recorded_at
        found.append(line)
    return found


def _line(raw: bytes, what: str) -> Line:
    value = one_form(raw, what)
    if isinstance(value, dict) and "withheld" in value:
        exactly(value, what, index=int, leaf_hash=str, proof=list, stream=str, version=int, withheld=bool)
        if not value["withheld"]:
            raise EvidenceBroken(f"{what}: withheld is false")
        return Withheld(
            natural(value["index"], f"{what}: index"),
            matching(STREAM, value["stream"], f"{what}: stream"),
            natural(value["version"], f"{what}: version", least=1),
            bytes.fromhex(matching(DIGEST, value["leaf_hash"], f"{what}: leaf_hash")),
            hashes(value["proof"], what),
        )
    exactly(value, what, index=int, leaf=str, openings=list, proof=list)
    for each in value["openings"]:
        if not isinstance(each, list) or len(each) != _STRINGS or not all(isinstance(one, str) for one in each):
            raise EvidenceBroken(f"{what}: an opening is not a pointer, a salt and a path")
    return shown(value, what, tuple((each[0], each[1], each[2]) for each in value["openings"]))


def shown(value: dict[str, Any], what: str, openings: tuple[tuple[str, str, str], ...] = ()) -> Shown:
    """An entry of which index, bytes and proof are given.

    Raises:
        EvidenceBroken: it does not read.
    """
    index, leaf = natural(value["index"], f"{what}: index"), str(value["leaf"]).encode()
    event = placed(index + 1, leaf, _strict)
    return Shown(index, leaf, event, openings, hashes(value["proof"], what))


def _strict(position: int, leaf: bytes) -> Event:
    """The event of bytes that are in their one form, its envelope held to the text of the format.

    Raises:
        EvidenceBroken: they are not.
    """
    value = one_form(leaf, "the entry", end=b"")
    event = read_event(position, leaf)
    raw = event.raw
    matching(STREAM, raw.stream, "its stream")
    matching(_TYPE, raw.type, "its type")
    matching(DAY, value["fact"]["on"], "its day")
    natural(raw.version, "its version", least=1)
    if raw.cause is not None:
        matching(_CAUSE, raw.cause, "its cause")
    return event
