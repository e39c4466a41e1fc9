"""Use case: what is recorded of an invoice, held against the mentions that the law of its issue day asks for."""

import datetime as dt
from dataclasses import dataclass

from adapters.bootstrap import Office
from adapters.cases import load
from adapters.registry import Party
from domain.checklists import AMISS, Identity, IssuerSize, Known, Mention, check_invoice

ERASED = "(effacé)"  # what the registry answers for a party whose key was destroyed


@dataclass(frozen=True, slots=True)
class InvoiceCheck:
    """The mentions of an invoice, each with its state."""

    number: str
    issued_on: dt.date
    issuer: IssuerSize | None
    mentions: tuple[Mention, ...]

    @property
    def is_amiss(self) -> bool:
        """Whether a mention is missing, or one stands that must not."""
        return any(mention.state in AMISS for mention in self.mentions)

    @property
    def hangs_on_size(self) -> bool:
        """Whether some mentions are asked of a large issuer only, and nobody said which this one is."""
        return self.issuer is None and any(mention.item.hangs_on_size(self.issued_on) for mention in self.mentions)


def check(office: Office, stream: str, on: dt.date, issuer: IssuerSize | None = None) -> InvoiceCheck:
    """Check the issue that stands of an invoice.

    Raises:
        NotFound: nothing is recorded of it.
        Refused: its issue was withdrawn.
        LawMissing: it was issued before all that is known.
    """
    case, registry = load(office, stream, on), office.registry
    issued = case.issued
    known = Known(
        issued=issued,
        number=registry.label(stream.partition(":")[2], issued.debtor) or "",
        creditor=_identity(registry.party(f"creditor:{issued.creditor}")),
        debtor=_identity(registry.party(f"debtor:{issued.debtor}")),
    )
    return InvoiceCheck(case.number, issued.on, issuer, check_invoice(known, issuer))


def _identity(party: Party) -> Identity:
    if party.code == ERASED:
        return Identity()
    return Identity(party.name, party.address, party.siren, party.legal_form, party.registry)
