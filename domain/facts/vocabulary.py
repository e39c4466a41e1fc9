"""The closed unions: which facts a stream may hold, and the one dict from stored type to class."""

from typing import Final, Literal, get_args

from domain.facts.fact import Fact
from domain.facts.insolvency import (
    ClaimAdmitted,
    ClaimContested,
    ClaimDeclared,
    ClaimRejected,
    DividendReceived,
    ForeclosureReliefGranted,
    ForeclosureReliefSought,
    GraceEnded,
    GraceGranted,
    PlanAdopted,
    StayedByInsolvency,
    StayLifted,
)
from domain.facts.invoicing import (
    AccessoriesClaimed,
    AccessoriesWaived,
    BadDebtVatNoticeSent,
    ClassedDoubtful,
    CostIncurred,
    CreditNoteApplied,
    DebtAcknowledged,
    DebtReduced,
    DisputeOpened,
    DisputeSettled,
    DossierExported,
    EntryWithdrawn,
    InstalmentPlanAgreed,
    InstalmentPlanBroken,
    InstalmentPlanKept,
    InvoiceCancelled,
    InvoiceDelivered,
    InvoiceFellDue,
    InvoiceIssued,
    InvoicePaid,
    PaymentPromised,
    PaymentReceived,
    PaymentReversed,
    PieceAdded,
    PromiseBroken,
    PromiseKept,
    SettlementSigned,
    TermExtended,
    TermResumed,
    TermSuspended,
    WrittenOff,
)
from domain.facts.parties import (
    CashKnownUntil,
    CreditGranted,
    CreditorRegistered,
    DebtorRegistered,
    DetailsChanged,
    HeadsSealed,
    InsolvencyClosed,
    InsolvencyConverted,
    InsolvencyOpened,
    LogKeyRotated,
    MandateGiven,
    MoneyAllocated,
    MoneyReceived,
    MoneyRefunded,
    PersonalDataErased,
    PolicyAdopted,
    SetOff,
)
from domain.facts.procedure import (
    AppealLodged,
    CommandmentContested,
    CommandmentServed,
    ConservatoryMeasureConverted,
    ConservatoryMeasureLifted,
    ConservatoryMeasureTaken,
    EnforcementActDone,
    EscalatedToInjonction,
    FeesConsigned,
    InterimPaymentSought,
    JudgmentGiven,
    JudgmentServed,
    LawyerAppointed,
    NonContestationMadeExecutory,
    NonContestationRecorded,
    NonContestationServed,
    NoOppositionCertified,
    OppositionLodged,
    OrdonnanceDeclined,
    OrdonnanceGranted,
    OrdonnanceLapsed,
    OrdonnanceRefused,
    OrdonnanceServed,
    ProceedingLapsed,
    ProceedingStruck,
    ProceedingWithdrawn,
    RequestLapsed,
    SmallClaimAgreed,
    SmallClaimFailed,
    SmallClaimStarted,
    SuedOnTheMerits,
    TitleEnforceable,
)
from domain.facts.recovery import (
    ClaimReturned,
    ClaimTransferred,
    DebtorCalled,
    DebtorFormallyNotified,
    DebtorReminded,
    InvoiceHandedOver,
    InvoiceTakenBack,
    ObligorSubstituted,
    RecoveryPaused,
    RecoveryResumed,
    ServiceProgressed,
)

StreamKind = Literal["invoice", "debtor", "creditor", "proceeding", "log"]

ProcedureFact = (
    EscalatedToInjonction
    | FeesConsigned
    | RequestLapsed
    | OrdonnanceGranted
    | OrdonnanceRefused
    | OrdonnanceDeclined
    | OrdonnanceServed
    | OppositionLodged
    | NoOppositionCertified
    | OrdonnanceLapsed
    | TitleEnforceable
    | SmallClaimStarted
    | SmallClaimAgreed
    | SmallClaimFailed
    | CommandmentServed
    | CommandmentContested
    | NonContestationRecorded
    | NonContestationMadeExecutory
    | NonContestationServed
    | InterimPaymentSought
    | SuedOnTheMerits
    | LawyerAppointed
    | ProceedingWithdrawn
    | ProceedingStruck
    | ProceedingLapsed
    | JudgmentGiven
    | JudgmentServed
    | AppealLodged
)
InvoiceFact = (
    InvoiceIssued
    | InvoiceFellDue
    | InvoicePaid
    | InvoiceCancelled
    | InvoiceDelivered
    | TermExtended
    | TermSuspended
    | TermResumed
    | PaymentReceived
    | PaymentReversed
    | CreditNoteApplied
    | DebtReduced
    | AccessoriesClaimed
    | AccessoriesWaived
    | DisputeOpened
    | DisputeSettled
    | PaymentPromised
    | PromiseKept
    | PromiseBroken
    | InstalmentPlanAgreed
    | InstalmentPlanBroken
    | InstalmentPlanKept
    | DebtAcknowledged
    | SettlementSigned
    | ClassedDoubtful
    | WrittenOff
    | BadDebtVatNoticeSent
    | CostIncurred
    | PieceAdded
    | DossierExported
    | EntryWithdrawn
    | DebtorReminded
    | DebtorCalled
    | DebtorFormallyNotified
    | ServiceProgressed
    | RecoveryPaused
    | RecoveryResumed
    | InvoiceHandedOver
    | InvoiceTakenBack
    | ClaimTransferred
    | ClaimReturned
    | ObligorSubstituted
    | ProcedureFact
    | ConservatoryMeasureTaken
    | ConservatoryMeasureConverted
    | ConservatoryMeasureLifted
    | EnforcementActDone
    | StayedByInsolvency
    | ClaimDeclared
    | ClaimContested
    | ClaimAdmitted
    | ClaimRejected
    | ForeclosureReliefSought
    | ForeclosureReliefGranted
    | PlanAdopted
    | DividendReceived
    | StayLifted
    | GraceGranted
    | GraceEnded
)
#: Facts of an invoice that change nothing in its state as relance folds it today.
InertFact = (
    AccessoriesClaimed
    | AccessoriesWaived
    | BadDebtVatNoticeSent
    | ClaimAdmitted
    | ClaimContested
    | ClaimDeclared
    | ClaimRejected
    | ConservatoryMeasureConverted
    | ConservatoryMeasureLifted
    | ConservatoryMeasureTaken
    | CostIncurred
    | DebtAcknowledged
    | DebtReduced
    | DividendReceived
    | DossierExported
    | EnforcementActDone
    | EntryWithdrawn
    | ForeclosureReliefGranted
    | ForeclosureReliefSought
    | InvoiceDelivered
    | InvoiceIssued
    | PieceAdded
    | PlanAdopted
    | ServiceProgressed
    | SettlementSigned
    | TermExtended
    | TermResumed
    | TermSuspended
)
#: Facts of an invoice that move a region and do nothing else.
MoveOnlyFact = (
    InvoiceFellDue
    | FeesConsigned
    | RequestLapsed
    | OrdonnanceGranted
    | OrdonnanceRefused
    | OrdonnanceDeclined
    | OrdonnanceServed
    | OppositionLodged
    | NoOppositionCertified
    | OrdonnanceLapsed
    | TitleEnforceable
    | SmallClaimAgreed
    | SmallClaimFailed
    | CommandmentContested
    | NonContestationRecorded
    | NonContestationMadeExecutory
    | NonContestationServed
    | LawyerAppointed
    | ProceedingWithdrawn
    | ProceedingStruck
    | ProceedingLapsed
    | JudgmentGiven
    | JudgmentServed
    | AppealLodged
    | InvoiceCancelled
    | ClassedDoubtful
    | RecoveryPaused
    | RecoveryResumed
    | InvoiceHandedOver
    | InvoiceTakenBack
    | InstalmentPlanAgreed
    | InstalmentPlanBroken
    | InstalmentPlanKept
    | StayLifted
    | GraceGranted
    | GraceEnded
)
DebtorFact = (
    DebtorRegistered
    | DetailsChanged
    | MoneyReceived
    | MoneyAllocated
    | CreditGranted
    | MoneyRefunded
    | SetOff
    | InsolvencyOpened
    | InsolvencyConverted
    | InsolvencyClosed
    | PersonalDataErased
    | PaymentReversed
    | EntryWithdrawn
)
CreditorFact = CreditorRegistered | DetailsChanged | PolicyAdopted | MandateGiven | CashKnownUntil | EntryWithdrawn
ProceedingFact = ProcedureFact | DossierExported | EntryWithdrawn
LogFact = LogKeyRotated | HeadsSealed

OF_STREAM: Final[dict[StreamKind, frozenset[type[Fact]]]] = {
    "invoice": frozenset(get_args(InvoiceFact)),
    "debtor": frozenset(get_args(DebtorFact)),
    "creditor": frozenset(get_args(CreditorFact)),
    "proceeding": frozenset(get_args(ProceedingFact)),
    "log": frozenset(get_args(LogFact)),
}
BY_TYPE: Final[dict[str, type[Fact]]] = {fact.stored_type: fact for facts in OF_STREAM.values() for fact in facts}
