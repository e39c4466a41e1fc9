"""The README holds what the program says: its commands, its exit codes, and a run that gives that output."""

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.failures import CODES
from cli.main import COMMANDS, GROUPS, run
from tests.conftest import HERE

README = HERE.parent / "README.md"


def block(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", README.read_text(), re.DOTALL)
    assert found, f"the README has no block {name}"
    return found[1]


def compare(request: pytest.FixtureRequest, name: str, text: str) -> None:
    """Hold a marked block of the README to a text, or write it with --update-golden."""
    if request.config.getoption("--update-golden"):
        before, _, rest = README.read_text().partition(f"<!-- {name} -->\n")
        README.write_text(f"{before}<!-- {name} -->\n{text}{rest[len(block(name)) :]}")
    assert block(name) == text, f"the README's {name} changed: read the difference, then run with --update-golden"


def test_the_commands_of_the_readme_are_those_of_the_program(request: pytest.FixtureRequest) -> None:
    rows = [f"| {group} | `{name}` | {COMMANDS[name][1]} |" for group, names in GROUPS.items() for name in names]
    compare(request, "commands", "\n".join(["| for | command | what it does |", "|---|---|---|", *rows, ""]))


def test_every_command_has_its_group() -> None:
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(COMMANDS)


def test_the_readme_names_no_command_that_is_not_there() -> None:
    named = re.findall(r"(?:^\$ |`)relance (?!-)([a-z-]+)", README.read_text(), re.MULTILINE)
    assert named
    assert set(named) <= set(COMMANDS)


def test_every_exit_code_is_in_the_readme() -> None:
    written = re.findall(r"^\| (\d+) \|", README.read_text(), re.MULTILINE)
    assert [int(code) for code in written] == sorted({0, 130} | {code for _, code in CODES})


def test_the_run_of_the_readme_gives_that_output(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = re.findall(r"^\$ (.*)$", block("run"), re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELANCE_ACTOR", "marie")
    compare(request, "run", "\n".join(["```console", *transcript(commands, monkeypatch), "```", ""]))


def transcript(commands: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What a terminal shows: each command, then all it prints; a digest or an id, which no two runs share, cut to dots."""
    code = 0
    for command in commands:
        yield f"$ {command}"
        program, *words = shlex.split(command)
        if program == "export":
            name, _, value = words[0].partition("=")
            monkeypatch.setenv(name, value)
        elif program == "echo":
            yield str(code)
        else:
            assert program == "relance", command
            screen = io.StringIO()
            with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
                code = run(words)
            assert "Unforeseen" not in screen.getvalue(), screen.getvalue()
            shown = re.sub(r"\b[0-9a-f]{16,}\b", "…", screen.getvalue())
            yield from (line.rstrip() for line in shown.splitlines())
