"""`log`: the seal of the log: checkpoints, their verification, static export, keys, timestamps."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.log_trust import UNFINISHED, key, stamp
from cli.session import Session, common, with_session

if TYPE_CHECKING:
    from adapters.seal.fsck_leaves import Fsck
    from adapters.seal.kept import Kept

BROKEN = 5


@click.group()
def log() -> None:
    """Seal the log, so that nobody can change it unseen, not even its owner.

    Every entry is a leaf of a Merkle tree (RFC 6962). A checkpoint signs the size and the root of the tree; whoever holds one can tell
    whether the log was rewritten since. Give checkpoints to others: a lawyer, a witness, a timestamping authority.

    \b
    Example:
      relance log checkpoint --heads
      relance log stamp --authority tsa --url "$TSA" --ca tsa.pem
      relance log fsck
    """  # noqa: D301


@log.command()
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the signed note to a file too.")
@click.option("--heads", "with_heads", is_flag=True, help="First seal the last entry of every history: once a day.")
@click.option(
    "--since", type=click.IntRange(0), metavar="SIZE", help="Give the request for a witness that last saw SIZE entries."
)
@click.option(
    "--witness", "answers", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
    help="Keep what a witness answered: its line, or the note with it. Signs nothing.",
)  # fmt: skip
@click.option("--witness-key", "vkeys", multiple=True, metavar="VKEY", help="Public key of a witness: NAME+ID+KEY.")
@common
@with_session
def checkpoint(
    session: Session,
    output: Path | None,
    with_heads: bool,
    since: int | None,
    answers: tuple[Path, ...],
    vkeys: tuple[str, ...],
) -> None:
    """Sign the log as it stands: a signed note (C2SP tlog-checkpoint) with its size and its root.

    Nothing is signed that does not go on from the last checkpoint: a database put back to an older state, or rewritten, is refused. When
    nothing was recorded since, the last checkpoint is given again. The first one draws the key: see `relance log key`.

    \b
    Example:
      relance log checkpoint --output checkpoint.txt
      relance log checkpoint --since 1200 --output request.txt
      relance log checkpoint --witness answer.txt --witness-key witness.example+b2a1c3d4+BPq…
    """  # noqa: D301
    from adapters.seal.keys import write_whole  # noqa: PLC0415
    from adapters.seal.sealing import checkpoint as sign  # noqa: PLC0415
    from adapters.seal.witness import request  # noqa: PLC0415
    from cli.progress import watching  # noqa: PLC0415
    from domain.errors import Misuse  # noqa: PLC0415

    if bool(answers) != bool(vkeys):
        raise Misuse(
            "--witness FILE and --witness-key VKEY go together: a cosignature is kept only once it is verified"
        )
    if answers and (with_heads or since is not None):
        raise Misuse("--witness keeps an answer and signs nothing: run it apart from --heads and --since")
    app = session.office.app
    if answers:
        kept = _attached(session, answers, vkeys)
    else:
        if with_heads:
            _seal_heads(session)
        with watching(session) as tell:
            kept = sign(app, lambda done: tell("leaves", done, app.store.position()))
    text = request(app.store.tree, kept, since) if since is not None else _published(session, kept)
    if output:
        write_whole(output, text.encode())
    _show(session, kept, text, output, since)


def _published(session: Session, kept: "Kept") -> str:
    from adapters.seal.kept import Seals  # noqa: PLC0415

    return Seals(session.office.app.store.tree.db).published(kept).decode()


def _seal_heads(session: Session) -> None:
    from adapters.seal.heads import seal  # noqa: PLC0415

    if seal(session.office.signed_in().app) is None:
        session.remark("Nothing was recorded since the heads were last sealed: they are not sealed again.")


def _attached(session: Session, answers: tuple[Path, ...], vkeys: tuple[str, ...]) -> "Kept":
    from adapters.seal.checkpoint import read_file  # noqa: PLC0415
    from adapters.seal.note import read_key  # noqa: PLC0415
    from adapters.seal.witness import attach, witness_key  # noqa: PLC0415

    witnesses = [witness_key(read_key(each)) for each in vkeys]
    for path in answers:
        kept, added = attach(session.office.app, read_file(path), witnesses, file=str(path))
        for witness in added:
            session.remark(f"Kept the cosignature of {witness.name} on {kept.size} entries.")
        if not added:
            session.remark(f"{path}: kept already.")
    return kept


def _show(session: Session, kept: "Kept", text: str, output: Path | None, since: int | None) -> None:
    from adapters.seal.kept import Seals  # noqa: PLC0415
    from adapters.store.mapper import moment  # noqa: PLC0415

    seals = Seals(session.office.app.store.tree.db)
    value: dict[str, Any] = {
        "origin": kept.checkpoint.origin, "size": kept.size, "root": kept.checkpoint.root.hex(), "signed_at": moment(kept.signed_us),
        "signatures": [f"{each.name}+{each.id.hex()}" for each in kept.note.signatures],
        "witnesses": [key.name for key, _ in seals.cosignatures(kept.number)],
        "request" if since is not None else "note": text,
    }  # fmt: skip

    def show() -> None:
        if output:
            what = f"the request for a witness that saw {since} entries" if since is not None else "the checkpoint"
            click.echo(f"{output}: {what}, {kept.size} entries, root {kept.checkpoint.root.hex()}.")
        else:
            click.echo(text, nl=False)

    session.emit(value, show)


@log.command()
@click.option(
    "--build", "with_build", is_flag=True, help="First make the leaves that are missing, of a log older than the tree."
)
@common
@with_session
def fsck(session: Session, with_build: bool) -> int:
    """Compute the whole seal again from the stored bytes, and hold every checkpoint, signature and stamp to it.

    Changes nothing, but for --build. Prints numbered checks; exits with 5 and the first broken position, with 1 when the tree of an older
    log is still to be built. What the entries say is not looked at: `relance verify --log` does that.

    \b
    Example:
      relance log fsck
      relance log fsck --build
    """  # noqa: D301
    from adapters.seal.fsck import build  # noqa: PLC0415
    from adapters.seal.fsck import fsck as run  # noqa: PLC0415
    from cli.progress import watching  # noqa: PLC0415

    app = session.office.app
    with watching(session) as tell:
        built = build(app, tell) if with_build else 0
        found = run(app, tell)
    found.built = built
    first = found.first
    verdict = "broken" if first else "unfinished" if found.behind else "sound"
    value: dict[str, Any] = {
        "verdict": verdict, "size": found.size, "root": found.root.hex(), "built": built, "behind": found.behind,
        "position": first.position or None if first else None,
        "checks": [
            {"id": name, "ok": name not in found.faults, "detail": _detail(found, name),
             "position": found.faults[name].position or None if name in found.faults else None}
            for name in _names()
        ],
    }  # fmt: skip
    session.emit(value, lambda: _print(value), rows=value["checks"])
    if first:
        where = f"position {first.position}: " if first.position else ""
        session.remark(
            f"{where}{first.what}. Keep this folder as it is, and compare it with a backup and with the checkpoints that others hold."
        )
        return BROKEN
    if found.behind:
        from adapters.seal.fsck import BUILD  # noqa: PLC0415

        session.remark(f"{found.behind} entries have no leaf yet: {BUILD}, or the next entry recorded, makes them.")
        return UNFINISHED
    return 0


def _names() -> tuple[str, ...]:
    from adapters.seal.fsck_leaves import CHECKS  # noqa: PLC0415

    return CHECKS


def _detail(found: "Fsck", name: str) -> str:
    fault = found.faults.get(name)
    if fault is None:
        return found.said.get(name, "not looked at")
    return f"position {fault.position}: {fault.what}" if fault.position else fault.what


def _print(value: dict[str, Any]) -> None:
    if value["built"]:
        click.echo(f"{value['built']} leaves built.")
    for check in value["checks"]:
        click.echo(f"{'ok    ' if check['ok'] else 'BROKEN'}  {check['id']:<15}{check['detail']}")
    click.echo(f"Verdict: {value['verdict']}, {value['size']} entries, root {value['root']}")


@log.command()
@click.argument("folder", type=click.Path(path_type=Path))
@common
@with_session
def export(session: Session, folder: Path) -> None:
    """Write the sealed log as static files (C2SP tlog-tiles) into a new or empty FOLDER, up to the newest checkpoint.

    This discloses every entry as it is stored, of every debtor: amounts, dates, codes and opaque identifiers. Names, texts, files and the
    internal part are not in it.

    \b
    Example:
      relance log export tiles
    """  # noqa: D301
    from adapters.seal.tiles import export as write  # noqa: PLC0415
    from cli.progress import watching  # noqa: PLC0415

    tree = session.office.app.store.tree
    with watching(session) as tell:
        made = write(tree, folder, lambda done: tell("entries", done, session.office.app.store.position()))
    value = {
        "folder": str(folder),
        "size": made.size,
        "root": made.root.hex(),
        "files": made.files,
        "bytes": made.bytes,
    }
    session.emit(
        value,
        lambda: click.echo(
            f"{folder}: {made.size} entries, {made.files} files, {made.bytes / 1e6:.1f} MB, root {made.root.hex()}."
        ),
    )
    session.remark("It holds the amounts, dates and identifiers of every entry.")


log.add_command(key)
log.add_command(stamp)
