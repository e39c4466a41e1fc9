"""The words of the letter to a commissaire de justice: what is asked, the petition and the order on record, the mandate."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from domain.facts.procedure import Head
from projections.wording.court import invoices
from projections.wording.procedure import court_of, heads
from projections.wording.terms import amount, day

#: What a commissaire de justice may be asked, and the text of it.
TASKS: Final[dict[str, str]] = {
    "serve": "signifier l’ordonnance portant injonction de payer (CPC, art. 1411)",
    "enforce": "exécuter le titre (CPCE, art. L111-2)",
    "notice": "délivrer une sommation de payer (C. civ., art. 1344)",
    "amicable": "recouvrer à l’amiable ; les frais entrepris sans titre restent à la charge du créancier (CPCE, art. L111-8)",
    "locate": "autre mission",
}


def petitioned(court: str, on: dt.date) -> str:
    """A petition on which no order is on record yet."""
    return f"Requête en injonction de payer déposée le {day(on)}, {court_of(court)}, sans ordonnance enregistrée"


def ordered_on(court: str, on: dt.date) -> str:
    """The order."""
    return f"Ordonnance portant injonction de payer du {day(on)}{f', {court_of(court)}' if court else ''}"


def serve_by(on: dt.date) -> str:
    """The last day to serve it."""
    return f"À signifier au plus tard le {day(on)}, à défaut de quoi elle est non avenue (CPC, art. 1411)"


def granted(each: Sequence[Head], *, many: bool) -> str:
    """What an order grants over the invoices it is told of."""
    of = "ces factures" if many else "cette facture"
    return f"Sommes accordées pour {of} : {heads(each)} ; en tout {amount(sum(head.cents for head in each))}"


def partial(asked: int, allowed: int, counted_until: dt.date | None) -> str:
    """That an order grants less than what was asked, and what the law says of such an order.

    Law: CPC, art. 1409.
    """
    sums = f"la requête demandait {amount(asked)}, l’ordonnance accorde {amount(allowed)}"
    if counted_until:
        return f"Accordé en moins de la requête, paiements déduits jusqu’au {day(counted_until)} : {sums}"
    return (
        f"Ordonnance partielle : {sums}. La décision est sans recours pour le créancier, sauf à ne pas la signifier et à procéder"
        " selon les voies de droit commun (CPC, art. 1409)"
    )


def beside_order(
    found: Sequence[str], granted_on: dt.date, allowed: int, on: dt.date, total: int | None, *, is_partial: bool
) -> str:
    """Why what is owed on a day is not what an order grants."""
    of, refused = invoices(found), "à ce que l’ordonnance n’accorde pas, " if is_partial else ""
    owed = f", {amount(total)}," if total is not None else ""
    gap = f" L’écart, {amount(abs(total - allowed))}, tient" if total is not None else " L’écart tient"
    return (
        f"{of[0].upper()}{of[1:]} : le tableau porte toute la créance au {day(on)}{owed} et non la somme de {amount(allowed)}"
        f" qu’accorde l’ordonnance du {day(granted_on)}.{gap} {refused}aux intérêts courus depuis la requête"
        " et à ce qui a été reçu depuis. Le décompte suit les sommes accordées une fois le titre enregistré comme exécutoire."
    )


AMICABLE: Final = (
    "Aucun titre n’est enregistré : la remise vaut, le cas échéant, pour un recouvrement amiable ou un acte préalable."
)
STAYED: Final = (
    "Les poursuites individuelles sont arrêtées par le jugement d’ouverture du {on} (C. com., art. L622-21) :"
    " ni signification, ni saisie, ni voie d’exécution pour les créances antérieures."
)
MANDATE: Final = (
    "Le créancier donne mandat au commissaire de justice ci-dessus désigné d’accomplir la mission ci-dessus, de recevoir les sommes du"
    " débiteur et de les lui reverser, dans les limites convenues ci-après."
)
