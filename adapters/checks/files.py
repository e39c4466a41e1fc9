"""The check of the files themselves: every page of the log and of the keys, and every row against its indexes."""

from adapters.checks.check import VERIFY, Check, Finding


class Files(Check):
    """SQLite's own word on the files, which reads pages that no other check has reason to read."""

    id = "files"
    compares = (
        "the pages of the log and of the key file, each index and the rows it points at (SQLite's integrity check)"
    )

    def finish(self) -> str:
        """Ask for each file."""
        self.bench.tell("pages of the files", 0, 2)
        for name, faults in self.bench.rows.integrity():
            for fault in faults:
                self.find(Finding(f"{name}: {fault}", VERIFY))
        return "the log and the key file, page by page"
