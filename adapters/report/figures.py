"""What the report shows besides its invoices: the balance by bucket and by debtor, the days of sales, stages, money apart."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from adapters.bootstrap import Office
from adapters.figures import BEFORE_ALL
from adapters.report.chart import Bar, Point
from adapters.report.markup import clean
from adapters.report.rows import Row
from adapters.report.situation import SCHEME, Situation
from domain.calendar import ONE_DAY
from projections.ageing import SCHEMES, Aged
from projections.dso import countback, months_back
from projections.wording.terms import MONTHS

#: The buckets of the statutory model, in French, in their order.
BUCKETS: Final = ("Non échu", "Échéance du jour", "1 à 30 jours", "31 à 60 jours", "61 à 90 jours", "91 jours et plus")
LATE: Final = 2  # the first bucket whose due day is past
MONTHS_SHOWN: Final = 12
_SHORT: Final = ("janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc")


@dataclass(frozen=True, slots=True)
class Debtor:
    """A debtor in a list: what it owes by bucket, what stands to its credit, how many invoices."""

    id: str
    code: str
    name: str
    creditor: str
    row: Aged
    invoices: int

    @property
    def owed(self) -> int:
        """What its open invoices come to."""
        return owed(self.row)

    @property
    def late(self) -> int:
        """What of it is past its due day."""
        return late(self.row)

    @property
    def bars(self) -> list[Bar]:
        """Its buckets."""
        return bars(self.row)


@dataclass(frozen=True, slots=True)
class Month:
    """The days of sales at the end of a month; nothing where there is no sale to count with."""

    on: dt.date
    point: Point
    at_least: bool
    receivables: int


@dataclass(slots=True)
class Figures:
    """Everything that the pages around the invoices show; its rows are in the order of their numbers."""

    total: Aged
    debtors: list[Debtor]
    months: list[Month]
    rows: list[Row]
    stages: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def owed(self) -> int:
        """What the open invoices come to."""
        return owed(self.total)

    @property
    def late(self) -> int:
        """What of it is past its due day."""
        return late(self.total)

    @property
    def disputed(self) -> list[Row]:
        """Invoices of which something still owed is disputed, the largest first."""
        return sorted((row for row in self.rows if row.disputed), key=lambda row: (-row.disputed, row.id))

    @property
    def apart(self) -> list[Debtor]:
        """Debtors to whose credit something stands, the largest first."""
        found = [each for each in self.debtors if any(each.row.cents[-2:])]
        return sorted(found, key=lambda each: (sum(each.row.cents[-2:]), each.id))

    def top(self, most: int) -> list[Debtor]:
        """The debtors who owe most."""
        found = [each for each in self.debtors if each.owed > 0]
        return sorted(found, key=lambda each: (-each.owed, each.id))[:most]


def owed(row: Aged) -> int:
    """The sum of the buckets: what stands to a credit is apart."""
    return sum(row.cents[:-2])


def late(row: Aged) -> int:
    """The sum of the buckets whose due day is past."""
    return sum(row.cents[LATE:-2])


def bars(row: Aged) -> list[Bar]:
    """A row as bars."""
    return [Bar(label, cents, n) for n, (label, cents) in enumerate(zip(BUCKETS, row.cents[:-2], strict=True))]


def balance(office: Office, at: Situation) -> tuple[Aged, dict[str, Aged]]:
    """The aged balance in total and by debtor."""
    by_debtor = office.views.ageing_by("debtor", SCHEMES[SCHEME], at.corner, creditor=at.creditor)
    total = Aged(SCHEMES[SCHEME])
    for row in by_debtor.values():
        total.add(row)
    return total, by_debtor


def months(office: Office, at: Situation) -> list[Month]:
    """The days of sales at the ends of the last months and on the day itself: what `dso` answers, asked twelve times at once.

    Counted back over all sales on record, VAT and disputes in, credits and money of no invoice taken off: what is left is the
    balance, and the sales of an earlier day are the first of those of a later one.
    """
    ends = [at.as_of]
    while len(ends) < MONTHS_SHOWN:
        ends.append(ends[-1].replace(day=1) - ONE_DAY)
    sales = [(each.day, each.gross_cents) for each in office.views.sales(at.corner, BEFORE_ALL, creditor=at.creditor)]
    return [_month(office, at, on, [sale for sale in sales if sale[0] <= on.toordinal()]) for on in reversed(ends)]


def _month(office: Office, at: Situation, on: dt.date, sales: Sequence[tuple[int, int]]) -> Month:
    label, year = _SHORT[on.month - 1], str(on.year)
    if not any(cents for _, cents in sales):
        return Month(on, Point(label, year, None), at_least=False, receivables=0)
    corner = at.corner._replace(as_of=on)
    balance = office.views.ageing_by("total", SCHEMES[SCHEME], corner, creditor=at.creditor).get("total")
    receivables = balance.total_cents if balance else 0
    found = countback(receivables, months_back(BEFORE_ALL, on, sales))
    return Month(on, Point(label, year, found.days), bool(found.remaining_cents), receivables)


def debtors(office: Office, rows: Sequence[Row], by_debtor: dict[str, Aged], owners: dict[str, str]) -> list[Debtor]:
    """Every debtor of an invoice shown, or of money on account, in the order of their ids."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.debtor] = counts.get(row.debtor, 0) + 1
    nothing = Aged(SCHEMES[SCHEME])
    found = []
    for id in sorted({*counts, *by_debtor}):
        code, name = card(office, id)
        creditor = card(office, owners[id])[1] if id in owners else ""
        found.append(Debtor(id, code, name, creditor, by_debtor.get(id, nothing), counts.get(id, 0)))
    return found


def card(office: Office, id: str) -> tuple[str, str]:
    """Code and name of a party as they print; of one that was erased, that it was."""
    code, name = office.registry.card(id)
    return ("(effacé)", "(effacé)") if code == "(erased)" else (clean(code) or "–", clean(name) or "–")


def by_stage(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The invoices of each state."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        for each in row.stages:
            found.setdefault(each, []).append(row)
    return found


def month_name(on: dt.date) -> str:
    """`décembre 2025`."""
    return f"{MONTHS[on.month - 1]} {on.year}"
