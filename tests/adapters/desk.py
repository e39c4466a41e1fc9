"""A desk where files are imported: a store of its own, a clock that stands still, small files in plain words."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adapters.application import new_id
from adapters.bootstrap import Office
from adapters.clock import FixedClock
from adapters.intake.importer import Importer
from adapters.intake.job import Job, Report
from adapters.intake.rejects import Problem
from adapters.intake.table import Layout
from adapters.registry import Party
from adapters.store.folder import create, open_folder
from domain.errors import NotFound
from domain.facts.invoicing import InvoiceIssued, PaymentReceived
from domain.history import History
from tests.builders import instant

NOW = "2026-06-01T08:00:00+00:00"
HEAD = "number,debtor,debtor_name,debtor_kind,issued_on,due_on,performed_on,total,vat,paid_on,paid,disputed,currency"
ALL = {name: name for name in HEAD.split(",")}
INVOICES = {name: name for name in ("number", "debtor", "issued_on", "due_on", "total")}
PAID = {**INVOICES, "paid_on": "paid_on", "paid": "paid"}


def invoice(number: str, **cells: str) -> str:
    """A line under HEAD: an ordinary invoice of 120 euros, but for the cells given."""
    usual = {"number": number, "debtor": "C1", "issued_on": "2026-01-05", "due_on": "2026-02-04", "total": "120.00"}
    return ",".join({**dict.fromkeys(ALL, ""), **usual, **cells}.values())


def payment(number: str, on: str, paid: str = "") -> str:
    """A line under HEAD: a payment alone."""
    return ",".join({**dict.fromkeys(ALL, ""), "number": number, "paid_on": on, "paid": paid}.values())


class Desk:
    """Imports files for one creditor, and looks at what is on record."""

    def __init__(self, folder: Path, now: str = NOW) -> None:
        if not folder.exists():
            create(folder, sandbox=True)
        self.folder = folder
        self.office = Office(open_folder(folder), FixedClock(instant(now)), "claire")

    def bring(
        self, path: Path, columns: dict[str, str] | None = None, *, progress: Callable[[str, int], None] | None = None,
        layout: dict[str, Any] | None = None, **job: Any,
    ) -> Report:  # fmt: skip
        """Import a file."""
        try:
            creditor, fresh = self.office.registry.creditor("ACME"), None
        except NotFound:
            creditor, fresh = new_id(), Party("ACME", "ACME", "professional")
        kind = fresh.kind if fresh else self.office.registry.party(f"creditor:{creditor}").kind
        plan = Job(path, Layout(columns or ALL, **(layout or {})), creditor, kind, fresh, **job)
        return Importer(self.office, plan, progress).run()

    def lines(self, *lines: str, head: str = HEAD, **how: Any) -> Report:
        """Import lines."""
        return self.bring(self.file(*lines, head=head), **how)

    def file(self, *lines: str, head: str = HEAD) -> Path:
        """A file of lines beside the store."""
        path = self.folder.parent / "given.csv"
        path.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
        return path

    def history(self, number: str) -> History:
        """The history of the only invoice of a number."""
        (stream,) = self.office.registry.invoices(number)
        return self.office.app.stream(stream).history

    def issued(self, number: str) -> InvoiceIssued:
        """Its issue."""
        first = self.history(number)[0].fact
        assert isinstance(first, InvoiceIssued)
        return first

    def payments(self, number: str) -> list[tuple[dt.date, int]]:
        """Its payments."""
        facts = (entry.fact for entry in self.history(number))
        return [(fact.on, fact.cents) for fact in facts if isinstance(fact, PaymentReceived)]

    @property
    def position(self) -> int:
        """The head of the log."""
        return self.office.app.store.position()

    def name(self, code: str) -> str:
        """The name of a customer."""
        return self.office.registry.party(f"debtor:{self.office.registry.debtor(code)}").name


@contextmanager
def desk_at(folder: Path, now: str = NOW) -> Iterator[Desk]:
    """A desk, closed at the end."""
    desk = Desk(folder, now)
    try:
        yield desk
    finally:
        desk.office.close()


def reasons(report: Report) -> list[tuple[int, str, str]]:
    """Line, column and reason of what was rejected."""
    return [(each.line, each.column, each.reason) for each in report.problems]


def said(problems: "list[Problem] | Any") -> str:
    """All that was found, as text."""
    return "\n".join(map(str, problems))
