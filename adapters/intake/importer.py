"""`import`: a file of invoices and payments into the log. It is read twice: once to refuse it whole, once to record it.

The same file again adds nothing; one that was interrupted goes on where it stopped: an invoice is known by its keyed id,
a payment by the keyed hash of invoice, day, amount and how many alike came before it in the file.
"""

import csv
import datetime as dt
import gc
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from adapters.acts import Order, perform, seeing
from adapters.application import Context, new_id
from adapters.bootstrap import Office
from adapters.daily import know_cash
from adapters.intake.bulk import Batch, digest
from adapters.intake.table import Layout, Problem, Row, read
from adapters.invoicing import Draft, stay_of
from adapters.payments import Payment, grant_credit
from adapters.registry import Party
from domain.errors import NotFound, Refused
from domain.facts.fact import Fact
from domain.facts.invoicing import DisputeOpened, PartyKind
from domain.history import add, founding

EVENTS_A_TRANSACTION: Final = 10_000
SHOWN: Final = 50
PAYMENT: Final = "payment"
CREDIT_NOTE: Final = "credit"


@dataclass(slots=True)
class Report:
    """What an import found and did."""

    rows: int = 0
    invoices: int = 0
    payments: int = 0
    credits: int = 0
    known: int = 0
    debtors: int = 0
    events: int = 0
    rejected_rows: int = 0
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Job:
    """An import to do."""

    path: Path
    layout: Layout
    creditor: str
    creditor_kind: PartyKind
    new_creditor: Party | None = None
    accept_partial: bool = False
    dry_run: bool = False
    force_number_seen: bool = False
    reject_file: Path | None = None
    cash_known_until: dt.date | None = None


class Importer:
    """One import of one file."""

    def __init__(self, office: Office, job: Job, progress: Callable[[int], None] | None = None) -> None:
        self.office, self.job, self.progress = office, job, progress
        self.app, self.registry = office.app, office.registry
        self.report = Report()
        self.today = office.app.today
        self.debtors: dict[str, str] = {}
        self.parties: dict[str, tuple[str, PartyKind]] = {}
        self.seen = _Seen()
        self.bad: set[int] = set()
        self.again: set[int] = set()
        self.is_first = not office.app.store.has_names("number", job.creditor)
        self.stays: dict[str, bool] = {}
        self.alike: dict[bytes, int] = {}

    def run(self) -> Report:
        """Check the whole file, then record it.

        Raises:
            InvalidInput: the file cannot be read at all.
        """
        self._check()
        if (self.report.rejected_rows and not self.job.accept_partial) or self.job.dry_run:
            return self.report
        self._register()
        gc.disable()  # an import makes millions of objects and no cycle: collecting them costs a sixth of the time
        try:
            self._record()
        finally:
            gc.enable()
        if self.job.cash_known_until is not None and not self.report.rejected_rows:
            know_cash(self.office, self.job.creditor, self.job.cash_known_until, self.app.today)
            self.report.notes.append(f"The bank has spoken until {self.job.cash_known_until}.")
        self.office.views.catch_up()
        return self.report

    # First reading: what cannot be taken

    def _check(self) -> None:
        with _Rejects(self.job.reject_file if self.job.accept_partial or not self.job.dry_run else None) as rejects:
            for item in self._items():
                self.report.rows += 1
                found = item if isinstance(item, list) else self._problems(item)
                if found:
                    self.report.rejected_rows += 1
                    self.bad.add(found[0].line)
                    self.report.problems += found
                    rejects.write(found)

    def _items(self) -> Iterator[Row | list[Problem]]:
        yield from read(self.job.path, self.job.layout, self.app.today)

    def _problems(self, row: Row) -> list[Problem]:
        """What stands against a row that reads well: its number, in the file and on record."""
        column = self.job.layout.columns["number"]
        if row.total_cents is None or row.issued_on is None:
            if self.seen.has(row.number) or (not self.is_first and self._streams(row.number)):
                return []
            return [Problem(row.line, column, row.number, "no invoice of that number is known")]
        if row.total_cents == 0:
            self.report.remarks.append(Problem(row.line, column, row.number, "a total of nil is no invoice; left out"))
            return []
        self._remark(row)
        before = self.seen.meet(row.number, _content(row))
        if before == "other":
            return [Problem(row.line, column, row.number, "the number came before in this file with other content")]
        if before == "same":
            self.again.add(row.line)
            return []
        self._name(row)
        if row.total_cents < 0:
            return []
        return self._against_record(row, column)

    def _against_record(self, row: Row, column: str) -> list[Problem]:
        known = [] if self.is_first else self._streams(row.number)
        if not known:
            return []
        stream = self._stream(row)
        if stream in known:
            self.again.add(row.line)
        else:
            if self.job.force_number_seen:
                return []
            return [
                Problem(
                    row.line,
                    column,
                    row.number,
                    "the number is on record with another issue day; --force number_seen takes it as another invoice",
                )
            ]
        issued = founding(self.app.stream(stream).history)
        debtor = self._debtor(row.debtor)
        if issued is not None and debtor is not None and issued == self._draft(row, debtor).fact(issued.number):
            return []
        return [
            Problem(
                row.line,
                column,
                row.number,
                "the number is on record with other content; correct it by hand (issue --correct)",
            )
        ]

    def _remark(self, row: Row) -> None:
        columns = self.job.layout.columns
        if row.issued_on and row.due_on and row.due_on < row.issued_on:
            self.report.remarks.append(
                Problem(row.line, columns["due_on"], str(row.due_on), "due before it was issued; kept")
            )
        if row.issued_on and row.paid_on and row.paid_on < row.issued_on:
            reason = "paid before it was issued; kept, counts from the issue day"
            self.report.remarks.append(Problem(row.line, columns["paid_on"], str(row.paid_on), reason))

    def _name(self, row: Row) -> None:
        name, kind = row.debtor_name or row.debtor, row.debtor_kind or self.job.layout.debtor_kind
        before = self.parties.get(row.debtor)
        if before and before[0] != name and (row.debtor, name) not in self.seen.names:
            self.seen.names.add((row.debtor, name))
            column = self.job.layout.columns.get("debtor_name", "debtor")
            self.report.remarks.append(
                Problem(row.line, column, name, f"{row.debtor} was {before[0]!r} before; the last name wins")
            )
        self.parties[row.debtor] = (name, kind)

    # Parties

    def _register(self) -> None:
        """Register what is not known yet, the creditor too, debtors many in an append, and the names that changed."""
        if self.job.new_creditor:
            self.registry.register(self.job.new_creditor, on=self.app.today, reserved=self.job.creditor)
        fresh: list[Party] = []
        for code, (name, kind) in self.parties.items():
            id = self._debtor(code)
            if id is None:
                fresh.append(Party(code, name, kind))
            elif self.job.layout.columns.get("debtor_name") and self.registry.card(id)[1] != name:
                known = self.registry.party(f"debtor:{id}")
                self.registry.register(
                    Party(
                        code,
                        name,
                        known.kind,
                        known.siren,
                        known.address,
                        known.email,
                        known.legal_form,
                        known.registry,
                    ),
                    on=self.app.today,
                    creditor=self.job.creditor,
                )
        self.debtors.update(self.registry.register_many(fresh, on=self.app.today, creditor=self.job.creditor))
        self.report.debtors = len(fresh)

    def _debtor(self, code: str) -> str | None:
        if code not in self.debtors:
            try:
                self.debtors[code] = self.registry.debtor(code, self.job.creditor)
            except NotFound:
                return None
        return self.debtors[code]

    # Second reading: what is recorded

    def _record(self) -> None:
        self.seen.clear()
        batch = Batch(self.app)
        pending: set[str] = set()
        for item in self._items():
            if isinstance(item, list) or item.line in self.bad or item.total_cents == 0:
                continue
            if item.number in pending or batch.events >= EVENTS_A_TRANSACTION:
                batch = self._flush(batch, pending, item.line)
            if item.total_cents is None:
                self._late_payment(item, self._streams(item.number)[0])
            elif item.total_cents < 0:
                self._credit(item)
            elif item.line in self.again:
                self._known(item)
            else:
                self._new(item, batch)
                pending.add(item.number)
        self._flush(batch, pending, self.report.rows)

    def _flush(self, batch: Batch, pending: set[str], line: int) -> Batch:
        self.report.events += batch.write()
        pending.clear()
        if self.progress:
            self.progress(line)
        return Batch(self.app)

    def _new(self, row: Row, batch: Batch) -> None:
        """An invoice not on record, with its dispute and its payment, under one command."""
        debtor = self._debtor(row.debtor)
        assert debtor is not None
        assert row.issued_on is not None
        key = self.registry.number_key(self.job.creditor, row.number)
        draft = self._draft(row, debtor)
        issued = draft.fact(key.hex())
        facts: list[Fact] = [issued]
        if debtor not in self.stays:
            self.stays[debtor] = self.registry.is_insolvent(debtor)
        stay = stay_of(self.office, draft) if self.stays[debtor] else None
        if stay:
            facts.append(stay)
        if row.disputed:
            facts.append(DisputeOpened(cents=issued.total_cents, extent="whole", on=row.issued_on, reason="unstated"))
        stream = self._stream(row)
        if row.paid_on is not None:
            cents = issued.total_cents if row.paid_cents is None else row.paid_cents
            if cents:
                once = self._payment_key(stream, row.paid_on, cents)
                facts.append(Payment(cents).fact(row.paid_on, once.hex()))
                batch.once.append((PAYMENT, once))
                self.report.payments += 1
        batch.add(stream, add((), facts, today=self.today, step="import"))
        batch.names.append(("number", self.job.creditor, key, stream))
        batch.records.append(self.registry.reference_row(stream.partition(":")[2], debtor, row.number))
        self.report.invoices += 1

    def _known(self, row: Row) -> None:
        """A row whose invoice is on record: it may still bring its payment."""
        if row.paid_on is None:
            self.report.known += 1
        else:
            self._late_payment(row, self._stream(row))

    def _late_payment(self, row: Row, stream: str) -> None:
        assert row.paid_on is not None
        history = self.app.stream(stream).history
        issued = founding(history)
        assert issued is not None
        cents = row.paid_cents if row.paid_cents is not None else issued.total_cents
        once = self._payment_key(stream, row.paid_on, cents)
        if not cents or self.app.store.is_done(PAYMENT, once):
            self.report.known += 1
            return
        order = Order(row.paid_on)
        try:
            done = perform(
                self.office, [stream], order, "import", seeing(lambda _: [Payment(cents).fact(order.on, once.hex())], "import"),
                once=[(PAYMENT, once)], provenance="imported",
            )  # fmt: skip
        except Refused as refusal:
            self.report.rejected_rows += 1
            self.report.problems.append(
                Problem(row.line, self.job.layout.columns["paid_on"], str(row.paid_on), str(refusal))
            )
            return
        self.report.payments += 1
        self.report.events += sum(len(each.decided) for each in done)

    def _credit(self, row: Row) -> None:
        """A negative total: a credit note on the debtor's account, that belongs to no invoice yet."""
        assert row.issued_on is not None
        assert row.total_cents is not None
        debtor = self._debtor(row.debtor)
        assert debtor is not None
        key = bytes.fromhex(self.registry.invoice_id(self.job.creditor, row.number, row.issued_on, kind="credit"))
        if self.app.store.is_done(CREDIT_NOTE, key):
            self.report.known += 1
            return
        change = grant_credit(
            self.office, debtor, self.job.creditor, row.issued_on, cents=-row.total_cents, number=row.number
        )
        self.app.append([change], Context(command=new_id(), once=((CREDIT_NOTE, key),), provenance="imported"))
        self.report.credits += 1
        self.report.events += 1

    # Identity

    def _stream(self, row: Row) -> str:
        assert row.issued_on is not None
        return f"invoice:{self.registry.invoice_id(self.job.creditor, row.number, row.issued_on)}"

    def _streams(self, number: str) -> list[str]:
        return self.app.store.named("number", self.job.creditor, self.registry.number_key(self.job.creditor, number))

    def _payment_key(self, stream: str, on: dt.date, cents: int) -> bytes:
        """Invoice, day, amount, and how many alike came before in the file: the same line again is the same payment."""
        plain_key = self.app.vault.name_key("payment", stream, on.isoformat(), str(cents))
        before = self.alike.get(plain_key, 0)
        self.alike[plain_key] = before + 1
        return (
            plain_key
            if not before
            else self.app.vault.name_key("payment", stream, on.isoformat(), str(cents), str(before))
        )

    def _draft(self, row: Row, debtor: str) -> Draft:
        assert row.issued_on is not None
        assert row.total_cents is not None
        kind = row.debtor_kind or self.job.layout.debtor_kind
        return Draft(
            number=row.number, creditor=self.job.creditor, debtor=debtor, issued_on=row.issued_on,
            instalments=[(row.total_cents, row.due_on)], debtor_kind=kind, creditor_kind=self.job.creditor_kind,
            performed_on=row.performed_on, vat_cents=row.vat_cents,
        )  # fmt: skip


def _content(row: Row) -> bytes:
    return digest(
        row.debtor, str(row.issued_on), str(row.due_on), str(row.performed_on), str(row.total_cents), str(row.vat_cents)
    )


class _Seen:
    """The numbers of the file so far, on disk when they are many: a file may hold millions."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA cache_size = -16384")
        self._db.execute("CREATE TABLE seen (number BLOB PRIMARY KEY, content BLOB) WITHOUT ROWID")
        self._db.execute("BEGIN")
        self.names: set[tuple[str, str]] = set()

    def meet(self, number: str, content: bytes) -> str:
        """`new`, `same` or `other`: what the number was before in this file."""
        key = digest(number)
        if self._db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, content)).rowcount:
            return "new"
        before = self._db.execute("SELECT content FROM seen WHERE number = ?", (key,)).fetchone()
        return "same" if before[0] == content else "other"

    def has(self, number: str) -> bool:
        """Whether the number came before."""
        return self._db.execute("SELECT 1 FROM seen WHERE number = ?", (digest(number),)).fetchone() is not None

    def clear(self) -> None:
        """Forget."""
        self._db.execute("DELETE FROM seen")


class _Rejects:
    """Writes what was rejected to a CSV file of its own, when one is asked for."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def __enter__(self) -> Self:
        self._file = self._path.open("w", newline="", encoding="utf-8") if self._path else None
        if self._file:
            self._out = csv.writer(self._file)
            self._out.writerow(("line", "column", "value", "reason"))
        return self

    def write(self, problems: list[Problem]) -> None:
        """Write the problems of a row."""
        if self._file:
            self._out.writerows((each.line, each.column, each.value, each.reason) for each in problems)

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()
