"""`dossier` and `verify`: evidence out, and checked."""

from pathlib import Path
from typing import Any

import click

from cli.session import Session, common, with_session


@click.command()
@click.argument("invoices", nargs=-1, metavar="[INVOICE]...")
@click.option("--debtor", metavar="CODE", help="Every invoice of this debtor, in place of numbers.")
@click.option("--overdue", is_flag=True, help="With --debtor: only what is overdue.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="The zip file to make; an existing one is never overwritten.",
)
@click.option("--reading", "readings", multiple=True, metavar="POINT=CODE", help="How to read a contested point.")
@common
@with_session
def dossier(
    session: Session, invoices: tuple[str, ...], debtor: str | None, overdue: bool, output: Path, readings: tuple[str, ...]
) -> None:  # fmt: skip
    """Export the evidence of one or more invoices of a debtor: a French PDF, the events as stored, a manifest.

    It holds the claim statement of each invoice, line by line, and its account in the books beside it. A claim that rests on a rate not
    known yet is left out, and the dossier says which. It is not sealed by a third party yet.

    \b
    Example:
      relance dossier F-2026-014 --output F-2026-014.zip
    """  # noqa: D301
    from adapters.documents.dossier import export  # noqa: PLC0415
    from adapters.on_account import money_on_account  # noqa: PLC0415
    from cli.claim import named_readings  # noqa: PLC0415
    from domain.errors import Misuse  # noqa: PLC0415
    from domain.money import plain  # noqa: PLC0415

    if session.on != session.office.app.today:
        raise Misuse("a dossier shows the day it is made; use `replay --as-of` for another day")
    office = session.office
    streams = office.select(invoices, debtor=debtor, overdue=overdue, on=session.on)
    made = export(
        office.app, office.registry, streams, output, generated_at=office.app.clock.now(), chosen=named_readings(readings)
    )  # fmt: skip
    value = {
        "path": str(made.path), "sha256": made.sha256, "position": made.position, "invoices": list(made.invoices), "events": made.events, "sandbox": made.sandbox,
    }  # fmt: skip

    def show() -> None:
        count = len(made.invoices)
        click.echo(
            f"{made.path}: {count} invoice{'s' if count > 1 else ''}, {made.events} events, as known at @{made.position}."
        )
        click.echo(f"SHA-256 {made.sha256}")

    session.emit(value, show)
    waiting = money_on_account(office, streams, session.on, made.position)
    if waiting:
        session.remark(
            f"{plain(waiting)} EUR of the debtor are on account, given to no invoice: the dossier says so and does not count them;"
            " `relance claim` imputes them as the law does."
        )
    if made.sandbox:
        session.remark("This is a sandbox store: every page says that it is a simulation.")


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--log", "whole_log", is_flag=True, help="Verify every entry of the store in place of a file.")
@click.option(
    "--key", metavar="VKEY", help="Key got from elsewhere; bundles of this version bear no signature, so none matches."
)
@common
@with_session
def verify(session: Session, file: Path | None, whole_log: bool, key: str | None) -> int:
    """Verify an exported file by itself, or the whole log with --log. Changes nothing.

    A log found whole is noted in the folder of the store, so that `relance check verified` knows when that was: a note, not evidence.

    \b
    Example:
      relance verify F-2026-014.zip
      relance verify --log
    """  # noqa: D301
    from adapters.verify import verify_and_note, verify_bundle  # noqa: PLC0415
    from domain.errors import Misuse  # noqa: PLC0415

    if (file is None) == (not whole_log):
        raise Misuse("name a file, or --log for the store")
    found = verify_bundle(file, key) if file is not None else verify_and_note(session.office.app)
    rows: list[dict[str, Any]] = [{"id": check.id, "ok": check.ok, "detail": check.detail} for check in found.checks]
    value = {"verdict": found.verdict, "position": found.position, "checks": rows}

    def show() -> None:
        for check in found.checks:
            click.echo(f"{'ok    ' if check.ok else 'BROKEN'}  {check.id:<14}{check.detail}")
        where = f" (first broken position: {found.position})" if found.position else ""
        click.echo(f"Verdict: {found.verdict.replace('_', ' ')}{where}")

    session.emit(value, show, rows=rows)
    return 5 if found.verdict == "broken" else 0
