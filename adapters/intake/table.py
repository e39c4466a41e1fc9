"""The rows of a CSV file: every cell read; every cell that cannot be is reported with line, column, value and reason."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple, cast, get_args

from adapters.intake.rejects import Problem
from adapters.intake.source import CsvFile, checked_delimiter, checked_encoding
from adapters.registry import tidy
from domain.errors import InvalidInput, Misuse
from domain.facts.invoicing import PartyKind
from domain.money import cents, plain

FIELDS: Final = (
    "number", "debtor", "debtor_name", "debtor_kind", "issued_on", "due_on", "performed_on", "total", "vat", "paid_on",
    "paid", "disputed", "currency", "booked_on", "known_on", "paid_booked_on", "paid_known_on",
)  # fmt: skip
ORDERS: Final = {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y", "ymd": "%Y/%m/%d"}
YES: Final = frozenset({"yes", "y", "true", "1", "oui", "o", "vrai"})
NO: Final = frozenset({"", "no", "n", "false", "0", "non", "faux"})
KINDS: Final = {"b2b": "professional", "b2c": "consumer", "company": "professional"}
EUROS: Final = frozenset({"", "EUR", "€"})
LONGEST_TEXT: Final = 500
FIRST_YEAR, LAST_YEAR = 1950, 2200
_SPECIMEN: Final = dt.date(2026, 1, 31)
_ISO: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_FORMULA: Final = re.compile(r'="([^"]*)"')
_SHORTENED: Final = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)
_cents: Final = lru_cache(maxsize=50_000)(cents)


class Row(NamedTuple):
    """One line of the file, read. Amounts are cents; `total_cents` is null on a line that brings a payment alone.

    Of the invoice and of its payment: the accounting day, and the day on which the source system knew it.
    """

    line: int
    number: str
    debtor: str
    debtor_name: str
    debtor_kind: PartyKind | None
    issued_on: dt.date | None
    due_on: dt.date | None
    performed_on: dt.date | None
    total_cents: int | None
    vat_cents: int | None
    paid_on: dt.date | None
    paid_cents: int | None
    disputed: bool
    booked_on: dt.date | None = None
    known_on: dt.date | None = None
    paid_booked_on: dt.date | None = None
    paid_known_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is written: which column is which field, dates, delimiter, encoding, default kind of debtor."""

    columns: Mapping[str, str]
    date_format: str = "iso"
    delimiter: str | None = None
    encoding: str = "utf-8-sig"
    debtor_kind: PartyKind = "professional"

    def __post_init__(self) -> None:
        """Refuse fields that there are not, and files that could not be told apart.

        Raises:
            Misuse: an unknown field, no number, or a date format, delimiter or encoding that is none.
        """
        unknown = sorted(set(self.columns) - set(FIELDS))
        if unknown:
            raise Misuse(f"no field {', '.join(unknown)}; there are {', '.join(FIELDS)}")
        if "number" not in self.columns:
            raise Misuse("map the invoice number: --map number=COLUMN")
        if "total" not in self.columns and "paid_on" not in self.columns:
            raise Misuse("map what the rows bring: total (invoices), or paid_on (payments)")
        if {"paid", "paid_booked_on", "paid_known_on"} & set(self.columns) and "paid_on" not in self.columns:
            raise Misuse("map the day of the payments too: --map paid_on=COLUMN")
        day_reader(self.date_format)
        checked_encoding(self.encoding)
        checked_delimiter(self.delimiter)

    def column(self, field: str) -> str:
        """The column of a field; the field's own name when none is mapped."""
        return self.columns.get(field, field)


class Table:
    """The rows of a file."""

    def __init__(self, file: CsvFile, layout: Layout, today: dt.date) -> None:
        self._file, self._layout, self._today = file, layout, today

    def rows(self) -> Iterator[Row | list[Problem]]:
        """The rows in order; in the place of one that cannot be taken, its problems.

        Raises:
            InvalidInput: the file has no rows, lacks a column that is mapped, or is no CSV file.
        """
        lines = self._file.lines()
        line, _, head = next(lines)
        reader = _Reader(self._layout, self._today, [column.strip() for column in head], str(self._file.path), line)
        empty = True
        for line, spanned, cells in lines:
            item = reader.row(line, spanned, cells)
            if item is not None:
                empty = False
                yield item
        if empty:
            raise InvalidInput("it has a head and no rows", file=str(self._file.path))


class _Reader:
    """Reads the cells of one line after the other."""

    def __init__(self, layout: Layout, today: dt.date, head: list[str], file: str, line: int) -> None:
        """Find the mapped columns in the head.

        Raises:
            InvalidInput: one is not there, or is there twice.
        """
        self.layout, self.today, self.width = layout, today, len(head)
        missing = [column for column in layout.columns.values() if column not in head]
        if missing:
            reason = f"no column {_listed(missing)}; there are {_listed(head)}"
            raise InvalidInput(reason, file=file, line=line)
        twice = [column for column in layout.columns.values() if head.count(column) > 1]
        if twice:
            reason = f"several columns are called {_listed(twice)}: rename them, so that one can be told from the other"
            raise InvalidInput(reason, file=file, line=line)
        places = [head.index(layout.columns[field]) if field in layout.columns else self.width for field in FIELDS]
        self.mapped = itemgetter(*places)  # what is not mapped is the blank cell put after the last
        self.day = lru_cache(maxsize=50_000)(day_reader(layout.date_format))
        self.problems: list[Problem] = []
        self.line = 0

    def row(self, line: int, spanned: int, cells: list[str]) -> Row | list[Problem] | None:
        """One row, or its problems; nothing when every cell is blank."""
        if len(cells) != self.width:
            if not any(cell.strip() for cell in cells):
                return None
            return [Problem(line, "row", ",".join(cells)[:60], f"{len(cells)} cells where the head has {self.width}")]
        if spanned > 1 and (swallowed := self._swallowed(line, cells)):
            return swallowed
        self.problems, self.line = [], line
        cells.append("")
        (
            number, debtor, debtor_name, debtor_kind, issued_on, due_on, performed_on, total, vat, paid_on, paid, disputed, currency,
            *told,
        ) = map(str.strip, self.mapped(cells))  # fmt: skip
        if not number and not any(cell.strip() for cell in cells):
            return None
        row = Row(
            line, self._number(number), self._text("debtor", debtor), self._text("debtor_name", debtor_name),
            self._kind(debtor_kind), self._date("issued_on", issued_on), self._date("due_on", due_on, future=True),
            self._date("performed_on", performed_on, future=True), self._cents("total", total), self._cents("vat", vat),
            self._date("paid_on", paid_on), self._cents("paid", paid), self._flag("disputed", disputed),
            *map(self._date, FIELDS[-4:], told),
        )  # fmt: skip
        if currency.upper() not in EUROS:
            self._bad("currency", currency, "another currency: relance keeps euros; convert at your book rate first")
        if not self.problems:
            self._whole(row)
        return self.problems or row

    def _swallowed(self, line: int, cells: list[str]) -> list[Problem]:
        """A quotation mark left open in one row and closed in a later one makes one row of them, and loses the others."""
        places = [place for place, cell in enumerate(cells) if "\n" in cell or "\r" in cell]
        used = set(cast("tuple[int, ...]", self.mapped(range(self.width + 1))))
        for place in places:
            cell = cells[place]
            if place in used or max(cell.count(each) for each in ",;\t|") >= self.width - 1:
                reason = "it runs over several lines: is a quotation mark left open?"
                return [Problem(line, "row", cell[:60], reason)]
        return []

    def _whole(self, row: Row) -> None:
        """What a row must hold to be an invoice, or a payment."""
        if row.paid_cents is not None and row.paid_cents < 0:
            self._bad("paid", plain(row.paid_cents), "a payment is above nil; a reversal is entered by hand")
        elif row.paid_cents and row.paid_on is None:
            self._bad("paid_on", "", f"{plain(row.paid_cents)} is paid, but no day says when")
        if row.total_cents is None:
            if row.paid_on is None:
                self._bad("total" if "total" in self.layout.columns else "paid_on", "", "neither a total nor a payment")
            return
        if not row.debtor:
            self._bad("debtor", "", "an invoice has a debtor")
        if row.issued_on is None:
            self._bad("issued_on", "", "an invoice has an issue day")
        if row.total_cents > 0:
            if row.due_on is None:
                self._bad("due_on", "", "an invoice has a due day")
            if row.vat_cents is not None and not 0 <= row.vat_cents <= row.total_cents:
                self._bad("vat", plain(row.vat_cents), "VAT lies between nil and the total")

    def _bad(self, field: str, value: str, reason: str) -> None:
        self.problems.append(Problem(self.line, self.layout.column(field), value, reason))

    def _number(self, value: str) -> str:
        if value.endswith("0"):
            value = _undecimal(value)
        number = self._text("number", value)
        if not number:
            if not value:
                self._bad("number", value, "it is blank")
        elif "+" in number and _SHORTENED.fullmatch(number):
            self._bad("number", number, "a spreadsheet shortened it: make the column text, and export it again")
        return number

    def _text(self, field: str, value: str) -> str:
        if not value:
            return value
        if value[0] == "=":
            quoted = _FORMULA.fullmatch(value)
            if quoted is None:
                self._bad(field, value, "a formula, not a value: export the values")
                return ""
            value = quoted[1]
        value = tidy(value)
        if not value.isprintable():
            hidden = next(letter for letter in value if not letter.isprintable())
            self._bad(field, value, f"it holds a character that does not print (U+{ord(hidden):04X})")
            return ""
        if len(value) > LONGEST_TEXT:
            self._bad(field, value, f"it is longer than {LONGEST_TEXT} characters")
        return value

    def _cents(self, field: str, value: str) -> int | None:
        if not value:
            return None
        try:
            return _cents(value)
        except ValueError:
            reason = "not an amount of euro: write 1200, 1200.00 or 1 200,00"
            if any(sign in value.upper() for sign in ("$", "£", "USD", "GBP", "CHF")):
                reason = "another currency: relance keeps euros; convert at your book rate first"
            self._bad(field, value, reason)
            return None

    def _date(self, field: str, value: str, *, future: bool = False) -> dt.date | None:
        if not value:
            return None
        try:
            day = self.day(value)
        except ValueError:
            form = self.layout.date_format
            example = _SPECIMEN.strftime(ORDERS.get(form, "%Y-%m-%d" if form == "iso" else form))
            self._bad(field, value, f"not a day written as {form}, such as {example}")
            return None
        if day > self.today and not future:
            self._bad(field, value, f"still to come (today is {self.today})")
            return None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self._bad(field, value, f"a day lies between {FIRST_YEAR} and {LAST_YEAR}")
            return None
        return day

    def _flag(self, field: str, value: str) -> bool:
        word = value.casefold()
        if word not in YES and word not in NO:
            self._bad(field, value, "neither yes nor no")
        return word in YES

    def _kind(self, value: str) -> PartyKind | None:
        if not value:
            return None
        word = KINDS.get(value.casefold(), value.casefold())
        if word not in get_args(PartyKind):
            self._bad("debtor_kind", value, f"not a kind of debtor: {', '.join(get_args(PartyKind))}")
            return None
        return cast("PartyKind", word)


def _listed(columns: list[str]) -> str:
    shown = ", ".join(repr(column[:60]) for column in columns[:40])
    return shown if len(columns) <= 40 else f"{shown} and {len(columns) - 40} others"  # noqa: PLR2004


def _undecimal(number: str) -> str:
    """A number that a spreadsheet wrote as a decimal: 2960623488.0."""
    whole, dot, rest = number.partition(".")
    return whole if dot and whole.isdigit() and rest and set(rest) == {"0"} else number


def day_reader(form: str) -> Callable[[str], dt.date]:
    """How a cell becomes a day.

    Raises:
        Misuse: the format has no day, month and year.
    """
    if form == "iso":
        return _iso_day
    pattern = ORDERS.get(form, form)

    def read(text: str) -> dt.date:
        return dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone

    try:
        good = "%d" in pattern and "%m" in pattern and read(_SPECIMEN.strftime(pattern)) == _SPECIMEN
    except (ValueError, re.error):
        good = False
    if not good:
        raise Misuse(f"a date format is iso, {', '.join(ORDERS)}, or a pattern such as %d.%m.%Y; {form!r} is none")
    return read


def _iso_day(text: str) -> dt.date:
    """A day as ISO has it, in full; a time after it is ignored."""
    read = _ISO.fullmatch(text)
    if read is None:
        raise ValueError(text)
    return dt.date.fromisoformat(read[1])
