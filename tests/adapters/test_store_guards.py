"""The store when it is pressed: nested appends, midnight, plain connections, repeated commands, destroyed keys, master keys."""

import contextlib
import datetime as dt
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError
from hypothesis import given
from hypothesis import strategies as some

from adapters.acts import Done, Order, acting, perform, remind, seeing
from adapters.application import Change, Context, Relance, new_id, plain
from adapters.bootstrap import Office
from adapters.cases import load
from adapters.clock import FixedClock, paris_day
from adapters.invoicing import Draft, issue
from adapters.payments import Payment, pay, pay_debtor
from adapters.registry import Party
from adapters.store.folder import KEYS, LOG, MASTER, MASTER_VARIABLE, Folder, create, open_folder
from adapters.store.sqlite import DoneAlready
from adapters.store.vault import KeyRing, compact_json
from domain.decided import Decided, Desk
from domain.decisions import observe
from domain.errors import Conflict, InvalidInput, NotFound, Refused
from domain.facts.fact import Fact
from domain.facts.invoicing import EntryWithdrawn, InvoiceFellDue, InvoicePaid
from domain.policy import standard
from tests.builders import day, instant, issued, paid, reminded

INVOICE, OTHER = f"invoice:{'ab' * 16}", f"invoice:{'cd' * 16}"
MIDNIGHT = instant("2026-02-01T00:00:00+01:00")  # in Paris: 31 January ends


@pytest.fixture
def office(app: Relance) -> Iterator[Office]:
    """The same store, with a creditor and a debtor."""
    made = Office(app.folder, app.clock, "claire")
    made.signed_in()
    creditor = made.registry.register(Party("ACME", "Acme SARL", "trader"), on=day("2026-01-01"))
    made.registry.register(Party("C-1", "Durand SAS", "trader"), on=day("2026-01-01"), creditor=creditor)
    yield made
    made.views.close()


def at(app: Relance, moment: dt.datetime) -> None:
    assert isinstance(app.clock, FixedClock)
    app.clock.at = moment


def put(app: Relance, *facts: Fact, stream: str = INVOICE) -> None:
    app.append([Change(app.stream(stream), plain(facts))], Context(command=new_id()))


def record(app: Relance, *facts: Fact) -> list[Decided]:
    """Decide and append under the lock, as every use case does."""

    def decide() -> list[Decided]:
        loaded = app.stream(INVOICE)
        decided = observe(loaded.history, facts, Desk(app.today, standard()), step="record")
        app.append([Change(loaded, decided)], Context(command=new_id()))
        return decided

    return app.deciding(decide)


def bill(office: Office, number: str = "F-1", due: str = "2026-01-31") -> str:
    creditor, debtor = office.registry.creditor(None), office.registry.debtor("C-1")
    draft = Draft(number, creditor, debtor, day("2026-01-05"), [(120_000, day(due))], "trader")
    return issue(office, draft, Order(day("2026-01-05"))).stream


# Paris midnight


def test_today_is_the_day_of_what_is_recorded_not_of_a_clock_that_lags(app: Relance) -> None:
    at(app, MIDNIGHT + dt.timedelta(seconds=2))
    put(app, issued(), stream=OTHER)
    at(app, MIDNIGHT - dt.timedelta(seconds=2))  # 4 s behind, on the day before
    assert paris_day(app.clock.now()) == day("2026-01-31")
    assert app.today == day("2026-02-01")
    with app.store.writing(app.clock.now()):
        assert app.today == day("2026-02-01")


def test_a_clock_that_lags_over_midnight_withdraws_nothing_true(app: Relance) -> None:
    due = issued(due="2026-02-01")
    at(app, MIDNIGHT + dt.timedelta(seconds=2))
    record(app, due, paid("2026-02-01"))
    before = [entry.fact for entry in app.stream(INVOICE).history]
    assert {type(fact) for fact in before} >= {InvoiceFellDue, InvoicePaid}
    at(app, MIDNIGHT - dt.timedelta(seconds=2))
    decided = record(app, reminded("2026-01-27", level=0))
    assert [each.fact for each in decided] == [reminded("2026-01-27", level=0)]
    history = app.stream(INVOICE).history
    assert not [entry for entry in history if isinstance(entry.fact, EntryWithdrawn)]
    assert [entry.fact for entry in history[: len(before)]] == before


def test_a_day_recorded_by_another_is_not_to_come_for_a_clock_that_lags(app: Relance) -> None:
    at(app, MIDNIGHT + dt.timedelta(seconds=2))
    record(app, issued())
    at(app, MIDNIGHT - dt.timedelta(seconds=2))
    record(app, paid("2026-02-01"))
    for envelope in app.stream(INVOICE).envelopes:
        assert envelope.fact.on <= paris_day(envelope.recorded_at)


def test_under_the_lock_the_day_does_not_turn(app: Relance) -> None:
    at(app, MIDNIGHT - dt.timedelta(seconds=1))
    with app.store.writing(app.clock.now()):
        at(app, MIDNIGHT + dt.timedelta(seconds=1))
        assert app.today == day("2026-01-31")
        put(app, issued(), reminded("2026-01-31", level=0))
    assert {paris_day(each.recorded_at) for each in app.stream(INVOICE).envelopes} == {day("2026-01-31")}
    assert app.today == day("2026-02-01")


# Nested appends


def test_an_inner_append_that_fails_leaves_nothing_of_itself(app: Relance) -> None:
    put(app, issued())
    stale = app.stream(INVOICE)
    put(app, reminded("2026-02-01"))
    lost = Context(
        command=new_id(), names=[("number", "c", b"k", "s")], records=[("o", "k", "i", b"x")], once=(("line", b"l"),),
        rulebooks=[("ee" * 32, "policy", b"text")],
    )  # fmt: skip
    with app.store.writing(app.clock.now()):
        put(app, issued(), stream=OTHER)
        with pytest.raises(IntegrityError):
            app.append([Change(app.stream(f"invoice:{'ef' * 16}"), plain([issued()])), Change(stale, plain([paid("2026-02-03")]))], lost)  # fmt: skip
        put(app, paid("2026-02-03"))
    assert [position for position, _ in app.store.rows(0, 99)] == [1, 2, 3, 4]
    assert len(app.stream(INVOICE).envelopes) == 3
    assert not app.stream(f"invoice:{'ef' * 16}").envelopes
    assert app.store.named("number", "c", b"k") == []
    assert app.store.vault_row("o", "k", "i") is None
    assert app.store.rulebook("ee" * 32) is None
    assert not app.store.is_done("line", b"l")
    assert not app.store.is_done("command", bytes.fromhex(lost.command))


def test_an_inner_command_done_already_leaves_nothing_of_itself(app: Relance) -> None:
    command = new_id()
    app.append([Change(app.stream(INVOICE), plain([issued()]))], Context(command=command))
    with app.store.writing(app.clock.now()):
        with pytest.raises(DoneAlready):
            app.append([Change(app.stream(INVOICE), plain([reminded("2026-02-01")]))], Context(command=command))
        put(app, paid("2026-02-03"))
    assert [type(each.fact).__name__ for each in app.stream(INVOICE).envelopes] == ["InvoiceIssued", "PaymentReceived"]


def test_an_outer_that_fails_takes_its_inner_appends_with_it(app: Relance) -> None:
    put(app, issued())

    def both() -> None:
        with app.store.writing(app.clock.now()):
            put(app, issued(), stream=OTHER)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        both()
    assert app.store.position() == 1
    put(app, reminded("2026-02-01"))  # the lock was let go
    assert app.store.position() == 2


def test_an_act_on_two_invoices_of_which_one_refuses_records_neither(office: Office) -> None:
    first, second = bill(office, "F-1"), bill(office, "F-2", due="2026-07-31")
    before = office.app.store.position()
    with pytest.raises(Refused, match="F-2") as caught:
        remind(office, [first, second], Order(day("2026-03-01")), channel="email", level=1)
    assert caught.value.codes == ("not_late",)
    assert office.app.store.position() == before


# A plain connection on the file


REPLACE_LOG = (
    "INSERT OR REPLACE INTO log SELECT 2, stream, version, type, recorded_us, act, bytes, internal FROM log"
    " WHERE position = 1"
)


@pytest.mark.parametrize(
    "statement",
    [
        REPLACE_LOG,
        REPLACE_LOG.replace("SELECT 2", "SELECT 3"),
        REPLACE_LOG.replace("SELECT 2, stream, version", "SELECT 2, stream, 9"),
        REPLACE_LOG.replace("SELECT 2, stream, version", "SELECT 4, stream, 9"),
        "UPDATE OR REPLACE log SET stream = (SELECT stream FROM log WHERE position = 1), version = 1 WHERE position = 2",
        "REPLACE INTO rulebooks SELECT digest, kind, x'00' FROM rulebooks",
        "UPDATE OR REPLACE rulebooks SET bytes = x'00'",
        "REPLACE INTO settings VALUES ('sandbox', 'no')",
        "INSERT OR REPLACE INTO settings VALUES ('schema', '2')",
        "UPDATE OR IGNORE settings SET value = 'no'",
        "DELETE FROM settings",
        "REPLACE INTO once SELECT * FROM once",
        "UPDATE OR REPLACE once SET kind = 'x'",
    ],
)
def test_a_plain_connection_replaces_nothing(app: Relance, statement: str) -> None:
    put(app, issued())
    put(app, issued(), stream=OTHER)
    before = list(app.store.index_rows())
    other = sqlite3.connect(app.folder.path / LOG)
    with pytest.raises(sqlite3.IntegrityError):
        other.execute(statement)
    other.commit()
    other.close()
    assert list(app.store.index_rows()) == before
    assert app.store.setting("sandbox") == "yes"
    assert app.store.setting("schema") == "1"
    assert len(app.stream(INVOICE).envelopes) == len(app.stream(OTHER).envelopes) == 1


# A command said twice


def test_a_repeated_command_is_done_already_before_it_is_judged(office: Office) -> None:
    stream, command = bill(office), new_id()
    order = Order(day("2026-02-01"), command=command)
    remind(office, [stream], order, channel="email", level=1)
    with pytest.raises(Refused) as caught:
        remind(office, [stream], Order(day("2026-02-01")), channel="email", level=1)
    assert caught.value.codes == ("too_soon",)
    with pytest.raises(DoneAlready):
        remind(office, [stream], order, channel="email", level=1)


def test_a_repeated_command_judges_nothing_at_all(office: Office) -> None:
    stream, command = bill(office), new_id()
    order = Order(day("2026-02-01"), command=command)
    perform(office, [stream], order, "remind", acting(lambda _: reminded("2026-02-01"), "remind"))

    def never(*_: object) -> list[Decided]:
        raise AssertionError

    before = office.app.store.position()
    with pytest.raises(DoneAlready, match="done already"):
        perform(office, [stream], order, "remind", never)
    assert office.app.store.position() == before


def test_a_repeated_payment_is_not_received_twice(office: Office) -> None:
    stream, order = bill(office), Order(day("2026-02-03"), command=new_id())
    pay(office, stream, order, Payment(50_000))
    with pytest.raises(DoneAlready):
        pay(office, stream, order, Payment(50_000))
    assert load(office, stream, day("2026-02-03")).invoice.paid_cents == 50_000


def test_a_dry_run_uses_no_command_up(office: Office) -> None:
    stream, command = bill(office), new_id()
    tried = remind(office, [stream], Order(day("2026-02-01"), command=command, dry_run=True), channel="email")
    assert isinstance(tried[0], Done)
    assert tried[0].decided
    assert not office.app.store.is_done("command", bytes.fromhex(command))
    remind(office, [stream], Order(day("2026-02-01"), command=command), channel="email")


def test_the_same_invoice_said_twice_adds_nothing(office: Office) -> None:
    bill(office)
    before = office.app.store.position()
    bill(office)
    assert office.app.store.position() == before


def test_who_observes_on_a_stale_stream_decides_again_under_the_lock(office: Office) -> None:
    stream = bill(office)
    other = Office(open_folder(office.folder.path), office.app.clock, "paul")
    pay(other, stream, Order(day("2026-02-03")), Payment(120_000))
    with pytest.raises(Refused) as caught:
        remind(office, [stream], Order(day("2026-02-10")), channel="email")
    assert caught.value.codes == ("already_paid",)
    other.close()


def test_a_writer_that_waits_for_too_long_says_so(office: Office) -> None:
    stream = bill(office)
    office.app.store._db.execute("PRAGMA busy_timeout = 1")
    holder = sqlite3.connect(office.folder.path / LOG, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Conflict, match="the store is busy"):
        perform(office, [stream], Order(day("2026-02-03")), "pay", seeing(lambda _: [paid("2026-02-03")], "pay"))
    holder.execute("ROLLBACK")
    holder.close()
    perform(office, [stream], Order(day("2026-02-03")), "pay", seeing(lambda _: [paid("2026-02-03")], "pay"))


class ClockOfAnother(FixedClock):
    """A clock that, the next time it is asked, lets somebody else work first."""

    meanwhile: Callable[[], object] | None = None

    def now(self) -> dt.datetime:
        first, self.meanwhile = self.meanwhile, None
        if first:
            first()
        return self.at


@pytest.fixture
def two(office: Office) -> Iterator[tuple[Office, Office, ClockOfAnother]]:
    """Two people in one store; the clock of the first lets the second work just before the lock is taken."""
    clock = ClockOfAnother(office.app.clock.now())
    second = Office(open_folder(office.folder.path), office.app.clock, "paul").signed_in()
    office.app.clock = clock
    yield office, second, clock
    second.close()


def test_an_act_decided_while_another_pays_sees_the_payment(two: tuple[Office, Office, ClockOfAnother]) -> None:
    claire, paul, clock = two
    stream = bill(claire)
    clock.meanwhile = lambda: pay(paul, stream, Order(day("2026-02-03")), Payment(120_000))
    with pytest.raises(Refused) as caught:
        remind(claire, [stream], Order(day("2026-02-10")), channel="email")
    assert caught.value.codes == ("already_paid",)


def test_a_transfer_shared_while_another_pays_puts_nothing_in_credit(
    two: tuple[Office, Office, ClockOfAnother],
) -> None:
    claire, paul, clock = two
    stream, debtor = bill(claire), claire.registry.debtor("C-1")
    claire.views.catch_up()
    clock.meanwhile = lambda: pay(paul, stream, Order(day("2026-02-01")), Payment(120_000))
    with contextlib.suppress(NotFound):
        pay_debtor(claire, debtor, Order(day("2026-02-02")), Payment(120_000))
    assert clock.meanwhile is None
    assert load(claire, stream, day("2026-06-01")).invoice.unsettled_cents == 0


def test_a_number_used_by_two_at_once_is_seen(two: tuple[Office, Office, ClockOfAnother]) -> None:
    claire, paul, clock = two
    creditor, debtor = claire.registry.creditor(None), claire.registry.debtor("C-1")

    def draft(on: str) -> Draft:
        return Draft("F-7", creditor, debtor, day(on), [(120_000, day("2026-03-31"))], "trader")

    clock.meanwhile = lambda: issue(paul, draft("2026-01-06"), Order(day("2026-01-06")))
    with pytest.raises(Refused, match="the number is on record"):
        issue(claire, draft("2026-01-05"), Order(day("2026-01-05")))


# Destroyed keys


def wrapped(path: Path, owner: str) -> bytes | None:
    db = sqlite3.connect(path)
    row = db.execute("SELECT wrapped FROM keys WHERE owner = ?", (owner,)).fetchone()
    db.close()
    return row and bytes(row[0])


def test_a_destroyed_key_is_never_drawn_again(app: Relance) -> None:
    owner = "aa" * 16
    app.vault.ensure([owner])
    app.append([], Context(command=new_id(), records=[app.vault.row(owner, "card", "current", b"Durand")]))
    keys = app.folder.path / KEYS
    db = sqlite3.connect(keys)
    db.execute("UPDATE keys SET wrapped = x'' WHERE owner = ?", (owner,))
    db.commit()
    db.close()
    folder = open_folder(app.folder.path)
    folder.vault.ensure([owner, "bb" * 16])
    assert wrapped(keys, owner) == b""
    assert wrapped(keys, "bb" * 16)
    assert folder.vault.read(owner, "card", "current") is None
    with pytest.raises(NotFound, match="the key is gone"):
        folder.vault.row(owner, "card", "current", b"Durand again")
    folder.close()


def test_a_key_never_drawn_is_not_found(app: Relance) -> None:
    with pytest.raises(NotFound, match="the key is gone"):
        app.vault.row("bb" * 16, "card", "current", b"x")


def test_a_key_is_drawn_once(app: Relance) -> None:
    owner = "aa" * 16
    app.vault.ensure([owner])
    drawn = wrapped(app.folder.path / KEYS, owner)
    folder = open_folder(app.folder.path)
    folder.vault.ensure([owner, owner])
    folder.close()
    assert wrapped(app.folder.path / KEYS, owner) == drawn


# The master key


RIGHT, WRONG = "5a" * 32, "00" * 32


def opens(path: Path, master: Path | None = None) -> bool:
    try:
        folder: Folder = open_folder(path, master=master)
    except InvalidInput:
        return False
    folder.close()
    return True


def test_the_environment_gives_the_master_key_and_no_file_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MASTER_VARIABLE, RIGHT)
    create(tmp_path / "store")
    assert {file.name for file in (tmp_path / "store").iterdir()} == {LOG, KEYS}
    assert opens(tmp_path / "store")
    monkeypatch.setenv(MASTER_VARIABLE, WRONG)
    assert not opens(tmp_path / "store")
    monkeypatch.delenv(MASTER_VARIABLE)
    with pytest.raises(NotFound, match=MASTER_VARIABLE):
        open_folder(tmp_path / "store")


def test_the_file_that_is_named_goes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = tmp_path / "safe.key"
    monkeypatch.setenv(MASTER_VARIABLE, WRONG)
    create(tmp_path / "store", master=named)
    assert named.read_text().strip() != WRONG
    assert named.stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "store" / MASTER).exists()
    assert opens(tmp_path / "store", named)
    assert not opens(tmp_path / "store")  # now the environment, which is wrong
    monkeypatch.setenv(MASTER_VARIABLE, named.read_text().strip())
    assert opens(tmp_path / "store")
    wrong = tmp_path / "wrong.key"
    wrong.write_text(WRONG)
    assert not opens(tmp_path / "store", wrong)


def test_the_environment_goes_before_the_file_in_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MASTER_VARIABLE, raising=False)
    create(tmp_path / "store")
    assert opens(tmp_path / "store")
    monkeypatch.setenv(MASTER_VARIABLE, WRONG)
    assert not opens(tmp_path / "store")


def test_a_named_file_that_exists_is_used_and_left_alone(tmp_path: Path) -> None:
    named = tmp_path / "safe.key"
    named.write_text(RIGHT + "\n")
    create(tmp_path / "store", master=named)
    assert named.read_text() == RIGHT + "\n"
    assert opens(tmp_path / "store", named)


@pytest.mark.parametrize("text", ["00" * 31, "zz" * 32, "not a key"])
def test_a_bad_master_key_in_the_environment_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv(MASTER_VARIABLE, text)
    with pytest.raises(InvalidInput, match=MASTER_VARIABLE):
        create(tmp_path / "store")
    assert not (tmp_path / "store" / LOG).exists()


def test_a_key_file_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="names and documents cannot be read"):
        KeyRing(tmp_path / KEYS, os.urandom(32))


@given(some.lists(some.text(some.characters(exclude_categories=["Cs"]))))
def test_the_names_that_are_hashed_are_written_as_canonical_json(parts: list[str]) -> None:
    assert compact_json(parts) == json.dumps(parts, separators=(",", ":"), ensure_ascii=False).encode()
