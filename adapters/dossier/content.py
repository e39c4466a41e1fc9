"""What a dossier says: the files under `data/` that are no pages, made from what is disclosed alone."""

import hashlib
from importlib import resources
from typing import Any, Final

from adapters.application import Relance
from adapters.bootstrap import Office
from adapters.documents.stated import block
from adapters.documents.summary import summary
from adapters.dossier import container
from adapters.dossier.container import plain_json
from adapters.dossier.proofs import origin, previous
from adapters.dossier.subject import Subject
from adapters.lawbook import rulebook
from adapters.seal.stamps import Stamps
from adapters.store.envelope import instant
from domain.errors import EvidenceBroken
from domain.facts.invoicing import CreditNoteApplied

SCHEMA: Final = 1
VERIFIER: Final = ("FORMAT.md", "LISEZMOI.txt", "verify.py")


def written(office: Office, about: Subject) -> dict[str, bytes]:
    """The files that are no pages: figures, names, parties, originals, rules, certificates, verifier."""
    app = office.app
    judge, book = rulebook(office.law)
    laws = {each.law for shown in (*about.invoices, *about.proceedings) for each in shown.shown if each.law}
    files = {
        container.EXPORT: plain_json(_export(office, about)),
        container.SUMMARY: plain_json(resume(about, judge)),
        container.NAMES: plain_json(_names(office, about)),
        **about.parties.files,
        **{f"data/regles/{law}.json": _rulebook(app, law) for law in laws},
        f"data/regles/{judge}.json": book,
        **{path: each.certificates for path, each in zip(_certificates(app), Stamps(app).authorities(), strict=True)},
    }
    for piece in about.pieces:
        files[piece.original] = piece.content
        files |= {piece.card_file(n): added.card[1] for n, added in enumerate(piece.added) if added.card}
    shipped = resources.files("adapters.verifier")
    return files | {f"data/verifier/{name}": shipped.joinpath(name).read_bytes() for name in VERIFIER}


def _certificates(app: Relance) -> list[str]:
    return [f"data/certificats/tsa-{n:02d}.pem" for n, _ in enumerate(Stamps(app).authorities(), start=1)]


def resume(about: Subject, judge: str) -> dict[str, Any]:
    """The figures, with the claims by the rulebook that judged them."""
    exhibited = [each.exhibit for each in about.told]
    found = summary(
        exhibited,
        creditor=about.parties.creditor_id,
        debtor=about.parties.debtor_id,
        generated_at=instant(about.generated_at),
        on=about.on,
        position=about.position,
        sandbox=about.sandbox,
    )
    return found | {"claim": block(exhibited, [each.claim for each in about.told], judge, about.readings)}


def _export(office: Office, about: Subject) -> dict[str, Any]:
    app, before = office.app, previous(office.app)
    return {
        "authorities": [
            {"certificates": path, "name": each.name}
            for path, each in zip(_certificates(app), Stamps(app).authorities(), strict=True)
        ],
        "creditor": about.parties.creditor_id,
        "debtor": about.parties.debtor_id,
        "format": "relance.dossier",
        "generated_at": instant(about.generated_at),
        "kind": about.wanted.kind,
        "made_by": made_by(),
        "on": about.on.isoformat(),
        "origin": origin(app),
        "pieces": len(about.pieces),
        "position": about.position,
        "previous": {"root": before.checkpoint.root.hex(), "size": before.size} if before else None,
        "proceedings": [each.stream.id for each in about.proceedings],
        "redacted": about.wanted.redact,
        "sandbox": about.sandbox,
        "schema": SCHEMA,
        "streams": [each.stream.id for each in about.invoices],
        "withheld": about.withheld,
    }


def made_by() -> dict[str, str]:
    """What made the pages, so that an expert can make them again: versions, and the digests of the templates."""
    from importlib.metadata import version  # noqa: PLC0415 - slow to import

    templates = resources.files("adapters.documents").joinpath("templates")
    digests = {
        f"template {each.name}": hashlib.sha256(each.read_bytes()).hexdigest()
        for each in templates.iterdir()
        if each.name.endswith(".typ")
    }
    return {"relance": version("relance"), "typst": version("typst"), **digests}


def _names(office: Office, about: Subject) -> dict[str, Any]:
    """What the log names by a keyed hash or an opaque id: the maker's word."""
    people = {} if about.wanted.redact else {
        who: office.registry.actor_name(who)
        for shown in (*about.invoices, *about.proceedings)
        for each in shown.shown
        for who in (each.actor, each.done_by)
    }  # fmt: skip
    debtor = about.parties.debtor_id
    notes = {
        entry.fact.number: office.registry.label(entry.fact.number, debtor)
        for shown in about.invoices
        for entry in shown.history
        if isinstance(entry.fact, CreditNoteApplied)
    }
    return {
        "actors": people,
        "credit_notes": {number: name for number, name in notes.items() if name},
        "invoices": {each.exhibit.stream: each.exhibit.number for each in about.told},
    }


def _rulebook(app: Relance, digest: str) -> bytes:
    text = app.store.rulebook(digest)
    if text is None or hashlib.sha256(text).hexdigest() != digest:
        raise EvidenceBroken(f"the rulebook {digest} named by the log is {'changed' if text else 'missing'}")
    return text
