"""What a day holds for every open invoice: read where it was computed before and still holds, else loaded and computed.

An outlook is used again only for the same version of the invoice, by the same law and the same policy, on a day on which it holds;
that of a debtor with money on account, or of a promise, at the same moment only. So a pass gives what loading everything gives.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

import msgspec

from adapters.bootstrap import Adopted, Office
from adapters.law_added import FILE
from adapters.on_account import on_account, waiting
from adapters.store.mapper import read_fact, read_raw
from adapters.worklist_file import NAME, Book, Row, law_digest
from domain.account import Movement
from domain.deadline import Deadline
from domain.facts.procedure import EscalatedToInjonction, OppositionLodged
from domain.history import Entry, History, founding
from projections.corner import Corner
from projections.worklist import NextDate, Outlook, next_date_of

BATCH: Final = 5_000
STRIDE: Final = 100
_NEVER: Final = dt.date.max.toordinal()
_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Outlook, strict=False).decode
#: The last asked of `next_date`, with the version of each open invoice.
_LAST: Final[list[tuple["Ahead", dict[str, int | None]]]] = []
Result = TypeVar("Result")


class Ahead:
    """The outlooks of one day, as all that is recorded makes them."""

    def __init__(self, office: Office, on: dt.date, *, afresh: bool = False) -> None:
        """Stand on a store whose views were caught up; `afresh` loads everything and keeps nothing."""
        self.office, self.on, self.today, self.afresh = office, on, office.app.today, afresh
        self.position = office.app.store.position()
        self._rows: dict[str, Row] = {}
        self._new: list[Row] = []
        self._policies: dict[str, Adopted] = {}
        self._cash: dict[str, dt.date | None] = {}
        self._stamps: dict[str, bytes] = {}
        added = office.folder.path / FILE
        self._law = law_digest(added.read_bytes() if added.exists() else b"")
        self._unsteady: frozenset[str] | None = None
        self._shares: dict[str, dict[str, list[Movement]]] = {}
        self._asked: list[str] = []
        self._is_whole, self._whole_at = False, -1

    def asked(self, *, debtor: str | None = None, quiet: bool = True) -> list[tuple[str, int | None]]:
        """The invoices of a pass, each with its version where it is known; without those known to be quiet, if so asked.

        They are open, or promised; of a past day, also those that were open then. While nothing is recorded since the last whole pass,
        they are those of that pass.
        """
        if not self.afresh:
            known = self._passed() if debtor is None else None
            if known is not None:
                rows = self._kept_rows(quiet=quiet)
                if rows is not None and (not quiet or rows.keys() >= set(known)):
                    self._rows, self._asked, self._is_whole, self._whole_at = rows, known, True, self.position
                    return [(stream, rows[stream].version) for stream in known if stream in rows]
            kept = self._book(Book.rows)
            self._rows = kept or {}
        found = candidates(self.office, self.on, debtor=debtor)
        self._asked = [stream for stream, _ in found] if debtor is None else []
        return found

    def _passed(self) -> list[str] | None:
        """The invoices of the last whole pass, if nothing was recorded since."""
        return self._book(lambda book: book.whole(self.position)) if self.on == self.today else None

    def _kept_rows(self, *, quiet: bool) -> dict[str, Row] | None:
        """What is kept of the last whole pass, with or without what is known to be quiet on the day."""
        if quiet:
            return self._book(Book.rows)
        stamps = [self._stamp(creditor) for creditor in self.office.registry.creditors()]
        days = (self.on.toordinal(), self.today.toordinal())
        return self._book(lambda book: book.stirring(*days, stamps))

    def moved_on(self, recorded: int) -> None:
        """Stand at the newest position, after a pass that recorded so many events; if others recorded too, it is no longer whole."""
        if self.office.app.store.position() != self.position + recorded:
            self._asked = []
        self.position = self.office.app.store.position()
        self._unsteady = None
        self._shares.clear()

    def leaves_out(self) -> None:
        """Say that what was recorded may have changed which invoices a pass is about."""
        self._asked = []

    # What surrounds an invoice

    def policy(self, creditor: str) -> Adopted:
        """The policy that a creditor follows on the day."""
        if creditor not in self._policies:
            self._policies[creditor] = self.office.policy(creditor, self.on)
        return self._policies[creditor]

    def cash(self, creditor: str) -> dt.date | None:
        """How far the creditor's bank has spoken."""
        if creditor not in self._cash:
            self._cash[creditor] = self.office.cash_known_until(creditor)
        return self._cash[creditor]

    def on_account(self, debtor: str, stream: str) -> tuple[Movement, ...]:
        """The money on the debtor's account that the law imputes on an invoice."""
        if debtor not in self.unsteady:
            return ()
        if debtor not in self._shares:
            self._shares[debtor] = on_account(self.office, debtor, self.on, self.position)
        return tuple(self._shares[debtor].get(stream, ()))

    @property
    def unsteady(self) -> frozenset[str]:
        """The debtors with money that the books gave to no invoice."""
        if self._unsteady is None:
            moved = self.office.views.movements(Corner(self.on, self.position), kinds=("money",))
            debtors = {each.debtor for each in moved}
            self._unsteady = frozenset(
                debtor for debtor in debtors if waiting(self.office.app, debtor, self.on, self.position)
            )
        return self._unsteady

    # Outlooks

    def of(self, stream: str, version: int | None) -> Outlook | None:
        """What the day holds for an invoice at its newest version, if that is known; nothing where it was not issued by then."""
        row = self._held(stream, version) if version else None
        return (row and _read(row)) or self.computed(stream)

    def over(
        self, asked: Sequence[tuple[str, int | None]], progress: Callable[[int, int], None] | None = None
    ) -> Iterator[tuple[str, Outlook]]:
        """The invoices asked about that were issued by then, each with what the day holds for it; kept at the end."""
        for n, (stream, version) in enumerate(asked, start=1):
            seen = self.of(stream, version)
            if seen:
                yield stream, seen
            if progress and (n % STRIDE == 0 or n == len(asked)):
                progress(n, len(asked))
        self.save(visited=True)

    def is_quiet(self, stream: str, version: int | None) -> bool:
        """Whether a pass of the day is known to have nothing to do and nothing to say of an invoice."""
        row = self._held(stream, version) if version else None
        return row is not None and not row.loud and row.concludes > self.today.toordinal()

    def deadlines(self, stream: str, version: int | None) -> tuple[Deadline, ...]:
        """The deadlines of an invoice: they hold from its newest fact on, whatever the policy calls for."""
        row = self._rows.get(stream)
        kept = None
        if row and version and self._is_of(row, version) and row.settled <= self.on.toordinal():
            kept = _read(row)
        seen = kept or self.of(stream, version)
        return seen.deadlines if seen else ()

    def _is_of(self, row: Row, version: int) -> bool:
        return row.version == version and row.stamp == self._stamp(row.creditor)

    def _held(self, stream: str, version: int) -> Row | None:
        row = self._rows.get(stream)
        if row is None or not self._is_of(row, version):
            return None
        if row.moment or row.debtor in self.unsteady:
            return row if row.moment == self._moment(row.creditor, row.debtor) else None
        return row if row.first <= self.on.toordinal() <= row.last else None

    def _stamp(self, creditor: str) -> bytes:
        if creditor not in self._stamps:
            named = f"{self._law} {self.policy(creditor).digest}"
            self._stamps[creditor] = hashlib.sha256(named.encode()).digest()[:16]
        return self._stamps[creditor]

    def _moment(self, creditor: str, debtor: str) -> bytes:
        position = self.position if debtor in self.unsteady else 0
        named = f"{self.on} {self.today} {self.cash(creditor)} {position}"
        return hashlib.sha256(named.encode()).digest()[:16]

    def computed(self, stream: str, history: History | None = None) -> Outlook | None:
        """The same, loaded and computed, and kept for the next time."""
        from projections.outlook import Circumstances, outlook  # noqa: PLC0415 - imports the chart

        history = history or self.history(stream)
        issued = founding(history)
        if issued is None:
            return None
        about = Circumstances(
            self.office.law, self.policy(issued.creditor).policy, self.on, self.today, self.cash(issued.creditor),
            self.on_account(issued.debtor, stream), is_unsteady=issued.debtor in self.unsteady, claimed_cents=self._claimed(history),
        )  # fmt: skip
        seen = outlook(history, about)
        if seen and not self.afresh and self.on == self.today:  # what is asked of a past day is not asked again
            self._keep(stream, len(history), seen)
        return seen

    def history(self, stream: str) -> History:
        """The entries of an invoice."""
        found = []
        for leaf in self.office.app.store.select_events(stream):
            raw = read_raw(leaf.state, leaf.position)
            found.append(Entry(raw.version, read_fact(raw.type, bytes(raw.fact)), leaf.position, raw.act))
        return tuple(found)

    def _claimed(self, history: History) -> int | None:
        """What the whole petition claims, where it was opposed: a lawyer is compulsory by its amount."""
        if not any(isinstance(entry.fact, OppositionLodged) for entry in history):
            return None
        petitions = [entry.fact for entry in history if isinstance(entry.fact, EscalatedToInjonction)]
        if not petitions:
            return None
        whole = self.office.app.stream(f"proceeding:{petitions[-1].proceeding}").envelopes
        heads = whole[0].fact.heads if whole and isinstance(whole[0].fact, EscalatedToInjonction) else ()
        return sum(head.cents for head in heads) or None

    # The file

    def _keep(self, stream: str, version: int, seen: Outlook) -> None:
        moment = b"" if seen.is_lasting else self._moment(seen.creditor, seen.debtor)
        concludes = seen.concludes_on.toordinal() if seen.concludes_on else _NEVER
        row = Row(
            stream, version, seen.creditor, seen.debtor, self._stamp(seen.creditor), moment, seen.from_on.toordinal(),
            seen.until_on.toordinal(), seen.settled_on.toordinal(), concludes, int(seen.is_loud), _encode(seen),
        )  # fmt: skip
        self._rows[stream] = row
        self._new.append(row)
        if len(self._new) >= BATCH:
            new, self._new = self._new, []
            self._book(lambda book: book.save(new))

    def save(self, *, visited: bool = False) -> None:
        """Keep what was computed; where every invoice of the pass was visited, say so, and let go of the others."""
        if self.afresh:
            return
        new, self._new = self._new, []
        gone: list[str] = []
        whole = self._is_whole and self.position != self._whole_at
        if visited and self._asked and not self._is_whole and self.on == self.today:
            alive = set(self._asked)
            gone = [stream for stream in self._rows if stream not in alive]
            whole = alive <= self._rows.keys()
        if new or gone or whole:
            mark = (self.position, self._asked) if whole and self._asked else None
            self._book(lambda book: book.save(new, gone, mark))

    def _book(self, do: Callable[[Book], Result]) -> Result:
        book = Book(self.office.folder.path / NAME)
        try:
            return do(book)
        finally:
            book.close()


def candidates(office: Office, on: dt.date | None = None, *, debtor: str | None = None) -> list[tuple[str, int | None]]:
    """The invoices of a pass with their version: open ones, those promised; of a past day, those that were open then too."""
    opened: dict[str, int | None] = {
        stream: version for stream, version, _ in office.views.open_accounts(debtor=debtor)
    }
    mine = set(office.views.invoices_of(debtor)) if debtor else None
    opened |= {
        stream: None for stream in office.views.promised() if stream not in opened and (mine is None or stream in mine)
    }
    if on is not None and on < office.app.today:
        corner = Corner(on, office.app.store.position())
        for standing in office.views.standing(corner, debtor=debtor):
            if standing.stream.startswith("invoice:"):
                opened.setdefault(standing.stream, None)
    return list(opened.items())


def parties(office: Office, creditor: str | None, debtor: str | None) -> tuple[str | None, str | None]:
    """The ids of a creditor and of a debtor as they were named (`CREDITOR/CODE` where several have him), none for all.

    Raises:
        NotFound: there is none of that name.
        Misuse: several creditors have that debtor.
    """
    owner, _, code = (debtor or "").rpartition("/")
    reference = creditor or owner or None
    of = office.registry.creditor(reference) if reference else None
    return of, office.registry.debtor(code, of) if debtor else None


def next_date(office: Office, stream: str, on: dt.date) -> NextDate | None:
    """The next day on which an open invoice is to be looked at, and why; nothing where the record dates nothing of it.

    The views were caught up before. Asked of many invoices in a row, it reads what is kept once.
    """
    asked = (office, on, office.app.store.position())
    if not _LAST or (_LAST[0][0].office, _LAST[0][0].on, _LAST[0][0].position) != asked:
        made = Ahead(office, on)
        _LAST[:] = [(made, dict(made.asked()))]
    ahead, versions = _LAST[0]
    seen = ahead.of(stream, versions.get(stream))
    return next_date_of(seen, on) if seen else None


def _read(row: Row) -> Outlook | None:
    """The outlook of a row; nothing where its bytes were damaged."""
    try:
        return _decode(row.body)
    except (msgspec.DecodeError, ValueError):
        return None
