"""Use cases on the road to a title: a petition over one or more invoices of a debtor, and what the court does with it."""

from collections.abc import Callable, Sequence

from adapters.acts import Done, Order, acting, perform, seeing, under_lock
from adapters.application import Change, new_id, plain
from adapters.bootstrap import Office
from adapters.cases import Case, load
from domain.errors import refused_by_record
from domain.facts.fact import Fact
from domain.facts.procedure import EscalatedToInjonction, Head, OrdonnanceGranted
from domain.history import standing
from domain.money import shared


def escalate(office: Office, streams: Sequence[str], order: Order, *, court: str) -> list[Done]:
    """Record a petition for an injonction de payer over what is owed on each invoice, in principal.

    Law: CPC, art. 1405.
    """
    proceeding = new_id()
    claimed: dict[str, int] = {}

    def petition(cents: int) -> EscalatedToInjonction:
        return EscalatedToInjonction(
            court=court, heads=(Head(cents=cents, head="principal"),), on=order.on, proceeding=proceeding
        )

    def make(case: Case) -> Fact:
        claimed[case.stream.id] = case.invoice.overdue_cents(order.on)
        return petition(claimed[case.stream.id])

    def whole() -> list[Change]:
        return [Change(office.app.stream(f"proceeding:{proceeding}"), plain([petition(sum(claimed.values()))]))]

    return perform(office, streams, order, "escalate", acting(make, "escalate"), extra=whole)


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
    shares = _shares(total, claimed)

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


def _shares(total: Fact, claimed: dict[str, tuple[Head, ...]]) -> dict[str, Fact] | None:
    """The heads granted shared over the invoices in proportion to what was claimed on each, to the cent."""
    if not isinstance(total, OrdonnanceGranted):
        return None
    weights = [sum(head.cents for head in heads) for heads in claimed.values()]
    parts = {head.head: shared(head.cents, weights) for head in total.heads}
    return {
        stream: total.model_copy(
            update={"heads": tuple(head.model_copy(update={"cents": parts[head.head][n]}) for head in total.heads)}
        )
        for n, stream in enumerate(claimed)
    }
