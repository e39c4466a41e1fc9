"""`escalate` and `order`: the injonction de payer."""

import datetime as dt
import re
from typing import Any, get_args

import click

from cli.ladder import chosen
from cli.session import Day, Euros, Session, common, guarded, with_session
from domain.facts.procedure import EnforceableBasis, ServiceMode


@click.command()
@chosen
@click.option("--court", required=True, metavar="CODE", help="Court, as a code: tc-angers, tj-nantes.")
@click.option("--principal-only", is_flag=True, help="Claim neither penalties nor the 40 EUR.")
@click.option(
    "--principal", type=Euros(), help="Claim this much principal of one invoice, such as what is not disputed."
)
@guarded
@with_session
def escalate(
    session: Session, invoices: tuple[str, ...], debtor: str | None, overdue: bool, court: str, principal_only: bool, principal: int | None, **how: Any
) -> None:  # fmt: skip
    """Record a petition for an injonction de payer, for what is due on each invoice: principal, penalties run, the 40 EUR.

    `claim` takes the sums apart. The law asks for no reminder, call or notice before it: those are the creditor's policy.

    \b
    Example:
      relance escalate F-2026-014 --court tc-angers
    """  # noqa: D301
    from adapters import procedure  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415

    order = session.order(**how)
    streams = session.office.select(invoices, debtor=debtor, overdue=overdue, on=order.on)
    done = procedure.escalate(
        session.office, streams, order, court=_court(court), principal_only=principal_only, principal=principal
    )
    remark = "Filing does not interrupt the time-bar: serving the order does."
    report(session, "escalate", done, dry_run=order.dry_run, remarks=[remark])


def _court(word: str) -> str:
    code = word.strip().lower()
    if not re.fullmatch(r"(tc|tae|tj|jcp)-[a-z0-9][a-z0-9-]{0,40}", code):
        raise click.BadParameter(
            f"{word!r} is no court: write tc-angers (tribunal de commerce), tae-nantes (activités économiques),"
            " tj-angers (tribunal judiciaire) or jcp-angers (contentieux de la protection)"
        )
    return code


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


def _bare_step(session: Session, invoice: str, step: str, kind: Any) -> None:
    """A step that carries its day and its proceeding, nothing else."""
    on = session.on
    _step(session, invoice, step, lambda proceeding, _: kind(on=on, proceeding=proceeding))


@order.command()
@click.argument("invoice")
@click.option("--principal", type=Euros(), help="Principal granted; all that was claimed by default.")
@click.option(
    "--head",
    "others",
    multiple=True,
    metavar="NAME=EUR",
    help="Another head granted: penalties, indemnity, penal_clause, costs, other; give it again for each.",
)
@click.option(
    "--rate",
    type=click.Choice(("legal", "b2b", "contract")),
    help="Interest granted on the principal; as claimed by default.",
)
@click.option("--from", "from_on", type=Day(), help="Day from which it runs; as claimed by default.")
@click.option("--received", type=Day(), help="Day the copy came from the greffe.")
@click.option("--counted-until", "counted", type=Day(), help="Payments up to that day are taken off the heads already.")
@common
@with_session
def granted(
    session: Session, invoice: str, principal: int | None, others: tuple[str, ...], rate: Any, from_on: dt.date | None, received: dt.date | None, counted: dt.date | None
) -> None:  # fmt: skip
    """The judge ordered payment; --on is the date of the order. Without heads, all that was claimed was granted.

    \b
    Example:
      relance order granted F-2026-014 --on 2026-09-02
      relance order granted F-2026-014 --on 2026-09-02 --principal 1000 --head indemnity=40 --rate legal
    """  # noqa: D301
    from domain.errors import Misuse  # noqa: PLC0415
    from domain.facts.procedure import Head, OrdonnanceGranted  # noqa: PLC0415

    on = session.on
    named = [_head(word) for word in others]
    if named and principal is None:
        raise Misuse("--head names what was granted besides the principal: give --principal too")

    def make(proceeding: str, heads: Any) -> OrdonnanceGranted:
        claimed = next((head for head in heads if head.head == "principal"), None)
        first = claimed or Head(cents=principal or 0, head="principal")
        changed = {"cents": principal, "rate_kind": rate, "from_on": from_on}
        first = first.model_copy(update={key: value for key, value in changed.items() if value is not None})
        rest = tuple(head for head in heads if head is not claimed) if principal is None else tuple(named)
        return OrdonnanceGranted(
            copy_received_on=received, counted_until=counted, heads=(first, *rest), on=on, proceeding=proceeding
        )

    _step(session, invoice, "granted", make)


def _head(word: str) -> Any:
    from domain.facts.procedure import Head, HeadName  # noqa: PLC0415

    name, _, amount = word.partition("=")
    if name == "principal" or name not in get_args(HeadName):
        raise click.BadParameter(f"{word!r} is not NAME=EUR with a name among {', '.join(get_args(HeadName)[1:])}")
    return Head.model_validate({"cents": Euros().convert(amount, None, None), "head": name})


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

    _bare_step(session, invoice, "refused", OrdonnanceRefused)


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


@order.command()
@click.argument("invoice")
@common
@with_session
def lapsed(session: Session, invoice: str) -> None:
    """The order was not served in time, and is void (CPC, art. 1411). A new petition may be filed.

    \b
    Example:
      relance order lapsed F-2026-014 --on 2026-12-03
    """  # noqa: D301
    from domain.facts.procedure import OrdonnanceLapsed  # noqa: PLC0415

    _bare_step(session, invoice, "lapsed", OrdonnanceLapsed)


@order.command()
@click.argument("invoice")
@common
@with_session
def declined(session: Session, invoice: str) -> None:
    """The creditor declines to serve a partial order, and keeps the ordinary suit (CPC, art. 1409).

    \b
    Example:
      relance order declined F-2026-014 --on 2026-10-05
    """  # noqa: D301
    from domain.facts.procedure import OrdonnanceDeclined  # noqa: PLC0415

    _bare_step(session, invoice, "declined", OrdonnanceDeclined)


@order.command()
@click.argument("invoice")
@common
@with_session
def withdrawn(session: Session, invoice: str) -> None:
    """The creditor gave the proceeding up. What it interrupted is erased (C. civ., art. 2243).

    \b
    Example:
      relance order withdrawn F-2026-014 --on 2026-10-05
    """  # noqa: D301
    from domain.facts.procedure import ProceedingWithdrawn  # noqa: PLC0415

    _bare_step(session, invoice, "withdrawn", ProceedingWithdrawn)
