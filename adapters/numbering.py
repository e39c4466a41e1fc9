"""The numbers of a store held against their sequence: read from the vault, since the log holds them hashed.

Invoices and credit notes both use numbers. One that was cancelled or corrected is shown as such; one whose record was erased, or
never kept, is counted: a gap may be it.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec

from adapters.bootstrap import Office
from adapters.store.mapper import read_raw
from domain.errors import NotFound
from projections.numbering import REFERENCE, RULE, Numbered, Numbering, Series, Status, What, numbering

PAGE: Final = 10_000
_ISSUED: Final = "relance.InvoiceIssued.1"
_APPLIED: Final = "relance.CreditNoteApplied.1"
_GRANTED: Final = "relance.CreditGranted.1"
_REGISTERED: Final = "relance.DebtorRegistered.1"
_WITHDRAWN: Final = "relance.EntryWithdrawn.1"
_CANCELLED: Final = "relance.InvoiceCancelled.1"
_TOPICS: Final = (_ISSUED, _APPLIED, _GRANTED, _REGISTERED, _WITHDRAWN, _CANCELLED)


class _Fact(msgspec.Struct):
    """What the numbering reads of a fact."""

    on: str
    creditor: str = ""
    debtor: str = ""
    number: str = ""
    withdrawn: int = 0


_read: Final = msgspec.json.Decoder(_Fact).decode


class _Use(NamedTuple):
    """A number in use: where, and by whom."""

    key: str
    on: str
    debtor: str
    what: What


class Book(NamedTuple):
    """The numbering of one creditor."""

    creditor: str
    numbering: Numbering
    erased: int

    def rows(self, told: Callable[[Numbered], str]) -> list[dict[str, Any]]:
        """What was found, each in one row."""
        found: list[dict[str, Any]] = []

        def add(
            kind: str, series: str, first: Numbered, last: Numbered, size: int, between: tuple[str, str] | None = None
        ) -> None:
            low, high = between or (first.number, last.number)
            found.append(
                {
                    "kind": kind, "creditor": self.creditor, "series": series, "first": low, "last": high, "count": size,
                    "first_on": first.on, "last_on": last.on, "detail": f"{told(first)}; {told(last)}",
                }
            )  # fmt: skip

        for series in self.numbering.series:
            for gap in series.gaps:
                add("gap", series.label, gap.after, gap.before, gap.size, (gap.first, gap.last))
            for broken in series.breaks:
                add("order", series.label, broken.lower, broken.higher, 2)
        for members in self.numbering.twice:
            add("twice", "", members[0], members[-1], len(members))
            found[-1]["detail"] = "; ".join(told(each) for each in members)
        return found

    def value(self) -> dict[str, Any]:
        """The series, for other programs."""
        return {
            "creditor": self.creditor, "erased": self.erased,
            "without_digit": [each.number for each in self.numbering.without],
            "series": [_of_series(series) for series in self.numbering.series],
        }  # fmt: skip


def _of_series(series: Series) -> dict[str, Any]:
    return {
        "series": series.label, "count": len(series.members), "first": series.members[0].number, "last": series.members[-1].number,
        "missing": series.missing, "gaps": len(series.gaps), "order_breaks": len(series.breaks),
        **{status: [each.number for each in series.of_status(status)] for status in ("corrected", "cancelled", "withdrawn")},
    }  # fmt: skip


def books(office: Office, *, creditor: str | None = None, year: int | None = None) -> list[Book]:
    """The numbering of each creditor, or of one; of the numbers of one year of issue, or of all.

    Raises:
        NotFound: no invoice is recorded.
    """
    uses, statuses, owners = _uses(office)
    found: dict[str, list[Numbered]] = {}
    erased: dict[str, int] = {}
    for (stream, version), use in uses.items():
        on = dt.date.fromisoformat(use.on)
        owner = owners.get(use.debtor, "")
        if (creditor and owner != creditor) or (year and on.year != year):
            continue
        number = office.registry.label(use.key, use.debtor)
        if number is None:
            erased[owner] = erased.get(owner, 0) + 1
            continue
        status = statuses.get((stream, version), "issued")
        found.setdefault(owner, []).append(Numbered(number, on, use.debtor, use.what, status, stream))
    if not found and not erased:
        raise NotFound(f"no invoice {f'of {year} ' if year else ''}is recorded")
    return [
        Book(office.registry.card(owner)[0], numbering(found.get(owner, [])), erased.get(owner, 0))
        for owner in sorted(found.keys() | erased.keys())
    ]


def _uses(
    office: Office,
) -> tuple[dict[tuple[str, int], _Use], dict[tuple[str, int], Status], dict[str, str]]:
    """Every number in use by stream and version, what became of some, and the creditor of each debtor.

    Of an invoice that was corrected the last issue counts.
    """
    uses: dict[tuple[str, int], _Use] = {}
    statuses: dict[tuple[str, int], Status] = {}
    owners: dict[str, str] = {}
    issues: dict[str, tuple[int, str]] = {}
    position = 1
    while page := office.app.store.select_notifications(position, PAGE, topics=_TOPICS):
        position = page[-1].id + 1
        for event in page:
            stream, version = str(event.originator_id), event.originator_version
            fact = _read(bytes(read_raw(event.state, event.id).fact))
            if event.topic == _REGISTERED:
                owners[stream.partition(":")[2]] = fact.creditor
            elif event.topic == _ISSUED:
                before = issues.get(stream)
                if before:
                    uses.pop((stream, before[0]), None)
                    statuses[stream, version] = "corrected"
                issues[stream] = (version, fact.debtor)
                owners.setdefault(fact.debtor, fact.creditor)
                uses[stream, version] = _Use(stream.partition(":")[2], fact.on, fact.debtor, "invoice")
            elif event.topic == _CANCELLED and stream in issues:
                statuses[stream, issues[stream][0]] = "cancelled"
            elif event.topic == _WITHDRAWN and (stream, fact.withdrawn) in uses:
                statuses[stream, fact.withdrawn] = "withdrawn"
            elif event.topic in {_APPLIED, _GRANTED}:
                debtor = issues[stream][1] if event.topic == _APPLIED else stream.partition(":")[2]
                uses[stream, version] = _Use(fact.number, fact.on, debtor, "credit note")
    return uses, statuses, owners


def value(found: list[Book], rows: list[dict[str, Any]], year: int | None) -> dict[str, Any]:
    """The shape that other programs read."""
    return {
        "rule": RULE, "reference": REFERENCE, "year": year, "sound": not rows, "creditors": [book.value() for book in found],
        "findings": rows,
    }  # fmt: skip
