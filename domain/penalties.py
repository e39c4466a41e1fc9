"""Which rate a late debt bears, from which day: between professionals, on a consumer, on a public buyer, after a title."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from domain.account import Part, Period
from domain.calendar import ONE_DAY, add_months
from domain.errors import LawMissing, Misuse
from domain.interest import capitalisation_days
from domain.law.rates import JULY, Rate, RateKind, half_year_end, half_year_start, rate
from domain.law.readings import Readings
from domain.law.tables import ADDED, Law, Value
from domain.remarks import Remark, RemarkCode

Regime = Literal["b2b", "consumer", "public"]
Basis = Literal["fixed", "legal_multiple", "ecb_plus"]
Span = tuple[dt.date, dt.date, str]
Schedule = Callable[[dt.date, dt.date], Iterable[Period]]

GRACE: Final = "C. civ., art. 1343-5, al. 4"
PLAN: Final = "C. com., art. L441-10, II (lecture : échéancier suspensif)"
_NONE: Final = Decimal(0)


class Clause(NamedTuple):
    """What the contract says of penalties: a fixed percentage, a multiple of the legal rate, or points above the ECB's."""

    basis: Basis
    value: Decimal


class Debt(NamedTuple):
    """What the law asks about a debt before it says which rate it bears.

    `notified_on`: a consumer's debt bears interest from the formal notice, the day received or first presented.
    `stopped_on`: the opening judgment, which stops interest. `capitalised_from`: the day from which the contract or a
    decision has a full year's interest bear interest. `enforceable_on`: the title became enforceable. `spared`: first and
    last day of each span without interest, with its article; `planned`: each span of an amicable plan that was kept.
    """

    regime: Regime = "b2b"
    clause: Clause | None = None
    creditor: Literal["professional", "individual"] = "professional"
    contracted_on: dt.date | None = None
    notified_on: dt.date | None = None
    stopped_on: dt.date | None = None
    capitalised_from: dt.date | None = None
    enforceable_on: dt.date | None = None
    spared: tuple[Span, ...] = ()
    planned: tuple[tuple[dt.date, dt.date], ...] = ()

    @property
    def last_on(self) -> dt.date | None:
        """The last day that bears interest, when a judgment stops it: the day before.

        Law: C. com., art. L622-28, al. 1.
        """
        return self.stopped_on and self.stopped_on - ONE_DAY


def bears_from(debt: Debt, due_on: dt.date, readings: Readings) -> dt.date | None:
    """The first day that bears interest; none without the notice that a consumer's debt needs.

    Law: C. com., art. L441-10, II; C. civ., art. 1231-6, 1344-1; CCP, art. R2192-32.
    """
    start = due_on
    if debt.regime == "consumer":
        if debt.notified_on is None:
            return None
        start = max(due_on, debt.notified_on)
    return start if readings["day_count"] == "include-include" else start + ONE_DAY


def part(law: Law, readings: Readings, debt: Debt, cents: int, due_on: dt.date, until: dt.date, *, n: int = 1) -> Part:
    """A part of a price with the interest it bears."""
    first = bears_from(debt, due_on, readings)
    asked = debt.capitalised_from
    capitalised: tuple[dt.date, ...] = ()
    if first and asked:
        months = law.on("capitalisation_minimum_months", asked).whole
        capitalised = capitalisation_days(first, asked, until, months)
    return Part(n, cents, due_on, first, schedule(law, readings, debt, due_on), capitalised)


def schedule(law: Law, readings: Readings, debt: Debt, due_on: dt.date) -> Schedule:
    """The periods of one rate that a debt goes through.

    Raises:
        Misuse: a contractual rate against a public buyer, whose rate the law fixes.
        LawMissing: no rate is known for a day, when the periods are asked for.
    """
    if debt.regime == "public":
        base = _frozen(law, debt, due_on)
    elif debt.clause is not None:
        base = _agreed(law, readings, debt, debt.clause)
    elif debt.regime == "consumer":  # time granted spares increases and penalties, not the legal rate itself
        kind: RateKind = "legal-individual" if debt.creditor == "individual" else "legal-pro"
        return _sparing(legal(law, kind, debt.enforceable_on), debt.spared, legal(law, kind))
    else:
        base = _default(law, readings)
    spared = debt.spared
    if readings["plan_penalties"] == "suspended":
        spared += tuple((first, last, PLAN) for first, last in debt.planned)
    return _sparing(base, spared) if spared else base


def by_half_year(rate_of: Callable[[dt.date], Rate]) -> Schedule:
    """A rate that changes with each half-year: 30 June bears the first one's, 1 July the second one's.

    Law: C. com., art. L441-10, II; CMF, art. L313-2.
    """
    whole: dict[dt.date, Period] = {}

    def periods(start: dt.date, end: dt.date) -> Iterator[Period]:
        while start <= end:
            last = half_year_end(start)
            if last <= end and start.day == 1 and start.month in {1, JULY}:
                if start not in whole:
                    found = rate_of(start)
                    whole[start] = Period(start, last, found.percent, found.reference)
                yield whole[start]
            else:
                found = rate_of(start)
                yield Period(start, min(end, last), found.percent, found.reference)
            start = last + ONE_DAY

    return periods


def legal(law: Law, kind: RateKind, enforceable_on: dt.date | None = None) -> Schedule:
    """The legal rate by half-year; five points more from two months after the title became enforceable.

    Law: CMF, art. L313-2, L313-3.
    """
    plain = by_half_year(lambda on: rate(law, kind, on))
    if enforceable_on is None:
        return plain
    raised_from = increased_from(law, enforceable_on)

    def raised(on: dt.date) -> Rate:
        points, found = law.on("title_increase_points", on), rate(law, kind, on)
        months = law.on("title_increase_months", enforceable_on)
        return Rate(found.percent + points.value, _with_added(f"{found.reference} ; {points.citation}", months))

    increased = by_half_year(raised)

    def periods(start: dt.date, end: dt.date) -> Iterator[Period]:
        yield from plain(start, min(end, raised_from - ONE_DAY))
        yield from increased(max(start, raised_from), end)

    return periods


def increased_from(law: Law, enforceable_on: dt.date) -> dt.date:
    """The first day that bears five points more: the day after the same day of the month, two months on.

    Law: CMF, art. L313-3.
    """
    return add_months(enforceable_on, law.on("title_increase_months", enforceable_on).whole) + ONE_DAY


@lru_cache(maxsize=64)
def _default(law: Law, readings: Readings) -> Schedule:
    def found(on: dt.date) -> Rate:
        supplied = rate(law, "b2b", on)
        if readings["default_floor"] == "not_applied":
            return supplied
        return max(supplied, rate(law, "floor", on), key=lambda each: each.percent)

    return by_half_year(found)


def _frozen(law: Law, debt: Debt, due_on: dt.date) -> Schedule:
    """The rate of a public buyer: that of the half-year in which interest began to run, for the whole delay.

    Law: CCP, art. R2192-31.
    """
    if debt.clause is not None:
        raise Misuse("a public buyer owes the rate of the law, whatever the contract says (CCP, art. R2192-31)")
    law.on("public_late_payment_points", debt.contracted_on or due_on)  # earlier contracts: another regime, not known

    def periods(start: dt.date, end: dt.date) -> Iterator[Period]:
        if start <= end:
            found = rate(law, "public", due_on + ONE_DAY)
            yield Period(start, end, found.percent, found.reference)

    return periods


def _agreed(law: Law, readings: Readings, debt: Debt, clause: Clause) -> Schedule:
    raises = debt.regime == "b2b" and readings["below_floor"] == "raised_to_floor"
    if clause.basis == "fixed" and not raises:

        def periods(start: dt.date, end: dt.date) -> Iterator[Period]:
            if start <= end:
                yield Period(start, end, clause.value, _cited(law, debt, start))

        return periods

    def found(on: dt.date) -> Rate:
        agreed = agreed_rate(law, debt, clause, on)
        if not raises:
            return agreed
        return max(agreed, rate(law, "floor", floor_day(debt, clause, readings, on)), key=lambda each: each.percent)

    return by_half_year(found)


def agreed_rate(law: Law, debt: Debt, clause: Clause, on: dt.date) -> Rate:
    """The agreed rate on a day; the legal rate of a multiple is that of the creditor's kind.

    Law: CMF, art. L313-2.
    """
    match clause.basis:
        case "fixed":
            return Rate(clause.value, _cited(law, debt, on))
        case "legal_multiple":
            name = "legal_rate_individual" if debt.creditor == "individual" else "legal_rate_professional"
            anchor = law.on(name, on)
            return Rate(clause.value * anchor.value, _with_added(_cited(law, debt, on), anchor))
        case "ecb_plus":
            anchor = law.on("ecb_refinancing_rate", half_year_start(on))
            return Rate(clause.value + anchor.value, _with_added(_cited(law, debt, on), anchor))


def floor_day(debt: Debt, clause: Clause, readings: Readings, on: dt.date) -> dt.date:
    """The day whose floor tests an agreed rate: only a fixed one is tested on the day of the contract."""
    is_once = clause.basis == "fixed" and readings["floor_test"] == "contract_day"
    return debt.contracted_on if is_once and debt.contracted_on else on


def _with_added(reference: str, value: Value) -> str:
    """A reference; and the citation of a value it rests on, where a user added that."""
    return f"{reference} ; {value.citation}" if value.confidence == ADDED else reference


def _cited(law: Law, debt: Debt, on: dt.date) -> str:
    """The contract, and the article that lets it set the rate."""
    if debt.regime != "b2b":
        return "contrat ; C. civ., art. 1103"
    values = law.table("contractual_floor_multiple").values
    return f"contrat ; {next((each for each in reversed(values) if each.from_on <= on), values[0]).reference}"


def _sparing(base: Schedule, spared: tuple[Span, ...], within: Schedule | None = None) -> Schedule:
    """No interest in the spans that the law, or a reading of it, spares; or what `within` gives there."""

    def periods(start: dt.date, end: dt.date) -> Iterator[Period]:
        for first, last, reference in sorted(spared):
            if last < start or first > end or start > end:
                continue
            if start < first:
                yield from base(start, first - ONE_DAY)
            inside, upto = max(start, first), min(end, last)
            yield from within(inside, upto) if within else [Period(inside, upto, _NONE, reference)]
            start = upto + ONE_DAY
        if start <= end:
            yield from base(start, end)

    return periods


def remarks(
    law: Law, readings: Readings, debt: Debt, due_on: dt.date, until: dt.date, bore_until: dt.date | None
) -> list[Remark]:
    """What a reader of the statement must know of its rate, as far as it bore interest (`bore_until`)."""
    found: list[Remark] = []
    first = bears_from(debt, due_on, readings)
    if first is None:
        found.append(Remark("no_notice"))
    elif debt.clause is not None and debt.regime == "b2b" and bore_until is not None:
        found += _below_floor(law, readings, debt, debt.clause, first, bore_until)
    if debt.clause is not None and debt.regime == "consumer" and first is not None:
        found.append(Remark("consumer_clause"))
    if debt.enforceable_on and (debt.regime == "public" or debt.clause is not None or debt.regime == "b2b"):
        found.append(Remark("points_on_legal_rate_only"))
    if debt.stopped_on and debt.stopped_on <= until:
        found.append(Remark("interest_stopped", debt.stopped_on))
    if debt.regime == "b2b":
        found += [Remark("notice_changes_nothing")] if debt.notified_on else []
        found += [Remark("individual_creditor")] if debt.creditor == "individual" else []
        if due_on < until and indemnity_begins(law, debt) > due_on + ONE_DAY:
            found.append(Remark("no_indemnity_yet", indemnity_begins(law, debt)))
    if debt.regime == "public" and debt.contracted_on is None:
        began = law.table("public_late_payment_points").values[0].from_on
        found += [Remark("contract_before_regime", began)] if due_on < add_months(began, 12) else []
    return found


def indemnity_name(debt: Debt) -> str:
    """The parameter of the 40 EUR: that of professionals, or that of public buyers."""
    return "public_recovery_indemnity" if debt.regime == "public" else "recovery_indemnity"


def indemnity_begins(law: Law, debt: Debt) -> dt.date:
    """The first day of lateness that bears the 40 EUR."""
    return law.table(indemnity_name(debt)).values[0].from_on


def _below_floor(
    law: Law, readings: Readings, debt: Debt, clause: Clause, first: dt.date, last: dt.date
) -> Iterator[Remark]:
    half = half_year_start(first)
    if clause.basis == "fixed" and readings["floor_test"] == "contract_day" and debt.contracted_on is None:
        yield Remark("contract_day_unknown")
    while half <= last:
        day = max(half, first)
        try:
            floor = rate(law, "floor", floor_day(debt, clause, readings, day)).percent
        except LawMissing:
            yield Remark("floor_unknown", half)
        else:
            agreed = agreed_rate(law, debt, clause, day).percent
            if agreed < floor:
                is_kept = readings["below_floor"] == "as_agreed"
                code: RemarkCode = "below_floor_as_agreed" if is_kept else "below_floor_raised"
                yield Remark(code, half, agreed=agreed, floor=floor)
        half = half_year_end(half) + ONE_DAY
