"""The envelope of a fact and its bytes, which are for ever.

The stored bytes are the canonical JSON of the whole: UTF-8, keys sorted, compact, no floats, null and empty members left
out. They are written by one template, because bulk import depends on it; a property test holds it equal to the sorted dump.
They are never re-serialised: what is read is upcast on the parsed fact only.
"""

import datetime as dt
import hashlib
import json
import os
import re
from typing import Any, Final, Literal

import msgspec

from domain.facts.fact import Fact

Provenance = Literal["witnessed", "declared", "imported", "reconstructed"]
Confidentiality = Literal["none", "internal", "lawyer", "mediation"]

FORMAT: Final = 1
SALT_BYTES: Final = 16
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


class Finding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule that an observation breached: codes only, no prose."""

    consequence: str
    reference: str
    rule: str


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """A fact with who, when, under which command and law. `internal` is the column: salt, then canonical JSON."""

    stream: str
    version: int
    fact: Fact
    recorded_at: dt.datetime
    actor: str
    command: str
    done_by: str
    internal: bytes
    provenance: Provenance
    prev: str | None = None
    act: str | None = None
    cause: str | None = None
    findings: tuple[Finding, ...] = ()
    law: str | None = None
    position: int = 0
    leaf: str = ""

    @property
    def originator_id(self) -> str:
        """The stream, in the library's word."""
        return self.stream

    @property
    def originator_version(self) -> int:
        """The version, in the library's word."""
        return self.version


class RawEnvelope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The parsed bytes, the fact left raw."""

    actor: str
    command: str
    done_by: str
    fact: msgspec.Raw
    internal: str
    provenance: Provenance
    recorded_at: str
    stream: str
    type: str
    v: Literal[1]
    version: int
    act: str | None = None
    cause: str | None = None
    findings: tuple[Finding, ...] = ()
    law: str | None = None
    prev: str | None = None


parse: Final = msgspec.json.Decoder(RawEnvelope).decode


def canonical(value: Any) -> bytes:
    """The canonical JSON of a value: the reference against which the template is tested."""
    return json.dumps(
        pruned(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def pruned(value: Any) -> Any:
    """A value without its null and empty members.

    Raises:
        TypeError: a float, which has no canonical form here.
    """
    if isinstance(value, float):
        msg = "no float has a place in the log"
        raise TypeError(msg)
    if isinstance(value, dict):
        kept = {key: pruned(member) for key, member in value.items()}
        return {key: member for key, member in kept.items() if not (member is None or member in ("", [], {}, ()))}
    if isinstance(value, list | tuple):
        return [pruned(member) for member in value]
    return value


def fact_bytes(fact: Fact) -> bytes:
    """The canonical JSON of a fact: its fields are declared in sorted order and default to null, never to empty."""
    return fact.__pydantic_serializer__.to_json(fact, exclude_none=True)


def instant(at: dt.datetime) -> str:
    """An instant as the log writes it: UTC, six decimals, Z."""
    at = at.astimezone(dt.UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06d}Z"


def leaf_hash(stored: bytes) -> str:
    """SHA-256 of a zero byte and the stored bytes: the RFC 6962 leaf, and what the next event calls `prev`."""
    return hashlib.sha256(b"\x00" + stored).hexdigest()


def internal_part(
    *,
    policy: str | None = None,
    policy_findings: tuple[str, ...] = (),
    override: str | None = None,
    confidentiality: Confidentiality = "none",
    reason: str | None = None,
) -> bytes:
    """The column of what never leaves the firm: a fresh salt, which makes the leaf impossible to guess, and canonical JSON."""
    if override is not None and not _CODE.fullmatch(override):
        raise ValueError(f"{override!r} is no code: no free text goes into the log")
    return os.urandom(SALT_BYTES) + canonical(
        {
            "confidentiality": confidentiality,
            "override": override,
            "policy": policy,
            "policy_findings": list(policy_findings),
            "reason": reason,
        }
    )


def confidentiality_of(internal: bytes) -> Confidentiality:
    """What the column of the internal part says of who may see an entry."""
    found: Confidentiality = json.loads(internal[SALT_BYTES:]).get("confidentiality", "none")
    return found


def encode(
    fact: bytes,
    stored_type: str,
    stream: str,
    version: int,
    recorded_at: str,
    actor: str,
    done_by: str,
    command: str,
    internal: bytes,
    provenance: str,
    prev: str | None,
    act: str | None,
    cause: str | None,
    law: str | None,
    findings: str,
) -> bytes:
    """The stored bytes by one template, keys in sorted order, absent members left out."""
    found = f'"findings":{findings},' if findings else ""
    return (
        f'{{{_member("act", act)}"actor":"{actor}",{_member("cause", cause)}"command":"{command}","done_by":"{done_by}",'
        f'"fact":{fact.decode()},{found}'
        f'"internal":"{hashlib.sha256(internal).hexdigest()}",{_member("law", law)}{_member("prev", prev)}'
        f'"provenance":"{provenance}","recorded_at":"{recorded_at}","stream":"{stream}",'
        f'"type":"{stored_type}","v":{FORMAT},"version":{version}}}'
    ).encode()


def _member(name: str, value: str | None) -> str:
    return f'"{name}":"{value}",' if value else ""


def encode_envelope(envelope: Envelope) -> bytes:
    """The stored bytes of an envelope."""
    findings = (
        canonical([msgspec.to_builtins(each) for each in envelope.findings]).decode() if envelope.findings else ""
    )
    return encode(
        fact_bytes(envelope.fact),
        envelope.fact.stored_type,
        envelope.stream,
        envelope.version,
        instant(envelope.recorded_at),
        envelope.actor,
        envelope.done_by,
        envelope.command,
        envelope.internal,
        envelope.provenance,
        envelope.prev,
        envelope.act,
        envelope.cause,
        envelope.law,
        findings,
    )
