"""`pay`, `reverse`, `credit`, `write-off`: cents that move."""

import datetime as dt
from typing import Any, get_args

import click

from cli.ladder import chosen
from cli.session import Day, Euros, Session, common, guarded, with_session
from domain.facts.invoicing import CreditReason, PaymentMeans, PaymentSource, ReversalReason, WriteOffReason


@click.command()
@click.argument("invoices", nargs=-1, metavar="[INVOICE]...")
@click.option("--amount", type=Euros(), help="What came in; all that is owed by default, on one invoice.")
@click.option(
    "--debtor", metavar="CODE", help="A transfer of this debtor, over the invoices named, else over the oldest due."
)
@click.option("--creditor", metavar="REF", help="Whose customer, when several have one of that code.")
@click.option("--means", type=click.Choice(get_args(PaymentMeans)), help="How it was paid.")
@click.option(
    "--source", type=click.Choice(get_args(PaymentSource)), default="debtor", show_default=True, help="Who paid."
)
@click.option(
    "--handed-on", type=Day(), help="Day a cheque or bill was handed over; --on is the day the funds were available."
)
@click.option("--booked-on", type=Day(), help="Accounting day, when it is another.")
@click.option("--instalment", type=click.IntRange(1), help="Instalment the payment names.")
@click.option("--dry-run", is_flag=True, help="Print what would be recorded, record nothing.")
@common
@with_session
def pay(
    session: Session, invoices: tuple[str, ...], amount: int | None, debtor: str | None, creditor: str | None, means: Any, source: Any,
    handed_on: dt.date | None, booked_on: dt.date | None, instalment: int | None, dry_run: bool,
) -> None:  # fmt: skip
    """Record money that came in: on one invoice, in part or whole, or a transfer over several.

    \b
    Example:
      relance pay F-2026-014 --amount 500 --on 2026-02-20
      relance pay --debtor C042 --amount "3 450,00" --means transfer
    """  # noqa: D301
    from adapters import cases, payments  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415
    from domain.errors import Misuse, in_words  # noqa: PLC0415
    from domain.money import plain  # noqa: PLC0415

    office, order = session.office, session.order(dry_run=dry_run)
    common_words: dict[str, Any] = {
        "means": means,
        "source": source,
        "handed_on": handed_on,
        "booked_on": booked_on,
        "instalment": instalment,
    }
    remarks = []
    if debtor is None:
        if len(invoices) != 1:
            raise Misuse("name one invoice, or the --debtor of a transfer over several")
        stream = office.registry.invoice(invoices[0])
        done = payments.pay(office, stream, order, payments.Payment(amount, **common_words))
        case = cases.load(office, stream, office.app.today)
        if order.on < case.issued.on:
            remarks.append(f"The payment comes before the issue: it counts from {in_words(case.issued.on)}.")
        left = -min(case.invoice.unsettled_cents, 0)
        if left:
            remarks.append(f"The invoice is {plain(left)} EUR in credit.")
    else:
        if amount is None:
            raise Misuse("a transfer has an --amount")
        id = office.registry.debtor(debtor, office.registry.creditor(creditor) if creditor else None)
        streams = [office.registry.invoice(word) for word in invoices]
        done, left = payments.pay_debtor(office, id, order, payments.Payment(amount, **common_words), streams)
        if left:
            remarks.append(f"{plain(left)} EUR remain unallocated on the account of {debtor}.")
    report(session, "pay", done, dry_run=dry_run, remarks=remarks)


@click.command()
@click.argument("invoice")
@click.option("--reason", type=click.Choice(get_args(ReversalReason)), required=True, help="Why it came back.")
@click.option("--amount", type=Euros(), help="What came back; the whole payment by default.")
@click.option("--version", type=int, help="Version of the payment, when there are several (see `history`).")
@click.option(
    "--whole", is_flag=True, help="The whole transfer came back: on every invoice it paid, and what was unallocated."
)
@common
@with_session
def reverse(session: Session, invoice: str, reason: str, amount: int | None, version: int | None, whole: bool) -> None:
    """Record that a payment came back: the cheque bounced, the debit was returned, the sum was refunded.

    \b
    Example:
      relance reverse F-2026-014 --reason returned_cheque --on 2026-03-10
    """  # noqa: D301
    from adapters import payments  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415
    from domain.errors import Misuse  # noqa: PLC0415

    office, order = session.office, session.order()
    stream = office.registry.invoice(invoice)
    if whole:
        if amount is not None:
            raise Misuse("--whole takes the transfer whole: leave --amount out")
        done = payments.reverse_transfer(office, stream, order, reason=reason, version=version)
    else:
        done = payments.reverse(office, stream, order, cents=amount, reason=reason, version=version)
    report(session, "reverse", done)


@click.command()
@click.argument("invoice")
@click.option("--amount", type=Euros(), required=True, help="Amount of the credit note, VAT included.")
@click.option(
    "--vat", type=Euros(), help="VAT in it; what has none on record lessens no sale without VAT (dso, d4416)."
)
@click.option("--number", required=True, help="Number of the credit note.")
@click.option("--reason", type=click.Choice(get_args(CreditReason)), default="unstated", show_default=True, help="Why.")
@click.option("--never-due", is_flag=True, help="The sum was never due: interest does not run on it from the due day.")
@common
@with_session
def credit(
    session: Session, invoice: str, amount: int, vat: int | None, number: str, reason: str, never_due: bool
) -> None:
    """Record a credit note (avoir) on an invoice.

    \b
    Example:
      relance credit F-2026-014 --amount 200 --number A-2026-003 --reason price
    """  # noqa: D301
    from adapters import payments  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415

    stream = session.office.registry.invoice(invoice)
    done = payments.credit(
        session.office, stream, session.order(), cents=amount, vat_cents=vat,
        number=number, reason=reason, never_due=never_due,
    )  # fmt: skip
    report(session, "credit", done)


@click.command("write-off")
@chosen
@click.option("--amount", type=Euros(), help="What the books give up; all they carry by default.")
@click.option("--why", type=click.Choice(get_args(WriteOffReason)), required=True, help="Why the books give it up.")
@guarded
@with_session
def write_off(
    session: Session,
    invoices: tuple[str, ...],
    debtor: str | None,
    overdue: bool,
    amount: int | None,
    why: str,
    **how: Any,
) -> None:
    """Record that the books give all or part of a claim up. It ends nothing in law: collection stays possible.

    \b
    Example:
      relance write-off F-2026-014 --why uneconomic
    """  # noqa: D301
    from adapters import acts  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415

    order = session.order(**how)
    streams = session.office.select(invoices, debtor=debtor, overdue=overdue, on=order.on)
    report(
        session,
        "write-off",
        acts.write_off(session.office, streams, order, cents=amount, reason=why),
        dry_run=order.dry_run,
    )
