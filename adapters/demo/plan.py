"""The shapes of the plan: lines of the journal and of the bank statement, what a person enters by hand."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, get_args

from adapters.demo.days import invoice_known_on
from adapters.demo.people import Customer
from adapters.registry import Party
from domain.facts.insolvency import InsolvencyKind
from domain.facts.invoicing import DisputeOutcome, DisputeReason, Extent
from domain.facts.recovery import CallResult, ContactRole


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """A line of the sales journal; a credit note has negative amounts and its issue day as due day."""

    number: str
    debtor: str
    issued_on: dt.date
    due_on: dt.date
    performed_on: dt.date
    total_cents: int
    vat_cents: int

    @property
    def is_credit_note(self) -> bool:
        """Whether the creditor owes it."""
        return self.total_cents < 0

    @property
    def known_on(self) -> dt.date:
        """The day it is brought in."""
        return invoice_known_on(self.issued_on)


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A line of the bank statement that names one invoice; `known_on` is the Monday on which it is brought in."""

    invoice: str
    on: dt.date
    cents: int
    known_on: dt.date


@dataclass(frozen=True, slots=True)
class BulkTransfer:
    """One transfer that pays several invoices whole: those of the debtor that are due, oldest first."""

    on: dt.date
    debtor: str
    cents: int
    invoices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChequeBounced:
    """The payment of `paid_on` came back."""

    on: dt.date
    invoice: str
    cents: int
    paid_on: dt.date


@dataclass(frozen=True, slots=True)
class InsolvencyLearned:
    """The creditor read of an opening judgment."""

    on: dt.date
    debtor: str
    kind: InsolvencyKind
    judged_on: dt.date
    published_on: dt.date


@dataclass(frozen=True, slots=True)
class CallMade:
    """One call about every invoice of the debtor that came to its day; `at` is the hour in Paris."""

    on: dt.date
    debtor: str
    invoices: tuple[str, ...]
    result: CallResult
    at: str
    contact: ContactRole | None


@dataclass(frozen=True, slots=True)
class PromiseMade:
    """The debtor promised, on the phone, to pay all by `due_on`; `kept` tells what the plan makes of it."""

    on: dt.date
    invoice: str
    due_on: dt.date
    kept: bool


@dataclass(frozen=True, slots=True)
class DisputeRaised:
    """The debtor contests all or part of an invoice."""

    on: dt.date
    invoice: str
    cents: int
    extent: Extent
    reason: DisputeReason


@dataclass(frozen=True, slots=True)
class DisputeEnded:
    """The dispute was settled."""

    on: dt.date
    invoice: str
    outcome: DisputeOutcome


Happening = BulkTransfer | ChequeBounced | InsolvencyLearned | CallMade | PromiseMade | DisputeRaised | DisputeEnded
#: The order of what is entered on one day: the bank first, then the calls, then what was said.
ORDER: Final[tuple[type[Happening], ...]] = get_args(Happening)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The plan of the year. `hero` is the number of the invoice to escalate."""

    creditor: Party
    debtors: tuple[Customer, ...]
    invoices: tuple[InvoiceRow, ...]
    payments: tuple[PaymentRow, ...]
    happenings: tuple[Happening, ...]
    hero: str

    def invoice(self, number: str) -> InvoiceRow:
        """The row of a number."""
        return next(row for row in self.invoices if row.number == number)

    def debtor(self, code: str) -> Customer:
        """The customer of a code."""
        return next(customer for customer in self.debtors if customer.code == code)
