"""`ageing`: the aged balance."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import click

from cli.session import Day, Session, common, with_session


@click.command()
@click.option("--as-of", type=Day(), help="Day on which ages are counted; the business day by default.")
@click.option(
    "--known-at",
    metavar="WHEN",
    help="A day, an instant, or @POSITION: what was recorded by then; everything by default.",
)
@click.option(
    "--scheme", default="d4416", show_default=True, help="d4416, oca, oca-statement, tryton, erpnext or agicap."
)
@click.option(
    "--by",
    type=click.Choice(("debtor", "invoice", "total")),
    default="debtor",
    show_default=True,
    help="One row for each.",
)
@click.option(
    "--basis",
    type=click.Choice(("effective", "booked")),
    default="effective",
    show_default=True,
    help="Facts count from the day they took effect, or from the accounting day they were booked on.",
)
@click.option(
    "--knowledge",
    type=click.Choice(("recorded", "source")),
    default="recorded",
    show_default=True,
    help="What --known-at counts: what was recorded here by then, or what the source system knew by then.",
)
@click.option("--creditor", metavar="REF", help="Of one creditor.")
@click.option("--debtor", metavar="CODE", help="Of one customer (CREDITOR/CODE where several creditors have him).")
@click.option(
    "--diff",
    nargs=2,
    metavar="WHEN WHEN",
    help="Which invoices the second knowledge shows otherwise than the first, and the events that moved them.",
)
@common
@with_session
def ageing(
    session: Session, as_of: dt.date | None, known_at: str | None, scheme: str, by: Any, basis: Any, knowledge: Any,
    creditor: str | None, debtor: str | None, diff: tuple[str, str] | None,
) -> None:  # fmt: skip
    """Print what is owed by days past due, on a day, as it was known on another. Columns always add up.

    Invoices in credit and money that belongs to no invoice have columns of their own, never netted silently; instalments
    are aged one by one. What is disputed is said beside, and stays in its column.

    \b
    Example:
      relance ageing --as-of 2025-12-31 --known-at 2026-01-15
      relance ageing --as-of 2025-12-31 --diff 2026-01-15 2026-03-31
    """  # noqa: D301
    from adapters import ageing as use_case  # noqa: PLC0415
    from adapters import reading  # noqa: PLC0415
    from domain.errors import Misuse  # noqa: PLC0415
    from projections.ageing import scheme as named  # noqa: PLC0415

    office, chosen, day = session.office, named(scheme), as_of or session.on
    owner = office.registry.creditor(creditor) if creditor else None
    customer = office.debtor(debtor, owner) if debtor else None
    if diff:
        if known_at or basis != "effective" or knowledge != "recorded":
            raise Misuse("--diff compares two positions of the log: it takes no --known-at, --basis or --knowledge")
        reading.corner(office, day, None)
        earlier, later = (reading.known_at(office, word) for word in diff)
        changes = use_case.differences(office, chosen, day, earlier, later, creditor=owner, debtor=customer)
        value = _differences(chosen, day, earlier, later, changes)
        session.emit(value, lambda: _show_differences(value), rows=value["rows"])
        return
    corner = reading.corner(office, day, known_at, basis, knowledge)
    balance = use_case.ageing(office, chosen, corner, by=by, creditor=owner, debtor=customer)
    value = balance.value()
    rows: list[dict[str, Any]] = value["rows"]
    total = [] if by == "total" else [balance.totals.value()]
    session.emit(value, lambda: show_balance(balance), rows=[*rows, *total])
    remark = use_case.nothing_yet(office, day)
    if remark:
        session.remark(remark)


def show_balance(balance: Any, note: str = "") -> None:
    """Print an aged balance, with bars on a terminal."""
    from cli.output import console, table  # noqa: PLC0415
    from domain.errors import in_words  # noqa: PLC0415
    from domain.money import plain  # noqa: PLC0415

    out, corner, tail = console(), balance.corner, f" ({note})" if note else ""
    known = f"known to the source on {in_words(corner.known_on)}, else " if corner.known_on else "known "
    booked = ", by booking day" if corner.basis == "booked" else ""
    out.print(
        f"Aged balance as of {in_words(corner.as_of)}{booked}, {known}at @{corner.position},"
        f" scheme {balance.scheme.name}, EUR{tail}"
    )
    is_disputed = bool(balance.totals.disputed_cents)
    columns = [
        ("key", "left"),
        ("name", "left"),
        *((name.replace("_", " "), "right") for name in balance.scheme.columns),
        ("total", "right"),
        *([("disputed", "right")] if is_disputed else []),
    ]

    def cells(row: Any) -> list[str]:
        amounts = [*row.aged.cents, *([row.disputed_cents] if is_disputed else [])]
        shown = [plain(cents) if cents else "." for cents in amounts]
        shown.insert(len(row.aged.cents), plain(row.aged.total_cents))
        return shown

    rows = [[row.key, row.name[:34], *cells(row)] for row in balance.rows if row.key != "total"]
    table(columns, rows, footer=["total", "", *cells(balance.totals)])
    if is_disputed:
        out.print("disputed: the part of the total that is under dispute; it is in the columns of its age.")
    most = max((abs(cents) for cents in balance.totals.aged.cents), default=0)
    if most:
        out.print()
        for name, cents in balance.totals.aged.by_name().items():
            bar = "█" * round(40 * abs(cents) / most) if cents else ""
            out.print(f"{name.replace('_', ' '):>12}  {bar} {plain(cents)}")


def _differences(scheme: Any, day: dt.date, earlier: int, later: int, changes: Sequence[Any]) -> dict[str, Any]:
    from cli.output import details_of, name_of  # noqa: PLC0415

    return {
        "as_of_on": day, "from_position": earlier, "to_position": later, "scheme": scheme.name, "buckets": list(scheme.columns),
        "change_cents": sum(each.change_cents for each in changes),
        "rows": [
            {
                "key": each.key, "name": each.name, "before_cents": each.before.total_cents, "after_cents": each.after.total_cents,
                "change_cents": each.change_cents, "moved": each.moved,
                "events": [
                    {
                        "position": event.envelope.position, "version": event.envelope.version,
                        "name": name_of(event.envelope.fact), "details": details_of(event.envelope.fact),
                        "on": event.envelope.fact.on, "recorded_at": event.envelope.recorded_at,
                        "provenance": event.envelope.provenance, "cents": event.cents,
                    }
                    for event in each.events
                ],
            }
            for each in changes
        ],
    }  # fmt: skip


def _show_differences(value: dict[str, Any]) -> None:
    from adapters.clock import PARIS  # noqa: PLC0415
    from cli.output import console  # noqa: PLC0415
    from domain.errors import in_words  # noqa: PLC0415
    from domain.money import plain  # noqa: PLC0415

    out = console()
    span = f"between @{value['from_position']} and @{value['to_position']}"
    out.print(f"What was owed on {in_words(value['as_of_on'])}, as knowledge of it changed {span}, EUR")
    for row in value["rows"]:
        out.print(f"{row['key']}  {row['name'][:34]}: {plain(row['before_cents'])} became {plain(row['after_cents'])}"
                  f" ({_signed(row['change_cents'])})")  # fmt: skip
        out.print(
            "    " + ", ".join(f"{name.replace('_', ' ')} {_signed(cents)}" for name, cents in row["moved"].items())
        )
        for event in row["events"]:
            cents = "" if event["cents"] is None else f", {_signed(event['cents'])}"
            recorded = event["recorded_at"].astimezone(PARIS)
            out.print(f"    @{event['position']} v{event['version']} {event['name']} of {in_words(event['on'])}"
                      f" ({event['details']}), recorded {recorded:%Y-%m-%d %H:%M}{cents}")  # fmt: skip
    if value["rows"]:
        out.print(f"{len(value['rows'])} moved, {_signed(value['change_cents'])} in all.")
    else:
        out.print("Nothing moved: both show the same.")


def _signed(cents: int) -> str:
    from domain.money import plain  # noqa: PLC0415

    return f"+{plain(cents)}" if cents > 0 else plain(cents)
