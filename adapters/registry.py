"""Who is who: creditors, debtors, actors, invoice numbers; found by keyed names, read from the vault."""

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.application import Change, Context, Relance, Stream, new_id, plain
from adapters.store.shredding import streams_like
from adapters.store.sqlite import NameRow, VaultRow
from adapters.store.vault import STORE, compact_json
from domain.errors import InvalidInput, Misuse, NotFound, refused_by_record
from domain.facts.fact import Fact
from domain.facts.invoicing import PartyKind
from domain.facts.parties import CreditorRegistered, DebtorRegistered, DetailsChanged
from projections.wording.erased import in_french

CARD = "card"
PARTY = "party"
REFERENCE = "reference"
PIECE = "piece"
PIECE_CARD = "piece_card"
PIECE_KEY = "piece_key"
MANY = 2_000
_OF_ERASED = re.compile(r"(?:\(erased )?([0-9a-f]{8,32})\)?")


def tidy(text: str) -> str:
    """A number or a code as identity reads it: NFC, trimmed, inner blanks collapsed, case kept."""
    return " ".join((text if text.isascii() else unicodedata.normalize("NFC", text)).split())


@dataclass(frozen=True, slots=True)
class Party:
    """A creditor, or a customer of one creditor, as the vault knows it."""

    code: str
    name: str
    kind: PartyKind
    siren: str = ""
    address: tuple[str, ...] = ()
    email: str = ""
    legal_form: str = ""
    registry: str = ""

    def record(self) -> dict[str, Any]:
        """The record that is sealed."""
        return {
            "address": list(self.address), "code": self.code, "email": self.email, "kind": self.kind,
            "legal_form": self.legal_form, "name": self.name, "registry": self.registry, "siren": self.siren,
        }  # fmt: skip

    @staticmethod
    def of(record: dict[str, Any]) -> "Party":
        """The party of a sealed record."""
        return Party(**{**record, "address": tuple(record.get("address", ()))})


@dataclass(frozen=True, slots=True)
class Filing:
    """The rows that an append needs beside its events."""

    names: list[NameRow] = field(default_factory=list)
    records: list[VaultRow] = field(default_factory=list)


class Registry:
    """Finds and registers parties and invoices of one store."""

    def __init__(self, app: Relance) -> None:
        self.app = app
        self._cards: dict[str, tuple[str, str]] = {}
        self._cards_at = b""

    # Actors

    def actor(self, word: str) -> str:
        """The opaque id of who records; the name stays in the vault."""
        id = self.app.vault.name_key("actor", tidy(word)).hex()
        if self.app.store.vault_row(STORE, "actor", id) is None:
            row = self.app.vault.row(STORE, "actor", id, json.dumps({"name": tidy(word)}).encode())
            self.app.append([], Context(command=new_id(), records=[row]))
        return id

    def actor_name(self, id: str) -> str:
        """The name of an actor; the id itself when it is not known here."""
        plain_record = self.app.vault.read(STORE, "actor", id)
        return str(json.loads(plain_record)["name"]) if plain_record else id

    # Creditors and debtors

    def creditors(self) -> list[str]:
        """Ids of every creditor."""
        return [stream.partition(":")[2] for _, _, stream in self.app.store.named_anywhere("creditor")]

    def creditor(self, reference: str | None) -> str:
        """The id of a creditor; without a reference, of the only one.

        Raises:
            NotFound: none, or none of that reference.
            Misuse: several, and no reference.
        """
        if reference is None:
            every = self.creditors()
            if len(every) == 1:
                return every[0]
            if every:
                raise Misuse("several creditors are registered: name one with --creditor")
            raise NotFound("no creditor is registered: relance party add --creditor REF --name NAME")
        found = self.app.store.named("creditor", "", self.app.vault.name_key("creditor", tidy(reference)))
        if not found:
            raise NotFound(f"no creditor {reference!r} is registered")
        return found[0].partition(":")[2]

    def debtor(self, code: str, creditor: str | None = None) -> str:
        """The id of a debtor by customer code, or by SIREN; of one erased, by the beginning of its id.

        Raises:
            NotFound: none.
            Misuse: several creditors have a customer of that code.
        """
        word = tidy(code)
        among = [creditor] if creditor else self.creditors()
        found: dict[str, None] = {}
        for each in among:
            for kind in ("debtor", "siren"):
                found.update(dict.fromkeys(self.app.store.named(kind, each, self.app.vault.name_key(kind, each, word))))
        if not found and (erased := _OF_ERASED.fullmatch(word)):
            found.update(dict.fromkeys(streams_like(self.app.store, "debtor", erased[1])))
        if not found:
            raise NotFound(f"no debtor {code!r} is registered: relance party list shows those that are")
        if len(found) > 1:
            raise Misuse(f"several debtors answer to {code!r}: name the creditor too, ACME/{code} or --creditor ACME")
        return next(iter(found)).partition(":")[2]

    def debtors(self, creditor: str | None = None) -> list[str]:
        """Ids of every debtor, of one creditor or of all."""
        rows = self.app.store.named_anywhere("debtor")
        return list(dict.fromkeys(stream.partition(":")[2] for of, _, stream in rows if creditor in (None, of)))

    def party(self, stream: str) -> Party:
        """The party of a `debtor:` or `creditor:` stream, as last recorded.

        Raises:
            NotFound: nothing is recorded of it.
        """
        record = ""
        for envelope in self.app.stream_or_fail(stream).envelopes:
            if isinstance(envelope.fact, DebtorRegistered | CreditorRegistered | DetailsChanged):
                record = envelope.fact.record
        owner = stream.partition(":")[2]
        opened = self.app.vault.opened(owner, PARTY, record)
        return Party.of(opened[1]) if opened else Party(code="(effacé)", name="(effacé)", kind="professional")

    def card(self, id: str) -> tuple[str, str]:
        """Code and name of a party, for lists; read again once a key was drawn or destroyed."""
        if self._cards_at != self.app.vault.writes:
            self._cards_at = self.app.vault.writes
            self._cards.clear()
        if id not in self._cards:
            read = self.app.vault.read(id, CARD, "current")
            value = json.loads(read) if read else {"code": "(erased)", "name": "(erased)"}
            self._cards[id] = (value["code"], value["name"])
        return self._cards[id]

    def filing_of(self, id: str, party: Party, creditor: str | None) -> tuple[str, Filing]:
        """The digest of a party record and the rows that find and read it."""
        vault, scope = self.app.vault, creditor or ""
        kind = "debtor" if creditor else "creditor"
        stream = f"{kind}:{id}"
        digest, sealed = vault.sealed(id, PARTY, party.record())
        card = vault.row(id, CARD, "current", json.dumps({"code": party.code, "name": party.name}).encode())
        key = vault.name_key(kind, scope, party.code) if creditor else vault.name_key(kind, party.code)
        names = [(kind, scope, key, stream)]
        if party.siren and creditor:
            names.append(("siren", scope, vault.name_key("siren", scope, party.siren), stream))
        self._cards.pop(id, None)
        return digest, Filing(names, [sealed, card])

    def register(self, party: Party, *, on: dt.date, creditor: str | None = None, reserved: str | None = None) -> str:
        """Register a creditor, or a customer of one; the same details again add nothing, others are a change of details.

        Returns:
            The id.

        Raises:
            InvalidInput: the SIREN is none.
        """
        party = checked(party)
        kind = "debtor" if creditor else "creditor"
        key = (
            self.app.vault.name_key(kind, creditor, party.code)
            if creditor
            else self.app.vault.name_key(kind, party.code)
        )
        found = self.app.store.named(kind, creditor or "", key)
        id = found[0].partition(":")[2] if found else reserved or new_id()
        if found and self.party(found[0]) == party:
            return id
        self.app.vault.ensure([id])
        digest, filing = self.filing_of(id, party, creditor)
        fact: Fact
        if found:
            fact = DetailsChanged(on=on, record=digest)
        elif creditor:
            fact = DebtorRegistered(creditor=creditor, kind=party.kind, on=on, record=digest)
        else:
            fact = CreditorRegistered(kind=party.kind, on=on, record=digest)
        if on > self.app.today:
            raise refused_by_record("register", "future", "that day is still to come")
        context = Context(command=new_id(), names=filing.names, records=filing.records)
        self.app.append([Change(self.app.stream(f"{kind}:{id}"), plain([fact]))], context)
        return id

    def register_many(self, parties: Sequence[Party], *, on: dt.date, creditor: str) -> dict[str, str]:
        """Register customers of a creditor that are not registered yet, many in an append.

        Returns:
            Their ids, by code.
        """
        ids = {party.code: new_id() for party in parties}
        for start in range(0, len(parties), MANY):
            some = [checked(party) for party in parties[start : start + MANY]]
            self.app.vault.ensure(ids[party.code] for party in some)
            changes, names, records = [], [], []
            for party in some:
                id = ids[party.code]
                digest, filing = self.filing_of(id, party, creditor)
                fact = DebtorRegistered(creditor=creditor, kind=party.kind, on=on, record=digest)
                changes.append(Change(Stream(f"debtor:{id}"), plain([fact])))
                names += filing.names
                records += filing.records
            context = Context(command=new_id(), names=names, records=records, provenance="imported")
            self.app.append(changes, context)
        return ids

    # Invoices

    def invoice_id(self, creditor: str, number: str, on: dt.date, series: str = "", kind: str = "invoice") -> str:
        """The id that an invoice of that number and issue day has, by keyed hash."""
        return self.app.vault.name_key("invoice", creditor, kind, series, tidy(number), on.isoformat()).hex()

    def number_key(self, creditor: str, number: str) -> bytes:
        """The keyed hash of an invoice number: in facts its hexadecimal, in names its bytes."""
        return self.app.vault.name_key("number", creditor, tidy(number))

    def invoices(self, word: str) -> list[str]:
        """The streams that answer to `number` or `creditor/number`; else to the beginning of an id, as an erased number prints."""
        found = self._numbered(self.creditors(), word)
        if not found and "/" in word:
            reference, _, number = word.partition("/")
            streams = self.app.store.named("creditor", "", self.app.vault.name_key("creditor", tidy(reference)))
            found = self._numbered([stream.partition(":")[2] for stream in streams], number)
        erased = None if found else _OF_ERASED.fullmatch(word)
        return streams_like(self.app.store, "invoice", erased[1]) if erased else found

    def _numbered(self, creditors: Iterable[str], number: str) -> list[str]:
        return [
            stream
            for creditor in creditors
            for stream in self.app.store.named("number", creditor, self.number_key(creditor, number))
        ]

    def invoice(self, word: str) -> str:
        """The one stream that answers to an invoice number.

        Raises:
            NotFound: none does.
            Misuse: several do.
        """
        found = self.invoices(word)
        if not found:
            raise NotFound(f"no invoice {word!r} is recorded")
        if len(found) > 1:
            raise Misuse(
                f"several invoices bear the number {word!r}: write CREDITOR/{word}, or the issue day tells them apart in `history`"
            )
        return found[0]

    def reference_row(self, invoice: str, debtor: str, number: str) -> VaultRow:
        """The vault row that prints an invoice's number."""
        return self.app.vault.row(debtor, REFERENCE, invoice, compact_json({"number": tidy(number)}))

    def credit_note_row(self, debtor: str, creditor: str, number: str) -> VaultRow:
        """The vault row that prints a credit note's number."""
        return self.reference_row(self.number_key(creditor, number).hex(), debtor, number)

    def label(self, key: str, debtor: str) -> str | None:
        """The number behind an id or a keyed hash, for print; nothing when it was erased, or never kept."""
        read = self.app.vault.read(debtor, REFERENCE, key)
        return str(json.loads(read)["number"]) if read else None

    def number(self, invoice: str, debtor: str) -> str:
        """The number of an invoice, for print; its id when it was erased."""
        return self.label(invoice, debtor) or f"(erased {invoice[:8]})"

    def number_in_french(self, invoice: str, debtor: str) -> str:
        """The number of an invoice, for a page that a debtor or a court reads."""
        return in_french(self.number(invoice, debtor))


def checked(party: Party) -> Party:
    """A party whose code is tidy and whose SIREN, if any, is one.

    Raises:
        InvalidInput: empty code or name, or a wrong SIREN.
    """
    code, name = tidy(party.code), tidy(party.name)
    if not code or not name:
        raise InvalidInput("a party has a code and a name", field="code" if not code else "name")
    siren = party.siren
    if siren:
        from stdnum.exceptions import ValidationError  # noqa: PLC0415 - a slow import, for registering only
        from stdnum.fr import siren as siren_number  # noqa: PLC0415 - as above

        try:
            siren = siren_number.validate(siren)
        except ValidationError as error:
            raise InvalidInput(f"{party.siren!r} is not a SIREN: {error}", field="siren") from None
    return Party(
        code,
        name,
        party.kind,
        siren,
        tuple(tidy(line) for line in party.address),
        party.email.strip(),
        tidy(party.legal_form),
        tidy(party.registry),
    )


def several(words: Sequence[str]) -> list[str]:
    """Words without repeats, in their order."""
    return list(dict.fromkeys(words))
