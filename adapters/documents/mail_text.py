"""The text of a message or of a text file, as far as it is shown: read in the limited process only, standard library alone."""

import email
import email.errors
import email.header
import email.message
import json
import re
from contextlib import suppress
from html.parser import HTMLParser
from typing import Any, Final

CHARACTERS: Final = 60_000
LINES: Final = 1_500
ATTACHED: Final = 60
HEADERS: Final = ("From", "To", "Cc", "Date", "Subject", "Message-ID")
_HEADER: Final = 2_000
_NAME: Final = 300
_EACH: Final = 5
_DECLARED: Final = re.compile(rb"""\A<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z][\w.-]{0,40})["']""")
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_TABS: Final = 4
_BLOCKS: Final = frozenset({
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul",
})  # fmt: skip
_UNSEEN: Final = frozenset({"script", "style", "template", "title"})


def read(content: bytes | bytearray, media: str) -> bytes:
    """What is shown of a document, as the JSON of `raster.Text`."""
    return json.dumps(found(content, media)).encode()


def found(content: bytes | bytearray, media: str) -> dict[str, Any]:
    """What is shown of it: the lines, of a message also its headers and what is attached; `cut` counts the characters left out."""
    if media != "eml":
        return _cut(_decoded(bytes(content), _declared(content)), {})
    message = email.message_from_bytes(bytes(content))
    plain, html, attached = _parts(message)
    body = "\n\n".join(plain) or "\n\n".join(map(_stripped, html))
    headers = [[name, value] for name in HEADERS for value in _headers(message, name)]
    named = [[_name(part), len(_payload(part))] for part in attached[:ATTACHED]]
    more = max(0, len(attached) - ATTACHED)
    return _cut(body, {"headers": headers, "attached": named, "more": more, "from_html": bool(html and not plain)})


def _cut(text: str, more: dict[str, Any]) -> dict[str, Any]:
    kept = "".join(text[:CHARACTERS].splitlines(keepends=True)[:LINES])
    return {**more, "lines": kept.expandtabs(_TABS).splitlines(), "cut": len(text) - len(kept)}


def _declared(content: bytes | bytearray) -> str:
    declared = _DECLARED.match(content)
    return declared[1].decode() if declared else ""


def _decoded(content: bytes, declared: str = "") -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace").removeprefix("\ufeff")
    for encoding in filter(None, (declared, "utf-8")):
        try:
            return content.decode(encoding)
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace")


# A message


def _parts(message: email.message.Message) -> tuple[list[str], list[str], list[email.message.Message]]:
    """The inline texts, plain and HTML, and every other part; a message within the message is one of these."""
    plain: list[str] = []
    html: list[str] = []
    others: list[email.message.Message] = []
    waiting = [message]
    while waiting:
        part = waiting.pop()
        kind = part.get_content_type()
        inside = part.get_payload()
        if isinstance(inside, list) and kind != "message/rfc822":
            waiting += [each for each in reversed(inside) if isinstance(each, email.message.Message)]
        elif kind in {"text/plain", "text/html"} and part.get_content_disposition() != "attachment" and not _name(part):
            text = _decoded(_payload(part), part.get_content_charset() or "")
            (plain if kind == "text/plain" else html).append(text)
        else:
            others.append(part)
    return plain, html, others


def _payload(part: email.message.Message) -> bytes:
    inside = part.get_payload(decode=True)
    if isinstance(inside, bytes):
        return inside
    return b"".join(each.as_bytes() for each in part.get_payload() if isinstance(each, email.message.Message))


def _name(part: email.message.Message) -> str:
    try:
        return _header(part.get_filename() or "")[:_NAME]
    except (LookupError, ValueError, TypeError):
        return ""


def _headers(message: email.message.Message, name: str) -> list[str]:
    """Every header of a name: a second sender is shown too."""
    values = [str(value) for key, value in message.raw_items() if key.lower() == name.lower()]
    return [_header(value) for value in values[:_EACH]]


def _header(raw: str) -> str:
    """A header decoded, on one line."""
    text = _decoded(raw[:_HEADER].encode("utf-8", "surrogateescape"))
    with suppress(LookupError, ValueError, email.errors.MessageError):
        text = str(email.header.make_header(email.header.decode_header(text)))
    return " ".join(text.split())


class _Words(HTMLParser):
    """The words of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "body":
            self.hidden = 0
        elif tag in _UNSEEN:
            self.hidden += 1
        elif tag in _BLOCKS:
            self.found.append("\n")
        elif tag in {"td", "th"}:
            self.found.append("  ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in _BLOCKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(re.sub(r"\s+", " ", data))


def _stripped(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    lines = (line.strip() for line in "".join(words.found).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
