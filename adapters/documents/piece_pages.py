"""The pieces as a court receives them: each copy stamped with its number on every page, and the list that goes with them.

A copy shows the document as images or as text; the document itself is joined untouched beside, named by its digest.

Law: RIN, art. 5.5 (pieces numbered, under the lawyer's stamp, with a dated and signed list).
"""

import base64
import datetime as dt
import re
import struct
import zlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.clock import paris_day
from adapters.documents.compact import compacted, completed, mark
from adapters.documents.raster import NotShown, Page, Seen, Shown, Text, Why
from adapters.documents.safe_text import coded, safe_text
from adapters.documents.typeset import rendered
from domain.facts.invoicing import PieceKind, PieceMedia
from projections.wording.pieces import KIND, MEDIA, size
from projections.wording.terms import NARROW, NO_BREAK, day, typeset

WHY: Final[dict[Why, str]] = {
    "encrypted": "Le fichier est protégé par un mot de passe : il ne s’ouvre pas sans lui.",
    "damaged": "Le fichier ne peut pas être lu en entier : il est endommagé, incomplet, ou fait de telle sorte que sa lecture a dû être arrêtée.",
    "empty": "Le fichier ne contient aucune page.",
    "too_large": "Le fichier, ou une image qu’il contient, dépasse la taille qui peut être reproduite en pages.",
    "too_slow": "La lecture du fichier demande plus de temps de calcul que la reproduction n’en accorde.",
    "format": "Le format du fichier n’est pas de ceux qui sont reproduits en pages.",
}
_HEADERS: Final = {"From": "De", "To": "À", "Cc": "Cc", "Date": "Date", "Subject": "Objet", "Message-ID": "Message-ID"}
_TITLE: Final = 80
_CABINET: Final = 84
_HEADING: Final = 90
_FILE: Final = 160
_WHOLE: Final = 400
_VALUE: Final = 300
#: Of a document shown as text: characters at most, and columns, in a type of one width.
_PRINTED: Final = 70_000
_COLUMNS: Final = 100
_LONG_WORD: Final = re.compile(rf"(\S{{{_COLUMNS}}})(?=\S)")
#: The name of SVG, which looks like an address and is none.
_SVG: Final = "http:||www.w3,org|2000|svg".replace("|", "/").replace(",", ".")


@dataclass(frozen=True, slots=True)
class Communicated:
    """A piece under its number for ever, with what the list says of it.

    `sha256` and `size` are of the untouched bytes, `file` the name they were given under, `original` their place in the bundle.
    `invoices` names what it proves: the number of an invoice, the entry that added it, the entry that it is about.
    """

    number: int
    title: str
    kind: PieceKind
    on: dt.date
    sha256: str
    size: int
    file: str
    original: str
    media: PieceMedia
    third_party: bool
    invoices: tuple[tuple[str, int, int | None], ...]
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list: a piece, what its copy could show, how many pages the copy has."""

    piece: Communicated
    seen: Seen
    pages: int


def stamped(piece: Communicated, seen: Seen, *, cabinet: str, heading: str, at: dt.datetime, sandbox: bool) -> bytes:
    """The copy of a piece, its number and page on each page, as PDF/A-3a and PDF/UA-1.

    Args:
        piece: the document.
        seen: what can be shown of it; where nothing can, one page says so, why, and where the original is.
        cabinet: name and `toque` of the lawyer, for the stamp; may be empty.
        heading: who against whom, at the top of each page.
        at: the instant of the export.
        sandbox: the journal is a simulation.
    """
    number = f"Pièce n° {piece.number}"
    shown = {
        "cabinet": _cut(cabinet, _CABINET),
        "facts": _facts(piece),
        "heading": _cut(heading, _HEADING),
        "name": typeset(f"{number} – {_cut(piece.title, _TITLE)}"),
        "number": typeset(number),
        "original": piece.original,
        "sandbox": sandbox,
        "sha256": piece.sha256,
        "whole": _cut(piece.title, _WHOLE) if len(piece.title) > _TITLE else "",
        **_body(seen),
    }
    pages = seen.pages if isinstance(seen, Shown) else ()
    once = list({page.image: page for page in pages}.values())  # an image on many pages is kept once
    places = {page.image: n for n, page in enumerate(once)}
    marks = {f"page-{n}": _mark(places[page.image], page) for n, page in enumerate(pages)}
    return completed(rendered("piece.typ", {**shown, "coded": coded(shown)}, at, marks), once)


def _cut(text: str, length: int) -> str:
    text = " ".join(safe_text(text).split())
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _count(count: int) -> str:
    return f"{count:,}".replace(",", NARROW)


def _facts(piece: Communicated) -> list[dict[str, str]]:
    rows = (
        ("Nature", KIND[piece.kind].capitalize()),
        ("Date", day(piece.on)),
        ("Provenance", _provenance(piece)),
        ("Fichier", f"{_cut(piece.file, _FILE)} ({MEDIA[piece.media]}, {size(piece.size)})"),
    )
    return [{"key": key, "value": typeset(value)} for key, value in rows]


def _provenance(piece: Communicated) -> str:
    return "Tiers, selon le déclarant" if piece.third_party else "Déclarée"


def _body(seen: Seen) -> dict[str, Any]:
    """What the copy holds: pages, text, or the reason why there is neither."""
    nothing: dict[str, Any] = {"pages": [], "total": "", "cut": "", "why": "", "text": None}
    match seen:
        case Shown():
            done, total = len(seen.pages), len(seen.pages) + seen.cut
            left = (
                f"Les pages {_count(done + 1)} à {_count(total)} ne sont"
                if seen.cut > 1
                else f"La page {_count(total)} n’est"
            )
            tail = f" pas reproduite{'s' if seen.cut > 1 else ''} ici : voir l’original joint."
            return {
                **nothing,
                "pages": [
                    {"wide": page.width_pt > page.height_pt, "width": page.width_pt, "ratio": [page.width_px, page.height_px]} for page in seen.pages
                ],
                "total": _count(total),
                "cut": typeset(left + tail) if seen.cut else "",
            }  # fmt: skip
        case Text():
            text = _text(seen)
            return {**nothing, "text": text, "cut": text["cut"]}
        case NotShown():
            return {**nothing, "why": typeset(WHY[seen.why])}


def _text(seen: Text) -> dict[str, Any]:
    attached = [typeset(f"{_cut(name, _FILE) or 'sans nom'} ({size(count)})") for name, count in seen.attached]
    if seen.more:
        attached.append(f"et {_count(seen.more)} autre{'s' if seen.more > 1 else ''}")
    lines, left = _printed(seen.lines)
    left += seen.cut
    more = f"Les {_count(left)} caractères suivants ne sont" if left > 1 else "Le caractère suivant n’est"
    return {
        "attached": attached,
        "cut": typeset(f"{more} pas reproduit{'s' if left > 1 else ''} ici : voir l’original joint.") if left else "",
        "headers": [{"key": _HEADERS.get(name, name), "value": _cut(value, _VALUE)} for name, value in seen.headers],
        "lines": lines,
        "note": typeset("Message au format HTML : seul son texte est reproduit.") if seen.from_html else "",
    }  # fmt: skip


def _printed(lines: Sequence[str]) -> tuple[list[str], int]:
    """The lines as they print, and how many characters no longer fit: one that no font has takes the room of eight."""
    found: list[str] = []
    room = _PRINTED
    for n, line in enumerate(lines):
        fits = len(line)
        if len(safe_text(line)) > room:
            fits = bisect_right(range(len(line)), room, key=lambda end: len(safe_text(line[:end]))) - 1
        shown = safe_text(line[:fits])
        room -= len(shown)
        rest = shown.lstrip(" ")
        indent = NO_BREAK * min(len(shown) - len(rest), _COLUMNS // 2)
        found += (indent + _LONG_WORD.sub("\\1\n", rest.rstrip())).split("\n")
        if fits < len(line):
            return found, sum(map(len, lines[n:])) - fits
    return found, 0


def _mark(n: int, page: Page) -> str:
    """What Typst lays out in the place of an image: a mark of its size, as a text, so that no file is written."""
    wide, high = page.width_px, page.height_px
    across, bits = mark(n, page)
    png = base64.b64encode(_png(across, bits)).decode()
    image = f'<image width="{wide}" height="{high}" preserveAspectRatio="none" href="data:image/png;base64,{png}"/>'
    return f'<svg xmlns="{_SVG}" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}">{image}</svg>'


def _png(across: int, bits: bytes) -> bytes:
    """An image of one row: three pixels of grey, or one of colours."""
    colours = 0 if across == len(bits) else 2
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", across, 1, 8, colours, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0" + bits)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


# The list


def bordereau(
    pieces: Sequence[Listed],
    *,
    creditor: str,
    debtor: str,
    cabinet: str,
    lawyer: str,
    at: dt.datetime,
    sandbox: bool,
    absent: Sequence[str] = (),
) -> bytes:
    """The list of the pieces, with the place for the lawyer's date and signature, as PDF/A-3a and PDF/UA-1.

    Args:
        pieces: in the order of their numbers, which are never given here.
        creditor: name of who communicates.
        debtor: name of the other party.
        cabinet: name and `toque` of the lawyer; may be empty.
        lawyer: who signs; may be empty.
        at: the instant of the export; its day in Paris is the day of the list.
        sandbox: the journal is a simulation.
        absent: documents that the record names and that are not joined, one sentence each.

    Law: RIN, art. 5.5.
    """
    numbers = [each.piece.number for each in pieces]
    shown = {
        "absent": [typeset(each) for each in absent],
        "cabinet": _cut(cabinet, _WHOLE),
        "count": _of(len(pieces), "pièce"),
        "creditor": _cut(creditor, _WHOLE),
        "debtor": _cut(debtor, _WHOLE),
        "heading": _cut(f"{creditor} c/ {debtor}", _HEADING),
        "lawyer": _cut(lawyer, _HEADING),
        "on": typeset(day(paris_day(at))),
        "pages": _of(sum(each.pages for each in pieces), "page"),
        "rows": [_row(each) for each in pieces],
        "sandbox": sandbox,
        "sequel": numbers != list(range(1, len(numbers) + 1)),
    }
    return compacted(rendered("bordereau.typ", {**shown, "coded": coded(shown)}, at))


def _of(count: int, what: str) -> str:
    return f"{_count(count)}{NO_BREAK}{what}{'s' if count > 1 else ''}"


def _row(each: Listed) -> dict[str, Any]:
    piece = each.piece
    return {
        "file": _cut(piece.file, _FILE),
        "kind": KIND[piece.kind].capitalize(),
        "n": str(piece.number),
        "on": f"{piece.on:%d/%m/%Y}",
        "pages": _pages(each),
        "proves": [
            typeset(f"{number}, entrée n° {entry}" + (f", sur l’entrée n° {of}" if of else "")) for number, entry, of in piece.invoices
        ],
        "provenance": _provenance(piece),
        "sha256": [piece.sha256[:32], piece.sha256[32:]],
        "title": _cut(piece.title, _WHOLE),
    }  # fmt: skip


def _pages(each: Listed) -> list[str]:
    match each.seen:
        case NotShown():
            return ["original", "seul"]
        case Shown(cut=cut) if cut:
            return [_count(each.pages), f"sur {_count(each.pages + cut)}"]
        case Text(cut=cut) if cut:
            return [_count(each.pages), "(extrait)"]
        case _:
            return [_count(each.pages)]
