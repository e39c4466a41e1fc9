"""`law`, as a program and a person ask it."""

import json

import pytest

from cli.main import run


def asked(capsys: pytest.CaptureFixture[str], line: str) -> tuple[int, str, str]:
    code = run(line.split())
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_rate_with_its_article(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = asked(capsys, "law rate --kind b2b --on 2026-07-01 --json")
    assert (code, json.loads(out)) == (0, {"rate_percent": "12.40", "reference": "C. com., art. L441-10, II"})
    assert asked(capsys, "law rate --kind floor --on 2024-01-01")[1].startswith("15.21 % a year")


def test_a_rate_not_known_yet_is_not_found(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = asked(capsys, "law rate --kind b2b --on 2027-01-01")
    assert (code, out) == (3, "")
    assert "ecb_refinancing_rate" in err
    assert "nothing is extrapolated" in err


def test_a_parameter_with_all_its_values(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = asked(capsys, "law show recovery_indemnity --json")
    (value,) = json.loads(out)["values"]
    assert code == 0
    assert value == {
        "from_on": "2013-01-01", "value": "4000", "reference": "C. com., art. D441-5",
        "source": "décret n° 2012-1115 du 2 octobre 2012", "confidence": "A",
    }  # fmt: skip
    assert "recovery_indemnity" in asked(capsys, "law show")[1]
    assert asked(capsys, "law show tva")[0] == 3
    assert asked(capsys, "law rate --kind usury --on 2026-01-01")[0] == 2


def test_a_deadline_is_counted_and_extended_unless_prudence_says_earlier(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = asked(capsys, "law deadline --from 2026-10-01 --months 1 --json")
    assert (code, json.loads(out)) == (0, {"theoretical_on": "2026-11-01", "expires_on": "2026-11-02"})
    earlier = json.loads(asked(capsys, "law deadline --from 2026-10-01 --months 1 --prudent earlier --json")[1])
    assert earlier == {"theoretical_on": "2026-11-01", "expires_on": "2026-11-01"}
    assert "a closed day" in asked(capsys, "law deadline --from 2026-10-01 --months 1")[1]
    assert asked(capsys, "law deadline --from 2026-10-01")[0] == 2
    assert asked(capsys, "law deadline --from 9999-12-31 --days 10")[0] == 2
