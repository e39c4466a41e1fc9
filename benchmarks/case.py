"""A small store with histories of a chosen length: what one act, `can`, `show` and a dossier are measured on."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from adapters.acts import Order, perform, seeing
from adapters.application import new_id
from adapters.bootstrap import Office, Settings, open_office
from adapters.invoicing import Draft, issue
from adapters.registry import Party
from adapters.store.folder import create
from domain.facts.fact import Fact
from domain.facts.invoicing import (
    CreditNoteApplied,
    DisputeOpened,
    DisputeSettled,
    PaymentPromised,
    PaymentReceived,
    PromiseBroken,
)
from domain.facts.recovery import DebtorCalled, DebtorFormallyNotified, DebtorReminded

NOW: Final = dt.datetime(2026, 6, 22, 9, tzinfo=dt.UTC)
ISSUED: Final = dt.date(2026, 1, 5)
DUE: Final = dt.date(2026, 2, 4)
CREDITOR: Final = Party(
    "AT", "Atelier Térébinthe", "trader", "732829320", ("12, rue de l’Œuvre", "69003 Lyon"), "", "SARL", "RCS Lyon"
)
DEBTOR: Final = Party(
    "C-1", "Établissements Lefèvre & Fils", "trader", "552100554", ("1, place du Marché", "75001 Paris")
)


def day(number: int) -> dt.date:
    """A day after the due day."""
    return DUE + dt.timedelta(days=number)


def broken_promise(number: int) -> list[Fact]:
    """A call, a promise, and a promise not kept."""
    return [
        DebtorCalled(on=day(number), result="promised"),
        PaymentPromised(due_on=day(number + 6), means="call", on=day(number)),
        PromiseBroken(cash_known_until=day(number + 7), due_on=day(number + 6), on=day(number + 8)),
    ]


def story(events: int) -> list[Fact]:
    """What follows the issue and the due day, until the history has that many events; nothing of it pays the invoice."""
    first: list[Fact] = [
        DebtorReminded(channel="email", level=1, on=day(1)),
        *broken_promise(8),
        DebtorReminded(channel="letter", level=2, on=day(18)),
        *broken_promise(22),
        DisputeOpened(cents=20_000, extent="part", on=day(32), reason="quality"),
        DisputeSettled(on=day(38), outcome="rejected"),
        PaymentReceived(cents=30_000, on=day(40), receipt="ab" * 16),
        CreditNoteApplied(cents=5_000, number="e0" * 16, on=day(41), reason="price"),
        DebtorFormallyNotified(deadline_on=day(65), form="lrar", on=day(44)),
        *broken_promise(48),
    ]
    calls = [DebtorCalled(on=day(60 + number // 2), result="reached") for number in range(events)]
    return [*first, *calls][: events - 2]


class SmallStore:
    """A sandbox store, open, with one creditor and one debtor."""

    def __init__(self, path: Path) -> None:
        create(path, sandbox=True)
        self.path = path
        self.office: Office = open_office(Settings(path, "bench", now=NOW)).signed_in()
        registry = self.office.registry
        self.creditor = registry.register(CREDITOR, on=ISSUED)
        self.debtor = registry.register(DEBTOR, on=ISSUED, creditor=self.creditor)

    def invoice(self, number: str, events: int) -> str:
        """An invoice with a history of that many events."""
        draft = Draft(
            number, self.creditor, self.debtor, ISSUED, [(120_000, DUE)], "trader", "trader", vat_cents=20_000
        )
        stream = issue(self.office, draft, Order(ISSUED)).stream
        told = story(events)
        perform(self.office, [stream], Order(told[-1].on, command=new_id()), "bench", seeing(lambda _: told, "bench"))
        length = len(self.office.app.stream(stream).envelopes)
        assert length == events, (length, events)
        return stream

    def invoices(self, count: int, events: int) -> Sequence[str]:
        """Many of the same length."""
        return [self.invoice(f"F-{events}-{n:03}", events) for n in range(count)]

    def close(self) -> None:
        """Close its files."""
        self.office.close()
