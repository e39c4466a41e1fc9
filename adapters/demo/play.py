"""Plays a year of recovery in a sandbox store: files brought in through the real importer, what a person enters, the daily pass."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Final, assert_never

from adapters import acts, daily, insolvency, payments, procedure
from adapters.acts import Order
from adapters.bootstrap import Office
from adapters.clock import PARIS, FixedClock
from adapters.demo import papers
from adapters.demo.plan import (
    BulkTransfer,
    CallMade,
    ChequeBounced,
    DisputeEnded,
    DisputeRaised,
    Happening,
    InsolvencyLearned,
    Portfolio,
    PromiseMade,
)
from adapters.demo.portfolio import CsvFile, generate, write_csvs
from adapters.intake.importer import Importer
from adapters.intake.job import Job
from adapters.intake.table import Layout
from adapters.store.folder import create, open_folder
from domain.errors import Refused
from domain.facts.fact import Fact
from domain.facts.invoicing import DisputeSettled, PaymentPromised
from domain.facts.procedure import Head, OrdonnanceGranted, OrdonnanceServed, TitleEnforceable
from domain.facts.recovery import DebtorCalled
from domain.history import founding, replay

FIRST_DAY: Final = dt.date(2025, 1, 1)
YEAR_END: Final = dt.date(2025, 12, 31)
LAST_DAY: Final = dt.date(2026, 1, 31)
ESCALATED_ON: Final = dt.date(2025, 10, 6)
GRANTED_ON: Final = dt.date(2025, 11, 3)
SERVED_ON: Final = dt.date(2025, 11, 24)
ENFORCEABLE_ON: Final = dt.date(2026, 1, 12)
COURT: Final = "tc-angers"
COURT_STEPS: Final[dict[dt.date, tuple[str, Callable[[str, tuple[Head, ...]], Fact]]]] = {
    GRANTED_ON: (
        "order granted",
        lambda proceeding, heads: OrdonnanceGranted(
            copy_received_on=GRANTED_ON, heads=heads, on=GRANTED_ON, proceeding=proceeding
        ),
    ),
    SERVED_ON: (
        "order served",
        lambda proceeding, _: OrdonnanceServed(mode="person", on=SERVED_ON, proceeding=proceeding),
    ),
    ENFORCEABLE_ON: (
        "order enforceable",
        lambda proceeding, _: TitleEnforceable(
            basis="no_opposition_certificate", on=ENFORCEABLE_ON, proceeding=proceeding
        ),
    ),
}
INVOICES: Final = Layout(
    {
        "number": "Numero", "debtor": "Client", "debtor_name": "Raison sociale", "debtor_kind": "Type",
        "issued_on": "Date facture", "due_on": "Echeance", "performed_on": "Livraison", "total": "Total TTC", "vat": "TVA",
    },
    date_format="dmy",
)  # fmt: skip
PAYMENTS: Final = Layout({"number": "Numero", "paid_on": "Date paiement", "paid": "Montant"}, date_format="dmy")


@dataclass(slots=True)
class Tally:
    """What happened so far."""

    day: dt.date = FIRST_DAY
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, what: str, number: int = 1) -> None:
        """Count one more."""
        self.counts[what] = self.counts.get(what, 0) + number


@dataclass(frozen=True, slots=True)
class Played:
    """The year as played."""

    office: Office
    portfolio: Portfolio
    tally: Tally
    store: Path
    files: Path
    year_end_position: int


class Year:
    """One year of one creditor."""

    def __init__(self, folder: Path, *, seed: int = 2025) -> None:
        self.portfolio = generate(seed)
        self.store, self.files = folder / "store", folder / "csv"
        create(self.store, sandbox=True)
        self.clock = FixedClock(_at(FIRST_DAY, 8))
        self.office = Office(open_folder(self.store), self.clock, "demonstration")
        self.csvs = write_csvs(self.portfolio, self.files)
        self.tally = Tally()
        self.creditor = ""

    def play(self, watch: Callable[[Tally], None]) -> Played:
        """Play every day to the end of January, so that December is known better than it was."""
        self._register()
        by_day: dict[dt.date, list[CsvFile]] = {
            on: list(files) for on, files in groupby(self.csvs, key=lambda file: file.on)
        }
        entered: dict[dt.date, list[Happening]] = {
            on: list(some) for on, some in groupby(self.portfolio.happenings, key=lambda each: each.on)
        }
        year_end_position = 0
        for day in _days(FIRST_DAY, LAST_DAY):
            self.tally.day = day
            self.clock.at = _at(day, 8)
            for file in by_day.get(day, ()):
                self._bring_in(file)
            if day.weekday() == 0:
                daily.know_cash(self.office, self.creditor, day - daily.ONE_DAY, day)
            self.clock.at = _at(day, 10)
            for happening in entered.get(day, ()):
                self._enter(happening)
            self._hero(day)
            self.clock.at = _at(day, 18)
            self._run(day)
            if day == YEAR_END:
                year_end_position = self.office.app.store.position()
            watch(self.tally)
        return Played(self.office, self.portfolio, self.tally, self.store, self.files, year_end_position)

    def _register(self) -> None:
        registry = self.office.signed_in().registry
        self.creditor = registry.register(self.portfolio.creditor, on=FIRST_DAY)
        for customer in self.portfolio.debtors:
            registry.register(customer.party, on=FIRST_DAY, creditor=self.creditor)

    def _bring_in(self, file: CsvFile) -> None:
        layout = INVOICES if file.kind == "invoices" else PAYMENTS
        kind = self.portfolio.creditor.kind
        report = Importer(self.office, Job(file.path, layout, self.creditor, kind)).run()
        assert not report.problems, report.problems
        self.tally.add("invoices", report.invoices)
        self.tally.add("payments", report.payments)

    def _run(self, day: dt.date) -> None:
        result = daily.run(self.office, Order(day))
        for act, done in result.done:
            word = {
                "courtesy": "courtesies",
                "notify": "formal notices",
                "promise kept": "promises kept",
                "promise broken": "promises broken",
            }.get(act, "reminders")
            if act != "fell due":
                self.tally.add(word, len(done))

    def _enter(self, happening: Happening) -> None:
        """What a person enters by hand; what a rule refuses that day is left out, as it would be."""
        office, order = self.office, Order(happening.on)
        try:
            match happening:
                case BulkTransfer():
                    money = payments.Payment(happening.cents, means="transfer")
                    debtor = office.registry.debtor(happening.debtor, self.creditor)
                    payments.pay_debtor(office, debtor, order, money, self._streams(happening.invoices))
                case ChequeBounced():
                    payments.reverse(
                        office, self._stream(happening.invoice), order, cents=happening.cents, reason="returned_cheque"
                    )
                case InsolvencyLearned():
                    debtor = office.registry.debtor(happening.debtor, self.creditor)
                    insolvency.open_insolvency(
                        office,
                        debtor,
                        Order(happening.judged_on),
                        kind=happening.kind,
                        published_on=happening.published_on,
                    )
                case CallMade():
                    call = DebtorCalled(
                        at=happening.at, contact=happening.contact, on=happening.on, result=happening.result
                    )
                    acts.perform(
                        office, self._streams(happening.invoices), order, "call", acts.acting(lambda _: call, "call")
                    )
                case PromiseMade():
                    promise = PaymentPromised(due_on=happening.due_on, means="call", on=happening.on)
                    acts.perform(
                        office,
                        [self._stream(happening.invoice)],
                        order,
                        "promise",
                        acts.seeing(lambda _: [promise], "promise"),
                    )
                case DisputeRaised():
                    acts.dispute(
                        office, self._stream(happening.invoice), order, cents=happening.cents, reason=happening.reason
                    )
                case DisputeEnded():
                    settled = DisputeSettled(on=happening.on, outcome=happening.outcome)
                    acts.perform(
                        office,
                        [self._stream(happening.invoice)],
                        order,
                        "settle",
                        acts.seeing(lambda _: [settled], "settle"),
                    )
                case _:
                    assert_never(happening)
        except Refused:
            self.tally.add("refused")
            return
        self.tally.add(
            {CallMade: "calls", PromiseMade: "promises", DisputeRaised: "disputes"}.get(type(happening), "others")
        )

    def _hero(self, day: dt.date) -> None:
        """The one case that goes to court."""
        hero, order = self.portfolio.hero, Order(day)
        if day == ESCALATED_ON:
            procedure.escalate(self.office, [self._stream(hero)], order, court=COURT)
            self.tally.add("injonctions")
        elif day in COURT_STEPS:
            step, make = COURT_STEPS[day]
            procedure.order_step(self.office, self._stream(hero), order, make, step)
        elif day == LAST_DAY:
            self.tally.add("pieces", papers.attach(self.office, self._stream(hero), order))

    def _stream(self, number: str) -> str:
        return self.office.registry.invoice(number)

    def _streams(self, numbers: Sequence[str]) -> list[str]:
        return [self._stream(number) for number in numbers]


def refused_example(played: Played) -> tuple[str, Refused]:
    """An invoice of the debtor in liquidation, and what the machine answers to a petition.

    Law: C. com., art. L622-21.
    """
    office = played.office
    learned = next(each for each in played.portfolio.happenings if isinstance(each, InsolvencyLearned))
    office.views.catch_up()
    for stream in office.views.invoices_of(office.registry.debtor(learned.debtor)):
        history = office.app.stream(stream).history
        issued, state = founding(history), replay(history)
        if issued is None or state is None or state.regions.standing != "stayed":
            continue
        try:
            procedure.escalate(office, [stream], Order(office.app.today, override="demonstration"), court="tc-nantes")
        except Refused as refusal:
            return office.registry.number(stream.partition(":")[2], issued.debtor), refusal
    raise AssertionError("the portfolio has no stayed invoice")


def _at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), PARIS).astimezone(dt.UTC)


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
