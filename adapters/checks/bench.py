"""What the checks share: the store, the day and the position they look at, and what several of them need once."""

import datetime as dt
import shlex
from collections.abc import Callable
from functools import cached_property

from adapters.bootstrap import Office
from adapters.checks.check import VERIFY, Unable
from adapters.checks.reading import Read
from adapters.clock import paris_day
from adapters.log_reading import LogReading
from adapters.store.mapper import moment
from adapters.store.rows import Rows
from adapters.views.file import Views
from projections.corner import Corner

#: Says how far a long work is: what it is, how much is done, of how much.
Tell = Callable[[str, int, int], None]
#: Days before the day asked about at which the sums are compared too.
EARLIER: tuple[int, ...] = (91, 365)


class Bench:
    """One run of checks."""

    def __init__(self, office: Office, position: int, on: dt.date, within: int, tell: Tell | None = None) -> None:
        self.office, self.position, self.on, self.within = office, position, on, within
        self.store = office.app.store
        self.rows = Rows(office.folder.path)
        self.tell: Tell = tell or (lambda _word, _done, _all: None)
        self._log: LogReading | None = None
        self._views: Views | str | None = None

    @cached_property
    def is_at_head(self) -> bool:
        """Nothing was recorded after the position that is checked when that was first asked."""
        return self.position == self.store.position()

    def log(self) -> LogReading:
        """The log read row by row, once."""
        if self._log is None:
            reading = LogReading(self.store)
            self._log = reading.read(
                lambda: reading.rows(self.position, lambda done: self.tell("rows of the log", done, self.position))
            )
        return self._log

    def views(self) -> Views:
        """The views, caught up.

        Raises:
            Unable: they cannot follow the log.
        """
        if self._views is None:
            try:
                self.office.views.catch_up(progress=lambda done: self.tell("views", done, self.position))
                self._views = self.office.views
            except Exception as error:  # noqa: BLE001 - whatever a damaged store provokes
                self._views = f"the views cannot follow the log: {error}"
        if isinstance(self._views, str):
            raise Unable(self._views)
        return self._views

    def corners(self) -> list[Corner]:
        """The corner asked about, the same knowledge on earlier days, and quarters of the log as they stood."""
        found = [Corner(self.on, self.position)]
        found += [Corner(self.on - dt.timedelta(days=days), self.position) for days in EARLIER]
        for quarter in (1, 2, 3):
            position = self.position * quarter // 4
            row = self.store.row_at(position)
            if row:
                end = min(self.store.end_of_command(position), self.position)
                found.append(Corner(min(paris_day(moment(row[0])), self.on), end))
        return list(dict.fromkeys(found))

    def label(self, read: Read) -> str | None:
        """A stream in the words of a person; nothing where they cannot be read."""
        try:
            if read.stream.startswith("invoice:"):
                return self.office.registry.label(read.id, read.issued.debtor) if read.issued else None
            return self.office.registry.card(read.id)[0] if read.stream.startswith(("debtor:", "creditor:")) else None
        except Exception:  # noqa: BLE001 - a label is a help; what it hides is another check's
            return None

    def look(self, read: Read, word: str = "history") -> str:
        """The command that shows an invoice further."""
        label = self.label(read)
        return f"relance {word} {shlex.quote(label)}" if label and read.stream.startswith("invoice:") else VERIFY

    def close(self) -> None:
        """Close the files opened for the run."""
        self.rows.close()
