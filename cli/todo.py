"""`todo`: what to do on a day, and why."""

from typing import Any

import click

from cli.session import Session, common, with_session

#: Rows that a table shows unless it is asked for more.
SHOWN = 40


@click.command()
@click.option(
    "--within", type=click.IntRange(0, 3650), default=30, show_default=True, metavar="DAYS",
    help="How near a deadline is told, and how long after it passed.",
)  # fmt: skip
@click.option("--creditor", metavar="REF", help="Of this creditor only.")
@click.option("--debtor", metavar="CODE", help="Of this debtor only.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    help=f"The first N only; a table shows {SHOWN} unless told otherwise.",
)
@common
@with_session
def todo(session: Session, within: int, creditor: str | None, debtor: str | None, limit: int | None) -> None:
    """Say what is to be done on a day, most urgent first, and why. It records nothing.

    It joins what a daily run would record or hold back, the deadlines of the law that are near or just passed, promises, disputes and
    titles. A right that ends on a day comes first, by that day; then what just passed, promises, acts, what is open, what waits; the
    larger amount first within each.

    \b
    Example:
      relance todo --on 2026-03-01 --within 15
    """  # noqa: D301
    from adapters import todo as agenda  # noqa: PLC0415
    from adapters.worklist import parties  # noqa: PLC0415
    from cli.progress import watching  # noqa: PLC0415
    from projections.tasks import URGENCIES  # noqa: PLC0415

    office = session.office
    of, on_whom = parties(office, creditor, debtor)
    is_table = not (session.as_json or session.as_csv)
    with watching(session) as tell:
        found = agenda.todo(
            office, session.on, within=within, creditor=of, debtor=on_whom, limit=limit or (SHOWN if is_table else None),
            progress=lambda done, total: tell("looking ahead", done, total),
        )  # fmt: skip
    rows = list(found.rows(office))
    value = {
        "on": found.on, "within_days": within, "order": URGENCIES, "counts": found.counts, "total": found.total, "rows": rows,
    }  # fmt: skip
    session.emit(value, lambda: _show(found, rows), rows=rows)


def _show(found: Any, rows: list[dict[str, Any]]) -> None:
    from cli.output import console, table  # noqa: PLC0415
    from domain.errors import in_words  # noqa: PLC0415
    from domain.money import plain  # noqa: PLC0415
    from projections.tasks import URGENCIES  # noqa: PLC0415

    out, many = console(), found.total
    if not many:
        out.print(f"Nothing to do on {in_words(found.on)}.")
        return
    out.print(f"{many} {'thing' if many == 1 else 'things'} to do on {in_words(found.on)}, most urgent first")
    columns = [
        ("#", "right"), ("what", "left"), ("by", "left"), ("invoice", "left"), ("debtor", "left"), ("unpaid", "right"), ("why", "left"),
    ]  # fmt: skip
    for urgency, meaning in URGENCIES.items():
        some = [row for row in rows if row["urgency"] == urgency]
        if found.counts[urgency]:
            left = found.counts[urgency] - len(some)
            title = f"{urgency} ({found.counts[urgency]}): {meaning}"
            out.print()
            if not some:
                out.print(f"{title}; none shown here")
                continue
            table(columns, [_cells(row, plain) for row in some], title=title)
            if left:
                out.print(f"... and {left} more")
    if many > len(rows):
        out.print(f"\nThe first {len(rows)} of {many}: --limit N shows more, --json and --csv all.")


def _cells(row: dict[str, Any], plain: Any) -> list[str]:
    by = row["by_on"].isoformat() if row["by_on"] else ""
    return [
        str(row["rank"]),
        row["what"].replace("_", " "),
        by,
        row["invoice"],
        row["name"][:30],
        plain(row["residual_cents"]),
        row["why"],
    ]
