"""The big store of the benchmarks is one that relance could have written: each command is decided again from what it met."""

import datetime as dt
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Final

import pytest

from adapters.bootstrap import Office, Settings, open_office
from adapters.clock import paris_day
from adapters.store.envelope import Envelope, canonical, fact_bytes
from adapters.store.folder import create
from adapters.store.mapper import read_fact
from adapters.verify import verify_log
from benchmarks import bigstore
from benchmarks.bigstore import Built
from benchmarks.bigstore_facts import Ids
from benchmarks.bigstore_story import SHARES, habit, tell
from benchmarks.bigstore_teller import IMPORTED, POLICY, Calendar, Command
from domain.decided import Decided, Desk
from domain.decisions import act, observe
from domain.errors import reference_code
from domain.facts.fact import Fact
from domain.facts.invoicing import EntryWithdrawn, InvoiceIssued, PaymentReceived
from domain.facts.procedure import EscalatedToInjonction
from domain.facts.recovery import DebtorReminded
from domain.history import Entry, add, conclusions, founding, grown_by, replay, standing
from domain.law.tables import shipped
from domain.policy import parse_policy
from projections.ageing import scheme
from projections.corner import Corner

INVOICES: Final = 300
STORIES: Final = 3_000
CALENDAR: Final = Calendar(bigstore.FIRST, bigstore.LAST)
RARE: Final = {
    "PaymentReversed", "WrittenOff", "EntryWithdrawn", "EscalatedToInjonction", "OrdonnanceServed", "DisputeOpened", "PromiseBroken",
}  # fmt: skip
Store = tuple[Office, Built, Path]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A small one, open."""
    path = tmp_path_factory.mktemp("big") / "store"
    built = bigstore.build(path, INVOICES)
    office = open_office(Settings(path, "Camille", now=dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)))
    yield office, built, path
    office.close()


def invoices(office: Office) -> dict[str, tuple[Envelope, ...]]:
    log = office.app.store.index_rows()
    streams = dict.fromkeys(row[1] for row in log if row[1].startswith("invoice:"))
    return {stream: office.app.stream(stream).envelopes for stream in streams}


def stories(*, is_judged: bool = False) -> list[list[Command]]:
    draw, told = Random(7), []
    days = [day for day in range(CALENDAR.first, CALENDAR.last + 1) if CALENDAR.working[day] == day]
    for number in range(STORIES):
        ids = Ids("c" * 32, "d" * 32, "trader", f"{number:032}", lambda on, cents: f"{on.replace('-', '')}{cents:024}",
                  lambda: "a" * 32)  # fmt: skip
        day = days[number * len(days) // STORIES]
        told.append(tell(draw, CALENDAR, day, day - number % 3, habit(draw), ids, is_judged=is_judged))
    return told


def test_its_log_is_conform(store: Store) -> None:
    office, built, _ = store
    verified = verify_log(office.app)
    assert verified.verdict == "conform_unpinned", verified
    assert office.app.store.position() == built.events
    assert f"{INVOICES} invoices" in next(check.detail for check in verified.checks if check.id == "7-path")


def test_its_tables_triggers_and_indexes_are_those_of_a_store(store: Store, tmp_path: Path) -> None:
    create(tmp_path / "fresh", sandbox=True)
    asked = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
    found = []
    for path in (tmp_path / "fresh", store[2]):
        db = sqlite3.connect(f"{(path / 'relance.db').as_uri()}?mode=ro", uri=True)
        found.append((db.execute(asked).fetchall(), db.execute("PRAGMA journal_mode").fetchone()))
        db.close()
    assert found[0] == found[1]


def test_each_command_is_decided_as_it_was_recorded(store: Store) -> None:
    office = store[0]
    policy = parse_policy(POLICY)
    kinds = Counter[str]()
    for envelopes in invoices(office).values():
        history: tuple[Entry, ...] = ()
        for _, group in groupby(envelopes, key=lambda each: each.command):
            recorded = list(group)
            given = [each.fact for each in recorded if each.provenance != "witnessed"]
            today = paris_day(recorded[0].recorded_at)
            decided = decide(history, given, Desk(today, policy, law=office.law), recorded[0].provenance)
            assert [each.fact for each in decided] == [each.fact for each in recorded]
            for one, envelope in zip(decided, recorded, strict=True):
                kinds[type(one.fact).__name__] += 1
                codes = [(each.consequence, reference_code(each.reference), each.code) for each in one.legal]
                assert codes == [(each.consequence, each.reference, each.rule) for each in envelope.findings]
                assert not one.policy, one
                first = recorded[0].version
                is_derived = envelope.provenance == "witnessed"
                is_after = is_derived and envelope.version > first
                assert envelope.cause == (f"{envelope.stream}/{first}" if is_after else None)
                assert not (envelope.act and (is_derived or isinstance(one.fact, EntryWithdrawn)))
            history = tuple(Entry(each.version, each.fact) for each in envelopes[: recorded[-1].version])
    assert {"InvoiceIssued", "InvoiceFellDue", "InvoicePaid", "PaymentReceived", "DebtorReminded"} <= kinds.keys()


def decide(history: Sequence[Entry], given: list[Fact], desk: Desk, provenance: str) -> Sequence[Decided]:
    """As the use cases do: a file of invoices is not judged, an act is, anything else is observed."""
    if not history and provenance == "imported":
        return [Decided(fact) for fact in add((), given, today=desk.today, step="import")]
    if given and given[0].role == "act":
        return act(history, given[0], desk, step="bench")
    return observe(history, given, desk, step="bench")


def test_the_rare_stories_are_decided_as_they_are_told() -> None:
    policy, law, tried = parse_policy(POLICY), shipped(), Counter[str]()
    for commands in stories():
        kinds = {kind.split(".")[1] for command in commands for kind, _ in command.facts} & RARE
        if not kinds:
            continue
        tried.update(kinds)
        history: tuple[Entry, ...] = ()
        for command in commands:
            facts = [read_fact(kind, text.encode()) for kind, text in command.facts]
            desk = Desk(CALENDAR.date(command.day), policy, law=law)
            provenance = "imported" if command.round == IMPORTED else "declared"
            decided = decide(history, facts[: command.given], desk, provenance)
            assert [each.fact for each in decided] == facts
            assert not any(each.findings for each in decided), decided
            history = grown_by(history, facts)
    assert tried.keys() == RARE


def test_the_conclusions_on_record_are_those_that_follow(store: Store) -> None:
    for envelopes in invoices(store[0]).values():
        history = tuple(Entry(each.version, each.fact) for each in envelopes)
        assert replay(history) is not None
        on_record = [entry.fact for entry in standing(history) if entry.fact.role == "conclusion"]
        expected = conclusions(history, paris_day(envelopes[-1].recorded_at))
        assert sorted(map(repr, on_record)) == sorted(map(repr, expected))


def test_the_firm_records_day_by_day_not_invoice_by_invoice(store: Store) -> None:
    office, built, _ = store
    alone, apart, months = 0, 0, dict[str, int]()
    last: dict[str, int] = {}
    for position, stream, _, kind, us, *_ in office.app.store.index_rows():
        on = paris_day(dt.datetime.fromtimestamp(us / 1e6, dt.UTC))
        months[f"{on:%Y-%m}"] = position
        if stream.startswith("invoice:"):
            alone += position - last.get(stream, position) == 1
            apart += position - last.get(stream, position) > 1
            last[stream] = position
        assert built.first_day <= on <= built.last_day
        assert kind != InvoiceIssued.stored_type or on.weekday() < 5
    assert months == built.ends
    assert len(months) == 36
    assert apart > alone


def test_the_aged_balance_is_the_fold_of_the_histories(store: Store) -> None:
    office, built, _ = store
    office.views.catch_up()
    named = scheme("d4416")
    histories = [
        tuple(Entry(each.version, each.fact, each.position) for each in found) for found in invoices(office).values()
    ]
    for as_of, position in (
        (bigstore.LAST, built.events),
        (dt.date(2025, 6, 30), built.events),
        (dt.date(2024, 6, 30), built.ends["2024-06"]),
    ):
        cents = [0] * len(named.columns)
        for history in histories:
            invoice = replay(history, as_of=as_of, known_at=position)
            if invoice is None or not invoice.book_residual_cents:
                continue
            assert not invoice.written_off_cents
            for due, left in invoice.unpaid():
                assert due is not None
                age = (as_of - due).days
                cents[0 if age < 0 else 1 if age == 0 else min((age - 1) // 30 + 2, 5)] += left
            cents[-2] -= max(-invoice.unsettled_cents, 0)
        found = office.views.ageing_by("total", named, Corner(as_of, position))["total"]
        assert found.cents == cents


def test_an_invoice_answers_to_its_number_and_a_reminder_is_done_once(store: Store) -> None:
    office = store[0]
    stream = office.registry.invoice("F-0000123")
    issue = founding(office.app.stream(stream).history)
    assert issue is not None
    assert office.registry.number(stream.partition(":")[2], issue.debtor) == "F-0000123"
    assert office.registry.card(issue.debtor)[1].startswith("Société cliente")
    assert office.followed(issue.creditor)
    everything = [each for found in invoices(office).values() for each in found]
    kept = Counter[str]()
    for envelope in everything:
        if isinstance(envelope.fact, PaymentReceived) and envelope.provenance == "imported":
            kept["payment"] += office.app.store.is_done("payment", bytes.fromhex(envelope.fact.receipt))
        elif isinstance(envelope.fact, DebtorReminded):
            words = (str(envelope.fact.on), envelope.stream, "remind", str(envelope.fact.level))
            kept["run"] += office.app.store.is_done("run", office.app.vault.name_key("run", *words))
            kept["command"] += office.app.store.is_done("command", bytes.fromhex(envelope.command))
    reminders = sum(isinstance(each.fact, DebtorReminded) for each in everything)
    assert kept["run"] == kept["command"] == reminders > 0
    assert kept["payment"] > 0.7 * INVOICES


def test_the_same_seed_tells_the_same_facts(store: Store, tmp_path: Path) -> None:
    first = told(store[0])
    assert len(first) == store[1].events
    for seed, is_same in ((2026, True), (1, False)):
        bigstore.build(tmp_path / str(seed), INVOICES, seed=seed)
        office = open_office(Settings(tmp_path / str(seed)))
        assert (told(office) == first) is is_same
        office.close()


def told(office: Office) -> list[str]:
    """Every event but its identifiers, hashes and keys."""
    kept = []
    for _, stored in office.app.store.rows(0, office.app.store.position()):
        event = json.loads(stored)
        for name in ("internal", "prev", "law"):
            event.pop(name, None)
        kept.append(re.sub(r"[0-9a-f]{32,64}", "#", json.dumps(event)))
    return kept


def test_the_texts_are_those_the_domain_writes() -> None:
    kinds = set()
    for commands in stories():
        for kind, text in (told for command in commands for told in command.facts):
            kinds.add(kind.split(".")[1])
            assert fact_bytes(read_fact(kind, text.encode())).decode() == text
            assert canonical(json.loads(text)).decode() == text
    assert kinds == {
        "InvoiceIssued", "InvoiceFellDue", "InvoicePaid", "PaymentReceived", "PaymentReversed", "CreditNoteApplied",
        "DisputeOpened", "DisputeSettled", "PaymentPromised", "PromiseKept", "PromiseBroken", "WrittenOff", "EntryWithdrawn",
        "DebtorReminded", "DebtorCalled", "DebtorFormallyNotified", "EscalatedToInjonction", "OrdonnanceGranted", "OrdonnanceServed",
    }  # fmt: skip


def test_conclusions_drawn_by_hand_are_the_domains() -> None:
    assert stories() == stories(is_judged=True)


def test_the_mix_is_the_one_that_is_told() -> None:
    everything = stories()
    facts = Counter(kind.split(".")[1] for commands in everything for command in commands for kind, _ in command.facts)
    opened = sum(all("InvoicePaid" not in kind for c in commands for kind, _ in c.facts) for commands in everything)
    assert 4.8 < sum(facts.values()) / STORIES < 5.5
    assert 0.15 < opened / STORIES < 0.25
    assert sum(SHARES.values()) < 0.2
    payments = [
        text for each in everything for c in each for kind, text in c.facts if kind == PaymentReceived.stored_type
    ]
    assert 0.15 < sum("booked_on" in text or "source_known_on" in text for text in payments) / len(payments) < 0.25
    assert 0.03 < facts["DebtorFormallyNotified"] / STORIES < 0.07
    assert facts[EscalatedToInjonction.__name__] > 0
