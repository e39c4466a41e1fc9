"""What is wrong is said in one sentence, with its exit code, never with a traceback."""

import json
import sqlite3
from pathlib import Path

import pytest

from adapters.views.file import NAME
from tests.cli.conftest import Terminal

# What is wrong


BAD: list[tuple[str, int, str]] = [
    ("party add --name X", 2, "name a party: --creditor REF, or --debtor CODE"),
    ("party add --debtor C9 --name X --siren 123456789", 6, "is not a SIREN"),
    ("party add --debtor ' ' --name X", 6, "a party has a code and a name"),
    ("party show C999", 3, "neither a debtor nor a creditor 'C999' is registered"),
    ("party list --creditor NOBODY", 3, "no creditor 'NOBODY' is registered"),
    ("policy show nosuch", 3, "no policy 'nosuch' ships with relance"),
    ("policy adopt ./missing.toml", 3, "missing.toml"),
    ("issue F-9 --debtor C042", 2, "an invoice has --total and --due (or --terms, or --performed"),
    ("issue F-9 --debtor C042 --instalment 600", 2, "is not a day: write YYYY-MM-DD"),
    ("issue F-9 --debtor C042 --due 2026-07-01 --total nothing", 2, "is not an amount of euro"),
    ("issue F-9 --debtor C042 --due 2026-07-01 --total 0", 2, "is not above nil"),
    ("issue F-9 --debtor C042 --due 2026-02-30 --total 10", 2, "'2026-02-30' is not a day"),
    ("issue F-9 --debtor C999 --due 2026-07-01 --total 10", 3, "no debtor 'C999' is registered"),
    ("issue F-9 --debtor C042 --due 2026-07-01 --total 10 --penalty-rate ten", 2, "not a rate"),
    ("issue F-1 --debtor C042 --on 2026-01-02 --due 2026-01-31 --total 10", 1, "Cannot issue F-1: the number is on record"),
    ("issue F-1 --debtor C042 --on 2026-01-01 --due 2026-01-31 --total 10", 1, "--correct REASON replaces it"),
    ("issue F-9 --debtor C042 --due 2026-07-01 --total 10 --correct error", 1, "no invoice of that number and issue day"),
    ("remind F-3 --level 1", 1, "Cannot remind F-3: it falls due on 14 June 2026"),
    ("remind F-1 --on 2026-01-31 --level 1", 1, "it falls due on 31 January 2026; allowed from 1 February 2026"),
    ("remind F-1 F-3", 2, "the invoices belong to several debtors"),
    ("remind", 2, "name one or more invoices, or --debtor CODE"),
    ("remind F-1 --debtor C042", 2, "name one or more invoices, or --debtor CODE"),
    ("remind --debtor C043 --overdue", 3, "no overdue invoice of C043 is recorded"),
    ("remind --debtor C999", 3, "no debtor 'C999' is registered"),
    ("remind F-1 --force", 2, "--force wants --reason CODE"),
    ("remind F-1 --channel pigeon", 2, "'pigeon' is not one of"),
    ("remind F-1 --on 2026-06-02", 1, "2 June 2026 is still to come"),
    ("remind F-1 --level -1", 2, "--level"),
    ("call F-1", 2, "--result"),
    ("call F-1 --result reached --at noon", 2, "not an hour: write 14:30"),
    ("call F-3 --result reached", 1, "it falls due on 14 June 2026; allowed from 15 June 2026"),
    ("notify F-1", 1, "no reminder is on record [policy: not_reminded"),
    ("notify F-1 --on 2026-01-20 --force --reason hurry", 1, "[legal: not_due; C. civ., art. 1344"),
    ("notify F-1 --deadline 2026-06-01", 2, "the deadline of a formal notice comes after"),
    ("service F-1 --version 1 --stage received", 1, "version 1 is neither a reminder nor a formal notice"),
    ("service F-1 --version 1 --stage eaten", 2, "'eaten' is not one of"),
    ("promise F-1 --by 2026-05-31", 2, "a promise is for a day to come"),
    ("promise F-1", 2, "--by"),
    ("dispute F-1 --amount 1200,01", 2, "more is disputed than was invoiced"),
    ("settle F-1 --outcome agreed", 1, "record first: dispute"),
    ("insolvency C999 --kind liquidation", 3, "no debtor 'C999' is registered"),
    ("insolvency C042 --kind ruin", 2, "'ruin' is not one of"),
    ("insolvency C042 --kind liquidation --on 2027-01-01", 1, "is still to come"),
    ("pay F-9", 3, "no invoice 'F-9' is recorded"),
    ("pay F-1 F-2 --amount 5", 2, "name one invoice, or the --debtor"),
    ("pay --debtor C042", 2, "a transfer has an --amount"),
    ("pay F-3 --debtor C042 --amount 5", 2, "F-3 is another debtor's invoice"),
    ("pay F-2 --instalment 3 --amount 5", 1, "the invoice has no instalment 3"),
    ("pay F-1 --amount -5", 2, "is not above nil"),
    ("reverse F-1 --reason bank_error", 1, "no payment of that day and version is left to reverse"),
    ("credit F-1 --amount 5", 2, "--number"),
    ("write-off F-1 --why uneconomic --amount 1200,01", 1, "is above the 1 200.00 EUR the books carry"),
    ("withdraw F-1 99 --reason error", 1, "version 99 is not an entry that stands"),
    ("withdraw F-1 1 --reason error", 1, "its issue cannot be withdrawn alone"),
    ("withdraw F-1 2 --reason error", 1, "concluded from the others"),
    ("withdraw F-1 one --reason error", 2, "'one' is not a valid integer"),
    ("escalate F-1 --court tc-angers", 1, "Only the creditor's policy stands against it"),
    ("escalate F-3 --court tc-angers --force --reason hurry", 1, "the debtor is a public person, before the administrative judge"),
    ("escalate F-1 --court 'TC Angers' --force --reason hurry", 2, "court: "),
    ("order granted F-1", 1, "no petition is on record for F-1; record first: escalate"),
    ("order refused F-1", 1, "no petition is on record"),
    ("order served F-1", 2, "--mode"),
    ("order opposed F-1", 1, "no petition is on record"),
    ("order enforceable F-1 --basis silence", 2, "'silence' is not one of"),
    ("order lost F-1", 2, "No such command 'lost'"),
    ("run --on 2026-06-02", 1, "2 June 2026 is still to come (today is 1 June 2026)"),
    ("run --cash-known-until soon", 2, "'soon' is not a day"),
    ("can F-9", 3, "no invoice 'F-9' is recorded"),
    ("show F-9", 3, "no invoice 'F-9' is recorded"),
    ("show F-1 --on 2025-12-31", 3, "as of 31 December 2025"),
    ("show F-1 --on 2026-06-02", 1, "2 June 2026 is still to come"),
    ("show F-1 F-2", 2, "unexpected extra argument"),
    ("history F-9", 3, "no invoice 'F-9' is recorded"),
    ("replay F-1 --known-at 2026-05-31", 3, "the first entry was recorded at 2026-06-01 10:00:00 in Paris"),
    ("replay F-1 --known-at @999", 3, "the log holds positions 1 to"),
    ("replay F-1 --known-at @0", 3, "the log holds positions 1 to"),
    ("replay F-1 --known-at @2a", 2, "'@2a' is neither a position (@1234) nor the file of a checkpoint"),
    ("replay F-1 --known-at yesterday", 2, "is neither a day (2026-01-31), nor an instant"),
    ("replay F-1 --known-at @1", 3, "there was no such invoice"),
    ("chart --format ascii", 2, "'ascii' is not one of"),
    ("ageing --scheme mine", 3, "no scheme 'mine'; there are d4416"),
    ("ageing --as-of 2026-06-02", 3, "2 June 2026 is still to come"),
    ("ageing --by colour", 2, "'colour' is not one of"),
    ("init", 2, "holds a store already"),
    ("show F-1 --colour", 2, "No such option '--colour'"),
    ("--colour show F-1", 2, "No such option '--colour'"),
    ("sue F-1", 2, "No such command 'sue'"),
    ("--on tomorrow show F-1", 2, "'tomorrow' is not a day"),
    ("--now noon show F-1", 2, "'noon' is not an instant"),
    ("--store nowhere show F-1", 3, "no store at nowhere: make one with `relance --store nowhere init`"),
    ("--master-key none.key show F-1", 3, "no master key at none.key"),
    ("--now 2026-06-01T09:59+02:00 pay F-1 --amount 5", 4, "set the clock right"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "code", "words"), BAD, ids=[line for line, _, _ in BAD])
def test_what_is_wrong_is_said_with_its_exit_code(relance: Terminal, line: str, code: int, words: str) -> None:
    before = recorded(relance)
    relance.refused(line, code, words)
    assert recorded(relance) == before


def recorded(terminal: Terminal) -> int:
    """How many entries the log holds."""
    db = sqlite3.connect(terminal.store / "relance.db")
    found: int = db.execute("SELECT count(*) FROM log").fetchone()[0]
    db.close()
    return found


@pytest.mark.parametrize("line", [line for line, code, _ in BAD if code == 1][:6])
def test_with_json_a_refusal_is_still_a_sentence_on_stderr(relance: Terminal, line: str) -> None:
    said = relance(f"{line} --json")
    assert (said.code, said.out) == (1, "")
    assert said.err


def test_a_payment_of_what_is_paid_is_refused_unless_an_amount_is_given(relance: Terminal) -> None:
    relance.well("pay F-1")
    relance.refused("pay F-1", 1, "Cannot pay F-1: nothing is left to pay")
    assert "100.00 EUR in credit" in relance.well("pay F-1 --amount 100").err
    relance.refused("remind F-1", 1, "it was paid on 1 June 2026 [policy: already_paid")


def test_several_payments_want_a_version(relance: Terminal) -> None:
    relance.well("pay F-1 --amount 10")
    relance.well("pay F-1 --amount 20")
    relance.refused("reverse F-1 --reason bank_error", 2, "F-1 holds 2 payments: name one with --version")
    assert "20.00 EUR" in relance.well("reverse F-1 --reason bank_error --version 4").out
    relance.refused("reverse F-1 --reason bank_error --version 4", 1, "no payment of that day and version")


def test_an_invoice_number_that_two_creditors_use_is_ambiguous(relance: Terminal) -> None:
    relance.well('party add --creditor BIS --name "Bis SA"')
    relance.refused("party add --creditor BIS --debtor", 2, "--debtor")
    relance.well("party add --creditor BIS --debtor C042 --name Durand")
    for line in ("issue F-1 --debtor C042 --due 2026-06-30 --total 10", "run --cash-known-until 2026-05-31"):
        relance.refused(line, 2, "--creditor")
    relance.well("issue F-1 --debtor C042 --creditor BIS --on 2026-05-01 --due 2026-05-31 --total 10")
    for line in ("show F-1", "can F-1", "pay F-1 --amount 5", "remind F-1"):
        relance.refused(line, 2, "several invoices bear the number 'F-1': write CREDITOR/F-1")
    assert relance.well("show ACME/F-1 --json").json["book_residual_cents"] == 120_000
    assert relance.well("show BIS/F-1 --json").json["book_residual_cents"] == 1_000


def test_now_is_for_sandboxes(alone: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    alone.well("init")
    alone.refused("party list", 2, "--now is for sandbox stores")
    monkeypatch.delenv("RELANCE_NOW")
    alone.refused("--now 2026-06-01T10:00 party list", 2, "--now is for sandbox stores")
    alone.well("party list")


def test_what_is_no_store_is_unreadable(alone: Terminal) -> None:
    alone.store.mkdir()
    alone.refused("party list", 3, "no store at")
    (alone.store / "relance.db").write_bytes(b"a letter, and no database at all" * 100)
    alone.refused("party list", 6, "not a relance store")
    alone.refused("init", 2, "holds a store already")


def test_the_wrong_master_key_is_unreadable_input(relance: Terminal, tmp_path: Path) -> None:
    (tmp_path / "wrong.key").write_text("00" * 32)
    relance.refused("--master-key wrong.key show F-1", 6, "the master key does not open this store's keys")
    (tmp_path / "wrong.key").write_text("hello")
    relance.refused("--master-key wrong.key show F-1", 6, "64 hexadecimal characters")


def test_a_store_whose_bytes_were_changed_is_broken_evidence(relance: Terminal) -> None:
    db = sqlite3.connect(relance.store / "relance.db")
    db.execute("DROP TRIGGER log_unchanged")
    db.execute(
        "UPDATE log SET bytes = CAST(replace(CAST(bytes AS TEXT), '120000', '12000x') AS BLOB) WHERE type LIKE '%InvoiceIssued%'"
    )
    db.commit()
    db.close()
    said = relance("show F-1")
    assert (said.code, said.out) == (5, "")
    assert "position" in said.err


def test_a_bad_policy_file_names_each_wrong_key(relance: Terminal, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('name = "mine"\nspacing = 3\n')
    relance.refused("policy adopt ./mine.toml", 6, "spacing: Extra inputs are not permitted")
    (tmp_path / "mine.toml").write_text("name = ")
    relance.refused("policy adopt ./mine.toml", 6, "mine.toml")


def test_two_commands_at_once_are_a_conflict(relance: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.store.sqlite.BUSY_SECONDS", 0.001)
    holder = sqlite3.connect(relance.store / "relance.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    relance.refused("pay F-1 --amount 5", 4, "the store is busy")
    holder.execute("ROLLBACK")
    holder.close()
    relance.well("pay F-1 --amount 5")


def test_an_empty_store_says_what_to_do_first(alone: Terminal) -> None:
    alone.well("init --sandbox")
    alone.refused("party add --debtor C1 --name X", 3, "no creditor is registered: relance party add --creditor REF")
    alone.refused("issue F-1 --debtor C1 --due 2026-06-30 --total 5", 3, "no debtor 'C1' is registered")
    assert alone.well("party list --json").json == {"parties": []}
    alone.refused("ageing", 3, "nothing is owed in this store: it holds no invoice yet (relance issue")
    assert json.loads(alone.well("run --json").out)["done"] == []
    alone.refused("ageing --known-at 2026-05-01", 3, "the log is empty")


def test_an_empty_selection_is_never_everything(relance: Terminal) -> None:
    for act in (
        "remind",
        "call --result reached",
        "notify",
        "escalate --court tc-angers",
        "write-off --why uneconomic",
    ):
        relance.refused(act, 2, "name one or more invoices, or --debtor CODE")
        relance.refused(f"{act} --debtor C043 --overdue", 3, "no overdue invoice of C043 is recorded")
    relance.well("party add --debtor C044 --name Personne")
    relance.refused("remind --debtor C044", 3, "no invoice of C044 is recorded")


def test_the_reason_of_a_force_is_a_code(relance: Terminal) -> None:
    said = relance('notify F-1 --force --reason "Mme Lefebvre a insulté Paul"')
    written = b"".join(file.read_bytes() for file in relance.store.glob("relance.db*"))
    assert b"Lefebvre" not in written
    assert said.code == 2
    relance.well("notify F-1 --force --reason boss_asked")


# What is wrong in relance itself


def test_the_bank_has_not_spoken_for_tomorrow(relance: Terminal) -> None:
    relance.refused("run --cash-known-until 2026-06-02", 1, "still to come")


def test_a_position_is_written_in_plain_digits(relance: Terminal) -> None:
    relance.refused("replay F-1 --known-at @²", 2, "is neither a position (@1234) nor the file of a checkpoint")


def test_a_damaged_views_file_is_built_anew(relance: Terminal) -> None:
    relance.well("ageing")
    (relance.store / NAME).write_bytes(b"no database" * 500)
    relance.well("ageing")


@pytest.mark.parametrize("rate", ["10.00", "12,5"])
def test_a_rate_is_read_as_people_write_it(relance: Terminal, rate: str) -> None:
    relance.well(f"issue F-9 --debtor C042 --due 2026-07-01 --total 10 --penalty-rate {rate}")


@pytest.mark.parametrize("word", ["20260102", "2026-W01-5"])
def test_a_day_has_one_spelling(relance: Terminal, word: str) -> None:
    relance.refused(f"show F-1 --on {word}", 2, "is not a day: write YYYY-MM-DD")


def test_a_reason_without_force_is_misuse(relance: Terminal) -> None:
    relance.refused("remind F-1 --reason boss_asked", 2, "--force")


def test_an_invoice_has_a_number(relance: Terminal) -> None:
    said = relance("issue '  ' --debtor C042 --due 2026-07-01 --total 10")
    assert (said.code, said.out) in {(2, ""), (6, "")}


@pytest.mark.parametrize(
    "line",
    [
        "pay F-1 --amount 5 --handed-on 2026-06-02",
        "insolvency C042 --kind liquidation --published 2026-06-02",
    ],
)
def test_what_happened_did_not_happen_tomorrow(relance: Terminal, line: str) -> None:
    said = relance(line)
    assert said.code in {1, 2}


def test_vat_above_the_total_is_said_in_words(relance: Terminal) -> None:
    said = relance("issue F-9 --debtor C042 --due 2026-07-01 --total 10 --vat 20")
    assert said.code == 2
    assert "net_cents" not in said.err


def test_an_hour_is_read_as_people_write_it(relance: Terminal) -> None:
    assert "at 09:30" in relance.well("call F-1 --result reached --at 9:30").out
