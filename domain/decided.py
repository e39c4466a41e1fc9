"""What a decision gives, and what it needs besides the history."""

import datetime as dt
from dataclasses import dataclass, field

from domain.account import Movement
from domain.errors import Refusal
from domain.facts.fact import Fact
from domain.law.tables import Law, shipped
from domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Decided:
    """A fact accepted, with what it breaches: legal findings are stored with it, policy findings stay inside the firm."""

    fact: Fact
    findings: tuple[Refusal, ...] = ()
    override: str | None = None

    @property
    def legal(self) -> tuple[Refusal, ...]:
        """The findings that go into the envelope."""
        return tuple(finding for finding in self.findings if finding.kind != "policy")

    @property
    def policy(self) -> tuple[Refusal, ...]:
        """The findings that stay in the internal part."""
        return tuple(finding for finding in self.findings if finding.kind == "policy")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a decision needs besides the history: the day of recording, policy, law, and how far the admin insists.

    `override` is the reason given to go past the policy; `already_done` records an act done elsewhere, with its findings;
    `on_account` is money of the debtor that the law imputes on the invoice.
    """

    today: dt.date
    policy: Policy
    override: str | None = None
    already_done: bool = False
    law: Law = field(default_factory=shipped)
    on_account: tuple[Movement, ...] = ()
