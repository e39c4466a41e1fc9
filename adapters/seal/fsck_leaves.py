"""Checks 1 and 2 of the seal: the stored bytes, the leaves and the subtrees; and what the checks find."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from adapters.seal.log import LEVELS, STRETCH, LogTree
from adapters.seal.tree import Frontier, Hash, leaf_of

CHECKS: Final = ("1-leaves", "2-subtrees", "3-roots", "4-signatures", "5-consistency", "6-stamps", "7-heads")

Tell = Callable[[str, int, int], None]


@dataclass(slots=True)
class Fault:
    """What is wrong, at the first position where it shows."""

    position: int
    what: str


@dataclass(slots=True)
class Fsck:
    """What was found: of each check its first fault, or what is said of a good one."""

    size: int = 0
    built: int = 0
    root: Hash = b""
    said: dict[str, str] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    behind: int = 0

    @property
    def first(self) -> Fault | None:
        """What is wrong first: the fault of the first check that found one, those that follow from it left aside."""
        return next((self.faults[name] for name in CHECKS if name in self.faults), None)

    def note(self, check: str, position: int, what: str) -> None:
        """Keep a fault, unless the check has one already at a lower position."""
        kept = self.faults.get(check)
        if kept is None or 0 < position < (kept.position or position + 1):
            self.faults[check] = Fault(position, what)


def check_leaves(found: Fsck, tree: LogTree, wanted: set[int], tell: Tell) -> dict[int, Hash]:
    """Checks 1 and 2; the roots of the bytes at the sizes that are wanted."""
    db, frontier, roots, cuts = tree.db, Frontier(), dict[int, Hash](), sorted(wanted, reverse=True)
    size, leaves = found.size, tree.size()
    found.behind = max(size - leaves, 0)
    while frontier.size < size:
        after, upto = frontier.size, min(size, frontier.size + STRETCH)
        rows = db.execute(
            "SELECT position, bytes FROM log WHERE position > ? AND position <= ? ORDER BY position", (after, upto)
        )
        hashes = []
        for number, (position, stored) in enumerate(rows, start=after + 1):
            if position != number:
                break
            hashes.append(leaf_of(stored))
        has_end = len(hashes) < upto - after
        if has_end:
            found.note("1-leaves", after + len(hashes) + 1, "the entry is missing from the log")
        _compare_leaves(found, db.execute(
            "SELECT position, hash FROM leaf WHERE position > ? AND position <= ? ORDER BY position", (after, min(upto, leaves))
        ).fetchall() if leaves else [], hashes, after, min(upto, leaves))  # fmt: skip
        at, full = 0, list[tuple[int, int, Hash]]()
        while at < len(hashes):
            while cuts and cuts[-1] <= after + at:
                cuts.pop()
            until = min(len(hashes), (cuts[-1] if cuts else size) - after)
            full += frontier.add(hashes[at:until])
            at = until
            if frontier.size in wanted:
                roots[frontier.size] = frontier.root()
        _compare_subtrees(found, tree, full, leaves)
        tell("leaves", frontier.size, size)
        if has_end:
            break
    if leaves < max(wanted, default=0):
        found.note("1-leaves", leaves + 1, "its leaf is missing from the tree, and it was signed")
    if leaves > size:
        found.note(
            "1-leaves",
            size + 1,
            f"the tree has {leaves} leaves, the log {size} entries: entries were removed from its end",
        )
    for level in LEVELS if leaves else ():
        there = db.execute("SELECT count(*) FROM subtree WHERE level = ?", (level,)).fetchone()[0]
        if there != leaves >> level:
            found.note(
                "2-subtrees", 0, f"{there} roots of level {level} are kept for {leaves} leaves, not {leaves >> level}"
            )
    found.root = frontier.root()
    found.said["1-leaves"] = f"{size - found.behind} leaves, each the hash of its stored bytes"
    found.said["2-subtrees"] = f"{sum(leaves >> level for level in LEVELS)} roots of subtrees, each that of its leaves"
    return roots


def _compare_leaves(found: Fsck, rows: list[tuple[int, bytes]], hashes: list[Hash], after: int, upto: int) -> None:
    if [row[1] for row in rows] == hashes[: max(upto - after, 0)] and len(rows) == max(upto - after, 0):
        return
    kept = dict(rows)
    for position, each in enumerate(hashes[: max(upto - after, 0)], start=after + 1):
        if kept.get(position) != each:
            what = (
                "its leaf is missing from the tree"
                if position not in kept
                else "the stored bytes are not those that were sealed"
            )
            found.note("1-leaves", position, what)
            return


def _compare_subtrees(found: Fsck, tree: LogTree, full: list[tuple[int, int, Hash]], leaves: int) -> None:
    for level, number, root in full:
        if (number + 1) << level > leaves:
            continue
        row = tree.db.execute("SELECT hash FROM subtree WHERE level = ? AND number = ?", (level, number)).fetchone()
        if row != (root,):
            found.note("2-subtrees", (number << level) + 1, f"the root of subtree {level}/{number} is {'missing' if row is None else 'not that of its leaves'}")  # fmt: skip
