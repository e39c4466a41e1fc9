"""What is owed in law on a day: principal, penalties period by period, the 40 EUR, and what each payment went to.

The *claim* is not the *book residual*: the books take a payment off the price, the law takes it off interest first; the books
may give a debt up, the law does not. Both are computed, and their difference is taken apart.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from domain.account import Head, Movement, Part, Statement
from domain.calendar import ONE_DAY
from domain.history import Entry, replayed
from domain.interest import statement
from domain.invoice import Invoice
from domain.law.rates import rate
from domain.law.readings import DEFAULTS, Reading, Readings
from domain.law.tables import Law
from domain.movements import movements, notified_on
from domain.penalties import Clause, Debt, Regime, by_half_year, indemnity_begins, indemnity_name, part
from domain.penalties import remarks as rate_remarks
from domain.remarks import Remark
from domain.title import Title, enforceable, title_statement

INDEMNITY: Final = "indemnity"


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement with what it rests on.

    `difference` takes apart why its principal is not the book residual; `heads` gives the article of each fixed head;
    `title_on` is the day of the order whose heads it follows.
    """

    regime: Regime
    statement: Statement
    readings: tuple[Reading, ...]
    remarks: tuple[Remark, ...]
    book_residual_cents: int
    difference: tuple[tuple[str, int], ...] = ()
    heads: tuple[tuple[str, str], ...] = ()
    title_on: dt.date | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """The remarks in English."""
        return tuple(str(each) for each in self.remarks)


def of_debt(
    law: Law,
    debt: Debt,
    principal_cents: int,
    due_on: dt.date,
    until: dt.date,
    payments: Sequence[Movement] = (),
    *,
    readings: Readings = DEFAULTS,
) -> Claim:
    """The statement of one debt with one due day.

    Raises:
        LawMissing: a rate is not known on a day.
        Misuse: a contractual rate against a public buyer.
    """
    parts = [part(law, readings, debt, principal_cents, due_on, until)]
    heads = _indemnity(law, debt, parts, until, readings)
    found = statement(parts, payments, until, heads=heads, last_on=debt.last_on, readings=readings)
    remarks = _rate_remarks(law, readings, debt, parts, found) + _excess(found)
    remarks += [Remark("payment_left_out", move.on, until) for move in payments if move.on > until]
    paid = sum(move.cents for move in payments if move.on <= until)
    read = _rested_on(readings, debt, found)
    return Claim(debt.regime, found, read, tuple(remarks), principal_cents - paid, heads=_cited(heads))


def _cited(heads: Sequence[Head]) -> tuple[tuple[str, str], ...]:
    return tuple((head.name, head.reference) for head in heads)


def _indemnity(law: Law, debt: Debt, parts: Sequence[Part], until: dt.date, readings: Readings) -> list[Head]:
    """The 40 EUR of an invoice paid late: professionals and public buyers, once; never where insolvency forbids payment.

    Law: C. com., art. L441-10, II; C. com., art. D441-5; CCP, art. D2192-35.
    """
    late_on = min((each.due_on for each in parts), default=dt.date.max)
    if debt.regime == "consumer" or late_on >= until:
        return []
    if debt.stopped_on and (readings["insolvency_indemnity"] == "left_out" or late_on >= debt.stopped_on):
        return []
    if late_on + ONE_DAY < indemnity_begins(law, debt):
        return []
    value = law.on(indemnity_name(debt), late_on + ONE_DAY)
    before = readings["indemnity_rank"] == "before_principal"
    return [Head(INDEMNITY, value.whole, value.citation, late=True, before_principal=before)]


def _rested_on(readings: Readings, debt: Debt, stated: Statement, *, is_title: bool = False) -> tuple[Reading, ...]:
    """How the contested points that bear on a statement were read."""
    names = []
    if any(each.movement.kind == "payment" for each in stated.imputed):
        names.append("imputation")
        names += ["indemnity_rank"] if stated.heads and not is_title else []
    names += ["day_basis", "day_count", "rounding"]
    if debt.regime == "b2b" and not is_title:
        fixed = debt.clause is not None and debt.clause.basis == "fixed"
        names += (
            ["default_floor"] if debt.clause is None else ["below_floor", "floor_test"] if fixed else ["below_floor"]
        )
    names += ["plan_penalties"] if debt.planned else []
    names += ["insolvency_indemnity"] if debt.stopped_on and debt.regime != "consumer" and not is_title else []
    return readings.of(names)


def of_invoice(
    law: Law,
    history: Sequence[Entry],
    until: dt.date,
    *,
    known_at: int | None = None,
    readings: Readings = DEFAULTS,
    on_account: Sequence[Movement] = (),
) -> Claim | None:
    """The claim on an invoice at the end of a day, as known at a position; nothing if it was not issued, or not known.

    `on_account` is money of the debtor that the books gave to no invoice, and the law imputes on this one. Once a title is
    enforceable the claim follows the heads it granted.

    Raises:
        LawMissing: a rate is not known on a day.

    Law: C. com., art. L441-10, II; C. civ., art. 1343-1, 1342-10, 1231-6; CCP, art. R2192-31.
    """
    folded = replayed(history, as_of=until, known_at=known_at)
    if folded is None:
        return None
    invoice, entries = folded
    debt = debt_of(invoice, entries, readings)
    title = enforceable(entries) if invoice.regions.procedure == "enforceable" else None
    if title is not None:
        return _of_title(law, invoice, title, debt, until, readings, on_account)
    parts = [
        part(law, readings, debt, each.cents, each.due, until, n=each.n)
        if each.due
        else Part(each.n, each.cents, dt.date.max, None, by_half_year(lambda on: rate(law, "b2b", on)))
        for each in invoice.issued.instalments
    ]
    moves, ignored = movements(entries, invoice.issued.on)
    heads = _indemnity(law, debt, parts, until, readings)
    found = statement(parts, [*moves, *on_account], until, heads=heads, last_on=debt.last_on, readings=readings)
    remarks = _rate_remarks(law, readings, debt, parts, found) + _notes(invoice, ignored) + _excess(found)
    remarks += [Remark("on_account", move.on) for move in on_account]
    return Claim(
        debt.regime, found, _rested_on(readings, debt, found), tuple(remarks), invoice.book_residual_cents,
        _difference(invoice, found, ignored, on_account), _cited(heads),
    )  # fmt: skip


def _of_title(
    law: Law,
    invoice: Invoice,
    title: Title,
    debt: Debt,
    until: dt.date,
    readings: Readings,
    on_account: Sequence[Movement],
) -> Claim:
    found, heads, ignored = title_statement(law, title, debt, invoice.issued.on, until, readings, on_account)
    outside = title.outside_cents(invoice.total_cents)
    remarks = _notes(invoice, ignored) + _excess(found)
    if outside > 0:
        remarks.append(Remark("outside_title", title.granted.on, cents=outside))
    remarks += [Remark("on_account", move.on) for move in on_account]
    if any(head.head == "principal" and head.rate_kind is None for head in title.granted.heads):
        remarks.append(Remark("legal_interest_of_title"))
    if debt.stopped_on and debt.stopped_on <= until:
        remarks.append(Remark("interest_stopped", debt.stopped_on))
    return Claim(
        debt.regime, found, _rested_on(readings, debt, found, is_title=True), tuple(remarks), invoice.book_residual_cents,
        heads=_cited(heads), title_on=title.granted.on,
    )  # fmt: skip


def _rate_remarks(law: Law, readings: Readings, debt: Debt, parts: Sequence[Part], stated: Statement) -> list[Remark]:
    """What there is to know of the rates, each thing once, as far as something bore interest."""
    found: list[Remark] = []
    for each in parts:
        if each.due_on == dt.date.max:
            found.append(Remark("no_due_day"))
        elif each.due_on < stated.until:
            bore = max((line.to_on for line in stated.segments if line.part == each.n), default=None)
            found += rate_remarks(law, readings, debt, each.due_on, stated.until, bore)
    return list(dict.fromkeys(found))


def _notes(invoice: Invoice, ignored: int) -> list[Remark]:
    notes = []
    if ignored:
        notes.append(Remark("subrogated_money"))
    if invoice.disputed_cents:
        notes.append(Remark("disputed"))
    if invoice.issued.debtor_kind == "public" and invoice.issued.penalty_rate is not None:
        notes.append(Remark("clause_not_applied"))
    return notes


def _excess(stated: Statement) -> list[Remark]:
    """Money in credit beside accessories still owed is set against them by whoever invokes it, not here."""
    is_both = stated.unallocated_cents > 0 and stated.total_cents > 0
    return [Remark("in_credit")] if is_both else []


def debt_of(invoice: Invoice, entries: Sequence[Entry] = (), readings: Readings = DEFAULTS) -> Debt:
    """What the record says of a debt that decides on its interest."""
    issued = invoice.issued
    is_individual = issued.creditor_kind == "consumer"
    regime: Regime = "public" if issued.debtor_kind == "public" else "b2b"
    if issued.debtor_kind == "consumer" or is_individual:
        regime = "consumer"
    clause = None
    if issued.penalty_rate is not None and regime != "public":
        clause = Clause(issued.penalty_basis or "fixed", Decimal(issued.penalty_rate))
    stopped = invoice.stayed_on if invoice.stayed_party in {None, issued.debtor} else None
    return Debt(
        regime=regime,
        clause=clause,
        creditor="individual" if is_individual else "professional",
        contracted_on=issued.on if regime == "public" else None,
        notified_on=notified_on(issued, entries, readings) if regime == "consumer" else None,
        capitalised_from=issued.on if "capitalisation" in (issued.clauses or ()) else None,
        stopped_on=stopped if invoice.regions.standing == "stayed" else None,
    )


def _difference(
    invoice: Invoice, stated: Statement, ignored: int, on_account: Sequence[Movement]
) -> tuple[tuple[str, int], ...]:
    """Why the principal of the claim is not the book residual: parts that add up to their difference."""
    if not (stated.imputed or invoice.given_up_cents or ignored):
        return ()
    paid = [each for each in stated.imputed if each.movement.kind != "reduction"]
    found = {
        "written_off": invoice.written_off_cents,
        "paid_to_interest": sum(each.interest for each in paid),
        "paid_to_indemnity": sum(cents for each in paid for _, cents in each.heads),
        "not_imputed": ignored,
        "in_credit": sum(each.unallocated for each in stated.imputed),
        "on_account": -sum(move.cents for move in on_account if move.on <= stated.until),
    }
    return tuple((name, cents) for name, cents in found.items() if cents)
