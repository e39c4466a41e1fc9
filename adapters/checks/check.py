"""What a check is and what it answers: findings with both numbers, the difference, where, and the command that looks further."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from domain.errors import RelanceError

if TYPE_CHECKING:
    from adapters.checks.bench import Bench
    from adapters.checks.reading import Read

#: Findings of one check that are kept; the others are counted.
KEPT: Final = 1_000
VERIFY: Final = "relance verify --log"


class Unable(RelanceError):
    """A check cannot be made: what it compares cannot be read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree.

    Attributes:
        what: in one sentence.
        look: the command that looks further.
        figures: what is compared, by name; a name that ends in `_cents` is an amount.
        position: of the log, where one is known.
        stream: where.
        label: the stream in the words of a person: the number of an invoice, the code of a debtor.
    """

    what: str
    look: str
    figures: tuple[tuple[str, int], ...] = ()
    position: int | None = None
    stream: str | None = None
    label: str | None = None

    @property
    def difference(self) -> int | None:
        """How far apart the figures lie; nothing where there are none."""
        values = [value for _, value in self.figures]
        return max(values) - min(values) if len(values) > 1 else None

    def value(self) -> dict[str, Any]:
        """The shape that other programs read."""
        cents = "difference_cents" if any(name.endswith("_cents") for name, _ in self.figures) else "difference"
        return {
            "what": self.what, "figures": dict(self.figures), cents: self.difference, "position": self.position,
            "stream": self.stream, "label": self.label, "look": self.look,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check answers; `found` counts all findings, those not kept too."""

    id: str
    compares: str
    detail: str
    findings: tuple[Finding, ...] = ()
    found: int = 0

    @property
    def ok(self) -> bool:
        """Nothing was found."""
        return not self.found


class Check:
    """One named check: meets each stream of its kinds, then looks at what is left, then says how it went."""

    id: ClassVar[str]
    compares: ClassVar[str]
    kinds: ClassVar[Sequence[str]] = ()

    def __init__(self, bench: "Bench") -> None:
        self.bench = bench
        self.findings: list[Finding] = []
        self.found = 0

    def meet(self, read: "Read") -> None:
        """Look at one stream, as known at the position that is checked."""

    def finish(self) -> str:
        """Look at the rest.

        Returns:
            What is said when nothing was found.
        """
        return ""

    def find(self, finding: Finding) -> None:
        """Keep a finding."""
        self.found += 1
        if len(self.findings) < KEPT:
            self.findings.append(finding)
