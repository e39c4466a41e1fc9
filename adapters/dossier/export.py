"""`dossier`: close the evidence of invoices in the log, seal it, and give it as one file; the same bytes again from the same export.

In this order (EVIDENCE, section 4): the pages and files are made from what stands at one position; a closing entry that carries their
digest is appended to every stream, and the files are kept in the same transaction; the log is signed and the proofs made; the container
is stamped; the file is written. Cut off before the closing entry, nothing happened. Cut off after it, `dossier --export N` goes on.
"""

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eventsourcing.persistence import IntegrityError

from adapters.application import TRIES, Change, Context, Relance, Stream, new_id, plain
from adapters.bootstrap import Office
from adapters.dossier import container, exhibits, journal, kept, proofs
from adapters.dossier.assembly import Assembled, assembled, missing
from adapters.dossier.copies import Tell
from adapters.dossier.disclosure import disclosed
from adapters.dossier.kept import Closed
from adapters.dossier.proofs import Ask
from adapters.dossier.subject import Subject, Wanted, issue_of, parties_of, subject
from adapters.piece_files import write_whole
from adapters.registry import several
from adapters.seal.authority import ask
from adapters.seal.checkpoint import checkpoint_of
from adapters.seal.kept import Seals
from adapters.seal.note import read_note
from adapters.seal.sealing import checkpoint
from adapters.seal.stamps import Stamps
from adapters.verification.bundle import verify_bytes
from domain.errors import Conflict, EvidenceBroken, InvalidInput, Misuse, NotFound
from domain.facts.invoicing import DossierExported, InvoiceIssued
from domain.facts.procedure import EscalatedToInjonction
from domain.history import add, standing
from projections.gaps import Gap

STEP = "dossier"


@dataclass(frozen=True, slots=True)
class Exported:
    """A dossier that was given: the file, its digest, the export it is, what it covers, what waits."""

    path: Path
    sha256: str
    closed: Closed
    content: str
    about: Mapping[str, Any]
    numbers: tuple[str, ...]
    events: int
    checkpoint: int
    stamps: int
    stamped_since: int
    waiting: tuple[tuple[str, str], ...] = ()
    made: Assembled | None = None


def export(
    office: Office, streams: Sequence[str], output: Path, wanted: Wanted, asking: Ask = ask, tell: Tell | None = None
) -> Exported:
    """Close, seal and write the dossier of invoices of one debtor, whole or not at all.

    Args:
        office: the open store.
        streams: `invoice:…` ids, in the order of the pages.
        output: the file to make; its folder exists.
        wanted: what is asked for.
        asking: how an authority is asked.
        tell: told how far the copies of the pieces are.

    Raises:
        Misuse: no invoice, invoices of several debtors, a stream of another kind, or the output exists.
        NotFound: nothing is recorded of an invoice, or the personal data of its debtor were erased.
        EvidenceBroken: the log, or a rulebook it names, is not what was recorded.
        Conflict: others recorded on the same invoices each time.
    """
    _is_free(output)
    named = several(streams)
    if not named or not all(stream.startswith("invoice:") for stream in named):
        raise Misuse("a dossier covers one or more invoices")
    office.signed_in()
    for _ in range(TRIES):
        loaded, proceedings = _standing(office, named)
        about = subject(office, loaded, proceedings, wanted, office.app.store.reached(office.app.clock.now()))
        made = assembled(office, about, tell)
        try:
            closed = _closed(office, about, made.files)
        except IntegrityError:
            continue
        return _given(office, closed, made.files, output, asking, about, made)
    raise Conflict("others recorded on the same invoices each time: nothing was exported; try again")


def lacking(office: Office, streams: Sequence[str], wanted: Wanted) -> tuple[tuple[str, Gap], ...]:
    """What a dossier of these invoices would not hold, by number of invoice; records nothing.

    Raises:
        Misuse, NotFound, EvidenceBroken: as `export`.
    """
    loaded = [office.app.stream_or_fail(stream) for stream in several(streams)]
    exportable(office, loaded)
    return missing(subject(office, loaded, [], wanted, office.app.store.reached(office.app.clock.now())), office)


def again(office: Office, position: int, output: Path, asking: Ask = ask) -> Exported:
    """The same bytes of an export that was closed at a position.

    Raises:
        Misuse: the output exists.
        NotFound: no export is there, or it was erased with the debtor's data.
        EvidenceBroken: what was kept is not what was closed.
    """
    _is_free(output)
    closed = kept.closed_at(office.app, position)
    files = kept.data(office.app, closed)
    return _given(office, closed, files, output, asking)


def _is_free(output: Path) -> None:
    if output.exists() or output.is_symlink():
        raise Misuse(f"{output} exists: a dossier never replaces a file, name another")
    if not output.parent.is_dir():
        raise NotFound(f"there is no folder {output.parent}: make it, or name another")
    try:
        tempfile.TemporaryFile(dir=output.parent).close()
    except OSError as error:
        raise InvalidInput(
            f"no file can be written in this folder ({error.strerror})", file=str(output.parent)
        ) from None


def _standing(office: Office, named: Sequence[str]) -> tuple[list[Stream], list[Stream]]:
    """The invoices, what the calendar concludes of them recorded first, and the proceedings that they cover wholly."""
    app = office.app
    exportable(office, [app.stream_or_fail(stream) for stream in named])

    def attempt() -> list[Stream]:
        loaded = [app.stream_or_fail(stream) for stream in named]
        pending = [(stream, add(stream.history, [], today=app.today, step=STEP)) for stream in loaded]
        changes = [Change(stream, plain(facts)) for stream, facts in pending if facts]
        if not changes:
            return loaded
        app.append(changes, Context(command=new_id(), provenance="witnessed"))
        return [app.stream(stream) for stream in named]

    loaded = app.deciding(attempt)
    proofs.sealed_heads(app, named)
    checkpoint(app)  # what could refuse to sign refuses before anything is closed; the pages print this one
    found = dict.fromkeys(
        entry.fact.proceeding
        for stream in loaded
        for entry in stream.history
        if isinstance(entry.fact, EscalatedToInjonction)
    )
    proceedings = [app.stream(f"proceeding:{id}") for id in found]
    return loaded, [each for each in proceedings if each.envelopes and _touched(office, each) <= set(named)]


def with_proceeding(office: Office, streams: Sequence[str]) -> list[str]:
    """The invoices named, and after them every other one of the last proceeding of any of them.

    Raises:
        NotFound: none of them is in a proceeding.
    """
    found = dict.fromkeys(streams)
    last = [
        petitions[-1].proceeding
        for stream in streams
        if (
            petitions := [
                entry.fact
                for entry in standing(office.app.stream(stream).history)
                if isinstance(entry.fact, EscalatedToInjonction)
            ]
        )
    ]
    if not last:
        raise NotFound("no petition stands on these invoices: leave --proceeding out")
    for id in dict.fromkeys(last):
        found |= dict.fromkeys(sorted(_touched(office, office.app.stream(f"proceeding:{id}"))))
    return list(found)


def _touched(office: Office, proceeding: Stream) -> set[str]:
    """The invoices that a proceeding covers."""
    acts = {each.act for each in proceeding.envelopes if each.act}
    return {
        stream for act in acts for stream, _ in office.app.store.streams_of_act(act) if stream.startswith("invoice:")
    }


def exportable(office: Office, loaded: Sequence[Stream]) -> None:
    """Whether a dossier may be made of these invoices: asked before anything is written.

    Raises:
        Misuse: they are of several debtors, or one is issued after today.
        NotFound: the personal data of the debtor were erased.
        EvidenceBroken: one holds no issue that stands.
    """
    issues = [issue_of(stream, office.app.today) for stream in loaded]
    if len({(issue.creditor, issue.debtor) for issue in issues}) > 1:
        raise Misuse("a dossier covers the invoices of one debtor: make one for each")
    if office.app.vault.keys.is_destroyed(issues[0].debtor):
        raise NotFound(
            "the personal data of this debtor were erased: no dossier can be made of what nobody can name any more; `relance history`"
            " and `relance replay` still answer"
        )


def _closed(office: Office, about: Subject, files: dict[str, bytes]) -> Closed:
    """Append the closing entries and keep the files, if everything still stands as it was read.

    Raises:
        IntegrityError: something was recorded meanwhile.
    """
    app, debtor = office.app, about.parties.debtor_id
    act = new_id()
    fact = DossierExported(content=container.content_digest(files), kind=about.wanted.kind, on=about.on)
    originals = {piece.original: piece.document for piece in about.pieces}
    records = [
        kept.row(app.vault, debtor, act, files, originals),
        *exhibits.number_rows(app.vault, debtor, about.pieces),
    ]
    with app.store.writing(app.clock.now()):
        if (
            app.today != about.on
            or exhibits.last_number(app.vault, debtor) != about.last_number
            or any(add(each.stream.history, [], today=app.today, step=STEP) for each in about.invoices)
        ):
            raise IntegrityError
        changes = [Change(each.stream, plain([fact])) for each in (*about.invoices, *about.proceedings)]
        context = Context(command=new_id(), provenance="witnessed", act=act, records=records)
        appended = app.append(changes, context)
        position = app.store.position()
    versions = {each.stream: each.version for each in appended}
    return Closed(act, position - len(appended) + 1, position, debtor, versions)


def _given(
    office: Office,
    closed: Closed,
    files: dict[str, bytes],
    output: Path,
    asking: Ask,
    about: Subject | None = None,
    made: Assembled | None = None,
) -> Exported:
    """Seal what is closed, unless it is sealed already, and write it."""
    app, waiting = office.app, tuple[tuple[str, str], ...]()
    sealed = kept.seal(app, closed)
    if sealed is None:
        office.signed_in()
        said = json.loads(files[container.EXPORT])
        rows = _rows(office, closed, about, said)
        proven = proofs.proven(app, *rows, closed.versions, kept.earlier(app, closed.versions), said, asking)
        sealed, waiting = dict(proven.files), proven.waiting
        stamp = proofs.token(app, said, container.bagged(files | sealed)[container.ASIC], asking)
        if stamp is not None:
            sealed[container.STAMP] = stamp
        _held(app, whole(files, sealed), closed)
        sealed = kept.keep_seal(app, closed, sealed)
    data = whole(files, sealed)
    after = f"the export is recorded: `relance dossier --export {closed.position} --output FILE` gives it"
    write_whole(output, data, replace=False, otherwise=after)
    about_it, named = json.loads(files[container.EXPORT]), json.loads(files[container.NAMES])["invoices"]
    size, stamps = checkpoint_of(read_note(sealed[container.CHECKPOINT])).size, sum(n.endswith(".tsr") for n in sealed)
    signed = Seals(app.store.tree.db).of_size(size)
    return Exported(
        path=output,
        sha256=hashlib.sha256(data).hexdigest(),
        closed=closed,
        content=container.content_digest(files),
        about=about_it,
        numbers=tuple(named[stream] for stream in about_it["streams"]),
        events=sealed[container.EVENTS].count(b"\n"),
        checkpoint=size,
        stamps=stamps,
        stamped_since=len(Stamps(app).of(signed.number)) - stamps if signed else 0,
        waiting=waiting,
        made=made,
    )


def whole(files: Mapping[str, bytes], sealed: Mapping[str, bytes]) -> bytes:
    """The one archive of the files that are closed and of those of their seal."""
    stamp = {name: data for name, data in sealed.items() if name == container.STAMP}
    return container.packed(
        container.bagged({**files, **{name: data for name, data in sealed.items() if name not in stamp}}) | stamp
    )


def _held(app: Relance, data: bytes, closed: Closed) -> None:
    """Hold what is about to be given to what its reader will: nothing is kept or given that does not verify.

    Raises:
        EvidenceBroken: it does not.
    """
    found = verify_bytes(data, Seals(app.store.tree.db).keys()[-1:])
    wrong = next((check for check in found.checks if not check.ok), None)
    if wrong:
        raise EvidenceBroken(
            f"the export @{closed.position} is recorded, and does not verify ({wrong.id}: {wrong.detail}): it is not given. Look with"
            " `relance log fsck` and `relance verify --log`",
            position=found.position or 0,
        )


def _rows(
    office: Office, closed: Closed, about: Subject | None, said: Mapping[str, Any]
) -> tuple[list[journal.Row], list[journal.Row]]:
    """The entries that the dossier carries, as closed: those of its streams, and those that seal who the parties are."""
    app = office.app
    streams = [Stream(id, app.stream(id).envelopes[:version]) for id, version in closed.versions.items()]
    shown = [disclosed(app, stream) for stream in streams]
    if about is None:  # taken up after a cut
        issue = next(each for shown_one in shown for each in shown_one.history if isinstance(each.fact, InvoiceIssued))
        assert isinstance(issue.fact, InvoiceIssued)
        parties = parties_of(app, issue.fact.creditor, closed.debtor, said["position"])
        return journal.rows(shown, exhibits.gathered(app, closed.debtor, shown, redact=said["redacted"])), list(
            parties.annexes
        )
    return journal.rows(shown, about.pieces), list(about.parties.annexes)
