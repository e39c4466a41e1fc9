"""What `replay --judge` prints: of one invoice, step by step; of a whole store, rule by rule and invoice by invoice."""

import csv
import io
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from cli.session import Session

if TYPE_CHECKING:
    from adapters.judging import Concerned, Judged

#: Invoices that the table shows; --json and --csv give all.
SHOWN = 20
BROKEN = 5


def print_judged(verdict: dict[str, Any]) -> None:
    """One invoice."""
    from cli.output import console  # noqa: PLC0415
    from domain.errors import in_words  # noqa: PLC0415
    from domain.words import in_the_trade  # noqa: PLC0415

    out = console()
    out.print(
        f"{verdict['number']}: {verdict['judged']} steps judged by the law and the policy of their day, on {_by(verdict['hindsight'])}."
    )
    for step in verdict["steps"]:
        out.print(f"  @{step['position']} v{step['version']} {in_the_trade(step['move'])} on {in_words(step['on'])}")
        for no in step["refusals"]:
            known = "on record" if no["recorded"] else "not on record"
            opening = f"; allowed from {in_words(no['allowed_from_on'])}" if no["allowed_from_on"] else ""
            out.print(f"    - {no['kind']}, {known}: {no['reason']}{opening} [{no['code']}; {no['reference']}]")
    if not verdict["steps"]:
        out.print("  Nothing stands against any of them.")


def judge_everything(session: Session, *, hindsight: bool) -> int:
    """Judge the whole store and print the summary; the list of invoices is never held whole."""
    from adapters.judging import Judged, judge_all  # noqa: PLC0415
    from cli.progress import watching  # noqa: PLC0415

    office = session.office
    with Judged(office.app.store.position(), hindsight) as found:
        with watching(session) as tell:
            judge_all(office, found, tell)
        if session.as_json:
            for piece in _json(found):
                click.echo(piece, nl=False)
        elif session.as_csv:
            for line in _csv(found):
                click.echo(line, nl=False)
        else:
            _print(found)
        if found.unread:
            session.remark(
                f"{found.unread} histories cannot be read, the first {found.first_unread}: relance verify --log"
            )
        return BROKEN if found.unread else 1 if found.unrecorded else 0


def _by(hindsight: bool) -> str:
    return "what is known now" if hindsight else "what was known when it was recorded"


def _print(found: "Judged") -> None:
    from cli.output import console, table  # noqa: PLC0415

    out, value = console(), found.value()
    out.print(
        f"{found.judged} steps of {found.invoices} invoices judged by the law and the policy of their day, on {_by(found.hindsight)}, up to @{found.position}."
    )
    if not found.rules:
        out.print("Nothing stands against any of them.")
        return
    out.print(
        f"{found.refused} steps of {found.concerned} invoices stand against a rule, {found.unrecorded} of them against one that is not on record."
    )
    out.print()
    table(
        [("rule", "left"), ("kind", "left"), ("reference", "left"), ("on record", "left"), ("steps", "right"), ("invoices", "right")],
        [
            [row["code"], row["kind"], row["reference"], "yes" if row["recorded"] else "no", str(row["steps"]), str(row["invoices"])]
            for row in value["rules"]
        ],
    )  # fmt: skip
    out.print()
    rows: list[list[str]] = []
    for each in found.listed():
        if len(rows) == SHOWN:
            break
        rows.append([each.number, each.debtor, str(each.refused), str(each.unrecorded), ", ".join(each.rules)])
    table(
        [("number", "left"), ("debtor", "left"), ("steps", "right"), ("not on record", "right"), ("rules", "left")],
        rows,
    )
    if found.concerned > SHOWN:
        out.print(f"… and {found.concerned - SHOWN} invoices more: --csv lists all.")
    out.print("relance replay INVOICE --judge says why, step by step.")


def _json(found: "Judged") -> Iterator[str]:
    yield json.dumps(found.value(), ensure_ascii=False, indent=2).removesuffix("\n}") + ',\n  "invoices": ['
    comma = "\n"
    for each in found.listed():
        yield f"{comma}    {json.dumps(_told(each), ensure_ascii=False)}"
        comma = ",\n"
    yield "\n  ]\n}\n" if comma != "\n" else "]\n}\n"


def _csv(found: "Judged") -> Iterator[str]:
    heads = True
    for each in found.listed():
        row = {**_told(each), "rules": " ".join(each.rules)}
        if heads:
            yield _line(row.keys())
            heads = False
        yield _line(row.values())


def _told(each: "Concerned") -> dict[str, Any]:
    return {**each._asdict(), "rules": list(each.rules)}


def _line(cells: Any) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
