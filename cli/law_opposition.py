"""`law opposition`: what an opposition to an order for payment starts."""

import datetime as dt
from typing import Any

import click

from cli.session import Day, Euros, Session, common, with_session


@click.command()
@click.option("--rendered", type=Day(), required=True, help="Day of the order; it decides the regime.")
@click.option("--opposed", type=Day(), required=True, help="Day the opposition was made or posted.")
@click.option("--court", type=click.Choice(("tc", "tae", "tj")), required=True, help="Before which court.")
@click.option("--claim", "claimed", type=Euros(), required=True, help="What is claimed.")
@click.option("--invited", type=Day(), help="Postmark of the greffe's invitation to pay the fees.")
@click.option("--received", type=Day(), help="Day that invitation was received.")
@click.option("--notified", type=Day(), help="Day the creditor was told of the opposition.")
@click.option("--reading", "chosen", multiple=True, metavar="POINT=CODE", help="How to read a contested point.")
@common
@with_session
def opposition(session: Session, rendered: dt.date, opposed: dt.date, court: Any, claimed: int, **told: Any) -> None:
    """Print what an opposition starts: the notice of the greffe, the fees, the lawyer, the act of service (CPC, art. 1415 to 1425).

    \b
    Example:
      relance law opposition --rendered 2026-09-02 --opposed 2026-10-05 --court tj --claim 12000 --notified 2026-10-20
    """  # noqa: D301
    from cli.claim import readings_of  # noqa: PLC0415
    from domain.errors import in_words  # noqa: PLC0415
    from domain.opposition import after_opposition  # noqa: PLC0415

    found = after_opposition(
        session.law, readings_of(told["chosen"]), rendered, opposed, court, claimed,
        invited=told["invited"], received=told["received"], notified=told["notified"],
    )  # fmt: skip
    limits = {"notice_by": found.notice_by, "fees_by": found.fees_by, "lawyer_by": found.lawyer_by}
    value = {
        **{f"{name}_on": limit and limit.on for name, limit in limits.items()},
        "brings_act_of_service": found.brings_act_of_service,
        "is_appealable": found.is_appealable,
        "references": [limit.reference for limit in limits.values() if limit],
        "readings": [{"switch": each.switch, "code": each.code, "text": each.text} for each in found.readings],
    }
    words = {
        "notice_by": "The greffe tells the creditor by",
        "fees_by": "The creditor pays the fees by",
        "lawyer_by": "The creditor appoints a lawyer by",
    }

    def display() -> None:
        for name, limit in limits.items():
            said = (
                f"{in_words(limit.on)}, 24:00 [{limit.reference}]" if limit else "no limit, or its start is not given"
            )
            click.echo(f"{words[name]}: {said}")
        yes = {True: "yes", False: "no"}
        click.echo(f"The act of service is brought to the hearing: {yes[found.brings_act_of_service]} [CPC, art. 1418]")
        click.echo(f"The judgment is open to appeal by its amount: {yes[found.is_appealable]} [CPC, art. 1421]")
        for each in found.readings:
            session.remark(f"Read as {each.switch}={each.code}: {each.text}")

    session.emit(value, display)
