"""The words of the documents: numbers of exhibits, rates, articles; every blank has its words and its place in the law."""

from decimal import Decimal
from pathlib import Path

import pytest

from domain.checklists import read_checklist
from domain.facts.procedure import RateKind
from projections.wording import court as words
from projections.wording import handover, statement
from tests.builders import day, issued
from tests.conftest import HERE


@pytest.mark.parametrize(
    ("found", "said"),
    [([], ""), ([4], "4"), ([2, 1], "1, 2"), ([1, 2, 3], "1 à 3"), ([9, 3, 2, 1, 7, 8, 5, 5], "1 à 3, 5, 7 à 9")],
)
def test_runs_of_exhibits_are_told_by_their_ends(found: list[int], said: str) -> None:
    assert words.numbers(found) == said


@pytest.mark.parametrize(
    ("court", "said"),
    [
        ("tribunal de commerce de Lyon", "À Madame ou Monsieur le président du tribunal de commerce de Lyon"),
        ("Juge des contentieux de la protection", "À Madame ou Monsieur le Juge des contentieux de la protection"),
        ("Madame la présidente du TAE", "À Madame la présidente du TAE"),
        ("TAE de Lyon", "À Madame ou Monsieur le président de la juridiction saisie"),
        ("", "À Madame ou Monsieur le président de la juridiction saisie"),
    ],
)
def test_a_petition_is_addressed_to_its_judge(court: str, said: str) -> None:
    assert words.addressed(court) == said


@pytest.mark.parametrize(
    ("court", "said"),
    [
        ("Tribunal de commerce de Lyon", "Formulaire Cerfa, facultatif : 12946*02 (tribunal de commerce) ; notice"),
        ("juge des contentieux de la protection", "Formulaire Cerfa, facultatif : 16040*01"),
        (
            "juge des contentieux de la protection du tribunal judiciaire de Lyon",
            "Formulaire Cerfa, facultatif : 16040*01",
        ),
        ("tribunal des activités économiques", "Formulaires Cerfa, facultatifs : 12946*02"),
    ],
)
def test_the_form_is_that_of_the_court_where_it_tells_which(court: str, said: str) -> None:
    assert words.forms(court).startswith(said)


def test_what_a_day_adds_has_its_blanks() -> None:
    assert statement.a_day(Decimal("333289.3356")) == "333\u202f289,3356\u00a0€"
    assert statement.a_day(Decimal("2.0452")) == "2,0452\u00a0€"


def test_money_taken_off_by_an_order_makes_it_no_partial_one() -> None:
    said = handover.partial(10_000, 8_000, day("2025-09-10"))
    assert said == (
        "Accordé en moins de la requête, paiements déduits jusqu’au 10 septembre 2025 : la requête demandait 100,00\u00a0€,"
        " l’ordonnance accorde 80,00\u00a0€"
    )
    assert "1409" in handover.partial(10_000, 8_000, None)


@pytest.mark.parametrize(
    ("kind", "figure", "basis", "value", "said"),
    [
        (None, None, None, None, ""),
        ("legal", None, None, None, "taux de l’intérêt légal"),
        ("b2b", None, None, None, "taux de refinancement de la BCE majoré de 10 points, fixé par semestre"),
        ("contract", "12.5", "fixed", "12.5", "taux stipulé de 12,5 % l’an"),
        ("contract", None, "legal_multiple", "3", "taux stipulé : 3 fois le taux de l’intérêt légal"),
        ("contract", None, "ecb_plus", "12.5", "taux stipulé : taux de refinancement de la BCE majoré de 12,5 points"),
        ("contract", None, None, None, "taux stipulé"),
    ],
)
def test_a_rate_is_said_as_the_record_has_it(
    kind: RateKind | None, figure: str | None, basis: str | None, value: str | None, said: str
) -> None:
    fact = issued().model_copy(update={"penalty_basis": basis, "penalty_rate": value})
    assert words.rate_of(kind, figure, fact) == said


def test_the_article_that_binds_is_that_of_the_day_of_the_invoice() -> None:
    assert words.contractual([day("2016-10-01")]) == "C. civ., art. 1103 ; CPC, art. 1405, 1°"
    assert words.contractual([day("2016-09-30")]) == "C. civ., art. 1134 (ancien) ; CPC, art. 1405, 1°"
    assert words.contractual([day("2016-09-30"), day("2017-01-01")]).startswith("C. civ., art. 1103 et 1134 (ancien)")


def test_every_blank_belongs_to_an_item_of_the_law_that_there_is() -> None:
    for name, of in (("petition", words.ITEM_OF), ("declaration", words.ITEM_OF_DECLARATION)):
        items = {item.code for item in read_checklist(name).items}
        assert set(of) <= set(words.BLANKS)
        assert set(of.values()) <= items


def test_every_word_for_a_blank_is_asked_for_somewhere() -> None:
    sources = "".join(file.read_text() for file in Path(HERE.parent, "adapters/documents/court").glob("*.py"))
    asked = {code for code in (*words.BLANKS, *words.OPTIONS) if f'"{code}"' in sources or code.startswith("exhibits_")}
    assert asked == {*words.BLANKS, *words.OPTIONS}
