"""The documents on file of one invoice: which entry each proves, and whose word it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from domain.facts.invoicing import PieceAdded, PieceKind
from domain.facts.procedure import OrdonnanceGranted, OrdonnanceServed
from domain.facts.recovery import DebtorFormallyNotified, DebtorReminded, ServiceProgressed
from domain.history import Entry, History, standing
from domain.pieces import pieces

_LETTERS: Final = frozenset({"reminder", "notice", "mail"})
#: Kinds that are by nature the word of a third party: a postal operator, a provider, a court officer, a court.
_OF_OTHERS: Final = frozenset({"lrar_receipt", "lre_proof", "service", "ruling"})
#: Fields of a fact that seal a document of its own.
_SEALED: Final = ("document", "proof", "recap", "dossier")


def attached_to_acts(histories: Iterable[History]) -> dict[str, tuple[PieceAdded, ...]]:
    """The pieces attached to each real act, on whichever of these invoices: a letter over three has one receipt."""
    found: dict[str, tuple[PieceAdded, ...]] = {}
    for history in histories:
        acts = {entry.version: entry.act for entry in standing(history) if entry.act}
        for _, piece in pieces(history):
            act = acts.get(piece.of or 0)
            if act:
                found[act] = (*found.get(act, ()), piece)
    return found


class OnFile:
    """The documents on file of one invoice, and what each entry has of them."""

    def __init__(self, entries: Sequence[Entry], held: Sequence[PieceAdded], shared: Mapping[str, Sequence[PieceAdded]]) -> None:  # fmt: skip
        self.entries, self._held, self._shared = entries, held, shared

    def holds(self, *kinds: PieceKind) -> bool:
        """Whether the invoice has a piece of one of these kinds, whatever it is said to prove."""
        return any(piece.kind in kinds for piece in self._held)

    def of(self, entry: Entry) -> list[PieceAdded]:
        """The pieces of an entry: those that name it, those of its act elsewhere, those that can be of no other entry."""
        only = {kind for kind in _unnamed(entry) if sum(kind in _unnamed(each) for each in self.entries) == 1}
        return [
            *(piece for piece in self._held if piece.of == entry.version or (piece.of is None and piece.kind in only)),
            *(self._shared.get(entry.act, ()) if entry.act else ()),
        ]

    def proves(self, entry: Entry) -> bool:
        """Whether anything written is on file of an entry: a document sealed in it, or a piece."""
        return any(getattr(entry.fact, name, None) for name in _SEALED) or bool(self.of(entry))

    def has_letter(self, entry: Entry) -> bool:
        """Whether the text of a reminder or of a notice is on file."""
        return bool(getattr(entry.fact, "document", None)) or any(
            piece.kind in _LETTERS or (piece.kind == "other" and piece.origin is None) for piece in self.of(entry)
        )

    def has_receipt(self, entry: Entry) -> bool:
        """Whether somebody else than the creditor says that an act was sent, or done."""
        return any(
            piece.kind in _OF_OTHERS or (piece.origin == "third_party" and piece.kind not in {"reminder", "notice"})
            for piece in self.of(entry)
        )

    def proved_stages(self, entry: Entry) -> set[str]:
        """The stages of the way of a letter that a document proves."""
        return {leg.stage for each, leg in self.legs(entry) if leg.proof or self.of(each)}

    def legs(self, entry: Entry) -> Iterator[tuple[Entry, ServiceProgressed]]:
        """The way of a letter, as recorded."""
        for each in self.entries:
            if isinstance(each.fact, ServiceProgressed) and entry.act == each.fact.act:
                yield each, each.fact


def _unnamed(entry: Entry) -> frozenset[str]:
    """The kinds of a piece that names no entry and may be of this one."""
    match entry.fact:
        case DebtorReminded(channel="visit") | DebtorFormallyNotified(form="by_contract" | "by_suit"):
            return frozenset()
        case DebtorReminded(channel=channel):
            return frozenset({"reminder", "lrar_receipt"} if channel == "registered" else {"reminder"})
        case DebtorFormallyNotified(form="lrar"):
            return frozenset({"notice", "lrar_receipt"})
        case DebtorFormallyNotified(form="lre"):
            return frozenset({"notice", "lre_proof"})
        case DebtorFormallyNotified(form="commissaire") | OrdonnanceServed():
            return frozenset({"service"})
        case DebtorFormallyNotified():
            return frozenset({"notice"})
        case OrdonnanceGranted():
            return frozenset({"ruling"})
        case _:
            return frozenset()
