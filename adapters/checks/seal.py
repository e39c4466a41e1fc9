"""The check of the seal: the tree over the stored bytes, what was signed, witnessed and stamped of it."""

from adapters.checks.check import Check, Finding


class Seal(Check):
    """What `relance log fsck` computes again."""

    id = "seal"
    compares = "each leaf and root of the seal, each checkpoint, signature and stamp that is kept, and the stored bytes"

    def finish(self) -> str:
        """Compute it again; the tree speaks of the whole log, whatever the position checked."""
        from adapters.seal.fsck import fsck  # noqa: PLC0415 - keys and certificates, for this alone

        found = fsck(self.bench.office.app, lambda word, done, of: self.bench.tell(word, done, of or done))
        for name, fault in found.faults.items():
            self.find(Finding(f"{name}: {fault.what}", "relance log fsck", (), fault.position or None))
        unsealed = f", {found.behind} not in it yet" if found.behind else ""
        return f"{found.size - found.behind} events in the tree{unsealed}"
