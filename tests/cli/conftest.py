"""A new user at the terminal: commands run in process, on a sandbox store whose clock stands still."""

import json
import shlex
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli.main import run

NOW = "2026-06-01T10:00+02:00"

#: What the firm has recorded when a test begins.
STORY = (
    'party add --creditor ACME --name "Acme SARL" --on 2026-01-01',
    'party add --debtor C042 --name "Durand SAS" --siren 404833048 --on 2026-01-01',
    'party add --debtor C043 --name "Mairie de Trélazé" --kind public --on 2026-01-01',
    'issue F-1 --debtor C042 --on 2026-01-01 --due 2026-01-31 --total "1 200,00" --vat 200',
    'issue F-2 --debtor C042 --on 2026-01-05 --instalment "600=2026-02-04" --instalment "300=2026-07-06"',
    "issue F-3 --debtor C043 --on 2026-05-15 --due 2026-06-14 --total 500",
)


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Terminal:
    """Types commands, reads answers; a traceback is never one."""

    def __init__(self, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.store, self.capsys = store, capsys

    def __call__(self, line: str) -> Said:
        self.capsys.readouterr()
        code = run(shlex.split(line))
        read = self.capsys.readouterr()
        assert "Traceback" not in read.out + read.err
        assert "Unforeseen" not in read.err, read.err
        return Said(code, read.out, read.err)

    def well(self, line: str) -> Said:
        """A command that succeeds."""
        said = self(line)
        assert said.code == 0, said.err
        return said

    def refused(self, line: str, code: int, words: str) -> Said:
        """A command that fails: nothing on stdout, one sentence on stderr, nothing recorded."""
        said = self(line)
        assert (said.code, said.out) == (code, ""), said
        assert words in " ".join(said.err.split()), said.err
        return said


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal in an empty folder: nothing made, nothing set but the clock."""
    for name in ("RELANCE_MASTER_KEY", "RELANCE_ON", "RELANCE_JSON", "RELANCE_CSV", "RELANCE_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RELANCE_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("RELANCE_ACTOR", "claire")
    monkeypatch.setenv("RELANCE_NOW", NOW)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return Terminal(tmp_path / "store", capsys)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the story, made once."""
    store = tmp_path_factory.mktemp("template") / "store"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RELANCE_STORE", str(store))
        patch.setenv("RELANCE_ACTOR", "claire")
        patch.delenv("RELANCE_MASTER_KEY", raising=False)
        assert run(["init", "--sandbox"]) == 0
        patch.setenv("RELANCE_NOW", NOW)
        for line in STORY:
            assert run(shlex.split(line)) == 0, line
    return store


@pytest.fixture
def fresh(template: Path, alone: Terminal) -> Callable[[], Terminal]:
    """Puts the story back as it was."""

    def anew() -> Terminal:
        shutil.rmtree(alone.store, ignore_errors=True)
        shutil.copytree(template, alone.store)
        return alone

    return anew


@pytest.fixture
def relance(fresh: Callable[[], Terminal]) -> Terminal:
    """A terminal on the store of the story."""
    return fresh()
