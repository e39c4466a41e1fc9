"""Moves in the words of the trade, and the command that records each."""

from typing import Final

#: Move (or type of a still fact) -> what happened, in words.
WORDS: Final = {
    "InvoiceIssued": "issued",
    "InvoiceFellDue": "fell due",
    "InvoicePaid": "paid in full",
    "courtesy": "courtesy sent",
    "remind": "reminded",
    "DebtorCalled": "called",
    "DebtorFormallyNotified": "formally notified",
    "ServiceProgressed": "service",
    "PaymentPromised": "promised to pay",
    "DebtAcknowledged": "debt acknowledged",
    "PromiseKept": "promise kept",
    "PromiseBroken": "promise broken",
    "dispute_whole": "disputed whole",
    "dispute_part": "disputed in part",
    "DisputeSettled": "dispute settled",
    "PaymentReceived": "payment",
    "PaymentReversed": "payment reversed",
    "CreditNoteApplied": "credit note",
    "write_off_whole": "written off",
    "write_off_part": "written off in part",
    "EscalatedToInjonction": "petition for injonction de payer",
    "OrdonnanceGranted": "order granted",
    "OrdonnanceRefused": "order refused",
    "OrdonnanceDeclined": "order declined",
    "OrdonnanceLapsed": "order lapsed",
    "OrdonnanceServed": "order served",
    "OppositionLodged": "opposition lodged",
    "ProceedingWithdrawn": "proceeding withdrawn",
    "TitleEnforceable": "title enforceable",
    "StayedByInsolvency": "stayed by insolvency",
    "DossierExported": "dossier exported",
    "PieceAdded": "piece added",
    "EntryWithdrawn": "entry withdrawn",
}

#: Move -> the command that records it.
COMMANDS: Final = {
    "InvoiceIssued": "issue",
    "courtesy": "remind",
    "remind": "remind",
    "DebtorCalled": "call",
    "DebtorFormallyNotified": "notify",
    "PaymentPromised": "promise",
    "DebtAcknowledged": "acknowledge",
    "PromiseKept": "run",
    "PromiseBroken": "run",
    "dispute_whole": "dispute",
    "dispute_part": "dispute",
    "DisputeSettled": "settle",
    "InvoicePaid": "pay",
    "PaymentReceived": "pay",
    "PaymentReversed": "reverse",
    "CreditNoteApplied": "credit",
    "write_off_whole": "write-off",
    "write_off_part": "write-off",
    "EscalatedToInjonction": "escalate",
    "OrdonnanceGranted": "order granted",
    "OrdonnanceRefused": "order refused",
    "OrdonnanceDeclined": "order declined",
    "OrdonnanceLapsed": "order lapsed",
    "OrdonnanceServed": "order served",
    "OppositionLodged": "order opposed",
    "ProceedingWithdrawn": "order withdrawn",
    "TitleEnforceable": "order enforceable",
    "StayedByInsolvency": "insolvency",
    "DossierExported": "dossier",
    "PieceAdded": "attach",
}


def in_the_trade(move: str) -> str:
    """What happened, in words."""
    return WORDS.get(move, move)


def command(move: str) -> str:
    """The command that records a move."""
    return COMMANDS.get(move, move)
