"""What an observation breaches: never refused, stored with it as findings."""

import datetime as dt
from typing import Final

from domain.calendar import ONE_DAY, end_of_month, is_closed_to_service
from domain.errors import LawMissing, in_words
from domain.facts.invoicing import InvoiceIssued, PaymentReceived
from domain.facts.procedure import (
    EscalatedToInjonction,
    Head,
    OppositionLodged,
    OrdonnanceGranted,
    OrdonnanceServed,
    TitleEnforceable,
)
from domain.law.tables import Law
from domain.money import plain
from domain.ordonnance import enforceable_from, order
from domain.rules.acts import PAID, POLICY
from domain.rules.rule import Case, No, Rule, rule
from domain.timebar import limitation_of


@rule("legal", "C. com., art. L441-10, I; C. com., art. L441-16", "fine")
def term_above_cap(case: Case) -> No | None:
    """A term between professionals is sixty days from issue at most, or forty-five days end of month where the contract says so."""
    issued = case.fact
    if not isinstance(issued, InvoiceIssued) or issued.debtor_kind not in {"trader", "professional"}:
        return None
    dues = [part.due for part in issued.instalments if part.due and part.kind == "normal"]
    try:
        cap = latest_due(case.law, issued)
    except LawMissing:
        return None
    beyond = max(dues, default=cap)
    return No(f"due {in_words(beyond)}; the law allows {in_words(cap)} at most") if beyond > cap else None


@rule("legal", "C. com., art. L622-7, I, III", "annullable")
def paid_under_stay(case: Case) -> No | None:
    """A payment of an earlier claim after the opening judgment may be annulled for three years."""
    invoice = case.invoice
    if (
        invoice.regions.standing != "stayed"
        or not isinstance(case.fact, PaymentReceived)
        or case.fact.source != "debtor"
    ):
        return None
    return No(
        f"paid after the opening judgment of {in_words(invoice.stayed_on or case.on)}: may be annulled for three years"
    )


@rule("legal", "C. com., art. L622-21, I", "void")
def act_under_stay(case: Case) -> No | None:
    """Service of an order under a stay breaches the stay."""
    return (
        No("done after the opening judgment, which stops individual action")
        if case.invoice.regions.standing == "stayed"
        else None
    )


@rule("legal", PAID, "without_cause")
def title_of_a_paid_debt(case: Case) -> No | None:
    """An order is served, and enforced, for a debt that is still owed."""
    paid = case.invoice.regions.settlement == "paid"
    return No(f"it was paid on {in_words(case.invoice.paid_on or case.on)}") if paid else None


@rule("legal", "CPC, art. 1411", "void")
def served_late(case: Case) -> No | None:
    """An order not served in time is void: six months, three for an order rendered from 1 September 2026."""
    granted = case.last(OrdonnanceGranted)
    if granted is None or case.last(OrdonnanceServed) is not None:
        return None
    by = order(case.law, case.readings, granted.on).serve_by_on
    return No(f"the order of {in_words(granted.on)} was to be served by {in_words(by)}") if case.on > by else None


@rule("legal", "CPC, art. 664", "irregular")
def served_on_a_closed_day(case: Case) -> No | None:
    """No act is served on a Sunday or a holiday without the judge's leave."""
    fact = case.fact
    is_electronic = isinstance(fact, OrdonnanceServed) and fact.mode == "electronic"
    closed = is_closed_to_service(case.on, case.readings["holidays"])
    return No(f"{in_words(case.on)} is a Sunday or a holiday") if closed and not is_electronic else None


@rule("legal", "CPC, art. 1409", "rest_given_up")
def rest_given_up(case: Case) -> No | None:
    """Who has a partial order served gives up the rest of what was claimed."""
    granted, claimed = case.last(OrdonnanceGranted), case.last(EscalatedToInjonction)
    if granted is None or claimed is None:
        return None
    less = _total(claimed.heads) - _total(granted.heads)
    return No(f"the order grants {plain(less)} EUR less than was claimed") if less > 0 else None


@rule("policy", POLICY)
def served_after_time_bar(case: Case) -> No | None:
    """Service comes before the time-bar, which only the debtor may raise."""
    found = limitation_of(case.law, case.history, case.on - ONE_DAY, readings=case.readings)
    if found is None or case.on <= found.prudent_on:
        return None
    return No(
        f"the prudent date of the time-bar was {in_words(found.prudent_on)}, the arguable one {in_words(found.arguable_on)}"
    )


@rule("legal", "CPC, art. 1416", "inadmissible")
def opposed_late(case: Case) -> No | None:
    """An opposition is made within the month of service in person."""
    fact, granted, served = case.fact, case.last(OrdonnanceGranted), case.last(OrdonnanceServed)
    if not isinstance(fact, OppositionLodged) or granted is None or served is None or served.mode != "person":
        return None
    until = order(case.law, case.readings, granted.on, served.on, in_person=True).opposition_until_on
    return No(f"the month ended on {in_words(until)}") if until and fact.on > until else None


@rule("legal", "CPC, art. 1422", "without_effect")
def enforceable_too_early(case: Case) -> No | None:
    """An order is enforceable once the time to oppose it has run out; from 1 September 2026, two months after service as well."""
    granted, served = case.last(OrdonnanceGranted), case.last(OrdonnanceServed)
    if not isinstance(case.fact, TitleEnforceable) or granted is None or served is None:
        return None
    first = enforceable_from(case.law, case.readings, granted.on, served.on)
    if first is None or case.on >= first:
        return None
    return No(f"served on {in_words(served.on)}, it is enforceable from {in_words(first)}", first)


@rule("legal", "CPC, art. 1423 (ancien)", "without_effect")
def enforceable_without_formula(case: Case) -> No | None:
    """An order rendered before 1 March 2022 is enforced once the executory formula was asked for and put on it."""
    granted, fact = case.last(OrdonnanceGranted), case.fact
    if not isinstance(fact, TitleEnforceable) or granted is None or fact.basis == "formula_on_request":
        return None
    is_old = order(case.law, case.readings, granted.on).regime == "before-2022-03-01"
    return No("no executory formula is on record") if is_old else None


def latest_due(law: Law, issued: InvoiceIssued) -> dt.date:
    """The latest due day that the law allows between professionals: by the terms recorded, by any terms where none are.

    Raises:
        LawMissing: issued before the caps.

    Law: C. com., art. L441-10, I; C. com., art. L441-11, II.
    """
    if issued.nature == "carriage":
        return issued.on + dt.timedelta(days=law.on("carriage_cap_days", issued.on).whole)
    plain_cap = issued.on + dt.timedelta(days=law.on("agreed_term_cap_days", issued.on).whole)
    if issued.terms and not issued.terms.endswith("-eom"):
        return plain_cap
    days = dt.timedelta(days=law.on("end_of_month_term_cap_days", issued.on).whole)
    by_method = {"add_then_eom": end_of_month(issued.on + days), "eom_then_add": end_of_month(issued.on) + days}
    return by_method[issued.method] if issued.method else max(plain_cap, *by_method.values())


def _total(heads: tuple[Head, ...]) -> int:
    return sum(head.cents for head in heads)


_SERVED: Final[tuple[Rule, ...]] = (
    act_under_stay, title_of_a_paid_debt, served_late, served_on_a_closed_day, rest_given_up, served_after_time_bar,
)  # fmt: skip
FINDINGS: Final[dict[str, tuple[Rule, ...]]] = {
    "InvoiceIssued": (term_above_cap,),
    "PaymentReceived": (paid_under_stay,),
    "OrdonnanceServed": _SERVED,
    "OppositionLodged": (opposed_late,),
    "TitleEnforceable": (act_under_stay, title_of_a_paid_debt, enforceable_too_early, enforceable_without_formula),
    "OrdonnanceGranted": (act_under_stay,),
}
