"""`law due`: when an invoice falls due, and how late a lawful term may reach."""

import datetime as dt
from typing import Any, get_args

import click

from cli.session import Day, Session, common, with_session
from domain.payment_terms import Buyer, Debtor, Method, Sector

METHODS = tuple(method.replace("_", "-") for method in get_args(Method))


@click.command()
@click.option("--issued", type=Day(), required=True, help="Day of issue of the invoice; it does not count.")
@click.option(
    "--terms",
    metavar="TERMS",
    help="What was agreed: 30d, 45d-eom, 0d-receipt, on:2026-03-31, or as printed: '45 jours fin de mois'.",
)
@click.option("--method", type=click.Choice(METHODS), help="How an end-of-month term is counted, as the contract says.")
@click.option("--performed", type=Day(), help="Day of delivery or performance; without terms the time runs from it.")
@click.option("--debtor", type=click.Choice(get_args(Debtor)), default="b2b", show_default=True, help="Who is to pay.")
@click.option(
    "--sector",
    type=click.Choice(get_args(Sector)),
    default="general",
    show_default=True,
    help="Which cap between professionals.",
)
@click.option("--received", type=Day(), help="Day the invoice, or the payment request to a public buyer, was received.")
@click.option("--receipt-uncertain", is_flag=True, help="The day a public buyer received the request is uncertain.")
@click.option(
    "--buyer", type=click.Choice(get_args(Buyer)), default="state", show_default=True, help="Which public buyer."
)
@common
@with_session
def due(session: Session, issued: dt.date, terms: str | None, method: str | None, **others: Any) -> None:
    """Print the day an invoice falls due, the last day a lawful term may reach, and how both are counted.

    The law is that of the day of issue. A due day is never moved to a working day.

    \b
    Example:
      relance law due --issued 2026-01-15 --terms 45d-eom --method add-then-eom
    """  # noqa: D301
    from domain.errors import in_words  # noqa: PLC0415
    from domain.payment_terms import due as due_on  # noqa: PLC0415
    from domain.payment_terms import parse_terms  # noqa: PLC0415

    agreed = parse_terms(terms) if terms is not None else None
    counted: Any = method.replace("-", "_") if method else None
    found = due_on(session.law, issued, agreed, counted, **others)
    value = {
        "due_on": found.due_on,
        "cap_on": found.cap_on,
        "terms": agreed.code if agreed else None,
        "reference": found.reference,
        "warnings": list(found.warnings),
        "steps": list(found.steps),
    }

    def display() -> None:
        cap = f"; cap {in_words(found.cap_on)}" if found.cap_on else ""
        click.echo(f"{in_words(found.due_on)}{cap} [{found.reference}]")
        for step in found.steps:
            click.echo(f"  {step}")
        for warning in found.warnings:
            session.remark(f"Warning: {warning}.")

    session.emit(value, display)
