"""Transfers, withdrawals and petitions over several invoices: what one real act touched stays together."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import acts, insolvency, invoicing, payments, procedure, reading
from adapters.ageing import ageing
from adapters.cases import load
from domain.errors import Misuse, NotFound, Refused
from domain.facts.procedure import Head, OrdonnanceGranted
from projections.ageing import SCHEMES
from projections.corner import Corner
from tests.adapters.office import Firm
from tests.builders import day


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = Firm(tmp_path / "store")
    yield made
    made.office.close()


def owed(firm: Firm, stream: str) -> int:
    return load(firm.office, stream, firm.today).invoice.unsettled_cents


def total(firm: Firm) -> dict[str, int]:
    position = firm.office.app.store.position()
    return ageing(firm.office, SCHEMES["d4416"], Corner(firm.today, position), by="total").totals.aged.by_name()


def test_a_transfer_pays_the_oldest_due_first_and_leaves_the_rest_unallocated(firm: Firm) -> None:
    late, later = firm.invoice("F-1", "100", due="2026-02-01"), firm.invoice("F-2", "200", due="2026-01-20")
    firm.sleep_until("2026-02-10")
    debtor = firm.office.registry.debtor("C042")
    done, left = payments.pay_debtor(firm.office, debtor, firm.order(), payments.Payment(25000))
    assert ([each.number for each in done], left) == (["F-2", "F-1"], 0)
    assert (owed(firm, late), owed(firm, later)) == (5000, 0)
    done, left = payments.pay_debtor(firm.office, debtor, firm.order(), payments.Payment(8000))
    assert left == 3000
    assert total(firm)["unallocated"] == -3000
    assert payments.pay_debtor(firm.office, debtor, firm.order(), payments.Payment(8000)) == ([], 8000)
    assert total(firm)["unallocated"] == -11000


def test_withdrawing_one_line_of_a_transfer_withdraws_the_transfer(firm: Firm) -> None:
    one, two = firm.invoice("F-1", "100"), firm.invoice("F-2", "200")
    firm.sleep_until("2026-02-10")
    debtor = firm.office.registry.debtor("C042")
    payments.pay_debtor(firm.office, debtor, firm.order(), payments.Payment(35000), [one, two])
    version = next(
        each.version for each in firm.office.app.stream(one).envelopes if each.fact.move == "PaymentReceived"
    )
    done = acts.withdraw(firm.office, one, firm.order(), version=version, reason="misallocated")
    assert [each.number for each in done] == ["F-1", "F-2"]
    assert (owed(firm, one), owed(firm, two)) == (10000, 20000)
    assert total(firm)["unallocated"] == 0
    assert firm.moves(f"debtor:{debtor}").count("EntryWithdrawn") == 3


def test_a_designated_invoice_of_somebody_else_is_misuse(firm: Firm) -> None:
    other = firm.invoice("F-9", debtor="C043")
    firm.invoice("F-1")
    with pytest.raises(Misuse, match="another debtor"):
        payments.pay_debtor(
            firm.office, firm.office.registry.debtor("C042"), firm.order(), payments.Payment(100), [other]
        )


def test_an_act_on_several_invoices_is_refused_whole(firm: Firm) -> None:
    open_, paid = firm.invoice("F-1"), firm.invoice("F-2")
    firm.sleep_until("2026-02-10")
    payments.pay(firm.office, paid, firm.order(), payments.Payment(120000))
    before = firm.office.app.store.position()
    with pytest.raises(Refused, match="F-2: it was paid"):
        acts.remind(firm.office, [open_, paid], firm.order(), channel="email")
    assert firm.office.app.store.position() == before
    stranger = firm.invoice("F-9", debtor="C043")
    with pytest.raises(Misuse, match="several debtors"):
        acts.remind(firm.office, [open_, stranger], firm.order(), channel="email")


def test_a_petition_covers_several_invoices_and_its_steps_are_shared_to_the_cent(firm: Firm) -> None:
    streams = [firm.invoice("F-1", "100,00"), firm.invoice("F-2", "200,00"), firm.invoice("F-3", "33,33")]
    firm.sleep_until("2026-03-10")
    forced = acts.Order(firm.today, override="creditor_asked")
    procedure.escalate(firm.office, streams, forced, court="tc-angers")
    proceeding = load(firm.office, streams[0], firm.today).invoice.proceeding
    whole = f"proceeding:{proceeding}"
    assert firm.office.app.stream(whole).envelopes[0].fact.model_dump()["heads"][0]["cents"] == 33333

    def granted(id: str, _: tuple[Head, ...]) -> OrdonnanceGranted:
        return OrdonnanceGranted(heads=(Head(cents=25000, head="principal"),), on=firm.today, proceeding=id)

    firm.sleep_until("2026-04-01")
    done = procedure.order_step(firm.office, streams[1], firm.order(), granted, "order granted")
    shares = [each.decided[0].fact.model_dump()["heads"][0]["cents"] for each in done]
    assert sum(shares) == 25000
    assert len(shares) == 3
    assert all(firm.moves(stream)[-1] == "OrdonnanceGranted" for stream in [*streams, whole])


def test_an_order_without_a_petition_names_what_comes_first(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    with pytest.raises(Refused, match="record first: escalate"):
        procedure.order_step(
            firm.office,
            stream,
            firm.order(),
            lambda proceeding, heads: OrdonnanceGranted(heads=heads, on=firm.today, proceeding=proceeding),
            "order granted",
        )


def test_known_at_is_resolved_once_to_the_end_of_its_command(firm: Firm) -> None:
    streams = [firm.invoice("F-1"), firm.invoice("F-2")]
    head = firm.office.app.store.position()
    firm.sleep_until("2026-02-10")
    acts.remind(firm.office, streams, firm.order(), channel="email")
    end = firm.office.app.store.position()
    assert end > head + 2
    assert reading.known_at(firm.office, f"@{head + 1}") == end
    assert reading.known_at(firm.office, "2026-02-09") == head
    assert reading.known_at(firm.office, "2030-01-01") == end
    assert reading.known_at(firm.office, None) == end
    with pytest.raises(NotFound, match="the first entry was recorded at 2026-01-05 09:00:00 in Paris"):
        reading.known_at(firm.office, "2025-12-31")
    with pytest.raises(NotFound, match="positions 1 to"):
        reading.known_at(firm.office, f"@{end + 1}")
    with pytest.raises(Misuse):
        reading.known_at(firm.office, "yesterday")


def test_an_aged_balance_on_two_times(firm: Firm) -> None:
    stream = firm.invoice("F-1", "100,00", due="2026-01-31")
    firm.sleep_until("2026-03-10")
    known_before = firm.office.app.store.position()
    payments.pay(firm.office, stream, firm.order("2026-02-05"), payments.Payment(10000))
    scheme, head = SCHEMES["d4416"], firm.office.app.store.position()
    as_of = day("2026-02-10")

    def owed_on(on: dt.date, known_at: int) -> dict[str, int]:
        return ageing(firm.office, scheme, Corner(on, known_at), by="total").totals.aged.by_name()

    assert owed_on(as_of, known_before)["1-30"] == 10000
    assert sum(owed_on(as_of, head).values()) == 0
    assert owed_on(day("2026-02-04"), head)["1-30"] == 10000
    with pytest.raises(NotFound, match="still to come"):
        reading.corner(firm.office, day("2026-03-11"), None)


def test_a_bounced_transfer_takes_back_every_share_and_the_rest(firm: Firm) -> None:
    one, two = firm.invoice("F-1", "600"), firm.invoice("F-2", "300")
    firm.sleep_until("2026-02-10")
    payments.pay_debtor(
        firm.office, firm.office.registry.debtor("C042"), firm.order(), payments.Payment(100000), [one, two]
    )
    assert total(firm)["unallocated"] == -10000
    done = payments.reverse_transfer(firm.office, two, firm.order(), reason="returned_cheque")
    assert {each.number for each in done} == {"F-1", "F-2"}
    assert (owed(firm, one), owed(firm, two)) == (60000, 30000)
    assert total(firm)["unallocated"] == 0
    with pytest.raises(Refused, match="no payment"):
        payments.reverse_transfer(firm.office, two, firm.order(), reason="returned_cheque")


def test_a_payment_without_an_amount_pays_what_is_owed_and_no_more(firm: Firm) -> None:
    stream = firm.invoice("F-1", "1000")
    firm.sleep_until("2026-03-01")
    payments.pay(firm.office, stream, firm.order("2026-02-18"), payments.Payment(70000))
    payments.pay(firm.office, stream, firm.order("2026-02-10"), payments.Payment(None))
    assert owed(firm, stream) == 0
    with pytest.raises(Refused, match="nothing is left to pay"):
        payments.pay(firm.office, stream, firm.order(), payments.Payment(None))


def test_a_cheque_that_bounces_after_the_judgment_leaves_a_stayed_claim(firm: Firm) -> None:
    stream = firm.invoice("F-1", performed="2026-01-05")
    firm.sleep_until("2026-02-01")
    payments.pay(firm.office, stream, firm.order(), payments.Payment(None))
    firm.sleep_until("2026-02-09")
    debtor = firm.office.registry.debtor("C042")
    assert (
        insolvency.open_insolvency(firm.office, debtor, firm.order("2026-02-05"), kind="liquidation", published_on=None)
        == []
    )
    payments.reverse(firm.office, stream, firm.order(), cents=None, reason="returned_cheque")
    with pytest.raises(Refused, match="L622-21"):
        acts.remind(firm.office, [stream], firm.order(), channel="email")


def test_an_invoice_paid_after_a_judgment_learnt_late_is_stayed_and_told(firm: Firm) -> None:
    stream = firm.invoice("F-1", performed="2026-01-05")
    firm.sleep_until("2026-02-20")
    payments.pay(firm.office, stream, firm.order("2026-02-15"), payments.Payment(None))
    firm.sleep_until("2026-02-25")
    debtor, judged = firm.office.registry.debtor("C042"), firm.order("2026-02-10")
    done = insolvency.open_insolvency(firm.office, debtor, judged, kind="liquidation", published_on=None)
    assert [each.number for each in done] == ["F-1"]
    assert "L622-7" in insolvency.after_judgment(firm.office, done, judged.on)[0]
    assert insolvency.open_insolvency(firm.office, debtor, judged, kind="liquidation", published_on=None) == []
    with pytest.raises(Refused, match="is on record"):
        insolvency.open_insolvency(firm.office, debtor, firm.order("2026-02-11"), kind="liquidation", published_on=None)


def test_a_stay_to_be_qualified_goes_with_the_performance_that_was_after(firm: Firm) -> None:
    firm.invoice("F-0", performed="2026-01-02")
    stream = firm.invoice("F-1")
    firm.sleep_until("2026-02-25")
    debtor = firm.office.registry.debtor("C042")
    done = insolvency.open_insolvency(
        firm.office, debtor, firm.order("2026-02-10"), kind="liquidation", published_on=None
    )
    assert {each.number for each in done} == {"F-0", "F-1"}
    draft = invoicing.Draft(
        number="F-1", creditor=firm.creditor, debtor=debtor, issued_on=day("2026-01-05"), instalments=[(120000, day("2026-02-04"))],
        debtor_kind="trader", performed_on=day("2026-02-11"),
    )  # fmt: skip
    invoicing.issue(firm.office, draft, firm.order("2026-01-05"), correct="document")
    assert load(firm.office, stream, firm.today).invoice.regions.standing == "free"


def test_an_order_grants_no_more_than_was_claimed(firm: Firm) -> None:
    stream = firm.invoice("F-1", "100,00")
    firm.sleep_until("2026-03-10")
    procedure.escalate(firm.office, [stream], acts.Order(firm.today, override="creditor_asked"), court="tc-angers")

    def too_much(proceeding: str, _: tuple[Head, ...]) -> OrdonnanceGranted:
        return OrdonnanceGranted(heads=(Head(cents=10001, head="principal"),), on=firm.today, proceeding=proceeding)

    def too_soon(proceeding: str, heads: tuple[Head, ...]) -> OrdonnanceGranted:
        return OrdonnanceGranted(copy_received_on=day("2026-03-09"), heads=heads, on=firm.today, proceeding=proceeding)

    with pytest.raises(Refused, match=r"more than the 100\.00 EUR claimed"):
        procedure.order_step(firm.office, stream, firm.order(), too_much, "order granted")
    with pytest.raises(Refused, match="received on 9 March 2026"):
        procedure.order_step(firm.office, stream, firm.order(), too_soon, "order granted")


def test_overdue_means_overdue_on_the_day(firm: Firm) -> None:
    credit, late = firm.invoice("F-1", "100"), firm.invoice("F-2", "200")
    firm.sleep_until("2026-02-10")
    payments.pay(firm.office, credit, firm.order(), payments.Payment(12000))
    assert firm.office.select((), debtor="C042", overdue=True, on=firm.today) == [late]
