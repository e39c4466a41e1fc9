"""The store: order, conflict, once, the clock, the triggers; what is written together stays together."""

import datetime as dt
import sqlite3
import stat
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError

from adapters.application import Change, Context, Relance, new_id, plain
from adapters.clock import FixedClock, SystemClock, end_of_paris_day, paris_day
from adapters.store.folder import KEYS, LOG, MASTER, create, open_folder
from adapters.store.sqlite import DoneAlready, SQLiteStore
from domain.errors import Conflict, EvidenceBroken, InvalidInput, Misuse, NotFound
from domain.facts.fact import Fact
from tests.builders import issued, paid, reminded

INVOICE = f"invoice:{'ab' * 16}"


def clock(app: Relance) -> FixedClock:
    assert isinstance(app.clock, FixedClock)
    return app.clock


def put(app: Relance, *facts: Fact, stream: str = INVOICE, command: str = "") -> None:
    app.append([Change(app.stream(stream), plain(facts))], Context(command=command or new_id()))


def test_positions_have_no_gap_and_versions_chain(app: Relance) -> None:
    put(app, issued(), reminded("2026-02-01"))
    put(app, issued(), stream=f"invoice:{'cd' * 16}")
    put(app, paid("2026-02-03"))
    assert [position for position, _ in app.store.rows(0, 99)] == [1, 2, 3, 4]
    envelopes = app.stream(INVOICE).envelopes
    assert [each.version for each in envelopes] == [1, 2, 3]
    assert [each.position for each in envelopes] == [1, 2, 4]
    assert [each.prev for each in envelopes] == [None, envelopes[0].leaf, envelopes[1].leaf]


def test_who_was_slower_decides_again(app: Relance) -> None:
    put(app, issued())
    stale = app.stream(INVOICE)
    put(app, reminded("2026-02-01"))
    with pytest.raises(IntegrityError):
        app.append([Change(stale, plain([paid("2026-02-03")]))], Context(command=new_id()))
    tries = []

    def decide() -> int:
        tries.append(1)
        app.append(
            [Change(stale if len(tries) < 3 else app.stream(INVOICE), plain([paid("2026-02-03")]))],
            Context(command=new_id()),
        )
        return len(tries)

    assert app.deciding(decide) == 3
    with pytest.raises(Conflict, match="try again"):
        app.deciding(lambda: app.append([Change(stale, plain([paid("2026-02-03")]))], Context(command=new_id())))
    assert app.store.position() == 3


def test_an_append_is_all_or_nothing(app: Relance) -> None:
    put(app, issued())
    other = app.stream(f"invoice:{'cd' * 16}")
    stale = app.stream(INVOICE)
    put(app, reminded("2026-02-01"))
    names = [("number", "c0" * 16, b"k" * 16, other.id)]
    with pytest.raises(IntegrityError):
        app.append(
            [Change(other, plain([issued()])), Change(stale, plain([paid("2026-02-03")]))],
            Context(command=new_id(), names=names),
        )
    assert app.store.position() == 2
    assert app.store.named("number", "c0" * 16, b"k" * 16) == []


def test_a_command_is_recorded_once(app: Relance) -> None:
    command = new_id()
    put(app, issued(), command=command)
    with pytest.raises(DoneAlready):
        put(app, reminded("2026-02-01"), command=command)
    assert app.store.position() == 1


def test_instants_never_fall_and_a_clock_set_back_is_refused(app: Relance) -> None:
    put(app, issued())
    first = clock(app).at
    clock(app).at = first - dt.timedelta(seconds=4)
    put(app, reminded("2026-02-01"))
    assert app.stream(INVOICE).envelopes[1].recorded_at == first
    clock(app).at = first - dt.timedelta(seconds=6)
    with pytest.raises(Conflict, match="set the clock right"):
        put(app, paid("2026-02-03"))


def test_a_known_at_is_a_position(app: Relance) -> None:
    put(app, issued())
    clock(app).at += dt.timedelta(hours=1)
    put(app, reminded("2026-02-01"), paid("2026-02-03"))
    assert app.store.position_at(clock(app).at - dt.timedelta(seconds=1)) == 1
    assert app.store.position_at(clock(app).at) == 3
    assert app.store.position_at(clock(app).at - dt.timedelta(days=1)) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log SET version = 9",
        "UPDATE log SET bytes = x'00' WHERE position = 1",
        "DELETE FROM log",
        "INSERT OR REPLACE INTO log SELECT * FROM log WHERE position = 1",
        "INSERT INTO log SELECT 9, 'invoice:x', 1, type, recorded_us, act, bytes, internal FROM log WHERE position = 1",
        "DELETE FROM once",
        "UPDATE once SET kind = 'x'",
        "INSERT OR REPLACE INTO once SELECT * FROM once",
        "DELETE FROM rulebooks",
        "UPDATE rulebooks SET bytes = x'00'",
    ],
)
def test_what_is_recorded_is_neither_changed_nor_removed(app: Relance, statement: str) -> None:
    put(app, issued())
    other = sqlite3.connect(app.folder.path / LOG)
    with pytest.raises(sqlite3.IntegrityError):
        other.execute(statement)
    other.close()
    assert app.store.position() == 1


def test_a_law_table_set_is_kept_once(app: Relance) -> None:
    put(app, issued())
    put(app, reminded("2026-02-01"))
    laws = {each.law for each in app.stream(INVOICE).envelopes}
    assert len(laws) == 1
    text = app.store.rulebook(laws.pop() or "")
    assert text is not None
    assert b'"code":"not_due"' in text
    assert b'"name":"recovery_indemnity"' in text
    assert b'"imputation":"interest_first"' in text
    assert b'"kind":"policy"' not in text


def test_two_writers_take_turns(app: Relance) -> None:
    put(app, issued())
    second = SQLiteStore(app.folder.path / LOG)
    second._db.execute("PRAGMA busy_timeout = 0")
    with app.store.writing(clock(app).now()), pytest.raises(Conflict, match="busy"), second.writing(clock(app).now()):
        pass
    second.close()


def test_a_store_is_private(app: Relance) -> None:
    for name in (KEYS, MASTER):
        assert stat.S_IMODE((app.folder.path / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(app.folder.path.stat().st_mode) == 0o700


def test_init_wants_an_empty_folder(tmp_path: Path) -> None:
    create(tmp_path / "store")
    with pytest.raises(Misuse, match="a store already"):
        create(tmp_path / "store")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").touch()
    with pytest.raises(Misuse, match="something else"):
        create(tmp_path / "full")


def test_what_is_no_store_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="init"):
        open_folder(tmp_path)
    (tmp_path / LOG).write_bytes(b"not a database at all, whatever its name may say" * 50)
    with pytest.raises(InvalidInput, match="not a relance store"):
        open_folder(tmp_path)


def test_the_wrong_master_key_opens_nothing(app: Relance, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("00" * 32)
    with pytest.raises(InvalidInput, match="master key"):
        open_folder(app.folder.path, master=wrong)
    wrong.write_text("00")
    with pytest.raises(InvalidInput, match="64 hexadecimal"):
        open_folder(app.folder.path, master=wrong)


def test_vault_records_are_bound_to_their_place(app: Relance) -> None:
    owners = ["aa" * 16, "bb" * 16]
    app.vault.ensure(owners)
    digest, row = app.vault.sealed(owners[0], "party", {"name": "Établissements Lefèvre"})
    put_rows = Context(command=new_id(), records=[row, (owners[0], "other", digest, row[3])])
    app.append([], put_rows)
    opened = app.vault.opened(owners[0], "party", digest)
    assert opened is not None
    assert opened[1] == {"name": "Établissements Lefèvre"}
    with pytest.raises(EvidenceBroken, match="changed or moved"):
        app.vault.read(owners[0], "other", digest)
    assert "Lefèvre".encode() not in (app.folder.path / LOG).read_bytes()


def test_names_say_nothing_to_an_outsider(app: Relance, tmp_path: Path) -> None:
    create(tmp_path / "other")
    other = open_folder(tmp_path / "other")
    assert app.vault.name_key("number", "c", "F-1") == app.vault.name_key("number", "c", "F-1")
    assert app.vault.name_key("number", "c", "F-1") != other.vault.name_key("number", "c", "F-1")
    assert app.vault.name_key("ab", "c") != app.vault.name_key("a", "bc")
    other.close()


def test_a_day_is_a_day_in_paris() -> None:
    summer = dt.datetime(2026, 6, 30, 22, 30, tzinfo=dt.UTC)
    assert paris_day(summer) == dt.date(2026, 7, 1)
    assert paris_day(end_of_paris_day(dt.date(2026, 3, 29))) == dt.date(2026, 3, 29)
    assert end_of_paris_day(dt.date(2026, 10, 25)) == dt.datetime(2026, 10, 25, 22, 59, 59, 999999, tzinfo=dt.UTC)
    assert SystemClock().now().tzinfo is dt.UTC
