"""A CSV file as lines of cells: which delimiter, which encoding, where it stops being a CSV file."""

import codecs
import csv
import re
from collections.abc import Collection, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from domain.errors import InvalidInput, Misuse

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS: Final = ",;\t|"
LONGEST_LINE: Final = 1_000_000
_QUOTED: Final = re.compile(r'"[^"]*"?')
_EXCEL_SAYS: Final = re.compile(r"sep=(.)\s*")
_NOT_TEXT: Final = {
    b"PK\x03\x04": "it is a workbook or a zip archive: save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "it is an old Excel workbook: save the sheet as CSV",
    b"%PDF": "it is a PDF: export the table as CSV",
}
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class CsvFile:
    """A CSV file."""

    def __init__(self, path: Path, encoding: str, delimiter: str | None, columns: Collection[str] = ()) -> None:
        self.path, self.encoding, self.delimiter, self.columns = path, encoding, delimiter, columns

    def lines(self) -> Iterator[tuple[int, int, list[str]]]:
        """The head, then the rows: the line where each begins, how many lines it takes, its cells. Blank lines are left out.

        Raises:
            InvalidInput: it cannot be opened, is empty, is in another encoding, or is no CSV.
        """
        head, read = 1, 0
        try:
            with self._open() as file:
                reader, head = self._reader(file)
                for cells in reader:
                    if cells:
                        yield head + read, reader.line_num - read, cells
                    read = reader.line_num
        except UnicodeError:
            raise self._misread() from None
        except csv.Error as error:
            reason = f"no CSV from here on ({error}): is a quotation mark left open?"
            raise InvalidInput(reason, file=str(self.path), line=head + read) from None

    def _open(self) -> TextIO:
        """Open it.

        Raises:
            InvalidInput: it cannot be opened.
        """
        name = str(self.path)
        try:
            if self.path.is_dir():
                raise InvalidInput("it is a folder: name a CSV file", file=name)
            if self.path.exists() and not self.path.is_file():
                raise InvalidInput("it is no regular file: name a CSV file", file=name)
            return self.path.open(encoding=self.encoding, newline="")
        except FileNotFoundError:
            raise InvalidInput("there is no such file", file=name) from None
        except OSError as error:
            raise InvalidInput(f"it cannot be read ({error.strerror})", file=name) from None

    def _reader(self, file: TextIO) -> "tuple[Reader, int]":
        """The cells from the head on, and the line of the head.

        Raises:
            InvalidInput: no head.
        """
        name, first = str(self.path), 1
        lines = self._whole(file)
        head = next(lines, "").removeprefix("\ufeff")
        says = _EXCEL_SAYS.fullmatch(head)
        if says:
            head, first = next(lines, ""), 2
        if not head.strip():
            raise InvalidInput("it is empty, or begins with a blank line: the head is expected there", file=name)
        if "\x00" in head:
            order = "be" if head[0] == "\x00" else "le"
            raise InvalidInput(f"it holds NUL characters: try --encoding utf-16-{order}", file=name, line=1)
        delimiter = self.delimiter or (says and says[1]) or self._guess(head)
        return csv.reader(chain([head], lines), delimiter=delimiter, strict=True), first

    def _guess(self, head: str) -> str:
        """The delimiter under which the mapped columns are there; else the most frequent outside quotation marks."""
        bare = _QUOTED.sub("", head)
        likely = sorted(DELIMITERS, key=bare.count, reverse=True)
        for each in likely:
            if set(self.columns) <= {cell.strip() for cell in next(csv.reader([head], delimiter=each))}:
                return each
        return likely[0]

    def _whole(self, file: TextIO) -> Iterator[str]:
        for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE), ""), start=1):
            if len(line) == LONGEST_LINE:
                reason = f"a line of {LONGEST_LINE:,} characters or more: no CSV file of invoices has one"
                raise InvalidInput(reason, file=str(self.path), line=number)
            yield line

    def _misread(self) -> InvalidInput:
        """Say on which line the encoding is wrong, and which one would read it."""
        name = str(self.path)
        decoder = codecs.getincrementaldecoder(self.encoding)()
        line = 1
        with self.path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            for magic, what in _NOT_TEXT.items():
                if start.startswith(magic):
                    return InvalidInput(what, file=name)
            if start.startswith(_UTF_16):
                return InvalidInput("it begins as UTF-16 does: try --encoding utf-16", file=name, line=1)
            while block := file.read(1 << 16):
                try:
                    line += _line_ends(decoder.decode(block))
                except UnicodeDecodeError as error:
                    good = bytes(error.object[: error.start])
                    line += _line_ends(good.decode(self.encoding, "ignore"))
                    wrong = error.object[error.start]
                    around = (
                        re.split(rb"[\r\n]", good)[-1][-20:]
                        + re.split(rb"[\r\n]", bytes(error.object[error.start :]))[0][:20]
                    )
                    hint = f"cp1252 reads {around.decode('cp1252', 'replace')!r} there: try --encoding cp1252"
                    if codecs.lookup(self.encoding).name in {"cp1252", "iso8859-1", "iso8859-15"}:
                        hint = "name its own with --encoding"
                    return InvalidInput(f"byte 0x{wrong:02X} is not {self.encoding}; {hint}", file=name, line=line)
                except UnicodeError:
                    break
        return InvalidInput(f"it is not written in {self.encoding}: name its own with --encoding", file=name, line=line)


def _line_ends(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def checked_encoding(encoding: str) -> None:
    """Refuse an encoding that there is not.

    Raises:
        Misuse: none of that name.
    """
    try:
        "".encode(encoding)
        b"".decode(encoding)
    except (LookupError, ValueError):
        raise Misuse(f"no text encoding {encoding!r}: utf-8, cp1252, iso-8859-15, utf-16") from None


def checked_delimiter(delimiter: str | None) -> str | None:
    """The delimiter that a word means; nothing when it is to be guessed.

    Raises:
        Misuse: not one character, or one that cannot be.
    """
    if delimiter in ("tab", "\\t"):
        return "\t"
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n\x00 '):
        raise Misuse(f"a delimiter is one character, such as ; or , (or the word tab); {delimiter!r} is none")
    return delimiter
