"""Files as they come: other delimiters, encodings and dates; broken, shifted, shortened, enormous. Each fault is named."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.intake.rejects import HEAD as REJECT_HEAD
from adapters.intake.rejects import HELD
from adapters.intake.source import LONGEST_LINE
from adapters.intake.table import Layout
from domain.errors import InvalidInput, Misuse
from tests.adapters.desk import INVOICES, PAID, Desk, desk_at, invoice, payment, reasons, said
from tests.builders import day

HEAD = "number,debtor,issued_on,due_on,total"
ROW = "F1,C1,2026-01-05,2026-02-04,120.00"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path / "store") as made:
        yield made


def written(desk: Desk, content: bytes) -> Path:
    path = desk.folder.parent / "file.csv"
    path.write_bytes(content)
    return path


def refused(desk: Desk, content: bytes, words: str, *, line: int = 0, **layout: str) -> None:
    """A file that is no CSV file is refused whole; the store stays empty."""
    with pytest.raises(InvalidInput) as caught:
        desk.bring(written(desk, content), INVOICES, layout=layout, accept_partial=True)
    assert words in str(caught.value)
    assert (caught.value.line or 0) == line, caught.value
    assert "file.csv" in str(caught.value)
    assert desk.position == 0


# Read as they are


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_line_ends_and_delimiters(desk: Desk, end: str, delimiter: str) -> None:
    text = end.join((HEAD, ROW, "", "   ", ",,,,", ROW.replace("F1", "F2"))).replace(",", delimiter)
    report = desk.bring(written(desk, text.encode()), INVOICES)
    assert (report.rows, report.invoices, desk.issued("F2").total_cents) == (2, 2, 12000)
    late = desk.bring(written(desk, (text + end + "F3" + delimiter * 4).encode()), INVOICES)
    assert {each.line for each in late.problems} == {7}


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-8-sig", "utf-8"), ("cp1252", "cp1252"), ("utf-16", "utf-16"),
     ("utf-16-le", "utf-16-le"), ("iso-8859-15", "latin9")],
)  # fmt: skip
def test_encodings(desk: Desk, encoding: str, told: str) -> None:
    text = f"{HEAD},name\n{ROW},Société Générale"
    columns = {**INVOICES, "debtor_name": "name"}
    desk.bring(written(desk, text.encode(encoding)), columns, layout={"encoding": told})
    assert desk.name("C1") == "Société Générale"


def test_heads_with_blanks_quotes_doubles_and_line_breaks(desk: Desk) -> None:
    head = ' number ;debtor;;"issued, on";"due\non";total;other;other'
    columns = {**INVOICES, "issued_on": "issued, on", "due_on": "due\non"}
    report = desk.bring(
        written(desk, f"{head}\nF1;C1;;2026-01-05;2026-02-04;1 200,50;a;b\nF2;;;;;;;\n".encode()), columns
    )
    assert desk.position == 0
    assert [each.line for each in report.problems] == [4]
    desk.bring(desk.folder.parent / "file.csv", columns, accept_partial=True)
    assert desk.issued("F1").total_cents == 120050


def test_a_first_line_of_excel_names_the_delimiter(desk: Desk) -> None:
    report = desk.bring(written(desk, f"sep=;\n{HEAD};x\n{ROW};y\nF2\n".replace(",", ";").encode()), INVOICES)
    assert reasons(report) == [(4, "row", "1 cells where the head has 6")]


def test_a_delimiter_is_chosen_under_which_the_columns_are_there(desk: Desk) -> None:
    head, row = "number;debtor;issued_on;due_on;total;note, with, many, commas, in, it", ROW.replace(",", ";") + ";x"
    assert desk.bring(written(desk, f"{head}\n{row}\n".encode()), INVOICES).invoices == 1


def test_numbers_that_a_spreadsheet_wrote(desk: Desk) -> None:
    rows = [
        ROW.replace("F1", cell)
        for cell in ("2960623488.0", '"=""0012"""', "=A1+1", "1.93E+09", "12.50", "=cmd|' /C calc'!A0")
    ]
    report = desk.bring(written(desk, "\n".join((HEAD, *rows)).encode()), INVOICES, accept_partial=True)
    assert [(line, reason.split(":")[0]) for line, _, reason in reasons(report)] == [
        (4, "a formula, not a value"), (5, "a spreadsheet shortened it"), (7, "a formula, not a value"),
    ]  # fmt: skip
    assert all(desk.office.registry.invoices(number) for number in ("2960623488", "0012", "12.50"))


def test_iso_days_may_bring_a_time_which_is_ignored(desk: Desk) -> None:
    times = ("2026-01-05 00:00:00.000000000", "2026-01-05T23:59:59Z", "2026-01-05T10:00+02:00", "2026-01-05 10:00")
    desk.lines(*[invoice(f"F{n}", issued_on=time) for n, time in enumerate(times)])
    assert {desk.issued(f"F{n}").on for n in range(4)} == {day("2026-01-05")}


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("iso", "2026-01-05", ["20260105", "2026-W01-1", "2026-1-5", "2026-02-30", "05/01/2026", "2026-01-05 or so", "٢٠٢٦-01-05"]),
        ("dmy", "5/1/2026", ["01/31/2026", "30/02/2026", "05/01/26", "2026-01-05", "5/1/2026 10:00"]),
        ("mdy", "01/05/2026", ["31/01/2026", "02/30/2026"]),
        ("ymd", "2026/01/05", ["2026/31/01"]),
        ("%d.%m.%y", "05.01.26", ["05.01.2026", "05/01/26"]),
    ],
)  # fmt: skip
def test_days(desk: Desk, form: str, good: str, bad: list[str]) -> None:
    lines = [invoice(f"F{n}", issued_on=cell, due_on="") for n, cell in enumerate([good, *bad])]
    report = desk.lines(*lines, layout={"date_format": form}, accept_partial=True)
    unreadable = [line for line, column, reason in reasons(report) if column == "issued_on" and "not a day" in reason]
    assert unreadable == list(range(3, len(bad) + 3))
    assert form in said(report.problems)


@pytest.mark.parametrize("form", ["", "%d/%m", "%Q", "european", "%d/%m/%Y/%d", "%m/%Y/%j", "%H:%M"])
def test_a_date_format_that_is_none_is_misuse(form: str) -> None:
    with pytest.raises(Misuse, match="a date format is iso, dmy, mdy, ymd, or a pattern"):
        Layout(INVOICES, date_format=form)


def test_days_out_of_all_measure(desk: Desk) -> None:
    report = desk.lines(
        invoice("F1", issued_on="0202-01-05"), invoice("F2", due_on="9999-12-31"), invoice("F3", issued_on="2026-06-02"),
        invoice("F4", due_on="2027-01-01"),
    )  # fmt: skip
    assert reasons(report) == [
        (2, "issued_on", "a day lies between 1950 and 2200"), (3, "due_on", "a day lies between 1950 and 2200"),
        (4, "issued_on", "still to come (today is 2026-06-01)"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "cents"), [("1200", 120000), ("1 200,50", 120050), ("1200.5", 120050), ("12,00 €", 1200)]
)
def test_amounts(desk: Desk, cell: str, cents: int) -> None:
    desk.lines(invoice("F1", total=f'"{cell}"'))
    assert desk.issued("F1").total_cents == cents


@pytest.mark.parametrize(
    "cell", ["1e5", "1,234.56", "(500)", "1.200,50", "1,200", "9" * 30, "99999999999999", "NaN", "inf", "12 €", "1200.005", "=1+1"]
)  # fmt: skip
def test_amounts_that_are_none(desk: Desk, cell: str) -> None:
    if cell == "12 €":
        cell = "12 £"
    report = desk.lines(invoice("F1", total=f'"{cell}"'))
    (problem,) = report.problems
    assert (problem.line, problem.column, problem.value) == (2, "total", cell)
    assert "euro" in problem.reason


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"number": " "}, "number", "it is blank"),
        ({"number": "F\x001"}, "number", "a character that does not print (U+0000)"),
        ({"debtor": "C\u200b1"}, "debtor", "a character that does not print (U+200B)"),
        ({"debtor_name": "\x1b[2J"}, "debtor_name", "a character that does not print (U+001B)"),
        ({"number": "9" * 501}, "number", "longer than 500 characters"),
        ({"debtor": ""}, "debtor", "an invoice has a debtor"),
        ({"issued_on": ""}, "issued_on", "an invoice has an issue day"),
        ({"due_on": ""}, "due_on", "an invoice has a due day"),
        ({"debtor_kind": "alien"}, "debtor_kind", "not a kind of debtor"),
        ({"vat": "121"}, "vat", "VAT lies between nil and the total"),
        ({"vat": "-1"}, "vat", "VAT lies between nil and the total"),
        ({"disputed": "maybe"}, "disputed", "neither yes nor no"),
        ({"currency": "USD"}, "currency", "another currency"),
        ({"total": "$5"}, "total", "another currency"),
        ({"total": ""}, "total", "neither a total nor a payment"),
    ],
)
def test_cells_that_cannot_be_taken(desk: Desk, cells: dict[str, str], column: str, reason: str) -> None:
    report = desk.lines(invoice("F0"), invoice(**{"number": "F1", **cells}))
    assert report.rejected_rows == 1
    ((line, where, why),) = reasons(report)
    assert (line, where) == (3, column)
    assert reason in why
    assert desk.position == 0


# Refused whole


def test_what_is_no_csv_file_says_what_it_is(desk: Desk) -> None:
    good = f"{HEAD}\n{ROW}\n".encode()
    refused(desk, b"", "it is empty")
    refused(desk, b"\xef\xbb\xbf", "it is empty")
    refused(desk, b"\n" + good, "begins with a blank line")
    refused(desk, HEAD.encode(), "it has a head and no rows")
    refused(desk, HEAD.encode() + b"\n,,,,\n\n", "it has a head and no rows")
    refused(desk, b"PK\x03\x04\x14\x00\xff\xfe", "it is a workbook or a zip archive: save the sheet as CSV")
    refused(desk, good.decode().encode("utf-16"), "try --encoding utf-16", line=1)
    refused(desk, good.decode().encode("utf-16-le"), "try --encoding utf-16-le", line=1)
    refused(desk, good.decode().encode("utf-16-be"), "try --encoding utf-16-be", line=1)
    refused(desk, good, "it is not written in utf-16", line=1, encoding="utf-16")
    refused(
        desk,
        good + "F2,Société,x\n".encode("cp1252"),
        "cp1252 reads 'F2,Société,x' there: try --encoding cp1252",
        line=3,
    )
    refused(desk, good + b"F2,\x81,x\n", "name its own with --encoding", line=3, encoding="cp1252")
    refused(desk, good * 3_000 + b"\xff", "try --encoding cp1252", line=6_001)


def test_what_stops_being_csv_says_where(desk: Desk) -> None:
    good = f"{HEAD}\n{ROW}\n".encode()
    refused(desk, good + b'F2,"C1,2026-01-05,2026-02-04,5\n' + good * 5_000, "quotation mark left open", line=3)
    refused(desk, good + b'F2,"C1"x,2026-01-05,2026-02-04,5\n', "quotation mark left open", line=3)
    refused(desk, good + b"x" * 200_000 + b",,,,\n", "field larger than field limit", line=3)
    refused(desk, good + b"x" * 30_000_000, f"a line of {LONGEST_LINE:,} characters", line=3)
    refused(desk, b"x" * 30_000_000, f"a line of {LONGEST_LINE:,} characters", line=1)
    refused(desk, b'"' + good, "quotation mark left open", line=1)


def test_heads_without_a_column_or_with_two(desk: Desk) -> None:
    refused(
        desk,
        f"number,debtor,issued_on,Total\n{ROW}\n".encode(),
        "no column 'due_on', 'total'; there are 'number', 'debtor'",
        line=1,
    )
    refused(desk, f"{HEAD},total\n{ROW},1\n".encode(), "several columns are called 'total'", line=1)


def test_what_is_no_file(desk: Desk, tmp_path: Path) -> None:
    for path, words in (
        (tmp_path / "none.csv", "there is no such file"),
        (tmp_path, "it is a folder"),
        (Path("/dev/null"), "no regular file"),
    ):
        with pytest.raises(InvalidInput, match=words):
            desk.bring(path, INVOICES)
    assert desk.position == 0


@pytest.mark.parametrize(
    "layout",
    [{"encoding": "klingon"}, {"encoding": "base64"}, {"delimiter": ";;"}, {"delimiter": '"'}, {"delimiter": ""}],
)
def test_a_layout_that_is_none_is_misuse(layout: dict[str, Any]) -> None:
    with pytest.raises(Misuse):
        Layout(INVOICES, **layout)


def test_rows_swallowed_by_a_quotation_mark_are_told(desk: Desk) -> None:
    """Left open in one row and closed in a later one, it makes one row of two, of the right width."""
    head = f"{HEAD},name,note"
    swallowing = f'{ROW},"Durand,a\nF2,C2,2026-01-05,2026-02-04,99.00,Dupont",b'
    unmapped = f'F3{ROW[2:]},x,"see\nF4{ROW[2:]},x,there"'
    address = f'F5{ROW[2:]},x,"1, rue du Bac\n75007 Paris"'
    columns = {**INVOICES, "debtor_name": "name"}
    report = desk.bring(
        written(desk, f"{head}\n{swallowing}\n{unmapped}\n{address}".encode()), columns, accept_partial=True
    )
    assert [(line, reason) for line, _, reason in reasons(report)] == [
        (2, "it runs over several lines: is a quotation mark left open?"),
        (4, "it runs over several lines: is a quotation mark left open?"),
    ]
    assert (report.rows, report.invoices) == (3, 1)


# The reject file


def test_the_reject_file_holds_every_problem_of_every_bad_row(desk: Desk) -> None:
    out = desk.folder.parent / "out.csv"
    lines = [invoice(f"F{n}", total="x", issued_on="y") for n in range(HELD)]
    report = desk.lines(*lines, invoice("G1"), reject_file=out)
    assert (report.rejected_rows, len(report.problems)) == (HELD, 2 * HELD)
    with out.open(newline="") as file:
        rows = list(csv.reader(file))
    assert tuple(rows[0]) == REJECT_HEAD
    assert [tuple(row) for row in rows[1:]] == [(str(each.line), *each[1:]) for each in report.problems]
    assert rows[-1][:3] == [str(HELD + 1), "total", "x"]
    assert len(report.problems.first(10**9)) == HELD
    desk.lines(invoice("G1"), reject_file=out)
    assert out.read_text() == "line,column,value,reason\n"


def test_a_dry_run_writes_the_reject_file(desk: Desk) -> None:
    out = desk.folder.parent / "out.csv"
    desk.lines(invoice("F1", total="x"), reject_file=out, dry_run=True)
    assert "F1" not in out.read_text()
    assert "2,total,x," in out.read_text()


def test_the_reject_file_destroys_nothing(desk: Desk, tmp_path: Path) -> None:
    source = desk.file(invoice("F1", total="x"))
    link, other = tmp_path / "link.csv", tmp_path / "precious.txt"
    link.symlink_to(source)
    other.write_text("precious")
    before = source.read_bytes()
    for path in (source, link, other, desk.folder / "relance.db", desk.folder / "new.csv"):
        with pytest.raises(Misuse, match="--reject-file"):
            desk.bring(source, reject_file=path)
    for path in (tmp_path / "no" / "such" / "folder.csv", tmp_path):
        with pytest.raises(InvalidInput, match=r"the reject file cannot be written .*; nothing was recorded"):
            desk.bring(source, reject_file=path)
    assert (source.read_bytes(), other.read_text(), desk.position) == (before, "precious", 0)


def test_a_file_of_payments_is_read_with_its_own_columns(desk: Desk) -> None:
    desk.lines(invoice("F1"), columns=PAID)
    assert desk.lines(payment("F1", "2026-03-01", "1.00"), columns=PAID).payments == 1
