"""Every number of the law that relance ships, against the section of LAW that states it: one row per statement."""

import re
from collections import Counter
from decimal import Decimal
from functools import cache

import pytest

from domain.errors import LawMissing
from domain.law.tables import names, shipped
from tests.builders import day
from tests.conftest import HERE

#: Section of LAW, parameter, day, value.
STATEMENTS = """
2.1.2  late_payment_points                      2026-07-01 10
2.1.3  contractual_floor_multiple               2026-07-01 3
2.1.4  recovery_indemnity                       2026-07-01 4000
2.1.10 interest_year_days                       2024-02-29 365
2.1.15 late_penalty_limitation_years            2026-11-21 5
2.3    ecb_refinancing_rate                     2026-09-16 2.65
2.3    legal_rate_professional                  2026-11-21 2.75
2.3    legal_rate_individual                    2026-11-21 6.84
2.3    public_late_payment_points               2013-03-16 8
3      capitalisation_minimum_months            2026-11-21 12
3      grace_period_maximum_months              2026-11-21 24
3      title_increase_points                    2015-11-18 5
3      title_increase_months                    2015-09-17 2
1.4    public_recovery_indemnity                2026-11-21 4000
5      notice_time_minimum_days                 2026-11-21 8
5      notice_time_maximum_days                 2026-11-21 15
5      lre_acceptance_days                      2026-11-21 15
5      lre_proof_retention_years                2026-11-21 1
5      registered_letter_kept_days              2026-11-21 15
5      collector_remittance_months              2026-11-21 1
5      collector_fine                           2026-11-21 150000
5      official_look_fine                       2026-11-21 1500000
5      official_look_prison_years               2026-11-21 1
5      legal_advice_fine                        2026-11-21 1500000
5      legal_advice_prison_years                2026-11-21 1
8      opening_publication_days                 2026-11-21 15
8      void_payment_years                       2026-11-21 3
8      interest_not_stopped_minimum_months      2026-11-21 12
8      claim_declaration_months                 2026-11-21 2
8      claim_declaration_far_months             2026-11-21 4
8      secured_claim_declaration_months         2026-11-21 2
8      forclusion_relief_months                 2026-11-21 6
8      declaration_share_after_relief           2026-11-21 0.5
8      discussion_reply_days                    2026-11-21 30
8      retention_of_title_months                2026-11-21 3
8      later_claim_notice_months                2026-11-21 12
8      later_claim_notice_liquidation_months    2026-11-21 6
8      terminated_contract_declaration_months   2026-11-21 1
10     written_proof_threshold                  2026-11-21 150000
10     accounting_retention_years               2026-11-21 10
10     tax_retention_years                      2026-11-21 6
10     correspondence_retention_years           2026-11-21 5
10     contract_archive_years                   2022-04-10 5
10     accounting_archive_years                 2022-04-10 10
10     blacklist_removal_hours                  2022-04-10 48
10     blacklist_minimum_years                  2022-04-10 3
10     blacklist_maximum_years                  2022-04-10 5
12     vat_claim_years                          2026-11-21 2
"""
ROWS = [line.split() for line in STATEMENTS.strip().splitlines()]
PARAMETERS = HERE.parent / "domain" / "law" / "parameters"
MINE = ("civil", "notice", "insolvency", "evidence", "vat")


@pytest.mark.parametrize(("section", "name", "on", "value"), ROWS, ids=[f"{row[0]}-{row[1]}" for row in ROWS])
def test_each_number_is_the_one_that_the_law_states(section: str, name: str, on: str, value: str) -> None:
    assert shipped().on(name, day(on)).value == Decimal(value), section


@pytest.mark.parametrize("folder", MINE)
def test_every_parameter_of_these_folders_has_its_row(folder: str) -> None:
    assert {file.stem for file in (PARAMETERS / folder).glob("*.toml")} <= {row[1] for row in ROWS}


def test_what_no_source_settles_says_so() -> None:
    unsure = {name for name in names() if shipped().table(name).values[-1].confidence == "C"}
    assert {"vat_claim_years", "written_proof_threshold", "late_penalty_limitation_years"} <= unsure


def test_nothing_is_known_before_its_first_day() -> None:
    with pytest.raises(LawMissing, match="is not known on 31 December 2012"):
        shipped().on("grace_period_maximum_months", day("2012-12-31"))


def test_no_two_parameters_bear_one_name() -> None:
    several = [name for name, count in Counter(file.stem for file in PARAMETERS.glob("*/*.toml")).items() if count > 1]
    assert several == [], "the later folder would silently stand for the other"


@pytest.mark.parametrize("name", names())
def test_no_parameter_ships_untested(name: str) -> None:
    assert name in words_of_the_tests(), f"no test under tests/law names {name}"


@cache
def words_of_the_tests() -> frozenset[str]:
    return frozenset(word for file in (HERE / "law").glob("*.py") for word in re.findall(r"\w+", file.read_text()))
