"""Checks of each history by itself: its days, its conclusions, the acts that came after the money."""

import json
from typing import Any, Final

from adapters.checks.bench import Bench
from adapters.checks.check import Check, Finding
from adapters.checks.reading import Read
from adapters.evidence import first_fault
from adapters.store.envelope import SALT_BYTES
from domain.errors import in_words
from domain.facts.fact import Fact
from domain.facts.invoicing import CreditNoteApplied, InvoiceFellDue, InvoicePaid, PaymentReceived
from domain.facts.procedure import EscalatedToInjonction
from domain.facts.recovery import DebtorCalled, DebtorFormallyNotified, DebtorReminded
from domain.history import Entry, replay
from domain.words import in_the_trade

#: Days of the past that a fact may carry.
_PAST: Final = (
    "on", "booked_on", "source_known_on", "cash_known_until", "copy_received_on", "counted_until", "handed_on",
    "notice_received_on", "performed_on", "published_on",
)  # fmt: skip
_ACTS: Final = (DebtorReminded, DebtorCalled, DebtorFormallyNotified, EscalatedToInjonction)


class Days(Check):
    """What is recorded is past."""

    id = "days"
    compares = (
        "each day that a fact says is past (effect, accounting, source, performance...) and the day it was recorded"
    )
    kinds = ("invoice", "debtor", "creditor", "proceeding")

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.events = 0

    def meet(self, read: Read) -> None:
        """Every fact of a stream."""
        for event in read.events:
            self.events += 1
            values = vars(event.fact)
            recorded = read.recorded_on[event.raw.version]
            for name in _PAST:
                day = values.get(name)
                if day is not None and day > recorded:
                    self.find(
                        Finding(
                            f"{name} of '{in_the_trade(event.fact.move)}' is {in_words(day)}, after {in_words(recorded)}, the day it was recorded",
                            self.bench.look(read),
                            (("days_after", (day - recorded).days), ("allowed", 0)),
                            event.position,
                            read.stream,
                            self.bench.label(read),
                        )
                    )

    def finish(self) -> str:
        """How many."""
        return f"{self.events} events, no day of the past after the day it was recorded"


class Conclusions(Check):
    """What is concluded follows."""

    id = "conclusions"
    compares = "what is recorded as fallen due and as paid, and what follows from the rest of each history, a path of the chart"
    kinds = ("invoice",)

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.invoices = self.concluded = 0

    def meet(self, read: Read) -> None:
        """One invoice."""
        self.invoices += 1
        self.concluded += sum(isinstance(entry.fact, InvoiceFellDue | InvoicePaid) for entry in read.standing)
        fault = first_fault(read.events)
        if fault:
            position, what = fault
            self.find(
                Finding(
                    what, self.bench.look(read), position=position, stream=read.stream, label=self.bench.label(read)
                )
            )

    def finish(self) -> str:
        """How many."""
        return f"{self.concluded} conclusions of {self.invoices} invoices follow, and none is wanting"


class Acts(Check):
    """No act towards a debtor whose payment was known: a finding to explain, not always a fault (accessories, a forced act)."""

    id = "acts"
    compares = (
        "each reminder, call, notice and petition, and what was known to be left of the price when it was recorded"
    )
    kinds = ("invoice",)

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.acts = 0

    def meet(self, read: Read) -> None:
        """The acts of one invoice that stand, each by what was recorded before it."""
        acts = [entry for entry in read.standing if isinstance(entry.fact, _ACTS)]
        self.acts += len(acts)
        money = min((each.version for each in read.entries if _is_money(each.fact)), default=None)
        if money is None:
            return
        for act in acts:
            if act.version < money:
                continue
            before = [each for each in read.entries if each.version < act.version]
            then = replay(before, as_of=act.fact.on)
            if then is None or then.unsettled_cents > 0:
                continue
            settling = [each for each in before if _is_money(each.fact) and each.fact.on <= act.fact.on]
            self.find(
                Finding(
                    f"'{in_the_trade(act.fact.move)}' of {in_words(act.fact.on)} was recorded when the price was known to be settled"
                    f" ({_named(settling[-1])}); {_explained(read, act.version)}",
                    self.bench.look(read),
                    (("price_cents", then.total_cents), ("settled_cents", then.total_cents - then.unsettled_cents)),
                    act.position,
                    read.stream,
                    self.bench.label(read),
                )
            )

    def finish(self) -> str:
        """How many."""
        return f"{self.acts} acts, each while something of the price was left"


def _is_money(fact: Fact) -> bool:
    return isinstance(fact, PaymentReceived | CreditNoteApplied)


def _named(entry: Entry) -> str:
    return f"{in_the_trade(entry.fact.move)} of {in_words(entry.fact.on)}, @{entry.position}"


def _explained(read: Read, version: int) -> str:
    """What was recorded of it: that it was forced, and why; what was found on it."""
    at = next(n for n, event in enumerate(read.events) if event.raw.version == version)
    inside: dict[str, Any] = json.loads(read.internals[at][SALT_BYTES:])
    codes = sorted({each.rule for each in read.events[at].raw.findings} | set(inside.get("policy_findings", ())))
    if inside.get("override"):
        return f"forced: {inside['override']} ({', '.join(codes) or 'no rule named'})"
    return f"recorded with: {', '.join(codes)}" if codes else "nothing was recorded of it"
