"""An invoice in the lists of a report: its figures, and the markup that every list shares, made where its page is made."""

import re
import unicodedata
from typing import Final, NamedTuple

from adapters.report.markup import day, name, said
from domain.deadline import Deadline
from projections.wording.terms import amount

_DIGITS: Final = re.compile(r"\d+")


class Row(NamedTuple):
    """An invoice. Days are ordinals, nil where none is known.

    Attributes:
        key: what its number is sorted by.
        label: its number as markup.
        cells: the cells of a table that follow its number and its debtor, each with what it is sorted by.
    """

    id: str
    debtor: str
    number: str
    issued: int
    due: int
    total: int
    residual: int
    overdue: int
    disputed: int
    state: str
    stages: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    key: str
    label: str
    cells: str


def row_of(
    id: str, debtor: str, number: str, issued: int, due: int, total: int, residual: int, overdue: int, disputed: int, state: str,
    stages: tuple[str, ...], deadlines: tuple[Deadline, ...],
) -> Row:  # fmt: skip
    """The row of an invoice."""
    cells = (
        f'<td class="d l" data-k="{issued}">{day(issued)}</td><td class="d" data-k="{due}">{day(due)}</td>'
        f'<td class="r l" data-k="{total}">{amount(total)}</td><td class="r" data-k="{residual}">{amount(residual)}</td>'
        f'<td class="l">{said(state)}</td>'
    )
    return Row(
        id, debtor, number, issued, due, total, residual, overdue, disputed, state, stages, deadlines, in_order(number), name(number),
        cells,
    )  # fmt: skip


def in_order(word: str) -> str:
    """The key under which a reader looks for a word: no accent, no case, numbers by their value."""
    folded = word.casefold()
    if not folded.isascii():
        folded = "".join(each for each in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(each))
    return _DIGITS.sub(lambda found: found[0].zfill(12), folded)
