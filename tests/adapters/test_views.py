"""The views equal a fold by the domain, at every corner, in whatever batches they were folded; the columns add up."""

import datetime as dt
import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from adapters.application import Change, Context, Relance, new_id, plain
from adapters.clock import FixedClock
from adapters.store.folder import create, open_folder
from adapters.views.file import Views
from adapters.views.lean import stream_of
from domain.decided import Desk
from domain.decisions import observe
from domain.errors import Refused
from domain.facts.fact import Fact
from domain.facts.invoicing import (
    EntryWithdrawn,
    Instalment,
    InvoiceIssued,
    PromiseBroken,
    PromiseKept,
    VatLine,
)
from domain.facts.parties import CreditGranted, DebtorRegistered, DetailsChanged, MoneyAllocated, MoneyReceived
from domain.history import Entry, replay, standing
from domain.policy import standard
from projections.ageing import SCHEMES, Aged, Scheme
from projections.corner import Corner
from tests import builders as make
from tests.builders import CREDITOR, day, instant, issued, paid

START = day("2026-01-10")
NOW = instant("2026-01-10T08:00:00+00:00")
DEBTORS = ("d1" * 16, "d2" * 16)

#: Highest d of each bucket, written out again from the design: nothing is read from the product.
EDGES: dict[str, list[tuple[str, int]]] = {
    "d4416": [("not_due", -1), ("0", 0), ("1-30", 30), ("31-60", 60), ("61-90", 90), ("91+", 10**6)],
    "oca": [("current", 0), ("1-30", 30), ("31-60", 60), ("61-90", 90), ("91-120", 120), ("121+", 10**6)],
    "oca-statement": [("current", 0), ("1-30", 29), ("31-60", 59), ("61-90", 89), ("91-120", 119), ("121+", 10**6)],
    "tryton": [("not_due", -1), ("now", 29), ("30", 59), ("60", 89), ("90", 10**6)],
    "erpnext": [("not_due", -1), ("0-30", 30), ("31-60", 60), ("61-90", 90), ("91-120", 120), ("121+", 10**6)],
    "agicap": [("not_due", -1), ("0-30", 30), ("31-60", 60), ("61-90", 90), ("91+", 10**6)],
}

Row = dict[str, int]


class Market:
    """A store under way: invoices of two debtors, and what random days bring."""

    def __init__(self, app: Relance, seed: int) -> None:
        self.app, self.draw = app, random.Random(seed)
        self.invoices: list[str] = []
        self.ends: list[int] = []
        for debtor in DEBTORS:
            registered = DebtorRegistered(creditor=CREDITOR, kind="trader", on=START, record="ab" * 32)
            self._append([(f"debtor:{debtor}", [registered])])

    @property
    def today(self) -> dt.date:
        return self.app.today

    def a_day(self) -> dt.date:
        """A day of the past, most often a recent one; some before any issue."""
        return self.today - dt.timedelta(days=self.draw.choice([0, 0, 0, 1, 3, 10, 40]))

    def _append(self, wanted: Sequence[tuple[str, Sequence[Fact]]], act: str | None = None) -> bool:
        changes = []
        for stream, facts in wanted:
            loaded = self.app.stream(stream)
            if stream.startswith("invoice:"):
                try:
                    decided = observe(loaded.history, facts, Desk(self.today, standard()), step="record")
                except Refused:
                    return False
            else:
                decided = plain(facts)
            changes.append(Change(loaded, decided))
        self.app.append(changes, Context(command=new_id(), act=act))
        self.ends.append(self.app.store.position())
        return True

    def issue(self, parts: int) -> InvoiceIssued:
        on = self.a_day()
        days = self.draw.sample([-10, 0, 5, 15, 30, 31, 45, 60, 61, 90], parts)
        instalments = tuple(
            Instalment(
                cents=self.draw.choice([1, 33_333, 60_000, 120_000]),
                due=None if self.draw.random() < 0.1 else on + dt.timedelta(days=days[n - 1]),
                n=n,
            )
            for n in range(1, parts + 1)
        )
        debtor = self.draw.choice(DEBTORS)
        total = sum(part.cents for part in instalments)
        vat = (
            (VatLine(net_cents=total - total // 6, rate="20", vat_cents=total // 6),)
            if self.draw.random() < 0.7
            else None
        )
        told = {"on": on, "instalments": instalments, "debtor": debtor, "vat": vat, **self._told()}
        return issued().model_copy(update=told)

    def something_happens(self) -> None:
        draw = self.draw
        assert isinstance(self.app.clock, FixedClock)
        self.app.clock.at += dt.timedelta(days=draw.choice([0, 0, 1, 4, 15]))
        if len(self.invoices) < 3 or draw.random() < 0.1:
            stream = f"invoice:{draw.randbytes(16).hex()}"
            if self._append([(stream, [self.issue(draw.choice([1, 1, 1, 2, 3]))])]):
                self.invoices.append(stream)
            return
        stream = draw.choice(self.invoices)
        draw.choice([self.pays, self.pays, self.bounces, self.disputes, self.disputes, self.breaks, self.writes_off, self.credits, self.corrects,
                     self.withdraws, self.promises, self.transfers, self.transfers, self.account])(stream)  # fmt: skip

    def _named(self) -> int | None:
        return self.draw.choice([None, None, 1, 2])

    def pays(self, stream: str) -> None:
        cents = self.draw.choice([1, 10_000, 60_000, 120_000, 200_000])
        fact = paid(self.a_day().isoformat(), "1", f"r{self.draw.randint(1, 4)}", self._named())
        self._append([(stream, [fact.model_copy(update={"cents": cents, **self._told()})])])

    def _told(self) -> dict[str, dt.date]:
        """Days that the books and the source tell, some of them: both may differ from the day and from the recording."""
        days = {"booked_on": self.a_day(), "source_known_on": self.a_day()}
        return {name: on for name, on in days.items() if self.draw.random() < 0.5}

    def disputes(self, stream: str) -> None:
        invoice = replay(self.app.stream(stream).history)
        if invoice is not None and invoice.regions.dispute != "undisputed" and self.draw.random() < 0.5:
            self._append([(stream, [make.dispute_settled(self.a_day().isoformat())])])
            return
        opened = make.disputed(self.a_day().isoformat(), whole=self.draw.random() < 0.3)
        self._append([(stream, [opened.model_copy(update={"cents": self.draw.randint(1, 90_000), **self._told()})])])

    def breaks(self, stream: str) -> None:
        on = self.a_day()
        due = on - dt.timedelta(days=1)
        kept, broken = PromiseKept(due_on=due, on=due), PromiseBroken(cash_known_until=on, due_on=due, on=on)
        said = make.promised(due.isoformat(), due.isoformat())
        self._append([(stream, [said, self.draw.choice([kept, broken])])])

    def bounces(self, stream: str) -> None:
        invoice = replay(self.app.stream(stream).history)
        if invoice is None or not invoice.receipts:
            return
        held = self.draw.choice(invoice.receipts)
        back = make.reversed_(self.a_day().isoformat(), "1")
        self._append([(stream, [back.model_copy(update={"cents": self.draw.randint(1, held.cents), "receipt": held.id})])])  # fmt: skip

    def writes_off(self, stream: str) -> None:
        on = self.a_day()
        invoice = replay(self.app.stream(stream).history, as_of=on)
        if invoice is None or invoice.book_residual_cents <= 0:
            return
        carried = invoice.book_residual_cents
        cents = self.draw.choice([carried, max(carried // 3, 1)])
        fact = make.written_off(on.isoformat(), "1", whole=cents == carried)
        self._append([(stream, [fact.model_copy(update={"cents": cents})])])

    def credits(self, stream: str) -> None:
        note = make.credited(self.a_day().isoformat(), self.draw.choice(["50", "300", "1 200"]))
        vat = self.draw.choice([None, 0, 1_000])
        self._append(
            [(stream, [note.model_copy(update={"instalment": self._named(), "vat_cents": vat, **self._told()})])]
        )

    def corrects(self, stream: str) -> None:
        entries = standing(self.app.stream(stream).history)
        old = next(entry for entry in entries if isinstance(entry.fact, InvoiceIssued))
        assert isinstance(old.fact, InvoiceIssued)
        new = self.issue(self.draw.choice([1, 2, len(old.fact.instalments)]))
        new = new.model_copy(update={"on": old.fact.on, "debtor": old.fact.debtor})
        withdrawal = EntryWithdrawn(on=self.today, reason="error", withdrawn=old.version)
        self._append([(stream, [withdrawal, new] if self.draw.random() < 0.7 else [withdrawal, *self._more(new)])])

    def _more(self, new: InvoiceIssued) -> list[Fact]:
        return [new, paid(self.a_day().isoformat(), "10", f"r{self.draw.randint(1, 4)}")]

    def withdraws(self, stream: str) -> None:
        entries = [entry for entry in standing(self.app.stream(stream).history) if entry.fact.role != "conclusion"]
        version = self.draw.choice(entries).version
        self._append([(stream, [EntryWithdrawn(on=self.today, reason="error", withdrawn=version)])])

    def promises(self, stream: str) -> None:
        self._append([(stream, [make.promised(self.today.isoformat(), (self.today + dt.timedelta(5)).isoformat())])])

    def transfers(self, stream: str) -> None:
        """One transfer: on the debtor's account whole, and on one or two of its invoices in part."""
        first = self.app.stream(stream).envelopes[0].fact
        assert isinstance(first, InvoiceIssued)
        on, receipt_id = self.a_day(), self.draw.randbytes(16).hex()
        account: list[Fact] = [MoneyReceived(cents=100_000, on=on, receipt=receipt_id)]
        wanted: list[tuple[str, list[Fact]]] = []
        for each in {stream, *self.draw.sample(self.invoices, 1)}:
            owner = self.app.stream(each).envelopes[0].fact
            if isinstance(owner, InvoiceIssued) and owner.debtor == first.debtor:
                account.append(MoneyAllocated(cents=40_000, invoice=each[8:], on=on, receipt=receipt_id))
                wanted.append((each, [paid(on.isoformat(), "400").model_copy(update={"receipt": receipt_id})]))
        self._append([*sorted(wanted), (f"debtor:{first.debtor}", account)], act=new_id())

    def account(self, _: str) -> None:
        """What moves on a debtor's own account, or is withdrawn from it."""
        draw, debtor = self.draw, f"debtor:{self.draw.choice(DEBTORS)}"
        moved = [
            each
            for each in standing(self.app.stream(debtor).history)
            if isinstance(each.fact, MoneyReceived | CreditGranted)
        ]
        facts: list[Fact] = [
            draw.choice([
                MoneyReceived(cents=draw.choice([5_000, 70_000]), on=self.a_day(), receipt=draw.randbytes(16).hex()),
                CreditGranted(cents=12_000, number="e1" * 16, on=self.a_day(), reason="commercial"),
                DetailsChanged(on=self.today, record="cd" * 32),
            ])
        ]  # fmt: skip
        if moved and draw.random() < 0.4:
            facts = [EntryWithdrawn(on=self.today, reason="error", withdrawn=draw.choice(moved).version)]
        self._append([(debtor, facts)])


def opened(path: Path, seed: int) -> Market:
    """A store with a random past."""
    create(path / "store", sandbox=True)
    made = Market(Relance(open_folder(path / "store"), FixedClock(NOW), new_id()), seed)
    for _ in range(70):
        made.something_happens()
    return made


@pytest.fixture(scope="module")
def markets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Market]]:
    """The same stores for every test: nobody records in them."""
    made = [opened(tmp_path_factory.mktemp("market"), seed) for seed in range(8)]
    yield made
    for each in made:
        each.app.folder.close()


@pytest.fixture
def market(markets: list[Market], seed: int) -> Market:
    made = markets[seed]
    made.draw = random.Random(seed)
    return made


@pytest.fixture
def views(market: Market, tmp_path: Path) -> Iterator[Views]:
    made = Views(tmp_path / "views.db", market.app.store)
    made.catch_up()
    yield made
    made.close()


def content(views: Views, ends: Sequence[int]) -> dict[str, object]:
    """What the views hold, accounts by their stream, positions at the ends of commands: no reader asks inside one."""
    run = views._db.execute
    moved: Counter[tuple[object, ...]] = Counter()
    for key, position, due, effective, booked, source, kind, cents, net in run(
        "SELECT key, position, movement.due, effective, booked, source, kind, cents, net FROM movement"
        " JOIN account ON account.no = movement.account"
    ):
        moved[key, _end(ends, position), due, effective, booked, source, kind] += cents
        moved[key, _end(ends, position), "net", kind] += net or 0
    marked: Counter[tuple[object, ...]] = Counter()
    for key, position, what, effective, amount in run(
        "SELECT key, position, what, effective, amount FROM mark JOIN account ON account.no = mark.account"
    ):
        marked[key, _end(ends, position), what, effective] += amount
    spans = run(
        "SELECT key, span.due, first_effective, last_effective, first_position, last_position, cents FROM span"
        " JOIN account ON account.no = span.account ORDER BY 1, 2"
    )
    return {
        "account": run(
            "SELECT key, party.id, issued, due, performed, kinds, nature, total, ordinary, promised FROM account"
            " JOIN party ON party.no = debtor ORDER BY key"
        ).fetchall(),
        "movement": {key: cents for key, cents in moved.items() if cents},
        "mark": {key: amount for key, amount in marked.items() if amount},
        "span": [(*row[:4], _end(ends, row[4]), _end(ends, row[5]), row[6]) for row in spans],
    }


def _end(ends: Sequence[int], position: int) -> int:
    return ends[bisect_left(ends, position)]


def bucket(scheme: str, days: int) -> str:
    return next(name for name, highest in EDGES[scheme] if days <= highest)


def expected_row(scheme: str, history: Sequence[Entry], as_of: dt.date, known_at: int) -> Row:
    """An invoice's row from the domain alone: what is unpaid, less what the books gave up, oldest first; or its credit."""
    row: Row = Counter()
    invoice = replay(history, as_of=as_of, known_at=known_at)
    if invoice is None:
        return row
    given_up = invoice.written_off_cents
    for due, cents in invoice.unpaid():
        taken = min(cents, given_up)
        given_up -= taken
        row[bucket(scheme, (as_of - due).days) if due else EDGES[scheme][0][0]] += cents - taken
    row["credits"] += min(invoice.unsettled_cents, 0)
    assert sum(row.values()) == invoice.book_residual_cents
    return row


def expected_account(history: Sequence[Entry], as_of: dt.date, known_at: int) -> Row:
    """A debtor's own account: money not allocated, credit notes of no invoice."""
    row: Row = Counter()
    for entry in standing([each for each in history if each.position <= known_at]):
        fact = entry.fact
        if fact.on > as_of:
            continue
        if isinstance(fact, MoneyReceived):
            row["unallocated"] -= fact.cents
        elif isinstance(fact, MoneyAllocated):
            row["unallocated"] += fact.cents
        elif isinstance(fact, CreditGranted):
            row["credits"] -= fact.cents
    return row


def expected(market: Market, scheme: str, as_of: dt.date, known_at: int) -> dict[str, Row]:
    rows = {
        stream: expected_row(scheme, market.app.stream(stream).history, as_of, known_at) for stream in market.invoices
    }
    for debtor in DEBTORS:
        stream = f"debtor:{debtor}"
        rows[stream] = expected_account(market.app.stream(stream).history, as_of, known_at)
    kept = {stream: {name: cents for name, cents in row.items() if cents} for stream, row in rows.items()}
    return {stream: row for stream, row in kept.items() if row}


def found(views: Views, scheme: Scheme, as_of: dt.date, known_at: int) -> dict[str, Row]:
    rows = {}
    for stream, _, aged in views.ageing(scheme, Corner(as_of, known_at)):
        assert aged.total_cents == sum(aged.by_name().values())
        assert stream not in rows
        rows[stream] = _cells(aged)
    return rows


def _cells(aged: Aged) -> Row:
    return {name: cents for name, cents in aged.by_name().items() if cents}


def corners(market: Market, count: int) -> list[tuple[dt.date, int]]:
    """Days from before the first to after the last, known at the ends of commands."""
    span = (market.today - START).days
    chosen = [START + dt.timedelta(days=market.draw.randint(-50, span + 100)) for _ in range(count)]
    return [(each, market.draw.choice(market.ends)) for each in chosen] + [(market.today, market.ends[-1])]


def test_the_random_stores_hold_what_matters(markets: list[Market]) -> None:
    facts = [each.fact for one in markets for stream in one.invoices for each in one.app.stream(stream).envelopes]
    moves = Counter(type(fact).__name__ for fact in facts)
    for each in (
        "PaymentReceived",
        "PaymentReversed",
        "WrittenOff",
        "EntryWithdrawn",
        "CreditNoteApplied",
        "InvoicePaid",
    ):
        assert moves[each] >= len(markets), each
    assert moves["InvoiceIssued"] > sum(len(one.invoices) for one in markets)  # corrected
    assert any(len(fact.instalments) > 1 for fact in facts if isinstance(fact, InvoiceIssued))
    account = [
        each.fact for one in markets for debtor in DEBTORS for each in one.app.stream(f"debtor:{debtor}").envelopes
    ]
    kinds = {type(fact).__name__ for fact in account}
    assert {"MoneyReceived", "MoneyAllocated", "CreditGranted", "EntryWithdrawn"} <= kinds


@pytest.mark.parametrize("seed", range(8))
def test_the_ageing_equals_an_independent_fold_at_every_corner(market: Market, views: Views) -> None:
    for as_of, known_at in corners(market, 40):
        name = market.draw.choice(list(EDGES))
        assert found(views, SCHEMES[name], as_of, known_at) == expected(market, name, as_of, known_at), (
            as_of,
            known_at,
        )


@pytest.mark.parametrize("seed", range(4))
def test_the_columns_add_up_by_debtor_too(market: Market, views: Views) -> None:
    scheme = SCHEMES["d4416"]
    for as_of, known_at in corners(market, 10):
        parts: dict[str, Row] = {}
        for debtor in DEBTORS:
            rows = list(views.ageing(scheme, Corner(as_of, known_at), debtor=debtor))
            assert {owner for _, owner, _ in rows} <= {debtor}
            parts |= {stream: _cells(row) for stream, _, row in rows}
        assert parts == found(views, scheme, as_of, known_at)


@pytest.mark.parametrize("seed", range(8))
def test_any_batches_of_whole_commands_give_one_content(market: Market, views: Views, tmp_path: Path) -> None:
    """As writers do, who catch up after each append."""
    other = Views(tmp_path / "other.db", market.app.store)
    while other.position < market.ends[-1]:
        _catch_up_to(other, market.draw.choice([each for each in market.ends if each > other.position][:12]))
    assert content(other, market.ends) == content(views, market.ends)
    for as_of, known_at in corners(market, 10):
        scheme = SCHEMES["oca"]
        assert found(other, scheme, as_of, known_at) == found(views, scheme, as_of, known_at)
    other.close()


class ReachedError(Exception):
    """The views stand where they should."""


def _catch_up_to(views: Views, position: int) -> None:
    """One batch that ends at a position."""

    def stop(_: int) -> None:
        raise ReachedError

    with pytest.raises(ReachedError):
        views.catch_up(batch=position - views.position, progress=stop)
    assert views.position == position


def test_any_batch_size_gives_one_ageing(markets: list[Market], tmp_path: Path) -> None:
    scheme = SCHEMES["oca"]
    for seed, market in enumerate(markets):
        for batch in (1, 2, 3, 7, 50):
            views = Views(tmp_path / f"{seed}-{batch}.db", market.app.store)
            views.catch_up(batch=batch)
            head = market.ends[-1]
            assert found(views, scheme, market.today, head) == expected(market, "oca", market.today, head), (
                seed,
                batch,
            )
            views.close()


@pytest.mark.parametrize("seed", range(2))
def test_dropped_and_rebuilt_they_are_the_same(market: Market, views: Views) -> None:
    before = content(views, market.ends)
    views.drop()
    assert views.position == 0
    assert not content(views, market.ends)["movement"]
    assert views.catch_up() == market.app.store.position()
    assert content(views, market.ends) == before


def test_they_go_on_where_they_stood_when_opened_again(tmp_path: Path) -> None:
    market = opened(tmp_path, 99)
    for _ in range(10):
        views = Views(tmp_path / "views.db", market.app.store)
        assert views.catch_up() == market.app.store.position()
        views.close()
        market.something_happens()
    again, fresh = (Views(tmp_path / name, market.app.store) for name in ("views.db", "fresh.db"))
    again.catch_up()
    fresh.catch_up()
    assert content(again, market.ends) == content(fresh, market.ends)
    again.close()
    fresh.close()
    market.app.folder.close()


@pytest.mark.parametrize("seed", range(4))
def test_a_span_is_the_sum_of_its_movements(market: Market, views: Views) -> None:
    sums = "SELECT account, due, sum(cents), min(effective), max(effective), min(position), max(position) FROM movement GROUP BY 1, 2"
    spans = "SELECT account, due, cents, first_effective, last_effective, first_position, last_position FROM span"
    assert sorted(views._db.execute(spans)) == sorted(views._db.execute(sums))
    rows = views._db.execute("SELECT key, sum(cents) FROM movement JOIN account ON no = account GROUP BY 1")
    summed = {stream_of(key): cents for key, cents in rows}
    for stream in market.invoices:
        invoice = replay(market.app.stream(stream).history)
        assert invoice is not None
        assert summed[stream] == invoice.book_residual_cents


@pytest.mark.parametrize("seed", range(4))
def test_the_lists_of_invoices_are_those_of_the_fold(market: Market, views: Views) -> None:
    opened_ones = {stream for stream, _, _ in views.open_accounts()}
    first = {stream: market.app.stream(stream).envelopes[0].fact for stream in market.invoices}
    for stream in market.invoices:
        invoice = replay(market.app.stream(stream).history)
        assert invoice is not None
        assert (invoice.book_residual_cents != 0) <= (stream in opened_ones)
    for debtor in DEBTORS:
        mine = {stream for stream, fact in first.items() if isinstance(fact, InvoiceIssued) and fact.debtor == debtor}
        assert set(views.invoices_of(debtor)) == mine
        assert {stream for stream, _, _ in views.open_accounts(debtor=debtor)} == opened_ones & mine
