"""`log key` and `log stamp`: what verifiers trust: the key of the log, and authorities that say when."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.session import Session, common, with_session

if TYPE_CHECKING:
    from adapters.seal.stamps import Stamps

UNFINISHED = 1


@click.command()
@click.option(
    "--rotate", "is_rotated", is_flag=True, help="Draw a new key, announce it in the log, and sign with both."
)
@click.option("--lost", "is_lost", is_flag=True, help="With --rotate: the old key is lost; the new one signs alone.")
@common
@with_session
def key(session: Session, is_rotated: bool, is_lost: bool) -> None:
    """Show the public key that verifies the checkpoints, or change it.

    Give the key to those who verify, by another way than the files: in a contract, on a website, on paper. The private key is the file
    relance.logkey; keep a copy apart.

    \b
    Example:
      relance log key
      relance log key --rotate
    """  # noqa: D301
    from adapters.seal.kept import Seals  # noqa: PLC0415
    from adapters.seal.sealing import rotate  # noqa: PLC0415
    from domain.errors import Misuse, NotFound  # noqa: PLC0415

    if is_lost and not is_rotated:
        raise Misuse("--lost goes with --rotate")
    if is_rotated:
        kept = rotate(session.office.signed_in().app, is_lost=is_lost)
        session.remark(f"The new key is announced in the log, and signs from the checkpoint of {kept.size} entries on.")
    keys = Seals(session.office.app.store.tree.db).keys()
    if not keys:
        raise NotFound("no key is drawn yet: relance log checkpoint draws it with the first signature")
    rows = [{"key": str(each), "sha256": each.digest, "current": each is keys[-1]} for each in keys]

    def show() -> None:
        for row in rows:
            click.echo(row["key"])
            click.echo(f"  SHA-256 {row['sha256']}{'' if row['current'] else ' (until it was replaced)'}")

    session.emit({"key": str(keys[-1]), "keys": rows}, show, rows=rows)


@click.command()
@click.option("--authority", metavar="NAME", help="Name of an authority to keep, with --url and --ca.")
@click.option("--url", metavar="URL", help="Its address.")
@click.option(
    "--ca",
    "ca",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Its root certificate and those between, in PEM.",
)
@click.option(
    "--pending", "only_pending", is_flag=True, help="Ask again for what is wanted and not there; want nothing new."
)
@click.option(
    "--save",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write every stamp that is kept into a new or empty folder, raw, with its checkpoint and certificates: to hand over one that came late.",
)
@common
@with_session
def stamp(
    session: Session, authority: str | None, url: str | None, ca: Path | None, only_pending: bool, save: Path | None
) -> int:  # fmt: skip
    """Have the newest checkpoint stamped by every authority that is kept (RFC 3161); a token is verified before it is kept.

    An authority that is down, or whose token does not hold, delays its stamp and nothing else: it stays wanted, the exit code is 1, and
    --pending asks again. The token says when; only that of a qualified authority is presumed right in law.

    \b
    Example:
      relance log stamp --authority tsa --url "$TSA" --ca tsa.pem
      relance log stamp --pending
      relance log stamp --save stamps
    """  # noqa: D301
    from adapters.clock import SystemClock  # noqa: PLC0415
    from adapters.seal.stamps import Stamps  # noqa: PLC0415
    from domain.errors import Misuse, NotFound  # noqa: PLC0415

    given = (authority, url, ca)
    if any(given) and not all(given):
        raise Misuse("--authority NAME, --url URL and --ca FILE go together")
    if only_pending and any(given):
        raise Misuse("--pending asks those that are kept: keep an authority apart")
    stamps = Stamps(session.office.app)
    if authority and url and ca:
        stamps.configure(authority, url, ca.read_bytes(), file=str(ca))
    if not stamps.authorities():
        raise NotFound("no authority is kept: name one with --authority, --url and --ca")
    if save:
        return _save(session, stamps, save)
    if authority and stamps.seals.last() is None:
        value = {"stamps": [], "came": 0, "pending": []}
        session.emit(value, lambda: click.echo(f"{authority} is kept. No checkpoint is signed yet: the next one, or the next export, has itself stamped."))  # fmt: skip
        return 0
    if not only_pending:
        stamps.want(stamps.newest(), stamps.authorities())
    came, waiting = stamps.stamp(SystemClock().now)
    kept = [{"size": each.size, "authority": each.authority.name, "stamped_at": each.at} for each in stamps.of()]
    value = {
        "stamps": kept, "came": len(came),
        "pending": [{"size": each.size, "authority": each.authority, "why": each.why} for each in waiting],
    }  # fmt: skip

    def show() -> None:
        for each in came:
            click.echo(f"{each.size} entries: stamped by {each.authority.name} at {each.at:%Y-%m-%d %H:%M:%S} UTC")
        if not came and not waiting:
            click.echo(f"Nothing waits; {len(kept)} stamps are kept.")

    session.emit(value, show, rows=kept)
    for left in waiting:
        session.remark(
            f"{left.size} entries: not stamped by {left.authority} yet: {left.why}. Ask again: relance log stamp --pending"
        )
    return UNFINISHED if waiting else 0


def _save(session: Session, stamps: "Stamps", folder: Path) -> int:
    """Write the stamps that are kept, each beside the note that it stamps and the certificates it is held to."""
    from adapters.seal.stamps import saved  # noqa: PLC0415

    names = saved(stamps, folder)
    session.emit({"folder": str(folder), "files": names}, lambda: click.echo(f"{folder}: {len(names)} files."))
    return 0
