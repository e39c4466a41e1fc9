"""The last pass over a PDF of ours: images take their places, objects go into compressed streams.

Images pass from where they were made into the document as they are: nothing here decodes them, nothing encodes them again. Typst lays
out marks in their stead, each of which bears its number.
"""

import io
from collections.abc import Sequence
from typing import Final

import pikepdf
from pikepdf import Dictionary, Name

from adapters.documents.raster import Page

_GREY: Final = 1
_PNG_HEAD: Final = 33  # signature and header, before the first chunk of data
_PNG_TAIL: Final = 16  # the check of that chunk, then the end
_CHUNK: Final = 8


def compacted(pdf: bytes) -> bytes:
    """The same document, smaller where that is possible; ends with a line feed, which a signature added later relies on.

    Same input, same bytes: the identifier is made of the content.
    """
    smaller = _saved(pdf, ())
    return smaller if len(smaller) < len(pdf) else pdf.rstrip(b"\r\n") + b"\n"


def completed(pdf: bytes, pages: Sequence[Page]) -> bytes:
    """A document laid out with marks, with the images of the pages in their places; compact as well."""
    return _saved(pdf, pages)


def page_count(pdf: bytes) -> int:
    """How many pages a document of ours has."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def mark(n: int, page: Page) -> tuple[int, bytes]:
    """What stands for the n-th image: its width in pixels, and its bytes, three of grey or one of colours."""
    return (3, n.to_bytes(3, "big")) if page.components == _GREY else (1, n.to_bytes(3, "big"))


def _saved(pdf: bytes, pages: Sequence[Page]) -> bytes:
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        placed = [_place(image, pages) for image in document.objects if _is_image(image)] if pages else []
        assert sorted(placed) == list(range(len(pages))), "each mark stands once"
        document.save(file, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return file.getvalue()


def _is_image(each: pikepdf.Object) -> bool:
    return isinstance(each, pikepdf.Stream) and each.get("/Subtype") == Name.Image


def _place(image: pikepdf.Object, pages: Sequence[Page]) -> int:
    """Put the image of a page where its mark is; its colour space stays."""
    n = int.from_bytes(image.read_bytes(), "big")
    page = pages[n]
    image.Width, image.Height, image.BitsPerComponent = page.width_px, page.height_px, 8
    if page.format == "jpg":
        image.write(page.image, filter=Name.DCTDecode)
    else:
        rows = Dictionary(Predictor=15, Colors=1, BitsPerComponent=8, Columns=page.width_px)
        image.write(page.image[_PNG_HEAD + _CHUNK : -_PNG_TAIL], filter=Name.FlateDecode, decode_parms=rows)
    return n
