"""The routes to a title on a day: whether the law has each, what it asks, and what follows.

A condition is met or not by the day, the debtor and the amount alone; all else is to qualify. No route has a verdict.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from domain.errors import LawMissing, Misuse, in_words
from domain.law.readings import DEFAULTS, Reading, Readings
from domain.law.tables import Law, Value
from domain.money import plain

Debtor = Literal["b2b", "consumer", "public"]
State = Literal["met", "not_met", "to_qualify"]
RouteCode = Literal[
    "injonction_de_payer",
    "small_claims",
    "undisputed_commercial_claim",
    "refere_provision",
    "assignation",
    "conservatory_seizure",
    "eu_order_for_payment",
    "declaration_of_claim",
    "administrative_judge",
]

_NO_ATTEMPT: Final = "Cass. 2e civ., avis, 25 sept. 2025, n° 25-70.013"
_PUBLIC: Final = "loi n° 80-539 du 16 juillet 1980 ; CGCT, art. L1612-15"


@dataclass(frozen=True, slots=True)
class Condition:
    """What a route asks, and whether the day, the debtor and the amount answer it; `switches` are the readings it rests on."""

    text: str
    state: State
    reference: str
    switches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What follows on a route, once taken."""

    text: str
    reference: str
    switches: tuple[str, ...] = ()


_Asked = Iterator[Condition | Step]


@dataclass(frozen=True, slots=True)
class Route:
    """A route on a day. One that is not in force has no conditions; `opens_on` is then its first day, where one is known."""

    route: RouteCode
    label: str
    in_force: bool
    opens_on: dt.date | None
    reference: str
    conditions: tuple[Condition, ...]
    steps: tuple[Step, ...]
    readings: tuple[Reading, ...]


class _Case(NamedTuple):
    law: Law
    readings: Readings
    on: dt.date
    debtor: Debtor
    amount_cents: int
    invoiced_between_traders: bool | None

    def value(self, name: str) -> Value:
        return self.law.on(name, self.on)

    def known(self, name: str) -> Value | None:
        try:
            return self.value(name)
        except LawMissing:
            return None

    def span(self, name: str, unit: str) -> tuple[str, str]:
        """A number of days or months in words, and its article."""
        value = self.value(name)
        return f"{value.whole} {unit}{'' if value.whole == 1 else 's'}", value.citation

    @property
    def commercial_court(self) -> str:
        """The court of traders."""
        tae = self.value("tae_experiment").value
        return "tribunal de commerce" + (" (or tribunal des activités économiques)" if tae else "")


def routes(
    law: Law,
    readings: Readings = DEFAULTS,
    *,
    on: dt.date,
    debtor: Debtor,
    amount_cents: int,
    invoiced_between_traders: bool | None = None,
) -> tuple[Route, ...]:
    """Every route to a title, with its conditions on a day.

    Args:
        law: the parameters.
        readings: how the contested points are read.
        on: the day.
        debtor: professional, consumer or public.
        amount_cents: principal and interest.
        invoiced_between_traders: whether creditor and debtor are both commerçants; None when it is not said.

    Raises:
        LawMissing: the routes of that day are not known.
        Misuse: nothing is claimed; a debtor that is no trader, invoiced between traders.

    Law: CPC, art. 1405; CPCE, art. L125-1, L126-1, L511-1; C. com., art. L622-21, L622-24; CJA, art. R541-1.
    """
    if amount_cents <= 0:
        raise Misuse("a route is for an amount above nil")
    if invoiced_between_traders and debtor != "b2b":
        raise Misuse(f"invoiced between traders, but the debtor is {debtor}")
    case = _Case(law, readings, on, debtor, amount_cents, invoiced_between_traders)
    return tuple(_route(case, code, label, asked) for code, label, asked in _ROUTES)


def _route(case: _Case, code: RouteCode, label: str, asked: Callable[[_Case], _Asked]) -> Route:
    table = case.law.table(f"route_{code}")
    rule = table.on(case.on)
    if not rule.value:
        opens_on = next((each.from_on for each in table.values if each.from_on > case.on and each.value), None)
        return Route(code, label, False, opens_on, rule.citation, (), (), ())
    said = tuple(asked(case))
    switches = dict.fromkeys(switch for each in said for switch in each.switches)
    conditions = tuple(each for each in said if isinstance(each, Condition))
    steps = tuple(each for each in said if isinstance(each, Step))
    return Route(code, label, True, None, rule.citation, conditions, steps, case.readings.of(switches))


def _state(met: bool) -> State:
    return "met" if met else "not_met"


def _met(text: str, reference: str) -> Condition:
    return Condition(text, "met", reference)


def _ask(text: str, reference: str) -> Condition:
    return Condition(text, "to_qualify", reference)


# What several routes ask


def _private_debtor(case: _Case, reference: str) -> Condition:
    return Condition("the debtor is a person of private law", _state(case.debtor != "public"), reference)


def _judicial_courts(case: _Case) -> _Asked:
    """A claim on a public buyer goes, as a rule, before the administrative judge."""
    if case.debtor == "public":
        yield _ask("the claim is for the judicial courts, not for the administrative judge", "CJA, art. R541-1")


def _no_open_insolvency(case: _Case) -> _Asked:
    if case.debtor != "public":
        yield _ask(
            "no collective proceedings are open, or the claim is later than their opening", "C. com., art. L622-21"
        )


def _no_formal_notice(reference: str) -> Condition:
    return _met("no prior formal notice is required by law", reference)


def _between_traders(case: _Case) -> tuple[State, tuple[str, ...]]:
    """Law: CPCE, art. L125-1, L126-1."""
    if case.debtor != "b2b":
        return "not_met", ()
    if case.invoiced_between_traders is not None:
        return _state(case.invoiced_between_traders), ()
    return ("to_qualify" if case.readings["traders"] == "by_the_letter" else "met"), ("traders",)


def _amicable_attempt(case: _Case, scope: str = "") -> Condition:
    """Law: CPC, art. 750-1."""
    required, ceiling = case.known("amicable_attempt_required"), case.known("amicable_attempt_ceiling")
    if required is None or ceiling is None:
        return _ask(f"prior amicable attempt: the rule of {in_words(case.on)} is not known here", "CPC, art. 750-1")
    if not required.value:
        return _met("no prior amicable attempt is required on that day", required.citation)
    most = plain(ceiling.whole)
    if case.amount_cents > ceiling.whole:
        return _met(f"no prior amicable attempt is required above {most} EUR", required.citation)
    return _ask(
        f"up to {most} EUR before the tribunal judiciaire, not before the tribunal de commerce: prior conciliator, mediation or "
        f"participative procedure, on pain of inadmissibility, save exceptions{scope}",
        required.citation,
    )


def _contribution(case: _Case, event: str | None = None) -> _Asked:
    """Law: CGI, art. 1635 bis Q."""
    rule = case.known("legal_aid_contribution")
    if rule is None or case.debtor == "public":
        return
    switches = ("contribution_start", "contribution_event") if event else ("contribution_start",)
    start = dt.date.fromisoformat(case.readings["contribution_start"])
    amount = f"contribution of {plain(rule.whole)} EUR"
    if case.on < start:
        yield Condition(f"no {amount} before {in_words(start)}", "met", rule.citation, switches[:1])
    elif event == "on_opposition":
        yield Step(f"before the tribunal judiciaire: {amount} when the order is opposed", rule.citation, switches)
    else:
        text = f"before the tribunal judiciaire: {amount} paid when the case is filed"
        yield Condition(text, "to_qualify", rule.citation, switches)


def _commercial_fees(case: _Case) -> _Asked:
    """Law: CPC, art. 1425."""
    if case.debtor != "b2b":
        return
    days, article = case.span("petition_fee_days", "day")
    yield _ask(f"before the {case.commercial_court}: fees deposited within {days}, else the petition lapses", article)
    claim, employees = case.known("tae_contribution_claim"), case.known("tae_contribution_employees")
    if claim and employees and case.value("tae_experiment").value and case.amount_cents > claim.whole:
        text = (
            f"before a tribunal des activités économiques, above {plain(claim.whole)} EUR: its contribution is paid, "
            f"by a creditor of {employees.whole} employees or more"
        )
        yield _ask(text, claim.citation)


# The routes


def _injonction_de_payer(case: _Case) -> _Asked:
    """Law: CPC, art. 1405 to 1408, 1425."""
    yield _ask("the claim is contractual or statutory, and of a determined amount", "CPC, art. 1405")
    yield _ask("the claim is certain, due and not seriously disputed", "CPC, art. 1405")
    yield _private_debtor(case, "CPC, art. 1405")
    yield _ask("the debtor's address is known and in France", "CPC, art. 1406")
    yield from _no_open_insolvency(case)
    yield from _court_of_the_order(case)
    content = "the petition bears the amount with its breakdown, the basis and the list of exhibits, dated and signed"
    yield _ask(content, "CPC, art. 54, 57, 1407")
    yield from _commercial_fees(case)
    yield _met("there is no ceiling and no floor of amount", "CPC, art. 1405")
    yield _met("no prior amicable attempt is required", _NO_ATTEMPT)
    yield _no_formal_notice("CPC, art. 1405 à 1407")
    yield _met("no lawyer is compulsory for the petition, whatever the amount", "CPC, art. 1407")
    yield from _contribution(case, case.readings["contribution_event"])


def _court_of_the_order(case: _Case) -> _Asked:
    """Law: CPC, art. 43, 1406; C. com., art. L721-3."""
    if case.debtor != "public":
        civil = "tribunal judiciaire (juge des contentieux de la protection for consumer credit and residential leases)"
        court = civil if case.debtor == "consumer" else f"{case.commercial_court} between traders, else the {civil}"
        yield _ask(f"the court is that of the debtor's domicile: {court}", "CPC, art. 43, 1406 ; C. com., art. L721-3")


def _small_claims(case: _Case) -> _Asked:
    """Law: CPCE, art. L125-1, R125-1 to R125-8."""
    ceiling, exclusion = case.value("small_claims_ceiling"), case.value("small_claims_trader_exclusion")
    most, within = plain(ceiling.whole), _state(case.amount_cents <= ceiling.whole)
    yield Condition(f"principal and interest are {most} EUR at most", within, ceiling.citation)
    if exclusion.value:
        between, switches = _between_traders(case)
        outside: dict[State, State] = {"met": "not_met", "not_met": "met", "to_qualify": "to_qualify"}
        yield Condition("the claim was not invoiced between traders", outside[between], exclusion.citation, switches)
    yield _ask("the claim is contractual or statutory", "CPCE, art. L125-1")
    yield from _judicial_courts(case)
    yield _ask("the commissaire de justice is of the court of appeal of the debtor", "CPCE, art. R125-1 à R125-8")
    month, article = case.span("small_claims_acceptance_months", "month")
    yield _ask(f"the debtor agrees, within {month} of the sending, on the amount and its terms", article)
    yield Step("silence is refusal; the creditor bears every cost", article)
    yield Step("the commissaire de justice issues the title; another enforces it", "CPCE, art. R125-8")


def _undisputed_commercial_claim(case: _Case) -> _Asked:
    """Law: CPCE, art. L126-1 to L126-5."""
    article = "CPCE, art. L126-1"
    between, switches = _between_traders(case)
    yield Condition("the claim was invoiced between traders (commerçants)", between, article, switches)
    yield _ask("the claim is certain, liquid and due", article)
    yield _met("there is no ceiling of amount", article)
    yield _no_formal_notice(article)
    yield from _no_open_insolvency(case)
    usable = case.readings["l126_decree"] == "usable"
    decree = "no decree need be awaited" if usable else "the implementing decree and tariff are published"
    yield Condition(decree, "met" if usable else "to_qualify", "CPCE, art. L126-1 à L126-5", ("l126_decree",))
    time, pay = case.span("undisputed_claim_payment_months", "month")
    yield Step(f"{time} to pay or contest after the commandment; any contestation ends it", pay)
    time, report = case.span("undisputed_claim_report_days", "day")
    yield Step(f"report of non-contestation {time} after that at the earliest", report)
    time, serve = case.span("undisputed_claim_service_months", "month")
    yield Step(f"the report, made executory by the greffier, is served within {time}", serve)


def _refere_provision(case: _Case) -> _Asked:
    """Law: CPC, art. 835, al. 2, 873, al. 2."""
    article = case.value("route_refere_provision").citation
    yield _ask("the obligation is not seriously contestable", article)
    yield _met("no urgency is required", article)
    yield from _judicial_courts(case)
    yield from _no_open_insolvency(case)
    yield _amicable_attempt(case, "; whether it binds summary proceedings is not settled here")
    yield _no_formal_notice(article)
    yield from _contribution(case)


def _assignation(case: _Case) -> _Asked:
    """Law: CPC, art. 54, 56, 750-1, 760, 761, 853, 855."""
    yield from _judicial_courts(case)
    yield from _no_open_insolvency(case)
    yield _ask("the summons bears its mentions, with the list of exhibits annexed", "CPC, art. 54, 56")
    if case.debtor == "b2b":
        recall = f"before the {case.commercial_court}: the summons recalls article 861-2"
        yield _ask(recall, "CPC, art. 855, 861-2")
    yield _amicable_attempt(case)
    yield _lawyer(case)
    yield _no_formal_notice("CPC, art. 54, 56")
    yield from _contribution(case)


def _lawyer(case: _Case) -> Condition:
    """Law: CPC, art. 760, 761, 853."""
    ceiling = case.known("lawyer_threshold")
    if ceiling is None:
        return _ask(f"lawyer: the threshold of {in_words(case.on)} is not known here", "CPC, art. 760, 761, 853")
    most = plain(ceiling.whole)
    if case.amount_cents <= ceiling.whole:
        return _met(f"no lawyer is compulsory up to {most} EUR", ceiling.citation)
    return _ask(f"above {most} EUR a lawyer represents the creditor", ceiling.citation)


def _conservatory_seizure(case: _Case) -> _Asked:
    """Law: CPCE, art. L511-1 to L511-4, R511-7, R511-8, R523-3."""
    yield _private_debtor(case, _PUBLIC)
    yield _ask("the claim is founded in its principle", "CPCE, art. L511-1")
    yield _ask("circumstances threaten its recovery", "CPCE, art. L511-1")
    yield _ask(
        "authorised by the juge de l'exécution, or before any suit, for a commercial claim, by the president of the "
        f"{case.commercial_court}; no authorisation is needed with a title, a decision not final yet, or an unpaid accepted bill, note or cheque",
        "CPCE, art. L511-1 à L511-4",
    )
    yield from _no_open_insolvency(case)
    yield _no_formal_notice("CPCE, art. L511-1")
    (time, title), (again, _) = (case.span(f"conservatory_{each}_months", "month") for each in ("title", "renewed"))
    yield Step(f"a title is sought within {time}; {again} more where a payment order is refused in that time", title)
    time, notice = case.span("conservatory_notice_days", "day")
    yield Step(f"third party and debtor are notified within {time}", notice)


def _eu_order_for_payment(case: _Case) -> _Asked:
    """Law: Regulation (EC) 1896/2006; CPC, art. 1424-1 ff."""
    article = case.value("route_eu_order_for_payment").citation
    yield _ask("the case is cross-border, within the European Union", article)
    yield _ask("the claim is in money, of a determined amount, and due", article)
    yield from _judicial_courts(case)
    yield from _no_open_insolvency(case)


def _declaration_of_claim(case: _Case) -> _Asked:
    """Law: C. com., art. L622-21, L622-24 to L622-26, R622-23, R622-24."""
    (time, article), (far, _) = (case.span(f"claim_declaration_{each}", "month") for each in ("months", "far_months"))
    yield _ask("collective proceedings are open, and the claim is earlier than the judgment", "C. com., art. L622-24")
    yield _ask(f"declared within {time} of the BODACC publication, {far} from outside metropolitan France", article)
    content = "the declaration bears amount at the judgment, sums to fall due, security, exhibits; certified sincere"
    yield _ask(content, "C. com., art. L622-25, R622-23")
    time, relief = case.span("forclusion_relief_months", "month")
    yield Step(f"past that time, relief is asked within {time} of the publication", relief)


def _administrative_judge(case: _Case) -> _Asked:
    """Law: CJA, art. R541-1; loi n° 80-539 du 16 juillet 1980."""
    article = case.value("route_administrative_judge").citation
    yield Condition("the debtor is a public person", _state(case.debtor == "public"), article)
    yield _ask("the obligation is not seriously contestable", article)
    yield Step("once a decision orders payment and it is not made: mandatement d'office", _PUBLIC)


_ROUTES: Final[tuple[tuple[RouteCode, str, Callable[[_Case], _Asked]], ...]] = (
    ("injonction_de_payer", "payment order (injonction de payer)", _injonction_de_payer),
    ("small_claims", "simplified procedure for small claims", _small_claims),
    ("undisputed_commercial_claim", "undisputed commercial claim", _undisputed_commercial_claim),
    ("refere_provision", "summary proceedings (référé-provision)", _refere_provision),
    ("assignation", "ordinary suit (assignation en paiement)", _assignation),
    ("conservatory_seizure", "conservatory seizure, before a title", _conservatory_seizure),
    ("eu_order_for_payment", "European order for payment", _eu_order_for_payment),
    ("declaration_of_claim", "declaration of claim in collective proceedings", _declaration_of_claim),
    ("administrative_judge", "administrative judge (référé-provision)", _administrative_judge),
)
