"""The importer: what a row becomes, what the same row again becomes, what is refused and what is left as it was."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.acts import Order, remind
from adapters.intake.importer import EVENTS_A_TRANSACTION
from adapters.registry import Party
from adapters.store.envelope import parse
from adapters.verify import verify_log
from domain.errors import Conflict, Misuse
from domain.facts.invoicing import DisputeOpened, InvoiceFellDue, InvoicePaid
from domain.facts.parties import CreditGranted, DebtorRegistered
from domain.history import founding
from tests.adapters.desk import ALL, INVOICES, PAID, Desk, desk_at, invoice, payment, reasons, said
from tests.builders import day


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path / "store") as made:
        yield made


# What a row becomes


def test_a_row_is_an_invoice_with_all_that_it_says(desk: Desk) -> None:
    report = desk.lines(
        invoice(
            "F1", debtor_name="Durand", debtor_kind="public", performed_on="2026-01-03", vat="20.00", currency="eur"
        )
    )
    issued = desk.issued("F1")
    assert (report.invoices, report.debtors, report.events, report.rejected_rows) == (1, 1, 2, 0)
    assert (issued.on, issued.instalments[0].due, issued.performed_on) == (
        day("2026-01-05"), day("2026-02-04"), day("2026-01-03"),
    )  # fmt: skip
    assert (issued.total_cents, issued.vat and issued.vat[0].vat_cents, issued.debtor_kind) == (12000, 2000, "public")
    assert desk.name("C1") == "Durand"
    assert isinstance(desk.history("F1")[1].fact, InvoiceFellDue)


def test_creditor_and_debtors_not_yet_known_are_registered_once(desk: Desk) -> None:
    assert desk.lines(invoice("F1"), invoice("F2", debtor="C2"), invoice("F3")).debtors == 2
    assert desk.lines(invoice("F4"), invoice("F5", debtor="C3")).debtors == 1
    kinds = [type(desk.office.app.stream(f"debtor:{id}").history[0].fact) for id in desk.office.registry.debtors()]
    assert kinds == [DebtorRegistered] * 3
    assert len(desk.office.registry.creditors()) == 1


def test_a_known_debtor_keeps_its_kind_where_the_file_does_not_say_it(desk: Desk) -> None:
    desk.lines(invoice("F1"))
    creditor = desk.office.registry.creditor("ACME")
    mayor = Party("C9", "Mairie", "public")
    desk.office.registry.register(mayor, on=day("2026-06-01"), creditor=creditor)
    desk.lines(invoice("F2", debtor="C9"))
    assert desk.issued("F2").debtor_kind == "public"
    assert desk.lines(invoice("F2", debtor="C9")).known == 1


def test_a_debtor_found_by_its_siren_keeps_its_code(desk: Desk) -> None:
    desk.lines(invoice("F1"))
    creditor = desk.office.registry.creditor("ACME")
    party = Party("C9", "Durand", "trader", siren="404833048")
    desk.office.registry.register(party, on=day("2026-06-01"), creditor=creditor)
    assert desk.lines(invoice("F2", debtor="404833048", debtor_name="Durand & fils")).renamed == 1
    assert desk.name("C9") == "Durand & fils"
    assert desk.issued("F2").debtor == desk.office.registry.debtor("C9")


def test_a_disputed_row_is_disputed_whole_from_its_issue_day(desk: Desk) -> None:
    desk.lines(invoice("F1", disputed="Yes"), invoice("F2", disputed="non"))
    assert desk.history("F1")[1].fact == DisputeOpened(
        cents=12000, extent="whole", on=day("2026-01-05"), reason="unstated"
    )
    assert not any(isinstance(entry.fact, DisputeOpened) for entry in desk.history("F2"))


def test_a_negative_total_is_a_credit_on_the_debtor(desk: Desk) -> None:
    lines = (invoice("F1"), invoice("A1", total="-30.00", due_on=""), invoice("A2", total="-10.00"))
    assert desk.lines(*lines).credits == 2
    account = desk.office.app.stream(f"debtor:{desk.office.registry.debtor('C1')}").history
    assert [entry.fact.cents for entry in account if isinstance(entry.fact, CreditGranted)] == [3000, 1000]
    again = desk.lines(*lines)
    assert (again.credits, again.events, again.known) == (0, 0, 3)
    other = desk.lines(invoice("A1", total="-31.00"), invoice("A2", total="-10.00", issued_on="2026-01-06"))
    assert [reason[:45] for _, _, reason in reasons(other)] == [
        "the credit note is on record with other conte", "the credit note is on record with another iss",
    ]  # fmt: skip
    assert desk.lines(invoice("A2", total="-10.00", issued_on="2026-01-06"), force_number_seen=True).credits == 1
    assert verify_log(desk.office.app).verdict != "broken"


def test_a_total_of_nil_is_a_remark_and_no_invoice(desk: Desk) -> None:
    report = desk.lines(invoice("F1", total="0.00"), invoice("F2"))
    assert (report.invoices, report.rejected_rows) == (1, 0)
    assert "a total of nil is no invoice" in said(report.remarks)
    assert not desk.office.registry.invoices("F1")


def test_due_or_paid_before_issue_is_a_remark_and_the_row_is_kept(desk: Desk) -> None:
    report = desk.lines(invoice("F1", due_on="2026-01-01"), invoice("F2", paid_on="2026-01-02", paid="120"))
    assert (report.invoices, report.payments, report.rejected_rows) == (2, 1, 0)
    assert [(each.line, each.column) for each in report.remarks] == [(2, "due_on"), (3, "paid_on")]
    assert desk.issued("F1").instalments[0].due == day("2026-01-01")
    assert desk.payments("F2") == [(day("2026-01-02"), 12000)]


def test_the_last_of_several_names_wins_with_a_remark(desk: Desk) -> None:
    lines = (
        invoice("F1", debtor_name="Durand"), invoice("F2", debtor_name="Durand SA"), invoice("F3"),
        invoice("F4", debtor_name="Durand SAS"),
    )  # fmt: skip
    report = desk.lines(*lines)
    assert desk.name("C1") == "Durand SAS"
    assert [(each.line, each.value) for each in report.remarks] == [(3, "Durand SA"), (5, "Durand SAS")]
    head = desk.position
    assert desk.lines(*lines).renamed == 0
    assert desk.lines(invoice("F5", debtor_name="")).renamed == 0
    assert desk.name("C1") == "Durand SAS"
    assert desk.position == head + 2


# Payments


def test_a_row_with_a_day_of_payment_and_no_amount_is_paid_whole(desk: Desk) -> None:
    desk.lines(invoice("F1", paid_on="2026-03-01"))
    assert desk.payments("F1") == [(day("2026-03-01"), 12000)]
    assert isinstance(desk.history("F1")[-1].fact, InvoicePaid)


def test_a_row_of_a_known_invoice_adds_its_payment(desk: Desk) -> None:
    desk.lines(invoice("F1"))
    assert desk.lines(payment("F1", "2026-03-01", "50"), payment("F1", "2026-03-02", "70")).payments == 2
    assert desk.lines(invoice("F1", paid_on="2026-03-03", paid="1")).payments == 1
    assert desk.payments("F1") == [
        (day("2026-03-01"), 5000), (day("2026-03-02"), 7000), (day("2026-03-03"), 100),
    ]  # fmt: skip


def test_a_file_of_payments_alone_needs_number_and_day(desk: Desk) -> None:
    desk.lines(invoice("F1"))
    report = desk.lines("F1,2026-03-01", head="no,on", columns={"number": "no", "paid_on": "on"})
    assert (report.payments, desk.payments("F1")) == (1, [(day("2026-03-01"), 12000)])


def test_a_payment_follows_its_invoice_in_the_same_file(desk: Desk) -> None:
    assert desk.lines(invoice("F1"), payment("F1", "2026-03-01", "50")).payments == 1
    early = desk.lines(payment("F2", "2026-03-01", "50"), invoice("F2"))
    assert reasons(early) == [(2, "number", "no invoice of that number is on record, or came before in this file")]


def test_two_payments_alike_both_count_and_again_add_nothing(desk: Desk) -> None:
    lines = (invoice("F1"), *[payment("F1", "2026-03-01", "50")] * 2)
    report = desk.lines(*lines)
    assert report.payments == 2
    assert "the same amount on the same day again: it counts again" in said(report.remarks)
    head = desk.position
    again = desk.lines(*lines)
    assert (again.payments, again.events, again.known, desk.position) == (0, 0, 3, head)
    assert desk.payments("F1") == [(day("2026-03-01"), 5000)] * 2


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"paid_on": "2026-03-01", "paid": "-5"}, "paid", "a payment is above nil"),
        ({"paid": "5"}, "paid_on", "5.00 is paid, but no day says when"),
        ({"paid_on": "2026-06-02"}, "paid_on", "still to come"),
    ],
)
def test_a_payment_that_is_none_rejects_the_row(desk: Desk, cells: dict[str, str], column: str, reason: str) -> None:
    for line in (invoice("F1", **cells), invoice("F1", **(cells | {"total": "", "issued_on": ""}))):
        report = desk.lines(line)
        assert reasons(report)[0][1] == column
        assert reason in said(report.problems)


def test_a_payment_of_nil_is_a_remark(desk: Desk) -> None:
    report = desk.lines(invoice("F1", paid_on="2026-03-01", paid="0"), payment("F1", "2026-03-01", "0"))
    assert (report.payments, report.rejected_rows, len(report.remarks)) == (0, 0, 2)


# Again


def test_the_same_file_again_adds_nothing(desk: Desk) -> None:
    lines = [invoice(f"F{n}", debtor=f"C{n % 3}", paid_on="2026-03-01", disputed="yes") for n in range(20)]
    desk.lines(*lines)
    head = desk.position
    again = desk.lines(*lines)
    assert (again.known, again.events, again.rejected_rows, desk.position) == (20, 0, 0, head)


def test_a_line_that_stands_twice_is_one_invoice(desk: Desk) -> None:
    report = desk.lines(invoice("F1"), invoice("F1"))
    assert (report.invoices, report.known, report.rejected_rows) == (1, 1, 0)


def test_the_creditor_may_have_been_described_since(desk: Desk) -> None:
    desk.lines(invoice("F1"))
    desk.office.registry.register(Party("ACME", "Acme SARL", "trader"), on=day("2026-06-01"))
    assert (desk.lines(invoice("F1"), invoice("F2")).known, desk.issued("F2").creditor_kind) == (1, "trader")


def test_an_invoice_disputed_since_is_said_to_be(desk: Desk) -> None:
    desk.lines(invoice("F1"))
    report = desk.lines(invoice("F1", disputed="yes"))
    assert "disputed here, not on record" in said(report.remarks)


@pytest.mark.parametrize("cells", [{"total": "121"}, {"due_on": "2026-02-05"}, {"debtor": "C2"}, {"vat": "20"}])
def test_the_same_number_and_day_with_other_content_is_rejected(desk: Desk, cells: dict[str, str]) -> None:
    desk.lines(invoice("F1"))
    head = desk.position
    for force in (False, True):
        report = desk.lines(invoice("F1", **cells), invoice("F2"), force_number_seen=force)
        assert reasons(report) == [
            (2, "number", "the number is on record with other content; correct it by hand (issue --correct)")
        ]
    assert desk.position == head
    in_file = desk.lines(invoice("F3"), invoice("F3", **cells))
    assert reasons(in_file) == [(3, "number", "the number came before in this file with other content")]


def test_a_number_with_another_day_is_rejected_unless_forced(desk: Desk) -> None:
    desk.lines(invoice("F1"))
    later = invoice("F1", issued_on="2026-02-05")
    assert "another issue day; --force number_seen" in said(desk.lines(later).problems)
    assert desk.lines(later, force_number_seen=True).invoices == 1
    assert len(desk.office.registry.invoices("F1")) == 2
    assert desk.lines(later, force_number_seen=True).known == 1


def test_a_series_that_restarts_inside_the_file_is_taken_when_forced(desk: Desk) -> None:
    lines = (invoice("F1"), invoice("F1", issued_on="2026-02-05"))
    assert "came before in this file with another issue day" in said(desk.lines(*lines).problems)
    assert desk.lines(*lines, force_number_seen=True).invoices == 2
    which = desk.lines(payment("F1", "2026-03-01"), force_number_seen=True)
    assert "several invoices bear the number" in said(which.problems)
    told = "F1,,,,2026-02-05,,,,,2026-03-01,50,,"
    assert desk.lines(told).payments == 1
    assert desk.lines(*lines, payment("F1", "2026-03-01"), force_number_seen=True).rejected_rows == 1


def test_a_payment_whose_invoice_was_rejected_goes_to_no_other(desk: Desk) -> None:
    desk.lines(invoice("F1"))
    later = (invoice("F1", issued_on="2026-02-05"), payment("F1", "2026-03-01", "120"))
    report = desk.lines(*later, accept_partial=True)
    assert [line for line, _, _ in reasons(report)] == [2, 3]
    assert desk.payments("F1") == []


# All or nothing


def test_nothing_is_recorded_while_a_row_is_rejected(desk: Desk) -> None:
    desk.lines(invoice("F0"))
    head = desk.position
    lines = (invoice("F1"), invoice("F2", total="x"), invoice("F3", debtor="C9"))
    report = desk.lines(*lines)
    assert (report.recorded, report.rejected_rows, desk.position) == (False, 1, head)
    assert desk.office.registry.debtors() == [desk.issued("F0").debtor]
    partial = desk.lines(*lines, accept_partial=True)
    assert (partial.recorded, partial.invoices, partial.rejected_rows) == (True, 2, 1)


@pytest.mark.parametrize("how", [{"dry_run": True}, {"dry_run": True, "accept_partial": True}])
def test_a_dry_run_leaves_the_store_as_it_was(desk: Desk, how: dict[str, Any]) -> None:
    before = {path.name: path.read_bytes() for path in desk.folder.iterdir()}
    report = desk.lines(invoice("F1"), invoice("F2", total="x"), **how)
    assert (report.recorded, report.rows, report.rejected_rows) == (False, 2, 1)
    assert {path.name: path.read_bytes() for path in desk.folder.iterdir()} == before


def test_a_rejected_row_registers_nobody(desk: Desk) -> None:
    desk.lines(invoice("F1"))
    desk.lines(invoice("F1", debtor="TYPO", total="1"), accept_partial=True)
    assert len(desk.office.registry.debtors()) == 1


def test_the_bank_day_is_recorded_when_all_is_in(desk: Desk) -> None:
    until = day("2026-05-31")
    desk.lines(invoice("F1"), invoice("F2", total="x"), accept_partial=True, cash_known_until=until)
    creditor = desk.office.registry.creditor("ACME")
    assert desk.office.cash_known_until(creditor) is None
    desk.lines(invoice("F1"), cash_known_until=until)
    assert desk.office.cash_known_until(creditor) == until


# Transactions, and others at work


def test_ten_thousand_events_at_most_a_transaction_and_one_command_a_row(desk: Desk) -> None:
    heads: list[int] = []

    def tell(word: str, _: int) -> None:
        if word == "recorded":
            with desk_at(desk.folder) as other:
                heads.append(other.position)

    desk.lines(*[invoice(f"F{n}", paid_on="2026-03-01") for n in range(5_200)], columns=PAID, progress=tell)
    store = desk.office.app.store
    assert len(heads) == 2
    assert EVENTS_A_TRANSACTION <= heads[1] - heads[0] < EVENTS_A_TRANSACTION + 4
    commands = Counter(parse(raw).command for _, raw in store.rows(heads[0], heads[1]))
    assert set(commands.values()) == {4}


def test_another_import_of_the_file_meanwhile_is_a_conflict_and_doubles_nothing(desk: Desk) -> None:
    lines = [invoice(f"F{n}", paid_on="2026-03-01") for n in range(2_600)]
    file = desk.file(*lines)

    def meanwhile(word: str, _: int) -> None:
        if word == "recorded":
            with desk_at(desk.folder) as other:
                other.bring(small)

    small = desk.folder.parent / "small.csv"
    small.write_text("\n".join((file.read_text().split("\n")[0], *lines[-3:])) + "\n")
    with pytest.raises(Conflict, match="import it again to go on"):
        desk.bring(file, progress=meanwhile)
    assert desk.bring(file).rejected_rows == 0
    assert len(desk.office.app.store.named_anywhere("number")) == 2_600
    assert all(len(desk.payments(f"F{n}")) == 1 for n in (0, 100, 2_597, 2_599))
    assert verify_log(desk.office.app).verdict != "broken"


def test_a_payment_refused_while_recording_leaves_the_others_recorded(desk: Desk) -> None:
    desk.lines(invoice("F1"))
    lines = [invoice(f"G{n}", paid_on="2026-03-01") for n in range(3_000)]
    twin = desk.folder.parent / "twin.csv"
    twin.write_text(desk.file(invoice("F1", issued_on="2026-02-05")).read_text())

    def meanwhile(word: str, _: int) -> None:
        if word == "recorded":
            with desk_at(desk.folder) as other:
                other.bring(twin, force_number_seen=True)

    out = desk.folder.parent / "rejected.csv"
    report = desk.lines(*lines, payment("F1", "2026-03-01", "120"), invoice("H1"), progress=meanwhile, reject_file=out)
    assert (report.recorded, report.invoices, report.refused_late, report.rejected_rows) == (True, 3_001, 1, 1)
    assert "several invoices bear the number" in said(report.problems)
    assert "several invoices bear the number" in out.read_text()


def test_what_was_judged_is_what_is_recorded_whatever_becomes_of_the_file(desk: Desk) -> None:
    path = desk.file(*[invoice(f"F{n}") for n in range(10_000)])

    def meanwhile(word: str, rows: int) -> None:
        if (word, rows) == ("checked", 10_000):
            path.write_text("another file altogether")

    assert desk.bring(path, progress=meanwhile).invoices == 10_000
    recorded = desk.office.app.store.named_anywhere("number")
    assert len(recorded) == 10_000
    issues = [founding(desk.office.app.stream(stream).history) for _, _, stream in recorded[::97]]
    assert {issued.total_cents for issued in issues if issued} == {12000}
    assert None not in issues


def test_an_imported_invoice_can_be_reminded(desk: Desk) -> None:
    desk.lines(invoice("F1"), columns=INVOICES)
    (stream,) = desk.office.registry.invoices("F1")
    done = remind(desk.office, [stream], Order(day("2026-03-01")), channel="email")
    assert len(done) == 1


def test_a_field_that_there_is_not_is_misuse(desk: Desk) -> None:
    for columns in (
        {"nombre": "x"},
        {"debtor": "debtor"},
        {"number": "number"},
        {"number": "number", "total": "total", "paid": "x"},
    ):
        with pytest.raises(Misuse):
            desk.lines(invoice("F1"), columns=columns)
    assert set(ALL) >= set(INVOICES)


def test_a_credit_note_brought_in_keeps_its_number_for_print(desk: Desk) -> None:
    desk.lines(invoice("A-7", total="-50"))
    registry = desk.office.registry
    (creditor,) = registry.creditors()
    (debtor,) = registry.debtors(creditor)
    assert registry.label(registry.number_key(creditor, "A-7").hex(), debtor) == "A-7"
