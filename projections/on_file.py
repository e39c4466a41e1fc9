"""The documents on file of one invoice: which entry each proves, and whose word it is."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Self

from domain.facts.invoicing import CreditNoteApplied, InvoiceIssued, PieceAdded, PieceKind
from domain.facts.procedure import OrdonnanceGranted, OrdonnanceServed
from domain.facts.recovery import DebtorFormallyNotified, DebtorReminded, ServiceProgressed
from domain.history import Entry, History, ordered, standing
from domain.pieces import pieces

_LETTERS: Final = frozenset({"reminder", "notice", "mail"})
#: Kinds that are by nature the word of a third party: a postal operator, a provider, a court officer, a court.
_OF_OTHERS: Final = frozenset({"lrar_receipt", "lre_proof", "service", "ruling"})
#: Fields of a fact that seal a document of its own.
_SEALED: Final = ("document", "proof", "recap", "dossier")


def attached_to_acts(histories: Iterable[History]) -> dict[str, tuple[PieceAdded, ...]]:
    """The pieces of each real act, on whichever of these invoices: a letter over three has one receipt.

    The issue of an invoice is nobody else's, even where many were recorded by one act.
    """
    found: dict[str, tuple[PieceAdded, ...]] = {}
    for history in histories:
        alive = standing(history)
        file = OnFile(alive, tuple(piece for _, piece in pieces(history)), {})
        for entry in alive:
            if entry.act and not isinstance(entry.fact, InvoiceIssued) and (held := file.of(entry)):
                found[entry.act] = (*found.get(entry.act, ()), *held)
    return found


class OnFile:
    """The documents on file of one invoice, and what each entry has of them."""

    def __init__(self, entries: Sequence[Entry], held: Sequence[PieceAdded], shared: Mapping[str, Sequence[PieceAdded]]) -> None:  # fmt: skip
        self.entries, self._held, self._shared = entries, held, shared
        self._credits = {each.version for each in entries if isinstance(each.fact, CreditNoteApplied)}

    @classmethod
    def known(cls, history: History, on: dt.date, shared: Mapping[str, Sequence[PieceAdded]]) -> Self:
        """The file as it is known, of what took effect by a day; `shared` as `attached_to_acts` has it."""
        placed = [entry for effective, entry in ordered(history) if effective <= on]
        return cls(placed, tuple(piece for _, piece in pieces(history)), shared)

    def holds(self, *kinds: PieceKind) -> bool:
        """Whether the invoice has a piece of one of these kinds, whatever it is said to prove."""
        return any(piece.kind in kinds for piece in self._held)

    def of(self, entry: Entry) -> list[PieceAdded]:
        """The pieces of an entry: those that name it, those of its act elsewhere, those that can be of no other entry.

        The invoice is the document of its issue, whatever else it is said to prove; a credit note is none.
        """
        if isinstance(entry.fact, InvoiceIssued):
            return [each for each in self._held if each.of == entry.version or self._is_invoice(each)]
        at = [each.version for each in self.entries]
        only = {
            kind
            for kind in (_unnamed(entry) if entry.version in at else ())
            if sum(kind in _unnamed(each) for each in self.entries) == 1
        }
        named = [
            piece for piece in self._held if piece.of == entry.version or (piece.of is None and piece.kind in only)
        ]
        elsewhere = self._shared.get(entry.act, ()) if entry.act else ()
        return [*named, *(piece for piece in elsewhere if piece not in named)]

    def _is_invoice(self, piece: PieceAdded) -> bool:
        return piece.kind == "invoice" and piece.of not in self._credits

    def holds_invoice(self) -> bool:
        """Whether the invoice itself is on file."""
        return any(map(self._is_invoice, self._held))

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
