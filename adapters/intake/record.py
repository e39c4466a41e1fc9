"""What is on record of what a file names: its invoices, its credit notes, its customers; and what the file named so far."""

import datetime as dt
import sqlite3
from typing import Literal

from adapters.bootstrap import Office
from adapters.intake.bulk import digest
from adapters.intake.job import Job
from adapters.intake.table import Row
from adapters.invoicing import Draft
from domain.errors import NotFound
from domain.facts.invoicing import PartyKind

Before = Literal["new", "same", "other_day", "other", "refused"]
_REFUSED, _CREDIT = b"refused", b"credit"


class Record:
    """Finds what a row means in the store, through keyed names."""

    def __init__(self, office: Office, job: Job) -> None:
        self.app, self.registry, self.job = office.app, office.registry, job
        self.is_first = not self.app.store.has_names("number", job.creditor)
        self.debtors: dict[str, str | None] = {}
        self.kinds: dict[str, PartyKind] = {}

    def stream(self, number: str, on: dt.date) -> str:
        """The stream of the invoice of that number and day, on record or not."""
        return f"invoice:{self.registry.invoice_id(self.job.creditor, number, on)}"

    def streams(self, number: str) -> list[str]:
        """The invoices of a number that are on record."""
        return self.app.store.named("number", self.job.creditor, self.registry.number_key(self.job.creditor, number))

    def credit_keys(self, row: Row) -> tuple[bytes, bytes, bytes]:
        """Keys of a credit note: its number, its number and day, and all that it says."""
        assert row.issued_on is not None
        key = self.app.vault.name_key
        of = ("invoice", self.job.creditor, "credit", "", row.number)
        day = row.issued_on.isoformat()
        return key(*of), key(*of, day), key(*of, day, row.debtor, str(row.total_cents))

    def debtor(self, code: str) -> str | None:
        """The id of a customer; nothing when none is registered under that code.

        Raises:
            Misuse: several answer to it.
        """
        if code not in self.debtors:
            try:
                self.debtors[code] = None if self.job.new_creditor else self.registry.debtor(code, self.job.creditor)
            except NotFound:
                self.debtors[code] = None
        return self.debtors[code]

    def kind(self, row: Row) -> PartyKind:
        """The kind of the debtor: as the row has it, else as it is registered, else the file's default."""
        if row.debtor_kind:
            if self.debtor(row.debtor) is None:
                self.kinds[row.debtor] = row.debtor_kind
            return row.debtor_kind
        if row.debtor not in self.kinds:
            id = self.debtor(row.debtor)
            self.kinds[row.debtor] = self.registry.party(f"debtor:{id}").kind if id else self.job.layout.debtor_kind
        return self.kinds[row.debtor]

    def draft(self, row: Row, debtor: str) -> Draft:
        """The invoice that a row brings."""
        assert row.issued_on is not None
        assert row.total_cents is not None
        return Draft(
            number=row.number, creditor=self.job.creditor, debtor=debtor, issued_on=row.issued_on,
            instalments=[(row.total_cents, row.due_on)], debtor_kind=self.kind(row), creditor_kind=self.job.creditor_kind,
            performed_on=row.performed_on, vat_cents=row.vat_cents, booked_on=row.booked_on, source_known_on=row.known_on,
        )  # fmt: skip


class Seen:
    """The numbers and payments of the file so far, on disk when they are many: a file may hold millions."""

    def __init__(self, *, restarts: bool) -> None:
        """Begin.

        Args:
            restarts: whether a number with another issue day is another invoice.
        """
        self._restarts = restarts
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA cache_size = -16384")
        self._db.execute("CREATE TABLE number (key BLOB PRIMARY KEY, content BLOB) WITHOUT ROWID")
        self._db.execute("CREATE TABLE alike (key BLOB PRIMARY KEY, times INTEGER) WITHOUT ROWID")
        self._db.execute("BEGIN")

    def meet(self, row: Row) -> Before:
        """What the row's number was before in this file."""
        assert row.issued_on is not None
        key, content = self._key(row), _content(row)
        if self._put(key, content):
            is_invoice = row.total_cents is not None and row.total_cents > 0
            if self._restarts and is_invoice and not self._put(digest(row.number), b"one"):
                self._db.execute("UPDATE number SET content = ? WHERE key = ?", (b"several", digest(row.number)))
            return "new"
        before = self._get(key)
        if before == _REFUSED:
            return "refused"
        if before == content:
            return "same"
        return "other" if before and before[:4] == content[:4] else "other_day"

    def refuse(self, row: Row) -> None:
        """Remember that the row of a number cannot be taken."""
        self._db.execute("UPDATE number SET content = ? WHERE key = ?", (_REFUSED, self._key(row)))
        if self._restarts and self._get(digest(row.number)) == b"one":
            self._db.execute("UPDATE number SET content = ? WHERE key = ?", (_REFUSED, digest(row.number)))

    def invoices(self, number: str) -> Literal["none", "one", "several", "refused"]:
        """How many invoices of a number the file brought so far."""
        content = self._get(digest(number))
        if content is None:
            return "none"
        if content.endswith(_CREDIT):
            return "none"
        return "refused" if content == _REFUSED else "several" if content == b"several" else "one"

    def alike(self, key: bytes) -> int:
        """Count a payment.

        Returns:
            How many like it came before in the file.
        """
        counted = "INSERT INTO alike VALUES (?, 0) ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times"
        return int(self._db.execute(counted, (key,)).fetchone()[0])

    def _key(self, row: Row) -> bytes:
        return digest(row.number, str(row.issued_on)) if self._restarts else digest(row.number)

    def _put(self, key: bytes, content: bytes) -> bool:
        return self._db.execute("INSERT OR IGNORE INTO number VALUES (?, ?)", (key, content)).rowcount > 0

    def _get(self, key: bytes) -> bytes | None:
        found = self._db.execute("SELECT content FROM number WHERE key = ?", (key,)).fetchone()
        return found and bytes(found[0])


def _content(row: Row) -> bytes:
    """The issue day, then a digest of what two rows of one invoice have in common."""
    assert row.issued_on is not None
    said = (
        f"{row.debtor}\x1f{row.due_on}\x1f{row.performed_on}\x1f{row.total_cents}\x1f{row.vat_cents}\x1f{row.disputed}"
    )
    what = _CREDIT if row.total_cents is not None and row.total_cents < 0 else b""
    return row.issued_on.toordinal().to_bytes(4, "big") + digest(said) + what
