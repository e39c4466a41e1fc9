"""`run`: the daily pass."""

import datetime as dt
from typing import Any

import click

from cli.session import Day, Session, common, with_session


@click.command()
@click.option("--cash-known-until", type=Day(), help="Record first that the bank has spoken up to this day.")
@click.option("--creditor", metavar="REF", help="Whose bank, when several creditors are registered.")
@click.option("--already-done", is_flag=True, help="With --on a past day: the acts were done on it, by hand.")
@click.option("--dry-run", is_flag=True, help="Print what would be recorded, record nothing.")
@common
@with_session
def run(
    session: Session, cash_known_until: dt.date | None, creditor: str | None, already_done: bool, dry_run: bool
) -> None:
    """Play the policy's day: what fell due, promises, then the next act of each invoice, recorded as declared; sends nothing.

    It accuses nobody before the bank has spoken up to the day before, and never escalates or writes off: it proposes.

    \b
    Example:
      relance run --cash-known-until 2026-02-28 --on 2026-03-01
    """  # noqa: D301
    from adapters import daily  # noqa: PLC0415
    from cli.output import console, name_of, table  # noqa: PLC0415

    office, order = session.office, session.order(dry_run=dry_run, already_done=already_done)
    if cash_known_until is not None and not dry_run:
        daily.know_cash(office, office.registry.creditor(creditor), cash_known_until, order.on)
    done = daily.run(office, order)
    acts: list[dict[str, Any]] = [
        {"act": act, "number": each.number, "events": [name_of(decided.fact) for decided in each.decided]}
        for act, made in done.done
        for each in made
    ]
    value = {
        "on": order.on, "dry_run": dry_run, "done": acts,
        "waiting": [_note(note) for note in done.waiting], "todo": [_note(note) for note in done.todo],
    }  # fmt: skip

    def show() -> None:
        verb = "would be recorded" if dry_run else "recorded"
        console().print(
            f"{len(acts)} entries {verb}, {len(done.waiting)} waiting, {len(done.todo)} for a person to do."
        )
        if acts:
            table(
                [("act", "left"), ("invoice", "left"), ("recorded", "left")],
                [[row["act"], row["number"], ", ".join(row["events"])] for row in acts],
            )
        for title, notes in (("Waiting", done.waiting), ("To do", done.todo)):
            if notes:
                table(
                    [(title, "left"), ("invoice", "left"), ("debtor", "left"), ("why", "left")],
                    [[note.what, note.number, note.debtor, note.why] for note in notes],
                )

    session.emit(value, show, rows=acts)


def _note(note: Any) -> dict[str, str]:
    return {"number": note.number, "debtor": note.debtor, "what": note.what, "why": note.why}
