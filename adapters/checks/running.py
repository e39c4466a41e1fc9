"""The run of the checks: every stream is read once, and met by each check that looks at its kind; no check stops another."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from adapters.bootstrap import Office
from adapters.checks.accounts import Transfers
from adapters.checks.ahead import Next
from adapters.checks.bench import Bench, Tell
from adapters.checks.check import VERIFY, Check, Finding, Outcome, Unable
from adapters.checks.files import Files
from adapters.checks.histories import Acts, Conclusions, Days
from adapters.checks.ledger import Sums, ViewsAgree
from adapters.checks.log import Index, Log, Rulebooks
from adapters.checks.naming import Names, Vault
from adapters.checks.proceedings import Shares
from adapters.checks.reading import Read, told
from adapters.checks.seal import Seal
from adapters.checks.verification import LastVerified
from domain.errors import EvidenceBroken, NotFound

CHECKS: Final[tuple[type[Check], ...]] = (
    Files, Index, Log, Seal, Rulebooks, Days, Conclusions, Sums, ViewsAgree, Shares, Transfers, Acts, Next, Names, Vault, LastVerified,
)  # fmt: skip
WITHIN: Final = 30
_TOLD: Final = 500


def named(names: Sequence[str]) -> list[type[Check]]:
    """The checks of these names, in their own order; all of them without names.

    Raises:
        NotFound: there is none of a name.
    """
    known = {check.id: check for check in CHECKS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise NotFound(f"no check {unknown[0]!r}; there are {', '.join(known)}")
    return [check for check in CHECKS if not names or check.id in names]


def run(bench: Bench, checks: Sequence[type[Check]]) -> list[Outcome]:
    """Make the checks.

    Raises:
        NotFound: nothing is recorded.
    """
    if not bench.position:
        raise NotFound("the log is empty: there is nothing to check yet")
    trials = [_Trial(check) for check in checks]
    for trial in trials:
        trial.begin(bench)
    _meet_all(bench, [trial for trial in trials if trial.check and trial.kind.kinds])
    return [trial.end() for trial in trials]


def _meet_all(bench: Bench, trials: Sequence["_Trial"]) -> None:
    """Read every stream of the kinds that are asked for, once."""
    kinds = {kind for trial in trials for kind in trial.kind.kinds}
    if not kinds:
        return
    try:
        for n, (position, stream) in enumerate(bench.rows.streams(bench.position)):
            if n % _TOLD == 0:
                bench.tell("histories", position, bench.position)
            kind = stream.partition(":")[0]
            if kind not in kinds:
                continue
            looking = [trial for trial in trials if kind in trial.kind.kinds]
            try:
                newest = 0 if bench.is_at_head else bench.rows.newest(stream)
                read = told(stream, bench.rows.leaves(stream, bench.position), newest)
            except EvidenceBroken as error:
                for trial in looking:
                    trial.miss(stream, error)
                continue
            for trial in looking:
                trial.meet(read)
    except Exception as error:  # noqa: BLE001 - a file that cannot be read further
        for trial in trials:
            trial.stop(error)


class _Trial:
    """One check under way: what it provokes becomes its answer, and stops no other."""

    def __init__(self, kind: type[Check]) -> None:
        self.kind = kind
        self.check: Check | None = None
        self.unread: list[tuple[str, EvidenceBroken]] = []
        self.missed = 0
        self.stopped = ""

    def begin(self, bench: Bench) -> None:
        try:
            self.check = self.kind(bench)
        except Exception as error:  # noqa: BLE001 - as above
            self.stop(error)

    def meet(self, read: Read) -> None:
        if self.check is None or self.stopped:
            return
        try:
            self.check.meet(read)
        except Exception as error:  # noqa: BLE001 - as above
            self.miss(read.stream, EvidenceBroken(_why(error), position=read.events[-1].position if read.events else 0))

    def miss(self, stream: str, error: EvidenceBroken) -> None:
        """Count a stream of which nothing can be said."""
        self.missed += 1
        if not self.unread:
            self.unread.append((stream, error))

    def stop(self, error: Exception) -> None:
        self.stopped = self.stopped or _why(error)

    def end(self) -> Outcome:
        said = ""
        if self.check is not None and not self.stopped:
            try:
                said = self.check.finish()
            except Exception as error:  # noqa: BLE001 - as above
                self.stop(error)
        findings = list(self.check.findings) if self.check else []
        found = self.check.found if self.check else 0
        if self.missed:
            stream, fault = self.unread[0]
            what = f"histories that cannot be read, of which nothing is said: {self.missed}; the first: {fault.reason}"
            findings.append(Finding(what, VERIFY, position=fault.position or None, stream=stream))
            found += 1
        if self.stopped:
            findings.append(Finding(f"could not be checked to the end: {self.stopped}", VERIFY))
            found += 1
        detail = said if not found else f"{found} found"
        return Outcome(self.kind.id, self.kind.compares, detail, tuple(findings), found)


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, Unable | EvidenceBroken) else f"{type(error).__name__}: {error}"


def check(
    office: Office, names: Sequence[str], *, position: int, on: dt.date, within: int = WITHIN, tell: Tell | None = None
) -> list[Outcome]:
    """Make the checks of these names, or all, on what was known at a position, on a day."""
    chosen = named(names)
    bench = Bench(office, position, on, within, tell)
    try:
        return run(bench, chosen)
    finally:
        bench.close()
