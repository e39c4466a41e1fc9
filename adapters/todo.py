"""What is to be done on a day, over a portfolio: the daily pass of the policy, the deadlines, what is open, what waits. Records nothing."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from heapq import nsmallest
from typing import Any, Final, NamedTuple

from adapters.bootstrap import Office
from adapters.worklist import Ahead
from domain.errors import NotFound
from projections.tasks import URGENCIES, Task, tasks

WITHIN: Final = 30


class Todo(NamedTuple):
    """The tasks of a day, ranked, each with its invoice and debtor; how many of each urgency there are in all."""

    on: dt.date
    within: int
    found: list[tuple[Task, str, str]]
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """How many there are in all."""
        return sum(self.counts.values())

    def rows(self, office: Office) -> Iterator[dict[str, Any]]:
        """The rows that other programs read; names are opened for those alone."""
        for rank, (task, stream, debtor) in enumerate(self.found, start=1):
            code, name = office.registry.card(debtor)
            yield {
                "rank": rank, "invoice": office.registry.number(stream.partition(":")[2], debtor), "debtor": code, "name": name,
                "what": task.what, "why": task.why, "by_on": task.by, "since_on": task.since, "residual_cents": task.cents,
                "urgency": task.urgency, "reference": task.reference,
            }  # fmt: skip


def todo(
    office: Office,
    on: dt.date,
    *,
    within: int = WITHIN,
    creditor: str | None = None,
    debtor: str | None = None,
    limit: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Todo:
    """What there is to do on a day, most urgent first; with a limit, no more of it than that, all of it counted.

    Raises:
        NotFound: no invoice is recorded.
    """
    office.views.catch_up()
    if office.views.first_issue() is None:
        raise NotFound("no invoice is recorded: relance issue records one, relance import many")
    ahead = Ahead(office, on)
    ranked: list[tuple[int, int, int, str, str, int, Task, str]] = []
    erased = office.app.vault.keys.destroyed()  # nobody knows any more whom to ask
    for stream, seen in ahead.over(ahead.asked(debtor=debtor), progress):
        if creditor in {None, seen.creditor} and seen.debtor not in erased:
            policy, cash = ahead.policy(seen.creditor).policy, ahead.cash(seen.creditor)
            for task in tasks(seen, policy, on, cash, within):
                ranked.append((*task.rank, stream, len(ranked), task, seen.debtor))
    counted = Counter(each[6].urgency for each in ranked)
    first = sorted(ranked) if limit is None else nsmallest(limit, ranked)  # their number parts those of one rank
    found = [(task, stream, owner) for *_, stream, _, task, owner in first]
    return Todo(on, within, found, {name: counted[name] for name in URGENCIES})
