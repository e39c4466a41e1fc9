"""What the words before the command become: settings, the business day, the office, the way results are printed."""

import csv
import datetime as dt
import io
import json
import re
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from adapters.acts import Order
    from adapters.bootstrap import Office
    from adapters.store.envelope import Confidentiality
    from domain.law.tables import Law

#: Days beyond are mistyped, or stand for "never": no computation of a term or of a time limit may start there.
FIRST_YEAR, LAST_YEAR = 1900, 2199
#: Why an entry is kept from the other side, in the words of `adapters.store.envelope`, which is not loaded for them.
CONFIDENTIAL = ("none", "internal", "lawyer", "mediation")

F = TypeVar("F", bound=Callable[..., Any])


class Session:
    """One run of the program."""

    def __init__(
        self,
        store: Path,
        actor: str,
        on: str | None,
        now: str | None,
        master: Path | None,
        as_json: bool,
        as_csv: bool,
        debug: bool,
    ) -> None:
        self.store, self.actor, self.master, self.debug = store, actor, master, debug
        self.on_word, self.now_word, self.as_json, self.as_csv = on, now, as_json, as_csv
        self._office: Office | None = None

    @property
    def office(self) -> "Office":
        """The open store.

        Raises:
            NotFound: there is none.
        """
        if self._office is None:
            from adapters.bootstrap import Settings, open_office  # noqa: PLC0415 - help needs no store

            self._office = open_office(
                Settings(self.store, self.actor, self.master, instant(self.now_word) if self.now_word else None)
            )
        return self._office

    @property
    def on(self) -> dt.date:
        """The business day; today, in Paris, unless --on says another.

        Raises:
            Refused: it is still to come.
        """
        today = self.office.app.today
        if self.on_word is None:
            return today
        chosen = day(self.on_word)
        if chosen > today:
            from domain.errors import in_words, refused_by_record  # noqa: PLC0415

            raise refused_by_record(
                "record", "future", f"{in_words(chosen)} is still to come (today is {in_words(today)})"
            )
        return chosen

    @property
    def day_asked(self) -> dt.date:
        """The day a question is about, past or to come, without a store; today, in Paris, by default."""
        from adapters.clock import SystemClock, paris_day  # noqa: PLC0415

        return day(self.on_word) if self.on_word else paris_day(SystemClock().now())

    @property
    def law(self) -> "Law":
        """The legal parameters: those shipped, and those added in the store, where there is one."""
        from adapters.law_added import load  # noqa: PLC0415

        return load(self.store)

    def order(
        self,
        *,
        force: bool = False,
        reason: str | None = None,
        already_done: bool = False,
        done_by: str | None = None,
        dry_run: bool = False,
        confidential: "Confidentiality" = "none",
    ) -> "Order":
        """How an act is given."""
        from adapters.acts import Order  # noqa: PLC0415 - commands that act only
        from domain.errors import Misuse  # noqa: PLC0415

        if reason and not force:
            raise Misuse("--reason says why --force goes past the policy: give both, or neither")
        if force and not reason:
            raise Misuse("--force wants --reason CODE: why the policy is passed over is recorded")
        if force and not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,59}", reason or ""):
            raise Misuse(
                f"--reason {reason!r}: a code of lower-case letters, digits, - and _, such as creditor_asked; no free text goes into the log"
            )
        by = self.office.signed_in().registry.actor(done_by) if done_by else None
        return Order(
            self.on, reason if force else None, already_done, by, dry_run=dry_run, confidentiality=confidential
        )

    def emit(self, value: Any, show: Callable[[], None], rows: Sequence[dict[str, Any]] | None = None) -> None:
        """Print a result: JSON, CSV of its rows, or the table that people read."""
        if self.as_json:
            click.echo(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))
        elif self.as_csv:
            click.echo(_as_csv(rows if rows is not None else [value]), nl=False)
        else:
            show()

    def remark(self, text: str) -> None:
        """Say something beside the result, on stderr."""
        click.echo(text, err=True)

    def close(self) -> None:
        """Close the store."""
        if self._office is not None:
            self._office.close()
            self._office = None


def day(word: str) -> dt.date:
    """A day given on the command line.

    Raises:
        click.BadParameter: not YYYY-MM-DD.
    """
    try:
        if len(word) != len("2026-01-31") or word[4] != "-" or word[7] != "-":
            raise ValueError(word)
        found = dt.date.fromisoformat(word)
    except ValueError:
        raise click.BadParameter(f"{word!r} is not a day: write YYYY-MM-DD") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise click.BadParameter(f"{word!r} is out of all calendar: years go from {FIRST_YEAR} to {LAST_YEAR}")
    return found


def instant(word: str) -> dt.datetime:
    """An instant given on the command line; without a zone it is in Paris.

    Raises:
        click.BadParameter: not ISO.
    """
    from adapters.clock import PARIS  # noqa: PLC0415

    try:
        at = dt.datetime.fromisoformat(word)
    except ValueError:
        raise click.BadParameter(
            f"{word!r} is not an instant: write 2026-01-31T18:00 or with a zone, 2026-01-31T17:00Z"
        ) from None
    return (at if at.tzinfo else at.replace(tzinfo=PARIS)).astimezone(dt.UTC)


class Day(click.ParamType[dt.date]):
    """A day, YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Read a day."""
        del param, ctx
        return value if isinstance(value, dt.date) else day(str(value))


class Euros(click.ParamType[int]):
    """An amount of euro, read as cents; above nil."""

    name = "eur"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read an amount."""
        from domain.money import cents  # noqa: PLC0415

        if isinstance(value, int):
            return value
        try:
            amount = cents(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if amount <= 0:
            self.fail(f"{value!r} is not above nil", param, ctx)
        return amount


def _set(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        del param
        if value:
            setattr(ctx.find_object(Session), name, value)

    return callback


def common(command: F) -> F:
    """--on, --json and --csv after the command's word too."""
    for option in (
        click.option("--csv", is_flag=True, expose_value=False, callback=_set("as_csv"), help="Print CSV."),
        click.option("--json", is_flag=True, expose_value=False, callback=_set("as_json"), help="Print JSON."),
        click.option(
            "--on",
            metavar="DATE",
            expose_value=False,
            callback=_set("on_word"),
            help="Business day, YYYY-MM-DD; today by default.",
        ),
    ):
        command = option(command)
    return command


def guarded(command: F) -> F:
    """The options of an act: force past the policy, or record one already done elsewhere."""
    for option in (
        click.option("--dry-run", is_flag=True, help="Print what would be recorded, record nothing."),
        click.option("--done-by", metavar="ACTOR", help="Who acted, when it is not who records."),
        click.option("--already-done", is_flag=True, help="Record an act done elsewhere, with what it breached."),
        click.option("--reason", metavar="CODE", help="Why the policy is passed over, as a code."),
        click.option(
            "--force", is_flag=True, help="Go past the creditor's policy (never past the law); wants --reason."
        ),
    ):
        command = option(command)
    return common(command)


def withholdable(command: F) -> F:
    """The option of what may be kept from the other side: withheld from every dossier, and counted in it."""
    return click.option(
        "--confidential",
        type=click.Choice(CONFIDENTIAL),
        default="none",
        show_default=True,
        help="Keep it out of every dossier, which says how many entries are withheld.",
    )(command)


def with_session(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give the command its session first."""

    @wraps(command)
    def given(*args: Any, **kwargs: Any) -> Any:
        return command(click.get_current_context().find_object(Session), *args, **kwargs)

    return given


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value))


def _as_csv(rows: Sequence[dict[str, Any]]) -> str:
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            [
                {
                    key: json.dumps(cell, default=_plain) if isinstance(cell, list | dict) else cell
                    for key, cell in row.items()
                }
                for row in rows
            ]
        )
    return out.getvalue()


def is_terminal() -> bool:
    """Whether somebody watches."""
    return sys.stdout.isatty()
