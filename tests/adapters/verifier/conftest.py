"""The small bundle and its story, as each test finds them."""

from pathlib import Path

import pytest

from tests.adapters.verifier.forge import Bundle, Story, small, small_story


@pytest.fixture
def bundle() -> Bundle:
    return small()


@pytest.fixture
def story() -> Story:
    return small_story()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The small bundle in a file, alone in its folder."""
    (tmp_path / "dossier.asice").write_bytes(small().pack())
    return tmp_path / "dossier.asice"
