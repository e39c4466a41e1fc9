"""`claim`, `law interest` and `law add-rate` at the terminal: their keys, figures that a pencil finds again, their mistakes."""

import csv
import io
import re
from fractions import Fraction

import pytest

from tests.cli.conftest import Terminal
from tests.law.oracle import rounded

INTEREST = "law interest --principal 10000 --due 2025-05-31 --until 2025-08-31"
SEGMENT = {
    "from_on", "to_on", "days", "principal_cents", "rate_percent", "interest_cents", "reference", "part",
}  # fmt: skip
KEYS = {
    "segments", "interest_accrued_cents", "interest_cents", "indemnity_cents", "principal_cents", "unallocated_cents",
    "total_cents", "warnings",
}  # fmt: skip
EXTRAS = {
    "payments", "capitalised_cents", "heads_cents", "until_on", "interest_per_day_eur", "regime", "title_on", "readings",
}  # fmt: skip
OF_INVOICE = {"number", "stream", "book_residual_cents", "difference_cents", "lines", "position"}
ADDED = "valeur ajoutée par l'utilisateur"
AMOUNT = r"-?[0-9][0-9 ]*\.[0-9]{2}"
COMPUTED = re.compile(
    rf"(\S+) to (\S+), (\d+) d +interest +({AMOUNT})  ({AMOUNT}) x ([0-9.]+) % x (\([^)]*\)|[0-9]+ / [0-9]+)"
)
ROW = re.compile(rf"^(?P<days>[-0-9a-z, ]*?) *(?P<name>[A-Za-z][A-Za-z, ]+?) +(?P<eur>{AMOUNT})(?:  .*|)$")


def euros(word: str) -> int:
    return int(word.replace(" ", "").replace(".", ""))


def redo(printed: str) -> int:
    """Every printed formula, worked out again, gives its printed amount; how many there are."""
    found = COMPUTED.findall(printed)
    for _, _, days, amount, principal, percent, share in found:
        years = [Fraction(int(n), int(under)) for n, under in re.findall(r"(\d+) / (\d+)", share)]
        assert sum(int(n) for n, _ in re.findall(r"(\d+) / (\d+)", share)) == int(days)
        assert rounded(Fraction(euros(principal)) * Fraction(percent) / 100 * sum(years)) == euros(amount), printed
    return len(found)


def add_up(printed: str) -> None:
    """The lines before 'Owed' add up to those after it, and those to the total."""
    before, _, after = printed.partition("Owed at the end of ")
    rows = [
        [euros(match["eur"]) for line in part.splitlines() if (match := ROW.match(line.rstrip()))]
        for part in (before, after)
    ]
    *left, total = rows[1]
    assert sum(rows[0]) == sum(left), printed
    assert total == sum(cents for cents in left if cents > 0), printed


# law interest


def test_interest_has_the_keys_of_the_design(alone: Terminal) -> None:
    found = alone.well(f"{INTEREST} --json").json
    assert set(found) == KEYS | EXTRAS
    assert [set(each) for each in found["segments"]] == [SEGMENT, SEGMENT]
    assert found["segments"][0] == {
        "from_on": "2025-06-01", "to_on": "2025-06-30", "days": 30, "principal_cents": 1000000, "rate_percent": "13.15",
        "interest_cents": 10808, "reference": "C. com., art. L441-10, II", "part": 1,
    }  # fmt: skip
    assert (found["interest_cents"], found["indemnity_cents"], found["total_cents"]) == (31446, 4000, 1035446)
    assert found["interest_per_day_eur"] == "3.3288"


def test_imputation_is_a_word_of_the_command_and_a_reading(alone: Terminal) -> None:
    paid = f"{INTEREST} --payment 2025-06-30=4000 --json"
    assert alone.well(paid).json["total_cents"] == 627414
    for words in ("--imputation principal-first", "--reading imputation=principal_first"):
        found = alone.well(f"{paid} {words}").json
        assert (found["principal_cents"], found["interest_cents"], found["total_cents"]) == (600000, 23191, 627191)
        assert {"switch": "imputation", "code": "principal_first"}.items() <= found["readings"][0].items()


@pytest.mark.parametrize(
    ("words", "interest"),
    [
        ("--day-count include-include", 31806),
        ("--day-count exclude-exclude", 31113),
        ("--rate 10", 25205),
        ("--rate 12,5%", 31507),
        ("--rate 3 --rate-basis legal-multiple", 23213),
        ("--rate 12 --rate-basis ecb-plus", 36488),
        ("--regime public", 28104),
        ("--regime consumer", 0),
        ("--regime consumer --notified 2025-06-20", 5704),
        ("--regime consumer --notified 2025-06-20 --creditor individual", 13271),
        ("--stopped 2025-07-01", 10808),
        ("--grace 2025-07-01..2025-12-31", 10808),
        ("--plan 2025-07-01..2025-12-31", 31446),
        ("--plan 2025-07-01..2025-12-31 --reading plan_penalties=suspended", 10808),
    ],
)  # fmt: skip
def test_each_word_does_what_it_says(alone: Terminal, words: str, interest: int) -> None:
    assert alone.well(f"{INTEREST} {words} --json").json["interest_cents"] == interest
    add_up(alone.well(f"{INTEREST} {words}").out)


@pytest.mark.parametrize(
    "words",
    [
        "--payment 2025-06-30=4000", "--payment 2025-06-30=10400", "--payment 2025-05-31=12000",
        "--payment 2025-06-30=4000 --reading indemnity_rank=before_principal", "--rate 20 --capitalised 2020-01-01",
        "--reading day_basis=actual", "--regime public", "--rate 9.123456 --payment 2025-07-01=1", "--regime consumer --notified 2025-06-10",
    ],
)  # fmt: skip
def test_what_is_printed_is_found_again_with_a_pencil(alone: Terminal, words: str) -> None:
    for period in (INTEREST, INTEREST.replace("2025-05-31", "2023-05-31")):
        printed = alone.well(f"{period} {words}").out
        assert redo(printed) == len(alone.well(f"{period} {words} --json").json["segments"])
        add_up(printed)
        assert "Reading day_basis=" in printed


def test_a_reading_that_is_not_the_default_is_marked(alone: Terminal) -> None:
    printed = alone.well(f"{INTEREST} --plan 2025-07-01..2025-07-31 --reading rounding=once").out
    assert "Reading rounding=once (not the default):" in printed
    assert "Reading plan_penalties=run:" in printed


def test_interest_as_rows(alone: Terminal) -> None:
    rows = list(csv.DictReader(io.StringIO(alone.well(f"{INTEREST} --csv").out)))
    assert [(row["from_on"], row["interest_cents"]) for row in rows] == [
        ("2025-06-01", "10808"),
        ("2025-07-01", "20638"),
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("--payment 2025-06-30", "not an amount"),
        ("--payment 4000", "not a day"),
        ("--payment 2025-06-31=1", "not a day"),
        ("--payment 2025-06-30=-5", "not above nil"),
        ("--payment 2025-06-30=0", "not above nil"),
        ("--rate ten", "not a rate"),
        ("--rate nan", "not a rate"),
        ("--rate inf", "not a rate"),
        ("--rate -1", "not a rate"),
        ("--rate 10 --regime public", "R2192-31"),
        ("--regime moon", "moon"),
        ("--grace 2025-07-01", "not a day"),
        ("--grace 2025-07-02..2025-07-01", "comes before the first"),
        ("--plan 2025-07-02..2025-07-01", "comes before the first"),
        ("--reading rounding", "POINT=CODE"),
        ("--reading rounding=twice", "per_segment or once"),
        ("--reading moon=full", "no contested point"),
        ("--until 9999-12-31 --rate 10", "calendar"),
        ("--due 9999-12-31 --until 9999-12-31", "calendar"),
        ("--stopped 0001-01-01", "calendar"),
        ("--principal 0", "not above nil"),
        ("--day-count none", "none"),
    ],
)
def test_bad_words_are_misuse(alone: Terminal, words: str, why: str) -> None:
    alone.refused(f"{INTEREST} {words}", 2, why)


@pytest.mark.parametrize(
    ("words", "parameter"),
    [
        ("", "ecb_refinancing_rate"),
        ("--regime consumer --notified 2026-12-31", "legal_rate_professional"),
        ("--rate 3 --rate-basis legal-multiple", "legal_rate_professional"),
        ("--rate 8 --reading below_floor=raised_to_floor", "legal_rate_professional"),
    ],
)
def test_an_unknown_rate_is_not_found_and_named(alone: Terminal, words: str, parameter: str) -> None:
    alone.refused(f"law interest --principal 100 --due 2026-12-31 --until 2027-01-31 {words}", 3, parameter)


def test_an_unknown_further_day_does_not_hide_the_statement(alone: Terminal) -> None:
    period = "law interest --principal 100 --due 2026-06-30 --until 2026-12-31"
    assert alone.well(f"{period} --json").json["interest_per_day_eur"] is None
    assert "What a further day adds is not known" in alone.well(period).out


# claim


def test_a_claim_has_the_keys_of_interest_and_its_own(relance: Terminal) -> None:
    found = relance.well("claim F-1 --until 2026-05-31 --json").json
    assert set(found) == KEYS | EXTRAS | OF_INVOICE
    assert (found["number"], found["principal_cents"], found["indemnity_cents"]) == ("F-1", 120000, 4000)
    assert found["interest_cents"] == rounded(Fraction(120000 * 1215 * 120, 365 * 10000))
    lines = found["lines"]
    assert {frozenset(line) for line in lines} == {
        frozenset(("kind", "name", "from_on", "to_on", "cents", "formula", "reference"))
    }
    assert [line["kind"] for line in lines] == [
        "principal", "head", "interest", "left_principal", "left_interest", "left_head",
    ]  # fmt: skip
    assert sum(line["cents"] for line in lines if not line["kind"].startswith("left_")) == found["total_cents"]


def test_a_claim_beside_the_books(relance: Terminal) -> None:
    relance.well("pay F-1 --amount 1220 --on 2026-05-31")
    printed = relance.well("claim F-1 --until 2026-05-31").out
    assert redo(printed) == 1
    add_up(printed)
    assert "Book residual: -20.00 EUR." in printed
    assert "47.93 EUR paid, and imputed on interest" in printed
    relance.well("write-off F-2 --why uneconomic --on 2026-05-31 --force --reason small")
    assert "900.00 EUR written off in the books, still owed in law" in relance.well("claim F-2").out


def test_several_claims_are_stated_one_by_one_and_together(relance: Terminal) -> None:
    found = relance.well("claim --debtor C042 --until 2026-05-31 --json").json
    assert [each["number"] for each in found["claims"]] == ["F-1", "F-2"]
    for key in ("principal_cents", "interest_cents", "indemnity_cents", "total_cents", "book_residual_cents"):
        assert found[key] == sum(each[key] for each in found["claims"])
    printed = relance.well("claim --debtor C042 --until 2026-05-31").out
    assert redo(printed) == 2
    assert "Together: " in printed
    assert len(list(csv.DictReader(io.StringIO(relance.well("claim F-1 F-2 --csv").out)))) > 8


def test_a_claim_as_it_was_known(relance: Terminal) -> None:
    position = relance.well("claim F-1 --json").json["position"]
    relance.well("pay F-1 --amount 500 --on 2026-03-01")
    assert relance.well("claim F-1 --until 2026-05-31 --json").json["payments"]
    then = relance.well(f"claim F-1 --until 2026-05-31 --known-at @{position} --json").json
    assert (then["payments"], then["position"]) == ([], position)


def test_a_claim_of_a_public_buyer_and_the_readings(relance: Terminal) -> None:
    found = relance.well("claim F-3 --until 2026-12-31 --json").json
    assert (found["regime"], [each["rate_percent"] for each in found["segments"]]) == ("public", ["10.15"])
    assert found["lines"][1]["reference"] == "CCP, art. D2192-35"
    other = relance.well("claim F-1 --until 2026-05-31 --reading day_count=include-include --json").json
    assert other["segments"][0]["from_on"] == "2026-01-31"


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("claim F-9", 3, "F-9"),
        ("claim F-1 --until 2025-12-31", 3, "no such invoice"),
        ("claim F-1 --until 2027-01-01", 3, "ecb_refinancing_rate"),
        ("claim --debtor C099", 3, "C099"),
        ("claim --debtor C043 --overdue", 3, "no overdue invoice"),
        ("claim", 2, "name one or more invoices"),
        ("claim F-1 --debtor C042", 2, "name one or more invoices"),
        ("claim F-1 --until tomorrow", 2, "not a day"),
        ("claim F-1 --reading rounding=twice", 2, "per_segment or once"),
        ("claim F-1 --reading rounding", 2, "POINT=CODE"),
    ],
)
def test_a_claim_that_cannot_be_stated(relance: Terminal, line: str, code: int, words: str) -> None:
    relance.refused(line, code, words)


def test_the_end_of_the_calendar_is_no_day_for_a_claim(relance: Terminal) -> None:
    relance.well("issue F-4 --debtor C042 --on 2026-01-05 --due 2026-02-04 --total 100 --penalty-rate 12")
    relance.refused("claim F-4 --until 9999-12-31", 2, "calendar")
