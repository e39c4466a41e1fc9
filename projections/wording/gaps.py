"""What does not figure in the file, in French, for the document: facts, without what the law makes of them."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from domain.checklists import ChecklistName
from projections.gaps import Gap, GapCode
from projections.wording.terms import day, typeset

CLAUSE: Final = {
    "penalty_rate": "taux des pénalités de retard",
    "end_of_month": "délai de paiement fin de mois",
    "retention_of_title": "réserve de propriété",
    "capitalisation": "capitalisation des intérêts",
    "acceleration": "déchéance du terme",
    "notice_by_maturity": "mise en demeure par la seule échéance du terme",
}
ACT: Final = {
    "reminder": "la relance recommandée",
    "notice": "la mise en demeure",
    "title": "la déclaration de titre exécutoire",
}
DOCUMENT: Final[dict[ChecklistName, str]] = {
    "invoice": "Facture",
    "formal_notice": "Mise en demeure",
    "petition": "Requête en injonction de payer",
    "declaration": "Déclaration de créance",
}
#: `{0}` is the entry: its day, and its number as the chronology has it.
SENTENCES: Final[dict[GapCode, str]] = {
    "invoice_document": "La facture elle-même n’est pas versée au dossier.",
    "order_document": "Aucun bon de commande ni contrat n’est versé au dossier.",
    "delivery_note": "Aucun bon de livraison n’est versé au dossier.",
    "performance_proof": "Aucun document constatant l’exécution n’est versé au dossier.",
    "agreed_terms": "Ni conditions générales ni contrat ne sont versés au dossier ; clauses consignées : {clauses}.",
    "mention": "{document} – donnée non consignée, pour la mention : « {mention} ».",
    "reminder_letter": "Le texte de la relance {0} n’est pas versé au dossier.",
    "visit_record": "Aucun écrit relatif à la visite {0} n’est versé au dossier.",
    "call_recap": "Aucun compte rendu écrit de l’appel {0} n’est versé au dossier.",
    "notice_letter": "Le texte de la mise en demeure {0} n’est pas versé au dossier.",
    "notice_time": (
        "La mise en demeure {0} n’énonce aucune date limite de paiement postérieure à son envoi ou à sa présentation."
    ),
    "notice_service": "L’acte de commissaire de justice portant mise en demeure {0} n’est pas versé au dossier.",
    "dispatch_proof": "Aucune preuve de dépôt ni de réception de {act} {0} n’est versée au dossier.",
    "reception_proof": "Le dépôt de {act} {0} est prouvé ; aucun avis de réception n’est versé au dossier.",
    "no_notice": "Aucune mise en demeure n’est consignée.",
    "no_notice_interest": "Aucune mise en demeure n’est consignée.",
    "promise_document": "Aucun écrit constatant la promesse de paiement {0} n’est versé au dossier.",
    "acknowledgement_document": "Aucun écrit constatant la reconnaissance de dette {0} n’est versé au dossier.",
    "dispute_document": "Aucun écrit relatif à la contestation {0} n’est versé au dossier.",
    "dispute_open": "Aucune issue de la contestation {0} n’est consignée.",
    "order_copy": "La copie de l’ordonnance {0} n’est pas versée au dossier.",
    "service_copy": "L’acte de signification {0} n’est pas versé au dossier.",
    "title_document": (
        "Aucun document n’est versé au dossier à l’appui de la déclaration {0}, selon laquelle le titre est exécutoire."
    ),
    "imported_entry": "Aucun document n’accompagne le fait, importé ou reconstitué, {0}.",
    "own_word": "Aucun document émanant d’un tiers n’est versé au dossier à l’appui de {act} {0}.",
}


def sentence(gap: Gap) -> str:
    """What is absent, as one would sign it before a judge.

    Raises:
        KeyError: a clause or an act that this version does not know.
    """
    return typeset(
        SENTENCES[gap.code].format(
            _entry(gap.on, gap.version),
            act=ACT[gap.about[0]] if gap.code in _OF_AN_ACT else "",
            clauses=" ; ".join(CLAUSE[name] for name in gap.about) if gap.code == "agreed_terms" else "",
            document=DOCUMENT[gap.document] if gap.document else "",
            mention=gap.mention.texte.removesuffix(".").replace("'", "’") if gap.mention else "",
        )
    )


def absent(found: Iterable[Gap]) -> list[str]:
    """The list `ce qui ne figure pas au dossier` of an invoice, each sentence once."""
    return list(dict.fromkeys(sentence(gap) for gap in found))


def _entry(on: dt.date | None, version: int | None) -> str:
    return f"du {day(on)} (entrée n° {version})" if on and version else ""


_OF_AN_ACT: Final = frozenset(code for code, text in SENTENCES.items() if "{act}" in text)
