"""What is kept of a day gives what loading everything gives, whatever happened; it can be lost, damaged, or unwritable."""

import datetime as dt
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import daily, payments
from adapters.acts import Order, remind
from adapters.application import Change, Context, new_id, plain
from adapters.bootstrap import Office
from adapters.clock import FixedClock
from adapters.deadlines import deadlines
from adapters.store.folder import create, open_folder
from adapters.worklist import Ahead, candidates, next_date
from adapters.worklist_file import NAME
from domain.deadlines import deadlines_of
from domain.facts.fact import Fact
from domain.facts.insolvency import StayedByInsolvency
from domain.facts.invoicing import DebtAcknowledged, InvoiceIssued
from domain.facts.parties import CashKnownUntil, DebtorRegistered, PolicyAdopted
from domain.facts.procedure import OppositionLodged, OrdonnanceRefused, TitleEnforceable
from domain.history import founding, replay
from domain.law.readings import Readings
from domain.policy import shipped_policy
from projections.worklist import Outlook
from tests import builders as make
from tests.adapters.office import Firm
from tests.adapters.test_views import NOW, Market
from tests.builders import CREDITOR, PROCEEDING

DEBTORS = tuple(f"{n}d" * 16 for n in range(6))
BRISK = (
    b'name = "brisk"\nnotice_deadline_days = 9\npromise_tolerance_days = 3\nreminders_before_notice = 0\nspacing_days = 2\n'
    b'readings = { limitation_alarm = "arguable" }\n'
    b'[[steps]]\nact = "remind"\nafter_days = 2\nlevel = 1\n[[steps]]\nact = "call"\nafter_days = 3\n'
    b'[[steps]]\nact = "notify"\nafter_days = 6\n'
)


class Bazaar(Market):
    """A market where acts are done too, courts judge, banks speak, policies change."""

    def __init__(self, office: Office, seed: int) -> None:
        super().__init__(office.signed_in().app, seed)
        self.office = office
        named = [("creditor", "", b"acme", f"creditor:{CREDITOR}")]
        self.app.append([], Context(command=new_id(), names=named))
        for debtor in DEBTORS:
            registered = DebtorRegistered(creditor=CREDITOR, kind="trader", on=self.today, record="ab" * 32)
            self._append([(f"debtor:{debtor}", [registered])])

    def issue(self, parts: int) -> InvoiceIssued:
        found = super().issue(parts)
        performed = self.draw.choice([None, found.on, found.on - dt.timedelta(days=40)])
        return found.model_copy(update={"debtor": self.draw.choice(DEBTORS), "performed_on": performed})

    def something_happens(self) -> None:
        draw = self.draw
        assert isinstance(self.app.clock, FixedClock)
        self.app.clock.at += dt.timedelta(days=draw.choice([0, 0, 1, 1, 2, 7]))
        if len(self.invoices) < 6 or draw.random() < 0.15:
            stream = f"invoice:{draw.randbytes(16).hex()}"
            if self._append([(stream, [self.issue(draw.choice([1, 1, 1, 1, 2]))])]):
                self.invoices.append(stream)
            return
        stream = draw.choice(self.invoices)
        often = [
            self.acts,
            self.acts,
            self.acts,
            self.goes_to_court,
            self.goes_to_court,
            self.bank_speaks,
            self.bank_speaks,
        ]
        rarely = [self.pays, self.bounces, self.disputes, self.promises, self.writes_off, self.credits, self.corrects,
                  self.withdraws, self.stays, self.transfers, self.adopts, self.acknowledges]  # fmt: skip
        draw.choice(often + rarely)(stream)

    def _later(self, days: int) -> str:
        return (self.today + dt.timedelta(days=days)).isoformat()

    def acts(self, stream: str) -> None:
        on = self.a_day().isoformat()
        facts: list[Fact] = [
            make.reminded(on, level=self.draw.choice([0, 1, 2])),
            make.called(on),
            make.notified(on, self._later(self.draw.choice([1, 5, 20]))),
        ]
        self._append([(stream, [self.draw.choice(facts)])])

    def goes_to_court(self, stream: str) -> None:
        on = self.today.isoformat()
        invoice = replay(self.app.stream(stream).history)
        state = invoice.regions.procedure if invoice else ""
        steps: dict[str, list[Fact]] = {
            "no_procedure": [make.escalated(on)],
            "petitioned": [make.granted(on), make.granted(on), OrdonnanceRefused(on=self.today, proceeding=PROCEEDING)],
            "ordered": [make.order_served(on)],
            "served": [
                TitleEnforceable(basis="own_statement", on=self.today, proceeding=PROCEEDING),
                OppositionLodged(on=self.today, proceeding=PROCEEDING),
            ],
        }
        if state in steps:
            self._append([(stream, [self.draw.choice(steps[state])])])

    def bank_speaks(self, _: str) -> None:
        until = self.today - dt.timedelta(days=self.draw.choice([0, 1, 1, 5]))
        self._append([(f"creditor:{CREDITOR}", [CashKnownUntil(on=self.today, until=until)])])

    def stays(self, stream: str) -> None:
        issued = self.app.stream(stream).envelopes[0].fact
        assert isinstance(issued, InvoiceIssued)
        fact = StayedByInsolvency(cents=1, kind="liquidation", on=self.a_day(), party=issued.debtor)
        self._append([(stream, [fact])])

    def acknowledges(self, stream: str) -> None:
        self._append([(stream, [DebtAcknowledged(on=self.a_day())])])

    def adopts(self, _: str) -> None:
        text = self.draw.choice([BRISK, shipped_policy("standard")])
        digest = hashlib.sha256(text).hexdigest()
        stream = self.app.stream(f"creditor:{CREDITOR}")
        change = Change(stream, plain([PolicyAdopted(name="brisk", on=self.today, policy=digest)]))
        self.app.append([change], Context(command=new_id(), rulebooks=[(digest, "policy", text)]))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    create(tmp_path / "store", sandbox=True)
    made = Office(open_folder(tmp_path / "store"), FixedClock(NOW), "Camille")
    yield made
    made.close()


def both(office: Office, on: dt.date) -> tuple[daily.Pass, daily.Pass]:
    order = Order(on, dry_run=True)
    return daily.run(office, order), daily.run(office, order, afresh=True)


def said(office: Office, on: dt.date) -> dict[str, Outlook]:
    """What a day holds for every open invoice, read or computed."""
    office.views.catch_up()
    ahead = Ahead(office, on)
    return dict(ahead.over(ahead.asked()))


def afresh(office: Office, on: dt.date) -> dict[str, Outlook | None]:
    ahead = Ahead(office, on, afresh=True)
    return {stream: ahead.of(stream, version) for stream, version in candidates(office, on)}


@pytest.mark.parametrize("seed", range(6))
def test_a_pass_that_remembers_equals_one_that_loads_everything(office: Office, seed: int) -> None:
    market = Bazaar(office, seed)
    notes = 0
    for n in range(90):
        market.something_happens()
        if n % 3:
            continue
        for back in (0, 0, market.draw.choice([0, 1, 5, 30])):
            quick, slow = both(office, market.today - dt.timedelta(days=back))
            assert quick == slow
            notes += len(slow.waiting) + len(slow.todo) + len(slow.done)
        if market.draw.random() < 0.3:
            daily.run(office, Order(market.today))
            again = daily.run(office, Order(market.today))
            assert again.done == []
            quick, slow = both(office, market.today)
            assert quick == slow
            assert (quick.waiting, quick.todo) == (again.waiting, again.todo)
    assert notes > 100, "the story had nothing to say"


@pytest.mark.parametrize("seed", range(12, 15))
def test_what_a_day_holds_is_the_same_read_or_computed_on_every_day_that_follows(office: Office, seed: int) -> None:
    """Nothing is recorded: the clock alone moves, over the dues, the distances of the policy and the deadlines."""
    market = Bazaar(office, seed)
    for _ in range(60):
        market.something_happens()
    assert isinstance(market.app.clock, FixedClock)
    changes = 0
    before: dict[str, Outlook | None] = {}
    for _ in range(80):
        market.app.clock.at += dt.timedelta(days=1)
        on = market.today
        held = said(office, on)
        slow = afresh(office, on)
        for stream, outlook in slow.items():
            assert (outlook is None) == (stream not in held)
            if outlook is not None:
                ours = held[stream]
                assert outlook._replace(from_on=ours.from_on, until_on=ours.until_on) == ours
        quick, all_of_it = both(office, on)
        assert quick == all_of_it
        changes += sum(before.get(stream) != outlook for stream, outlook in slow.items())
        before = slow
    assert changes > 20, "no day changed anything: the story is no test"


def test_the_deadlines_held_are_those_of_the_history(office: Office) -> None:
    for seed in (99, 100, 101):
        market = Bazaar(office, seed)
        for _ in range(80):
            market.something_happens()
        for stream in market.invoices * 2:
            market.goes_to_court(stream)
    kinds = set()
    for stream, outlook in said(office, market.today).items():
        history = office.app.stream(stream).history
        issued = founding(history)
        assert issued is not None
        readings = Readings(office.policy(issued.creditor, market.today).policy.readings)
        expected = deadlines_of(office.law, history, market.today, readings=readings)
        assert list(outlook.deadlines) == expected
        kinds |= {each.kind for each in expected}
    assert kinds >= {"limitation", "notice", "order_service"}


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The invoices loaded from here on."""
    loaded: list[str] = []
    history = Ahead.history

    def counting(self: Ahead, stream: str) -> object:
        loaded.append(stream)
        return history(self, stream)

    monkeypatch.setattr(Ahead, "history", counting)
    return loaded


def test_an_outlook_is_loaded_once_for_the_days_on_which_it_holds(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    market = Bazaar(office, 7)
    for _ in range(80):
        market.something_happens()
    loaded = counted(monkeypatch)
    said(office, market.today)
    assert len(loaded) > 5
    first, loaded[:] = list(loaded), []
    said(office, market.today)
    assert loaded == []
    market._append([(first[0], [DebtAcknowledged(on=market.today)])])
    said(office, market.today)
    assert first[0] in loaded
    assert len(loaded) < len(first)  # those of a debtor with money on account are loaded too
    loaded[:] = []
    assert isinstance(market.app.clock, FixedClock)
    market.app.clock.at += dt.timedelta(days=1)
    said(office, market.today)
    assert len(loaded) < len(first)


def test_what_is_kept_of_a_promise_is_dropped_when_the_bank_speaks(office: Office) -> None:
    market = Bazaar(office, 1)
    stream = f"invoice:{'ab' * 16}"
    market._append([(stream, [make.issued(on="2025-11-01", due="2025-12-01")])])
    market._append([(stream, [make.promised("2026-01-02", "2026-01-05")])])
    order = Order(market.today, dry_run=True)
    assert not [act for act, _ in daily.run(office, order).done if act != "fell due"]
    market._append([(f"creditor:{CREDITOR}", [CashKnownUntil(on=market.today, until=market.today)])])
    assert "promise broken" in [act for act, _ in daily.run(office, order).done]


def test_what_others_record_during_a_pass_is_seen_by_the_next(tmp_path: Path) -> None:
    firm = Firm(tmp_path / "firm")
    one, two = firm.invoice("F-1", due="2026-01-10"), firm.invoice("F-2", due="2026-01-10", debtor="C043")
    firm.sleep_until("2026-01-20")
    daily.know_cash(firm.office, firm.creditor, firm.today - dt.timedelta(days=1), firm.today)
    looked: list[int] = []

    def somebody_pays() -> None:
        looked.append(1)
        if len(looked) == 2:  # both were looked at: what was seen of the second is past when it is kept
            payments.pay(firm.office, two, firm.order(), payments.Payment(None))

    done = daily.run(firm.office, firm.order(), somebody_pays)
    assert [each.stream for act, made in done.done if act == "remind level 1" for each in made] == [one]
    quick, slow = both(firm.office, firm.today)
    assert quick == slow
    firm.sleep_until("2026-03-01")
    daily.know_cash(firm.office, firm.creditor, firm.today - dt.timedelta(days=1), firm.today)
    quick, slow = both(firm.office, firm.today)
    assert quick == slow
    assert {note.number for note in slow.todo} == {"F-1"}
    firm.office.close()


def test_a_pass_that_saw_only_some_is_not_taken_for_one_that_saw_all(tmp_path: Path) -> None:
    firm = Firm(tmp_path / "firm")
    firm.invoice("F-1", due="2026-01-04")
    firm.invoice("F-2", due="2026-01-04", debtor="C043")
    of_one = firm.office.registry.debtor("C042")
    firm.office.views.catch_up()
    ahead = Ahead(firm.office, firm.today)
    assert len(list(ahead.over(ahead.asked(debtor=of_one)))) == 1
    deadlines(firm.office, firm.today)
    assert len(said(firm.office, firm.today)) == 2
    quick, slow = both(firm.office, firm.today)
    assert quick == slow
    assert len(slow.waiting) == 2
    remind(firm.office, [firm.office.registry.invoice("F-1")], Order(firm.today), channel="email")
    deadlines(firm.office, firm.today)  # ordinary still: not looked at
    quick, slow = both(firm.office, firm.today)
    assert quick == slow
    assert len(slow.waiting) == 1
    firm.office.close()


def test_what_is_quiet_stirs_on_its_due_day_and_on_the_day_of_its_next_step(tmp_path: Path) -> None:
    """Nothing is recorded in between: what is known to be quiet is not looked at."""
    firm = Firm(tmp_path / "firm")
    firm.invoice("F-1", due="2026-02-04")
    firm.invoice("F-2", due="2026-03-01", debtor="C043")
    told = {}
    for on in ("2026-01-30", "2026-02-02", "2026-02-03", "2026-02-04", "2026-02-23", "2026-02-24"):
        firm.sleep_until(on)
        quick, slow = both(firm.office, firm.today)
        assert quick == slow
        told[on] = [act for act, _ in slow.done] + [note.what for note in slow.waiting + slow.todo]
        if on in {"2026-01-30", "2026-02-04"}:
            daily.run(firm.office, firm.order())
    assert told == {
        "2026-01-30": ["courtesy"], "2026-02-02": [], "2026-02-03": [], "2026-02-04": ["fell due"], "2026-02-23": ["remind"],
        "2026-02-24": ["courtesy", "remind"],
    }  # fmt: skip
    firm.office.close()


def test_a_law_that_was_added_to_is_another_law(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is recorded in the log by it."""
    market = Bazaar(office, 7)
    for _ in range(80):
        market.something_happens()
    daily.run(office, Order(market.today, dry_run=True))
    loaded = counted(monkeypatch)
    daily.run(office, Order(market.today, dry_run=True))
    assert loaded == []
    value = 'value = 2.65\nfrom = 2027-01-01\nuntil = 2027-06-30\nreference = "x"\nsource = "y"\nadded_by = "z"\nadded_on = 2026-06-01\n'
    (office.folder.path / "law.toml").write_text(f'[[added]]\nparameter = "ecb_refinancing_rate"\n{value}')
    daily.run(office, Order(market.today, dry_run=True))
    assert set(loaded) == {stream for stream, _ in candidates(office, market.today)}


@pytest.fixture
def story(office: Office) -> Bazaar:
    market = Bazaar(office, 3)
    for _ in range(60):
        market.something_happens()
    said(office, market.today)
    return market


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 300, None])
def test_a_file_that_is_lost_or_damaged_costs_nothing_but_time(
    office: Office, story: Bazaar, damage: bytes | None
) -> None:
    expected = said(office, story.today)
    file = office.folder.path / NAME
    for beside in file.parent.glob(f"{NAME}*"):
        beside.unlink()
    if damage is not None:
        file.write_bytes(damage)
    assert said(office, story.today) == expected
    assert said(office, story.today) == expected
    assert file.exists()


def test_bytes_flipped_inside_the_file_are_never_believed_when_they_do_not_read(office: Office, story: Bazaar) -> None:
    expected = said(office, story.today)
    file = office.folder.path / NAME
    content = bytearray(file.read_bytes())
    random.Random(5).shuffle(content)
    file.write_bytes(bytes(content))
    assert said(office, story.today) == expected


def test_another_form_of_the_file_is_made_anew(office: Office, story: Bazaar) -> None:
    import sqlite3  # noqa: PLC0415

    expected = said(office, story.today)
    db = sqlite3.connect(office.folder.path / NAME)
    db.execute("PRAGMA user_version = 77")
    db.execute("DROP TABLE outlook")
    db.execute("CREATE TABLE outlook (other TEXT)")
    db.commit()
    db.close()
    assert said(office, story.today) == expected


def test_no_name_is_in_the_file(tmp_path: Path) -> None:
    firm = Firm(tmp_path / "store")
    firm.invoice("FACTURE-42", due="2026-01-04", debtor="DURAND")
    said(firm.office, firm.today)
    content = b"".join(file.read_bytes() for file in (tmp_path / "store").glob(f"{NAME}*"))
    firm.office.close()
    assert b"limitation" in content
    for name in (b"FACTURE-42", b"DURAND", b"Client"):
        assert name not in content


def test_every_open_invoice_with_a_due_day_has_a_next_date(office: Office, story: Bazaar) -> None:
    office.views.catch_up()
    dated = 0
    for stream, _, due in office.views.open_accounts():
        found = next_date(office, stream, story.today)
        history = office.app.stream(stream).history
        invoice = replay(history, as_of=story.today)
        if invoice is None or invoice.regions.settlement != "owed":
            continue
        if due is None:
            continue
        assert found is not None, stream
        dated += 1
        if found.on < story.today:  # all is past: the last of it
            assert found.why in {"limitation", "title"}
    assert dated > 3
