"""Use cases that read: what is allowed, what stands, what stood on a day as it was known on another."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.bootstrap import Office
from adapters.cases import load
from adapters.clock import PARIS, end_of_paris_day, paris_day
from adapters.on_account import on_account, on_account_of
from adapters.store.mapper import moment
from domain.claim import INDEMNITY, of_invoice
from domain.errors import EvidenceBroken, LawMissing, Misuse, NotFound, Refusal, in_words
from domain.facts.fact import Fact
from domain.facts.invoicing import EntryWithdrawn, InvoiceIssued
from domain.history import History, replay
from domain.invoice import Invoice
from domain.timebar import limitation_of
from projections.corner import Basis, Corner, Knowledge


def known_at(office: Office, word: str | None) -> int:
    """The position that a known-at means: `@1234`, `@FILE` of a checkpoint, a day up to 24:00 in Paris, or an instant; the head without one.

    Inside a command it moves to the command's last position; in the future it is the head.

    Raises:
        NotFound: before the first event, or above the newest position.
        Misuse: neither a position, nor a checkpoint, nor a day, nor an instant.
        EvidenceBroken: the checkpoint is of another log, or of another past of this one.
    """
    store = office.app.store
    head = store.position()
    if word is None:
        return head
    if word.startswith("@"):
        position = int(word[1:]) if word.isascii() and word[1:].isdigit() else _checkpointed(office, word)
        if not 1 <= position <= head:
            raise NotFound(f"the log holds positions 1 to {head}")
    else:
        position = store.position_at(_instant(word))
        if position == 0:
            first = store.row_at(1)
            since = (
                f"the first entry was recorded at {moment(first[0]).astimezone(PARIS):%Y-%m-%d %H:%M:%S} in Paris"
                if first
                else "the log is empty"
            )
            raise NotFound(f"nothing was known by {word}: {since}")
    return store.end_of_command(position)


def _checkpointed(office: Office, word: str) -> int:
    """The position that a checkpoint file names, once its root is found to be that of the log."""
    from adapters.seal.checkpoint import checkpoint_of, read_file  # noqa: PLC0415 - for a checkpoint alone
    from adapters.seal.note import read_note  # noqa: PLC0415 - as above

    path = Path(word[1:])
    if not path.is_file():
        raise Misuse(f"{word!r} is neither a position (@1234) nor the file of a checkpoint (@FILE)")
    told = checkpoint_of(read_note(read_file(path), file=str(path)), file=str(path))
    head, tree = office.app.store.position(), office.app.store.tree
    if not 0 < told.size <= head or not tree.is_made() or tree.root(told.size) != told.root:
        raise EvidenceBroken(
            f"{path} signs {told.size} entries that this log, of {head}, does not hold: `relance log fsck` says more"
        )
    return told.size


def corner(
    office: Office,
    as_of: dt.date,
    known_at_word: str | None,
    basis: Basis = "effective",
    knowledge: Knowledge = "recorded",
) -> Corner:
    """The corner of the two times that a question is about.

    By the knowledge of the source, a known-at may lie before the first entry of the log: an imported ledger knew it then.

    Raises:
        NotFound: the day is still to come, or nothing was known by then.
        Misuse: as `known_at`.
    """
    if as_of > office.app.today:
        raise NotFound(f"{in_words(as_of)} is still to come: what is owed on a day is known once it is here")
    if knowledge == "recorded":
        return Corner(as_of, known_at(office, known_at_word), basis)
    store = office.app.store
    if known_at_word is None:
        return Corner(as_of, store.position(), basis, office.app.today)
    if known_at_word.startswith("@"):
        position = known_at(office, known_at_word)
        row = store.row_at(position)
        assert row is not None
        return Corner(as_of, position, basis, paris_day(moment(row[0])))
    at = _instant(known_at_word)
    position = store.position_at(at)
    return Corner(as_of, store.end_of_command(position) if position else 0, basis, paris_day(at))


def _instant(word: str) -> dt.datetime:
    try:
        if len(word) == len("2026-01-31"):
            return end_of_paris_day(dt.date.fromisoformat(word))
        at = dt.datetime.fromisoformat(word)
    except ValueError:
        raise Misuse(
            f"{word!r} is neither a day (2026-01-31), nor an instant (2026-01-31T18:00), nor a position (@1234)"
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=PARIS)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the trade, what stands against it, and what it would be recorded with."""

    step: str
    refusals: tuple[Refusal, ...]
    findings: tuple[Refusal, ...] = ()

    @property
    def allowed(self) -> bool:
        """Nothing stands against it."""
        return not self.refusals


def can(office: Office, stream: str, on: dt.date) -> list[Step]:
    """Every step with every rule that refuses it on that day."""
    from domain import probes  # noqa: PLC0415 - imports the chart
    from domain.decided import Desk  # noqa: PLC0415

    case = load(office, stream, on)
    trial = probes.trial(
        case.stream.history,
        on,
        Desk(office.app.today, case.policy, law=office.law, on_account=on_account_of(office, case, on)),
    )
    steps = [Step(name, trial.of_act(make)) for name, make in probes.ACTS.items()]
    for name, make in probes.OBSERVATIONS.items():
        against = trial.of_observation(make, name)
        steps.append(Step(name, against, () if against else trial.breaches(make)))
    return steps


def _claim(
    office: Office, stream: str, history: History, invoice: Invoice, as_of: dt.date, position: int
) -> dict[str, Any]:
    """The claim in figures; where a rate is not known, its figures are null, and `missing` says which."""
    figures: dict[str, Any] = {
        "invoiced_cents": invoice.total_cents, "paid_cents": invoice.paid_cents, "credited_cents": invoice.credited_cents,
        "principal_cents": None, "interest_cents": None, "indemnity_cents": None, "other_heads_cents": None, "total_cents": None,
        "missing": None,
    }  # fmt: skip
    moves = on_account(office, invoice.issued.debtor, as_of, position).get(stream, [])
    readings = office.readings(invoice.issued.creditor, as_of, position)
    try:
        claim = of_invoice(office.law, history, as_of, known_at=position, readings=readings, on_account=moves)
    except LawMissing as missing:
        return figures | {"missing": str(missing)}
    assert claim is not None, "an invoice that stands has a claim"
    stated = claim.statement
    return figures | {
        "principal_cents": stated.principal_cents, "interest_cents": stated.interest_cents,
        "indemnity_cents": stated.head_cents(INDEMNITY), "other_heads_cents": stated.other_heads_cents(INDEMNITY),
        "total_cents": stated.total_cents,
    }  # fmt: skip


def _limitation(
    office: Office, history: History, issued: InvoiceIssued, as_of: dt.date, position: int
) -> dict[str, Any] | None:
    try:
        found = limitation_of(
            office.law, history, as_of, known_at=position, readings=office.readings(issued.creditor, as_of, position)
        )
    except LawMissing:
        return None
    if found is None:
        return None
    return {
        "prudent_on": found.prudent_on, "arguable_on": found.arguable_on, "reference": found.reference,
        "effects": [{"code": each.code, "on": each.on, "moves": each.moves, "reference": each.reference} for each in found.effects],
    }  # fmt: skip


def view(office: Office, stream: str, as_of: dt.date, position: int) -> dict[str, Any]:
    """An invoice on a day as known at a position.

    Raises:
        NotFound: it was not issued by then, or not known.
    """
    loaded = office.app.stream_or_fail(stream)
    invoice = replay(loaded.history, as_of=as_of, known_at=position)
    if invoice is None:
        first = loaded.envelopes[0]
        raise NotFound(
            f"as of {in_words(as_of)} and known at @{position} there was no such invoice (issued {in_words(first.fact.on)}, recorded at @{first.position})"
        )
    issued, registry = invoice.issued, office.registry
    code, name = registry.card(issued.debtor)
    overdue = invoice.overdue_cents(as_of)
    return {
        "number": registry.number(stream.partition(":")[2], issued.debtor), "stream": stream, "debtor": code, "debtor_name": name,
        "issued_on": issued.on, "due_on": [part.due for part in issued.instalments], "as_of_on": as_of, "position": position,
        "state": invoice.regions._asdict(), "book_residual_cents": invoice.book_residual_cents, "overdue": overdue > 0,
        "overdue_cents": overdue, "claim": _claim(office, stream, loaded.history, invoice, as_of, position),
        "limitation": _limitation(office, loaded.history, issued, as_of, position),
    }  # fmt: skip


def events(
    office: Office, stream: str, name_of: Callable[[Fact], str], details_of: Callable[[Fact], str]
) -> list[dict[str, Any]]:
    """Every entry of an invoice, in the order recorded, each with who, when, how late, and by what it was withdrawn."""
    envelopes = office.app.stream_or_fail(stream).envelopes
    withdrawn_by = {each.fact.withdrawn: each.version for each in envelopes if isinstance(each.fact, EntryWithdrawn)}
    return [
        {
            "position": each.position, "version": each.version, "name": name_of(each.fact), "on": each.fact.on,
            "recorded_at": each.recorded_at, "lag_days": (paris_day(each.recorded_at) - each.fact.on).days,
            "provenance": each.provenance, "actor": office.registry.actor_name(each.actor), "type": each.fact.stored_type,
            "details": details_of(each.fact), "withdrawn_by": withdrawn_by.get(each.version),
            "findings": [{"rule": found.rule, "reference": found.reference, "consequence": found.consequence} for found in each.findings],
        }
        for each in envelopes
    ]  # fmt: skip
