"""Runs in a process of its own that has nothing to lose: one document comes in, its pages or its text go out.

Started by `raster.py` as a program, isolated and without site-packages: `raster_child.py MEDIA SIZE DPI JPEG GREY FOLDER...`. It
limits itself before it looks at the document, and once its libraries are loaded it can open no file, no socket and no process:
whatever a document makes of a decoder, there is nothing to reach. Fonts that a PDF does not embed are pdfium's own, never the
machine's, so that the same document gives the same bytes everywhere.
"""

import ctypes
import importlib
import io
import math
import os
import resource
import struct
import sys
import warnings
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from PIL import Image

#: A frame: its kind, the width and height of a page in points, then the length of what follows; for the end, the pages left out.
FRAME: Final = struct.Struct(">4sHHI")
JPG, PNG, TEXT, NONE, END = b"jpg ", b"png ", b"text", b"none", b"end "
ALL_PAGES: Final = 200
ALL_BYTES: Final = 64_000_000
PAGE_BYTES: Final = 16_000_000
SIDE: Final = 2_200
_FULL_DPI: Final = 150
MEMORY: Final = 1 << 30
SECONDS: Final = 20
#: Pixels of an image that is a piece: a large scanner at 600 dpi has 70 million.
PIXELS: Final = 120_000_000
_POINTS: Final = 65_535
_INCH: Final = 72
_SCREEN_DPI: Final = 96
_DPI_TOLD: Final = range(72, 1_201)  # what an image says of itself is believed within these
#: Of pdfium's interface: kinds of bitmap, flags of rendering, errors of a lock.
_GREY, _BGRX = 1, 3
_ANNOTATIONS, _GREYSCALE = 1, 8
_LOCKED: Final = (4, 5)
_NO_MORE_FILES: Final = 3
_FILES_FOR_TEXT: Final = 16  # charsets of the standard library are read from disk when a message names one
_TEXTS: Final = frozenset({"text", "xml", "eml"})
UNLOADED: Final = 70  # the exit code when a library does not load
_ORIENTATION: Final = 274  # the tag of Exif: how the camera was held
_TURNS: Final = {
    2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_270", 7: "TRANSVERSE", 8: "ROTATE_90",
}  # fmt: skip
#: Grey levels of a page of text: sixteen keep the edges of letters as the eye sees them.
_LEVELS: Final = bytes((value + 8) // 17 * 17 for value in range(256))
_PLAIN: Final = 24
_ALIKE: Final = 5  # when a fifth of the pixels at most is neither ink nor paper, it is text
_EFFORT: Final = 4  # of the deflation: a tenth larger than the most, for half the time
_SMALL: Final = 10  # pixels for a byte: a JPEG is not smaller than that


class Unshowable(Exception):
    """The document has no pages to show; the reason is a word of `raster.NotShown`."""


class Wanted(NamedTuple):
    """How fine the pages are to be."""

    dpi: int
    jpeg: int
    grey: bool

    @property
    def side(self) -> int:
        """The longest side in pixels: 2,200 at 150 dots an inch, fewer for coarser pages."""
        return min(SIDE, SIDE * self.dpi // _FULL_DPI)


class Task(NamedTuple):
    """A document to read: its kind and size, the library that reads it, Pillow."""

    media: str
    size: int
    library: Any
    pillow: Any


#: A page drawn, its width and height in points.
Drawn = tuple["Image.Image", float, float]
#: How many pages there are, and how to draw one.
Pages = tuple[int, Callable[[int], Drawn]]


def main(words: list[str]) -> None:
    """Read the document, write its frames."""
    media, size, dpi, jpeg, grey, *folders = words
    _limit()
    sys.path += folders
    try:
        library, pillow = _loaded(media)
    except Exception:  # noqa: BLE001 - the installation is at fault, not the document, which nobody has looked at
        os._exit(UNLOADED)
    try:
        for frame in frames(Task(media, int(size), library, pillow), Wanted(int(dpi), int(jpeg), grey == "1")):
            sys.stdout.buffer.write(frame)
    except Unshowable as reason:
        _last(NONE, str(reason).encode())
    except MemoryError:
        _last(NONE, b"too_large")
    except Exception:  # noqa: BLE001 - whatever a decoder says of a hostile document, it is damaged
        _last(NONE, b"damaged")
    sys.stdout.buffer.flush()
    os._exit(0)  # no clean-up of a library that may be in any state


def _last(kind: bytes, payload: bytes) -> None:
    sys.stdout.buffer.write(FRAME.pack(kind, 0, 0, len(payload)) + payload)


def _limit() -> None:
    _at_most(resource.RLIMIT_AS, MEMORY)
    _at_most(resource.RLIMIT_CPU, SECONDS)
    _at_most(resource.RLIMIT_FSIZE, 0)
    _at_most(resource.RLIMIT_CORE, 0)


def _loaded(media: str) -> tuple[Any, Any]:
    """The library that reads this kind and Pillow; from here on nothing more is opened."""
    if media in _TEXTS:
        reader = importlib.import_module("adapters.documents.mail_text")
        _locked(_FILES_FOR_TEXT)
        return reader, None
    pillow = importlib.import_module("PIL.Image")
    pillow.preinit()
    if media == "pdf":
        library: Any = importlib.import_module("adapters.documents.pdfium").loaded()
    else:
        library = importlib.import_module("PIL.TiffImagePlugin")
        importlib.import_module("PIL.MpoImagePlugin")
    _locked(_NO_MORE_FILES)
    return library, pillow


def _locked(files: int) -> None:
    _at_most(resource.RLIMIT_NOFILE, files)
    _at_most(resource.RLIMIT_NPROC, 0)


def _at_most(what: int, most: int) -> None:
    """Lower a limit for good; one that is lower already stays."""
    _, hard = resource.getrlimit(what)
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (least, least))


def frames(task: Task, wanted: Wanted) -> Iterator[bytes]:
    """The answer, frame by frame.

    Raises:
        Unshowable: there is nothing to show.
    """
    if task.media in _TEXTS:
        payload: bytes = task.library.read(_content(task.size), task.media)
        yield FRAME.pack(TEXT, 0, 0, len(payload)) + payload
        yield FRAME.pack(END, 0, 0, 0)
        return
    count, draw = (_pdf if task.media == "pdf" else _image)(task, wanted)
    sent = done = 0
    for n in range(min(count, ALL_PAGES)):
        drawn, wide, high = draw(n)
        kind, page = _encoded(drawn, wanted)
        sent += len(page)
        if sent > ALL_BYTES:
            break
        done += 1
        yield FRAME.pack(kind, _points(wide), _points(high), len(page)) + page
    yield FRAME.pack(END, 0, 0, count - done)


def _points(length: float) -> int:
    return max(1, min(_POINTS, round(length)))


def _content(size: int) -> bytearray:
    """The document: as many bytes as were announced."""
    content = bytearray(size)
    with open(0, "rb", closefd=False) as given:
        read = given.readinto(content)
    if read != size:
        raise Unshowable("damaged")
    return content


def _encoded(drawn: "Image.Image", wanted: Wanted) -> tuple[bytes, bytes]:
    """A page as JPEG or, for text in grey, in sixteen levels without loss where that is smaller."""
    found = None
    if wanted.grey:
        shades = drawn.histogram()
        if sum(shades[_PLAIN:-_PLAIN]) * _ALIKE <= sum(shades):
            found = PNG, _png(drawn.tobytes(), *drawn.size)
    if found is None or len(found[1]) * _SMALL > drawn.width * drawn.height:
        file = io.BytesIO()
        drawn.save(file, "JPEG", quality=wanted.jpeg, optimize=True)
        if found is None or file.tell() < len(found[1]):
            found = JPG, file.getvalue()
    if len(found[1]) > PAGE_BYTES:
        raise Unshowable("too_large")
    return found


def _png(grey: bytes, width: int, height: int) -> bytes:
    """A grey image in sixteen levels: rows as they are, which text takes better than rows foretold from each other."""
    levels = grey.translate(_LEVELS)
    rows = b"".join(b"\0" + levels[at : at + width] for at in range(0, len(levels), width))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, _EFFORT)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


# PDF


def _pdf(task: Task, wanted: Wanted) -> Pages:
    pdfium, pillow = task.library, task.pillow
    content = _content(task.size)
    held = (ctypes.c_char * task.size).from_buffer(content)  # kept by the function below: pdfium reads it at each page
    document = pdfium.FPDF_LoadMemDocument64(held, task.size, None)
    if not document:
        raise Unshowable("encrypted" if pdfium.FPDF_GetLastError() in _LOCKED else "damaged")
    count = int(pdfium.FPDF_GetPageCount(document))
    if count < 1:
        raise Unshowable("empty")

    def draw(n: int) -> Drawn:
        page = pdfium.FPDF_LoadPage(document, n) if held else None
        if not page:
            raise Unshowable("damaged")
        wide, high = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        if not (math.isfinite(wide) and math.isfinite(high) and wide > 0 and high > 0):
            raise Unshowable("damaged")
        scale = min(wanted.dpi / _INCH, wanted.side / max(wide, high))
        size = max(1, round(wide * scale)), max(1, round(high * scale))
        grey = wanted.grey
        bitmap = pdfium.FPDFBitmap_CreateEx(*size, _GREY if grey else _BGRX, None, 0)
        if not bitmap:
            raise Unshowable("too_large")
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, *size, 0xFFFFFFFF)
        look = _ANNOTATIONS | (_GREYSCALE if grey else 0)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, *size, 0, look)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        pixels = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * size[1])
        pdfium.FPDFBitmap_Destroy(bitmap)
        pdfium.FPDF_ClosePage(page)
        into, out = ("L", "L") if grey else ("RGB", "BGRX")
        return pillow.frombuffer(into, size, pixels, "raw", out, stride, 1), wide, high

    return count, draw


# Images


def _image(task: Task, wanted: Wanted) -> Pages:
    pillow, media = task.pillow, task.media
    pillow.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", pillow.DecompressionBombWarning)
    bombs = (pillow.DecompressionBombWarning, pillow.DecompressionBombError)
    try:
        opened = pillow.open(io.BytesIO(_content(task.size)), formats=[media.upper()])
    except bombs:
        raise Unshowable("too_large") from None

    def draw(n: int) -> Drawn:
        try:
            opened.seek(n)
        except bombs:
            raise Unshowable("too_large") from None
        if opened.width * opened.height > PIXELS:
            raise Unshowable("too_large")
        longest, dpi = max(opened.size), _dpi(opened)
        if media == "jpeg":
            opened.draft("L" if wanted.grey else None, (wanted.side, wanted.side))  # decodes no more than is shown
        opened.load()
        turn = _TURNS.get(opened.getexif().get(_ORIENTATION, 1))
        drawn = _flat(pillow, opened, wanted)
        drawn = drawn if turn is None else drawn.transpose(pillow.Transpose[turn])
        most = max(drawn.size)
        points = tuple(side / most * longest * _INCH / dpi for side in drawn.size)
        scale = min(wanted.side, longest * wanted.dpi / dpi) / most
        fitted = tuple(max(1, round(side * scale)) for side in drawn.size)
        return drawn.resize(fitted, pillow.Resampling.LANCZOS) if scale < 1 else drawn, points[0], points[1]

    return (getattr(opened, "n_frames", 1) if media == "tiff" else 1), draw


def _dpi(opened: "Image.Image") -> int:
    """What the image says, where it is likely; else what a screen has."""
    try:
        told = round(float(opened.info["dpi"][0]))
    except (KeyError, IndexError, TypeError, ValueError, ArithmeticError):
        return _SCREEN_DPI
    return told if told in _DPI_TOLD else _SCREEN_DPI


def _flat(pillow: Any, image: "Image.Image", wanted: Wanted) -> "Image.Image":
    """The image on white paper, in the colours wanted.

    Raises:
        Unshowable: its colours are not those of a picture to look at.
    """
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.mode in {"F", "LAB", "HSV"}:
        raise Unshowable("format")
    if image.mode in {"LA", "La", "PA", "RGBA", "RGBa"} or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = pillow.new("RGBA", image.size, "white")
        paper.alpha_composite(image)
        image = paper
    return image.convert("L" if wanted.grey else "RGB")


if __name__ == "__main__":
    main(sys.argv[1:])
