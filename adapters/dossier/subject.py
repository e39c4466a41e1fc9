"""What a dossier is made of: the invoices and proceedings as they are shown, who the parties are, the pieces, the words and the claims."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from adapters.application import Relance, Stream
from adapters.bootstrap import Office
from adapters.clock import paris_day
from adapters.documents.pages import Told
from adapters.documents.stated import stated
from adapters.documents.summary import Exhibit
from adapters.dossier import exhibits, journal
from adapters.dossier.disclosure import Disclosed, disclosed
from adapters.dossier.exhibits import Piece
from adapters.registry import PARTY, Party
from adapters.store.envelope import Envelope
from domain.errors import EvidenceBroken, Misuse
from domain.facts.invoicing import CreditNoteApplied, DossierKind, InvoiceIssued
from domain.facts.parties import CreditorRegistered, DebtorRegistered, DetailsChanged
from domain.facts.procedure import EscalatedToInjonction, OrdonnanceGranted
from domain.history import History, founding
from domain.law.readings import Readings
from projections.timeline import Breach, Recorded, timeline
from projections.wording.terms import Whole

if TYPE_CHECKING:
    from adapters.seal.cachet_key import Cachet


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a dossier is asked for.

    Attributes:
        kind: for a judge, for the mandataire of a debtor that failed, for a commissaire de justice.
        redact: mask third parties: persons other than creditor and debtor.
        cabinet: who stamps the pieces: name and toque of the lawyer.
        representative: who acts for the creditor, as the petition names him.
        court, transfer_court: the court seised, and the one asked for on opposition.
        lot: size of a lot of filing copies, in bytes.
        cachet: the certificate that seals the pages, where one is configured.
        chosen: readings of contested points that stand above those of the creditor's policy.
        mentions: words for the mentions of a draft that nothing on record fills, by their codes.
    """

    kind: DossierKind = "dossier"
    redact: bool = False
    cabinet: str = ""
    representative: str = ""
    court: str = ""
    transfer_court: str = ""
    lot: int = 4_000_000
    cachet: "Cachet | None" = None
    chosen: Mapping[str, str] = field(default_factory=dict)
    mentions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parties:
    """Creditor and debtor, as last sealed in the log, with the entries that did."""

    creditor_id: str
    debtor_id: str
    creditor: Party
    debtor: Party
    files: Mapping[str, bytes]
    annexes: tuple[journal.Row, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything that a dossier is made of, as it stands at one position of the log."""

    wanted: Wanted
    invoices: tuple[Disclosed, ...]
    proceedings: tuple[Disclosed, ...]
    parties: Parties
    pieces: tuple[Piece, ...]
    told: tuple[Told, ...]
    readings: Readings
    generated_at: dt.datetime
    on: dt.date
    position: int
    sandbox: bool
    last_number: int

    @property
    def streams(self) -> list[str]:
        """The streams that the export closes: the invoices, then the proceedings."""
        return [each.stream.id for each in (*self.invoices, *self.proceedings)]

    @property
    def withheld(self) -> int:
        """How many entries are withheld."""
        return sum(len(each.withheld) for each in (*self.invoices, *self.proceedings))


def subject(
    office: Office, invoices: Sequence[Stream], proceedings: Sequence[Stream], wanted: Wanted, generated_at: dt.datetime
) -> Subject:
    """Read all that a dossier is made of; the invoices are of one debtor.

    Raises:
        Misuse: an invoice issued after the day.
        EvidenceBroken: the vault does not hold what the log names.
    """
    app = office.app
    on, position = paris_day(generated_at), app.store.position()
    issues = [issue_of(stream, on) for stream in invoices]
    creditor, debtor = issues[0].creditor, issues[0].debtor
    readings = office.readings(creditor, on, position, wanted.chosen)
    shown = [disclosed(app, stream) for stream in invoices]
    told = [_told(office, each, issue, position, on, readings) for each, issue in zip(shown, issues, strict=True)]
    procedures = [disclosed(app, stream) for stream in proceedings]
    return Subject(
        wanted=wanted,
        invoices=tuple(shown),
        proceedings=tuple(procedures),
        parties=parties_of(app, creditor, debtor),
        pieces=tuple(exhibits.gathered(app, debtor, shown, redact=wanted.redact)),
        told=tuple(told),
        readings=readings,
        generated_at=generated_at,
        on=on,
        position=position,
        sandbox=app.folder.is_sandbox,
        last_number=exhibits.last_number(app.vault, debtor),
    )


def issue_of(stream: Stream, on: dt.date) -> InvoiceIssued:
    """The issue of an invoice by a day.

    Raises:
        Misuse: it comes later.
        EvidenceBroken: none stands.
    """
    issue = founding(stream.history)
    if issue is None:
        raise EvidenceBroken(f"{stream.id} holds no issue that stands")
    if issue.on > on:
        raise Misuse(f"an invoice is issued on {issue.on}, after the day of the dossier, {on}")
    return issue


def _told(
    office: Office, each: Disclosed, issue: InvoiceIssued, position: int, on: dt.date, readings: Readings
) -> Told:
    """One invoice in words and figures: of what is shown alone."""
    registry, history = office.registry, each.history
    label = registry.number_in_french(each.stream.id.partition(":")[2], issue.debtor)
    notes = [entry.fact.number for entry in history if isinstance(entry.fact, CreditNoteApplied)]
    named = {number: registry.label(number, issue.debtor) for number in notes}
    numbers = {issue.number: label} | {number: name for number, name in named.items() if name}
    exhibit = Exhibit(each.stream.id, label, history, each.shown[-1].leaf)
    lines = timeline(recorded(each.shown), numbers, wholes(office.app, history, position))
    return Told(exhibit, lines, {}, stated(exhibit, on, office.law, readings))


def recorded(envelopes: Sequence[Envelope]) -> list[Recorded]:
    """Entries as the timeline tells them."""
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


def wholes(app: Relance, history: History, position: int) -> dict[str, Whole]:
    """What the proceedings of an invoice hold in all, by act: a share is told beside the whole of its own act alone.

    An act is withdrawn on all that it touched, so that a withdrawn whole is beside withdrawn shares only.
    """
    shares = [entry.fact for entry in history if isinstance(entry.fact, EscalatedToInjonction | OrdonnanceGranted)]
    found = {}
    for proceeding in dict.fromkeys(share.proceeding for share in shares):
        for entry in app.stream(f"proceeding:{proceeding}").history:
            if (
                entry.position <= position
                and entry.act
                and isinstance(entry.fact, EscalatedToInjonction | OrdonnanceGranted)
            ):
                touched = {stream for stream, _ in app.store.streams_of_act(entry.act)}
                invoices = sum(stream.startswith("invoice:") for stream in touched)
                found[entry.act] = Whole(entry.fact.heads, invoices)
    return found


def parties_of(app: Relance, creditor: str, debtor: str, upto: int | None = None) -> Parties:
    """Creditor and debtor as last sealed, up to a position.

    Raises:
        EvidenceBroken: the vault does not hold them.
    """
    files, annexes, found = {}, [], []
    for kind, id, path in (("creditor", creditor, "creancier"), ("debtor", debtor, "debiteur")):
        stream = app.stream_or_fail(f"{kind}:{id}")
        envelope = next(
            each
            for each in reversed(stream.envelopes)
            if isinstance(each.fact, CreditorRegistered | DebtorRegistered | DetailsChanged)
            and (upto is None or each.position <= upto)
        )
        assert isinstance(envelope.fact, CreditorRegistered | DebtorRegistered | DetailsChanged)
        opened = app.vault.opened_bytes(id, PARTY, envelope.fact.record)
        if opened is None:
            raise EvidenceBroken(f"the vault does not hold the party {kind}:{id}, and no erasure was made")
        name = f"data/parties/{path}.json"
        files[name] = opened[1]
        (leaf,) = app.store.select_events(stream.id, gt=envelope.version - 1, lte=envelope.version)
        opening = ("/fact/record", opened[0].hex(), name)
        annexes.append(journal.Row(envelope.position, stream.id, envelope.version, leaf.state, (opening,)))
        found.append(Party.of(json.loads(opened[1])))
    annexes.sort(key=lambda row: row.position)
    return Parties(creditor, debtor, found[0], found[1], files, tuple(annexes))
