"""A petition claims what is owed in law, head by head; the order is shared back to the cent; the title is followed."""

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from adapters import acts, claims, judging, procedure
from adapters.application import Change, Context, new_id, plain
from adapters.invoicing import Draft, issue
from adapters.lawbook import rulebook
from adapters.payments import Payment, pay, pay_debtor
from domain.errors import LawMissing, Refused
from domain.facts.fact import Fact
from domain.facts.parties import PolicyAdopted
from domain.facts.procedure import EscalatedToInjonction, Head, OrdonnanceGranted, OrdonnanceServed, TitleEnforceable
from domain.policy import parse_policy, shipped_policy
from tests.adapters.office import Firm
from tests.builders import day


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    return Firm(tmp_path / "store")


def forced(firm: Firm) -> acts.Order:
    return acts.Order(firm.today, override="creditor_asked")


def heads_of(firm: Firm, stream: str) -> dict[str, int]:
    petitions = [
        each.fact for each in firm.office.app.stream(stream).envelopes if isinstance(each.fact, EscalatedToInjonction)
    ]
    return {head.head: head.cents for head in petitions[-1].heads}


def test_the_heads_are_those_of_the_claim_with_the_interest_to_come(firm: Firm) -> None:
    """1 200 EUR due on 4 February 2026; 500 EUR on 10 March: 34 days at 12.15 % first, 13.58 EUR; 20 days more by the 30th."""
    stream = firm.invoice("F-1")
    firm.sleep_until("2026-03-30")
    pay(firm.office, stream, firm.order("2026-03-10"), Payment(50_000))
    (done,) = procedure.escalate(firm.office, [stream], forced(firm), court="tc-angers")
    fact = done.decided[0].fact
    assert isinstance(fact, EscalatedToInjonction)
    assert fact.heads == (
        Head(cents=71_358, from_on=day("2026-03-31"), head="principal", rate_kind="b2b"),
        Head(cents=475, head="penalties"),
        Head(cents=4_000, head="indemnity"),
    )


def test_only_the_principal_of_the_books_is_claimed_where_that_is_asked(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    firm.sleep_until("2026-03-30")
    procedure.escalate(firm.office, [stream], forced(firm), court="tc-angers", principal_only=True)
    assert heads_of(firm, stream) == {"principal": 120_000}


def test_without_a_known_rate_only_the_principal_can_be_claimed(firm: Firm) -> None:
    """The rates of 2027 are not known: nothing is extrapolated, nothing half-recorded."""
    stream = firm.invoice("F-1")
    firm.sleep_until("2027-01-15")
    before = firm.office.app.store.position()
    with pytest.raises(LawMissing, match="law add-rate ecb_refinancing_rate"):
        procedure.escalate(firm.office, [stream], forced(firm), court="tc-angers")
    assert firm.office.app.store.position() == before
    procedure.escalate(firm.office, [stream], forced(firm), court="tc-angers", principal_only=True)
    assert heads_of(firm, stream) == {"principal": 120_000}


def test_the_whole_is_the_sum_of_the_shares_head_by_head(firm: Firm) -> None:
    streams = [firm.invoice("F-1", "1 000,00"), firm.invoice("F-2", "333,33", due="2026-01-20")]
    firm.sleep_until("2026-04-15")
    procedure.escalate(firm.office, streams, forced(firm), court="tc-angers")
    proceeding = next(
        each.fact.proceeding
        for each in firm.office.app.stream(streams[0]).envelopes
        if isinstance(each.fact, EscalatedToInjonction)
    )
    shares = [heads_of(firm, stream) for stream in streams]
    assert heads_of(firm, f"proceeding:{proceeding}") == {
        name: sum(share[name] for share in shares) for name in ("principal", "penalties", "indemnity")
    }
    assert shares[0]["indemnity"] == shares[1]["indemnity"] == 4_000


def test_an_order_in_part_is_shared_by_head_and_the_claim_follows_the_title(firm: Firm) -> None:
    """The judge grants the principal at the legal rate and 40 EUR; interest at 2.62 %, then five points more."""
    streams = [firm.invoice("F-1", "1 000,00"), firm.invoice("F-2", "500,00")]
    firm.sleep_until("2026-03-02")
    procedure.escalate(firm.office, streams, forced(firm), court="tc-angers")

    def granted(id: str, _: tuple[Head, ...]) -> OrdonnanceGranted:
        principal = Head(cents=150_000, from_on=day("2026-03-21"), head="principal", rate_kind="legal")
        return OrdonnanceGranted(heads=(principal, Head(cents=4_000, head="indemnity")), on=firm.today, proceeding=id)

    firm.sleep_until("2026-03-10")
    procedure.order_step(firm.office, streams[0], firm.order(), granted, "order granted")
    firm.sleep_until("2026-03-20")
    done = procedure.order_step(
        firm.office, streams[0], firm.order(), lambda of, _: OrdonnanceServed(mode="person", on=firm.today, proceeding=of), "order served",
    )  # fmt: skip
    assert [no.code for no in done[0].decided[0].findings] == ["rest_given_up"]
    firm.sleep_until("2026-04-21")
    procedure.order_step(
        firm.office, streams[0], firm.order(),
        lambda of, _: TitleEnforceable(basis="no_opposition_certificate", on=firm.today, proceeding=of), "order enforceable",
    )  # fmt: skip
    firm.sleep_until("2026-07-31")
    position = firm.office.app.store.position()
    first, second = claims.claims_of(firm.office, streams, firm.today, position)
    assert first.claim.title_on == day("2026-03-10")
    assert (first.claim.statement.principal_cents, second.claim.statement.principal_cents) == (100_000, 50_000)
    assert first.claim.statement.head_cents("indemnity") + second.claim.statement.head_cents("indemnity") == 4_000
    rates = [(each.from_on, each.to_on, str(each.percent)) for each in first.claim.statement.segments]
    assert rates == [
        (day("2026-03-21"), day("2026-06-21"), "2.62"),
        (day("2026-06-22"), day("2026-06-30"), "7.62"),
        (day("2026-07-01"), day("2026-07-31"), "7.75"),
    ]


def test_a_price_paid_leaves_accessories_that_are_claimed_only_by_force(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    firm.sleep_until("2026-03-30")
    pay(firm.office, stream, firm.order("2026-03-10"), Payment(120_000))
    with pytest.raises(Refused) as caught:
        procedure.escalate(firm.office, [stream], firm.order(), court="tc-angers")
    assert {no.kind for no in caught.value.refusals} == {"policy"}
    assert "already_paid" in caught.value.codes
    procedure.escalate(firm.office, [stream], forced(firm), court="tc-angers")
    assert heads_of(firm, stream) == {"principal": 1_358, "penalties": 9, "indemnity": 4_000}


def follow(firm: Firm, text: bytes) -> None:
    """The creditor adopts a policy."""
    digest = hashlib.sha256(text).hexdigest()
    adopted = PolicyAdopted(name="standard", on=firm.today, policy=digest)
    change = Change(firm.office.app.stream(f"creditor:{firm.creditor}"), plain([adopted]))
    firm.office.app.append([change], Context(command=new_id(), rulebooks=[(digest, "policy", text)]))


def test_a_policy_reads_a_contested_point_and_the_claim_follows(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    firm.sleep_until("2026-03-30")
    pay(firm.office, stream, firm.order("2026-03-10"), Payment(50_000))
    text = shipped_policy("standard") + b'\n[readings]\nimputation = "principal_first"\n'
    assert parse_policy(text).readings == {"imputation": "principal_first"}
    follow(firm, text)
    position = firm.office.app.store.position()
    (claimed,) = claims.claims_of(firm.office, [stream], firm.today, position)
    assert claimed.claim.statement.principal_cents == 70_000
    (above,) = claims.claims_of(firm.office, [stream], firm.today, position, {"imputation": "interest_first"})
    assert above.claim.statement.principal_cents == 71_358


def test_each_act_names_the_law_that_judged_it_and_the_store_keeps_it(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    digest, text = rulebook(firm.office.law)
    assert firm.office.app.stream(stream).envelopes[0].law == digest
    assert firm.office.app.store.rulebook(digest) == text


def test_money_on_account_is_imputed_as_the_law_says_and_told_apart_from_the_books(firm: Firm) -> None:
    """1 500 EUR come on 1 January, before any invoice: they wait, and pay the oldest due debt of their debtor first."""
    firm.debtor()
    pay_debtor(firm.office, firm.debtor(), firm.order(), Payment(150_000))
    streams = [firm.invoice("F-1", "1 200,00"), firm.invoice("F-2", "1 000,00", due="2026-03-01")]
    firm.sleep_until("2026-03-30")
    position = firm.office.app.store.position()
    first, second = claims.claims_of(firm.office, streams, firm.today, position)
    assert (first.claim.statement.total_cents, first.claim.book_residual_cents) == (0, 120_000)
    assert dict(first.claim.difference) == {"on_account": -120_000}
    assert second.claim.statement.principal_cents == 70_000
    assert next(str(each) for each in second.claim.remarks).startswith("money on account since 2026-01-05")


def test_each_invoice_keeps_the_rate_that_was_claimed_on_it(firm: Firm) -> None:
    """One at the default rate, one at 14 % by contract: what was claimed was granted, so each bears its own."""
    firm.debtor()
    plain_one = firm.invoice("F-1", "1 000,00")
    draft = Draft(
        number="F-2", creditor=firm.creditor, debtor=firm.debtor(), issued_on=firm.today, instalments=[(100_000, day("2026-02-04"))],
        debtor_kind="trader", creditor_kind="trader", penalty_rate="14",
    )  # fmt: skip
    clause_one = issue(firm.office, draft, firm.order()).stream
    firm.sleep_until("2026-03-02")
    procedure.escalate(firm.office, [plain_one, clause_one], forced(firm), court="tc-angers")
    firm.sleep_until("2026-03-10")
    procedure.order_step(
        firm.office, plain_one, firm.order(), lambda of, heads: OrdonnanceGranted(heads=heads, on=firm.today, proceeding=of), "order granted",
    )  # fmt: skip
    kinds = [
        next((head.rate_kind, head.rate) for head in fact.heads if head.head == "principal")
        for stream in (plain_one, clause_one)
        for fact in [each.fact for each in firm.office.app.stream(stream).envelopes]
        if isinstance(fact, OrdonnanceGranted)
    ]
    assert kinds == [("b2b", None), ("contract", "14")]


def test_what_is_not_disputed_can_be_claimed_alone(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    firm.sleep_until("2026-03-30")
    procedure.escalate(firm.office, [stream], forced(firm), court="tc-angers", principal=100_000)
    assert heads_of(firm, stream) == {"principal": 100_000, "indemnity": 4_000}


def of_proceeding(fact: Fact, id: str, _: tuple[Head, ...]) -> Fact:
    return fact.model_copy(update={"proceeding": id})


def test_money_that_came_after_the_petition_counts_from_its_own_day(firm: Firm) -> None:
    """500 EUR on 10 April, order of 20 June: interest runs on the lower principal from 11 April."""
    stream = firm.invoice("F-1")
    firm.sleep_until("2026-03-30")
    procedure.escalate(firm.office, [stream], forced(firm), court="tc-angers", principal_only=True)
    firm.sleep_until("2026-04-10")
    pay(firm.office, stream, firm.order(), Payment(50_000))
    firm.sleep_until("2026-06-20")
    heads = (Head(cents=120_000, from_on=day("2026-03-31"), head="principal", rate_kind="b2b"),)
    steps: list[tuple[str, str, Fact]] = [
        ("2026-06-20", "order granted", OrdonnanceGranted(heads=heads, on=day("2026-06-20"), proceeding="0" * 32)),
        ("2026-07-06", "order served", OrdonnanceServed(mode="person", on=day("2026-07-06"), proceeding="0" * 32)),
        ("2026-08-07", "order enforceable", TitleEnforceable(basis="clerk_statement", on=day("2026-08-07"), proceeding="0" * 32)),
    ]  # fmt: skip
    for on, step, fact in steps:
        firm.sleep_until(on)
        procedure.order_step(firm.office, stream, firm.order(), partial(of_proceeding, fact), step)
    (claimed,) = claims.claims_of(firm.office, [stream], firm.today, firm.office.app.store.position())
    assert [each.movement.on for each in claimed.claim.statement.imputed] == [day("2026-04-10")]
    assert claimed.claim.statement.segments[1].from_on == day("2026-04-11")
    assert claimed.claim.statement.segments[1].principal_cents < 120_000


def test_what_is_due_is_taken_part_by_part(firm: Firm) -> None:
    """600 due and paid late with 50 too much: interest first, so 600 and 36.60 of the next part; only the 40 EUR are due."""
    firm.debtor()
    draft = Draft(
        number="F-1", creditor=firm.creditor, debtor=firm.debtor(), issued_on=firm.today,
        instalments=[(60_000, day("2026-02-04")), (40_000, day("2026-12-31"))], debtor_kind="trader", creditor_kind="trader",
    )  # fmt: skip
    stream = issue(firm.office, draft, firm.order()).stream
    firm.sleep_until("2026-04-07")
    pay(firm.office, stream, firm.order(), Payment(65_000))
    firm.sleep_until("2026-05-04")
    procedure.escalate(firm.office, [stream], forced(firm), court="tc-angers")
    assert heads_of(firm, stream) == {"indemnity": 4_000}


def test_money_on_account_stops_acts_and_lowers_what_is_petitioned_for(firm: Firm) -> None:
    pay_debtor(firm.office, firm.debtor(), firm.order(), Payment(150_000))
    first = firm.invoice("F-1", "1 200,00")
    second = firm.invoice("F-2", "1 000,00", due="2026-03-01")
    firm.sleep_until("2026-03-30")
    with pytest.raises(Refused) as caught:
        acts.remind(firm.office, [first], forced(firm), channel="email")
    assert "nothing_owed" in caught.value.codes
    procedure.escalate(firm.office, [second], forced(firm), court="tc-angers")
    assert heads_of(firm, second)["principal"] == 70_000


def test_money_on_account_goes_to_what_a_due_debt_owes_in_law_before_a_debt_to_come(firm: Firm) -> None:
    """F-1, paid 65 days late but for 100 EUR, owes them, its interest and the 40 EUR; F-2 is to come."""
    first = firm.invoice("F-1", "1 000,00")
    firm.invoice("F-2", "1 000,00", due="2026-12-31")
    firm.sleep_until("2026-04-10")
    pay(firm.office, first, firm.order(), Payment(100_000))
    position = firm.office.app.store.position()
    (owing,) = claims.claims_of(firm.office, [first], firm.today, position)
    assert owing.claim.statement.total_cents > 4_000
    pay_debtor(firm.office, firm.debtor(), firm.order(), Payment(300_000))
    (settled,) = claims.claims_of(firm.office, [first], firm.today, firm.office.app.store.position())
    assert settled.claim.statement.total_cents == 0


def test_a_title_over_a_part_says_what_it_leaves_out(firm: Firm) -> None:
    stream = firm.invoice("F-1", "1 000,00")
    firm.sleep_until("2026-03-02")
    procedure.escalate(firm.office, [stream], forced(firm), court="tc-angers", principal=60_000)
    for on, step, fact in titled("2026-03-10", "2026-03-20", "2026-04-21"):
        firm.sleep_until(on)
        procedure.order_step(firm.office, stream, firm.order(), fact, step)
    (claimed,) = claims.claims_of(firm.office, [stream], firm.today, firm.office.app.store.position())
    assert claimed.claim.statement.principal_cents == 60_000
    assert [each.cents for each in claimed.claim.remarks if each.code == "outside_title"] == [40_000]


def titled(granted_on: str, served_on: str, enforceable_on: str) -> list[tuple[str, str, Callable[..., Fact]]]:
    """All that was claimed is granted, served in person and enforceable."""

    def granted(id: str, heads: tuple[Head, ...]) -> Fact:
        return OrdonnanceGranted(heads=heads, on=day(granted_on), proceeding=id)

    def served(id: str, _: tuple[Head, ...]) -> Fact:
        return OrdonnanceServed(mode="person", on=day(served_on), proceeding=id)

    def enforceable(id: str, _: tuple[Head, ...]) -> Fact:
        return TitleEnforceable(basis="no_opposition_certificate", on=day(enforceable_on), proceeding=id)

    return [
        (granted_on, "order granted", granted), (served_on, "order served", served), (enforceable_on, "order enforceable", enforceable),
    ]  # fmt: skip


def test_a_petition_is_computed_by_the_readings_of_its_own_day(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    firm.sleep_until("2026-03-30")
    follow(firm, shipped_policy("standard") + b'\n[readings]\nday_count = "include-include"\n')
    procedure.escalate(firm.office, [stream], acts.Order(day("2026-03-20"), override="late"), court="tc-angers")
    assert heads_of(firm, stream)["penalties"] == 1_758  # 44 days at 12.15 %, the first not counted
    verdict = judging.judged(firm.office, stream, hindsight=False)
    assert not [no for step in verdict["steps"] for no in step["refusals"] if no["kind"] != "policy"]
