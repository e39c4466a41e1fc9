"""Documents from outside, honest, broken and hostile: each is shown or refused with a reason, and nothing else happens."""

import base64
import io
import os
import signal
import sys
import tracemalloc
import zlib
from pathlib import Path

import pytest
from PIL import Image

from adapters.documents import raster_child as child
from adapters.documents.raster import (
    SMALLER,
    STANDARD,
    NotShown,
    Page,
    Quality,
    Seen,
    Shown,
    Text,
    Why,
    answered,
    shown,
    shown_all,
)
from domain.facts.invoicing import PieceMedia
from tests.adapters.documents import hostile

A_MEGABYTE = 1 << 20


def pages(seen: Seen) -> tuple[Page, ...]:
    assert isinstance(seen, Shown), seen
    return seen.pages


def picture(page: Page) -> Image.Image:
    """The image of a page, in grey."""
    made = Image.open(io.BytesIO(page.image))
    assert made.size == (page.width_px, page.height_px)
    return made.convert("L")


def ink(image: Image.Image) -> int:
    """How many pixels are dark."""
    return sum(image.histogram()[:64])


# What is shown


def test_each_page_of_a_pdf_is_an_image_of_its_size() -> None:
    found = pages(shown(hostile.plain(3, lines=20), "pdf"))
    assert [(page.width_pt, page.height_pt, page.width_px, page.height_px) for page in found] == [
        (595, 842, 1240, 1754)
    ] * 3
    assert all(ink(picture(page)) > 5_000 for page in found)


def test_a_page_of_text_is_kept_without_loss_where_that_is_smaller_and_a_photograph_as_jpeg() -> None:
    (text,) = pages(shown(hostile.plain(1, lines=40), "pdf"))
    assert (text.format, text.components) == ("png", 1)
    assert set(picture(text).tobytes()) <= {level * 17 for level in range(16)}
    noise = io.BytesIO()
    Image.effect_noise((600, 800), 80).save(noise, "PNG")
    (photograph,) = pages(shown(noise.getvalue(), "png"))
    assert photograph.format == "jpg"


def test_a_page_is_turned_and_cropped_as_a_reader_sees_it() -> None:
    (page,) = pages(shown(hostile.turned_and_cropped(), "pdf"))
    seen = picture(page)
    assert (page.width_pt, page.height_pt) == (300, 200)
    assert seen.getpixel((20, 20)) == 0
    assert seen.getpixel((page.width_px - 20, page.height_px - 20)) == 255


def test_marks_that_lie_over_a_page_are_shown() -> None:
    (page,) = pages(shown(hostile.annotated(), "pdf"))
    assert picture(page).getpixel((400, 1300)) == 0


def test_colours_are_told_apart_in_grey_and_kept_on_demand() -> None:
    colours = hostile.coloured()
    (grey,), (kept,) = pages(shown(colours, "pdf")), pages(shown(colours, "pdf", Quality(grey=False)))
    light, dark = (picture(grey).getpixel(at) for at in ((400, 400), (400, 1300)))
    assert isinstance(light, int)
    assert isinstance(dark, int)
    assert 255 > light > dark > 0
    assert kept.components == 3
    pixel = Image.open(io.BytesIO(kept.image)).getpixel((400, 1300))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200
    assert pixel[1] < 60


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_photograph_stands_as_the_camera_was_held(turn: int) -> None:
    (page,) = pages(shown(hostile.picture("JPEG", turn=turn), "jpeg"))
    seen = picture(page)
    assert (page.width_px > page.height_px) == (turn < 5)
    corners = {
        (across, down): seen.getpixel((across * (seen.width - 1), down * (seen.height - 1))) for across in (0, 1) for down in (0, 1)
    }  # fmt: skip
    dark = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[turn]
    assert [corner for corner, value in corners.items() if isinstance(value, int) and value < 40] == [dark]


def test_a_tiff_is_turned_once_and_shown_page_by_page() -> None:
    (turned,) = pages(shown(hostile.picture("TIFF", turn=6), "tiff"))
    assert picture(turned).getpixel((turned.width_px - 1, 0)) == 0
    assert turned.width_px < turned.height_px
    scanned = pages(shown(hostile.scan(3), "tiff"))
    assert [(page.width_pt, page.height_pt) for page in scanned] == [(612, 792)] * 3
    assert [picture(page).getpixel((200, 110 + 100 * n)) for n, page in enumerate(scanned)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("kind", "mode", "media"),
    [("PNG", "RGBA", "png"), ("PNG", "I;16", "png"), ("PNG", "1", "png"), ("PNG", "P", "png"), ("JPEG", "CMYK", "jpeg"), ("JPEG", "RGB", "jpeg"),
     ("TIFF", "RGB", "tiff")],
)  # fmt: skip
def test_every_kind_of_colours_is_shown_on_white_paper(kind: str, mode: str, media: PieceMedia) -> None:
    made = _palette() if mode == "P" else hostile.picture(kind, mode=mode)
    (page,) = pages(shown(made, media))
    seen = picture(page)
    dark, light = seen.getpixel((10, 10)), seen.getpixel((390, 290))
    assert isinstance(dark, int)
    assert isinstance(light, int)
    assert dark < 40
    assert light > 215


def _palette() -> bytes:
    file = io.BytesIO()
    Image.open(io.BytesIO(hostile.picture("PNG", mode="RGB"))).quantize(4).save(file, "PNG")
    return file.getvalue()


def test_coarser_qualities_weigh_less_each_time() -> None:
    file = io.BytesIO()
    Image.effect_noise((1700, 2200), 60).save(file, "JPEG", dpi=(200, 200), quality=90)
    weights = [len(pages(shown(file.getvalue(), "jpeg", each))[0].image) for each in (STANDARD, *SMALLER)]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == len(weights)


# What is not


REFUSED: dict[str, tuple[bytes, PieceMedia, Why]] = {
    "a word to open it": (hostile.locked(), "pdf", "encrypted"),
    "cut short": (hostile.plain(3)[:400], "pdf", "damaged"),
    "no PDF": (b"Bonjour", "pdf", "damaged"),
    "nothing": (b"", "pdf", "empty"),
    "no page": (hostile.without_pages(), "pdf", "empty"),
    "a loop of pages": (hostile.looped(), "pdf", "damaged"),
    "a bomb": (hostile.bomb(), "png", "too_large"),
    "a smaller bomb": (hostile.bomb(12_000, 10_500), "png", "too_large"),
    "an image cut short": (hostile.picture("JPEG")[:300], "jpeg", "damaged"),
    "an image of another kind": (hostile.picture("PNG"), "tiff", "damaged"),
    "a format of its own": (b"\x00\x01", "other", "format"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_document_that_has_no_pages_to_show_says_why(name: str) -> None:
    content, media, why = REFUSED[name]
    assert shown(content, media) == NotShown(why)


def test_a_lock_that_only_forbids_printing_is_none() -> None:
    assert len(pages(shown(hostile.locked(user=""), "pdf"))) == 1


def test_scripts_and_launches_are_gone_and_the_page_is_shown() -> None:
    (page,) = pages(shown(hostile.with_javascript(), "pdf"))
    assert ink(picture(page)) > 100
    assert not any(word in page.image for word in (b"JavaScript", b"Launch", b"alert", b"xdp"))


@pytest.mark.parametrize(
    ("size", "expected"), [((14_400, 14_400), (2_200, 2_200)), ((200_000, 10), (2_200, 1)), ((3, 3), (6, 6))]
)
def test_a_page_of_any_size_has_an_image_of_bounded_size(size: tuple[int, int], expected: tuple[int, int]) -> None:
    (page,) = pages(shown(hostile.plain(1, size), "pdf"))
    assert (page.width_px, page.height_px) == expected


def test_a_huge_image_in_a_small_file_costs_this_process_nothing() -> None:
    content = hostile.with_image(20_000, 10_000)
    assert len(content) < A_MEGABYTE
    tracemalloc.start()
    seen = shown(content, "pdf")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(pages(seen)) == 1
    assert peak < 2 * A_MEGABYTE


def test_pages_above_the_cap_are_counted_and_not_held() -> None:
    content = hostile.of_many_pages(5_000)
    tracemalloc.start()
    seen = shown(content, "pdf", Quality(dpi=30))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(pages(seen)), isinstance(seen, Shown) and seen.cut) == (200, 4_800)
    assert peak < 4 * A_MEGABYTE


def test_a_document_that_never_ends_is_stopped_and_the_next_is_shown() -> None:
    tracemalloc.start()
    endless, honest = shown_all([(hostile.never_done(), "pdf"), (hostile.plain(), "pdf")])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(endless, NotShown)
    assert len(pages(honest)) == 1
    assert peak < 2 * A_MEGABYTE


def test_nothing_is_written_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    list(shown_all([(content, media) for content, media, _ in REFUSED.values()] + [(hostile.with_javascript(), "pdf")]))
    assert list(tmp_path.iterdir()) == []


def test_two_processes_make_the_same_bytes() -> None:
    documents: list[tuple[bytes, PieceMedia]] = [
        (hostile.plain(2, lines=9), "pdf"), (hostile.coloured(), "pdf"), (hostile.picture("JPEG"), "jpeg"), (hostile.scan(2), "tiff"),
    ]  # fmt: skip
    assert list(shown_all(documents)) == list(shown_all(documents))


# The process


def _limits(of: str) -> str:
    return f"import sys; sys.path.append({str(Path(child.__file__).parents[2])!r}); from adapters.documents import raster_child as c; c._limit(); c._locked(3); {of}"


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/hosts')",
        "import socket; socket.socket()",
        "open(1, 'wb', closefd=False); import os; os.open('/tmp', os.O_TMPFILE | os.O_RDWR)",
        "bytearray(1 << 31)",
    ],
)
def test_the_process_can_open_no_file_and_no_socket_and_has_little_memory(attempt: str) -> None:
    done = answered([sys.executable, "-c", _limits(attempt)], b"")
    assert done == NotShown("damaged")
    said = answered(
        [sys.executable, "-c", _limits("import os; os.write(1, c.FRAME.pack(c.NONE, 0, 0, 6) + b'format')")], b""
    )
    assert said == NotShown("format"), "the attempt is what fails"


def frame(kind: bytes, payload: bytes = b"", wide: int = 10, high: int = 10, length: int | None = None) -> bytes:
    return child.FRAME.pack(kind, wide, high, len(payload) if length is None else length) + payload


JPG = hostile.picture("JPEG", (8, 8))
PNG = child._png(bytes(64), 8, 8)
END = frame(child.END)
LIES = {
    "silence": b"",
    "an end and no page": END,
    "no end": frame(child.JPG, JPG),
    "more after the end": frame(child.JPG, JPG) + END + b"x",
    "a length above what follows": frame(child.JPG, JPG, length=len(JPG) + 1),
    "a length below": frame(child.JPG, JPG, length=len(JPG) - 1) + END,
    "a length above all reason": frame(child.JPG, b"", length=0xFFFFFFFF),
    "no length": frame(child.JPG, b"") + END,
    "another kind": frame(child.PNG, JPG) + END,
    "an unknown kind": frame(b"exe ", JPG) + END,
    "a page of no size": frame(child.JPG, JPG, wide=0) + END,
    "an image larger than agreed": frame(child.PNG, child._png(bytes(3_000), 3_000, 1)) + END,
    "an image that says it is larger": frame(
        child.PNG, PNG.replace((8).to_bytes(4, "big"), (90_000).to_bytes(4, "big"), 1)
    )
    + END,
    "something between the image and its end": frame(child.PNG, PNG[:-12] + b"\0" * 9 + PNG[-12:]) + END,
    "an unknown reason": frame(child.NONE, b"because"),
    "text and pages": frame(child.TEXT, b'{"lines":[]}') + frame(child.JPG, JPG) + END,
    "text of another shape": frame(child.TEXT, b'{"lines":[1]}') + END,
    "too many pages": frame(child.JPG, JPG) * 201 + END,
}


@pytest.mark.parametrize("name", LIES)
def test_a_process_that_lies_is_not_believed(name: str) -> None:
    assert answered([sys.executable, "-c", _says(LIES[name])], b"x") == NotShown("damaged")


def test_the_same_process_is_believed_when_it_does_not_lie() -> None:
    both = frame(child.JPG, JPG) + frame(child.PNG, PNG) + child.FRAME.pack(child.END, 0, 0, 7)
    seen = answered([sys.executable, "-c", _says(both)], b"x")
    assert isinstance(seen, Shown)
    assert (len(seen.pages), seen.cut) == (2, 7)
    assert answered([sys.executable, "-c", _says(both) + "; sys.exit(3)"], b"x") == NotShown("damaged")


def _says(answer: bytes) -> str:
    """A program with this answer, which may be longer than a command line."""
    packed = base64.b64encode(zlib.compress(answer))
    return f"import base64, sys, zlib; sys.stdout.buffer.write(zlib.decompress(base64.b64decode({packed!r})))"


def test_one_that_takes_too_long_is_ended_by_the_wall_or_by_its_own_time() -> None:
    assert answered([sys.executable, "-c", "while True: pass"], b"x", patience=1) == NotShown("too_slow")
    spent = f"import os; os.kill(os.getpid(), {int(signal.SIGXCPU)})"
    assert answered([sys.executable, "-c", spent], b"x") == NotShown("too_slow")


def test_one_that_never_reads_does_not_hold_us_up() -> None:
    assert answered([sys.executable, "-c", "pass"], os.urandom(4 * A_MEGABYTE)) == NotShown("damaged")


def test_libraries_that_do_not_load_are_told_and_no_document_is_blamed() -> None:
    command = [sys.executable, "-I", "-S", child.__file__, "pdf", "1", "150", "60", "1"]
    with pytest.raises(RuntimeError, match="pypdfium2 or Pillow is missing"):
        answered(command, b"x")


# Text


def test_a_message_is_read_into_headers_text_and_names_of_what_is_attached() -> None:
    assert shown(hostile.MESSAGE, "eml") == Text(
        lines=("Bonjour,", "", "œuvre : 1 200 €"),
        headers=(
            ("From", "René <rene@t.example>"), ("From", "autre@t.example"), ("To", "x@y.example"), ("Date", "Tue, 3 Mar 2026 10:00:00 +0100"),
            ("Subject", "Échéance du 1er mars"), ("Message-ID", "<1@t.example>"),
        ),
        attached=(("relevé.pdf", 3), ("", 31)),
    )  # fmt: skip


def test_a_message_in_html_alone_is_shown_as_its_text() -> None:
    html = b"<head><style>p{}</style></head><body><p>Bonjour&nbsp;<b>vous</b><script>alert(1)</script><br>ligne 2</p><img src='cid:1'>"
    seen = shown(b"From: a\nTo: b\nContent-Type: text/html; charset=utf-8\n\n" + html, "eml")
    assert isinstance(seen, Text)
    assert (seen.lines, seen.from_html) == (("Bonjour vous", "ligne 2"), True)


@pytest.mark.parametrize(
    ("content", "media", "line"),
    [
        ("é €".encode(), "text", "é €"),
        ("é €".encode("cp1252"), "text", "é €"),
        ("é €".encode("utf-16"), "text", "é €"),
        ("<?xml version='1.0' encoding='ISO-8859-15'?>é €".encode("iso-8859-15"), "xml", "<?xml version='1.0' encoding='ISO-8859-15'?>é €"),
        (b"<?xml version='1.0' encoding='rot13'?>abc", "xml", "<?xml version='1.0' encoding='rot13'?>abc"),
        (b"a\tb", "text", "a   b"),
    ],
)  # fmt: skip
def test_text_is_read_in_the_encoding_that_it_is_in(content: bytes, media: PieceMedia, line: str) -> None:
    assert shown(content, media) == Text((line,))


def test_what_is_too_long_is_cut_and_counted() -> None:
    seen = shown(b"abcdefgh\n" * 20_000, "text")
    assert isinstance(seen, Text)
    assert (len(seen.lines), seen.cut) == (1_500, 9 * 18_500)


@pytest.mark.parametrize(
    "content",
    [
        b"From: =?utf-8?b?!!!?= =?nope?q?=E9?=\nTo: \xff\xfe\nContent-Type: text/plain; charset=nope\n\n\xe9",
        b"From: a\nTo: b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n" * 200,
        b"From: a\nTo: b\nContent-Type: multipart/mixed\n\nno boundary",
        b"From: a\nTo: b\nContent-Disposition: attachment; filename*=nope''%FF\n\nx",
        b"From: a\nTo: b\nContent-Type: text/html\n\n" + b"<!" * 20_000,
        b"From: a\nTo: b\nContent-Transfer-Encoding: base64\n\n%%%%",
        b"From: " + b"=?utf-8?q?" * 5_000 + b"\nTo: b\n\nx",
    ],
)
def test_a_message_made_to_confuse_is_shown_or_refused(content: bytes) -> None:
    assert isinstance(shown(content, "eml"), Text | NotShown)
