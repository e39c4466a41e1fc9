"""What a file is, by its content: its name proves nothing."""

import re
from typing import Final

from domain.facts.invoicing import PieceMedia

_MAGIC: Final[tuple[tuple[bytes, PieceMedia], ...]] = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
)
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HEADER: Final = re.compile(r"[!-9;-~]+:")
_OF_MAIL: Final = frozenset({"from", "to", "date", "subject", "message-id", "received", "mime-version", "return-path"})
_ENOUGH: Final = 2
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_LOOKED_AT: Final = 64 * 1024
_PDF_WITHIN: Final = 1_024  # readers take what comes before for a preamble


def media_of(content: bytes) -> PieceMedia:
    """The kind of a file."""
    for magic, media in _MAGIC:
        if content.startswith(magic):
            return media
    text = _as_text(content)
    if text is None:
        return "pdf" if b"%PDF-" in content[:_PDF_WITHIN] else "other"
    if text.lstrip().startswith("<?xml"):
        return "xml"
    if _is_mail(text):
        return "eml"
    return "pdf" if "%PDF-" in text[:_PDF_WITHIN] else "text"


def _as_text(content: bytes) -> str | None:
    """The beginning as text, where the whole of it is one: UTF-8, UTF-16 with its mark, or the Windows page of Western Europe."""
    for mark, encoding in (*_MARKS, (b"", "utf-8"), (b"", "cp1252")):
        if content.startswith(mark):
            try:
                text = content.removeprefix(mark if encoding == "utf-8" else b"").decode(encoding)
            except UnicodeDecodeError:
                continue
            return None if _CONTROL.search(text) else text[:_LOOKED_AT]
    return None


def _is_mail(text: str) -> bool:
    """A block of headers of which two at least are those of a message, before an empty line."""
    names = set()
    for n, line in enumerate(text.splitlines()):
        if n == 0 and line.startswith("From "):
            continue
        if not line:
            break
        if line[0] in " \t":
            continue
        found = _HEADER.match(line)
        if found is None:
            return False
        names.add(found[0][:-1].lower())
    return len(names & _OF_MAIL) >= _ENOUGH
