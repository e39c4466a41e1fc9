"""What an observation breaches: never refused, stored with it as findings."""

from typing import Final

from domain.errors import in_words
from domain.facts.invoicing import PaymentReceived
from domain.rules.rule import Case, No, Rule, rule


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


@rule("legal", "C. civ., art. 1342, al. 3", "without_cause")
def title_of_a_paid_debt(case: Case) -> No | None:
    """An order is served, and enforced, for a debt that is still owed."""
    paid = case.invoice.regions.settlement == "paid"
    return No(f"it was paid on {in_words(case.invoice.paid_on or case.on)}") if paid else None


FINDINGS: Final[dict[str, tuple[Rule, ...]]] = {
    "PaymentReceived": (paid_under_stay,),
    "OrdonnanceServed": (act_under_stay, title_of_a_paid_debt),
    "TitleEnforceable": (act_under_stay, title_of_a_paid_debt),
    "OrdonnanceGranted": (act_under_stay,),
}
