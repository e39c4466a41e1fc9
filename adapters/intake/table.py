"""A CSV file as rows: every cell read, every cell that cannot be read reported with line, column, value and reason."""

import csv
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, cast, get_args

from adapters.registry import tidy
from domain.errors import InvalidInput, Misuse
from domain.facts.invoicing import PartyKind
from domain.money import cents

FIELDS: Final = (
    "number", "debtor", "debtor_name", "debtor_kind", "issued_on", "due_on", "performed_on", "total", "vat", "paid_on",
    "paid", "disputed", "currency",
)  # fmt: skip
ORDERS: Final = {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y", "ymd": "%Y/%m/%d"}
YES: Final = frozenset({"yes", "y", "true", "1", "oui", "o", "vrai"})
NO: Final = frozenset({"", "no", "n", "false", "0", "non", "faux"})
KINDS: Final = {"b2b": "professional", "b2c": "consumer", "company": "professional"}
DELIMITERS: Final = ",;\t|"
_LONGEST_CELL: Final = 10_000


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that cannot be taken, or a remark on one that was."""

    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        """Line, column, value, reason."""
        return f"line {self.line}, {self.column} {self.value[:60]!r}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file, read. Amounts are cents; `total_cents` is null on a line that brings a payment alone."""

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
            Misuse: an unknown field, or no number.
        """
        unknown = sorted(set(self.columns) - set(FIELDS))
        if unknown:
            raise Misuse(f"no field {', '.join(unknown)}; there are {', '.join(FIELDS)}")
        if "number" not in self.columns:
            raise Misuse("map the invoice number: --map number=COLUMN")
        if "total" not in self.columns and "paid_on" not in self.columns:
            raise Misuse("map what the rows bring: total (invoices), or paid_on (payments)")


def read(path: Path, layout: Layout, today: dt.date) -> Iterator[Row | list[Problem]]:
    """The rows of a file, in order; in the place of one that cannot be taken, its problems.

    Raises:
        InvalidInput: the file is empty, in another encoding, without a column that is mapped, or no CSV at all.
    """
    name = str(path)
    reader = _Reader(layout, today)
    try:
        with path.open(encoding=layout.encoding, newline="") as file:
            head = file.readline()
            if not head.strip():
                raise InvalidInput("the file is empty", file=name)
            delimiter = layout.delimiter or max(DELIMITERS, key=head.count)
            columns = next(csv.reader([head], delimiter=delimiter))
            reader.locate([column.strip() for column in columns], name)
            lines = csv.reader(file, delimiter=delimiter, strict=True)
            empty = True
            for cells in lines:
                if cells:
                    empty = False
                    yield reader.row(lines.line_num + 1, cells)
            if empty:
                raise InvalidInput("the file has a head and no rows", file=name)
    except UnicodeDecodeError as error:
        where = f"byte {error.start} of a block"
        raise InvalidInput(
            f"not written in {layout.encoding} ({error.reason}, {where}): name its own, as --encoding cp1252", file=name
        ) from None
    except csv.Error as error:
        raise InvalidInput(
            f"not a CSV file from here on: {error} (a quotation mark left open?)", file=name, line=lines.line_num + 1
        ) from None
    except FileNotFoundError:
        raise InvalidInput("there is no such file", file=name) from None
    except IsADirectoryError:
        raise InvalidInput("it is a folder", file=name) from None


class _Reader:
    """Reads the cells of one line after the other."""

    def __init__(self, layout: Layout, today: dt.date) -> None:
        self.layout, self.today = layout, today
        self.places: dict[str, int] = {}
        self.width = 0
        self.day = lru_cache(maxsize=50_000)(_day_reader(layout.date_format))
        self.problems: list[Problem] = []
        self.line = 0

    def locate(self, columns: list[str], file: str) -> None:
        """Find the mapped columns in the head.

        Raises:
            InvalidInput: one is not there.
        """
        missing = [column for column in self.layout.columns.values() if column not in columns]
        if missing:
            raise InvalidInput(
                f"no column {', '.join(map(repr, missing))}; there are {', '.join(map(repr, columns))}",
                file=file,
                line=1,
            )
        self.places = {field: columns.index(column) for field, column in self.layout.columns.items()}
        self.width = len(columns)

    def row(self, line: int, cells: list[str]) -> Row | list[Problem]:
        """One row, or its problems."""
        self.problems, self.line = [], line
        if len(cells) != self.width:
            return [Problem(line, "row", ",".join(cells)[:60], f"{len(cells)} cells where the head has {self.width}")]
        get = {field: cells[place].strip() for field, place in self.places.items()}
        number = self._text("number", _undecimal(get["number"]))
        total = self._cents("total", get.get("total", ""))
        paid_on = self._date("paid_on", get.get("paid_on", ""))
        row = Row(
            line=line, number=number, debtor=tidy(get.get("debtor", "")), debtor_name=tidy(get.get("debtor_name", "")),
            debtor_kind=self._kind(get.get("debtor_kind", "")), issued_on=self._date("issued_on", get.get("issued_on", "")),
            due_on=self._date("due_on", get.get("due_on", ""), future=True),
            performed_on=self._date("performed_on", get.get("performed_on", ""), future=True), total_cents=total,
            vat_cents=self._cents("vat", get.get("vat", "")), paid_on=paid_on,
            paid_cents=self._cents("paid", get.get("paid", "")), disputed=self._flag("disputed", get.get("disputed", "")),
        )  # fmt: skip
        currency = get.get("currency", "EUR").upper()
        if currency not in {"EUR", "€", ""}:
            self._bad("currency", currency, "another currency: relance keeps euros; convert at your book rate first")
        if number and not self.problems:
            self._whole(row)
        return self.problems or row

    def _whole(self, row: Row) -> None:
        """What a row must hold to be an invoice, or a payment."""
        if row.total_cents is None:
            if row.paid_on is None:
                self._bad("total" if "total" in self.places else "paid_on", "", "neither a total nor a day of payment")
            return
        if not row.debtor:
            self._bad("debtor", "", "an invoice has a debtor")
        if row.issued_on is None:
            self._bad("issued_on", "", "an invoice has an issue day")
        if row.due_on is None and row.total_cents > 0:
            self._bad("due_on", "", "an invoice has a due day")
        if row.vat_cents is not None and row.total_cents > 0 and not 0 <= row.vat_cents <= row.total_cents:
            self._bad("vat", str(row.vat_cents / 100), "VAT lies between nil and the total")
        if row.paid_cents is not None and row.paid_cents < 0:
            self._bad("paid", str(row.paid_cents / 100), "a payment is above nil; a reversal is entered by hand")

    def _bad(self, field: str, value: str, reason: str) -> None:
        self.problems.append(Problem(self.line, self.layout.columns.get(field, field), value, reason))

    def _text(self, field: str, value: str) -> str:
        value = tidy(value)
        if not value:
            self._bad(field, value, "it is blank")
        elif len(value) > _LONGEST_CELL:
            self._bad(field, value, "it is longer than any")
        return value

    def _cents(self, field: str, value: str) -> int | None:
        if not value:
            return None
        try:
            return cents(value)
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
            self._bad(field, value, f"not a day written as {self.layout.date_format}")
            return None
        if day > self.today and not future:
            self._bad(field, value, f"still to come (today is {self.today})")
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


def _undecimal(number: str) -> str:
    """A number that a spreadsheet wrote as a decimal: 2960623488.0."""
    whole, dot, rest = number.partition(".")
    return whole if dot and whole.isdigit() and rest and set(rest) == {"0"} else number


def _day_reader(form: str) -> Callable[[str], dt.date]:
    """How a cell becomes a day.

    Raises:
        Misuse: the format has no day, month and year.
    """
    if form == "iso":
        return _iso_day
    pattern = ORDERS.get(form, form)
    if not all(part in pattern for part in ("%d", "%m")) or not ("%Y" in pattern or "%y" in pattern):
        raise Misuse(f"a date format is iso, {', '.join(ORDERS)}, or a pattern such as %d.%m.%Y; {form!r} is none")
    return lambda text: dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone


def _iso_day(text: str) -> dt.date:
    """A day as ISO has it; a time after it is ignored."""
    day, rest = text[:10], text[10:]
    if rest and rest[0] not in "T ":
        raise ValueError(text)
    return dt.date.fromisoformat(day)
