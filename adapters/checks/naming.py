"""Checks of what lies beside the log: keyed names that find its streams, records of the vault that its facts name."""

import json
from typing import Final

from adapters.checks.bench import Bench
from adapters.checks.check import VERIFY, Check, Finding
from adapters.checks.reading import Read
from adapters.registry import CARD, PARTY, PIECE, PIECE_CARD, REFERENCE
from adapters.store.envelope import parse
from adapters.store.mapper import read_fact
from adapters.store.vault import STORE
from domain.errors import EvidenceBroken
from domain.facts.invoicing import CreditNoteApplied, InvoiceIssued, PieceAdded
from domain.facts.parties import CreditGranted, CreditorRegistered, DebtorRegistered, DetailsChanged

_TOLD: Final = 2_000
SEALED: Final = (PARTY, PIECE, PIECE_CARD)


class Names(Check):
    """Names and streams, both ways."""

    id = "names"
    compares = (
        "each stream and the keyed name that finds it (number of an invoice, code of a party), the number in the vault and the one that"
        " the log holds hashed, each invoice and its debtor; each name and its stream"
    )
    kinds = ("invoice", "debtor", "creditor")

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.streams = 0
        self.debtors: set[str] = set()

    def meet(self, read: Read) -> None:
        """One stream: its name finds it."""
        self.streams += 1
        if not read.stream.startswith("invoice:"):
            self._party(read)
        elif read.issued:
            self._invoice(read, read.issued)

    def _invoice(self, read: Read, issued: InvoiceIssued) -> None:
        registry, rows = self.bench.office.registry, self.bench.rows
        key = bytes.fromhex(issued.number)
        if not rows.is_named("number", issued.creditor, key, read.stream) and not rows.is_erased(issued.debtor):
            self._find(read, "no name finds the invoice by its number")
        if issued.debtor not in self.debtors:
            if not rows.newest(f"debtor:{issued.debtor}"):
                self._find(read, f"nothing is recorded of its debtor ({issued.debtor[:8]}…)")
                return
            self.debtors.add(issued.debtor)
        try:
            number = registry.label(read.id, issued.debtor)
        except EvidenceBroken:
            return  # the check of the vault names it
        if number is not None and registry.number_key(issued.creditor, number).hex() != issued.number:
            self._find(read, "the number in the vault is not the one that the log holds hashed")

    def _party(self, read: Read) -> None:
        registered = next(
            (each.fact for each in read.events if isinstance(each.fact, DebtorRegistered | CreditorRegistered)), None
        )
        if registered is None:
            self._find(read, "it is an account, and no registration of its party is on record")
            return
        vault = self.bench.office.app.vault
        try:
            card = vault.read(read.id, CARD, "current")
        except EvidenceBroken:
            return
        if card is None:
            return
        code = str(json.loads(card)["code"])
        scope = registered.creditor if isinstance(registered, DebtorRegistered) else ""
        kind = "debtor" if scope else "creditor"
        key = vault.name_key(kind, scope, code) if scope else vault.name_key(kind, code)
        if not self.bench.rows.is_named(kind, scope, key, read.stream):
            self._find(read, f"no name finds the {kind} by its code")

    def finish(self) -> str:
        """The names, each with its stream; what a name says of an invoice is what its issue says."""
        count, every = 0, self.bench.rows.count("names")
        for count, (kind, creditor, key, stream) in enumerate(self.bench.rows.names(), start=1):
            if count % _TOLD == 0:
                self.bench.tell("names", count, every)
            first = self.bench.rows.first(stream)
            if first is None:
                self.find(
                    Finding(f"a name ({kind}) leads to a stream of which nothing is recorded", VERIFY, stream=stream)
                )
                continue
            if kind == "number":
                position, stored = first
                try:
                    raw = parse(stored)
                    issued = read_fact(raw.type, bytes(raw.fact))
                except Exception:  # noqa: BLE001, S112 - bytes that do not read are another check's
                    continue
                if isinstance(issued, InvoiceIssued) and (issued.creditor, issued.number) != (creditor, key.hex()):
                    what = "a number leads to an invoice that bears another"
                    self.find(Finding(what, VERIFY, position=position, stream=stream))
        return f"{self.streams} streams, {count} names, each of one leads to the other"

    def _find(self, read: Read, what: str) -> None:
        label = self.bench.label(read)
        self.find(Finding(what, VERIFY, position=read.events[0].position, stream=read.stream, label=label))


class Vault(Check):
    """Records that facts name, and records that are there."""

    id = "vault"
    compares = (
        "each record of the vault that a fact names (parties, numbers, actors), and what can be read of it, unless its key was destroyed"
        " on purpose; each record there, and whether its key opens it"
    )
    kinds = ("invoice", "debtor", "creditor", "proceeding")

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.named = self.erased = 0
        self.actors: set[str] = set()

    def meet(self, read: Read) -> None:
        """The records that the facts of a stream name."""
        owner = read.issued.debtor if read.issued else read.id
        for event in read.events:
            fact, id, kind = event.fact, "", REFERENCE
            if isinstance(fact, InvoiceIssued):
                id = read.id
            elif isinstance(fact, CreditNoteApplied | CreditGranted):
                id = fact.number
            elif isinstance(fact, DebtorRegistered | CreditorRegistered | DetailsChanged):
                id, kind = fact.record, PARTY
            elif isinstance(fact, PieceAdded):
                id, kind = fact.document, PIECE
                self._record(read, event.position, owner, PIECE_CARD, fact.record)
            if id:
                self._record(read, event.position, owner, kind, id)
            for actor in (event.raw.actor, event.raw.done_by):
                if actor not in self.actors:
                    self.actors.add(actor)
                    self._record(read, event.position, STORE, "actor", actor)

    def _record(self, read: Read, position: int, owner: str, kind: str, id: str) -> None:
        self.named += 1
        if self.bench.rows.is_kept(owner, kind, id):
            return
        if self.bench.rows.is_erased(owner):
            self.erased += 1
        else:
            what = f"a fact names a record ({kind}) that the vault does not hold"
            self.find(Finding(what, VERIFY, position=position, stream=read.stream, label=self.bench.label(read)))

    def finish(self) -> str:
        """Every record opens under the key of its owner, and is the one that was sealed."""
        vault, count, every = self.bench.office.app.vault, 0, self.bench.rows.count("vault")
        for count, (owner, kind, id) in enumerate(self.bench.rows.records(), start=1):
            if count % _TOLD == 0:
                self.bench.tell("records of the vault", count, every)
            try:
                plain = vault.opened_bytes(owner, kind, id) if kind in SEALED else vault.read(owner, kind, id)
            except EvidenceBroken as error:
                self.find(Finding(error.reason, VERIFY, stream=f"vault:{owner}"))
                continue
            if plain is None:
                again = self.bench.rows.is_erased(owner)
                what = (
                    f"a record ({kind}) was written as its party was erased: unreadable, and still there"
                    if again
                    else f"the key of a record ({kind}) is gone, and no erasure was made"
                )
                look = f"relance party erase {owner[:8]} --reason other" if again else VERIFY
                self.find(Finding(what, look, stream=f"vault:{owner}"))
        erased = f", {self.erased} of erased parties" if self.erased else ""
        return f"{self.named} records named by facts{erased}; {count} kept, each opened"
