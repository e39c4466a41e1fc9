"""`relance import` at the terminal: what it says, where, and with which exit code."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Terminal

HEAD = "Numero;Client;Nom;Date;Echeance;TTC;Paye le"
MAP = " ".join(
    f'--map {field}="{column}"'
    for field, column in {
        "number": "Numero", "debtor": "Client", "debtor_name": "Nom", "issued_on": "Date", "due_on": "Echeance", "total": "TTC",
        "paid_on": "Paye le",
    }.items()
)  # fmt: skip
GOOD = ("G-1;C042;Durand SAS;05/01/2026;04/02/2026;1 200,00;", "G-2;C050;Petit;06/01/2026;05/02/2026;90,00;01/03/2026")
BAD = "G-3;C050;Petit;30/02/2026;x;1e5;"


def line(options: str = "", *, creditor: str = "ACME") -> str:
    return f"import f.csv --creditor {creditor} --date-format dmy {MAP} {options}"


def write(*rows: str, head: str = HEAD, name: str = "f.csv") -> None:
    Path(name).write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")


def position(relance: Terminal) -> int:
    return int(relance.well("ageing --json").json["position"])


def test_it_says_what_it_recorded_and_that_again_adds_nothing(relance: Terminal) -> None:
    write(*GOOD)
    said = relance.well(line())
    assert said.out == (
        "2 rows read: 2 invoices, 1 payments, 0 credit notes on account (6 events), 1 debtors registered; 0 rows known already,"
        " 0 rows rejected.\n"
    )
    head = position(relance)
    again = relance.well(line())
    assert again.out == "2 rows read; all is on record already, nothing was added.\n"
    assert position(relance) == head
    assert "1 200.00" in relance.well("show G-1").out


def test_a_creditor_not_yet_known_is_registered_and_said(relance: Terminal) -> None:
    write(*GOOD)
    said = relance.well(line(creditor="NEWCO"))
    assert "Creditor NEWCO is registered" in said.err
    assert "Petit" in relance.well("party show C050 --creditor NEWCO").out
    relance.refused(line(creditor='" "'), 2, "--creditor is blank")


def test_bad_rows_are_said_one_by_one_and_nothing_is_recorded(relance: Terminal) -> None:
    write(*GOOD, BAD)
    before = (relance.store / "relance.db").read_bytes()
    said = relance(line())
    assert (said.code, said.out) == (6, "3 rows read, 1 rejected; nothing was recorded.\n")
    told = [words for words in said.err.splitlines() if words.startswith("Rejected: ")]
    assert told == [
        "Rejected: line 4, 'Date' '30/02/2026': not a day written as dmy, such as 31/01/2026",
        "Rejected: line 4, 'Echeance' 'x': not a day written as dmy, such as 31/01/2026",
        "Rejected: line 4, 'TTC' '1e5': not an amount of euro: write 1200, 1200.00 or 1 200,00",
    ]
    assert "record the other rows with --accept-partial" in said.err
    assert (relance.store / "relance.db").read_bytes() == before


def test_accept_partial_records_the_others_and_still_exits_with_6(relance: Terminal) -> None:
    write(*GOOD, BAD)
    said = relance(line("--accept-partial --reject-file out.csv"))
    assert said.code == 6
    assert "2 invoices, 1 payments" in said.out
    assert "1 rows rejected" in said.out
    assert [row["column"] for row in csv.DictReader(io.StringIO(Path("out.csv").read_text()))] == [
        "Date",
        "Echeance",
        "TTC",
    ]
    assert relance.well("show G-2").code == 0
    again = relance(line("--accept-partial"))
    assert (again.code, again.out) == (6, "3 rows read; all is on record already, nothing was added; 1 rejected.\n")


def test_a_dry_run_says_so(relance: Terminal) -> None:
    write(*GOOD)
    head = position(relance)
    assert relance.well(line("--dry-run")).out == "2 rows read, 0 rejected; nothing was recorded (dry run).\n"
    write(*GOOD, BAD)
    assert relance(line("--dry-run --accept-partial")).code == 6
    assert position(relance) == head
    relance.refused("show G-1", 3, "no invoice 'G-1'")


def test_json_tells_every_row_however_many(relance: Terminal) -> None:
    write(*[BAD.replace("G-3", f"G-{n}") for n in range(1_500)], GOOD[0].replace("04/02/2026", "01/01/2026"))
    said = relance(line("--json"))
    value = said.json
    assert (said.code, value["recorded"], value["rows"], value["rejected"], value["invoices"]) == (
        6,
        False,
        1_501,
        1_500,
        0,
    )
    assert len(value["problems"]) == 4_500
    assert value["problems"][-1] == {
        "line": 1501, "column": "TTC", "value": "1e5", "reason": "not an amount of euro: write 1200, 1200.00 or 1 200,00",
    }  # fmt: skip
    assert [each["column"] for each in value["remarks"]] == ["Echeance"]
    assert said.err.count("Rejected: ") == 50
    assert "… and 4,450 more rejected: --reject-file FILE writes them all, --json prints them all." in said.err
    in_csv = relance(line("--csv --reject-file out.csv"))
    assert len(list(csv.DictReader(io.StringIO(in_csv.out)))) == 4_500
    assert "all of them are in out.csv" in in_csv.err
    write(*GOOD)
    empty = relance.well(line("--json")).json
    assert (empty["recorded"], empty["problems"], empty["remarks"], empty["events"]) == (True, [], [], 6)
    assert relance.well(line("--csv")).out == ""
    assert json.loads(relance.well(line("--json --dry-run")).out)["recorded"] is False


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--map total=HT", "--map total is given twice"),
        ("--map nombre=x", "no field nombre"),
        ("--map vat", "write FIELD=COLUMN"),
        ("--map vat=", "write FIELD=COLUMN"),
        ("--date-format 31/12", "a date format is iso, dmy, mdy, ymd"),
        ("--encoding klingon", "no text encoding 'klingon'"),
        ("--delimiter ;;", "a delimiter is one character"),
        ("--cash-known-until 2026-06-02", "is still to come"),
        ("--reject-file f.csv", "is the file to import"),
        ("--reject-file store/relance.db", "lies in the store"),
    ],
)
def test_misuse_is_said_before_anything_is_read(relance: Terminal, options: str, words: str) -> None:
    write(*GOOD)
    before = Path("f.csv").read_bytes()
    relance.refused(line(options), 2, words)
    assert Path("f.csv").read_bytes() == before


def test_files_that_are_none_exit_with_6(relance: Terminal) -> None:
    for creditor in ("ACME", "NEWCO"):
        relance.refused(line(creditor=creditor), 6, "f.csv: there is no such file")
    Path("f.csv").mkdir()
    relance.refused(line(), 6, "f.csv: it is a folder")
    shutil.rmtree("f.csv")
    Path("f.csv").write_bytes(f"{HEAD}\nG-1;C1;Société;;;;".encode("cp1252"))
    relance.refused(
        line(),
        6,
        "f.csv, line 2: byte 0xE9 is not utf-8-sig; cp1252 reads 'G-1;C1;Société;;;;' there: try --encoding cp1252",
    )
    write(*GOOD, head="Numero;Client")
    relance.refused(line(), 6, "f.csv, line 1: no column 'Nom', 'Date'")
    write(*GOOD)
    relance.refused(line("--reject-file no/such.csv"), 6, "the reject file cannot be written")
    relance.refused("party show C050 --creditor NEWCO", 3, "C050")


def test_another_issue_day_wants_force(relance: Terminal) -> None:
    write("F-1;C042;Durand SAS;05/03/2026;04/04/2026;90,00;")
    said = relance(line())
    assert said.code == 6
    assert "--force number_seen takes it as another invoice" in said.err
    assert "1 invoices" in relance.well(line("--force number_seen")).out


def test_the_day_of_business_bounds_the_file(relance: Terminal) -> None:
    write(*GOOD)
    said = relance(line("--on 2026-02-15"))
    assert said.code == 6
    assert "'01/03/2026': still to come (today is 2026-02-15)" in said.err


def test_the_bank_day_lets_the_daily_pass_go_on(relance: Terminal) -> None:
    write(*GOOD)
    said = relance.well(line("--cash-known-until 2026-05-31"))
    assert "The bank has spoken until 2026-05-31." in said.err
    assert "the bank has not spoken yet" not in relance.well("run --dry-run").out
    write(*GOOD, BAD)
    said = relance(line("--accept-partial --cash-known-until 2026-06-01"))
    assert "that the bank spoke until 2026-06-01 is not recorded" in said.err


def test_tab_is_a_word(relance: Terminal) -> None:
    Path("f.csv").write_text("\n".join((HEAD, *GOOD)).replace(";", "\t"))
    assert relance.well(line("--delimiter tab")).code == 0
