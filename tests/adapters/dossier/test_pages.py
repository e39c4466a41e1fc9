"""The pages of a dossier: what they say, what they never say, and that they print whatever they are given."""

import hashlib
import json
import re
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from adapters.acts import Order
from adapters.documents import typeset
from adapters.documents.safe_text import PRINTABLE, safe_text
from adapters.dossier import container
from adapters.dossier.subject import wholes
from adapters.pieces import About, Given, add
from adapters.registry import Party
from domain.facts.invoicing import PieceKind
from domain.facts.procedure import TitleEnforceable
from domain.facts.recovery import ServiceProgressed
from tests.adapters.documents.page_text import has, says, squeezed, texts, words
from tests.adapters.dossier.archive import DEBTOR, NOW, Archive, unpacked
from tests.builders import PROCEEDING, day, escalated, granted, issued, order_served, paid, promised, withdrawn

HOSTILE = (
    "\x00\x07\u202eDUPONT\u202c\u2066 \ufffe\ue000",
    "名前株式会社 \U0001f600 عربي",
    '#read("/etc/passwd") $x$ *y* ]] #set text(red) "; #eval("1") \\ @label <label>',
    "W" * 300,
    "e\u0301 \u0301 n\u0303 Łódź Şahin Đặng Ивáн Ελλάδα",
)

TITLE = "Historique antérieur à la tenue du journal"


def pages(archive: Archive, streams: list[str], tmp_path: Path) -> bytes:
    """The pages of a fresh dossier."""
    made = archive.export(streams, tmp_path / f"{archive.app.store.position()}.asice")
    return unpacked(made.path)[container.PDF]


def test_the_pages_are_pdf_a_3a_tagged_french_and_without_script(archive: Archive, tmp_path: Path) -> None:
    opened = pikepdf.open(BytesIO(pages(archive, [archive.story()], tmp_path)))
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
    text = words(pages(archive, [archive.story()], tmp_path))
    for phrase in (
        "Atelier Térébinthe",
        "Lefèvre",
        "732 829 320",
        "69003 Lyon",
        "F-2026-014",
        "1 150,00 €",
        "Solde comptable (compte 411)1 050,00 €",
        "sans déduction des passages en pertes, 1 150,00 €",
        "100,00 € passés en pertes dans les comptes",
        "1 200,00 × 12,15 % × 33 / 365",
        "Lectures retenues sur les points discutés",
        "Retirée par l’entrée",
        "conclusion du journal",
        "reconstitué",
        "Empreinte salée SHA-256",
        "Aucune pièce n’est jointe à ce dossier.",
        "La facture elle-même n’est pas versée au dossier.",
        "La signature du journal est celle de son teneur",
        "Aucune autorité d’horodatage n’est configurée",
        "Il n’établit pas que les faits enregistrés sont vrais",
        "relance verify",
        "ne confronte le texte de ces pages aux entrées : seule leur empreinte est contrôlée",
        "la parole de l’auteur du dossier",
        "Claire Martin",
    ):
        assert phrase in text, phrase


def test_the_pages_name_the_log_its_key_and_the_checkpoint_before_the_export(archive: Archive, tmp_path: Path) -> None:
    stream = archive.story()
    made = archive.export([stream], tmp_path / "d.asice")
    files = unpacked(made.path)
    export = json.loads(files[container.EXPORT])
    (journal,) = [line.removeprefix("journal ") for line in files[container.KEYS].decode().splitlines()]
    text = squeezed(files[container.PDF])
    says(text, export["origin"], f"{export['previous']['size']} entrées, racine {export['previous']['root']}")
    says(text, hashlib.sha256(journal.encode()).hexdigest())


def test_what_was_known_before_the_log_is_told_apart(archive: Archive, tmp_path: Path) -> None:
    text = words(pages(archive, [archive.story()], tmp_path))
    chronology, _, before = text.rpartition(TITLE)
    assert "Paiement de 200,00 € reçu du débiteur" in before
    assert "Passage en pertes" in before
    assert "Paiement de 200,00 € reçu du débiteur" not in chronology
    assert "Relance n° 1 faite au débiteur" in chronology
    assert "Relance n° 1 faite au débiteur" not in before
    other = archive.customer(Party("C-8", "Sans passé", "trader"))
    assert "antérieur à la tenue" not in words(
        pages(archive, [archive.invoice("F-8", debtor=other)], tmp_path)
    ).replace("Ce qui est antérieur à la tenue du journal figure à la section suivante.", "")


def test_a_share_of_an_order_is_never_printed_as_the_order(archive: Archive, tmp_path: Path) -> None:
    streams = [archive.invoice("F-1", "700,00"), archive.invoice("F-2", "1 000,00")]
    archive.together(streams, [escalated("2026-04-10", "700,00"), escalated("2026-04-10", "1 000,00")])
    archive.together(streams, [granted("2026-04-20", "370,59"), granted("2026-04-20", "529,41")])
    text = squeezed(pages(archive, streams, tmp_path))
    says(
        text,
        "part de cette facture : principal 700,00 € (1 700,00 € pour l’ensemble de la procédure, 2 factures)",
        "part de cette facture : principal 370,59 € (900,00 € pour l’ensemble de la procédure, 2 factures)",
        "part de cette facture : principal 529,41 € (900,00 € pour l’ensemble de la procédure, 2 factures)",
    )
    assert not has(text, "injonction de payer, pour : principal")


def test_a_share_withdrawn_and_recorded_again_keeps_the_whole_of_its_own_act(archive: Archive, tmp_path: Path) -> None:
    streams = [archive.invoice("F-1", "700,00"), archive.invoice("F-2", "1 000,00")]
    archive.together(streams, [escalated("2026-04-10", "700,00"), escalated("2026-04-10", "1 000,00")])
    archive.together(streams, [granted("2026-04-20", "700,00"), granted("2026-04-20", "1 000,00")])
    newest = len(archive.app.stream(streams[0]).envelopes)
    today = archive.app.today.isoformat()
    for stream in streams:
        archive.record(stream, withdrawn(newest, today))
    archive.beside(withdrawn(2, today))
    archive.together(streams, [granted("2026-04-20", "370,59"), granted("2026-04-20", "529,41")])
    text = squeezed(pages(archive, streams, tmp_path))
    assert has(text, "part de cette facture : principal 370,59 € (900,00 € pour l’ensemble")
    assert not has(text, "part de cette facture : principal 370,59 € (1 700,00 €")


def test_a_proceeding_known_later_than_the_dossier_is_not_read(archive: Archive) -> None:
    streams = [archive.invoice("F-1", "700,00"), archive.invoice("F-2", "1 000,00")]
    before = archive.app.store.position()
    archive.together(streams, [escalated("2026-04-10", "700,00"), escalated("2026-04-10", "1 000,00")])
    history = archive.app.stream(streams[0]).history
    assert wholes(archive.app, history, before) == {}
    (whole,) = wholes(archive.app, history, archive.app.store.position()).values()
    assert (sum(head.cents for head in whole.heads), whole.invoices) == (170000, 2)


def test_the_claim_says_what_the_order_granted_when_it_is_less(archive: Archive, tmp_path: Path) -> None:
    stream = archive.invoice("F-1", "700,00")
    archive.together([stream], [escalated("2026-04-10", "700,00")])
    archive.together([stream], [granted("2026-04-20", "400,00")])
    row = "L’ordonnance du 20 avril 2026 accorde en principal"
    said = f"{row} 400,00 € pour cette facture : moins que le principal du décompte"
    assert has(squeezed(pages(archive, [stream], tmp_path)), said)
    archive.record(stream, paid("2026-05-01", "330,00"))
    assert not has(squeezed(pages(archive, [stream], tmp_path)), row)


def test_the_pieces_of_an_act_stand_beside_it_on_every_invoice_and_are_not_said_to_be_absent(
    archive: Archive, tmp_path: Path
) -> None:
    streams = [archive.invoice("F-1", "700,00"), archive.invoice("F-2", "1 000,00")]
    archive.together(streams, [escalated("2026-04-10", "700,00"), escalated("2026-04-10", "1 000,00")])
    archive.together(streams, [granted("2026-04-20", "700,00"), granted("2026-04-20", "1 000,00")])
    kinds: tuple[tuple[PieceKind, str], ...] = (("invoice", "2026-01-01"), ("ruling", "2026-04-20"))
    for kind, on in kinds:
        given = [Given(kind.encode(), f"{kind}.txt", kind)]
        add(archive.office, streams[0], given, About(kind, day(on)), Order(archive.app.today))
    text = squeezed(pages(archive, streams, tmp_path))
    said = re.split("Facturen°F-[12]", text.split("Lectures retenues".replace(" ", ""))[1].split("3.Pièces")[0])
    first, second = said[-2:]
    assert has(first, "31 janvier 2026.1déclaré")  # the issue, with its invoice
    assert not has(second, "31 janvier 2026.1déclaré")
    for each in (first, second):
        assert has(each, "2 factures).2déclaré"), each
    absent = text.split("Cequinefigurepasaudossier")[-1]
    assert not has(absent, "La copie de l’ordonnance")
    assert absent.count("Lafactureelle-mêmen’estpasverséeaudossier.") == 1


def test_a_promise_whose_day_passed_is_said_to_be_past(archive: Archive, tmp_path: Path) -> None:
    past = archive.invoice("F-1")
    archive.record(past, promised("2026-02-10", "2026-02-20"))
    first = texts(pages(archive, [past], tmp_path))[0].replace(" ", "")
    assert has(first, "promesse échue le 20 février 2026, issue non enregistrée")
    to_come = archive.invoice("F-2")
    archive.record(to_come, promised("2026-05-10", "2026-06-20"))
    first = texts(pages(archive, [to_come], tmp_path))[0].replace(" ", "")
    assert has(first, "promesse de paiement en cours")


def test_a_long_name_is_printed_without_a_character_that_it_has_not(tmp_path: Path) -> None:
    mail = "service.comptabilite.fournisseurs.grandscomptes@manufacture-constructions.example"
    other = Archive(tmp_path / "store", Party("C-2", f"Ateliers {'W' * 90}", "trader", email=mail))
    with pikepdf.open(BytesIO(pages(other, [other.invoice("F-3")], tmp_path))) as opened:
        maps = b"".join(
            each.read_bytes()
            for each in opened.objects
            if isinstance(each, pikepdf.Stream) and b"begincmap" in each.read_bytes()
        )
    assert maps
    assert b"200B>" not in maps.upper()
    other.close()


@pytest.mark.parametrize(("name", "is_said"), [("Ateliers \U0001f600", True), ("Ateliers Łódź", False)])
def test_a_sign_shown_by_its_code_is_explained(tmp_path: Path, name: str, *, is_said: bool) -> None:
    other = Archive(tmp_path / "store", Party("C-2", name, "trader"))
    text = squeezed(pages(other, [other.invoice("F-3")], tmp_path))
    assert has(text, "y figure par son code Unicode, entre chevrons") is is_said
    other.close()


def test_a_title_on_the_creditors_word_is_called_so_on_the_first_page(archive: Archive, tmp_path: Path) -> None:
    stream = archive.invoice("F-1", "700,00")
    archive.together([stream], [escalated("2026-04-10", "700,00")])
    archive.together([stream], [granted("2026-04-20", "700,00")])
    archive.record(stream, order_served("2026-04-22"))
    said = TitleEnforceable(basis="own_statement", on=day("2026-05-25"), proceeding=PROCEEDING)
    archive.record(stream, said)
    first = texts(pages(archive, [stream], tmp_path))[0].replace(" ", "")
    assert has(first, "titre exécutoire selon la déclaration du créancier")
    title = next(each for each in archive.app.stream(stream).envelopes if isinstance(each.fact, TitleEnforceable))
    archive.record(stream, withdrawn(title.version, archive.app.today.isoformat()))
    archive.record(stream, said.model_copy(update={"basis": "no_opposition_certificate"}))
    first = texts(pages(archive, [stream], tmp_path))[0].replace(" ", "")
    assert has(first, "titre exécutoire")
    assert not has(first, "selon la déclaration")


def test_a_sandbox_says_simulation_on_every_page_and_a_real_store_on_none(archive: Archive, tmp_path: Path) -> None:
    trial = archive.export([archive.story()], tmp_path / "trial.asice")
    assert trial.about["sandbox"] is True
    shown = texts(unpacked(trial.path)[container.PDF])
    assert len(shown) > 2
    assert all("SIMULATION – dossier" in page for page in shown)
    real = Archive(tmp_path / "real", sandbox=False)
    made = real.export([real.story()], tmp_path / "real.asice")
    assert made.about["sandbox"] is False
    for name, content in unpacked(made.path).items():
        if name.endswith(".pdf"):
            assert "SIMULATION" not in words(content), name
    real.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_print_as_text(tmp_path: Path, name: str) -> None:
    hostile = Archive(
        tmp_path / "store", Party("C-1", name, "trader", address=(name, name), email=name, legal_form=name)
    )
    stream = hostile.story(f"F {name}")
    made = hostile.export([stream], tmp_path / "d.asice")
    files = unpacked(made.path)
    for pdf in (container.PDF, "data/requete.pdf"):
        text = words(files[pdf])
        assert "root:" not in text
        assert "\u202e" not in text
        for word in safe_text(name).split()[:2]:
            assert word[:12] in text, pdf
    assert json.loads(files["data/parties/debiteur.json"])["email"] == name.strip()
    assert hostile.verified(made.path).verdict == "conform"
    hostile.close()


def test_sixty_events_break_over_pages_with_their_header(archive: Archive, tmp_path: Path) -> None:
    stream = archive.story()
    for _ in range(45):
        archive.record(stream, ServiceProgressed(act="ab" * 16, on=day("2026-05-20"), stage="presented"))
    made = archive.export([stream], tmp_path / "d.asice")
    assert made.events >= 60
    shown = texts(unpacked(made.path)[container.PDF])
    assert sum("Date d’effet" in page for page in shown) >= 3
    assert all(f"Page {n} / {len(shown)}" in page for n, page in enumerate(shown, start=1))


def test_what_a_font_has_not_is_named_and_what_hides_is_dropped() -> None:
    assert safe_text("名\u202e\x00a\ue000\u0301") == "<U+540D>a<U+0301>"
    assert safe_text("e\u0301") == "é"
    assert safe_text("a\nb\tc") == "a b c"
    assert safe_text("Œuvre « à 5 € » – N’y\u202f!") == "Œuvre « à 5 € » – N’y\u202f!"


def test_every_character_held_printable_is_printed(tmp_path: Path) -> None:
    every = "".join(sorted(PRINTABLE - {" "}))
    lines = tuple(every[at : at + 40] for at in range(0, len(every), 40))
    other = Archive(tmp_path / "store", Party("C-2", "Tout", "trader", address=lines, legal_form=every, registry=every))
    assert other.export([other.invoice("F-3")], tmp_path / "d.asice").path.exists()
    other.close()


def test_source_never_enters_a_template() -> None:
    templates = sorted(Path(typeset.__file__).with_name("templates").glob("*.typ"))
    assert len(templates) >= 7
    for template in templates:
        lines = [line for line in template.read_text().splitlines() if not line.lstrip().startswith("//")]
        source = "\n".join(lines)
        assert "eval(" not in source, template
        assert source.count("sys.inputs") == source.count("bytes(sys.inputs"), template  # as data, never as markup
        assert DEBTOR.name not in source, template
        assert NOW.isoformat() not in source, template


def test_the_pages_stand_on_what_was_before_the_closing_and_a_later_export_tells_the_earlier(
    archive: Archive, tmp_path: Path
) -> None:
    stream = archive.story()
    first = words(pages(archive, [stream], tmp_path))
    assert "Export d’un dossier" not in first
    second = words(pages(archive, [stream], tmp_path))
    assert "Export d’un dossier de recouvrement (empreinte du contenu commençant par" in second
    assert "communiquées :" not in second


def test_the_conclusions_of_the_calendar_are_recorded_before_the_pages_are_made(
    archive: Archive, tmp_path: Path
) -> None:
    stream = archive.issue("F-1", issued("100,00", "2026-06-01", "2026-06-10"))
    assert [each.fact.move for each in archive.app.stream(stream).envelopes] == ["InvoiceIssued"]
    text = words(pages(archive, [stream], tmp_path))
    assert "Arrivée du terme" in text
