"""A firm that takes a debtor to court, and the text of the pages it gets."""

import datetime as dt
import importlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pikepdf

from adapters import acts, invoicing
from adapters.bootstrap import Office
from adapters.clock import paris_day
from adapters.documents.court.case_file import CaseFile, Draft, PieceRef
from adapters.documents.pages import Told
from adapters.documents.stated import stated
from adapters.documents.summary import Exhibit
from adapters.insolvency import open_insolvency
from adapters.payments import Payment, pay
from adapters.procedure import escalate, order_step
from adapters.registry import Party
from domain.facts.fact import Fact
from domain.facts.procedure import Head
from domain.history import founding
from domain.law.readings import DEFAULTS
from projections.timeline import Recorded, timeline
from tests.adapters.office import Firm
from tests.builders import day, instant

ACME: Final = Party(
    "ACME", "Acme SARL", "trader", "732829320", ("12, rue de l’Œuvre", "69003 Lyon"), "", "SARL", "RCS Lyon"
)
CLIENT: Final = Party(
    "C042", "Établissements Lefèvre & Fils", "trader", "552100554", ("1, place du Marché", "75001 Paris"), "", "SAS"
)
NOW: Final = instant("2025-08-31T12:00:00+00:00")
HOSTILE: Final = (
    "\x00\x07\u202eDUPONT\u202c\u2066 \ufffe\ue000",
    "名前株式会社 \U0001f600 عربي",
    '#read("/etc/passwd") $x$ *y* ]] #set text(red) "; #eval("1") \\ @label <label>',
    "W" * 300,
    "e\u0301 \u0301 n\u0303 Łódź Şahin Đặng Ивáн Ελλάδα",
)


class Plaintiff(Firm):
    """A firm whose invoices of 2025 stay unpaid."""

    def __init__(self, folder: Path, today: str = "2025-05-01") -> None:
        super().__init__(folder, today)

    def issued(
        self, number: str = "F-1", total: str = "10 000,00", on: str = "2025-05-01", due: str = "2025-05-31", **how: Any
    ) -> str:
        """An invoice of its own day."""
        return self.invoice(number, total, on=on, due=due, **how)

    def drafted(
        self, number: str = "F-1", parts: Sequence[tuple[int, str]] = ((1_000_000, "2025-05-31"),), **terms: Any
    ) -> str:
        """An invoice of 1 May 2025, with terms of its own."""
        draft = invoicing.Draft(
            number=number, creditor=self.creditor, debtor=self.debtor(), issued_on=day("2025-05-01"), debtor_kind="trader",
            instalments=[(cents, day(due)) for cents, due in parts], **terms,
        )  # fmt: skip
        return invoicing.issue(self.office, draft, self.order("2025-05-01")).stream

    def paid(self, stream: str, on: str, cents: int) -> None:
        """Money came."""
        pay(self.office, stream, self.order(on), Payment(cents))

    def pursued(self, stream: str) -> None:
        """The debtor was reminded, and formally notified."""
        acts.remind(self.office, [stream], self.forced("2025-06-12"), channel="email")
        acts.notify(self.office, [stream], self.forced("2025-07-10"), form="lrar", deadline=day("2025-07-25"))

    def forced(self, on: str) -> acts.Order:
        """An order that goes past the policy."""
        return acts.Order(day(on), override="creditor_asked")

    def petitioned(self, streams: Sequence[str], on: str = "2025-08-31", **how: Any) -> None:
        """A petition was filed."""
        escalate(self.office, streams, self.forced(on), court="tc-lyon", **how)

    def court_step(self, stream: str, on: str, step: str, make: Callable[[str, tuple[Head, ...]], Fact]) -> None:
        """The court, or an officer of it, did something."""
        order_step(self.office, stream, self.order(on), make, step)

    def failed(self, on: str, published: str | None = None, kind: Any = "redressement", code: str = "C042") -> None:
        """Insolvency proceedings were opened against the debtor."""
        debtor = self.office.registry.debtor(code)
        open_insolvency(
            self.office, debtor, self.order(on), kind=kind, published_on=day(published) if published else None
        )

    def file(self, *streams: str, at: dt.datetime = NOW, **more: Any) -> CaseFile:
        """The case file of some invoices at an instant."""
        return replace(case_file(self.office, streams, at), **more)


def case_file(office: Office, streams: Sequence[str], at: dt.datetime) -> CaseFile:
    """What an export gives to the documents for a court."""
    return CaseFile(
        creditor=ACME,
        debtor=CLIENT,
        told=[_told(office, stream, paris_day(at)) for stream in streams],
        on=paris_day(at),
        generated_at=at,
        sandbox=True,
        position=office.app.store.position(),
        law=office.law,
        readings=DEFAULTS,
    )


def _told(office: Office, stream: str, on: dt.date) -> Told:
    loaded = office.app.stream(stream)
    issue = founding(loaded.history)
    assert issue is not None
    label = office.registry.number_in_french(stream.partition(":")[2], issue.debtor)
    recorded = [
        Recorded(
            version=each.version, position=each.position, fact=each.fact, recorded_at=each.recorded_at,
            recorded_on=paris_day(each.recorded_at), provenance=each.provenance, act=each.act,
        )
        for each in loaded.envelopes
    ]  # fmt: skip
    exhibit = Exhibit(stream, label, loaded.history, loaded.envelopes[-1].leaf)
    return Told(exhibit, timeline(recorded, {issue.number: label}), {}, stated(exhibit, on, office.law, DEFAULTS))


def pieces_of(*invoices: str) -> list[PieceRef]:
    """An invoice and an order form of each, then terms of all."""
    found: list[PieceRef] = []
    for number in invoices:
        found.append(PieceRef(len(found) + 1, f"Facture {number}", "invoice", (number,)))
        found.append(PieceRef(len(found) + 1, f"Bon de commande de {number}", "order_form", (number,)))
    return [*found, PieceRef(len(found) + 1, "Conditions générales de vente", "terms")]


def pages_of(draft: Draft) -> list[str]:
    """The text of each page, without its blanks: lines break where they may."""
    pdfium: Any = importlib.import_module("pypdfium2")  # it says nothing of its types
    document = pdfium.PdfDocument(draft.pdf)
    try:
        return [squeezed(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def text_of(draft: Draft) -> str:
    """The text of all pages, without its blanks."""
    return "".join(pages_of(draft))


def says(draft: Draft, *phrases: str) -> None:
    """Every phrase is on the pages."""
    text = text_of(draft)
    for phrase in phrases:
        assert squeezed(phrase) in text, phrase


def lacks(draft: Draft, *phrases: str) -> None:
    """No phrase is on the pages."""
    text = text_of(draft)
    for phrase in phrases:
        assert squeezed(phrase) not in text, phrase


def squeezed(text: str) -> str:
    """A text without its blanks, nor the places where a long word may break."""
    return "".join(text.replace("\u200b", "").split())


def is_archival(draft: Draft) -> bool:
    """PDF/A-3a and PDF/UA-1, tagged, in French, without script or link."""
    with pikepdf.open(BytesIO(draft.pdf)) as opened:
        with opened.open_metadata() as meta:
            marks = (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"])
        things = [thing for thing in opened.objects if isinstance(thing, pikepdf.Dictionary)]
        active = any({"/JavaScript", "/JS", "/Launch"} & set(thing.keys()) for thing in things)
        reaching = any(thing.get("/S") in {"/JavaScript", "/Launch", "/URI"} for thing in things)
        tagged = bool(opened.Root.MarkInfo.Marked) and "/OutputIntents" in opened.Root
        return marks == ("3", "A", "1") and tagged and not active and not reaching and str(opened.Root.Lang)[:2] == "fr"
