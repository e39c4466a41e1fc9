"""`check-invoice` and `law checklist`: what a document bears by law, and what is recorded of it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from cli.session import Session, common, with_session

if TYPE_CHECKING:
    from domain.checklists import Item, Sentence

# The words of the domain again, so that help imports none of it; a test holds them equal.
NAMES = ("invoice", "formal_notice", "petition", "declaration")
KINDS = ("trader", "professional", "consumer", "public")
SIZES = ("large", "small")


@click.command("check-invoice")
@click.argument("invoice")
@click.option(
    "--issuer",
    type=click.Choice(SIZES),
    help="Size of the issuer: some mentions bind a small one (PME, micro) a year later.",
)
@common
@with_session
def check_invoice(session: Session, invoice: str, issuer: Any) -> int:
    """Hold what is recorded of an invoice against its mandatory mentions, by the law of its issue day.

    The invoice itself is not read. A mention is `recorded` where its datum is; `to check` on the invoice where nothing is; `missing`
    or `forbidden` where the record shows it, and the exit code is then 1; `not required` of this customer, issuer or operation.

    \b
    Example:
      relance check-invoice F-2026-014
    """  # noqa: D301
    from adapters.invoice_check import check  # noqa: PLC0415
    from cli.output import console, table  # noqa: PLC0415
    from domain.checklists import read_checklist  # noqa: PLC0415
    from domain.errors import in_words  # noqa: PLC0415

    office = session.office
    found = check(office, office.registry.invoice(invoice), session.on, issuer)
    rows: list[dict[str, Any]] = [
        {
            "code": item.code, "text": item.text, "state": state, "reference": item.reference, "consequence": item.consequence.code,
            "from_on": item.starts_on(issuer), "confidence": item.confidence,
        }
        for item, state in found.mentions
    ]  # fmt: skip

    def show() -> None:
        console().print(f"{found.number}, issued {in_words(found.issued_on)}: the mentions in force that day\n")
        columns = [
            ("state", "left"),
            ("mention", "left"),
            ("if not met", "left"),
            ("text of law", "left"),
            ("sure", "left"),
        ]
        table(columns, [_words(each["state"], each["text"], each) for each in rows])
        _legend((item for item, state in found.mentions if state != "not_required"), read_checklist("invoice").note)

    session.emit({"invoice": found.number, "issued_on": found.issued_on, "mentions": rows}, show, rows=rows)
    if found.hangs_on_size:
        session.remark(
            "The size of the issuer is not recorded: the mentions that begin with large companies are listed; --issuer small leaves them out."
        )
    return 1 if found.is_amiss else 0


@click.command()
@click.argument("name", type=click.Choice(NAMES))
@click.option("--debtor", type=click.Choice(KINDS), help="Kind of debtor; every kind by default.")
@click.option("--issuer", type=click.Choice(SIZES), help="Size of the issuer, for the mentions of an invoice.")
@common
@with_session
def checklist(session: Session, name: str, debtor: Any, issuer: Any) -> None:
    """Print what a document bears on a day, item by item, with what follows where an item is not met.

    \b
    Example:
      relance law checklist formal_notice --debtor consumer
    """  # noqa: D301
    from cli.output import console, table  # noqa: PLC0415
    from domain.checklists import checklist as items_of  # noqa: PLC0415
    from domain.checklists import read_checklist  # noqa: PLC0415
    from domain.errors import NotFound, in_words  # noqa: PLC0415

    on = session.day_asked
    items = items_of(name, on, debtor, issuer)
    if not items:
        raise NotFound(f"no item of {name} is for a {debtor} debtor")
    whole = read_checklist(name)
    rows: list[dict[str, Any]] = [
        {
            "code": item.code, "text": item.text, "texte": item.texte, "presence": item.presence, "reference": item.reference,
            "consequence": item.consequence.code, "consequence_text": item.consequence.text, "debtors": list(item.debtors),
            "from_on": item.starts_on(issuer), "until_on": item.until_on, "confidence": item.confidence,
        }
        for item in items
    ]  # fmt: skip
    value = {
        "checklist": name,
        "title": whole.title,
        "on": on,
        "items": rows,
        "note": whole.note.text,
        "note_reference": whole.note.reference,
    }

    def show() -> None:
        console().print(f"{whole.title} on {in_words(on)}\n")
        columns = [
            ("presence", "left"),
            ("item", "left"),
            ("if not met", "left"),
            ("text of law", "left"),
            ("sure", "left"),
        ]
        table(
            columns, [_words(each["presence"], _for_whom(item), each) for item, each in zip(items, rows, strict=True)]
        )
        _legend(items, whole.note)

    session.emit(value, show, rows=rows)


def _words(first: str, text: str, row: dict[str, Any]) -> list[str]:
    """A line of the table that people read."""
    return [first.replace("_", " "), text, row["consequence"].replace("_", " "), row["reference"], row["confidence"]]


def _for_whom(item: "Item") -> str:
    """The text of an item, with the kinds of debtor it is for where it is not for all."""
    return item.text if len(item.debtors) == len(KINDS) else f"{item.text} [{', '.join(item.debtors)}]"


def _legend(items: "Iterable[Item]", note: "Sentence") -> None:
    """What each consequence is, then what the checklist is worth."""
    from cli.output import console  # noqa: PLC0415

    out = console()
    out.print("\nIf not met:")
    for each in {item.consequence.code: item.consequence for item in items}.values():
        out.print(f"  {each.code.replace('_', ' ')}: {each.text} [{each.reference}]")
    out.print(f"\n{note.text} [{note.reference}]")
