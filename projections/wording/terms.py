"""The French words of codes, days and amounts, and what a sentence needs to know besides its fact."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.facts.fact import Fact
from domain.facts.procedure import Head
from domain.money import french

NARROW: Final = "\u202f"
NO_BREAK: Final = "\u00a0"
MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_MONTH_OF_A_DAY: Final = re.compile(rf" (?<=[\dr] )({'|'.join(MONTHS)}) (?=\d{{4}})")
#: Blanks of French typography, each with what it becomes.
_SPACES: Final = (
    *((f" {sign}", f"{NARROW}{sign}") for sign in ";!?%"), *((f" {sign}", f"{NO_BREAK}{sign}") for sign in ":»"),
    *((f"{sign} ", f"{sign}{NO_BREAK}") for sign in ("«", "n°")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Whole:
    """What a petition claims or an order grants in all, and over how many invoices; each of them holds its share."""

    heads: tuple[Head, ...]
    invoices: int


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds a fact: labels of numbers by their id, the debtor, how many instalments, version and fact of each act.

    `whole` is what the proceeding holds of the same act, when the fact is an invoice's share of it.
    """

    numbers: Mapping[str, str] = field(default_factory=dict)
    debtor: str = ""
    instalments: int = 1
    acts: Mapping[str, tuple[int, Fact]] = field(default_factory=dict)
    whole: Whole | None = None

    def number(self, id: str) -> str:
        """` n° F-1` when the label of the number is known, else nothing."""
        label = self.numbers.get(id, "")
        return f" n° {label.replace(' ', NO_BREAK)}" if label else ""

    def obligor(self, party: str | None) -> str:
        """Who a fact names: the debtor, unless another person bound is named."""
        return "débiteur" if party is None or party == self.debtor else "coobligé"


def typeset(text: str) -> str:
    """The spaces of French typography: none that breaks before a double sign, inside quotation marks, in a day."""
    for plain, spaced in _SPACES:
        text = text.replace(plain, spaced)
    return _MONTH_OF_A_DAY.sub(rf"{NO_BREAK}\1{NO_BREAK}", text)


def day(on: dt.date) -> str:
    """A day in French: `1er mars 2026`."""
    return f"{'1er' if on.day == 1 else on.day} {MONTHS[on.month - 1]} {on.year}"


def amount(cents: int) -> str:
    """An amount in French: `1 200,00 €`."""
    return french(cents)


def rate(text: str) -> str:
    """A rate in percent, in French: `12,15 %`."""
    return f"{text.replace('.', ',')} %"


def added(*parts: str) -> str:
    """A tail of remarks in parentheses; nothing when there is none."""
    kept = [part for part in parts if part]
    return f" ({' ; '.join(kept)})" if kept else ""


PROVENANCE: Final[dict[str, str]] = {
    "witnessed": "constaté par relance",
    "declared": "déclaré",
    "imported": "importé",
    "reconstructed": "reconstitué",
}
DEBTOR_KIND: Final[dict[str, str]] = {
    "trader": "commerçant ou société commerciale",
    "professional": "professionnel",
    "consumer": "consommateur",
    "public": "personne publique",
}
#: Words of every state of every region that differs from the first.
STATES: Final[dict[str, str]] = {
    "due": "échue",
    "reminded": "relancée",
    "called": "débiteur appelé",
    "formally_notified": "mise en demeure faite",
    "small_claim": "procédure simplifiée de recouvrement des petites créances",
    "commandment": "commandement de payer",
    "petitioned": "requête en injonction de payer déposée",
    "ordered": "injonction de payer ordonnée",
    "served": "ordonnance signifiée",
    "opposed": "opposition formée",
    "sued": "instance en cours",
    "judged": "jugement rendu",
    "enforceable": "titre exécutoire",
    "ended": "procédure terminée",
    "paid": "soldée",
    "cancelled": "annulée",
    "doubtful": "créance douteuse",
    "written_off": "passée en pertes",
    "paused": "recouvrement suspendu",
    "handed_over": "confiée à un tiers",
    "partly_disputed": "contestée en partie",
    "disputed": "contestée",
    "promised": "promesse de paiement en cours",
    "instalments": "échéancier en cours",
    "enforcement_barred": "exécution suspendue",
    "stayed": "poursuites individuelles arrêtées",
}
