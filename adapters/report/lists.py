"""Lists of invoices and of debtors as rows of markup, cut into pages that link to one another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adapters.report.markup import DEBTORS, INVOICES, file_of, name
from adapters.report.rows import Row

PAGE: Final = 250


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list: its file, its place, the markup of its rows, the first and last word it holds."""

    file: str
    n: int
    rows: str
    first: str
    last: str


def pages(stem: str, rows: Sequence[tuple[str, str]]) -> list[Page]:
    """The pages of a list of (word, markup); the first is `stem.html`. There is always one."""
    cut = [rows[start : start + PAGE] for start in range(0, len(rows), PAGE)] or [[]]
    return [
        Page(
            f"{stem}.html" if n == 1 else f"{stem}-{n}.html", n, "\n".join([markup for _, markup in some]),
            some[0][0] if some else "", some[-1][0] if some else "",
        )
        for n, some in enumerate(cut, start=1)
    ]  # fmt: skip


class Links:
    """Rows of tables with their links."""

    def __init__(self, length: int, names: dict[str, str]) -> None:
        self._length = length
        self._debtors = {
            id: f'<a href="../{DEBTORS}/{file_of(id, length)}">{name(named)}</a>' for id, named in names.items()
        }

    def invoice(self, row: Row) -> str:
        """An invoice in a list of many debtors, one folder deep."""
        link = f"../{INVOICES}/{file_of(row.id, self._length)}"
        return f'<tr><th scope="row"><a href="{link}">{row.label}</a></th><td>{self._debtors[row.debtor]}</td>{row.cells}</tr>'

    def of_debtor(self, row: Row) -> str:
        """An invoice on the page of its debtor, two folders deep."""
        return f'<tr><th scope="row"><a href="../../{INVOICES}/{file_of(row.id, self._length)}">{row.label}</a></th>{row.cells}</tr>'
