"""What a fact breached, in words: the rule, its article, the consequence the law draws."""

from typing import Final

from domain.errors import reference_code
from domain.rules import acts, observations, petition, routes
from domain.rules.rule import Rule

RULES: Final[dict[str, str]] = {
    "already_paid": "acte accompli alors que le prix était payé",
    "nothing_owed": "acte accompli alors que plus rien n’était dû, accessoires compris",
    "not_due": "demande faite avant que la créance soit exigible",
    "petition_before_due": "requête déposée avant que la créance soit exigible",
    "instalment_not_due": "requête portant sur une échéance non encore exigible",
    "stayed": "acte accompli après le jugement qui arrête les poursuites individuelles",
    "public_debtor": "requête dirigée contre une personne publique",
    "paid_under_stay": "paiement d’une créance antérieure reçu après le jugement d’ouverture",
    "title_of_a_paid_debt": "ordonnance signifiée, ou titre déclaré exécutoire, alors que plus rien n’était dû",
    "act_under_stay": "acte accompli après le jugement d’ouverture, qui arrête les poursuites individuelles",
    "term_above_cap": "délai de paiement supérieur au plafond légal",
    "lre_without_consent": "lettre recommandée électronique adressée à un non-professionnel sans son accord préalable",
    "wrong_court": "requête portée devant une juridiction qui ne connaît pas de ce litige",
    "served_late": "ordonnance signifiée après l’expiration du délai pour le faire",
    "served_on_a_closed_day": "signification faite un dimanche ou un jour férié",
    "rest_given_up": "ordonnance partielle signifiée",
    "served_after_time_bar": (
        "ordonnance signifiée après la date prudente de prescription, que seul le débiteur peut invoquer"
    ),
    "opposed_late": "opposition formée après l’expiration du mois de la signification à personne",
    "enforceable_too_early": "titre déclaré exécutoire avant l’expiration du délai pour y faire obstacle",
    "enforceable_without_formula": "titre déclaré exécutoire sans formule exécutoire consignée",
    "transferred": "acte du cédant accompli après notification de la cession de la créance",
    "substituted": "acte adressé au débiteur d’origine, et non à celui qui a pris sa place",
    "route_before_due": "poursuite engagée avant que la créance soit exigible",
    "rate_below_floor": "taux de pénalité convenu inférieur au triple de l’intérêt légal",
    "not_lapsed": "ordonnance dite non avenue alors qu’elle pouvait encore être signifiée, ou l’avait été à temps",
    "void_order": "titre déclaré exécutoire alors que l’ordonnance, non signifiée à temps, était non avenue",
    "opposed_order": "titre déclaré exécutoire malgré une opposition",
    "public_immunity": "mesure dirigée contre une personne publique, dont les biens sont insaisissables",
    "declared_late": "déclaration de créance faite hors délai",
    "no_title": "mesure d’exécution sans titre exécutoire",
    "enforcement_barred": "mesure d’exécution prise pendant un délai de grâce ou un surendettement",
    "small_claim_above_ceiling": "procédure simplifiée suivie pour une créance supérieure à son plafond",
    "small_claim_between_traders": "procédure simplifiée suivie pour une créance facturée entre commerçants",
    "commandment_not_in_force": "commandement délivré avant l’entrée en vigueur de cette procédure",
    "commandment_not_between_traders": "commandement délivré pour une créance qui n’est pas facturée entre commerçants",
    "conciliation_first": "assignation malgré une clause de conciliation préalable",
    "no_mandate": "recouvrement pour le compte d’autrui sans mandat écrit consigné",
}
CONSEQUENCES: Final[dict[str, str]] = {
    "annullable": "annulable",
    "foreclosed": "forclusion",
    "fine": "amende administrative encourue",
    "inadmissible": "irrecevable",
    "irregular": "irrégulier",
    "no_jurisdiction": "incompétence de la juridiction saisie",
    "rest_given_up": "renonciation au surplus de la demande",
    "void": "nul",
    "without_cause": "sans cause",
    "without_effect": "sans effet",
}


#: Stored code of a reference -> the citation, as the rules of this version print it.
REFERENCES: Final[dict[str, str]] = {
    reference_code(found.reference): found.reference
    for module in (acts, observations, petition, routes)
    for found in vars(module).values()
    if isinstance(found, Rule)
}


def in_words(rule: str, reference: str, consequence: str) -> str:
    """A finding in French, with its article; a code that this version does not know is printed as it was recorded."""
    article = REFERENCES.get(reference, f"référence « {reference} »").replace("; ", " ; ")
    known = RULES.get(rule, f"règle « {rule} »")
    effect = CONSEQUENCES.get(consequence, f"« {consequence} »")
    return f"{known[:1].upper()}{known[1:]} ({article}) ; conséquence consignée : {effect}."
