"""The amicable ladder in words: reminded, called, formally notified, and the way of a letter."""

from typing import Final

from domain.facts.fact import Fact
from domain.facts.recovery import DebtorCalled, DebtorFormallyNotified, DebtorReminded, ServiceProgressed
from projections.wording.terms import Setting, added, day

CHANNEL: Final = {
    "email": "par courriel",
    "letter": "par lettre simple",
    "registered": "par lettre recommandée",
    "sms": "par SMS",
    "message": "par message",
    "visit": "lors d’une visite",
}
NEXT: Final = {
    "reminder": "une nouvelle relance",
    "call": "un appel",
    "formal_notice": "une mise en demeure",
    "injonction": "une requête en injonction de payer",
    "suit": "une assignation",
}
FORM: Final = {
    "lrar": "par lettre recommandée avec demande d’avis de réception",
    "lre": "par lettre recommandée électronique",
    "commissaire": "par acte de commissaire de justice",
    "letter": "par lettre simple",
    "email": "par courriel",
    "hand": "par remise en main propre",
    "by_contract": "résultant du contrat, par la seule exigibilité",
    "by_suit": "résultant de l’acte introductif d’instance",
}
CALL: Final = {
    "reached": "interlocuteur joint",
    "voicemail": "messagerie vocale",
    "no_answer": "sans réponse",
    "wrong_number": "numéro erroné",
    "refused": "échange refusé par l’interlocuteur",
    "promised": "promesse de paiement exprimée",
    "disputed": "contestation exprimée",
    "callback": "rappel demandé",
}
CONTACT: Final = {
    "accounts": "service comptable",
    "manager": "responsable",
    "owner": "dirigeant",
    "switchboard": "standard",
    "buyer": "acheteur",
    "other": "autre interlocuteur",
}
#: What becomes of the cover (`pli`, `acte`, `message`).
STAGE: Final = {
    "prepared": "préparé",
    "deposited": "déposé",
    "presented": "présenté au destinataire",
    "received": "reçu par le destinataire",
    "refused": "refusé par le destinataire",
    "unclaimed": "non réclamé par le destinataire",
    "unknown_at_address": "non distribué, destinataire inconnu à l’adresse",
    "moved": "non distribué, destinataire n’habitant plus à l’adresse",
    "bounced": "non distribué et revenu à l’expéditeur",
    "handed_to_server": "remis au serveur de messagerie du destinataire, ce qui n’établit pas sa lecture",
}


def reminded(fact: DebtorReminded, setting: Setting) -> str:
    """A reminder went out; level 0 is a courtesy."""
    what = f"Relance n° {fact.level} faite" if fact.level else "Rappel de courtoisie avant échéance fait"
    next_day = f" à compter du {day(fact.announced_on)}" if fact.announced_on else ""
    remarks = added(
        f"suite annoncée : {NEXT[fact.announced]}{next_day}" if fact.announced else "",
        f"encaissements connus jusqu’au {day(fact.cash_known_until)}" if fact.cash_known_until else "",
    )
    return f"{what} au {setting.obligor(fact.party)} {CHANNEL[fact.channel]}{remarks}."


def called(fact: DebtorCalled, _: Setting) -> str:
    """A call, its hour and its result."""
    at = f" à {fact.at.replace(':', ' h ')}" if fact.at else ""
    contact = added(CONTACT[fact.contact]) if fact.contact else ""
    return f"Appel téléphonique au débiteur{at}{contact} : {CALL[fact.result]}."


def notified(fact: DebtorFormallyNotified, setting: Setting) -> str:
    """A formal notice, its form, the time it gives."""
    return (
        f"Mise en demeure de payer au plus tard le {day(fact.deadline_on)},"
        f" faite au {setting.obligor(fact.party)}, {FORM[fact.form]}."
    )


def progressed(fact: ServiceProgressed, setting: Setting) -> str:
    """A letter or an act on its way."""
    sent = setting.acts.get(fact.act)
    other = "" if setting.obligor(fact.party) == "débiteur" else " destiné à un coobligé"
    if sent is None:
        return f"Envoi{other} : pli {STAGE[fact.stage]}."
    version, act = sent
    what, cover = _sent(act)
    return f"{what} du {day(act.on)} (entrée n° {version}){other} : {cover} {STAGE[fact.stage]}."


def _sent(act: Fact) -> tuple[str, str]:
    """What was sent, and what carried it."""
    match act:
        case DebtorFormallyNotified(form="commissaire"):
            return "Mise en demeure", "acte"
        case DebtorFormallyNotified(form="email"):
            return "Mise en demeure", "message"
        case DebtorFormallyNotified():
            return "Mise en demeure", "pli"
        case DebtorReminded(channel="email" | "sms" | "message"):
            return "Relance", "message"
        case DebtorReminded():
            return "Relance", "pli"
        case _:
            return "Acte", "pli"
