"""`deadlines`: last days to act, and first days allowed, as a table and as a calendar."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.session import Session, common, with_session

if TYPE_CHECKING:
    from adapters.bootstrap import Office
    from adapters.calendar_file import Dated

#: Rows that a table shows.
SHOWN = 200


@click.command()
@click.option("--within", type=click.IntRange(0, 36500), metavar="DAYS", help="Only those within so many days.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only this kind; an unknown one lists them.")
@click.option("--creditor", metavar="REF", help="Of this creditor only.")
@click.option("--debtor", metavar="CODE", help="Of this debtor only.")
@click.option(
    "--ics", type=click.Path(path_type=Path, dir_okay=False), help="Write them as a calendar too, in French: FILE.ics."
)
@click.option("--force", is_flag=True, help="With --ics: replace the file.")
@click.option("--past", is_flag=True, help="Those that passed too.")
@common
@with_session
def deadlines(
    session: Session, within: int | None, kinds: tuple[str, ...], creditor: str | None, debtor: str | None, ics: Path | None, force: bool,
    past: bool,
) -> None:  # fmt: skip
    """Print the deadlines of every invoice that is unpaid, in the order of their days, each with its article.

    Limitation is counted twice, prudently and as may be argued, each due day by itself; only the debtor may raise it. No date that the
    creditor must keep is put off to a working day. Where the day that starts a time is not on record, the earliest it can be is taken.

    \b
    Example:
      relance deadlines --within 60 --ics echeances.ics
    """  # noqa: D301
    from adapters import deadlines as dates  # noqa: PLC0415
    from adapters.calendar_file import write, written  # noqa: PLC0415
    from adapters.worklist import parties  # noqa: PLC0415
    from cli.progress import watching  # noqa: PLC0415
    from domain.errors import Misuse  # noqa: PLC0415

    if force and ics is None:
        raise Misuse("--force replaces the file of --ics: give both, or neither")
    office, asked = session.office, dates.chosen_kinds(kinds)
    of, on_whom = parties(office, creditor, debtor)
    with watching(session) as tell:
        found = dates.deadlines(
            office, session.on, within=within, kinds=asked, past=past, creditor=of, debtor=on_whom,
            progress=lambda done, total: tell("deadlines", done, total),
        )  # fmt: skip
    if ics is not None:
        write(ics, written(office, found), force=force)
    is_table = not (session.as_json or session.as_csv)
    rows = [_row(session, office, each) for each in (found[:SHOWN] if is_table else found)]
    value = {
        "on": session.on, "within_days": within, "kinds": sorted(asked), "past": past, "ics": ics and str(ics), "rows": rows,
    }  # fmt: skip
    session.emit(value, lambda: _show(session, rows, len(found)), rows=rows)
    if ics is not None:
        unknown = sum(each.deadline.on is None for each in found)
        left_out = f", without {unknown} of which no day is known" if unknown else ""
        session.remark(f"{ics}: {len(found) - unknown} deadlines{left_out}.")


def _row(session: Session, office: "Office", each: "Dated") -> dict[str, Any]:
    code, name = office.registry.card(each.debtor)
    deadline = each.deadline
    return {
        "kind": deadline.kind, "invoice": office.registry.number(each.stream.partition(":")[2], each.debtor), "debtor": code,
        "name": name, "on": deadline.on, "is_first_day": deadline.is_first,
        "days_left": (deadline.on - session.on).days if deadline.on else None, "since_on": deadline.since,
        "reference": deadline.reference, "reading": deadline.reading, "residual_cents": deadline.cents, "due_on": deadline.due,
        "remark": "; ".join(str(remark) for remark in deadline.remarks) or None,
    }  # fmt: skip


def _show(session: Session, rows: list[dict[str, Any]], many: int) -> None:
    from cli.output import console, table  # noqa: PLC0415
    from domain.errors import in_words  # noqa: PLC0415
    from domain.money import plain  # noqa: PLC0415

    out = console()
    if not many:
        out.print(f"No deadline from {in_words(session.on)}, of what was asked for.")
        return
    columns = [
        ("day", "left"), ("left", "right"), ("deadline", "left"), ("invoice", "left"), ("debtor", "left"), ("unpaid", "right"),
        ("reference", "left"), ("remark", "left"),
    ]  # fmt: skip
    table(
        columns, [_cells(row, plain) for row in rows], title=f"Deadlines from {in_words(session.on)}, each until 24:00"
    )
    if many > len(rows):
        out.print(f"The first {len(rows)} of {many}: --within or --kind narrow them down, --json and --csv print all.")


def _cells(row: dict[str, Any], plain: Any) -> list[str]:
    reading = f" ({row['reading']})" if row["reading"] in {"prudent", "arguable"} else ""
    first = "from " if row["is_first_day"] else ""
    return [
        f"{first}{row['on'].isoformat()}" if row["on"] else "not known",
        f"{row['days_left']} d" if row["days_left"] is not None else "",
        row["kind"].replace("_", " ") + reading,
        row["invoice"],
        row["name"][:28],
        plain(row["residual_cents"]),
        row["reference"],
        row["remark"] or "",
    ]
