"""A store with a creditor, a debtor and invoices worth a dossier."""

import datetime as dt
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from adapters.application import Change, Context, new_id, plain
from adapters.bootstrap import Office
from adapters.clock import FixedClock
from adapters.dossier.export import Exported, export
from adapters.dossier.subject import Wanted
from adapters.registry import Party
from adapters.seal.kept import Seals
from adapters.store.envelope import Provenance
from adapters.store.folder import create, open_folder
from adapters.verification.bundle import BundleVerification, verify_bundle
from domain.decided import Desk
from domain.decisions import observe
from domain.facts.fact import Fact
from domain.facts.invoicing import InvoiceIssued
from domain.facts.procedure import EscalatedToInjonction, Head, OrdonnanceGranted
from domain.facts.recovery import ServiceProgressed
from domain.law.tables import Law
from domain.policy import standard
from tests.builders import (
    PROCEEDING,
    called,
    credited,
    day,
    escalated,
    granted,
    instant,
    issued,
    notified,
    order_served,
    paid,
    promised,
    reminded,
    reversed_,
    withdrawn,
    written_off,
)

CREDITOR = Party(
    "AT", "Atelier Térébinthe", "trader", "732829320", ("12, rue de l’Œuvre", "69003 Lyon"), "compta@t.example", "SARL"
)
DEBTOR = Party("C-1", "Établissements Lefèvre & Fils", "trader", "552100554", ("1, place du Marché", "75001 Paris"))
BEGUN = "2026-06-01T08:00:00+00:00"
NOW = instant("2026-06-20T12:00:00+00:00")


class Archive:
    """One store under way: its clock moves on at each entry."""

    def __init__(
        self, folder: Path, debtor: Party = DEBTOR, *, begun: str = BEGUN, sandbox: bool = True, law: Law | None = None
    ) -> None:
        create(folder, sandbox=sandbox)
        self.clock = FixedClock(instant(begun))
        self.office = Office(open_folder(folder), self.clock, "Claire Martin").signed_in()
        if law:
            self.office.law = self.office.app.law = law
        self.app, self.registry = self.office.app, self.office.registry
        self.creditor = self.registry.register(CREDITOR, on=day("2024-01-01"))
        self.debtor = self.customer(debtor)

    def customer(self, party: Party) -> str:
        """A debtor of the creditor."""
        return self.registry.register(party, on=day("2024-01-01"), creditor=self.creditor)

    def record(self, stream: str, *facts: Fact, provenance: Provenance = "declared", act: str | None = None) -> None:
        """Record what happened, with its conclusions, one command; an hour passes."""
        loaded = self.app.stream(stream)
        decided = observe(loaded.history, facts, Desk(self.app.today, standard()), step="record")
        self.app.append([Change(loaded, decided)], Context(command=new_id(), provenance=provenance, act=act))
        self.clock.at += dt.timedelta(hours=1)

    def invoice(self, number: str = "F-2026-014", total: str = "1 200,00", debtor: str = "") -> str:
        """Issue an invoice."""
        return self.issue(number, issued(total), debtor)

    def issue(self, number: str, fact: InvoiceIssued, debtor: str = "") -> str:
        """Issue an invoice as a fact says it."""
        owner = debtor or self.debtor
        id = self.registry.invoice_id(self.creditor, number, fact.on)
        key = self.registry.number_key(self.creditor, number).hex()
        self.record(
            f"invoice:{id}", fact.model_copy(update={"creditor": self.creditor, "debtor": owner, "number": key})
        )
        self.app.append([], Context(command=new_id(), records=[self.registry.reference_row(id, owner, number)]))
        return f"invoice:{id}"

    def story(self, number: str = "F-2026-014") -> str:
        """An invoice with a long history: version 7 (the first formal notice) is withdrawn."""
        stream, letter = self.invoice(number), new_id()
        self.record(stream, reminded("2026-02-02"), provenance="witnessed")
        self.record(stream, called("2026-02-10"))
        self.record(stream, promised("2026-02-10", "2026-02-20"))
        self.record(stream, paid("2026-02-21", "200,00"), provenance="imported")
        notice = notified("2026-03-01", "2026-03-21").model_copy(update={"document": "cd" * 32})
        self.record(stream, notice, act=letter)
        self.record(stream, ServiceProgressed(act=letter, on=day("2026-03-04"), proof="ef" * 32, stage="unclaimed"))
        self.record(stream, withdrawn(7, self.app.today.isoformat()))
        self.record(stream, credited("2026-03-05", "50,00"))
        self.record(stream, reversed_("2026-03-06", "200,00"))
        self.together([stream], [escalated("2026-04-10", "1 100,00")])
        self.together([stream], [granted("2026-04-20", "1 100,00")])
        self.record(stream, order_served("2026-05-02"))
        self.record(stream, written_off("2026-05-10", "100,00", whole=False), provenance="reconstructed")
        return stream

    def together(self, streams: Sequence[str], shares: Sequence[EscalatedToInjonction | OrdonnanceGranted]) -> None:
        """Record a step of the proceeding: each invoice's share, and the whole on the proceeding, in one act."""
        act = new_id()
        for stream, share in zip(streams, shares, strict=True):
            self.record(stream, share, act=act)
        whole = sum(head.cents for share in shares for head in share.heads if head.head == "principal")
        heads = (Head(cents=whole, head="principal"),)
        self.beside(shares[0].model_copy(update={"heads": heads}), act=act)

    def beside(self, fact: Fact, act: str | None = None) -> None:
        """Record a fact on the proceeding itself."""
        whole = self.app.stream(f"proceeding:{PROCEEDING}")
        self.app.append([Change(whole, plain([fact]))], Context(command=new_id(), act=act))

    def export(self, streams: Sequence[str], output: Path, at: dt.datetime = NOW, **wanted: Any) -> Exported:
        """Write the dossier at an instant; the clock of the store goes on from there."""
        self.clock.at = max(self.clock.at, at)
        return export(self.office, streams, output, Wanted(**wanted))

    def verified(self, path: Path) -> BundleVerification:
        """Verify a file under the key of the log."""
        return verify_bundle(path, Seals(self.app.store.tree.db).keys())

    def close(self) -> None:
        """Close its files."""
        self.office.close()


def unpacked(path: Path) -> dict[str, bytes]:
    """The files of a bundle."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
