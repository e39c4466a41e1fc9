"""An invoice as a use case holds it. Apart from the acts, so that reading needs neither the chart nor its library."""

import datetime as dt
from dataclasses import dataclass

from adapters.application import Stream
from adapters.bootstrap import Adopted, Office
from domain.errors import refused_by_record
from domain.facts.invoicing import InvoiceIssued
from domain.history import founding, replay
from domain.invoice import Invoice
from domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Case:
    """One invoice as a use case holds it."""

    stream: Stream
    issued: InvoiceIssued
    number: str
    adopted: Adopted
    invoice: Invoice

    @property
    def policy(self) -> Policy:
        """What the creditor's policy says."""
        return self.adopted.policy


def load(office: Office, stream_id: str, on: dt.date) -> Case:
    """An invoice with its number, its policy and its state at the end of a day.

    Raises:
        NotFound: nothing is recorded of it.
        Refused: it was not issued by then.
    """
    stream = office.app.stream_or_fail(stream_id)
    issued = founding(stream.history)
    if issued is None:
        raise refused_by_record("read", "not_issued", "its issue was withdrawn")
    number = office.registry.number(stream_id.partition(":")[2], issued.debtor)
    invoice = replay(stream.history, as_of=on)
    if invoice is None:
        invoice = Invoice(issued)
    return Case(stream, issued, number, office.policy(issued.creditor, on), invoice)
