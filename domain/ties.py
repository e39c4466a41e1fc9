"""What a fact refers to must be there: its instalment, its payment, its promise, its proceeding."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.errors import Refused, in_words, refused_by_record
from domain.facts.fact import Fact
from domain.facts.insolvency import StayedByInsolvency
from domain.facts.invoicing import (
    InvoiceCancelled,
    InvoiceIssued,
    PaymentPromised,
    PaymentReceived,
    PaymentReversed,
    PromiseBroken,
    PromiseKept,
)
from domain.facts.procedure import (
    CommandmentServed,
    EscalatedToInjonction,
    Head,
    InterimPaymentSought,
    OrdonnanceGranted,
    SmallClaimStarted,
    SuedOnTheMerits,
)
from domain.money import plain

if TYPE_CHECKING:
    from domain.history import Entry

#: Heads that a judge grants though nobody claimed them: the costs of the proceeding, what he adds to it.
_JUDGES_OWN = frozenset({"costs", "other"})
_OPENS = EscalatedToInjonction | SmallClaimStarted | CommandmentServed | InterimPaymentSought | SuedOnTheMerits


class _Ties:
    """What is there so far, in the order of the history."""

    def __init__(self, issued: InvoiceIssued, step: str) -> None:
        self.issued, self.step = issued, step
        self.instalments = [part.n for part in issued.instalments]
        self.received: dict[tuple[str, int | None], int] = {}
        self.promised: dt.date | None = None
        self.proceeding: str | None = None
        self.claimed: tuple[Head, ...] = ()
        if len(set(self.instalments)) != len(self.instalments):
            raise self._no("no_such_instalment", "two instalments bear one number")

    def _no(self, code: str, reason: str) -> Refused:
        return refused_by_record(self.step, code, reason)

    def meet(self, fact: Fact) -> None:
        """Check one fact against what is there, then let it be there too."""
        named = vars(fact).get("instalment")  # a model without the field would raise, and be caught, at every fact
        if named is not None and named not in self.instalments:
            raise self._no("no_such_instalment", f"the invoice has no instalment {named}")
        if isinstance(fact, PaymentReceived):
            key = (fact.receipt, fact.instalment)
            self.received[key] = self.received.get(key, 0) + fact.cents
        elif isinstance(fact, PaymentReversed):
            self._reverse(fact)
        elif isinstance(fact, InvoiceCancelled) and any(self.received.values()):
            raise self._no("paid_in_part", "it holds payments; reverse or move them before cancelling")
        elif isinstance(fact, PaymentPromised):
            self.promised = fact.due_on
        elif isinstance(fact, PromiseKept | PromiseBroken):
            if fact.due_on != self.promised:
                raise self._no(
                    "other_promise", f"no promise for {in_words(fact.due_on)} is running on {in_words(fact.on)}"
                )
            self.promised = None
            if isinstance(fact, PromiseBroken) and fact.on <= fact.due_on:
                raise self._no("promise_running", f"the promise runs until {in_words(fact.due_on)}")
        elif isinstance(fact, StayedByInsolvency):
            performed = self.issued.performed_on
            if performed is not None and performed >= fact.on:
                raise self._no(
                    "performed_after",
                    "it was performed after the opening judgment, and is not stayed (C. com., art. L622-17)",
                )
        self._same_proceeding(fact)
        self._order(fact)

    def _reverse(self, fact: PaymentReversed) -> None:
        keys = [key for key in self.received if key[0] == fact.receipt and fact.instalment in (None, key[1])]
        left = fact.cents
        for key in reversed(keys):
            taken = min(left, self.received[key])
            self.received[key] -= taken
            left -= taken
        if left:
            what = "more than its payment had brought" if keys else "a payment that had not come"
            reason = f"by {in_words(fact.on)} a reversal would take back {what}"
            raise self._no("no_such_payment", reason)

    def _order(self, fact: Fact) -> None:
        """An order grants no more than was claimed, costs apart; its copy, or a notice of opposition, comes after it."""
        if isinstance(fact, EscalatedToInjonction):
            self.claimed = fact.heads
        elif isinstance(fact, OrdonnanceGranted):
            for head in fact.heads:
                claimed = sum(each.cents for each in self.claimed if each.head == head.head)
                if self.claimed and head.cents > claimed and head.head not in _JUDGES_OWN:
                    raise self._no(
                        "above_claimed",
                        f"{plain(head.cents)} EUR of {head.head} is more than the {plain(claimed)} EUR claimed",
                    )
        counted = vars(fact).get("counted_until")
        if counted is not None and counted > fact.on:
            raise self._no(
                "counted_after",
                f"payments are counted until {in_words(counted)}, after the order of {in_words(fact.on)}",
            )
        later = vars(fact).get("copy_received_on") or vars(fact).get("notice_received_on")
        if later is not None and later < fact.on:
            raise self._no("received_before", f"received on {in_words(later)}, before {in_words(fact.on)}")

    def _same_proceeding(self, fact: Fact) -> None:
        proceeding = vars(fact).get("proceeding")
        if isinstance(fact, _OPENS):
            self.proceeding = proceeding
        elif proceeding is not None and self.proceeding is not None and proceeding != self.proceeding:
            raise self._no("other_proceeding", "it belongs to another proceeding than the one on record")


def check_ties(ordered: "Sequence[tuple[dt.date, Entry]]", issued: InvoiceIssued | None, step: str) -> None:
    """Check every reference of a history, in its order.

    Raises:
        Refused: a fact refers to what is not there (a fact refusal).
    """
    if issued is None:
        return
    ties = _Ties(issued, step)
    for _, entry in ordered:
        ties.meet(entry.fact)
