"""What the fold reads of a stored event, decoded leanly, and the account that it keeps."""

import datetime as dt
import json
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Final

import msgspec

from adapters.views.tables import PARTY_KINDS
from projections.ledger import POOL


class Lean(msgspec.Struct):
    """The envelope as the loop needs it."""

    fact: msgspec.Raw
    stream: str
    type: str
    version: int


class Money(msgspec.Struct):
    """A fact that moves cents, a dispute, a promise, a withdrawal: what the loop reads of it."""

    on: str
    cents: int = 0
    booked_on: str | None = None
    source_known_on: str | None = None
    instalment: int | None = None
    vat_cents: int | None = None
    reason: str = ""
    withdrawn: int = 0


class _Part(msgspec.Struct):
    cents: int
    n: int
    due: str | None = None


class _Vat(msgspec.Struct):
    net_cents: int


class Issued(msgspec.Struct):
    """A founding fact: what the loop reads of it."""

    creditor: str
    creditor_kind: str
    debtor: str
    debtor_kind: str
    instalments: list[_Part]
    on: str
    booked_on: str | None = None
    nature: str | None = None
    performed_on: str | None = None
    source_known_on: str | None = None
    vat: list[_Vat] | None = None


class Registered(msgspec.Struct):
    """A debtor registered: whose customer it is."""

    creditor: str


decode: Final = msgspec.json.Decoder(Lean).decode
read_money: Final = msgspec.json.Decoder(Money).decode
read_issued: Final = msgspec.json.Decoder(Issued).decode
read_registered: Final = msgspec.json.Decoder(Registered).decode


class _Days(dict[str, int]):
    """Ordinals of ISO days: a portfolio has few, its facts many."""

    def __missing__(self, day: str) -> int:
        found = self[day] = dt.date.fromisoformat(day).toordinal()
        return found


_ORDINALS: Final = _Days()


def ordinal(day: str | None) -> int:
    """The ordinal of an ISO day, nil for none."""
    return _ORDINALS[day] if day else 0


_KINDS: Final = {
    (mine, theirs): PARTY_KINDS.index(mine) * len(PARTY_KINDS) + PARTY_KINDS.index(theirs)
    for mine in PARTY_KINDS
    for theirs in PARTY_KINDS
}


def kinds_of(creditor: str, debtor: str) -> int:
    """The kinds of creditor and debtor as one number."""
    return _KINDS[creditor, debtor]


def kinds_named(number: int) -> tuple[str, str]:
    """The kinds of creditor and debtor of a number."""
    mine, theirs = divmod(number, len(PARTY_KINDS))
    return PARTY_KINDS[mine], PARTY_KINDS[theirs]


@dataclass(slots=True)
class Account:
    """An account under the fold: an invoice, or a debtor's own. Its fields are the columns of the table, in their order.

    Attributes:
        issued: ordinal; nil on a debtor's own account.
        due: ordinal of the one due day; POOL where there are several.
        plain: each of its facts posts the same whatever came before (2: but a reversal, a reduction having named its instalment).
        parts: ordinals of the due days by number of instalment, as JSON, where there are several.
        single: all its movements are of one due day.
        ordinary: nothing but money came after its issue that could bear on its limitation.
        disputed: cents under dispute, since the effective day `disputed_on`.
    """

    no: int
    key: bytes
    debtor: int
    issued: int = 0
    due: int = POOL
    performed: int = 0
    kinds: int = 0
    nature: str | None = None
    total: int = 0
    plain: int = 1
    single: int = 1
    ordinary: int = 1
    promised: int = 0
    disputed: int = 0
    disputed_on: int = 0
    parts: str | None = None


FIELDS: Final = tuple(each.name for each in fields(Account))
row_of: Final = attrgetter(*FIELDS)


def due_of(account: Account, instalment: int) -> int:
    """The ordinal of the due day of an instalment; of the pool where there is none of that number."""
    if account.parts is None:
        return account.due if instalment == 1 else POOL
    days: dict[str, int] = json.loads(account.parts)
    return days.get(str(instalment), POOL)


def key_of(stream: str) -> bytes:
    """A stream as the views keep it: its initial and the bytes of its id."""
    kind, _, id = stream.partition(":")
    return kind[:1].encode() + bytes.fromhex(id)


def stream_of(key: bytes) -> str:
    """The stream of a key."""
    return f"{'invoice' if key[:1] == b'i' else 'debtor'}:{key[1:].hex()}"
