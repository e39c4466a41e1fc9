"""`import`: a file of invoices and payments into the log. It is judged whole before a row of it is recorded.

The same file again adds nothing; one that was interrupted goes on where it stopped: an invoice is known by its keyed id,
a payment by the keyed hash of invoice, day, amount and how many alike came before it in the file.
"""

import gc
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from eventsourcing.persistence import IntegrityError

from adapters.acts import Order, perform, seeing
from adapters.bootstrap import Office
from adapters.daily import know_cash
from adapters.insolvency import opened, stay_of_draft
from adapters.intake.bulk import Batch
from adapters.intake.checking import CREDIT_NOTE, KNOWN, Checker, Progress
from adapters.intake.job import Counts, Job, Report
from adapters.intake.record import Record
from adapters.intake.rejects import Problem, RejectFile
from adapters.intake.source import CsvFile, checked_delimiter
from adapters.intake.table import Row, Table
from adapters.payments import Payment
from adapters.registry import Party
from adapters.store.sqlite import DoneAlready
from domain.errors import Conflict, Refused, refused_by_record
from domain.facts.fact import Fact
from domain.facts.invoicing import DisputeOpened
from domain.facts.parties import CreditGranted
from domain.history import add, founding

EVENTS_A_TRANSACTION: Final = 10_000
ROWS_A_TRANSACTION: Final = 50_000
PAYMENT: Final = "payment"


class Importer:
    """One import of one file."""

    def __init__(self, office: Office, job: Job, progress: Progress | None = None) -> None:
        layout = job.layout
        self.office, self.job, self.progress = office, job, progress
        self.app, self.registry = office.app, office.registry
        self.report = Report()
        self.today = office.app.today
        self.on = job.on or self.today
        self.record = Record(office, job)
        self.rejects = RejectFile(job.reject_file, job.path, office.folder.path)
        self.check = Checker(self.record, job, self.report, self.rejects)
        file = CsvFile(job.path, layout.encoding, checked_delimiter(layout.delimiter), tuple(layout.columns.values()))
        self.table = Table(file, layout, self.on)
        self.debtors: dict[str, str] = {}
        self.stays: dict[str, bool] = {}
        self.row = 0

    def run(self) -> Report:
        """Check the whole file, then record it.

        Raises:
            InvalidInput: the file cannot be read at all.
            Conflict: another command recorded what this one was recording.
            Misuse: the bank is said to have spoken of a day to come, or the reject file is something else.
        """
        was_collecting = gc.isenabled()
        gc.disable()  # an import makes millions of objects and hardly a cycle: collecting them costs a sixth of the time
        try:
            return self._run()
        finally:
            if was_collecting:
                gc.enable()

    def _run(self) -> Report:
        job, report = self.job, self.report
        with self.rejects, self.check.taken:
            self.check.run(self.table.rows(), self.progress)
            self.rejects.flush()
            if (report.rejected_rows and not job.accept_partial) or job.dry_run:
                return report
            self.office.signed_in()
            report.recorded = True
            self._register()
            self._record()
        if job.cash_known_until is not None:
            if report.rejected_rows:
                report.notes.append(
                    f"Rows were rejected: that the bank spoke until {job.cash_known_until} is not recorded."
                )
            else:
                know_cash(self.office, job.creditor, job.cash_known_until, self.on)
                report.notes.append(f"The bank has spoken until {job.cash_known_until}.")
        self.office.views.catch_up()
        return report

    # Parties

    def _register(self) -> None:
        """Register what is not known yet, the creditor too, debtors many in an append, and the names that changed."""
        creditor = self.job.creditor
        if self.job.new_creditor:
            id = self.registry.register(self.job.new_creditor, on=self.on, reserved=creditor)
            if id != creditor:
                raise Conflict("another command registered the creditor meanwhile; import again")
        fresh: list[Party] = []
        has_names = "debtor_name" in self.job.layout.columns
        for code, (name, kind) in self.check.parties.items():
            id_known = self.record.debtor(code)
            if id_known is None:
                fresh.append(Party(code, name, kind))
                continue
            self.debtors[code] = id_known
            if has_names and name != code and self.registry.card(id_known)[1] != name:
                known = self.registry.party(f"debtor:{id_known}")
                self.registry.register(replace(known, name=name), on=self.on, creditor=creditor)
                self.report.renamed += 1
        made = self.registry.register_many(fresh, on=self.on, creditor=creditor)
        self.debtors.update(made)
        self.stays = dict.fromkeys(made.values(), False)
        self.report.debtors = len(made)

    # What was judged good is recorded

    def _record(self) -> None:
        rows = self.check.taken.rows()
        while self._stretch(rows):
            self.rejects.flush()
            if self.progress:
                self.progress("recorded", self.row)

    def _stretch(self, rows: Iterator[tuple[int, Row]]) -> bool:
        """Record some rows in one transaction.

        Returns:
            Whether there may be more.

        Raises:
            Conflict: another command recorded some of them meanwhile; nothing of this transaction is kept.
        """
        part, more = Counts(), False
        batch, pending, until = Batch(self.app), set[str](), self.row + ROWS_A_TRANSACTION
        try:
            with self.app.store.writing(self.app.clock.now()):
                for verdict, row in rows:
                    self.row += 1
                    if row.number in pending:
                        part.events += batch.write()
                        batch = Batch(self.app)
                        pending.clear()
                    self._take(verdict, row, batch, pending, part)
                    if part.events + batch.events >= EVENTS_A_TRANSACTION or self.row >= until:
                        more = True
                        break
                part.events += batch.write()
        except (IntegrityError, DoneAlready):
            raise Conflict("another command recorded rows of this file meanwhile; import it again to go on") from None
        self.report.add(part)
        return more

    def _take(self, verdict: int, row: Row, batch: Batch, pending: set[str], part: Counts) -> None:
        try:
            if row.total_cents is None:
                self._late_payment(row, self._meant(row), part)
            elif row.total_cents < 0:
                self._credit(verdict, row, batch, part)
            elif verdict != KNOWN:
                self._new(row, batch, part)
                pending.add(row.number)
            elif row.paid_on is None:
                part.known += 1
            else:
                assert row.issued_on is not None
                self._late_payment(row, self.record.stream(row.number, row.issued_on), part)
        except Refused as refusal:
            field = "number" if row.total_cents else "paid_on"
            value = row.number if row.total_cents else str(row.paid_on)
            self.report.refused_late += 1
            self.check.reject([Problem(row.line, self.job.layout.column(field), value, str(refusal))])

    def _new(self, row: Row, batch: Batch, part: Counts) -> None:
        """An invoice not on record, with its dispute and its payment, under one command."""
        assert row.issued_on is not None
        creditor, debtor = self.job.creditor, self.debtors[row.debtor]
        key = self.registry.number_key(creditor, row.number)
        draft = self.record.draft(row, debtor)
        issued = draft.fact(key.hex())
        total = row.total_cents or 0
        facts: list[Fact] = [issued]
        if debtor not in self.stays:
            self.stays[debtor] = opened(self.office, debtor) is not None
        stay = (
            stay_of_draft(self.office, debtor, draft.performed_on, issued.total_cents) if self.stays[debtor] else None
        )
        if stay:
            facts.append(stay)
        if row.disputed:
            facts.append(DisputeOpened(cents=total, extent="whole", on=row.issued_on, reason="unstated"))
        stream = self.record.stream(row.number, row.issued_on)
        once = None
        if row.paid_on is not None and row.paid_cents != 0:
            cents = total if row.paid_cents is None else row.paid_cents
            once = self._payment_key(stream, row, cents)
            facts.append(_payment(row, cents).fact(row.paid_on, once.hex()))
        batch.add(stream, add((), facts, today=self.today, step="import"))
        if once:
            batch.once.append((PAYMENT, once))
            part.payments += 1
        batch.names.append(("number", creditor, key, stream))
        batch.records.append(self.registry.reference_row(stream.partition(":")[2], debtor, row.number))
        part.invoices += 1

    def _meant(self, row: Row) -> str:
        """The invoice that a payment alone is for.

        Raises:
            Refused: none, or several.
        """
        streams = self.record.streams(row.number)
        if len(streams) == 1:
            return streams[0]
        if row.issued_on and (stream := self.record.stream(row.number, row.issued_on)) in streams:
            return stream
        if not streams:
            raise refused_by_record("import", "not_issued", "the row of its invoice was not recorded")
        reason = "several invoices bear the number, and none the issue day of the row: map issued_on"
        raise refused_by_record("import", "ambiguous", reason)

    def _late_payment(self, row: Row, stream: str, part: Counts) -> None:
        """A payment of an invoice that is on record."""
        assert row.paid_on is not None
        cents = row.paid_cents if row.paid_cents is not None else row.total_cents
        if cents is None:
            issued = founding(self.app.stream(stream).history)
            cents = issued.total_cents if issued else 0
        if not cents:
            part.known += 1
            return
        once = self._payment_key(stream, row, cents)
        if self.app.store.is_done(PAYMENT, once):
            part.known += 1
            return
        fact = _payment(row, cents).fact(row.paid_on, once.hex())
        done = perform(
            self.office, [stream], Order(row.paid_on), "import", seeing(lambda _: [fact], "import"),
            once=[(PAYMENT, once)], provenance="imported",
        )  # fmt: skip
        part.payments += 1
        part.events += sum(len(each.decided) for each in done)

    def _credit(self, verdict: int, row: Row, batch: Batch, part: Counts) -> None:
        """A negative total: a credit note on the debtor's account, that belongs to no invoice yet."""
        if verdict == KNOWN:
            part.known += 1
            return
        assert row.issued_on is not None
        assert row.total_cents is not None
        number = self.registry.number_key(self.job.creditor, row.number).hex()
        fact = CreditGranted(
            booked_on=row.booked_on, cents=-row.total_cents, number=number, on=row.issued_on, reason="unstated",
            source_known_on=row.known_on,
        )  # fmt: skip
        debtor = self.debtors[row.debtor]
        batch.add(f"debtor:{debtor}", [fact], onto=True)
        batch.records.append(self.registry.credit_note_row(debtor, self.job.creditor, row.number))
        keys = self.record.credit_keys(row)
        is_restart = self.check.seen.alike(keys[0]) or self.app.store.is_done(CREDIT_NOTE, keys[0])
        batch.once += [(CREDIT_NOTE, key) for key in (keys[1:] if is_restart else keys)]
        part.credits += 1

    def _payment_key(self, stream: str, row: Row, cents: int) -> bytes:
        """Invoice, day, amount, and how many alike came before in the file: the same line again is the same payment."""
        assert row.paid_on is not None
        words = ("payment", stream, row.paid_on.isoformat(), str(cents))
        key = self.app.vault.name_key(*words)
        before = self.check.seen.alike(key)
        if not before:
            return key
        key = self.app.vault.name_key(*words, str(before))
        if not self.app.store.is_done(PAYMENT, key):
            self.check.remark(row, "paid_on", row.paid_on, "the same amount on the same day again: it counts again")
        return key


def _payment(row: Row, cents: int) -> Payment:
    return Payment(cents, booked_on=row.paid_booked_on, source_known_on=row.paid_known_on)
