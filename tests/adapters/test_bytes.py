"""The bytes that are for ever: template == sorted dump, frozen specimens, one real upcast, drafts refused."""

import datetime as dt
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from adapters.store.envelope import (
    Envelope,
    Finding,
    canonical,
    encode_envelope,
    instant,
    internal_part,
    leaf_hash,
    pruned,
)
from adapters.store.mapper import (
    UPCASTERS,
    DraftFactError,
    EnvelopeMapper,
    Leaf,
    microseconds,
    moment,
    read_fact,
    read_raw,
    storable,
)
from domain.errors import EvidenceBroken, RelanceError
from domain.facts.fact import Fact
from domain.facts.recovery import DebtorCalled
from domain.facts.vocabulary import BY_TYPE, OF_STREAM
from tests import builders as make
from tests.conftest import HERE
from tests.strategies import any_fact, of

STORED = sorted((fact for fact in BY_TYPE.values() if not fact.draft), key=lambda fact: fact.stored_type)
DRAFTS = sorted((fact for fact in BY_TYPE.values() if fact.draft), key=lambda fact: fact.stored_type)
FROZEN = HERE / "specimens" / "bytes.jsonl"
FROZEN_LEAF = "2166753d8f925019e05e6126064669a8f835def6413e878a130df3822b24c901"
ids = some.text("0123456789abcdef", min_size=32, max_size=32)
digests = some.text("0123456789abcdef", min_size=64, max_size=64)
codes = some.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True)

envelopes = some.builds(
    Envelope,
    stream=ids.map(lambda name: f"invoice:{name}"),
    version=some.integers(1, 10**6),
    fact=any_fact(STORED),
    recorded_at=some.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1), timezones=some.just(dt.UTC)),  # noqa: DTZ001
    actor=ids,
    command=ids,
    done_by=ids,
    internal=some.binary(min_size=18),
    provenance=some.sampled_from(["witnessed", "declared", "imported", "reconstructed"]),
    prev=some.none() | digests,
    act=some.none() | ids,
    cause=some.none() | ids.map(lambda name: f"invoice:{name}/3"),
    findings=some.lists(some.builds(Finding, codes, codes, codes), max_size=3).map(tuple),
    law=some.none() | digests,
)


def as_members(envelope: Envelope) -> dict[str, object]:
    """The envelope as a plain value, by hand: the independent side of the property."""
    import hashlib  # noqa: PLC0415

    return {
        "act": envelope.act, "actor": envelope.actor, "cause": envelope.cause, "command": envelope.command,
        "done_by": envelope.done_by, "fact": json.loads(envelope.fact.model_dump_json()),
        "findings": [{"rule": each.rule, "reference": each.reference, "consequence": each.consequence} for each in envelope.findings],
        "internal": hashlib.sha256(envelope.internal).hexdigest(), "law": envelope.law, "prev": envelope.prev,
        "provenance": envelope.provenance, "recorded_at": envelope.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "stream": envelope.stream, "type": envelope.fact.stored_type, "v": 1, "version": envelope.version,
    }  # fmt: skip


@given(envelopes)
@settings(max_examples=500, deadline=None)
def test_the_template_writes_the_sorted_dump(envelope: Envelope) -> None:
    stored = encode_envelope(envelope)
    assert stored == canonical(as_members(envelope))
    assert (
        stored
        == json.dumps(pruned(as_members(envelope)), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )
    raw = read_raw(stored)
    assert read_fact(raw.type, bytes(raw.fact)) == envelope.fact


@pytest.mark.parametrize("fact", STORED, ids=lambda fact: fact.stored_type)
def test_each_stored_type_goes_and_comes(fact: type[Fact]) -> None:
    @given(of(fact))
    @settings(max_examples=20, deadline=None)
    def there_and_back(value: Fact) -> None:
        assert read_fact(fact.stored_type, value.model_dump_json(exclude_none=True).encode()) == value

    there_and_back()


def frozen() -> dict[str, bytes]:
    lines = FROZEN.read_bytes().splitlines()
    return {json.loads(line)["type"]: line for line in lines}


def sample(fact: type[Fact]) -> Envelope:
    """One envelope of a type, every member filled: made once, frozen since."""
    example = of(fact).map(lambda value: value)
    found: list[Fact] = []

    @given(example)
    @settings(max_examples=1, derandomize=True, database=None, deadline=None)
    def draw(value: Fact) -> None:
        found.append(value)

    draw()
    return Envelope(
        stream=f"{next(kind for kind, facts in OF_STREAM.items() if fact in facts)}:{'ab' * 16}", version=7, fact=found[0],
        recorded_at=make.instant("2026-11-21T09:15:02.123456+00:00"), actor="14b2" * 8, command="49f6" * 8, done_by="3b4b" * 8,
        internal=b"\x00" * 16 + b'{"confidentiality":"none"}', provenance="declared", prev="817f" * 16, act="225c" * 8,
        law="ede3" * 16,
    )  # fmt: skip


def test_every_stored_type_has_its_frozen_bytes(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        kept = frozen() if FROZEN.exists() else {}
        for fact in STORED:
            kept.setdefault(fact.stored_type, encode_envelope(sample(fact)))
        FROZEN.write_bytes(b"\n".join(line for _, line in sorted(kept.items())) + b"\n")
    assert set(frozen()) == {fact.stored_type for fact in STORED} | set(UPCASTERS)


@pytest.mark.parametrize("stored_type", [fact.stored_type for fact in STORED])
def test_frozen_bytes_are_read_and_written_the_same(stored_type: str) -> None:
    stored = frozen()[stored_type]
    leaf = Leaf(
        read_raw(stored).stream,
        read_raw(stored).version,
        stored_type,
        stored,
        b"\x00" * 16 + b'{"confidentiality":"none"}',
        0,
        None,
        1,
    )
    envelope = EnvelopeMapper().to_domain_event(leaf)
    assert isinstance(envelope, Envelope)
    assert encode_envelope(envelope) == stored
    assert canonical(json.loads(stored)) == stored


def test_old_bytes_are_read_as_the_newest_revision_and_never_rewritten() -> None:
    old = frozen()["relance.DebtorCalled.1"]
    raw = read_raw(old)
    assert b'"hour":14' in old
    assert read_fact(raw.type, bytes(raw.fact)) == DebtorCalled(
        at="14:00", contact="accounts", on=make.day("2026-02-10"), result="reached"
    )
    assert canonical(json.loads(old)) == old
    assert leaf_hash(old) == FROZEN_LEAF


@pytest.mark.parametrize("fact", DRAFTS, ids=lambda fact: fact.stored_type)
def test_a_draft_is_not_stored(fact: type[Fact]) -> None:
    kind = next(kind for kind, facts in OF_STREAM.items() if fact in facts)
    draft = fact.model_construct(on=make.day("2026-01-01"))
    with pytest.raises(DraftFactError):
        storable(draft, f"{kind}:{'ab' * 16}")
    with pytest.raises(EvidenceBroken):
        read_fact(fact.stored_type, b"{}")


def test_a_fact_keeps_to_its_kind_of_stream() -> None:
    with pytest.raises(RelanceError, match="no place"):
        storable(make.paid("2026-01-01"), f"creditor:{'ab' * 16}")


@pytest.mark.parametrize(
    "stored",
    [b"", b"{}", b"[]", b"\xff", b'{"v":2}', b'{"actor":"a","command":"b","done_by":"c","fact":{},"internal":"d","provenance":"told","recorded_at":"","stream":"","type":"","v":1,"version":1}'],
)  # fmt: skip
def test_what_is_no_envelope_is_broken(stored: bytes) -> None:
    with pytest.raises(EvidenceBroken):
        read_raw(stored, 3)


@given(some.datetimes(dt.datetime(1971, 1, 1), dt.datetime(2200, 1, 1), timezones=some.just(dt.UTC)))  # noqa: DTZ001
def test_instants_go_and_come(at: dt.datetime) -> None:
    assert moment(microseconds(at)) == at
    assert dt.datetime.fromisoformat(instant(at)) == at
    assert len(instant(at)) == len("2026-11-21T09:15:02.123456Z")


def test_every_leaf_has_a_salt_of_its_own() -> None:
    assert len({internal_part() for _ in range(100)}) == 100
    assert internal_part()[16:] == b'{"confidentiality":"none"}'


def test_no_float_enters() -> None:
    with pytest.raises(TypeError):
        canonical({"cents": 1.0})
