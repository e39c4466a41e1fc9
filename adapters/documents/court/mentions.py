"""What is known of each mention and what is not: a blank is printed where a word is wanted, and remembered."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, Literal

from adapters.documents.court.case_file import CaseFile, PieceRef
from adapters.registry import Party
from domain.checklists import Item, read_checklist
from projections.wording import court as words
from projections.wording.erased import FRENCH as ERASED
from projections.wording.pieces import KIND
from projections.wording.statement import reference
from projections.wording.terms import NO_BREAK, typeset

Said = str | dict[str, Any]
Nature = Literal["natural", "legal", "unknown"]
_NATURAL_FORMS: Final = frozenset(
    {"ei", "entrepreneur individuel", "entreprise individuelle", "micro-entrepreneur", "auto-entrepreneur"}
)
#: Of these two, the one that is not skipped is the creditor's.
_OF_WHO: Final = frozenset({"creditor_person", "creditor_company"})


class Mentions:
    """The mentions of one document: says each, or prints a blank for it and remembers its code."""

    def __init__(self, case: CaseFile) -> None:
        self._given = {code: text for code, text in case.given.items() if text.strip()}
        self._missing: dict[str, None] = {}

    @property
    def missing(self) -> tuple[str, ...]:
        """The codes of the blanks, in the order of the document."""
        return tuple(self._missing)

    def say(self, code: str, known: str = "") -> Said:
        """What is known, what was given for it, or a blank that is to be completed."""
        found = known.strip() or self._given.get(code, "")
        if found:
            return typeset(found)
        self._missing[code] = None
        return {"blank": typeset(f"[à compléter : {words.BLANKS[code]}]"), "optional": False}

    def option(self, code: str, known: str = "") -> Said:
        """The same of what the law asks in some cases only: its blank is not missed."""
        found = known.strip() or self._given.get(code, "")
        if found:
            return typeset(found)
        return {"blank": typeset(f"[le cas échéant : {words.OPTIONS[code]}]"), "optional": True}

    def creditor(self, case: CaseFile) -> list[dict[str, Any]]:
        """The identity of the creditor.

        Law: CPC, art. 54, 3°.
        """
        party, nature = case.creditor, nature_of(case.creditor)
        rows = [_row("Nom ou dénomination", self.say("creditor_name", _name(party)))]
        if nature == "natural":
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
                _row("Siège social", self.say("creditor_seat", ", ".join(party.address))),
                _row("Représentée par", self.say("creditor_representative", case.representative)),
            ]
        return rows + _registered(party)

    def debtor(self, party: Party) -> list[dict[str, Any]]:
        """The identity of the debtor.

        Law: CPC, art. 57; the form is a field of the Cerfa.
        """
        rows = [_row("Nom ou dénomination", self.say("debtor_name", _name(party)))]
        if nature_of(party) == "natural":
            rows.append(_row("Domicile", self.say("debtor_domicile", ", ".join(party.address))))
        else:
            rows.append(_row("Forme", self.say("debtor_form", party.legal_form)))
            rows.append(_row("Siège social", self.say("debtor_seat", ", ".join(party.address))))
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


def nature_of(party: Party) -> Nature:
    """Whether a party is a natural or a legal person, as far as its record tells."""
    if party.kind == "consumer" or party.legal_form.casefold() in _NATURAL_FORMS:
        return "natural"
    return "legal" if party.legal_form or party.kind == "public" else "unknown"


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
    name: str, missing: Sequence[str], item_of: Mapping[str, str], skipped: Sequence[str] = ()
) -> dict[str, Any]:
    """The checklist of the law beside the draft: each mention, its text, and whether a blank of it is left."""
    checklist, blank = read_checklist(name), {item_of[code] for code in missing if code in item_of}
    return {
        "note": typeset(f"{reference(checklist.note.texte)} ({reference(checklist.note.reference)})"),
        "rows": [
            {
                "reference": typeset(reference(item.reference)),
                "state": _state(item, blank),
                "text": typeset(reference(item.texte)),
            }
            for item in checklist.items
            if item.presence != "forbidden" and item.code not in skipped
        ],
    }


def _state(item: Item, blank: AbstractSet[str]) -> str:
    if item.code in blank:
        return "à compléter"
    is_open = item.presence == "optional" or (item.presence == "conditional" and item.code not in _OF_WHO)
    return "selon le cas" if is_open else "portée"
