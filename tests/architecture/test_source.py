"""What the source may not hold: a clock, a float, input or output in the domain; an address of a registry anywhere."""

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import HERE

ROOT = HERE.parent
DOMAIN = sorted((ROOT / "domain").rglob("*.py"))
READS_PACKAGE_DATA = {
    "checklists.py",
    "policy.py",
    "readings.py",
    "tables.py",
}  # shipped policies, tables, checklists, by importlib.resources


def called(tree: ast.AST) -> set[str]:
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "") for node in functions}


def imports(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


@pytest.mark.parametrize("file", DOMAIN, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_domain_has_no_clock_no_float_no_input(file: Path) -> None:
    path = ROOT / file
    tree = ast.parse(path.read_text())
    used = called(tree)
    assert not used & {"now", "today", "utcnow", "float", "open", "print", "random", "urandom", "getenv", "environ"}, (
        path
    )
    assert not any(isinstance(node, ast.Constant) and isinstance(node.value, float) for node in ast.walk(tree)), path
    allowed = {"annotated_types", "calendar", "collections", "dataclasses", "datetime", "decimal", "difflib", "domain", "fractions", "functools", "holidays",
               "itertools", "pydantic", "re", "statemachine", "threading", "typing", "unicodedata"}  # fmt: skip
    if path.name in READS_PACKAGE_DATA:
        allowed |= {"importlib", "tomllib"}
    assert imports(tree) <= allowed, imports(tree) - allowed


@pytest.mark.parametrize("package", ["domain", "projections", "adapters", "cli"])
def test_init_files_hold_a_docstring_and_nothing_else(package: str) -> None:
    for file in (ROOT / package).rglob("__init__.py"):
        body = ast.parse(file.read_text()).body
        assert len(body) == 1, file
        assert isinstance(body[0], ast.Expr), file


def test_the_library_application_stays_in_one_place() -> None:
    users = [file.name for file in (ROOT / "adapters").rglob("*.py") if "eventsourcing.application" in file.read_text()]
    assert users == ["application.py"]


def test_no_registry_address_and_no_path_of_a_machine() -> None:
    forbidden = re.compile(r"https?://(?!www\.apache\.org)|--index-url|--find-links|/(?:home|root|work)/")
    for name in ("pyproject.toml", "constraints.txt", "Makefile", ".ci/run", "README.md", "CHANGELOG.md"):
        file = ROOT / name
        if file.exists():
            assert not forbidden.search(file.read_text()), name
