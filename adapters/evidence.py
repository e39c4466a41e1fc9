"""What verification reads and reports: events from their exact bytes, their chain, whether a history could be recorded so."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, Literal

import msgspec

from adapters.clock import paris_day
from adapters.store.envelope import RawEnvelope, canonical, encode, fact_bytes, leaf_hash
from adapters.store.mapper import read_fact, read_raw, storable
from domain.errors import EvidenceBroken
from domain.facts.fact import Fact
from domain.facts.invoicing import EntryWithdrawn, InvoiceFellDue, InvoiceIssued, InvoicePaid
from domain.history import Entry, conclusions, founding, replay, standing
from domain.invoice import NoEdge

_ID: Final = re.compile(r"[0-9a-f]{32}").fullmatch
_DIGEST: Final = re.compile(r"[0-9a-f]{64}").fullmatch
Verdict = Literal["conform", "conform_unpinned", "broken"]


@dataclass(frozen=True, slots=True)
class Check:
    """One numbered check: what was found."""

    id: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The checks, and the first broken position of the log where one is known."""

    checks: tuple[Check, ...]
    position: int | None = None
    is_sealed: bool = False

    @property
    def verdict(self) -> Verdict:
        """`broken` if any check fails; `conform` only under a seal."""
        if not all(check.ok for check in self.checks):
            return "broken"
        return "conform" if self.is_sealed else "conform_unpinned"


@dataclass(frozen=True, slots=True)
class Event:
    """An event as read from its bytes."""

    position: int
    raw: RawEnvelope
    fact: Fact
    recorded_at: dt.datetime
    leaf: str


def read_event(position: int, stored: bytes) -> Event:
    """An event from its exact bytes, refused unless they are the only ones it can have.

    Raises:
        EvidenceBroken: not canonical, not an envelope, of an unknown type, or its fact does not read.
    """
    if canonical(no_key_twice(stored)) != stored:
        raise EvidenceBroken("its bytes are not in canonical form", position=position)
    return told_event(position, stored)


def told_event(position: int, stored: bytes) -> Event:
    """An event from bytes whose form is checked elsewhere.

    Raises:
        EvidenceBroken: not an envelope of opaque identifiers, of an unknown type, or its fact does not read.
    """
    raw = read_raw(stored, position)
    fact = read_fact(raw.type, bytes(raw.fact))
    storable(fact, raw.stream)
    ids = (raw.actor, raw.command, raw.done_by, raw.stream.partition(":")[2], raw.act)
    digests = (raw.internal, raw.law, raw.prev)
    if not (all(id is None or _ID(id) for id in ids) and all(each is None or _DIGEST(each) for each in digests)):
        raise EvidenceBroken("an identifier of its envelope is none", position=position)
    recorded_at = dt.datetime.fromisoformat(raw.recorded_at)
    if recorded_at.isoformat(timespec="microseconds") != f"{raw.recorded_at[:-1]}+00:00":
        raise EvidenceBroken("its instant is not in canonical form", position=position)
    return Event(position, raw, fact, recorded_at, leaf_hash(stored))


def quick_event(position: int, stored: bytes, internal: bytes) -> Event:
    """An event whose bytes are those that the template of the log writes; any other is read the slow way.

    Raises:
        EvidenceBroken: as `read_event`.
    """
    try:
        event = told_event(position, stored)
        raw = event.raw
        found = canonical([msgspec.to_builtins(each) for each in raw.findings]).decode() if raw.findings else ""
        written = encode(
            fact_bytes(event.fact), raw.type, raw.stream, raw.version, raw.recorded_at,
            raw.actor, raw.done_by, raw.command, internal, raw.provenance, raw.prev, raw.act, raw.cause, raw.law, found,
        )  # fmt: skip
    except Exception:  # noqa: BLE001 - the slow way says what is wrong
        return placed(position, stored)
    return event if written == stored else placed(position, stored)


def no_key_twice(text: bytes) -> Any:
    """Parse JSON.

    Raises:
        EvidenceBroken: an object holds the same key twice.
    """

    def single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise EvidenceBroken("a JSON object holds the same key twice")
        return found

    return json.loads(text, object_pairs_hook=single)


def path_fault(entries: Sequence[Entry], recorded_on: dt.date, days: Mapping[int, dt.date]) -> str | None:
    """Why these entries could not have been recorded so, if they could not.

    Args:
        entries: all of an invoice, in order.
        recorded_on: the Paris day on which the newest was recorded.
        days: the Paris day of recording by version.
    """
    ahead = next((each for each in entries if each.fact.on > days[each.version]), None)
    if ahead:
        return f"version {ahead.version} took effect on {ahead.fact.on}, after the day it was recorded"
    seen: dict[int, Fact] = {}
    for each in entries:
        if isinstance(each.fact, EntryWithdrawn):
            target = seen.pop(each.fact.withdrawn, None)
            if target is None or isinstance(target, EntryWithdrawn):
                return f"version {each.version} withdraws version {each.fact.withdrawn}, which does not stand"
        seen[each.version] = each.fact
    if founding(entries) is None or sum(isinstance(each.fact, InvoiceIssued) for each in standing(entries)) != 1:
        return "it has not one issue that stands"
    try:
        replay(entries)
        expected = conclusions(entries, recorded_on)
    except NoEdge as error:
        return str(error)
    recorded = [each.fact for each in standing(entries) if isinstance(each.fact, InvoiceFellDue | InvoicePaid)]
    for fact in recorded:
        if fact not in expected:
            return f"{type(fact).__name__} of {fact.on} does not follow from the other entries"
        expected.remove(fact)
    missing = next((fact for fact in expected if fact.on < recorded_on), None)
    return (
        f"{type(missing).__name__} of {missing.on} follows from the other entries and is not there" if missing else None
    )


def placed(position: int, stored: bytes, read: Callable[[int, bytes], Event] = read_event) -> Event:
    """An event, every failure to read it told with its position.

    Raises:
        EvidenceBroken: it does not read.
    """
    try:
        return read(position, stored)
    except EvidenceBroken as error:
        raise EvidenceBroken(error.reason, position=position) from None
    except Exception as error:  # noqa: BLE001 - whatever mangled bytes provoke, they do not read
        raise EvidenceBroken(f"{type(error).__name__}: {error}"[:200], position=position) from None


@dataclass(slots=True)
class Chain:
    """The newest version and leaf hash of each stream, and the newest instant."""

    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    recorded_at: str = ""

    def fault(self, raw: RawEnvelope, leaf: str) -> str | None:
        """Take the next event in; say why it does not follow, if it does not."""
        version, head = self.heads.get(raw.stream, (0, None))
        self.heads[raw.stream] = (raw.version, leaf)
        earlier, self.recorded_at = self.recorded_at, max(self.recorded_at, raw.recorded_at)
        if raw.version != version + 1:
            return f"version {raw.version} of {raw.stream} follows version {version}"
        if raw.prev != head:
            return f"version {raw.version} of {raw.stream} does not name the one before it (prev)"
        if raw.recorded_at < earlier:
            return f"recorded at {raw.recorded_at}, before the event it follows ({earlier})"
        return None


def history(events: Iterable[Event]) -> tuple[tuple[Entry, ...], dt.date, dict[int, dt.date]]:
    """Entries, the day the newest was recorded, the day of recording of each version."""
    listed = list(events)
    entries = tuple(Entry(each.raw.version, each.fact, each.position, each.raw.act) for each in listed)
    days = {each.raw.version: paris_day(each.recorded_at) for each in listed}
    return entries, max(days.values()), days


def first_fault(events: Sequence[Event]) -> tuple[int, str] | None:
    """The first position at the end of a command where an invoice's history could no longer have been recorded, and why."""
    fault = path_fault(*history(events))
    if fault is None:
        return None
    for upto, (event, after) in enumerate(pairwise(events), start=1):
        if event.raw.command != after.raw.command:
            earlier = path_fault(*history(events[:upto]))
            if earlier:
                return event.position, earlier
    return events[-1].position, fault
