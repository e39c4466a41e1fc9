"""Any text, made printable: under PDF/A one control character, or one glyph that no font has, refuses the whole document.

What is recorded stays as it is; this is only what a page shows.
"""

import re
import unicodedata
from typing import Any, Final

#: What the regular, bold and italic faces of the bundled serif all have: Latin, Greek, Cyrillic, punctuation, some signs.
_COVERED: Final = (
    "0020-007E 00A0-00AC 00AE-0241 0384-038A 038C-038C 038E-03A1 03A3-03CE 0400-045F 0490-04C4 1E00-1E9B 1E9E-1E9E "
    "1EA0-1EF9 2010-2027 202F-2037 2039-203E 2044-2044 20AC-20AC 2116-2116 2122-2122 2190-2199 2212-2212"
)
PRINTABLE: Final = frozenset(
    chr(code)
    for span in _COVERED.split()
    for code in range(int(span.partition("-")[0], 16), int(span.partition("-")[2], 16) + 1)
)
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_CODE: Final = re.compile(r"<U\+[0-9A-F]{4,6}>")
_BLANKS: Final = frozenset({"\n", "\t", "\r", "\u2028", "\u2029"})


def safe_text(text: str) -> str:
    """The text in NFC without control, format, private or unassigned characters; a glyph no font has reads `<U+540D>`."""
    return "".join(_shown(character) for character in unicodedata.normalize("NFC", text))


def _shown(character: str) -> str:
    if character in PRINTABLE:
        return character
    if character in _BLANKS:
        return " "
    return "" if unicodedata.category(character) in _DROPPED else f"<U+{ord(character):04X}>"


def coded(value: Any) -> bool:
    """Whether a tree of values, printed, shows a sign by its code."""
    if isinstance(value, str):
        return bool(_CODE.search(safe_text(value)))
    if isinstance(value, dict):
        return any(map(coded, value.values()))
    return isinstance(value, list | tuple) and any(map(coded, value))


def safe(value: Any) -> Any:
    """A tree of values with every text of it made printable."""
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, dict):
        return {key: safe(member) for key, member in value.items()}
    return [safe(member) for member in value] if isinstance(value, list | tuple) else value
