"""Checks of what is owed: the domain's own fold of each history against the views, in sum and account by account."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Final

from adapters.checks.bench import Bench
from adapters.checks.check import Check, Finding
from adapters.checks.reading import Read
from adapters.views.questions import Invoiced
from domain.errors import in_words
from domain.facts.invoicing import (
    CreditNoteApplied,
    EntryWithdrawn,
    InvoiceIssued,
    PaymentReceived,
    PaymentReversed,
    PromiseBroken,
    PromiseKept,
    WrittenOff,
)
from domain.facts.parties import CreditGranted, MoneyAllocated, MoneyReceived
from domain.history import Entry, known, replay, standing
from domain.money import plain
from projections.ageing import SCHEMES, Aged, aged, post
from projections.corner import Corner
from projections.ledger import Movement, account_movements, movements

REBUILD: Final = "relance views rebuild"
#: Facts that move cents, or take an entry back.
_MOVING: Final = (
    CreditGranted, CreditNoteApplied, EntryWithdrawn, InvoiceIssued, MoneyAllocated, MoneyReceived, PaymentReceived,
    PaymentReversed, WrittenOff,
)  # fmt: skip
#: Facts that make later ones take back what earlier ones posted.
_ENTANGLING: Final = (EntryWithdrawn, PaymentReversed, WrittenOff)


class Sums(Check):
    """The three sums, at several corners of the two times."""

    id = "sums"
    compares = (
        "the sum of all invoices and accounts folded by the domain, the aged total of the views (all columns) and the sum of the"
        " movements of the ledger: on the day, on earlier days, and at earlier positions"
    )
    kinds = ("invoice", "debtor")

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.corners = bench.corners()
        self.domain = [0] * len(self.corners)
        self.accounts = 0

    def meet(self, read: Read) -> None:
        """Add one invoice, or one account, at each corner."""
        self.accounts += 1
        sums = _invoice_at if read.stream.startswith("invoice:") else _account_at
        for n, cents in enumerate(sums(read.entries, self.corners)):
            self.domain[n] += cents

    def finish(self) -> str:
        """The same sums by the views, corner by corner."""
        views, scheme = self.bench.views(), SCHEMES["d4416"]
        for n, corner in enumerate(self.corners):
            self.bench.tell("sums of the views", n, len(self.corners))
            day = corner.as_of.toordinal()
            total = sum(aged(scheme, day, each.parts).total_cents for each in views.standing(corner))
            moved = sum(each.movement.cents for each in views.movements(corner))
            apart = self._by_spans(corner)
            if apart:
                self.find(
                    Finding(
                        f"on {in_words(corner.as_of)}, known at @{corner.position}, the columns by debtor or in total are not those of the invoices: {apart}",
                        "relance views rebuild",
                        (),
                        corner.position,
                    )
                )
            if not self.domain[n] == total == moved:
                figures = (("domain_cents", self.domain[n]), ("aged_cents", total), ("movements_cents", moved))
                self.find(
                    Finding(
                        f"on {in_words(corner.as_of)}, known at @{corner.position}, the sums differ",
                        f"relance ageing --as-of {corner.as_of} --known-at @{corner.position} --by total; relance check views",
                        figures,
                        corner.position,
                    )
                )
        return f"{self.accounts} accounts at {len(self.corners)} corners; {plain(self.domain[0])} EUR on {in_words(self.corners[0].as_of)}"

    def _by_spans(self, corner: Corner) -> str:
        """Where what is summed by spans is not what the movements come to, account by account; empty where it is."""
        views, scheme, day = self.bench.views(), SCHEMES["d4416"], corner.as_of.toordinal()
        folded: dict[str, Aged] = {}
        parts: dict[tuple[str, str], dict[int, int]] = {}
        for each in views.movements(corner):
            sums = parts.setdefault((each.stream, each.debtor), {})
            sums[each.movement.due] = sums.get(each.movement.due, 0) + each.movement.cents
        for (_, debtor), sums in parts.items():
            post(folded.setdefault(debtor, Aged(scheme)), day, [part for part in sorted(sums.items()) if part[1]])
        expected = {debtor: row.cents for debtor, row in folded.items() if any(row.cents)}
        found = {debtor: row.cents for debtor, row in views.ageing_by("debtor", scheme, corner).items()}
        total = views.ageing_by("total", scheme, corner).get("total", Aged(scheme)).cents
        differing = sorted(
            debtor for debtor in expected.keys() | found.keys() if expected.get(debtor) != found.get(debtor)
        )
        if differing:
            return f"{len(differing)} debtors, debtor:{differing[0]} first"
        if total != [sum(column) for column in zip(*expected.values(), strict=True)] and (any(total) or expected):
            return "the total"
        return ""


def _invoice_at(entries: Sequence[Entry], corners: Sequence[Corner]) -> Iterator[int]:
    """What the books carry of an invoice at each corner."""
    last = max(entry.position for entry in entries)
    latest = max(entry.fact.on for entry in entries)
    whole: int | None = None
    for corner in corners:
        if entries[0].position > corner.position:
            yield 0
        elif last <= corner.position and latest <= corner.as_of:
            if whole is None:
                now = replay(entries)
                whole = now.book_residual_cents if now else 0
            yield whole
        else:
            then = replay(entries, as_of=corner.as_of, known_at=corner.position)
            yield then.book_residual_cents if then else 0


def _account_at(entries: Sequence[Entry], corners: Sequence[Corner]) -> Iterator[int]:
    """What a debtor's own account carries at each corner: money and credit notes that belong to no invoice, below nil."""
    for corner in corners:
        facts = [entry.fact for entry in standing(known(entries, corner.position)) if entry.fact.on <= corner.as_of]
        yield sum(
            fact.cents if isinstance(fact, MoneyAllocated | PaymentReversed) else -fact.cents
            for fact in facts
            if isinstance(fact, MoneyReceived | CreditGranted | MoneyAllocated | PaymentReversed)
        )


class ViewsAgree(Check):
    """Each account of the views against a fold of its history at one go."""

    id = "views"
    compares = "each account of the views (movements at each position, dispute, promises, columns) and a fold of its history at one go"
    kinds = ("invoice", "debtor")

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.views = bench.views()
        self.rows: Iterator[Invoiced] = self.views.invoices()
        self.ahead: dict[str, Invoiced] = {}
        corner = Corner(bench.on, bench.position)
        self.disputed, self.promises = self.views.disputed(corner), dict(self.views.promises(corner))
        self.accounts = self.moved = 0

    def meet(self, read: Read) -> None:
        """One account; the first position at which it differs is named."""
        upto, is_invoice = self.bench.position, read.stream.startswith("invoice:")
        self.accounts += 1
        shown = [each for each in self.views.movements_of(read.stream) if each[0] <= upto]
        self.moved += len(shown)
        ends, sourced = _ends(read), not any(isinstance(each.fact, _ENTANGLING) for each in read.entries)
        for n, position in enumerate(ends or [upto], start=1):
            folded = _posted(known(read.entries, position), is_invoice=is_invoice)
            until = position if n < len(ends) else upto
            here = [movement for at, movement in shown if at <= until]
            if _net(folded, sourced=sourced) != _net(here, sourced=sourced):
                figures = (("fold_cents", _sum(folded)), ("views_cents", _sum(here)))
                self._find(read, f"the movements known at @{position} are not those of the fold", figures, position)
                break
        if is_invoice:
            self._invoice(read)

    def _invoice(self, read: Read) -> None:
        row = self._row(read.stream)
        issued = read.issued
        if issued is None:
            return
        if row is None:
            self._find(read, "the views do not list the invoice", (), read.events[0].position)
        elif not read.goes_on:
            performed = issued.performed_on.toordinal() if issued.performed_on else 0
            told = (issued.creditor, issued.debtor, issued.on.toordinal(), performed, issued.creditor_kind,
                    issued.debtor_kind, issued.nature, issued.total_cents)  # fmt: skip
            if (row.creditor, row.debtor, row.issued, row.performed, row.creditor_kind, row.debtor_kind, row.nature,
                row.total_cents) != told:  # fmt: skip
                figures = (("fold_cents", issued.total_cents), ("views_cents", row.total_cents))
                what = "the views list it with other parties, another day, nature or total"
                self._find(read, what, figures, read.events[-1].position)
        then = replay(read.entries, as_of=self.bench.on)
        disputed = then.disputed_cents if then else 0
        if self.disputed.pop(read.stream, 0) != disputed:
            self._find(read, f"the views show another amount disputed than {plain(disputed)} EUR", (), None)
        for entry in read.standing:
            if isinstance(entry.fact, PromiseKept | PromiseBroken) and entry.fact.on <= self.bench.on:
                kept, broken = self.promises.get(issued.debtor, (0, 0))
                is_kept = isinstance(entry.fact, PromiseKept)
                self.promises[issued.debtor] = (kept - is_kept, broken - (not is_kept))

    def _row(self, stream: str) -> Invoiced | None:
        """The row of an invoice: the views list them in the order of the log."""
        if stream in self.ahead:
            return self.ahead.pop(stream)
        for row in self.rows:
            if row.stream == stream:
                return row
            self.ahead[row.stream] = row
        return None

    def finish(self) -> str:
        """What the views hold beyond the log."""
        strange = [*self.ahead, *(row.stream for row in self.rows)]
        if strange and self.bench.is_at_head:
            what = f"the views list what the log does not have: {len(strange)} invoices"
            self.find(Finding(what, REBUILD, (("log", 0), ("views", len(strange))), stream=strange[0]))
        for stream, cents in self.disputed.items():
            if cents:
                figures = (("fold_cents", 0), ("views_cents", cents))
                self.find(
                    Finding("the views show an invoice disputed that the log does not", REBUILD, figures, stream=stream)
                )
        for debtor, (kept, broken) in self.promises.items():
            if kept or broken:
                what = f"the views count other promises of a debtor ({kept:+d} kept, {broken:+d} broken)"
                self.find(Finding(what, REBUILD, stream=f"debtor:{debtor}"))
        return f"{self.accounts} accounts, {self.moved} movements"

    def _find(self, read: Read, what: str, figures: tuple[tuple[str, int], ...], position: int | None) -> None:
        self.find(Finding(what, REBUILD, figures, position, read.stream, self.bench.label(read)))


def _ends(read: Read) -> list[int]:
    """The positions at which a command that moves cents, or takes something back, was whole."""
    found, moves = [], False
    for one, after in zip_longest(read.events, read.events[1:]):
        moves = moves or isinstance(one.fact, _MOVING)
        if moves and (after is None or one.raw.command != after.raw.command):
            found.append(one.position)
            moves = False
    return found


def _posted(entries: Sequence[Entry], *, is_invoice: bool) -> list[Movement]:
    return movements(entries) if is_invoice else account_movements([entry.fact for entry in standing(entries)])


def _net(posted: Iterable[Movement], *, sourced: bool) -> dict[tuple[int | str, ...], tuple[int, int]]:
    """Cents, in all and without VAT, by due day, days and kind: what was posted and taken back is nothing.

    What is taken back is not known to the source: its day counts where nothing is.
    """
    sums: dict[tuple[int | str, ...], tuple[int, int]] = {}
    for due, effective, booked, source, cents, kind, net in posted:
        key = (due, effective, booked, source if sourced else 0, kind)
        before = sums.get(key, (0, 0))
        sums[key] = (before[0] + cents, before[1] + (net or 0))
    return {key: both for key, both in sums.items() if any(both)}


def _sum(posted: Iterable[Movement]) -> int:
    return sum(movement.cents for movement in posted)
