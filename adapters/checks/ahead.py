"""The check of what comes: an open invoice that nobody will look at again is lost."""

from adapters.checks.bench import Bench
from adapters.checks.check import Check, Finding, Unable
from adapters.checks.reading import Read
from domain.history import replay


class Next(Check):
    """Every open invoice has its next date."""

    id = "next"
    compares = (
        "each open invoice and the day on which something is next to be done about it (at the newest position only)"
    )
    kinds = ("invoice",)

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.open = 0
        bench.views()  # the worklist stands on them
        try:
            from adapters.worklist import next_date  # noqa: PLC0415 - it imports the chart
        except ImportError as error:
            raise Unable(f"the worklist cannot be read: {error}") from None
        self.next_date = next_date

    def meet(self, read: Read) -> None:
        """One invoice, if something of it is owed in the books."""
        if not self.bench.is_at_head or read.goes_on:
            return
        invoice = replay(read.entries, as_of=self.bench.on)
        if invoice is None or invoice.book_residual_cents <= 0 or invoice.regions.settlement == "cancelled":
            return
        self.open += 1
        if self.next_date(self.bench.office, read.stream, self.bench.on) is None:
            self.find(
                Finding(
                    "the invoice is open, and nothing is next to be done about it",
                    self.bench.look(read, "can"),
                    (("open_cents", invoice.book_residual_cents),),
                    read.events[-1].position,
                    read.stream,
                    self.bench.label(read),
                )
            )

    def finish(self) -> str:
        """How many."""
        if not self.bench.is_at_head:
            return "not looked at: it says what is next at the newest position only"
        return f"{self.open} open invoices, each with its next date"
