"""The material of the specimens: made once, copied for each."""

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.verification.bundle import BundleVerification
from tests.adapters.verification.stories import Dossier, again, material, sealed, verified
from tests.adapters.verifier.forge import Bundle


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    """The material, never changed."""
    return material(tmp_path_factory.mktemp("dossier") / "store")


@pytest.fixture
def story(made: Dossier) -> Dossier:
    """A story of one's own, to be changed before it is sealed."""
    return again(made)


@pytest.fixture
def bundle(story: Dossier) -> Bundle:
    """The good bundle, to be changed before it is packed."""
    return sealed(story)


@pytest.fixture
def verify(tmp_path: Path) -> Callable[..., BundleVerification]:
    """Packs and verifies."""

    def run(bundle: Bundle | bytes, *, pinned: bool = True, beyond: str = "11-stamps") -> BundleVerification:
        return verified(tmp_path / "dossier.zip", bundle, pinned=pinned, beyond=beyond)

    return run
