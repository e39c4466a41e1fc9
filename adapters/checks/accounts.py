"""The check of transfers: money on a debtor's account went to invoices, came back, or waits; and each side says the same."""

from collections import Counter

from adapters.checks.bench import Bench
from adapters.checks.check import VERIFY, Check, Finding
from adapters.checks.reading import Read, told
from domain.facts.invoicing import PaymentReceived, PaymentReversed
from domain.facts.parties import MoneyAllocated, MoneyReceived
from domain.money import plain
from projections.corner import Corner
from projections.ledger import UNALLOCATED


class Transfers(Check):
    """Received = allocated + come back + waiting, receipt by receipt; and allocations = payments."""

    id = "transfers"
    compares = (
        "money received on each debtor's account, and what was allocated, came back and waits (in the views);"
        " each allocation, and the payment that its invoice records with it"
    )
    kinds = ("debtor", "invoice")

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.receipts = self.received_cents = self.allocated_cents = self.waiting_cents = 0
        corner = Corner(bench.on, bench.position)
        self.in_views = {
            each.stream: -sum(cents for due, cents in each.parts if due == UNALLOCATED)
            for each in bench.views().standing(corner)
            if each.stream.startswith("debtor:")
        }

    def meet(self, read: Read) -> None:
        """An account with its receipts; or an invoice, whose share of a transfer its debtor's account has too."""
        if read.stream.startswith("debtor:"):
            self._account(read)
        else:
            self._shares(read)

    def _account(self, read: Read) -> None:
        received: Counter[str] = Counter()
        allocated: Counter[str] = Counter()
        back: Counter[str] = Counter()
        by_invoice: Counter[tuple[str, str]] = Counter()
        positions: dict[str, int] = {}
        waiting = 0
        for entry in read.standing:
            fact = entry.fact
            if not isinstance(fact, MoneyReceived | MoneyAllocated | PaymentReversed):
                continue
            positions.setdefault(fact.receipt, entry.position)
            if isinstance(fact, MoneyReceived):
                received[fact.receipt] += fact.cents
            elif isinstance(fact, MoneyAllocated):
                allocated[fact.receipt] += fact.cents
                by_invoice[fact.receipt, fact.invoice] += fact.cents
            else:
                back[fact.receipt] += fact.cents
            if fact.on <= self.bench.on:
                waiting += fact.cents if isinstance(fact, MoneyReceived) else -fact.cents
        for receipt, position in positions.items():
            spent = allocated[receipt] + back[receipt]
            if spent > received[receipt]:
                figures = (("received_cents", received[receipt]), ("allocated_and_reversed_cents", spent))
                self._find(read, "more of a receipt was allocated or came back than it had brought", figures, position)
        for (receipt, invoice), cents in by_invoice.items():
            paid = self._paid(f"invoice:{invoice}", receipt)
            if paid != cents:
                figures = (("allocated_cents", cents), ("payments_cents", paid))
                what = "what was allocated to an invoice is not what the invoice records of that receipt"
                self._find(read, what, figures, positions[receipt], f"invoice:{invoice}")
        shown = self.in_views.pop(read.stream, 0)
        if shown != waiting:
            figures = (("account_cents", waiting), ("views_cents", shown))
            self._find(read, "the views show another sum waiting on the account", figures, None)
        self.receipts += len(received)
        self.received_cents += received.total()
        self.allocated_cents += allocated.total()
        self.waiting_cents += waiting

    def _paid(self, stream: str, receipt: str) -> int:
        """The cents of a receipt that an invoice records as paid."""
        leaves = self.bench.rows.leaves(stream, self.bench.position)
        facts = [entry.fact for entry in told(stream, leaves, 0).standing] if leaves else []
        return sum(fact.cents for fact in facts if isinstance(fact, PaymentReceived) and fact.receipt == receipt)

    def _shares(self, read: Read) -> None:
        for entry in read.standing:
            fact = entry.fact
            if not (isinstance(fact, PaymentReceived) and entry.act):
                continue
            for stream in self.bench.rows.of_act(entry.act, self.bench.position):
                if stream.startswith("debtor:"):
                    account = told(stream, self.bench.rows.leaves(stream, self.bench.position), 0)
                    given = sum(
                        each.fact.cents
                        for each in account.standing
                        if isinstance(each.fact, MoneyAllocated)
                        and (each.fact.receipt, each.fact.invoice) == (fact.receipt, read.id)
                    )
                    if not given:
                        figures = (("payment_cents", fact.cents), ("allocated_cents", 0))
                        what = "a payment is the share of a transfer, and the debtor's account allocates nothing to the invoice"
                        self._find(read, what, figures, entry.position)

    def _find(
        self, read: Read, what: str, figures: tuple[tuple[str, int], ...], position: int | None, stream: str = ""
    ) -> None:
        look = self.bench.look(read) if read.stream.startswith("invoice:") else VERIFY
        self.find(Finding(what, look, figures, position, stream or read.stream, self.bench.label(read)))

    def finish(self) -> str:
        """How much."""
        for stream, cents in sorted(self.in_views.items()):
            if cents:
                what = "the views show money waiting on an account that the log does not have"
                self.find(
                    Finding(
                        what, "relance views rebuild", (("account_cents", 0), ("views_cents", cents)), stream=stream
                    )
                )
        return (
            f"{self.receipts} receipts of {plain(self.received_cents)} EUR, {plain(self.allocated_cents)} EUR allocated,"
            f" {plain(self.waiting_cents)} EUR waiting"
        )
