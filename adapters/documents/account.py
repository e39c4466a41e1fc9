"""The account statement of a customer (relevé de compte): its figures as other programs read them, and as a letter in PDF/A.

Same store, same day, same knowledge: same bytes. It tells the books and nothing else: no claim in law, no demand.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from adapters.bootstrap import Office
from adapters.documents.typeset import rendered
from adapters.piece_files import write_whole
from adapters.registry import Party
from adapters.store.mapper import moment
from domain.errors import EvidenceBroken, Misuse, NotFound, in_words
from domain.facts.invoicing import CreditNoteApplied, PartyKind, PaymentReceived
from domain.facts.parties import CreditGranted
from domain.history import known, standing
from projections import account_statement as books
from projections.ageing import Aged, aged, scheme
from projections.corner import Corner
from projections.wording.erased import in_english, in_french
from projections.wording.invoicing import MEANS
from projections.wording.terms import NO_BREAK, amount, day, typeset

SCHEME: Final = "d4416"
HEADING: Final = 60
BUCKETS: Final = ("Non échu", "Échéance du jour", "1 à 30 j", "31 à 60 j", "61 à 90 j", "91 j et plus")
WORDS: Final = {
    "invoice": "Facture",
    "credit": "Avoir",
    "write_off": "Passage en pertes",
    "recovery": "Reprise d’un passage en pertes",
    "payment": "Paiement",
    "reversal": "Reprise d’un paiement",
    "money": "Somme reçue, non affectée",
    "allocation": "Affectation de sommes reçues",
}
#: What the law may add to the books, by kind of debtor. The statement names it and leaves it out.
_APART: Final[dict[PartyKind, str]] = {
    "trader": "ni pénalités de retard ni indemnité forfaitaire pour frais de recouvrement (C. com., art. L441-10, II)",
    "professional": "ni pénalités de retard ni indemnité forfaitaire pour frais de recouvrement (C. com., art. L441-10, II)",
    "public": "ni intérêts moratoires ni indemnité forfaitaire pour frais de recouvrement (CCP, art. L2192-13)",
    "consumer": "pas d’intérêts de retard (C. civ., art. 1231-6)",
}


@dataclass(frozen=True, slots=True)
class Account:
    """The account of a debtor of one creditor between two days, at a corner of the two times."""

    debtor: Party
    creditor: Party
    corner: Corner
    from_on: dt.date
    recorded_at: dt.datetime
    sandbox: bool
    told: books.Statement
    items: Sequence[books.Item]
    in_credit: Sequence[tuple[str, int]]
    unallocated_cents: int
    row: Aged
    numbers: Mapping[str, str]
    details: Mapping[int, str]

    def value(self) -> dict[str, Any]:
        """The shape that other programs read."""
        on = self.corner.as_of.toordinal()
        return {
            "debtor": in_english(self.debtor.code), "name": in_english(self.debtor.name), "creditor": self.creditor.code, "from_on": self.from_on,
            "as_of_on": self.corner.as_of, "position": self.corner.position, "opening_cents": self.told.opening,
            "lines": [
                {"on": _day(line.on), "kind": line.kind, "number": self.numbers.get(line.stream), "detail": self.details.get(n),
                 "due_on": [_day(due) for due in line.dues], "cents": line.cents, "balance_cents": line.balance}
                for n, line in enumerate(self.told.lines)
            ],
            "closing_cents": self.told.closing,
            "open_items": [
                {"number": self.numbers[item.stream], "due_on": _day(item.due), "days_late": item.days_late(on),
                 "residual_cents": item.cents, "disputed_cents": item.disputed}
                for item in self.items
            ],
            "in_credit": [{"number": self.numbers.get(stream), "cents": cents} for stream, cents in self.in_credit],
            "unallocated_cents": self.unallocated_cents, "scheme": SCHEME, "buckets": self.row.by_name(),
        }  # fmt: skip


def account(office: Office, debtor: str, corner: Corner, from_on: dt.date | None = None) -> Account:
    """The account of a debtor, from a day on; from its first entry without one.

    Raises:
        NotFound: nothing is recorded on it by the day, as known at the position.
        Misuse: the period holds no day.
        EvidenceBroken: the entries do not add up to the balance: the views are not what the log says.
    """
    if from_on and from_on > corner.as_of:
        raise Misuse(f"--from {from_on} comes after --as-of {corner.as_of}: the period holds no day")
    office.views.catch_up()
    moved = list(office.views.movements(corner, debtor=debtor))
    party = office.registry.party(f"debtor:{debtor}")
    if not moved:
        raise NotFound(
            f"nothing is on the account of {party.code} by {in_words(corner.as_of)}, as known at @{corner.position}; "
            "a later --as-of or --known-at may find something"
        )
    first = from_on or dt.date.fromordinal(min(each.movement.effective for each in moved))
    told = books.statement(
        (books.Posted(each.stream, each.position, each.movement) for each in moved), first.toordinal()
    )
    held = [(each.stream, each.parts) for each in office.views.standing(corner, debtor=debtor)]
    row = Aged(scheme(SCHEME))
    for _, parts in held:
        row.add(aged(scheme(SCHEME), corner.as_of.toordinal(), parts))
    if row.total_cents != told.closing:
        raise EvidenceBroken(
            f"the entries come to {told.closing} cents and the balance to {row.total_cents}: relance views rebuild, then relance check"
        )
    streams = {line.stream for line in told.lines} | {stream for stream, _ in held}
    instant = office.app.store.row_at(corner.position)
    assert instant is not None, "a position of the log has its row"
    return Account(
        party, office.registry.party(f"creditor:{moved[0].creditor}"), corner, first, moment(instant[0]), office.app.folder.is_sandbox,
        told, books.open_items(held, office.views.disputed(corner, debtor=debtor)), books.in_credit(held), books.unallocated(held),
        row, _numbers(office, debtor, streams), _details(office, debtor, corner, told.lines),
    )  # fmt: skip


def _numbers(office: Office, debtor: str, streams: set[str]) -> dict[str, str]:
    ids = {stream: stream.partition(":")[2] for stream in streams if stream.startswith("invoice:")}
    return {stream: office.registry.number(id, debtor) for stream, id in ids.items()}


def _details(office: Office, debtor: str, corner: Corner, lines: Sequence[books.Line]) -> dict[int, str]:
    """By line, what the entry says besides its amount: the number of a credit note, the means of a payment."""
    found: dict[int, str] = {}
    said: dict[str, list[tuple[tuple[str, int, int], str]]] = {}
    for n, line in enumerate(lines):
        if line.kind not in {"credit", "payment"}:
            continue
        if line.stream not in said:
            said[line.stream] = _said(office, debtor, corner, line.stream)
        match = next((each for each in said[line.stream] if each[0] == (line.kind, line.on, line.cents)), None)
        if match:
            said[line.stream].remove(match)
            if match[1]:
                found[n] = match[1]
    return found


def _said(office: Office, debtor: str, corner: Corner, stream: str) -> list[tuple[tuple[str, int, int], str]]:
    history = standing(known(office.app.stream(stream).history, corner.position))
    start = (
        min((entry.fact.on for entry in history), default=dt.date.min) if stream.startswith("invoice:") else dt.date.min
    )
    issued = next((entry.fact.on for entry in history if entry.fact.move == "InvoiceIssued"), start)
    found = []
    for entry in history:
        fact = entry.fact
        on = max(fact.on, issued).toordinal()
        if isinstance(fact, PaymentReceived):
            found.append((("payment", on, -fact.cents), MEANS[fact.means] if fact.means else ""))
        elif isinstance(fact, CreditNoteApplied | CreditGranted):
            found.append((("credit", on, -fact.cents), office.registry.label(fact.number, debtor) or ""))
    return found


def _day(ordinal: int) -> dt.date | None:
    return dt.date.fromordinal(ordinal) if ordinal > 0 else None


# The letter


def letter(found: Account) -> dict[str, Any]:
    """Everything that the template prints, ready to print."""
    told, on, name = found.told, found.corner.as_of, found.debtor.name
    disputed = sum(item.disputed for item in found.items)
    return {
        "as_of": typeset(day(on)),
        "buckets": [{"label": label, "value": amount(cents)} for label, cents in _ages(found)],
        "closing": amount(told.closing),
        "code": found.debtor.code,
        "creditor": _party(found.creditor),
        "credits": amount(-told.credits),
        "debits": amount(told.debits),
        "debtor": _party(found.debtor),
        "disputed": amount(disputed) if disputed else "",
        "from": typeset(day(found.from_on)),
        "heading": name if len(name) <= HEADING else f"{name[: HEADING - 1]}…",
        "in_credit": [
            {"what": f"Facture n°{NO_BREAK}{in_french(found.numbers[stream])}" if stream in found.numbers else "Avoirs à valoir", "amount": amount(cents)}
            for stream, cents in found.in_credit
        ],
        "items": [_item(found, item) for item in found.items],
        "lines": [_line(found, n, line) for n, line in enumerate(told.lines)],
        "notes": [typeset(each) for each in _notes(found)],
        "opening": amount(told.opening),
        "owed": amount(sum(item.cents for item in found.items)),
        "position": f"{found.corner.position}",
        "said": typeset(_said_of(told.closing, on)),
        "sandbox": found.sandbox,
        "unallocated": amount(found.unallocated_cents) if found.unallocated_cents else "",
    }  # fmt: skip


def _ages(found: Account) -> list[tuple[str, int]]:
    """The buckets, then what is to the credit, then the balance: the last is the sum of the others."""
    ages, credit = found.row.cents[:-2], sum(found.row.cents[-2:])
    return [*zip(BUCKETS, ages, strict=True), ("À votre crédit", credit), ("Solde", found.row.total_cents)]


def _said_of(closing: int, on: dt.date) -> str:
    if closing == 0:
        return f"Au {day(on)}, votre compte est soldé dans nos livres, sauf erreur ou omission."
    side = "en notre faveur" if closing > 0 else "en votre faveur"
    return f"Au {day(on)}, votre compte présente dans nos livres un solde de {amount(abs(closing))} {side}, sauf erreur ou omission."


def _party(party: Party) -> dict[str, Any]:
    siren = NO_BREAK.join((party.siren[:3], party.siren[3:6], party.siren[6:])) if party.siren else ""
    return {
        "lines": [party.name, *party.address],
        "more": [
            each for each in (party.legal_form, f"SIREN {siren}" if siren else "", party.registry, party.email) if each
        ],
    }


def _item(found: Account, item: books.Item) -> dict[str, str]:
    late = item.days_late(found.corner.as_of.toordinal())
    if late is None:
        age = "–"
    elif late > 0:
        age = f"{late}{NO_BREAK}j"
    else:
        age = "échéance du jour" if late == 0 else "non échue"
    return {
        "age": age,
        "disputed": amount(item.disputed) if item.disputed else "",
        "due": _short(item.due) or "non connue",
        "number": in_french(found.numbers[item.stream]),
        "residual": amount(item.cents),
    }


def _line(found: Account, n: int, line: books.Line) -> dict[str, str]:
    what, number, detail = WORDS[line.kind], in_french(found.numbers.get(line.stream, "")), found.details.get(n, "")
    if line.kind == "credit":
        what += f" n°{NO_BREAK}{detail}" if detail else ""
        what += "" if number else ", à valoir"
    elif detail:
        what += f" {detail}"
    dues = [_short(due) for due in line.dues if due]
    return {
        "balance": amount(line.balance),
        "credit": amount(-line.cents) if line.cents < 0 else "",
        "debit": amount(line.cents) if line.cents > 0 else "",
        "due": ", ".join(dues),
        "number": number,
        "on": _short(line.on),
        "what": what,
    }


def _short(ordinal: int) -> str:
    on = _day(ordinal)
    return f"{on:%d/%m/%Y}" if on else ""


def _notes(found: Account) -> list[str]:
    """What the statement is, and what it is not."""
    kinds = {line.kind for line in found.told.lines}
    period = f"du {day(found.from_on)} au {day(found.corner.as_of)}"
    notes = [
        f"Ce relevé reprend les écritures de notre comptabilité clients {period}, à leur date d’effet. Il n’est pas une mise en demeure.",
        f"Il ne comprend {_APART[found.debtor.kind]} ; il n’emporte à cet égard ni demande ni renonciation.",
    ]
    if any(item.disputed for item in found.items):
        notes.append("Les sommes que vous contestez restent comprises dans le solde ; elles sont indiquées à part.")
    if "write_off" in kinds:
        notes.append("Un passage en pertes est une écriture comptable ; elle n’éteint pas la créance.")
    if found.unallocated_cents:
        notes.append(
            "Les sommes reçues qui ne sont affectées à aucune facture viennent en déduction du solde ; elles sont indiquées à part."
        )
    return notes


def write(found: Account, output: Path) -> None:
    """Write the letter, whole or not at all.

    Raises:
        Misuse: the file exists, or its folder does not.
    """
    if output.exists() or output.is_symlink():
        raise Misuse(f"{output} exists: a statement never replaces a file, name another")
    if not output.parent.is_dir():
        raise Misuse(f"there is no folder {output.parent}: make it, or name a file elsewhere")
    write_whole(output, rendered("statement.typ", letter(found), found.recorded_at), replace=False)
