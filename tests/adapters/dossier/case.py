"""A firm with a debtor worth a dossier: invoices, pieces, confidential entries; its exports, read and verified by both verifiers."""

import datetime as dt
import importlib.util
import json
import sys
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from adapters.acts import dispute, notify
from adapters.application import Change, Context, new_id, plain
from adapters.dossier.container import unpacked
from adapters.dossier.export import Exported, again, export
from adapters.dossier.proofs import Ask
from adapters.dossier.subject import Wanted
from adapters.pieces import About, Given, add
from adapters.seal.authority import ask
from adapters.seal.kept import Seals
from adapters.seal.note import read_key
from adapters.store.envelope import Confidentiality
from adapters.verification.bundle import BundleVerification, verify_bundle
from domain.facts.fact import Fact
from domain.facts.invoicing import PieceKind
from tests.adapters.office import Firm
from tests.builders import day

NOTE = b"Bon de livraison n\xc2\xb0 12, re\xc3\xa7u sans r\xc3\xa9serve."
MAIL = b"From: a@debtor.example\nTo: compta@acme.example\nSubject: Re: F-1\n\nNous paierons fin mars.\n"


class Case(Firm):
    """A firm whose dossiers are exported."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "store")
        self.out = folder
        self.first = self.invoice("F-1")
        self.second = self.invoice("F-2", "300,00", due="2026-03-01")
        self.sleep_until("2026-04-01")

    def piece(
        self, stream: str, content: bytes = NOTE, title: str = "Bon de livraison", *, kind: PieceKind = "delivery_note",
        on: str = "2026-01-20", confidential: Confidentiality = "none",
    ) -> None:  # fmt: skip
        about = About(kind, day(on), confidentiality=confidential)
        add(self.office, stream, [Given(content, "fichier.txt", title)], about, self.order())

    def confide(self, stream: str, fact: Fact) -> None:
        """Record a fact that is marked confidential."""
        change = Change(self.office.app.stream(stream), plain([fact]))
        self.office.app.append([change], Context(command=new_id(), confidentiality="lawyer"))

    def notified(self, stream: str, on: str = "2026-03-10") -> None:
        order = replace(self.order(on), override="agreed")
        notify(self.office, [stream], order, form="lrar", deadline=day("2026-03-25"))

    def disputed(self, stream: str) -> None:
        dispute(self.office, stream, self.order(), cents=None, reason="quality")

    def export(
        self, *streams: str, name: str = "dossier.asice", wanted: Wanted | None = None, asking: Ask = ask
    ) -> Exported:
        return export(self.office, streams or (self.first, self.second), self.out / name, wanted or Wanted(), asking)

    def again(self, position: int, name: str = "again.asice") -> Exported:
        return again(self.office, position, self.out / name)

    @property
    def key(self) -> str:
        """The public key of the log, as it would be got from elsewhere."""
        return str(Seals(self.office.app.store.tree.db).keys()[-1])


def files(made: Exported) -> dict[str, bytes]:
    return unpacked(made.path.read_bytes())


def said(made: Exported, name: str) -> Any:
    return json.loads(files(made)[name])


def rows(made: Exported) -> list[dict[str, Any]]:
    """The lines of the journal."""
    return [json.loads(line) for line in files(made)["data/journal/evenements.jsonl"].splitlines()]


def facts(made: Exported) -> list[dict[str, Any]]:
    """The entries that are shown."""
    return [json.loads(row["leaf"]) for row in rows(made) if "leaf" in row]


def _shipped() -> Any:
    """The verifier that goes with each dossier, loaded as a program of its own."""
    path = resources.files("adapters.verifier").joinpath("verify.py")
    spec = importlib.util.spec_from_file_location("shipped_verifier", str(path))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


SHIPPED = _shipped()


def by_both(path: Path, *keys: str) -> tuple[BundleVerification, str]:
    """What both verifiers say of a file; held to say the same of each check that both make."""
    ours = verify_bundle(path, [read_key(key) for key in keys])
    theirs = SHIPPED.verify(path.read_bytes(), [SHIPPED.read_key(key) for key in keys])
    checks = {each.id: each.ok for each in theirs.checks}
    assert len(checks) == 11
    assert {each.id: each.ok for each in ours.checks if each.id in checks} == checks, "the two verifiers part"
    return ours, theirs.verdict


def conform(made: Exported, key: str) -> None:
    """Both verifiers find the file conform, with the key and without."""
    ours, theirs = by_both(made.path, key)
    assert [(each.id, each.detail) for each in ours.checks if not each.ok] == []
    assert (ours.verdict, theirs) == ("conform", "conform")
    ours, theirs = by_both(made.path)
    assert (ours.verdict, theirs) == ("conform_unpinned", "conform_unpinned")


def later(case: Case, days: int = 1) -> Case:
    case.clock.at += dt.timedelta(days=days)
    return case
