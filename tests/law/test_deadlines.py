"""The deadlines of an invoice: each day below is counted by hand from LAW sections 4 to 9, and named where it comes from."""

import datetime as dt

import pytest

from domain.deadline import KINDS, TEXTS, Deadline, Remark
from domain.deadlines import deadlines_of
from domain.facts.fact import Fact
from domain.facts.insolvency import ClaimContested, ClaimDeclared, StayedByInsolvency
from domain.facts.invoicing import DebtAcknowledged, InvoiceIssued
from domain.facts.procedure import (
    ConservatoryMeasureLifted,
    ConservatoryMeasureTaken,
    EscalatedToInjonction,
    FeesConsigned,
    Head,
    LawyerAppointed,
    OppositionLodged,
    OrdonnanceGranted,
    OrdonnanceRefused,
    OrdonnanceServed,
    ServiceMode,
    TitleEnforceable,
)
from domain.facts.recovery import DebtorFormallyNotified
from domain.history import History
from domain.law.readings import DEFAULTS, Readings
from domain.law.tables import shipped
from projections.wording.deadlines import NOTES, TITLES, note, remark, title
from tests.builders import (
    DEBTOR,
    PROCEEDING,
    credited,
    day,
    disputed,
    issued,
    issued_in_parts,
    notified,
    paid,
    promised,
    reminded,
    written_off,
)
from tests.given import history, recorded

Seen = tuple[str, str | None, str | None]


def petition(on: str, court: str = "tc-angers", cents: int = 120_000) -> EscalatedToInjonction:
    heads = (Head(cents=cents, head="principal"),)
    return EscalatedToInjonction(court=court, heads=heads, on=day(on), proceeding=PROCEEDING)


def order(on: str, cents: int = 120_000) -> OrdonnanceGranted:
    return OrdonnanceGranted(heads=(Head(cents=cents, head="principal"),), on=day(on), proceeding=PROCEEDING)


def served(on: str, mode: ServiceMode = "person") -> OrdonnanceServed:
    return OrdonnanceServed(mode=mode, on=day(on), proceeding=PROCEEDING)


def opposed(on: str, told: str | None = None) -> OppositionLodged:
    return OppositionLodged(notice_received_on=day(told) if told else None, on=day(on), proceeding=PROCEEDING)


def enforceable(on: str) -> TitleEnforceable:
    return TitleEnforceable(basis="clerk_statement", on=day(on), proceeding=PROCEEDING)


def stayed(on: str, published: str | None = None) -> StayedByInsolvency:
    return StayedByInsolvency(
        cents=120_000, kind="liquidation", on=day(on), party=DEBTOR, published_on=day(published) if published else None
    )


def dated(entries: History, on: str, readings: Readings = DEFAULTS, claimed: int | None = None) -> list[Deadline]:
    return deadlines_of(shipped(), entries, day(on), readings=readings, claimed_cents=claimed)


def seen(found: list[Deadline], *kinds: str) -> list[Seen]:
    """Kind, day and reading, of some kinds or of all but the time-bar."""
    return [
        (each.kind, each.on.isoformat() if each.on else None, each.reading)
        for each in found
        if (each.kind in kinds if kinds else each.kind != "limitation")
    ]


def codes(found: list[Deadline], kind: str) -> set[str]:
    return {each.code for deadline in found if deadline.kind == kind for each in deadline.remarks}


# LAW 4: limitation


def test_five_years_between_traders_from_performance_or_from_the_due_day() -> None:
    invoice = issued().model_copy(update={"performed_on": day("2025-12-15")})
    found = dated(recorded(invoice), "2026-03-01")
    assert seen(found, "limitation") == [
        ("limitation", "2030-12-15", "prudent"),
        ("limitation", "2031-01-31", "arguable"),
    ]
    assert {each.reference for each in found} == {"C. com., art. L110-4, I"}
    assert [(each.since, each.cents, each.due) for each in found] == [
        (day("2025-12-15"), 120_000, day("2026-01-31")),
        (day("2026-01-31"), 120_000, day("2026-01-31")),
    ]


def test_without_a_performance_day_both_readings_are_one_and_it_is_said() -> None:
    found = dated(recorded(issued()), "2026-03-01")
    assert seen(found, "limitation") == [("limitation", "2031-01-31", "both")]
    assert codes(found, "limitation") == {"no_performance"}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"debtor_kind": "consumer"}, "2028-01-31"),
        ({"debtor_kind": "professional"}, "2031-01-31"),
        ({"nature": "carriage"}, "2027-01-31"),
        ({"debtor_kind": "public"}, "2030-12-31"),
    ],
)
def test_each_kind_of_claim_has_its_time(told: dict[str, str], expected: str) -> None:
    found = dated(recorded(issued().model_copy(update=told)), "2026-03-01")
    assert seen(found, "limitation") == [("limitation", expected, "both")]


def test_each_instalment_that_is_unpaid_has_its_own_clock() -> None:
    parts = issued_in_parts(("600,00", "2026-01-31"), ("300,00", "2026-04-30"), ("300,00", "2026-07-31"))
    found = dated(recorded(parts, paid("2026-02-10", "700,00")), "2026-08-01")
    assert [(each.due, each.cents, each.on, each.reading) for each in found if each.reading != "arguable"] == [
        (day("2026-04-30"), 20_000, day("2031-04-30"), "both"),
        (day("2026-07-31"), 30_000, day("2031-07-31"), "both"),
    ]


def test_a_part_payment_moves_the_arguable_date_only() -> None:
    found = dated(recorded(issued(), paid("2026-05-04", "200,00")), "2026-06-01")
    assert [(each.on, each.reading, each.since, each.cents) for each in found] == [
        (day("2031-01-31"), "prudent", day("2026-01-31"), 100_000),
        (day("2031-05-04"), "arguable", day("2026-05-04"), 100_000),
    ]


def test_a_formal_notice_moves_the_time_of_a_public_debtor_and_of_nobody_else() -> None:
    """LAW 4.3: exceptions for public debtors; four years from the year after the notice."""
    notice = notified("2027-03-01", "2027-03-22")
    public = dated(recorded(issued(debtor_kind="public"), notice, today="2027-12-31"), "2027-06-01")
    assert seen(public, "limitation") == [("limitation", "2031-12-31", "both")]
    private = dated(recorded(issued(), notice, today="2027-12-31"), "2027-06-01")
    assert seen(private, "limitation") == [("limitation", "2031-01-31", "both")]


def test_service_of_the_order_interrupts_and_the_date_counts_from_it() -> None:
    entries = recorded(issued(), petition("2026-03-02"), order("2026-03-20"), served("2026-04-10"))
    found = dated(entries, "2026-05-01")
    assert seen(found, "limitation") == [("limitation", "2031-04-10", "both")]
    assert "pending" in codes(found, "limitation")


def test_filing_a_petition_interrupts_nothing() -> None:
    found = dated(recorded(issued(), petition("2026-03-02")), "2026-05-01")
    assert seen(found, "limitation") == [("limitation", "2031-01-31", "both")]


def test_an_order_opposed_bears_no_title_and_a_paid_price_no_deadline() -> None:
    assert dated(recorded(issued(), paid("2026-02-10")), "2026-03-01") == []
    before = dated(recorded(issued(), paid("2026-02-10")), "2026-02-09")
    assert seen(before, "limitation") == [("limitation", "2031-01-31", "both")]


def test_a_due_day_that_is_not_known_has_no_date_and_says_so() -> None:
    found = dated(recorded(issued(due=None)), "2026-03-01")
    assert seen(found, "limitation") == [("limitation", None, None)]
    assert codes(found, "limitation") == {"no_due_day"}


def test_an_unknown_legal_value_is_said_on_its_row_and_the_others_stand() -> None:
    old = issued(on="1950-01-01", due="1950-01-31")
    found = dated(recorded(old, notified("2026-02-15", "2026-03-09")), "2026-03-01")
    assert seen(found, "limitation", "notice") == [("limitation", None, None), ("notice", "2026-03-09", None)]
    assert "limitation_trader_years" in str(next(each for each in found if each.kind == "limitation").remarks[0])


def test_what_the_books_gave_up_or_a_debtor_disputes_is_said() -> None:
    found = dated(
        recorded(issued(), disputed("2026-02-10", "300,00", whole=False), written_off("2026-03-01")), "2026-03-02"
    )
    assert codes(found, "limitation") == {"no_performance", "written_off", "disputed"}
    assert "300.00 EUR are disputed" in {str(each) for each in found[0].remarks}


# LAW 4.1: the ten years of a title


def test_a_title_has_ten_years_from_the_day_it_may_be_enforced() -> None:
    entries = recorded(
        issued(), petition("2026-03-02"), order("2026-03-20"), served("2026-04-10"), enforceable("2026-05-20")
    )
    found = dated(entries, "2026-06-01")
    assert seen(found) == [("title", "2036-05-20", "both")]
    assert "L111-4" in found[0].reference


def test_what_falls_due_after_the_petition_is_outside_the_title_and_keeps_its_own_time() -> None:
    parts = issued_in_parts(("900,00", "2026-01-31"), ("300,00", "2026-04-30"))
    entries = recorded(
        parts,
        petition("2026-03-02", cents=90_000),
        order("2026-03-20", 90_000),
        served("2026-04-10"),
        enforceable("2026-05-20"),
    )
    found = dated(entries, "2026-06-01")
    assert seen(found, "title", "limitation") == [("title", "2036-05-20", "both"), ("limitation", "2031-04-30", "both")]
    assert [each.cents for each in found] == [90_000, 30_000]
    assert str(next(each for each in found[0].remarks if each.code == "outside_title")).startswith("300.00 EUR")


# LAW 6: the order for payment


@pytest.mark.parametrize(
    ("court", "readings", "expected"),
    [
        ("tc-angers", {}, [("petition_fees", "2026-03-17", None)]),
        ("tae-nantes", {}, [("petition_fees", "2026-03-17", None)]),
        ("tae-nantes", {"tae": "as_other_court"}, []),
        ("tj-angers", {}, []),
        ("jcp-angers", {}, []),
    ],
)
def test_fees_are_paid_within_fifteen_days_of_the_petition_before_a_commercial_court(
    court: str, readings: dict[str, str], expected: list[Seen]
) -> None:
    entries = recorded(issued(), petition("2026-03-02", court))
    assert seen(dated(entries, "2026-03-05", Readings(readings))) == expected


def test_fees_that_were_paid_are_no_deadline_any_more() -> None:
    fees = FeesConsigned(cents=3_347, on=day("2026-03-04"), proceeding=PROCEEDING)
    assert seen(dated(history(issued(), petition("2026-03-02"), fees), "2026-03-05")) == []


@pytest.mark.parametrize(
    ("rendered", "by"),
    [("2026-08-20", "2027-02-20"), ("2026-09-02", "2026-12-02"), ("2022-02-10", "2022-08-10")],
)
def test_an_order_is_served_in_six_months_or_in_three(rendered: str, by: str) -> None:
    """LAW 6 gives the first two; a Saturday is not put off."""
    entries = recorded(issued(on="2021-01-01", due="2021-01-31"), petition("2021-03-02"), order(rendered))
    found = dated(entries, rendered)
    assert seen(found) == [("order_service", by, None)]
    assert next(each for each in found if each.kind == "order_service").reference == "CPC, art. 1411"


def test_after_service_come_the_end_of_opposition_and_the_first_day_of_enforcement() -> None:
    """DESIGN 12: ordered 2026-08-20, served 2026-10-01 in person."""
    entries = recorded(issued(), petition("2026-08-01"), order("2026-08-20"), served("2026-10-01"))
    found = dated(entries, "2026-10-02")
    assert seen(found) == [("opposition", "2026-11-02", None), ("enforcement", "2026-11-03", None)]
    assert [each.is_first for each in found if each.kind != "limitation"] == [False, True]
    newer = recorded(issued(), petition("2026-08-01"), order("2026-09-02"), served("2026-09-14", "home"))
    found = dated(newer, "2026-10-02")
    assert seen(found) == [("opposition", "2026-10-14", None), ("enforcement", "2026-11-17", None)]
    assert codes(found, "opposition") == {"reopens"}


def test_an_order_served_late_is_void_and_starts_nothing() -> None:
    entries = recorded(issued(), petition("2026-08-01"), order("2026-09-02"), served("2026-12-03"))
    found = dated(entries, "2026-12-04")
    assert seen(found) == [("order_service", "2026-12-02", None)]
    assert codes(found, "order_service") == {"served_late"}
    assert seen(found, "limitation") == [("limitation", "2031-01-31", "both")]


def test_before_march_2022_the_formula_is_asked_for_within_a_month_of_the_opposition() -> None:
    entries = recorded(
        issued(on="2021-01-01", due="2021-01-31"), petition("2021-12-02"), order("2022-01-10"), served("2022-02-10")
    )
    found = dated(entries, "2022-02-11")
    assert seen(found) == [("opposition", "2022-03-10", None), ("formula_request", "2022-04-10", None)]


def test_an_opposition_before_a_commercial_court_starts_fifteen_days_for_its_fees() -> None:
    steps = (issued(), petition("2026-08-01"), order("2026-08-20"), served("2026-10-01"))
    told = dated(recorded(*steps, opposed("2026-10-12", "2026-10-20")), "2026-10-21")
    assert seen(told) == [("opposition_fees", "2026-10-27", "prudent"), ("opposition_fees", "2026-11-04", "arguable")]
    untold = dated(recorded(*steps, opposed("2026-10-12")), "2026-10-21")
    assert seen(untold) == [("opposition_fees", "2026-10-27", None)]
    assert codes(untold, "opposition_fees") == {"no_notice_received"}
    by_receipt = Readings({"opposition_fee_start": "receipt"})
    read = dated(recorded(*steps, opposed("2026-10-12", "2026-10-20")), "2026-10-21", by_receipt)
    assert seen(read) == [("opposition_fees", "2026-11-04", None)]
    same_day = dated(recorded(*steps, opposed("2026-10-12", "2026-10-12")), "2026-10-21")
    assert seen(same_day) == [("opposition_fees", "2026-10-27", "both")]
    fees = FeesConsigned(cents=3_347, on=day("2026-10-22"), proceeding=PROCEEDING)
    assert seen(dated(history(*steps, opposed("2026-10-12"), fees), "2026-10-23")) == []


def test_an_opposition_before_the_tribunal_judiciaire_starts_fifteen_days_for_a_lawyer_above_ten_thousand() -> None:
    big = issued("12 000,00")
    steps = (big, petition("2026-08-01", "tj-angers", 1_200_000), order("2026-08-20", 1_200_000), served("2026-10-01"))
    told = dated(recorded(*steps, opposed("2026-10-12", "2026-10-20")), "2026-10-21")
    assert seen(told) == [("lawyer", "2026-11-04", None)]
    assert seen(dated(recorded(*steps, opposed("2026-10-12")), "2026-10-21")) == [("lawyer", "2026-10-27", None)]
    small = (
        issued(),
        petition("2026-08-01", "tj-angers"),
        order("2026-08-20"),
        served("2026-10-01"),
        opposed("2026-10-12"),
    )
    assert seen(dated(recorded(*small), "2026-10-21")) == []
    assert seen(dated(recorded(*small), "2026-10-21", claimed=1_000_001)) == [("lawyer", "2026-10-27", None)]
    appointed = LawyerAppointed(on=day("2026-10-15"), proceeding=PROCEEDING)
    assert seen(dated(history(*steps, opposed("2026-10-12"), appointed), "2026-10-21")) == []


# LAW 8: insolvency


def test_a_claim_is_declared_within_two_months_of_the_publication_and_goods_claimed_back_within_three() -> None:
    sold = issued().model_copy(update={"clauses": ("retention_of_title",)})
    found = dated(recorded(sold, stayed("2026-03-03", "2026-03-15")), "2026-04-01")
    assert seen(found) == [
        ("claim_declaration", "2026-05-15", None),
        ("forclusion_relief", "2026-09-15", None),
        ("retention_of_title", "2026-06-15", None),
    ]
    far = next(each for each in found if each.kind == "claim_declaration").remarks
    assert [(each.code, each.on) for each in far] == [("far_creditor", day("2026-07-15"))]


def test_where_the_publication_is_not_recorded_the_judgment_is_the_earliest_it_can_be() -> None:
    found = dated(recorded(issued(), stayed("2026-03-03")), "2026-04-01")
    assert seen(found)[0] == ("claim_declaration", "2026-05-03", None)
    assert "publication_unknown" in codes(found, "claim_declaration")


def test_what_was_declared_and_contested_is_answered_in_thirty_days() -> None:
    declared = ClaimDeclared(cents=120_000, on=day("2026-04-01"))
    entries = history(issued(), stayed("2026-03-03", "2026-03-15"), declared)
    assert seen(dated(entries, "2026-04-02")) == []
    contested = history(issued(), stayed("2026-03-03", "2026-03-15"), declared, ClaimContested(on=day("2026-06-01")))
    assert seen(dated(contested, "2026-06-02")) == [("claim_discussion", "2026-07-01", None)]


def test_a_stay_leaves_no_deadline_of_an_individual_action() -> None:
    entries = recorded(issued(), petition("2026-02-02"), order("2026-02-20"), stayed("2026-03-03", "2026-03-15"))
    assert {kind for kind, _, _ in seen(dated(entries, "2026-04-01"))} == {"claim_declaration", "forclusion_relief"}
    of_a_guarantor = stayed("2026-03-03").model_copy(update={"party": "ee" * 16})
    other = recorded(issued(), petition("2026-02-02"), order("2026-02-20"), of_a_guarantor)
    assert seen(dated(other, "2026-04-01")) == [("order_service", "2026-08-20", None)]


# LAW 5 and 7: the notice, the promise, the seizure


def test_a_notice_gives_until_its_day_and_an_electronic_one_keeps_its_proofs_a_year() -> None:
    lre = DebtorFormallyNotified(deadline_on=day("2026-03-23"), form="lre", on=day("2026-03-01"))
    found = dated(recorded(issued(), reminded("2026-02-10"), lre), "2026-03-02")
    assert seen(found) == [("notice", "2026-03-23", None), ("lre_proof", "2027-03-01", None)]
    filed = dated(recorded(issued(), lre, petition("2026-04-01", "tj-angers")), "2026-04-02")
    assert seen(filed) == [("lre_proof", "2027-03-01", None)]


def test_a_promise_that_runs_is_a_day_to_come() -> None:
    found = dated(recorded(issued(), promised("2026-02-10", "2026-02-25")), "2026-02-12")
    assert seen(found) == [("promise", "2026-02-25", None)]
    found = dated(
        recorded(issued(), promised("2026-02-10", "2026-02-25"), credited("2026-02-11", "1 200")), "2026-02-12"
    )
    assert found == []


def test_after_a_seizure_a_title_is_sought_within_a_month_and_again_after_a_refusal() -> None:
    taken = ConservatoryMeasureTaken(makes_unavailable=True, on=day("2026-03-10"))
    found = dated(history(issued(), taken), "2026-03-11")
    assert seen(found) == [("conservatory_notice", "2026-03-18", None), ("conservatory_title", "2026-04-10", None)]
    filed = dated(history(issued(), taken, petition("2026-03-20", "tj-angers")), "2026-03-21")
    assert seen(filed, "conservatory_title") == []
    refused = OrdonnanceRefused(on=day("2026-04-02"), proceeding=PROCEEDING)
    again = dated(history(issued(), taken, petition("2026-03-20", "tj-angers"), refused), "2026-04-03")
    assert seen(again, "conservatory_title") == [("conservatory_title", "2026-05-02", None)]
    lifted = ConservatoryMeasureLifted(on=day("2026-03-15"))
    assert seen(dated(history(issued(), taken, lifted), "2026-03-16")) == []


# Known-at, and words


def test_a_deadline_is_that_of_what_was_known() -> None:
    entries = recorded(issued(), DebtAcknowledged(on=day("2026-02-10")))
    before = deadlines_of(shipped(), entries, day("2026-03-01"), known_at=1)
    assert seen(before, "limitation") == [("limitation", "2031-01-31", "both")]
    after = deadlines_of(shipped(), entries, day("2026-03-01"))
    assert [each.on for each in after] == [day("2031-01-31"), day("2031-02-10")]


def test_every_kind_and_every_remark_has_its_words_in_both_languages() -> None:
    assert set(TITLES) == set(NOTES) == set(KINDS)
    for code in TEXTS:
        said = Remark(code, day("2026-03-01"), 120_000, "ecb_refinancing_rate is not known.")
        assert "{" not in str(said) + remark(said)
        assert remark(said).strip()
    row = Deadline("opposition_fees", day("2026-11-02"), "CPC, art. 1425", day("2026-10-12"), 123_456, "prudent")
    assert title(row) == "Frais de l’opposition à consigner (date prudente)"
    assert note(row)[1:] == [
        "Dernier jour, jusqu’à 24 heures\u00a0: 2\u00a0novembre\u00a02026.",
        "Reste impayé du prix\u00a0: 1\u202f234,56\u00a0€.",
        "Texte\u00a0: CPC, art. 1425.",
    ]


def test_dates_never_fall_before_what_starts_them() -> None:
    whole: list[Fact] = [
        issued(),
        petition("2026-03-02"),
        order("2026-03-20"),
        served("2026-04-10"),
        opposed("2026-04-20"),
    ]
    for count in range(1, len(whole) + 1):
        for each in dated(recorded(*whole[:count]), "2026-06-01"):
            assert each.on is None or each.since is None or each.on > each.since, each


def test_the_issue_alone_says_all_of_an_ordinary_invoice() -> None:
    """What the portfolio relies on: reminders and calls change no deadline."""
    invoice: InvoiceIssued = issued().model_copy(update={"performed_on": day("2025-12-15")})
    alone = dated(history(invoice), "2026-06-01")
    assert dated(recorded(invoice, reminded("2026-02-10"), reminded("2026-02-20", 2)), "2026-06-01") == alone
    assert alone[0].on is not None
    assert alone[0].on + dt.timedelta(days=47) == alone[1].on
