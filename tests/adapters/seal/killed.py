"""A process that records and signs, killed at random instants; what it said was done must be there, and the seal sound.

`python -m tests.adapters.seal.killed 200` is the long run; the suite does 20 of them.
"""

import datetime as dt
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Final

from adapters.application import Change, Context, Relance, new_id, plain
from adapters.clock import FixedClock
from adapters.lawbook import rulebook
from adapters.seal.checkpoint import checkpoint_of, read_file
from adapters.seal.fsck import fsck
from adapters.seal.heads import seal
from adapters.seal.kept import Seals
from adapters.seal.note import read_note
from adapters.seal.sealing import checkpoint, rotate
from adapters.store.envelope import encode_envelope, leaf_hash
from adapters.store.folder import create, open_folder
from domain.law.tables import shipped
from tests.builders import instant, issued

ROOT: Final = Path(__file__).parents[3]
NOW: Final = instant("2026-06-01T08:00:00+00:00")
#: A life is ended after at most so many seconds.
LONGEST: Final = 0.25
PATIENCE: Final = 60.0


def opened(path: Path) -> Relance:
    """The store, whoever was killed in it."""
    return Relance(open_folder(path), FixedClock(NOW), "c0" * 16)


def live(path: Path, seed: int) -> None:
    """Record, sign, seal heads and change the key for ever; say each thing once it is done."""
    draw, app = random.Random(seed), opened(path)
    said = os.fdopen(os.dup(1), "w", buffering=1)
    said.write(f"begun {os.getpid()}\n")
    while True:
        chance = draw.random()
        if chance < 0.7 or not app.store.position():
            streams = [f"invoice:{new_id()}" for _ in range(draw.choice((1, 1, 3, 300)))]
            written = app.append(
                [Change(app.stream(each), plain([issued()])) for each in streams], Context(command=new_id())
            )
            said.write(f"entry {app.store.position()} {leaf_hash(encode_envelope(written[-1]))}\n")
        elif chance < 0.95:
            kept = checkpoint(app)
            said.write(f"signed {kept.size} {kept.checkpoint.root.hex()}\n")
        elif chance < 0.98 or not Seals(app.store.tree.db).last():
            seal(app)
        else:
            kept = rotate(app)
            said.write(f"signed {kept.size} {kept.checkpoint.root.hex()}\n")


@dataclass
class Toll:
    """What was said in all lives, and what was found wrong after them."""

    kills: int = 0
    entries: dict[int, str] = field(default_factory=dict)
    signed: dict[int, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


class Nursery:
    """A process that has everything loaded and forks one life after the other; a pipe keeps what they said in order."""

    def __init__(self, path: Path) -> None:
        words = [sys.executable, "-m", "tests.adapters.seal.killed", "--nursery", str(path)]
        self.process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self._said = b""

    def kill(self, seed: int, toll: Toll) -> None:
        """One life and its end."""
        assert self.process.stdin
        self.process.stdin.write(f"{seed}\n".encode())
        wait = random.Random(seed + 1_000_000).uniform(0, LONGEST)
        pid, until = 0, monotonic() + PATIENCE
        while True:
            line = self._line(until - monotonic())
            if line is None:
                if not pid:
                    raise TimeoutError(f"seed {seed}: the child never began")
                os.kill(pid, signal.SIGKILL)
                until = monotonic() + PATIENCE
                continue
            match line.split():
                case ["begun", word]:
                    pid, until = int(word), monotonic() + wait
                case ["entry", position, leaf]:
                    toll.entries[int(position)] = leaf
                case ["signed", size, root]:
                    toll.signed[int(size)] = root
                case ["dead", status]:
                    toll.kills += 1
                    if int(status) != signal.SIGKILL:
                        toll.wrong.append(f"seed {seed}: the child ended by itself ({status})")
                    return
                case _:
                    raise ValueError(line)

    def _line(self, patience: float) -> str | None:
        """The next whole line; nothing when none comes in time."""
        assert self.process.stdout
        until = monotonic() + patience
        while b"\n" not in self._said:
            if not select.select([self.process.stdout], [], [], max(until - monotonic(), 0))[0]:
                return None
            read = self.process.stdout.read(65_536)
            if not read:
                raise EOFError("the nursery is gone")
            self._said += read
        line, _, self._said = self._said.partition(b"\n")
        return line.decode()

    def close(self) -> None:
        """Let it end."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def nurse(path: Path) -> None:
    """Fork a life for each line that comes."""
    rulebook(shipped())
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            try:
                live(path, int(line))
            except BaseException:  # noqa: BLE001 - a life ends by a kill alone: whatever else ends it is told
                traceback.print_exc()
            finally:
                os._exit(1)
        _, status = os.waitpid(pid, 0)
        os.write(1, f"dead {os.waitstatus_to_exitcode(status) * -1}\n".encode())


def examine(path: Path, toll: Toll) -> None:
    """Nothing that was said is lost, the seal is sound, and the log goes on."""
    app = opened(path)
    try:
        if app.store.position() < max(toll.entries, default=0):
            toll.wrong.append(f"the log ends at {app.store.position()}, {max(toll.entries)} was acknowledged")
            return
        toll.wrong += [
            f"entry {position} is another"
            for position, leaf in toll.entries.items()
            if app.store.tree.leaf(position).hex() != leaf
        ]
        kept = {each.size: each.checkpoint.root.hex() for each in Seals(app.store.tree.db).checkpoints()}
        toll.wrong += [f"checkpoint {size} is lost" for size, root in toll.signed.items() if kept.get(size) != root]
        found = fsck(app)
        if found.first or found.behind:
            toll.wrong.append(f"{found.first}, {found.behind} behind")
        beside = path / "relance.checkpoint"
        if toll.signed and checkpoint_of(read_note(read_file(beside))).size < max(toll.signed):
            toll.wrong.append("the file beside the database is older than what was said")
    finally:
        app.folder.close()


def soak(path: Path, kills: int, first: int = 0) -> Toll:
    """Kill so many processes in one store, and look after each."""
    create(path, sandbox=True)
    toll, nursery = Toll(), Nursery(path)
    try:
        for seed in range(first, first + kills):
            nursery.kill(seed, toll)
            examine(path, toll)
            if toll.wrong:
                break
    finally:
        nursery.close()
    return toll


def main(words: list[str]) -> int:
    """Nurse, or soak."""
    if words[0] == "--nursery":
        nurse(Path(words[1]))
        return 0
    began = dt.datetime.now(dt.UTC)
    with tempfile.TemporaryDirectory(prefix="relance-soak-") as folder:
        toll = soak(Path(folder) / "store", int(words[0]))
    seconds = (dt.datetime.now(dt.UTC) - began).total_seconds()
    sys.stdout.write(
        f"{toll.kills} kills, {len(toll.entries)} appends and {len(toll.signed)} checkpoints acknowledged up to entry"
        f" {max(toll.entries, default=0)}, {seconds:.0f} s: {'; '.join(toll.wrong) or 'nothing lost, seal sound'}\n"
    )
    return 1 if toll.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
