"""Facts of the routes to a title: injonction de payer, small claims, commandment, suits, enforcement.

A step of a proceeding is stored twice in one append: with its totals in the proceeding's own stream, with each
invoice's share in the invoice's.
"""

from typing import Literal

from domain.facts.fact import Cents, CentsOrNone, Code, Day, DecimalText, Digest, Fact, Id, Part, Several

HeadName = Literal["principal", "penalties", "indemnity", "penal_clause", "costs", "other"]
RateKind = Literal["legal", "b2b", "public", "contract"]
ServiceMode = Literal["person", "authorised_person", "home", "office", "pv_659", "electronic"]
EnforceableBasis = Literal["no_opposition_certificate", "formula_on_request", "clerk_statement", "own_statement"]


class Head(Part):
    """One head of claim in cents, with the rate and start of its interest; no kind of rate: it bears none."""

    cents: CentsOrNone
    from_on: Day | None = None
    head: HeadName
    rate: DecimalText | None = None
    rate_kind: RateKind | None = None


class EscalatedToInjonction(Fact, role="act"):
    """A petition for an injonction de payer was filed; `on` is the day of filing.

    Law: CPC, art. 1405, 1407.
    """

    court: Code
    dossier: Digest | None = None
    heads: Several[Head]
    on: Day
    party: Id | None = None
    proceeding: Id


class FeesConsigned(Fact, draft=True):
    """The court fees were paid in.

    Law: CPC, art. 1425.
    """

    cents: Cents
    on: Day
    proceeding: Id


class RequestLapsed(Fact, draft=True):
    """The request lapsed for want of fees.

    Law: CPC, art. 1425.
    """

    on: Day
    proceeding: Id


class OrdonnanceGranted(Fact):
    """The judge ordered payment; `on` is the date of the order, `heads` what was granted.

    Payments made up to `counted_until` are taken off the heads already.

    Law: CPC, art. 1409.
    """

    copy_received_on: Day | None = None
    counted_until: Day | None = None
    heads: Several[Head]
    on: Day
    proceeding: Id


class OrdonnanceRefused(Fact):
    """The judge refused the request: no appeal, the ordinary suit stays open.

    Law: CPC, art. 1409.
    """

    on: Day
    proceeding: Id


class OrdonnanceDeclined(Fact):
    """The creditor declined to serve a partial order.

    Law: CPC, art. 1409.
    """

    on: Day
    proceeding: Id


class OrdonnanceServed(Fact):
    """The order was served by a commissaire de justice; starts the month of opposition and interrupts the time-bar.

    Law: CPC, art. 1411, 1413.
    """

    mode: ServiceMode
    on: Day
    party: Id | None = None
    proceeding: Id
    proof: Digest | None = None


class OppositionLodged(Fact):
    """The debtor opposed the order; `on` is the day it was made or posted.

    Law: CPC, art. 1416.
    """

    notice_received_on: Day | None = None
    on: Day
    party: Id | None = None
    proceeding: Id


class NoOppositionCertified(Fact, draft=True):
    """The clerk certified that no opposition was lodged."""

    document: Digest | None = None
    on: Day
    proceeding: Id


class OrdonnanceLapsed(Fact):
    """The order was not served in time and is void.

    Law: CPC, art. 1411.
    """

    on: Day
    proceeding: Id


class TitleEnforceable(Fact):
    """The title may be enforced: on a document or an explicit statement, never inferred from silence.

    Law: CPC, art. 1422.
    """

    basis: EnforceableBasis
    document: Digest | None = None
    on: Day
    proceeding: Id


class SmallClaimStarted(Fact, role="act", draft=True):
    """The simplified procedure for small claims was started.

    Law: CPCE, art. L125-1.
    """

    cents: Cents
    on: Day
    party: Id | None = None
    proceeding: Id


class SmallClaimAgreed(Fact, draft=True):
    """The debtor agreed within the month.

    Law: CPCE, art. R125-2.
    """

    on: Day
    proceeding: Id


class SmallClaimFailed(Fact, draft=True):
    """The debtor refused, or kept silent for the month.

    Law: CPCE, art. R125-2.
    """

    on: Day
    proceeding: Id


class CommandmentServed(Fact, role="act", draft=True):
    """A commandment to pay an undisputed commercial claim was served.

    Law: CPCE, art. L126-1.
    """

    cents: Cents
    on: Day
    party: Id | None = None
    proceeding: Id


class CommandmentContested(Fact, draft=True):
    """The debtor contested the commandment, which ends it.

    Law: CPCE, art. L126-2.
    """

    on: Day
    proceeding: Id


class NonContestationRecorded(Fact, draft=True):
    """The commissaire recorded that nothing was contested.

    Law: CPCE, art. L126-3.
    """

    on: Day
    proceeding: Id


class NonContestationMadeExecutory(Fact, draft=True):
    """The clerk made the record executory.

    Law: CPCE, art. L126-3.
    """

    on: Day
    proceeding: Id


class NonContestationServed(Fact, draft=True):
    """The executory record was served.

    Law: CPCE, art. L126-4.
    """

    on: Day
    proceeding: Id


class InterimPaymentSought(Fact, role="act", draft=True):
    """A référé-provision was brought.

    Law: CPC, art. 835, al. 2; 873, al. 2.
    """

    cents: Cents
    court: Code
    on: Day
    party: Id | None = None
    proceeding: Id


class SuedOnTheMerits(Fact, role="act", draft=True):
    """The debtor was sued for payment.

    Law: CPC, art. 54, 56.
    """

    cents: Cents
    court: Code
    on: Day
    party: Id | None = None
    proceeding: Id


class LawyerAppointed(Fact, draft=True):
    """The creditor appointed a lawyer.

    Law: CPC, art. 1418.
    """

    on: Day
    proceeding: Id


class ProceedingWithdrawn(Fact):
    """The creditor gave the proceeding up."""

    on: Day
    proceeding: Id


class ProceedingStruck(Fact, draft=True):
    """The case was struck from the list."""

    on: Day
    proceeding: Id


class ProceedingLapsed(Fact, draft=True):
    """The proceeding is extinct."""

    on: Day
    proceeding: Id


class JudgmentGiven(Fact, draft=True):
    """The court gave judgment.

    Law: CPC, art. 1420.
    """

    heads: Several[Head]
    on: Day
    proceeding: Id


class JudgmentServed(Fact, draft=True):
    """The judgment was served."""

    on: Day
    proceeding: Id


class AppealLodged(Fact, draft=True):
    """An appeal was lodged."""

    on: Day
    proceeding: Id


class ConservatoryMeasureTaken(Fact, role="act", draft=True):
    """Assets were seized to secure the claim.

    Law: CPCE, art. L511-1.
    """

    makes_unavailable: bool
    on: Day
    party: Id | None = None


class ConservatoryMeasureConverted(Fact, role="act", draft=True):
    """The conservatory seizure became enforcement."""

    on: Day


class ConservatoryMeasureLifted(Fact, draft=True):
    """The conservatory seizure ended."""

    on: Day


class EnforcementActDone(Fact, role="act", draft=True):
    """An act of enforcement was done under the title.

    Law: CPCE, art. L111-2.
    """

    kind: Code
    makes_unavailable: bool
    on: Day
    party: Id | None = None
