"""What is kept of an export, so that it is given again with the same bytes: its files in the vault, under the key of the debtor.

The first row is written in the append that closes the export, the second once it is sealed. The originals are not kept twice: they
are in the vault already, under their digests. Erasing the debtor destroys it all; what was handed over still verifies.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from adapters.application import Relance
from adapters.dossier.container import packed, plain_json, unpacked
from adapters.registry import PIECE
from adapters.store.mapper import read_raw
from adapters.store.sqlite import Beside, VaultRow
from adapters.store.vault import Vault
from domain.errors import EvidenceBroken, NotFound
from domain.facts.invoicing import DossierExported, InvoiceIssued

_FILES: Final = "dossier"
_SEAL: Final = "dossier_seal"
_ORIGINALS: Final = "originals.json"


@dataclass(frozen=True, slots=True)
class Closed:
    """An export as the log closes it: the act, its first position, the last one, the debtor, the streams with their versions."""

    act: str
    position: int
    last: int
    debtor: str
    versions: Mapping[str, int]


def row(vault: Vault, debtor: str, act: str, files: Mapping[str, bytes], originals: Mapping[str, str]) -> VaultRow:
    """The files of `data/` but the originals, of which the digests under which the vault has them."""
    rest = {name: data for name, data in files.items() if name not in originals}
    return vault.row(debtor, _FILES, act, packed(rest | {_ORIGINALS: plain_json(originals)}))


def keep_seal(app: Relance, closed: Closed, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Keep the journal, the proofs and the timestamp, unless another process was quicker; those that are kept."""
    sealed = app.vault.row(closed.debtor, _SEAL, closed.act, packed(files))
    with app.store.writing(app.clock.now()):
        there = seal(app, closed)
        if there is None:
            app.store.insert_rows([], Beside(vault=[sealed]))
    return dict(files) if there is None else there


def seal(app: Relance, closed: Closed) -> dict[str, bytes] | None:
    """The same, read again; nothing where the export was cut off before it was sealed."""
    read = app.vault.read(closed.debtor, _SEAL, closed.act)
    return unpacked(read) if read else None


def data(app: Relance, closed: Closed) -> dict[str, bytes]:
    """The files of `data/`, originals included, as they were closed.

    Raises:
        NotFound: they were erased with the personal data of the debtor.
        EvidenceBroken: the vault does not hold them, and no erasure was made.
    """
    read = app.vault.read(closed.debtor, _FILES, closed.act)
    if read is None:
        if app.vault.keys.is_destroyed(closed.debtor):
            raise NotFound(
                f"the export @{closed.position} was erased with the personal data of its debtor: it cannot be given again. The file"
                " handed over then still verifies: relance verify FILE"
            )
        raise EvidenceBroken(
            f"the vault does not hold the export @{closed.position}, and no erasure was made", position=closed.position
        )
    files = unpacked(read)
    for name, digest in json.loads(files.pop(_ORIGINALS)).items():
        opened = app.vault.opened_bytes(closed.debtor, PIECE, digest)
        if opened is None:
            raise EvidenceBroken(f"the vault does not hold the piece {digest}, and no erasure was made")
        files[name] = opened[1]
    return files


def closed_at(app: Relance, position: int) -> Closed:
    """The export whose first closing entry is at a position.

    Raises:
        NotFound: there is none; the message says where the nearest one is, if one is.
    """
    row = app.store.row_at(position)
    found = read_raw(row[1], position) if row else None
    if found is None or not found.act or found.type != DossierExported.stored_type:
        raise NotFound(f"no export is recorded at @{position}: `relance history INVOICE` shows where each one is")
    ends = app.store.streams_of_act(found.act)
    streams = {stream: app.stream(stream) for stream, _ in ends}
    versions = dict(ends)
    places = sorted(
        each.position for name, stream in streams.items() for each in stream.envelopes if each.version == versions[name]
    )
    if places[0] != position:
        raise NotFound(f"the export that @{position} belongs to is @{places[0]}: relance dossier --export {places[0]}")
    issue = next(
        each.fact for stream in streams.values() for each in stream.envelopes if isinstance(each.fact, InvoiceIssued)
    )
    return Closed(found.act, places[0], places[-1], issue.debtor, versions)


def earlier(app: Relance, versions: Mapping[str, int]) -> list[int]:
    """Positions of the exports of these streams before the versions named."""
    return sorted({
        each.position
        for stream, version in versions.items()
        for each in app.stream(stream).envelopes
        if isinstance(each.fact, DossierExported) and each.version < version
    })  # fmt: skip
