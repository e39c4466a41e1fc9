"""Use cases that judge again: each step of an invoice, or of the whole store, by the law and the policy of its own day."""

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Self, cast

import msgspec

from adapters.application import Stream
from adapters.bootstrap import Office
from adapters.store.envelope import SALT_BYTES, Envelope
from adapters.store.mapper import EnvelopeMapper
from adapters.store.rows import Rows
from domain.errors import EvidenceBroken, NotFound
from domain.facts.invoicing import EntryWithdrawn, InvoiceIssued
from domain.facts.parties import PolicyAdopted
from domain.history import Entry, History, founding
from domain.law.tables import Law
from domain.policy import Policy

_TOLD: Final = 200


def judged(office: Office, stream: str, *, hindsight: bool) -> dict[str, Any]:
    """Every step of an invoice judged again; those that stand against the law, the record or the policy of their day.

    Raises:
        NotFound: nothing is left to judge.
    """
    loaded = office.app.stream_or_fail(stream)
    if founding(loaded.history) is None:
        raise NotFound("its issue was withdrawn: nothing is left to judge")
    return _judged(office, loaded, Followed(office), hindsight=hindsight)


class Followed:
    """The policy that each creditor followed on a day, as known at a position: loaded once, however often it is asked."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._adoptions: dict[str, History] = {}
        self._found: dict[tuple[str, tuple[int, ...]], Policy] = {}

    def of(self, creditor: str, on: Any, position: int) -> Policy:
        """The policy: another only where another adoption, or withdrawal of one, is seen."""
        if creditor not in self._adoptions:
            history = self._office.app.stream(f"creditor:{creditor}").history
            self._adoptions[creditor] = tuple(
                each for each in history if isinstance(each.fact, PolicyAdopted | EntryWithdrawn)
            )
        seen = tuple(
            each.version
            for each in self._adoptions[creditor]
            if each.position <= position and (isinstance(each.fact, EntryWithdrawn) or each.fact.on <= on)
        )
        if (creditor, seen) not in self._found:
            self._found[creditor, seen] = self._office.policy(creditor, on, position).policy
        return self._found[creditor, seen]


def _judged(office: Office, loaded: Stream, followed: Followed, *, hindsight: bool) -> dict[str, Any]:
    from domain.review import review  # noqa: PLC0415 - imports the chart

    history = loaded.history
    issued = cast("InvoiceIssued", founding(history))
    envelopes = {each.version: each for each in loaded.envelopes}

    def law_of(entry: Entry) -> Law:
        named = envelopes[entry.version].law
        return office.law if hindsight or named is None else office.law_written(named)

    found = review(
        history, law_of, lambda on, position: followed.of(issued.creditor, on, position), hindsight=hindsight
    )
    steps: list[dict[str, Any]] = []
    for each in found:
        if each.refusals:
            envelope = envelopes[each.entry.version]
            on_record = recorded_codes(envelope)
            steps.append(
                {
                    "position": envelope.position, "version": envelope.version, "move": each.entry.fact.move, "on": each.entry.fact.on,
                    "provenance": envelope.provenance,
                    "refusals": [
                        {"code": no.code, "kind": no.kind, "reason": no.reason, "reference": no.reference, "consequence": no.consequence,
                         "allowed_from_on": no.allowed_from_on, "recorded": no.code in on_record}
                        for no in each.refusals
                    ],
                }
            )  # fmt: skip
    return {
        "number": office.registry.number(loaded.id.partition(":")[2], issued.debtor), "stream": loaded.id, "hindsight": hindsight,
        "judged": len(found), "refused": len(steps),
        "unrecorded": sum(any(not no["recorded"] for no in step["refusals"]) for step in steps), "steps": steps,
    }  # fmt: skip


def recorded_codes(envelope: Envelope) -> set[str]:
    """What was found on an entry when it was recorded: by law in its bytes, by policy in the part that stays inside."""
    inside: dict[str, Any] = json.loads(envelope.internal[SALT_BYTES:])
    return {each.rule for each in envelope.findings} | set(inside.get("policy_findings", ()))


class Against(NamedTuple):
    """A rule that steps stand against, and whether that was recorded of them."""

    code: str
    kind: str
    reference: str
    recorded: bool


class Concerned(NamedTuple):
    """An invoice of which a step stands against a rule."""

    number: str
    debtor: str
    stream: str
    judged: int
    refused: int
    unrecorded: int
    rules: tuple[str, ...]


_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Concerned).decode


@dataclass(slots=True)
class Judged:
    """A whole store judged: sums in memory, the invoices concerned in an unnamed file on disk."""

    position: int
    hindsight: bool
    invoices: int = 0
    judged: int = 0
    refused: int = 0
    unrecorded: int = 0
    concerned: int = 0
    unread: int = 0
    first_unread: str = ""
    rules: Counter[Against] = field(default_factory=Counter)
    by_rule: Counter[Against] = field(default_factory=Counter)
    _file: Any = None

    def __enter__(self) -> Self:
        self._file = tempfile.TemporaryFile()
        return self

    def __exit__(self, *_: object) -> None:
        """The file has no name: closed, it is gone."""
        self._file.close()

    def add(self, verdict: dict[str, Any], debtor: str) -> None:
        """Count an invoice, and keep it where a step stands against a rule."""
        self.invoices += 1
        self.judged += verdict["judged"]
        self.refused += verdict["refused"]
        self.unrecorded += verdict["unrecorded"]
        if not verdict["steps"]:
            return
        self.concerned += 1
        met = Counter(
            Against(no["code"], no["kind"], no["reference"], no["recorded"])
            for step in verdict["steps"]
            for no in step["refusals"]
        )
        self.rules.update(met)
        self.by_rule.update(met.keys())
        codes = tuple(sorted({each.code for each in met}))
        kept = Concerned(
            verdict["number"], debtor, verdict["stream"], verdict["judged"], verdict["refused"], verdict["unrecorded"], codes
        )  # fmt: skip
        self._file.write(_encode(kept) + b"\n")

    def miss(self, stream: str, error: EvidenceBroken) -> None:
        """Count a history that cannot be read."""
        self.unread += 1
        self.first_unread = self.first_unread or f"{stream}: {error}"

    def listed(self) -> Iterator[Concerned]:
        """The invoices concerned, in the order in which they began."""
        self._file.seek(0)
        for line in self._file:
            yield _decode(line)

    def value(self) -> dict[str, Any]:
        """The summary, for other programs; the invoices are listed apart."""
        return {
            "position": self.position, "hindsight": self.hindsight, "invoices_judged": self.invoices, "judged": self.judged,
            "refused": self.refused, "unrecorded": self.unrecorded, "concerned": self.concerned, "unread": self.unread,
            "rules": [
                {**each._asdict(), "steps": count, "invoices": self.by_rule[each]}
                for each, count in sorted(self.rules.items(), key=lambda item: (-item[1], item[0]))
            ],
        }  # fmt: skip


def judge_all(
    office: Office, found: Judged, tell: Callable[[str, int, int], None] = lambda _word, _done, _of: None
) -> Judged:
    """Judge every invoice of the store, one at a time, up to the position of what is to be filled.

    Raises:
        NotFound: no invoice is recorded.
    """
    rows, mapper, followed = Rows(office.folder.path), EnvelopeMapper(), Followed(office)
    try:
        for n, (position, stream) in enumerate(rows.streams(found.position)):
            if n % _TOLD == 0:
                tell("events judged", position, found.position)
            if not stream.startswith("invoice:"):
                continue
            try:
                leaves = rows.leaves(stream, found.position)
                loaded = Stream(stream, tuple(cast("Envelope", mapper.to_domain_event(leaf)) for leaf in leaves))
                issued = founding(loaded.history)
                if issued is not None:
                    verdict = _judged(office, loaded, followed, hindsight=found.hindsight)
                    found.add(verdict, office.registry.card(issued.debtor)[0])
            except EvidenceBroken as error:
                found.miss(stream, error)
    finally:
        rows.close()
    if not (found.invoices or found.unread):
        raise NotFound("no invoice is recorded: nothing is there to judge")
    return found
