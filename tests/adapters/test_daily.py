"""The daily pass: the standard policy played day by day."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import acts, daily, payments
from domain.facts.invoicing import PaymentPromised
from tests.adapters.office import Firm
from tests.builders import day


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = Firm(tmp_path / "store")
    yield made
    made.office.close()


def passes(firm: Firm, first: str, last: str, *, bank: bool = True) -> list[daily.Pass]:
    results, on = [], day(first)
    while on <= day(last):
        firm.sleep_until(on.isoformat())
        if bank:
            daily.know_cash(firm.office, firm.creditor, on - daily.ONE_DAY, on)
        results.append(daily.run(firm.office, firm.order()))
        on += daily.ONE_DAY
    return results


def test_the_standard_ladder_is_climbed_day_by_day(firm: Firm) -> None:
    stream = firm.invoice("F-1", due="2026-02-04")
    results = passes(firm, "2026-01-06", "2026-04-10")
    recorded = {each.fact.move: str(each.fact.on) for each in firm.office.app.stream(stream).envelopes}
    assert recorded["courtesy"] == "2026-01-30"
    assert [str(each.fact.on) for each in firm.office.app.stream(stream).envelopes if each.fact.move == "remind"] == [
        "2026-02-05",
        "2026-02-19",
    ]
    assert recorded["DebtorFormallyNotified"] == "2026-03-06"
    notice = firm.office.app.stream(stream).envelopes[-1].fact.model_dump()
    assert str(notice["deadline_on"]) == "2026-03-26"
    assert [note.what for note in results[-1].todo] == ["injonction"]
    assert "EscalatedToInjonction" not in firm.moves(stream)
    call_days = [result.on for result in results if any(note.what == "call" for note in result.todo)]
    assert str(call_days[0]) == "2026-02-12"


def test_a_second_run_of_the_day_changes_nothing(firm: Firm) -> None:
    firm.invoice("F-1", due="2026-02-04")
    passes(firm, "2026-02-05", "2026-02-05")
    before = firm.office.app.store.position()
    assert daily.run(firm.office, firm.order()).done == []
    assert firm.office.app.store.position() == before


def test_a_dry_run_records_nothing_and_says_the_same(firm: Firm) -> None:
    firm.invoice("F-1", due="2026-02-04")
    firm.sleep_until("2026-02-05")
    daily.know_cash(firm.office, firm.creditor, day("2026-02-04"), firm.today)
    before = firm.office.app.store.position()
    dry = daily.run(firm.office, acts.Order(firm.today, dry_run=True))
    assert firm.office.app.store.position() == before
    wet = daily.run(firm.office, firm.order())
    assert (
        [act for act, _ in dry.done if act != "fell due"]
        == [act for act, _ in wet.done if act != "fell due"]
        == ["remind level 1"]
    )


def test_nobody_is_accused_before_the_bank_has_spoken(firm: Firm) -> None:
    stream = firm.invoice("F-1", due="2026-02-04")
    result = passes(firm, "2026-02-05", "2026-02-05", bank=False)[0]
    assert [note.what for note in result.waiting] == ["remind"]
    assert "the bank has not spoken yet" in result.waiting[0].why
    assert "remind" not in firm.moves(stream)


def test_missed_days_are_caught_up_one_rung_at_a_time(firm: Firm) -> None:
    stream = firm.invoice("F-1", due="2026-01-10")
    passes(firm, "2026-03-20", "2026-03-20")
    assert firm.moves(stream).count("remind") == 1
    assert "DebtorFormallyNotified" not in firm.moves(stream)
    passes(firm, "2026-03-21", "2026-04-25")
    days = [str(each.fact.on) for each in firm.office.app.stream(stream).envelopes if each.fact.role == "act"]
    assert days == ["2026-03-20", "2026-04-03", "2026-04-18"]


def test_one_reminder_for_the_invoices_of_a_debtor(firm: Firm) -> None:
    one, two = firm.invoice("F-1"), firm.invoice("F-2")
    passes(firm, "2026-02-05", "2026-02-05")
    acts_of = {firm.office.app.stream(stream).envelopes[-1].act for stream in (one, two)}
    assert len(acts_of) == 1
    assert None not in acts_of


def test_a_broken_promise_is_said_after_the_bank_and_a_kept_one_too(firm: Firm) -> None:
    broken, kept = firm.invoice("F-1"), firm.invoice("F-2", debtor="C043")
    firm.sleep_until("2026-02-10")
    promise = PaymentPromised(due_on=day("2026-02-20"), means="call", on=day("2026-02-10"))
    for stream in (broken, kept):
        acts.perform(firm.office, [stream], firm.order(), "promise", acts.seeing(lambda _: [promise], "promise"))
    firm.sleep_until("2026-02-20")
    payments.pay(firm.office, kept, firm.order(), payments.Payment(120000))
    passes(firm, "2026-02-22", "2026-02-22", bank=False)
    assert "PromiseBroken" not in firm.moves(broken)
    assert firm.moves(kept)[-1] == "PromiseKept"
    passes(firm, "2026-02-23", "2026-02-23")
    assert "PromiseBroken" in firm.moves(broken)


def test_a_debtor_in_insolvency_is_left_to_the_declaration(firm: Firm) -> None:
    from adapters import insolvency  # noqa: PLC0415

    before = firm.invoice("F-1", performed="2026-01-05")
    firm.sleep_until("2026-02-20")
    after = firm.invoice("F-2", performed="2026-02-15", due="2026-03-20")
    debtor = firm.office.registry.debtor("C042")
    done = insolvency.open_insolvency(
        firm.office, debtor, firm.order("2026-02-10"), kind="liquidation", published_on=day("2026-02-18")
    )
    assert [each.number for each in done] == ["F-1"]
    late = firm.invoice("F-3", on="2026-02-19", performed="2026-02-01")
    result = passes(firm, "2026-04-25", "2026-04-25")[0]
    assert {note.number for note in result.todo if note.what == "declaration"} == {"F-1", "F-3"}
    assert firm.moves(before) == ["InvoiceIssued", "StayedByInsolvency", "InvoiceFellDue"]
    assert "StayedByInsolvency" not in firm.moves(after)
    assert firm.moves(after)[-1] == "remind"
    assert "StayedByInsolvency" in firm.moves(late)


def test_one_that_was_paid_meanwhile_leaves_the_others_their_reminder(firm: Firm) -> None:
    one, two = firm.invoice("F-1"), firm.invoice("F-2")
    firm.sleep_until("2026-02-05")
    daily.know_cash(firm.office, firm.creditor, day("2026-02-04"), firm.today)
    planned: list[int] = []

    def somebody_pays() -> None:
        planned.append(1)
        if len(planned) == 2:  # both are planned, neither is reminded yet
            payments.pay(firm.office, one, firm.order(), payments.Payment(None))

    result = daily.run(firm.office, firm.order(), somebody_pays)
    assert [each.number for act, done in result.done if act == "remind level 1" for each in done] == ["F-2"]
    assert "remind" not in firm.moves(one)
    assert "remind" in firm.moves(two)
    assert [note.number for note in result.waiting] == ["F-1"]


def test_a_promise_is_not_broken_before_its_day(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    firm.sleep_until("2026-02-10")
    promise = PaymentPromised(due_on=day("2026-02-20"), means="call", on=day("2026-02-10"))
    acts.perform(firm.office, [stream], firm.order(), "promise", acts.seeing(lambda _: [promise], "promise"))
    passes(firm, "2026-02-11", "2026-02-21")
    assert "PromiseBroken" not in firm.moves(stream)
    passes(firm, "2026-02-22", "2026-02-22")
    assert firm.moves(stream)[-1] in {"PromiseBroken", "remind"}
    assert "PromiseBroken" in firm.moves(stream)


def test_a_real_store_writes_no_past_day(tmp_path: Path) -> None:
    from adapters.bootstrap import Settings, open_office  # noqa: PLC0415
    from adapters.store.folder import create  # noqa: PLC0415
    from domain.errors import Refused  # noqa: PLC0415

    create(tmp_path / "real")
    office = open_office(Settings(tmp_path / "real", "Camille"))
    with pytest.raises(Refused, match="recorded on the day they are done"):
        daily.run(office, acts.Order(day("2026-01-05")))
    assert daily.run(office, acts.Order(day("2026-01-05"), dry_run=True)).done == []
    office.close()
