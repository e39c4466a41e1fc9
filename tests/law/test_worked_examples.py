"""Worked examples that are not ours: each figure is the one its source prints, or was worked out by hand from the law.

A source is named by its title. `by hand` means: counted with fractions and a calendar, from the articles, and never read
off the program. Where a source gives a number of days and no dates, the dates are any that have so many days; where it
counts days otherwise than the default, the switch that says so stands in its line.
"""

import json
from typing import Any

import pytest

from cli.main import run

Row = tuple[str, str, dict[str, Any]]

ART_641 = "Cours d'A. Bamdé, computation des délais"
CADORET = "Notaire V. Cadoret, Anatocisme"
F20688 = "Service-Public, fiche F20688"
F23211 = "Service-Public, fiche F23211"
F31111 = "Service-Public, fiche F31111"
FDM = "EDD, 30 jours fin de mois"
FDM_NEXT = "Lediffa, 30 jours fin de mois"
LME = "Tableau « Calcul date échéance » (LME)"
PROPULSE = "Propulse, Comment se calculent les délais de paiement"


def answer(capsys: pytest.CaptureFixture[str], line: str) -> dict[str, Any]:
    code = run(["law", *line.split(), "--json"])
    said = capsys.readouterr()
    assert (code, said.err) == (0, ""), said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def holds(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert {key: found[key] for key in expected} == expected


# The rates.

RATES: list[Row] = [
    ("Marchés publics PME, Le taux 2014 des intérêts moratoires", "--kind public --on 2014-01-01", {"rate_percent": "8.25"}),
    ("CAA Lyon, 8 déc. 2022, n° 21LY00560, point 21", "--kind public --on 2021-03-01", {"rate_percent": "8.00"}),
    (f"{F23211}, dans l'aide de Simplemanager", "--kind b2b --on 2017-07-01", {"rate_percent": "10.00"}),
    ("Bpifrance création, Taux des pénalités de retard", "--kind b2b --on 2024-07-01", {"rate_percent": "14.25"}),
    ("Bpifrance création, Taux des pénalités de retard", "--kind floor --on 2024-12-31", {"rate_percent": "14.76"}),
    ("Hero, Taux de pénalité facture", "--kind b2b --on 2025-01-01", {"rate_percent": "13.15"}),
    ("Être payé, Évolution du taux d'intérêt légal 2019", "--kind floor --on 2019-01-01", {"rate_percent": "2.58"}),
    (f"{F20688}, 1er septembre 2020", "--kind legal-individual --on 2020-09-01", {"rate_percent": "3.11"}),
    (f"{F20688}, second semestre 2015", "--kind legal-individual --on 2015-12-31", {"rate_percent": "4.29"}),
    ("Tests d'un logiciel, mentions d'une facture du 30 juin 2026", "--kind b2b --on 2026-06-30", {"rate_percent": "12.15"}),
    ("Tests d'un logiciel, mentions d'une facture du 2 juillet 2026", "--kind b2b --on 2026-07-02", {"rate_percent": "12.40"}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "line", "expected"), RATES)
def test_a_rate(source: str, line: str, expected: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert source
    holds(answer(capsys, f"rate {line}"), expected)


# The due day.

TERMS: list[Row] = [
    ("Solices, 45 jours fin de mois", "--issued 2025-04-10 --terms 45d-eom --method add-then-eom", {"due_on": "2025-05-31"}),
    (LME, "--issued 2017-10-05 --terms 45d-eom --method add-then-eom", {"due_on": "2017-11-30"}),
    (LME, "--issued 2017-10-05 --terms 45d-eom --method eom-then-add", {"due_on": "2017-12-15"}),
    (LME, "--issued 2017-10-22 --terms 45d-eom --method eom-then-add", {"due_on": "2017-12-15"}),
    (LME, "--issued 2017-11-08 --terms 30d", {"due_on": "2017-12-08"}),
    (LME, "--issued 2011-10-07 --terms 45d", {"due_on": "2011-11-21"}),
    (LME, "--issued 2011-10-07 --terms 60d", {"due_on": "2011-12-06", "cap_on": "2011-12-06"}),
    ("Fnaseph, Paiement à 45 jours", "--issued 2025-03-10 --terms 45d-eom --method add-then-eom", {"due_on": "2025-04-30"}),
    ("Fnaseph, Paiement à 45 jours", "--issued 2025-03-10 --terms 45d-eom --method eom-then-add", {"due_on": "2025-05-15"}),
    (FDM, "--issued 2023-01-05 --terms 30d-eom --method add-then-eom", {"due_on": "2023-02-28"}),
    (FDM, "--issued 2023-03-15 --terms 30d-eom --method add-then-eom", {"due_on": "2023-04-30"}),
    (FDM, "--issued 2023-06-28 --terms 30d-eom --method add-then-eom", {"due_on": "2023-07-31"}),
    (FDM, "--issued 2023-04-01 --terms 30d-eom --method add-then-eom", {"due_on": "2023-05-31"}),
    (FDM, "--issued 2023-04-25 --terms 30d-eom --method add-then-eom", {"due_on": "2023-05-31"}),
    (FDM_NEXT, "--issued 2025-03-10 --terms 30d-eom --method eom-then-add", {"due_on": "2025-04-30"}),
    (FDM_NEXT, "--issued 2025-01-15 --terms 30d-eom --method eom-then-add", {"due_on": "2025-03-02"}),
    (FDM_NEXT, "--issued 2025-02-05 --terms 30d-eom --method eom-then-add", {"due_on": "2025-03-30"}),
    ("Devenir traducteur, Calcul échéance facture", "--issued 2025-01-15 --terms 30d", {"due_on": "2025-02-14"}),
    ("Modèle de facture d'un logiciel, 15 mars 2025", "--issued 2025-03-15 --terms 30d", {"due_on": "2025-04-14"}),
    ("Modèle de facture StarBuro, 23 septembre 2015", "--issued 2015-09-23 --terms 30d", {"due_on": "2015-10-23"}),
    (PROPULSE, "--issued 2014-01-02 --performed 2014-01-06", {"due_on": "2014-02-05"}),
    (f"{PROPULSE} ; {F23211}", "--issued 2014-01-02 --terms 45d-eom --method add-then-eom", {"due_on": "2014-02-28"}),
    (f"{PROPULSE} ; {F23211}", "--issued 2014-01-02 --terms 45d-eom --method eom-then-add", {"due_on": "2014-03-17"}),
    (f"{F23211}, année bissextile", "--issued 2024-01-02 --terms 45d-eom --method add-then-eom", {"due_on": "2024-02-29"}),
    ("by hand: the 45th day is 29 February", "--issued 2024-01-15 --terms 45d-eom --method add-then-eom", {"due_on": "2024-02-29"}),
    ("by hand: the 45th day is 1 March", "--issued 2024-01-16 --terms 45d-eom --method add-then-eom", {"due_on": "2024-03-31"}),
    ("by hand: the same day, no leap year", "--issued 2025-01-15 --terms 45d-eom --method add-then-eom", {"due_on": "2025-03-31"}),
    ("by hand: over the new year", "--issued 2026-12-20 --terms 45d-eom --method add-then-eom", {"due_on": "2027-02-28"}),
    ("by hand, CCP R2192-10", "--issued 2026-01-31 --debtor public --received 2026-01-31", {"due_on": "2026-03-02"}),
    ("by hand, CCP R2192-11, 1°", "--issued 2026-01-31 --debtor public --received 2026-01-31 --buyer hospital", {"due_on": "2026-03-22"}),
    ("by hand, CCP R2192-11, 2°", "--issued 2026-01-31 --debtor public --received 2026-01-31 --buyer undertaking", {"due_on": "2026-04-01"}),
    ("by hand, CCP R2192-12", "--issued 2026-01-31 --debtor public --received 2026-01-31 --performed 2026-02-10", {"due_on": "2026-03-12"}),
    ("by hand, CCP R2192-14", "--issued 2026-01-31 --debtor public", {"due_on": "2026-03-04"}),
    ("by hand, C. com. L441-11, II, 5°", "--issued 2026-01-10 --sector carriage --terms 45d", {"due_on": "2026-02-24", "cap_on": "2026-02-09"}),
    ("by hand, C. com. L441-10, I, al. 2", "--issued 2026-01-10 --terms 90d", {"due_on": "2026-04-10", "cap_on": "2026-03-11"}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "line", "expected"), TERMS)
def test_a_due_day(source: str, line: str, expected: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert source
    holds(answer(capsys, f"due {line}"), expected)


# Deadlines of procedure.

DEADLINES: list[tuple[str, str, str, str]] = [
    ("Cass. 2e civ., 8 déc. 2005, n° 04-04.173", "--from 2004-05-21 --days 15", "2004-06-05", "2004-06-07"),
    ("Cass. 2e civ., 31 janv. 1979, n° 77-15.484", "--from 1975-09-05 --months 1", "1975-10-05", "1975-10-06"),
    ("Cass. 2e civ., 19 nov. 1981, n° 80-14.144", "--from 1979-10-17 --months 1", "1979-11-17", "1979-11-19"),
    ("Cass. 3e civ., 21 janv. 2021, n° 19-24.799 (Pentecôte)", "--from 2018-02-20 --months 3", "2018-05-20", "2018-05-22"),
    ("Cass. 2e civ., 25 mars 2021, n° 19-20.636", "--from 2018-07-13 --months 4", "2018-11-13", "2018-11-13"),
    ("Legalnews, recours du 2 juin 2008, délai de quinze jours", "--from 2008-05-17 --days 15", "2008-06-01", "2008-06-02"),
    ("Simonnet, Comment calculer un délai (Pâques 2008)", "--from 2008-03-07 --days 15", "2008-03-22", "2008-03-25"),
    (f"{ART_641}, un mois et quinze jours", "--from 2017-02-12 --months 1 --days 15", "2017-03-27", "2017-03-27"),
    ("Alexia, question 486465", "--from 2024-11-12 --months 2", "2025-01-12", "2025-01-13"),
    ("Documentation d'une bibliothèque de jours fériés", "--from 2026-05-07 --days 1", "2026-05-08", "2026-05-11"),
    (f"{F31111}, 2024", "--from 2024-02-07 --days 10", "2024-02-17", "2024-02-19"),
    (f"{F31111}, 2024", "--from 2024-03-04 --days 10", "2024-03-14", "2024-03-14"),
    (f"{F31111}, Noël 2014", "--from 2014-12-11 --days 10", "2014-12-21", "2014-12-22"),
    (f"{F31111}, Noël 2014", "--from 2014-12-12 --days 10", "2014-12-22", "2014-12-22"),
    (f"{F31111}, Noël 2014", "--from 2014-12-15 --days 10", "2014-12-25", "2014-12-26"),
    (f"{F31111}, vendredi 14 juillet", "--from 2023-07-11 --days 3", "2023-07-14", "2023-07-17"),
    ("by hand: Ascension on 1 May", "--from 2008-04-01 --months 1", "2008-05-01", "2008-05-02"),
    ("by hand: Ascension, the Friday is a working day", "--from 2026-04-14 --months 1", "2026-05-14", "2026-05-15"),
    ("by hand: Easter eve", "--from 2027-02-27 --months 1", "2027-03-27", "2027-03-30"),
    ("by hand: the eve of Whitsun", "--from 2027-04-15 --months 1", "2027-05-15", "2027-05-18"),
    ("by hand: Christmas on a Friday", "--from 2026-11-25 --months 1", "2026-12-25", "2026-12-28"),
    ("by hand: New Year on a Friday", "--from 2026-12-01 --months 1", "2027-01-01", "2027-01-04"),
    ("by hand: 8 May on a Saturday", "--from 2026-05-08 --months 12", "2027-05-08", "2027-05-10"),
    ("by hand: no 31st in February, leap year", "--from 2028-01-31 --months 1", "2028-02-29", "2028-02-29"),
    ("by hand: no 31st in February, a Saturday", "--from 2026-01-31 --months 1", "2026-02-28", "2026-03-02"),
    ("by hand: no 30th in February, a Friday", "--from 2024-12-30 --months 2", "2025-02-28", "2025-02-28"),
    ("by hand: months first, then days", "--from 2026-10-31 --months 1 --days 1", "2026-12-01", "2026-12-01"),
    ("by hand: a year from 29 February", "--from 2024-02-29 --months 12", "2025-02-28", "2025-02-28"),
    ("by hand: a claim declared, published on 31 December 2026", "--from 2026-12-31 --months 2", "2027-02-28", "2027-03-01"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "line", "theoretical", "expires"), DEADLINES)
def test_a_deadline(source: str, line: str, theoretical: str, expires: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert source
    assert answer(capsys, f"deadline {line}") == {"theoretical_on": theoretical, "expires_on": expires}


# Interest: its days and cents, segment by segment, then what is owed.

INTEREST: list[tuple[str, str, list[tuple[int, int]], dict[str, Any]]] = [
    ("Agence iPro, Zoom sur les pénalités", "--principal 15000 --due 2025-03-31 --until 2025-04-30 --rate 15", [(30, 18493)], {}),
    ("Shine, Pénalités de retard", "--principal 3000 --due 2024-09-01 --until 2024-10-01 --rate 14.76", [(30, 3639)], {}),
    ("Les Jooristes", "--principal 5000 --due 2024-09-01 --until 2024-10-01 --rate 10", [(30, 4110)], {"indemnity_cents": 4000}),
    ("Hero, Facturer des pénalités", "--principal 1000 --due 2024-02-01 --until 2024-03-02", [(30, 1192)], {}),
    ("Dossier d'injonction de payer pour Qonto, 92 jours", "--principal 4800 --due 2026-01-31 --until 2026-05-03", [(92, 14700)], {"total_cents": 498700}),
    ("Droit-finances, 1 000 € à 1,5 x 0,65 %", "--principal 1000 --due 2013-03-01 --until 2013-04-15 --rate 0.975", [(45, 120)], {}),
    ("Ma calculatrice, 180 jours à 3,15 %", "--principal 10000 --due 2025-01-01 --until 2025-06-30 --rate 3.15", [(180, 15534)], {}),
    (f"{CADORET}, juillet 2015", "--principal 100000 --due 2015-06-30 --until 2015-07-31 --rate 3", [(31, 25479)], {}),
    (f"{CADORET}, septembre 2015", "--principal 100000 --due 2015-08-31 --until 2015-09-30 --rate 3", [(30, 24658)], {}),
    (f"{F20688}, intérêts simples",
     "--principal 2000 --due 2020-09-01 --until 2020-09-30 --regime consumer --creditor individual --notified 2020-09-01 --day-count include-include",
     [(30, 511)], {"total_cents": 200511, "indemnity_cents": 0}),
    (f"{F20688}, intérêts majorés",
     ("--principal 2000 --due 2015-09-17 --until 2016-04-10 --regime consumer --creditor individual --notified 2015-09-17"
      " --enforceable 2015-09-17 --day-count exclude-exclude"),
     [(61, 1434), (44, 2240), (100, 5227)], {"interest_cents": 8901, "total_cents": 208901}),
    ("Ma calculatrice, Capitalisation, trois ans à 5 %", "--principal 10000 --due 2020-12-31 --until 2023-12-31 --rate 5 --capitalised 2020-12-31",
     [(365, 50000), (365, 52500), (365, 55125)], {"interest_cents": 157625}),
    ("Ma calculatrice, Capitalisation, les mêmes sans elle", "--principal 10000 --due 2020-12-31 --until 2023-12-31 --rate 5",
     [(1095, 150000)], {"interest_cents": 150000}),
    ("CE, 10 déc. 2014, n° 372102: at the demand, then each year (by hand, at 5 %)",
     "--principal 10000 --due 2018-10-31 --until 2023-12-31 --rate 5 --capitalised 2022-08-19",
     [(1388, 190137), (365, 59507), (134, 22939)], {"capitalised_cents": 249644}),
    ("Cours de droit, Imputation : 20 000 + 3 000, payé 18 000",
     "--principal 20000 --due 2021-12-31 --until 2022-12-31 --rate 15 --payment 2022-12-31=18000",
     [(365, 300000)], {"principal_cents": 500000, "interest_cents": 0}),
    ("by hand: a leap year has 366 days over 365", "--principal 10000 --due 2023-12-31 --until 2024-12-31", [(182, 72301), (184, 71836)], {}),
    ("by hand: over 29 February", "--principal 7300 --due 2024-02-28 --until 2024-03-01", [(2, 580)], {}),
    ("by hand: a fixed rate over a leap year", "--principal 9999.99 --due 2023-12-31 --until 2024-12-31 --rate 10", [(366, 100274)], {}),
    ("by hand: 30 June, 1 July", "--principal 36500 --due 2026-06-29 --until 2026-07-01", [(1, 1215), (1, 1240)], {}),
    ("by hand: 31 December, 1 January", "--principal 36500 --due 2024-12-30 --until 2025-01-01", [(1, 1425), (1, 1315)], {}),
    ("by hand: five half-years", "--principal 12345.67 --due 2023-11-15 --until 2025-08-20",
     [(46, 21782), (182, 89261), (184, 88686), (181, 80506), (51, 20959)], {"total_cents": 1234567 + 301194 + 4000}),
    ("by hand: two payments, the second less than the interest",
     "--principal 8000 --due 2025-01-31 --until 2025-09-30 --payment 2025-04-30=3000 --payment 2025-07-10=50",
     [(89, 25652), (61, 11552), (10, 1750), (82, 14348)],
     {"interest_accrued_cents": 53302, "interest_cents": 22650, "principal_cents": 525652, "total_cents": 552302}),
    ("by hand: the same, principal first",
     "--principal 8000 --due 2025-01-31 --until 2025-09-30 --payment 2025-04-30=3000 --payment 2025-07-10=50 --imputation principal-first",
     [(89, 25652), (61, 10988), (10, 1664), (82, 13511)], {"interest_cents": 51815, "principal_cents": 495000, "total_cents": 550815}),
    ("by hand: public, due 29 June", "--principal 52340.18 --due 2023-06-29 --until 2024-02-29 --regime public", [(245, 368891)], {}),
    ("by hand: public, due 30 June", "--principal 52340.18 --due 2023-06-30 --until 2024-02-29 --regime public", [(244, 419869)], {}),
    ("by hand: public, due 1 July", "--principal 52340.18 --due 2023-07-01 --until 2024-02-29 --regime public", [(243, 418148)], {}),
    ("by hand: a consumer, from the notice", "--principal 1500 --due 2024-11-15 --until 2025-07-31 --regime consumer --notified 2024-12-20",
     [(11, 222), (181, 2760), (31, 352)], {"interest_cents": 3334, "indemnity_cents": 0}),
    ("by hand: five points more after two months that end in February",
     "--principal 10000 --due 2024-12-31 --until 2025-07-31 --regime consumer --notified 2024-12-31 --enforceable 2024-12-31",
     [(59, 5997), (122, 29113), (31, 6591)], {"interest_cents": 41701}),
    ("by hand: capitalised over a leap year", "--principal 10000 --due 2022-12-31 --until 2025-06-30 --rate 12 --capitalised 2022-12-31",
     [(365, 120000), (366, 134768), (181, 74667)], {"interest_cents": 329435}),
    ("by hand: three times the legal rate", "--principal 2400 --due 2025-05-31 --until 2025-08-31 --rate 3 --rate-basis legal-multiple",
     [(30, 2196), (62, 3376)], {}),
    ("by hand: eight points above the ECB's", "--principal 2400 --due 2025-05-31 --until 2025-08-31 --rate 8 --rate-basis ecb-plus",
     [(30, 2199), (62, 4138)], {}),
]  # fmt: skip

#: What a contractual rate below the floor adds, and nothing else.
BELOW = "is below the floor"


@pytest.mark.parametrize(("source", "line", "segments", "expected"), INTEREST)
def test_interest(
    source: str,
    line: str,
    segments: list[tuple[int, int]],
    expected: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert source
    found = answer(capsys, f"interest {line}")
    assert [(each["days"], each["interest_cents"]) for each in found["segments"]] == segments
    holds(found, {"interest_accrued_cents": sum(cents for _, cents in segments)} | expected)
    assert all(BELOW in warning for warning in found["warnings"])


# Limitation: the last day to act.

LIMITATION: list[tuple[str, str, str, str]] = [
    ("Cass. com., 5 déc. 2018, n° 17-16.282: due 28 May 2009, sued in time on 26 May 2014",
     "--kind trader --due 2009-05-28 --performed 2009-05-14", "2014-05-14", "2014-05-28"),
    ("Cass. com., 26 févr. 2020, n° 18-25.036: done October 2009, sued too late on 2 February 2015",
     "--kind trader --due 2010-06-04 --performed 2009-10-31", "2014-10-31", "2015-06-04"),
    ("Juritravail, actualité 375859", "--kind trader --due 2017-07-31 --performed 2017-07-31", "2022-07-31", "2022-07-31"),
    ("Matuile, Délai de prescription d'une facture", "--kind consumer --due 2024-01-31 --performed 2024-01-31", "2026-01-31", "2026-01-31"),
    ("by hand: two years from 29 February", "--kind consumer --due 2024-02-29 --performed 2024-02-29", "2026-02-28", "2026-02-28"),
    ("by hand: carriage", "--kind transport --due 2025-12-31 --performed 2025-12-01", "2026-12-01", "2026-12-31"),
    ("by hand: acquired on 31 December, due in January", "--kind public --due 2022-01-10 --performed 2021-12-31", "2025-12-31", "2026-12-31"),
    ("by hand: claimed in writing on the last day",
     "--kind public --due 2022-01-10 --performed 2021-12-31 --event written_claim=2025-12-31", "2029-12-31", "2029-12-31"),
    ("by hand: claimed in writing the day after the prudent one",
     "--kind public --due 2022-01-10 --performed 2021-12-31 --event written_claim=2026-01-01", "2025-12-31", "2030-12-31"),
    ("by hand: a mediation of 92 days",
     ("--kind consumer --due 2024-05-31 --performed 2024-05-01"
      " --event mediation_started=2025-05-01 --event mediation_ended=2025-08-01"), "2026-08-01", "2026-08-31"),
    ("by hand: a mediation that leaves less than six months",
     ("--kind consumer --due 2024-05-31 --performed 2024-05-31"
      " --event mediation_started=2026-05-01 --event mediation_ended=2026-08-01"), "2027-02-01", "2027-02-01"),
    ("by hand: a petition moves nothing, and the suit comes a day late",
     "--kind trader --due 2021-03-15 --performed 2021-03-15 --event petition_filed=2026-03-01 --event sued=2026-03-16", "2026-03-15", "2026-03-15"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "line", "prudent", "arguable"), LIMITATION)
def test_limitation(source: str, line: str, prudent: str, arguable: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert source
    holds(answer(capsys, f"limitation {line}"), {"prudent_on": prudent, "arguable_on": arguable})


# The order for payment: no source with dates was found, all by hand from CPC 641, 642, 1411, 1416, 1422 and 1423 (old).

ORDERS: list[Row] = [
    ("six months of 31 August end on 28 February", "--rendered 2025-08-31", {"serve_by_on": "2026-02-28"}),
    ("the last order of six months", "--rendered 2026-08-31", {"serve_by_on": "2027-02-28", "regime": "2022-03-01"}),
    ("the first order of three months", "--rendered 2026-09-01", {"serve_by_on": "2026-12-01", "regime": "2026-09-01"}),
    ("opposition until the day after Ascension", "--rendered 2026-03-31 --served 2026-04-14 --in-person",
     {"serve_by_on": "2026-09-30", "opposition_until_on": "2026-05-15", "earliest_enforceable_on": "2026-05-16"}),
    ("opposition until the Monday after Christmas, two months end later", "--rendered 2026-09-30 --served 2026-11-25 --in-person",
     {"serve_by_on": "2026-12-30", "opposition_until_on": "2026-12-28", "earliest_enforceable_on": "2027-01-26"}),
    ("served on Easter eve's quantième", "--rendered 2026-11-30 --served 2027-02-27 --in-person",
     {"serve_by_on": "2027-02-28", "opposition_until_on": "2027-03-30", "earliest_enforceable_on": "2027-04-28"}),
    ("served on the 31st, old waiting time", "--rendered 2026-08-31 --served 2026-10-31 --in-person",
     {"opposition_until_on": "2026-11-30", "earliest_enforceable_on": "2026-12-01"}),
    ("served on the 31st, new waiting time", "--rendered 2026-09-01 --served 2026-10-31 --in-person",
     {"opposition_until_on": "2026-11-30", "earliest_enforceable_on": "2027-01-01"}),
    ("a debtor overseas has a month more", "--rendered 2026-08-31 --served 2026-10-31 --in-person --residence overseas",
     {"opposition_until_on": "2026-12-31", "earliest_enforceable_on": "2027-01-01"}),
    ("a debtor abroad has two, which end on a Sunday", "--rendered 2026-08-31 --served 2026-10-31 --in-person --residence abroad",
     {"opposition_until_on": "2027-02-01", "earliest_enforceable_on": "2027-02-02"}),
    ("the formula was asked for within the month after", "--rendered 2022-02-28 --served 2022-04-30 --in-person",
     {"opposition_until_on": "2022-05-30", "earliest_enforceable_on": None, "formula_request_by_on": "2022-06-30"}),
    ("the formula is on the order from 1 March 2022", "--rendered 2022-03-01 --served 2022-04-30 --in-person",
     {"opposition_until_on": "2022-05-30", "earliest_enforceable_on": "2022-05-31", "formula_request_by_on": None}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "line", "expected"), ORDERS)
def test_an_order(source: str, line: str, expected: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert source
    holds(answer(capsys, f"order {line}"), expected)
