"""`verify`: an exported file by itself, or the whole log."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.session import Session, common, with_session

if TYPE_CHECKING:
    from cryptography import x509

    from adapters.evidence import Verification
    from adapters.seal.note import Key, Kind
    from adapters.verification.bundle import Told

BROKEN = 5


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--log", "whole_log", is_flag=True, help="Verify every entry of the store in place of a file.")
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="VKEY",
    help="A public key of the log, got from elsewhere: it must have signed.",
)
@click.option(
    "--witness",
    "witnesses",
    multiple=True,
    metavar="VKEY",
    help="A public key of a witness, got from elsewhere: it must have cosigned.",
)
@click.option(
    "--authority-root",
    "roots",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PEM",
    help="Root certificates got from elsewhere: the timestamps, and the seal of the PDF, must lead to one of them.",
)
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="An earlier dossier of the same invoices: its entries must be in this one, the same and at the same place.",
)
@common
@with_session
def verify(
    session: Session, file: Path | None, whole_log: bool, keys: tuple[str, ...], witnesses: tuple[str, ...], roots: tuple[Path, ...],
    against: Path | None,
) -> int:  # fmt: skip
    """Verify an exported file by itself, or the whole log with --log. Changes nothing, asks nobody.

    Without a key got from elsewhere the verdict is never better than conform, unpinned: the keys then come from the file itself. A log
    found whole is noted in the folder of the store, so that `relance check verified` knows when that was: a note, not evidence.

    \b
    Example:
      relance verify F-2026-014.asice --key "$(cat log.pub)"
      relance verify --log
    """  # noqa: D301
    from domain.errors import Misuse  # noqa: PLC0415

    if (file is None) == (not whole_log):
        raise Misuse("name a file, or --log for the store")
    if file is None:
        from adapters.verify import verify_and_note  # noqa: PLC0415

        if keys or witnesses or roots or against:
            raise Misuse(
                "--key, --witness, --authority-root and --against are for a file; `relance log fsck` holds the log to its checkpoints"
            )
        return _emit(session, verify_and_note(session.office.app), None)

    from adapters.seal.note import WITNESS, WRITER  # noqa: PLC0415
    from adapters.verification.against import compared  # noqa: PLC0415
    from adapters.verification.bundle import verify_bundle  # noqa: PLC0415
    from adapters.verification.seals import UNPINNED  # noqa: PLC0415

    found = verify_bundle(
        file, _keys(keys, "--key", WRITER), _keys(witnesses, "--witness", WITNESS), [each for path in roots for each in _roots(path)]
    )  # fmt: skip
    if against:
        found = compared(found, file, against)
    code = _emit(session, found, found.told)
    for words in found.reserves:
        session.remark(words)
    if not found.is_pinned:
        session.remark(UNPINNED)
    if found.told and found.told.sandbox:
        session.remark("SIMULATION: drawn from a sandbox store; it proves nothing of anybody.")
    return code


def _keys(words: tuple[str, ...], option: str, kind: "Kind") -> "list[Key]":
    """The keys of an option, all of its kind."""
    from adapters.seal.note import read_key  # noqa: PLC0415
    from domain.errors import Misuse  # noqa: PLC0415

    found = [read_key(word.strip()) for word in words]
    wrong = next((key for key in found if key.kind != kind), None)
    if wrong:
        raise Misuse(f"{option} {wrong}: that key is of the other kind (--key is for a log, --witness for a witness)")
    return found


def _roots(path: Path) -> "list[x509.Certificate]":
    """The certificates of a file."""
    from adapters.seal.authority import certificates  # noqa: PLC0415
    from domain.errors import NotFound  # noqa: PLC0415

    try:
        pem = path.read_bytes()
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}") from None
    return certificates(pem, file=str(path))


def _emit(session: Session, found: "Verification", told: "Told | None") -> int:
    """Print the checks; 5 where one fails."""
    rows: list[dict[str, Any]] = [{"id": check.id, "ok": check.ok, "detail": check.detail} for check in found.checks]
    value: dict[str, Any] = {"verdict": found.verdict, "position": found.position, "checks": rows}
    if told:
        value |= {
            "on": told.on, "generated_at": told.generated_at, "export_position": told.position, "withheld": told.withheld,
            "sandbox": told.sandbox, "pinned": getattr(found, "is_pinned", False),
        }  # fmt: skip

    def show() -> None:
        if told:
            kept = f"{told.withheld} entr{'y' if told.withheld == 1 else 'ies'} withheld"
            click.echo(
                f"Export of {told.on}, position {told.position}, {kept}.{' SIMULATION.' if told.sandbox else ''}"
            )
        for check in found.checks:
            click.echo(f"{'ok    ' if check.ok else 'BROKEN'}  {check.id:<14}{check.detail}")
        where = f" (first broken position: {found.position})" if found.position else ""
        click.echo(f"Verdict: {found.verdict.replace('_', ' ')}{where}")

    session.emit(value, show, rows=rows)
    return BROKEN if found.verdict == "broken" else 0
