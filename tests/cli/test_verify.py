"""`relance verify FILE` at the terminal: what it says on top, exit codes, and how loudly it says on what the verdict hangs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.adapters.verification.stories import material, sealed
from tests.adapters.verifier.forge_log import NEW, OLD, WITNESS
from tests.cli.conftest import Said, Terminal


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A good file, made once, with an entry withheld."""
    story = material(tmp_path_factory.mktemp("dossier") / "store")
    story.of("DebtorCalled").withheld = True
    return sealed(story).pack()


@pytest.fixture
def verify(alone: Terminal, archive: bytes, tmp_path: Path) -> Callable[..., Said]:
    """Verify the good file, or it with another content."""

    def run(options: str = "", content: bytes = archive) -> Said:
        (tmp_path / "d.zip").write_bytes(content)
        return alone(f"verify d.zip {options}")

    return run


def test_a_good_file_says_what_it_is_and_that_no_key_is_pinned(verify: Callable[..., Said]) -> None:
    said = verify()
    lines = said.out.splitlines()
    assert said.code == 0
    assert lines[0].startswith("Export of 2026-06-20, position 26, 1 entry withheld. SIMULATION.")
    assert [line[:6] for line in lines[1:-1]] == ["ok    "] * 15
    assert lines[-1] == "Verdict: conform unpinned"
    assert "KEYS NOT PINNED" in said.err
    assert "SIMULATION" in said.err


def test_a_key_got_from_elsewhere_makes_it_conform(verify: Callable[..., Said]) -> None:
    said = verify(f"--key {NEW.vkey} --witness {WITNESS.vkey}")
    assert said.code == 0
    assert said.out.splitlines()[-1] == "Verdict: conform"
    assert "NOT PINNED" not in said.out + said.err


def test_json_has_the_keys_it_always_had(verify: Callable[..., Said]) -> None:
    value = verify("--json").json
    assert list(value)[:3] == ["verdict", "position", "checks"]
    assert {key: value[key] for key in ("withheld", "sandbox", "pinned")} == {
        "withheld": 1,
        "sandbox": True,
        "pinned": False,
    }
    assert value["verdict"] == "conform_unpinned"
    assert [sorted(each) for each in value["checks"]] == [["detail", "id", "ok"]] * 15


def test_a_broken_file_leaves_with_5(verify: Callable[..., Said], archive: bytes) -> None:
    said = verify(content=archive + b"\n")
    assert said.code == 5
    assert "BROKEN  1-archive" in said.out
    assert said.out.splitlines()[-1] == "Verdict: broken"


def test_another_key_leaves_with_5(verify: Callable[..., Said]) -> None:
    said = verify(f"--key {OLD.vkey}")
    assert said.code == 5
    assert "not signed by the key given" in said.out


def test_what_is_no_key_no_certificate_or_no_file_is_told_so(alone: Terminal, verify: Callable[..., Said]) -> None:
    assert verify("--key nonsense").code == 6
    assert verify(f"--key {WITNESS.vkey}").code == 2
    assert verify(f"--witness {NEW.vkey}").code == 2
    (alone.store.parent / "root.pem").write_text("nothing")
    assert verify("--authority-root root.pem").code == 6
    assert verify("--authority-root none.pem").code == 3
    alone.refused("verify none.zip", 3, "cannot be read")
    alone.refused("verify", 2, "name a file, or --log")
    alone.refused(f"verify --log --key {NEW.vkey}", 2, "are for a file")
