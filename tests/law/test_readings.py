"""LAW section 14: every contested point is a switch with readings, or is said to be open; no default moves silently."""

import pytest

from domain.errors import Misuse
from domain.law.readings import NUMBERS, Readings, open_points, switches

#: A change here is a change of law for every user: it belongs in CHANGELOG.md, under its law heading.
DEFAULTS = {
    "imputation": "interest_first", "indemnity_rank": "last", "default_floor": "not_applied", "below_floor": "as_agreed",
    "floor_test": "each_half_year", "limitation_alarm": "prudent", "part_payment": "arguable_only", "plan_penalties": "run",
    "insolvency_indemnity": "declared", "late_opposition_notice": "bars", "opposition_fee_start": "postmark",
    "tae": "as_commercial_court", "wait_extension": "extended", "service_limit": "not_extended",
    "contribution_start": "2026-03-01", "contribution_event": "on_opposition", "l126_decree": "awaited",
    "commandment": "does_not_interrupt", "day_basis": "365", "day_count": "exclude-include", "rounding": "per_segment",
    "holidays": "metropole", "unclaimed_lre": "notifies", "act_of_service": "every_court", "traders": "by_the_letter",
}  # fmt: skip


def test_every_contested_point_is_a_switch_or_said_to_be_open() -> None:
    covered = {switch.point for switch in switches().values()} | set(open_points())
    assert covered == set(NUMBERS)


def test_the_defaults_are_these_and_no_other() -> None:
    assert {name: Readings()[name] for name in switches()} == DEFAULTS


@pytest.mark.parametrize("name", DEFAULTS)
def test_each_switch_has_two_readings_or_more_said_in_both_languages(name: str) -> None:
    readings = switches()[name].readings
    assert len(readings) >= 2
    assert len({reading.code for reading in readings}) == len(readings)
    assert [reading.is_default for reading in readings] == [True, *([False] * (len(readings) - 1))]
    for reading in readings:
        assert reading.text.endswith(".")
        assert reading.texte.endswith(".")
        assert reading.reference
        assert Readings({name: reading.code})[name] == reading.code


def test_a_reading_that_is_none_names_those_there_are() -> None:
    with pytest.raises(Misuse, match="365 or actual"):
        Readings({"day_basis": "360"})
    with pytest.raises(Misuse, match="imputation"):
        Readings({"moon": "full"})
