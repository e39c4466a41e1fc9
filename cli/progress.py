"""How far a long work is, on a terminal: nothing for what takes less than a second, a bar after."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from cli.session import Session, is_terminal

PATIENCE = 1.0


@contextmanager
def watching(session: Session) -> Iterator[Callable[[str, int, int], None]]:
    """Give what is told how far a work is: its name, how much is done, of how much."""
    if not is_terminal() or session.as_json or session.as_csv:
        yield lambda _word, _done, _of: None
        return
    from rich.console import Console  # noqa: PLC0415 - on a terminal only
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    began, tasks = monotonic(), dict[str, Any]()
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(36), TaskProgressColumn(), TimeElapsedColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip

    def tell(word: str, done: int, of: int) -> None:
        if monotonic() - began < PATIENCE:
            return
        if word not in tasks:
            if not tasks:
                bar.start()
            tasks[word] = bar.add_task(word, total=of)
        bar.update(tasks[word], completed=done, total=of)

    try:
        yield tell
    finally:
        if tasks:
            bar.stop()
