"""kill -9 at random instants of recording and signing: nothing acknowledged is lost, and the seal is sound."""

from pathlib import Path

from tests.adapters.seal.killed import soak


def test_nothing_acknowledged_is_lost_by_kills(tmp_path: Path) -> None:
    toll = soak(tmp_path / "store", 20)
    assert toll.wrong == []
    assert toll.kills == 20
    assert toll.entries
    assert toll.signed
