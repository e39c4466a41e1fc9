"""Makes a report: what stood at a corner, as a folder of pages that is there whole or not at all."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.bootstrap import Office, Settings
from adapters.report import figures, folder, workers
from adapters.report.markup import DEBTORS, INVOICES, SHORT, WHOLE
from adapters.report.pages import Site
from adapters.report.situation import SCHEME, Situation
from adapters.store.mapper import moment
from domain.errors import NotFound, in_words
from projections.corner import Corner

SCHEMA = 1
#: What is done, and how much of how many: told as it goes.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Reported:
    """A report that was written."""

    path: Path
    corner: Corner
    invoices: int
    debtors: int
    pages: int
    sandbox: bool


def report(
    office: Office, settings: Settings, corner: Corner, output: Path, *, creditor: str | None = None, force: bool = False,
    progress: Progress | None = None, processes: int | None = None,
) -> Reported:  # fmt: skip
    """Write a report.

    Args:
        office: the open store.
        settings: what it was opened with: other processes open it too.
        corner: the day, and what was known.
        output: the folder to make.
        creditor: the id of the only creditor shown; all of them by default.
        force: replace an older report.
        progress: told of the pages written.
        processes: how many write pages of invoices; as many as there are processors by default.

    Raises:
        Misuse: the folder holds something.
        NotFound: no invoice was issued by the day, as known at the position.
    """
    tell = progress or _silent
    with folder.made(output, force=force) as build:
        office.views.catch_up()
        at = _situation(office, corner, creditor)
        invoices = list(office.views.invoices(creditor=creditor))
        day = corner.as_of.toordinal()
        asked = [
            (each.stream, each.debtor) for each in invoices if each.issued <= day
        ]  # as recorded: they lie together
        owners = {each.debtor: each.creditor for each in invoices}
        names = [*owners, *(stream.partition(":")[2] for stream, _ in asked)]
        if len({name[:SHORT] for name in names}) < len(set(names)):
            at = replace(at, length=WHOLE)
        for prefix in {name[:2] for name in names}:
            (build / INVOICES / prefix).mkdir(parents=True, exist_ok=True)
            (build / DEBTORS / prefix).mkdir(parents=True, exist_ok=True)
        total, by_debtor = figures.balance(office, at)
        waiting = frozenset(id for id, row in by_debtor.items() if row.cents[-1])
        at = replace(at, waiting=waiting)
        job = workers.Job(settings, at, build)
        with workers.writing(
            office, job, asked, _counting(tell, "pages of invoices", len(asked)), processes
        ) as rows_of:
            months = figures.months(office, at)
            rows = sorted(rows_of(), key=lambda row: (row.key, row.id))
        if not rows and not by_debtor:
            raise NotFound(_nothing(corner))
        debtors = figures.debtors(office, rows, by_debtor, owners)
        shown = figures.Figures(total, debtors, months, rows, figures.by_stage(rows))
        site = Site(build, at, shown)
        site.write(_counting(tell, "pages of debtors", len(debtors)))
        marker = {
            "as_of_on": corner.as_of.isoformat(), "creditor": creditor, "format": folder.FORMAT, "invoices": len(rows),
            "position": corner.position, "sandbox": at.sandbox, "scheme": SCHEME, "schema": SCHEMA,
        }  # fmt: skip
        (build / folder.MARKER).write_text(json.dumps(marker, sort_keys=True) + "\n", encoding="utf-8")
    return Reported(output, corner, len(rows), len(debtors), site.pages + len(rows), at.sandbox)


def _situation(office: Office, corner: Corner, creditor: str | None) -> Situation:
    row = office.app.store.row_at(corner.position)
    if row is None:
        raise NotFound("the log is empty: there is nothing to report")
    shown = [creditor] if creditor else office.registry.creditors()
    names = sorted(figures.card(office, each)[1] for each in shown)
    return Situation(corner, moment(row[0]), creditor, tuple(names), office.app.folder.is_sandbox, SHORT)


def _nothing(corner: Corner) -> str:
    return (
        f"no invoice was issued by {in_words(corner.as_of)}, as known at @{corner.position}: there is nothing to report;"
        " --as-of names a later day, --known-at a later knowledge"
    )


def _counting(tell: Progress, word: str, of: int) -> Callable[[int], None]:
    """What is told of some more done, as what is told of all done."""
    done = 0

    def count(some: int) -> None:
        nonlocal done
        done += some
        tell(word, done, of)

    return count


def _silent(_: str, __: int, ___: int) -> None:
    pass
