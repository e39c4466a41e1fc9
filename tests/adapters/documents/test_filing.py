"""Copies for filing: lots in order under the limit, pieces made lighter until they fit."""

import io
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from adapters.documents.filing import lots, reduced
from adapters.documents.raster import Shown, shown
from tests.adapters.documents import hostile
from tests.adapters.documents.test_piece_pages import AT, CABINET, HEADING, copy, images, keeps_the_standards, piece


@given(some.lists(some.integers(0, 30)), some.integers(1, 40))
def test_lots_keep_every_file_whole_in_order_and_under_the_limit(sizes: list[int], limit: int) -> None:
    files = [(f"{n}.pdf", bytes(size)) for n, size in enumerate(sizes)]
    made = lots(files, limit)
    assert [file for lot in made for file in lot] == files
    assert all(lot for lot in made)
    for lot in made:
        weight = sum(len(data) for _, data in lot)
        assert weight < limit or len(lot) == 1 or all(not data for _, data in lot[1:])
    for before, after in pairwise(made):
        assert sum(len(data) for _, data in before) + len(after[0][1]) >= limit, (
            "a file that fits goes with those before it"
        )


def test_a_file_above_the_limit_makes_a_lot_of_its_own() -> None:
    files = [("1", b"aa"), ("2", b"b" * 9), ("3", b"c"), ("4", b"d")]
    assert [[name for name, _ in lot] for lot in lots(files, 4)] == [["1"], ["2"], ["3", "4"]]
    assert lots([], 4) == []


def _scanned() -> bytes:
    sheet = io.BytesIO()
    noise = [Image.effect_noise((1240, 1754), 70) for _ in range(2)]
    noise[0].save(sheet, "TIFF", save_all=True, append_images=noise[1:], dpi=(150, 150))
    return sheet.getvalue()


def test_a_piece_is_made_coarser_until_it_fits_and_no_further() -> None:
    scanned = piece(1, _scanned(), "tiff")
    seen = shown(scanned.content, "tiff")
    whole = len(copy(scanned, seen))
    weights, widths = [whole], []
    while made := reduced(scanned, weights[-1], cabinet=CABINET, heading=HEADING, at=AT, sandbox=False):
        keeps_the_standards(made)
        assert len(made) < weights[-1]
        weights.append(len(made))
        widths.append(images(made)[0][0])
    assert len(weights) > 3
    assert widths == sorted(widths, reverse=True)
    assert isinstance(seen, Shown)
    assert widths[-1] < seen.pages[0].width_px


def test_what_cannot_be_coarser_is_left_alone() -> None:
    for content in (hostile.MESSAGE, hostile.locked()):
        of = piece(1, content, "eml" if content is hostile.MESSAGE else "pdf")
        assert reduced(of, 10**9, cabinet="", heading="", at=AT, sandbox=False) is None
    assert reduced(piece(1, hostile.plain(1)), 10, cabinet="", heading="", at=AT, sandbox=False) is None
