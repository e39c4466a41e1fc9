"""What stands against a petition for an injonction de payer."""

import datetime as dt
from typing import Final

from domain.calendar import ONE_DAY
from domain.errors import LawMissing, in_words
from domain.facts.procedure import EscalatedToInjonction, HeadName
from domain.money import plain
from domain.rules.acts import (
    POLICY,
    RECORD,
    already_paid,
    before_due,
    cancelled,
    held_back,
    nothing_owed,
    plan_running,
    promise_running,
    stayed,
    substituted,
    transferred,
)
from domain.rules.rule import Case, No, Rule, rule
from domain.timebar import limitation_of

_COMMERCIAL: Final = ("tc", "tae")
#: Where no tribunal de commerce sits: the tribunal judiciaire has a commercial chamber (57, 67, 68).
_ALSACE_MOSELLE: Final = frozenset(
    f"tj-{town}" for town in ("colmar", "metz", "mulhouse", "sarreguemines", "saverne", "strasbourg", "thionville")
)


@rule("legal", "CPC, art. 1405; C. civ., art. 1305-2", "inadmissible")
def petition_before_due(case: Case) -> No | None:
    """A payment order is sought for a debt that is due, of which interest and a late part are enough."""
    return before_due(case)


@rule("legal", "CPC, art. 1405; C. civ., art. 1305-2", "inadmissible")
def instalment_not_due(case: Case) -> No | None:
    """A payment order is sought for what is due, and no more; an acceleration clause is for the lawyer to qualify."""
    if not isinstance(case.fact, EscalatedToInjonction) or "acceleration" in (case.invoice.issued.clauses or ()):
        return None
    claimed, books = _claimed(case.fact, "principal"), case.invoice.overdue_cents(case.on)
    due = case.claim.statement.due_principal_cents(case.on) if case.claim else books
    if due < claimed <= _owed(case):
        return No(f"of the {plain(claimed)} EUR claimed, {plain(due)} EUR are due")
    return None


@rule("legal", "CPC, art. 1405; loi n° 80-539 du 16 juillet 1980", "inadmissible")
def public_debtor(case: Case) -> No | None:
    """No payment order lies against a public person."""
    is_public = case.invoice.issued.debtor_kind == "public"
    return No("the debtor is a public person, before the administrative judge") if is_public else None


@rule("legal", "CPC, art. 1406; C. com., art. L721-3", "no_jurisdiction")
def wrong_court(case: Case) -> No | None:
    """The tribunal de commerce judges traders; a debtor who is none is taken before the tribunal judiciaire."""
    if not isinstance(case.fact, EscalatedToInjonction):
        return None
    issued, court = case.invoice.issued, case.fact.court
    kind, _, town = court.partition("-")
    if kind in _COMMERCIAL and f"tj-{town}" in _ALSACE_MOSELLE:
        return No(
            f"no tribunal de commerce sits there: the commercial chamber of the tribunal judiciaire (tj-{town}) judges"
        )
    if kind in _COMMERCIAL and issued.debtor_kind == "consumer":
        return No(f"the debtor is a consumer, and {court} judges traders: the tribunal judiciaire has jurisdiction")
    is_between_traders = (issued.debtor_kind, issued.creditor_kind) == ("trader", "trader")
    if kind in {"tj", "jcp"} and is_between_traders and court not in _ALSACE_MOSELLE:
        return No(
            f"both parties are traders, and {court} is no commercial court: the tribunal de commerce has jurisdiction"
        )
    return None


@rule("fact", RECORD)
def heads_above_owed(case: Case) -> No | None:
    """No head petitioned for is above what is owed: the principal of the books or of the claim, the penalties to the day."""
    if not isinstance(case.fact, EscalatedToInjonction):
        return None
    principal, owed = _claimed(case.fact, "principal"), _owed(case)
    if principal > owed:
        return No(f"the principal claimed, {plain(principal)} EUR, is above the {plain(owed)} EUR owed")
    claim, penalties = case.claim, _claimed(case.fact, "penalties")
    if claim and penalties > claim.statement.interest_cents:
        run = plain(claim.statement.interest_cents)
        return No(f"the penalties claimed, {plain(penalties)} EUR, are above the {run} EUR that ran")
    return None


def _owed(case: Case) -> int:
    """The principal owed: that of the books, or of the claim, where payments went to interest first."""
    return max(case.invoice.unsettled_cents, case.claim.statement.principal_cents if case.claim else 0)


def _claimed(fact: EscalatedToInjonction, name: HeadName) -> int:
    return sum(head.cents for head in fact.heads if head.head == name)


@rule("policy", POLICY)
def dispute_open(case: Case) -> No | None:
    """No petition while any part is disputed."""
    is_open = case.invoice.regions.dispute != "undisputed"
    return No("a dispute is open; settle it, or claim the rest with --principal, by force") if is_open else None


@rule("policy", POLICY)
def no_formal_notice(case: Case) -> No | None:
    """A petition comes after a formal notice, though the law asks for none."""
    return No("no formal notice is on record (the law asks for none)") if case.invoice.notified_on is None else None


@rule("policy", POLICY)
def notice_running(case: Case) -> No | None:
    """The time given by the formal notice is left to run."""
    until = case.invoice.notice_deadline_on
    if until is None or case.on > until:
        return None
    return No(f"the formal notice gives until {in_words(until)}", until + ONE_DAY)


@rule("policy", POLICY)
def conciliation_clause(case: Case) -> No | None:
    """A clause of prior conciliation is tried first: its effect on a payment order is not settled."""
    has_clause = "prior_conciliation" in (case.invoice.issued.clauses or ())
    return (
        No("the contract has a clause of prior conciliation; an ordinary suit without it is inadmissible")
        if has_clause
        else None
    )


@rule("policy", POLICY)
def time_bar(case: Case) -> No | None:
    """A petition leaves time to serve the order before the time-bar, which only the debtor may raise: filing stops nothing."""
    try:
        found = limitation_of(case.law, case.history, case.on, readings=case.readings)
    except LawMissing as missing:
        return No(f"the time-bar cannot be computed: {missing}")
    if found is None:
        return None
    reading = case.readings["limitation_alarm"]
    last = found.prudent_on if reading == "prudent" else found.arguable_on
    margin = case.policy.service_margin_days
    if case.on + dt.timedelta(days=margin) <= last:
        return None
    reads = f"the time-bar is reached at the end of {in_words(last)} ({reading} date; arguable {in_words(found.arguable_on)})"
    return No(f"{reads}, and {margin} days are kept to get the order and have it served; only the debtor may raise it")


ESCALATE: tuple[Rule, ...] = (
    already_paid,
    cancelled,
    nothing_owed,
    transferred,
    substituted,
    petition_before_due,
    instalment_not_due,
    stayed,
    public_debtor,
    wrong_court,
    heads_above_owed,
    dispute_open,
    promise_running,
    plan_running,
    no_formal_notice,
    notice_running,
    conciliation_clause,
    time_bar,
    held_back,
)
