"""Use cases that read: what is allowed, what stands, what stood on a day as it was known on another."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.bootstrap import Office
from adapters.cases import load
from adapters.clock import PARIS, end_of_paris_day, paris_day
from adapters.store.mapper import moment
from domain.errors import Misuse, NotFound, Refusal, in_words
from domain.facts.fact import Fact
from domain.history import replay
from domain.invoice import Invoice
from projections.ageing import Aged, Scheme


def known_at(office: Office, word: str | None) -> int:
    """The position that a known-at means: `@1234`, a day up to 24:00 in Paris, or an instant; the head without one.

    Inside a command it moves to the command's last position; in the future it is the head.

    Raises:
        NotFound: before the first event, or above the newest position.
        Misuse: neither a position, nor a day, nor an instant.
    """
    store = office.app.store
    head = store.position()
    if word is None:
        return head
    if word.startswith("@"):
        if not (word.isascii() and word[1:].isdigit()):
            raise Misuse(f"{word!r} is not a position: write @1234")
        position = int(word[1:])
        if not 1 <= position <= head:
            raise NotFound(f"the log holds positions 1 to {head}")
    else:
        position = store.position_at(_instant(word))
        if position == 0:
            first = store.row_at(1)
            since = (
                f"the first entry was recorded at {moment(first[0]).astimezone(PARIS):%Y-%m-%d %H:%M:%S} in Paris"
                if first
                else "the log is empty"
            )
            raise NotFound(f"nothing was known by {word}: {since}")
    return store.end_of_command(position)


def _instant(word: str) -> dt.datetime:
    try:
        if len(word) == len("2026-01-31"):
            return end_of_paris_day(dt.date.fromisoformat(word))
        at = dt.datetime.fromisoformat(word)
    except ValueError:
        raise Misuse(
            f"{word!r} is neither a day (2026-01-31), nor an instant (2026-01-31T18:00), nor a position (@1234)"
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=PARIS)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the trade and what stands against it."""

    step: str
    refusals: tuple[Refusal, ...]

    @property
    def allowed(self) -> bool:
        """Nothing stands against it."""
        return not self.refusals


def can(office: Office, stream: str, on: dt.date) -> list[Step]:
    """Every step with every rule that refuses it on that day."""
    from domain import probes  # noqa: PLC0415 - imports the chart

    case = load(office, stream, on)
    today, history = office.app.today, case.stream.history
    invoice = probes.tried_on(history, on, today)
    steps = [Step(name, probes.refusals_of_act(invoice, make, on, case.policy)) for name, make in probes.ACTS.items()]
    steps += [
        Step(name, probes.refusals_of_observation(history, invoice, make, on, today, name))
        for name, make in probes.OBSERVATIONS.items()
    ]
    return steps


def claim_of(invoice: Invoice | None) -> dict[str, Any] | None:
    """The claim as far as this version computes it: principal, payments and credits; the rest is null, and said to be."""
    if invoice is None:
        return None
    return {
        "invoiced_cents": invoice.total_cents, "paid_cents": invoice.paid_cents, "credited_cents": invoice.credited_cents,
        "principal_cents": invoice.unsettled_cents, "interest_cents": None, "indemnity_cents": None, "total_cents": None,
    }  # fmt: skip


NOT_COMPUTED = "Interest, indemnity and total are not computed by this version."


def view(office: Office, stream: str, as_of: dt.date, position: int) -> dict[str, Any]:
    """An invoice on a day as known at a position.

    Raises:
        NotFound: it was not issued by then, or not known.
    """
    loaded = office.app.stream_or_fail(stream)
    invoice = replay(loaded.history, as_of=as_of, known_at=position)
    if invoice is None:
        first = loaded.envelopes[0]
        raise NotFound(
            f"as of {in_words(as_of)} and known at @{position} there was no such invoice (issued {in_words(first.fact.on)}, recorded at @{first.position})"
        )
    issued, registry = invoice.issued, office.registry
    code, name = registry.card(issued.debtor)
    overdue = invoice.overdue_cents(as_of)
    return {
        "number": registry.number(stream.partition(":")[2], issued.debtor), "stream": stream, "debtor": code, "debtor_name": name,
        "issued_on": issued.on, "due_on": [part.due for part in issued.instalments], "as_of_on": as_of, "position": position,
        "state": invoice.regions._asdict(), "book_residual_cents": invoice.book_residual_cents, "overdue": overdue > 0,
        "overdue_cents": overdue, "claim": claim_of(invoice),
    }  # fmt: skip


def events(
    office: Office, stream: str, name_of: Callable[[Fact], str], details_of: Callable[[Fact], str]
) -> list[dict[str, Any]]:
    """Every entry of an invoice, in the order recorded, each with who, when, how late, and by what it was withdrawn."""
    from domain.facts.invoicing import EntryWithdrawn  # noqa: PLC0415

    envelopes = office.app.stream_or_fail(stream).envelopes
    withdrawn_by = {each.fact.withdrawn: each.version for each in envelopes if isinstance(each.fact, EntryWithdrawn)}
    return [
        {
            "position": each.position, "version": each.version, "name": name_of(each.fact), "on": each.fact.on,
            "recorded_at": each.recorded_at, "lag_days": (paris_day(each.recorded_at) - each.fact.on).days,
            "provenance": each.provenance, "actor": office.registry.actor_name(each.actor), "type": each.fact.stored_type,
            "details": details_of(each.fact), "withdrawn_by": withdrawn_by.get(each.version),
            "findings": [{"rule": found.rule, "reference": found.reference, "consequence": found.consequence} for found in each.findings],
        }
        for each in envelopes
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Balance:
    """An aged balance: rows by key, then the totals."""

    as_of: dt.date
    position: int
    scheme: Scheme
    rows: Sequence[tuple[str, str, Aged]]
    totals: Aged

    def value(self) -> dict[str, Any]:
        """The shape that other programs read."""
        return {
            "as_of_on": self.as_of, "position": self.position, "scheme": self.scheme.name, "basis": "effective", "knowledge": "recorded",
            "buckets": list(self.scheme.columns),
            "rows": [{"key": key, "name": name, "total_cents": row.total_cents, **row.by_name()} for key, name, row in self.rows],
            "totals": {"total_cents": self.totals.total_cents, **self.totals.by_name()},
        }  # fmt: skip


def ageing(office: Office, scheme: Scheme, as_of: dt.date, position: int, *, by: str) -> Balance:
    """The aged balance by debtor, by invoice or in total.

    Raises:
        NotFound: the day is still to come.
    """
    if as_of > office.app.today:
        raise NotFound(f"{in_words(as_of)} is still to come: an aged balance says what is owed, not what will be")
    office.views.catch_up()
    if by == "invoice":
        found = list(office.views.ageing(scheme, as_of, position))
    else:
        rows = office.views.ageing_by("debtor" if by == "debtor" else "total", scheme, as_of, position)
        found = [(debtor, debtor, row) for debtor, row in rows.items()]
    totals = Aged(scheme)
    for _, _, row in found:
        totals.add(row)
    if by == "total":
        return Balance(as_of, position, scheme, [("total", "", totals)], totals)
    labelled = [(*_label(office, key, debtor), row) for key, debtor, row in found]
    return Balance(as_of, position, scheme, sorted(labelled, key=lambda each: (each[0], each[1])), totals)


def _label(office: Office, key: str, debtor: str) -> tuple[str, str]:
    code, name = office.registry.card(debtor)
    if key == debtor:
        return code, name
    if key.startswith("debtor:"):
        return f"({code})", name
    return office.registry.number(key.partition(":")[2], debtor), name
