"""A store of its own for each story."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.dossier.archive import Archive


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """A sandbox store in June 2026."""
    made = Archive(tmp_path / "store")
    yield made
    made.close()
