"""Text made safe for a page, and the addresses of pages. Names come from files of strangers: nothing of them is trusted.

A name keeps its letters, whatever their script, and its emoji. It loses what is no letter: control characters, and marks that
turn the direction of the text around them. Each name stands in a `bdi` of its own.
"""

import datetime as dt
import re
import unicodedata
from functools import lru_cache
from html import escape
from typing import Final

from adapters.clock import PARIS
from projections.wording import terms

#: Characters of an invoice's id that name its file; the whole id where two invoices share them.
SHORT: Final = 16
WHOLE: Final = 32
INVOICES: Final = "factures"
DEBTORS: Final = "debiteurs"

_BLANKS: Final = "\t\n\r\u0085\u2028\u2029"
_DROPPED: Final = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\uffff"
    "\U000e0000-\U000e007f"
)
_WRONG: Final = re.compile(f"[{_BLANKS}{_DROPPED}]")
_SPECIAL: Final = re.compile(f"[&<>\"'{_BLANKS}{_DROPPED}]")


def clean(text: str) -> str:
    """A text in NFC, on one line, without control characters and marks of direction."""
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return _WRONG.sub(lambda found: " " if found[0] in _BLANKS else "", text)


def said(text: str) -> str:
    """A text as it stands in a page."""
    if unicodedata.is_normalized("NFC", text) and not _SPECIAL.search(text):  # most are
        return text
    return escape(clean(text))


def name(text: str) -> str:
    """A name as it stands in a page, apart from the direction of what surrounds it."""
    return f"<bdi>{said(text)}</bdi>"


@lru_cache(maxsize=20_000)
def day(ordinal: int) -> str:
    """A day in French that no line breaks; a dash where none is known."""
    return terms.day(dt.date.fromordinal(ordinal)).replace(" ", terms.NO_BREAK) if ordinal > 0 else "–"


@lru_cache(maxsize=20_000)
def instant(at: dt.datetime) -> str:
    """An instant in French, in Paris: `1er juin 2026 à 10 h 00`."""
    local = at.astimezone(PARIS)
    return f"{day(local.toordinal())} à {local:%H}{terms.NO_BREAK}h{terms.NO_BREAK}{local:%M}"


def count(number: int) -> str:
    """A whole number in French: `12 345`."""
    return f"{number:,}".replace(",", terms.NARROW)


def counted(number: int, one: str, many: str = "") -> str:
    """A number and what is counted: `1 facture`, `1 234 factures`."""
    return f"{count(number)}{terms.NO_BREAK}{one if abs(number) < 2 else many or one + 's'}"  # noqa: PLR2004 - French counts so


def percent(part: int, whole: int) -> str:
    """A share in French, one decimal, half up: `12,3 %`."""
    if whole <= 0:
        return "–"
    tenths = (2000 * abs(part) + whole) // (2 * whole)
    return f"{'−' if part < 0 and tenths else ''}{count(tenths // 10)},{tenths % 10}{terms.NARROW}%"


def file_of(id: str, length: int) -> str:
    """The file of an id within its folder: sub-folders of two characters keep each of them small."""
    return f"{id[:2]}/{id[2:length]}.html"
