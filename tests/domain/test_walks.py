"""Random lives of an invoice, with late facts and withdrawals: machine == evolve == replay, no view without an edge."""

import datetime as dt
import os
import random
from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.decided import Desk
from domain.decisions import act, observe
from domain.errors import Refused
from domain.facts.fact import Fact
from domain.facts.insolvency import StayedByInsolvency
from domain.facts.invoicing import EntryWithdrawn, PromiseKept
from domain.facts.procedure import OppositionLodged, OrdonnanceRefused, TitleEnforceable
from domain.history import Entry, History, conclusions, replay, standing
from domain.invoice import NoEdge, moved
from domain.law.tables import shipped
from domain.lifecycle import progress, rules_of
from domain.moves import MOVES
from domain.policy import standard
from domain.rules.rule import Case
from tests import builders as make

FIRST_DAY = dt.date(2026, 1, 1)
WALKS = int(os.environ.get("RELANCE_WALKS", "2000"))


def on(number: int) -> str:
    return (FIRST_DAY + dt.timedelta(days=number)).isoformat()


def random_fact(draw: random.Random, history: History, today: int) -> Fact:
    """Any fact, plausible or not, on any day up to today."""
    when = on(draw.randint(-5, today))
    name = f"r{draw.randint(1, 3)}"
    euros = str(draw.choice([100, 300, 600, 1200]))
    kinds: list[Callable[[], Fact]] = [
        lambda: make.reminded(when, draw.randint(0, 3)),
        lambda: make.called(when),
        lambda: make.notified(when, on(today + 20)),
        lambda: make.paid(when, euros, name),
        lambda: make.reversed_(when, euros, name),
        lambda: make.credited(when, euros),
        lambda: make.disputed(when, euros, whole=draw.random() < 0.5),
        lambda: make.dispute_settled(when),
        lambda: make.promised(when, on(today + 5)),
        lambda: PromiseKept(due_on=make.day(when), on=make.day(when)),
        lambda: make.written_off(when, euros, whole=draw.random() < 0.5),
        lambda: make.escalated(when, euros),
        lambda: make.granted(when, euros),
        lambda: OrdonnanceRefused(on=make.day(when), proceeding=make.PROCEEDING),
        lambda: make.order_served(when),
        lambda: OppositionLodged(on=make.day(when), proceeding=make.PROCEEDING),
        lambda: TitleEnforceable(basis="own_statement", on=make.day(when), proceeding=make.PROCEEDING),
        lambda: StayedByInsolvency(cents=1, kind="liquidation", on=make.day(when), party=make.DEBTOR),
        lambda: EntryWithdrawn(on=make.day(on(today)), reason="error", withdrawn=draw.randint(1, max(1, len(history)))),
    ]  # fmt: skip
    return draw.choice(kinds)()


def extended(history: History, facts: list[Fact], today: int) -> History:
    """The history after an attempt; a refusal leaves it."""
    desk = Desk(make.day(on(today)), standard(), override="walk")
    try:
        if len(facts) == 1 and facts[0].role == "act":
            decided = act(history, facts[0], desk, step="walk")
        else:
            decided = observe(history, facts, desk, step="walk")
    except Refused:
        return history
    position = history[-1].position + 1 if history else 1
    return (*history, *(Entry(len(history) + n, each.fact, position) for n, each in enumerate(decided, start=1)))


def every_view_is_sound(history: History, today: int, last: int) -> None:
    """Each (as-of, known-at) folds without a missing edge, and ends where one walk of the whole ends."""
    for known_at in sorted({entry.position for entry in history}):
        for number in range(-5, today + 1):
            replay(history, as_of=make.day(on(number)), known_at=known_at)
    whole, today_only = replay(history), replay(history, as_of=make.day(on(today)))
    assert whole == today_only
    assert whole is not None
    recorded = [entry.fact for entry in standing(history)]
    assert (whole.regions.settlement == "paid") <= (whole.unsettled_cents <= 0)
    assert all(fact in recorded for fact in conclusions(history, make.day(on(last))))


def the_machine_agrees(history: History, fact: Fact) -> None:
    """The chart, set to the state of an accepted act's day, reaches what the table says."""
    before = replay(history[: len(history)], as_of=fact.on)
    assert before is not None

    everything = frozenset(rule.code for rule in rules_of(fact.move))
    try:
        expected = moved(before.regions, fact.move, fact.on)
    except NoEdge:
        with pytest.raises(NoEdge):
            progress(Case(before, fact, standard(), shipped(), (), everything))
        return
    assert progress(Case(before, fact, standard(), shipped(), (), everything)) == expected


def test_random_lives() -> None:
    accepted = 0
    for seed in range(WALKS):
        draw = random.Random(seed)
        history = extended((), [make.issued()], 0)
        today = last = 0
        for _ in range(draw.randint(4, 14)):
            today += draw.choice([0, 1, 3, 12])
            facts = [random_fact(draw, history, today)]
            if isinstance(facts[0], EntryWithdrawn) and draw.random() < 0.5:
                facts.append(make.issued(str(draw.choice([300, 1200])), due=on(draw.choice([20, 40]))))
            grown = extended(history, facts, today)
            accepted, last = (accepted + 1, today) if len(grown) > len(history) else (accepted, last)
            history = grown
        fact = random_fact(draw, history, today)
        if not isinstance(fact, EntryWithdrawn) and fact.on >= FIRST_DAY and fact.move in MOVES:
            the_machine_agrees(history, fact)
        every_view_is_sound(history, today, last)
    assert accepted > WALKS * 3


class LifeOfAnInvoice(RuleBasedStateMachine):
    """The same, searched and shrunk by hypothesis."""

    @initialize()
    def issue(self) -> None:
        self.today = 0
        self.history = extended((), [make.issued()], 0)

    @rule(days=some.integers(0, 40))
    def wait(self, days: int) -> None:
        self.today += days

    @rule(seed=some.integers(0, 2**32))
    def something_happens(self, seed: int) -> None:
        self.history = extended(self.history, [random_fact(random.Random(seed), self.history, self.today)], self.today)

    @rule(version=some.integers(1, 20), total=some.sampled_from(["300", "1200"]), due=some.integers(10, 60))
    def correct(self, version: int, total: str, due: int) -> None:
        facts = [
            EntryWithdrawn(on=make.day(on(self.today)), reason="error", withdrawn=version),
            make.issued(total, due=on(due)),
        ]
        self.history = extended(self.history, list(facts), self.today)

    @invariant()
    def sound(self) -> None:
        if getattr(self, "history", None):
            whole = replay(self.history)
            assert whole is not None
            for number in range(-5, self.today + 1, 3):
                replay(self.history, as_of=make.day(on(number)), known_at=self.history[-1].position)


TestLifeOfAnInvoice = LifeOfAnInvoice.TestCase
TestLifeOfAnInvoice.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
