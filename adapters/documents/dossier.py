"""The dossier of a debtor's invoices: one zip with the pages for the judge and the events as they were stored.

Same store, same invoices, same instant: same bytes. The internal part of the events and its salt never leave.
"""

import datetime as dt
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

from adapters.application import Relance, Stream
from adapters.clock import paris_day
from adapters.documents import bundle
from adapters.documents.pages import Told, pages
from adapters.documents.safe_text import safe
from adapters.documents.stated import block, stated
from adapters.documents.summary import Exhibit, summary
from adapters.lawbook import rulebook
from adapters.on_account import waiting
from adapters.registry import Registry, several
from adapters.store.envelope import Envelope, instant
from domain.errors import EvidenceBroken, Misuse
from domain.facts.invoicing import CreditNoteApplied, InvoiceIssued
from domain.facts.parties import PolicyAdopted
from domain.facts.procedure import EscalatedToInjonction, OrdonnanceGranted
from domain.history import History, founding, known, standing
from domain.law.readings import Readings
from domain.policy import parse_policy, standard
from projections.timeline import Breach, Recorded, timeline
from projections.wording.terms import Whole


@dataclass(frozen=True, slots=True)
class Exported:
    """A dossier that was written: where, its digest, the position it stands at, what it covers."""

    path: Path
    sha256: str
    position: int
    invoices: tuple[str, ...]
    events: int
    sandbox: bool


def export(
    app: Relance,
    registry: Registry,
    streams: Sequence[str],
    output: Path,
    *,
    generated_at: dt.datetime,
    chosen: Mapping[str, str] | None = None,
) -> Exported:
    """Write the dossier of invoices of one debtor, whole or not at all.

    Args:
        app: the open store.
        registry: who is who in it.
        streams: `invoice:…` ids, in the order of the pages.
        output: the file to make; its folder exists.
        generated_at: the instant of the export, in UTC; its day in Paris is the day of the figures.
        chosen: readings of contested points that stand above those of the creditor's policy.

    Raises:
        Misuse: no invoice, invoices of several debtors, a stream of another kind, or the output exists.
        NotFound: nothing is recorded of an invoice.
        EvidenceBroken: the log, or a rulebook it names, is not what was recorded.
    """
    if output.exists() or output.is_symlink():
        raise Misuse(f"{output} exists: a dossier never replaces a file, name another")
    wanted = several(streams)
    if not wanted or not all(stream.startswith("invoice:") for stream in wanted):
        raise Misuse("a dossier covers one or more invoices")
    position = app.store.position()
    loaded = [app.stream_or_fail(stream) for stream in wanted]
    files = _files(app, registry, loaded, position, generated_at, chosen or {})
    data = bundle.packed(files)
    _write(output, data)
    return Exported(
        output,
        hashlib.sha256(data).hexdigest(),
        position,
        tuple(wanted),
        files[bundle.EVENTS].count(b"\n"),
        app.folder.is_sandbox,
    )


def _files(
    app: Relance,
    registry: Registry,
    loaded: Sequence[Stream],
    position: int,
    generated_at: dt.datetime,
    chosen: Mapping[str, str],
) -> dict[str, bytes]:
    """Every file of the bundle."""
    on = paris_day(generated_at)
    issues = [_issue(stream, on) for stream in loaded]
    if len({(issue.creditor, issue.debtor) for issue in issues}) > 1:
        raise Misuse("a dossier covers the invoices of one debtor: make one for each")
    creditor, debtor = issues[0].creditor, issues[0].debtor
    parties = {
        "creditor": registry.party(f"creditor:{creditor}"),
        "debtor": registry.party(f"debtor:{debtor}"),
    }
    read = Readings({**_read_by_policy(app, creditor, position), **chosen})
    told: list[Told] = []
    leaves: dict[int, bytes] = {}
    for stream, issue in zip(loaded, issues, strict=True):
        envelopes = [each for each in stream.envelopes if each.position <= position]
        label = registry.number_in_french(stream.id.partition(":")[2], debtor)
        history = known(stream.history, position)
        exhibit = Exhibit(stream.id, label, history, envelopes[-1].leaf)
        numbers = _numbers(registry, issue, label, history)
        lines = timeline(_recorded(envelopes), numbers, wholes(app, history, position))
        told.append(Told(exhibit, lines, {}, stated(exhibit, on, app.law, read)))
        leaves |= {
            leaf.position: leaf.state for leaf in app.store.select_events(stream.id) if leaf.position <= position
        }
    laws = {each.law for stream in loaded for each in stream.envelopes if each.law and each.position <= position}
    judge, book = rulebook(app.law)
    sandbox, exhibits = app.folder.is_sandbox, [each.exhibit for each in told]
    resume = summary(
        exhibits,
        creditor=creditor,
        debtor=debtor,
        generated_at=instant(generated_at.astimezone(dt.UTC)),
        on=on,
        position=position,
        sandbox=sandbox,
    )
    resume["claim"] = block(exhibits, [each.claim for each in told], judge, read)
    files = {
        bundle.EVENTS: b"".join(bundle.event_line(at, leaves[at]) for at in sorted(leaves)),
        bundle.PARTIES: bundle.plain_json(
            {
                "creditor": {"id": creditor, **parties["creditor"].record()},
                "debtor": {"id": debtor, **parties["debtor"].record()},
            }
        ),
        bundle.SUMMARY: bundle.plain_json(resume),
        **{f"regles/{law}.json": _rulebook(app, law) for law in laws},
        f"regles/{judge}.json": book,
    }
    shown = pages(
        [replace(each, figures=figures) for each, figures in zip(told, resume["invoices"], strict=True)],
        creditor=parties["creditor"],
        debtor=parties["debtor"],
        generated_at=generated_at,
        on=on,
        position=position,
        sandbox=sandbox,
        on_account=waiting(app, debtor, on, position),
        files={name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    )
    files[bundle.PDF] = rendered(shown, generated_at)
    files[bundle.MANIFEST] = bundle.manifest(files)
    return files


def _read_by_policy(app: Relance, creditor: str, position: int) -> Mapping[str, str]:
    """How the policy that the creditor follows reads contested points."""
    history = standing(known(app.stream(f"creditor:{creditor}").history, position))
    adopted = [entry.fact for entry in history if isinstance(entry.fact, PolicyAdopted)]
    if not adopted:
        return standard().readings
    return parse_policy(_rulebook(app, adopted[-1].policy), file=adopted[-1].name).readings


def _issue(stream: Stream, on: dt.date) -> InvoiceIssued:
    issue = founding(stream.history)
    if issue is None:
        raise EvidenceBroken(f"{stream.id} holds no issue that stands")
    if issue.on > on:
        raise Misuse(f"an invoice is issued on {issue.on}, after the day of the dossier, {on}")
    return issue


def _numbers(registry: Registry, issue: InvoiceIssued, label: str, history: History) -> dict[str, str]:
    """The numbers of the invoice and of its credit notes, by the keyed hash that the facts hold."""
    notes = [entry.fact.number for entry in history if isinstance(entry.fact, CreditNoteApplied)]
    named = {number: registry.label(number, issue.debtor) for number in notes}
    return {issue.number: label} | {number: name for number, name in named.items() if name}


def wholes(app: Relance, history: History, position: int) -> dict[str, Whole]:
    """What the proceedings of an invoice hold in all, by act: a share is told beside the whole of its own act alone.

    An act is withdrawn on all that it touched, so that a withdrawn whole is beside withdrawn shares only.
    """
    shares = [entry.fact for entry in history if isinstance(entry.fact, EscalatedToInjonction | OrdonnanceGranted)]
    found = {}
    for proceeding in dict.fromkeys(share.proceeding for share in shares):
        for entry in known(app.stream(f"proceeding:{proceeding}").history, position):
            if entry.act and isinstance(entry.fact, EscalatedToInjonction | OrdonnanceGranted):
                touched = {stream for stream, _ in app.store.streams_of_act(entry.act)}
                invoices = sum(stream.startswith("invoice:") for stream in touched)
                found[entry.act] = Whole(entry.fact.heads, invoices)
    return found


def _recorded(envelopes: Sequence[Envelope]) -> list[Recorded]:
    return [
        Recorded(
            version=each.version,
            position=each.position,
            fact=each.fact,
            recorded_at=each.recorded_at,
            recorded_on=paris_day(each.recorded_at),
            provenance=each.provenance,
            act=each.act,
            breaches=tuple(Breach(found.rule, found.reference, found.consequence) for found in each.findings),
        )
        for each in envelopes
    ]


def _rulebook(app: Relance, digest: str) -> bytes:
    text = app.store.rulebook(digest)
    if text is None or hashlib.sha256(text).hexdigest() != digest:
        raise EvidenceBroken(f"the rulebook {digest} named by the log is {'changed' if text else 'missing'}")
    return text


def rendered(shown: dict[str, Any], at: dt.datetime) -> bytes:
    """The pages as PDF/A-3a and PDF/UA-1. Data goes in as JSON, never as source; fonts are those of the wheel."""
    import typst  # noqa: PLC0415 - heavy: only a document needs it

    with resources.as_file(resources.files("adapters.documents").joinpath("templates")) as folder:
        return typst.compile(
            str(folder / "dossier.typ"),
            root=str(folder),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(safe(shown), ensure_ascii=False)},
            pdf_standards=["a-3a", "ua-1"],
            timestamp=int(at.timestamp()),
            format="pdf",
        )


def _write(output: Path, data: bytes) -> None:
    """All or nothing: a file beside, made durable, then put in its place."""
    handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name[:50]}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(output)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
