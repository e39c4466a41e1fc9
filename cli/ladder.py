"""`remind`, `call`, `notify`, `service`: the amicable ladder."""

import datetime as dt
from typing import Any, get_args

import click

from cli.session import Day, Session, common, guarded, with_session, withholdable
from domain.facts.recovery import CallResult, ContactRole, NoticeForm, ReminderChannel, ServiceStage


def chosen(command: Any) -> Any:
    """One or more invoices of a debtor, by number or by the debtor."""
    command = click.option("--overdue", is_flag=True, help="With --debtor: only what is overdue.")(command)
    command = click.option("--debtor", metavar="CODE", help="Every invoice of this debtor, in place of numbers.")(
        command
    )
    return click.argument("invoices", nargs=-1, metavar="[INVOICE]...")(command)


@click.command()
@chosen
@click.option(
    "--channel",
    type=click.Choice(get_args(ReminderChannel)),
    default="email",
    show_default=True,
    help="How it was sent.",
)
@click.option("--level", type=click.IntRange(0), help="0 is a courtesy before the due day; the next level by default.")
@guarded
@with_session
def remind(
    session: Session,
    invoices: tuple[str, ...],
    debtor: str | None,
    overdue: bool,
    channel: Any,
    level: int | None,
    **how: Any,
) -> None:
    """Record a reminder of one or more invoices of a debtor. relance sends nothing yet: you do, and record it here.

    \b
    Example:
      relance remind F-2026-014 --channel letter
      relance remind --debtor C042 --overdue
    """  # noqa: D301
    from adapters import acts  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415

    order = session.order(**how)
    streams = session.office.select(invoices, debtor=debtor, overdue=overdue, on=order.on)
    report(
        session,
        "remind",
        acts.remind(session.office, streams, order, channel=channel, level=level),
        dry_run=order.dry_run,
    )


@click.command()
@chosen
@click.option("--result", type=click.Choice(get_args(CallResult)), required=True, help="What came of it.")
@click.option("--at", metavar="HH:MM", help="Hour in Paris.")
@click.option("--contact", type=click.Choice(get_args(ContactRole)), help="Who answered.")
@withholdable
@guarded
@with_session
def call(
    session: Session,
    invoices: tuple[str, ...],
    debtor: str | None,
    overdue: bool,
    result: Any,
    at: str | None,
    contact: Any,
    **how: Any,
) -> None:
    """Record a telephone call. Confirm what was said by e-mail the same day: a call alone proves little.

    \b
    Example:
      relance call F-2026-014 --result reached --at 14:30 --contact accounts
    """  # noqa: D301
    from adapters import acts  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415
    from domain.facts.recovery import DebtorCalled  # noqa: PLC0415

    order = session.order(**how)
    fact = DebtorCalled(at=_hour(at), contact=contact, on=order.on, result=result)
    streams = session.office.select(invoices, debtor=debtor, overdue=overdue, on=order.on)
    done = acts.perform(session.office, streams, order, "call", acts.acting(lambda _: fact, "call"))
    report(session, "call", done, dry_run=order.dry_run)


def _hour(word: str | None) -> str | None:
    if word is None:
        return None
    try:
        return f"{dt.datetime.strptime(word, '%H:%M'):%H:%M}"  # noqa: DTZ007 - an hour in Paris, without a day
    except ValueError:
        raise click.BadParameter(f"{word!r} is not an hour: write 14:30") from None


@click.command()
@chosen
@click.option(
    "--form",
    type=click.Choice(get_args(NoticeForm)),
    default="lrar",
    show_default=True,
    help="How it was given; the law asks for none.",
)
@click.option("--deadline", type=Day(), help="Last day given to pay; the policy's by default.")
@click.option("--consented", type=Day(), help="Day a consumer consented to electronic registered letters (L100).")
@guarded
@with_session
def notify(
    session: Session,
    invoices: tuple[str, ...],
    debtor: str | None,
    overdue: bool,
    form: Any,
    deadline: dt.date | None,
    consented: dt.date | None,
    **how: Any,
) -> None:
    """Record a formal notice (mise en demeure). It does not interrupt the time-bar.

    \b
    Example:
      relance notify F-2026-014 --form lrar
    """  # noqa: D301
    from adapters import acts  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415

    order = session.order(**how)
    streams = session.office.select(invoices, debtor=debtor, overdue=overdue, on=order.on)
    report(
        session,
        "notify",
        acts.notify(session.office, streams, order, form=form, deadline=deadline, consented=consented),
        dry_run=order.dry_run,
    )


@click.command()
@click.argument("invoice")
@click.option(
    "--version", type=int, required=True, help="Version of the reminder or notice it belongs to (see `history`)."
)
@click.option("--stage", type=click.Choice(get_args(ServiceStage)), required=True, help="How far it got.")
@common
@with_session
def service(session: Session, invoice: str, version: int, stage: Any) -> None:
    """Record how a letter or an act fared on its way: deposited, presented, received, refused, unclaimed.

    \b
    Example:
      relance service F-2026-014 --version 6 --stage received --on 2026-03-04
    """  # noqa: D301
    from adapters import acts  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415

    order = session.order()
    stream = session.office.registry.invoice(invoice)
    done = acts.serve(session.office, stream, order, version=version, stage=stage)
    report(session, "service", done)
