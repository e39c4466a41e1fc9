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
from domain.law.tables import shipped
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


SHOWN = (
    "ecb_refinancing_rate", "legal_rate_professional", "legal_rate_individual", "late_payment_points", "public_late_payment_points",
    "contractual_floor_multiple", "recovery_indemnity", "agreed_term_cap_days", "end_of_month_term_cap_days", "order_service_months",
    "enforcement_wait_months", "small_claims_ceiling", "small_claims_trader_exclusion", "limitation_trader_years",
    "limitation_consumer_years", "limitation_public_years", "claim_declaration_months",
)  # fmt: skip


def test_the_law_of_the_readme_is_that_of_the_tables(request: pytest.FixtureRequest) -> None:
    rows = []
    for table in map(shipped().table, SHOWN):
        last = table.values[-1]
        known = f" to {table.known_until}" if table.known_until else ""
        span = f"{table.values[0].from_on}{known}"
        rows.append(
            f"| `{table.name}` | {last.value:f} {table.unit} since {last.from_on} | {span} | {last.reference} |"
        )
    compare(
        request, "law", "\n".join(["| parameter | last value | known from | article |", "|---|---|---|---|", *rows, ""])
    )


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
