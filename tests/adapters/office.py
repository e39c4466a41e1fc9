"""An office of its own, with one creditor and its customers, for stories that go through the store."""

import datetime as dt
from pathlib import Path

from adapters import invoicing
from adapters.acts import Order
from adapters.bootstrap import Office
from adapters.clock import PARIS, FixedClock
from adapters.registry import Party
from adapters.store.folder import create, open_folder
from domain.facts.invoicing import PartyKind
from domain.money import cents
from tests.builders import day


class Firm:
    """An office under a clock that the test sets."""

    def __init__(self, folder: Path, today: str = "2026-01-05") -> None:
        create(folder, sandbox=True)
        self.clock = FixedClock(dt.datetime(2026, 1, 5, tzinfo=dt.UTC))
        self.office = Office(open_folder(folder), self.clock, "Camille")
        self.sleep_until(today)
        self.creditor = self.office.signed_in().registry.register(Party("ACME", "Acme SARL", "trader"), on=self.today)

    @property
    def today(self) -> dt.date:
        return self.office.app.today

    def sleep_until(self, on: str) -> "Firm":
        self.clock.at = dt.datetime.combine(day(on), dt.time(9), PARIS).astimezone(dt.UTC)
        return self

    def order(self, on: str | None = None) -> Order:
        return Order(day(on) if on else self.today)

    def debtor(self, code: str = "C042", kind: PartyKind = "trader") -> str:
        return self.office.registry.register(Party(code, f"Client {code}", kind), on=self.today, creditor=self.creditor)

    def invoice(
        self, number: str, total: str = "1 200,00", *, due: str = "2026-02-04", on: str | None = None, debtor: str = "C042",
        performed: str | None = None, kind: PartyKind = "trader",
    ) -> str:  # fmt: skip
        draft = invoicing.Draft(
            number=number, creditor=self.creditor, debtor=self.debtor(debtor, kind), issued_on=day(on) if on else self.today,
            instalments=[(cents(total), day(due))], debtor_kind=kind, performed_on=day(performed) if performed else None,
        )  # fmt: skip
        return invoicing.issue(self.office, draft, self.order(on)).stream

    def moves(self, stream: str) -> list[str]:
        return [envelope.fact.move for envelope in self.office.app.stream(stream).envelopes]
