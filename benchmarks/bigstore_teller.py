"""One invoice under way: each command adds its facts, the conclusions that follow, and between them what the daily passes do.

Conclusions are drawn by hand where no entry is ever withdrawn, by `domain.history` where one is; a test holds the two equal.
Days are the numbers of a calendar, amounts cents.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from adapters.store.envelope import fact_bytes
from adapters.store.mapper import read_fact
from benchmarks import bigstore_facts as facts
from benchmarks.bigstore_facts import Ids, Told
from domain.calendar import next_working_day
from domain.facts.invoicing import InvoiceFellDue, InvoicePaid
from domain.history import History, add, grown_by
from domain.policy import parse_policy

#: What the creditor follows: no courtesy, three reminders; whether a formal notice goes out, a person says.
POLICY: Final = b"""\
name = "bench"
notice_deadline_days = 20
promise_tolerance_days = 1
reminders_before_notice = 1
spacing_days = 6

[[steps]]
act = "remind"
after_days = 6
channel = "email"
level = 1

[[steps]]
act = "call"
after_days = 9

[[steps]]
act = "remind"
after_days = 21
channel = "letter"
level = 2

[[steps]]
act = "remind"
after_days = 36
channel = "registered"
level = 3
"""
PLAN: Final = parse_policy(POLICY)
RUNGS: Final = tuple(step for step in PLAN.steps if step.act == "remind")
_GAPS: Final = tuple(
    max(PLAN.spacing_days, step.after_days - before.after_days)
    for before, step in zip((RUNGS[0], *RUNGS), RUNGS, strict=False)
)
_BEFORE, _BEYOND, _NEVER = 100, 600, -1_000

#: The rounds of a day, in their order: each records in a way of its own.
IMPORTED, ENTERED, BANK, SETTLED, CLIMBED, DESK = range(6)


class Calendar:
    """The days from some before the first one to many beyond the last, numbered from nil.

    Attributes:
        iso: the text of each day.
        working: each day that is a working day itself, else the next one that is.
    """

    def __init__(self, first: dt.date, last: dt.date) -> None:
        self.base = first.toordinal() - _BEFORE
        self.first, self.last = _BEFORE, last.toordinal() - self.base
        days = [self.date(number) for number in range(self.last + _BEYOND)]
        self.iso = [day.isoformat() for day in days]
        self.working = [next_working_day(day).toordinal() - self.base for day in days]

    def date(self, number: int) -> dt.date:
        """A day by its number."""
        return dt.date.fromordinal(self.base + number)


class Command(NamedTuple):
    """What one command records of an invoice: the first `given` facts are given, the others follow from them.

    `key` is the receipt of a payment of the bank, the rung of a pass, the number key of a credit note. A step of a
    `proceeding` is recorded in its stream too.
    """

    day: int
    round: int
    facts: list[Told]
    given: int
    key: str = ""
    proceeding: str = ""


class Teller:
    """An invoice under way. `commands` is what was recorded of it so far."""

    __slots__ = (
        "at", "calendar", "commands", "credited", "falling", "history", "ids", "is_closed", "is_held", "is_paid", "issued",
        "last", "level", "notified", "paid", "parts", "promised", "reminded", "total", "version",
    )  # fmt: skip

    def __init__(self, calendar: Calendar, ids: Ids, issued: int, parts: Sequence[tuple[int, int]]) -> None:
        """An invoice of that issue day, and the due day and cents of each instalment, in order."""
        self.calendar, self.ids, self.issued, self.parts = calendar, ids, issued, parts
        self.falling = [(due, n) for n, (due, _) in enumerate(parts, start=1)][::-1]
        self.total = sum(cents for _, cents in parts)
        self.paid = self.credited = self.version = self.level = self.promised = 0
        self.last, self.at = issued, (0, 0)
        self.is_paid = self.is_closed = self.is_held = False
        self.reminded = self.notified = _NEVER
        self.commands: list[Command] = []
        self.history: History | None = None

    def judged(self) -> None:
        """Let the domain draw the conclusions."""
        self.history = ()

    @property
    def owed(self) -> int:
        """What is left to pay."""
        return self.total - self.paid - self.credited

    @property
    def oldest_unpaid(self) -> int:
        """The due day from which ages count."""
        covered = self.paid + self.credited
        for due, cents in self.parts:
            if covered < cents:
                return due
            covered -= cents
        return self.parts[-1][0]

    def record(self, day: int, turn: int, given: list[Told], key: str = "", proceeding: str = "") -> None:
        """Add a command: the facts given, and what follows from them by the end of its day."""
        concluded = self._concluded(day) if self.history is None else self._decided(day, given)
        told = given + concluded if concluded else given
        self.version += len(told)
        self.at = (day, turn)
        self.commands.append(Command(day, turn, told, len(given), key, proceeding))

    def _concluded(self, day: int) -> list[Told]:
        found = []
        iso = self.calendar.iso
        while self.falling and self.falling[-1][0] <= day:
            due, n = self.falling.pop()
            found.append((max(due, self.issued), 0, facts.fell_due(n, iso[due])))
        if not self.is_paid and self.owed <= 0:
            self.is_paid = True
            found.append((self.last, 1, facts.paid(self.credited, iso[self.last], self.paid)))
        if len(found) > 1:
            found.sort(key=lambda each: each[:2])
        return [told for _, _, told in found]

    def _decided(self, day: int, given: list[Told]) -> list[Told]:
        assert self.history is not None
        read = [read_fact(kind, text.encode()) for kind, text in given]
        decided = add(self.history, read, today=self.calendar.date(day), step="bench")
        self.history = grown_by(self.history, decided)
        concluded = decided[len(read) :]
        for fact in concluded:
            if isinstance(fact, InvoiceFellDue):
                self.falling = [each for each in self.falling if each[1] != fact.instalment]
            self.is_paid = self.is_paid or isinstance(fact, InvoicePaid)
        return [(fact.stored_type, fact_bytes(fact).decode()) for fact in concluded]

    # What the daily passes do by themselves

    def until(self, day: int, turn: int) -> None:
        """Record what the passes before a round of a day do: what fell due, promises, the rungs of the policy."""
        while (found := self._pass()) and found[:2] < (day, turn):
            on, round_, rung = found
            if round_ == CLIMBED:
                self._climb(on, rung)
            else:
                self.record(on, SETTLED, self._kept_or_broken(on))

    def _pass(self) -> tuple[int, int, int] | None:
        """Day, round and rung of what the passes do next."""
        found = []
        if self.promised:
            last = self.at[0] if self.is_paid else self.promised + PLAN.promise_tolerance_days + 1
            found.append((self._turn(last, SETTLED), SETTLED, 0))
        if not (self.is_paid or self.is_closed):
            if self.falling:
                found.append((self._turn(self.falling[-1][0], SETTLED), SETTLED, 0))
            if not (self.is_held or self.promised) and (rung := self._rung()):
                found.append(rung)
        return min(found, default=None)

    def _turn(self, day: int, turn: int) -> int:
        """The first working day from a day on whose round is still to come."""
        day = self.calendar.working[max(day, self.at[0])]
        return self.calendar.working[day + 1] if (day, turn) <= self.at else day

    def _rung(self) -> tuple[int, int, int] | None:
        due = self.oldest_unpaid
        for rung, step in enumerate(RUNGS):
            if self.notified > due or (self.reminded > due and self.level >= step.level):
                continue
            return self._turn(max(due + step.after_days, self.reminded + _GAPS[rung]), CLIMBED), CLIMBED, rung
        return None

    def _climb(self, day: int, rung: int) -> None:
        step, iso = RUNGS[rung], self.calendar.iso
        self.reminded, self.level = day, step.level
        self.record(day, CLIMBED, [facts.reminded(iso[day - 1], str(step.channel), step.level, iso[day])], str(rung))

    def _kept_or_broken(self, day: int) -> list[Told]:
        """What became of a promise, the bank having spoken until the day before."""
        iso, due = self.calendar.iso, self.promised
        if not due or not (self.is_paid or day > due + PLAN.promise_tolerance_days):
            return []
        self.promised = 0
        return [facts.kept(iso[due], iso[day]) if self.is_paid else facts.broken(iso[day - 1], iso[due], iso[day])]

    # What comes from outside, on the day that it is recorded

    def pay(self, day: int, turn: int, on: int, cents: int, booked: int, known: int, instalment: int = 0) -> None:
        """Money that was there on a day; the accounting day and the day the bank knew it, nil for none."""
        iso = self.calendar.iso
        receipt = self.ids.receipt(iso[on], cents)
        self.paid, self.last = self.paid + cents, on
        days = iso[booked] if booked else "", iso[known] if known else ""
        told = facts.received(cents, iso[on], receipt, instalment, *days)
        self.record(day, turn, [told], receipt if turn == BANK else "")

    def bounce(self, day: int, reason: str) -> None:
        """The only payment comes back."""
        receipt = self.commands[-1].key
        self.is_paid, cents = False, self.paid
        self.paid, self.last = 0, day
        self.record(day, DESK, [facts.reversed_(cents, self.calendar.iso[day], reason, receipt)])

    def credit(self, day: int, cents: int, reason: str) -> None:
        """A credit note."""
        number = self.ids.credit_note()
        self.credited, self.last = self.credited + cents, day
        self.record(day, DESK, [facts.credited(cents, number, self.calendar.iso[day], reason)], number)

    def dispute(self, day: int, cents: int, reason: str) -> None:
        """The debtor disputes all that is left to pay, or a part."""
        self.is_held = cents >= self.owed
        extent = "whole" if self.is_held else "part"
        self.record(day, DESK, [facts.disputed(cents, extent, self.calendar.iso[day], reason)])

    def settle(self, day: int, outcome: str) -> None:
        """The dispute ends."""
        self.is_held = False
        self.record(day, DESK, [facts.settled(self.calendar.iso[day], outcome)])

    def call(self, day: int, at: str, result: str) -> None:
        """The debtor is called, if anything is late and nothing is promised."""
        if not (self.is_paid or self.is_closed or self.promised):
            self.record(day, DESK, [facts.called(at, self.calendar.iso[day], result)])

    def notify(self, day: int) -> None:
        """A formal notice, where a reminder was not enough and nothing holds it back."""
        if self.level and not (self.is_paid or self.is_closed or self.is_held or self.promised):
            self.notified, deadline = day, self.calendar.working[day + PLAN.notice_deadline_days]
            iso = self.calendar.iso
            self.record(day, DESK, [facts.notified(iso[deadline], "lrar", iso[day])])

    def promise(self, day: int, due: int) -> None:
        """The debtor promises to pay by a day."""
        self.promised = due
        self.record(day, DESK, [facts.promised(self.calendar.iso[due], self.calendar.iso[day])])

    def write_off(self, day: int, reason: str) -> None:
        """The books give up what is left."""
        self.is_closed = True
        self.record(day, DESK, [facts.written_off(self.owed, "whole", self.calendar.iso[day], reason)])

    def withdraw_payment(self, day: int, reason: str) -> None:
        """The only payment was an error: it is withdrawn, and with it the conclusion that it carried."""
        version = next(n for n, told in enumerate(self._told(), start=1) if told[0] == facts.RECEIVED)
        self.is_paid, self.paid, self.last = False, 0, self.issued
        self.record(day, DESK, [facts.withdrawn(self.calendar.iso[day], reason, version)])

    def _told(self) -> list[Told]:
        return [told for command in self.commands for told in command.facts]

    def petition(self, day: int, court: str, proceeding: str) -> None:
        """An injonction de payer is asked for, of the principal alone."""
        told = facts.petitioned(court, self.owed, self.calendar.iso[day], proceeding)
        self.record(day, DESK, [told], "", proceeding)

    def order(self, day: int, proceeding: str) -> None:
        """The judge orders payment of all that was asked for."""
        self.record(day, DESK, [facts.ordered(self.owed, self.calendar.iso[day], proceeding)], "", proceeding)

    def serve(self, day: int, mode: str, proceeding: str) -> None:
        """The order is served."""
        self.record(day, DESK, [facts.served(mode, self.calendar.iso[day], proceeding)], "", proceeding)
