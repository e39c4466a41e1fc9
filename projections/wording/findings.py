"""What a fact breached, in words: the rule, its article, the consequence the law draws."""

from typing import Final

from domain.errors import reference_code
from domain.rules import acts, observations
from domain.rules.rule import Rule

RULES: Final[dict[str, str]] = {
    "already_paid": "acte accompli alors que la facture était soldée",
    "nothing_owed": "acte accompli alors que paiements et avoirs couvraient la facture",
    "not_due": "demande faite avant que la créance soit exigible",
    "petition_before_due": "requête déposée avant que la créance soit exigible",
    "instalment_not_due": "requête portant sur une échéance non encore exigible",
    "stayed": "acte accompli après le jugement qui arrête les poursuites individuelles",
    "public_debtor": "requête dirigée contre une personne publique",
    "paid_under_stay": "paiement d’une créance antérieure reçu après le jugement d’ouverture",
    "title_of_a_paid_debt": "ordonnance signifiée, ou titre déclaré exécutoire, alors que la facture était soldée",
    "act_under_stay": "acte accompli après le jugement d’ouverture, qui arrête les poursuites individuelles",
}
CONSEQUENCES: Final[dict[str, str]] = {
    "annullable": "annulable",
    "inadmissible": "irrecevable",
    "irregular": "irrégulier",
    "void": "nul",
    "without_cause": "sans cause",
    "without_effect": "sans effet",
}


#: Stored code of a reference -> the citation, as the rules of this version print it.
REFERENCES: Final[dict[str, str]] = {
    reference_code(found.reference): found.reference
    for module in (acts, observations)
    for found in vars(module).values()
    if isinstance(found, Rule)
}


def in_words(rule: str, reference: str, consequence: str) -> str:
    """A finding in French, with its article; a code that this version does not know is printed as it was recorded."""
    article = REFERENCES.get(reference, f"référence « {reference} »").replace("; ", " ; ")
    known = RULES.get(rule, f"règle « {rule} »")
    effect = CONSEQUENCES.get(consequence, f"« {consequence} »")
    return f"{known[:1].upper()}{known[1:]} ({article}) ; conséquence consignée : {effect}."
