"""When personal data may go: LAW section 10 (retention, GDPR), section 4 (time-bar), against one history at a time."""

from collections.abc import Mapping

import pytest

from domain.erasure import YearEnd, against
from domain.errors import LawMissing, Refusal
from domain.facts.parties import MoneyReceived
from domain.facts.procedure import TitleEnforceable
from domain.history import History
from domain.law.tables import shipped
from tests.builders import (
    PROCEEDING,
    credited,
    day,
    escalated,
    granted,
    issued,
    issued_in_parts,
    order_served,
    paid,
    receipt,
    reminded,
)
from tests.given import history, recorded

#: LAW section 10: accounting documents and vouchers, 10 years (C. com. L123-22).
KEPT_YEARS = 10
DUE = issued(total="1 200,00", due="2026-01-31")


def refused(
    invoices: Mapping[str, History], on: str, *, account: History = (), year_end: YearEnd | None = None
) -> dict[str, Refusal]:
    return {no.code: no for no in against(invoices, account, day(on), shipped(), year_end=year_end)}


def codes(invoices: Mapping[str, History], on: str, year_end: YearEnd | None = None) -> set[str]:
    return set(refused(invoices, on, year_end=year_end))


def test_section_10_says_ten_years() -> None:
    value = shipped().on("accounting_retention_years", day("2026-11-21"))
    assert (int(value.value), value.reference) == (KEPT_YEARS, "C. com., art. L123-22")


def test_a_debtor_without_an_invoice_may_be_erased() -> None:
    assert refused({}, "2026-06-01") == {}


def test_a_claim_that_lives_holds_until_the_later_time_bar() -> None:
    no = refused({"F-1": recorded(DUE)}, "2026-06-01")["claim_alive"]
    assert (no.kind, no.reference, no.allowed_from_on) == ("legal", "RGPD, art. 17, 3, e", day("2031-02-01"))
    assert "F-1" in no.reason


@pytest.mark.parametrize(("on", "alive"), [("2031-01-31", True), ("2031-02-01", False)])
def test_the_last_day_to_act_still_holds(on: str, alive: bool) -> None:
    assert ("claim_alive" in codes({"F-1": recorded(DUE)}, on)) is alive


def test_penalties_of_a_price_paid_late_are_a_claim_too() -> None:
    assert "claim_alive" in codes({"F-1": recorded(DUE, paid("2026-03-10"))}, "2026-06-01")


def test_a_price_paid_in_time_is_no_claim() -> None:
    assert codes({"F-1": recorded(DUE, paid("2026-01-20"))}, "2026-06-01") == {"voucher_kept"}


def test_a_price_credited_away_is_no_claim() -> None:
    assert codes({"F-1": recorded(DUE, credited("2026-01-20", "1 200,00"))}, "2026-06-01") == {"voucher_kept"}


def test_where_a_rate_is_unknown_nobody_says_that_nothing_is_owed() -> None:
    late = recorded(DUE, paid("2027-03-10"), today="2027-12-31")
    with pytest.raises(LawMissing):
        shipped().on("ecb_refinancing_rate", day("2027-06-01"))
    assert "claim_alive" in codes({"F-1": late}, "2027-12-31")


def test_an_open_proceeding_holds_without_a_day() -> None:
    no = refused({"F-1": recorded(DUE, escalated("2026-04-01"))}, "2050-06-01")["proceeding_open"]
    assert (no.kind, no.allowed_from_on) == ("legal", None)
    assert "record how it ended" in no.reason


def test_a_title_holds_ten_years() -> None:
    titled = recorded(
        DUE, escalated("2026-04-01"), granted("2026-04-20"), order_served("2026-05-04"),
        TitleEnforceable(basis="clerk_statement", on=day("2026-06-10"), proceeding=PROCEEDING), today="2026-06-30",
    )  # fmt: skip
    found = refused({"F-1": titled}, "2036-06-10")
    assert "proceeding_open" not in found
    assert found["claim_alive"].allowed_from_on == day("2036-06-11")
    assert "claim_alive" not in codes({"F-1": titled}, "2036-06-11")


@pytest.mark.parametrize(
    ("year_end", "until"),
    [
        (None, "2036-12-31"),
        ((12, 31), "2036-12-31"),
        ((6, 30), "2036-06-30"),
        ((1, 1), "2036-01-01"),
        ((2, 29), "2036-02-28"),
    ],
)
def test_a_voucher_is_kept_ten_years_from_the_close_of_its_year(year_end: YearEnd | None, until: str) -> None:
    in_time = {"F-1": recorded(issued(on="2026-01-01", due="2026-01-31"), paid("2026-01-01"))}
    no = refused(in_time, "2026-06-01", year_end=year_end)["voucher_kept"]
    assert no.kind == "legal"
    assert no.reference == "C. com., art. L123-22"
    assert no.allowed_from_on is not None
    assert (no.allowed_from_on - day(until)).days == 1
    assert "voucher_kept" in codes(in_time, until, year_end)
    assert "voucher_kept" not in codes(in_time, str(no.allowed_from_on), year_end)


def test_money_on_account_is_a_voucher_too() -> None:
    account = history(MoneyReceived(cents=100, on=day("2026-03-01"), receipt=receipt("x")))
    found = refused({}, "2026-06-01", account=account, year_end=(12, 31))
    assert found["voucher_kept"].allowed_from_on == day("2037-01-01")


def test_letters_are_kept_by_usage_only() -> None:
    old = {"F-1": recorded(DUE, reminded("2034-05-01"), paid("2026-01-20"), today="2034-05-01")}
    found = refused(old, "2038-05-01")
    assert set(found) == {"correspondence_kept"}
    assert found["correspondence_kept"].kind == "policy"
    assert found["correspondence_kept"].allowed_from_on == day("2039-05-02")
    assert refused(old, "2039-05-02") == {}


def test_of_several_invoices_the_longest_is_named() -> None:
    several = {"F-1": recorded(DUE), "F-2": recorded(issued(on="2026-01-01", due="2026-06-30"), today="2026-06-30")}
    no = refused(several, "2026-07-01")["claim_alive"]
    assert "F-2 and 1 more" in no.reason
    assert no.allowed_from_on == day("2031-07-01")


def test_of_several_instalments_the_last_is_the_one_that_holds() -> None:
    parts = recorded(issued_in_parts(("600", "2026-02-04"), ("300", "2026-07-06")), today="2026-07-31")
    assert refused({"F-2": parts}, "2026-08-01")["claim_alive"].allowed_from_on == day("2031-07-07")
    undated = recorded(issued(due=None), today="2026-07-31")
    assert refused({"F-2": undated}, "2050-08-01")["claim_alive"].allowed_from_on is None
