"""`law interest`: late-payment interest on a debt, without a store."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from cli.session import Day, Euros, Session, common, with_session

BASES = {"fixed": "fixed", "legal-multiple": "legal_multiple", "ecb-plus": "ecb_plus"}


@click.command()
@click.option("--principal", type=Euros(), required=True, help="What was due, VAT included.")
@click.option("--due", type=Day(), required=True, help="The due day; interest runs from the day after.")
@click.option("--until", type=Day(), required=True, help="The last day that bears interest.")
@click.option(
    "--payment", "payments", multiple=True, metavar="DATE=EUR", help="A payment and its day; give it again for each."
)
@click.option("--rate", metavar="PERCENT", help="The contract's rate, in percent a year.")
@click.option(
    "--rate-basis",
    type=click.Choice(tuple(BASES)),
    default="fixed",
    show_default=True,
    help="What --rate is: a percentage, a multiple of the legal rate, or points above the ECB's.",
)
@click.option(
    "--regime", type=click.Choice(("b2b", "consumer", "public")), default="b2b", show_default=True, help="Who owes."
)
@click.option("--contracted", type=Day(), help="Day of the contract.")
@click.option("--notified", type=Day(), help="Day a consumer received the formal notice, or it was first presented.")
@click.option(
    "--creditor",
    type=click.Choice(("professional", "individual")),
    default="professional",
    show_default=True,
    help="Whose claim it is: decides on the legal rate.",
)
@click.option(
    "--imputation", type=click.Choice(("interest-first", "principal-first")), help="What a payment goes to first."
)
@click.option(
    "--day-count",
    type=click.Choice(("exclude-include", "include-include", "exclude-exclude")),
    help="Whether the first and the last day count.",
)
@click.option("--enforceable", type=Day(), help="Day the title became enforceable: five points more two months later.")
@click.option("--capitalised", type=Day(), help="Day from which the contract or a decision has interest bear interest.")
@click.option("--stopped", type=Day(), help="Day of the opening judgment, which stops interest.")
@click.option("--grace", multiple=True, metavar="DATE..DATE", help="A span granted by a judge, without interest.")
@click.option("--plan", multiple=True, metavar="DATE..DATE", help="A span of an amicable plan that was kept.")
@click.option("--reading", "chosen", multiple=True, metavar="POINT=CODE", help="How to read a contested point.")
@common
@with_session
def interest(session: Session, principal: int, due: dt.date, until: dt.date, **told: Any) -> None:
    """Compute late-payment interest half-year by half-year, payments imputed, with the article of each line.

    \b
    Example:
      relance law interest --principal 10000 --due 2025-05-31 --until 2025-08-31
      relance law interest --principal 10000 --due 2025-05-31 --until 2025-08-31 --payment 2025-06-30=4000
    """  # noqa: D301
    from adapters.claims import shape  # noqa: PLC0415
    from cli.claim import print_claim, readings_of  # noqa: PLC0415
    from domain.account import Movement  # noqa: PLC0415
    from domain.claim import of_debt  # noqa: PLC0415
    from domain.errors import Misuse  # noqa: PLC0415
    from domain.penalties import GRACE, Clause, Debt  # noqa: PLC0415

    words = [
        f"{name}={told[option].replace('-', '_') if name == 'imputation' else told[option]}"
        for name, option in (("imputation", "imputation"), ("day_count", "day_count"))
        if told[option]
    ]
    readings = readings_of((*words, *told["chosen"]))
    spans = [(*_span(word), GRACE) for word in told["grace"]]
    rate = _percent(told["rate"]) if told["rate"] is not None else None
    if rate is not None and told["regime"] == "public":
        raise Misuse("--rate: a public buyer owes the rate of the law, whatever the contract says (CCP, art. R2192-31)")
    basis: Any = BASES[told["rate_basis"]]
    debt = Debt(
        regime=told["regime"],
        clause=Clause(basis, rate) if rate is not None else None,
        creditor=told["creditor"],
        contracted_on=told["contracted"],
        notified_on=told["notified"],
        stopped_on=told["stopped"],
        capitalised_from=told["capitalised"],
        enforceable_on=told["enforceable"],
        spared=tuple(spans),
        planned=tuple(_span(word) for word in told["plan"]),
    )
    payments = [Movement(*_payment(word)) for word in told["payments"]]
    try:
        claim = of_debt(session.law, debt, principal, due, until, payments, readings=readings)
        value = shape(claim)
    except (OverflowError, ValueError):
        raise Misuse("one of the days lies beyond the calendar") from None
    session.emit(value, lambda: print_claim(claim), rows=value["segments"])


def _payment(word: str) -> tuple[dt.date, int]:
    when, _, amount = word.partition("=")
    return Day().convert(when, None, None), Euros().convert(amount, None, None)


def _span(word: str) -> tuple[dt.date, dt.date]:
    first, _, last = word.partition("..")
    span = Day().convert(first, None, None), Day().convert(last, None, None)
    if span[1] < span[0]:
        raise click.BadParameter(f"{word!r}: the last day comes before the first")
    return span


def _percent(word: str) -> Decimal:
    from cli.issue import rate_text  # noqa: PLC0415

    try:
        return Decimal(rate_text(word))
    except InvalidOperation:  # nan, which no comparison takes
        raise click.BadParameter(f"{word!r} is not a rate: write 10 or 12.5, in percent a year") from None
