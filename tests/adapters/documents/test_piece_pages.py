"""The stamped copies and their list: what each page says, what a court's program reads, the same bytes again."""

import datetime as dt
import hashlib
import subprocess
import sys
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from adapters.documents.compact import completed, page_count
from adapters.documents.piece_pages import WHY, Communicated, Listed, bordereau, stamped
from adapters.documents.raster import NotShown, Page, Quality, Seen, Shown, Text, shown
from domain.facts.invoicing import PieceMedia
from tests.adapters.documents import hostile
from tests.adapters.documents.page_text import has, says, squeezed, texts, words
from tests.conftest import HERE

AT = dt.datetime(2026, 6, 20, 22, 30, tzinfo=dt.UTC)
CABINET = "SELARL Durand & Associés – toque 1234"
HEADING = "Atelier Térébinthe c/ Établissements Lefèvre & Fils"
STRANGE = "\u202e名前 Łódź 🧾 \x00#eval(sys)$x$ *gras* " + "W" * 400


def piece(
    number: int = 3, content: bytes = b"x", media: PieceMedia = "pdf", title: str = "Bon de livraison"
) -> Communicated:
    return Communicated(
        number, title, "delivery_note", dt.date(2026, 3, 1), hashlib.sha256(content).hexdigest(), len(content), "bl n°12 é.pdf",
        f"data/originaux/piece-{number:02d}-bon-de-livraison.pdf", media, True, (("F-2026-014", 12, 2),), content,
    )  # fmt: skip


def copy(
    of: Communicated, seen: Seen | None = None, *, sandbox: bool = False, cabinet: str = CABINET, heading: str = HEADING
) -> bytes:
    found = shown(of.content, of.media) if seen is None else seen
    return stamped(of, found, cabinet=cabinet, heading=heading, at=AT, sandbox=sandbox)


def lists(
    rows: list[Listed], *, sandbox: bool = False, absent: tuple[str, ...] = (), name: str = "Atelier Térébinthe"
) -> bytes:
    return bordereau(
        rows,
        creditor=name,
        debtor="Établissements Lefèvre & Fils",
        cabinet=CABINET,
        lawyer="Me Anne Durand",
        at=AT,
        sandbox=sandbox,
        absent=absent,
    )


def digests() -> list[str]:
    """What a second process must find again."""
    scan, message = piece(1, hostile.scan(2), "tiff"), piece(2, hostile.MESSAGE, "eml")
    made = [copy(scan), copy(message), copy(piece(4), NotShown("encrypted")), lists([Listed(scan, Shown(()), 2)])]
    return [hashlib.sha256(each).hexdigest() for each in made]


def keeps_the_standards(pdf: bytes) -> None:
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert opened.check_pdf_syntax() == []
        with opened.open_metadata() as meta:
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("3", "A", "1")
        assert str(opened.Root.Lang) in {"fr", "fr-FR"}
        assert opened.Root.MarkInfo.Marked
        assert opened.Root.OutputIntents[0].S == pikepdf.Name.GTS_PDFA1
        assert opened.Root.ViewerPreferences.DisplayDocTitle
        assert "/AcroForm" not in opened.Root
        for thing in opened.objects:
            if isinstance(thing, pikepdf.Dictionary):
                assert not {"/JavaScript", "/JS", "/Launch", "/EF"} & set(thing.keys())
                assert thing.get("/S") not in {"/JavaScript", "/Launch", "/URI"}
    assert pdf.endswith(b"%%EOF\n"), "a signature is added after a line feed"


def images(pdf: bytes) -> list[tuple[int, int, str]]:
    """Each image that a document holds: its size and how it is kept."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        found = [
            each for each in opened.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"
        ]
        assert all(str(each.ColorSpace[0]) == "/ICCBased" and not each.get("/Interpolate") for each in found)
        return sorted((int(each.Width), int(each.Height), str(each.Filter)) for each in found)


def alternatives(pdf: bytes) -> list[str]:
    """What is read aloud in place of each image."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        things = [
            each for each in opened.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
        ]
        return sorted(
            str(each.A[0].get("/Alt") if "/Alt" not in each else each.Alt).replace("\u00a0", " ") for each in things
        )


# The copies


def test_every_page_bears_the_number_of_the_piece_its_own_and_the_lawyer() -> None:
    pdf = copy(piece(3, hostile.plain(3)))
    keeps_the_standards(pdf)
    for n, page in enumerate(texts(pdf), 1):
        text = page.replace(" ", "")
        says(
            text,
            f"Pièce n° 3 — {n}/3",
            CABINET,
            HEADING,
            "Pièce n° 3 – Bon de livraison",
            "Reproduction de l’original joint",
        )
        says(text, "data/originaux/piece-03-bon-de-livraison.pdf", piece(3, hostile.plain(3)).sha256)
    assert alternatives(pdf) == [
        f"Pièce n° 3 – Bon de livraison, page {n} sur 3 (reproduction en image)" for n in (1, 2, 3)
    ]
    with pikepdf.open(BytesIO(pdf)) as opened, opened.open_outline() as outline:
        assert [each.title.replace("\u00a0", " ") for each in outline.root] == ["Pièce n° 3 – Bon de livraison"]


def test_the_images_are_in_the_copy_as_they_were_made() -> None:
    content = hostile.scan(3)
    seen = shown(content, "tiff")
    assert isinstance(seen, Shown)
    pdf = copy(piece(1, content, "tiff"), seen)
    assert images(pdf) == [(850, 1100, "/FlateDecode")] * 3
    with pikepdf.open(BytesIO(pdf)) as opened:
        kept = {
            pikepdf.PdfImage(each).as_pil_image().tobytes()
            for each in opened.objects
            if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"
        }
    assert kept == {_pixels(page) for page in seen.pages}


def _pixels(page: Page) -> bytes:
    from PIL import Image  # noqa: PLC0415 - beside its one use

    return Image.open(BytesIO(page.image)).tobytes()


def test_a_photograph_stays_a_jpeg_in_grey_or_in_colour() -> None:
    photograph = hostile.photograph()
    for quality in (Quality(), Quality(grey=False)):
        seen = shown(photograph, "jpeg", quality)
        assert isinstance(seen, Shown)
        pdf = copy(piece(1, photograph, "jpeg"), seen)
        keeps_the_standards(pdf)
        assert images(pdf) == [(400, 300, "/DCTDecode")]
        assert seen.pages[0].image in pdf


def test_an_image_on_many_pages_is_kept_once() -> None:
    pdf = copy(piece(1, hostile.of_many_pages(40)))
    assert (page_count(pdf), len(images(pdf))) == (40, 1)


def test_a_wide_page_stays_wide_and_a_small_one_small() -> None:
    with pikepdf.open(BytesIO(copy(piece(1, hostile.plain(1, (842, 595)))))) as opened:
        box = [round(float(each)) for each in opened.pages[0].MediaBox]
        assert box == [0, 0, 842, 595]
    with pikepdf.open(BytesIO(copy(piece(1, hostile.plain(1, (200, 100)))))) as opened:
        assert [round(float(each)) for each in opened.pages[0].MediaBox] == [0, 0, 842, 595]


def test_pages_left_out_are_told_on_the_last_one() -> None:
    page = shown(hostile.plain(2), "pdf")
    assert isinstance(page, Shown)
    last = texts(copy(piece(), Shown(page.pages, 4_998)))[-1].replace(" ", "")
    says(last, "Pièce n° 3 — 2/5 000", "Les pages 3 à 5 000 ne sont pas reproduites ici : voir l’original joint.")
    one = texts(copy(piece(), Shown(page.pages, 1)))[-1].replace(" ", "")
    says(one, "La page 3 n’est pas reproduite ici")


@pytest.mark.parametrize("why", list(WHY))
def test_a_piece_that_cannot_be_shown_has_one_page_that_says_so(why: str) -> None:
    seen = next(NotShown(each) for each in WHY if each == why)
    pdf = copy(piece(), seen)
    keeps_the_standards(pdf)
    assert page_count(pdf) == 1
    says(
        squeezed(pdf),
        "Pièce n° 3 — 1/1",
        "Cette pièce ne peut pas être reproduite en pages.",
        WHY[seen.why].replace("« ", ""),
        CABINET,
    )
    says(
        squeezed(pdf),
        "data/originaux/piece-03-bon-de-livraison.pdf",
        piece().sha256,
        "Tiers, selon le déclarant",
        "1er mars 2026",
    )


def test_a_message_is_shown_with_its_headers_in_french() -> None:
    pdf = copy(piece(2, hostile.MESSAGE, "eml"))
    keeps_the_standards(pdf)
    says(
        squeezed(pdf),
        "DeRené <rene@t.example>",
        "Deautre@t.example",
        "ÀX@y.example".replace("X", "x"),
        "ObjetÉchéance du 1er mars",
    )
    says(squeezed(pdf), "Message-ID<1@t.example>", "relevé.pdf (3 octets)", "sans nom (31 octets)", "œuvre : 1 200 €")


def test_text_of_any_length_takes_bounded_room_and_says_what_is_left() -> None:
    assert page_count(copy(piece(), Text(("é" * 60_000,)))) < 15
    wide = squeezed(copy(piece(), Text(("名" * 60_000,), cut=5)))
    assert has(wide, "Les 51 255 caractères suivants ne sont pas reproduits ici")
    assert 8_700 < wide.count("<U+540D>") <= 8_750, "all but those that a page breaks"


def test_text_keeps_its_indents_and_breaks_no_word_that_fits() -> None:
    text = texts(copy(piece(1, b"<?xml version='1.0'?>\n<a>\n    <b>1</b>\n</a>", "xml")))[0]
    assert "    <b>1</b>" in text


def test_a_simulation_says_so_on_every_page() -> None:
    for made in (
        copy(piece(3, hostile.plain(2)), sandbox=True),
        copy(piece(), NotShown("empty"), sandbox=True),
        lists([Listed(piece(), Shown(()), 1)], sandbox=True),
    ):
        keeps_the_standards(made)
        for page in texts(made):
            assert page.count("SIMULATION") == 2
    assert "SIMULATION" not in squeezed(copy(piece(3, hostile.plain(1))))


def test_hostile_names_print_as_they_are() -> None:
    strange = piece(3, hostile.plain(1), title=STRANGE)
    for seen in (
        None,
        NotShown("damaged"),
        Text((STRANGE,), headers=(("Subject", STRANGE),), attached=((STRANGE, 1),)),
    ):
        pdf = copy(strange, seen, cabinet=STRANGE, heading=STRANGE)
        keeps_the_standards(pdf)
        says(squeezed(pdf), "<U+540D>", "#eval(sys)$x$ *gras*", "Łódź")


# The list


def test_the_list_says_of_each_piece_what_it_is_and_what_it_proves() -> None:
    rows = [
        Listed(piece(1), Shown(()), 5),
        Listed(piece(2), NotShown("encrypted"), 1),
        Listed(piece(3), Shown((), cut=4_800), 200),
    ]
    pdf = lists(rows, absent=("Mise en demeure du 1er mars 2026, désignée par son empreinte.",))
    keeps_the_standards(pdf)
    text = squeezed(pdf)
    says(
        text,
        "Bordereau de pièces communiquées",
        "Contre Établissements Lefèvre & Fils",
        "Communiquées parAtelier Térébinthe",
        "3 pièces, 206 pages de copie",
        "Établi par relance le 21 juin 2026",
    )
    says(
        text,
        "Bon de livraison",
        "fichier bl n°12 é.pdf",
        "01/03/2026",
        "Tiers, selon le déclarant",
        "F-2026-014, entrée n° 12, sur l’entrée n° 2",
    )
    says(
        text,
        "original seul",
        "200sur 5 000",
        piece(1).sha256,
        "Documents désignés par le journal, non joints",
        "Mise en demeure du 1er mars 2026",
    )
    says(text, "Bordereau daté et signé par l’avocat (RIN, art. 5.5)", "Date :", "Signature et cachet :Me Anne Durand")
    assert not has(text, "La numérotation suit")


@pytest.mark.parametrize("numbers", [(2, 3), (1, 3), (41,)])
def test_numbers_that_begin_later_or_leave_holes_are_explained(numbers: tuple[int, ...]) -> None:
    text = squeezed(lists([Listed(piece(n), Shown(()), 1) for n in numbers]))
    says(
        text,
        "La numérotation suit l’ensemble des pièces communiquées à propos de ce débiteur",
        "commencer au-delà de 1 ou ne pas se suivre",
    )


def test_two_hundred_pieces_go_over_pages_with_the_head_repeated() -> None:
    rows = [Listed(piece(n, title=STRANGE if n == 7 else f"Pièce de rang {n}"), Shown(()), 1) for n in range(1, 201)]
    pages = texts(lists(rows, name=STRANGE))
    assert len(pages) > 10
    for page in pages:
        says(page.replace(" ", ""), "Provenance", "SHA-256 de l’original", f"/ {len(pages)}")
    whole = squeezed(lists(rows, name=STRANGE))
    assert all(has(whole, f"Pièce de rang {n}") for n in range(1, 201) if n != 7)
    says(whole, "<U+540D>", "#eval(sys)$x$ *gras*")


def test_a_piece_that_proves_many_invoices_goes_over_pages_too() -> None:
    many = replace(piece(1), invoices=tuple((f"F-{n:04d}", n, None) for n in range(1, 201)))
    text = squeezed(lists([Listed(many, Shown(()), 1)]))
    assert all(has(text, f"F-{n:04d}, entrée n° {n}") for n in range(1, 201))


def test_a_sign_shown_by_its_code_is_explained_and_nothing_else_is() -> None:
    said = "par son code Unicode, entre chevrons"
    plain, strange = piece(1), piece(2, title=STRANGE)
    shows = Text(("Texte",))
    assert not has(squeezed(lists([Listed(plain, Shown(()), 1)])), said)
    assert not has(squeezed(copy(plain, shows)), said)
    says(squeezed(lists([Listed(strange, Shown(()), 1)])), said)
    says(squeezed(copy(strange, shows)), said)
    says(squeezed(copy(plain, Text(("名前",)))), said)
    says(squeezed(copy(strange, NotShown("damaged"))), said)


def test_a_word_that_fits_its_cell_is_not_broken_and_no_break_is_a_character() -> None:
    named = replace(
        piece(1, title="Compte rendu téléphonique"), file="relance-du-16-mars-par-la-comptabilite-clients.pdf"
    )
    pdf = lists([Listed(named, Shown(()), 1)])
    assert "téléphonique" in words(pdf)
    with pikepdf.open(BytesIO(pdf)) as opened:
        maps = [each.read_bytes() for each in opened.objects if isinstance(each, pikepdf.Stream)]
    maps = [each for each in maps if b"begincmap" in each]
    assert maps
    assert not any(b"200B>" in each.upper() for each in maps)


def test_no_piece_makes_a_list_that_says_so() -> None:
    says(squeezed(lists([])), "Aucune pièce n’est jointe.", "0 pièce")


# The bytes


def test_two_processes_make_the_same_bytes() -> None:
    program = "from tests.adapters.documents.test_piece_pages import digests; print(*digests())"
    done = subprocess.run([sys.executable, "-c", program], cwd=HERE.parent, capture_output=True, text=True, check=True)
    assert done.stdout.split() == digests()


def test_an_image_without_its_mark_is_refused() -> None:
    seen = shown(hostile.plain(1), "pdf")
    assert isinstance(seen, Shown)
    with pytest.raises(AssertionError, match="each mark stands once"):
        completed(lists([]), seen.pages)
