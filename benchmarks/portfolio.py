"""A plausible portfolio as one CSV file: the same seed writes the same bytes.

Issue days run from January 2024 to October 2025 and due days end with 2025, so on any later day every invoice is due. A debtor
pays in its own habit, from a week early to four months late; the file is in the order of issue days, as books are.
"""

import csv
import datetime as dt
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DEBTORS: Final = 1_000
FIRST: Final = dt.date(2024, 1, 1)
LAST: Final = dt.date(2025, 10, 31)
END: Final = dt.date(2025, 12, 31)
TERMS: Final = (30, 30, 30, 45, 60)
COLUMNS: Final = ("number", "debtor", "debtor_name", "issued_on", "due_on", "total", "vat", "paid_on", "paid")
MAPPING: Final = [word for column in COLUMNS for word in ("--map", f"{column}={column}")]


@dataclass(frozen=True, slots=True)
class Written:
    """What a file holds."""

    invoices: int
    payments: int

    @property
    def events(self) -> int:
        """Issued and due for each invoice, received and paid for each payment, the creditor and its debtors."""
        return 2 * self.invoices + 2 * self.payments + 1 + min(DEBTORS, self.invoices)


def write(path: Path, invoices: int, *, unpaid: float, seed: int = 2026) -> Written:
    """Write the file; `unpaid` is the share of invoices that nobody has paid."""
    draw = random.Random(seed)
    habits = [draw.choice((-5, 0, 5, 20, 45)) for _ in range(DEBTORS)]
    span = (LAST - FIRST).days
    payments = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for n in range(invoices):
            debtor = n if n < DEBTORS else draw.randrange(DEBTORS)
            issued = FIRST + dt.timedelta(days=n * span // invoices)
            due = issued + dt.timedelta(days=draw.choice(TERMS))
            net = draw.randrange(5_000, 800_000)
            vat = net // 5
            total = f"{(net + vat) / 100:.2f}"
            paid = min(due + dt.timedelta(days=habits[debtor] + draw.randrange(-2, 75)), END)
            settled = draw.random() >= unpaid
            payments += settled
            settlement = (paid.isoformat(), total) if settled else ("", "")
            name = f"Société cliente {debtor:04}"
            out.writerow(
                (f"F-{n:07}", f"C{debtor:04}", name, issued, due, total, f"{vat / 100:.2f}", *settlement),
            )
    return Written(invoices, payments)
