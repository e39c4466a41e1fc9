"""Deadlines in French: what a calendar shows of each, and what its date leaves open."""

from typing import Final

from domain.deadline import Deadline, Kind, Remark, RemarkCode
from projections.wording.terms import amount, day, typeset

TITLES: Final[dict[Kind, str]] = {
    "limitation": "Prescription",
    "title": "Fin des dix ans du titre",
    "petition_fees": "Frais de la requête à consigner",
    "order_service": "Signification de l’ordonnance",
    "opposition": "Fin du délai d’opposition",
    "enforcement": "Ordonnance exécutoire",
    "formula_request": "Demande de la formule exécutoire",
    "opposition_fees": "Frais de l’opposition à consigner",
    "lawyer": "Constitution d’avocat",
    "claim_declaration": "Déclaration de créance",
    "forclusion_relief": "Demande de relevé de forclusion",
    "claim_discussion": "Réponse au mandataire judiciaire",
    "retention_of_title": "Revendication des biens vendus avec réserve de propriété",
    "conservatory_title": "Instance au fond ou titre après la saisie conservatoire",
    "conservatory_notice": "Dénonciation de la saisie conservatoire",
    "notice": "Fin du délai de la mise en demeure",
    "promise": "Promesse de paiement",
    "lre_proof": "Fin de la conservation des preuves de la lettre électronique",
}
NOTES: Final[dict[Kind, str]] = {
    "limitation": "Passé ce jour, le débiteur peut opposer la prescription.",
    "title": "Passé ce jour, l’exécution du titre ne peut plus être poursuivie.",
    "petition_fees": "À défaut de consignation, la requête est caduque.",
    "order_service": "À défaut de signification, l’ordonnance est non avenue.",
    "opposition": "Jusqu’à ce jour, le débiteur peut former opposition.",
    "enforcement": "Premier jour où l’ordonnance peut être exécutée, en l’absence d’opposition.",
    "formula_request": "À défaut de demande, l’ordonnance est non avenue.",
    "opposition_fees": "À défaut de consignation, la demande est caduque.",
    "lawyer": "À défaut de constitution, l’instance est éteinte et l’ordonnance non avenue.",
    "claim_declaration": "À défaut de déclaration, la créance n’est pas admise dans les répartitions.",
    "forclusion_relief": "Après une déclaration omise, le relevé de forclusion se demande jusqu’à ce jour.",
    "claim_discussion": "À défaut de réponse, la proposition du mandataire ne peut plus être contestée.",
    "retention_of_title": "Passé ce jour, les biens ne peuvent plus être revendiqués.",
    "conservatory_title": "À défaut, la mesure conservatoire est caduque.",
    "conservatory_notice": "À défaut, la mesure conservatoire est caduque.",
    "notice": "Dernier jour laissé au débiteur pour payer.",
    "promise": "Jour auquel le débiteur a promis de payer.",
    "lre_proof": "Le prestataire conserve les preuves jusqu’à ce jour au moins.",
}
_REMARKS: Final[dict[RemarkCode, str]] = {
    "no_performance": (
        "aucun jour d’exécution n’est enregistré : le délai peut courir de l’exécution, avant l’échéance"
    ),
    "no_due_day": "aucune échéance n’est connue pour cette part du prix",
    "pending": (
        "compté de l’acte de procédure lui-même : l’interruption dure jusqu’à la fin de l’instance (C. civ., art. 2242)"
    ),
    "outside_title": "{amount} du prix sont hors du titre et se prescrivent à part",
    "fees_not_on_record": "aucun paiement de ces frais n’est enregistré",
    "served_late": "signifiée le {day}, après ce jour : l’ordonnance est non avenue",
    "reopens": (
        "signification non faite à personne : le délai rouvre pour un mois au premier acte à personne ou à la première "
        "mesure rendant des biens indisponibles"
    ),
    "unless_opposed": "premier jour possible, en l’absence d’opposition",
    "no_notice_received": (
        "le jour où le créancier a été avisé de l’opposition n’est pas enregistré : compté de l’opposition elle-même"
    ),
    "postmark_unknown": (
        "le cachet de l’invitation à consigner n’est pas enregistré : il se place entre l’opposition et la réception"
    ),
    "publication_unknown": "la publication au BODACC n’est pas enregistrée : compté du jugement lui-même",
    "far_creditor": "{day} pour un créancier établi hors de France métropolitaine",
    "written_off": "passée en pertes dans les comptes, sans effet en droit",
    "disputed": "{amount} sont contestés",
    "refused_meanwhile": "compté du rejet de la requête, le {day}",
    "unknown": "une valeur légale n’est pas connue : {text}",
}
_READINGS: Final = {"prudent": "date prudente", "arguable": "date soutenable"}


def title(deadline: Deadline) -> str:
    """The line of a calendar: what, and by which reading."""
    reading = _READINGS.get(deadline.reading or "")
    return typeset(f"{TITLES[deadline.kind]}{f' ({reading})' if reading else ''}")


def note(deadline: Deadline) -> list[str]:
    """What is behind it: the effect, the last day or the first one, what is unpaid, the text, what is left open."""
    assert deadline.on is not None, "a day that is not known is in no calendar"
    last = "Premier jour" if deadline.is_first else "Dernier jour, jusqu’à 24 heures"
    lines = [NOTES[deadline.kind], f"{last} : {day(deadline.on)}."]
    if deadline.due:
        lines.append(f"Échéance du {day(deadline.due)}.")
    lines.append(f"Reste impayé du prix : {amount(deadline.cents)}.")
    if deadline.kind != "promise":
        lines.append(f"Texte : {deadline.reference}.")
    lines += [f"Remarque : {remark(each)}." for each in deadline.remarks]
    return [typeset(line) for line in lines]


def remark(each: Remark) -> str:
    """A remark in French."""
    return _REMARKS[each.code].format(
        day=day(each.on) if each.on else "", amount=amount(each.cents), text=each.text.rstrip(".")
    )
