"""The whole of a dossier before it is closed: files, pages, pieces, drafts for the court, and what is not on file."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from adapters.bootstrap import Office
from adapters.clock import SystemClock
from adapters.documents.compact import compacted
from adapters.documents.pages import Annexed, Frame, Seal, Told, pages
from adapters.documents.typeset import rendered
from adapters.dossier import container, content, drafts, proofs
from adapters.dossier.copies import Copies, Tell, copies
from adapters.dossier.subject import Subject
from adapters.on_account import waiting
from adapters.seal.authority import Authority
from adapters.seal.kept import Seals
from adapters.seal.stamps import Stamps
from projections.gaps import Gap, gaps
from projections.on_file import attached_to_acts
from projections.wording.gaps import absent
from projections.wording.pieces import KIND


@dataclass(frozen=True, slots=True)
class Assembled:
    """The files under `data/` that the closing entry seals, and what is said of them at the terminal.

    Attributes:
        gaps: what is not on file, by the number of the invoice.
        blanks: codes of the mentions that a draft leaves to complete.
        remarks: what could not be done as wanted: a piece that cannot be shown, a lot above the limit.
        level: of the seal of the pages, where a certificate is configured.
    """

    files: dict[str, bytes]
    gaps: tuple[tuple[str, Gap], ...]
    blanks: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    level: str = ""


def missing(about: Subject, office: Office) -> tuple[tuple[str, Gap], ...]:
    """What is not on file of each invoice."""
    shared = attached_to_acts(each.history for each in about.invoices)
    return tuple(
        (told.exhibit.number, gap)
        for told, shown in zip(about.told, about.invoices, strict=True)
        for gap in gaps(
            shown.stream.id,
            shown.history,
            on=about.on,
            law=office.law,
            provenance={each.version: each.provenance for each in shown.shown},
            shared=shared,
        )
    )


def assembled(office: Office, about: Subject, tell: Tell | None = None) -> Assembled:
    """Everything that the closing entry seals.

    Raises:
        Misuse: a declaration of claim, and no insolvency is on record.
    """
    found = missing(about, office)
    files = content.written(office, about)
    summed = json.loads(files[container.SUMMARY])
    told = [replace(each, figures=figures) for each, figures in zip(about.told, summed["invoices"], strict=True)]
    lacking = [
        (told.exhibit.number, sentences)
        for told in about.told
        if (sentences := absent(gap for number, gap in found if number == told.exhibit.number))
    ]
    copied = copies(about, tell)
    draft = drafts.made(office, about, told)
    files |= copied.files | draft.files
    main, level, why = _main(office, about, told, files, copied, lacking)
    files[container.PDF] = main
    remarks = (*_shown_anyway(about), *copied.remarks, *draft.remarks, *((why,) if why else ()))
    return Assembled(files, found, draft.missing, remarks, level)


def _shown_anyway(about: Subject) -> list[str]:
    """What was marked confidential and leaves all the same."""
    numbers = {each.exhibit.stream: each.exhibit.number for each in about.told}
    return [
        f"entry {each.version} of {numbers.get(shown.stream.id, shown.stream.id)} is marked confidential and is shown all the same: what"
        " bears on the claim is never withheld"
        for shown in (*about.invoices, *about.proceedings)
        for each in shown.shown_anyway
    ]


def _main(
    office: Office,
    about: Subject,
    told: Sequence[Told],
    files: Mapping[str, bytes],
    copied: Copies,
    lacking: Sequence[tuple[str, Sequence[str]]],
) -> tuple[bytes, str, str]:
    """The pages for the judge, sealed where a certificate is configured: bytes, level, why it is not the highest."""
    frame = _frame(office, about, files, copied, lacking)
    entries = b"".join(leaf + b"\n" for _, leaf in sorted(at for each in about.invoices for at in each.leaves.items()))
    attached = {"entries": entries.decode(), "summary": files[container.SUMMARY].decode()}
    pdf = compacted(rendered("dossier.typ", pages(told, frame), about.generated_at, attached))
    if about.wanted.cachet is None:
        return pdf, "", ""
    from adapters.seal.cachet import signed  # noqa: PLC0415 - heavy: only where a certificate is configured

    sealed = signed(pdf, about.wanted.cachet, _authorities(office), SystemClock().now())
    why = f"the pages are sealed at {sealed.level}, not B-LTA: {sealed.why}" if sealed.why else ""
    return sealed.pdf, sealed.level, why


def _authorities(office: Office) -> list[Authority]:
    return Stamps(office.app).authorities()


def _frame(
    office: Office,
    about: Subject,
    files: Mapping[str, bytes],
    copied: Copies,
    lacking: Sequence[tuple[str, Sequence[str]]],
) -> Frame:
    shown = [each for invoice in about.invoices for each in invoice.shown]
    doers = {each.position: each.done_by for each in shown}
    people = {} if about.wanted.redact else {who: office.registry.actor_name(who) for who in set(doers.values())}
    return Frame(
        creditor=about.parties.creditor,
        debtor=about.parties.debtor,
        generated_at=about.generated_at,
        on=about.on,
        position=about.position,
        sandbox=about.sandbox,
        on_account=waiting(office.app, about.parties.debtor_id, about.on, about.position),
        files={
            name.removeprefix(container.DATA): hashlib.sha256(data).hexdigest()
            for name, data in files.items()
            if not name.startswith(("data/originaux/", "data/fiches/", "data/rpva/", "data/verifier/"))
        },
        pieces=[
            Annexed(
                number=each.number,
                title=each.first.title,
                kind=KIND[each.first.fact.kind],
                on=each.first.fact.on,
                origin=copied.origins[each.number],
                sha256=each.sha256,
                document=each.document,
                entries=[(added.stream, added.version, added.fact.of) for added in each.added],
            )
            for each in about.pieces
        ],
        people=people,
        doers=doers,
        absent=lacking,
        withheld=about.withheld,
        redacted=about.wanted.redact,
        kind=about.wanted.kind,
        seal=_seal(office),
    )


def _seal(office: Office) -> Seal:
    seals, before = Seals(office.app.store.tree.db), proofs.previous(office.app)
    return Seal(
        origin=proofs.origin(office.app),
        keys=[(each.name, each.digest) for each in seals.keys()[-1:]],
        previous=(before.size, before.checkpoint.root.hex()) if before else None,
        authorities=[each.name for each in _authorities(office)],
    )
