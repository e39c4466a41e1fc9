"""`promise`, `acknowledge`, `dispute`, `settle`, `insolvency`: what comes from the debtor."""

import datetime as dt
from typing import Any, get_args

import click

from cli.session import Day, Euros, Session, common, with_session, withholdable
from domain.facts.insolvency import InsolvencyKind
from domain.facts.invoicing import DisputeOutcome, DisputeReason


@click.command()
@click.argument("invoice")
@click.option("--by", "due", type=Day(), required=True, help="Day by which the debtor promised to pay.")
@click.option("--amount", type=Euros(), help="What was promised; all that is owed by default.")
@click.option("--means", type=click.Choice(("call", "email", "letter", "visit", "other")), help="How the promise came.")
@withholdable
@common
@with_session
def promise(session: Session, invoice: str, due: dt.date, amount: int | None, means: Any, confidential: Any) -> None:
    """Record a promise to pay. It is waited for: reminders hold until the day after.

    \b
    Example:
      relance promise F-2026-014 --by 2026-03-15 --means call
    """  # noqa: D301
    from adapters import acts  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415
    from domain.errors import Misuse  # noqa: PLC0415
    from domain.facts.invoicing import PaymentPromised  # noqa: PLC0415

    order = session.order(confidential=confidential)
    if due < order.on:
        raise Misuse("a promise is for a day to come")
    fact = PaymentPromised(cents=amount, due_on=due, means=means, on=order.on)
    stream = session.office.registry.invoice(invoice)
    report(
        session,
        "promise",
        acts.perform(session.office, [stream], order, "promise", acts.seeing(lambda _: [fact], "promise")),
    )


@click.command()
@click.argument("invoice")
@click.option("--amount", type=Euros(), help="What was acknowledged; the whole debt by default.")
@click.option("--means", type=click.Choice(("letter", "email", "minutes", "call", "other")), help="How.")
@withholdable
@common
@with_session
def acknowledge(session: Session, invoice: str, amount: int | None, means: Any, confidential: Any) -> None:
    """Record that the debtor acknowledged the debt. It may interrupt the time-bar (C. civ., art. 2240): the arguable date moves.

    \b
    Example:
      relance acknowledge F-2026-014 --means email --on 2026-05-12
    """  # noqa: D301
    from adapters import acts  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415
    from domain.facts.invoicing import DebtAcknowledged  # noqa: PLC0415

    order = session.order(confidential=confidential)
    fact = DebtAcknowledged(cents=amount, means=means, on=order.on)
    stream = session.office.registry.invoice(invoice)
    done = acts.perform(session.office, [stream], order, "acknowledge", acts.seeing(lambda _: [fact], "acknowledge"))
    report(session, "acknowledge", done)


@click.command()
@click.argument("invoice")
@click.option("--amount", type=Euros(), help="What is disputed; all that is unpaid by default.")
@click.option(
    "--reason",
    type=click.Choice(get_args(DisputeReason)),
    default="unstated",
    show_default=True,
    help="What the debtor says.",
)
@common
@with_session
def dispute(session: Session, invoice: str, amount: int | None, reason: str) -> None:
    """Record that the debtor disputes all or part of an invoice.

    \b
    Example:
      relance dispute F-2026-014 --amount 200 --reason quantity
    """  # noqa: D301
    from adapters import acts  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415

    stream = session.office.registry.invoice(invoice)
    report(session, "dispute", acts.dispute(session.office, stream, session.order(), cents=amount, reason=reason))


@click.command()
@click.argument("invoice")
@click.option(
    "--outcome",
    type=click.Choice(get_args(DisputeOutcome)),
    required=True,
    help="Who was right; abandoned: the debtor gave it up.",
)
@common
@with_session
def settle(session: Session, invoice: str, outcome: Any) -> None:
    """Record how the open dispute ended. A price that fell is a credit note besides (`credit`).

    \b
    Example:
      relance settle F-2026-014 --outcome rejected
    """  # noqa: D301
    from adapters import acts  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415
    from domain.facts.invoicing import DisputeSettled  # noqa: PLC0415

    order = session.order()
    fact = DisputeSettled(on=order.on, outcome=outcome)
    stream = session.office.registry.invoice(invoice)
    report(
        session,
        "settle",
        acts.perform(session.office, [stream], order, "settle", acts.seeing(lambda _: [fact], "settle")),
    )


@click.command()
@click.argument("debtor")
@click.option("--kind", type=click.Choice(get_args(InsolvencyKind)), required=True, help="Which proceedings.")
@click.option(
    "--published", type=Day(), help="Day of publication in the BODACC: the two months to declare run from it."
)
@click.option("--creditor", metavar="REF", help="Whose customer, when several have one of that code.")
@common
@with_session
def insolvency(session: Session, debtor: str, kind: Any, published: dt.date | None, creditor: str | None) -> None:
    """Record the opening judgment (--on its day) and stay every open invoice performed before it.

    \b
    Example:
      relance insolvency C042 --kind liquidation --on 2026-04-14 --published 2026-04-23
    """  # noqa: D301
    from adapters import insolvency as use_case  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415

    office = session.office
    id = office.registry.debtor(debtor, office.registry.creditor(creditor) if creditor else None)
    order = session.order()
    done = use_case.open_insolvency(office, id, order, kind=kind, published_on=published)
    remarks = [
        "The claim is declared to the mandataire judiciaire, in a liquidation to the liquidateur, within two months of publication (four outside metropolitan France): C. com., art. L622-24, R622-24, R641-25.",
    ]
    unknown = [
        each.number
        for each in done
        if each.decided and office.app.stream(each.stream).envelopes[0].fact.model_dump().get("performed_on") is None
    ]
    if unknown:
        remarks.append(
            f"Stayed without a known day of performance, to be qualified: {', '.join(unknown)} (C. com., art. L622-17)."
        )
    remarks += use_case.after_judgment(office, done, order.on)
    report(session, "insolvency", done, remarks=remarks)
