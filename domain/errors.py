"""The one family of errors. Each carries its facts as attributes and builds its own message."""

import datetime as dt
import unicodedata
from dataclasses import dataclass
from typing import Literal

RefusalKind = Literal["fact", "legal", "policy"]


def in_words(day: dt.date) -> str:
    """A day as an English sentence has it: 3 February 2026."""
    return f"{day.day} {day:%B %Y}"


class RelanceError(Exception):
    """Root of every error that relance raises on purpose."""


def reference_code(citation: str) -> str:
    """A citation as a code, as the log keeps it: lower-case ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", citation.lower().replace("°", "o")).encode("ascii", "ignore").decode()
    return "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


@dataclass(frozen=True, slots=True)
class Refusal:
    """One rule's no: which rule, what kind, why, which text, and from which day it would say yes."""

    code: str
    kind: RefusalKind
    reason: str
    reference: str
    allowed_from_on: dt.date | None = None
    consequence: str = "irregular"

    def __str__(self) -> str:
        """Reason, reference and first allowed day in one sentence."""
        opening = f"; allowed from {in_words(self.allowed_from_on)}" if self.allowed_from_on else ""
        return f"{self.reason}{opening} [{self.kind}: {self.code}; {self.reference}]"


class Refused(RelanceError):
    """Rules say no. Nothing was recorded."""

    def __init__(self, step: str, *refusals: Refusal, label: str = "") -> None:
        self.step = step
        self.refusals = refusals
        self.label = label
        super().__init__(step, refusals, label)

    def __str__(self) -> str:
        """What was refused, each reason, what can be done now."""
        head = f"Cannot {self.step} {self.label}".rstrip()
        reasons = [str(refusal) for refusal in self.refusals]
        body = (
            f"{head}: {reasons[0]}."
            if len(reasons) == 1
            else "\n".join([f"{head}:", *(f"  - {reason}." for reason in reasons)])
        )
        if all(refusal.kind == "policy" for refusal in self.refusals):
            body += (
                "\nOnly the creditor's policy stands against it: --force --reason CODE goes past it, and is recorded."
            )
        return body

    @property
    def codes(self) -> tuple[str, ...]:
        """The rules that refused."""
        return tuple(refusal.code for refusal in self.refusals)


def refused_by_record(step: str, code: str, reason: str) -> Refused:
    """The record itself stands against it: a `fact` refusal, which nothing can force."""
    return Refused(step, Refusal(code, "fact", reason, "the record"))


class NotFound(RelanceError):
    """Nothing answers to that name, or the selection is empty."""


class LawMissing(NotFound):
    """No legal value is known on that day; nothing is extrapolated."""

    def __init__(self, reason: str, parameter: str, label: str, on: dt.date) -> None:
        self.reason, self.parameter, self.label, self.on = reason, parameter, label, on
        super().__init__(reason, parameter, label, on)

    def __str__(self) -> str:
        """Which parameter, on which day, since when it is known, and how to add it."""
        return self.reason


class Misuse(RelanceError):
    """The words of the command do not fit together."""


class Conflict(RelanceError):
    """Somebody else recorded meanwhile, or the clock stands against the record."""


class InvalidInput(RelanceError):
    """A file or a value cannot be read; says where."""

    def __init__(self, reason: str, *, file: str = "", line: int = 0, field: str = "") -> None:
        self.reason, self.file, self.line, self.field = reason, file, line, field
        super().__init__(reason, file, line, field)

    def __str__(self) -> str:
        """File, line and field, then the reason."""
        where = ", ".join(part for part in (self.file, f"line {self.line}" if self.line else "", self.field) if part)
        return f"{where}: {self.reason}" if where else self.reason


class EvidenceBroken(RelanceError):
    """What is stored is not what was recorded; says at which position."""

    def __init__(self, reason: str, *, position: int = 0) -> None:
        self.reason, self.position = reason, position
        super().__init__(reason, position)

    def __str__(self) -> str:
        """Position, then what was found."""
        return f"position {self.position}: {self.reason}" if self.position else self.reason
