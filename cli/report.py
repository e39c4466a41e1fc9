"""`report`: what stood on a day, as a folder of pages."""

import datetime as dt
from pathlib import Path

import click

from cli.session import Day, Session, common, instant, with_session


@click.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="The folder to make; only an older report is ever replaced, with --force.",
)
@click.option("--as-of", type=Day(), help="Day that the report speaks of; the business day by default.")
@click.option(
    "--known-at",
    metavar="WHEN",
    help="A day, an instant, or @POSITION: what was recorded by then; everything by default.",
)
@click.option("--creditor", metavar="REF", help="One creditor; all of them by default.")
@click.option("--force", is_flag=True, help="Replace an older report.")
@common
@with_session
def report(
    session: Session, output: Path, as_of: dt.date | None, known_at: str | None, creditor: str | None, force: bool
) -> None:
    """Write what stood on a day, as it was known on another, as a folder of HTML pages in French. Open its index.html.

    Aged balance, debtors, days of sales over a year, stages, deadlines, and a page for each invoice with its timeline. The
    pages need no network and no server; the folder is there whole or not at all. It holds names and amounts in clear.
    The same store and options give the same bytes.

    \b
    Example:
      relance report --output rapport --as-of 2025-12-31 --known-at 2026-01-15
    """  # noqa: D301
    from adapters import reading  # noqa: PLC0415
    from adapters.bootstrap import Settings  # noqa: PLC0415
    from adapters.report.report import report as write  # noqa: PLC0415
    from cli.progress import watching  # noqa: PLC0415
    from domain.errors import in_words  # noqa: PLC0415

    office = session.office
    owner = office.registry.creditor(creditor) if creditor else None
    corner = reading.corner(office, as_of or session.on, known_at)
    settings = Settings(
        session.store, session.actor, session.master, instant(session.now_word) if session.now_word else None
    )
    with watching(session) as tell:
        made = write(office, settings, corner, output, creditor=owner, force=force, progress=tell)
    value = {
        "path": str(made.path), "as_of_on": corner.as_of, "position": corner.position, "invoices": made.invoices,
        "debtors": made.debtors, "pages": made.pages, "sandbox": made.sandbox,
    }  # fmt: skip

    def show() -> None:
        click.echo(
            f"{made.path / 'index.html'}: {made.invoices} invoices of {made.debtors} debtors in {made.pages} pages, as of"
            f" {in_words(corner.as_of)}, known at @{corner.position}."
        )

    session.emit(value, show)
    if made.sandbox:
        session.remark("This is a sandbox store: every page says that it is a simulation.")
