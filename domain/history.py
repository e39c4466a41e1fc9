"""The history of one invoice: which entries stand, in which order, what they conclude, what may be added.

State at (as-of, known-at) is the fold of the entries known and not withdrawn, sorted by (max(day, issue day), conclusions
last, version). An append is accepted if the history so ordered is still a path of the chart: so every as-of view, a
prefix of that path, is sound by construction.
"""

import datetime as dt
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from domain.errors import in_words, refused_by_record
from domain.facts.fact import Fact
from domain.facts.invoicing import (
    CreditNoteApplied,
    DossierExported,
    EntryWithdrawn,
    InvoiceFellDue,
    InvoiceIssued,
    InvoicePaid,
    PaymentReceived,
    PaymentReversed,
)
from domain.facts.vocabulary import OF_STREAM
from domain.invoice import Invoice, NoEdge, as_invoice_fact, evolve
from domain.moves import FIRST, MOVES
from domain.opening import plain_opening
from domain.ties import check_ties
from domain.words import command, in_the_trade

_CONCLUSIONS: Final = (InvoiceFellDue, InvoicePaid)
_DRAFTS: Final = {fact.__name__ for fact in OF_STREAM["invoice"] if fact.draft}
#: Days of the past that a fact may carry besides those to come (a deadline, a promise).
_PAST: Final = (
    "on", "booked_on", "cash_known_until", "copy_received_on", "counted_until", "handed_on", "notice_received_on", "performed_on",
    "published_on", "source_known_on",
)  # fmt: skip
_SETTLEMENT: Final = MOVES["InvoicePaid"][0]


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact at its place: version in the stream, position in the log (nil while it is being decided)."""

    version: int
    fact: Fact
    position: int = 0
    act: str | None = None


History = tuple[Entry, ...]


def known(history: Iterable[Entry], position: int | None) -> History:
    """The entries recorded up to a position of the log; all of them without one."""
    return tuple(entry for entry in history if position is None or entry.position <= position)


def standing(history: Sequence[Entry]) -> list[Entry]:
    """The entries not withdrawn, withdrawals themselves left out, in the order recorded."""
    withdrawn = {entry.fact.withdrawn for entry in history if isinstance(entry.fact, EntryWithdrawn)}
    return [entry for entry in history if entry.version not in withdrawn and not isinstance(entry.fact, EntryWithdrawn)]


def founding(history: Sequence[Entry]) -> InvoiceIssued | None:
    """The issue that stands, if one does."""
    return next((entry.fact for entry in reversed(standing(history)) if isinstance(entry.fact, InvoiceIssued)), None)


def ordered(history: Sequence[Entry]) -> list[tuple[dt.date, Entry]]:
    """The entries that stand after the founding one, each with its effective day, in the order of the fold."""
    return _laid_out(history)[1]


def _laid_out(history: Sequence[Entry]) -> tuple[InvoiceIssued | None, list[tuple[dt.date, Entry]]]:
    """The issue that stands, and the others in the order of the fold."""
    alive = standing(history)
    issued: InvoiceIssued | None = None
    others = []
    for entry in alive:
        if isinstance(entry.fact, InvoiceIssued):
            issued = entry.fact
        else:
            others.append(entry)
    if issued is None:
        return None, []
    start = issued.on
    placed = [(max(entry.fact.on, start), entry) for entry in others]
    placed.sort(key=lambda each: (each[0], isinstance(each[1].fact, _CONCLUSIONS), each[1].version))
    return issued, placed


def replay(history: Sequence[Entry], *, as_of: dt.date | None = None, known_at: int | None = None) -> Invoice | None:
    """The invoice on a day, as known at a position; nothing if it was not issued, or not known, by then.

    Raises:
        NoEdge: the stored history is not a path of the chart.
    """
    found = replayed(history, as_of=as_of, known_at=known_at)
    return found[0] if found else None


def replayed(
    history: Sequence[Entry], *, as_of: dt.date | None = None, known_at: int | None = None
) -> tuple[Invoice, list[Entry]] | None:
    """`replay`, with the entries that were folded, in their order.

    Raises:
        NoEdge: as `replay`.
    """
    issued, placed = _laid_out(history if known_at is None else known(history, known_at))
    if issued is None or (as_of is not None and issued.on > as_of):
        return None
    invoice, folded = Invoice(issued), []
    for effective, entry in placed:
        if as_of is not None and effective > as_of:
            break
        invoice = evolve(invoice, as_invoice_fact(entry.fact))
        folded.append(entry)
    return invoice, folded


def state_before(history: Sequence[Entry], version: int) -> Invoice | None:
    """The state that an entry meets: the fold of what comes before it in the order of the history."""
    issued, placed = _laid_out(history)
    if issued is None:
        return None
    invoice = Invoice(issued)
    for _, entry in placed:
        if entry.version == version:
            break
        invoice = evolve(invoice, as_invoice_fact(entry.fact))
    return invoice


def conclusions(history: Sequence[Entry], today: dt.date) -> list[InvoiceFellDue | InvoicePaid]:
    """What a walk of the ordered history yields by the end of today, checking each edge on the way.

    An instalment falls due on its due day, unless the invoice was cancelled before. The invoice is paid at the end of the
    first day on which payments and credit notes cover the total, again after each reversal that leaves it covered.

    Raises:
        NoEdge: the history is not a path of the chart.
    """
    return _walk(*_laid_out(history), today)


def _walk(
    issued: InvoiceIssued | None, placed: Sequence[tuple[dt.date, Entry]], today: dt.date
) -> list[InvoiceFellDue | InvoicePaid]:
    if issued is None:
        return []
    start, total = issued.on, issued.total_cents
    days: dict[dt.date, tuple[list[Fact], list[InvoiceFellDue]]] = {}
    for effective, entry in placed:
        if not isinstance(entry.fact, _CONCLUSIONS):
            days.setdefault(effective, ([], []))[0].append(entry.fact)
    for part in sorted(issued.instalments, key=lambda part: part.n):
        if part.due is not None and part.due <= today:
            days.setdefault(max(part.due, start), ([], []))[1].append(InvoiceFellDue(instalment=part.n, on=part.due))
    regions = list(FIRST)
    found: list[InvoiceFellDue | InvoicePaid] = []
    paid = credited = 0
    for day in sorted(days):
        facts, falling = days[day]
        for fact in facts:
            _step(regions, fact)
            if isinstance(fact, PaymentReceived):
                paid += fact.cents
            elif isinstance(fact, PaymentReversed):
                paid -= fact.cents
            elif isinstance(fact, CreditNoteApplied):
                credited += fact.cents
        if regions[_SETTLEMENT] != "cancelled":
            for fell in falling:
                _step(regions, fell)
                found.append(fell)
        if regions[_SETTLEMENT] == "owed" and paid + credited >= total and day <= today:
            covered = InvoicePaid(credited_cents=credited, on=day, paid_cents=paid)
            _step(regions, covered)
            found.append(covered)
    return found


def _step(regions: list[str], fact: Fact) -> None:
    edges = MOVES.get(fact.move)
    if edges is None:
        return
    index, targets = edges
    try:
        regions[index] = targets[regions[index]]
    except KeyError:
        raise NoEdge(fact.move, regions[index], fact.on) from None


def add(history: Sequence[Entry], facts: Sequence[Fact], *, today: dt.date, step: str) -> list[Fact]:
    """The facts to append: those given, then the conclusions they add and the withdrawals of those they refute.

    Args:
        history: the entries recorded so far, all of them.
        facts: what is to be added; withdrawals name versions of `history`.
        today: the day of recording, in Paris.
        step: the command's word, for the refusal.

    Raises:
        Refused: the record stands against it (a fact refusal).
    """
    plain = None if history else plain_opening(facts, today)
    return plain if plain is not None else walked(history, facts, today=today, step=step)


def walked(history: Sequence[Entry], facts: Sequence[Fact], *, today: dt.date, step: str) -> list[Fact]:
    """`add`, by walking the whole history: its meaning.

    Raises:
        Refused: as `add`.
    """
    for fact in facts:
        if fact.role == "conclusion":
            raise refused_by_record(
                step, "conclusion", f"{type(fact).__name__} is concluded from the record, never given"
            )
        if isinstance(fact, EntryWithdrawn) and fact.on != today:
            raise refused_by_record(step, "withdrawn_today", "a withdrawal bears the day it is recorded")
        latest = max((day for name in _PAST if (day := vars(fact).get(name)) is not None), default=fact.on)
        if latest > today:
            raise refused_by_record(
                step, "future", f"{in_words(latest)} is still to come: record what happened, not what will"
            )
    grown = grown_by(history, facts)
    _check_withdrawals(history, grown, facts, step)
    issued, placed = _laid_out(grown)
    check_ties(placed, issued, step)
    try:
        expected = _walk(issued, placed, today)
    except NoEdge as error:
        raise refused_by_record(step, "no_such_step", explained(error)) from None
    refuted: list[Entry] = []
    for entry in standing(history):
        if isinstance(entry.fact, _CONCLUSIONS):
            if entry.fact in expected:
                expected.remove(entry.fact)
            else:
                refuted.append(entry)
    withdrawals = [EntryWithdrawn(on=today, reason="superseded", withdrawn=entry.version) for entry in refuted]
    return [*facts, *withdrawals, *expected]


def grown_by(history: Sequence[Entry], facts: Sequence[Fact]) -> History:
    """The history with facts at the versions they would have."""
    return (*history, *(Entry(version, fact) for version, fact in enumerate(facts, start=len(history) + 1)))


def pending(history: Sequence[Entry], *, today: dt.date) -> History:
    """The history with the conclusions that the next append will record: what a rule must see."""
    return grown_by(history, add(history, [], today=today, step="conclude"))


def _check_withdrawals(history: Sequence[Entry], grown: History, facts: Sequence[Fact], step: str) -> None:
    """What is withdrawn is on record, stands, and leaves exactly one issue."""
    if not history and len([fact for fact in facts if isinstance(fact, InvoiceIssued)]) == 1:
        return
    alive = {entry.version: entry.fact for entry in standing(history)}
    for fact in facts:
        if not isinstance(fact, EntryWithdrawn):
            continue
        target = alive.pop(fact.withdrawn, None)
        if target is None:
            raise refused_by_record(
                step,
                "not_standing",
                f"version {fact.withdrawn} is not an entry that stands (a withdrawal is never withdrawn)",
            )
        if isinstance(target, DossierExported):
            raise refused_by_record(
                step, "exported", f"version {fact.withdrawn} records an export: what left the house has left it"
            )
        if isinstance(target, _CONCLUSIONS):
            raise refused_by_record(
                step,
                "conclusion",
                f"version {fact.withdrawn} is concluded from the others: withdraw what it follows from",
            )
    issues = [entry.fact for entry in standing(grown) if isinstance(entry.fact, InvoiceIssued)]
    old = founding(history)
    if old and issues and _identity(old) != _identity(issues[-1]):
        reason = "a correction keeps number, issue day, creditor and debtor; another invoice is another stream"
        raise refused_by_record(step, "different_identity", reason)
    if len(issues) > 1:
        raise refused_by_record(
            step, "different_content", "the invoice is on record with other content; issue --correct replaces it"
        )
    if not issues:
        raise refused_by_record(
            step,
            "not_issued",
            "its issue cannot be withdrawn alone; issue --correct gives the right one in the same entry",
        )


def _identity(issued: InvoiceIssued) -> tuple[str, dt.date, str, str]:
    return issued.number, issued.on, issued.creditor, issued.debtor


def explained(error: NoEdge) -> str:
    """What stands in the way, and what to record first."""
    index, targets = MOVES[error.move]
    moving = {source for source, target in targets.items() if source != target}
    path = [command(move) for move in _way(index, error.state, moving or set(targets))]
    first = f"; record first: {', then '.join(path)}" if path else "; nothing leads there from here"
    return f"on {in_words(error.on)} the invoice is {error.state.replace('_', ' ')}, which '{in_the_trade(error.move)}' does not follow{first}"


def _way(index: int, start: str, goals: set[str]) -> list[str]:
    """The shortest run of moves of one region from a state to one of the goals."""
    queue: deque[tuple[str, list[str]]] = deque([(start, [])])
    seen = {start}
    while queue:
        here, path = queue.popleft()
        if here in goals:
            return path
        for move, (region, targets) in sorted(MOVES.items()):
            there = targets.get(here)
            if region == index and there is not None and there not in seen and move not in _DRAFTS:
                seen.add(there)
                queue.append((there, [*path, move]))
    return []
