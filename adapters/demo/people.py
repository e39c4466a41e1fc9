"""Who plays in the demonstration: one creditor, its customers, and how each of them pays.

Everybody here is fictitious. Names are invented, every SIREN is of the form 999 0xx xxx (a valid key, a range that is
not given out), every mail address ends in `.example`. Towns and postcodes are real
(save the town of Valbrune), streets only plausible.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from stdnum import luhn

from adapters.registry import Party
from domain.facts.invoicing import DisputeOutcome, DisputeReason, PartyKind

Behaviour = Literal[
    "prompt",
    "week_late",
    "month_late",
    "erratic",
    "stops_paying",
    "keeps_promises",
    "breaks_promises",
    "disputes",
]
Size = Literal["small", "middle", "large"]

NEW_YEAR: Final = dt.date(2025, 1, 1)
YEAR_END: Final = dt.date(2025, 12, 31)
#: What the bank tells in January of December is told too: the same day is known better a month later.
STORY_END: Final = dt.date(2026, 1, 31)


@dataclass(frozen=True, slots=True)
class Quarrel:
    """A dispute in the plan: over which of the customer's invoices, in their order, and how it ends.

    Without `opened_after_days` (counted from the due day) it is told to whoever calls; without an outcome it stays open.
    """

    nth: int
    reason: DisputeReason
    percent: int = 100
    opened_after_days: int | None = None
    outcome: DisputeOutcome | None = None
    settled_after_days: int = 0


@dataclass(frozen=True, slots=True)
class Customer:
    """A debtor of the plan: who it is, how much it buys, how it pays."""

    party: Party
    behaviour: Behaviour
    invoices_a_year: int
    term_days: int
    size: Size
    buys_until: dt.date = YEAR_END
    stops_paying_on: dt.date | None = None
    quarrels: tuple[Quarrel, ...] = ()
    bounced_nth: int | None = None
    bulk: tuple[dt.date, dt.date] | None = None

    @property
    def code(self) -> str:
        """The customer code."""
        return self.party.code

    @property
    def rcs_town(self) -> str:
        """The town whose court keeps the customer's entry in the RCS; empty for who has none."""
        return self.party.registry.removeprefix("RCS ")


def fictitious_siren(n: int) -> str:
    """A SIREN nobody has: 999, five digits, the Luhn key."""
    body = f"999{n:05d}"
    return body + str(luhn.calc_check_digit(body))


CREDITOR: Final = Party(
    code="forez",
    name="Visserie et Raccords du Forez",
    kind="trader",
    siren=fictitious_siren(0),
    address=("14 rue de la Talaudière", "42000 Saint-Étienne"),
    email="comptabilite@raccords-forez.example",
    legal_form="SARL",
    registry="RCS Saint-Étienne",
)

#: The invoice to be escalated: its issue day and its net amount.
HERO: Final = "C030"
HERO_ISSUED_ON: Final = dt.date(2025, 3, 17)
HERO_NET_CENTS: Final = 701_500

INSOLVENT: Final = "C029"
JUDGED_ON: Final = dt.date(2025, 10, 14)
PUBLISHED_ON: Final = dt.date(2025, 10, 23)
LEARNED_ON: Final = dt.date(2025, 10, 24)

#: Credit notes that belong to no invoice: goods returned once paid, the discount of the year's end.
CREDIT_NOTES: Final = (("C004", dt.date(2025, 6, 26), 31_800), ("C001", dt.date(2025, 12, 12), 96_500))


def _who(n: int, name: str, form: str, street: str, town: str, rcs_town: str = "", kind: PartyKind = "trader") -> Party:
    return Party(
        code=f"C{n:03d}",
        name=name,
        kind=kind,
        siren="" if kind == "consumer" else fictitious_siren(n),
        address=(street, town),
        email=f"compta@c{n:03d}.example",
        legal_form=form,
        registry=f"RCS {rcs_town}" if rcs_town else "",
    )


# One line a customer, in columns.
# fmt: off
CUSTOMERS: Final = (
    Customer(_who(1, "Ateliers Brévenne", "SAS", "12 rue des Forges", "69210 L'Arbresle", "Lyon"), "prompt", 18, 45, "large"),
    Customer(_who(2, "Chaudronnerie Vallorme", "SARL", "3 impasse du Canal", "42400 Saint-Chamond", "Saint-Étienne"), "prompt", 14, 30, "middle"),
    Customer(_who(3, "Mécanique Générale Ostrevin", "SAS", "27 rue de l'Industrie", "59100 Roubaix", "Lille Métropole"), "prompt", 13, 60, "large"),
    Customer(_who(4, "Plomberie Tressange", "SARL", "8 avenue de la Gare", "42600 Montbrison", "Saint-Étienne"), "prompt", 15, 30, "small"),
    Customer(_who(5, "Serrurerie Calmels-Durieu", "EURL", "41 rue Basse", "12000 Rodez", "Rodez"), "prompt", 9, 30, "small"),
    Customer(_who(6, "Hydraulique du Val Corbin", "SAS", "5 allée des Tanneurs", "38500 Voiron", "Grenoble"), "prompt", 12, 45, "middle"),
    Customer(_who(7, "Décolletage Pralognin", "SAS", "160 route des Lacs", "74300 Cluses", "Annecy"), "prompt", 16, 60, "large"),
    Customer(_who(8, "Robinetterie Hautecloche", "SA", "2 quai du Rhône", "84000 Avignon", "Avignon"), "prompt", 10, 45, "middle"),
    Customer(_who(9, "Plastiques Jurabel", "SAS", "19 cours de Verdun", "01100 Oyonnax", "Bourg-en-Bresse"), "week_late", 15, 45, "large"),
    Customer(_who(10, "Charpentes Kerhoas", "SARL", "6 rue du Vieux Port", "44600 Saint-Nazaire", "Saint-Nazaire"), "week_late", 12, 45, "middle"),
    Customer(_who(11, "Menuiserie Poirel et Fils", "SARL", "33 rue des Vosges", "88000 Épinal", "Épinal"), "week_late", 11, 30, "small"),
    Customer(_who(12, "Emballages de la Loue", "SAS", "7 chemin de Halage", "25000 Besançon", "Besançon"), "week_late", 12, 60, "middle"),
    Customer(_who(13, "Agencement Montreval", "SASU", "54 boulevard Gambetta", "37000 Tours", "Tours"), "week_late", 8, 30, "small"),
    Customer(_who(14, "Travaux Publics Chambalière", "SAS", "95 route de Lyon", "71100 Chalon-sur-Saône", "Chalon-sur-Saône"), "month_late", 16, 45, "large",
              bulk=(NEW_YEAR, dt.date(2025, 5, 22))),
    Customer(_who(15, "Constructions Bellegarrigue", "SAS", "4 avenue de l'Aérodrome", "31770 Colomiers", "Toulouse"), "month_late", 14, 60, "large",
              bulk=(dt.date(2025, 7, 1), dt.date(2025, 9, 18))),
    Customer(_who(16, "Charpente Métallique du Velay", "SARL", "13 rue de la Dentelle", "43600 Sainte-Sigolène", "Le Puy-en-Velay"), "month_late", 10, 45, "middle"),
    Customer(_who(17, "Nautique Lormont", "SARL", "1 quai des Chantiers", "33700 Mérignac", "Bordeaux"), "month_late", 9, 30, "middle"),
    Customer(_who(18, "Commune de Valbrune", "commune", "Place de la Mairie", "42130 Valbrune", "", "public"), "month_late", 8, 30, "small"),
    Customer(_who(19, "Garage Automobile Thiérion", "SARL", "70 route de Paris", "51100 Reims", "Reims"), "erratic", 11, 30, "small"),
    Customer(_who(20, "Fonderie de l'Iton", "SAS", "9 rue des Hauts Fourneaux", "28100 Dreux", "Chartres"), "erratic", 13, 60, "large"),
    Customer(_who(21, "Maintenance Industrielle Picarde", "SARL", "38 rue Saint-Leu", "80000 Amiens", "Amiens"), "erratic", 10, 45, "middle", bounced_nth=3),
    Customer(_who(22, "Coopérative Apicole des Combrailles", "association", "Le Bourg", "63390 Saint-Gervais-d'Auvergne", "", "professional"), "prompt", 5, 30, "small"),
    Customer(_who(23, "EARL de la Ronceraie", "EARL", "Lieu-dit La Ronceraie", "15000 Aurillac", "Aurillac", "professional"), "erratic", 6, 30, "small"),
    Customer(_who(24, "Cabinet d'architecture Vaucelin", "SELARL", "16 place du Ralliement", "14120 Mondeville", "Caen", "professional"), "keeps_promises", 6, 30, "small"),
    Customer(_who(25, "Électricité Romanaise Duchamp", "SARL", "25 rue de la Chaussure", "26100 Romans-sur-Isère", "Romans"), "keeps_promises", 7, 45, "middle"),
    Customer(_who(26, "Isolation Façades Bourdelon", "SASU", "58 rue du Pont", "10000 Troyes", "Troyes"), "breaks_promises", 7, 30, "middle"),
    Customer(_who(27, "Usinage Précision Havraise", "SAS", "81 boulevard Maritime", "76600 Le Havre", "Le Havre"), "disputes", 9, 45, "middle", quarrels=(
        Quarrel(2, "quality", outcome="rejected", settled_after_days=38),
        Quarrel(4, "price", percent=30, opened_after_days=-6, outcome="agreed", settled_after_days=27),
        Quarrel(7, "quantity", opened_after_days=2),
    )),
    Customer(_who(28, "Bureau d'Études Corvisy", "SARL", "10 rue de la Préfecture", "21000 Dijon", "Dijon"), "disputes", 6, 45, "small", quarrels=(
        Quarrel(3, "not_delivered", opened_after_days=4, outcome="abandoned", settled_after_days=19),
    )),
    Customer(_who(29, "Bâtiment Rénovation Aubanelle", "SARL", "17 traverse des Marronniers", "13400 Aubagne", "Marseille"), "stops_paying", 9, 45, "middle",
              buys_until=dt.date(2025, 9, 26), stops_paying_on=dt.date(2025, 6, 15)),
    Customer(_who(30, "Équipements Maugeois", "SARL", "29 rue du Mail", "49000 Angers", "Angers"), "stops_paying", 1, 30, "large",
              stops_paying_on=NEW_YEAR),
    Customer(_who(31, "Transports Frigorifiques Lessart", "SAS", "44 rue de la Rocade", "45000 Orléans", "Orléans"), "stops_paying", 9, 30, "small",
              buys_until=dt.date(2025, 10, 31), stops_paying_on=dt.date(2025, 8, 1)),
    Customer(_who(32, "Mme Solange Everhard", "", "6 rue des Lilas", "42110 Feurs", "", "consumer"), "week_late", 2, 30, "small"),
)
# fmt: on
