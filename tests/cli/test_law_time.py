"""`law limitation` and `law order`, as a program and a person ask them."""

import json
from typing import Any

import pytest

from cli.main import run


def asked(capsys: pytest.CaptureFixture[str], line: str) -> tuple[int, str, str]:
    code = run(line.split())
    said = capsys.readouterr()
    return code, said.out, said.err


def told(capsys: pytest.CaptureFixture[str], line: str) -> Any:
    code, out, err = asked(capsys, f"{line} --json")
    assert (code, err) == (0, "")
    return json.loads(out)


CLAIM = "law limitation --kind trader --due 2026-01-31 --performed 2025-12-15"


def test_both_dates_and_what_each_event_did(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, f"{CLAIM} --event order_served=2027-01-04 --event part_payment=2026-03-01")
    assert (found["prudent_on"], found["arguable_on"], found["warnings"][1:]) == ("2032-01-04", "2032-01-04", [])
    assert [(each["code"], each["on"], each["moves"]) for each in found["effects"]] == [
        ("part_payment", "2026-03-01", "arguable"),
        ("order_served", "2027-01-04", "both"),
    ]
    assert all(each["reference"] and each["text"] for each in found["effects"])
    assert found["reference"] == "C. com., art. L110-4, I"
    assert {"switch": "part_payment", "code": "arguable_only"}.items() <= found["readings"][1].items()


def test_a_person_reads_the_dates_in_words_with_the_articles(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = asked(capsys, f"{CLAIM} --event part_payment=2026-03-01 --event sued=2026-04-01")
    assert "Prudent:  1 April 2031, 24:00 (from 15 December 2025)" in out
    assert "1 March 2026, part_payment (moves arguable)" in out
    assert "[C. civ., art. 2241, 2242]" in out
    assert "Note: sued on 1 April 2026: the interruption lasts" in err
    assert "Read as part_payment=arguable_only" in err


def test_a_contested_point_is_read_as_asked(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, f"{CLAIM} --event part_payment=2026-03-01 --reading part_payment=both")
    assert found["prudent_on"] == found["arguable_on"] == "2031-03-01"
    assert (
        told(capsys, "law order --rendered 2026-08-20 --reading service_limit=extended")["serve_by_on"] == "2027-02-22"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (f"{CLAIM} --event prayer=2026-03-01", "no event 'prayer'; there are reminder"),
        (f"{CLAIM} --event sued", "write CODE=YYYY-MM-DD"),
        (f"{CLAIM} --event sued=tomorrow", "write YYYY-MM-DD"),
        (f"{CLAIM} --event mediation_ended=2026-03-01", "no mediation_started stands before it"),
        (f"{CLAIM} --reading part_payment", "is not POINT=CODE"),
        (f"{CLAIM} --reading part_payment=maybe", "arguable_only or both"),
        ("law limitation --kind friend --due 2026-01-31", "friend"),
        ("law limitation --kind trader --due 9998-01-31", "out of all calendar"),
        ("law order --rendered 2026-09-02 --served 2026-09-01", "before it was rendered"),
    ],
)
def test_what_does_not_fit_is_misuse_and_says_why(capsys: pytest.CaptureFixture[str], words: str, said: str) -> None:
    code, out, err = asked(capsys, words)
    assert (code, out) == (2, "")
    assert said in " ".join(err.split())


def test_a_law_not_known_is_not_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(capsys, "law order --rendered 2012-12-31")[0] == 3
    assert asked(capsys, "law limitation --kind trader --due 2008-01-31")[0] == 3


def test_the_dates_of_an_order(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "law order --rendered 2026-09-02 --served 2026-09-14")
    assert {key: value for key, value in found.items() if key not in {"references", "warnings", "readings"}} == {
        "regime": "2026-09-01", "serve_by_on": "2026-12-02", "opposition_until_on": None, "suspended_until_on": "2026-10-14",
        "reopens_by": ["act_in_person", "assets_unavailable"], "earliest_enforceable_on": "2026-11-17",
        "formula_request_by_on": None,
    }  # fmt: skip
    assert found["references"][0] == "CPC, art. 1411"
    in_person = told(capsys, "law order --rendered 2026-08-20 --served 2026-10-01 --in-person")
    assert (in_person["opposition_until_on"], in_person["reopens_by"]) == ("2026-11-02", [])
    abroad = told(capsys, "law order --rendered 2026-09-02 --served 2026-09-14 --in-person --residence abroad")
    assert abroad["opposition_until_on"] == "2026-12-14"


def test_an_order_not_served_has_a_regime_and_a_day_to_serve_it_by(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "law order --rendered 2026-08-20")
    assert {key for key, value in found.items() if value is None} == {
        "opposition_until_on", "suspended_until_on", "reopens_by", "earliest_enforceable_on", "formula_request_by_on",
    }  # fmt: skip
    out = asked(capsys, "law order --rendered 2026-08-20")[1]
    assert "Serve by:          20 February 2027, 24:00" in out
    assert "None" not in out


def test_a_person_reads_when_the_opposition_opens_again(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = asked(capsys, "law order --rendered 2026-09-02 --served 2026-09-14 --not-in-person")
    assert "Enforceable from:  17 November 2026\n" in out
    assert "(CPC, art. 1416)" in out
    assert "Read as wait_extension=extended" in err
    assert (
        "Ask formula by:    1 May 2022, 24:00"
        in asked(capsys, "law order --rendered 2022-02-10 --served 2022-03-01")[1]
    )
