"""`law add-rate`: what a user adds to the law, its file, and every line that rests on it."""

import pytest

from tests.cli.conftest import Terminal
from tests.cli.test_claim import ADDED

PRO = 'law add-rate legal_rate_professional --from 2027-01-01 --value 2.80 --source "arrêté du 20 décembre 2026"'
INDIVIDUAL = 'law add-rate legal_rate_individual --from 2027-01-01 --value 6,90 --source "le même"'
ECB = 'law add-rate ecb_refinancing_rate --from 2027-01-01 --value "2.65 %" --source "BCE"'
S1 = "law interest --principal 1000 --due 2026-12-31 --until 2027-02-28"
IN_2025 = "law interest --principal 1000 --due 2025-05-31 --until 2025-06-30"


def test_a_value_added_is_kept_with_its_source_and_its_days(relance: Terminal) -> None:
    said = relance.well(f"{PRO} --json").json
    assert said == {
        "name": "legal_rate_professional", "from_on": "2027-01-01", "until_on": "2027-06-30", "value": "2.80",
        "reference": "CMF, art. L313-2, D313-1-A", "source": "arrêté du 20 décembre 2026",
    }  # fmt: skip
    kept = (relance.store / "law.toml").read_text()
    assert 'added_by = "claire"' in kept
    assert "added_on = 2026-06-01" in kept
    assert relance.well("law rate --kind legal-pro --on 2027-06-30 --json").json["rate_percent"] == "2.80"
    relance.refused("law rate --kind legal-pro --on 2027-07-01", 3, "legal_rate_professional")


@pytest.mark.parametrize(
    ("adding", "line"),
    [
        (ECB, S1),
        (ECB, f"{S1} --regime public"),
        (ECB, f"{S1} --rate 12 --rate-basis ecb-plus"),
        (PRO, f"{S1} --regime consumer --notified 2026-12-31"),
        (PRO, f"{S1} --rate 3 --rate-basis legal-multiple"),
        (PRO, f"{S1} --rate 2 --reading below_floor=raised_to_floor"),
        (INDIVIDUAL, f"{S1} --regime consumer --notified 2026-12-31 --creditor individual"),
        (INDIVIDUAL, f"{S1} --regime consumer --notified 2026-12-31 --creditor individual --rate 2 --rate-basis legal-multiple"),
        ("law add-rate late_payment_points --from 2025-01-01 --value 11 --source x --correct", IN_2025),
        ("law add-rate public_late_payment_points --from 2025-01-01 --value 9 --source x --correct", f"{IN_2025} --regime public"),
        (
            "law add-rate title_increase_points --from 2025-01-01 --value 6 --source x --correct",
            f"{IN_2025} --regime consumer --notified 2025-05-31 --enforceable 2025-01-31",
        ),
        (
            "law add-rate title_increase_months --from 2025-01-01 --value 3 --source x --correct",
            f"{IN_2025} --regime consumer --notified 2025-05-31 --enforceable 2025-01-31",
        ),
        (
            "law add-rate contractual_floor_multiple --from 2025-01-01 --value 4 --source x --correct",
            f"{IN_2025} --rate 2 --reading below_floor=raised_to_floor",
        ),
    ],
)  # fmt: skip
def test_each_line_that_rests_on_an_added_value_says_so(relance: Terminal, adding: str, line: str) -> None:
    relance.well(adding)
    segments = relance.well(f"{line} --json").json["segments"]
    assert segments
    assert [ADDED in each["reference"] for each in segments] == [True] * len(segments)
    assert ADDED in " ".join(relance.well(line).out.split())


@pytest.mark.parametrize(("regime", "name"), [("b2b", "recovery_indemnity"), ("public", "public_recovery_indemnity")])
def test_forty_euros_that_were_corrected_say_so(relance: Terminal, regime: str, name: str) -> None:
    relance.well(f"law add-rate {name} --from 2025-01-01 --value 5000 --source x --correct")
    printed = " ".join(relance.well(f"{IN_2025} --regime {regime}").out.split())
    assert printed.count(ADDED) == 2
    assert "50.00" in printed


def test_a_line_that_rests_on_what_ships_does_not_say_it(relance: Terminal) -> None:
    relance.well(PRO)
    relance.well(ECB)
    assert ADDED not in relance.well(IN_2025).out
    assert ADDED not in relance.well("claim F-1 --until 2026-12-31").out
    assert ADDED in " ".join(relance.well("claim F-1 --until 2027-01-31").out.split())


def test_a_value_that_is_known_wants_correct(relance: Terminal) -> None:
    held = "law add-rate legal_rate_professional --from 2026-01-01 --value 3 --source x"
    relance.refused(held, 2, "is known on 2026-01-01: 2.62")
    relance.well(f"{held} --correct")
    assert relance.well("law rate --kind legal-pro --on 2026-03-01 --json").json["rate_percent"] == "3.00"
    assert relance.well("law rate --kind legal-pro --on 2026-07-01 --json").json["rate_percent"] == "2.75"
    relance.well(PRO)
    relance.refused(PRO.replace("2.80", "2.90"), 2, "is known on 2027-01-01: 2.80")


def test_a_span_that_runs_into_what_is_known_wants_correct_too(relance: Terminal) -> None:
    early = "law add-rate legal_rate_professional --from 2012-12-31 --until 2026-12-31 --value 1 --source x"
    relance.refused(early, 2, "is known on 2013-01-01")
    relance.well(PRO.replace("2027-01-01", "2027-07-01"))
    relance.refused(f"{PRO} --until 2027-12-31", 2, "is known on 2027-07-01")


def test_what_was_added_is_shown_with_the_parameter(relance: Terminal) -> None:
    relance.well(PRO)
    assert "arrêté du 20 décembre 2026" in relance.well("law show legal_rate_professional").out


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        (PRO.replace("legal_rate_professional", "tva"), 3, "no legal parameter"),
        (PRO.replace("2.80", "much"), 2, "not a number"),
        (PRO.replace("2.80", "nan"), 2, "not a number"),
        (PRO.replace("2.80", "280"), 2, "no value of"),
        (PRO.replace("--value 2.80", "--value=-1"), 2, "no value of"),
        (PRO.replace("arrêté du 20 décembre 2026", " "), 2, "source"),
        (f"{PRO} --until 2026-12-31", 2, "comes before the first"),
        (PRO.replace("2027-01-01", "soon"), 2, "not a day"),
    ],
)
def test_what_cannot_be_added(relance: Terminal, line: str, code: int, words: str) -> None:
    relance.refused(line, code, words)
    assert not (relance.store / "law.toml").exists()


def test_nothing_is_added_without_a_store(alone: Terminal) -> None:
    alone.refused(PRO, 3, "store")


GOOD = """[[added]]
parameter = "legal_rate_professional"
from = 2027-01-01
until = 2027-06-30
value = 2.80
reference = "CMF, art. L313-2"
source = "JO"
added_by = "claire"
added_on = 2026-06-01
"""


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("added = [1]", "law.toml"),
        ("", "law.toml"),
        ("[[added]", "law.toml"),
        (GOOD + "[other]\n", "law.toml"),
        (GOOD.replace('source = "JO"\n', ""), "source"),
        (GOOD.replace('"JO"', '""'), "source"),
        (GOOD.replace('"JO"', "7"), "source"),
        (GOOD + "note = 1\n", "note"),
        (GOOD.replace("2.80", '"2.80"'), "value"),
        (GOOD.replace("2.80", "nan"), "value"),
        (GOOD.replace("2.80", "true"), "value"),
        (GOOD.replace("2.80", "-3"), "value"),
        (GOOD.replace("2.80", "280"), "value"),
        (GOOD.replace("from = 2027-01-01", "from = 2027-01-01T00:00:00"), "from"),
        (GOOD.replace("from = 2027-01-01", "from = 2027-12-31"), "until"),
        (GOOD.replace("until = 2027-06-30", 'until = "x"'), "until"),
        (GOOD.replace("legal_rate_professional", "tva"), "parameter"),
    ],
)
@pytest.mark.parametrize("line", ["law interest --principal 1 --due 2025-01-31 --until 2025-02-28", "claim F-1", PRO])
def test_a_malformed_file_is_unreadable_and_says_where(relance: Terminal, text: str, where: str, line: str) -> None:
    (relance.store / "law.toml").write_text(GOOD)
    relance.well("claim F-1")
    (relance.store / "law.toml").write_text(text)
    said = relance.refused(line, 6, where)
    assert "law.toml" in said.err


def test_what_a_source_says_is_kept_to_the_letter(relance: Terminal) -> None:
    source = 'l\'arrêté «A\\\\B» \\"cité\\"\t#1'
    relance.well(f'law add-rate legal_rate_professional --from 2027-01-01 --value 2.8 --source "{source}"')
    relance.well(INDIVIDUAL)
    reference = relance.well("law rate --kind legal-pro --on 2027-01-01 --json").json["reference"]
    assert 'l\'arrêté «A\\B» "cité"\t#1' in reference
