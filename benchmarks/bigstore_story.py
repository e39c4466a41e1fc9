"""What becomes of an invoice, drawn by lot: on time, late, in parts, disputed, promised, credited, never.

`tell` gives the commands that a firm records of it, day by day, until the last day of the calendar.
"""

from bisect import bisect
from collections.abc import Callable
from itertools import accumulate
from operator import itemgetter
from random import Random
from typing import Any, Final, NamedTuple

from benchmarks import bigstore_facts as facts
from benchmarks.bigstore_facts import Ids
from benchmarks.bigstore_teller import BANK, DESK, ENTERED, IMPORTED, PLAN, Calendar, Command, Teller

TERMS: Final = (30, 30, 30, 30, 45, 45, 60, 0)
#: Days from the due day to the payment, by a debtor's habit; some are added by lot.
HABITS: Final = (-10, -4, -1, 0, 0, 3, 10, 25)
BAD: Final = 0.1
NEVER: Final = (0.09, 0.6)
COURTS: Final = ("tc-lyon", "tc-nanterre", "tc-lille_metropole")
_CALLED: Final = 0.25
_NOTIFIED: Final = 0.4
_FOUND_LATE: Final = 0.03
_TOLD_TWICE: Final = 0.2


class Habit(NamedTuple):
    """How a debtor pays: days late, and the share it never pays."""

    late: int
    never: float


def habit(draw: Random) -> Habit:
    """The habit of one more debtor."""
    return Habit(draw.choice(HABITS), NEVER[draw.random() < BAD])


class _Plot:
    """What will come from outside to one invoice, each with the day and the round in which it is recorded."""

    def __init__(self, draw: Random, habit: Habit, teller: Teller, today: int) -> None:
        self.draw, self.habit, self.teller, self.calendar = draw, habit, teller, teller.calendar
        self.today = today
        self.due, self.total = teller.parts[0][0], teller.total
        self.coming: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []

    def within(self, least: int, most: int) -> int:
        """A number by lot, both ends among them."""
        return least + int(self.draw.random() * (most - least + 1))

    def comes(self, day: int, do: Callable[..., None], *words: Any) -> int:
        """Something that a person records on the first working day from a day on."""
        day = self.calendar.working[max(day, self.today)]
        self.coming.append((day, DESK, do, (day, *words)))
        return day

    def usual(self, due: int) -> int | None:
        """The day on which the debtor pays what is due on a day, if it ever does."""
        chance = self.draw.random
        if chance() < self.habit.never:
            return None
        return max(due + self.habit.late + int(chance() * chance() * 34) - 3, self.teller.issued + 1)

    def pays(self, on: int, cents: int, *, instalment: int = 0, prompt: bool = False) -> int:
        """Money is there on a day: the bank tells it on the next working day, a few are put to the invoice weeks after."""
        working, chance = self.calendar.working, self.draw.random
        on = working[on]
        day = working[max(on + 1, self.today)]
        if not prompt and chance() < _FOUND_LATE:
            day = working[day + self.within(3, 25)]
        booked = known = 0
        if (told := chance()) < _TOLD_TWICE:
            booked = self.within(on, day) if told < _TOLD_TWICE * 3 / 4 else 0
            known = self.within(on, day) if told > _TOLD_TWICE / 4 else 0
        turn = DESK if instalment else BANK
        self.coming.append((day, turn, self.teller.pay, (day, turn, on, cents, booked, known, instalment)))
        return day

    def share(self, least: int, most: int) -> int:
        """So many percent of the total, by lot."""
        return max(self.total * self.within(least, most) // 100, 1)

    def call(self) -> None:
        """The telephone, for some of what is late."""
        if self.draw.random() < _CALLED:
            day = self.due + 9 + self.within(0, 6)
            result = ("reached", "voicemail", "no_answer", "callback")[self.within(0, 3)]
            self.comes(day, self.teller.call, f"{self.within(9, 17):02}:{self.within(0, 59):02}", result)

    def notify(self, share: float = 1.0) -> None:
        """A formal notice, for a share of what is still late two months after."""
        if self.draw.random() < share:
            self.comes(self.due + self.within(50, 62), self.teller.notify)

    # What may become of an invoice

    def plain(self) -> None:
        """Paid in one sum, sooner or later, or never."""
        on = self.usual(self.due)
        if on is None or on > self.due + PLAN.steps[1].after_days:
            self.call()
            self.notify(_NOTIFIED)
        if on is not None:
            self.pays(on, self.total)

    def part(self) -> None:
        """Paid in two or three sums, the last ones not always."""
        on, left = self.usual(self.due), self.total
        for cents in (self.share(20, 60), self.share(5, 30)):
            if on is not None and left > cents:
                left -= cents
                on = max(self.pays(on, cents, prompt=True), on) + self.within(5, 40)
                if self.draw.random() < self.habit.never:
                    return
        if on is not None:
            self.pays(on, left)

    def instalments(self) -> None:
        """Each part on its own day; half of them name it."""
        is_named, earliest = self.draw.random() < 0.5, 0
        for n, (due, cents) in enumerate(self.teller.parts, start=1):
            on = self.usual(due)
            if on is None:
                return
            earliest = self.pays(max(on, earliest), cents, instalment=n if is_named else 0, prompt=True)

    def dispute(self) -> None:
        """Disputed whole or in part; settled in time, mostly; sometimes with a credit note; then paid."""
        is_whole = self.draw.random() < 0.7
        cents = self.total if is_whole else self.share(10, 60)
        reasons = ("price", "quantity", "quality", "not_delivered", "other")
        opened = self.comes(self.due + self.within(-8, 20), self.teller.dispute, cents, reasons[self.within(0, 4)])
        if self.draw.random() < 0.15:
            return
        outcome = ("rejected", "abandoned", "agreed", "partly_upheld", "upheld")[self.within(0, 4)]
        ended = self.comes(opened + self.within(10, 90), self.teller.settle, outcome)
        less = self.share(5, 40) if outcome in {"partly_upheld", "upheld"} else 0
        if less:
            self.comes(ended, self.teller.credit, less, "price")
        if self.draw.random() >= self.habit.never:
            self.pays(ended + self.within(1, 40), self.total - less)

    def promise(self) -> None:
        """Called once late, the debtor promises; two in three keep their word."""
        day = self.comes(self.due + self.within(9, 25), self.teller.call, "10:30", "promised")
        until = day + self.within(6, 20)
        self.comes(day, self.teller.promise, until)
        if self.draw.random() < 0.65:
            self.pays(max(until - self.within(3, 5), day), self.total, prompt=True)
        elif self.draw.random() >= self.habit.never:
            self.pays(until + self.within(5, 60), self.total, prompt=True)

    def credit(self) -> None:
        """A credit note lowers the price, or takes it whole; the rest is paid after."""
        is_whole = self.draw.random() < 0.15
        less = self.total if is_whole else self.share(5, 30)
        day = self.comes(max(self.due + self.within(-15, 20), self.teller.issued + 1), self.teller.credit, less,
                         "cancellation" if is_whole else ("goods_returned", "price", "discount")[self.within(0, 2)])  # fmt: skip
        on = self.usual(self.due)
        if on is not None and not is_whole:
            self.pays(max(on, day), self.total - less)

    def reversal(self) -> None:
        """The payment comes back; most pay again."""
        on = max(self.due + self.habit.late, self.teller.issued + 1)
        told = self.pays(on, self.total, prompt=True)
        back = self.comes(told + self.within(2, 12), self.teller.bounce,
                          ("returned_cheque", "sepa_return", "bank_error")[self.within(0, 2)])  # fmt: skip
        if self.draw.random() < 0.75:
            self.pays(back + self.within(4, 40), self.total, prompt=True)

    def write_off(self) -> None:
        """Given up, whole, or for the little that was not paid."""
        if self.draw.random() < 0.5:
            day = self.pays(self.due + self.within(-2, 30), self.total - self.share(1, 2), prompt=True)
            self.comes(day + self.within(20, 60), self.teller.write_off, "small_balance")
        else:
            self.notify()
            why = ("uneconomic", "untraceable")[self.within(0, 1)]
            self.comes(self.due + self.within(95, 240), self.teller.write_off, why)

    def error(self) -> None:
        """The money of another is put to this invoice and taken off again, or a wrong amount of it; then paid."""
        self.teller.judged()
        on = max(self.due + self.habit.late, self.teller.issued + 1)
        cents = self.total if self.draw.random() < 0.6 else self.share(90, 99)
        told = self.pays(on, cents, prompt=True)
        taken = self.comes(told + self.within(1, 20), self.teller.withdraw_payment,
                           "misallocated" if cents == self.total else "error")  # fmt: skip
        if cents < self.total:
            self.coming.append((taken, DESK, self.teller.pay, (taken, DESK, on, self.total, 0, 0)))
        elif self.draw.random() >= self.habit.never:
            self.pays(taken + self.within(1, 30), self.total)

    def petition(self) -> None:
        """Never paid in time: a payment order is asked for, granted, served; some pay then."""
        if self.teller.ids.debtor_kind not in {"trader", "professional"}:
            self.call()
            return
        id = f"{self.draw.getrandbits(128):032x}"
        self.notify()
        day = self.comes(self.due + self.within(95, 140), self.teller.petition, COURTS[self.within(0, 2)], id)
        day = self.comes(day + self.within(20, 60), self.teller.order, id)
        day = self.comes(
            day + self.within(15, 60), self.teller.serve, ("person", "home", "office")[self.within(0, 2)], id
        )
        if self.draw.random() < 0.35:
            self.pays(day + self.within(5, 60), self.total, prompt=True)


#: The share of each; the others are plain.
SHARES: Final[dict[Callable[[_Plot], None], float]] = {
    _Plot.part: 0.05, _Plot.instalments: 0.03, _Plot.dispute: 0.03, _Plot.promise: 0.03, _Plot.credit: 0.02,
    _Plot.reversal: 0.003, _Plot.write_off: 0.005, _Plot.error: 0.005, _Plot.petition: 0.005,
}  # fmt: skip
_KINDS: Final = (*SHARES, _Plot.plain)
_EDGES: Final = tuple(accumulate(SHARES.values()))
_TURN: Final = itemgetter(0, 1)


def tell(
    draw: Random, calendar: Calendar, today: int, on: int, habit: Habit, ids: Ids, *, is_judged: bool = False
) -> list[Command]:
    """The commands of one invoice issued on a day and recorded today.

    Args:
        draw: where chance comes from.
        calendar: its last day ends the story.
        today: a working day.
        on: the issue day.
        habit: of the debtor.
        ids: the identifiers that the facts name.
        is_judged: the domain draws every conclusion, slowly; else only where an entry is withdrawn.
    """
    chance, iso = draw.random, calendar.iso
    kind = _KINDS[bisect(_EDGES, chance())]
    net = 5_000 + int(chance() * chance() * 1_590_000)
    rate = chance()
    vat = net // 5 if rate < 0.85 else net // 10 if rate < 0.95 else 0
    total = net + vat
    due = on + TERMS[int(chance() * len(TERMS))]
    performed = iso[on - int(chance() * 20)] if chance() < 0.3 else ""
    parts, turn = [(due, total)], IMPORTED
    if kind is _Plot.instalments:
        due, third, turn = on + 20, total // 3, ENTERED
        parts = [(due, third), (due + 20, third), (due + 40, total - 2 * third)]
    teller = Teller(calendar, ids, on, parts)
    if is_judged:
        teller.judged()
    plot = _Plot(draw, habit, teller, today)
    kind(plot)
    told = facts.issued(
        ids, [(iso[day], cents) for day, cents in parts], iso[on], performed, (net, vat) if rate < 0.98 else None
    )
    teller.record(today, turn, [told])
    for day, turn, do, words in sorted(plot.coming, key=_TURN):
        if day > calendar.last:
            break
        teller.until(day, turn)
        do(*words)
    teller.until(calendar.last + 1, 0)
    return teller.commands
