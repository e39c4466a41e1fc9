"""How one customer of the plan pays, what it says, when it is called: drawn from dice that a seed has loaded."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar, assert_never

from adapters.demo.days import calling_day, payment_known_on
from adapters.demo.people import (
    HERO,
    INSOLVENT,
    JUDGED_ON,
    LEARNED_ON,
    PUBLISHED_ON,
    STORY_END,
    YEAR_END,
    Customer,
    Quarrel,
)
from adapters.demo.plan import (
    BulkTransfer,
    CallMade,
    ChequeBounced,
    DisputeEnded,
    DisputeRaised,
    Happening,
    InsolvencyLearned,
    InvoiceRow,
    PaymentRow,
    PromiseMade,
)
from domain.calendar import next_working_day
from domain.facts.invoicing import Extent
from domain.facts.recovery import CallResult, ContactRole

Item = TypeVar("Item")

RESULTS: Final[tuple[CallResult, ...]] = ("reached", "voicemail", "callback", "no_answer", "reached")
RESULTS_OF_THE_SILENT: Final[tuple[CallResult, ...]] = ("no_answer", "voicemail", "callback", "wrong_number")
SPOKEN: Final[tuple[CallResult, ...]] = ("reached", "callback", "promised", "disputed")


class Dice:
    """Whole numbers drawn from a seed.

    Only `random.Random.random` is used: its numbers are the same in every version of Python.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - no secret is drawn

    def below(self, end: int) -> int:
        """From nil, `end` left out."""
        return int(self._random.random() * end)

    def between(self, first: int, last: int) -> int:
        """From first to last, both counted."""
        return first + self.below(last - first + 1)

    def pick(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[self.below(len(items))]


@dataclass(slots=True)
class Story:
    """How one customer pays, what it says, in a year."""

    customer: Customer
    rows: list[InvoiceRow]
    dice: Dice
    payments: list[PaymentRow] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    promises: dict[str, PromiseMade] = field(default_factory=dict)

    def tell(self) -> None:
        """Settle each invoice, then call about those that are late as known."""
        quarrels = {quarrel.nth: quarrel for quarrel in self.customer.quarrels}
        together: list[InvoiceRow] = []
        for nth, row in enumerate(self.rows, start=1):
            if self.customer.bulk and self.customer.bulk[0] <= row.due_on <= self.customer.bulk[1]:
                together.append(row)
            elif nth in quarrels:
                self._quarrel(row, quarrels[nth])
            elif nth == self.customer.bounced_nth:
                self._bounce(row)
            elif self.customer.stops_paying_on is None or row.due_on < self.customer.stops_paying_on:
                self._settle(row, nth)
        if self.customer.bulk:
            together.sort(key=lambda row: (row.due_on, row.number))
            total, numbers = sum(row.total_cents for row in together), tuple(row.number for row in together)
            self._enter(BulkTransfer(self.customer.bulk[1], self.customer.code, total, numbers))
        if self.customer.code == INSOLVENT:
            self._enter(InsolvencyLearned(LEARNED_ON, INSOLVENT, "liquidation", JUDGED_ON, PUBLISHED_ON))
        self._call()

    def _settle(self, row: InvoiceRow, nth: int) -> None:
        """Pay whole, in two parts, or not at all, as the customer is used to."""
        dice, due = self.dice, row.due_on
        match self.customer.behaviour:
            case "prompt":
                on_receipt = dice.below(20) == 0
                early = (row.issued_on - due).days + dice.between(2, 6)
                self._pay(row, due, early if on_receipt else dice.between(-5, 2))
            case "week_late" | "disputes":
                self._pay(row, due, dice.between(4, 12))
            case "month_late":
                self._pay(row, due, dice.between(22, 40))
            case "stops_paying":
                self._pay(row, due, dice.between(0, 12))
            case "erratic":
                habit = dice.below(10)
                if habit < 4:  # noqa: PLR2004 - four times in ten whole, four in parts, two never
                    self._pay(row, due, dice.between(-3, 65))
                elif habit < 8:  # noqa: PLR2004
                    first, second = dice.between(2, 30), dice.between(20, 45)
                    part = row.total_cents * dice.between(30, 60) // 100
                    self._pay(row, due, first, part)
                    self._pay(row, due, first + second, row.total_cents - part)
            case "keeps_promises":
                if nth % 2:
                    self._pay(row, due, dice.between(0, 5))
                else:
                    self._promise(row, kept=True)
                    self._pay(row, calling_day(due), dice.between(2, 7))
            case "breaks_promises":
                promise = self._promise(row, kept=False)
                if nth % 3:
                    self._pay(row, promise.due_on, dice.between(12, 25))
            case _:
                assert_never(self.customer.behaviour)

    def _pay(self, row: InvoiceRow, start: dt.date, days: int, cents: int | None = None) -> None:
        on = next_working_day(start + dt.timedelta(days=days))
        known_on = payment_known_on(on, row.issued_on)
        if known_on <= STORY_END:
            self.payments.append(PaymentRow(row.number, on, row.total_cents if cents is None else cents, known_on))

    def _promise(self, row: InvoiceRow, *, kept: bool) -> PromiseMade:
        on = calling_day(row.due_on)
        self.promises[row.number] = PromiseMade(
            on, row.number, next_working_day(on + dt.timedelta(days=self.dice.between(9, 11))), kept
        )
        return self.promises[row.number]

    def _quarrel(self, row: InvoiceRow, quarrel: Quarrel) -> None:
        """Contest all or part; pay what is not contested, and the rest some time after the settlement."""
        after = quarrel.opened_after_days
        opened_on = (
            calling_day(row.due_on) if after is None else next_working_day(row.due_on + dt.timedelta(days=after))
        )
        contested = row.total_cents * quarrel.percent // 100
        extent: Extent = "whole" if contested == row.total_cents else "part"
        self._enter(DisputeRaised(opened_on, row.number, contested, extent, quarrel.reason))
        if contested < row.total_cents:
            self._pay(row, row.due_on, 3, row.total_cents - contested)
        if quarrel.outcome:
            settled_on = next_working_day(opened_on + dt.timedelta(days=quarrel.settled_after_days))
            self._enter(DisputeEnded(settled_on, row.number, quarrel.outcome))
            self._pay(row, settled_on, self.dice.between(10, 20), contested)

    def _bounce(self, row: InvoiceRow) -> None:
        """Pay by a cheque that comes back, then by transfer."""
        self._pay(row, row.due_on, self.dice.between(1, 4))
        paid_on = self.payments[-1].on
        bounced_on = next_working_day(paid_on + dt.timedelta(days=12))
        self._enter(ChequeBounced(bounced_on, row.number, row.total_cents, paid_on))
        self._pay(row, bounced_on, self.dice.between(14, 20))

    def _call(self) -> None:
        """Call once about each late invoice, all those of one day together; what was said goes with it."""
        days: dict[dt.date, list[InvoiceRow]] = {}
        for row in self.rows:
            on = calling_day(row.due_on)
            if on <= YEAR_END and self._is_callable(row, on):
                days.setdefault(on, []).append(row)
        for on, rows in days.items():
            self._call_about(on, rows)
        if self.customer.code == HERO:
            (row,) = self.rows
            again_on = next_working_day(calling_day(row.due_on) + dt.timedelta(days=14))
            self._enter(CallMade(again_on, HERO, (row.number,), "reached", self._hour(), "manager"))

    def _call_about(self, on: dt.date, rows: list[InvoiceRow]) -> None:
        numbers = tuple(row.number for row in rows)
        promises = [self.promises[number] for number in numbers if number in self.promises]
        contested = any(
            isinstance(each, DisputeRaised) and each.on == on and each.invoice in numbers for each in self.happenings
        )
        result: CallResult
        if contested:
            result = "disputed"
        elif promises:
            result = "promised"
        else:
            silent = self.customer.behaviour == "stops_paying"
            result = self.dice.pick(RESULTS_OF_THE_SILENT if silent else RESULTS)
        contact: ContactRole | None = "accounts" if result in SPOKEN else None
        self._enter(CallMade(on, self.customer.code, numbers, result, self._hour(), contact), *promises)

    def _is_callable(self, row: InvoiceRow, on: dt.date) -> bool:
        """Whether, as known on that day, something is owed and nothing stands against a call."""
        known = sum(each.cents for each in self.payments if each.invoice == row.number and each.known_on <= on)
        contested = False
        for each in self.happenings:
            match each:
                case BulkTransfer() if row.number in each.invoices and each.on <= on:
                    known += row.total_cents
                case ChequeBounced() if each.invoice == row.number and each.on <= on:
                    known -= each.cents
                case DisputeRaised() if each.invoice == row.number and each.on < on:
                    contested = True
                case DisputeEnded() if each.invoice == row.number and each.on <= on:
                    contested = False
                case InsolvencyLearned() if each.judged_on <= on:
                    return False
                case _:
                    pass
        return known < row.total_cents and not contested

    def _hour(self) -> str:
        return f"{self.dice.pick((9, 10, 11, 14, 15, 16)):02d}:{self.dice.below(60):02d}"

    def _enter(self, *happenings: Happening) -> None:
        self.happenings += (each for each in happenings if each.on <= YEAR_END)
