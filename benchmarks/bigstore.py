"""A store as three years leave it in a busy firm: `python -m benchmarks.bigstore FOLDER INVOICES`.

The log is what relance itself would have written, day by day: imports, the bank, the daily pass, what people record. The same
seed tells the same facts; keys and identifiers are the store's own.
"""

import argparse
import datetime as dt
import gc
import hashlib
import resource
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final, NamedTuple

from adapters.application import Change, Context, Relance, new_id, plain
from adapters.clock import FixedClock
from adapters.lawbook import rulebook
from adapters.registry import Party, Registry
from adapters.store.envelope import SALT_BYTES, internal_part
from adapters.store.folder import LOG, create, open_folder
from adapters.store.vault import STORE
from benchmarks.bigstore_facts import CREDITED, Ids, cash_known
from benchmarks.bigstore_log import Head, Log, Shape, bare
from benchmarks.bigstore_story import Habit, habit, tell
from benchmarks.bigstore_teller import (
    BANK,
    CLIMBED,
    DESK,
    ENTERED,
    IMPORTED,
    PLAN,
    POLICY,
    RUNGS,
    SETTLED,
    Calendar,
    Command,
)
from domain.facts.invoicing import PartyKind
from domain.facts.parties import PolicyAdopted

FIRST: Final = dt.date(2023, 1, 1)
LAST: Final = dt.date(2025, 12, 31)
OPENING: Final = dt.time(4)

Progress = Callable[[dt.date, int], None]


class Built(NamedTuple):
    """What was built; `ends` is the last position recorded in each month, as 2023-01."""

    events: int
    invoices: int
    debtors: int
    first_day: dt.date
    last_day: dt.date
    ends: dict[str, int]


class Debtor(NamedTuple):
    """A customer: its id, its kind, and how it pays."""

    id: str
    kind: PartyKind
    habit: Habit


class Account:
    """An invoice of which commands are to come, the next one last."""

    __slots__ = ("coming", "debtor", "head", "number", "proceeding")

    def __init__(self, number: str, debtor: str, stream: str, commands: list[Command]) -> None:
        self.number, self.debtor, self.head, self.coming = number, debtor, Head(stream), commands[::-1]
        self.proceeding: Head | None = None


def build(folder: Path, invoices: int, *, seed: int = 2026, progress: Progress | None = None) -> Built:
    """Make a sandbox store in a new folder; `progress` is told the end of each month and its position."""
    was_collecting = gc.isenabled()
    gc.disable()  # millions of objects, and hardly a cycle
    try:
        firm = Firm(folder, invoices, Random(seed))
        with bare(folder / LOG) as db:
            log = Log(db, firm.position, firm.actor)
            ends = firm.live(log, invoices, progress)
        firm.close()
    finally:
        if was_collecting:
            gc.enable()
    return Built(log.position, invoices, len(firm.debtors), FIRST, LAST, ends)


class Firm:
    """A creditor, its debtors, and what it has to record on each day."""

    def __init__(self, folder: Path, invoices: int, draw: Random) -> None:
        """Make the store, with the creditor, the policy that it follows and the debtors; nothing of an invoice yet."""
        create(folder, sandbox=True)
        opened = open_folder(folder)
        app = Relance(opened, FixedClock(dt.datetime.combine(FIRST, OPENING, dt.UTC)), STORE)
        self.draw, self.vault, self.registry = draw, app.vault, Registry(app)
        app.actor = self.actor = self.registry.actor("bench")
        self.creditor = self.registry.register(Party("BENCH", "Société créancière", "trader"), on=FIRST)
        stream, policy = f"creditor:{self.creditor}", hashlib.sha256(POLICY).hexdigest()
        adopted = Change(app.stream(stream), plain([PolicyAdopted(name=PLAN.name, on=FIRST, policy=policy)]))
        app.append([adopted], Context(command=new_id(), rulebooks=[(policy, "policy", POLICY)]))
        kinds = [_kind(draw) for _ in range(min(invoices, max(1_000, min(10_000, invoices // 100))))]
        parties = [Party(f"C{n:05}", f"Société cliente {n:05}", kind) for n, kind in enumerate(kinds)]
        ids = self.registry.register_many(parties, on=FIRST, creditor=self.creditor).values()
        self.debtors = [Debtor(id, kind, habit(draw)) for id, kind in zip(ids, kinds, strict=True)]
        own = app.stream(stream)
        self.head, self.position = Head(stream, len(own.envelopes), own.head), app.store.position()
        law, bare_part = rulebook(app.law)[0], internal_part()[SALT_BYTES:]
        judged = internal_part(policy=policy)[SALT_BYTES:]
        desk = Shape("declared", law, judged)
        self.plainly = Shape("declared", law, bare_part, is_act=False)
        self.shapes = {
            IMPORTED: Shape("imported", None, bare_part, is_act=False, is_once=False), ENTERED: self.plainly,
            BANK: Shape("imported", None, judged), SETTLED: desk, CLIMBED: desk, DESK: desk,
        }  # fmt: skip
        self.calendar = Calendar(FIRST, LAST)
        self.diary: list[list[list[Account]]] = [[[] for _ in self.shapes] for _ in range(self.calendar.last + 1)]
        opened.store.close()  # the log is written bare from here on; the vault stays open

    def close(self) -> None:
        """Close what is left open."""
        self.vault.close()

    def live(self, log: Log, invoices: int, progress: Progress | None) -> dict[str, int]:
        """Live every working day; gives the last position of each month."""
        calendar, ends, issued = self.calendar, dict[str, int](), 0
        days = [day for day in range(calendar.first, calendar.last + 1) if calendar.working[day] == day]
        for number, day in enumerate(days, start=1):
            until = invoices * number // len(days)
            for n in range(issued, until):
                self._issue(log, n, day)
            issued = until
            self._day(log, day)
            self.diary[day].clear()
            on, month = calendar.date(day), calendar.iso[day][:7]
            ends[month] = log.position
            if progress and (number == len(days) or not calendar.iso[days[number]].startswith(month)):
                progress(on, log.position)
        log.write()
        return ends

    def _issue(self, log: Log, n: int, today: int) -> None:
        """Tell the story of one more invoice, which begins today."""
        chance = self.draw.random
        debtor, number = self.debtors[int(chance() ** 1.5 * len(self.debtors))], f"F-{n:07}"
        on = today if chance() < 0.9 else today - int(chance() * 5)
        id = self.registry.invoice_id(self.creditor, number, self.calendar.date(on))
        key, stream = self.registry.number_key(self.creditor, number), f"invoice:{id}"
        receipt = partial(self._receipt, stream)
        ids = Ids(self.creditor, debtor.id, debtor.kind, key.hex(), receipt, partial(self._credit_note, number))
        commands = tell(self.draw, self.calendar, today, on, debtor.habit, ids)
        log.names.append(("number", self.creditor, key, stream))
        log.vault.append(self.registry.reference_row(id, debtor.id, number))
        self._wait(Account(number, debtor.id, stream, commands))

    def _receipt(self, stream: str, on: str, cents: int) -> str:
        return self.vault.name_key("payment", stream, on, str(cents)).hex()

    def _credit_note(self, number: str) -> str:
        return self.registry.number_key(self.creditor, _credit_note_of(number)).hex()

    def _wait(self, account: Account) -> None:
        """Put the next command of an invoice in the diary."""
        coming = account.coming[-1]
        self.diary[coming.day][coming.round].append(account)

    def _day(self, log: Log, day: int) -> None:
        """One day, round by round, an hour each."""
        opening = dt.datetime.combine(self.calendar.date(day), OPENING, dt.UTC)
        for turn, shape in self.shapes.items():
            log.goes_on(opening + dt.timedelta(hours=1 + turn))
            if turn == SETTLED:  # what the bank told is what is known of the day before
                log.command(self.plainly)
                log.add(self.head, [cash_known(self.calendar.iso[day], self.calendar.iso[day - 1])], 1)
            if turn == CLIMBED:
                self._passes(log, day, shape)
                continue
            for account in self.diary[day][turn]:  # a command may put the next one at the end of the same round
                log.command(shape)
                self._record(log, account, turn)

    def _passes(self, log: Log, day: int, shape: Shape) -> None:
        """The reminders of the daily pass: one act for all the invoices of a debtor on one rung."""
        together: dict[tuple[str, str], list[Account]] = {}
        for account in self.diary[day][CLIMBED]:
            together.setdefault((account.coming[-1].key, account.debtor), []).append(account)
        for (rung, _), accounts in sorted(together.items(), key=lambda each: each[0][0]):
            log.command(shape)
            step = RUNGS[int(rung)]
            for account in accounts:
                words = (self.calendar.iso[day], account.head.stream, step.act, str(step.level))
                log.once.append(("run", self.vault.name_key("run", *words)))
                self._record(log, account, CLIMBED)

    def _record(self, log: Log, account: Account, turn: int) -> None:
        """What a command adds to an invoice, with the rows beside; then its next one waits."""
        command = account.coming.pop()
        log.add(account.head, command.facts, command.given)
        if turn == BANK:
            log.once.append(("payment", bytes.fromhex(command.key)))
        elif command.proceeding:
            account.proceeding = account.proceeding or Head(f"proceeding:{command.proceeding}")
            log.add(account.proceeding, command.facts[: command.given], command.given)
        elif command.key and command.facts[0][0] == CREDITED:
            number = _credit_note_of(account.number)
            log.vault.append(self.registry.credit_note_row(account.debtor, self.creditor, number))
        if account.coming:
            self._wait(account)


def _credit_note_of(number: str) -> str:
    return f"A{number[1:]}"


def _kind(draw: Random) -> PartyKind:
    chance = draw.random()
    if chance < 0.94:
        return "trader" if chance < 0.86 else "professional"
    return "public" if chance < 0.97 else "consumer"


def main() -> None:
    """Build one by hand, and say what it took."""
    words = argparse.ArgumentParser(prog="python -m benchmarks.bigstore", description="Build a big store.")
    words.add_argument("folder", type=Path)
    words.add_argument("invoices", type=int)
    asked, start = words.parse_args(), perf_counter()
    built = build(asked.folder, asked.invoices, progress=lambda day, at: print(f"{day}: {at:,}", flush=True))
    size = sum(file.stat().st_size for file in asked.folder.iterdir())
    print(
        f"{built.events:,} events of {built.invoices:,} invoices and {built.debtors:,} debtors: {perf_counter() - start:.1f} s,"
        f" {size / 2**20:,.0f} MiB, peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB"
    )


if __name__ == "__main__":
    main()
