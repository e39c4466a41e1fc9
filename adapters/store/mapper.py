"""Between stored bytes and facts: one dict from stored type to class, one chain of upcasters per type."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, cast

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent
from pydantic import ValidationError

from adapters.store.envelope import SALT_BYTES, Envelope, RawEnvelope, encode_envelope, leaf_hash, parse
from domain.errors import EvidenceBroken, RelanceError
from domain.facts.fact import Fact
from domain.facts.vocabulary import BY_TYPE, OF_STREAM, StreamKind


class DraftFactError(RelanceError):
    """A fact whose fields are not settled yet is not stored."""


@dataclass(frozen=True, slots=True)
class Leaf(StoredEvent):
    """A stored event of the library with the columns that relance keeps beside the bytes."""

    internal: bytes
    recorded_us: int
    act: str | None
    position: int = 0


def _called_1_to_2(fact: dict[str, Any]) -> dict[str, Any]:
    """The first revision kept the hour alone, as a number; the second says hour and minute."""
    hour = fact.pop("hour", None)
    return fact if hour is None else fact | {"at": f"{hour:02d}:00"}


#: Old stored type -> (the type it becomes, how its parsed fact becomes it). Never changed once released.
UPCASTERS: Final[dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]]] = {
    "relance.DebtorCalled.1": ("relance.DebtorCalled.2", _called_1_to_2),
}

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND: Final = dt.timedelta(microseconds=1)


def microseconds(at: dt.datetime) -> int:
    """An instant as whole microseconds since 1970, UTC."""
    return (at - _EPOCH) // _MICROSECOND


def moment(us: int) -> dt.datetime:
    """The instant of whole microseconds since 1970, UTC."""
    return _EPOCH + us * _MICROSECOND


_STREAM: Final = re.compile(r"(invoice|debtor|creditor|proceeding|log):[0-9a-f]{32}")
_CAUSE: Final = re.compile(r"(invoice|debtor|creditor|proceeding|log):[0-9a-f]{32}/[1-9][0-9]*")
_ID: Final = re.compile(r"[0-9a-f]{32}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def opaque(envelope: Envelope) -> None:
    """Every identifier of an envelope is one: nothing else enters the bytes, neither a name nor a quotation mark.

    Raises:
        RelanceError: one is not.
    """
    checks: list[tuple[re.Pattern[str], str | None]] = [
        (_STREAM, envelope.stream), (_ID, envelope.actor), (_ID, envelope.done_by), (_ID, envelope.command), (_ID, envelope.act),
        (_CAUSE, envelope.cause), (_DIGEST, envelope.prev), (_DIGEST, envelope.law),
    ]  # fmt: skip
    for pattern, value in checks:
        if value is not None and not pattern.fullmatch(value):
            raise RelanceError(f"{value!r} is not an identifier of the log")
    if envelope.version < 1 or len(envelope.internal) < SALT_BYTES:
        raise RelanceError("an envelope has a version from 1 and a salt")


def storable(fact: Fact, stream: str) -> None:
    """A draft, or a fact that has no place in this kind of stream, is not stored.

    Raises:
        DraftFactError: its command belongs to a later version of relance.
        RelanceError: the stream is of another kind.
    """
    kind = stream.partition(":")[0]
    if fact.draft:
        msg = f"{type(fact).__name__} is a draft: its fields are not settled, it cannot be stored yet"
        raise DraftFactError(msg)
    if type(fact) not in OF_STREAM[cast("StreamKind", kind)]:
        msg = f"{type(fact).__name__} has no place in the stream of a {kind}"
        raise RelanceError(msg)


def read_fact(stored_type: str, raw: bytes) -> Fact:
    """The fact of its parsed bytes, brought to its newest revision.

    Raises:
        EvidenceBroken: the type is unknown, or the bytes are not a fact of that type.
    """
    if stored_type in UPCASTERS:
        value = json.loads(raw)
        while stored_type in UPCASTERS:
            stored_type, upcast = UPCASTERS[stored_type]
            value = upcast(value)
        raw = json.dumps(value).encode()
    known = BY_TYPE.get(stored_type)
    if known is None or known.draft:
        reason = f"the log holds a {stored_type}, which this version of relance does not know"
        raise EvidenceBroken(reason)
    try:
        return known.model_validate_json(raw)
    except ValidationError as error:
        reason = f"not a {stored_type}: {error.errors()[0]['msg']}"
        raise EvidenceBroken(reason) from None


def read_raw(stored: bytes, position: int = 0) -> RawEnvelope:
    """The envelope of stored bytes, its fact left raw.

    Raises:
        EvidenceBroken: the bytes are not an envelope.
    """
    try:
        return parse(stored)
    except msgspec.DecodeError as error:
        raise EvidenceBroken(f"not an envelope: {error}", position=position) from None


class EnvelopeMapper(Mapper[str]):
    """The library's mapper, for envelopes: writes by the template, reads through the upcasters."""

    def __init__(self) -> None:
        super().__init__(transcoder=JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> Leaf:
        """The leaf of an envelope.

        Raises:
            DraftFactError: the fact is a draft.
        """
        envelope = cast("Envelope", domain_event)
        opaque(envelope)
        storable(envelope.fact, envelope.stream)
        return Leaf(
            envelope.stream,
            envelope.version,
            envelope.fact.stored_type,
            encode_envelope(envelope),
            envelope.internal,
            microseconds(envelope.recorded_at),
            envelope.act,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[str]:
        """The envelope of a leaf, its fact upcast.

        Raises:
            EvidenceBroken: the bytes are not an envelope of a known fact.
        """
        leaf = cast("Leaf", stored_event)
        raw = read_raw(leaf.state, leaf.position)
        if (raw.stream, raw.version) != (leaf.originator_id, leaf.originator_version):
            raise EvidenceBroken("the row's stream and version are not those of its bytes", position=leaf.position)
        if hashlib.sha256(leaf.internal).hexdigest() != raw.internal:
            raise EvidenceBroken("the internal part is not the one the bytes seal", position=leaf.position)
        return Envelope(
            stream=raw.stream,
            version=raw.version,
            fact=read_fact(raw.type, bytes(raw.fact)),
            recorded_at=dt.datetime.fromisoformat(raw.recorded_at),
            actor=raw.actor,
            command=raw.command,
            done_by=raw.done_by,
            internal=leaf.internal,
            provenance=raw.provenance,
            prev=raw.prev,
            act=raw.act,
            cause=raw.cause,
            findings=raw.findings,
            law=raw.law,
            position=leaf.position,
            leaf=leaf_hash(leaf.state),
        )
