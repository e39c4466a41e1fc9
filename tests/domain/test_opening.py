"""The plain first append is concluded as the walk concludes it."""

import datetime as dt
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as some

from domain.errors import Refused
from domain.facts.fact import Fact
from domain.history import add, walked
from domain.opening import plain_opening
from tests import builders as make

TODAY = dt.date(2026, 6, 1)
days = some.dates(dt.date(2025, 12, 1), dt.date(2026, 7, 1))
amounts = some.sampled_from(["100", "600", "1 200", "1 300"])


def answered(how: Callable[..., list[Fact]], facts: list[Fact]) -> object:
    try:
        return how((), facts, today=TODAY, step="import")
    except Refused as refused:
        return refused.codes


@given(days, some.none() | days, some.lists(some.tuples(days, amounts), max_size=2), some.booleans())
def test_it_is_what_the_walk_concludes(
    on: dt.date, due: dt.date | None, payments: list[tuple[dt.date, str]], named: bool
) -> None:
    issued = make.issued(on=on.isoformat(), due=due.isoformat() if due else None)
    paid = [make.paid(day.isoformat(), total, f"r{n}", 1 if named else None) for n, (day, total) in enumerate(payments)]
    facts: list[Fact] = [issued, *paid]
    assert answered(add, facts) == answered(walked, facts)


def test_the_plain_case_is_taken_and_no_other() -> None:
    assert plain_opening([make.issued(), make.paid("2026-02-03")], TODAY) is not None
    for other in (
        [make.issued(), make.paid("2026-02-03"), make.paid("2026-02-04", by="b")],
        [make.issued(), make.reminded("2026-02-03")],
        [make.issued_in_parts(("1", "2026-01-31"), ("2", "2026-02-28"))],
        [make.issued(on="2026-06-02", due="2026-07-01")],
        [make.issued(), make.paid("2026-06-02")],
        [make.paid("2026-02-03")],
        [],
    ):
        assert plain_opening(other, TODAY) is None
