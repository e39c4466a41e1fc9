"""A claim in French: every remark and every difference has its sentence, every formula its figures."""

from decimal import Decimal
from typing import get_args

import pytest

from cli.claim import WHY
from domain.account import Movement
from domain.claim import Claim, of_debt
from domain.law.readings import Readings, switches
from domain.law.tables import shipped
from domain.money import cents
from domain.penalties import Clause, Debt, Regime
from domain.remarks import TEXTS, Remark, RemarkCode
from projections.wording import statement as words
from projections.wording.terms import typeset
from tests.builders import day

NB, NNB = "\u00a0", "\u202f"


def owed(due: str, until: str, *moves: Movement, debt: Debt | None = None, **readings: str) -> Claim:
    return of_debt(
        shipped(), debt or Debt(), 1000000, day(due), day(until), moves, readings=Readings(readings)
    )  # fmt: skip


def flat(text: str) -> str:
    return text.replace(NB, " ").replace(NNB, " ")


def test_every_remark_has_its_english_and_its_french() -> None:
    assert set(words.REMARKS) == set(TEXTS) == set(get_args(RemarkCode))
    assert set(words.INTEREST) == set(get_args(Regime))


@pytest.mark.parametrize("code", get_args(RemarkCode))
def test_a_remark_is_said_whole(code: RemarkCode) -> None:
    remark = Remark(code, day("2025-07-01"), day("2025-08-01"), Decimal(5), Decimal("8.28"))
    (said,) = words.remarks([remark])
    for text in (said, str(remark)):
        assert "None" not in text
        assert "{" not in text
    assert said.endswith(".")


def test_half_years_below_the_floor_are_told_together() -> None:
    below = [
        Remark("below_floor_as_agreed", day(on), agreed=Decimal("5.00"), floor=Decimal(floor))
        for on, floor in (("2025-01-01", "11.13"), ("2025-07-01", "8.28"))
    ]
    assert words.remarks([below[0], Remark("disputed"), below[1]]) == [
        (
            "Le taux convenu est inférieur au plancher du triple de l’intérêt légal : 1er semestre 2025, 5,00 % pour un plancher"
            " de 11,13 % ; 2e semestre 2025, 5,00 % pour un plancher de 8,28 %. Le calcul suit le taux convenu"
            " (C. com., art. L441-10, II)."
        ),
        "Le débiteur conteste tout ou partie de la facture : rien n’est déduit à ce titre.",
    ]
    assert (
        "n’est pas connu pour le 1er semestre 2027 :" in words.remarks([Remark("floor_unknown", day("2027-01-01"))])[0]
    )


def test_a_formula_has_its_principal_rate_and_days() -> None:
    rows = words.rows(owed("2025-05-31", "2025-08-31"), {1: "échéance n° 1"})
    assert [flat(line) for row in rows for line in row.how] == [
        "10 000,00 × 13,15 % × 30 / 365",
        "10 000,00 × 12,15 % × 62 / 365",
    ]
    actual = words.rows(
        owed("2023-12-30", "2024-01-01", debt=Debt(clause=Clause("fixed", Decimal(10))), day_basis="actual"), {}
    )
    assert flat(actual[-1].how[0]) == "10 000,00 × 10,00 % × (1 / 365 + 1 / 366)"


def test_one_day_is_one_day() -> None:
    when = {row.what: row.when for row in words.rows(owed("2025-05-31", "2025-06-01"), {})}
    assert when["Pénalités de retard"] == ("01/06/2025", f"1{NB}jour")


def test_money_is_said_in_the_order_in_which_it_goes() -> None:
    paid = Movement(day("2025-06-30"), cents("10 200,00"))
    last = owed("2025-05-31", "2025-08-31", paid)
    (went,) = last.statement.imputed
    assert flat(words.imputed(last, went)) == (
        "imputé sur : pénalités de retard 108,08 € ; principal 10 000,00 € ;"
        " indemnité forfaitaire pour frais de recouvrement 40,00 € ; excédent 51,92 €"
    )
    first = owed("2025-05-31", "2025-08-31", paid, indemnity_rank="before_principal")
    assert " ; principal" in words.imputed(first, first.statement.imputed[0]).partition("indemnité")[2]
    price = owed("2025-05-31", "2025-08-31", paid, imputation="principal_first")
    assert words.imputed(price, price.statement.imputed[0]).startswith("imputé sur : principal")


def test_a_refund_says_what_it_takes_back() -> None:
    claim = owed(
        "2025-05-31", "2025-08-31",
        Movement(day("2025-06-30"), cents("4 000,00")), Movement(day("2025-07-15"), cents("500,00"), "refund"),
    )  # fmt: skip
    (row,) = [row for row in words.rows(claim, {}) if row.what == "Remboursement au débiteur"]
    assert flat(row.how[0]) == "repris sur : principal 500,00 €"


def test_what_a_day_adds_is_said_with_its_formula_or_why_not() -> None:
    assert flat(words.daily(owed("2025-05-31", "2025-08-31"))) == (
        "À compter du 1er septembre 2025, pénalités de retard : 3,3288 € par jour, au taux de ce jour (10 000,00 × 12,15 % / 365)."
    )
    assert words.daily(owed("2025-05-31", "2025-05-01")) == "Les intérêts ne courent pas avant le 1er juin 2025."
    assert "n’est pas connu" in words.daily(owed("2026-05-31", "2026-12-31"))
    stopped = owed("2025-05-31", "2025-08-31", debt=Debt(stopped_on=day("2025-09-01")))
    assert words.daily(stopped) == "Plus aucun intérêt ne court."
    said = owed("2025-05-31", "2025-08-31", debt=Debt(stopped_on=day("2025-08-01")))
    assert words.daily(said) == ""
    assert words.daily(owed("2025-05-31", "2025-08-31", debt=Debt("consumer"))) == ""


def test_a_reference_does_not_break_inside() -> None:
    assert words.reference("C. com., art. L441-10, II, al. 2 ; règle d'usage") == (
        f"C. com., art.{NB}L441-10,{NB}II,{NB}al.{NB}2 ; règle d’usage"
    )


def test_every_reading_is_said_with_its_text_once() -> None:
    every = [reading for switch in switches().values() for reading in switch.readings]
    said = words.readings([*every, *every])
    assert len(said) == len(every)
    assert all(text.endswith(".") and "'" not in text and ".." not in text for text in said)
    assert sum("lecture choisie par le créancier" in text for text in said) == len(every) - len(switches())


def test_what_tells_the_claim_from_the_books_is_said() -> None:
    named = {"written_off", "paid_to_interest", "paid_to_indemnity", "not_imputed", "in_credit", "on_account"}
    assert set(words.DIFFERENCE) == named == set(WHY)


def test_an_amount_of_the_statement_keeps_its_typography() -> None:
    (row, *_) = words.rows(owed("2025-05-31", "2025-05-31"), {})
    assert (row.what, row.amount) == ("Principal, toutes taxes comprises", f"10{NNB}000,00{NB}€")
    assert typeset(words.missing("taux de l'intérêt légal", day("2027-01-01"))).count("’") >= 4
