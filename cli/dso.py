"""`dso`: days sales outstanding, by a named method."""

import datetime as dt
from typing import Any

import click

from cli.session import Day, Session, common, with_session


@click.command()
@click.option(
    "--from", "from_on", type=Day(), required=True, help="First day of the period; a count-back reaches no further."
)
@click.option("--to", "to_on", type=Day(), required=True, help="Day of the receivables, and last of the period.")
@click.option(
    "--method",
    type=click.Choice(("simple", "countback")),
    default="simple",
    show_default=True,
    help="Receivables over the period's sales, or month by month, newest first.",
)
@click.option(
    "--disputed",
    type=click.Choice(("in", "out")),
    default="in",
    show_default=True,
    help="Whether receivables hold what is disputed.",
)
@click.option("--vat", type=click.Choice(("in", "ex")), default="in", show_default=True, help="VAT included, or not.")
@click.option(
    "--unapplied",
    type=click.Choice(("net", "gross")),
    default="net",
    show_default=True,
    help="Whether credits and money that pays no invoice are taken off.",
)
@click.option(
    "--known-at",
    metavar="WHEN",
    help="A day, an instant, or @POSITION: what was recorded by then; everything by default.",
)
@click.option("--creditor", metavar="REF", help="One creditor; all of them by default.")
@common
@with_session
def dso(
    session: Session, from_on: dt.date, to_on: dt.date, method: Any, disputed: Any, vat: Any, unapplied: Any,
    known_at: str | None, creditor: str | None,
) -> None:  # fmt: skip
    """Print the days sales outstanding on a day, with every choice made and what they were computed from.

    Sales are invoices less credit notes, by the day they were issued; receivables are what the books carry, write-offs
    deducted. Simple: receivables / sales x days of the period, first and last day included. Countback: the sales of each
    month are taken off the receivables, month to date first; a month taken whole adds its days, the last one adds
    remainder / sales x its days. Sales that do not reach the receivables are said; nothing is extrapolated.

    \b
    Example:
      relance dso --from 2025-01-01 --to 2025-12-31 --method countback --disputed out
    """  # noqa: D301
    from adapters import figures, reading  # noqa: PLC0415

    office = session.office
    only = office.registry.creditor(creditor) if creditor else None
    corner = reading.corner(office, to_on, known_at)
    found = figures.dso(office, corner, from_on, figures.Choices(method, disputed, vat, unapplied), creditor=only)
    session.emit(found.value(), lambda: _show(found), rows=_rows(found.value()))


def _rows(value: dict[str, Any]) -> list[dict[str, Any]]:
    return [{key: cell for key, cell in value.items() if key not in {"months", "remarks"}}]


def _show(found: Any) -> None:
    from cli.output import console, table  # noqa: PLC0415
    from domain.errors import in_words  # noqa: PLC0415
    from domain.money import plain  # noqa: PLC0415

    out, value = console(), found.value()
    at_least = "" if value["complete"] else "at least "
    out.print(f"DSO on {in_words(value['to_on'])}: {at_least}{value['days']} days")
    out.print(
        f"Method {value['method']}, disputed {value['disputed']}, VAT {value['vat']}, unapplied {value['unapplied']}; known at @{value['position']}"
    )
    out.print(
        f"Receivables {plain(value['receivables_cents'])} EUR; sales {plain(value['sales_cents'])} EUR from {in_words(value['from_on'])}"
        f" to {in_words(value['to_on'])}, {value['days_in_period']} days"
    )
    if value["months"]:
        out.print()
        columns = [
            ("month", "left"),
            ("from", "left"),
            ("to", "left"),
            ("sales", "right"),
            ("taken", "right"),
            ("days", "right"),
        ]
        table(
            columns,
            [
                [each["month"], str(each["from_on"]), str(each["to_on"]), plain(each["sales_cents"]), plain(each["taken_cents"]), each["days"]]
                for each in value["months"]
            ],
        )  # fmt: skip
    for remark in value["remarks"]:
        out.print(remark, soft_wrap=True)
