"""The reading of an import: what cannot be taken is found, and what can is kept, before anything is recorded."""

from collections.abc import Callable, Iterable
from typing import Final

from adapters.intake.job import Job, Report
from adapters.intake.record import Record, Seen
from adapters.intake.rejects import Problem, RejectFile
from adapters.intake.spool import Spool
from adapters.intake.table import Row
from domain.errors import Misuse
from domain.facts.invoicing import DisputeOpened, PartyKind
from domain.history import founding

NEW, KNOWN, LEFT_OUT = 0, 1, 2
CREDIT_NOTE: Final = "credit"
TOLD_EVERY: Final = 10_000
Progress = Callable[[str, int], None]
_AGAIN: Final = {
    "other": "the number came before in this file with other content",
    "other_day": "the number came before in this file with another issue day; --force number_seen takes it as another invoice",
    "refused": "the number came before in this file, on a row that was rejected",
}


class Checker:
    """Judges the rows one by one, against the file so far and against the record."""

    def __init__(self, record: Record, job: Job, report: Report, rejects: RejectFile) -> None:
        self.record, self.job, self.report, self.rejects = record, job, report, rejects
        self.seen = Seen(restarts=job.force_number_seen)
        self.parties: dict[str, tuple[str, PartyKind]] = {}
        self.taken = Spool()
        self._verdict = NEW
        self._names: set[tuple[str, str]] = set()

    def run(self, rows: Iterable[Row | list[Problem]], progress: Progress | None) -> None:
        """Judge every row."""
        report = self.report
        for item in rows:
            report.rows += 1
            self._verdict = NEW
            found = item if isinstance(item, list) else self._judge(item)
            if found:
                self.reject(found)
            elif not isinstance(item, list) and self._verdict != LEFT_OUT:
                self.taken.put(self._verdict, item)
            if progress and report.rows % TOLD_EVERY == 0:
                progress("checked", report.rows)

    def reject(self, problems: list[Problem]) -> None:
        """A row is not taken."""
        self.report.rejected_rows += 1
        for problem in problems:
            self.report.problems.add(problem)
        self.rejects.write(problems)

    def remark(self, row: Row, field: str, value: object, reason: str) -> None:
        """A row is taken, and something is to be said of it."""
        self.report.remarks.add(Problem(row.line, self.job.layout.column(field), str(value), reason))

    def _judge(self, row: Row) -> list[Problem]:
        """What stands against a row that reads well: its number, in the file and on record."""
        if row.total_cents is None:
            return self._payment(row)
        if row.total_cents == 0:
            self._verdict = LEFT_OUT
            self.remark(row, "number", row.number, "a total of nil is no invoice; left out")
            return []
        before = self.seen.meet(row)
        if before == "same":
            self._verdict = KNOWN
            self._remarks(row)
            return []
        found = self._bad(row, _AGAIN[before]) if before != "new" else self._against_record(row)
        if found and before == "new":
            self.seen.refuse(row)
        if not found:
            self._remarks(row)
            self._name(row)
        return found

    def _bad(self, row: Row, reason: str, field: str = "number") -> list[Problem]:
        value = row.debtor if field == "debtor" else row.number
        return [Problem(row.line, self.job.layout.column(field), value, reason)]

    def _payment(self, row: Row) -> list[Problem]:
        """A payment alone: its invoice came before in the file, or is on record."""
        in_file = self.seen.invoices(row.number)
        if in_file == "refused":
            return self._bad(row, "the row of its invoice was rejected")
        on_record = [] if self.record.is_first else self.record.streams(row.number)
        if in_file == "none" and not on_record:
            return self._bad(row, "no invoice of that number is on record, or came before in this file")
        if (in_file == "several" or len(on_record) > 1) and row.issued_on is None:
            return self._bad(row, "several invoices bear the number: map their issue day too (issued_on)")
        self._remarks(row)
        return []

    def _against_record(self, row: Row) -> list[Problem]:
        """What the record says of a number that is new in the file."""
        assert row.issued_on is not None
        try:
            debtor = self.record.debtor(row.debtor)
        except Misuse:
            reason = "several customers answer to it (the code of one is the SIREN of another): use their codes"
            return self._bad(row, reason, "debtor")
        if row.total_cents is not None and row.total_cents < 0:
            return self._credit(row)
        known = [] if self.record.is_first else self.record.streams(row.number)
        if not known:
            return []
        stream = self.record.stream(row.number, row.issued_on)
        if stream not in known:
            reason = "the number is on record with another issue day; --force number_seen takes it as another invoice"
            return [] if self.job.force_number_seen else self._bad(row, reason)
        history = self.record.app.stream(stream).history
        issued = founding(history)
        if issued is not None and debtor is not None:
            # What the file does not say is taken as recorded: the creditor's kind and the debtor's may have changed since.
            said = {"creditor_kind": issued.creditor_kind, "penalty_rate": issued.penalty_rate}
            if row.debtor_kind is None:
                said["debtor_kind"] = issued.debtor_kind
            if issued == self.record.draft(row, debtor).fact(issued.number).model_copy(update=said):
                self._verdict = KNOWN
                if row.disputed and not any(isinstance(entry.fact, DisputeOpened) for entry in history):
                    reason = "disputed here, not on record: say since when, with `relance dispute`"
                    self.remark(row, "disputed", "yes", reason)
                return []
        return self._bad(row, "the number is on record with other content; correct it by hand (issue --correct)")

    def _credit(self, row: Row) -> list[Problem]:
        done = self.record.app.store.is_done
        number, note, content = self.record.credit_keys(row)
        if done(CREDIT_NOTE, note):
            self._verdict = KNOWN
            reason = "the credit note is on record with other content"
            return [] if done(CREDIT_NOTE, content) else self._bad(row, reason)
        if done(CREDIT_NOTE, number) and not self.job.force_number_seen:
            reason = "the credit note is on record with another issue day; --force number_seen takes it as another one"
            return self._bad(row, reason)
        return []

    def _remarks(self, row: Row) -> None:
        if row.issued_on and row.due_on and row.due_on < row.issued_on:
            self.remark(row, "due_on", row.due_on, "due before it was issued; kept")
        if row.paid_on is None:
            return
        if row.total_cents is not None and row.total_cents < 0:
            self.remark(row, "paid_on", row.paid_on, "a payment of a credit note is left out: enter it by hand")
        elif row.paid_cents == 0:
            self.remark(row, "paid", row.number, "a payment of nil; left out")
        else:
            if row.issued_on and row.paid_on < row.issued_on:
                reason = "paid before it was issued; kept, counts from the issue day"
                self.remark(row, "paid_on", row.paid_on, reason)
            if row.paid_cents is None and "paid" in self.job.layout.columns:
                self.remark(row, "paid", "", "no amount: taken as paid whole")

    def _name(self, row: Row) -> None:
        """The last name of a code wins; a blank one says nothing."""
        code, kind = row.debtor, self.record.kind(row)
        before = self.parties.get(code)
        name = row.debtor_name or (before[0] if before else code)
        if before and before[0] != name and before[0] != code and (code, name) not in self._names:
            reason = f"{code!r} was {before[0]!r} before; the last name wins"
            self._names.add((code, name))
            self.remark(row, "debtor_name", name, reason)
        if before != (name, kind):
            self.parties[code] = (name, kind)
