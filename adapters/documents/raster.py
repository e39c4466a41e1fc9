"""Documents as they can safely be shown: pages as images, or lines of text, made by a process that is limited and then thrown away.

A document comes from outside and may be hostile. No decoder runs here: one process for each document reads it under limits of
memory, time and files, and what it answers is read as strictly as the document was.
"""

import importlib.util
import os
import re
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Event, Thread, Timer
from typing import IO, Final, Literal, cast, get_args

import msgspec

from adapters.documents import raster_child as child
from domain.facts.invoicing import PieceMedia

Why = Literal["encrypted", "damaged", "empty", "too_large", "too_slow", "format"]
#: Bytes of a document: the process holds it whole beside what it draws.
MOST: Final = 250_000_000
#: Seconds by the wall: the process has 20 of its own, on a machine that may have others to serve.
PATIENCE: Final = 90
TEXT_BYTES: Final = 2_000_000
_MOST_AT_ONCE: Final = 8
#: What stands before the size of a JPEG: tables, application data, comments; then the size.
_JPEG_SIZES: Final = frozenset({0xFFC0, 0xFFC1, 0xFFC2})
_JPEG_MARKERS: Final = _JPEG_SIZES | {0xFFC4, 0xFFDB, 0xFFDD, 0xFFFE, *range(0xFFE0, 0xFFF0)}
_COLOURS: Final = (1, 3)
_BITS: Final = 8
_PNG: Final = re.compile(
    rb"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR(.{4})(.{4})\x08\x00\x00\x00\x00.{4}(.{4})IDAT", re.DOTALL
)
_CHILD: Final = Path(child.__file__)


@dataclass(frozen=True, slots=True)
class Quality:
    """How fine the pages are: dots an inch, quality of JPEG, in grey or in colour."""

    dpi: int = 150
    jpeg: int = 60
    grey: bool = True


STANDARD: Final = Quality()
#: For copies that must fit a channel, each coarser than the one before.
SMALLER: Final = (Quality(150, 40), Quality(120, 35), Quality(100, 30), Quality(80, 25))


@dataclass(frozen=True, slots=True)
class Page:
    """A page as an image; its size on paper in points, in pixels what the image holds, of one component (grey) or three."""

    image: bytes = field(repr=False)
    format: Literal["jpg", "png"]
    width_pt: int
    height_pt: int
    width_px: int
    height_px: int
    components: int = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """The pages of a document; `cut` counts those left out above the cap."""

    pages: tuple[Page, ...]
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """A document shown as text; `cut` counts the characters left out, `more` the attachments not named."""

    lines: tuple[str, ...]
    cut: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    attached: tuple[tuple[str, int], ...] = ()
    more: int = 0
    from_html: bool = False


@dataclass(frozen=True, slots=True)
class NotShown:
    """A document that has no pages to show, and why."""

    why: Why


Seen = Shown | Text | NotShown


class Lied(Exception):
    """The answer is not one."""


def shown(content: bytes, media: PieceMedia, quality: Quality = STANDARD) -> Seen:
    """What can be shown of a document; never raises for what the document is.

    Raises:
        RuntimeError: the libraries that read it are not installed.
    """
    if media == "other":
        return NotShown("format")
    if not content:
        return NotShown("empty")
    if len(content) > MOST:
        return NotShown("too_large")
    words = [media, str(len(content)), str(quality.dpi), str(quality.jpeg), str(int(quality.grey))]
    return answered([sys.executable, "-I", "-S", str(_CHILD), *words, *_folders()], content)


def shown_all(documents: Sequence[tuple[bytes, PieceMedia]], quality: Quality = STANDARD) -> Iterator[Seen]:
    """What can be shown of each document, in order: as many processes at a time as there are processors."""
    with ThreadPoolExecutor(min(_MOST_AT_ONCE, os.cpu_count() or 1)) as pool:
        yield from pool.map(lambda each: shown(each[0], each[1], quality), documents)


@cache
def _folders() -> tuple[str, ...]:
    """Where the process finds our package, Pillow and pdfium, and nothing else of the environment's start-up."""
    found = [importlib.util.find_spec(name) for name in ("pypdfium2_raw", "PIL")]
    places = [Path(spec.origin).parents[1] for spec in found if spec and spec.origin]
    return tuple(dict.fromkeys(map(str, (_CHILD.parents[2], *places))))


# The process


def answered(command: Sequence[str], content: bytes, patience: int = PATIENCE) -> Seen:
    """Give a document to a process, read its answer strictly.

    Args:
        command: the program and its words.
        content: the document.
        patience: seconds after which it is ended.

    Raises:
        RuntimeError: the libraries of the process are not installed.
    """
    late = Event()
    with _running(command, content, late, patience) as (process, answer):
        try:
            seen = _read(answer)
        except (Lied, msgspec.MsgspecError, struct.error):
            seen = NotShown("damaged")
            process.kill()
        code = process.wait()
    if code == child.UNLOADED:
        msg = "the program that shows documents does not start: pypdfium2 or Pillow is missing or broken; install relance again"
        raise RuntimeError(msg)
    if late.is_set() or code == -signal.SIGXCPU:
        return NotShown("too_slow")
    return seen if code == 0 else NotShown("damaged")


@contextmanager
def _running(
    command: Sequence[str], content: bytes, late: Event, patience: int
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """A process that is fed by the side; it never outlives this block."""
    process = subprocess.Popen(  # noqa: S603 - our own program, with this interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/", env=_environment()
    )
    assert process.stdin
    assert process.stdout

    def end() -> None:
        late.set()
        process.kill()

    watch, feeder = Timer(patience, end), Thread(target=_feed, args=(process.stdin, content), daemon=True)
    watch.daemon = True
    watch.start()
    feeder.start()
    try:
        yield process, process.stdout
    finally:
        watch.cancel()
        process.kill()
        feeder.join()
        process.stdout.close()
        process.wait()


def _environment() -> Mapping[str, str]:
    """Nothing of ours but what an interpreter may need to find its own libraries."""
    return {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH") if name in os.environ}


def _feed(into: IO[bytes], content: bytes) -> None:
    with suppress(OSError):  # it ended before it had read all: its answer says why
        into.write(content)
    with suppress(OSError):
        into.close()


# Its answer


def _read(answer: IO[bytes]) -> Seen:
    """The frames of an answer, to its end.

    Raises:
        Lied: a length, a kind, an image or the end is not as agreed.
    """
    pages: list[Page] = []
    text: Text | None = None
    room = child.ALL_BYTES
    while True:
        kind, wide, high, length = child.FRAME.unpack(answer.read(child.FRAME.size))
        match kind:
            case child.JPG | child.PNG if text is None and len(pages) < child.ALL_PAGES and length <= child.PAGE_BYTES:
                room -= length
                pages.append(_page(kind, wide, high, _exactly(answer, length, most=room + length)))
            case child.TEXT if text is None and not pages:
                text = msgspec.json.decode(_exactly(answer, length, most=TEXT_BYTES), type=Text)
            case child.NONE if text is None:
                why = _exactly(answer, length, most=20).decode("ascii", "replace")
                return _ended(answer, NotShown(cast("Why", why)) if why in get_args(Why) else None)
            case child.END if text or pages:
                return _ended(answer, text or Shown(tuple(pages), length))
            case _:
                raise Lied


def _exactly(answer: IO[bytes], length: int, most: int) -> bytes:
    found = answer.read(length) if length <= most else b""
    if len(found) != length or not length:
        raise Lied
    return found


def _ended(answer: IO[bytes], seen: Seen | None) -> Seen:
    if seen is None or answer.read(1):
        raise Lied
    return seen


def _page(kind: bytes, wide: int, high: int, image: bytes) -> Page:
    """A page whose image is what it says, and no larger than agreed: another program decodes it after us."""
    size: Callable[[bytes], tuple[int, int, int]] = _size_of_jpeg if kind == child.JPG else _size_of_png
    width, height, components = size(image)
    if not (0 < width <= child.SIDE and 0 < height <= child.SIDE and wide and high and components in _COLOURS):
        raise Lied
    return Page(image, "jpg" if kind == child.JPG else "png", wide, high, width, height, components)


def _size_of_png(image: bytes) -> tuple[int, int, int]:
    """Of a PNG as the process makes it: eight bits of grey, a header, one chunk of data, the end."""
    head, tail = _PNG.match(image), image[-12:]
    if head is None or tail != b"\x00\x00\x00\x00IEND\xaeB`\x82":
        raise Lied
    width, height, data = struct.unpack(">III", b"".join(head.groups()))
    if data != len(image) - head.end() - len(tail) - 4:
        raise Lied
    return width, height, 1


def _size_of_jpeg(image: bytes) -> tuple[int, int, int]:
    if image[:2] != b"\xff\xd8" or image[-2:] != b"\xff\xd9":
        raise Lied
    at = 2
    while True:
        marker, length = struct.unpack_from(">HH", image, at)
        if marker not in _JPEG_MARKERS:
            raise Lied
        if marker in _JPEG_SIZES:
            bits, height, width, components = struct.unpack_from(">BHHB", image, at + 4)
            return width, height, components if bits == _BITS else 0
        at += 2 + length
