"""What may not enter the bytes: another zone, a word in the place of an identifier, a second spelling of one value."""

import dataclasses
import datetime as dt
import json
from typing import Any

import msgspec
import pytest
from pydantic import ValidationError

from adapters.application import Change, Context, Relance, new_id, plain
from adapters.clock import FixedClock
from adapters.store.envelope import SALT_BYTES, Envelope, internal_part
from adapters.store.envelope import instant as written
from adapters.store.mapper import EnvelopeMapper, moment, opaque, read_fact, read_raw
from domain.errors import EvidenceBroken, RelanceError
from domain.facts.fact import MOST, Fact
from domain.facts.invoicing import (
    AccessoriesClaimed,
    InstalmentPlanAgreed,
    InvoiceFellDue,
    InvoiceIssued,
    InvoicePaid,
    PaymentReceived,
)
from domain.facts.procedure import EscalatedToInjonction, JudgmentGiven, OrdonnanceGranted
from domain.facts.recovery import DebtorCalled, DebtorReminded
from tests.builders import DEBTOR, escalated, granted, instant, issued, paid, reminded

INVOICE = f"invoice:{'ab' * 16}"
ARABIC_DIGITS = "".join(chr(0x0660 + n) for n in (1, 2))
SOUND = Envelope(
    stream=INVOICE, version=2, fact=paid("2026-02-03"), recorded_at=instant("2026-06-01T08:00:00+00:00"), actor="a1" * 16,
    command="c2" * 16, done_by="d3" * 16, internal=internal_part(), provenance="declared", prev="e4" * 32, act="f5" * 16,
    cause=f"{INVOICE}/1", law="06" * 32,
)  # fmt: skip


# The clock


@pytest.mark.parametrize("zone", ["+02:00", "-11:30", "+14:00", "+00:00"])
def test_the_instant_recorded_is_utc_whatever_the_zone_of_the_clock(app: Relance, zone: str) -> None:
    at = instant("2026-06-01T08:00:00.000123+00:00")
    local = at.astimezone(instant(f"2026-06-01T08:00:00{zone}").tzinfo)
    app.clock = FixedClock(local)
    app.append([Change(app.stream(INVOICE), plain([issued(), reminded("2026-02-01")]))], Context(command=new_id()))
    for _, _, _, _, recorded_us, _, stored, _ in app.store.index_rows():
        assert json.loads(stored)["recorded_at"] == "2026-06-01T08:00:00.000123Z"
        assert moment(recorded_us) == at
    (first, *_) = app.stream(INVOICE).envelopes
    assert first.recorded_at == at
    assert first.recorded_at.utcoffset() == dt.timedelta()


def test_two_zones_one_after_the_other_keep_the_order(app: Relance) -> None:
    app.clock = FixedClock(instant("2026-06-01T08:00:00+00:00"))
    app.append([Change(app.stream(INVOICE), plain([issued()]))], Context(command=new_id()))
    app.clock = FixedClock(instant("2026-06-01T09:59:58+02:00"))  # two seconds earlier
    app.append([Change(app.stream(INVOICE), plain([reminded("2026-02-01")]))], Context(command=new_id()))
    stored = [json.loads(row)["recorded_at"] for _, row in app.store.rows(0, 9)]
    assert stored == ["2026-06-01T08:00:00.000000Z"] * 2


def test_each_hand_the_instant_goes_through_makes_it_utc(app: Relance) -> None:
    local = instant("2026-06-01T10:00:00.000123+02:00")
    assert written(local) == "2026-06-01T08:00:00.000123Z"
    with app.store.writing(local) as tail:
        assert tail.recorded_at.utcoffset() == dt.timedelta()
        assert tail.recorded_at == local


# Identifiers


def rejected(envelope: Envelope, word: str) -> None:
    with pytest.raises(RelanceError, match="is not an identifier of the log") as caught:
        EnvelopeMapper().to_stored_event(envelope)
    assert repr(word) in str(caught.value)


@pytest.mark.parametrize("member", ["actor", "done_by", "command", "act"])
@pytest.mark.parametrize(
    "word", ['jean "x"', "Jean Durand", "", "AB" * 16, "ab" * 15, "ab" * 16 + "\n", "ab" * 17, "1" * 31 + "٣"]
)
def test_a_word_is_not_an_identifier(member: str, word: str) -> None:
    rejected(msgspec.structs.replace(SOUND, **{member: word}), word)


@pytest.mark.parametrize("member", ["prev", "law"])
@pytest.mark.parametrize("word", ["", "ab" * 16, "AB" * 32, "ab" * 32 + "\n", 'a","x":"'])
def test_a_word_is_not_a_digest(member: str, word: str) -> None:
    rejected(msgspec.structs.replace(SOUND, **{member: word}), word)


@pytest.mark.parametrize(
    "word",
    [f"facture:{'ab' * 16}", "invoice:F-2026", "invoice:", "ab" * 16, f"Invoice:{'ab' * 16}", f"invoice:{'ab' * 16}/2"],
)
def test_a_stream_is_a_kind_and_an_identifier(word: str) -> None:
    rejected(msgspec.structs.replace(SOUND, stream=word), word)


@pytest.mark.parametrize("word", [INVOICE, f"{INVOICE}/0", f"{INVOICE}/01", f"{INVOICE}/-1", "invoice:F-2026/1", ""])
def test_a_cause_is_a_version_of_a_stream(word: str) -> None:
    rejected(msgspec.structs.replace(SOUND, cause=word), word)


@pytest.mark.parametrize("member", [{"version": 0}, {"version": -1}, {"internal": b"\x00" * (SALT_BYTES - 1)}])
def test_a_version_starts_at_one_and_a_salt_is_whole(member: dict[str, Any]) -> None:
    with pytest.raises(RelanceError, match="a version from 1 and a salt"):
        opaque(msgspec.structs.replace(SOUND, **member))


def test_a_sound_envelope_passes() -> None:
    EnvelopeMapper().to_stored_event(SOUND)
    bare = msgspec.structs.replace(SOUND, version=1, prev=None, act=None, cause=None, law=None)
    EnvelopeMapper().to_stored_event(bare)


@pytest.mark.parametrize(
    ("actor", "stream", "members"),
    [
        ('jean "x"', INVOICE, {}),
        ("a1" * 16, f"facture:{'ab' * 16}", {}),
        ("a1" * 16, "invoice:F-2026", {}),
        ("a1" * 16, INVOICE, {"act": "the letter of Monday"}),
        ("a1" * 16, INVOICE, {"done_by": "maître Durand"}),
        ("a1" * 16, INVOICE, {"command": "AB" * 16}),
    ],
    ids=["actor", "stream kind", "stream id", "act", "done by", "command in capitals"],
)
def test_nothing_is_stored_of_an_append_with_a_word_for_an_identifier(
    app: Relance, actor: str, stream: str, members: dict[str, Any]
) -> None:
    app.actor = actor
    context = dataclasses.replace(Context(command=new_id(), names=[("number", "c", b"k", "s")]), **members)
    first, second = (
        Change(app.stream(f"invoice:{'cd' * 16}"), plain([issued()])),
        Change(app.stream(stream), plain([issued()])),
    )
    with pytest.raises(RelanceError, match="is not an identifier of the log"):
        app.append([first, second], context)
    assert app.store.position() == 0
    assert app.store.named("number", "c", b"k") == []
    assert not app.store.is_done("command", bytes.fromhex(context.command))


# One spelling of each value


@pytest.mark.parametrize(
    ("fact", "member"),
    [
        (issued(), {"instalments": ()}),
        (issued(), {"clauses": ()}),
        (issued(), {"obligors": ()}),
        (issued(), {"vat": ()}),
        (escalated("2026-03-01"), {"heads": ()}),
        (granted("2026-03-01"), {"heads": ()}),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Fact) else next(iter(value)),
)
def test_an_empty_list_has_no_canonical_form(fact: Fact, member: dict[str, Any]) -> None:
    values = {name: getattr(fact, name) for name in type(fact).model_fields} | member
    with pytest.raises(ValidationError, match="at least 1 item"):
        type(fact)(**values)
    raw = json.loads(fact.model_dump_json(exclude_none=True)) | {name: [] for name in member}
    with pytest.raises(EvidenceBroken, match="at least 1 item"):
        read_fact(fact.stored_type, json.dumps(raw).encode())


@pytest.mark.parametrize(
    ("kind", "field"), [(AccessoriesClaimed, "heads"), (InstalmentPlanAgreed, "lines"), (JudgmentGiven, "heads")]
)
def test_drafts_refuse_an_empty_list_too(kind: type[Fact], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        kind.model_validate({field: ()})
    assert "too_short" in {each["type"] for each in caught.value.errors()}


def every_tuple_has_an_item(model: type[Fact]) -> list[str]:
    schema = json.dumps(model.model_json_schema())
    found = json.loads(schema)

    def arrays(value: Any, path: str) -> list[str]:
        if isinstance(value, dict):
            here = [path] if value.get("type") == "array" and not value.get("minItems") else []
            return here + [each for key, member in value.items() for each in arrays(member, f"{path}/{key}")]
        if isinstance(value, list):
            return [each for member in value for each in arrays(member, path)]
        return []

    return arrays(found, model.__name__)


@pytest.mark.parametrize("model", [InvoiceIssued, EscalatedToInjonction, OrdonnanceGranted])
def test_no_list_of_a_fact_may_be_empty(model: type[Fact]) -> None:
    assert every_tuple_has_an_item(model) == []


PAYMENT: dict[str, Any] = {"cents": 100, "on": dt.date(2026, 2, 3), "receipt": "ab" * 16}


@pytest.mark.parametrize(
    "member",
    [
        {"cents": 0}, {"cents": -1}, {"cents": MOST + 1}, {"cents": 100.0}, {"cents": "100"}, {"cents": True},
        {"instalment": 0}, {"instalment": -1}, {"instalment": 10_001},
        {"receipt": "ab" * 15 + ARABIC_DIGITS}, {"receipt": "AB" * 16}, {"receipt": "ab" * 16 + "\n"}, {"receipt": ""},
        {"on": "2026-02-03"}, {"on": dt.datetime(2026, 2, 3, tzinfo=dt.UTC)}, {"source": "nobody"}, {"note": "thanks"},
    ],
    ids=str,
)  # fmt: skip
def test_a_payment_has_one_spelling(member: dict[str, Any]) -> None:
    PaymentReceived(**PAYMENT)
    with pytest.raises(ValidationError):
        PaymentReceived(**PAYMENT | member)


def test_the_most_a_reader_of_json_agrees_on_is_accepted() -> None:
    assert PaymentReceived(**PAYMENT | {"cents": MOST}).cents == 2**53 - 1
    with pytest.raises(ValidationError):
        InvoicePaid(credited_cents=MOST + 1, on=dt.date(2026, 2, 3), paid_cents=0)
    assert InvoicePaid(credited_cents=0, on=dt.date(2026, 2, 3), paid_cents=0).paid_cents == 0


@pytest.mark.parametrize("level", [-1, 100, 1.0, "1", True])
def test_a_level_is_a_small_number(level: Any) -> None:
    with pytest.raises(ValidationError):
        DebtorReminded(channel="email", level=level, on=dt.date(2026, 2, 3))


@pytest.mark.parametrize("n", [0, -1, 10_001])
def test_an_instalment_is_numbered_from_one(n: int) -> None:
    with pytest.raises(ValidationError):
        InvoiceFellDue(instalment=n, on=dt.date(2026, 2, 3))


@pytest.mark.parametrize(
    "rate",
    ["010", "10.0", "10.50", ".5", "5.", "00", "-1", "+1", "1e1", "1,5", "1234567", ARABIC_DIGITS, f"1{ARABIC_DIGITS}", f"1.{ARABIC_DIGITS}5", "1.1234567", "10\n", ""],
)  # fmt: skip
def test_a_rate_has_one_spelling(rate: str) -> None:
    with pytest.raises(ValidationError):
        InvoiceIssued.model_validate({**issued_members(), "penalty_rate": rate})


@pytest.mark.parametrize("rate", ["0", "10", "10.15", "0.5", "123456.123456"])
def test_a_rate_is_a_plain_decimal(rate: str) -> None:
    assert InvoiceIssued.model_validate({**issued_members(), "penalty_rate": rate}).penalty_rate == rate


@pytest.mark.parametrize("at", ["9:30", "24:00", "09:60", "09:30:00", "٠٩:٣٠", "09:3٠", "09:30\n", "0930"])
def test_an_hour_has_one_spelling(at: str) -> None:
    with pytest.raises(ValidationError):
        DebtorCalled(at=at, on=dt.date(2026, 2, 3), result="reached")


@pytest.mark.parametrize("court", ["TC-Paris", "tribunal de commerce", "tc-angers\n", "té-paris", "", "-tc", "x" * 61])
def test_a_court_is_a_code(court: str) -> None:
    fact = escalated("2026-03-01")
    with pytest.raises(ValidationError):
        EscalatedToInjonction(court=court, heads=fact.heads, on=fact.on, proceeding=fact.proceeding)


def issued_members() -> dict[str, Any]:
    fact = issued()
    return {name: getattr(fact, name) for name in InvoiceIssued.model_fields}


@pytest.mark.parametrize("member", ["debtor", "creditor", "number"])
@pytest.mark.parametrize("word", ["Durand SAS", "F-2026-014", DEBTOR.upper(), ""])
def test_no_name_takes_the_place_of_an_identifier_in_a_fact(member: str, word: str) -> None:
    with pytest.raises(ValidationError):
        InvoiceIssued.model_validate(issued_members() | {member: word})


def test_a_fact_once_made_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        paid("2026-02-03").cents = 1


# Reading back


@pytest.mark.parametrize(
    "change",
    [
        (b'"cents":120000', b'"cents":9007199254740992'),
        (b'"cents":120000', b'"cents":0120000'),
        (b'"cents":120000', b'"cents":120000.0'),
        (b'"cents":120000', b'"cents":"120000"'),
        (b'"cents":120000', b'"cents":120000,"note":"x"'),
        (b'"on":"2026-02-03"', b'"on":"2026-2-3"'),
        (b'"on":"2026-02-03"', b'"on":1770076800'),
        (b'"on":"2026-02-03"', b'"on":"2026-02-03T00:00:00Z"'),
    ],
    ids=lambda change: change[1].decode(),
)
def test_bytes_with_another_spelling_are_no_fact(change: tuple[bytes, bytes]) -> None:
    leaf = EnvelopeMapper().to_stored_event(SOUND)
    assert change[0] in leaf.state
    tampered = dataclasses.replace(leaf, state=leaf.state.replace(*change))
    with pytest.raises(EvidenceBroken):
        EnvelopeMapper().to_domain_event(tampered)


def test_a_row_that_is_not_that_of_its_bytes_is_broken() -> None:
    leaf = EnvelopeMapper().to_stored_event(SOUND)
    assert read_raw(leaf.state).version == 2
    for member in ({"originator_version": 3}, {"originator_id": f"invoice:{'cd' * 16}"}, {"internal": b"\x01" * 40}):
        with pytest.raises(EvidenceBroken):
            EnvelopeMapper().to_domain_event(dataclasses.replace(leaf, **member))
