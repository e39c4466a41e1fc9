"""The words of the documents for a court, a mandataire judiciaire or a commissaire de justice: mentions, heads, texts, options."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from domain.facts.insolvency import InsolvencyKind
from domain.facts.invoicing import InvoiceIssued
from domain.facts.procedure import RateKind
from projections.wording.procedure import INSOLVENCY
from projections.wording.terms import amount, day, rate

#: What only the user knows, by code: printed as a blank, and told by the gap report.
BLANKS: Final[dict[str, str]] = {
    "court": "juridiction du lieu où demeure le débiteur (CPC, art. 1406)",
    "creditor_name": "nom ou dénomination du créancier",
    "creditor_form": (
        "forme de la personne morale ; pour une personne physique, profession, nationalité, date et lieu de naissance"
    ),
    "creditor_seat": "siège social du créancier",
    "creditor_representative": "organe qui représente la personne morale, nom et qualité",
    "creditor_profession": "profession du créancier",
    "creditor_domicile": "domicile du créancier",
    "creditor_nationality": "nationalité du créancier",
    "creditor_birth": "date et lieu de naissance du créancier",
    "debtor_name": "nom ou dénomination du débiteur",
    "debtor_form": "forme de la personne morale",
    "debtor_seat": "siège social du débiteur",
    "debtor_domicile": "domicile du débiteur",
    "contract": "nature et date du contrat ou de la commande",
    "interest_value": "intérêts et indemnité, faute d’une valeur connue",
    "exhibits": "pièces justificatives",
    "exhibits_principal": "pièces qui prouvent le principal",
    "exhibits_interest": "pièces qui fondent les intérêts",
    "exhibits_costs": "pièces qui fondent l’indemnité ou les frais",
    "signed_on": "lieu et date",
    "signatory": "nom et qualité du signataire",
    "signature": "signature",
    "addressee": "nom et adresse du mandataire judiciaire désigné par le jugement",
    "liquidator": "nom et adresse du liquidateur désigné par le jugement",
    "insolvency_court": "tribunal qui a ouvert la procédure",
    "published_on": "date de publication du jugement au BODACC",
    "due_days": "date d’échéance des sommes à échoir",
    "pending_court": "juridiction saisie de la créance",
    "officer": "nom et adresse du commissaire de justice",
    "task": "mission confiée, à cocher",
    "title_copy": "expédition du titre revêtue de la formule exécutoire, à joindre",
}
#: What of a court known by its code only is to be completed.
EXACT_COURT: Final = "désignation exacte de la juridiction"
#: Beside what a draft says otherwise than the record.
BY_SIGNATORY: Final = "(indiqué par le signataire)"
#: What the law asks in some cases only, or leaves to choice.
OPTIONS: Final[dict[str, str]] = {
    "creditor_first_names": "prénoms du créancier, s’ils ne figurent pas ci-dessus",
    "agent": "mandataire : nom, profession, adresse, pouvoir",
    "greffe_number": "numéro attribué par le greffe",
    "electronic": "en cas de dépôt par voie électronique, adresse électronique et numéro de téléphone mobile",
    "transfer_court": "juridiction de renvoi",
    "docket": "numéro de la procédure",
    "security": "nature, assiette et date du privilège ou de la sûreté",
    "running_interest": "modalités de calcul des intérêts dont le cours n’est pas arrêté",
    "special_power": "pouvoir spécial écrit du mandataire, à joindre",
    "fees": "honoraires et frais convenus",
    "account": "compte sur lequel reverser les fonds",
    "instructions": "instructions particulières",
}
#: Which item of the checklists of the law each blank belongs to; a field of the form that no text asks for is in none.
ITEM_OF: Final[dict[str, str]] = {
    "court": "court",
    **dict.fromkeys(("creditor_name", "creditor_form", "creditor_seat", "creditor_representative"), "creditor_company"),
    **dict.fromkeys(
        ("creditor_profession", "creditor_domicile", "creditor_nationality", "creditor_birth"), "creditor_person"
    ),
    **dict.fromkeys(("debtor_name", "debtor_form", "debtor_seat", "debtor_domicile"), "debtor_identity"),
    "interest_value": "amount",
    **dict.fromkeys(("exhibits", "exhibits_principal", "exhibits_interest", "exhibits_costs"), "exhibits"),
    **dict.fromkeys(("signed_on", "signature", "signatory"), "dated_and_signed"),
}
ITEM_OF_DECLARATION: Final[dict[str, str]] = {
    "addressee": "addressee",
    "liquidator": "addressee",
    "published_on": "time_limit",
    "interest_value": "amount_at_judgment",
    "due_days": "sums_to_fall_due",
    "pending_court": "court_seized",
    "exhibits": "exhibits",
    **dict.fromkeys(("signature", "signed_on"), "certified_sincere"),
    "signatory": "signatory",
}
#: The optional form of each court, by words of its name; a judge comes after the court that he may be named with.
_FORMS: Final[dict[str, str]] = {
    "tribunal de commerce": "12946*02 (tribunal de commerce)",
    "tribunal judiciaire": "12948*06 (tribunal judiciaire)",
    "contentieux de la protection": "16040*01 (juge des contentieux de la protection)",
}
CIVIL_CODE_ON: Final = dt.date(2016, 10, 1)
#: What keeps an invoice out of a petition, each with its text.
LEFT_OUT: Final[dict[str, str]] = {
    "public": "le débiteur est une personne publique (CPC, art. 1405)",
    "stayed": "les poursuites individuelles sont arrêtées (C. com., art. L622-21)",
    "nothing_due": "rien d’échu n’en reste dû",
    "other_petition": "elle relève d’une autre requête, déposée le {on}",
    "not_stayed": "le jugement d’ouverture n’en arrête pas les poursuites",
    "settled": "rien n’en était dû au jour du jugement",
    "titled": "un titre exécutoire est enregistré pour elle",
}
KINDS: Final[dict[str, str]] = {
    "goods": "vente de marchandises",
    "services": "prestation de services",
    "works": "travaux",
    "carriage": "transport",
    "rent": "location",
    "other": "autre contrat",
}
_RATES: Final[dict[RateKind, str]] = {
    "legal": "taux de l’intérêt légal",
    "b2b": "taux de refinancement de la BCE majoré de 10 points, fixé par semestre",
    "public": "taux des intérêts moratoires de la commande publique",
    "contract": "taux stipulé",
}
#: The heads of the form that no claim of these invoices fills.
NONE: Final = "néant"
AS_FILED: Final = "selon la requête déposée"


def rate_of(kind: RateKind | None, figure: str | None, issued: InvoiceIssued) -> str:
    """What a head bears: its rate in words, with the clause of the invoice where that is what it follows."""
    if kind is None:
        return ""
    if kind != "contract" or figure or issued.penalty_rate is None:
        return f"{_RATES[kind]}{f' de {rate(figure)} l’an' if figure else ''}"
    value = issued.penalty_rate.replace(".", ",")
    if issued.penalty_basis == "legal_multiple":
        return f"taux stipulé : {value} fois le taux de l’intérêt légal"
    if issued.penalty_basis == "ecb_plus":
        return f"taux stipulé : taux de refinancement de la BCE majoré de {value} points"
    return f"taux stipulé de {rate(issued.penalty_rate)} l’an"


def numbers(found: Iterable[int]) -> str:
    """Numbers of exhibits, runs told by their ends: `1 à 3, 5`."""
    ordered = sorted(set(found))
    breaks = [n for n, (before, after) in enumerate(pairwise(ordered), start=1) if after != before + 1]
    runs = [ordered[start:end] for start, end in pairwise([0, *breaks, len(ordered)])]
    return ", ".join(_run(run) for run in runs if run)


def _run(run: Sequence[int]) -> str:
    first, last = run[0], run[-1]
    return f"{first}" if first == last else f"{first}, {last}" if last == first + 1 else f"{first} à {last}"


def contractual(issued_on: Iterable[dt.date]) -> str:
    """The article by which a contract binds, old and new as the days of the invoices have it."""
    days = list(issued_on)
    texts = ["1103"] if any(on >= CIVIL_CODE_ON for on in days) else []
    texts += ["1134 (ancien)"] if any(on < CIVIL_CODE_ON for on in days) else []
    return f"C. civ., art. {' et '.join(texts)} ; CPC, art. 1405, 1°"


def forms(court: str) -> str:
    """The optional form of the court; of every one where the court is not known, or has none of its own."""
    own = [form for name, form in _FORMS.items() if name in court.casefold()]
    listed = own[-1:] or list(_FORMS.values())
    many = "s" if len(listed) > 1 else ""
    return (
        f"Formulaire{many} Cerfa, facultatif{many} : {', '.join(listed)} ; notice 51156. Version{many} à vérifier avant usage."
        " Ce projet en reprend les rubriques."
    )


def addressed(court: str) -> str:
    """To whom a petition is addressed: the president of the court, or the judge himself.

    Law: CPC, art. 1405.
    """
    start = court.casefold()
    if start.startswith(("madame", "monsieur", "mme", "m.")):
        return f"À {court}"
    if start.startswith("tribunal"):
        return f"À Madame ou Monsieur le président du {court}"
    if start.startswith("juge"):
        return f"À Madame ou Monsieur le {court}"
    return "À Madame ou Monsieur le président de la juridiction saisie"


def object_of(cents: int, *, is_running: bool) -> str:
    """What a petition is for."""
    running = ", outre les intérêts à échoir indiqués ci-après," if is_running else ","
    return f"Injonction de payer la somme de {amount(cents)}{running} et les dépens."


COSTS: Final = (
    "il est demandé qu’ils soient mis à la charge du débiteur (CPC, art. 695 et 696). Ils comprennent les frais de greffe et ceux de"
    " l’ordonnance, qui ne sont pas chiffrés ici."
)


def invoices(found: Sequence[str]) -> str:
    """Invoices by their numbers: `facture n° F-1`, `factures n° F-1, F-2`."""
    return f"facture{'s' if len(found) > 1 else ''} n° {', '.join(found)}"


def filed(on: dt.date, court: str) -> str:
    """That the draft repeats a petition on record."""
    return (
        f"Ce projet reprend les chefs de la requête enregistrée comme déposée le {day(on)}, {court}, pour les"
        " factures de ce dossier. Ce qui est intervenu depuis n’y est pas compté."
    )


def running(cents: int, words: str, from_on: dt.date) -> str:
    """Interest that goes on."""
    return f"sur {amount(cents)} : au {words}, à compter du {day(from_on)} et jusqu’au paiement"


def judgment(kind: InsolvencyKind, on: dt.date) -> str:
    """The opening judgment."""
    return f"jugement du {day(on)} ouvrant une procédure de {INSOLVENCY[kind]}"


TRANSFER: Final = (
    "En cas d’opposition, le créancier demande que l’affaire soit immédiatement renvoyée devant la juridiction qu’il estime"
    " compétente (CPC, art. 1408) :"
)
#: The rules a petition rests on; nothing of them says that they are met.
LAW: Final[tuple[tuple[str, str], ...]] = (
    (
        "CPC, art. 1405",
        ("l’injonction de payer est ouverte à la créance de cause contractuelle, ou née d’une obligation de caractère statutaire,"
        " dont le montant est déterminé"),
    ),
    (
        "CPC, art. 1406",
        "la requête est portée devant la juridiction du lieu où demeure le débiteur, ou l’un d’eux ; cette règle est d’ordre public",
    ),
    ("C. civ., art. 1353", "celui qui réclame l’exécution d’une obligation la prouve ; celui qui se prétend libéré prouve le paiement"),
)  # fmt: skip
LAW_B2B: Final = (
    "C. com., art. L441-10, II",
    (
        "entre professionnels, les pénalités de retard sont exigibles sans rappel, le jour suivant la date de règlement de la facture ;"
        " une indemnité forfaitaire pour frais de recouvrement s’y ajoute (C. com., art. D441-5)"
    ),
)
LAW_CONSUMER: Final = (
    "C. civ., art. 1231-6 et 1344-1",
    "la dette d’une somme d’argent porte intérêt au taux légal à compter de la mise en demeure",
)


# The declaration of a claim


def declared(kind: InsolvencyKind) -> str:
    """Whom a declaration is sent to."""
    return "liquidateur" if kind == "liquidation" else "mandataire judiciaire"


def published(on: dt.date, until: dt.date, far: dt.date | None) -> str:
    """The last day to declare, from the publication."""
    overseas = f" ; {day(far)} pour un créancier demeurant hors de France métropolitaine" if far else ""
    return (
        f"Publication au BODACC : {day(on)}. Dernier jour pour envoyer la déclaration, deux mois après : {day(until)}{overseas}"
        " (C. com., art. L622-24 et R622-24). La date d’envoi compte."
    )


def unpublished(until: dt.date) -> str:
    """The same where the publication is not on record."""
    return (
        "Le délai de deux mois court de la publication du jugement au BODACC, qui n’est pas enregistrée. Compté du jugement"
        f" lui-même, donc au plus tôt : {day(until)} (C. com., art. L622-24 et R622-24). La date d’envoi compte."
    )


def relief(until: dt.date) -> str:
    """The last day to ask for relief."""
    return f"À défaut, le relevé de forclusion se demande dans les six mois de la publication : {day(until)} (C. com., art. L622-26)."


def to_send(until: dt.date | None) -> str:
    """That a declaration is still to be sent, and by when."""
    return f"à faire, au plus tard le {day(until)}" if until else "à faire, dans le délai"


def retained(found: Sequence[str], until: dt.date | None) -> str:
    """That the goods were sold under retention of title."""
    limit = f", à revendiquer dans les trois mois de la publication : {day(until)}" if until else ""
    return f"Clause de réserve de propriété enregistrée, {invoices(found)}{limit} (C. com., art. L624-9)."


def stopped(on: dt.date) -> str:
    """That interest is stopped, and what is not."""
    return (
        f"Les intérêts et pénalités sont arrêtés la veille du jugement du {day(on)} (C. com., art. L622-28). Le cours n’en est"
        " pas arrêté pour les prêts et les paiements différés d’un an ou plus ; relance ne calcule pas ces intérêts."
    )


def paid_since(number: str, on: dt.date, cents: int, *, is_deducted: bool) -> str:
    """A payment that came on the day of the judgment or later."""
    how = "déduit ci-dessus, car reçu au plus tard le jour du décompte" if is_deducted else "non déduit ci-dessus"
    return f"facture n° {number} : {amount(cents)} le {day(on)}, {how}"


CERTIFIED: Final = "La présente créance est certifiée sincère par le créancier (C. com., art. L622-25). La signature vaut cette certification."
CERTIFIED_TITLE: Final = (
    "La créance résulte d’un titre exécutoire pour les factures indiquées : la certification n’est exigée que des autres"
    " (C. com., art. L622-25)."
)
