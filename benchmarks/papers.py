"""The papers of the dossier that is measured: PDF of two pages full of text, each another."""

import io
from collections.abc import Iterator, Sequence
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name

from adapters.acts import Order
from adapters.bootstrap import Office
from adapters.pieces import About, Given, add
from domain.facts.invoicing import PieceKind

KINDS: Final[Sequence[PieceKind]] = (
    "order_form", "delivery_note", "invoice", "terms", "reminder", "mail", "notice", "lrar_receipt",
)  # fmt: skip
PAGES: Final = 2
_LINES: Final = 40
_A4: Final = (595, 842)


def papers() -> Iterator[tuple[PieceKind, Given]]:
    """One paper of each kind."""
    for number, kind in enumerate(KINDS, start=1):
        yield kind, Given(paper(number), f"{kind}.pdf", f"Document {number}")


def paper(number: int) -> bytes:
    """The bytes of one."""
    document = pikepdf.new()
    font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for n in range(1, PAGES + 1):
        page = document.add_blank_page(page_size=_A4)
        marks = b"".join(
            b"BT /F1 11 Tf 56 %d Td (Document %d, page %d, line %d: ten pallets, delivered whole and in good order) Tj ET "
            % (780 - 18 * line, number, n, line)
            for line in range(1, _LINES + 1)
        )
        page.obj.MediaBox = Array([0, 0, *_A4])
        page.obj.Contents = document.make_stream(marks)
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
    file = io.BytesIO()
    document.save(file, deterministic_id=True)
    return file.getvalue()


def attach(office: Office, stream: str, order: Order) -> int:
    """Attach one of each kind to an invoice; how many."""
    for kind, given in papers():
        add(office, stream, [given], About(kind, order.on), order)
    return len(KINDS)
