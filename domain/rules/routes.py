"""What stands against the other roads: small claims, commandment, suits, seizures, enforcement, declaration, hand-over."""

from domain.calendar import deadline
from domain.errors import LawMissing, in_words
from domain.facts.insolvency import ClaimDeclared, ForeclosureReliefGranted, StayedByInsolvency
from domain.facts.procedure import SmallClaimStarted
from domain.facts.recovery import InvoiceHandedOver
from domain.money import plain
from domain.rules.acts import (
    POLICY,
    RECORD,
    already_paid,
    before_due,
    cancelled,
    nothing_owed,
    stayed,
    substituted,
    transferred,
)
from domain.rules.petition import dispute_open
from domain.rules.rule import Case, No, Rule, rule


@rule("legal", "CPCE, art. L125-1; C. civ., art. 1305-2", "inadmissible")
def route_before_due(case: Case) -> No | None:
    """A debt is pursued once it is due."""
    return before_due(case)


@rule("legal", "CPCE, art. L125-1, R125-1", "inadmissible")
def small_claim_above_ceiling(case: Case) -> No | None:
    """The small-claims procedure is for claims up to its ceiling, interest included."""
    if not isinstance(case.fact, SmallClaimStarted):
        return None
    ceiling = case.law.on("small_claims_ceiling", case.on).whole
    return No(f"{plain(case.fact.cents)} EUR is above {plain(ceiling)} EUR") if case.fact.cents > ceiling else None


@rule("legal", "CPCE, art. L125-1 (loi n° 2026-307 du 23 avril 2026)", "inadmissible")
def small_claim_between_traders(case: Case) -> No | None:
    """From 25 April 2026 the small-claims procedure is closed to claims invoiced between traders."""
    is_closed = case.law.on("small_claims_trader_exclusion", case.on).whole
    if not is_closed or not _is_between_traders(case):
        return None
    return No("the claim was invoiced between traders; the commandment of CPCE, art. L126-1, is for those")


@rule("legal", "CPCE, art. L126-1", "inadmissible")
def commandment_not_in_force(case: Case) -> No | None:
    """The commandment for undisputed commercial claims exists from 25 April 2026."""
    try:
        is_open = case.law.on("route_undisputed_commercial_claim", case.on).whole
    except LawMissing:
        is_open = 0
    return None if is_open else No(f"the procedure did not exist on {in_words(case.on)}")


@rule("legal", "CPCE, art. L126-1", "inadmissible")
def commandment_not_between_traders(case: Case) -> No | None:
    """The commandment is for claims invoiced between traders."""
    return None if _is_between_traders(case) else No("the record does not say that both parties are traders")


def _is_between_traders(case: Case) -> bool:
    kinds = {case.invoice.issued.creditor_kind, case.invoice.issued.debtor_kind}
    return kinds <= ({"trader"} if case.readings["traders"] == "by_the_letter" else {"trader", "professional"})


@rule("legal", "CPC, art. 122; Cass. ch. mixte, 12 déc. 2014, n° 13-19.684", "inadmissible")
def conciliation_first(case: Case) -> No | None:
    """An ordinary suit in spite of a clause of prior conciliation is inadmissible, and that is not cured on the way."""
    has_clause = "prior_conciliation" in (case.invoice.issued.clauses or ())
    return No("the contract has a clause of prior conciliation") if has_clause else None


@rule("legal", "CPCE, art. L111-2", "void")
def no_title(case: Case) -> No | None:
    """Nothing is enforced without an enforceable title."""
    return None if case.invoice.regions.procedure == "enforceable" else No("no enforceable title is on record")


@rule("legal", "C. civ., art. 1343-5; C. conso., art. L722-2", "void")
def enforcement_barred(case: Case) -> No | None:
    """Time granted by a judge, or over-indebtedness, bars enforcement; a title may still be sought."""
    is_barred = case.invoice.regions.standing == "enforcement_barred"
    return No("a judge gave the debtor time, or his over-indebtedness is admitted") if is_barred else None


@rule("legal", "CPCE, art. L111-1, al. 3; loi n° 80-539 du 16 juillet 1980", "void")
def public_immunity(case: Case) -> No | None:
    """Nothing is seized from a public person, nor taken before a judicial route that ends in a seizure."""
    is_public = case.invoice.issued.debtor_kind == "public"
    return No("the debtor is a public person: public funds are not seized") if is_public else None


@rule("fact", RECORD)
def no_insolvency(case: Case) -> No | None:
    """A claim is declared in proceedings that are open."""
    is_open = case.invoice.regions.standing == "stayed"
    return None if is_open else No("no insolvency proceedings stay this claim; record first: insolvency")


@rule("legal", "C. com., art. L622-24, L622-26, R622-24", "foreclosed")
def declared_late(case: Case) -> No | None:
    """A claim is declared within two months of the publication, four for a creditor outside metropolitan France."""
    return _declared_after(case, "claim_declaration_far_months")


@rule("policy", POLICY)
def declared_after_two_months(case: Case) -> No | None:
    """A creditor of metropolitan France has two months: the record does not say where he lives."""
    return _declared_after(case, "claim_declaration_months")


def _declared_after(case: Case, name: str) -> No | None:
    opened, relieved = case.last(StayedByInsolvency), case.last(ForeclosureReliefGranted)
    is_known = opened is not None and opened.published_on is not None
    if not isinstance(case.fact, ClaimDeclared) or opened is None or not is_known or relieved is not None:
        return None
    published = opened.published_on or opened.on
    last = deadline(published, months=case.law.on(name, published).whole).expires_on
    return (
        No(f"published on {in_words(published)}, it was to be declared by {in_words(last)}") if case.on > last else None
    )


@rule("legal", "CPCE, art. R124-3, R124-7", "fine")
def no_mandate(case: Case) -> No | None:
    """Who collects for others has a written mandate."""
    fact = case.fact
    is_bare = isinstance(fact, InvoiceHandedOver) and fact.to == "agency" and fact.mandate is None
    return No("no written mandate is given") if is_bare else None


_OPEN: tuple[Rule, ...] = (already_paid, cancelled, nothing_owed, transferred, substituted)
SMALL_CLAIM: tuple[Rule, ...] = (
    *_OPEN, route_before_due, stayed, public_immunity, small_claim_above_ceiling, small_claim_between_traders,
)  # fmt: skip
COMMANDMENT: tuple[Rule, ...] = (
    *_OPEN, route_before_due, stayed, commandment_not_in_force, commandment_not_between_traders, dispute_open,
)  # fmt: skip
SUE: tuple[Rule, ...] = (*_OPEN, route_before_due, stayed, conciliation_first)
SECURE: tuple[Rule, ...] = (*_OPEN, stayed, public_immunity)
ENFORCE: tuple[Rule, ...] = (*_OPEN, no_title, stayed, enforcement_barred, public_immunity)
DECLARE: tuple[Rule, ...] = (cancelled, no_insolvency, declared_late, declared_after_two_months)
HAND_OVER: tuple[Rule, ...] = (*_OPEN, no_mandate)
