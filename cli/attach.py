"""`attach`: the documents of an invoice."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from cli.session import Session, common, with_session, withholdable
from domain.facts.invoicing import PieceKind

if TYPE_CHECKING:
    from adapters.pieces import Given

LIMIT_MB = 64.0


@click.command()
@click.argument("invoice")
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(get_args(PieceKind)), help="What the document is.")
@click.option("--title", default="", help="Title, for a person; the name of the file by default. Kept in the vault.")
@click.option("--of", type=click.IntRange(1), metavar="VERSION", help="Entry of the invoice that it proves.")
@click.option(
    "--provenance",
    type=click.Choice(["declared", "third-party"]),
    default="declared",
    show_default=True,
    help="Whose word it is: yours, or that of a third party (carrier, post, court officer).",
)
@withholdable
@click.option(
    "--limit",
    type=click.FloatRange(0, min_open=True),
    default=LIMIT_MB,
    show_default=True,
    metavar="MB",
    help="The largest file.",
)
@click.option("--list", "listing", is_flag=True, help="List the pieces of the invoice.")
@click.option("--extract", type=click.IntRange(1), metavar="VERSION", help="Give a piece back, byte for byte.")
@click.option("--output", type=click.Path(path_type=Path), help="With --extract: the file to write.")
@click.option("--force", is_flag=True, help="With --extract: replace the file.")
@click.option("--dry-run", is_flag=True, help="Print what would be recorded, record nothing.")
@common
@with_session
def attach(
    session: Session, invoice: str, files: tuple[Path, ...], kind: Any, title: str, of: int | None,
    provenance: str, confidential: Any, limit: float, listing: bool, extract: int | None, output: Path | None, force: bool,
    dry_run: bool,
) -> None:  # fmt: skip
    """Attach documents to an invoice, exactly as they are; list its pieces, or give one back byte for byte.

    The bytes are encrypted under the key of the debtor; the log holds their digest. The same file again adds nothing. --on is the
    day of the document.

    \b
    Example:
      relance attach F-2026-014 bon-signe.pdf --kind delivery_note --provenance third-party --on 2026-01-12
      relance attach F-2026-014 --list
      relance attach F-2026-014 --extract 9 --output copie.pdf
    """  # noqa: D301
    from domain.errors import Misuse  # noqa: PLC0415

    if sum((bool(files), listing, extract is not None)) != 1:
        raise Misuse("name files to attach, or --list, or --extract VERSION: one of the three")
    if (extract is None) != (output is None):
        raise Misuse("--extract VERSION and --output FILE go together")
    stream = session.office.registry.invoice(invoice)
    if listing:
        _list(session, stream)
    elif extract is not None and output is not None:
        _extract(session, stream, extract, output, replace=force)
    else:
        _add(session, stream, files, kind, title, limit, (of, provenance, confidential), dry_run=dry_run)


def _add(
    session: Session, stream: str, files: tuple[Path, ...], kind: Any, title: str, limit: float,
    said: tuple[int | None, str, Any], *, dry_run: bool,
) -> None:  # fmt: skip
    from adapters import pieces  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415
    from domain.errors import Misuse  # noqa: PLC0415

    of, provenance, confidential = said
    if kind is None:
        raise Misuse("--kind says what the document is")
    if title and len(files) > 1:
        raise Misuse("--title names one document: attach the others apart")
    order = session.order(dry_run=dry_run)
    about = pieces.About(kind, order.on, of, provenance == "third-party", confidential)
    done = pieces.add(session.office, stream, _read(files, title, limit), about, order)
    news = sum(each.fact.move == "PieceAdded" for each in done.decided)
    already = len(files) - news
    report(
        session, "attach", [done], dry_run=dry_run,
        remarks=[f"Done already: {already} of {len(files)} {'is' if already == 1 else 'are'} attached under that kind."] if already else [],
    )  # fmt: skip


def _read(files: tuple[Path, ...], title: str, limit: float) -> "list[Given]":
    from adapters.piece_files import MEGABYTE, read_whole  # noqa: PLC0415
    from adapters.pieces import Given  # noqa: PLC0415

    return [Given(read_whole(file, int(limit * MEGABYTE)), file.name, " ".join(title.split())) for file in files]


def _list(session: Session, stream: str) -> None:
    from adapters.pieces import listed  # noqa: PLC0415
    from cli.output import table  # noqa: PLC0415

    rows = listed(session.office, stream)

    def show() -> None:
        columns = [("v", "right"), ("on", "left"), ("kind", "left"), ("title", "left"), ("media", "left"), ("bytes", "right"), ("of", "right"), ("whose", "left"), ("kept from", "left"), ("digest", "left")]  # fmt: skip
        table(
            columns,
            [
                [
                    str(row["version"]), str(row["on"]), row["kind"].replace("_", " "), row["title"], row["media"],
                    f"{row['size_bytes']:,}".replace(",", " "), str(row["of"] or ""), "third party" if row["third_party"] else "",
                    "" if row["confidential"] == "none" else row["confidential"],
                    f"{row['document'][:16]}…",
                ]
                for row in rows
            ],
        )  # fmt: skip

    session.emit({"pieces": rows}, show if rows else lambda: click.echo("No piece is attached."), rows=rows)


def _extract(session: Session, stream: str, version: int, output: Path, *, replace: bool) -> None:
    from adapters.piece_files import write_whole  # noqa: PLC0415
    from adapters.pieces import extracted  # noqa: PLC0415

    content = extracted(session.office, stream, version)
    write_whole(output, content, replace=replace)
    session.emit(
        {"output": str(output), "size_bytes": len(content), "version": version},
        lambda: click.echo(f"{output}: {len(content)} bytes, as they were attached (version {version})."),
    )
