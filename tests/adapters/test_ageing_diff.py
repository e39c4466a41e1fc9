"""Between any two states of knowledge, the events named add up to what moved, account by account and in all."""

from pathlib import Path

import pytest

from adapters.ageing import ageing, differences
from adapters.bootstrap import Office
from adapters.clock import FixedClock
from projections.ageing import SCHEMES
from projections.corner import Corner
from tests.adapters.test_views import corners, opened


@pytest.mark.parametrize("seed", range(40, 44))
def test_the_events_named_make_the_difference(tmp_path: Path, seed: int) -> None:
    market = opened(tmp_path, seed)
    office = Office(market.app.folder, FixedClock(market.app.clock.now()), "auditor")
    scheme, compared = SCHEMES["d4416"], 0
    for as_of, earlier in corners(market, 12):
        later = market.draw.choice([end for end in market.ends if end > earlier] or [0])
        if not later:
            continue
        changes = differences(office, scheme, as_of, earlier, later)
        sides = [ageing(office, scheme, Corner(as_of, position), by="invoice") for position in (earlier, later)]
        totals = [side.totals.aged.total_cents for side in sides]
        assert sum(change.change_cents for change in changes) == totals[1] - totals[0]
        moved = {row.key for row in sides[0].rows if row not in sides[1].rows}
        moved |= {row.key for row in sides[1].rows if row not in sides[0].rows}
        assert {change.key for change in changes} <= moved
        for change in changes:
            assert change.events, change
            assert sum(event.cents or 0 for event in change.events) == change.change_cents, change
            assert all(earlier < event.envelope.position <= later for event in change.events)
            assert sum(change.moved.values()) == change.change_cents
            compared += 1
    office.close()
    assert compared > 10
