"""The checklists of the law: what an invoice, a formal notice, a petition and a declaration of claim bear on a day.

Each item has its text, what follows where it is not met, the kinds of debtor it is for, and how sure that is. A checklist states
the rule; whether a given document meets it is for whoever signs it to judge.
"""

import datetime as dt
import tomllib
from collections.abc import Callable
from functools import cache
from importlib import resources
from itertools import combinations
from typing import Annotated, Final, Literal, NamedTuple, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, model_validator

from domain.errors import InvalidInput, LawMissing, NotFound, in_words
from domain.facts.fact import Code
from domain.facts.invoicing import InvoiceIssued, PartyKind

ChecklistName = Literal["invoice", "formal_notice", "petition", "declaration"]
Confidence = Literal["A", "B", "C"]
#: `conditional`: only in the case that the text gives; `forbidden`: must not be there.
Presence = Literal["required", "conditional", "optional", "forbidden"]
#: Of the issuer: `large` is a large company or an ETI, `small` a PME or a micro-enterprise.
IssuerSize = Literal["large", "small"]
State = Literal["recorded", "to_check", "missing", "forbidden", "not_required"]

NAMES: Final[tuple[ChecklistName, ...]] = get_args(ChecklistName)
#: The states that an invoice does not pass.
AMISS: Final[tuple[State, ...]] = ("missing", "forbidden")

Text = Annotated[str, Field(min_length=1)]
_MODEL = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Consequence(BaseModel):
    """What follows where an item is not met, in English for screens and in French for documents."""

    model_config = _MODEL

    code: Code
    reference: Text
    text: Text
    texte: Text


class Sentence(BaseModel):
    """A consequence as a file has it, under its code; or the note of a checklist."""

    model_config = _MODEL

    reference: Text
    text: Text
    texte: Text


def _named(code: object, info: ValidationInfo) -> object:
    """The consequence that an item names by its code."""
    found = info.context.get(str(code)) if isinstance(info.context, dict) else None
    if not isinstance(found, dict):
        raise ValueError(f"{code!r} is no consequence of this file")  # noqa: TRY004 - pydantic wants a ValueError
    return {**found, "code": code}


class Item(BaseModel):
    """One item of a checklist, in force from a day on, for some kinds of debtor."""

    model_config = _MODEL

    code: Code
    confidence: Confidence
    consequence: Annotated[Consequence, BeforeValidator(_named)]
    debtors: Annotated[tuple[PartyKind, ...], Field(strict=False, min_length=1)]
    from_on: dt.date = Field(alias="from")
    from_if_small_on: dt.date | None = Field(default=None, alias="from_if_small")
    presence: Presence
    reference: Text
    text: Text
    texte: Text
    until_on: dt.date | None = Field(default=None, alias="until")

    def starts_on(self, issuer: IssuerSize | None = None) -> dt.date:
        """The day from which it is in force; the earlier one when the size of the issuer is not known."""
        return self.from_if_small_on if issuer == "small" and self.from_if_small_on else self.from_on

    def is_in_force(self, on: dt.date, issuer: IssuerSize | None = None) -> bool:
        """Whether it binds an issuer of that size on a day."""
        return self.starts_on(issuer) <= on and (self.until_on is None or on <= self.until_on)

    def hangs_on_size(self, on: dt.date) -> bool:
        """Whether on that day it binds a large issuer and not yet a small one."""
        return self.is_in_force(on, "large") and not self.is_in_force(on, "small")


class Checklist(BaseModel):
    """A checklist: its note, which says what it is worth, then its items in the order of the document."""

    model_config = _MODEL

    consequences: dict[Code, Sentence]
    items: Annotated[tuple[Item, ...], Field(strict=False, min_length=1)]
    last_checked_on: dt.date
    note: Sentence
    title: Text
    titre: Text

    @model_validator(mode="after")
    def _one_item_a_day(self) -> Self:
        for one, other in combinations(self.items, 2):
            shared = one.code == other.code and set(one.debtors) & set(other.debtors)
            start = max(one.from_on, other.from_on)
            if shared and one.is_in_force(start) and other.is_in_force(start):
                raise ValueError(f"two items {one.code} are in force together")
        return self


def parse_checklist(name: str, text: bytes) -> Checklist:
    """Read a checklist.

    Raises:
        InvalidInput: no TOML, or a key missing, unknown or wrong: the first is the field, every one is in the reason.
    """
    file = f"{name}.toml"
    try:
        raw = tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(str(error), file=file) from error
    try:
        return Checklist.model_validate(raw, context=raw.get("consequences"))
    except ValidationError as error:
        found = [(".".join(map(str, each["loc"])), each["msg"]) for each in error.errors(include_url=False)]
        reasons = "; ".join(f"{where}: {reason}" if where else reason for where, reason in found)
        raise InvalidInput(reasons, file=file, field=found[0][0]) from error


@cache
def read_checklist(name: str) -> Checklist:
    """A checklist that ships with relance, on any day.

    Raises:
        NotFound: none of that name.
    """
    if name not in NAMES:
        raise NotFound(f"no checklist {name!r}; there are {', '.join(NAMES)}")
    return parse_checklist(name, resources.files("domain.law").joinpath("checklists", f"{name}.toml").read_bytes())


def checklist(
    name: str, on: dt.date, debtor_kind: PartyKind | None = None, issuer: IssuerSize | None = None
) -> tuple[Item, ...]:
    """The items in force on a day for a kind of debtor, or for every kind; none where the document is not for that kind.

    Raises:
        NotFound: no checklist of that name.
        LawMissing: the day comes before all that is known.
    """
    items = read_checklist(name).items
    first = min(item.from_on for item in items)
    if on < first:
        reason = f"the checklist {name} is not known on {in_words(on)}: it is known from {in_words(first)}"
        raise LawMissing(reason, name, name, on)
    return tuple(
        item for item in items if item.is_in_force(on, issuer) and (debtor_kind is None or debtor_kind in item.debtors)
    )


class Identity(NamedTuple):
    """What the registry knows of a party; empty where it knows nothing."""

    name: str = ""
    address: tuple[str, ...] = ()
    siren: str = ""
    legal_form: str = ""
    registry: str = ""


class Known(NamedTuple):
    """All that is recorded of an invoice: its fact, its number, who issued it and to whom."""

    issued: InvoiceIssued
    number: str
    creditor: Identity
    debtor: Identity


class Mention(NamedTuple):
    """A mention of the invoice, and what the record says of it."""

    item: Item
    state: State


#: Where the datum of a mention is recorded; the other mentions are read on the invoice alone.
_HELD: Final[dict[str, Callable[[Known], bool]]] = {
    "issuer_identity": lambda known: bool(known.creditor.name and known.creditor.address),
    "customer_identity": lambda known: bool(known.debtor.name and known.debtor.address),
    "number": lambda known: bool(known.number),
    "issued_on": lambda known: known.issued.dates == "exact",
    "performed_on": lambda known: known.issued.performed_on is not None,
    "order_reference": lambda known: known.issued.order_reference is not None,
    "due_on": lambda known: all(part.due is not None for part in known.issued.instalments),
    "penalty_rate": lambda known: known.issued.penalty_rate is not None,
    "vat_amount": lambda known: bool(known.issued.vat),
    "vat_rates": lambda known: bool(known.issued.vat) and all(line.rate is not None for line in known.issued.vat or ()),
    "issuer_siren": lambda known: bool(known.creditor.siren),
    "issuer_seat": lambda known: bool(known.creditor.address),
    "issuer_registry": lambda known: bool(known.creditor.registry),
    "issuer_form": lambda known: bool(known.creditor.legal_form),
    "customer_siren": lambda known: bool(known.debtor.siren),
    "operations": lambda known: known.issued.nature is not None,
}
#: What the record itself shows cannot be right.
_WRONG: Final[dict[str, Callable[[Known], bool]]] = {
    "due_on": lambda known: any(part.due is None for part in known.issued.instalments),
}
#: Where the record shows that a conditional mention has no object.
_NO_OBJECT: Final[dict[str, Callable[[Known], bool]]] = {
    "vat_exemption": lambda known: bool(known.issued.vat) and all(line.vat_cents for line in known.issued.vat or ()),
    "delivery_address": lambda known: known.issued.nature in {"services", "works", "carriage", "rent"},
    "vat_on_debits": lambda known: known.issued.nature == "goods",
}


def _never(_: Known) -> bool:
    return False


def check_invoice(known: Known, issuer: IssuerSize | None = None) -> tuple[Mention, ...]:
    """Hold what is recorded of an invoice against every mention in force on its issue day, in the order of the checklist.

    Raises:
        LawMissing: the issue day comes before all that is known.

    Law: C. com., art. L441-9 ; CGI, ann. II, art. 242 nonies A ; C. com., art. R123-237.
    """
    on, kind = known.issued.on, known.issued.debtor_kind
    binding = {item.code: item for item in checklist("invoice", on, kind, issuer)}
    listed: dict[str, Item] = {}
    for item in checklist("invoice", on):
        listed.setdefault(item.code, binding.get(item.code, item))
    return tuple(
        Mention(item, _state(item, known) if code in binding else "not_required") for code, item in listed.items()
    )


def _state(item: Item, known: Known) -> State:
    is_held = _HELD.get(item.code, _never)(known)
    if item.presence == "forbidden":
        return "forbidden" if is_held else "to_check"
    if item.presence == "required" and _WRONG.get(item.code, _never)(known):
        return "missing"
    if is_held:
        return "recorded"
    if item.presence == "optional" or _NO_OBJECT.get(item.code, _never)(known):
        return "not_required"
    return "to_check"
