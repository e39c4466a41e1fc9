"""The text of the pages of a PDF, read through its fonts' own maps to Unicode."""

import re
from io import BytesIO

import pikepdf


def texts(pdf: bytes) -> list[str]:
    """The text of each page."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        return [_page(page) for page in opened.pages]


def words(pdf: bytes) -> str:
    """The text of every page."""
    return " ".join(texts(pdf))


def squeezed(pdf: bytes) -> str:
    """The text of every page without its blanks: lines break where they may."""
    return words(pdf).replace(" ", "")


def has(text: str, phrase: str) -> bool:
    """Whether pages without their blanks say a phrase."""
    return phrase.replace(" ", "") in text


def says(text: str, *phrases: str) -> None:
    """Pages without their blanks say every phrase."""
    for phrase in phrases:
        assert has(text, phrase), phrase


def _page(page: pikepdf.Page) -> str:
    fonts = {name: _unicode_map(font.ToUnicode.read_bytes()) for name, font in page.Resources.Font.items()}
    shown: list[str] = []
    current: dict[bytes, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands, operator = instruction.operands, instruction.operator
        if str(operator) == "Tf":
            current = fonts[str(operands[0])]
        elif str(operator) in {"Tj", "TJ"}:
            parts = list(operands[0]) if str(operator) == "TJ" else [operands[0]]
            codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
            shown.append("".join(current.get(codes[at : at + 2], "") for at in range(0, len(codes), 2)))
    return "".join(shown).replace("\u00a0", " ").replace("\u202f", " ").replace("\u200b", "")


def _unicode_map(cmap: bytes) -> dict[bytes, str]:
    """Two-byte glyph codes to text."""
    pairs = re.findall(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>\s*\n", cmap)
    return {bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}
