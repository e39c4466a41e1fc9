"""A claim in French, for a judge: each row with its calculation, what is left, the amount a day, remarks and readings."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Final

from domain.account import YEAR, Imputed, Segment, days_of_year
from domain.calendar import ONE_DAY
from domain.claim import Claim
from domain.errors import LawMissing
from domain.law.rates import JULY, percent_text
from domain.law.readings import Reading
from domain.penalties import Regime
from domain.remarks import Remark, RemarkCode
from projections.statement import Line, day_basis, lines, share_of_years
from projections.wording.procedure import HEAD
from projections.wording.terms import NARROW, NO_BREAK, amount, day, rate

INTEREST: Final[dict[Regime, str]] = {
    "b2b": "pénalités de retard",
    "consumer": "intérêts de retard",
    "public": "intérêts moratoires",
}
OF_A_TITLE: Final = "intérêts"
_INSIDE: Final = re.compile(r"(?<=\bart\.) |(?<=,) (?=[IVX]+\b|al\.)|(?<=\bal\.) ")
#: What tells the principal of the claim from the balance of the books; each follows its amount.
DIFFERENCE: Final[dict[str, str]] = {
    "written_off": "passés en pertes dans les comptes, écriture qui n’éteint pas la créance",
    "paid_to_interest": "reçus et imputés sur les intérêts, que les comptes déduisent du prix",
    "paid_to_indemnity": "reçus et imputés sur l’indemnité forfaitaire, que les comptes déduisent du prix",
    "not_imputed": "reçus d’un assureur-crédit ou d’un affactureur, qui n’éteignent pas la dette du débiteur",
    "in_credit": "reçus en excédent",
    "on_account": "reçus en compte, que les livres n’ont affectés à aucune facture",
}
_BELOW: Final = "est inférieur au plancher du triple de l’intérêt légal"
REMARKS: Final[dict[RemarkCode, str]] = {
    "no_notice": (
        "Aucun intérêt : la dette d’un consommateur n’en porte qu’à compter de la réception d’une mise en demeure (C. civ., art. 1231-6,"
        " 1344-1) ; aucune réception n’est enregistrée."
    ),
    "points_on_legal_rate_only": (
        "La majoration de cinq points (CMF, art. L313-3) s’ajoute au seul taux de l’intérêt légal, non au taux appliqué ici."
    ),
    "interest_stopped": (
        "Le cours des intérêts est arrêté la veille du jugement d’ouverture du {on} (C. com., art. L622-28), prêts et paiements différés d’un an ou plus exceptés."
    ),
    "notice_changes_nothing": (
        "Les pénalités courent sans rappel : la date de la mise en demeure est sans effet sur elles (C. com., art. L441-10, II)."
    ),
    "contract_day_unknown": (
        "La date du contrat n’est pas connue : le taux convenu est comparé au plancher de chaque semestre."
    ),
    "floor_unknown": (
        "Le plancher du triple de l’intérêt légal n’est pas connu pour {half_year} : le taux convenu n’y est pas comparé."
    ),
    "below_floor_as_agreed": (
        f"Le taux convenu {_BELOW} : {{half_year}}. Le calcul suit le taux convenu (C. com., art. L441-10, II)."
    ),
    "below_floor_raised": (
        f"Le taux convenu {_BELOW} : {{half_year}}. Le calcul suit le plancher (C. com., art. L441-10, II)."
    ),
    "payment_left_out": "Le paiement du {on}, postérieur au {until}, n’est pas pris en compte.",
    "no_due_day": "L’échéance d’une partie du prix n’est pas connue : cette partie ne porte pas intérêt.",
    "subrogated_money": (
        "Les sommes versées par un assureur-crédit ou un affactureur n’éteignent pas la dette du débiteur : elles ne sont pas imputées."
    ),
    "disputed": "Le débiteur conteste tout ou partie de la facture : rien n’est déduit à ce titre.",
    "clause_not_applied": (
        "La clause de pénalités n’est pas appliquée : l’acheteur public doit le taux légal des intérêts moratoires (CCP, art. R2192-31)."
    ),
    "consumer_clause": (
        "Opposé à un consommateur, un taux convenu peut être jugé abusif ou réduit (C. conso., art. R212-2, 3° ; C. civ., art. 1231-5)."
    ),
    "individual_creditor": (
        "Ces pénalités sont dues entre professionnels ; la créance d’un particulier porte l’intérêt légal, dès la mise en demeure."
    ),
    "no_indemnity_yet": (
        "L’indemnité forfaitaire n’est due qu’au titre des retards nés à compter du {on} (décret n° 2012-1115) : aucune ici."
    ),
    "contract_before_regime": (
        "Si le contrat a été conclu avant le {on}, un autre taux s’applique, non calculé ici (décret n° 2013-269)."
    ),
    "in_credit": "Ce qui a été reçu en excédent n’est pas compensé avec ce qui reste dû (C. civ., art. 1347).",
    "outside_title": (
        "{euros} du prix ne figurent pas dans la requête qu’a accueillie l’ordonnance du {on} : ils restent dus en sus, hors de ce décompte."
    ),
    "legal_interest_of_title": (
        "L’ordonnance ne dit rien des intérêts : l’intérêt légal court de plein droit (C. civ., art. 1231-7)."
    ),
    "on_account": (
        "Une somme reçue en compte le {on}, que les livres n’ont affectée à aucune facture, est imputée ici (C. civ., art. 1342-10)."
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the statement: its day or days, what it is, how it was come by, its text, its amount; some in lines."""

    when: tuple[str, ...]
    what: str
    how: tuple[str, ...]
    reference: str
    amount: str


def rows(claim: Claim, parts: Mapping[int, str]) -> list[Row]:
    """What made the debt grow and shrink, in the order of the days; `parts` names each part where there are several."""
    basis = day_basis(claim)
    return [_row(claim, line, basis, parts) for line in lines(claim) if not line.kind.startswith(("left_", "in_"))]


def left(claim: Claim) -> list[Row]:
    """What is owed of each head in the end; heads that were never owed are left out."""
    incurred = {name for name, _, _ in claim.statement.incurred}
    names = {"left_principal": "Principal", "left_interest": _capital(interest_name(claim))}
    found = []
    for line in lines(claim):
        if line.kind in names:
            found.append(Row((), names[line.kind], (), "", amount(line.cents)))
        elif line.kind == "left_head" and line.name in incurred:
            found.append(Row((), _capital(HEAD[line.name]), (), "", amount(line.cents)))
    return found


def interest_name(claim: Claim) -> str:
    """What the interest of a claim is called."""
    return OF_A_TITLE if claim.title_on else INTEREST[claim.regime]


def _row(claim: Claim, line: Line, basis: str, parts: Mapping[int, str]) -> Row:
    how, what = "", ""
    source = line.source
    if isinstance(source, Segment):
        what, how = _capital(interest_name(claim)), formula(source, basis)
        what += _of_part(source.part, parts)
    elif isinstance(source, Imputed):
        names = {"payment": "Paiement", "price_cut": "Avoir", "refund": "Remboursement au débiteur"}
        part = source.movement.part
        what = names[line.kind] + (_of_part(part, parts) if part is not None else "")
        how = imputed(claim, source)
    elif line.kind == "head":
        what = _capital(HEAD[line.name])
    elif claim.title_on:
        what = "Principal accordé" if len(parts) <= 1 else "Principal et chefs portant intérêts accordés"
    else:
        what = "Principal, toutes taxes comprises"
    return Row(_when(line), what, (how,) if how else (), reference(line.reference), amount(line.cents))


def _of_part(part: int, parts: Mapping[int, str]) -> str:
    return f", {parts[part]}" if len(parts) > 1 and part in parts else ""


def _when(line: Line) -> tuple[str, ...]:
    if line.from_on and line.to_on:
        days = (line.to_on - line.from_on).days + 1
        if days == 1:
            return short(line.to_on), f"1{NO_BREAK}jour"
        return f"{short(line.from_on)} – {short(line.to_on)}", f"{days}{NO_BREAK}jours"
    return (short(line.to_on),) if line.to_on else ()


def short(on: dt.date) -> str:
    """A day in figures: `30/06/2025`."""
    return f"{on:%d/%m/%Y}"


def figure(cents: int) -> str:
    """An amount without its sign of euro, as a formula has it."""
    return amount(cents).removesuffix("€").rstrip()


def formula(segment: Segment, basis: str) -> str:
    """Principal × rate × days / basis, in French."""
    share = share_of_years(segment, basis).replace(" / ", f"{NO_BREAK}/{NO_BREAK}")
    return f"{figure(segment.principal_cents)} × {rate(percent_text(segment.percent))} × {share}"


def imputed(claim: Claim, each: Imputed) -> str:
    """What a payment, a credit note or a refund went to, in the order in which money goes there."""
    read = {reading.switch: reading.code for reading in claim.readings}
    first = {"penalties", "costs"} | ({"indemnity"} if read.get("indemnity_rank") == "before_principal" else set())
    shares = [(interest_name(claim), each.interest)]
    shares += [(HEAD[name], cents) for name, cents in each.heads if name in first]
    shares.insert(0 if read.get("imputation") == "principal_first" else len(shares), ("principal", each.principal))
    shares += [(HEAD[name], cents) for name, cents in each.heads if name not in first]
    shares.append(("excédent", each.unallocated))
    went = " ; ".join(f"{name} {amount(abs(cents))}" for name, cents in shares if cents)
    return f"{'repris sur' if each.movement.kind == 'refund' else 'imputé sur'} : {went}" if went else ""


def reference(text: str) -> str:
    """A reference as it prints: apostrophes of typography, no break between an article, its number and its part."""
    return _INSIDE.sub(NO_BREAK, text.replace("'", "’"))


def daily(claim: Claim) -> str:
    """What each further day adds, with its calculation; or why nothing, or why it is not known."""
    stated = claim.statement
    if not any(cents for _, cents in stated.bearing):
        is_said = stated.bearing or any(each.code == "interest_stopped" for each in claim.remarks)
        return "" if is_said else "Plus aucun intérêt ne court."
    following = stated.until + ONE_DAY
    years = YEAR if stated.day_basis == "365" else days_of_year(following.year)
    terms, later = [], []
    try:
        for part, cents in stated.bearing:
            if part.bears_from and part.bears_from > following and cents:
                later.append(part.bears_from)
            elif part.bears_from and cents:
                periods = part.rates(following, following)
                terms += [f"{figure(cents)} × {rate(percent_text(each.percent))} / {years}" for each in periods]
        if terms:
            return (
                f"À compter du {day(following)}, {interest_name(claim)} : {a_day(stated.per_day())} par jour, au taux de ce jour"
                f" ({' + '.join(terms)})."
            )
    except LawMissing:
        return (
            f"Ce qu’ajoute chaque jour à compter du {day(following)} n’est pas connu : le taux de ce jour ne l’est pas."
        )
    if later:
        return f"Les intérêts ne courent pas avant le {day(min(later))}."
    return "Aucun intérêt n’est compté sur les sommes accordées." if claim.title_on else ""


def a_day(eur: Decimal) -> str:
    """What a day adds: `2,0452 €`."""
    return f"{eur:,.4f}{NO_BREAK}€".replace(",", NARROW).replace(".", ",")


def title(on: dt.date, heads: str) -> str:
    """That the statement follows a title."""
    return (
        f"Ce décompte suit les chefs accordés par l’ordonnance du {day(on)} ({heads}), déduction faite de ce qui est"
        " intervenu depuis la requête."
    )


def remarks(found: Iterable[Remark]) -> list[str]:
    """The remarks, half-years of one kind told together."""
    ranked = sorted(found, key=lambda each: list(REMARKS).index(each.code))
    said = []
    for code, group in groupby(ranked, key=lambda each: each.code):
        same = list(group)
        if "{half_year}" in REMARKS[code]:
            said.append(REMARKS[code].format(half_year=" ; ".join(_half_year(each) for each in same)))
        else:
            said += [
                REMARKS[code].format(
                    on=day(each.on) if each.on else "",
                    until=day(each.until) if each.until else "",
                    euros=amount(each.cents),
                )
                for each in same
            ]
    return said


def _half_year(remark: Remark) -> str:
    on = remark.on
    assert on is not None, "a remark about a half-year has its day"
    name = f"le {'2e' if on.month >= JULY else '1er'} semestre {on.year}"
    if remark.agreed is None or remark.floor is None:
        return name
    agreed, floor = (rate(percent_text(each)) for each in (remark.agreed, remark.floor))
    return f"{name.removeprefix('le ')}, {agreed} pour un plancher de {floor}"


def difference(claim: Claim) -> list[str]:
    """Why the principal of the claim is not the balance of the books."""
    return [f"{amount(cents)} {DIFFERENCE[name]}" for name, cents in claim.difference]


def readings(found: Sequence[Reading]) -> list[str]:
    """How contested points are read, each once, with its text; what is not the default reading is said to be chosen."""
    return [
        f"{reference(each.texte).removesuffix('.')} – {reference(each.reference)}{'' if each.is_default else ' ; lecture choisie par le créancier'}."
        for each in dict.fromkeys(found)
    ]


def missing(label: str, on: dt.date) -> str:
    """That a claim is not computed, for want of which value."""
    return (
        f"Décompte non établi. La valeur suivante n’est pas connue au {day(on)}, et rien n’est extrapolé :"
        f" {reference(label)}. Ne sont donc pas calculés les intérêts, l’indemnité, l’imputation des paiements et le total ;"
        " leur absence ne vaut pas renonciation."
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
