"""What a declaration of claim states: what was owed on the day of the opening judgment, fallen due or still to fall due.

Law: C. com., art. L622-24, L622-25, L622-28.
"""

import datetime as dt
from dataclasses import dataclass

from adapters.documents.claim_pages import Stated
from adapters.documents.court.case_file import CaseFile
from adapters.documents.court.demand import filed_for
from adapters.documents.pages import Told
from adapters.documents.stated import Missing, stated
from adapters.documents.summary import standing_on
from domain.claim import Claim
from domain.deadline import Deadline
from domain.deadlines import deadlines_of
from domain.errors import Misuse
from domain.facts.insolvency import StayedByInsolvency
from domain.facts.invoicing import PaymentReceived
from domain.facts.procedure import EscalatedToInjonction, TitleEnforceable
from domain.history import ordered, standing
from domain.invoice import Invoice
from projections.wording import court as words

Sum = tuple[dt.date | None, int]


@dataclass(frozen=True, slots=True)
class Declared:
    """One invoice of a declaration: as it stood at the judgment, with what had fallen due and what was to come.

    `title_on` is the day of the enforceable order its claim follows; `pending` the petition under way at the judgment.
    """

    told: Told
    invoice: Invoice
    claim: Claim | Missing
    on: dt.date
    due_cents: int
    to_come: tuple[Sum, ...]
    pending: EscalatedToInjonction | None

    @property
    def number(self) -> str:
        """The number of the invoice."""
        return self.told.exhibit.number

    @property
    def interest_cents(self) -> int:
        """Interest to the day before the judgment; nil where it is not computed."""
        return self.claim.statement.interest_cents if isinstance(self.claim, Claim) else 0

    @property
    def heads_cents(self) -> int:
        """Fixed heads; nil where they are not computed."""
        return sum(cents for _, cents in self.claim.statement.heads) if isinstance(self.claim, Claim) else 0

    @property
    def total_cents(self) -> int:
        """What is declared of the invoice."""
        return self.due_cents + sum(cents for _, cents in self.to_come) + self.interest_cents + self.heads_cents

    @property
    def title_on(self) -> dt.date | None:
        """The day of the order that is an enforceable title."""
        return self.claim.title_on if isinstance(self.claim, Claim) else None

    def shown(self) -> Stated:
        """The invoice as the pages of a claim are made from."""
        return Stated(self.told.exhibit, self.invoice, self.claim)


@dataclass(frozen=True, slots=True)
class Failure:
    """The judgment, what is declared under it, and the invoices that are not, with the reason in French."""

    judgment: StayedByInsolvency
    declared: tuple[Declared, ...]
    left_out: tuple[tuple[str, str], ...]

    def deadlines(self, case: CaseFile) -> dict[str, Deadline]:
        """The last days that the law gives after the publication, by kind; the retention of title, of the goods that bear one.

        Law: C. com., art. L622-24, L622-26, L624-9.
        """
        found: dict[str, Deadline] = {}
        for each in self.declared:
            history = each.told.exhibit.history
            for row in deadlines_of(case.law, history, each.on, readings=case.readings):
                if row.kind in {"claim_declaration", "forclusion_relief", "retention_of_title"}:
                    found.setdefault(row.kind, row)
        return found

    def paid_since(self) -> list[tuple[str, PaymentReceived, bool]]:
        """Payments of the day of the judgment and later, by invoice, and whether the claim deducts them.

        Law: C. com., art. L622-7.
        """
        return [
            (each.number, entry.fact, effective <= each.on)
            for each in self.declared
            for effective, entry in ordered(each.told.exhibit.history)
            if isinstance(entry.fact, PaymentReceived) and effective >= self.judgment.on
        ]


def failure(case: CaseFile) -> Failure:
    """The invoices that a judgment stays, each as it stood on the day of the judgment, or of its issue if that came later.

    Raises:
        Misuse: no opening judgment stands on any invoice, or nothing was owed that day.

    Law: C. com., art. L622-24, L622-28.
    """
    stays = {told.exhibit.stream: stay for told in case.told if (stay := _stay(told)) is not None}
    if not stays:
        raise Misuse(
            "no opening judgment is on record for these invoices: record it first, relance insolvency DEBTOR --kind KIND"
        )
    declared, out = [], []
    for told in case.told:
        stay = stays.get(told.exhibit.stream)
        if stay is None:
            out.append((told.exhibit.number, words.LEFT_OUT["not_stayed"]))
            continue
        one = _declared(case, told, stay)
        if one.total_cents > 0:
            declared.append(one)
        else:
            out.append((told.exhibit.number, words.LEFT_OUT["settled"]))
    if not declared:
        raise Misuse(
            "nothing was owed on these invoices on the day of the opening judgment: there is no claim to declare"
        )
    return Failure(max(stays.values(), key=lambda each: each.on), tuple(declared), tuple(out))


def _stay(told: Told) -> StayedByInsolvency | None:
    """The stay that stands, of the debtor himself."""
    history = told.exhibit.history
    invoice = standing_on(told.exhibit, dt.date.max)
    if invoice.regions.standing != "stayed":
        return None
    own = invoice.issued.debtor
    facts = (entry.fact for entry in reversed(standing(history)))
    return next((fact for fact in facts if isinstance(fact, StayedByInsolvency) and fact.party == own), None)


def _declared(case: CaseFile, told: Told, stay: StayedByInsolvency) -> Declared:
    issued = standing_on(told.exhibit, dt.date.max).issued
    on = max(stay.on, issued.on)
    claim, invoice = stated(told.exhibit, on, case.law, case.readings), standing_on(told.exhibit, on)
    due, to_come = _parts(claim, invoice, stay.on)
    return Declared(told, invoice, claim, on, due, to_come, filed_for(told, invoice))


def _parts(claim: Claim | Missing, invoice: Invoice, judgment: dt.date) -> tuple[int, tuple[Sum, ...]]:
    """The principal that had fallen due before the judgment, and each sum of it still to fall due.

    The judgment takes effect from its first hour: what falls due that very day had not.

    Law: C. com., art. R621-4.
    """
    sums: dict[dt.date | None, int] = {}
    if isinstance(claim, Missing):
        sums = dict(invoice.unpaid())
    else:
        for part, cents, _ in claim.statement.left:
            due = None if part.due_on == dt.date.max else part.due_on
            sums[due] = sums.get(due, 0) + cents
    fallen = sum(cents for due, cents in sums.items() if due is not None and due < judgment)
    later = [(due, cents) for due, cents in sums.items() if (due is None or due >= judgment) and cents > 0]
    return fallen, tuple(sorted(later, key=lambda each: each[0] or dt.date.max))


def has_title(declared: Declared) -> bool:
    """Whether a title was enforceable at the judgment."""
    return declared.title_on is not None and any(
        isinstance(entry.fact, TitleEnforceable) and effective <= declared.on
        for effective, entry in ordered(declared.told.exhibit.history)
    )
