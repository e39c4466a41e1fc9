"""The plan of a year: what is invoiced, what is paid, what a person enters by hand. Drawn from a seed, and from nothing else.

No clock, no set, no hash order; `write_csvs` alone touches the disk. Everybody is fictitious (`adapters.demo.people`).
"""

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from adapters.demo.days import working_before, working_days
from adapters.demo.people import (
    CREDIT_NOTES,
    CREDITOR,
    CUSTOMERS,
    HERO,
    HERO_ISSUED_ON,
    HERO_NET_CENTS,
    NEW_YEAR,
    Size,
)
from adapters.demo.plan import ORDER, Happening, InvoiceRow, PaymentRow, Portfolio
from adapters.demo.story import Dice, Story
from domain.money import plain

VAT_PERCENT: Final = 20
#: Net cents, from and to.
SIZES: Final[dict[Size, tuple[int, int]]] = {
    "small": (6_700, 90_000),
    "middle": (35_000, 420_000),
    "large": (150_000, 2_000_000),
}


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file to bring in, and the day on which it is."""

    path: Path
    kind: Literal["invoices", "payments"]
    on: dt.date


def generate(seed: int = 2025) -> Portfolio:
    """Draw the plan of 2025."""
    dice = Dice(seed)
    invoices = _invoices(dice)
    payments: list[PaymentRow] = []
    happenings: list[Happening] = []
    for customer in CUSTOMERS:
        mine = [row for row in invoices if row.debtor == customer.code and not row.is_credit_note]
        story = Story(customer, mine, dice)
        story.tell()
        payments += story.payments
        happenings += story.happenings
    return Portfolio(
        creditor=CREDITOR,
        debtors=CUSTOMERS,
        invoices=tuple(invoices),
        payments=tuple(sorted(payments, key=lambda row: (row.on, row.invoice))),
        happenings=tuple(sorted(happenings, key=lambda each: (each.on, ORDER.index(type(each))))),
        hero=next(row.number for row in invoices if row.debtor == HERO),
    )


def _invoices(dice: Dice) -> list[InvoiceRow]:
    """The sales journal, numbered in the order of the days."""
    drafts: list[tuple[dt.date, str, int, int]] = []
    for customer in CUSTOMERS:
        if customer.code == HERO:
            drafts.append((HERO_ISSUED_ON, HERO, HERO_NET_CENTS, customer.term_days))
            continue
        days = working_days(NEW_YEAR, customer.buys_until)
        count = customer.invoices_a_year
        low, high = SIZES[customer.size]
        for nth in range(count):
            issued_on = days[(nth * len(days) + dice.below(len(days))) // count]
            net = min(dice.between(low, high), dice.between(low, high))
            drafts.append((issued_on, customer.code, net, customer.term_days))
    drafts.sort()
    rows = [
        _row(f"F25-{n:04d}", debtor, issued_on, net, issued_on + dt.timedelta(days=term), dice.between(1, 6))
        for n, (issued_on, debtor, net, term) in enumerate(drafts, start=1)
    ]
    rows += [_row(f"A25-{n:04d}", debtor, on, -net, on, 0) for n, (debtor, on, net) in enumerate(CREDIT_NOTES, start=1)]
    return sorted(rows, key=lambda row: (row.issued_on, row.number))


def _row(number: str, debtor: str, issued_on: dt.date, net: int, due_on: dt.date, days_before: int) -> InvoiceRow:
    size = abs(net)
    vat = (size * VAT_PERCENT + 50) // 100
    sign = 1 if net > 0 else -1
    performed_on = working_before(issued_on - dt.timedelta(days=days_before))
    return InvoiceRow(number, debtor, issued_on, due_on, performed_on, sign * (size + vat), sign * vat)


def write_csvs(portfolio: Portfolio, folder: Path) -> list[CsvFile]:
    """Write the files of the year, in the order in which they are brought in.

    A month's invoices come on its last day; a week's payments on the Monday after, those whose invoice is not known by
    then on the first Monday on which it is. Nothing to bring in, no file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for on in sorted(dict.fromkeys(row.known_on for row in portfolio.invoices)):
        path = folder / f"factures-{on:%Y-%m}.csv"
        _write(
            path,
            "Client,Raison sociale,Type,Numero,Date facture,Echeance,Livraison,Total TTC,TVA",
            [_invoice_line(portfolio, row) for row in portfolio.invoices if row.known_on == on],
        )
        files.append(CsvFile(path, "invoices", on))
    for on in sorted(dict.fromkeys(row.known_on for row in portfolio.payments)):
        path = folder / f"paiements-{on:%Y-%m-%d}.csv"
        rows = [row for row in portfolio.payments if row.known_on == on]
        lines = [[row.invoice, _date(row.on), _amount(row.cents)] for row in rows]
        _write(path, "Numero,Date paiement,Montant", lines)
        files.append(CsvFile(path, "payments", on))
    return sorted(files, key=lambda file: (file.on, file.kind))


def _invoice_line(portfolio: Portfolio, row: InvoiceRow) -> list[str]:
    party = portfolio.debtor(row.debtor).party
    days = (_date(day) for day in (row.issued_on, row.due_on, row.performed_on))
    return [party.code, party.name, party.kind, row.number, *days, _amount(row.total_cents), _amount(row.vat_cents)]


def _write(path: Path, header: str, lines: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(lines)


def _date(day: dt.date) -> str:
    return day.strftime("%d/%m/%Y")


def _amount(cents: int) -> str:
    return plain(cents).replace(".", ",")
