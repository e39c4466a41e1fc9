"""What an observation breaches: never refused, stored with it as findings."""

import datetime as dt
from typing import Final

from domain.calendar import ONE_DAY, end_of_month, is_closed_to_service
from domain.claim import debt_of
from domain.errors import in_words
from domain.facts.invoicing import InvoiceIssued, PaymentReceived
from domain.facts.procedure import (
    EscalatedToInjonction,
    Head,
    OppositionLodged,
    OrdonnanceGranted,
    OrdonnanceServed,
    TitleEnforceable,
)
from domain.law.rates import rate
from domain.law.tables import Law
from domain.money import plain
from domain.ordonnance import enforceable_from, order
from domain.penalties import agreed_rate
from domain.rules.acts import PAID, POLICY
from domain.rules.rule import Case, No, Rule, rule
from domain.timebar import limitation_of

_IN_PERSON: Final = ("person", "authorised_person")


@rule("legal", "C. com., art. L441-10, I; C. com., art. L441-16", "fine")
def term_above_cap(case: Case) -> No | None:
    """A term between professionals is sixty days from issue at most, or forty-five days end of month where the contract says so."""
    issued = case.fact
    if not isinstance(issued, InvoiceIssued) or not _is_between_professionals(issued):
        return None
    dues = [part.due for part in issued.instalments if part.due and part.kind == "normal"]
    cap = latest_due(case.law, issued)
    beyond = max(dues, default=cap)
    return No(f"due {in_words(beyond)}; the law allows {in_words(cap)} at most") if beyond > cap else None


@rule("legal", "C. com., art. L441-10, II; C. com., art. L441-16", "fine")
def rate_below_floor(case: Case) -> No | None:
    """A rate agreed between professionals is three times the legal rate at least."""
    issued = case.fact
    if not isinstance(issued, InvoiceIssued) or issued.penalty_rate is None or not _is_between_professionals(issued):
        return None
    debt = debt_of(case.invoice)
    if debt.clause is None:
        return None
    agreed, floor = agreed_rate(case.law, debt, debt.clause, issued.on), rate(case.law, "floor", issued.on)
    if agreed.percent >= floor.percent:
        return None
    return No(f"the agreed rate, {agreed.percent:.2f} %, is below the floor, {floor.percent:.2f} %")


@rule("legal", "C. com., art. L622-7, I, III", "annullable")
def paid_under_stay(case: Case) -> No | None:
    """A payment of an earlier claim after the opening judgment may be annulled for three years."""
    if not case.is_stayed or not isinstance(case.fact, PaymentReceived) or case.fact.source != "debtor":
        return None
    return No(f"paid after the opening judgment of {in_words(case.stayed_on)}: may be annulled for three years")


@rule("legal", "C. com., art. L622-21, I", "void")
def act_under_stay(case: Case) -> No | None:
    """Service of an order under a stay breaches the stay."""
    return No("done after the opening judgment, which stops individual action") if case.is_stayed else None


@rule("legal", PAID, "without_cause")
def title_of_a_paid_debt(case: Case) -> No | None:
    """An order is served, and enforced, for a debt of which something is still owed."""
    is_paid = case.invoice.regions.settlement == "paid" and case.claim is not None
    if not is_paid or (case.claim and case.claim.statement.total_cents > 0):
        return None
    return No(f"it was paid on {in_words(case.invoice.paid_on or case.on)}, and nothing is left")


@rule("legal", "CPC, art. 1411", "void")
def served_late(case: Case) -> No | None:
    """An order not served in time is void: six months, three for an order rendered from 1 September 2026."""
    granted = case.last(OrdonnanceGranted)
    if granted is None or case.all(OrdonnanceServed):
        return None
    by = order(case.law, case.readings, granted.on).serve_by_on
    return No(f"the order of {in_words(granted.on)} was to be served by {in_words(by)}") if case.on > by else None


@rule("legal", "CPC, art. 1411", "void")
def void_order(case: Case) -> No | None:
    """An order that was not served in time is void, and is not enforced."""
    granted, served = case.last(OrdonnanceGranted), case.all(OrdonnanceServed)
    if not isinstance(case.fact, TitleEnforceable) or granted is None or not served:
        return None
    by = order(case.law, case.readings, granted.on).serve_by_on
    first = min(each.on for each in served)
    return No(f"served on {in_words(first)}, after {in_words(by)}: the order is void") if first > by else None


@rule("legal", "CPC, art. 1411", "without_effect")
def not_lapsed(case: Case) -> No | None:
    """An order lapses when it was not served in time: neither before the time is over, nor once it was served in it."""
    granted = case.last(OrdonnanceGranted)
    if granted is None:
        return None
    by = order(case.law, case.readings, granted.on).serve_by_on
    in_time = [each.on for each in case.all(OrdonnanceServed) if each.on <= by]
    if in_time:
        return No(f"it was served on {in_words(min(in_time))}, in time")
    return No(f"it may be served until {in_words(by)}", by + ONE_DAY) if case.on <= by else None


@rule("legal", "CPC, art. 1415, 1422", "without_effect")
def opposed_order(case: Case) -> No | None:
    """An order that was opposed is not enforced: the judgment on the opposition takes its place."""
    opposed = case.last(OppositionLodged)
    if not isinstance(case.fact, TitleEnforceable) or opposed is None or case.invoice.regions.procedure != "opposed":
        return None
    granted, served = case.last(OrdonnanceGranted), case.all(OrdonnanceServed)
    if granted is not None and served:
        first = enforceable_from(
            case.law, case.readings, granted.on, served[0].on, opposed=opposed.on, notice=opposed.notice_received_on
        )
        if first is not None and case.on >= first:  # as `late_opposition_notice` may be read
            return None
    return No(f"an opposition was lodged on {in_words(opposed.on)}")


@rule("legal", "CPC, art. 664", "irregular")
def served_on_a_closed_day(case: Case) -> No | None:
    """No act is served on a Sunday or a holiday without the judge's leave."""
    fact = case.fact
    is_electronic = isinstance(fact, OrdonnanceServed) and fact.mode == "electronic"
    closed = is_closed_to_service(case.on, case.readings["holidays"])
    return No(f"{in_words(case.on)} is a Sunday or a holiday") if closed and not is_electronic else None


@rule("legal", "CPC, art. 1409", "rest_given_up")
def rest_given_up(case: Case) -> No | None:
    """Who has a partial order served gives up the rest of what was claimed; what was paid meanwhile is no rest."""
    granted, claimed = case.last(OrdonnanceGranted), case.last(EscalatedToInjonction)
    if granted is None or claimed is None:
        return None
    paid = sum(fact.cents for fact in case.all(PaymentReceived) if fact.on > claimed.on)
    rest = [_cents(claimed.heads, name) - _cents(granted.heads, name) for name in {head.head for head in claimed.heads}]
    less = sum(cents for cents in rest if cents > 0) - paid
    return No(f"the order grants {plain(less)} EUR less than was claimed") if less > 0 else None


@rule("policy", POLICY)
def served_after_time_bar(case: Case) -> No | None:
    """Service comes before the time-bar, which only the debtor may raise."""
    found = limitation_of(case.law, case.history, case.on - ONE_DAY, readings=case.readings)
    if found is None:
        return None
    last = found.prudent_on if case.readings["limitation_alarm"] == "prudent" else found.arguable_on
    if case.on <= last:
        return None
    return No(
        f"the prudent date of the time-bar was {in_words(found.prudent_on)}, the arguable one {in_words(found.arguable_on)}"
    )


@rule("legal", "CPC, art. 654, 1416", "inadmissible")
def opposed_late(case: Case) -> No | None:
    """An opposition is made within the month of service in person, or on who may receive for a company."""
    fact, granted, served = case.fact, case.last(OrdonnanceGranted), case.last(OrdonnanceServed)
    if not isinstance(fact, OppositionLodged) or granted is None or served is None or served.mode not in _IN_PERSON:
        return None
    until = order(case.law, case.readings, granted.on, served.on, in_person=True).opposition_until_on
    return No(f"the month ended on {in_words(until)}") if until and fact.on > until else None


@rule("legal", "CPC, art. 1422", "without_effect")
def enforceable_too_early(case: Case) -> No | None:
    """An order is enforceable once the time to oppose it has run out; from 1 September 2026, two months after service as well."""
    granted, served = case.last(OrdonnanceGranted), case.all(OrdonnanceServed)
    if not isinstance(case.fact, TitleEnforceable) or granted is None or not served:
        return None
    service = served[0].on
    dates = order(case.law, case.readings, granted.on, service)
    first = dates.earliest_enforceable_on
    if first is None and dates.suspended_until_on is not None and service <= dates.serve_by_on:
        first = dates.suspended_until_on + ONE_DAY  # before March 2022: the formula is asked for once the month is over
    if first is None or case.on >= first:
        return None
    return No(f"served on {in_words(service)}, it is enforceable from {in_words(first)}", first)


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


def _is_between_professionals(issued: InvoiceIssued) -> bool:
    return issued.debtor_kind in {"trader", "professional"} and issued.creditor_kind != "consumer"


def _cents(heads: tuple[Head, ...], name: str) -> int:
    return sum(head.cents for head in heads if head.head == name)


_SERVED: Final[tuple[Rule, ...]] = (
    act_under_stay, title_of_a_paid_debt, served_late, served_on_a_closed_day, rest_given_up, served_after_time_bar,
)  # fmt: skip
FINDINGS: Final[dict[str, tuple[Rule, ...]]] = {
    "InvoiceIssued": (term_above_cap, rate_below_floor),
    "PaymentReceived": (paid_under_stay,),
    "OrdonnanceServed": _SERVED,
    "OppositionLodged": (opposed_late,),
    "OrdonnanceLapsed": (not_lapsed,),
    "TitleEnforceable": (
        act_under_stay,
        title_of_a_paid_debt,
        void_order,
        opposed_order,
        enforceable_too_early,
        enforceable_without_formula,
    ),
    "OrdonnanceGranted": (act_under_stay,),
}
