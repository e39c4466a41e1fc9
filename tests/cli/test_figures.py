"""`dso`, `d4416`, `payers` at the terminal: the published vectors through a store, shapes, choices, clear answers."""

import csv
import io
from typing import Any

import pytest

from tests.cli.conftest import Terminal

PARTIES = (
    'party add --creditor ACME --name "Acme SARL" --on 2025-01-01',
    'party add --debtor C1 --name "Durand SAS" --on 2025-01-01',
)
DSO_KEYS = [
    "days", "method", "from_on", "to_on", "days_in_period", "disputed", "vat", "unapplied", "position", "receivables_cents",
    "sales_cents", "complete", "remaining_cents", "open_cents", "disputed_cents", "credits_cents", "unallocated_cents",
    "receivables_without_vat_cents", "credits_without_vat_cents", "sales_without_vat_cents", "credit_notes_without_vat_cents", "months", "remarks",
]  # fmt: skip
D4416_KEYS = [
    "creditor", "from_on", "to_on", "position", "vat", "reference", "terms", "sales_cents", "sales_without_vat_cents", "credit_notes_without_vat_cents", "columns",
    "late", "excluded", "undated_invoices", "undated_cents", "without_vat_invoices", "without_vat_cents", "credits_cents",
    "unallocated_cents",
]  # fmt: skip
PAYER_KEYS = [
    "debtor", "name", "creditor", "received_cents", "without_due_day_cents", "mean_delay_days", "late_cents", "late_percent",
    "overdue_cents", "oldest_overdue_days", "delay_so_far_days", "promises_kept", "promises_broken",
]  # fmt: skip


@pytest.fixture
def firm(alone: Terminal) -> Terminal:
    """A store with a creditor and a debtor, and nothing else."""
    for line in ("init --sandbox", *PARTIES):
        alone.well(line)
    return alone


def sell(
    terminal: Terminal, number: str, on: str, euros: int, *, paid: int = 0, more: str = "", debtor: str = "C1"
) -> None:
    """Issue an invoice due on its own day, and pay some of it there and then."""
    due = "" if "--instalment" in more else f"--due {on} --total {euros}"
    terminal.well(f"issue {number} --debtor {debtor} --on {on} {due} {more}")
    if paid:
        terminal.well(f"pay {number} --amount {paid} --on {on}")


def table(terminal: Terminal, line: str) -> Any:
    return terminal.well(f"{line} --json").json


# The published vectors, through a store


@pytest.mark.parametrize(
    ("sold", "paid", "days"),
    [(60_000, 30_000, "45.00"), (45_000, 25_000, "40.00")],  # Divalto; financefactory
)
def test_simple_vectors(firm: Terminal, sold: int, paid: int, days: str) -> None:
    sell(firm, "F-1", "2026-01-01", sold - 1_000, paid=paid)
    sell(firm, "F-2", "2026-03-31", 1_000)
    sell(firm, "F-3", "2026-04-01", 7_000)
    sell(firm, "F-0", "2025-12-31", 5_000, paid=5_000)
    value = table(firm, "dso --from 2026-01-01 --to 2026-03-31 --method simple --disputed in --vat in --unapplied net")
    assert (value["days"], value["method"], value["days_in_period"]) == (days, "simple", 90)
    assert (value["receivables_cents"], value["sales_cents"]) == ((sold - paid) * 100, sold * 100)
    assert (value["months"], value["remarks"]) == ([], [])
    assert list(value) == DSO_KEYS


@pytest.mark.parametrize(
    ("sales", "owed", "days", "last"),
    [
        ({"2025-11-10": 1_200, "2025-10-10": 800, "2025-09-10": 700}, 2_500, "82.43", ("2025-09", 50_000, "21.43")),  # prints as 82.4
        ({"2025-11-10": 12_500, "2025-10-10": 10_000, "2025-09-10": 6_000}, 20_000, "53.25", ("2025-10", 750_000, "23.25")),
    ],
)  # fmt: skip
def test_countback_vectors(
    firm: Terminal, sales: dict[str, int], owed: int, days: str, last: tuple[str, int, str]
) -> None:
    paid = sum(sales.values()) - owed
    for n, (on, euros) in enumerate(sorted(sales.items())):
        taken = min(paid, euros)
        paid -= taken
        sell(firm, f"F-{n}", on, euros, paid=taken)
    value = table(
        firm, "dso --from 2025-01-01 --to 2025-11-30 --method countback --disputed in --vat in --unapplied net"
    )
    assert (value["days"], value["complete"], value["remaining_cents"]) == (days, True, 0)
    assert value["months"][0]["month"] == "2025-11"
    line = value["months"][-1]
    assert (line["month"], line["taken_cents"], line["days"]) == last
    assert list(line) == ["month", "from_on", "to_on", "sales_cents", "taken_cents", "days"]
    assert (value["from_on"], value["to_on"], value["disputed"], value["vat"], value["unapplied"]) == (
        "2025-01-01", "2025-11-30", "in", "in", "net",
    )  # fmt: skip


# Choices


def test_the_month_to_date_comes_first(firm: Terminal) -> None:
    sell(firm, "F-1", "2026-04-20", 600)
    sell(firm, "F-2", "2026-05-05", 300)
    value = table(firm, "dso --from 2026-01-01 --to 2026-05-10 --method countback")
    assert [(each["from_on"], each["days"]) for each in value["months"]] == [
        ("2026-05-01", "10.00"),
        ("2026-04-01", "30.00"),
    ]
    assert "10 May 2026 is within a month" in value["remarks"][0]


def test_a_countback_that_runs_out_says_so(firm: Terminal) -> None:
    sell(firm, "F-1", "2026-03-20", 600)
    sell(firm, "F-2", "2026-05-05", 300)
    reached = table(firm, "dso --from 2026-04-01 --to 2026-05-31 --method countback")
    assert (reached["days"], reached["complete"], reached["remaining_cents"]) == ("61.00", False, 60_000)
    assert reached["remarks"] == [
        "No sale is on record in 2026-04: nothing is taken, its days count.",
        "The count stopped at 1 April 2026, though older sales are on record (an earlier --from reaches them): 600.00 EUR are left after the oldest month counted: at least this many days.",
    ]
    assert "at least 61.00 days" in firm.well("dso --from 2026-04-01 --to 2026-05-31 --method countback").out
    whole = table(firm, "dso --from 2000-01-01 --to 2026-05-31 --method countback")
    assert (whole["days"], whole["complete"]) == ("92.00", True)
    firm.well("credit F-1 --amount 500 --number A-1 --on 2026-05-20")
    firm.well("pay F-1 --amount 50 --on 2026-05-21")
    short = table(firm, "dso --from 2000-01-01 --to 2026-05-31 --method countback")  # May: 300 less 500
    assert (short["days"], short["complete"], [each["taken_cents"] for each in short["months"]]) == (
        "89.42", True, [-20_000, 0, 55_000],
    )  # fmt: skip


def test_what_the_record_does_not_reach_is_not_extrapolated(firm: Terminal) -> None:
    sell(firm, "F-1", "2026-05-05", 300)
    firm.well("issue F-2 --debtor C1 --on 2026-05-06 --due 2026-05-06 --total 100 --vat 20")
    value = table(firm, "dso --from 2020-01-01 --to 2026-05-31 --method countback --vat ex")
    assert (value["days"], value["receivables_cents"]) == ("31.00", 8_000)
    assert (value["receivables_without_vat_cents"], value["sales_without_vat_cents"]) == (30_000, 30_000)
    assert [remark for remark in value["remarks"] if "300.00 EUR" in remark] == [
        "VAT is not on record for 300.00 EUR of receivables, VAT included: left out.",
        "VAT is not on record for 300.00 EUR of sales, VAT included: left out.",
    ]
    firm.well(
        "credit F-2 --amount 90 --number A-1 --on 2026-05-07"
    )  # no VAT of it on record: sales without VAT keep 80
    short = table(firm, "dso --from 2020-01-01 --to 2026-05-31 --method countback --vat ex")
    assert (short["receivables_cents"], short["sales_cents"], short["days"]) == (800, 8_000, "3.10")


def test_disputed_and_unapplied_in_or_out(firm: Terminal) -> None:
    sell(firm, "F-1", "2026-05-01", 1_000)
    sell(firm, "F-2", "2026-05-01", 1_000, paid=1_100)
    firm.well("dispute F-1 --amount 300 --reason quality --on 2026-05-10")
    firm.well("pay --debtor C1 --amount 1250 --on 2026-05-20")  # 1000 on F-1, 250 left on the account
    sell(firm, "F-3", "2026-05-21", 2_000)
    firm.well("dispute F-3 --amount 500 --reason quality --on 2026-05-22")
    expected = {("in", "net"): 165_000, ("in", "gross"): 200_000, ("out", "net"): 115_000, ("out", "gross"): 150_000}
    for (disputed, unapplied), cents in expected.items():
        line = f"dso --from 2026-05-01 --to 2026-05-31 --disputed {disputed} --unapplied {unapplied}"
        value = table(firm, line)
        assert (value["receivables_cents"], value["sales_cents"]) == (cents, 400_000)
        assert (value["disputed_cents"], value["credits_cents"], value["unallocated_cents"]) == (
            50_000,
            -10_000,
            -25_000,
        )
        assert any("the disputed part alone" in remark for remark in value["remarks"]) == (disputed == "out")


def test_money_bears_no_vat(firm: Terminal) -> None:
    firm.well("issue F-1 --debtor C1 --on 2026-05-01 --due 2026-05-01 --total 1200 --vat 200")
    firm.well("pay --debtor C1 --amount 1300 --on 2026-05-20")
    firm.well("issue F-2 --debtor C1 --on 2026-05-21 --due 2026-05-21 --total 2400 --vat 400")
    value = table(firm, "dso --from 2026-05-01 --to 2026-05-31 --vat ex")
    assert (value["receivables_cents"], value["sales_cents"], value["days"]) == (200_000, 300_000, "20.67")
    assert value["remarks"] == [
        "VAT is not on record for -100.00 EUR of money that belongs to no invoice, VAT included: left out."
    ]
    assert table(firm, "dso --from 2026-05-01 --to 2026-05-31 --vat ex --unapplied gross")["remarks"] == []


def test_days_are_those_known_at_a_position(firm: Terminal) -> None:
    sell(firm, "F-1", "2026-05-01", 1_000)
    before = firm.well("history F-1 --json").json["events"][-1]["position"]
    firm.well("pay F-1 --amount 400 --on 2026-05-02")
    line = "dso --from 2026-05-01 --to 2026-05-31"
    assert table(firm, line)["days"] == "18.60"
    then = table(firm, f"{line} --known-at @{before}")
    assert (then["days"], then["position"]) == ("31.00", before)


def test_one_creditor_or_all(firm: Terminal) -> None:
    sell(firm, "F-1", "2026-05-01", 1_000, paid=500)
    firm.well('party add --creditor BETA --name "Beta SA" --on 2026-01-01')
    firm.well('party add --creditor BETA --debtor C9 --name "Petit" --on 2026-01-01')
    firm.well("issue G-1 --creditor BETA --debtor C9 --on 2026-05-01 --due 2026-05-01 --total 3000")
    line = "dso --from 2026-05-01 --to 2026-05-31"
    assert [table(firm, f"{line} {only}")["sales_cents"] for only in ("", "--creditor ACME", "--creditor BETA")] == [
        400_000, 100_000, 300_000,
    ]  # fmt: skip
    firm.refused("d4416", 2, "several creditors are registered: name one with --creditor")
    value = table(firm, "d4416 --creditor BETA --year-end 2026-05-31")
    assert (value["creditor"], value["late"]["amount_cents"]["1-30"]) == ("BETA", 300_000)
    rows = table(firm, "payers")["rows"]
    assert [(row["creditor"], row["debtor"]) for row in rows] == [("BETA", "C9"), ("ACME", "C1")]
    assert [row["debtor"] for row in table(firm, "payers --creditor ACME")["rows"]] == ["C1"]
    assert "BETA" in firm.well("payers").out


# The statutory table


@pytest.fixture
def closed(firm: Terminal) -> Terminal:
    """A year that closes on 31 May 2026: an invoice at each edge, disputes, an invoice of no known due day."""
    for number, due in {
        "N": "2026-06-01", "D0": "2026-05-31", "D1": "2026-05-30", "D30": "2026-05-01", "D31": "2026-04-30", "D60": "2026-04-01",
        "D61": "2026-03-31", "D90": "2026-03-02", "D91": "2026-03-01",
    }.items():  # fmt: skip
        firm.well(f"issue {number} --debtor C1 --on 2026-02-01 --due {due} --total 120 --vat 20")
    firm.well("pay D31 --amount 60 --on 2026-05-30")
    firm.well("dispute D60 --amount 120 --reason quality --on 2026-05-01")
    firm.well("dispute D91 --amount 24 --reason price --on 2026-05-01")
    return firm


def test_the_table_at_every_edge(closed: Terminal) -> None:
    value = table(closed, "d4416 --year-end 2026-05-31")
    assert list(value) == D4416_KEYS
    assert (value["from_on"], value["to_on"], value["sales_cents"]) == ("2025-06-01", "2026-05-31", 108_000)
    assert value["columns"] == ["0", "1-30", "31-60", "61-90", "91+", "1+"]
    assert value["late"] == {
        "invoices": {"0": 1, "1-30": 2, "31-60": 1, "61-90": 2, "91+": 1, "1+": 6},
        "amount_cents": {"0": 12_000, "1-30": 24_000, "31-60": 6_000, "61-90": 24_000, "91+": 9_600, "1+": 63_600},
        "invoiced_cents": {"0": 12_000, "1-30": 24_000, "31-60": 12_000, "61-90": 24_000, "91+": 12_000, "1+": 72_000},
        "sales_percent": {
            "0": "11.11",
            "1-30": "22.22",
            "31-60": "5.56",
            "61-90": "22.22",
            "91+": "8.89",
            "1+": "58.89",
        },
    }
    assert value["excluded"]["invoices"] == {"0": 0, "1-30": 0, "31-60": 1, "61-90": 0, "91+": 1, "1+": 2}
    assert value["excluded"]["amount_cents"] == {
        "0": 0,
        "1-30": 0,
        "31-60": 12_000,
        "61-90": 0,
        "91+": 2_400,
        "1+": 14_400,
    }
    totals = closed.well("ageing --as-of 2026-05-31 --scheme d4416 --by total --json").json["totals"]
    for column in value["columns"][:-1]:
        assert value["late"]["amount_cents"][column] + value["excluded"]["amount_cents"][column] == totals[column]


def test_the_table_without_vat(closed: Terminal) -> None:
    closed.well("issue X --debtor C1 --on 2026-02-01 --due 2026-04-01 --total 50")
    value = table(closed, "d4416 --year-end 2026-05-31 --excluding-vat")
    assert (value["vat"], value["sales_cents"], value["sales_without_vat_cents"]) == ("ex", 90_000, 5_000)
    assert (value["without_vat_invoices"], value["without_vat_cents"]) == (1, 5_000)
    assert value["late"]["amount_cents"] == {
        "0": 10_000,
        "1-30": 20_000,
        "31-60": 5_000,
        "61-90": 20_000,
        "91+": 8_000,
        "1+": 53_000,
    }
    assert value["late"]["invoiced_cents"]["31-60"] == 10_000
    assert value["excluded"]["amount_cents"]["1+"] == 12_000
    printed = closed.well("d4416 --year-end 2026-05-31 --excluding-vat").out
    assert "HT" in printed
    assert "laissées de côté\u00a0: 1, restant dû 50,00\u00a0€ TTC" in printed


def test_the_table_is_printed_in_the_words_of_the_model(closed: Terminal) -> None:
    said = closed.well("d4416 --year-end 2026-05-31").out
    printed = " ".join(said.split())
    for words in (
        "Acme SARL — Exercice du 1er juin 2025 au 31 mai 2026",
        "Factures émises non réglées à la date de clôture de l’exercice dont le terme est échu",
        "article D. 441-6 du code de commerce",
        "(A) Tranches de retard de paiement",
        "Nombre de factures 1 2 1 2 1 6 concernées",
        "(B) Factures exclues du (A) relatives à des dettes et créances litigieuses ou non comptabilisées",
        "(C) Délais de paiement de référence utilisés",
        "1 080,00 €",
        "58,89 %",
        "Montant d’origine des",
    ):
        assert words in printed, words
    drawn = said[said.index("(A)") : said.index("(C)")].splitlines()
    assert len(drawn) > 10
    assert all(len(line) <= 100 for line in drawn)


def test_the_original_amounts_are_left_out_where_they_say_nothing_more(firm: Terminal) -> None:
    sell(firm, "F-1", "2026-04-01", 100)
    assert "d’origine" not in firm.well("d4416 --year-end 2026-05-31").out


def test_the_table_as_rows(closed: Terminal) -> None:
    rows = list(csv.DictReader(io.StringIO(closed.well("d4416 --year-end 2026-05-31 --csv").out)))
    assert [row["column"] for row in rows] == ["0", "1-30", "31-60", "61-90", "91+", "1+"]
    assert rows[-1] == {
        "column": "1+", "invoices": "6", "amount_cents": "63600", "invoiced_cents": "72000", "sales_percent": "58.89",
        "excluded_invoices": "2", "excluded_amount_cents": "14400", "excluded_invoiced_cents": "24000",
    }  # fmt: skip


def test_the_year_by_default_closed_on_the_last_31_december(firm: Terminal) -> None:
    sell(firm, "F-1", "2025-11-30", 100)
    value = table(firm, "d4416")
    assert (value["from_on"], value["to_on"]) == ("2025-01-01", "2025-12-31")
    assert value["late"]["invoices"]["31-60"] == 1
    assert table(firm, "d4416 --on 2025-12-31")["to_on"] == "2025-12-31"
    other = table(firm, "d4416 --from 2025-10-01 --to 2026-03-31")
    assert (other["from_on"], other["late"]["amount_cents"]["91+"], other["late"]["sales_percent"]["1+"]) == (
        "2025-10-01", 10_000, "100.00",
    )  # fmt: skip


def test_a_year_without_sales_has_no_percentage(firm: Terminal) -> None:
    sell(firm, "F-1", "2025-11-30", 100)
    value = table(firm, "d4416 --from 2026-01-01 --to 2026-03-31")
    assert value["late"]["sales_percent"] == dict.fromkeys(value["columns"])
    assert value["late"]["amount_cents"]["1+"] == 10_000
    printed = firm.well("d4416 --from 2026-01-01 --to 2026-03-31").out
    assert "n. d." in printed
    assert "le pourcentage n’est pas défini" in printed


def test_the_table_known_then(closed: Terminal) -> None:
    before = closed.well("history D31 --json").json["events"]
    position = next(event["position"] for event in before if "payment" in event["name"]) - 1
    now, then = (table(closed, f"d4416 --year-end 2026-05-31 {at}") for at in ("", f"--known-at @{position}"))
    assert (now["late"]["amount_cents"]["31-60"], then["late"]["amount_cents"]["31-60"]) == (6_000, 24_000)
    assert then["excluded"]["invoices"]["1+"] == 0  # the disputes were recorded later still


# Payers


def test_payers(firm: Terminal) -> None:
    firm.well('party add --debtor C2 --name "Lent SARL" --on 2025-01-01')
    firm.well("issue F-1 --debtor C1 --on 2026-01-01 --due 2026-01-31 --total 1000")
    firm.well("issue F-2 --debtor C2 --on 2026-01-01 --due 2026-01-31 --total 1000")
    firm.well("issue F-3 --debtor C2 --on 2026-01-01 --instalment 300=2026-01-31 --instalment 300=2026-03-02")
    firm.well("pay F-1 --on 2026-01-21")
    firm.well("pay F-2 --amount 500 --on 2026-01-31")
    firm.well("pay F-2 --amount 250 --on 2026-03-02")
    firm.well("pay F-3 --amount 400 --on 2026-03-12")
    value = table(firm, "payers --as-of 2026-05-31")
    assert (value["from_on"], value["to_on"], value["over_months"]) == ("2025-06-01", "2026-05-31", 12)
    slow, prompt = value["rows"]
    assert list(slow) == PAYER_KEYS
    # 500 on the day, 250 thirty days late, 300 forty days late, 100 ten days late
    assert (slow["debtor"], slow["received_cents"], slow["mean_delay_days"]) == ("C2", 115_000, "17.8")
    assert (slow["late_percent"], slow["overdue_cents"], slow["oldest_overdue_days"]) == ("56.5", 45_000, 120)
    assert slow["delay_so_far_days"] == "42.8"  # (20 500 + 250 x 120 + 200 x 90) / 1 600
    assert (prompt["mean_delay_days"], prompt["late_percent"], prompt["overdue_cents"]) == ("-10.0", "0.0", 0)
    assert prompt["oldest_overdue_days"] is None
    printed = firm.well("payers --as-of 2026-05-31").out
    assert printed.index("Lent SARL") < printed.index("Durand SAS")
    for word in ("Mean delay:", "oldest first", "set-off", "Credit notes are no payment", "Worst first:"):
        assert word in printed


def test_payers_over_fewer_months_and_reversals(firm: Terminal) -> None:
    firm.well("issue F-1 --debtor C1 --on 2026-01-01 --due 2026-01-31 --total 1000")
    firm.well("pay F-1 --amount 400 --on 2026-02-10")
    firm.well("pay F-1 --amount 400 --on 2026-04-11")
    version = next(
        event["version"] for event in firm.well("history F-1 --json").json["events"] if event["on"] == "2026-02-10"
    )
    firm.well(f"reverse F-1 --version {version} --reason returned_cheque --on 2026-04-20")
    (row,) = table(firm, "payers --as-of 2026-05-31")["rows"]
    assert (row["received_cents"], row["mean_delay_days"], row["overdue_cents"]) == (40_000, "70.0", 60_000)
    (eve,) = table(firm, "payers --as-of 2026-04-19")["rows"]
    assert (eve["received_cents"], eve["mean_delay_days"]) == (80_000, "40.0")
    for on in ("2026-05-31", "2026-05-11"):  # the window of one month opens the day after 11 April, when 400 came in
        assert table(firm, f"payers --as-of {on} --over 1")["rows"][0]["received_cents"] == 0
    assert table(firm, "payers --as-of 2026-05-10 --over 1")["rows"][0]["received_cents"] == 40_000
    (short,) = table(firm, "payers --as-of 2026-05-31 --over 1")["rows"]
    assert (short["received_cents"], short["mean_delay_days"], short["late_percent"]) == (0, None, None)


def test_money_on_account_credit_notes_and_set_off(firm: Terminal) -> None:
    firm.well("issue F-1 --debtor C1 --on 2026-01-01 --due 2026-01-31 --total 1000")
    firm.well("credit F-1 --amount 200 --number A-1 --on 2026-02-01")
    firm.well("pay F-1 --amount 100 --source set_off --on 2026-02-10")
    firm.well("pay --debtor C1 --amount 1000 --on 2026-02-20")  # 700 on F-1, 300 on account
    (row,) = table(firm, "payers --as-of 2026-05-31")["rows"]
    assert (row["received_cents"], row["without_due_day_cents"]) == (110_000, 30_000)
    assert row["mean_delay_days"] == "18.8"  # (100 x 10 + 700 x 20) / 800
    assert row["overdue_cents"] == 0


# What is wrong


def test_an_empty_store_has_no_figures(firm: Terminal) -> None:
    for line in ("dso --from 2026-01-01 --to 2026-05-31", "d4416", "payers"):
        firm.refused(line, 3, "this store holds no invoice yet")


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("dso --from 2026-05-02 --to 2026-05-01", 2, "--from 2026-05-02 comes after --to 2026-05-01"),
        ("dso --from 2026-01-01 --to 2026-06-02", 3, "2 June 2026 is still to come"),
        ("dso --to 2026-05-31", 2, "--from"),
        ("dso --from 2026-01-01 --to 2026-05-31 --method sap", 2, "'sap' is not one of 'simple', 'countback'"),
        ("dso --from 2026-01-01 --to 2026-05-31 --known-at 2020-01-01", 3, "nothing was known by 2020-01-01"),
        ("dso --from 2026-01-01 --to 2026-05-31 --creditor NOBODY", 3, "no creditor 'NOBODY' is registered"),
        ("dso --from 2026-05-01 --to 2026-05-10", 3, "no sale is on record from 1 May 2026 to 10 May 2026, to count the days of 2 100.00 EUR"),
        ("dso --from 2026-05-01 --to 2026-05-10 --method countback", 3, "an earlier --from reaches further"),
        ("dso --from 2026-05-01 --to 2026-05-31 --vat ex", 3, "no sale from 1 May 2026 to 31 May 2026 has its VAT on record (500.00 EUR have none)"),
        ("d4416 --from 2026-01-01", 2, "a year is --year-end DAY, or --from DAY --to DAY"),
        ("d4416 --year-end 2025-12-31 --from 2025-01-01 --to 2025-12-31", 2, "a year is --year-end DAY, or --from DAY --to DAY"),
        ("d4416 --from 2026-02-01 --to 2026-01-01", 2, "comes after --to"),
        ("d4416 --year-end 2026-12-31", 3, "31 December 2026 is still to come"),
        ("d4416 --year-end 2025-12-31", 3, "ACME issued no invoice by 31 December 2025 that is on record"),
        ("payers --as-of 2026-06-02", 3, "2 June 2026 is still to come"),
        ("payers --over 0", 2, "--over"),
        ("payers --as-of 2025-12-31", 3, "no money is on record from 1 January 2025 to 31 December 2025, nothing was overdue"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(relance: Terminal, line: str, code: int, words: str) -> None:
    relance.refused(line, code, words)


def test_a_countback_of_nothing_owed_is_nil(firm: Terminal) -> None:
    sell(firm, "F-1", "2026-05-01", 100, paid=120)
    value = table(firm, "dso --from 2026-05-01 --to 2026-05-31 --method countback")
    assert (value["days"], value["months"], value["receivables_cents"]) == ("0.00", [], -2_000)
    assert value["remarks"] == ["The receivables counted come to -20.00 EUR."]
    assert table(firm, "dso --from 2026-05-01 --to 2026-05-31")["days"] == "-6.20"
    assert (
        firm.well("dso --from 2026-05-01 --to 2026-05-31 --csv")
        .out.splitlines()[1]
        .startswith("-6.20,simple,2026-05-01,")
    )
