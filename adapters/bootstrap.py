"""The composition root: a folder, a clock and the name of who works become an office with everything at hand."""

import datetime as dt
import getpass
import hashlib
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from adapters import law_added
from adapters.application import Relance
from adapters.clock import Clock, FixedClock, SystemClock
from adapters.registry import Registry
from adapters.store.folder import Folder, open_folder
from adapters.store.vault import STORE
from adapters.views.file import NAME, Views
from adapters.written_law import WrittenLaw
from domain.errors import EvidenceBroken, Misuse, NotFound
from domain.facts.parties import CashKnownUntil, PolicyAdopted
from domain.history import known, replay, standing
from domain.law.readings import Readings
from domain.law.tables import Law
from domain.policy import STANDARD, Policy, parse_policy, shipped_policy


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line, or the environment, says before the command."""

    store: Path
    actor: str = ""
    master: Path | None = None
    now: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Adopted:
    """A policy as it judges: read, named by its digest, and its exact text for the rulebooks."""

    policy: Policy
    digest: str
    text: bytes


class Office:
    """One open store, with who works in it."""

    def __init__(self, folder: Folder, clock: Clock, actor: str) -> None:
        self.folder = folder
        self.law = law_added.load(folder.path)
        self.app = Relance(folder, clock, STORE, self.law)
        self.registry = Registry(self.app)
        self.views = Views(folder.path / NAME, folder.store)
        self.who = actor or _user()
        self._laws: dict[str, Law] = {}
        self._policies: dict[str, Adopted] = {}

    def signed_in(self) -> "Office":
        """The office with its actor on record: before anything is written.

        Raises:
            Misuse: the store can only be read.
        """
        self.app.store.writable()
        if self.app.actor == STORE:
            self.app.actor = self.registry.actor(self.who)
        return self

    def policy(self, creditor: str, on: dt.date | None = None, position: int | None = None) -> "Adopted":
        """The policy that the creditor follows: the last adopted, the standard one before.

        With a day and a position: the one followed on that day, as known at that position.
        """
        stream = self.app.stream(f"creditor:{creditor}")
        history = known(stream.history, position)
        adopted = [
            entry.fact
            for entry in standing(history)
            if isinstance(entry.fact, PolicyAdopted) and (on is None or entry.fact.on <= on)
        ]
        followed = adopted[-1] if adopted else None
        key = followed.policy if followed else ""
        if key not in self._policies:
            text = self.app.store.rulebook(followed.policy) if followed else shipped_policy(STANDARD)
            if text is None:
                raise EvidenceBroken("the policy adopted is not among the rulebooks")
            name = followed.name if followed else STANDARD
            self._policies[key] = Adopted(parse_policy(text, file=name), hashlib.sha256(text).hexdigest(), text)
        return self._policies[key]

    def readings(
        self, creditor: str, on: dt.date, position: int | None = None, chosen: Mapping[str, str] | None = None
    ) -> Readings:
        """How the policy of a day reads the contested points, as known at a position, and what is chosen above it."""
        return Readings({**self.policy(creditor, on, position).policy.readings, **(chosen or {})})

    def law_written(self, digest: str) -> Law:
        """The law of a rulebook that the store keeps; that of today where it is of an older form."""
        if digest not in self._laws:
            text = self.app.store.rulebook(digest)
            try:
                self._laws[digest] = WrittenLaw(text or b"{}")
            except KeyError:
                self._laws[digest] = self.law
        return self._laws[digest]

    def followed(self, creditor: str) -> str | None:
        """The digest of the policy adopted, nothing before one is."""
        history = standing(self.app.stream(f"creditor:{creditor}").history)
        return next((entry.fact.policy for entry in reversed(history) if isinstance(entry.fact, PolicyAdopted)), None)

    def cash_known_until(self, creditor: str) -> dt.date | None:
        """The last day for which the creditor's bank has spoken."""
        history = self.app.stream(f"creditor:{creditor}").history
        days = [entry.fact.until for entry in standing(history) if isinstance(entry.fact, CashKnownUntil)]
        return max(days, default=None)

    def select(
        self, words: tuple[str, ...], *, debtor: str | None = None, overdue: bool = False, on: dt.date | None = None
    ) -> list[str]:
        """The invoice streams a command means: those named, or those of a debtor (`CREDITOR/CODE` where several have him).

        Raises:
            Misuse: neither or both are given.
            NotFound: nothing answers; an empty selection is never everything.
        """
        if bool(words) == bool(debtor):
            raise Misuse("name one or more invoices, or --debtor CODE")
        if words:
            return list(dict.fromkeys(self.registry.invoice(word) for word in words))
        self.views.catch_up()
        id = self.debtor(debtor or "")
        if not overdue:
            found = self.views.invoices_of(id)
        else:
            day = on or self.app.today
            opened = [stream for stream, _, _ in self.views.open_accounts(debtor=id)]
            found = [stream for stream in opened if self._is_overdue(stream, day)]
        if not found:
            raise NotFound(f"no {'overdue ' if overdue else ''}invoice of {debtor} is recorded")
        return found

    def debtor(self, word: str, creditor: str | None = None) -> str:
        """The id of a customer named `CODE`, or `CREDITOR/CODE`.

        Raises:
            NotFound, Misuse: as the registry.
        """
        owner, _, code = word.rpartition("/")
        named = self.registry.creditor(owner) if owner else creditor
        if creditor and named != creditor:
            raise Misuse(f"{word} is a customer of {owner}, and --creditor names another")
        return self.registry.debtor(code, named)

    def _is_overdue(self, stream: str, on: dt.date) -> bool:
        invoice = replay(self.app.stream(stream).history, as_of=on)
        return invoice is not None and invoice.overdue_cents(on) > 0

    def close(self) -> None:
        """Close every file; after an append the views are caught up first, as far as they can be written."""
        if self.app.store.has_grown:
            with suppress(sqlite3.Error):  # what was recorded stands; the next reader goes on
                self.views.catch_up()
        self.views.close()
        self.folder.close()


def _user() -> str:
    """The machine's user, where the machine knows one."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def open_office(settings: Settings) -> Office:
    """Open the store that the settings name.

    Raises:
        NotFound: there is none.
        Misuse: a set clock, on a store that is no sandbox.
    """
    folder = open_folder(settings.store, master=settings.master)
    if settings.now is not None and not folder.is_sandbox:
        folder.close()
        raise Misuse("--now is for sandbox stores (relance init --sandbox): the clock of a real store is the machine's")
    return Office(folder, FixedClock(settings.now) if settings.now else SystemClock(), settings.actor)
