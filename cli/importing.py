"""`import`: invoices and payments from a CSV file."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.session import Day, Session, common, with_session

if TYPE_CHECKING:
    from adapters.intake.job import Report
    from adapters.intake.rejects import Findings, Problem

SHOWN: Final = 50


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

    Fields: number, debtor, debtor_name, debtor_kind, issued_on, due_on, performed_on, total, vat, paid_on, paid, disputed, currency;
    booked_on, paid_booked_on (accounting days), known_on, paid_known_on (days on which the source system knew of it).
    A row with a number and a day of payment of a known invoice adds the payment. The same file again adds nothing. Nothing is
    recorded while a row is rejected, unless --accept-partial.

    \b
    Example:
      relance import factures.csv --creditor ACME --date-format dmy --map number=Numero --map debtor=Client \\
        --map issued_on="Date facture" --map due_on=Echeance --map total="Total TTC"
    """  # noqa: D301
    from adapters.application import new_id  # noqa: PLC0415
    from adapters.intake.importer import Importer  # noqa: PLC0415
    from adapters.intake.job import Job  # noqa: PLC0415
    from adapters.intake.table import Layout  # noqa: PLC0415
    from adapters.registry import Party, tidy  # noqa: PLC0415
    from domain.errors import Misuse, NotFound  # noqa: PLC0415

    layout = Layout(_columns(mapping), date_format, delimiter, encoding, debtor_kind)
    if not tidy(creditor):
        raise Misuse("--creditor is blank: give the creditor's reference")
    if cash_known_until is not None and cash_known_until > session.on:
        raise Misuse(f"--cash-known-until {cash_known_until} is still to come: the bank has not spoken of it")
    office = session.office
    fresh: Party | None = None
    try:
        of = office.registry.creditor(creditor)
    except NotFound:
        of, fresh = new_id(), Party(creditor, creditor, "professional")
    kind = fresh.kind if fresh else office.registry.party(f"creditor:{of}").kind
    job = Job(
        file, layout, of, kind, fresh, accept_partial, dry_run, force == "number_seen", reject_file, cash_known_until, session.on,
    )  # fmt: skip
    importer = Importer(office, job, _progress(session))
    try:
        found = importer.run()
    except BaseException:
        if importer.report.recorded:
            _tell_stopped(session, importer.report)
        raise
    finally:
        _end_progress(session)
    _print(session, file, found, dry_run=dry_run)
    _tell(
        session,
        "Rejected",
        found.problems,
        reject_file,
        "all of them are in {file}",
        "--reject-file FILE writes them all, --json prints them all",
    )
    _tell(session, "Remark", found.remarks, None, "", "--json prints them all")
    if fresh and found.recorded:
        found.notes.insert(
            0,
            f"Creditor {creditor} is registered: give its name and address with `relance party add --creditor {creditor} --name …`.",
        )
    for note in found.notes:
        session.remark(note)
    return 6 if found.rejected_rows else 0


def _columns(mapping: tuple[str, ...]) -> dict[str, str]:
    """Which column is which field.

    Raises:
        Misuse: no field, no column, or a field twice.
    """
    from domain.errors import Misuse  # noqa: PLC0415

    columns: dict[str, str] = {}
    for word in mapping:
        name, equals, column = (part.strip() for part in word.partition("="))
        if not equals or not name or not column:
            raise Misuse(f"--map {word!r}: write FIELD=COLUMN")
        if name in columns:
            raise Misuse(f"--map {name} is given twice: {columns[name]!r} and {column!r}")
        columns[name] = column
    return columns


def _print(session: Session, file: Path, found: "Report", *, dry_run: bool) -> None:
    """The result, however long the list of what was rejected: it is never held whole."""
    if session.as_csv:
        _print_csv(found.problems)
        return
    if session.as_json:
        value = {
            "file": str(file), "rows": found.rows, "recorded": found.recorded, "invoices": found.invoices, "payments": found.payments,
            "credits": found.credits, "known": found.known, "debtors": found.debtors, "renamed": found.renamed, "events": found.events,
            "rejected": found.rejected_rows, "rejected_late": found.refused_late,
        }  # fmt: skip
        _print_json(value, problems=found.problems, remarks=found.remarks)
        return
    rejected = f"{found.rejected_rows} rejected"
    if not found.recorded:
        click.echo(f"{found.rows} rows read, {rejected}; nothing was recorded{' (dry run)' if dry_run else ''}.")
        if found.rejected_rows and not dry_run:
            session.remark("Correct the file and import it again, or record the other rows with --accept-partial.")
        return
    if not (found.events or found.debtors or found.renamed):
        if not found.known and found.rejected_rows:
            click.echo(f"{found.rows} rows read, {rejected}; nothing was left to record.")
            return
        others = f"; {rejected}" if found.rejected_rows else ""
        click.echo(f"{found.rows} rows read; all is on record already, nothing was added{others}.")
    else:
        click.echo(
            f"{found.rows} rows read: {_recorded(found)}; {found.known} rows known already, {found.rejected_rows} rows rejected."
        )
    if found.refused_late:
        session.remark(
            f"{found.refused_late} rows were refused by the record while it was written: all the others are recorded, these are not."
        )


def _recorded(found: "Report") -> str:
    names = f", {found.renamed} renamed" if found.renamed else ""
    return (
        f"{found.invoices} invoices, {found.payments} payments, {found.credits} credit notes on account"
        f" ({found.events} events), {found.debtors} debtors registered{names}"
    )


def _tell_stopped(session: Session, found: "Report") -> None:
    """Leave no doubt about what was written when an import stops on its way."""
    session.remark(
        f"Stopped on the way. Recorded before that, whole: {_recorded(found)}. Import the file again to go on: what is recorded is known."
    )


def _tell(session: Session, word: str, findings: "Findings", file: Path | None, in_file: str, else_how: str) -> None:
    for each in findings.first(SHOWN):
        session.remark(f"{word}: {each}")
    if len(findings) > SHOWN:
        how = in_file.format(file=file) if file else else_how
        session.remark(f"… and {len(findings) - SHOWN:,} more {word.lower()}s: {how}.".replace("rejecteds", "rejected"))


def _print_json(value: dict[str, Any], **lists: "Iterable[Problem]") -> None:
    """Stable keys, each list written as it is read."""

    def pieces() -> Iterator[str]:
        yield json.dumps(value, ensure_ascii=False, indent=2).removesuffix("\n}")
        for name, problems in lists.items():
            yield f',\n  "{name}": ['
            comma = "\n"
            for each in problems:
                yield f"{comma}    {json.dumps(each._asdict(), ensure_ascii=False)}"
                comma = ",\n"
            yield "\n  ]" if comma != "\n" else "]"
        yield "\n}\n"

    for piece in pieces():
        click.echo(piece, nl=False)


def _print_csv(problems: "Findings") -> None:
    if len(problems):
        click.echo(_csv_line(("line", "column", "value", "reason")), nl=False)
    for problem in problems:
        click.echo(_csv_line(problem), nl=False)


def _csv_line(cells: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def _progress(session: Session) -> Callable[[str, int], None] | None:
    """How far it is, on a terminal; nothing elsewhere."""
    from cli.session import is_terminal  # noqa: PLC0415

    if session.as_json or session.as_csv or not is_terminal():
        return None
    return lambda word, rows: click.echo(f"\r{rows:,} rows {word}", nl=False, err=True)


def _end_progress(session: Session) -> None:
    if _progress(session):
        click.echo("\r\033[K", nl=False, err=True)
