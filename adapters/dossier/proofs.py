"""The seal around an export: a checkpoint of the log that holds its closing entries, and what leads from them to it. FORMAT.md, 8 to 11."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rfc3161_client import decode_timestamp_response

from adapters.application import Relance
from adapters.clock import SystemClock
from adapters.dossier import container
from adapters.dossier.container import plain_json
from adapters.dossier.journal import Row, lines
from adapters.seal import heads
from adapters.seal.authority import Authority, AuthoritySilent, Token, ask
from adapters.seal.kept import Kept, Seals
from adapters.seal.sealing import checkpoint
from adapters.seal.stamps import Stamps
from domain.errors import EvidenceBroken, NotFound

#: Of a log of so many streams the heads are sealed once a day at most; reading them all takes some 30 microseconds each.
MANY_STREAMS: Final = 10_000
HEADS_AGE: Final = dt.timedelta(days=1)

Ask = Callable[[Authority, bytes, dt.datetime], Token]


@dataclass(frozen=True, slots=True)
class Proven:
    """The files of the seal, the checkpoint, and what waits: an authority's name and why."""

    files: dict[str, bytes]
    kept: Kept
    stamped: tuple[str, ...]
    waiting: tuple[tuple[str, str], ...]


def sealed_heads(app: Relance, streams: Sequence[str], *, closed: bool = False) -> None:
    """Have the heads sealed with every stream among them, once these are closed after their closing.

    Of a log with so many streams that it takes a while, no longer ago than a day.
    """
    known = heads.sealed(app)
    if known:
        fact = known[-1][1]
        is_fresh = not closed or (fact.streams > MANY_STREAMS and app.today - fact.on < HEADS_AGE)
        if is_fresh and all(app.stream(stream).envelopes[0].position <= fact.position for stream in streams):
            return
    heads.seal(app)


def proven(
    app: Relance,
    journal: Sequence[Row],
    annexes: Sequence[Row],
    versions: Mapping[str, int],
    earlier: Sequence[int],
    printed: int | None,
    ask: Ask = ask,
) -> Proven:
    """Sign the log as it stands now, and prove every entry in it.

    Args:
        app: the open store, the export closed in its log.
        journal: the entries of the streams.
        annexes: the entries that prove who the parties are.
        versions: the streams that are closed, each with the version that closes it.
        earlier: positions of earlier exports of these streams.
        printed: the size of the checkpoint that the pages print.
        ask: how an authority is asked.
    """
    sealed_heads(app, list(versions), closed=True)
    kept = checkpoint(app)
    seals, tree = Seals(app.store.tree.db), app.store.tree
    stamped = _stamps(app, kept, ask)
    known, witnesses = seals.keys(), seals.cosignatures(kept.number)
    files = {
        container.EVENTS: lines(journal, tree, kept.size),
        container.ANNEXES: lines(annexes, tree, kept.size),
        container.CHECKPOINT: kept.raw,
        container.WITNESSES: "".join(f"{line}\n" for _, line in witnesses).encode(),
        container.KEYS: "".join(
            [f"journal {key}\n" for key in known] + [f"temoin {key}\n" for key, _ in witnesses]
        ).encode(),
        container.CONSISTENCY: _consistency(app, seals, kept, earlier, printed),
        container.HEADS: _heads(app, kept, versions),
        **stamped.files,
    }
    return Proven(files, kept, stamped.stamped, stamped.waiting)


def _consistency(app: Relance, seals: Seals, kept: Kept, earlier: Sequence[int], printed: int | None) -> bytes:
    """The checkpoints of earlier exports, of the pages and of changes of key, each with the proof that this one goes on from it."""
    every = [each for each in seals.checkpoints() if each.size <= kept.size]
    exports = {next(each.number for each in every if each.size >= position) for position in earlier}
    found = [
        {
            "kind": kind,
            "note": each.raw.decode(),
            "proof": [one.hex() for one in app.store.tree.consistency(each.size, kept.size)],
        }
        for each in every
        for kind, is_one in (
            ("export", each.number in exports),
            ("previous", each.size == printed),
            ("rotation", len(each.note.signatures) > 1),
        )
        if is_one
    ]
    return plain_json({"checkpoints": found})


def _heads(app: Relance, kept: Kept, versions: Mapping[str, int]) -> bytes:
    """The heads sealed last before anything was recorded after the closing entries."""
    after = [app.store.select_events(stream, gt=version, limit=1) for stream, version in versions.items()]
    standing_at = min((leaf.position - 1 for leaves in after for leaf in leaves), default=None)
    proofs = heads.prove_all(app, list(versions), kept.size, standing_at=standing_at)
    at = proofs[0].sealed_at
    found = app.store.row_at(at)
    assert found
    return plain_json(
        {
            "heads": [
                {
                    "index": each.index,
                    "leaf": each.head.leaf.hex(),
                    "path": [one.hex() for one in each.path],
                    "stream": each.head.stream,
                    "version": each.head.version,
                }
                for each in proofs
            ],
            "sealed": {
                "index": at - 1,
                "leaf": found[1].decode(),
                "proof": [one.hex() for one in app.store.tree.inclusion(at, kept.size)],
            },
        }
    )


@dataclass(frozen=True, slots=True)
class _Stamped:
    files: dict[str, bytes]
    stamped: tuple[str, ...]
    waiting: tuple[tuple[str, str], ...]


def _stamps(app: Relance, kept: Kept, ask: Ask) -> _Stamped:
    """Ask every authority to stamp the checkpoint; one that is silent, or lies, delays its stamp and nothing else."""
    stamps = Stamps(app)
    authorities = stamps.authorities()
    if not authorities:
        return _Stamped({}, (), ())
    stamps.want(kept, authorities)
    _, left = stamps.stamp(SystemClock().now, ask)
    came = {each.authority.name: each.response for each in stamps.of(kept.number)}
    files = {
        f"{container.PROOFS}checkpoint-{n:02d}.tsr": came[each.name]
        for n, each in enumerate(authorities, start=1)
        if each.name in came
    }
    why = {each.authority: each.why for each in left if each.checkpoint == kept.number}
    return _Stamped(
        files, tuple(came), tuple((each.name, why.get(each.name, "")) for each in authorities if each.name not in came)
    )


def token(app: Relance, manifest: bytes, ask: Ask = ask) -> bytes | None:
    """The token of the first authority that stamps the manifest of the container; nothing where none does."""
    for each in Stamps(app).authorities():
        try:
            answered = ask(each, manifest, SystemClock().now())
        except (AuthoritySilent, EvidenceBroken):
            continue
        return decode_timestamp_response(answered.response).time_stamp_token()
    return None


def previous(app: Relance) -> Kept | None:
    """The newest checkpoint before this export: the one that its pages print."""
    return Seals(app.store.tree.db).last()


def origin(app: Relance) -> str:
    """The name of the log, drawn where it has none.

    Raises:
        NotFound: the log is empty.
    """
    seals = Seals(app.store.tree.db)
    with app.store.writing(app.clock.now()) as tail:
        if not tail.position:
            raise NotFound("the log is empty")
        app.store.tree.build(tail.position)
        return seals.name()
