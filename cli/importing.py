"""`import`: invoices and payments from a CSV file."""

import datetime as dt
from pathlib import Path
from typing import Any

import click

from cli.session import Day, Session, common, with_session


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--creditor", metavar="REF", required=True, help="Whose invoices; registered under this reference if not known yet."
)
@click.option(
    "--map",
    "mapping",
    multiple=True,
    required=True,
    metavar="FIELD=COLUMN",
    help="Which column holds which field; give it again for each.",
)
@click.option(
    "--date-format",
    default="iso",
    show_default=True,
    help="iso (a time after the day is ignored), dmy, mdy, ymd, or a pattern as %d.%m.%Y.",
)
@click.option(
    "--encoding", default="utf-8-sig", show_default=True, help="How the file is written: cp1252, iso-8859-15."
)
@click.option("--delimiter", help="Between cells; guessed from the head by default.")
@click.option(
    "--debtor-kind",
    type=click.Choice(("trader", "professional", "consumer", "public")),
    default="professional",
    show_default=True,
    help="Kind of the debtors, where no column says it.",
)
@click.option(
    "--cash-known-until", type=Day(), help="The bank has spoken up to this day: record it once the file is in."
)
@click.option("--dry-run", is_flag=True, help="Check the file, record nothing.")
@click.option("--accept-partial", is_flag=True, help="Record the good rows though others are rejected.")
@click.option(
    "--reject-file", type=click.Path(path_type=Path), help="Write the rejected rows to this CSV file, with the reasons."
)
@click.option(
    "--force",
    type=click.Choice(("number_seen",)),
    help="Take a number already on record with another issue day as another invoice.",
)
@common
@with_session
def import_(
    session: Session, file: Path, creditor: str, mapping: tuple[str, ...], date_format: str, encoding: str, delimiter: str | None,
    debtor_kind: Any, cash_known_until: dt.date | None, dry_run: bool, accept_partial: bool, reject_file: Path | None, force: str | None,
) -> int:  # fmt: skip
    """Bring in a CSV file of invoices, of payments, or of both.

    Fields: number, debtor, debtor_name, debtor_kind, issued_on, due_on, performed_on, total, vat, paid_on, paid, disputed, currency.
    A row with a number and a day of payment of a known invoice adds the payment. The same file again adds nothing. Nothing is
    recorded while a row is rejected, unless --accept-partial.

    \b
    Example:
      relance import factures.csv --creditor ACME --date-format dmy --map number=Numero --map debtor=Client \\
        --map issued_on="Date facture" --map due_on=Echeance --map total="Total TTC"
    """  # noqa: D301
    from adapters.application import new_id  # noqa: PLC0415
    from adapters.intake.importer import SHOWN, Importer, Job  # noqa: PLC0415
    from adapters.intake.table import Layout  # noqa: PLC0415
    from adapters.registry import Party  # noqa: PLC0415
    from cli.output import console  # noqa: PLC0415
    from domain.errors import Misuse, NotFound  # noqa: PLC0415

    columns: dict[str, str] = {}
    for word in mapping:
        name, equals, column = word.partition("=")
        if not equals or not column:
            raise Misuse(f"--map {word!r}: write FIELD=COLUMN")
        columns[name] = column
    layout = Layout(columns, date_format, delimiter, encoding, debtor_kind)
    office = session.office.signed_in()
    notes: list[str] = []
    fresh: Party | None = None
    try:
        of = office.registry.creditor(creditor)
    except NotFound:
        if not file.is_file():
            raise
        of, fresh = new_id(), Party(creditor, creditor, "professional")
        notes.append(
            f"Creditor {creditor} is registered: give its name and address with `relance party add --creditor {creditor} --name …`."
        )
    job = Job(
        file,
        layout,
        of,
        "professional" if fresh else office.registry.party(f"creditor:{of}").kind,
        fresh,
        accept_partial,
        dry_run,
        force == "number_seen",
        reject_file,
        cash_known_until,
    )
    found = Importer(office, job, _progress(session, file)).run()
    written = not dry_run and (accept_partial or not found.rejected_rows)
    value: dict[str, Any] = {
        "file": str(file), "rows": found.rows, "recorded": written, "invoices": found.invoices, "payments": found.payments,
        "credits": found.credits, "known": found.known, "debtors": found.debtors, "events": found.events, "rejected": found.rejected_rows,
        "problems": [_problem(each) for each in found.problems], "remarks": [_problem(each) for each in found.remarks],
    }  # fmt: skip

    def show() -> None:
        out = console()
        if not written:
            out.print(
                f"{found.rows} rows read, {found.rejected_rows} rejected; nothing was recorded{' (dry run)' if dry_run else ''}."
            )
        elif not found.events:
            out.print(f"{found.rows} rows read; all is on record already, nothing was added.")
        else:
            out.print(
                f"{found.rows} rows read: {found.invoices} invoices, {found.payments} payments, {found.credits} credit notes on account"
                f" ({found.events} events); {found.known} rows known already, {found.debtors} debtors registered, {found.rejected_rows} rows rejected."
            )

    session.emit(value, show, rows=value["problems"])
    for each in [*found.problems[:SHOWN]]:
        session.remark(f"Rejected: {each}")
    if len(found.problems) > SHOWN:
        session.remark(f"… and {len(found.problems) - SHOWN} more: --reject-file FILE writes them all.")
    for each in found.remarks[:SHOWN]:
        session.remark(f"Remark: {each}")
    if len(found.remarks) > SHOWN:
        session.remark(f"… and {len(found.remarks) - SHOWN} more remarks: --json prints them all.")
    for note in [*(notes if written else []), *found.notes]:
        session.remark(note)
    return 6 if found.rejected_rows else 0


def _problem(each: Any) -> dict[str, Any]:
    return {"line": each.line, "column": each.column, "value": each.value, "reason": each.reason}


def _progress(session: Session, file: Path) -> Any:
    """A bar on a terminal; nothing else where."""
    from cli.session import is_terminal  # noqa: PLC0415

    if session.as_json or session.as_csv or not is_terminal() or not file.is_file():
        return None

    def tell(line: int) -> None:
        click.echo(f"\r{line} rows recorded", nl=False, err=True)

    return tell
