"""The French words of the statutory table: heads and rows as the model prints them, notes on how it was filled.

Heads, rows, (A), (B) and (C) follow the model of annexe 4-1 to art. A441-2 (arrêtés of 6 April 2016 and 20 March 2017), an
image in the Journal officiel: read here through management reports that reproduce it.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from projections.d4416 import COLUMNS, Column
from projections.wording.terms import amount, day, typeset

TITLE: Final = "Factures émises non réglées à la date de clôture de l’exercice dont le terme est échu"
ARTICLE: Final = (
    "Tableau prévu au I de l’article D. 441-6 du code de commerce (article D. 441-4 avant le 27 février 2021)"
)
HEADS: Final = dict(
    zip(
        COLUMNS,
        ("0 jour (indicatif)", "1 à 30 jours", "31 à 60 jours", "61 à 90 jours", "91 jours et plus", "Total (1 jour et plus)"),
        strict=True,
    )
)  # fmt: skip
LATE: Final = "(A) Tranches de retard de paiement"
EXCLUDED: Final = "(B) Factures exclues du (A) relatives à des dettes et créances litigieuses ou non comptabilisées"
TERMS: Final = "(C) Délais de paiement de référence utilisés (contractuel ou délai légal)"
TERMS_USED: Final = "Échéance enregistrée pour chaque facture : délai contractuel ou, à défaut, délai légal (article L. 441-10 du code de commerce)"
HOW_AMOUNTS: Final = (
    "Montants : reste à payer à la clôture, échéance par échéance ; une facture compte une fois dans chaque colonne où elle a un reste à "
    "payer, et une fois au total."
)
HOW_DISPUTES: Final = (
    "Litiges : la part contestée est exclue du (A) et portée au (B), dans la limite du reste à payer, en commençant par l’échéance la plus "
    "ancienne. Aucune créance non comptabilisée n’est tenue par relance."
)
NUMBER: Final = "Nombre de factures concernées"
NUMBER_EXCLUDED: Final = "Nombre des factures exclues"
UNKNOWN: Final = "n. d."


def vat_words(*, excluding_vat: bool) -> str:
    """`HT` or `TTC`, which the company states."""
    return "HT" if excluding_vat else "TTC"


def amount_late(*, excluding_vat: bool) -> str:
    """The row of what is left to pay."""
    return f"Montant total des factures concernées, restant dû {vat_words(excluding_vat=excluding_vat)}"


def amount_invoiced(*, excluding_vat: bool) -> str:
    """The row of the whole amount of the same invoices."""
    return f"Montant d’origine des mêmes factures {vat_words(excluding_vat=excluding_vat)}"


def amount_excluded(*, excluding_vat: bool) -> str:
    """The row of what is left out."""
    return f"Montant total des factures exclues, restant dû {vat_words(excluding_vat=excluding_vat)}"


def share_of_sales(*, excluding_vat: bool) -> str:
    """The row of percentages."""
    return f"Pourcentage du chiffre d’affaires {vat_words(excluding_vat=excluding_vat)} de l’exercice"


def percent(text: str | None) -> str:
    """A share in percent, in French."""
    return typeset(f"{text.replace('.', ',')} %") if text is not None else UNKNOWN


def year(from_on: dt.date, to_on: dt.date) -> str:
    """The year that closed."""
    return typeset(f"Exercice du {day(from_on)} au {day(to_on)}")


def notes(
    *, excluding_vat: bool, sales_cents: int, sales_without_vat_cents: int, undated: Column, without_vat: Column,
    apart_cents: int, columns: Sequence[Column], credit_notes_without_vat_cents: int = 0,
) -> list[str]:  # fmt: skip
    """How the table was filled, and what it does not hold."""
    vat = vat_words(excluding_vat=excluding_vat)
    said = [
        f"Chiffre d’affaires {vat} de l’exercice : {amount(sales_cents)} (factures émises moins avoirs, tels qu’enregistrés).",
        HOW_AMOUNTS,
        HOW_DISPUTES,
    ]
    if sum(column.invoices for column in columns[1:-1]) > columns[-1].invoices:
        said.append(
            "Des factures à plusieurs échéances figurent dans plusieurs colonnes : les nombres ne s’additionnent pas."
        )
    if sales_cents <= 0:
        said.append(
            "Aucun chiffre d’affaires positif n’est enregistré sur l’exercice : le pourcentage n’est pas défini."
        )
    if sales_without_vat_cents:
        said.append(
            f"Factures de l’exercice dont la TVA n’est pas enregistrée, laissées de côté : {amount(sales_without_vat_cents)} TTC."
        )
    if credit_notes_without_vat_cents:
        said.append(
            f"Avoirs de l’exercice dont la TVA n’est pas enregistrée, non déduits : {amount(credit_notes_without_vat_cents)} TTC."
        )
    if without_vat.invoices:
        said.append(
            f"Factures échues dont la TVA n’est pas enregistrée, laissées de côté : {without_vat.invoices}, "
            f"restant dû {amount(without_vat.cents)} TTC."
        )
    if undated.invoices:
        said.append(
            f"Factures sans échéance connue, dans aucune colonne : {undated.invoices}, restant dû {amount(undated.cents)} {vat}."
        )
    if apart_cents:
        said.append(f"Avoirs et règlements non imputés, non déduits : {amount(apart_cents)} TTC.")
    return [typeset(each) for each in said]


def known(position: int) -> str:
    """By what knowledge the table was filled."""
    return typeset(f"État des enregistrements : position {position} du journal.")
