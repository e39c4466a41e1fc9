"""What stands against an act: reminder, call, formal notice, write-off. The petition has a file of its own."""

import datetime as dt

from domain.errors import in_words
from domain.facts.invoicing import WrittenOff
from domain.facts.recovery import DebtorFormallyNotified
from domain.money import plain
from domain.rules.rule import Case, No, Rule, rule

RECORD = "the record"
POLICY = "the creditor's policy"
PAID = "C. civ., art. 1342, al. 3"
ONE_DAY = dt.timedelta(days=1)


@rule("policy", POLICY)
def already_paid(case: Case) -> No | None:
    """A debtor who paid the price is left alone: accessories are all that can be left, and the law lets them be asked for."""
    if case.invoice.regions.settlement != "paid":
        return None
    return No(f"it was paid on {in_words(case.invoice.paid_on or case.on)}")


@rule("fact", RECORD)
def cancelled(case: Case) -> No | None:
    """Nothing is asked on an invoice that should not exist."""
    return No("it was cancelled") if case.invoice.regions.settlement == "cancelled" else None


@rule("legal", PAID, "without_cause")
def nothing_owed(case: Case) -> No | None:
    """Nothing is asked of who owes nothing: neither price, nor interest, nor the 40 EUR."""
    if case.invoice.regions.settlement == "cancelled" or (case.invoice.unsettled_cents > 0 and not case.on_account):
        return None
    is_owed = case.claim is not None and case.claim.statement.total_cents > 0
    return None if is_owed else No("payments, credit notes and money on account cover it, and no accessory is left")


@rule("policy", POLICY)
def late_already(case: Case) -> No | None:
    """A courtesy comes before the due day."""
    due = case.invoice.oldest_unpaid_due_on
    if due and due < case.on:
        return No(f"it fell due on {in_words(due)}; a courtesy comes before: send a reminder of level 1")
    return None


@rule("policy", POLICY)
def not_late(case: Case) -> No | None:
    """A reminder says that the debt is late, so it must be."""
    return before_due(case)


@rule("policy", POLICY)
def call_before_due(case: Case) -> No | None:
    """Nobody is called about a debt that is not late."""
    return before_due(case)


@rule("legal", "C. civ., art. 1344; C. civ., art. 1305-2", "without_effect")
def not_due(case: Case) -> No | None:
    """A debt may be claimed from the day after its due day."""
    return before_due(case)


def before_due(case: Case) -> No | None:
    """The no of a debt of which nothing is due yet, neither a part nor the interest of one: allowed from the day after."""
    due = case.invoice.oldest_unpaid_due_on
    if due is None:
        return No("no due day is known for what is left to pay") if case.invoice.unpaid() else None
    if case.on > due or (case.invoice.overdue_anything(case.on) and case.claim and case.claim.statement.due_cents > 0):
        return None
    return No(f"it falls due on {in_words(due)}", due + ONE_DAY)


@rule("legal", "C. com., art. L622-21, I", "void")
def stayed(case: Case) -> No | None:
    """Individual recovery of an earlier claim stops at the opening judgment, from the first hour of its day."""
    if not case.is_stayed:
        return None
    opened = in_words(case.stayed_on)
    return No(
        f"insolvency proceedings opened on {opened} stop individual action; the claim is declared (C. com., art. L622-24)"
    )


@rule("legal", "C. postes et comm. élec., art. L100", "without_effect")
def lre_without_consent(case: Case) -> No | None:
    """A registered letter by electronic means reaches a person who is no professional only if he consented before."""
    fact = case.fact
    if not isinstance(fact, DebtorFormallyNotified) or fact.form != "lre":
        return None
    if case.invoice.issued.debtor_kind != "consumer" or (fact.consented_on and fact.consented_on <= fact.on):
        return None
    return No("no consent of the debtor to electronic registered letters is given; a letter on paper needs none")


@rule("policy", POLICY)
def disputed(case: Case) -> No | None:
    """A debt disputed whole is settled before it is pressed."""
    return (
        No("the debtor disputes it whole; settle the dispute first")
        if case.invoice.regions.dispute == "disputed"
        else None
    )


@rule("policy", POLICY)
def promise_running(case: Case) -> No | None:
    """A debtor who promised is left alone until the day."""
    invoice, until = case.invoice, case.invoice.promise_due_on
    if invoice.regions.arrangement != "promised" or until is None:
        return None
    first = until + dt.timedelta(days=case.policy.promise_tolerance_days + 1)
    return No(f"the debtor promised to pay by {in_words(until)}", first) if case.on < first else None


@rule("policy", POLICY)
def too_soon(case: Case) -> No | None:
    """Two reminders keep a distance."""
    last = case.invoice.last_reminded_on
    first = last and last + dt.timedelta(days=case.policy.spacing_days)
    return No(f"the last reminder went out on {in_words(last)}", first) if last and first and case.on < first else None


@rule("policy", POLICY)
def not_reminded(case: Case) -> No | None:
    """A formal notice comes after a reminder."""
    return No("no reminder is on record") if case.invoice.reminders < case.policy.reminders_before_notice else None


@rule("policy", POLICY)
def held_back(case: Case) -> No | None:
    """Nothing goes out while recovery is paused or in other hands."""
    custody = case.invoice.regions.custody
    return {"paused": No("recovery is paused"), "handed_over": No("it was handed over to a collector")}.get(custody)


@rule("fact", RECORD)
def write_off_above_owed(case: Case) -> No | None:
    """No more is written off than the books carry."""
    if not isinstance(case.fact, WrittenOff):
        return None
    fact, carried = case.fact, case.invoice.book_residual_cents
    if fact.cents > carried:
        return No(f"{plain(fact.cents)} EUR is above the {plain(carried)} EUR the books carry")
    if (fact.extent == "whole") != (fact.cents == carried):
        return No(f"a whole write-off takes all {plain(carried)} EUR, a part less")
    return None


@rule("legal", "C. civ., art. 1324; CMF, art. L313-28", "without_effect")
def transferred(case: Case) -> No | None:
    """Once the debtor is notified of a transfer of the claim, only its new owner acts, or a mandatary of his."""
    on = case.invoice.transferred_on
    return No(f"the claim was transferred, and the debtor notified on {in_words(on)}") if on and case.on >= on else None


@rule("legal", "C. com., art. L236-3; C. civ., art. 785, 877", "without_effect")
def substituted(case: Case) -> No | None:
    """After a merger, a transfer of assets or a death, acts are addressed to who took the debtor's place."""
    successor, party = case.invoice.successor, getattr(case.fact, "party", None)
    return No("another person took the debtor's place") if successor and party != successor else None


@rule("policy", POLICY)
def plan_running(case: Case) -> No | None:
    """A debtor who keeps an instalment plan is left alone."""
    return No("an instalment plan is under way") if case.invoice.regions.arrangement == "instalments" else None


OWED: tuple[Rule, ...] = (already_paid, cancelled, nothing_owed, transferred, substituted)
COURTESY: tuple[Rule, ...] = (*OWED, late_already, stayed, disputed, promise_running, plan_running, too_soon, held_back)
REMIND: tuple[Rule, ...] = (*OWED, not_late, stayed, disputed, promise_running, plan_running, too_soon, held_back)
CALL: tuple[Rule, ...] = (*OWED, call_before_due, stayed, promise_running, plan_running, held_back)
NOTIFY: tuple[Rule, ...] = (
    *OWED,
    not_due,
    lre_without_consent,
    stayed,
    disputed,
    promise_running,
    plan_running,
    not_reminded,
    held_back,
)
WRITE_OFF: tuple[Rule, ...] = (already_paid, cancelled, write_off_above_owed)
