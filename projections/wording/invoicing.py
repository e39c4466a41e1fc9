"""The claim itself in words: issued, due, paid, credited, disputed, promised, written off, withdrawn."""

import datetime as dt
from typing import Final

from domain.facts.invoicing import (
    CreditNoteApplied,
    DebtAcknowledged,
    DisputeOpened,
    DisputeSettled,
    EntryWithdrawn,
    Instalment,
    InvoiceFellDue,
    InvoiceIssued,
    InvoicePaid,
    PaymentPromised,
    PaymentReceived,
    PaymentReversed,
    PromiseBroken,
    PromiseKept,
    WrittenOff,
)
from projections.wording.terms import Setting, added, amount, day, rate

NATURE: Final = {
    "goods": "marchandises",
    "services": "prestations de services",
    "works": "travaux",
    "carriage": "transport",
    "rent": "loyers",
    "other": "autre objet",
}
INSTALMENT: Final = {"normal": "", "retention": "retenue de garantie", "down_payment": "acompte"}
CLAUSES: Final = {
    "retention_of_title": "réserve de propriété",
    "acceleration": "déchéance du terme",
    "notice_by_maturity": "mise en demeure par la seule échéance du terme",
    "jurisdiction": "attribution de juridiction",
    "prior_conciliation": "conciliation préalable",
    "capitalisation": "capitalisation des intérêts",
}
SOURCE: Final = {
    "debtor": "reçu du débiteur",
    "guarantor": "reçu d’un garant",
    "third_party": "reçu d’un tiers",
    "insurer": "reçu d’un assureur-crédit",
    "factor": "reçu d’un affactureur",
    "court_officer": "reçu par l’entremise d’un commissaire de justice",
    "set_off": "opéré par compensation",
}
MEANS: Final = {
    "transfer": "par virement",
    "cheque": "par chèque",
    "direct_debit": "par prélèvement",
    "card": "par carte",
    "cash": "en espèces",
    "bill": "par effet de commerce",
    "other": "par un autre moyen",
}
CREDIT_REASON: Final = {
    "unstated": "non précisé",
    "goods_returned": "retour de marchandises",
    "price": "prix",
    "discount": "remise",
    "error": "erreur de facturation",
    "commercial": "geste commercial",
    "cancellation": "annulation de la facture",
}
REVERSAL: Final = {
    "returned_cheque": "chèque revenu impayé",
    "sepa_return": "virement ou prélèvement rejeté",
    "refunded": "somme remboursée",
    "annulled_in_insolvency": "paiement annulé dans une procédure collective",
    "bank_error": "erreur de la banque",
}
DISPUTE: Final = {
    "unstated": "non précisé",
    "price": "prix",
    "quantity": "quantité",
    "quality": "qualité",
    "not_delivered": "livraison ou exécution contestée",
    "already_paid": "paiement allégué",
    "duplicate": "double facturation alléguée",
    "contract": "contrat",
    "other": "autre",
}
OUTCOME: Final = {
    "upheld": "contestation admise",
    "partly_upheld": "contestation admise en partie",
    "rejected": "contestation non retenue",
    "abandoned": "contestation abandonnée par le débiteur",
    "agreed": "accord des parties",
}
ACKNOWLEDGED_BY: Final = {
    "letter": "par lettre",
    "email": "par courriel",
    "minutes": "dans un compte rendu",
    "call": "par téléphone",
    "other": "par un autre moyen",
}
PROMISE_MEANS: Final = {
    "call": "par téléphone",
    "email": "par courriel",
    "letter": "par lettre",
    "visit": "lors d’une visite",
    "other": "par un autre moyen",
}
WRITE_OFF: Final = {
    "insolvency": "insolvabilité du débiteur",
    "small_balance": "solde minime",
    "uneconomic": "coût du recouvrement supérieur à l’enjeu",
    "settlement": "transaction",
    "untraceable": "débiteur introuvable",
    "time_barred": "prescription",
}
WITHDRAWAL: Final = {
    "error": "erreur de saisie",
    "duplicate": "double enregistrement",
    "misallocated": "erreur d’imputation",
    "wrong_invoice": "autre facture concernée",
    "document": "document erroné",
    "superseded": "conclusion démentie par une entrée postérieure",
}


def issued(fact: InvoiceIssued, setting: Setting) -> str:
    """The issue: number, total, due days, what was agreed."""
    parts = [_instalment(part, several=len(fact.instalments) > 1) for part in fact.instalments]
    when = parts[0] if len(parts) == 1 else f"payable en {len(parts)} échéances : {', '.join(parts)}"
    remarks = added(
        f"objet : {NATURE[fact.nature]}" if fact.nature else "",
        f"exécution le {day(fact.performed_on)}" if fact.performed_on else "",
        _penalty(fact),
        f"clauses : {', '.join(CLAUSES[clause] for clause in fact.clauses)}" if fact.clauses else "",
        "dates antérieures non connues avec exactitude" if fact.dates == "unknown_before" else "",
        "remplace un enregistrement antérieur" if fact.replaces else "",
        *_books(fact.booked_on, fact.source_known_on),
    )
    total = amount(fact.total_cents)
    return f"Émission de la facture{setting.number(fact.number)} d’un montant de {total} TTC, {when}{remarks}."


def _penalty(fact: InvoiceIssued) -> str:
    if fact.penalty_rate is None:
        return ""
    number = fact.penalty_rate.replace(".", ",")
    if fact.penalty_basis == "legal_multiple":
        return f"pénalités de retard stipulées à {number} fois le taux de l’intérêt légal"
    if fact.penalty_basis == "ecb_plus":
        return f"pénalités de retard stipulées au taux de refinancement de la BCE majoré de {number} points"
    return f"pénalités de retard stipulées au taux de {rate(fact.penalty_rate)}"


def _instalment(part: Instalment, *, several: bool) -> str:
    if not several:
        return f"payable au plus tard le {day(part.due)}" if part.due else "sans date d’échéance connue"
    kind = f", {INSTALMENT[part.kind]}" if INSTALMENT[part.kind] else ""
    return f"{amount(part.cents)} {f'au plus tard le {day(part.due)}' if part.due else 'sans date connue'}{kind}"


def _books(booked_on: dt.date | None, known_on: dt.date | None) -> tuple[str, str]:
    return (
        f"comptabilisé le {day(booked_on)}" if booked_on else "",
        f"connu du système d’origine le {day(known_on)}" if known_on else "",
    )


def fell_due(fact: InvoiceFellDue, setting: Setting) -> str:
    """The due day came."""
    return f"Arrivée du terme de l’échéance n° {fact.instalment}." if setting.instalments > 1 else "Arrivée du terme."


def settled(fact: InvoicePaid, _: Setting) -> str:
    """Payments and credit notes cover the total."""
    return (
        f"Prix couvert : {amount(fact.paid_cents)} de paiements et {amount(fact.credited_cents)} d’avoirs"
        " (intérêts et accessoires non compris)."
    )


def paid(fact: PaymentReceived, _: Setting) -> str:
    """Money came; the day is that of the funds."""
    how = f" {MEANS[fact.means]}" if fact.means and fact.source != "set_off" else ""
    remarks = added(
        f"remis le {day(fact.handed_on)}" if fact.handed_on else "",
        f"pour l’échéance n° {fact.instalment}" if fact.instalment else "",
        "imputation désignée par le débiteur" if fact.designated else "",
        *_books(fact.booked_on, fact.source_known_on),
    )
    funds = "" if fact.source == "set_off" else ", fonds disponibles à cette date"
    return f"Paiement de {amount(fact.cents)} {SOURCE[fact.source]}{how}{funds}{remarks}."


def reversed_(fact: PaymentReversed, _: Setting) -> str:
    """Money went back."""
    remarks = added(
        f"pour l’échéance n° {fact.instalment}" if fact.instalment else "",
        *_books(fact.booked_on, fact.source_known_on),
    )
    return f"Reprise d’un paiement à hauteur de {amount(fact.cents)} : {REVERSAL[fact.reason]}{remarks}."


def credited(fact: CreditNoteApplied, setting: Setting) -> str:
    """A credit note reduced the price."""
    remarks = added(
        f"dont TVA {amount(fact.vat_cents)}" if fact.vat_cents else "",
        f"pour l’échéance n° {fact.instalment}" if fact.instalment else "",
        "somme réputée n’avoir jamais été due" if fact.never_due else "",
        *_books(fact.booked_on, fact.source_known_on),
    )
    return (
        f"Avoir{setting.number(fact.number)} de {amount(fact.cents)} imputé sur la facture,"
        f" motif : {CREDIT_REASON[fact.reason]}{remarks}."
    )


def disputed(fact: DisputeOpened, _: Setting) -> str:
    """The debtor disputes."""
    extent = "de la totalité de la facture" if fact.extent == "whole" else "d’une partie de la facture"
    remarks = added(*_books(fact.booked_on, fact.source_known_on))
    return (
        f"Contestation par le débiteur {extent}, à hauteur de {amount(fact.cents)},"
        f" motif : {DISPUTE[fact.reason]}{remarks}."
    )


def dispute_settled(fact: DisputeSettled, _: Setting) -> str:
    """The dispute ended."""
    return f"Fin de la contestation : {OUTCOME[fact.outcome]}."


def promised(fact: PaymentPromised, _: Setting) -> str:
    """The debtor promised."""
    what = f"de {amount(fact.cents)}" if fact.cents else "de la totalité des sommes dues"
    how = f", exprimée {PROMISE_MEANS[fact.means]}" if fact.means else ""
    return f"Promesse par le débiteur du paiement {what} au plus tard le {day(fact.due_on)}{how}."


def acknowledged(fact: DebtAcknowledged, _: Setting) -> str:
    """The debtor acknowledged the debt."""
    what = f"à hauteur de {amount(fact.cents)}" if fact.cents else "en totalité"
    how = f", {ACKNOWLEDGED_BY[fact.means]}" if fact.means else ""
    return f"Reconnaissance de la dette par le débiteur, {what}{how}."


def promise_kept(fact: PromiseKept, _: Setting) -> str:
    """The promised money came."""
    return f"Promesse de paiement pour le {day(fact.due_on)} tenue."


def promise_broken(fact: PromiseBroken, _: Setting) -> str:
    """The promised money did not come, and the bank had spoken."""
    return (
        f"Promesse de paiement pour le {day(fact.due_on)} non tenue :"
        f" somme non reçue, encaissements connus jusqu’au {day(fact.cash_known_until)}."
    )


def written_off(fact: WrittenOff, _: Setting) -> str:
    """The books gave it up; the claim stands."""
    extent = "de la totalité du solde" if fact.extent == "whole" else "d’une partie du solde"
    remarks = added(*_books(fact.booked_on, fact.source_known_on))
    return (
        f"Passage en pertes {extent}, soit {amount(fact.cents)}, motif : {WRITE_OFF[fact.reason]}{remarks}."
        " Cette écriture comptable n’éteint pas la créance."
    )


def withdrawn(fact: EntryWithdrawn, _: Setting) -> str:
    """An entry was an error."""
    instead = f", remplacée par l’entrée n° {fact.replaced_by}" if fact.replaced_by else ""
    return f"Retrait de l’entrée n° {fact.withdrawn}{instead}, motif : {WITHDRAWAL[fact.reason]}."
