"""The papers of the demonstration's dossier: fictitious, drawn by relance, each marked as a specimen."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.acts import Order
from adapters.bootstrap import Office
from adapters.documents.typeset import rendered
from adapters.pieces import About, Given, add
from domain.facts.fact import Fact
from domain.facts.invoicing import InvoiceIssued, PieceKind
from domain.facts.procedure import OrdonnanceGranted, OrdonnanceServed
from domain.facts.recovery import DebtorCalled, DebtorFormallyNotified
from domain.history import standing
from projections.wording.terms import amount, day, typeset


@dataclass(frozen=True, slots=True)
class Paper:
    """What a paper says, and which fact it goes with."""

    kind: PieceKind
    file: str
    title: str
    on: dt.date
    words: Sequence[str]
    proves: type[Fact] | None = None
    by_others: bool = False
    signed: str = ""
    with_amount: bool = False


def _papers(issued: InvoiceIssued, number: str, notice: dt.date, call: dt.date) -> list[Paper]:
    of = f"n° {number}"
    before = issued.performed_on or issued.on
    return [
        Paper("order_form", "commande.pdf", "Bon de commande", before - dt.timedelta(days=12), ["Commande ferme de visserie et de raccords, aux conditions générales de vente jointes.", "Délai de paiement : 30 jours à compter de la date de la facture."], signed="Bon pour accord, le gérant"),
        Paper("delivery_note", "livraison.pdf", "Bon de livraison signé", before, ["Marchandises livrées complètes, en bon état."], by_others=True, signed="Reçu sans réserve, le chef d’atelier"),
        Paper("invoice", "facture.pdf", f"Facture {of}", issued.on, ["Visserie et raccords, selon bon de livraison joint."], InvoiceIssued, with_amount=True),
        Paper("mail", "compte-rendu.pdf", "Compte rendu de l’appel téléphonique", call, ["Nous vous confirmons notre échange téléphonique de ce jour : vous nous avez dit que la facture serait transmise à votre direction."], DebtorCalled, signed="Le service comptable"),
        Paper("notice", "mise-en-demeure.pdf", "Mise en demeure de payer", notice, [f"Malgré nos relances, la facture {of} demeure impayée. Nous vous mettons en demeure de la régler.", "La présente est adressée par lettre recommandée avec demande d’avis de réception."], DebtorFormallyNotified, signed="Le gérant", with_amount=True),
        Paper("lrar_receipt", "avis-de-reception.pdf", "Avis de réception de la lettre recommandée", notice + dt.timedelta(days=2), ["Présentée et distribuée à son destinataire, contre signature."], DebtorFormallyNotified, by_others=True, signed="Signature du destinataire"),
        Paper("ruling", "ordonnance.pdf", "Ordonnance portant injonction de payer", dt.date(2025, 11, 3), ["Enjoignons au débiteur de payer au créancier les sommes visées par la requête."], OrdonnanceGranted, by_others=True, signed="Le président"),
        Paper("service", "signification.pdf", "Acte de signification de l’ordonnance", dt.date(2025, 11, 24), ["Signifié à personne, copie certifiée conforme de la requête, du bordereau et de l’ordonnance jointe."], OrdonnanceServed, by_others=True, signed="Le commissaire de justice"),
    ]  # fmt: skip


def attach(office: Office, stream: str, order: Order) -> int:
    """Attach the papers to an invoice, each to the entry that it goes with; how many there are."""
    entries = standing(office.app.stream(stream).history)
    issued = next(entry.fact for entry in entries if isinstance(entry.fact, InvoiceIssued))
    number = office.registry.number(stream.partition(":")[2], issued.debtor)
    last = {type(entry.fact): entry for entry in entries}
    made = _papers(issued, number, last[DebtorFormallyNotified].fact.on, last[DebtorCalled].fact.on)
    sender = office.registry.party(f"creditor:{issued.creditor}").name
    receiver = office.registry.party(f"debtor:{issued.debtor}").name
    for paper in made:
        shown: dict[str, Any] = {
            "on": typeset(day(paper.on)), "receiver": receiver, "sender": sender, "signed": paper.signed, "title": typeset(paper.title),
            "words": [typeset(each) for each in paper.words],
            "rows": [{"what": "Total toutes taxes comprises", "amount": amount(issued.total_cents)}] if paper.with_amount else [],
        }  # fmt: skip
        at = dt.datetime.combine(paper.on, dt.time(12), dt.UTC)
        given = Given(rendered("specimen.typ", shown, at), paper.file, paper.title)
        version = last[paper.proves].version if paper.proves else None
        add(office, stream, [given], About(paper.kind, paper.on, version, paper.by_others), order)
    return len(made)
