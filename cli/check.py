"""`check`: named checks of the whole store, each with what it compares."""

from typing import TYPE_CHECKING, Any

import click

from cli.session import Session, common, with_session

if TYPE_CHECKING:
    from adapters.checks.check import Finding, Outcome

SHOWN = 10


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--list", "only_list", is_flag=True, help="List the checks and what each compares; check nothing.")
@click.option(
    "--within", type=click.IntRange(0), default=30, show_default=True, metavar="DAYS",
    help="How long ago the whole log may have last verified (relance verify --log).",
)  # fmt: skip
@click.option("--known-at", metavar="WHEN", help="Check what was recorded by then: a day, an instant, or @POSITION.")
@common
@with_session
def check(session: Session, names: tuple[str, ...], only_list: bool, within: int, known_at: str | None) -> int:
    """Hold the store against itself: named checks, all of them without a NAME. Changes nothing of what is recorded.

    A line for each check. What does not agree is listed with both figures, the difference, where it lies and the command that looks
    further; the exit code is then 1. A damaged store is checked as far as it can be read, and each check says how far that was.

    \b
    Example:
      relance check
      relance check sums views --known-at 2026-01-15
    """  # noqa: D301
    from adapters.checks.running import check as run  # noqa: PLC0415
    from adapters.checks.running import named  # noqa: PLC0415
    from adapters.reading import known_at as position_of  # noqa: PLC0415
    from cli.progress import watching  # noqa: PLC0415

    chosen = named(names)
    if only_list:
        rows = [{"id": each.id, "compares": each.compares} for each in chosen]
        session.emit({"checks": rows}, lambda: _print_list(rows), rows=rows)
        return 0
    office = session.office
    position = position_of(office, known_at)
    with watching(session) as tell:
        outcomes = run(office, names, position=position, on=session.on, within=within, tell=tell)
    value: dict[str, Any] = {"position": position, "on": session.on, "checks": [_value(each) for each in outcomes]}
    flat = [
        {"check": each.id, **finding.value(), "figures": _figures(finding)}
        for each in outcomes
        for finding in each.findings
    ]
    session.emit(value, lambda: _print(outcomes), rows=flat)
    return 0 if all(each.ok for each in outcomes) else 1


def _value(outcome: "Outcome") -> dict[str, Any]:
    return {
        "id": outcome.id, "ok": outcome.ok, "compares": outcome.compares, "detail": outcome.detail, "found": outcome.found,
        "findings": [each.value() for each in outcome.findings],
    }  # fmt: skip


def _print_list(rows: list[dict[str, str]]) -> None:
    from cli.output import table  # noqa: PLC0415

    table([("check", "left"), ("compares", "left")], [[row["id"], row["compares"]] for row in rows])


def _print(outcomes: "list[Outcome]") -> None:
    from cli.output import console  # noqa: PLC0415

    out = console()
    for each in outcomes:
        out.print(f"{'ok   ' if each.ok else 'FOUND'}  {each.id:<12}{each.detail}")
        if each.ok:
            continue
        out.print(f"       compares {each.compares}")
        for finding in each.findings[:SHOWN]:
            where = ", ".join(
                part
                for part in (finding.label or finding.stream, f"@{finding.position}" if finding.position else None)
                if part
            )
            out.print(f"       - {where + ': ' if where else ''}{finding.what}")
            figures = _figures(finding)
            out.print(
                f"         {figures}; look further: {finding.look}"
                if figures
                else f"         look further: {finding.look}"
            )
        if each.found > SHOWN:
            out.print(f"       … and {each.found - SHOWN} more: --json lists the first 1 000")


def _figures(finding: "Finding") -> str:
    from domain.money import plain  # noqa: PLC0415

    def told(name: str, value: int) -> str:
        word = name.removesuffix("_cents").replace("_", " ")
        return f"{word} {plain(value)} EUR" if name.endswith("_cents") else f"{word} {value}"

    parts = [told(name, value) for name, value in finding.figures]
    if finding.difference:
        is_money = any(name.endswith("_cents") for name, _ in finding.figures)
        parts.append(told("difference_cents" if is_money else "difference", finding.difference))
    return ", ".join(parts)
