"""`views`: where the views stand, and building them anew."""

from typing import Any

import click

from cli.session import Session, common, is_terminal, with_session


@click.group(invoke_without_command=True)
@common
@with_session
@click.pass_context
def views(ctx: click.Context, session: Session) -> None:
    """Say at which position the views stand, or build them anew.

    The views (aged balance, disputes, promises) are folded from the log and can be thrown away at any time: nothing is lost.
    They catch up by themselves after each entry and before each question.

    \b
    Example:
      relance views
      relance views rebuild
    """  # noqa: D301
    if ctx.invoked_subcommand is None:
        _emit(session, session.office)


@views.command()
@common
@with_session
def rebuild(session: Session) -> None:
    """Empty the views and build them anew from the log.

    Whoever reads meanwhile is served: the views say how far they stand, and whoever asks takes them further.

    \b
    Example:
      relance views rebuild
    """  # noqa: D301
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    office = session.office
    office.app.store.writable()
    office.views.drop()
    shown = Progress(
        TextColumn("views"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), disable=not is_terminal()
    )
    with shown as bar:
        task = bar.add_task("views", total=office.app.store.position())
        office.views.catch_up(progress=lambda position: bar.update(task, completed=position))
    _emit(session, office)


def _emit(session: Session, office: Any) -> None:
    value: dict[str, Any] = office.views.state() | {"head": office.app.store.position()}

    def show() -> None:
        behind = value["head"] - value["position"]
        click.echo(
            f"views, version {value['version']}: at @{value['position']} of @{value['head']}"
            + (f", {behind} behind" if behind else "")
        )
        click.echo(
            f"  {value['invoices']} invoices, {value['accounts']} accounts of debtors, {value['movements']} movements, {value['marks']} marks"
        )
        click.echo(
            f"  {value['file']}, {value['bytes'] / 1e6:.1f} MB"
            if value["file"]
            else "  in memory: this folder cannot be written"
        )

    session.emit(value, show)
