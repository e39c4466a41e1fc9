"""What once made the views lie, or stop: one specimen each; and their edges."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from adapters.application import Change, Context, Relance, new_id, plain
from adapters.views.file import NAME, Views
from domain.decided import Desk
from domain.decisions import observe
from domain.facts.fact import Fact
from domain.facts.invoicing import Instalment, PaymentReversed
from domain.facts.parties import CreditGranted, MoneyReceived
from domain.policy import standard
from projections.ageing import SCHEMES
from projections.corner import Corner
from tests import builders as make
from tests.adapters.test_views import EDGES, bucket, expected_row, found
from tests.builders import day, issued, paid

# Specimens


def put(app: Relance, *facts: Fact, stream: str = f"invoice:{'ab' * 16}") -> None:
    loaded = app.stream(stream)
    decided = observe(loaded.history, facts, Desk(app.today, standard()), step="record")
    app.append([Change(loaded, decided)], Context(command=new_id()))


def test_the_movements_of_an_invoice_are_listed(app: Relance, tmp_path: Path) -> None:
    put(app, issued())
    put(app, paid("2026-02-03", "500"))
    views = Views(tmp_path / "views.db", app.store)
    views.catch_up()
    try:
        assert [(each.cents, each.kind) for _, each in views.movements_of(f"invoice:{'ab' * 16}")] == [
            (120_000, "invoice"), (-50_000, "payment"),
        ]  # fmt: skip
    finally:
        views.close()


def test_a_batch_that_ends_inside_a_correction_loses_no_invoice(app: Relance, tmp_path: Path) -> None:
    put(app, issued(), make.called("2026-02-03"))
    put(app, make.withdrawn(1, "2026-06-01"), issued("900"))
    views = Views(tmp_path / "views.db", app.store)
    kinds = [type(each.fact).__name__ for each in app.stream(f"invoice:{'ab' * 16}").envelopes]
    views.catch_up(batch=kinds.index("EntryWithdrawn") + 1)
    rows = found(views, SCHEMES["d4416"], day("2026-06-01"), app.store.position())
    views.close()
    assert rows == {f"invoice:{'ab' * 16}": {"91+": 90_000}}


def test_a_batch_that_ends_inside_a_withdrawal_does_not_stop_the_views(app: Relance, tmp_path: Path) -> None:
    put(app, issued())
    put(app, paid("2026-02-03", by="cheque"))
    put(app, make.reversed_("2026-02-10", by="cheque"))
    put(app, paid("2026-02-12", by="wire"))
    stream = f"invoice:{'ab' * 16}"
    bounced = next(each for each in app.stream(stream).envelopes if isinstance(each.fact, PaymentReversed))
    before = app.store.position()
    put(app, make.withdrawn(bounced.version, "2026-06-01"))
    views = Views(tmp_path / "views.db", app.store)
    try:
        views.catch_up(batch=before + 1)
        rows = found(views, SCHEMES["d4416"], day("2026-06-01"), app.store.position())
    finally:
        views.close()
    assert rows == {stream: {"credits": -120_000}}


def test_a_promise_that_was_withdrawn_is_not_listed(app: Relance, tmp_path: Path) -> None:
    put(app, issued(), make.promised("2026-02-03", "2026-02-20"))
    put(app, make.withdrawn(2, "2026-06-01"))
    views = Views(tmp_path / "views.db", app.store)
    views.catch_up()
    listed = views.promised()
    views.close()
    assert listed == []


def test_two_instalments_of_one_day_age_as_the_fold_says(app: Relance, tmp_path: Path) -> None:
    parts = make.issued_in_parts(("100", "2026-01-31"), ("600", "2026-03-31"), ("400", "2026-03-31"))
    put(app, parts)
    put(app, paid("2026-04-02", "900", instalment=2))
    views = Views(tmp_path / "views.db", app.store)
    views.catch_up()
    as_of, head = day("2026-06-01"), app.store.position()
    rows = found(views, SCHEMES["d4416"], as_of, head)
    views.close()
    stream = f"invoice:{'ab' * 16}"
    expected = expected_row("d4416", app.stream(stream).history, as_of, head)
    assert rows[stream] == {column: cents for column, cents in expected.items() if cents}


def test_money_apart_is_never_netted_with_what_is_owed(app: Relance, tmp_path: Path) -> None:
    put(app, issued("1 000"))
    put(app, issued("300"), paid("2026-02-03", "500"), stream=f"invoice:{'cd' * 16}")
    account = [
        MoneyReceived(cents=7_000, on=day("2026-03-01"), receipt="ef" * 16),
        CreditGranted(cents=2_000, number="e1" * 16, on=day("2026-03-01"), reason="commercial"),
    ]
    app.append([Change(app.stream(f"debtor:{make.DEBTOR}"), plain(account))], Context(command=new_id()))
    views = Views(tmp_path / "views.db", app.store)
    views.catch_up()
    rows = found(views, SCHEMES["d4416"], day("2026-06-01"), app.store.position())
    assert rows == {
        f"invoice:{'ab' * 16}": {"91+": 100_000},
        f"invoice:{'cd' * 16}": {"credits": -20_000},
        f"debtor:{make.DEBTOR}": {"unallocated": -7_000, "credits": -2_000},
    }
    views.close()


# Edges


@pytest.mark.parametrize("scheme", list(EDGES))
@pytest.mark.parametrize("days", [-1, 0, 1, 29, 30, 31, 59, 60, 61, 89, 90, 91, 119, 120, 121, 400])
def test_a_bucket_is_exact_at_its_edges(scheme: str, days: int) -> None:
    assert SCHEMES[scheme].buckets == tuple(name for name, _ in EDGES[scheme])
    assert SCHEMES[scheme].columns[SCHEMES[scheme].bucket(days)] == bucket(scheme, days)


def test_a_new_version_is_built_beside_the_old_one_which_goes_once_it_is_whole(app: Relance, tmp_path: Path) -> None:
    app.append([Change(app.stream(f"invoice:{'ab' * 16}"), plain([issued()]))], Context(command=new_id()))
    older = [tmp_path / name for name in ("relance.views.db", "relance.views.1.db", "relance.views.1.db-wal")]
    newer = tmp_path / "relance.views.999.db"
    for file in (*older, newer):
        file.write_bytes(b"of another version")
    views = Views(tmp_path / NAME, app.store)
    assert views.position == 0
    assert all(file.exists() for file in older)
    assert views.catch_up() == 1
    views.close()
    assert not any(file.exists() for file in older)
    assert newer.read_bytes() == b"of another version"


def test_where_nothing_can_be_written_the_tail_is_folded_in_memory(app: Relance, tmp_path: Path) -> None:
    folder = tmp_path / "views"
    folder.mkdir()
    put(app, issued())
    views = Views(folder / NAME, app.store)
    stood = views.catch_up()
    views.close()
    put(app, paid("2026-02-03", "500"))
    kept = (folder / NAME).read_bytes()
    with unwritable(folder):
        reader = Views(folder / NAME, app.store)
        assert reader.position == stood
        assert reader.catch_up() == app.store.position()
        rows = found(reader, SCHEMES["d4416"], day("2026-06-01"), app.store.position())
        reader.close()
    assert rows == {f"invoice:{'ab' * 16}": {"91+": 70_000}}
    assert (folder / NAME).read_bytes() == kept
    with unwritable(folder / "none"):
        nothing = Views(folder / "none" / NAME, app.store)
        assert nothing.position == 0
        assert nothing.catch_up() == app.store.position()
        nothing.close()


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """A folder that nobody may write: said to the program too, because these tests may run as root."""

    def access(path: Path, mode: int) -> bool:
        return mode != os.W_OK or folder not in {Path(path), Path(path).parent}

    with patch("adapters.views.file.os.access", access):
        yield


def test_dropping_them_serves_who_reads_meanwhile(app: Relance, tmp_path: Path) -> None:
    put(app, issued())
    mine, theirs = (Views(tmp_path / NAME, app.store) for _ in range(2))
    theirs.catch_up()
    mine.drop()
    assert theirs.position == 0
    assert theirs.catch_up() == mine.position == app.store.position()
    mine.close()
    theirs.close()


def test_tables_of_another_making_are_made_again(app: Relance, tmp_path: Path) -> None:
    put(app, issued())
    views = Views(tmp_path / NAME, app.store)
    views.catch_up()
    views._db.execute("ALTER TABLE account ADD COLUMN another TEXT")
    views._db.execute("PRAGMA user_version = 7")
    views.close()
    again = Views(tmp_path / NAME, app.store)
    assert again.position == 0
    assert again.catch_up() == app.store.position()
    again.close()


def test_a_correction_to_several_parts_of_one_day_is_summed_as_it_is_listed(app: Relance, tmp_path: Path) -> None:
    """By debtor and in total too, whether the correction came in a batch of its own or not."""
    put(app, issued("450", due="2026-07-01"))
    views, again = Views(tmp_path / NAME, app.store), Views(tmp_path / "again.db", app.store)
    views.catch_up()
    parts = (Instalment(cents=36_000, due=day("2026-07-01"), n=1), Instalment(cents=15_000, due=day("2026-07-01"), n=2))
    put(app, make.withdrawn(1, "2026-06-01"), issued().model_copy(update={"instalments": parts}))
    put(app, paid("2026-05-03", "500"))
    for each in (views, again):
        each.catch_up()
        corner = Corner(day("2026-06-01"), app.store.position())
        (row,) = (row for _, _, row in each.ageing(SCHEMES["d4416"], corner))
        assert row.cents == each.ageing_by("total", SCHEMES["d4416"], corner)["total"].cents
        assert row.by_name()["not_due"] == 1_000
        each.close()


def test_views_of_a_log_that_was_restored_begin_again(app: Relance, tmp_path: Path) -> None:
    put(app, issued())
    views = Views(tmp_path / NAME, app.store)
    views.catch_up()
    (tmp_path / "relance.worklist.db").write_bytes(b"of the lost log")
    views._db.execute("UPDATE tracking SET value = value - 1 WHERE name = 'event'")  # another event lay there
    views._db.execute("UPDATE span SET cents = 1")
    assert views.catch_up() == app.store.position()
    assert found(views, SCHEMES["d4416"], day("2026-06-01"), app.store.position()) == {
        f"invoice:{'ab' * 16}": {"91+": 120_000}
    }
    assert not (tmp_path / "relance.worklist.db").exists()
    views._db.execute("UPDATE tracking SET value = value + 5 WHERE name = 'position'")  # the log is shorter
    assert views.catch_up() == app.store.position()
    views.close()


def test_a_movement_stands_where_its_event_was_recorded_however_it_was_folded(app: Relance, tmp_path: Path) -> None:
    put(app, issued(), paid("2026-02-03", "300"))
    step, whole = Views(tmp_path / NAME, app.store), Views(tmp_path / "whole.db", app.store)
    step.catch_up()
    put(app, make.written_off("2026-03-01", "100", whole=False))
    stream = f"invoice:{'ab' * 16}"
    for views in (step, whole):
        views.catch_up()
    assert step.movements_of(stream) == whole.movements_of(stream)
    assert [(position, each.cents) for position, each in whole.movements_of(stream)][:2] == [(1, 120_000), (2, -30_000)]
    step.close()
    whole.close()


@pytest.mark.parametrize("page", range(1, 9))
def test_a_damaged_page_is_no_end(app: Relance, tmp_path: Path, page: int) -> None:
    put(app, issued())
    views = Views(tmp_path / NAME, app.store)
    views.catch_up()
    views.close()
    with (tmp_path / NAME).open("r+b") as file:
        file.seek(4096 * page)
        file.write(b"\xff" * 4096)
    again = Views(tmp_path / NAME, app.store)
    again.drop()
    assert again.catch_up() == app.store.position()
    assert again._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    again.close()
