"""`claim`: what is owed in law, line by line."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from cli.ladder import chosen
from cli.session import Day, Session, common, with_session

if TYPE_CHECKING:
    from domain.claim import Claim
    from domain.law.readings import Readings
    from projections.statement import Line

WORDS = {
    "principal": "price, VAT included",
    "price_cut": "price reduced",
    "payment": "payment",
    "refund": "refunded to the debtor",
    "left_principal": "principal",
    "left_interest": "interest",
    "in_credit": "paid in excess",
}
HEADS = {
    "indemnity": "recovery indemnity",
    "penalties": "penalties granted",
    "costs": "costs granted",
    "penal_clause": "penal clause",
}
WHY = {
    "written_off": "written off in the books, still owed in law",
    "paid_to_interest": "paid, and imputed on interest",
    "paid_to_indemnity": "paid, and imputed on the indemnity",
    "not_imputed": "paid by an insurer or a factor, not imputed",
    "in_credit": "paid in excess",
    "on_account": "on account, given to no invoice in the books",
}


@click.command()
@chosen
@click.option("--until", type=Day(), help="Last day that bears interest; the business day by default.")
@click.option("--known-at", metavar="WHEN", help="A day, an instant, or @POSITION; everything by default.")
@click.option("--reading", "readings", multiple=True, metavar="POINT=CODE", help="How to read a contested point.")
@common
@with_session
def claim(
    session: Session, invoices: tuple[str, ...], debtor: str | None, overdue: bool, until: dt.date | None, known_at: str | None, readings: tuple[str, ...]
) -> None:  # fmt: skip
    """State what is owed in law on a day: principal, interest by period, the 40 EUR, and what each payment went to.

    The books are another thing: the book residual is printed beside it, with why they differ.

    \b
    Example:
      relance claim F-2026-014 --until 2026-06-30
      relance claim --debtor C042 --overdue
    """  # noqa: D301
    from adapters import claims, reading  # noqa: PLC0415
    from cli.output import console  # noqa: PLC0415
    from domain.errors import Misuse  # noqa: PLC0415
    from domain.money import plain  # noqa: PLC0415

    office = session.office
    day, position = until or session.on, reading.known_at(office, known_at)
    streams = office.select(invoices, debtor=debtor, overdue=overdue, on=min(day, session.on))
    read = named_readings(readings)
    try:
        found = claims.claims_of(office, streams, day, position, read)
        shapes = [claims.shape_of_invoice(each) for each in found]
    except OverflowError:
        raise Misuse("that day lies beyond the calendar") from None
    sums = claims.totals(found)
    value: dict[str, Any] = shapes[0] if len(shapes) == 1 else {"claims": shapes, **sums}
    value = {**value, "position": position}

    def show() -> None:
        for each in found:
            console().print(f"{each.number}, claim at the end of {day}, known at @{position}")
            print_claim(each.claim, residual=True)
        if len(found) > 1:
            others = sums["other_heads_cents"]
            console().print(
                f"Together: {plain(sums['total_cents'])} EUR, of which principal {plain(sums['principal_cents'])},"
                f" interest {plain(sums['interest_cents'])}, indemnity {plain(sums['indemnity_cents'])}"
                + (f", other heads {plain(others)}." if others else ".")
            )

    session.emit(value, show, rows=[{"number": one["number"], **line} for one in shapes for line in one["lines"]])


def readings_of(words: Iterable[str]) -> "Readings":
    """The readings named as POINT=CODE, over the defaults.

    Raises:
        Misuse: not of that form, no such point, no such reading.
    """
    from domain.law.readings import Readings  # noqa: PLC0415

    return Readings(named_readings(words))


def named_readings(words: Iterable[str]) -> dict[str, str]:
    """The readings named as POINT=CODE.

    Raises:
        Misuse: not of that form.
    """
    from domain.errors import Misuse  # noqa: PLC0415

    named: dict[str, str] = {}
    for word in words:
        point, sign, code = word.partition("=")
        if not sign:
            raise Misuse(f"{word!r} is not POINT=CODE, such as imputation=principal_first")
        if named.setdefault(point, code) != code:
            raise Misuse(f"{point} is read twice: {named[point]} and {code}")
    return named


def print_claim(found: "Claim", *, residual: bool = False) -> None:
    """Print a claim so that it can be redone with a pencil."""
    from cli.output import console, table  # noqa: PLC0415
    from domain.errors import LawMissing  # noqa: PLC0415
    from domain.money import plain  # noqa: PLC0415
    from projections.statement import lines  # noqa: PLC0415

    out, stated = console(), found.statement
    if found.title_on:
        out.print(f"It follows the order of {found.title_on}: the heads it granted, less what came since the petition.")
    drawn = lines(found)
    running = [each for each in drawn if not each.kind.startswith(("left_", "in_credit"))]
    columns = [("days", "left"), ("", "left"), ("EUR", "right"), ("computation", "left"), ("reference", "left")]
    table(
        columns,
        [[_days(line), _name(line, found), plain(line.cents), line.formula, line.reference] for line in running],
    )
    out.print(f"Owed at the end of {stated.until}:")
    left = [[_name(line, found), plain(line.cents), line.reference] for line in drawn if line not in running]
    table([("", "left"), ("EUR", "right"), ("reference", "left")], [*left, ["total", plain(stated.total_cents), ""]])
    try:
        out.print(f"Each further day adds {stated.per_day():.4f} EUR of interest.")
    except LawMissing as missing:
        out.print(f"What a further day adds is not known: {missing}")
    if residual:
        out.print(f"Book residual: {plain(found.book_residual_cents)} EUR.")
        for name, cents in found.difference:
            out.print(f"  {plain(cents)} EUR {WHY[name]}")
    for warning in found.warnings:
        out.print(f"Note: {warning}.")
    for each in found.readings:
        mark = "" if each.is_default else " (not the default)"
        out.print(f"Reading {each.switch}={each.code}{mark}: {each.text}")


def _days(line: "Line") -> str:
    if line.from_on and line.to_on:
        days = (line.to_on - line.from_on).days + 1
        return f"{line.from_on} to {line.to_on}, {days} d"
    return f"{line.to_on}" if line.to_on else ""


def _name(line: "Line", claim: "Claim") -> str:
    if line.kind == "principal" and claim.title_on:
        return "principal granted"
    if line.kind in {"head", "left_head"}:
        return HEADS.get(line.name, line.name)
    return WORDS.get(line.kind, line.kind.replace("_", " "))
