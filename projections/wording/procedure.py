"""The road to a title, and the debtor's failure, in words."""

from collections.abc import Sequence
from typing import Final

from domain.facts.insolvency import StayedByInsolvency
from domain.facts.procedure import (
    EscalatedToInjonction,
    Head,
    OppositionLodged,
    OrdonnanceDeclined,
    OrdonnanceGranted,
    OrdonnanceLapsed,
    OrdonnanceRefused,
    OrdonnanceServed,
    ProceedingWithdrawn,
    TitleEnforceable,
)
from projections.wording.terms import Setting, Whole, added, amount, day, rate

HEAD: Final = {
    "principal": "principal",
    "penalties": "pénalités de retard",
    "indemnity": "indemnité forfaitaire pour frais de recouvrement",
    "penal_clause": "clause pénale",
    "costs": "frais",
    "other": "autre chef",
}
RATE: Final = {
    "legal": "au taux de l’intérêt légal",
    "b2b": "au taux des pénalités entre professionnels",
    "public": "au taux des intérêts moratoires de la commande publique",
    "contract": "au taux stipulé",
}
SERVICE: Final = {
    "person": "à personne",
    "authorised_person": "à personne habilitée",
    "home": "à domicile",
    "office": "par dépôt à l’étude",
    "pv_659": "par procès-verbal de recherches infructueuses (CPC, art. 659)",
    "electronic": "par voie électronique",
}
BASIS: Final = {
    "no_opposition_certificate": "certificat de non-opposition",
    "formula_on_request": "formule exécutoire apposée sur demande",
    "clerk_statement": "indication du greffe",
    "own_statement": "déclaration du créancier",
}
INSOLVENCY: Final = {
    "sauvegarde": "sauvegarde",
    "redressement": "redressement judiciaire",
    "liquidation": "liquidation judiciaire",
}
COURTS: Final[dict[str, str]] = {
    "tc": "tribunal de commerce",
    "tae": "tribunal des activités économiques",
    "tj": "tribunal judiciaire",
    "jcp": "juge des contentieux de la protection",
}


def court_of(code: str) -> str:
    """A court by its code, as a petition on record names it: `tribunal de commerce (tc-angers)`."""
    kind = COURTS.get(code.partition("-")[0])
    return f"{kind} ({code})" if kind else code


def heads(each: Sequence[Head]) -> str:
    """The heads of claim, one after the other."""
    return " ; ".join(_head(head) for head in each) or "aucun chef"


def shared(share: Sequence[Head], whole: Whole | None) -> str:
    """What a petition or an order is for; over several invoices, the share of this one and the whole, each named."""
    if whole is None or whole.heads == tuple(share):
        return f"pour : {heads(share)}"
    (first, *others) = whole.heads
    total = heads(whole.heads) if others else amount(first.cents)
    count = f"{whole.invoices} facture{'s' if whole.invoices > 1 else ''}"
    return f"part de cette facture : {heads(share)} ({total} pour l’ensemble de la procédure, {count})"


def _head(head: Head) -> str:
    kind = f" {RATE[head.rate_kind]}" if head.rate_kind else ""
    figure = f" ({rate(head.rate)})" if head.rate else ""
    start = f" à compter du {day(head.from_on)}" if head.from_on else ""
    interest = f" avec intérêts{kind}{figure}{start}" if kind or figure or start else ""
    return f"{HEAD[head.head]} {amount(head.cents)}{interest}"


def escalated(fact: EscalatedToInjonction, setting: Setting) -> str:
    """A petition was filed."""
    claimed = shared(fact.heads, setting.whole)
    return f"Dépôt d’une requête en injonction de payer (juridiction : {court_of(fact.court)}), {claimed}."


def granted(fact: OrdonnanceGranted, setting: Setting) -> str:
    """The order was given."""
    copy = added(f"copie reçue le {day(fact.copy_received_on)}" if fact.copy_received_on else "")
    counted = added(f"paiements déduits jusqu’au {day(fact.counted_until)}" if fact.counted_until else "")
    return f"Ordonnance portant injonction de payer, {shared(fact.heads, setting.whole)}{counted}{copy}."


def refused(_: OrdonnanceRefused, __: Setting) -> str:
    """The judge refused."""
    return "Rejet par le juge de la requête en injonction de payer."


def declined(_: OrdonnanceDeclined, __: Setting) -> str:
    """The creditor gave the partial order up."""
    return "Renonciation du créancier à signifier l’ordonnance, l’action au fond restant ouverte."


def lapsed(_: OrdonnanceLapsed, __: Setting) -> str:
    """The order was not served in time."""
    return "Ordonnance non avenue, faute de signification dans le délai."


def given_up(_: ProceedingWithdrawn, __: Setting) -> str:
    """The creditor gave the proceeding up."""
    return "Désistement du créancier de l’instance."


def served(fact: OrdonnanceServed, setting: Setting) -> str:
    """The order was served."""
    return f"Signification de l’ordonnance au {setting.obligor(fact.party)}, {SERVICE[fact.mode]}."


def opposed(fact: OppositionLodged, setting: Setting) -> str:
    """Opposition was lodged."""
    notice = added(f"avis reçu le {day(fact.notice_received_on)}" if fact.notice_received_on else "")
    return f"Opposition du {setting.obligor(fact.party)} à l’ordonnance portant injonction de payer{notice}."


def enforceable(fact: TitleEnforceable, _: Setting) -> str:
    """The title may be enforced, and on what basis that is said."""
    if fact.basis == "own_statement":
        proof = "" if fact.document else ", sans document qui l’établisse"
        return f"Titre exécutoire selon la seule déclaration du créancier{proof}."
    return f"Titre exécutoire, sur le fondement suivant : {BASIS[fact.basis]}."


def stayed(fact: StayedByInsolvency, setting: Setting) -> str:
    """Insolvency stops individual action."""
    published = added(f"jugement publié le {day(fact.published_on)}" if fact.published_on else "")
    return (
        f"Jugement ouvrant une procédure de {INSOLVENCY[fact.kind]} à l’égard du {setting.obligor(fact.party)} :"
        f" arrêt des poursuites individuelles, à hauteur de {amount(fact.cents)}{published}."
    )
