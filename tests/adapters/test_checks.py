"""`check`: a good store passes every one; each has a specimen that makes it speak, and no other."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters import acts, payments
from adapters.bootstrap import Office
from adapters.checks.check import Finding, Outcome
from adapters.checks.running import CHECKS, check, named
from adapters.clock import FixedClock
from adapters.payments import Payment
from adapters.store.folder import LOG, create, open_folder
from adapters.verified import NOTE, read_note, write_note
from domain.errors import NotFound, RelanceError
from domain.facts.invoicing import PaymentReceived
from domain.facts.parties import MoneyAllocated, MoneyReceived
from domain.facts.procedure import EscalatedToInjonction, Head
from tests.adapters.audited import NOW, Specimen, audited
from tests.builders import day, fell_due, instant, receipt, reminded

ALL = [each.id for each in CHECKS]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audited") / "store"
    audited(folder)
    return folder


@pytest.fixture
def specimen(template: Path, tmp_path: Path) -> Iterator[Specimen]:
    made = Specimen(template, tmp_path / "copy")
    yield made
    made.office.close()


def checked(specimen: Specimen, *names: str, position: int | None = None, within: int = 30) -> dict[str, Outcome]:
    office = specimen.office
    at = position if position is not None else office.app.store.position()
    return {each.id: each for each in check(office, names, position=at, on=office.app.today, within=within)}


def speaking(outcomes: dict[str, Outcome]) -> list[str]:
    return [name for name, each in outcomes.items() if not each.ok]


def test_a_good_store_passes_every_check_and_each_says_what_it_looked_at(specimen: Specimen) -> None:
    outcomes = checked(specimen)
    assert speaking(outcomes) == [], [each.findings for each in outcomes.values()]
    assert list(outcomes) == ALL
    assert all(each.compares and each.detail for each in outcomes.values())
    details = {name: each.detail for name, each in outcomes.items()}
    assert details["sums"].startswith("10 accounts at 6 corners; 3 030.00 EUR on 1 June 2026")
    assert details["shares"] == "3 steps of 1 proceedings, their shares to the cent"
    assert details["transfers"] == "1 receipts of 700.00 EUR, 500.00 EUR allocated, 200.00 EUR waiting"
    assert details["acts"] == "5 acts, each while something of the price was left"
    assert details["next"] == "6 open invoices, each with its next date"
    assert details["rulebooks"] == "1 law tables named, 2 policies adopted, each there under its digest"


def test_every_earlier_position_passes_too(specimen: Specimen) -> None:
    head = specimen.office.app.store.position()
    for position in {specimen.office.app.store.end_of_command(at) for at in range(1, head, 3)}:
        outcomes = checked(specimen, position=position)
        assert speaking(outcomes) == [], (position, [each.findings for each in outcomes.values()])


def gone(specimen: Specimen) -> None:
    """An allocation whose payment was never recorded."""
    debtor = f"debtor:{specimen.office.registry.debtor('C043')}"
    facts = [each.fact for each in specimen.office.app.stream(debtor).envelopes]
    received = next(fact for fact in facts if isinstance(fact, MoneyReceived))
    invoice = specimen.stream("F-004").partition(":")[2]
    fact = MoneyAllocated(cents=5_000, invoice=invoice, on=day("2026-05-01"), receipt=received.receipt)
    specimen.forge((debtor, fact))


def booked_ahead(specimen: Specimen) -> None:
    fact = PaymentReceived(
        booked_on=day("2026-12-31"), cents=100, on=day("2026-05-01"), receipt=receipt("x"), source_known_on=day("2026-05-02")
    )  # fmt: skip
    specimen.forge((specimen.stream("F-002"), fact))


def reminded_after_payment(specimen: Specimen) -> None:
    specimen.forge((specimen.stream("F-003"), reminded("2026-05-20")))


def unequal_shares(specimen: Specimen) -> None:
    id = "ab" * 16

    def fact(cents: int) -> EscalatedToInjonction:
        heads = (Head(cents=cents, head="principal"),)
        return EscalatedToInjonction(court="tc-angers", heads=heads, on=day("2026-05-20"), proceeding=id)

    shares = [(specimen.stream("F-004"), fact(1_000)), (specimen.stream("F-005"), fact(2_000))]
    specimen.forge(*shares, (f"proceeding:{id}", fact(3_001)), act="ac" * 16)


def share_alone(specimen: Specimen) -> None:
    heads = (Head(cents=100, head="principal"),)
    fact = EscalatedToInjonction(court="tc-angers", heads=heads, on=day("2026-05-20"), proceeding="ab" * 16)
    specimen.forge((specimen.stream("F-004"), fact), act="ac" * 16)


Tamper = Callable[[Specimen], object]
SPECIMENS: dict[str, list[Tamper]] = {
    "index": [
        lambda it: it.sql("UPDATE log SET recorded_us = recorded_us + 1 WHERE position = 9"),
        lambda it: it.sql("UPDATE log SET type = 'relance.Other.1' WHERE position = 9"),
    ],
    "log": [
        lambda it: it.sql(
            "UPDATE log SET internal = x'00' WHERE type LIKE '%Issued%' AND instr(CAST(bytes AS TEXT), '\"cents\":30000') > 0"
        ),
        lambda it: it.sql("UPDATE log SET bytes = CAST(replace(bytes, 'declared', 'imported') AS BLOB) WHERE position = 9"),
    ],
    "rulebooks": [
        lambda it: it.sql("DELETE FROM rulebooks WHERE kind = 'law'"),
        lambda it: it.sql("DELETE FROM rulebooks WHERE kind = 'policy' AND instr(bytes, '[readings]') = 0"),
        lambda it: it.sql("UPDATE rulebooks SET bytes = CAST(bytes || ' ' AS BLOB) WHERE kind = 'policy' AND instr(bytes, '[readings]') = 0"),
    ],
    "days": [booked_ahead],
    "conclusions": [lambda it: it.forge((it.stream("F-006"), fell_due("2026-05-01")))],
    "sums": [
        lambda it: it.views("UPDATE span SET cents = cents + 1 WHERE cents = 30000"),
    ],
    "views": [
        lambda it: it.views("UPDATE movement SET booked = 5 WHERE cents = 30000"),
        lambda it: it.views("UPDATE mark SET amount = amount + 1 WHERE what = 0"),
        lambda it: it.views("UPDATE mark SET amount = amount + 1 WHERE what = 1"),
        lambda it: it.views("UPDATE account SET total = total + 1 WHERE no = 2 AND issued > 0"),
    ],
    "shares": [unequal_shares, share_alone],
    "transfers": [gone],
    "acts": [reminded_after_payment],
    "names": [
        lambda it: it.sql(
            "DELETE FROM names WHERE kind = 'number' AND stream = (SELECT stream FROM log WHERE type LIKE '%Issued%' LIMIT 1)"
        ),
        lambda it: it.sql("DELETE FROM names WHERE kind = 'debtor'"),
        lambda it: it.sql("INSERT INTO names SELECT kind, creditor, x'00', stream FROM names WHERE kind = 'number' LIMIT 1"),
        lambda it: it.sql("INSERT INTO names VALUES ('siren', '', x'00', 'debtor:00')"),
    ],
    "vault": [
        lambda it: it.sql("DELETE FROM vault WHERE kind = 'party'"),
        lambda it: it.sql("DELETE FROM vault WHERE kind = 'reference'"),
        lambda it: it.sql("DELETE FROM vault WHERE kind = 'actor'"),
        lambda it: it.sql("UPDATE vault SET data = CAST(data || x'00' AS BLOB) WHERE kind = 'reference'"),
        lambda it: it.keys("DELETE FROM keys WHERE owner NOT IN ('store', 'identity')"),
    ],
    "verified": [
        lambda it: (it.folder / NOTE).unlink(),
        lambda it: (it.folder / NOTE).write_text("{}"),
        lambda it: write_note(it.folder, it.office.app.store, 5, it.office.app.clock.now().replace(month=4)),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "tamper"), [(name, tamper) for name, tampers in SPECIMENS.items() for tamper in tampers]
)
def test_a_specimen_makes_its_check_speak_and_no_other(specimen: Specimen, name: str, tamper: Tamper) -> None:
    tamper(specimen)
    specimen.office.close()
    specimen.office = specimen.opened()
    outcomes = checked(specimen)
    follows = ["seal"] if name != "seal" else []  # what was sealed is no longer what lies there
    assert [each for each in speaking(outcomes) if each not in follows] == [name], [
        finding.value() for each in outcomes.values() for finding in each.findings
    ]
    assert all(finding.what and finding.look.startswith("relance ") for finding in outcomes[name].findings)


def only(outcomes: dict[str, Outcome], name: str) -> Finding:
    (finding,) = outcomes[name].findings
    return finding


def test_a_finding_names_both_numbers_the_difference_and_where(specimen: Specimen) -> None:
    unequal_shares(specimen)
    finding = only(checked(specimen, "shares"), "shares")
    assert finding.figures == (("whole_cents", 3_001), ("shares_cents", 3_000))
    assert finding.difference == 1
    assert finding.position == specimen.office.app.store.position()
    assert finding.stream == f"proceeding:{'ab' * 16}"
    assert finding.value()["difference_cents"] == 1


def test_the_first_account_that_differs_is_named_with_its_position(specimen: Specimen) -> None:
    stream = specimen.stream("F-006")
    (issued,) = specimen.office.app.stream(stream).envelopes
    specimen.views("UPDATE movement SET cents = cents + 1 WHERE cents = 30000")
    outcomes = checked(specimen, "views", "sums")
    finding = only(outcomes, "views")
    assert (finding.label, finding.stream, finding.position) == ("F-006", stream, issued.position)
    assert (dict(finding.figures), finding.difference) == ({"fold_cents": 30_000, "views_cents": 30_001}, 1)
    sums = outcomes["sums"].findings
    assert "relance views rebuild" in {each.look for each in sums}, "what spans sum is not what the movements come to"
    first = next(each for each in sums if each.figures)
    assert dict(first.figures) == {"domain_cents": 303_000, "aged_cents": 303_000, "movements_cents": 303_001}


def test_an_act_after_the_payment_says_how_it_was_recorded(specimen: Specimen) -> None:
    office, firm = specimen.office, specimen
    stream = firm.stream("F-003")
    acts.remind(office, [stream], acts.Order(office.app.today, override="asked_by_client"), channel="email")
    finding = only(checked(specimen, "acts"), "acts")
    assert "payment of 2 March 2026, @" in finding.what
    assert "forced: asked_by_client (" in finding.what
    assert "already_paid" in finding.what
    assert finding.look == "relance history F-003"


def test_a_payment_recorded_after_the_act_is_no_finding_though_it_came_before(specimen: Specimen) -> None:
    office = specimen.office
    stream = specimen.stream("F-006")
    specimen.forge((stream, reminded("2026-05-20")))
    payments.pay(office, stream, acts.Order(day("2026-05-10")), Payment(30_000))
    assert checked(specimen, "acts")["acts"].ok


def test_an_erasure_on_purpose_is_no_finding(specimen: Specimen) -> None:
    owner = specimen.office.registry.debtor("C044")
    specimen.erase(owner)
    specimen.office.close()
    specimen.office = specimen.opened()
    found = checked(specimen, "vault", "names")
    assert speaking(found) == [], [each.findings for each in found.values()]
    assert "of erased parties" in found["vault"].detail


def test_a_view_without_an_account_or_with_one_too_many_is_seen(specimen: Specimen) -> None:
    specimen.views("DELETE FROM account WHERE issued > 0 AND total = 30000")
    finding = next(each for each in checked(specimen, "views")["views"].findings if "list" in each.what)
    assert (finding.label, finding.what) == ("F-006", "the views do not list the invoice")


def test_views_that_cannot_follow_are_said_and_stop_no_other_check(specimen: Specimen) -> None:
    specimen.office.views.drop()
    specimen.sql("UPDATE log SET bytes = x'7b7d' WHERE position = 8")
    outcomes = checked(specimen)
    assert not any(each.ok for name, each in outcomes.items() if name in {"log", "sums", "views", "transfers"})
    assert "the views cannot follow the log" in outcomes["views"].findings[-1].what
    assert any("of which nothing is said: 1" in each.what for each in outcomes["conclusions"].findings)
    assert outcomes["names"].found == 1
    assert outcomes["verified"].ok


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM log WHERE position = 9",
        "UPDATE log SET position = 999 WHERE position = (SELECT max(position) FROM log)",
        "UPDATE log SET bytes = x'00' WHERE position = 9",
        "UPDATE log SET stream = 'invoice:other' WHERE position = 9",
        "UPDATE log SET version = 99 WHERE position = 9",
        "DROP TABLE names",
        "DROP TABLE vault",
        "DROP TABLE rulebooks",
        "UPDATE vault SET data = x''",
    ],
)
def test_a_damaged_store_gives_an_answer(specimen: Specimen, damage: str) -> None:
    specimen.sql(damage)
    specimen.office.close()
    specimen.office = specimen.opened()
    outcomes = checked(specimen)
    assert list(outcomes) == ALL
    assert speaking(outcomes)


def test_a_file_that_no_longer_reads_gives_an_answer(specimen: Specimen) -> None:
    position = specimen.office.app.store.position()
    specimen.sql("ALTER TABLE log RENAME TO gone")
    outcomes = check(specimen.office, ["log", "days", "verified"], position=position, on=day("2026-06-01"))
    assert [each.ok for each in outcomes] == [False, False, False]


def every_row(file: Path) -> list[tuple[object, ...]] | None:
    db = sqlite3.connect(file)
    try:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return [row for name in names for row in db.execute(f"SELECT * FROM {name}")]  # noqa: S608 - ours
    except sqlite3.DatabaseError:
        return None
    finally:
        db.close()


@pytest.mark.parametrize("part", range(12))
def test_a_file_with_a_page_overwritten_gives_an_answer(specimen: Specimen, part: int) -> None:
    specimen.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    specimen.office.close()
    file = specimen.folder / LOG
    content, rows = bytearray(file.read_bytes()), every_row(file)
    start = len(content) * (part + 1) // 13
    content[start : start + 3_000] = bytes(range(250)) * 12
    file.write_bytes(content)
    try:
        specimen.office = specimen.opened()
        position = specimen.office.app.store.position()
    except (sqlite3.DatabaseError, RelanceError):
        return  # it does not even open, and the command says so
    outcomes = checked(specimen, position=position)
    assert list(outcomes) == ALL
    assert speaking(outcomes) or every_row(file) == rows  # the page of an empty table holds nothing to lose


def test_a_note_of_another_log_or_too_old_is_seen(specimen: Specimen) -> None:
    note = read_note(specimen.folder)
    assert note is not None
    assert checked(specimen, "verified", within=0)["verified"].ok
    specimen.office.close()
    specimen.office = specimen.opened("2026-07-02T12:00:00+00:00")
    finding = only(checked(specimen, "verified"), "verified")
    assert dict(finding.figures) == {"days_since": 31, "days_allowed": 30}
    assert checked(specimen, "verified", within=31)["verified"].ok
    (specimen.folder / NOTE).write_text((specimen.folder / NOTE).read_text().replace(note.leaf, "0" * 64))
    assert "is not the one that verified" in only(checked(specimen, "verified", within=31), "verified").what
    (specimen.folder / NOTE).write_text((specimen.folder / NOTE).read_text().replace(f"{note.position},", "9999,"))
    assert "the log ends at @" in only(checked(specimen, "verified", within=31), "verified").what


def test_an_open_invoice_without_a_next_date_is_named(specimen: Specimen, monkeypatch: pytest.MonkeyPatch) -> None:
    from adapters import worklist  # noqa: PLC0415

    lost = specimen.stream("F-006")
    told = worklist.next_date
    monkeypatch.setattr(
        worklist, "next_date", lambda office, stream, on: None if stream == lost else told(office, stream, on)
    )
    outcomes = checked(specimen)
    assert speaking(outcomes) == ["next"]
    assert only(outcomes, "next").label == "F-006"


def test_a_check_nobody_knows_is_named_with_those_there_are() -> None:
    with pytest.raises(NotFound, match=r"no check 'sum'; there are files, index, log, .*sums"):
        named(["views", "sum"])
    assert [each.id for each in named(["views", "index"])] == ["index", "views"]


def test_an_empty_log_has_nothing_to_check(tmp_path: Path) -> None:
    create(tmp_path / "empty", sandbox=True)
    office = Office(open_folder(tmp_path / "empty"), FixedClock(instant(NOW)), "auditor")
    with pytest.raises(NotFound, match="the log is empty"):
        check(office, [], position=0, on=day("2026-06-01"))
    office.close()
