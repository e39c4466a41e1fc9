"""Deciding: an act is judged by its rules and by the chart; an observation meets the record only, and keeps its findings."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from domain.decided import Decided, Desk
from domain.errors import LawMissing, Refusal, Refused, refused_by_record
from domain.facts.fact import Fact
from domain.facts.insolvency import StayedByInsolvency
from domain.facts.invoicing import InvoiceIssued, PaymentReceived
from domain.history import Entry, add, explained, grown_by, pending, replay, state_before
from domain.invoice import Invoice, NoEdge, moved
from domain.lifecycle import progress, rules_of
from domain.rules.observations import FINDINGS
from domain.rules.rule import Case, Rule


def act(history: Sequence[Entry], fact: Fact, desk: Desk, *, step: str) -> list[Decided]:
    """Decide one of our acts on the state of its own day.

    Raises:
        Refused: a rule says no and nothing waives it, or the record stands against it.
    """
    invoice = state_on(history, fact, desk.today, step)
    case = Case(invoice, fact, desk.policy, desk.law, history, on_account=desk.on_account)
    found = judge(case)
    hard = [no for no in found if no.kind == "fact" or (no.kind == "legal" and not desk.already_done)]
    soft = [no for no in found if no.kind == "policy"]
    if hard or (soft and desk.override is None and not desk.already_done):
        raise Refused(step, *found)
    try:
        reached = progress(replace(case, waived=frozenset(no.code for no in found)))
        assert reached == moved(invoice.regions, fact.move, fact.on), "the chart and the table compiled from it differ"
    except NoEdge as error:
        raise refused_by_record(step, "no_such_step", explained(error)) from None
    accepted = add(history, [fact], today=desk.today, step=step)
    return [Decided(fact, tuple(found), desk.override if soft else None), *map(Decided, accepted[1:])]


def observe(history: Sequence[Entry], facts: Sequence[Fact], desk: Desk, *, step: str) -> list[Decided]:
    """Record what happened; what it breaches goes with it as findings.

    Raises:
        Refused: the record stands against it.
    """
    accepted = add(history, facts, today=desk.today, step=step)
    grown = grown_by(history, accepted)
    decided = []
    for version, fact in enumerate(accepted, start=len(history) + 1):
        rules = (*rules_of(fact.move), *FINDINGS.get(fact.move, ()))
        plain = isinstance(fact, PaymentReceived) and not _is_stayed(grown)  # the hot case: nothing to find
        invoice = _met(grown, version, fact) if rules and not plain else None
        found = (
            tuple(findings(rules, Case(invoice, fact, desk.policy, desk.law, grown[: version - 1]))) if invoice else ()
        )
        if any(no.kind == "fact" for no in found):
            raise Refused(step, *(no for no in found if no.kind == "fact"))
        decided.append(Decided(fact, found))
    return decided


def _met(grown: Sequence[Entry], version: int, fact: Fact) -> Invoice | None:
    """The state a fact meets; the issue, which founds it, meets itself."""
    return Invoice(fact) if isinstance(fact, InvoiceIssued) else state_before(grown, version)


def _is_stayed(history: Sequence[Entry]) -> bool:
    return any(isinstance(entry.fact, StayedByInsolvency) for entry in history)


def state_on(history: Sequence[Entry], fact: Fact, today: dt.date, step: str) -> Invoice:
    """The invoice on the day of a fact, with the conclusions the next append will record.

    Raises:
        Refused: it was not issued by then.
    """
    if fact.on > today:
        add(history, [fact], today=today, step=step)
    invoice = replay(pending(history, today=today), as_of=fact.on)
    if invoice is None:
        raise refused_by_record(step, "not_issued", "the invoice was not issued by that day")
    return invoice


def judge(case: Case) -> list[Refusal]:
    """Every no that stands against an act, in the order of its rules."""
    return refusals(rules_of(case.fact.move), case)


def refusals(rules: Sequence[Rule], case: Case) -> list[Refusal]:
    """The no of each rule that has one, in their order.

    Raises:
        LawMissing: what a rule judges by is not known on the day.
    """
    return [no for rule in rules if (no := rule.refusal(case))]


def findings(rules: Sequence[Rule], case: Case) -> list[Refusal]:
    """What an observation breaches; a rule whose parameter is not known on the day finds nothing, and stops nothing."""
    found: list[Refusal] = []
    for rule in rules:
        try:
            found += refusals([rule], case)
        except LawMissing:
            continue
    return found
