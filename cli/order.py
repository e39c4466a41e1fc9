"""`escalate` and `order`: the injonction de payer."""

import datetime as dt
from typing import Any, get_args

import click

from cli.ladder import chosen
from cli.session import Day, Euros, Session, common, guarded, with_session
from domain.facts.procedure import EnforceableBasis, ServiceMode


@click.command()
@chosen
@click.option("--court", required=True, metavar="CODE", help="Court, as a code: tc-angers, tj-nantes.")
@guarded
@with_session
def escalate(
    session: Session, invoices: tuple[str, ...], debtor: str | None, overdue: bool, court: str, **how: Any
) -> None:
    """Record a petition for an injonction de payer, for what is due on each invoice in principal.

    The law asks for no reminder, call or notice before it: those are the creditor's policy.

    \b
    Example:
      relance escalate F-2026-014 --court tc-angers
    """  # noqa: D301
    from adapters import procedure  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415

    order = session.order(**how)
    streams = session.office.select(invoices, debtor=debtor, overdue=overdue, on=order.on)
    remarks = [
        "Filing does not interrupt the time-bar: serving the order does.",
        "Interest and indemnity are not computed by this version: the petition recorded is for the principal.",
    ]
    report(
        session,
        "escalate",
        procedure.escalate(session.office, streams, order, court=court),
        dry_run=order.dry_run,
        remarks=remarks,
    )


@click.group()
def order() -> None:
    """Record what became of the petition, on any invoice of the proceeding: it is recorded on all.

    \b
    Example:
      relance order granted F-2026-014 --on 2026-09-02
    """  # noqa: D301


def _step(session: Session, invoice: str, step: str, make: Any) -> None:
    from adapters import procedure  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415

    stream = session.office.registry.invoice(invoice)
    report(
        session, f"order {step}", procedure.order_step(session.office, stream, session.order(), make, f"order {step}")
    )


@order.command()
@click.argument("invoice")
@click.option("--principal", type=Euros(), help="Principal granted; all that was claimed by default.")
@click.option("--received", type=Day(), help="Day the copy came from the greffe.")
@common
@with_session
def granted(session: Session, invoice: str, principal: int | None, received: dt.date | None) -> None:
    """The judge ordered payment; --on is the date of the order.

    \b
    Example:
      relance order granted F-2026-014 --on 2026-09-02
    """  # noqa: D301
    from domain.facts.procedure import Head, OrdonnanceGranted  # noqa: PLC0415

    on = session.on

    def make(proceeding: str, heads: Any) -> OrdonnanceGranted:
        chosen_heads = heads if principal is None else (Head(cents=principal, head="principal"),)
        return OrdonnanceGranted(copy_received_on=received, heads=chosen_heads, on=on, proceeding=proceeding)

    _step(session, invoice, "granted", make)


@order.command()
@click.argument("invoice")
@common
@with_session
def refused(session: Session, invoice: str) -> None:
    """The judge refused the request. There is no appeal; the ordinary suit stays open (CPC, art. 1409).

    \b
    Example:
      relance order refused F-2026-014 --on 2026-09-02
    """  # noqa: D301
    from domain.facts.procedure import OrdonnanceRefused  # noqa: PLC0415

    on = session.on
    _step(session, invoice, "refused", lambda proceeding, _: OrdonnanceRefused(on=on, proceeding=proceeding))


@order.command()
@click.argument("invoice")
@click.option(
    "--mode",
    type=click.Choice(get_args(ServiceMode)),
    required=True,
    help="How it was served; in person starts the month at once.",
)
@common
@with_session
def served(session: Session, invoice: str, mode: Any) -> None:
    """A commissaire de justice served the order.

    \b
    Example:
      relance order served F-2026-014 --mode person --on 2026-09-14
    """  # noqa: D301
    from domain.facts.procedure import OrdonnanceServed  # noqa: PLC0415

    on = session.on
    _step(session, invoice, "served", lambda proceeding, _: OrdonnanceServed(mode=mode, on=on, proceeding=proceeding))


@order.command()
@click.argument("invoice")
@click.option("--notice-received", type=Day(), help="Day the notice of opposition came from the greffe.")
@common
@with_session
def opposed(session: Session, invoice: str, notice_received: dt.date | None) -> None:
    """The debtor opposed the order; --on is the day the opposition was made or posted.

    \b
    Example:
      relance order opposed F-2026-014 --on 2026-10-05 --notice-received 2026-10-12
    """  # noqa: D301
    from domain.facts.procedure import OppositionLodged  # noqa: PLC0415

    on = session.on
    _step(
        session,
        invoice,
        "opposed",
        lambda proceeding, _: OppositionLodged(notice_received_on=notice_received, on=on, proceeding=proceeding),
    )


@order.command()
@click.argument("invoice")
@click.option(
    "--basis",
    type=click.Choice(get_args(EnforceableBasis)),
    required=True,
    help="On what it rests: a document, or your own explicit statement; never silence.",
)
@common
@with_session
def enforceable(session: Session, invoice: str, basis: Any) -> None:
    """The title may be enforced.

    \b
    Example:
      relance order enforceable F-2026-014 --basis no_opposition_certificate --on 2026-11-17
    """  # noqa: D301
    from domain.facts.procedure import TitleEnforceable  # noqa: PLC0415

    on = session.on
    _step(
        session,
        invoice,
        "enforceable",
        lambda proceeding, _: TitleEnforceable(basis=basis, on=on, proceeding=proceeding),
    )
