"""The check of the last verification: when the whole log was last found whole, and whether that part of it is the same still."""

from adapters.checks.check import VERIFY, Check, Finding
from adapters.clock import paris_day
from adapters.verified import leaf_at, read_note
from domain.errors import in_words


class LastVerified(Check):
    """Not longer ago than so many days."""

    id = "verified"
    compares = (
        "the day on which the whole log last verified and the business day; the event that was the newest then and now"
    )

    def finish(self) -> str:
        """Read the note, then the leaf of its position."""
        bench = self.bench
        note = read_note(bench.office.folder.path)
        if note is None:
            self.find(Finding("no verification of the whole log is on record", VERIFY))
            return ""
        on = paris_day(note.verified_at)
        if leaf_at(bench.store, note.position) != note.leaf:
            head = bench.store.position()
            what = (
                f"the log ends at @{head}, before @{note.position}, up to which it verified on {in_words(on)}"
                if head < note.position
                else f"the event at @{note.position} is not the one that verified on {in_words(on)}"
            )
            self.find(Finding(what, VERIFY, (("verified", note.position), ("newest", head)), note.position))
        days = (bench.on - on).days
        if days > bench.within:
            figures = (("days_since", days), ("days_allowed", bench.within))
            self.find(Finding(f"the whole log last verified on {in_words(on)}", VERIFY, figures, note.position))
        since = max(bench.store.position() - note.position, 0)
        return f"verified whole on {in_words(on)} up to @{note.position}; {since} events since"
