"""What a petition claims: the heads of each invoice, as `escalate` computes them, or as a petition on record already did."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adapters.documents.claim_pages import Stated
from adapters.documents.court.case_file import CaseFile
from adapters.documents.pages import Told
from adapters.documents.stated import Missing, stated
from adapters.documents.summary import standing_on
from adapters.procedure import interest_of
from domain.calendar import ONE_DAY
from domain.claim import INDEMNITY, Claim, debt_of
from domain.errors import Misuse
from domain.facts.procedure import EscalatedToInjonction, Head, HeadName
from domain.history import standing
from domain.invoice import Invoice
from projections.wording import court as words
from projections.wording.terms import day


@dataclass(frozen=True, slots=True)
class Share:
    """One invoice of a petition, with its heads and the claim they come from, of the day of the petition."""

    told: Told
    invoice: Invoice
    claim: Claim | Missing
    heads: tuple[Head, ...]

    @property
    def number(self) -> str:
        """The number of the invoice."""
        return self.told.exhibit.number

    def cents(self, *names: HeadName) -> int:
        """What is claimed of some heads; of all, without a name."""
        return sum(head.cents for head in self.heads if not names or head.head in names)

    def shown(self) -> Stated:
        """The share as the pages of a claim are made from."""
        return Stated(self.told.exhibit, self.invoice, self.claim)


@dataclass(frozen=True, slots=True)
class Demand:
    """What a petition claims on a day, over which invoices; `filed` is the one on record that it repeats.

    `left_out` gives each invoice that is not in it, with the reason in French.
    """

    on: dt.date
    shares: tuple[Share, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    filed: EscalatedToInjonction | None = None

    def cents(self, *names: HeadName) -> int:
        """What is claimed of some heads over every invoice; of all, without a name."""
        return sum(share.cents(*names) for share in self.shares)


def has_something(case: CaseFile) -> bool:
    """Whether any invoice has something to claim by a petition, or is in one already."""
    return bool(_found(case).shares)


def demand(case: CaseFile) -> Demand:
    """What the petition claims: of invoices in no petition what is due; else what the newest one on record claims.

    Raises:
        Misuse: nothing of any invoice may be claimed by a petition.

    Law: CPC, art. 1405, 1407.
    """
    found = _found(case)
    if not found.shares:
        reasons = "; ".join(f"{number}: {reason}" for number, reason in found.left_out)
        raise Misuse(f"no petition can be drafted, nothing is left to claim by one ({reasons})")
    return found


def _found(case: CaseFile) -> Demand:
    fresh: list[Share] = []
    petitions: dict[str, list[tuple[Told, EscalatedToInjonction]]] = {}
    out: list[tuple[str, str]] = []
    for told in case.told:
        invoice = standing_on(told.exhibit, case.on)
        filed = filed_for(told, invoice)
        reason = _barred(invoice)
        if invoice.regions.procedure == "enforceable":
            out.append((told.exhibit.number, words.LEFT_OUT["titled"]))
        elif filed is not None:
            petitions.setdefault(filed.proceeding, []).append((told, filed))
        elif reason:
            out.append((told.exhibit.number, words.LEFT_OUT[reason]))
        else:
            share = Share(told, invoice, told.claim, heads_due(invoice, told.claim, case.on))
            if share.cents():
                fresh.append(share)
            else:
                out.append((told.exhibit.number, words.LEFT_OUT["nothing_due"]))
    if fresh or not petitions:
        return Demand(case.on, tuple(fresh), (*out, *_others(petitions.values())))
    newest = max(petitions.values(), key=lambda each: each[0][1].on)
    others = [each for each in petitions.values() if each is not newest]
    (_, filed), *_ = newest
    shares = tuple(_repeated(case, told, each) for told, each in newest)
    return Demand(filed.on, shares, (*out, *_others(others)), filed)


def _others(petitions: Iterable[Sequence[tuple[Told, EscalatedToInjonction]]]) -> list[tuple[str, str]]:
    """The invoices of other petitions."""
    return [
        (told.exhibit.number, words.LEFT_OUT["other_petition"].format(on=day(filed.on)))
        for each in petitions
        for told, filed in each
    ]


def filed_for(told: Told, invoice: Invoice) -> EscalatedToInjonction | None:
    """The petition under way of an invoice, if one is."""
    if invoice.regions.procedure in {"no_procedure", "ended"}:
        return None
    facts = (entry.fact for entry in reversed(standing(told.exhibit.history)))
    return next((f for f in facts if isinstance(f, EscalatedToInjonction) and f.proceeding == invoice.proceeding), None)


def _barred(invoice: Invoice) -> str:
    """What of the law keeps an invoice out of a petition."""
    if invoice.issued.debtor_kind == "public":
        return "public"
    own = {None, invoice.issued.debtor}
    return "stayed" if invoice.regions.standing == "stayed" and invoice.stayed_party in own else ""


def _repeated(case: CaseFile, told: Told, filed: EscalatedToInjonction) -> Share:
    claim = stated(told.exhibit, filed.on, case.law, case.readings)
    return Share(told, standing_on(told.exhibit, filed.on), claim, filed.heads)


def heads_due(invoice: Invoice, claim: Claim | Missing, on: dt.date) -> tuple[Head, ...]:
    """What is due on an invoice, head by head, with the interest that goes on; the principal alone where a value is missing.

    Law: CPC, art. 1405; C. com., art. L441-10, II; C. civ., art. 1231-6.
    """
    if isinstance(claim, Missing):
        due = invoice.overdue_cents(on)
        return (Head(cents=due, head="principal"),) if due > 0 else ()
    found, debt = claim.statement, debt_of(invoice)
    is_accelerated = "acceleration" in (invoice.issued.clauses or ())
    owed: dict[HeadName, int] = {
        "principal": found.principal_cents if is_accelerated else found.due_principal_cents(on),
        "penalties": found.interest_cents,
        "indemnity": found.head_cents(INDEMNITY),
    }
    kind, rate = interest_of(debt)
    bears = any(part.bears_from is not None for part, _, _ in found.left)
    return tuple(
        Head(cents=cents, head=name, from_on=on + ONE_DAY if bears else None, rate=rate, rate_kind=kind)
        if name == "principal"
        else Head(cents=cents, head=name)
        for name, cents in owed.items()
        if cents > 0
    )
