"""What the documents for a court are made from, and what each comes to: its pages, and the mentions left to complete."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from adapters.documents.pages import Told
from adapters.registry import Party
from domain.facts.invoicing import PieceKind
from domain.law.readings import Readings
from domain.law.tables import Law


@dataclass(frozen=True, slots=True)
class PieceRef:
    """A piece of the bordereau under its frozen number, and the numbers of its invoices; without any, it is of the whole file."""

    number: int
    title: str
    kind: PieceKind
    invoices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Invoices of one debtor as they stand on a day, and what their documents need besides.

    Attributes:
        creditor: who claims.
        debtor: who owes.
        told: the invoices, each with its history in words and its claim at the end of `on`.
        on: the day of the figures.
        generated_at: the instant printed in the footer and set in the PDF.
        sandbox: whether the log is one of trial, which every page then says.
        position: the position of the log that all is known at.
        law: the law that computed the claims, for those of another day (an opening judgment, a petition filed).
        readings: how contested points are read, as in the claims of `told`.
        pieces: the bordereau.
        representative: the organ that represents a legal person; empty when not known.
        cabinet: the mandatary; empty when the creditor acts alone, or it is not known.
        court: the court in full; empty when not known.
        transfer_court: the court asked for on opposition; empty when none is asked for.
        on_account_cents: money of the debtor that the books gave to no invoice, and no claim here counts.
        given: words for other mentions, by the code under which they would be missing.
    """

    creditor: Party
    debtor: Party
    told: Sequence[Told]
    on: dt.date
    generated_at: dt.datetime
    sandbox: bool
    position: int
    law: Law
    readings: Readings
    pieces: Sequence[PieceRef] = ()
    representative: str = ""
    cabinet: str = ""
    court: str = ""
    transfer_court: str = ""
    on_account_cents: int = 0
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """A document to be read, completed and signed: its pages, and the codes of the mentions that are blank in them.

    The French words of each code are in `projections.wording.court.BLANKS`.
    """

    pdf: bytes
    missing: tuple[str, ...]
