"""Facts of the claim itself: issued, due, paid, credited, disputed, promised, written off, withdrawn."""

from typing import Literal

from domain.facts.fact import Bytes, Cents, CentsOrNone, Code, Day, DecimalText, Digest, Fact, Id, Number, Part, Several

PartyKind = Literal["trader", "professional", "consumer", "public"]
Extent = Literal["whole", "part"]
PaymentSource = Literal["debtor", "guarantor", "third_party", "insurer", "factor", "court_officer", "set_off"]
PaymentMeans = Literal["transfer", "cheque", "direct_debit", "card", "cash", "bill", "other"]
CreditReason = Literal["unstated", "goods_returned", "price", "discount", "error", "commercial", "cancellation"]
DisputeReason = Literal[
    "unstated", "price", "quantity", "quality", "not_delivered", "already_paid", "duplicate", "contract", "other"
]
DisputeOutcome = Literal["upheld", "partly_upheld", "rejected", "abandoned", "agreed"]
ReversalReason = Literal["returned_cheque", "sepa_return", "refunded", "annulled_in_insolvency", "bank_error"]
WriteOffReason = Literal["insolvency", "small_balance", "uneconomic", "settlement", "untraceable", "time_barred"]
PieceKind = Literal[
    "invoice", "order_form", "delivery_note", "contract", "terms", "lrar_receipt", "lre_proof", "mail", "reminder", "notice",
    "ruling", "service", "other",
]  # fmt: skip
DossierKind = Literal["dossier", "declaration", "handover"]
PieceMedia = Literal["pdf", "jpeg", "png", "tiff", "eml", "xml", "text", "other"]
WithdrawalReason = Literal["error", "duplicate", "misallocated", "wrong_invoice", "document", "superseded"]


class Instalment(Part):
    """A part of the price with its own due day; `due` is null when it is not known."""

    cents: Cents
    due: Day | None = None
    kind: Literal["normal", "retention", "down_payment"] = "normal"
    n: Number


class Obligor(Part):
    """Somebody bound besides the principal debtor, or the principal when the bond is not plain."""

    limit_cents: Cents | None = None
    party: Id
    role: Literal["principal", "co_debtor", "guarantor", "partner"]
    solidary: bool


class VatLine(Part):
    """Net and VAT of one rate (percent); the rate is null where the source gives one total."""

    net_cents: CentsOrNone
    rate: DecimalText | None = None
    vat_cents: CentsOrNone


class InvoiceIssued(Fact):
    """The invoice was issued; `on` is its issue day. Founds the history. Its total is the sum of its instalments.

    The penalty clause: `penalty_rate` is percent (fixed), a multiple of the legal rate, or points above the ECB's.
    """

    booked_on: Day | None = None
    clauses: (
        Several[
            Literal[
                "retention_of_title",
                "acceleration",
                "notice_by_maturity",
                "jurisdiction",
                "prior_conciliation",
                "capitalisation",
            ]
        ]
        | None
    ) = None
    creditor: Id
    creditor_kind: PartyKind
    dates: Literal["exact", "unknown_before"] = "exact"
    debtor: Id
    debtor_kind: PartyKind
    document: Digest | None = None
    instalments: Several[Instalment]
    method: Literal["add_then_eom", "eom_then_add"] | None = None
    nature: Literal["goods", "services", "works", "carriage", "rent", "other"] | None = None
    number: Id
    obligors: Several[Obligor] | None = None
    on: Day
    order_reference: Digest | None = None
    penalty_basis: Literal["fixed", "legal_multiple", "ecb_plus"] | None = None
    penalty_rate: DecimalText | None = None
    performed_on: Day | None = None
    replaces: Id | None = None
    source_known_on: Day | None = None
    terms: Code | None = None
    vat: Several[VatLine] | None = None

    @property
    def total_cents(self) -> int:
        """Amount of the invoice, VAT included, in cents."""
        return sum(instalment.cents for instalment in self.instalments)


class InvoiceFellDue(Fact, role="conclusion"):
    """An instalment's due day came; `on` is that day.

    Law: C. com., art. L441-10, I.
    """

    instalment: Number
    on: Day


class InvoicePaid(Fact, role="conclusion"):
    """Payments and credit notes covered the total; `on` is the day they did. Accessories may survive it."""

    credited_cents: CentsOrNone
    on: Day
    paid_cents: CentsOrNone


class InvoiceCancelled(Fact, role="act", draft=True):
    """A record that should not exist is closed; never a way to forgive a debt."""

    on: Day
    reason: WithdrawalReason


class InvoiceDelivered(Fact, draft=True):
    """The invoice reached the debtor, or his portal."""

    channel: Literal["post", "mail", "portal", "chorus", "platform"]
    on: Day
    proof: Digest | None = None


class TermExtended(Fact, draft=True):
    """The creditor gave new due days."""

    instalments: Several[Instalment]
    on: Day
    penalties_kept: bool


class TermSuspended(Fact, draft=True):
    """A public buyer suspended the payment period.

    Law: CCP, art. R2192-27.
    """

    on: Day


class TermResumed(Fact, draft=True):
    """The suspended payment period runs again.

    Law: CCP, art. R2192-29.
    """

    on: Day


class PaymentReceived(Fact):
    """Money reached the creditor for this invoice; `on` is the day the funds were available.

    Law: C. com., art. L441-9, I.
    """

    booked_on: Day | None = None
    cents: Cents
    designated: bool | None = None
    handed_on: Day | None = None
    instalment: Number | None = None
    means: PaymentMeans | None = None
    on: Day
    receipt: Id
    source: PaymentSource = "debtor"
    source_known_on: Day | None = None


class PaymentReversed(Fact):
    """A payment came back: the cheque bounced, the debit was returned, the sum was refunded."""

    booked_on: Day | None = None
    cents: Cents
    instalment: Number | None = None
    on: Day
    reason: ReversalReason
    receipt: Id
    source_known_on: Day | None = None


class CreditNoteApplied(Fact):
    """A credit note (avoir) reduced the price; `never_due` cuts the interest base from the due day."""

    booked_on: Day | None = None
    cents: Cents
    instalment: Number | None = None
    never_due: bool = False
    number: Id
    on: Day
    reason: CreditReason
    source_known_on: Day | None = None
    vat_cents: CentsOrNone | None = None


class DebtReduced(Fact, draft=True):
    """The creditor agreed to a lower debt."""

    cents: Cents
    document: Digest | None = None
    on: Day


class AccessoriesClaimed(Fact, role="act", draft=True):
    """Penalties or the 40 EUR were claimed from the debtor."""

    heads: Several[Literal["penalties", "indemnity"]]
    on: Day


class AccessoriesWaived(Fact, role="act", draft=True):
    """Penalties or the 40 EUR were given up."""

    heads: Several[Literal["penalties", "indemnity"]]
    on: Day


class DisputeOpened(Fact):
    """The debtor disputes all or part of the invoice."""

    booked_on: Day | None = None
    cents: Cents
    extent: Extent
    on: Day
    reason: DisputeReason
    source_known_on: Day | None = None

    @property
    def move(self) -> str:
        """`dispute_whole` or `dispute_part`."""
        return "dispute_whole" if self.extent == "whole" else "dispute_part"


class DisputeSettled(Fact):
    """The open dispute ended, one way or the other."""

    on: Day
    outcome: DisputeOutcome


class PaymentPromised(Fact):
    """The debtor promised to pay by `due_on`; null cents: all that is owed."""

    cents: Cents | None = None
    due_on: Day
    means: Literal["call", "email", "letter", "visit", "other"] | None = None
    on: Day


class PromiseKept(Fact):
    """The promised money came in time."""

    due_on: Day
    on: Day


class PromiseBroken(Fact):
    """The promised day passed, the bank spoke for it, and the money had not come."""

    cash_known_until: Day
    due_on: Day
    on: Day


class PlanLine(Part):
    """One payment of an instalment plan."""

    cents: Cents
    due: Day


class InstalmentPlanAgreed(Fact, draft=True):
    """Debtor and creditor agreed on payments by dates; acceleration only if agreed.

    Law: C. civ., art. 1305-4.
    """

    acceleration: bool
    document: Digest | None = None
    lines: Several[PlanLine]
    on: Day


class InstalmentPlanBroken(Fact, draft=True):
    """A payment of the plan did not come."""

    on: Day


class InstalmentPlanKept(Fact, draft=True):
    """All payments of the plan came."""

    on: Day


class DebtAcknowledged(Fact):
    """The debtor acknowledged the debt: may move the time-bar; null cents: the whole of it.

    Law: C. civ., art. 1376, 2240.
    """

    cents: Cents | None = None
    document: Digest | None = None
    means: Literal["letter", "email", "minutes", "call", "other"] | None = None
    on: Day


class SettlementSigned(Fact, draft=True):
    """Debtor and creditor signed a settlement.

    Law: C. civ., art. 2044.
    """

    cents: Cents
    document: Digest | None = None
    on: Day


class ClassedDoubtful(Fact, role="act", draft=True):
    """The books carry the claim as doubtful."""

    on: Day


class WrittenOff(Fact, role="act"):
    """The books gave up all or part of the claim: ends nothing in law, collection stays possible."""

    booked_on: Day | None = None
    cents: Cents
    extent: Extent
    on: Day
    reason: WriteOffReason
    source_known_on: Day | None = None

    @property
    def move(self) -> str:
        """`write_off_whole` or `write_off_part`."""
        return "write_off_whole" if self.extent == "whole" else "write_off_part"


class BadDebtVatNoticeSent(Fact, role="act", draft=True):
    """The duplicate invoice that opens the recovery of VAT was sent.

    Law: CGI, art. 272, 1.
    """

    document: Digest | None = None
    on: Day


class CostIncurred(Fact, draft=True):
    """A cost of recovery was borne."""

    borne_by: Literal["creditor", "debtor"]
    cents: Cents
    kind: Code
    on: Day
    voucher: Digest | None = None


class PieceAdded(Fact):
    """A document was added to the file; `on` is its own day, `of` the version of the entry that it proves.

    `document` seals the salt and the exact bytes, `record` the title and the name of the file: both lie in the vault. `origin`
    says whose word it is: a third party's (a carrier, a postal operator, a court officer), or nobody's but ours.
    """

    document: Digest
    kind: PieceKind
    media: PieceMedia
    of: Number | None = None
    on: Day
    origin: Literal["third_party"] | None = None
    record: Digest
    size: Bytes


class DossierExported(Fact):
    """The evidence of this history left the house: closes what an export shows. `content` is the digest of all that it says."""

    content: Digest
    kind: DossierKind
    on: Day


class EntryWithdrawn(Fact):
    """An entry made in error is withdrawn: from this position on it never was; before, it still was.

    `on` is the day recorded and plays no part in the fold. A withdrawal is never withdrawn: record the entry again.
    """

    on: Day
    reason: WithdrawalReason
    replaced_by: Number | None = None
    withdrawn: Number
