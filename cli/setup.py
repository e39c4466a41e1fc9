"""`init`: make a store."""

import os
from pathlib import Path

import click

from cli.session import Session, common, with_session


@click.command()
@click.option(
    "--sandbox", is_flag=True, help="A store for trials: its clock may be set with --now, and all it exports says so."
)
@click.option(
    "--master-key",
    "key_file",
    type=click.Path(path_type=Path),
    default=None,
    help="Keep the master key in this file, not in the store.",
)
@common
@with_session
def init(session: Session, sandbox: bool, key_file: Path | None) -> None:
    """Make a store in a new or empty folder: the log, the keys, nothing else to set up.

    \b
    Example:
      relance --store demo init --sandbox
    """  # noqa: D301
    from adapters.store.folder import KEYS, LOG, MASTER, MASTER_VARIABLE, create  # noqa: PLC0415

    master = key_file or session.master
    create(session.store, sandbox=sandbox, master=master)
    in_environment = master is None and bool(os.environ.get(MASTER_VARIABLE))
    key = f"({MASTER_VARIABLE})" if in_environment else master or session.store / MASTER
    value = {"store": str(session.store), "sandbox": sandbox, "master_key": str(key)}

    def show() -> None:
        kind = "sandbox store" if sandbox else "store"
        click.echo(f"Made a {kind} in {session.store}: {LOG} (the log), {KEYS} (the keys).")

    session.emit(value, show)
    if master is None and not in_environment:
        session.remark(
            f"Move {key} to a safe place apart from the store and its backups; give it with --master-key or RELANCE_MASTER_KEY."
        )
