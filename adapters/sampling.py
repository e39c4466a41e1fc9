"""An audit sample of open invoices: the population from the views, the draw by projections.sampling, each row from its history."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from adapters.bootstrap import Office
from domain.errors import EvidenceBroken, NotFound, in_words
from domain.history import replay
from projections.corner import Corner
from projections.sampling import METHODS, Drawn, Item, Method, drawn, percent

Amount = Literal["residual", "invoice"]


class Tally(NamedTuple):
    """How many invoices, and for how much."""

    invoices: int
    cents: int


class Sampled(NamedTuple):
    """An invoice of the sample."""

    number: str
    debtor: str
    name: str
    issued_on: dt.date
    due_on: tuple[dt.date | None, ...]
    invoiced_cents: int
    residual_cents: int
    disputed_cents: int
    stratum: str
    mark: str
    stream: str

    def value(self) -> dict[str, Any]:
        """The shape that other programs read."""
        return {
            "number": self.number, "debtor": self.debtor, "name": self.name, "issued_on": self.issued_on,
            "due_on": " ".join(str(due) if due else "unknown" for due in self.due_on), "invoiced_cents": self.invoiced_cents,
            "residual_cents": self.residual_cents, "disputed_cents": self.disputed_cents, "stratum": self.stratum,
            "drawn_by": self.mark, "stream": self.stream,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for."""

    seed: int
    size: int
    method: Method = "simple"
    by: Amount = "residual"
    above_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample, the population it stands for, and what is open but in no population."""

    corner: Corner
    plan: Plan
    population: Tally
    key: Tally
    drawn: Tally
    rows: tuple[Sampled, ...]
    in_credit: Tally
    on_account_cents: int

    @property
    def sampled(self) -> Tally:
        """Key items and what was drawn."""
        return Tally(self.key.invoices + self.drawn.invoices, self.key.cents + self.drawn.cents)

    def value(self) -> dict[str, Any]:
        """The shape that other programs read."""
        return {
            "as_of_on": self.corner.as_of, "position": self.corner.position, "seed": self.plan.seed, "size": self.plan.size,
            "method": self.plan.method, "method_text": METHODS[self.plan.method], "by": self.plan.by,
            "above_cents": self.plan.above_cents, "population_count": self.population.invoices,
            "population_cents": self.population.cents, "key_count": self.key.invoices, "key_cents": self.key.cents,
            "drawn_count": self.drawn.invoices, "drawn_cents": self.drawn.cents, "sampled_count": self.sampled.invoices,
            "sampled_cents": self.sampled.cents, "coverage_percent": percent(self.sampled.cents, self.population.cents),
            "in_credit_count": self.in_credit.invoices, "in_credit_cents": self.in_credit.cents,
            "on_account_cents": self.on_account_cents, "rows": [row.value() for row in self.rows],
        }  # fmt: skip


def sample(office: Office, corner: Corner, plan: Plan, *, creditor: str | None = None) -> Sample:
    """Draw the sample at a corner.

    Raises:
        NotFound: no invoice is open there.
        EvidenceBroken: the views show something else than a history does.
    """
    office.views.catch_up()
    residuals: dict[str, int] = {}
    credits, on_account = [], 0
    for each in office.views.standing(corner, creditor=creditor):
        cents = sum(part for _, part in each.parts)
        if each.stream.startswith("debtor:"):
            on_account += cents
        elif cents > 0:
            residuals[each.stream] = cents
        elif cents < 0:
            credits.append(cents)
    if not residuals:
        raise NotFound(f"no invoice is open on {in_words(corner.as_of)}, known at @{corner.position}")
    amounts = residuals if plan.by == "residual" else _invoiced(office, corner, residuals, creditor)
    items = [Item(stream, cents) for stream, cents in amounts.items()]
    found = drawn(items, seed=plan.seed, size=plan.size, method=plan.method, above=plan.above_cents)
    return Sample(
        corner,
        plan,
        Tally(len(items), sum(item.cents for item in items)),
        _count(found, "key"),
        _count(found, "sample"),
        tuple(_row(office, corner, each, residuals[each.item.stream]) for each in found),
        Tally(len(credits), sum(credits)),
        on_account,
    )


def _invoiced(office: Office, corner: Corner, open_: dict[str, int], creditor: str | None) -> dict[str, int]:
    """What was invoiced on each open invoice, as known at the corner."""
    found: Counter[str] = Counter()
    for each in office.views.movements(corner, kinds=("invoice",), creditor=creditor):
        if each.stream in open_:
            found[each.stream] += each.movement.cents
    return dict(found)


def _count(found: Sequence[Drawn], stratum: str) -> Tally:
    cents = [each.item.cents for each in found if each.stratum == stratum]
    return Tally(len(cents), sum(cents))


def _row(office: Office, corner: Corner, each: Drawn, residual: int) -> Sampled:
    stream = each.item.stream
    invoice = replay(office.app.stream_or_fail(stream).history, as_of=corner.as_of, known_at=corner.position)
    if invoice is None or invoice.book_residual_cents != residual:
        raise EvidenceBroken(f"the views show another residual of {stream} than its history: relance check views")
    issued = invoice.issued
    code, name = office.registry.card(issued.debtor)
    return Sampled(
        office.registry.number(stream.partition(":")[2], issued.debtor), code, name, issued.on,
        tuple(part.due for part in issued.instalments), invoice.total_cents, residual, min(invoice.disputed_cents, residual),
        each.stratum, each.mark, stream,
    )  # fmt: skip
