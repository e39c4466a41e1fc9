"""Given past facts, when a command decides, then new facts, or nothing, or a refusal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from domain.decided import Decided, Desk
from domain.decisions import act, observe
from domain.errors import Refused
from domain.facts.fact import Fact
from domain.history import Entry, History, replay
from domain.invoice import Invoice
from domain.policy import standard
from tests.builders import day

Decide = Callable[[History, Desk], list[Decided]]


def history(*facts: Fact) -> History:
    """Facts as recorded in this order, one command each."""
    return tuple(Entry(version, fact, position=version) for version, fact in enumerate(facts, start=1))


def recorded(*facts: Fact, today: str = "2026-12-31") -> History:
    """Facts observed one after the other, with the conclusions each append records."""
    grown: History = ()
    for fact in facts:
        grown = appended(grown, fact, today=today)
    return grown


def appended(before: History, *facts: Fact, today: str = "2026-12-31") -> History:
    """A history after one more append."""
    decided = observe(before, facts, Desk(day(today), standard()), step="record")
    new = [Entry(version, each.fact, position=version) for version, each in enumerate(decided, start=len(before) + 1)]
    return (*before, *new)


def state(entries: History, as_of: str | None = None, known_at: int | None = None) -> Invoice:
    """The invoice at a corner of the two times; it must exist there."""
    found = replay(entries, as_of=(as_of and day(as_of)) or None, known_at=known_at)
    assert found is not None
    return found


def acting(fact: Fact, *, override: str | None = None, already_done: bool = False) -> Decide:
    """One of our acts."""
    return lambda entries, desk: act(
        entries, fact, Desk(desk.today, desk.policy, override, already_done), step=fact.move
    )


def seeing(*facts: Fact) -> Decide:
    """What happened to us."""
    return lambda entries, desk: observe(entries, facts, desk, step=facts[0].move)


class Given:
    """A story under way."""

    def __init__(self, entries: Sequence[Entry], today: str) -> None:
        self.entries, self.desk = tuple(entries), Desk(day(today), standard())
        self.decide: Decide | None = None

    def when(self, decide: Decide) -> Given:
        self.decide = decide
        return self

    def decided(self) -> list[Decided]:
        assert self.decide is not None
        return self.decide(self.entries, self.desk)

    def then(self, *facts: Fact) -> None:
        assert [each.fact for each in self.decided()] == list(facts)

    def then_refused(self, code: str, words: str = "") -> Refused:
        before = self.entries
        with pytest.raises(Refused) as caught:
            self.decided()
        assert code in caught.value.codes, caught.value
        assert words in str(caught.value)
        assert self.entries == before
        return caught.value

    def then_found(self, code: str) -> None:
        assert code in [finding.code for finding in self.decided()[0].findings]


def given(*facts: Fact, today: str = "2026-12-31") -> Given:
    """A history recorded by observation, and the day on which somebody decides."""
    return Given(recorded(*facts, today=today), today)
