"""Deadlines ahead: those of an invoice as known at the corner, and how the report shows them."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from adapters.application import Relance
from adapters.report.markup import DEBTORS, INVOICES, day, file_of, name, said
from domain.calendar import add_months
from domain.deadline import Deadline
from domain.deadlines import deadlines_of
from domain.facts.invoicing import InvoiceFellDue, InvoiceIssued
from domain.facts.procedure import EscalatedToInjonction, OppositionLodged
from domain.facts.recovery import DebtorCalled, DebtorReminded
from domain.history import History, known
from domain.invoice import Invoice
from domain.law.readings import Readings
from domain.law.tables import Law
from projections.corner import Corner
from projections.wording import deadlines as words
from projections.wording.terms import amount, typeset

MONTHS: Final = 12
#: Facts that leave the deadlines of an invoice to follow from its issue.
_ORDINARY: Final = (InvoiceIssued, InvoiceFellDue, DebtorReminded, DebtorCalled)


class Whose(NamedTuple):
    """A deadline and the invoice it belongs to."""

    deadline: Deadline
    id: str
    number: str
    debtor: str


class Ahead:
    """The deadlines of invoices in the months after the corner's day, and those of which the day is not known.

    An ordinary invoice (issued, due, reminded, called, nothing else) has those of its issue alone, which many share.
    """

    def __init__(self, app: Relance, law: Law, corner: Corner) -> None:
        self._app, self._law, self._corner = app, law, corner
        self._until = add_months(corner.as_of, MONTHS)
        self._shared: dict[tuple[object, ...], tuple[Deadline, ...]] = {}

    def of(self, invoice: Invoice, history: History, readings: Readings) -> tuple[Deadline, ...]:
        """Those of an invoice."""
        if invoice.unsettled_cents <= 0:
            return ()
        issued = invoice.issued
        if len(issued.instalments) > 1 or not all(isinstance(entry.fact, _ORDINARY) for entry in history):
            return self._computed(history, readings)
        key = (
            issued.creditor, issued.instalments[0].due, issued.performed_on, issued.creditor_kind, issued.debtor_kind, issued.nature,
            issued.on,
        )  # fmt: skip
        if key not in self._shared:
            self._shared[key] = self._computed(history, readings)
        cents = invoice.unsettled_cents
        return tuple(each._replace(cents=cents) for each in self._shared[key])

    def _computed(self, history: History, readings: Readings) -> tuple[Deadline, ...]:
        on = self._corner.as_of
        claimed = _claimed(self._app, history, self._corner.position)
        found = deadlines_of(self._law, history, on, readings=readings, claimed_cents=claimed)
        return tuple(each for each in found if each.on is None or on <= each.on <= self._until)


def _claimed(app: Relance, history: History, position: int) -> int | None:
    """What the whole petition claims, where it was opposed: a lawyer is compulsory by its amount."""
    if not any(isinstance(entry.fact, OppositionLodged) for entry in history):
        return None
    petitions = [entry.fact for entry in history if isinstance(entry.fact, EscalatedToInjonction)]
    if not petitions:
        return None
    whole = known(app.stream(f"proceeding:{petitions[-1].proceeding}").history, position)
    first = whole[0].fact if whole else None
    return (sum(head.cents for head in first.heads) or None) if isinstance(first, EscalatedToInjonction) else None


def by_day(found: Iterable[Whose]) -> list[Whose]:
    """By day, those of which it is not known last."""
    return sorted(
        found,
        key=lambda each: (each.deadline.on is None, each.deadline.on or 0, each.deadline.kind, each.number, each.id),
    )


class Rows:
    """Rows of a table of deadlines, for pages at the top of the folder."""

    def __init__(self, length: int, names: dict[str, str]) -> None:
        self._length, self._names = length, names

    def markup(self, every: Sequence[Whose]) -> str:
        """The rows, one a line."""
        return "\n".join([self._row(each) for each in every])

    def _row(self, each: Whose) -> str:
        found = each.deadline
        remarks = "".join(f' <span class="code">{said(typeset(words.remark(one)))}.</span>' for one in found.remarks)
        first = "à partir du " if found.is_first else ""
        return (
            f'<tr><td class="d">{first}{day(found.on.toordinal()) if found.on else "non connue"}</td>'
            f"<td>{said(words.title(found))}{remarks}</td>"
            f'<th scope="row"><a href="{INVOICES}/{file_of(each.id, self._length)}">{name(each.number)}</a></th>'
            f'<td class="l"><a href="{DEBTORS}/{file_of(each.debtor, self._length)}">{name(self._names[each.debtor])}</a></td>'
            f'<td class="r l">{amount(found.cents)}</td><td class="l">{said("" if found.kind == "promise" else found.reference)}</td></tr>'
        )
