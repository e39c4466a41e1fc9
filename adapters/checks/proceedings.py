"""The check of proceedings: each step is stored whole and as shares of the invoices, and the shares make the whole."""

from collections import Counter
from collections.abc import Iterable
from itertools import chain

from adapters.checks.bench import Bench
from adapters.checks.check import VERIFY, Check, Finding, Unable
from adapters.checks.reading import Read, told
from domain.errors import EvidenceBroken
from domain.facts.fact import Fact
from domain.facts.procedure import EscalatedToInjonction, Head
from domain.history import Entry
from domain.words import in_the_trade


class Shares(Check):
    """Shares and totals, head by head, step by step."""

    id = "shares"
    compares = "each step of a proceeding and the shares of it on the invoices, head by head"
    kinds = ("proceeding", "invoice")

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.proceedings = self.steps = 0

    def meet(self, read: Read) -> None:
        """A proceeding with its shares; or an invoice, whose steps each have a whole."""
        if read.stream.startswith("proceeding:"):
            self.proceedings += 1
            self._whole(read)
            return
        for entry in read.standing:
            proceeding = vars(entry.fact).get("proceeding")
            if proceeding is not None and f"proceeding:{proceeding}" not in self._streams(entry):
                what = f"the invoice has a share of '{in_the_trade(entry.fact.move)}', of which the proceeding has no whole"
                self._find(read, entry, what, look=self.bench.look(read))

    def _whole(self, read: Read) -> None:
        covered: set[str] = set()
        for entry in read.standing:
            self.steps += 1
            shares = {stream: fact for stream in self._streams(entry) for fact in self._shares(stream, entry)}
            if isinstance(entry.fact, EscalatedToInjonction):
                covered = set(shares)
            word = in_the_trade(entry.fact.move)
            for stream in sorted(covered - set(shares)):
                self._find(read, entry, f"'{word}' has no share on an invoice that the petition covers", stream=stream)
            if not shares:
                self._find(read, entry, f"'{word}' has no share on any invoice")
                continue
            whole = _by_head(vars(entry.fact).get("heads") or ())
            made = _by_head(chain.from_iterable(vars(fact).get("heads") or () for fact in shares.values()))
            for head in sorted(whole.keys() | made.keys()):
                if whole[head] != made[head]:
                    figures = (("whole_cents", whole[head]), ("shares_cents", made[head]))
                    self._find(read, entry, f"the shares of '{word}' do not make the whole of the head {head}", figures)

    def _streams(self, entry: Entry) -> list[str]:
        return self.bench.rows.of_act(entry.act, self.bench.position) if entry.act else []

    def _shares(self, stream: str, entry: Entry) -> list[Fact]:
        """The standing facts of an invoice that are shares of a step."""
        if not stream.startswith("invoice:"):
            return []
        leaves = self.bench.rows.leaves(stream, self.bench.position)
        try:
            read = told(stream, leaves, 0)
        except EvidenceBroken as error:
            raise Unable(f"{stream} cannot be read: {error}") from None
        return [each.fact for each in read.standing if each.act == entry.act and type(each.fact) is type(entry.fact)]

    def _find(
        self, read: Read, entry: Entry, what: str, figures: tuple[tuple[str, int], ...] = (), *, stream: str = "",
        look: str = VERIFY,
    ) -> None:  # fmt: skip
        where = stream or read.stream
        self.find(Finding(what, look, figures, entry.position, where, self.bench.label(read)))

    def finish(self) -> str:
        """How many."""
        return f"{self.steps} steps of {self.proceedings} proceedings, their shares to the cent"


def _by_head(heads: Iterable[Head]) -> Counter[str]:
    found: Counter[str] = Counter()
    for head in heads:
        found[head.head] += head.cents
    return found
