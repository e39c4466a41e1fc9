"""Tables, amounts and sentences for people."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from cli.session import Session
from domain.errors import in_words
from domain.facts.fact import Fact
from domain.facts.invoicing import PieceAdded
from domain.money import plain
from domain.words import in_the_trade

if TYPE_CHECKING:
    from adapters.acts import Done  # the acts import the chart, which printing does not need

QUIET = {
    "on",
    "cents",
    "receipt",
    "proceeding",
    "party",
    "instalments",
    "creditor",
    "debtor",
    "number",
    "heads",
    "source",
    "dates",
}


def name_of(fact: Fact) -> str:
    """A fact in the words of the trade."""
    return in_the_trade(fact.move)


def details_of(fact: Fact) -> str:
    """What else a fact carries, in a few words."""
    values = fact.model_dump(mode="json", exclude_none=True)
    parts = []
    if isinstance(values.get("cents"), int):
        parts.append(f"{plain(values['cents'])} EUR")
    parts += [
        f"{plain(part['cents'])} EUR due {part.get('due', 'on no known day')}" for part in values.get("instalments", ())
    ]
    parts += [f"{head['head']} {plain(head['cents'])} EUR" for head in values.get("heads", ())]
    if isinstance(fact, PieceAdded):
        return piece(fact)
    if fact.move == "EntryWithdrawn":
        return f"version {values['withdrawn']}: {values['reason']}"
    parts += [
        f"{key.replace('_', ' ')} {value}"
        for key, value in values.items()
        if key not in QUIET and not isinstance(value, list | dict) and value not in (False, "")
    ]
    return ", ".join(parts)


def piece(fact: PieceAdded) -> str:
    """A document of the file in a few words; its title is in the vault."""
    parts = [fact.kind.replace("_", " "), fact.media, f"{fact.size:,} bytes".replace(",", " ")]
    parts += [f"proves version {fact.of}"] if fact.of else []
    parts += ["from a third party"] if fact.origin else []
    return ", ".join([*parts, f"digest {fact.document[:16]}…"])


def table(
    columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], *, title: str = "", footer: Sequence[str] = ()
) -> None:
    """Print a table; columns are (head, justification)."""
    drawn = Table(
        title=title or None,
        title_justify="left",
        box=None,
        pad_edge=False,
        show_footer=bool(footer),
        header_style="bold",
    )
    for n, (head, justify) in enumerate(columns):
        drawn.add_column(
            head,
            justify="right" if justify == "right" else "left",
            footer=footer[n] if footer else "",
            no_wrap=justify == "right",
        )
    for row in rows:
        drawn.add_row(*row)
    console().print(drawn)


def console() -> Console:
    """Where tables go; wide enough for a file when nobody watches."""
    made = Console(highlight=False, markup=False, soft_wrap=False)
    return made if made.is_terminal else Console(highlight=False, markup=False, width=200)


def report(
    session: Session, step: str, done: "Sequence[Done]", *, dry_run: bool = False, remarks: Sequence[str] = ()
) -> None:
    """Print what an act recorded."""
    value = {
        "step": step,
        "recorded": not dry_run and any(each.decided for each in done),
        "invoices": [
            {
                "number": each.number,
                "events": [
                    {
                        "name": name_of(decided.fact),
                        "type": decided.fact.stored_type,
                        **decided.fact.model_dump(mode="json", exclude_none=True),
                    }
                    for decided in each.decided
                ],
                "findings": [
                    {
                        "code": no.code,
                        "kind": no.kind,
                        "reason": no.reason,
                        "reference": no.reference,
                        "consequence": no.consequence,
                    }
                    for decided in each.decided
                    for no in decided.findings
                ],
            }
            for each in done
        ],
    }

    def show() -> None:
        for each in done:
            if not each.decided:
                console().print(f"{each.number}: nothing new.")
            for decided in each.decided:
                details = details_of(decided.fact)
                console().print(
                    f"{each.number}: {name_of(decided.fact)} on {in_words(decided.fact.on)}{' (' + details + ')' if details else ''}"
                )
        if dry_run:
            console().print("Dry run: nothing was recorded.")

    session.emit(value, show, rows=_event_rows(done))
    for each in done:
        for decided in each.decided:
            for finding in decided.findings:
                session.remark(f"Finding on {each.number}: {finding}")
    for remark in remarks:
        session.remark(remark)


def _event_rows(done: "Sequence[Done]") -> list[dict[str, Any]]:
    return [
        {
            "number": each.number,
            "name": name_of(decided.fact),
            "on": decided.fact.on.isoformat(),
            "details": details_of(decided.fact),
        }
        for each in done
        for decided in each.decided
    ]
