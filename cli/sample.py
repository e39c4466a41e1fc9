"""`sample`: an audit sample of open invoices that anyone can draw again."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from cli.session import Day, Euros, Session, common, with_session

if TYPE_CHECKING:
    from adapters.sampling import Sample


@click.command()
@click.option("--seed", type=click.IntRange(0), required=True, metavar="N", help="The same seed draws the same sample.")
@click.option(
    "--size",
    type=click.IntRange(0),
    required=True,
    metavar="N",
    help="How many to draw beside the key items; of monetary units, how many cents.",
)
@click.option("--above", type=Euros(), metavar="EUR", help="Key items: every invoice above this amount is taken.")
@click.option(
    "--method", type=click.Choice(("simple", "mus")), default="simple", show_default=True,
    help="simple: each invoice has the same chance; mus: each cent has.",
)  # fmt: skip
@click.option(
    "--by", type=click.Choice(("residual", "invoice")), default="residual", show_default=True,
    help="What an invoice counts for: what is left of it, or what was invoiced.",
)  # fmt: skip
@click.option("--as-of", type=Day(), help="Day on which the invoices are open; the business day by default.")
@click.option("--known-at", metavar="WHEN", help="A day, an instant, or @POSITION: what was recorded by then.")
@click.option("--creditor", metavar="REF", help="One creditor; all of them by default.")
@common
@with_session
def sample(
    session: Session, seed: int, size: int, above: int | None, method: Any, by: Any, as_of: dt.date | None, known_at: str | None,
    creditor: str | None,
) -> None:  # fmt: skip
    """Draw an audit sample of open invoices: all above a threshold (key items), then some of the rest by a stated method.

    The draw depends on nothing but the seed and what is recorded, so that another can do it again, by hand if need be: the output
    says how. simple: the N lowest SHA-256 of "SEED STREAM". mus: monetary units, the cents of all laid end to end in the order of
    the streams, one in every T / N of them drawn from a start that the seed gives. Invoices in credit and money on account are in
    no population; they are said apart, so that the whole is the aged balance.

    \b
    Example:
      relance sample --seed 2025 --size 30 --above 10000 --as-of 2025-12-31 --method mus
    """  # noqa: D301
    from adapters import reading  # noqa: PLC0415
    from adapters.sampling import Plan  # noqa: PLC0415
    from adapters.sampling import sample as draw  # noqa: PLC0415

    office = session.office
    only = office.registry.creditor(creditor) if creditor else None
    corner = reading.corner(office, as_of or session.on, known_at)
    found = draw(office, corner, Plan(seed, size, method, by, above), creditor=only)
    value = found.value()
    session.emit(value, lambda: _show(found), rows=value["rows"])


def _show(found: "Sample") -> None:
    from cli.output import console, table  # noqa: PLC0415
    from domain.errors import in_words  # noqa: PLC0415
    from domain.money import plain  # noqa: PLC0415
    from projections.sampling import METHODS, percent  # noqa: PLC0415

    out, plan = console(), found.plan
    out.print(
        f"Sample of the invoices open on {in_words(found.corner.as_of)}, known at @{found.corner.position}: seed {plan.seed}, method {plan.method}"
    )
    rows = [
        [
            row.number, row.debtor, row.name[:30], str(row.issued_on), ", ".join(str(due or "unknown") for due in row.due_on),
            plain(row.invoiced_cents), plain(row.residual_cents), plain(row.disputed_cents) if row.disputed_cents else ".",
            row.stratum, row.mark.replace(" ", ", "),
        ]
        for row in found.rows
    ]  # fmt: skip
    columns = [
        ("number", "left"), ("debtor", "left"), ("name", "left"), ("issued", "left"), ("due", "left"), ("invoiced", "right"),
        ("residual", "right"), ("disputed", "right"), ("stratum", "left"), ("drawn by", "left"),
    ]  # fmt: skip
    table(columns, rows)
    out.print()
    measure = "what is left of each" if plan.by == "residual" else "what was invoiced on each"
    lines = [("population", found.population)]
    if plan.above_cents is not None:
        lines.append((f"key items, above {plain(plan.above_cents)} EUR", found.key))
    lines += [("drawn of the rest", found.drawn), ("sample", found.sampled)]
    table(
        [(f"counted by {measure}", "left"), ("invoices", "right"), ("EUR", "right"), ("% of EUR", "right")],
        [[word, str(n.invoices), plain(n.cents), percent(n.cents, found.population.cents)] for word, n in lines],
    )
    if found.in_credit.invoices or found.on_account_cents:
        out.print(
            f"In no population: {found.in_credit.invoices} invoices in credit of {plain(found.in_credit.cents)} EUR,"
            f" {plain(found.on_account_cents)} EUR on the accounts of debtors."
        )
    out.print(f"Method {plan.method}: {METHODS[plan.method]}.")
