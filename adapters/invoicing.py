"""Use case: an invoice is issued, or corrected. Its id is computed from what identifies it, so the same one adds nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from adapters.acts import Done, Order, under_lock
from adapters.application import Change, Context, new_id
from adapters.bootstrap import Office
from adapters.insolvency import stay_of_draft
from adapters.registry import tidy
from domain.decided import Decided, Desk
from domain.decisions import observe
from domain.errors import Misuse, Refusal, Refused, refused_by_record
from domain.facts.fact import Fact
from domain.facts.insolvency import StayedByInsolvency
from domain.facts.invoicing import EntryWithdrawn, Instalment, InvoiceIssued, PartyKind, VatLine
from domain.history import Entry, founding, standing
from domain.policy import standard

SEEN = "the number is on record with another issue day or debtor"


@dataclass(frozen=True, slots=True)
class Draft:
    """An invoice as a person, or a file, gives it."""

    number: str
    creditor: str
    debtor: str
    issued_on: dt.date
    instalments: Sequence[tuple[int, dt.date | None]]
    debtor_kind: PartyKind
    creditor_kind: PartyKind = "professional"
    performed_on: dt.date | None = None
    vat_cents: int | None = None
    penalty_rate: str | None = None
    penalty_basis: Literal["fixed", "legal_multiple", "ecb_plus"] | None = None
    terms: str | None = None
    method: Literal["add_then_eom", "eom_then_add"] | None = None
    nature: Literal["goods", "services", "works", "carriage", "rent", "other"] | None = None
    clauses: tuple[str, ...] = ()
    series: str = ""
    booked_on: dt.date | None = None
    source_known_on: dt.date | None = None

    def fact(self, number_key: str) -> InvoiceIssued:
        """The fact."""
        parts = tuple(Instalment(cents=cents, due=due, n=n) for n, (cents, due) in enumerate(self.instalments, start=1))
        total = sum(part.cents for part in parts)
        vat = None if self.vat_cents is None else (VatLine(net_cents=total - self.vat_cents, vat_cents=self.vat_cents),)
        clauses: Any = tuple(sorted(set(self.clauses))) or None
        return InvoiceIssued(
            booked_on=self.booked_on, source_known_on=self.source_known_on, clauses=clauses, creditor=self.creditor, creditor_kind=self.creditor_kind, debtor=self.debtor,
            debtor_kind=self.debtor_kind, instalments=parts, method=self.method, nature=self.nature, number=number_key,
            on=self.issued_on, penalty_basis=self.penalty_basis, penalty_rate=self.penalty_rate,
            performed_on=self.performed_on, terms=self.terms, vat=vat,
        )  # fmt: skip


@under_lock
def issue(office: Office, draft: Draft, order: Order, *, correct: str | None = None) -> Done:
    """Record an invoice; `correct` gives the reason for replacing its issue by this one in the same entry.

    Returns:
        What was recorded; nothing decided when the same invoice is on record.

    Raises:
        Refused: the id is on record with other content; the number is, with another day or debtor, and nothing forces it.
    """
    if not tidy(draft.number):
        raise Misuse("an invoice has a number")
    registry, app = office.registry, office.app
    id = registry.invoice_id(draft.creditor, draft.number, draft.issued_on, draft.series)
    stream_id, key = f"invoice:{id}", registry.number_key(draft.creditor, draft.number)
    fact = draft.fact(key.hex())
    seen = [other for other in app.store.named("number", draft.creditor, key) if other != stream_id]
    repeated = Refusal("number_seen", "policy", SEEN, "the creditor's numbering")
    if seen and correct is None and order.override is None:
        raise Refused("issue", repeated, label=tidy(draft.number))

    def attempt() -> Done:
        stream = app.stream(stream_id)
        known = founding(stream.history)
        facts: list[Fact] = [fact]
        if correct is not None:
            facts = _correction(stream.history, fact, correct, app.today)
        elif known is not None:
            if known == fact:
                return Done(stream_id, tidy(draft.number), ())
            raise refused_by_record(
                "issue", "different_content", "it is on record with other content; --correct REASON replaces it"
            )
        stay = stay_of_draft(office, draft.debtor, draft.performed_on, sum(cents for cents, _ in draft.instalments))
        if stay and known is None:
            facts.append(stay)
        decided = observe(stream.history, facts, Desk(app.today, standard(), law=office.law), step="issue")
        if seen and order.override is not None:
            decided = [Decided(decided[0].fact, (*decided[0].findings, repeated), order.override), *decided[1:]]
        if not order.dry_run:
            app.vault.ensure([draft.debtor])
            names = [("number", draft.creditor, key, stream_id)]
            records = [registry.reference_row(id, draft.debtor, draft.number)]
            app.append(
                [Change(stream, decided)],
                Context(command=order.command or new_id(), names=names, records=records, done_by=order.done_by),
            )
        return Done(stream_id, tidy(draft.number), tuple(decided))

    try:
        return app.deciding(attempt)
    except Refused as refusal:
        raise Refused("issue", *refusal.refusals, label=tidy(draft.number)) from None


def _correction(history: Sequence[Entry], fact: InvoiceIssued, reason: str, today: dt.date) -> list[Fact]:
    """The old issue withdrawn, the new one in its place; who owes whom does not change.

    Raises:
        Refused: nothing to correct.
        Misuse: nothing changes, or somebody else would owe.
    """
    version = next((entry.version for entry in standing(history) if isinstance(entry.fact, InvoiceIssued)), None)
    known = founding(history)
    if version is None or known is None:
        raise refused_by_record(
            "issue", "not_issued", "no invoice of that number and issue day is on record to correct"
        )
    if known == fact:
        raise Misuse("the correction changes nothing")
    if (known.creditor, known.debtor) != (fact.creditor, fact.debtor):
        raise Misuse("a correction keeps creditor and debtor: an invoice to somebody else is another invoice")
    gone = [version]
    if fact.performed_on is not None:  # a stay "to be qualified" goes with a performance after the judgment
        gone += [
            entry.version
            for entry in standing(history)
            if isinstance(entry.fact, StayedByInsolvency) and entry.fact.on <= fact.performed_on
        ]
    return [*(EntryWithdrawn.model_validate({"on": today, "reason": reason, "withdrawn": each}) for each in gone), fact]
