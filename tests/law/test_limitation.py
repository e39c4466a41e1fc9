"""LAW section 4: the length, the start, what interrupts and what suspends; DESIGN 12, the conventions of limitation dates."""

import datetime as dt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.errors import LawMissing, Misuse
from domain.law.readings import DEFAULTS, Readings
from domain.law.tables import shipped
from domain.limitation import CODES, Effect, Kind, Limitation, limitation
from tests.builders import day

KINDS: tuple[Kind, ...] = ("trader", "consumer", "public", "transport")
DUE = "2026-01-31"


def barred(
    due: str = DUE, *events: str, kind: Kind = "trader", performed: str | None = None, **readings: str
) -> Limitation:
    told = [(code, day(on)) for code, _, on in (event.partition("=") for event in events)]
    return limitation(shipped(), Readings(readings), kind, day(due), day(performed) if performed else None, told)


def both(found: Limitation) -> tuple[str, str]:
    return found.prudent_on.isoformat(), found.arguable_on.isoformat()


def moves(found: Limitation) -> list[str]:
    return [effect.moves for effect in found.effects]


# --- 4.1, length


@pytest.mark.parametrize(
    ("kind", "ends_on", "reference"),
    [
        ("trader", "2031-01-31", "C. com., art. L110-4, I"),
        ("consumer", "2028-01-31", "C. conso., art. L218-2"),
        ("transport", "2027-01-31", "C. com., art. L133-6"),
        ("public", "2030-12-31", "loi n° 68-1250 du 31 décembre 1968, art. 1"),
    ],
)
def test_five_years_two_one_and_four_from_the_year_that_follows(kind: Kind, ends_on: str, reference: str) -> None:
    """LAW 4.1; and no text extends the last day (DESIGN 12)."""
    found = barred(kind=kind, performed=DUE)
    assert both(found) == (ends_on, ends_on)
    assert found.reference == reference
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("name", "value", "confidence"),
    [
        ("limitation_trader_years", 5, "A"),
        ("limitation_consumer_years", 2, "A"),
        ("limitation_transport_years", 1, "A"),
        ("limitation_ship_supplies_years", 1, "B"),
        ("limitation_public_years", 4, "A"),
        ("limitation_agreed_least_years", 1, "A"),
        ("limitation_agreed_most_years", 10, "A"),
        ("limitation_long_stop_years", 20, "A"),
        ("limitation_title_years", 10, "A"),
        ("limitation_left_after_suspension_months", 6, "A"),
    ],
)
def test_every_number_of_the_section_is_a_parameter(name: str, value: int, confidence: str) -> None:
    """LAW 4.1 and 4.3, with the confidence it gives."""
    found = shipped().on(name, day("2026-11-21"))
    assert (found.whole, found.confidence) == (value, confidence)


def test_a_period_ends_on_its_last_day_be_it_a_sunday() -> None:
    """LAW 4.2: 5 years from 15/03/2021 end on 15/03/2026, a Sunday."""
    assert both(barred("2021-03-15", performed="2021-03-15")) == ("2026-03-15", "2026-03-15")
    assert day("2026-03-15").isoweekday() == 7


def test_the_same_day_of_the_month_or_the_last_there_is() -> None:
    """DESIGN 12: 29 February gives 28 February."""
    assert both(barred("2024-02-29")) == ("2029-02-28", "2029-02-28")
    assert both(barred("2024-02-29", "sued=2028-02-29")) == ("2033-02-28", "2033-02-28")


def test_a_period_not_known_is_missing() -> None:
    with pytest.raises(LawMissing, match="limitation_trader_years"):
        barred("2008-06-18")


# --- 4.2, start


def test_time_starts_at_performance_for_the_prudent_and_on_the_due_day_for_the_arguable() -> None:
    """LAW 4.2: performance, not the invoice date; no time runs before the term (2233)."""
    found = barred(performed="2025-12-15")
    assert both(found) == ("2030-12-15", "2031-01-31")
    assert (found.prudent_from_on, found.arguable_from_on) == (day("2025-12-15"), day(DUE))


def test_performance_after_the_due_day_changes_nothing() -> None:
    assert both(barred(performed="2026-03-01")) == ("2031-01-31", "2031-01-31")


def test_without_a_day_of_performance_a_warning() -> None:
    (warning,) = barred().warnings
    assert "n° 18-25.036" in warning
    assert "68-1250" in barred(kind="public").warnings[0]


def test_the_year_acquired_is_that_of_performance_for_the_prudent() -> None:
    assert both(barred(kind="public", performed="2025-12-15")) == ("2029-12-31", "2030-12-31")


# --- 4.3, what interrupts and what does not


@pytest.mark.parametrize("code", ["reminder", "formal_notice", "written_claim", "petition_filed", "commandment"])
def test_what_never_interrupts_a_private_debt(code: str) -> None:
    """LAW 4.3: com. 18/05/2022, 1re civ. 09/09/2020; L126 is assumed not to."""
    for kind in ("trader", "consumer", "transport"):
        found = barred(DUE, f"{code}=2026-06-01", kind=kind, performed=DUE)
        assert both(found) == both(barred(kind=kind, performed=DUE))
        assert moves(found) == ["none"]


@pytest.mark.parametrize("code", ["acknowledged", "part_payment", "plan"])
def test_what_may_acknowledge_moves_the_arguable_date_only_unless_read_otherwise(code: str) -> None:
    """LAW 4.3: treat as possible new date, never drop the original alarm; point 4 of LAW 14."""
    found = barred(DUE, f"{code}=2027-03-01")
    assert (both(found), moves(found)) == (("2031-01-31", "2032-03-01"), ["arguable"])
    assert "part_payment" in [reading.switch for reading in found.readings]
    other = barred(DUE, f"{code}=2027-03-01", part_payment="both")
    assert (both(other), moves(other)) == (("2032-03-01", "2032-03-01"), ["both"])


@pytest.mark.parametrize(
    ("code", "reference"),
    [
        ("order_served", "n° 89-13.345"),
        ("sued", "2241, 2242"),
        ("claim_declared", "L622-25-1"),
        ("conservatory_measure", "2244"),
        ("enforcement_act", "2244"),
    ],
)
def test_what_interrupts_beyond_doubt_moves_both(code: str, reference: str) -> None:
    """LAW 4.3; the same length starts again (2231)."""
    found = barred(DUE, f"{code}=2027-03-01", performed="2025-12-15")
    assert (both(found), moves(found)) == (("2032-03-01", "2032-03-01"), ["both"])
    assert reference in found.effects[0].reference


def test_a_commandment_interrupts_where_it_is_so_read() -> None:
    """LAW 4.3, last row; point 12 of LAW 14."""
    found = barred(DUE, "commandment=2027-03-01", commandment="interrupts")
    assert (both(found), moves(found)) == (("2032-03-01", "2032-03-01"), ["both"])
    assert [reading.switch for reading in found.readings] == ["limitation_alarm", "commandment"]


def test_an_interruption_in_court_lasts_until_the_end_which_a_warning_says() -> None:
    """LAW 4.3: 2242; L622-25-1, until closing."""
    assert any("until the proceeding ends" in each for each in barred(DUE, "sued=2027-03-01").warnings)
    assert any("L622-25-1" in each for each in barred(DUE, "claim_declared=2027-03-01").warnings)
    titled = barred(DUE, "sued=2027-03-01", "title_enforceable=2028-03-01", performed=DUE)
    assert titled.warnings == ()


def test_while_a_suit_is_pending_time_does_not_run_out() -> None:
    """A suit of 2021 against a consumer, a title in 2025: the two years never ran out."""
    found = barred("2020-01-31", "sued=2021-01-31", "title_enforceable=2025-06-01", kind="consumer")
    assert both(found) == ("2035-06-01", "2035-06-01")


def test_a_title_has_ten_years_even_of_a_consumer_and_so_has_what_interrupts_them() -> None:
    """LAW 4.1: 2e civ. 08/06/2023 n° 21-18.615."""
    served = ("order_served=2026-09-14", "title_enforceable=2026-11-17")
    assert both(barred(DUE, *served, kind="consumer")) == ("2036-11-17", "2036-11-17")
    again = barred(DUE, *served, "enforcement_act=2030-05-04", "acknowledged=2032-05-04", kind="consumer")
    assert both(again) == ("2040-05-04", "2042-05-04")


def test_a_proceeding_that_is_extinct_undoes_what_it_did_and_nothing_else() -> None:
    """LAW 4.3: 2e civ. 19/11/2020 n° 19-20.238; C. civ., art. 2243."""
    found = barred(
        DUE, "order_served=2027-03-01", "part_payment=2027-04-01", "enforcement_act=2027-05-01", "proceeding_extinct=2027-09-01",
        performed=DUE,
    )  # fmt: skip
    assert (both(found), moves(found)) == (("2032-05-01", "2032-05-01"), ["none", "arguable", "both", "both"])
    assert "undone" in found.effects[0].text
    assert "order_served of 1 March 2027" in found.effects[-1].text
    assert found.warnings == ()
    for kept in ("acknowledged", "claim_declared", "conservatory_measure"):
        assert moves(barred(DUE, f"{kept}=2027-03-01", "proceeding_extinct=2027-09-01"))[1] == "none"


def test_only_the_proceeding_that_ended_is_undone() -> None:
    found = barred(DUE, "sued=2027-03-01", "proceeding_extinct=2027-09-01", "sued=2028-03-01", performed=DUE)
    assert (both(found), moves(found)) == (("2033-03-01", "2033-03-01"), ["none", "both", "both"])


def test_what_was_in_time_only_by_an_interruption_undone_comes_too_late() -> None:
    found = barred(
        DUE, "order_served=2030-12-01", "acknowledged=2032-01-01", "proceeding_extinct=2033-01-01", performed=DUE
    )
    assert both(found) == ("2031-01-31", "2031-01-31")
    assert "expired" in found.effects[1].text


def test_the_title_falls_with_the_order_that_was_opposed_late() -> None:
    """CPC 1419 (LAW 6.10): instance extinct and order void."""
    found = barred(DUE, "order_served=2026-09-14", "title_enforceable=2026-11-17", "proceeding_extinct=2027-06-01")
    assert both(found) == ("2031-01-31", "2031-01-31")
    assert any("CPC, art. 1419" in each for each in found.warnings)


def test_after_expiry_nothing_moves_each_date_for_itself() -> None:
    """LAW 4.3: before expiry; after it, only waiver."""
    assert both(barred(DUE, "sued=2031-01-31")) == ("2036-01-31", "2036-01-31")
    late = barred(DUE, "sued=2031-02-01")
    assert (both(late), moves(late)) == (("2031-01-31", "2031-01-31"), ["none"])
    found = barred(DUE, "sued=2031-01-15", performed="2025-12-15")
    assert (both(found), moves(found)) == (("2030-12-15", "2036-01-15"), ["arguable"])
    assert "the prudent date had passed" in found.effects[0].text


def test_before_time_runs_there_is_nothing_to_interrupt() -> None:
    early = barred(DUE, "acknowledged=2026-01-15", performed="2025-12-15")
    assert (both(early), moves(early)) == (("2030-12-15", "2031-01-31"), ["none"])
    assert "not running yet" in early.effects[0].text
    sued = barred(DUE, "sued=2026-01-15", performed="2025-12-15")
    assert (both(sued), moves(sued)) == (("2031-01-15", "2031-01-31"), ["both"])
    assert "the prudent date alone" in sued.effects[0].text


# --- 4.3, suspension


def test_a_mediation_stops_the_time_and_leaves_six_months_at_least() -> None:
    """LAW 4.3: C. civ., art. 2238."""
    long = barred(DUE, "mediation_started=2027-01-01", "mediation_ended=2027-03-02", performed="2025-12-15")
    assert both(long) == ("2031-02-13", "2031-04-01")  # 60 days more
    assert moves(long) == ["none", "both"]
    short = barred(DUE, "mediation_started=2031-01-01", "mediation_ended=2031-03-02")
    assert both(short) == ("2031-09-02", "2031-09-02")


def test_a_mediation_that_goes_on_leaves_the_dates_and_says_so() -> None:
    found = barred(DUE, "mediation_started=2031-01-01", performed=DUE)
    assert (both(found), moves(found)) == (("2031-01-31", "2031-01-31"), ["none"])
    assert "a mediation has not ended" in found.warnings[0]


def test_what_happens_during_a_mediation_is_in_time_and_counts_from_its_end() -> None:
    found = barred(
        DUE, "mediation_started=2031-01-01", "sued=2031-06-01", "mediation_ended=2031-07-01", performed="2025-12-15"
    )
    assert moves(found) == ["none", "arguable", "arguable"]  # the prudent date, 15 December 2030, had passed
    assert both(found) == ("2030-12-15", "2036-07-01")


def test_a_mediation_begun_before_the_due_day_stops_the_arguable_time_from_its_start() -> None:
    found = barred(DUE, "mediation_started=2026-01-01", "mediation_ended=2026-03-02", performed="2025-12-15")
    assert both(found) == ("2031-02-13", "2031-03-02")  # 60 and 30 days more


def test_a_mediation_that_ends_had_started() -> None:
    for events in (["mediation_ended=2027-01-01"], ["mediation_started=2027-02-01", "mediation_ended=2027-01-01"]):
        with pytest.raises(Misuse, match="no mediation_started stands before it"):
            barred(DUE, *events)


# --- public debtors


@pytest.mark.parametrize("code", ["formal_notice", "written_claim"])
def test_a_letter_interrupts_against_a_public_debtor_from_the_year_that_follows(code: str) -> None:
    """LAW 4.1: new 4 years from 1 January of the following year."""
    found = barred(DUE, f"{code}=2027-05-04", kind="public", performed=DUE)
    assert (both(found), moves(found)) == (("2031-12-31", "2031-12-31"), ["both"])
    assert both(barred(DUE, f"{code}=2030-12-31", kind="public")) == ("2034-12-31", "2034-12-31")
    assert moves(barred(DUE, f"{code}=2031-01-01", kind="public")) == ["none"]


def test_against_a_public_debtor_what_is_not_established_moves_no_alarm() -> None:
    """LAW 1.4: no injonction, no seizure; 2238 and the ten years of a title are not counted on."""
    served = barred(DUE, "order_served=2027-05-04", kind="public", performed=DUE)
    assert any("neither injonction" in each for each in served.warnings)
    mediated = barred(DUE, "mediation_started=2027-01-01", "mediation_ended=2027-03-02", kind="public")
    assert (mediated.prudent_on, moves(mediated)) == (day("2030-12-31"), ["none", "arguable"])
    assert both(barred(DUE, "title_enforceable=2027-05-04", kind="public")) == ("2031-12-31", "2031-12-31")
    assert moves(barred(DUE, "reminder=2027-05-04", "acknowledged=2027-05-04", kind="public")) == ["none", "arguable"]


# --- the long-stop


def test_twenty_years_are_the_most_save_for_what_is_excepted() -> None:
    """LAW 4.1: C. civ., art. 2232 (2241 al. 1 and 2244 are excepted)."""
    payments = [f"part_payment={year}-01-31" for year in (2014, 2018, 2022, 2026)]
    found = barred("2010-01-31", *payments, performed="2010-01-31")
    assert both(found) == ("2015-01-31", "2030-01-31")
    assert found.warnings == ("the arguable date is held at the long-stop (31 January 2030; C. civ., art. 2232)",)
    assert barred("2010-01-31", *payments, "sued=2028-01-31").arguable_on == day("2033-01-31")


# --- any history


def test_an_unknown_event_names_the_known_ones() -> None:
    with pytest.raises(Misuse, match="no event 'prayer'; there are reminder, formal_notice"):
        barred(DUE, "prayer=2027-01-01")


DAYS = some.dates(min_value=dt.date(2012, 1, 1), max_value=dt.date(2045, 12, 31))
ENDS = {"proceeding_extinct", "mediation_ended"}
PLAIN = some.tuples(some.sampled_from([code for code in CODES if code not in ENDS]), DAYS)
HISTORIES = some.lists(
    some.tuples(some.sampled_from([code for code in CODES if code != "mediation_ended"]), DAYS), max_size=8
)
READ = some.sampled_from([DEFAULTS, Readings({"part_payment": "both", "commandment": "interrupts"})])


def with_ends(history: list[tuple[str, dt.date]], days: list[dt.date]) -> list[tuple[str, dt.date]]:
    """End mediations after their start."""
    first = min((on for code, on in history if code == "mediation_started"), default=None)
    if first is None or not days:
        return history
    return [*history, ("mediation_ended", max(first, days[0]))]


@given(some.sampled_from(KINDS), DAYS, some.none() | DAYS, HISTORIES, some.lists(DAYS, max_size=1), READ)
def test_the_prudent_date_is_never_the_later_one(
    kind: Kind, due: dt.date, performed: dt.date | None, history: list[tuple[str, dt.date]], ends: list[dt.date], read: Readings
) -> None:  # fmt: skip
    found = limitation(shipped(), read, kind, due, performed, with_ends(history, ends))
    assert found.prudent_on <= found.arguable_on
    for effect in found.effects:
        assert effect.prudent_on <= effect.arguable_on


@given(some.sampled_from(KINDS), DAYS, some.lists(PLAIN, max_size=6), some.lists(DAYS, max_size=1), READ)
def test_what_moves_nothing_leaves_both_dates_and_no_event_brings_one_forward(
    kind: Kind, due: dt.date, history: list[tuple[str, dt.date]], ends: list[dt.date], read: Readings
) -> None:  # fmt: skip
    found = limitation(shipped(), read, kind, due, None, with_ends(history, ends))
    start = limitation(shipped(), read, kind, due)
    last = start.prudent_on, start.arguable_on
    for effect in found.effects:
        now = effect.prudent_on, effect.arguable_on
        assert now == last or effect.moves != "none"
        assert now[0] == last[0] or effect.moves == "both"
        assert all(after >= before for after, before in zip(now, last, strict=True))
        last = now


@given(some.sampled_from(KINDS), DAYS, DAYS)
def test_the_dates_are_monotone_in_the_due_day(kind: Kind, one: dt.date, other: dt.date) -> None:
    earlier, later = (limitation(shipped(), DEFAULTS, kind, due) for due in sorted((one, other)))
    assert earlier.prudent_on <= later.prudent_on
    assert earlier.arguable_on <= later.arguable_on


@given(some.sampled_from(KINDS), DAYS, HISTORIES, some.randoms(use_true_random=False))
def test_events_may_be_told_in_any_order(
    kind: Kind, due: dt.date, history: list[tuple[str, dt.date]], shuffler: Random
) -> None:
    told = list(history)
    shuffler.shuffle(told)
    assert limitation(shipped(), DEFAULTS, kind, due, None, told) == limitation(
        shipped(), DEFAULTS, kind, due, None, history
    )


@given(some.sampled_from(KINDS), DAYS, HISTORIES)
def test_every_event_is_told_once_with_its_article(
    kind: Kind, due: dt.date, history: list[tuple[str, dt.date]]
) -> None:
    effects: tuple[Effect, ...] = limitation(shipped(), DEFAULTS, kind, due, None, history).effects
    assert sorted((effect.code, effect.on) for effect in effects) == sorted(history)
    assert all(effect.reference and effect.text for effect in effects)
