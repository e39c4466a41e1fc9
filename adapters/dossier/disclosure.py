"""What an export shows of a stream: every entry, but the confidential ones that may be withheld.

A confidential entry is withheld whole: its hash keeps the chain and the count, and the dossier says how many there are. What bears on
what is owed is never withheld: an issue, a payment, a credit note, a dispute, an opposition, whatever was said of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adapters.application import Relance, Stream
from adapters.store.envelope import Envelope, confidentiality_of
from domain.facts.fact import Fact
from domain.facts.invoicing import (
    DebtAcknowledged,
    EntryWithdrawn,
    PaymentPromised,
    PieceAdded,
    PromiseBroken,
    PromiseKept,
)
from domain.facts.recovery import DebtorCalled, DebtorFormallyNotified, DebtorReminded, ServiceProgressed
from domain.history import Entry, History

#: What may be withheld: diligences, talks and documents, which the creditor is free to keep to himself.
WITHHELD: Final[tuple[type[Fact], ...]] = (
    DebtAcknowledged, DebtorCalled, DebtorFormallyNotified, DebtorReminded, PaymentPromised, PieceAdded,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A stream as an export shows it: the envelopes shown, their bytes, the withheld ones, those confidential and shown all the same."""

    stream: Stream
    leaves: dict[int, bytes]
    withheld: tuple[Envelope, ...]
    shown_anyway: tuple[Envelope, ...]

    @property
    def shown(self) -> list[Envelope]:
        """The envelopes that are shown, in order."""
        return [each for each in self.stream.envelopes if each.position in self.leaves]

    @property
    def history(self) -> History:
        """The entries that are shown: every figure and every page stands on them alone."""
        return tuple(Entry(each.version, each.fact, each.position, each.act) for each in self.shown)


def disclosed(app: Relance, stream: Stream) -> Disclosed:
    """What an export shows of a stream, as it stands. What is left is a path of the chart: a test holds that."""
    leaves = {leaf.position: leaf for leaf in app.store.select_events(stream.id, lte=len(stream.envelopes))}
    marked = {at for at, leaf in leaves.items() if confidentiality_of(leaf.internal) != "none"}
    withheld = hidden(stream.envelopes, marked)
    return Disclosed(
        stream,
        {at: leaf.state for at, leaf in leaves.items() if at not in withheld},
        tuple(each for each in stream.envelopes if each.position in withheld),
        tuple(each for each in stream.envelopes if each.position in marked - withheld),
    )


def hidden(envelopes: Sequence[Envelope], marked: set[int]) -> set[int]:
    """Positions: what is marked and may be, then what says nothing but what became of it."""
    found = {each.position for each in envelopes if each.position in marked and isinstance(each.fact, WITHHELD)}
    kept = [each for each in envelopes if each.position in found]
    versions, acts = {each.version for each in kept}, {each.act for each in kept if each.act}
    promised, told = (
        {each.fact.due_on for each in those if isinstance(each.fact, PaymentPromised)}
        for those in (kept, [each for each in envelopes if each.position not in found])
    )
    for each in envelopes:
        fact = each.fact
        if (
            (isinstance(fact, PromiseBroken | PromiseKept) and fact.due_on in promised - told)
            or (isinstance(fact, ServiceProgressed) and fact.act in acts)
            or (isinstance(fact, EntryWithdrawn) and fact.withdrawn in versions)
        ):
            found.add(each.position)
            versions.add(each.version)
    return found
