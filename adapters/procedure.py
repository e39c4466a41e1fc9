"""Use cases on the road to a title: a petition over one or more invoices of a debtor, and what the court does with it."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from adapters.acts import Done, Order, acting, perform, seeing, under_lock
from adapters.application import Change, new_id, plain
from adapters.bootstrap import Office
from adapters.cases import Case, load
from adapters.on_account import on_account_of
from domain.calendar import ONE_DAY
from domain.claim import INDEMNITY, debt_of, of_invoice
from domain.errors import LawMissing, Misuse, refused_by_record
from domain.facts.fact import Fact
from domain.facts.procedure import EscalatedToInjonction, Head, HeadName, OrdonnanceGranted, RateKind
from domain.history import replayed, standing
from domain.money import shared
from domain.penalties import Debt


def escalate(
    office: Office,
    streams: Sequence[str],
    order: Order,
    *,
    court: str,
    principal_only: bool = False,
    principal: int | None = None,
) -> list[Done]:
    """Record a petition for an injonction de payer over what is owed on each invoice: principal, penalties, the 40 EUR.

    With a `principal` that much of it, the interest to come and the 40 EUR: what is disputed is left out.

    Raises:
        LawMissing: a rate is not known on that day; `principal_only` asks for none.
        Misuse: a principal for several invoices.

    Law: CPC, art. 1405, 1407.
    """
    proceeding = new_id()
    claimed: dict[str, tuple[Head, ...]] = {}

    def petition(heads: tuple[Head, ...]) -> EscalatedToInjonction:
        return EscalatedToInjonction(court=court, heads=heads, on=order.on, proceeding=proceeding)

    if principal is not None and len(streams) != 1:
        raise Misuse("--principal is of one invoice: name it alone")

    def make(case: Case) -> Fact:
        heads: tuple[Head, ...] = (Head(cents=principal or case.invoice.overdue_cents(order.on), head="principal"),)
        if not principal_only:
            try:
                heads = heads_owed(office, case, order.on, principal) or heads
            except LawMissing as missing:
                reason = f"{missing} Or claim the principal alone: --principal-only."
                raise LawMissing(reason, missing.parameter, missing.label, missing.on) from None
        if not any(head.cents for head in heads) and case.invoice.unsettled_cents <= 0:
            raise refused_by_record("escalate", "nothing_claimed", "nothing is left to claim of it")
        claimed[case.stream.id] = heads
        return petition(heads)

    def whole() -> list[Change]:
        return [Change(office.app.stream(f"proceeding:{proceeding}"), plain([petition(summed(claimed.values()))]))]

    return perform(office, streams, order, "escalate", acting(make, "escalate"), extra=whole)


def heads_owed(office: Office, case: Case, on: dt.date, principal: int | None = None) -> tuple[Head, ...]:
    """What is due on an invoice, head by head, and the interest that goes on from the day after.

    A consumer's debt bears none before a notice: the order says, or its service starts it.
    """
    readings = office.readings(case.issued.creditor, on)
    folded = replayed(case.stream.history, as_of=on)
    moves = on_account_of(office, case, on)
    claim = of_invoice(office.law, case.stream.history, on, readings=readings, on_account=moves)
    if claim is None or folded is None:
        return ()
    stated, debt = claim.statement, debt_of(*folded, readings)
    is_accelerated = "acceleration" in (case.issued.clauses or ())
    owed: dict[HeadName, int] = {
        "principal": principal or (stated.principal_cents if is_accelerated else stated.due_principal_cents(on)),
        "penalties": 0 if principal else stated.interest_cents,
        "indemnity": stated.head_cents(INDEMNITY),
    }
    kind, rate = interest_of(debt)
    bears = debt.regime != "consumer" or debt.notified_on is not None
    return tuple(
        Head(cents=cents, head=name, from_on=on + ONE_DAY if bears else None, rate=rate, rate_kind=kind)
        if name == "principal"
        else Head(cents=cents, head=name)
        for name, cents in owed.items()
        if cents > 0
    )


def interest_of(debt: Debt) -> tuple[RateKind, str | None]:
    """The kind of rate that a debt bears; of a fixed clause, its percentage."""
    if debt.regime == "public":
        return "public", None
    if debt.clause is None:
        return ("b2b" if debt.regime == "b2b" else "legal"), None
    return "contract", f"{debt.clause.value.normalize():f}" if debt.clause.basis == "fixed" else None


def summed(heads: Iterable[tuple[Head, ...]]) -> tuple[Head, ...]:
    """The heads of several invoices as those of the whole: one of each name; a rate that differs is left out."""
    found: dict[str, Head] = {}
    for head in (each for some in heads for each in some):
        known = found.get(head.head)
        if known is None:
            found[head.head] = head
        else:
            same = (known.rate, known.rate_kind, known.from_on) == (head.rate, head.rate_kind, head.from_on)
            bearing = known if same else Head(cents=known.cents, head=known.head)
            found[head.head] = bearing.model_copy(update={"cents": known.cents + head.cents})
    return tuple(found.values())


@under_lock
def order_step(
    office: Office, stream: str, order: Order, make: Callable[[str, tuple[Head, ...]], Fact], step: str
) -> list[Done]:
    """Record a step of the proceeding of an invoice on every invoice it covers, and on the proceeding itself.

    Args:
        office: where.
        stream: any invoice of the proceeding.
        order: how the command is given.
        make: the fact, of the proceeding's id and the heads of a share (all heads claimed, for the whole).
        step: the command's word.

    Raises:
        Refused: no petition is on record, or the step does not follow.
    """
    case = load(office, stream, order.on)
    petitions = [entry for entry in standing(case.stream.history) if isinstance(entry.fact, EscalatedToInjonction)]
    if not petitions:
        raise refused_by_record(
            step, "no_petition", f"no petition is on record for {case.number}; record first: escalate"
        )
    petition = petitions[-1]
    assert isinstance(petition.fact, EscalatedToInjonction)
    proceeding, act_id = petition.fact.proceeding, petition.act
    covered = [other for other, _ in office.app.store.streams_of_act(act_id or "") if other.startswith("invoice:")] or [
        stream
    ]
    whole = office.app.stream_or_fail(f"proceeding:{proceeding}")
    claimed = {each: _claimed(office, each, proceeding) for each in covered}
    total = make(proceeding, _claim_of(whole.envelopes[0].fact))
    shares = _shares(total, claimed, _claim_of(whole.envelopes[0].fact))

    def share(one: Case) -> Sequence[Fact]:
        return [make(proceeding, claimed[one.stream.id]) if shares is None else shares[one.stream.id]]

    return perform(office, covered, order, step, seeing(share, step), extra=lambda: [Change(whole, plain([total]))])


def _claim_of(fact: Fact) -> tuple[Head, ...]:
    return fact.heads if isinstance(fact, EscalatedToInjonction) else ()


def _claimed(office: Office, stream: str, proceeding: str) -> tuple[Head, ...]:
    for entry in standing(office.app.stream_or_fail(stream).history):
        if isinstance(entry.fact, EscalatedToInjonction) and entry.fact.proceeding == proceeding:
            return entry.fact.heads
    return ()


def _shares(total: Fact, claimed: dict[str, tuple[Head, ...]], whole: tuple[Head, ...]) -> dict[str, Fact] | None:
    """Each head granted, shared over the invoices in proportion to what was claimed of it on each, to the cent.

    A head granted as it was claimed bears on each invoice the rate that was claimed there.
    """
    if not isinstance(total, OrdonnanceGranted):
        return None
    parts = {head.head: shared(head.cents, _weights(head.head, claimed.values())) for head in total.heads}
    return {
        stream: total.model_copy(
            update={"heads": tuple(_share(head, parts[head.head][n], heads, whole) for head in total.heads)}
        )
        for n, (stream, heads) in enumerate(claimed.items())
    }


def _share(head: Head, cents: int, own: tuple[Head, ...], whole: tuple[Head, ...]) -> Head:
    asked = next((each for each in whole if each.head == head.head), None)
    mine = next((each for each in own if each.head == head.head), None)
    is_as_claimed = asked is not None and _interest(asked) == _interest(head)
    bearing = mine if mine is not None and is_as_claimed else head
    return bearing.model_copy(update={"cents": cents})


def _interest(head: Head) -> tuple[str | None, str | None, dt.date | None]:
    return head.rate, head.rate_kind, head.from_on


def _weights(name: HeadName, claimed: Iterable[tuple[Head, ...]]) -> list[int]:
    """What was claimed of a head on each invoice; all that was claimed, for a head that the judge added."""
    rows = list(claimed)
    of_it = [sum(head.cents for head in heads if head.head == name) for heads in rows]
    whole = [sum(head.cents for head in heads) for heads in rows]
    return of_it if any(of_it) else whole if any(whole) else [1] * len(rows)
