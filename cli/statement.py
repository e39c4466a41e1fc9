"""`statement`: the account of a customer, on the terminal or as a French letter."""

import datetime as dt
from pathlib import Path
from typing import Any

import click

from cli.session import Day, Session, common, with_session

WORDS = {
    "invoice": "invoice",
    "credit": "credit note",
    "write_off": "write-off",
    "recovery": "write-off taken back",
    "payment": "payment",
    "reversal": "payment taken back",
    "money": "money on account",
    "allocation": "money allocated",
}


@click.command()
@click.argument("debtor")
@click.option("--from", "from_on", type=Day(), help="First day told line by line; the first entry by default.")
@click.option("--as-of", type=Day(), help="Last day; the business day by default.")
@click.option(
    "--known-at",
    metavar="WHEN",
    help="A day, an instant, or @POSITION: what was recorded by then; everything by default.",
)
@click.option("--creditor", metavar="REF", help="Whose customer, where several creditors have one of that code.")
@click.option(
    "--output", type=click.Path(path_type=Path), help="The PDF to make; an existing file is never overwritten."
)
@common
@with_session
def statement(
    session: Session, debtor: str, from_on: dt.date | None, as_of: dt.date | None, known_at: str | None,
    creditor: str | None, output: Path | None,
) -> None:  # fmt: skip
    """State the account of a customer over a period: balance before, each entry, balance after, what is open and how old.

    It is what the books say, and ties to `ageing --debtor` on the same day: no penalties, no indemnity, no demand. --output
    makes a letter of it in French (relevé de compte, PDF/A).

    \b
    Example:
      relance statement C042 --from 2026-01-01 --output releve-C042.pdf
    """  # noqa: D301
    from adapters import reading  # noqa: PLC0415
    from adapters.documents import account as accounts  # noqa: PLC0415

    office = session.office
    owner = office.registry.creditor(creditor) if creditor else None
    corner = reading.corner(office, as_of or session.on, known_at)
    found = accounts.account(office, office.debtor(debtor, owner), corner, from_on)
    value = found.value()
    if output:
        accounts.write(found, output)
        value["path"] = str(output)
    session.emit(value, lambda: _show(value, output), rows=value["lines"])
    if found.sandbox and output:
        session.remark("This is a sandbox store: every page says that it is a simulation.")


def _show(value: dict[str, Any], output: Path | None) -> None:
    from cli.output import console, table  # noqa: PLC0415
    from domain.errors import in_words  # noqa: PLC0415
    from domain.money import plain  # noqa: PLC0415

    out = console()
    if output:
        out.print(
            f"{output}: balance {plain(value['closing_cents'])} EUR, {len(value['lines'])} entries", soft_wrap=True
        )
        return
    out.print(
        f"{value['debtor']} {value['name']}, from {in_words(value['from_on'])} to {in_words(value['as_of_on'])}, known at"
        f" @{value['position']}, EUR",
        soft_wrap=True,
    )  # fmt: skip
    columns = [
        ("on", "left"), ("entry", "left"), ("invoice", "left"), ("due", "left"), ("debit", "right"), ("credit", "right"), ("balance", "right"),
    ]  # fmt: skip
    rows = [["", "balance before", "", "", "", "", plain(value["opening_cents"])]]
    for line in value["lines"]:
        cents, detail = line["cents"], line["detail"]
        number = f" {detail}" if detail and line["kind"] == "credit" else ""
        rows.append(
            [
                str(line["on"]), WORDS[line["kind"]] + number, line["number"] or "", ", ".join(str(due) for due in line["due_on"] if due),
                plain(cents) if cents > 0 else "", plain(-cents) if cents < 0 else "", plain(line["balance_cents"]),
            ]
        )  # fmt: skip
    table(columns, rows, footer=["", "balance", "", "", "", "", plain(value["closing_cents"])])
    if value["open_items"]:
        out.print()
        late = [("open", "left"), ("due", "left"), ("days late", "right"), ("disputed", "right"), ("owed", "right")]
        table(
            late,
            [
                [
                    item["number"], str(item["due_on"] or "not known"), "" if item["days_late"] is None else str(item["days_late"]),
                    plain(item["disputed_cents"]) if item["disputed_cents"] else "", plain(item["residual_cents"]),
                ]
                for item in value["open_items"]
            ],
        )  # fmt: skip
    out.print()
    for name, cents in value["buckets"].items():
        if cents:
            out.print(f"{name.replace('_', ' '):>12}  {plain(cents)}")
