"""The seal around an export: a checkpoint of the log that holds its closing entries, and what leads from them to it. FORMAT.md, 8 to 11."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rfc3161_client import decode_timestamp_response

from adapters.application import Relance
from adapters.clock import SystemClock
from adapters.dossier import container
from adapters.dossier.container import plain_json
from adapters.dossier.journal import Row, lines
from adapters.seal import heads
from adapters.seal.authority import Authority, AuthoritySilent, Token, ask
from adapters.seal.kept import Kept, Seals
from adapters.seal.note import Key, read_note
from adapters.seal.sealing import checkpoint, rotations
from adapters.seal.stamps import Stamps
from domain.errors import EvidenceBroken, NotFound

#: Of a log of so many streams the heads are sealed once a day at most; reading them all takes some 30 microseconds each.
MANY_STREAMS: Final = 10_000
HEADS_AGE: Final = dt.timedelta(days=1)

Ask = Callable[[Authority, bytes, dt.datetime], Token]


@dataclass(frozen=True, slots=True)
class Proven:
    """The files of the seal, and what waits: an authority's name and why."""

    files: dict[str, bytes]
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
    said: Mapping[str, Any],
    ask: Ask = ask,
) -> Proven:
    """Sign the log as it stands now, and prove every entry in it.

    Args:
        app: the open store, the export closed in its log.
        journal: the entries of the streams.
        annexes: the entries that prove who the parties are.
        versions: the streams that are closed, each with the version that closes it.
        earlier: positions of earlier exports of these streams.
        said: export.json: the checkpoint that the pages print, the authorities that they name.
        ask: how an authority is asked.
    """
    sealed_heads(app, list(versions), closed=True)
    kept = checkpoint(app)
    seals, tree = Seals(app.store.tree.db), app.store.tree
    stamped = _stamps(app, kept, _named(app, said), ask)
    printed = said["previous"] and said["previous"]["size"]
    witnesses = seals.cosignatures(kept.number)
    consistency = _consistency(app, seals, kept, earlier, printed)
    files = {
        container.EVENTS: lines(journal, tree, kept.size),
        container.ANNEXES: lines(annexes, tree, kept.size),
        container.CHECKPOINT: kept.raw,
        container.WITNESSES: "".join(f"{line}\n" for _, line in witnesses).encode(),
        container.KEYS: "".join(
            [f"journal {key}\n" for key in _signers(seals, kept, consistency)]
            + [f"temoin {key}\n" for key, _ in witnesses]
        ).encode(),
        container.CONSISTENCY: plain_json({"checkpoints": consistency}),
        container.HEADS: _heads(app, kept, versions),
        **stamped.files,
    }
    return Proven(files, stamped.waiting)


def _consistency(
    app: Relance, seals: Seals, kept: Kept, earlier: Sequence[int], printed: int | None
) -> list[dict[str, Any]]:
    """The checkpoints of earlier exports, of the pages and of changes of key, each with the proof that this one goes on from it."""
    every = [each for each in seals.checkpoints() if each.size <= kept.size]
    exports = {next(each.number for each in every if each.size >= position) for position in earlier}
    tree, announced, before = app.store.tree, rotations(app), 0
    found: list[dict[str, Any]] = []
    for each in every:
        proof = [one.hex() for one in tree.consistency(each.size, kept.size)]
        note = {"note": each.raw.decode(), "proof": proof}
        changes = [
            _change(app, one.position, each.size)
            for one in announced
            if before < one.position <= each.size and one.is_cosigned
        ]
        found += [{"kind": "export", **note}] if each.number in exports else []
        found += [{"kind": "previous", **note}] if each.size == printed else []
        found += [{"changes": changes, "kind": "rotation", **note}] if changes else []
        before = each.size
    return found


def _signers(seals: Seals, kept: Kept, consistency: Sequence[Mapping[str, Any]]) -> list[Key]:
    """The keys of the log that signed a checkpoint in the file, oldest first."""
    notes = [kept.note, *(read_note(each["note"].encode()) for each in consistency)]
    signed = {(one.name, one.id) for note in notes for one in note.signatures}
    return [key for key in seals.keys() if (key.name, key.id) in signed]  # noqa: SIM118 - no mapping


def _change(app: Relance, position: int, size: int) -> dict[str, Any]:
    """The entry that announces a change of key, and its proof in the tree of a checkpoint that both keys signed."""
    found = app.store.row_at(position)
    assert found
    proof = [each.hex() for each in app.store.tree.inclusion(position, size)]
    return {"index": position - 1, "leaf": found[1].decode(), "proof": proof}


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


def _named(app: Relance, said: Mapping[str, Any]) -> list[Authority]:
    """The authorities that an export names, in its order, which numbers them."""
    known = {each.name: each for each in Stamps(app).authorities()}
    return [known[each["name"]] for each in said["authorities"]]


def _stamps(app: Relance, kept: Kept, authorities: Sequence[Authority], ask: Ask) -> Proven:
    """Have the checkpoint stamped; an authority that is silent, or lies, delays its stamp and nothing else."""
    stamps = Stamps(app)
    if not authorities:
        return Proven({}, ())
    stamps.want(kept, list(authorities))
    _, left = stamps.stamp(SystemClock().now, ask)
    came = {each.authority.name: each.response for each in stamps.of(kept.number)}
    files = {
        f"{container.PROOFS}checkpoint-{n:02d}.tsr": came[each.name]
        for n, each in enumerate(authorities, start=1)
        if each.name in came
    }
    why = {each.authority: each.why for each in left if each.checkpoint == kept.number}
    return Proven(files, tuple((each.name, why.get(each.name, "")) for each in authorities if each.name not in came))


def token(app: Relance, said: Mapping[str, Any], manifest: bytes, ask: Ask = ask) -> bytes | None:
    """The token of the first authority named that stamps the manifest of the container; nothing where none does."""
    for each in _named(app, said):
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
