"""The drafts that go with a dossier: a petition for the judge, a declaration for the mandataire, a letter for the commissaire de justice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.bootstrap import Office
from adapters.documents.compact import compacted
from adapters.documents.court.case_file import CaseFile, Draft, PieceRef
from adapters.documents.court.declaration import declaration
from adapters.documents.court.demand import has_something
from adapters.documents.court.handover import handover
from adapters.documents.court.petition import petition
from adapters.documents.pages import Told
from adapters.dossier.subject import Subject
from adapters.on_account import waiting
from domain.errors import Misuse
from domain.facts.invoicing import DossierKind

_MADE: Final[dict[DossierKind, tuple[str, Callable[[CaseFile], Draft]]]] = {
    "dossier": ("data/requete.pdf", petition),
    "declaration": ("data/declaration.pdf", declaration),
    "handover": ("data/remise.pdf", handover),
}


@dataclass(frozen=True, slots=True)
class Drafts:
    """The files, the codes of the mentions left to complete, and what is remarked."""

    files: dict[str, bytes]
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def made(office: Office, about: Subject, told: Sequence[Told]) -> Drafts:
    """The draft of a kind of dossier.

    Raises:
        Misuse: a declaration, and no insolvency is on record.
    """
    case = _case(office, about, told)
    name, draw = _MADE[about.wanted.kind]
    if draw is petition and not has_something(case):
        if about.wanted.mentions:
            raise Misuse("nothing can be claimed by a petition on these invoices, so no draft takes the mentions given")
        return Drafts({}, (), ("nothing can be claimed by a petition on these invoices: no draft of one is joined",))
    draft = draw(case)
    return Drafts({name: compacted(draft.pdf)}, draft.missing)


def _case(office: Office, about: Subject, told: Sequence[Told]) -> CaseFile:
    numbers = {each.exhibit.stream: each.exhibit.number for each in told}
    return CaseFile(
        creditor=about.parties.creditor,
        debtor=about.parties.debtor,
        told=told,
        on=about.on,
        generated_at=about.generated_at,
        sandbox=about.sandbox,
        position=about.position,
        law=office.law,
        readings=about.readings,
        pieces=[
            PieceRef(
                each.number,
                each.first.title,
                each.first.fact.kind,
                tuple(dict.fromkeys(numbers[added.stream] for added in each.added)),
            )
            for each in about.pieces
        ],
        representative=about.wanted.representative,
        cabinet=about.wanted.cabinet,
        court=about.wanted.court,
        transfer_court=about.wanted.transfer_court,
        on_account_cents=waiting(office.app, about.parties.debtor_id, about.on, about.position),
        given=about.wanted.mentions,
    )
