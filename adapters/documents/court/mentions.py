"""What is known of each mention and what is not: a blank is printed where a word is wanted, and remembered."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, Literal

from adapters.documents.court.case_file import CaseFile, PieceRef
from adapters.registry import Party
from domain.checklists import Item, read_checklist
from domain.errors import Misuse
from projections.wording import court as words
from projections.wording.erased import FRENCH as ERASED
from projections.wording.pieces import KIND
from projections.wording.statement import reference
from projections.wording.terms import NO_BREAK, typeset

Said = str | dict[str, Any]
Nature = Literal["natural", "legal", "unknown"]
#: How the form of a natural person in trade begins, however it is written: `EI`, `E.I. au capital…`, `Micro-entreprise`.
_NATURAL_FORM: Final = re.compile(
    r"(ei|eirl|(entrepreneure?|entreprise|exploitante?) individuel(le)?|(micro|auto)[- ]?entrepr(eneure?|ise))\b"
)
#: Mentions that only one kind of person has: given, they tell which one a party is, where its record does not.
_OF_PERSON: Final = {
    "creditor": (
        "creditor_birth", "creditor_nationality", "creditor_profession", "creditor_domicile", "creditor_first_names",
    ),
    "debtor": ("debtor_domicile",),
}  # fmt: skip
_OF_COMPANY: Final = {"creditor": ("creditor_form", "creditor_seat", "creditor_representative"), "debtor": ("debtor_form", "debtor_seat")}  # fmt: skip
TO_COMPLETE: Final = "à compléter"
_EURO: Final = re.compile(r"(?<=\d) (?=€)")
#: Of these two, the one that is not skipped is the creditor's.
_OF_WHO: Final = frozenset({"creditor_person", "creditor_company"})


class Mentions:
    """The mentions of one document: says each, or prints a blank for it and remembers its code."""

    def __init__(self, case: CaseFile) -> None:
        self._given = {code: text.strip() for code, text in case.given.items() if text.strip()}
        self._missing: dict[str, None] = {}
        self._asked: dict[str, None] = {}
        organ = bool(case.representative)
        self.creditor_nature = self._nature(case.creditor, "creditor", has_organ=organ)
        self.debtor_nature = self._nature(case.debtor, "debtor")

    @property
    def missing(self) -> tuple[str, ...]:
        """The codes of the blanks, in the order of the document."""
        return tuple(self._missing)

    def say(self, code: str, known: str = "") -> Said:
        """What was given for it, else what is known, or a blank that is to be completed."""
        return self._found(code, known) or self._blank(code, words.BLANKS[code])

    def option(self, code: str, known: str = "") -> Said:
        """The same of what the law asks in some cases only: its blank is not missed."""
        return self._found(code, known) or {
            "blank": typeset(f"[le cas échéant : {words.OPTIONS[code]}]"),
            "optional": True,
        }

    def court(self, code: str, coded: str) -> Said | list[Said]:
        """A court on record by its code only: its exact name is to be completed, unless it was given."""
        return self._found(code) or [f"{typeset(coded)} ", self._blank(code, words.EXACT_COURT)]

    def settled(self) -> tuple[str, ...]:
        """The codes of the blanks, once every mention was asked for.

        Raises:
            Misuse: a word was given for a mention that this document does not ask for.
        """
        unused = [code for code in self._given if code not in self._asked]
        if unused:
            raise Misuse(
                f"this draft has no mention {', '.join(unused)} to fill: nothing was written. It asks for"
                f" {', '.join(self._asked)}. What stands on record and is not among them is mended on record"
            )
        return self.missing

    def _found(self, code: str, known: str = "") -> str:
        """What was given, said to be the signatory's where the record has it otherwise; else what is known."""
        self._asked[code] = None
        recorded, given = known.strip(), self._given.get(code, "")
        if given and recorded and given != recorded:
            return typeset(f"{given} {words.BY_SIGNATORY}")
        return typeset(given or recorded)

    def _blank(self, code: str, wanted: str) -> Said:
        self._missing[code] = None
        return {"blank": typeset(f"[à compléter : {wanted}]"), "optional": False}

    def _nature(self, party: Party, side: Literal["creditor", "debtor"], *, has_organ: bool = False) -> Nature:
        """What a party is on record; else what the mentions given for it tell."""
        form = self._given.get(f"{side}_form", party.legal_form)
        found = nature_of(party, form)
        if found == "unknown" and any(code in self._given for code in _OF_PERSON[side]):
            return "natural"
        if found == "unknown" and (has_organ or any(code in self._given for code in _OF_COMPANY[side])):
            return "legal"
        return found

    def creditor(self, case: CaseFile) -> list[dict[str, Any]]:
        """The identity of the creditor.

        Law: CPC, art. 54, 3°.
        """
        party, nature = case.creditor, self.creditor_nature
        rows = [_row("Nom ou dénomination", self.say("creditor_name", _name(party)))]
        if nature == "natural":
            is_formed = party.legal_form or "creditor_form" in self._given
            rows += [_row("Statut", self.say("creditor_form", party.legal_form))] if is_formed else []
            rows += [
                _row("Prénoms", self.option("creditor_first_names")),
                _row("Profession", self.say("creditor_profession")),
                _row("Domicile", self.say("creditor_domicile", ", ".join(party.address))),
                _row("Nationalité", self.say("creditor_nationality")),
                _row("Naissance", self.say("creditor_birth")),
            ]
        else:
            rows += [
                _row("Forme", self.say("creditor_form", party.legal_form)),
                _row(_seat(nature), self.say("creditor_seat", ", ".join(party.address))),
                _row("Représentée par", self.say("creditor_representative", case.representative)),
            ]
        return rows + _registered(party)

    def debtor(self, party: Party) -> list[dict[str, Any]]:
        """The identity of the debtor.

        Law: CPC, art. 57; the form is a field of the Cerfa.
        """
        rows = [_row("Nom ou dénomination", self.say("debtor_name", _name(party)))]
        nature = self.debtor_nature
        if nature == "natural":
            is_formed = party.legal_form or "debtor_form" in self._given
            rows += [_row("Statut", self.say("debtor_form", party.legal_form))] if is_formed else []
            rows.append(_row("Domicile", self.say("debtor_domicile", ", ".join(party.address))))
        else:
            rows.append(_row("Forme", self.say("debtor_form", party.legal_form)))
            rows.append(_row(_seat(nature), self.say("debtor_seat", ", ".join(party.address))))
        return rows + _registered(party)

    def signing(self, case: CaseFile) -> dict[str, Said]:
        """Place and day, who signs, the signature: never known beforehand."""
        return {
            "day": self.say("signed_on"),
            "signatory": self.say("signatory", case.cabinet or case.representative),
            "signature": self.say("signature"),
        }

    def exhibits(self, pieces: Sequence[PieceRef]) -> list[dict[str, Any]]:
        """The bordereau; where there is no piece, it is missing."""
        if not pieces:
            self._missing["exhibits"] = None
        return [
            {
                "invoice": ", ".join(each.invoices),
                "kind": KIND[each.kind],
                "n": str(each.number),
                "title": typeset(each.title),
            }
            for each in sorted(pieces, key=lambda each: each.number)
        ]


def nature_of(party: Party, form: str) -> Nature:
    """Whether a party of some legal form is a natural or a legal person, as far as its record tells."""
    if party.kind == "consumer" or _NATURAL_FORM.match(form.casefold().replace(".", "").strip()):
        return "natural"
    return "legal" if form.strip() or party.kind == "public" else "unknown"


def _seat(nature: Nature) -> str:
    return "Siège ou domicile" if nature == "unknown" else "Siège social"


def _name(party: Party) -> str:
    return "" if party.name.startswith(ERASED) else party.name


def _registered(party: Party) -> list[dict[str, Any]]:
    """What identifies a registered trader on his papers.

    Law: C. com., art. R123-237.
    """
    siren = NO_BREAK.join((party.siren[:3], party.siren[3:6], party.siren[6:])) if party.siren else ""
    return [_row(key, value) for key, value in (("SIREN", siren), ("Registre", party.registry)) if value]


def _row(key: str, value: Said) -> dict[str, Any]:
    return {"key": key, "value": value}


def control(
    name: str,
    missing: Sequence[str],
    item_of: Mapping[str, str],
    skipped: Sequence[str] = (),
    states: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The checklist of the law beside the draft: each mention, its text, and whether a blank of it is left.

    `states` says it of the items that no page can bear, such as an act still to be done.
    """
    checklist, blank = read_checklist(name), {item_of[code] for code in missing if code in item_of}
    return {
        "note": typeset(f"{reference(checklist.note.texte)} ({reference(checklist.note.reference)})"),
        "rows": [
            {
                "reference": typeset(reference(item.reference)),
                "state": typeset(_state(item, blank, states or {})),
                "text": _EURO.sub(NO_BREAK, typeset(reference(item.texte))),
            }
            for item in checklist.items
            if item.presence != "forbidden" and item.code not in skipped
        ],
    }


def _state(item: Item, blank: AbstractSet[str], states: Mapping[str, str]) -> str:
    if item.code in blank:
        return TO_COMPLETE
    if item.code in states:
        return states[item.code]
    is_open = item.presence == "optional" or (item.presence == "conditional" and item.code not in _OF_WHO)
    return "selon le cas" if is_open else "portée"
