"""A deadline as a value: what must be done or may be lost, by which day, by which text, and what that day leaves open."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal, NamedTuple, TypeVar, get_args

from domain.errors import LawMissing, in_words
from domain.facts.fact import Fact
from domain.history import Entry
from domain.invoice import Invoice
from domain.law.readings import Readings
from domain.law.tables import Law
from domain.money import plain
from domain.ordonnance import Limit

Kind = Literal[
    "limitation",
    "title",
    "petition_fees",
    "order_service",
    "opposition",
    "enforcement",
    "formula_request",
    "opposition_fees",
    "lawyer",
    "claim_declaration",
    "forclusion_relief",
    "claim_discussion",
    "retention_of_title",
    "conservatory_title",
    "conservatory_notice",
    "notice",
    "promise",
    "lre_proof",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
#: Days given to the debtor, and first days: the creditor loses nothing by them.
HARMLESS: Final[frozenset[Kind]] = frozenset({"opposition", "enforcement", "notice", "promise"})
#: What the time-bar ends; it goes on by itself, whatever step is open.
TIME_BARS: Final[frozenset[Kind]] = frozenset({"limitation", "title"})
ReadingName = Literal["prudent", "arguable", "both"]
RemarkCode = Literal[
    "no_performance",
    "no_due_day",
    "pending",
    "outside_title",
    "fees_not_on_record",
    "served_late",
    "reopens",
    "unless_opposed",
    "no_notice_received",
    "postmark_unknown",
    "publication_unknown",
    "far_creditor",
    "written_off",
    "disputed",
    "refused_meanwhile",
    "unknown",
]
TEXTS: Final[dict[RemarkCode, str]] = {
    "no_performance": "no day of performance is on record: time may run from it, earlier than the due day",
    "no_due_day": "no due day is known for this part of the price",
    "pending": (
        "counted from the step in court itself: the interruption lasts until the proceeding ends (C. civ., art. 2242)"
    ),
    "outside_title": "{euros} EUR of the price are outside the title, with a time-bar of their own",
    "fees_not_on_record": "no payment of these fees is on record",
    "served_late": "served on {day}, after this day: the order is void",
    "reopens": (
        "not served in person: open again for a month after the first act in person, or the first measure on assets"
    ),
    "unless_opposed": "a first day, if no opposition was lodged",
    "no_notice_received": (
        "the day the creditor was told of the opposition is not on record: counted from the opposition itself"
    ),
    "postmark_unknown": (
        "the postmark of the invitation to pay is not on record: it lies between the opposition and the receipt"
    ),
    "publication_unknown": "the publication in the BODACC is not on record: counted from the judgment itself",
    "far_creditor": "{day} for a creditor who lives outside metropolitan France",
    "written_off": "given up in the books, not in law",
    "disputed": "{euros} EUR are disputed",
    "refused_meanwhile": "counted from the refusal of the payment order on {day}",
    "unknown": "{text}",
}
F = TypeVar("F", bound=Fact)


class Remark(NamedTuple):
    """What a date leaves open: a code, and the day, the cents or the words that it names."""

    code: RemarkCode
    on: dt.date | None = None
    cents: int = 0
    text: str = ""

    def __str__(self) -> str:
        """The remark in English."""
        day = in_words(self.on) if self.on else ""
        return TEXTS[self.code].format(day=day, euros=plain(self.cents), text=self.text)


class Deadline(NamedTuple):
    """A day of the law, or of the parties, that an invoice has to do with.

    Attributes:
        kind: what must be done, or may be lost.
        on: the last day to act, up to 24:00; none where a legal value, or the day it starts from, is not known.
        reference: the article.
        since: the day from which the time is counted.
        cents: what is unpaid of the price that it is about.
        reading: of a contested date, which of the two it is; `both` where they are one.
        is_first: a first day allowed, not a last one.
        remarks: what it leaves open.
        due: the due day of the part of the price that it is about, where each has its own.
    """

    kind: Kind
    on: dt.date | None
    reference: str
    since: dt.date | None
    cents: int
    reading: ReadingName | None = None
    is_first: bool = False
    remarks: tuple[Remark, ...] = ()
    due: dt.date | None = None


class View(NamedTuple):
    """What the deadlines of an invoice are read from: the entries known, those folded by the day, the state they amount to.

    `claimed_cents` is what the whole petition claims, where this invoice is a share of it.
    """

    law: Law
    readings: Readings
    on: dt.date
    entries: Sequence[Entry]
    invoice: Invoice
    folded: Sequence[Entry]
    claimed_cents: int | None = None

    @property
    def cents(self) -> int:
        """What is unpaid of the price."""
        return self.invoice.unsettled_cents

    @property
    def is_stayed(self) -> bool:
        """Proceedings against the debtor himself stop individual action.

        Law: C. com., art. L622-21.
        """
        party = self.invoice.stayed_party
        return self.invoice.regions.standing == "stayed" and party in {None, self.invoice.issued.debtor}

    def all(self, kind: type[F]) -> list[F]:
        """The facts of a kind, in their order; of a proceeding, those of the one under way."""
        own = self.invoice.proceeding
        return [
            entry.fact
            for entry in self.folded
            if isinstance(entry.fact, kind) and getattr(entry.fact, "proceeding", own) == own
        ]

    def last(self, kind: type[F]) -> F | None:
        """The last of them."""
        found = self.all(kind)
        return found[-1] if found else None

    def after(self, kind: type[F], other: type[Fact]) -> F | None:
        """The last fact of a kind, if none of another comes after it."""
        for entry in reversed(self.folded):
            if isinstance(entry.fact, other):
                return None
            if isinstance(entry.fact, kind):
                return entry.fact
        return None

    def row(
        self, kind: Kind, limit: Limit, since: dt.date, *remarks: Remark, reading: ReadingName | None = None
    ) -> Deadline:
        """A last day to act."""
        return Deadline(kind, limit.on, limit.reference, since, self.cents, reading, remarks=remarks)

    def unless_missing(self, kind: Kind, reference: str, made: Callable[[], Iterable[Deadline]]) -> list[Deadline]:
        """The rows made, or one that says which legal value is not known."""
        try:
            return list(made())
        except LawMissing as missing:
            remark = Remark("unknown", text=str(missing))
            return [Deadline(kind, None, reference, None, self.cents, remarks=(remark,))]
