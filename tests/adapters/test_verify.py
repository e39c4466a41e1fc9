"""Verification: one specimen per tampering, each numbered check broken on its own; a flipped byte is never accepted."""

import json
import sqlite3
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from adapters.application import Change, Context, Relance, new_id, plain
from adapters.documents import bundle
from adapters.evidence import Verification, no_key_twice, quick_event, read_event
from adapters.store.envelope import canonical, leaf_hash
from adapters.store.folder import LOG
from adapters.store.sqlite import SQLiteStore
from adapters.verify import verify_bundle, verify_log
from domain.errors import EvidenceBroken, NotFound
from domain.facts.fact import Fact
from tests.adapters.exhibits import Archive, repacked, unpacked
from tests.builders import escalated, order_served, paid, settled, withdrawn

Files = dict[str, bytes]
Leaves = list[dict[str, Any]]


@pytest.fixture
def good(app: Relance, tmp_path: Path) -> Path:
    """A bundle of two invoices, the second short."""
    archive = Archive(app)
    first, second = archive.story(), archive.invoice("F-2", "300,00")
    archive.record(second, paid("2026-03-01", "300,00"))
    return archive.export([first, second], tmp_path / "good.zip").path


def failing(found: Verification) -> list[str]:
    assert (found.verdict == "broken") == any(not check.ok for check in found.checks)
    return [check.id for check in found.checks if not check.ok]


def leaves(files: Files) -> tuple[list[int], Leaves]:
    lines = [json.loads(line) for line in files[bundle.EVENTS].splitlines()]
    return [line["position"] for line in lines], [json.loads(line["leaf"]) for line in lines]


def journal(positions: list[int], each: list[bytes]) -> bytes:
    return b"".join(bundle.event_line(at, leaf) for at, leaf in zip(positions, each, strict=True))


def rechained(found: Leaves) -> list[bytes]:
    """The leaves with versions and `prev` made to fit again: a forger who knows the format."""
    heads: dict[str, tuple[int, str]] = {}
    made = []
    for leaf in found:
        version, head = heads.get(leaf["stream"], (0, ""))
        leaf |= {"version": version + 1, "prev": head}
        made.append(canonical(leaf))
        heads[leaf["stream"]] = (version + 1, leaf_hash(made[-1]))
    return made


def edited(change: Callable[[Leaves], None]) -> Callable[[Files], None]:
    """Change leaves in place, the chain made to fit."""

    def apply(files: Files) -> None:
        positions, found = leaves(files)
        change(found)
        files[bundle.EVENTS] = journal(positions[: len(found)], rechained(found))

    return apply


def raw_leaf(change: Callable[[bytes], bytes], index: int = 0) -> Callable[[Files], None]:
    """Change the bytes of one leaf, nothing else."""

    def apply(files: Files) -> None:
        positions, _ = leaves(files)
        stored = [json.loads(line)["leaf"].encode() for line in files[bundle.EVENTS].splitlines()]
        stored[index] = change(stored[index])
        files[bundle.EVENTS] = journal(positions, stored)

    return apply


def summed(change: Callable[[dict[str, Any]], object]) -> Callable[[Files], None]:
    """Change `resume.json`."""

    def apply(files: Files) -> None:
        value = json.loads(files[bundle.SUMMARY])
        change(value)
        files[bundle.SUMMARY] = bundle.plain_json(value)

    return apply


def dropped(index: int) -> Callable[[Files], None]:
    def apply(files: Files) -> None:
        lines = files[bundle.EVENTS].splitlines(keepends=True)
        files[bundle.EVENTS] = b"".join(lines[:index] + lines[index + 1 :])

    return apply


def swapped(files: Files) -> None:
    lines = files[bundle.EVENTS].splitlines(keepends=True)
    files[bundle.EVENTS] = b"".join([lines[1], lines[0], *lines[2:]])


def renamed_law(files: Files) -> None:
    name = next(name for name in files if name.startswith("regles/"))
    files[name] += b" "


def without_law(files: Files) -> None:
    del files[next(name for name in files if name.startswith("regles/"))]


def one_law_more(files: Files) -> None:
    files["regles/" + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.json"] = b""


def other_debtor(files: Files) -> None:
    value = json.loads(files[bundle.PARTIES])
    value["debtor"]["id"] = "0" * 32
    files[bundle.PARTIES] = bundle.plain_json(value)


def set_fact(kind: str, **values: Any) -> Callable[[Leaves], None]:
    def change(found: Leaves) -> None:
        leaf = next(each for each in found if kind in each["type"])
        leaf["fact"] |= values

    return change


def without(kind: str) -> Callable[[Leaves], None]:
    def change(found: Leaves) -> None:
        found.remove(next(each for each in found if kind in each["type"]))

    return change


def with_type(found: Leaves) -> None:
    found[0]["type"] = "relance.InvoiceBurnt.1"


def with_draft(found: Leaves) -> None:
    found[2] |= {"type": "relance.RecoveryResumed.1", "fact": {"on": found[2]["fact"]["on"]}}


def with_name(found: Leaves) -> None:
    found[0]["actor"] = "Jeanne Dupont"


def earlier(found: Leaves) -> None:
    found[3]["recorded_at"] = "2026-01-01T00:00:00.000000Z"


def test_a_good_bundle_is_conform_and_says_loudly_what_vouches_for_it(good: Path) -> None:
    found = verify_bundle(good)
    assert found.verdict == "conform_unpinned"
    assert [check.id[0] for check in found.checks] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert "NOT SEALED" in found.checks[-1].detail
    assert "SIMULATION" in found.checks[5].detail


def test_a_good_bundle_says_what_is_left_unchecked(good: Path) -> None:
    details = {check.id: check.detail for check in verify_bundle(good).checks}
    assert "dossier.pdf: its digest only, its text is not checked against the events" in details["2-manifest"]
    assert details["6-figures"].endswith(
        "; invoice numbers, the names of the parties and the sandbox mark"
        " are the maker's word until the dossier is sealed"
    )


def test_what_is_said_to_be_unchecked_is(good: Path) -> None:
    files = unpacked(good)
    files[bundle.PDF] = b"%PDF-1.7 other words"
    resume = json.loads(files[bundle.SUMMARY])
    resume["sandbox"] = False
    resume["invoices"][0]["number"] = "F-OTHER"
    files[bundle.SUMMARY] = bundle.plain_json(resume)
    files[bundle.PARTIES] = files[bundle.PARTIES].replace("Lefèvre".encode(), "Dupont".encode())  # noqa: UP012
    assert verify_bundle(repacked(good, files)).verdict == "conform_unpinned"


def test_a_key_that_nothing_answers_to_is_not_passed_over(good: Path) -> None:
    assert failing(verify_bundle(good, key="relance+1234+abcd")) == ["8-seal"]


def test_no_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="cannot be read"):
        verify_bundle(tmp_path / "none.zip")


@pytest.mark.parametrize(
    ("check", "tamper"),
    [
        ("3-leaves", raw_leaf(lambda leaf: leaf.replace(b'{"actor"', b'{"v":1,"actor"'))),
        ("3-leaves", raw_leaf(lambda leaf: leaf.replace(b',"command"', b', "command"'))),
        ("3-leaves", raw_leaf(lambda leaf: leaf.replace(b'"cents":120000', b'"cents":120000.0'))),
        ("3-leaves", raw_leaf(lambda leaf: leaf.replace(b'"v":1', b'"v":2'))),
        ("3-leaves", raw_leaf(lambda leaf: leaf.replace(b'"invoice:', b'"debtor:'))),
        ("3-leaves", raw_leaf(lambda _: b"[" * 100_000)),
        ("3-leaves", raw_leaf(lambda leaf: leaf[:-1] + b',"zz":null}')),
        ("3-leaves", edited(with_type)),
        ("3-leaves", edited(with_draft)),
        ("3-leaves", edited(with_name)),
        ("3-leaves", edited(set_fact("PaymentReceived", cents=-5))),
        ("3-leaves", edited(set_fact("PaymentReceived", payer="DUPONT"))),
        ("3-leaves", lambda files: files.update({bundle.EVENTS: files[bundle.EVENTS][:-1]})),
        ("3-leaves", lambda files: files.update({bundle.EVENTS: b""})),
        (
            "3-leaves",
            lambda files: files.update({bundle.EVENTS: files[bundle.EVENTS].replace(b'{"leaf"', b'{ "leaf"', 1)}),
        ),
        ("3-leaves", lambda files: files.update({bundle.EVENTS: b'{"leaf":"\\ud800","position":1}\n'})),
        ("4-chain", raw_leaf(lambda leaf: leaf.replace(b'"cents":120000', b'"cents":110000'))),
        ("4-chain", dropped(3)),
        ("4-chain", dropped(0)),
        ("4-chain", swapped),
        ("4-chain", edited(earlier)),
        ("5-path", edited(without("OrdonnanceGranted"))),
        ("5-path", edited(without("InvoiceFellDue"))),
        ("5-path", edited(without("InvoicePaid"))),
        ("5-path", edited(set_fact("InvoicePaid", on="2026-03-02"))),
        ("5-path", edited(set_fact("EntryWithdrawn", withdrawn=99))),
        ("5-path", edited(set_fact("PaymentReceived", on="2027-01-01"))),
        ("5-path", edited(without("InvoiceIssued"))),
        ("6-figures", edited(set_fact("CreditNoteApplied", cents=4000))),
        (
            "6-figures",
            lambda files: files.update({bundle.EVENTS: b"".join(files[bundle.EVENTS].splitlines(keepends=True)[:-2])}),
        ),
        ("6-figures", summed(lambda value: value["invoices"][0].update(remaining_cents=1))),
        ("6-figures", summed(lambda value: value["totals"].update(paid_cents=1))),
        ("6-figures", summed(lambda value: value["invoices"][0].update(interest_cents=1))),
        ("6-figures", summed(lambda value: value["claim"]["invoices"][0].update(total_cents=1))),
        ("6-figures", summed(lambda value: value["claim"]["invoices"][0]["segments"][0].update(rate_percent="13.15"))),
        ("6-figures", summed(lambda value: value["claim"]["totals"].update(interest_cents=1))),
        ("6-figures", summed(lambda value: value["claim"].update(totals=None))),
        ("6-figures", summed(lambda value: value["claim"]["readings"].update(imputation="principal_first"))),
        ("6-figures", summed(lambda value: value["claim"]["readings"].update(imputation="as_i_like"))),
        ("6-figures", summed(lambda value: value["claim"]["readings"].pop("rounding"))),
        ("6-figures", summed(lambda value: value.pop("claim"))),
        ("6-figures", summed(lambda value: value["invoices"].pop())),
        ("6-figures", summed(lambda value: value.update(extra=1))),
        ("6-figures", summed(lambda value: value.update(sandbox="no"))),
        ("6-figures", summed(lambda value: value.update(position=3))),
        ("6-figures", summed(lambda value: value.update(generated_at="2026-02-01T00:00:00.000000Z"))),
        ("6-figures", summed(lambda value: value.update(debtor="0" * 32))),
        ("6-figures", other_debtor),
        ("6-figures", lambda files: files.update({bundle.SUMMARY: b" " + files[bundle.SUMMARY]})),
        ("6-figures", lambda files: files.update({bundle.PARTIES: b"[]"})),
        ("7-rulebooks", renamed_law),
        ("7-rulebooks", without_law),
        ("7-rulebooks", one_law_more),
    ],
)
def test_a_forger_who_rebuilds_the_archive_is_seen(good: Path, check: str, tamper: Callable[[Files], None]) -> None:
    files = unpacked(good)
    before = dict(files)
    tamper(files)
    assert files != before, "the specimen changes nothing"
    found = verify_bundle(repacked(good, files))
    assert check in failing(found), found.checks
    assert failing(found)[0] == check, found.checks


def test_the_manifest_covers_every_file(good: Path) -> None:
    files = unpacked(good)
    files[bundle.PDF] += b"%"
    good.write_bytes(bundle.packed(files))
    assert failing(verify_bundle(good)) == ["2-manifest"]
    files[bundle.MANIFEST] = bundle.manifest(files).replace(b"resume.json", b"resume.txt")
    good.write_bytes(bundle.packed(files))
    assert failing(verify_bundle(good)) == ["2-manifest"]


def zipped(
    path: Path, files: Files, *, method: int = zipfile.ZIP_STORED, twice: str = "", comment: bytes = b""
) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), files[name], method)
        if twice:
            with pytest.warns(UserWarning, match="Duplicate"):
                archive.writestr(twice, b"another")
        archive.comment = comment


@pytest.mark.parametrize(
    "tamper",
    [
        lambda path, _: path.write_bytes(path.read_bytes() + b"\0"),
        lambda path, _: path.write_bytes(b"MZ" + path.read_bytes()),
        lambda path, _: path.write_bytes(b""),
        lambda path, _: path.write_bytes(path.read_bytes()[: len(path.read_bytes()) // 2]),
        zipped,
        lambda path, files: zipped(path, files, method=zipfile.ZIP_DEFLATED),
        lambda path, files: zipped(path, files, twice=bundle.EVENTS),
        lambda path, files: zipped(path, files, comment=b"hello"),
        lambda path, files: path.write_bytes(bundle.packed(files | {"LISEZMOI.txt": b""})),
        lambda path, files: path.write_bytes(bundle.packed(files | {"../resume.json": b""})),
        lambda path, files: path.write_bytes(bundle.packed(files | {"regles/x.json": b""})),
        lambda path, files: path.write_bytes(
            bundle.packed({name: data for name, data in files.items() if name != bundle.PDF})
        ),
    ],
)
def test_the_archive_has_one_form(good: Path, tamper: Callable[[Path, Files], object]) -> None:
    tamper(good, unpacked(good))
    assert failing(verify_bundle(good))[0] == "1-archive"


def test_a_flipped_byte_is_never_accepted(good: Path) -> None:
    content = good.read_bytes()
    for at in [*range(0, len(content), len(content) // 900), *range(len(content) - 600, len(content), 3)]:
        flipped = bytearray(content)
        flipped[at] ^= 1 << (at % 8)
        good.write_bytes(flipped)
        assert verify_bundle(good).verdict == "broken", at


def test_a_flipped_byte_of_the_events_is_seen_even_with_the_archive_rebuilt(good: Path) -> None:
    files = unpacked(good)
    lines = files[bundle.EVENTS]
    for at in range(0, len(lines), len(lines) // 150):
        flipped = bytearray(lines)
        flipped[at] ^= 1 << (at % 7)
        found = verify_bundle(repacked(good, files | {bundle.EVENTS: bytes(flipped)}))
        inside = lines.rfind(b'"position":', 0, at) < lines.rfind(b'{"leaf":', 0, at)
        assert found.verdict == "broken" or not inside, at  # a position is not in the bytes: only its order is checked


def test_a_cut_tail_with_all_rebuilt_is_not_seen_and_the_seal_check_says_so(app: Relance, tmp_path: Path) -> None:
    archive = Archive(app)
    stream = archive.invoice()
    archive.export([stream], tmp_path / "short.zip")
    archive.record(stream, paid("2026-03-01", "100,00"))
    assert verify_bundle(tmp_path / "short.zip").verdict == "conform_unpinned"
    assert "left out the last events" in verify_bundle(tmp_path / "short.zip").checks[-1].detail


def test_json_with_a_key_twice_is_refused() -> None:
    with pytest.raises(EvidenceBroken, match="same key twice"):
        no_key_twice(b'{"a":[{"b":1,"b":1}]}')


# The log


def tampered(app: Relance, *statements: str) -> Verification:
    """Somebody with the file in hand: triggers dropped, rows changed, then verification."""
    db = sqlite3.connect(app.folder.path / LOG, isolation_level=None)
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        db.execute(statement)
    db.close()
    return verify_log(app)


def test_a_good_log_is_conform(app: Relance) -> None:
    archive = Archive(app)
    archive.story()
    found = verify_log(app)
    assert (found.verdict, found.position) == ("conform_unpinned", None), found.checks
    store = SQLiteStore(app.folder.path / LOG)
    assert verify_log(store) == found
    store.close()


def test_an_empty_log_is_conform(app: Relance) -> None:
    assert verify_log(app).verdict == "conform_unpinned"


@pytest.mark.parametrize(
    ("check", "position", "statement"),
    [
        ("1-bytes", 5, "UPDATE log SET bytes = CAST(replace(bytes, '\"v\":1', '\"v\":7') AS BLOB) WHERE position = 5"),
        ("1-bytes", 5, "UPDATE log SET bytes = CAST(bytes || ' ' AS BLOB) WHERE position = 5"),
        ("1-bytes", 5, "UPDATE log SET bytes = x'00' WHERE position = 5"),
        (
            "2-chain",
            4,
            "UPDATE log SET bytes = CAST(replace(bytes, 'declared', 'imported') AS BLOB) WHERE position = 3",
        ),
        ("2-chain", 6, "DELETE FROM log WHERE position = 5"),
        ("3-positions", 99, "UPDATE log SET position = 99 WHERE position = (SELECT max(position) FROM log)"),
        ("4-index", 5, "UPDATE log SET stream = 'invoice:other' WHERE position = 5"),
        ("4-index", 5, "UPDATE log SET version = 999 WHERE position = 5"),
        ("4-index", 5, "UPDATE log SET type = 'relance.InvoicePaid.1' WHERE position = 5"),
        ("4-index", 5, "UPDATE log SET recorded_us = recorded_us + 1 WHERE position = 5"),
        ("4-index", 5, "UPDATE log SET act = 'x' WHERE position = 5"),
        ("5-internal", 5, "UPDATE log SET internal = x'00' WHERE position = 5"),
        ("6-rulebooks", 1, "DELETE FROM rulebooks"),
        ("6-rulebooks", 1, "UPDATE rulebooks SET bytes = x'00'"),
    ],
)
def test_a_changed_row_is_seen_and_its_position_named(app: Relance, check: str, position: int, statement: str) -> None:
    Archive(app).story()
    assert verify_log(app).verdict == "conform_unpinned"
    found = tampered(app, statement)
    assert check in failing(found), found.checks
    detail = next(each.detail for each in found.checks if each.id == check)
    assert f"position {position}:" in detail, detail
    assert found.position is not None
    assert found.position <= position


def test_a_flipped_byte_of_the_log_is_seen_wherever_an_event_follows(app: Relance) -> None:
    stream = Archive(app).story()
    tampered(app)
    next_ones = {each.position: after.position for each, after in pairwise(app.stream(stream).envelopes)}
    db = sqlite3.connect(app.folder.path / LOG, isolation_level=None)
    for position, stored in db.execute("SELECT position, bytes FROM log").fetchall():
        for at in range(position % 7, len(stored), 41):
            flipped = bytearray(stored)
            flipped[at] ^= 1 << (at % 8)
            db.execute("UPDATE log SET bytes = ? WHERE position = ?", (bytes(flipped), position))
            found = verify_log(app)  # of the last event of a stream, a seal alone can say that it changed
            assert found.position in {position, next_ones.get(position)}, (at, found.checks)
        db.execute("UPDATE log SET bytes = ? WHERE position = ?", (stored, position))
    db.close()
    assert verify_log(app).verdict == "conform_unpinned"


def test_a_file_that_stops_reading_is_broken_and_says_where(app: Relance) -> None:
    Archive(app).story()
    found = tampered(app, "DROP TABLE rulebooks")
    assert failing(found) == ["1-bytes"]
    assert "cannot be read further" in found.checks[0].detail


def test_a_history_off_the_chart_is_seen_where_it_leaves_it(app: Relance) -> None:
    archive = Archive(app)
    stream = archive.invoice()
    before = app.store.position()
    forged: list[list[Fact]] = [
        [order_served("2026-05-02")],
        [escalated("2026-05-03")],
    ]
    for facts in forged:
        app.append([Change(app.stream(stream), plain(facts))], Context(command=new_id()))
    found = verify_log(app)
    assert failing(found) == ["7-path"]
    assert found.position == before + 1


@pytest.mark.parametrize("fact", [settled("2026-02-01"), withdrawn(1, "2026-06-01"), withdrawn(77, "2026-06-01")])
def test_a_conclusion_or_a_withdrawal_out_of_nothing_is_seen(app: Relance, fact: Any) -> None:
    archive = Archive(app)
    stream = archive.invoice()
    app.append([Change(app.stream(stream), plain([fact]))], Context(command=new_id()))
    found = verify_log(app)
    assert failing(found) == ["7-path"]
    assert found.position == app.store.position()


def test_the_quick_reading_of_an_event_is_the_slow_one(app: Relance) -> None:
    Archive(app).story()
    for position, *_, stored, internal in app.store.index_rows():
        assert quick_event(position, stored, internal) == read_event(position, stored)
