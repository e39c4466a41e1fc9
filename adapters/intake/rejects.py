"""What is wrong with a file: told in full without being held in full."""

import csv
import json
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final, NamedTuple, Self

from domain.errors import InvalidInput, Misuse

HELD: Final = 1_000
_LONGEST_VALUE: Final = 200
HEAD: Final = ("line", "column", "value", "reason")


class Problem(NamedTuple):
    """A cell that cannot be taken, or a remark on one that was."""

    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        """Line, column, value, reason."""
        return f"line {self.line}, {self.column!r} {self.value[:60]!r}: {self.reason}"


class Findings:
    """Problems in the order found: the first ones in memory, the others in a file that has no name and no future."""

    def __init__(self) -> None:
        self._held: list[Problem] = []
        self._rest: IO[str] | None = None
        self._count = 0

    def add(self, problem: Problem) -> None:
        """One more."""
        self._count += 1
        if len(problem.value) > _LONGEST_VALUE:
            problem = problem._replace(value=problem.value[:_LONGEST_VALUE])
        if len(self._held) < HELD:
            self._held.append(problem)
            return
        if self._rest is None:
            self._rest = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed with the findings
            weakref.finalize(self, self._rest.close)
        self._rest.write(json.dumps(problem) + "\n")

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Problem]:
        yield from self._held
        if self._rest is not None:
            self._rest.seek(0)
            for line in self._rest:
                yield Problem(*json.loads(line))
            self._rest.seek(0, 2)

    def first(self, count: int) -> Sequence[Problem]:
        """The first ones, a thousand at most."""
        return self._held[:count]

    def __repr__(self) -> str:
        return f"{self._count} findings: {self._held[:3]}"


class RejectFile:
    """The CSV file of what was rejected, when one is asked for."""

    def __init__(self, path: Path | None, source: Path, store: Path) -> None:
        """Refuse to write over anything but an earlier reject file.

        Raises:
            Misuse: it is the file to import, lies in the store, or is something else.
        """
        self._path = path
        self._file: IO[str] | None = None
        if path is None:
            return
        if path.exists() and source.exists() and path.samefile(source):
            raise Misuse(f"--reject-file {path} is the file to import: name another")
        if store.resolve() in path.resolve().parents:
            raise Misuse(f"--reject-file {path} lies in the store: name a file outside")
        if path.is_file() and path.stat().st_size:
            with path.open("rb") as file:
                head = file.read(64)
            if not head.startswith(",".join(HEAD).encode()):
                raise Misuse(f"--reject-file {path} exists and is no reject file: name another, or remove it")

    def __enter__(self) -> Self:
        if self._path is not None:
            try:
                self._file = self._path.open("w", newline="", encoding="utf-8", errors="backslashreplace")
            except OSError as error:
                reason = f"the reject file cannot be written ({error.strerror}); nothing was recorded"
                raise InvalidInput(reason, file=str(self._path)) from None
            self._out = csv.writer(self._file, lineterminator="\n")
            self._out.writerow(HEAD)
        return self

    def write(self, problems: Sequence[Problem]) -> None:
        """Write the problems of a row."""
        if self._file:
            self._out.writerows(problems)

    def flush(self) -> None:
        """Bring what was written so far to the disk, before the log goes on."""
        if self._file:
            self._file.flush()

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()
