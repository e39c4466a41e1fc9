"""Facts of the other streams: the debtor's account, the creditor, the log itself."""

from typing import Annotated, Literal

from pydantic import Field

from domain.facts.fact import MOST, Cents, CentsOrNone, Code, Day, Digest, Fact, Id
from domain.facts.insolvency import InsolvencyKind
from domain.facts.invoicing import CreditReason, PartyKind, PaymentMeans, PaymentSource

ErasureGround = Literal["request", "no_longer_needed", "registered_in_error", "unlawful", "other"]

Count = Annotated[int, Field(ge=1, le=MOST)]


class DebtorRegistered(Fact):
    """A customer of one creditor was registered; `record` seals the party record kept in the vault."""

    creditor: Id
    kind: PartyKind
    on: Day
    record: Digest


class CreditorRegistered(Fact):
    """A creditor was registered; `record` seals the party record kept in the vault."""

    kind: PartyKind
    on: Day
    record: Digest


class DetailsChanged(Fact):
    """The party record changed; `record` seals the new one."""

    on: Day
    record: Digest


class MoneyReceived(Fact):
    """Money came from the debtor and belongs to no invoice yet."""

    booked_on: Day | None = None
    cents: Cents
    means: PaymentMeans | None = None
    on: Day
    receipt: Id
    source: PaymentSource = "debtor"
    source_known_on: Day | None = None


class MoneyAllocated(Fact):
    """Money of a receipt was allocated to an invoice, which records the same payment in the same append."""

    booked_on: Day | None = None
    cents: Cents
    invoice: Id
    on: Day
    receipt: Id
    source_known_on: Day | None = None


class CreditGranted(Fact):
    """A credit note was granted that belongs to no invoice yet."""

    booked_on: Day | None = None
    cents: Cents
    number: Id
    on: Day
    reason: CreditReason
    source_known_on: Day | None = None
    vat_cents: CentsOrNone | None = None


class MoneyRefunded(Fact, draft=True):
    """Unallocated money was given back."""

    cents: Cents
    on: Day
    receipt: Id


class SetOff(Fact, draft=True):
    """A debt of the creditor was set off.

    Law: C. civ., art. 1347.
    """

    cents: Cents
    document: Digest | None = None
    on: Day


class InsolvencyOpened(Fact):
    """Insolvency proceedings were opened against the debtor; `on` is the day of the judgment.

    Law: C. com., art. R621-4.
    """

    kind: InsolvencyKind
    on: Day
    published_on: Day | None = None


class InsolvencyConverted(Fact, draft=True):
    """The insolvency proceedings changed kind."""

    kind: InsolvencyKind
    on: Day


class InsolvencyClosed(Fact, draft=True):
    """The insolvency proceedings were closed."""

    on: Day


class PersonalDataErased(Fact):
    """The key of the debtor's vault was destroyed, for good; `on` is the day recorded.

    Law: RGPD, art. 17.
    """

    ground: ErasureGround
    on: Day


class PolicyAdopted(Fact):
    """The creditor adopted a recovery policy, kept whole among the rulebooks under its digest."""

    name: Code
    on: Day
    policy: Digest


class MandateGiven(Fact, draft=True):
    """The creditor empowered somebody to act for it."""

    document: Digest | None = None
    on: Day
    party: Id
    scope: Literal["remind", "notify", "petition", "sue"]


class CashKnownUntil(Fact):
    """The bank has spoken up to the end of `until`; null account: all the creditor's accounts."""

    account: Id | None = None
    on: Day
    until: Day


class LogKeyRotated(Fact):
    """The log is signed by a new key from here on; the next checkpoint is signed by both, save where the old one is lost.

    Digests are SHA-256 of the textual form of the public keys.
    """

    new: Digest
    old: Digest
    on: Day
    reason: Literal["planned", "lost"] = "planned"


class HeadsSealed(Fact):
    """The last version of every stream, as known at a position, was sealed in a tree of its own, sorted by stream."""

    on: Day
    position: Count
    root: Digest
    streams: Count
