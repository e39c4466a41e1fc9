"""The table of the chart, written out: generated from `domain.lifecycle` and held equal to it by a test."""

from typing import Final

#: The first state of each region, in the order of the chart.
FIRST: Final = ("issued", "no_procedure", "owed", "live", "in_house", "undisputed", "no_arrangement", "free")

#: Move -> (index of its region, {source: target}).
MOVES: Final[dict[str, tuple[int, dict[str, str]]]] = {
    "AppealLodged": (1, {"judged": "judged", "enforceable": "enforceable"}),
    "ClassedDoubtful": (3, {"live": "doubtful", "doubtful": "doubtful"}),
    "CommandmentContested": (1, {"commandment": "ended"}),
    "CommandmentServed": (1, {"no_procedure": "commandment", "ended": "commandment"}),
    "DebtorCalled": (
        0,
        {
            "issued": "issued",
            "due": "called",
            "reminded": "called",
            "called": "called",
            "formally_notified": "formally_notified",
        },
    ),
    "DebtorFormallyNotified": (
        0,
        {
            "issued": "issued",
            "due": "formally_notified",
            "reminded": "formally_notified",
            "called": "formally_notified",
            "formally_notified": "formally_notified",
        },
    ),
    "DisputeSettled": (5, {"partly_disputed": "undisputed", "disputed": "undisputed"}),
    "EscalatedToInjonction": (1, {"no_procedure": "petitioned", "ended": "petitioned"}),
    "FeesConsigned": (1, {"petitioned": "petitioned", "opposed": "opposed"}),
    "GraceEnded": (7, {"free": "free", "enforcement_barred": "free", "stayed": "stayed"}),
    "GraceGranted": (7, {"free": "enforcement_barred", "enforcement_barred": "enforcement_barred", "stayed": "stayed"}),
    "InstalmentPlanAgreed": (
        6,
        {"no_arrangement": "instalments", "promised": "instalments", "instalments": "instalments"},
    ),
    "InstalmentPlanBroken": (6, {"instalments": "no_arrangement"}),
    "InstalmentPlanKept": (6, {"instalments": "no_arrangement"}),
    "InterimPaymentSought": (1, {"no_procedure": "sued", "sued": "sued", "ended": "sued"}),
    "InvoiceCancelled": (2, {"owed": "cancelled"}),
    "InvoiceFellDue": (
        0,
        {
            "issued": "due",
            "due": "due",
            "reminded": "reminded",
            "called": "called",
            "formally_notified": "formally_notified",
        },
    ),
    "InvoiceHandedOver": (4, {"in_house": "handed_over", "paused": "handed_over"}),
    "InvoicePaid": (2, {"owed": "paid"}),
    "InvoiceTakenBack": (4, {"handed_over": "in_house"}),
    "JudgmentGiven": (1, {"opposed": "judged", "sued": "judged", "judged": "judged", "enforceable": "judged"}),
    "JudgmentServed": (1, {"judged": "judged", "enforceable": "enforceable"}),
    "LawyerAppointed": (1, {"opposed": "opposed", "sued": "sued", "judged": "judged"}),
    "NoOppositionCertified": (1, {"served": "served", "enforceable": "enforceable"}),
    "NonContestationMadeExecutory": (1, {"commandment": "commandment"}),
    "NonContestationRecorded": (1, {"commandment": "commandment"}),
    "NonContestationServed": (1, {"commandment": "commandment"}),
    "OppositionLodged": (
        1,
        {"ordered": "opposed", "served": "opposed", "opposed": "opposed", "enforceable": "opposed"},
    ),
    "OrdonnanceDeclined": (1, {"ordered": "ended"}),
    "OrdonnanceGranted": (1, {"petitioned": "ordered"}),
    "OrdonnanceLapsed": (1, {"ordered": "ended", "served": "ended"}),
    "OrdonnanceRefused": (1, {"petitioned": "ended"}),
    "OrdonnanceServed": (
        1,
        {"ordered": "served", "served": "served", "opposed": "opposed", "enforceable": "enforceable"},
    ),
    "PaymentPromised": (6, {"no_arrangement": "promised", "promised": "promised", "instalments": "instalments"}),
    "PaymentReversed": (2, {"owed": "owed", "paid": "owed", "cancelled": "cancelled"}),
    "ProceedingLapsed": (1, {"petitioned": "ended", "opposed": "ended", "sued": "ended"}),
    "ProceedingStruck": (1, {"opposed": "opposed", "sued": "sued"}),
    "ProceedingWithdrawn": (1, {"petitioned": "ended", "opposed": "ended", "sued": "ended"}),
    "PromiseBroken": (
        6,
        {"no_arrangement": "no_arrangement", "promised": "no_arrangement", "instalments": "instalments"},
    ),
    "PromiseKept": (
        6,
        {"no_arrangement": "no_arrangement", "promised": "no_arrangement", "instalments": "instalments"},
    ),
    "RecoveryPaused": (4, {"in_house": "paused", "paused": "paused"}),
    "RecoveryResumed": (4, {"paused": "in_house"}),
    "RequestLapsed": (1, {"petitioned": "ended", "opposed": "ended"}),
    "SmallClaimAgreed": (1, {"small_claim": "small_claim"}),
    "SmallClaimFailed": (1, {"small_claim": "ended"}),
    "SmallClaimStarted": (1, {"no_procedure": "small_claim", "ended": "small_claim"}),
    "StayLifted": (7, {"stayed": "free"}),
    "StayedByInsolvency": (7, {"free": "stayed", "enforcement_barred": "stayed", "stayed": "stayed"}),
    "SuedOnTheMerits": (1, {"no_procedure": "sued", "sued": "sued", "ended": "sued"}),
    "TitleEnforceable": (
        1,
        {
            "small_claim": "enforceable",
            "commandment": "enforceable",
            "served": "enforceable",
            "judged": "enforceable",
            "enforceable": "enforceable",
        },
    ),
    "courtesy": (
        0,
        {
            "issued": "issued",
            "due": "due",
            "reminded": "reminded",
            "called": "called",
            "formally_notified": "formally_notified",
        },
    ),
    "dispute_part": (
        5,
        {"undisputed": "partly_disputed", "partly_disputed": "partly_disputed", "disputed": "partly_disputed"},
    ),
    "dispute_whole": (5, {"undisputed": "disputed", "partly_disputed": "disputed", "disputed": "disputed"}),
    "remind": (
        0,
        {
            "issued": "issued",
            "due": "reminded",
            "reminded": "reminded",
            "called": "called",
            "formally_notified": "formally_notified",
        },
    ),
    "write_off_part": (3, {"live": "live", "doubtful": "doubtful", "written_off": "written_off"}),
    "write_off_whole": (3, {"live": "written_off", "doubtful": "written_off", "written_off": "written_off"}),
}
