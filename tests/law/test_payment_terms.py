"""LAW 1.1, 1.3, 1.4: terms as printed, the day they fall due, the caps, and every number of section 1."""

import datetime as dt
from contextlib import suppress
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.errors import LawMissing, Misuse
from domain.law.tables import shipped
from domain.payment_terms import Buyer, Due, Method, Sector, Terms, due, parse_terms
from tests.builders import day

LAW = shipped()
ISSUED = day("2026-01-15")
METHODS: tuple[Method, ...] = get_args(Method)
SECTORS: tuple[Sector, ...] = get_args(Sector)


def agreed(terms: str, method: Method | None = None, issued: str = "2026-01-15", **others: Any) -> Due:
    return due(LAW, day(issued), parse_terms(terms), method, **others)


# Reading

READ = {
    "30d": ("30d", "30 jours", "30 JOURS", "30 jours net", "30 jours nets", "à 30 jours", "à 30 jours nets", "30 j", "30j", "30 j.",
            "30\u00a0jours", "30\u202fjours", "  30   jours ", "Paiement à 30 jours", "sous 30 jours", "dans 30 jours", "30 days",
            "30 jours date de facture", "30 jours à date de facture", "30 jours date d'émission", "30 jours date d’émission",
            "30 jours de la date de facture", "30 jours à compter de la date de facture", "30 jours calendaires", "30 jrs"),
    "60d": ("60d", "60 jours date de facture", "60 jours nets", "60 jours date facture", "Règlement : 60 jours"),
    "1d": ("1d", "1 jour"),
    "120d": ("120d", "120 jours"),
    "30d-eom": ("30d-eom", "30 jours fin de mois", "30 jours, fin de mois", "30 jours fin du mois", "30 JOURS FIN DE MOIS"),
    "45d-eom": ("45d-eom", "45 jours fin de mois", "45 jours FDM", "45 j. fin de mois", "45 jours F.D.M.", "45 j fdm",
                "fin de mois 45 jours", "fin de mois, 45 jours", "fin de mois + 45 jours", "fin de mois à 45 jours", "45 jours - fin de mois"),
    "60d-eom": ("60 jours fin de mois", "fin de mois + 60", "fin de mois +60 jours", "60 jours date de facture fin de mois"),
    "0d-eom": ("0d-eom", "fin de mois", "à la fin du mois"),
    "0d": ("0d", "comptant", "au comptant", "Comptant", "paiement comptant"),
    "0d-receipt": ("0d-receipt", "à réception", "A RECEPTION", "à réception de facture", "à réception de la facture", "dès réception",
                   "payable à réception", "a\u0300 re\u0301ception"),
    "30d-receipt": ("30d-receipt", "30 jours à réception de facture", "30 jours à compter de la réception de la facture",
                    "30 jours réception facture", "30 jours après réception"),
    "on:2026-03-31": ("on:2026-03-31", "2026-03-31", "au 31/03/2026", "31/03/2026", "31/3/2026", "31.03.2026", "31-03-2026",
                      "le 31 mars 2026", "au 31 Mars 2026", "échéance : 31/03/2026"),
    "on:2026-08-01": ("le 1er août 2026", "1 AOUT 2026"),
    "on:2026-02-28": ("28 février 2026",),
}  # fmt: skip


@pytest.mark.parametrize(("printed", "code"), [(text, code) for code, texts in READ.items() for text in texts])
def test_terms_are_read_as_they_are_printed(printed: str, code: str) -> None:
    assert parse_terms(printed).code == code


@pytest.mark.parametrize(
    "printed",
    ["", "bientôt", "30", "-5 jours", "fin de mois - 5 jours", "30,5 jours", "30² jours", "30 jours ouvrés", "30 jours le 10", "12345 jours",
     "30 jours fin de mois le 10", "45 jours après la fin de mois", "45 jours à compter de la fin du mois", "2 % 10 jours, 30 jours net",
     "31/03/26", "30/60 jours", "mars 2026", "on:31/03/2026x"],
)  # fmt: skip
def test_what_is_not_read_is_named_with_the_forms_there_are(printed: str) -> None:
    with pytest.raises(Misuse, match="45 jours fin de mois") as caught:
        parse_terms(printed)
    assert repr(printed) in str(caught.value)


@pytest.mark.parametrize("printed", ["on:2026-02-30", "au 31/04/2026", "le 0 mars 2026", "31/13/2026"])
def test_a_day_that_does_not_exist_is_refused(printed: str) -> None:
    with pytest.raises(Misuse, match="a day that does not exist"):
        parse_terms(printed)


TERMS = some.one_of(
    some.builds(Terms, days=some.integers(0, 9999), end_of_month=some.booleans()),
    some.builds(Terms, days=some.integers(0, 9999), from_receipt=some.just(value=True)),
    some.builds(Terms, on=some.dates(dt.date(1000, 1, 1))),
)


@given(TERMS)
def test_a_code_reads_back_as_its_terms(terms: Terms) -> None:
    assert parse_terms(terms.code) == terms


@given(some.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Misuse):
        assert parse_terms(parse_terms(text).code) == parse_terms(text)


# LAW 1.1: between professionals


def test_without_terms_thirty_days_run_from_performance_not_from_the_invoice() -> None:
    found = due(LAW, ISSUED, None, performed=day("2026-01-10"))
    assert found.due_on == day("2026-02-09")
    assert (found.reference, found.warnings) == ("C. com., art. L441-10, I, al. 1", ())
    assert found.steps[0] == "due: 10 January 2026 + 30 days = 9 February 2026 [C. com., art. L441-10, I, al. 1]"
    assert due(LAW, day("2026-03-15"), None, performed=day("2026-01-10")).due_on == day("2026-02-09")
    with pytest.raises(Misuse, match="give the day it was performed"):
        due(LAW, ISSUED, None)


def test_the_day_of_issue_does_not_count() -> None:
    found = agreed("30d")
    assert (found.due_on, found.cap_on, found.warnings) == (day("2026-02-14"), day("2026-03-16"), ())
    assert found.reference == "C. com., art. L441-10, I, al. 2"
    assert agreed("0d").due_on == ISSUED
    assert agreed("30d", issued="2028-01-31").due_on == day("2028-03-01")


def test_sixty_days_are_the_most_and_sixty_one_are_warned_of_with_the_fine() -> None:
    assert agreed("60d").warnings == ()
    found = agreed("61d")
    assert (found.due_on, found.cap_on) == (day("2026-03-17"), day("2026-03-16"))
    assert found.warnings[0] == (
        "17 March 2026, as agreed, is after the cap, 16 March 2026 [C. com., art. L441-10, I, al. 2]; fine of up to "
        "75 000.00 EUR (natural person) or 2 000 000.00 EUR (legal person) [C. com., art. L441-16]"
    )
    assert len(found.warnings) == 1


def test_a_day_agreed_is_tested_against_the_cap_too() -> None:
    assert agreed("on:2026-03-16").warnings == ()
    assert "is after the cap, 16 March 2026" in agreed("on:2026-03-17").warnings[0]
    assert agreed("on:2026-03-31", "add_then_eom").warnings == ()
    assert agreed("on:2026-03-31", "add_then_eom").cap_on == day("2026-03-31")


def test_forty_five_days_end_of_month_by_each_method_is_its_own_cap() -> None:
    added, ended = (agreed("45d-eom", method) for method in METHODS)
    assert (added.due_on, added.cap_on, added.warnings) == (day("2026-03-31"), day("2026-03-31"), ())
    assert (ended.due_on, ended.cap_on, ended.warnings) == (day("2026-03-17"), day("2026-03-17"), ())
    assert added.steps[0].startswith("due: 15 January 2026 + 45 days = 1 March 2026; end of month: 31 March 2026")
    assert ended.steps[0].startswith("due: 15 January 2026, end of month: 31 January 2026; + 45 days = 17 March 2026")
    assert added.steps[-1] == (
        "to the end of a month: only if the contract says so, without manifest abuse [C. com., art. L441-10, I, al. 3]"
    )


@pytest.mark.parametrize("terms", ["45d-eom", "30d-eom", "60d-eom"])
def test_an_end_of_month_without_its_method_is_not_computed(terms: str) -> None:
    with pytest.raises(Misuse, match="two lawful methods exist") as caught:
        agreed(terms)
    for method in METHODS:
        on = agreed(terms, method).due_on
        assert f"{on.day} {on:%B %Y}" in str(caught.value)


def test_the_end_of_the_very_month_needs_no_method() -> None:
    assert agreed("fin de mois").due_on == day("2026-01-31")
    assert {agreed("fin de mois", method).due_on for method in METHODS} == {day("2026-01-31")}


def test_the_two_methods_differ_by_up_to_seventeen_days_in_both_directions() -> None:
    days = [day("2025-01-01") + dt.timedelta(days=n) for n in range(365)]
    terms = Terms(45, end_of_month=True)
    gaps = [
        (due(LAW, on, terms, "add_then_eom").due_on - due(LAW, on, terms, "eom_then_add").due_on).days for on in days
    ]
    assert (min(gaps), max(gaps)) == (-17, 17)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("terms", ["60 jours fin de mois", "fin de mois + 60", "46d-eom"])
@pytest.mark.parametrize("issued", ["2026-01-15", "2026-01-31", "2026-06-17"])
def test_more_than_forty_five_days_end_of_month_is_always_warned_of(terms: str, method: Method, issued: str) -> None:
    (warning,) = agreed(terms, method, issued).warnings
    assert "days end of month: the law allows 45 at most [C. com., art. L441-10, I, al. 3]" in warning
    assert "L441-16" in warning


def test_a_due_day_is_never_moved_to_a_working_day() -> None:
    assert agreed("on:2026-02-14").due_on == day("2026-02-14")
    assert agreed("30d").due_on.weekday() == 5


def test_a_due_day_before_the_issue_is_warned_of() -> None:
    assert agreed("on:2026-01-14").warnings == ("14 January 2026, the due day, is before the issue, 15 January 2026",)
    late = due(LAW, day("2026-03-15"), None, performed=day("2026-01-10"))
    assert late.warnings == ("9 February 2026, the due day, is before the issue, 15 March 2026",)


def test_without_agreement_a_default_day_past_the_cap_is_said() -> None:
    (warning,) = due(LAW, ISSUED, None, performed=day("2026-03-01")).warnings
    assert warning.startswith("nothing was agreed: 31 March 2026, the default day, is after the cap, 16 March 2026")
    assert "fine" not in warning


def test_from_receipt_counts_from_it_or_says_that_it_is_not_given() -> None:
    assert agreed("à réception", received=day("2026-01-20")).due_on == day("2026-01-20")
    assert agreed("30d-receipt", received=day("2026-01-20")).due_on == day("2026-02-19")
    found = agreed("à réception")
    assert found.due_on == ISSUED
    assert "counted from the issue, 15 January 2026" in found.warnings[0]


@pytest.mark.parametrize(
    ("sector", "terms", "method", "cap_on"),
    [
        ("general", "30d", None, "2026-03-16"),
        ("periodic", "30d", None, "2026-03-01"),
        ("periodic", "45d-eom", "add_then_eom", "2026-03-01"),
        ("carriage", "30d", None, "2026-02-14"),
        ("perishable", "30d", None, "2026-02-09"),
        ("meat", "20d", None, "2026-01-30"),
        ("alcohol", "30d", None, "2026-03-02"),
        ("wine", "60d", None, "2026-03-16"),
        ("wine", "45d-eom", "add_then_eom", "2026-03-31"),
        ("wine", "45d-eom", "eom_then_add", "2026-03-17"),
    ],
)
def test_the_cap_of_each_sector_counts_from_its_own_start(
    sector: Sector, terms: str, method: Method | None, cap_on: str
) -> None:
    assert agreed(terms, method, sector=sector, performed=day("2026-01-10")).cap_on == day(cap_on)


def test_a_term_past_the_cap_of_its_sector_is_warned_of() -> None:
    assert "L441-11, II, 5°" in agreed("31d", sector="carriage").warnings[0]
    assert agreed("30d", sector="carriage").warnings == ()
    found = due(LAW, ISSUED, None, performed=day("2026-01-10"), sector="meat")
    assert found.warnings[0].startswith("nothing was agreed: 9 February 2026, the default day, is after the cap")
    assert "period of 10 days: not computed" in agreed("20d", sector="perishable", performed=ISSUED).steps[-1]


@pytest.mark.parametrize("sector", ["perishable", "meat", "alcohol"])
def test_a_cap_from_delivery_wants_its_day(sector: Sector) -> None:
    with pytest.raises(Misuse, match=f"the cap of {sector} runs from delivery"):
        agreed("20d", sector=sector)


def test_before_the_caps_existed_an_agreement_stands_and_the_default_is_missing() -> None:
    found = agreed("90d", issued="2008-12-31")
    assert (found.due_on, found.cap_on, found.reference) == (day("2009-03-31"), None, "the contract")
    assert "no cap is known: agreed_term_cap_days" in found.warnings[0]
    assert agreed("90d", issued="2009-01-01").cap_on == day("2009-03-02")
    with pytest.raises(LawMissing):
        due(LAW, day("2008-12-31"), None, performed=day("2008-12-31"))


def test_the_end_of_month_became_a_derogation_in_2015_and_the_article_moved_in_2019() -> None:
    assert not [step for step in agreed("45d-eom", "add_then_eom", "2015-08-07").steps if "manifest abuse" in step]
    assert [step for step in agreed("45d-eom", "add_then_eom", "2015-08-08").steps if "manifest abuse" in step]
    assert agreed("30d", issued="2019-04-25").reference == "C. com., art. L441-6"
    assert agreed("30d", issued="2019-04-26").reference == "C. com., art. L441-10, I, al. 2"
    assert "fine" not in agreed("61d", issued="2019-04-25").warnings[0]


def test_the_version_of_2027_changes_no_number() -> None:
    for terms in ("30d", "61d"):
        before, after = (agreed(terms, issued=on) for on in ("2026-12-31", "2027-01-01"))
        assert after.due_on - before.due_on == dt.timedelta(days=1)
        assert (before.reference, len(before.warnings)) == (after.reference, len(after.warnings))


@pytest.mark.parametrize("issued", ["9999-12-31", "9999-12-01"])
def test_beyond_the_calendar_is_misuse(issued: str) -> None:
    with pytest.raises(Misuse, match="beyond the calendar"):
        agreed("60d", issued=issued)


# LAW 1.3: consumers


def test_a_consumer_owes_at_performance_unless_agreed_and_has_no_cap() -> None:
    found = due(LAW, ISSUED, None, performed=day("2026-01-20"), debtor="consumer")
    assert (found.due_on, found.cap_on, found.warnings) == (day("2026-01-20"), None, ())
    later = agreed("120d", debtor="consumer")
    assert (later.due_on, later.cap_on, later.warnings) == (day("2026-05-15"), None, ())
    with pytest.raises(Misuse, match="give the day it was performed"):
        due(LAW, ISSUED, None, debtor="consumer")
    with pytest.raises(Misuse, match="two lawful methods"):
        agreed("45d-eom", debtor="consumer")


# LAW 1.4: public buyers


@pytest.mark.parametrize(
    ("buyer", "due_on", "reference"),
    [
        ("state", "2026-02-19", "CCP, art. R2192-10"),
        ("hospital", "2026-03-11", "CCP, art. R2192-11, 1°"),
        ("undertaking", "2026-03-21", "CCP, art. R2192-11, 2°"),
    ],
)
def test_a_public_buyer_has_thirty_fifty_or_sixty_days_from_receipt(buyer: Buyer, due_on: str, reference: str) -> None:
    found = due(LAW, ISSUED, None, debtor="public", received=day("2026-01-20"), buyer=buyer)
    assert (found.due_on, found.cap_on, found.reference) == (day(due_on), day(due_on), reference)


def test_a_receipt_not_recorded_is_the_request_and_two_days() -> None:
    found = due(LAW, ISSUED, None, debtor="public")
    assert found.due_on == day("2026-02-16")
    assert found.steps[0] == (
        "start: receipt not recorded: 15 January 2026 + 2 days = 17 January 2026 [CCP, art. R2192-14]"
    )


def test_a_receipt_uncertain_or_earlier_than_performance_is_performance() -> None:
    performed, received = day("2026-02-01"), day("2026-01-20")
    assert due(LAW, ISSUED, None, debtor="public", performed=performed, received=received).due_on == day("2026-03-03")
    assert due(LAW, ISSUED, None, debtor="public", performed=day("2026-01-01"), received=received).due_on == day(
        "2026-02-19"
    )
    assert due(LAW, ISSUED, None, debtor="public", performed=performed).due_on == day("2026-03-03")
    uncertain = due(LAW, ISSUED, None, debtor="public", performed=day("2026-01-01"), receipt_uncertain=True)
    assert uncertain.due_on == day("2026-01-31")
    with pytest.raises(Misuse, match="the receipt being uncertain"):
        due(LAW, ISSUED, None, debtor="public", receipt_uncertain=True)


def test_a_term_agreed_with_a_public_buyer_is_tested_against_that_of_the_code() -> None:
    received = day("2026-01-20")
    assert agreed("20d", debtor="public", received=received).due_on == day("2026-02-09")
    found = agreed("45d", debtor="public", received=received)
    assert (found.due_on, found.cap_on) == (day("2026-03-06"), day("2026-02-19"))
    assert "L441-16" not in found.warnings[0]
    with pytest.raises(LawMissing):
        agreed("30d", issued="2019-03-31", debtor="public")


# Every number of LAW section 1, as `law show` gives it

NUMBERS = """
default_term_days 2026-11-21 30                   acceptance_procedure_days 2026-11-21 30
agreed_term_cap_days 2026-11-21 60                agreed_term_cap_days 2009-01-01 60
end_of_month_term_cap_days 2026-11-21 45          end_of_month_term_by_derogation 2015-08-07 0
end_of_month_term_by_derogation 2015-08-08 1      periodic_invoice_cap_days 2026-11-21 45
carriage_cap_days 2026-11-21 30                   perishable_food_cap_days 2026-11-21 30
perishable_food_period_days 2026-11-21 10         fresh_meat_cap_days 2026-11-21 20
alcohol_cap_days 2026-11-21 30                    wine_cap_days 2026-11-21 60
wine_end_of_month_cap_days 2026-11-21 45          grand_export_cap_days 2026-11-21 90
terms_fine_natural_person 2026-11-21 7500000      terms_fine_legal_person 2026-11-21 200000000
terms_fine_repetition_multiple 2026-11-21 2       terms_fine_repetition_years 2026-11-21 2
mentions_fine_natural_person 2026-11-21 7500000   mentions_fine_legal_person 2026-11-21 37500000
mentions_fine_repetition_multiple 2026-11-21 2    mentions_fine_repetition_years 2026-11-21 2
mention_tax_fine 2026-11-21 1500                  mention_tax_fine_share 2026-11-21 0.25
mention_customer_siren_large 2026-09-01 1         mention_customer_siren_small 2027-09-01 1
e_invoicing_receive 2026-09-01 1                  e_invoicing_issue_large 2026-09-01 1
e_invoicing_issue_small 2027-09-01 1              consumer_term_days 2026-11-21 0
off_premises_wait_days 2026-11-21 7               public_term_state_days 2026-11-21 30
public_term_hospital_days 2026-11-21 50           public_term_undertaking_days 2026-11-21 60
unrecorded_receipt_days 2026-11-21 2              final_account_verification_days 2026-11-21 30
resumed_term_days 2026-11-21 30                   moratory_payment_days 2026-11-21 45
"""
WORDS = NUMBERS.split()


@pytest.mark.parametrize(("name", "on", "value"), list(zip(WORDS[::3], WORDS[1::3], WORDS[2::3], strict=True)))
def test_every_number_of_section_1_is_a_parameter(name: str, on: str, value: str) -> None:
    assert str(LAW.on(name, day(on)).value) == value


@pytest.mark.parametrize(
    "name", ["mention_customer_siren_large", "mention_customer_siren_small", "e_invoicing_receive", "e_invoicing_issue_small"]
)  # fmt: skip
def test_before_its_day_an_obligation_is_not_known(name: str) -> None:
    first = LAW.table(name).values[0].from_on
    with pytest.raises(LawMissing):
        LAW.on(name, first - dt.timedelta(days=1))


# Properties

DAYS = some.dates(dt.date(2019, 4, 26), dt.date(2100, 1, 1))
AGREED = some.one_of(
    some.builds(Terms, days=some.integers(0, 200), end_of_month=some.booleans()), some.builds(Terms, on=DAYS)
)


@given(DAYS, AGREED, some.sampled_from(METHODS), some.sampled_from(SECTORS))
def test_a_cap_is_never_before_issue_and_what_is_past_it_is_warned_of(
    issued: dt.date, terms: Terms, method: Method, sector: Sector
) -> None:
    found = due(LAW, issued, terms, method, performed=issued, sector=sector)
    assert found.cap_on is not None
    assert found.cap_on >= issued
    if found.due_on > found.cap_on:
        assert any("is after the cap" in warning for warning in found.warnings)


@given(DAYS, some.integers(0, 3650))
def test_days_agreed_are_calendar_days_never_moved(issued: dt.date, days: int) -> None:
    found = due(LAW, issued, Terms(days))
    assert found.due_on == issued + dt.timedelta(days=days)
    assert not [step for step in found.steps if "you should" in step]


@given(DAYS, some.integers(0, 45), some.sampled_from(METHODS))
def test_up_to_forty_five_days_end_of_month_is_within_its_cap(issued: dt.date, days: int, method: Method) -> None:
    assert due(LAW, issued, Terms(days, end_of_month=True), method).warnings == ()
