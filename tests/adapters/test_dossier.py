"""The dossier: what it holds, what it never holds, that it prints whatever it is given, and the same bytes twice."""

import hashlib
import json
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from adapters.application import Relance
from adapters.clock import FixedClock
from adapters.documents import bundle
from adapters.documents.dossier import rendered, wholes
from adapters.documents.safe_text import PRINTABLE, safe_text
from adapters.registry import Party
from adapters.store.folder import create, open_folder
from domain.errors import EvidenceBroken, Misuse, NotFound
from domain.facts.procedure import TitleEnforceable
from domain.facts.recovery import ServiceProgressed
from tests.adapters.exhibits import DEBTOR, NOW, Archive, unpacked
from tests.builders import PROCEEDING, day, escalated, granted, instant, order_served, paid, withdrawn
from tests.cli.conftest import Terminal, alone, fresh, relance, template

__all__ = ["alone", "fresh", "relance", "template"]

HOSTILE = (
    "\x00\x07\u202eDUPONT\u202c\u2066 \ufffe\ue000",
    "名前株式会社 \U0001f600 عربي",
    '#read("/etc/passwd") $x$ *y* ]] #set text(red) "; #eval("1") \\ @label <label>',
    "W" * 300,
    "e\u0301 \u0301 n\u0303 Łódź Şahin Đặng Ивáн Ελλάδα",
)


@pytest.fixture
def archive(app: Relance) -> Archive:
    return Archive(app)


def words(pdf: bytes) -> str:
    """The text of every page, read through the fonts' own maps to Unicode."""
    return " ".join(texts(pdf))


def texts(pdf: bytes) -> list[str]:
    """The text of each page."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        return [page_words(page) for page in opened.pages]


def page_words(page: pikepdf.Page) -> str:
    fonts = {name: unicode_map(font.ToUnicode.read_bytes()) for name, font in page.Resources.Font.items()}
    shown: list[str] = []
    current: dict[bytes, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands, operator = instruction.operands, instruction.operator
        if str(operator) == "Tf":
            current = fonts[str(operands[0])]
        elif str(operator) in {"Tj", "TJ"}:
            parts = list(operands[0]) if str(operator) == "TJ" else [operands[0]]
            codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
            shown.append("".join(current.get(codes[at : at + 2], "") for at in range(0, len(codes), 2)))
    return "".join(shown).replace("\u00a0", " ").replace("\u202f", " ").replace("\u200b", "")


def unicode_map(cmap: bytes) -> dict[bytes, str]:
    """Two-byte glyph codes to text."""
    pairs = re.findall(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>\s*\n", cmap)
    return {bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def test_a_dossier_holds_its_files_and_nothing_else(archive: Archive, tmp_path: Path) -> None:
    stream = archive.story()
    made = archive.export([stream], tmp_path / "d.zip")
    files = unpacked(made.path)
    law = next(each.law for each in archive.app.stream(stream).envelopes if each.law)
    assert sorted(files) == sorted([*bundle.FIXED, f"regles/{law}.json"])
    assert made.sha256 == hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert made.events == len(archive.app.stream(stream).envelopes)
    assert made.position == archive.app.store.position()
    lines = [json.loads(line) for line in files[bundle.EVENTS].splitlines()]
    stored = dict(archive.app.store.rows(0, made.position))
    assert all(stored[line["position"]] == line["leaf"].encode() for line in lines)
    assert [line["position"] for line in lines] == sorted(line["position"] for line in lines)


def test_the_archive_is_stored_sorted_dated_1980(archive: Archive, tmp_path: Path) -> None:
    made = archive.export([archive.story()], tmp_path / "d.zip")
    with zipfile.ZipFile(made.path) as opened:
        members = opened.infolist()
    assert [member.filename for member in members] == sorted(member.filename for member in members)
    assert {(member.compress_type, member.date_time, member.external_attr >> 16) for member in members} == {
        (zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0), 0o100644)
    }


def test_no_salt_no_internal_part_and_no_other_stream_leaves(archive: Archive, tmp_path: Path) -> None:
    stream, other = archive.story(), archive.invoice("F-OTHER", "77,00")
    content = archive.export([stream], tmp_path / "d.zip").path.read_bytes()
    for envelope in archive.app.stream(stream).envelopes:
        assert envelope.internal[:16] not in content
        assert envelope.internal[:16].hex().encode() not in content
    assert other.encode() not in content
    assert f"debtor:{archive.debtor}".encode() not in content


def test_figures_are_the_claim_and_the_books_told_apart(archive: Archive, tmp_path: Path) -> None:
    first, second = archive.story(), archive.invoice("F-2", "300,00")
    archive.record(second, paid("2026-03-01", "100,00"))
    resume = json.loads(unpacked(archive.export([first, second], tmp_path / "d.zip").path)[bundle.SUMMARY])
    one, two = resume["invoices"]
    assert (one["total_cents"], one["paid_cents"], one["credited_cents"]) == (120000, 0, 5000)
    assert (one["remaining_cents"], one["written_off_cents"], one["book_residual_cents"]) == (115000, 10000, 105000)
    assert (two["number"], two["remaining_cents"]) == ("F-2", 20000)
    assert resume["totals"]["remaining_cents"] == 135000
    first_claim, second_claim = resume["claim"]["invoices"]
    assert (first_claim["principal_cents"], first_claim["total_cents"]) == (115000, 124414)
    assert (first_claim["book_residual_cents"], first_claim["difference_cents"]) == (105000, {"written_off": 10000})
    assert second_claim["difference_cents"] == {"paid_to_interest": 290}
    assert resume["claim"]["totals"]["total_cents"] == 124414 + second_claim["total_cents"]
    assert resume["sandbox"] is True
    assert one["state"]["procedure"] == "served"


def test_the_pages_are_pdf_a_3a_tagged_french_and_without_script(archive: Archive, tmp_path: Path) -> None:
    pdf = unpacked(archive.export([archive.story()], tmp_path / "d.zip").path)[bundle.PDF]
    opened = pikepdf.open(BytesIO(pdf))
    with opened.open_metadata() as meta:
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("3", "A", "1")
    assert str(opened.Root.Lang) in {"fr", "fr-FR"}
    assert opened.Root.MarkInfo.Marked
    assert "/OutputIntents" in opened.Root
    for thing in opened.objects:
        if isinstance(thing, pikepdf.Dictionary):
            assert not {"/JavaScript", "/JS", "/Launch"} & set(thing.keys())
            assert thing.get("/S") not in {"/JavaScript", "/Launch", "/URI"}


def test_the_pages_say_what_they_must(archive: Archive, tmp_path: Path) -> None:
    text = words(unpacked(archive.export([archive.story()], tmp_path / "d.zip").path)[bundle.PDF])
    for phrase in (
        "Atelier Térébinthe",
        "Lefèvre",
        "732 829 320",
        "69003 Lyon",
        "F-2026-014",
        "1 150,00 €",
        "Solde comptable (compte 411)1 050,00 €",
        "100,00 € passés en pertes dans les comptes",
        "1 200,00 × 12,15 % × 33 / 365",
        "Lectures retenues sur les points discutés",
        "Retirée par l’entrée",
        "conclusion du",
        "reconstitué",
        "Empreinte salée SHA-256",
        "n’est pas encore scellé par un tiers",
        "relance verify",
        "n’en contrôle que l’empreinte",
        "la parole de l’auteur du dossier",
    ):
        assert phrase in text, phrase


def seen(archive: Archive, streams: list[str], tmp_path: Path) -> str:
    """The text of the pages of a fresh dossier, the blanks of its line ends closed."""
    made = archive.export(streams, tmp_path / f"{archive.app.store.position()}.zip")
    return words(unpacked(made.path)[bundle.PDF]).replace(" ", "")


def has(text: str, phrase: str) -> bool:
    """Whether pages say a phrase, wherever their lines break."""
    return phrase.replace(" ", "") in text


def test_a_share_of_an_order_is_never_printed_as_the_order(archive: Archive, tmp_path: Path) -> None:
    streams = [archive.invoice("F-1", "700,00"), archive.invoice("F-2", "1 000,00")]
    archive.together(streams, [escalated("2026-04-10", "700,00"), escalated("2026-04-10", "1 000,00")], "1 700,00")
    archive.together(streams, [granted("2026-04-20", "370,59"), granted("2026-04-20", "529,41")], "900,00")
    text = seen(archive, streams, tmp_path)
    for phrase in (
        "part de cette facture : principal 700,00 € (1 700,00 € pour l’ensemble de la procédure, 2 factures)",
        "part de cette facture : principal 370,59 € (900,00 € pour l’ensemble de la procédure, 2 factures)",
        "part de cette facture : principal 529,41 € (900,00 € pour l’ensemble de la procédure, 2 factures)",
    ):
        assert has(text, phrase), phrase
    assert not has(text, "injonction de payer, pour : principal")


def test_a_share_withdrawn_and_recorded_again_keeps_the_whole_of_its_own_act(archive: Archive, tmp_path: Path) -> None:
    streams = [archive.invoice("F-1", "700,00"), archive.invoice("F-2", "1 000,00")]
    archive.together(streams, [escalated("2026-04-10", "700,00"), escalated("2026-04-10", "1 000,00")], "1 700,00")
    archive.together(streams, [granted("2026-04-20", "700,00"), granted("2026-04-20", "1 000,00")], "1 700,00")
    newest = len(archive.app.stream(streams[0]).envelopes)
    today = archive.app.today.isoformat()
    for stream in streams:
        archive.record(stream, withdrawn(newest, today))
    archive.beside(withdrawn(2, today))
    archive.together(streams, [granted("2026-04-20", "370,59"), granted("2026-04-20", "529,41")], "900,00")
    text = seen(archive, streams, tmp_path)
    assert has(text, "part de cette facture : principal 370,59 € (900,00 € pour l’ensemble")
    assert not has(text, "part de cette facture : principal 370,59 € (1 700,00 €")


def test_a_proceeding_known_later_than_the_dossier_is_not_read(archive: Archive) -> None:
    streams = [archive.invoice("F-1", "700,00"), archive.invoice("F-2", "1 000,00")]
    before = archive.app.store.position()
    archive.together(streams, [escalated("2026-04-10", "700,00"), escalated("2026-04-10", "1 000,00")], "1 700,00")
    history = archive.app.stream(streams[0]).history
    assert wholes(archive.app, history, before) == {}
    (whole,) = wholes(archive.app, history, archive.app.store.position()).values()
    assert (sum(head.cents for head in whole.heads), whole.invoices) == (170000, 2)


def test_the_claim_says_what_the_order_granted_when_it_is_less(archive: Archive, tmp_path: Path) -> None:
    stream = archive.invoice("F-1", "700,00")
    archive.record(stream, escalated("2026-04-10", "700,00"))
    archive.record(stream, granted("2026-04-20", "400,00"))
    row = "L’ordonnance du 20 avril 2026 accorde en principal"
    assert has(
        seen(archive, [stream], tmp_path), f"{row} 400,00 € pour cette facture : moins que le principal du décompte"
    )
    archive.record(stream, paid("2026-05-01", "330,00"))
    assert not has(seen(archive, [stream], tmp_path), row)


def test_a_title_on_the_creditors_word_is_called_so_on_the_first_page(archive: Archive, tmp_path: Path) -> None:
    stream = archive.invoice("F-1", "700,00")
    archive.record(stream, escalated("2026-04-10", "700,00"), granted("2026-04-20", "700,00"))
    archive.record(stream, order_served("2026-04-22"))
    said = TitleEnforceable(basis="own_statement", on=day("2026-05-25"), proceeding=PROCEEDING)
    archive.record(stream, said)
    first = texts(unpacked(archive.export([stream], tmp_path / "d.zip").path)[bundle.PDF])[0].replace(" ", "")
    assert has(first, "titre exécutoire selon la déclaration du créancier")
    archive.record(stream, withdrawn(len(archive.app.stream(stream).envelopes), archive.app.today.isoformat()))
    archive.record(stream, said.model_copy(update={"basis": "no_opposition_certificate"}))
    first = texts(unpacked(archive.export([stream], tmp_path / "e.zip").path)[bundle.PDF])[0].replace(" ", "")
    assert has(first, "titre exécutoire")
    assert not has(first, "selon la déclaration")


def test_a_dossier_of_another_day_is_misuse(relance: Terminal, tmp_path: Path) -> None:
    said = relance("dossier F-1 --on 2026-05-31 --output d.zip")
    assert (said.code, said.out) == (2, "")
    assert "a dossier shows the day it is made; use `replay --as-of` for another day" in " ".join(said.err.split())
    assert not (tmp_path / "d.zip").exists()
    relance.well("dossier F-1 --on 2026-06-01 --output d.zip")


def test_a_sandbox_says_simulation_on_every_page_and_a_real_store_on_none(app: Relance, tmp_path: Path) -> None:
    made = Archive(app)
    pdf = unpacked(made.export([made.story()], tmp_path / "trial.zip").path)[bundle.PDF]
    pages = texts(pdf)
    assert len(pages) > 2
    assert all("SIMULATION – dossier" in page for page in pages)
    create(tmp_path / "real")
    folder = open_folder(tmp_path / "real")
    real = Archive(Relance(folder, FixedClock(instant("2026-06-01T08:00:00+00:00")), "ab" * 16))
    made_real = real.export([real.story()], tmp_path / "real.zip")
    assert not made_real.sandbox
    assert "SIMULATION" not in words(unpacked(made_real.path)[bundle.PDF])
    folder.close()


def test_the_same_inputs_make_the_same_bytes(archive: Archive, tmp_path: Path) -> None:
    stream = archive.story()
    first = archive.export([stream], tmp_path / "a.zip")
    second = archive.export([stream], tmp_path / "b.zip")
    assert first.path.read_bytes() == second.path.read_bytes()
    later = archive.export([stream], tmp_path / "c.zip", instant("2026-06-21T12:00:00+00:00"))
    assert later.sha256 != first.sha256


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_print_as_text(app: Relance, tmp_path: Path, name: str) -> None:
    hostile = Archive(app, Party("C-1", name, "trader", address=(name, name), email=name, legal_form=name))
    stream = hostile.story(f"F {name}")
    files = unpacked(hostile.export([stream], tmp_path / "d.zip").path)
    text = words(files[bundle.PDF])
    assert "root:" not in text
    assert "\u202e" not in text
    for word in safe_text(name).split()[:2]:
        assert word[:12] in text
    assert json.loads(files[bundle.PARTIES])["debtor"]["email"] == name.strip()


def test_sixty_events_break_over_pages_with_their_header(archive: Archive, tmp_path: Path) -> None:
    stream = archive.story()
    for _ in range(45):
        archive.record(stream, ServiceProgressed(act="ab" * 16, on=day("2026-05-20"), stage="presented"))
    made = archive.export([stream], tmp_path / "d.zip")
    assert made.events >= 60
    pages = texts(unpacked(made.path)[bundle.PDF])
    assert sum("Date d’effet" in page for page in pages) >= 3
    assert all(f"Page {n} / {len(pages)}" in page for n, page in enumerate(pages, start=1))


def test_what_a_font_has_not_is_named_and_what_hides_is_dropped() -> None:
    assert safe_text("名\u202e\x00a\ue000\u0301") == "<U+540D>a<U+0301>"
    assert safe_text("e\u0301") == "é"
    assert safe_text("a\nb\tc") == "a b c"
    assert safe_text("Œuvre « à 5 € » – N’y\u202f!") == "Œuvre « à 5 € » – N’y\u202f!"


def test_every_character_held_printable_is_printed(archive: Archive, tmp_path: Path) -> None:
    every = "".join(sorted(PRINTABLE - {" "}))
    lines = tuple(every[at : at + 40] for at in range(0, len(every), 40))
    other = Archive(archive.app, Party("C-2", "Tout", "trader", address=lines, legal_form=every, registry=every))
    assert other.export([other.invoice("F-3")], tmp_path / "d.zip").path.exists()


def test_one_debtor_only(archive: Archive, tmp_path: Path) -> None:
    first = archive.invoice()
    other = archive.registry.register(Party("C-9", "Autre", "trader"), on=day("2026-01-01"), creditor=archive.creditor)
    second = archive.invoice("F-9", debtor=other)
    for streams in ([first, second], [], [f"debtor:{archive.debtor}"]):
        with pytest.raises(Misuse, match="dossier covers"):
            archive.export(streams, tmp_path / "d.zip")
    with pytest.raises(NotFound):
        archive.export([f"invoice:{'0' * 32}"], tmp_path / "d.zip")
    assert list(tmp_path.glob("*.zip")) == []


def test_a_file_is_never_replaced_and_nothing_is_left_half_written(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream, out = archive.invoice(), tmp_path / "out"
    out.mkdir()
    (out / "d.zip").write_text("mine")
    with pytest.raises(Misuse, match="exists"):
        archive.export([stream], out / "d.zip")
    assert (out / "d.zip").read_text() == "mine"

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        archive.export([stream], out / "other.zip")
    assert sorted(each.name for each in out.iterdir()) == ["d.zip"]


def test_a_day_before_the_issue_is_misuse(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="issued on"):
        archive.export([archive.invoice()], tmp_path / "d.zip", instant("2025-12-01T00:00:00+00:00"))


def test_a_missing_rulebook_is_broken_evidence(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = archive.invoice()
    monkeypatch.setattr(archive.app.store, "rulebook", lambda _: None)
    with pytest.raises(EvidenceBroken, match="missing"):
        archive.export([stream], tmp_path / "d.zip")


def test_source_never_enters_the_template() -> None:
    source = Path(rendered.__code__.co_filename).with_name("templates").joinpath("dossier.typ").read_text()
    assert "eval(" not in source
    assert source.count("sys.inputs") == 2  # the comment and the one reading
    assert DEBTOR.name not in source
    assert NOW.isoformat() not in source
