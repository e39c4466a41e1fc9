"""`numbering`: gaps, repeats and broken order in invoice numbers."""

from typing import TYPE_CHECKING, Any

import click

from cli.session import FIRST_YEAR, LAST_YEAR, Session, common, with_session

if TYPE_CHECKING:
    from adapters.numbering import Book
    from projections.numbering import Numbered

#: What the tables show; --json and --csv give all.
SHOWN = 20
WORDS = {"gap": "not on record", "twice": "used twice", "order": "issued out of order"}


@click.command()
@click.option("--creditor", metavar="REF", help="One creditor; each by itself by default.")
@click.option(
    "--year",
    type=click.IntRange(FIRST_YEAR, LAST_YEAR),
    metavar="Y",
    help="Invoices and credit notes of one year of issue.",
)
@common
@with_session
def numbering(session: Session, creditor: str | None, year: int | None) -> int:
    """Find gaps, repeats and broken order in the numbers of invoices and credit notes, series by series.

    The law wants a unique number in a chronological series (CGI, ann. II, art. 242 nonies A). A number is read as series and counter;
    the output says by which rule. A gap is a number that is not on record here, between two that are: relance knows what it was given.
    A number is used twice when its day or its debtor differ; the order is broken where a number bears an earlier day than the one below
    it. Corrected and cancelled invoices are shown as such and are no gap. The exit code is 1 when something is found.

    \b
    Example:
      relance numbering --year 2025
    """  # noqa: D301
    from adapters.numbering import books, value  # noqa: PLC0415

    office = session.office
    only = office.registry.creditor(creditor) if creditor else None
    found = books(office, creditor=only, year=year)

    def told(each: "Numbered") -> str:
        what = "" if each.what == "invoice" else f", {each.what}"
        status = "" if each.status == "issued" else f", {each.status}"
        return f"{each.number} of {each.on}, {office.registry.card(each.debtor)[0]}{what}{status}"

    rows = [row for book in found for row in book.rows(told)]
    session.emit(value(found, rows, year), lambda: _show(found, rows), rows=rows)
    return 1 if rows else 0


def _show(found: "list[Book]", rows: list[dict[str, Any]]) -> None:
    from cli.output import console, table  # noqa: PLC0415
    from projections.numbering import REFERENCE, RULE  # noqa: PLC0415

    out = console()
    for book in found:
        out.print(f"Numbering of {book.creditor} ({REFERENCE})")
        lines: list[dict[str, Any]] = book.value()["series"]
        columns = [("series", "left"), ("numbers", "right"), ("first", "left"), ("last", "left"), ("not on record", "right"),
                   ("out of order", "right"), ("corrected", "right"), ("cancelled", "right")]  # fmt: skip
        cells = [
            [row["series"], str(row["count"]), row["first"], row["last"], str(row["missing"] or "."), str(row["order_breaks"] or "."),
             str(len(row["corrected"]) or "."), str(len(row["cancelled"]) or ".")]
            for row in sorted(lines, key=lambda row: -row["count"])[:SHOWN]
        ]  # fmt: skip
        table(columns, cells)
        if len(lines) > SHOWN:
            out.print(f"… and {len(lines) - SHOWN} series more: --json lists all.")
        for status in ("corrected", "cancelled", "withdrawn"):
            named = [number for row in lines for number in row[status]]
            if named:
                more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
                out.print(f"{status.capitalize()}: {', '.join(named[:SHOWN])}{more}.")
        if book.numbering.without:
            out.print(f"Without a digit, in no series: {len(book.numbering.without)}.")
        if book.erased:
            out.print(f"Not readable, erased or never kept: {book.erased}; a gap may be one of them.")
        out.print()
    for kind, word in WORDS.items():
        some = [row for row in rows if row["kind"] == kind]
        if some:
            out.print(f"{word.capitalize()}:")
            table(
                [("creditor", "left"), ("from", "left"), ("to", "left"), ("numbers", "right"), ("between", "left")],
                [
                    [row["creditor"], row["first"], row["last"], str(row["count"]), row["detail"]]
                    for row in some[:SHOWN]
                ],
            )
            if len(some) > SHOWN:
                out.print(f"… and {len(some) - SHOWN} more: --csv lists all.")
            out.print()
    if not rows:
        out.print("No gap, no number twice, no order broken.")
    out.print(f"How a number is read: {RULE}.")
