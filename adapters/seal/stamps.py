"""Stamps of the checkpoints: wanted first, asked then, so that an authority that is down delays the stamp and nothing else.

What is stamped is the note exactly as it was signed. The raw answer is kept with the request; certificates are kept with the authority.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from adapters.application import Relance
from adapters.piece_files import write_whole
from adapters.seal.authority import Authority, AuthoritySilent, Token, ask, certificates, checked_url
from adapters.seal.kept import Kept, Seals
from adapters.store.mapper import microseconds, moment
from domain.errors import EvidenceBroken, InvalidInput, Misuse, NotFound

Ask = Callable[[Authority, bytes, dt.datetime], Token]


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stamp that is kept; `response` is the raw answer."""

    checkpoint: int
    size: int
    authority: Authority
    at: dt.datetime
    response: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stamp that is wanted, and why it is not there yet."""

    checkpoint: int
    size: int
    authority: str
    why: str


class Stamps:
    """The authorities and the stamps of one store."""

    def __init__(self, app: Relance) -> None:
        self.app, self.seals = app, Seals(app.store.tree.db)

    def authorities(self) -> list[Authority]:
        """Whom to ask: of each name the newest."""
        rows = self.seals.db.execute(
            "SELECT max(number), name, url, certificates FROM authority GROUP BY name ORDER BY name"
        ) if self.app.store.tree.is_made() else ()  # fmt: skip
        return [Authority(*row) for row in rows]

    def configure(self, name: str, url: str, pem: bytes, *, file: str = "") -> Authority:
        """Keep an authority; one of the same name is asked no more.

        Raises:
            Misuse: the address is none.
            InvalidInput: there is no root certificate in the file.
        """
        checked_url(url)
        if not any(each.issuer == each.subject for each in certificates(pem, file=file)):
            raise InvalidInput("no root certificate (one that signs itself) among those of the file", file=file)
        known = next((each for each in self.authorities() if each.name == name), None)
        if known and (known.url, known.certificates) == (url, pem):
            return known
        store = self.app.store
        with store.writing(self.app.clock.now()) as tail:
            store.tree.build(tail.position)
            us = microseconds(tail.recorded_at)
            sql = "INSERT INTO authority SELECT coalesce(max(number), 0) + 1, ?, ?, ?, ? FROM authority"
            self.seals.db.execute(sql, (name, url, pem, us))
        return next(each for each in self.authorities() if each.name == name)

    def want(self, kept: Kept, authorities: list[Authority]) -> None:
        """Note down that a checkpoint is to be stamped."""
        with self.app.store.writing(self.app.clock.now()) as tail:
            for each in authorities:
                self.seals.db.execute(
                    "INSERT INTO stamp_asked SELECT ?1, ?2, ?3 WHERE NOT EXISTS"
                    " (SELECT 1 FROM stamp_asked WHERE checkpoint = ?1 AND authority = ?2)",
                    (kept.number, each.name, microseconds(tail.recorded_at)),
                )

    def waiting(self) -> list[tuple[Kept, Authority]]:
        """What is wanted and not there, oldest first, with whom to ask."""
        if not self.app.store.tree.is_made():
            return []
        rows = self.seals.db.execute(
            "SELECT number, size, signed_us, note, stamp_asked.authority FROM stamp_asked"
            " JOIN checkpoint ON checkpoint.number = stamp_asked.checkpoint WHERE NOT EXISTS (SELECT 1 FROM stamp"
            " JOIN authority ON authority.number = stamp.authority WHERE stamp.checkpoint = stamp_asked.checkpoint"
            " AND authority.name = stamp_asked.authority) ORDER BY number, stamp_asked.authority"
        ).fetchall()
        asked = {each.name: each for each in self.authorities()}
        return [(Kept(*row[:4]), asked[row[4]]) for row in rows]

    def stamp(self, now: Callable[[], dt.datetime], ask: Ask = ask) -> tuple[list[Stamp], list[Waiting]]:
        """Ask for everything that waits; what comes and holds is kept, the rest waits on.

        Returns:
            The stamps that came, and what waits.
        """
        came, left, silent = [], [], dict[str, str]()
        for kept, authority in self.waiting():
            if authority.name not in silent:
                try:
                    token = ask(authority, kept.raw, now())
                except AuthoritySilent as error:
                    silent[authority.name] = str(error)
                except EvidenceBroken as error:
                    silent[authority.name] = error.reason
                else:
                    with self.app.store.writing(self.app.clock.now()):
                        row = (kept.number, authority.number, microseconds(token.at), token.request, token.response)
                        self.seals.db.execute(
                            "INSERT INTO stamp SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS"
                            " (SELECT 1 FROM stamp WHERE checkpoint = ?1 AND authority = ?2)",
                            row,
                        )
                    came.append(Stamp(kept.number, kept.size, authority, token.at, token.response))
                    continue
            left.append(Waiting(kept.number, kept.size, authority.name, silent[authority.name]))
        return came, left

    def newest(self) -> Kept:
        """The checkpoint to be stamped.

        Raises:
            NotFound: none is signed yet.
        """
        kept = self.seals.last()
        if kept is None:
            raise NotFound("no checkpoint is signed yet: relance log checkpoint")
        return kept

    def of(self, number: int | None = None) -> list[Stamp]:
        """The stamps of a checkpoint, or of all, with the authorities as they were then."""
        if not self.app.store.tree.is_made():
            return []
        rows = self.seals.db.execute(
            "SELECT checkpoint.number, size, authority.number, name, url, certificates, stamped_us, response FROM stamp"
            " JOIN checkpoint ON checkpoint.number = stamp.checkpoint JOIN authority ON authority.number = stamp.authority"
            " WHERE ?1 IS NULL OR checkpoint.number = ?1 ORDER BY checkpoint.number, name",
            (number,),
        )
        return [Stamp(row[0], row[1], Authority(*row[2:6]), moment(row[6]), row[7]) for row in rows]


def saved(stamps: Stamps, folder: Path) -> list[str]:
    """Write every stamp into a new or empty folder: raw, with the note exactly as it was stamped, and the certificates.

    Raises:
        Misuse: the folder holds something.
        NotFound: no stamp is kept.
    """
    kept = stamps.of()
    if not kept:
        raise NotFound("no stamp is kept yet: relance log stamp asks for one")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Misuse(f"{folder} is not an empty folder: name a new one")
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, bytes] = {}
    for each in kept:
        note = next(one for one in stamps.seals.checkpoints() if one.number == each.checkpoint)
        files[f"checkpoint-{each.size}.txt"] = note.raw
        files[f"checkpoint-{each.size}-{each.authority.number:02d}.tsr"] = each.response
        files[f"tsa-{each.authority.number:02d}.pem"] = each.authority.certificates
    for name, content in files.items():
        write_whole(folder / name, content, replace=False)
    return sorted(files)
