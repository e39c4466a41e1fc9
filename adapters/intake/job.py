"""An import to do, and what came of it."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from adapters.intake.rejects import Findings
from adapters.intake.table import Layout
from adapters.registry import Party
from domain.facts.invoicing import PartyKind


@dataclass(slots=True)
class Counts:
    """What a transaction recorded, or all of them."""

    invoices: int = 0
    payments: int = 0
    credits: int = 0
    known: int = 0
    events: int = 0

    def add(self, other: "Counts") -> None:
        """Add what another one recorded."""
        self.invoices += other.invoices
        self.payments += other.payments
        self.credits += other.credits
        self.known += other.known
        self.events += other.events


@dataclass(slots=True)
class Report(Counts):
    """What an import found and did; only what is recorded for good counts as done.

    `refused_late` are rows refused by the record while it was written: what came before and after them is recorded.
    """

    rows: int = 0
    debtors: int = 0
    renamed: int = 0
    rejected_rows: int = 0
    refused_late: int = 0
    recorded: bool = False
    problems: Findings = field(default_factory=Findings)
    remarks: Findings = field(default_factory=Findings)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Job:
    """An import to do. `on` is its business day; without one, the day of recording."""

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
    on: dt.date | None = None
