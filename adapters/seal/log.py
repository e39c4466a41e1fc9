"""The tree of the log in the database of the log: a row for each leaf, and one for each full subtree of 2^8, 2^16, 2^24 leaves.

It grows in the transaction that appends the events. A log made before there was a tree has none until the first append, or until it
is built; it is read as before.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from typing import Final

from adapters.seal.tree import STEP, TILE, Hash, consistency, inclusion, leaf_of, root, root_of
from domain.errors import EvidenceBroken

#: The setting that names a store for ever.
ID: Final = "id"
LEVELS: Final = (8, 16, 24)
STRETCH: Final = 64 * TILE

Tell = Callable[[int], None]


def schema() -> Iterator[str]:
    """The statements that make the tables, one by one: a script would commit what is under way."""
    statement = ""
    for line in resources.files("adapters.seal").joinpath("schema.sql").read_text().splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


class LogTree:
    """The tree over the stored bytes of one database; position = leaf + 1."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def is_made(self) -> bool:
        """Whether the store has the tables of the seal."""
        return self.db.execute("SELECT 1 FROM sqlite_master WHERE name = 'leaf'").fetchone() is not None

    def size(self) -> int:
        """How many leaves the tree has; nil where there is none."""
        try:
            return int(self.db.execute("SELECT coalesce(max(position), 0) FROM leaf").fetchone()[0])
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            return 0

    # Growing

    def grow(self, position: int, stored: Sequence[bytes]) -> None:
        """Add the leaves of events appended after a position, in the transaction that appends them.

        Raises:
            EvidenceBroken: the log is shorter than its tree.
        """
        if self.size() != position or not position:
            self.build(position)
        self._add(position, stored)

    def build(self, upto: int, tell: Tell | None = None) -> int:
        """Make the tables that are missing and the leaves up to a position, from the stored bytes; in a transaction.

        Returns:
            How many leaves were added.

        Raises:
            EvidenceBroken: the tree has leaves of which the log has no event.
        """
        if not self.is_made():
            for statement in schema():
                self.db.execute(statement)
        before = size = self.size()
        if size > upto:
            raise EvidenceBroken(
                f"the log ends at position {upto}, its tree has {size} leaves: entries were removed, or the file is not whole."
                " Nothing is recorded or signed; restore the newest backup, and look with `relance log fsck`",
                position=upto + 1,
            )
        while size < upto:
            until = min(upto, size + STRETCH)
            rows = self.db.execute(
                "SELECT bytes FROM log WHERE position > ? AND position <= ? ORDER BY position", (size, until)
            ).fetchall()
            if len(rows) != until - size:
                raise EvidenceBroken(f"an entry is missing between {size} and {until}", position=size + 1)
            self._add(size, [row[0] for row in rows])
            size = until
            if tell:
                tell(size)
        return size - before

    def _add(self, position: int, stored: Sequence[bytes]) -> None:
        rows = [(at, leaf_of(each)) for at, each in enumerate(stored, start=position + 1)]
        self.db.executemany("INSERT INTO leaf VALUES (?, ?)", rows)
        after = position + len(rows)
        for level in LEVELS:
            full = range(position >> level, after >> level)
            if not full:
                return
            self.db.executemany(
                "INSERT INTO subtree VALUES (?, ?, ?)",
                [(level, number, root_of(self._row(level - STEP, number << STEP, TILE))) for number in full],
            )

    # Reading

    def leaf(self, position: int) -> Hash:
        """The leaf hash of a position, as the tree has it."""
        return self._row(0, position - 1, 1)[0]

    def perfect(self, level: int, number: int) -> Hash:
        """The root of a perfect subtree, from the nearest rows that are kept below it."""
        kept = min(level - level % STEP, LEVELS[-1])
        count = 1 << (level - kept)
        return root_of(self._row(kept, number * count, count))

    def root(self, size: int) -> Hash:
        """The root of the first leaves."""
        return root(self, size)

    def inclusion(self, position: int, size: int) -> list[Hash]:
        """The proof that the entry of a position is among the first `size`."""
        return inclusion(self, position - 1, size)

    def consistency(self, old: int, new: int) -> list[Hash]:
        """The proof that the tree only grew from one size to another."""
        return consistency(self, old, new)

    def _row(self, level: int, first: int, count: int) -> list[Hash]:
        """Neighbouring hashes of a level that is kept.

        Raises:
            EvidenceBroken: some are not there.
        """
        asked, values = (
            ("subtree WHERE level = ? AND number >= ? AND number < ? ORDER BY number", (level, first, first + count))
            if level
            else ("leaf WHERE position > ? AND position <= ? ORDER BY position", (first, first + count))
        )
        found = [row[0] for row in self.db.execute(f"SELECT hash FROM {asked}", values)]  # noqa: S608 - our own words
        if len(found) != count:
            raise EvidenceBroken(
                f"the tree lacks rows of level {level} from {first}: look with `relance log fsck`",
                position=(first << level) + 1,
            )
        return found
