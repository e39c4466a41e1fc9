"""`demo`: a year of recovery, played and watched."""

import time
from pathlib import Path
from typing import Any, Self

import click

from cli.session import Session, is_terminal, with_session


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--seed", type=int, default=2025, show_default=True, help="Another seed draws another year.")
@with_session
def demo(session: Session, folder: Path | None, seed: int) -> None:
    """Play a year of recovery in a new folder: a sandbox store, a drawn portfolio of fictitious debtors, the real commands.

    \b
    Example:
      relance demo
    """  # noqa: D301
    from adapters import reading  # noqa: PLC0415
    from adapters.demo.play import Year  # noqa: PLC0415
    from adapters.dossier.export import export  # noqa: PLC0415
    from adapters.dossier.subject import Wanted  # noqa: PLC0415
    from adapters.seal.kept import Seals  # noqa: PLC0415
    from adapters.verification.bundle import verify_bundle  # noqa: PLC0415
    from adapters.verify import verify_log  # noqa: PLC0415
    from cli.output import console, details_of, name_of  # noqa: PLC0415
    from domain.errors import EvidenceBroken, Misuse  # noqa: PLC0415

    del session
    place = folder or _free()
    if place.exists() and any(place.iterdir()):
        raise Misuse(f"{place} holds something; name a new or empty folder")
    place.mkdir(parents=True, exist_ok=True)
    out, started = console(), time.perf_counter()
    out.print("A simulation: creditor, debtors and amounts are drawn, nobody of them exists.\n")
    year = Year(place, seed=seed)
    with _Watch() as watch:
        played = year.play(watch.tell)
    office, tally = played.office, played.tally
    seconds = time.perf_counter() - started
    out.print(f"Played 2025 and January 2026 in {seconds:.0f} s: {office.app.store.position()} entries recorded.")
    out.print(
        "  "
        + ", ".join(
            f"{count} {what if count > 1 else what.removesuffix('s')}"
            for what, count in tally.counts.items()
            if what not in {"others", "refused"}
        )
        + "\n"
    )

    _balances(played)
    _refusal(played)
    out.rule(f"One invoice before the court: {played.portfolio.hero}")
    hero = office.registry.invoice(played.portfolio.hero)
    for row in reading.events(office, hero, name_of, details_of):
        out.print(f"  {row['on']}  {row['name']:<32} {row['details']}")
    file = place / f"dossier-{played.portfolio.hero}.asice"
    made = export(office, [hero], file, Wanted())
    key = Seals(office.app.store.tree.db).keys()[-1]
    checks = [verify_bundle(made.path, [key]), verify_log(office.app)]
    out.print(
        f"\nExported {made.events} events, {made.about['pieces']} pieces and French pages to {made.path}, sealed by a checkpoint of"
        f" {made.checkpoint} entries; each page says that it is a simulation."
    )
    for name, found in zip(("the dossier", "the whole log"), checks, strict=True):
        out.print(
            f"  verified {name}: {found.verdict.replace('_', ' ')} ({sum(check.ok for check in found.checks)} of {len(found.checks)} checks)"
        )
    office.close()
    if any(found.verdict == "broken" for found in checks):
        raise EvidenceBroken("the demonstration does not verify")
    out.print("\nWhat was made, to look at:")
    for path, what in (
        (played.store, "the store"),
        (played.files, "the CSV files it was fed with"),
        (made.path, "the dossier"),
    ):
        out.print(f"  {path}  {what}")
    now_word = "--now 2026-01-31T18:30"
    out.print("\nGo on, for instance:")
    for words in (
        f"can {played.portfolio.hero}",
        f"history {played.portfolio.hero}",
        "ageing --by invoice",
        f"dossier {played.portfolio.hero} --gaps",
        f"verify {made.path}",
    ):
        out.print(f"  relance --store {played.store} {now_word} {words}")


def _balances(played: Any) -> None:
    """The aged balance of the year's end, as known then and a month later."""
    from adapters.ageing import Balance, ageing  # noqa: PLC0415
    from adapters.demo.play import YEAR_END  # noqa: PLC0415
    from cli.ageing import show_balance  # noqa: PLC0415
    from cli.output import console  # noqa: PLC0415
    from projections.ageing import SCHEMES  # noqa: PLC0415
    from projections.corner import Corner  # noqa: PLC0415

    out, office = console(), played.office
    position = office.app.store.end_of_command(played.year_end_position)
    then = ageing(office, SCHEMES["d4416"], Corner(YEAR_END, position), by="debtor")
    now = ageing(office, SCHEMES["d4416"], Corner(YEAR_END, office.app.store.position()), by="debtor")
    out.rule("What was owed on 31 December, as it was known that evening")
    show_balance(then)
    out.print()
    out.rule("The same 31 December, as known a month later")
    show_balance(
        Balance(now.corner, now.scheme, [row for row in now.rows if row not in then.rows], now.totals),
        "rows that changed",
    )
    out.print()


def _refusal(played: Any) -> None:
    """A petition that the law forbids, and what the machine answers."""
    from adapters.demo.play import refused_example  # noqa: PLC0415
    from cli.output import console  # noqa: PLC0415

    out = console()
    out.rule("One refusal, explained")
    number, refusal = refused_example(played)
    out.print(f"$ relance escalate {number} --court tc-nantes --force --reason demonstration")
    out.print(f"{refusal}\n")


def _free() -> Path:
    """The first of demo-relance, demo-relance-2, … that is not there."""
    place, n = Path("demo-relance"), 1
    while place.exists():
        n += 1
        place = Path(f"demo-relance-{n}")
    return place


class _Watch:
    """A bar over the days on a terminal, a line a month elsewhere."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._month = 0

    def __enter__(self) -> Self:
        if is_terminal():
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

            self._bar = Progress(
                TextColumn("{task.fields[day]}"), BarColumn(36), TextColumn("{task.fields[what]}"), TimeElapsedColumn()
            )
            self._bar.start()
            self._task = self._bar.add_task("", total=396, day="", what="")
        return self

    def tell(self, tally: Any) -> None:
        """Show a day."""
        shown = ("invoices", "payments", "reminders", "calls", "formal notices")
        what = ", ".join(f"{tally.counts.get(each, 0)} {each}" for each in shown)
        if self._bar:
            self._bar.update(self._task, advance=1, day=f"{tally.day:%d %b %Y}", what=what)
        elif tally.day.month != self._month:
            self._month = tally.day.month
            click.echo(f"  {tally.day:%B %Y}: {what}")

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()
