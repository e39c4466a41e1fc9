"""DSO, the statutory table and payers on a published file and on random stores: equal to computations that know nothing of the views."""

import csv
import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from adapters.ageing import ageing
from adapters.bootstrap import Office
from adapters.figures import Choices, Price, dso, price
from adapters.payers import payers
from adapters.reading import corner
from adapters.statutory import d4416, last_closing, year_ending
from domain.facts.invoicing import (
    CreditNoteApplied,
    InvoiceIssued,
    PaymentReceived,
    PaymentReversed,
    PromiseBroken,
    PromiseKept,
)
from domain.facts.parties import CreditGranted
from domain.history import Entry, founding, known, ordered, replay, standing
from domain.invoice import Invoice, as_invoice_fact, evolve, taken_back
from projections.ageing import scheme
from projections.corner import Corner
from projections.d4416 import COLUMNS
from tests.adapters.desk import Desk, desk_at
from tests.adapters.test_import_real import IBM, us_day
from tests.adapters.test_views import DEBTORS, Market, expected_account, expected_row, opened
from tests.builders import CREDITOR, day

Line = tuple[str, str, dt.date, dt.date, int, dt.date, bool]
"""Number, customer, issued, due, cents, settled (never before the issue), disputed."""


def rounded(value: Fraction, places: int) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    printed = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return str(printed or abs(printed))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_at(tmp_path_factory.mktemp("figures") / "s") as made:
        yield made


@pytest.fixture
def ibm(desk: Desk, shared: Path) -> tuple[Office, list[Line]]:
    path = shared / "ar" / "ibm_late_payments.csv"
    if not desk.position:
        desk.bring(path, IBM, layout={"date_format": "mdy"})
    with path.open() as file:
        return desk.office, [
            (row["invoiceNumber"], row["customerID"], us_day(row["InvoiceDate"]), us_day(row["DueDate"]),
             int(Decimal(row["InvoiceAmount"]) * 100), max(us_day(row["SettledDate"]), us_day(row["InvoiceDate"])), row["Disputed"] == "Yes")
            for row in csv.DictReader(file)
        ]  # fmt: skip


# The published file


@pytest.mark.parametrize(
    ("as_of", "months", "since"),
    [("2013-12-31", 12, "2012-12-31"), ("2012-12-31", 6, "2012-06-30"), ("2013-03-31", 1, "2013-02-28"), ("2026-06-01", 600, "1976-06-01")],
)  # fmt: skip
def test_ibm_payers(ibm: tuple[Office, list[Line]], as_of: str, months: int, since: str) -> None:
    office, lines = ibm
    found = payers(office, corner(office, day(as_of), None), months)
    received, weighted, late, overdue = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    oldest: dict[str, int] = {}
    for _, customer, issued, due, cents, settled, _ in lines:
        if day(since) < settled <= day(as_of):
            received[customer] += cents
            weighted[customer] += cents * (settled - due).days
            late[customer] += cents * (settled > due)
        if issued <= day(as_of) < settled and due < day(as_of):
            overdue[customer] += cents
            oldest[customer] = max(oldest.get(customer, 0), (day(as_of) - due).days)
    rows: dict[str, dict[str, Any]] = {row["debtor"]: row for row in found.value()["rows"]}
    assert set(rows) == set(received) | set(overdue)
    assert len(rows) > 20
    for customer, row in rows.items():
        got = received[customer]
        assert (row["received_cents"], row["without_due_day_cents"]) == (got, 0)
        assert row["mean_delay_days"] == (rounded(Fraction(weighted[customer], got), 1) if got else None)
        assert row["late_percent"] == (rounded(Fraction(100 * late[customer], got), 1) if got else None)
        assert (row["overdue_cents"], row["oldest_overdue_days"]) == (overdue[customer], oldest.get(customer))
        assert (row["promises_kept"], row["promises_broken"]) == (0, 0)
    so_far = [Decimal(row["delay_so_far_days"]) for row in found.value()["rows"]]
    assert so_far == sorted(so_far, reverse=True)


@pytest.mark.parametrize(("from_on", "to_on"), [("2012-01-01", "2012-12-31"), ("2013-01-15", "2013-06-10")])
@pytest.mark.parametrize("disputed", ["in", "out"])
def test_ibm_dso(ibm: tuple[Office, list[Line]], from_on: str, to_on: str, disputed: Any) -> None:
    office, lines = ibm
    first, last = day(from_on), day(to_on)
    owed = sum(line[4] for line in lines if line[2] <= last < line[5] and not (disputed == "out" and line[6]))
    sold = sum(line[4] for line in lines if first <= line[2] <= last)
    at = corner(office, last, None)
    simple = dso(office, at, first, Choices("simple", disputed)).value()
    assert (simple["receivables_cents"], simple["sales_cents"]) == (owed, sold)
    assert simple["days"] == rounded(Fraction(owed * ((last - first).days + 1), sold), 2)
    left, days, month = owed, Fraction(0), last
    while left > 0:
        start = max(month.replace(day=1), first)
        sales = sum(line[4] for line in lines if start <= line[2] <= month)
        span = (month - start).days + 1
        days += span if sales <= left else Fraction(left * span, sales)
        left -= min(left, sales)
        month = month.replace(day=1) - dt.timedelta(days=1)
    back = dso(office, at, first, Choices("countback", disputed)).value()
    assert (back["days"], back["complete"], back["receivables_cents"]) == (rounded(days, 2), True, owed)
    assert sum(line["taken_cents"] for line in back["months"]) == owed


@pytest.mark.parametrize("to_on", ["2012-12-31", "2013-06-30", "2013-01-31"])
def test_ibm_statutory_table(ibm: tuple[Office, list[Line]], to_on: str) -> None:
    office, lines = ibm
    last = day(to_on)
    first = year_ending(last)
    numbers: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
    amounts: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
    for _, _, issued, due, cents, settled, disputed in lines:
        if issued <= last < settled and due <= last:
            late = (last - due).days
            column = "0" if late == 0 else "1-30" if late <= 30 else "31-60" if late <= 60 else "61-90"
            for name in (column, *(["1+"] if late else [])):
                numbers[disputed][name] += 1
                amounts[disputed][name] += cents
    sold = sum(line[4] for line in lines if first <= line[2] <= last)
    value = d4416(
        office, corner(office, last, None), first, office.registry.creditor(None), excluding_vat=False
    ).value()
    assert value["sales_cents"] == sold
    assert numbers[False]["1+"] > 1
    assert numbers[True]["1+"] > 1
    for part, disputed in (("late", False), ("excluded", True)):
        assert Counter(value[part]["invoices"]) == numbers[disputed]
        assert +Counter(value[part]["amount_cents"]) == amounts[disputed]
        assert value[part]["invoiced_cents"] == value[part]["amount_cents"]  # nothing was paid in part
        assert value[part]["sales_percent"] == {
            name: rounded(Fraction(100 * amounts[disputed][name], sold), 2) for name in COLUMNS
        }


# Random stores


@pytest.fixture(scope="module")
def markets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[Market, Office]]]:
    made = []
    for seed in range(20, 26):
        market = opened(tmp_path_factory.mktemp("market"), seed)
        made.append((market, Office(market.app.folder, market.app.clock, "claire")))
    yield made
    for _, office in made:
        office.close()


def corners(market: Market, seed: int) -> Iterator[Corner]:
    draw = random.Random(seed)
    for _ in range(12):
        as_of = market.today - dt.timedelta(days=draw.choice([0, 0, 1, 5, 20, 60]))
        yield Corner(as_of, draw.choice([market.ends[-1], draw.choice(market.ends[10:])]))


def invoices(market: Market) -> dict[str, tuple[Entry, ...]]:
    return {stream: market.app.stream(stream).history for stream in market.invoices}


def test_the_table_ties_to_the_aged_balance(markets: list[tuple[Market, Office]]) -> None:
    seen = Counter[str]()
    asked = [(market, office, at) for n, (market, office) in enumerate(markets) for at in corners(market, n)]
    for market, office, at in asked:
        balance = ageing(office, scheme("d4416"), at, by="total", creditor=CREDITOR).totals.aged.by_name()
        value = d4416(office, at, year_ending(at.as_of), CREDITOR, excluding_vat=False).value()
        both = {name: value["late"]["amount_cents"][name] + value["excluded"]["amount_cents"][name] for name in COLUMNS}
        assert {name: both[name] for name in COLUMNS[:-1]} == {name: balance[name] for name in COLUMNS[:-1]}
        assert both["1+"] == sum(balance[name] for name in COLUMNS[1:-1])
        assert (value["credits_cents"], value["unallocated_cents"]) == (balance["credits"], balance["unallocated"])
        parts = {"late": dict.fromkeys(COLUMNS, (0, 0, 0)), "excluded": dict.fromkeys(COLUMNS, (0, 0, 0))}
        for history in invoices(market).values():
            invoice = replay(history, as_of=at.as_of, known_at=at.position)
            if invoice is None:
                continue
            row = expected_row("d4416", history, at.as_of, at.position)
            left = invoice.disputed_cents
            shares: dict[str, Counter[str]] = {"late": Counter(), "excluded": Counter()}
            for name in ("91+", "61-90", "31-60", "1-30", "0"):  # from the oldest, which a dispute takes first
                out = min(left, row[name])
                left -= out
                for part, cents in (("late", row[name] - out), ("excluded", out)):
                    shares[part][name] += cents
                    shares[part]["1+"] += cents if name != "0" else 0
            for part, columns in shares.items():
                for name, cents in columns.items():
                    if cents:
                        numbers, total, whole = parts[part][name]
                        parts[part][name] = (numbers + 1, total + cents, whole + invoice.total_cents)
                        seen[part] += 1
        for part, expected in parts.items():
            told = value[part]
            assert {
                name: (told["invoices"][name], told["amount_cents"][name], told["invoiced_cents"][name])
                for name in COLUMNS
            } == expected
    assert min(seen["late"], seen["excluded"]) > 50


def net_share(cents: int, issued: InvoiceIssued) -> int:
    assert issued.vat is not None
    exact = Decimal(cents) * sum(line.net_cents for line in issued.vat) / Decimal(issued.total_cents)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize("seed", range(6))
def test_dso_by_every_choice(markets: list[tuple[Market, Office]], seed: int) -> None:
    market, office = markets[seed]
    for at in corners(market, seed + 100):
        first = at.as_of - dt.timedelta(days=400)
        owed, without, sold, unknown = Counter[str](), Counter[str](), Counter[str](), 0
        for history in invoices(market).values():
            invoice = replay(history, as_of=at.as_of, known_at=at.position)
            if invoice is None:
                continue
            row = expected_row("d4416", history, at.as_of, at.position)
            residual = sum(cents for name, cents in row.items() if name != "credits")
            amounts = {"open": residual, "disputed": min(invoice.disputed_cents, residual), "credits": row["credits"]}
            for name, cents in amounts.items():
                owed[name] += cents
                if invoice.issued.vat:
                    without[name] += (
                        net_share(cents, invoice.issued) if cents >= 0 else -net_share(-cents, invoice.issued)
                    )
            gross, net = _sold(history, at)
            sold["in"] += gross
            sold["ex"] += net
            unknown += gross - net if not invoice.issued.vat else 0
        for debtor in DEBTORS:
            account = market.app.stream(f"debtor:{debtor}").history
            row = expected_account(account, at.as_of, at.position)
            owed["credits"] += row["credits"]
            owed["unallocated"] += row["unallocated"]
            granted = [
                each.fact for each in standing(known(account, at.position)) if isinstance(each.fact, CreditGranted)
            ]
            sold["in"] -= sum(fact.cents for fact in granted if fact.on <= at.as_of)
        disputed: Any
        unapplied: Any
        for disputed in ("in", "out"):
            for unapplied in ("net", "gross"):
                taken = owed["disputed"] if disputed == "out" else 0
                over = owed["credits"] + owed["unallocated"] if unapplied == "net" else 0
                if sold["in"] > 0:
                    choices = Choices("simple", disputed, "in", unapplied)
                    value = dso(office, at, first, choices).value()
                    assert (value["sales_cents"], value["receivables_cents"]) == (
                        sold["in"],
                        owed["open"] - taken + over,
                    )
                    assert value["days"] == rounded(Fraction((owed["open"] - taken + over) * 401, sold["in"]), 2)
        value = dso(office, at, first, Choices("countback", "out", "ex", "net")).value()
        assert (value["open_cents"], value["disputed_cents"]) == (without["open"], without["disputed"])
        assert abs(value["credits_cents"] - without["credits"]) <= len(
            market.invoices
        )  # a half cent rounds up, above nil or below
        assert value["sales_cents"] == sold["ex"]
        assert value["unallocated_cents"] == owed["unallocated"]


def test_a_credit_note_of_no_invoice_has_its_own_vat_up_to_the_day_asked(tmp_path: Path) -> None:
    market = opened(tmp_path, 1)
    stream, then = f"debtor:{DEBTORS[0]}", market.today - dt.timedelta(days=1)
    office = Office(market.app.folder, market.app.clock, "claire")
    before = price(caught_up(office), Corner(then, market.ends[-1]), stream)
    for on, vat in ((then, 2_000), (market.today, 0)):
        note = CreditGranted(cents=12_000, number="e2" * 16, on=on, reason="commercial", vat_cents=vat)
        market._append([(stream, [note])])
    after = price(caught_up(office), Corner(then, market.ends[-1]), stream)
    assert (after.gross_cents - before.gross_cents, after.net_cents - before.net_cents) == (-12_000, -10_000)
    assert after.unknown_cents == before.unknown_cents
    office.close()


@pytest.mark.parametrize(
    ("charged", "known", "share"),
    [
        (Price(120, 100), True, 50),
        (Price(-120, -100), True, 50),  # credit notes of no invoice
        (Price(120, 0), True, 0),
        (Price(120, 120), True, 60),
        (Price(120, 100, 20), False, None),
        (Price(), False, None),
        (Price(100, 120), False, None),
        (Price(100, -1), False, None),
    ],
)
def test_a_price_without_vat(charged: Price, known: bool, share: int | None) -> None:
    assert charged.is_known == known
    if share is not None:
        assert charged.net_of(60) == share
        assert charged.net_of(-60) == -share


def caught_up(office: Office) -> Office:
    office.views.catch_up()
    return office


def _sold(history: Sequence[Entry], at: Corner) -> tuple[int, int]:
    """What an invoice and its credit notes add to sales, with VAT, and without where it is on record."""
    issued = founding(known(history, at.position))
    assert issued is not None
    gross, net = issued.total_cents, sum(line.net_cents for line in issued.vat) if issued.vat else 0
    for effective, entry in ordered(known(history, at.position)):
        fact = entry.fact
        if isinstance(fact, CreditNoteApplied) and effective <= at.as_of:
            gross -= fact.cents
            net -= fact.cents - fact.vat_cents if fact.vat_cents is not None else 0
    return gross, net


def kept(history: Sequence[Entry], at: Corner) -> list[tuple[int, int, int]]:
    """(day, due day or nil, cents) of what came in and did not go back: cents by cents, by the domain's own word on reversals."""
    issued = founding(known(history, at.position))
    if issued is None or issued.on > at.as_of:
        return []
    slots = {part.n: part.due.toordinal() if part.due else 0 for part in issued.instalments}
    left = Counter[int]()
    for part in issued.instalments:
        left[slots[part.n]] += part.cents
    invoice = Invoice(issued)
    came: list[list[Any]] = []
    for effective, entry in ordered(known(history, at.position)):
        fact = entry.fact
        if effective > at.as_of:
            break
        if isinstance(fact, PaymentReceived | CreditNoteApplied):
            kind = "1 paid" if isinstance(fact, PaymentReceived) else "0 credited"
            came.append([effective, kind, fact.instalment, fact.cents, getattr(fact, "receipt", "")])
        if isinstance(fact, PaymentReversed):
            for instalment, cents in taken_back(invoice, fact):
                gone = cents
                for each in reversed([each for each in came if (each[4], each[2]) == (fact.receipt, instalment)]):
                    part_gone = min(gone, each[3])
                    each[3] -= part_gone
                    gone -= part_gone
        invoice = evolve(invoice, as_invoice_fact(fact))
    found = []
    alone = next(iter(slots)) if len(slots) == 1 else None
    merged: Counter[tuple[dt.date, str, int]] = Counter()
    for effective, kind, instalment, cents, _ in came:
        named = instalment or alone
        merged[effective, kind, -1 if named is None else slots.get(named, -1)] += cents
    for (effective, kind, due), cents in sorted(merged.items()):
        over = cents
        for slot in [due, *sorted(left, key=lambda each: each or 10**9)]:
            taken = min(over, left[slot])
            left[slot] -= taken
            over -= taken
            if taken and kind == "1 paid":
                found.append((effective.toordinal(), slot, taken))
        if over and kind == "1 paid":
            found.append((effective.toordinal(), 0, over))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_payers_equal_a_walk_through_every_history(markets: list[tuple[Market, Office]], seed: int) -> None:
    market, office = markets[seed]
    owner = {
        stream: fact.debtor
        for stream, history in invoices(market).items()
        if isinstance(fact := history[0].fact, InvoiceIssued)
    }
    for at in corners(market, seed + 200):
        months = random.Random(seed).choice([1, 2, 12])
        result = payers(office, at, months)
        received, dated, weighted, late, overdue = (Counter[str]() for _ in range(5))
        promises: dict[str, Counter[bool]] = defaultdict(Counter)
        for stream, history in invoices(market).items():
            debtor = owner[stream]
            for effective, due, cents in kept(history, at):
                if effective > result.since.toordinal():
                    received[debtor] += cents
                    if due:
                        dated[debtor] += cents
                        weighted[debtor] += cents * (effective - due)
                        late[debtor] += cents * (effective > due)
            row = expected_row("d4416", history, at.as_of, at.position)
            overdue[debtor] += sum(row[name] for name in COLUMNS[1:-1])
            for effective_on, entry in ordered(known(history, at.position)):
                if isinstance(entry.fact, PromiseKept | PromiseBroken) and effective_on <= at.as_of:
                    promises[debtor][isinstance(entry.fact, PromiseKept)] += 1
        for debtor in DEBTORS:
            account = market.app.stream(f"debtor:{debtor}").history
            past = expected_account(account, result.since, at.position)
            received[debtor] += past["unallocated"] - expected_account(account, at.as_of, at.position)["unallocated"]
        for payer in result.rows:
            how, debtor = payer.behaviour, payer.id
            assert (how.received_cents, how.dated_cents) == (received[debtor], dated[debtor])
            assert (how.cents_days, how.late_cents) == (weighted[debtor], late[debtor])
            assert how.overdue_cents == overdue[debtor]
            assert (how.kept, how.broken) == (promises[debtor][True], promises[debtor][False])
        silent = set(DEBTORS) - {payer.id for payer in result.rows}
        assert not any(received[each] or overdue[each] or promises[each] for each in silent)


# The year


@pytest.mark.parametrize(
    ("closing", "first"),
    [("2025-12-31", "2025-01-01"), ("2025-06-30", "2024-07-01"), ("2025-02-28", "2024-03-01"), ("2024-02-29", "2023-03-01"),
     ("2025-03-15", "2024-03-16")],
)  # fmt: skip
def test_a_year_of_twelve_months(closing: str, first: str) -> None:
    assert year_ending(day(closing)) == day(first)


def test_the_last_closing() -> None:
    assert [last_closing(day(on)) for on in ("2026-06-01", "2025-12-31", "2025-12-30", "2026-01-01")] == [
        day("2025-12-31"), day("2025-12-31"), day("2024-12-31"), day("2025-12-31"),
    ]  # fmt: skip
