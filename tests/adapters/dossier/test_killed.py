"""kill -9 at random instants of exporting: what the log closed can be given whole."""

import subprocess
import sys
from pathlib import Path


def test_an_export_that_was_closed_is_never_lost() -> None:
    words = [sys.executable, "-m", "tests.adapters.dossier.killed", "6"]
    done = subprocess.run(words, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
