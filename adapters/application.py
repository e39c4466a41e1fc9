"""The application: loads a stream, lets the domain decide, puts each fact in its envelope, appends in one transaction."""

import datetime as dt
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import InfrastructureFactory, IntegrityError
from eventsourcing.popo import POPOFactory
from eventsourcing.utils import Environment

from adapters.clock import Clock, paris_day
from adapters.store.envelope import (
    Confidentiality,
    Envelope,
    Finding,
    Provenance,
    encode_envelope,
    internal_part,
    leaf_hash,
)
from adapters.store.folder import Folder
from adapters.store.mapper import EnvelopeMapper
from adapters.store.sqlite import Beside, DoneAlready, NameRow, SQLiteStore, VaultRow
from domain.decided import Decided
from domain.errors import Conflict, NotFound, reference_code
from domain.facts.fact import Fact
from domain.facts.invoicing import EntryWithdrawn
from domain.history import Entry, History
from domain.law.tables import Law, shipped

TRIES: Final = 3
Result = TypeVar("Result")


def new_id() -> str:
    """A fresh opaque identifier: 128 random bits in hexadecimal."""
    return os.urandom(16).hex()


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream as loaded: its envelopes, in order."""

    id: str
    envelopes: tuple[Envelope, ...] = ()

    @property
    def history(self) -> History:
        """The entries that the domain reads."""
        return tuple(Entry(each.version, each.fact, each.position, each.act) for each in self.envelopes)

    @property
    def head(self) -> str | None:
        """Leaf hash of the newest event, the next one's `prev`."""
        return self.envelopes[-1].leaf if self.envelopes else None


@dataclass(frozen=True, slots=True)
class Change:
    """What one stream receives in an append."""

    stream: Stream
    decided: Sequence[Decided]


@dataclass(frozen=True, slots=True)
class Context:
    """What the envelopes of one append share."""

    command: str
    provenance: Provenance = "declared"
    act: str | None = None
    policy: str | None = None
    done_by: str | None = None
    once: tuple[tuple[str, bytes], ...] = ()
    names: Sequence[NameRow] = ()
    records: Sequence[VaultRow] = ()
    rulebooks: Sequence[tuple[str, str, bytes]] = ()
    confidentiality: Confidentiality = "none"


class Relance(Application[str]):
    """The event-sourced application over one store."""

    name = "relance"

    def __init__(self, folder: Folder, clock: Clock, actor: str, law: Law | None = None) -> None:
        """Stand on an open store, with the clock that dates entries, the opaque id of who records them, and the law."""
        self.law = law or shipped()
        self.folder, self.store, self.vault = folder, folder.store, folder.vault
        self.clock, self.actor = clock, actor
        super().__init__(env={"IS_SNAPSHOTTING_ENABLED": "n"})

    def construct_factory(self, env: Environment) -> InfrastructureFactory:
        """The library's plainest factory: recorder and mapper are ours, so that no environment variable redirects them."""
        return cast("InfrastructureFactory", POPOFactory(Environment(env.name, {})))

    def construct_mapper(self) -> EnvelopeMapper:
        """Our mapper."""
        return EnvelopeMapper()

    def construct_recorder(self) -> SQLiteStore:
        """Our recorder."""
        return self.store

    @property
    def today(self) -> dt.date:
        """The day of recording, in Paris."""
        return paris_day(self.store.reached(self.clock.now()))

    def stream(self, id: str) -> Stream:
        """A stream with its events, empty when it has none."""
        try:
            return cast("Stream", self.repository.get(id, projector_func=cast("Any", _projected)))
        except AggregateNotFoundError:
            return Stream(id)

    def stream_or_fail(self, id: str) -> Stream:
        """A stream that has events.

        Raises:
            NotFound: it has none.
        """
        stream = self.stream(id)
        if not stream.envelopes:
            msg = f"nothing is recorded of {id}"
            raise NotFound(msg)
        return stream

    def deciding(self, decide: Callable[[], Result]) -> Result:
        """Load, decide and append under the write lock; on a stale stream, reload and decide again, three times at most.

        Raises:
            Conflict: others were quicker each time.
        """
        for _ in range(TRIES):
            try:
                with self.store.writing(self.clock.now()):
                    return decide()
            except IntegrityError:
                continue
        msg = "others recorded on the same streams each time; try again"
        raise Conflict(msg)

    def once(self, command: str | None) -> None:
        """Stop a command that is on record before it is judged again.

        Raises:
            DoneAlready: it is on record.
        """
        if command and self.store.is_done("command", bytes.fromhex(command)):
            raise DoneAlready("done already: the command is on record")

    def append(self, changes: Sequence[Change], context: Context) -> list[Envelope]:
        """Append the decided facts of many streams in one transaction.

        Raises:
            IntegrityError: a stream moved on since it was loaded.
            DoneAlready: the command is on record.
            Conflict: the clock was set back.
        """
        from adapters.lawbook import rulebook  # noqa: PLC0415 - the chart is not needed to read

        law, text = rulebook(self.law)
        written: list[Envelope] = []
        with self.store.writing(self.clock.now()) as tail:
            for change in changes:
                written += self._sealed(change, context, law, tail.recorded_at)
            beside = Beside(
                once=[("command", bytes.fromhex(context.command)), *context.once],
                names=context.names,
                vault=context.records,
                rulebooks=[(law, "law", text), *context.rulebooks],
            )
            self.save(*cast("Any", written), beside=beside)
        return written

    def _sealed(self, change: Change, context: Context, law: str, recorded_at: dt.datetime) -> list[Envelope]:
        """The facts of a stream in their envelopes, chained; what follows from the first ones names it as its cause."""
        prev, first = change.stream.head, len(change.stream.envelopes) + 1
        sealed: list[Envelope] = []
        for version, decided in enumerate(change.decided, start=first):
            derived = decided.fact.role == "conclusion" or (
                isinstance(decided.fact, EntryWithdrawn) and decided.fact.reason == "superseded"
            )
            provenance: Provenance = "witnessed" if derived else context.provenance
            envelope = Envelope(
                stream=change.stream.id,
                version=version,
                fact=decided.fact,
                recorded_at=recorded_at,
                actor=self.actor,
                command=context.command,
                done_by=context.done_by or self.actor,
                provenance=provenance,
                prev=prev,
                act=None if derived or isinstance(decided.fact, EntryWithdrawn) else context.act,
                cause=f"{change.stream.id}/{first}" if derived and version > first else None,
                law=None if context.provenance == "imported" else law,
                findings=tuple(
                    Finding(each.consequence, reference_code(each.reference), each.code) for each in decided.legal
                ),
                internal=internal_part(
                    policy=context.policy,
                    policy_findings=tuple(each.code for each in decided.policy),
                    override=decided.override,
                    confidentiality="none" if derived else context.confidentiality,
                ),
            )
            prev = leaf_hash(encode_envelope(envelope))
            sealed.append(envelope)
        return sealed


def _projected(_: Stream | None, envelopes: Any) -> Stream | None:
    found = tuple(envelopes)
    return Stream(found[0].stream, found) if found else None


def plain(facts: Sequence[Fact]) -> list[Decided]:
    """Facts that breach nothing."""
    return [Decided(fact) for fact in facts]
