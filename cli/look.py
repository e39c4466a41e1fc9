"""`can`, `show`, `history`, `replay`, `chart`: what is allowed, what stands, what stood."""

import datetime as dt
from typing import Any

import click

from cli.session import Day, Session, common, with_session


@click.command()
@click.argument("invoice")
@common
@with_session
def can(session: Session, invoice: str) -> None:
    """Say which steps are allowed on the business day, and for each other one every rule that refuses it, its text, and from when it would not.

    \b
    Example:
      relance can F-2026-014
    """  # noqa: D301
    from adapters import reading  # noqa: PLC0415
    from cli.output import console  # noqa: PLC0415
    from domain.errors import in_words  # noqa: PLC0415

    office = session.office
    steps = reading.can(office, office.registry.invoice(invoice), session.on)
    rows = [
        {
            "step": each.step, "allowed": each.allowed,
            "refusals": [
                _refusal(no) for no in each.refusals
            ],
            "findings": [_refusal(no) for no in each.findings],
        }
        for each in steps
    ]  # fmt: skip

    def show() -> None:
        out = console()
        out.print(f"{invoice} on {in_words(session.on)}")
        for each in steps:
            forced = each.refusals and all(no.kind == "policy" for no in each.refusals)
            out.print(f"  {'yes' if each.allowed else 'only by --force' if forced else 'no':<16}{each.step}")
            for no in each.refusals:
                out.print(f"                  - {no}")
            for no in each.findings:
                out.print(f"                  - would be recorded with a finding: {no}")

    session.emit({"steps": rows}, show, rows=rows)


def _refusal(no: Any) -> dict[str, Any]:
    return {
        "code": no.code, "kind": no.kind, "reason": no.reason, "reference": no.reference, "allowed_from_on": no.allowed_from_on,
    }  # fmt: skip


@click.command()
@click.argument("invoice")
@common
@with_session
def show(session: Session, invoice: str) -> None:
    """Show an invoice as it stands on the business day, with all that is known today.

    \b
    Example:
      relance show F-2026-014
    """  # noqa: D301
    from adapters import reading  # noqa: PLC0415

    office = session.office
    value = reading.view(office, office.registry.invoice(invoice), session.on, office.app.store.position())
    session.emit(value, lambda: _print_view(value))


@click.command()
@click.argument("invoice")
@common
@with_session
def history(session: Session, invoice: str) -> None:
    """Show every entry of an invoice in the order recorded, the withdrawn ones too.

    \b
    Example:
      relance history F-2026-014
    """  # noqa: D301
    from adapters import reading  # noqa: PLC0415
    from adapters.clock import PARIS  # noqa: PLC0415
    from cli.output import details_of, name_of, table  # noqa: PLC0415

    office = session.office
    rows = reading.events(office, office.registry.invoice(invoice), name_of, details_of)

    def display() -> None:
        columns = [
            ("@", "right"),
            ("v", "right"),
            ("on", "left"),
            ("entry", "left"),
            ("details", "left"),
            ("recorded (Paris)", "left"),
            ("lag", "right"),
            ("provenance", "left"),
        ]
        lines = []
        for row in rows:
            note = f" [withdrawn by v{row['withdrawn_by']}]" if row["withdrawn_by"] else ""
            found = "; finding: " + ", ".join(each["rule"] for each in row["findings"]) if row["findings"] else ""
            recorded = row["recorded_at"].astimezone(PARIS)
            lines.append(
                [
                    str(row["position"]),
                    str(row["version"]),
                    str(row["on"]),
                    row["name"] + note,
                    row["details"] + found,
                    f"{recorded:%Y-%m-%d %H:%M}",
                    f"{row['lag_days']} d",
                    row["provenance"],
                ]
            )
        table(columns, lines)

    session.emit({"events": rows}, display, rows=rows)


@click.command()
@click.argument("invoice", required=False)
@click.option("--as-of", type=Day(), help="Day up to which facts took effect; the business day by default.")
@click.option(
    "--known-at",
    metavar="WHEN",
    help="A day, an instant, or @POSITION: what was recorded by then; everything by default.",
)
@click.option("--judge", is_flag=True, help="Judge each step again, by the law and the policy of its own day.")
@click.option("--hindsight", is_flag=True, help="With --judge: by what is known now, not by what was known then.")
@click.option("--all", "everything", is_flag=True, help="With --judge, in place of INVOICE: the whole store.")
@common
@with_session
def replay(
    session: Session, invoice: str | None, as_of: dt.date | None, known_at: str | None, judge: bool, hindsight: bool, everything: bool
) -> int:  # fmt: skip
    """Show an invoice on a day, as it was known on another; or judge each of its steps again, or of the whole store.

    With --judge the exit code is 1 when a step stands against a rule and nothing was recorded of it.

    \b
    Example:
      relance replay F-2026-014 --as-of 2025-12-31 --known-at 2026-01-15
      relance replay F-2026-014 --judge
      relance replay --judge --all --hindsight
    """  # noqa: D301
    from adapters import judging, reading  # noqa: PLC0415
    from cli.judging import judge_everything, print_judged  # noqa: PLC0415
    from domain.errors import Misuse  # noqa: PLC0415

    if everything and not judge:
        raise Misuse("--all says what --judge judges: give both")
    if everything == bool(invoice):
        raise Misuse("name an invoice, or judge the whole store with --judge --all: one of the two")
    if hindsight and not judge:
        raise Misuse("--hindsight says how --judge judges: give both")
    if judge and (as_of or known_at):
        raise Misuse("--judge goes through the whole history: it takes neither --as-of nor --known-at")
    office = session.office
    if invoice is None:
        return judge_everything(session, hindsight=hindsight)
    stream = office.registry.invoice(invoice)
    if judge:
        verdict = judging.judged(office, stream, hindsight=hindsight)
        session.emit(verdict, lambda: print_judged(verdict), rows=verdict["steps"])
        return 1 if verdict["unrecorded"] else 0
    position = reading.known_at(office, known_at)
    value = reading.view(office, stream, as_of or session.on, position)
    session.emit(value, lambda: _print_view(value))
    return 0


def _print_view(value: dict[str, Any]) -> None:
    from cli.output import console  # noqa: PLC0415
    from domain.errors import in_words  # noqa: PLC0415
    from domain.money import plain  # noqa: PLC0415

    out, claim = console(), value["claim"]
    dues = ", ".join(in_words(due) if due else "not known" for due in value["due_on"])
    out.print(f"{value['number']}, {value['debtor_name']} ({value['debtor']})")
    out.print(f"  issued {in_words(value['issued_on'])}, due {dues}")
    out.print(f"  as of {in_words(value['as_of_on'])}, known at @{value['position']}")
    for region, state in value["state"].items():
        out.print(f"  {region:<12}{state.replace('_', ' ')}")
    late = f", of which {plain(value['overdue_cents'])} EUR overdue" if value["overdue"] else ""
    out.print(f"  book residual {plain(value['book_residual_cents'])} EUR{late}")
    if claim["total_cents"] is None:
        out.print(f"  claim: not computed: {claim['missing']}")
    else:
        out.print(
            f"  claim {plain(claim['total_cents'])} EUR: principal {plain(claim['principal_cents'])},"
            f" interest {plain(claim['interest_cents'])}, indemnity {plain(claim['indemnity_cents'])}"
            + (f", other heads {plain(claim['other_heads_cents'])}" if claim["other_heads_cents"] else "")
            + " (relance claim takes it apart)"
        )
    bar = value["limitation"]
    if bar:
        out.print(f"  time-bar: prudent {in_words(bar['prudent_on'])}, arguable {in_words(bar['arguable_on'])}")


@click.command()
@click.option(
    "--format", "how", type=click.Choice(("text", "mermaid")), default="text", show_default=True, help="How to draw it."
)
@common
@with_session
def chart(session: Session, how: str) -> None:
    """Print the lifecycle: every region, state and step, from the class that enforces it.

    \b
    Example:
      relance chart --format mermaid > lifecycle.mmd
    """  # noqa: D301
    from domain.lifecycle import Progression, compiled, regions, rules_of  # noqa: PLC0415

    layout, table = regions(), compiled()
    value = {
        "regions": {name: list(states) for name, states in layout.items()},
        "moves": [
            {
                "move": move,
                "region": list(layout)[region],
                "edges": edges,
                "rules": [rule.code for rule in rules_of(move)],
            }
            for move, (region, edges) in sorted(table.items())
        ],
    }

    def display() -> None:
        if how == "mermaid":
            drawn = f"{Progression:mermaid}"
            for move in table:  # the library writes the names of events in its own capitals
                drawn = drawn.replace(f": {move.replace('_', ' ').capitalize()}\n", f": {move}\n")
            click.echo(drawn)
            return
        for index, (region, states) in enumerate(layout.items()):
            click.echo(f"{region}: {', '.join(states)}")
            for move, (home, edges) in sorted(table.items()):
                if home == index:
                    goes = ", ".join(
                        f"{source}>{target}" if source != target else f"{source}=" for source, target in edges.items()
                    )
                    click.echo(f"  {move}: {goes}")

    session.emit(value, display, rows=value["moves"])  # type: ignore[arg-type]
