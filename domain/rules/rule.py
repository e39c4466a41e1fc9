"""What a rule is, and what it judges."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from domain.account import Movement
from domain.claim import Claim, of_invoice
from domain.errors import LawMissing, Refusal, RefusalKind, Refused
from domain.facts.fact import Fact
from domain.facts.insolvency import StayedByInsolvency
from domain.history import Entry, ordered
from domain.invoice import Invoice
from domain.law.readings import Readings
from domain.law.tables import Law
from domain.policy import Policy

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Case:
    """The invoice as it stood on the day, the fact about to be recorded, the creditor's policy, the law.

    `history` is what is known of the invoice; `waived` names the rules that are passed over, by force or because the act was
    already done; `on_account` is money that the books gave to no invoice and the law imputes here; `memo` keeps what several rules of one case compute.
    """

    invoice: Invoice
    fact: Fact
    policy: Policy
    law: Law
    history: Sequence[Entry] = ()
    waived: frozenset[str] = frozenset()
    on_account: tuple[Movement, ...] = ()
    memo: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def on(self) -> dt.date:
        """The day that is judged."""
        return self.fact.on

    @property
    def readings(self) -> Readings:
        """How the creditor's policy reads the contested points of the law."""
        return Readings(self.policy.readings)

    def all(self, kind: type[F]) -> list[F]:
        """The facts of a kind that stand and took effect by the day, in their order; of a proceeding, those of this one."""
        proceeding = getattr(self.fact, "proceeding", None)
        if "ordered" not in self.memo:
            self.memo["ordered"] = ordered(self.history)
        placed: list[tuple[dt.date, Entry]] = self.memo["ordered"]
        return [
            entry.fact
            for on, entry in placed
            if on <= self.on
            and isinstance(entry.fact, kind)
            and getattr(entry.fact, "proceeding", proceeding) == proceeding
        ]

    def last(self, kind: type[F]) -> F | None:
        """The last of them."""
        found = self.all(kind)
        return found[-1] if found else None

    @property
    def claim(self) -> Claim | None:
        """What is owed in law at the end of the day; nothing where a rate is not known."""
        if "claim" not in self.memo:
            try:
                self.memo["claim"] = of_invoice(
                    self.law, self.history, self.on, readings=self.readings, on_account=self.on_account
                )
            except LawMissing:
                self.memo["claim"] = None
        found: Claim | None = self.memo["claim"]
        return found

    @property
    def is_stayed(self) -> bool:
        """Proceedings against the debtor himself stay the claim: from the first hour of the day of the judgment.

        Law: C. com., art. L622-21, R621-4.
        """
        invoice, debtor = self.invoice, self.invoice.issued.debtor
        if invoice.regions.standing == "stayed":
            return invoice.stayed_party in {None, debtor}
        return any(fact.on == self.on and fact.party == debtor for fact in self.all(StayedByInsolvency))

    @property
    def stayed_on(self) -> dt.date:
        """The day of the opening judgment."""
        return self.invoice.stayed_on or self.on


@dataclass(frozen=True, slots=True)
class No:
    """Why a rule says no, and from which day it would say yes."""

    reason: str
    allowed_from_on: dt.date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One condition of a step."""

    code: str
    kind: RefusalKind
    reference: str
    judge: Callable[[Case], No | None] = field(repr=False)
    consequence: str = "irregular"

    def refusal(self, case: Case) -> Refusal | None:
        """The rule's no on this case, or nothing."""
        no = self.judge(case)
        if no is None:
            return None
        return Refusal(self.code, self.kind, no.reason, self.reference, no.allowed_from_on, self.consequence)

    def validator(self) -> Callable[[Case], None]:
        """The rule as the chart wants it: a plain function that raises `Refused`, and says whose it is."""

        def validate(case: Case) -> None:
            refusal = self.refusal(case)
            if refusal and self.code not in case.waived:
                raise Refused(case.fact.move, refusal)

        validate.rule = self  # type: ignore[attr-defined]
        return validate

    @property
    def text(self) -> str:
        """The rule in words."""
        return (self.judge.__doc__ or "").strip().splitlines()[0]


def rule(
    kind: RefusalKind, reference: str, consequence: str = "irregular"
) -> Callable[[Callable[[Case], No | None]], Rule]:
    """Make a rule of a plain function: its name is the code, its docstring the text; the consequence is a code, no prose."""

    def made(judge: Callable[[Case], No | None]) -> Rule:
        return Rule(judge.__name__, kind, reference, judge, consequence)

    return made
