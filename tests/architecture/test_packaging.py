"""What is installed: pinned versions, no address to fetch them from, a wheel that is whole and runs elsewhere."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import HERE

ROOT = HERE.parent
PACKAGES = ("domain", "projections", "adapters", "cli")
PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([0-9][A-Za-z0-9.]*)")
ADDRESS = re.compile(
    r"\b(?:https?|ftp|file|ssh)://|\bgit\+"  # any address, of a registry or not
    r"|\b(?:[a-z0-9-]+\.)+(?:org|com|io|dev)\b"  # any host of the kind that serves packages
    r"|--(?:extra-)?index|--find-links|--trusted-host|\bindex-url\b"
    r"|(?<![\w.])/(?:home|root|work)/"  # a path of one machine
)
MAY = {
    "LICENSE",
    "tests/architecture/test_packaging.py",
    "tests/architecture/test_source.py",
}  # the licence's own text; patterns


def ours() -> list[Path]:
    """The files of the project, as git lists them; every visible file where there is no git."""
    git = shutil.which("git")
    listed = git and subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed and listed.returncode == 0:
        names = [Path(name) for name in listed.stdout.split("\0") if name]
    else:
        names = [file.relative_to(ROOT) for file in ROOT.rglob("*")]
        names = [name for name in names if name.parts[0] == ".ci" or not any(part[0] == "." for part in name.parts)]
    return [name for name in names if (ROOT / name).is_file() and "__pycache__" not in name.parts]


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    matches = [PIN.fullmatch(line) for line in lines]
    assert all(matches), [line for line, match in zip(lines, matches, strict=True) if not match]
    return {canonicalize_name(match[1]): match[2] for match in matches if match}


def wanted() -> Iterator[Requirement]:
    """Every requirement of the project, of its build and of its tests, with those they bring along."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = [text for extra in project["project"]["optional-dependencies"].values() for text in extra]
    waiting = [
        Requirement(text)
        for text in [*project["build-system"]["requires"], *project["project"]["dependencies"], *extras]
    ]
    seen: set[tuple[str, str]] = set()
    while waiting:
        found = waiting.pop()
        yield found
        for extra in ["", *found.extras]:
            if (found.name, extra) in seen:
                continue
            seen.add((found.name, extra))
            try:
                brought = [Requirement(text) for text in requires(found.name) or ()]
            except PackageNotFoundError:
                continue
            waiting += [each for each in brought if each.marker is None or each.marker.evaluate({"extra": extra})]


def test_every_line_of_the_constraints_is_a_name_and_a_version() -> None:
    names = list(pins())
    assert names == sorted(set(names))


def test_everything_installed_is_pinned_to_a_version_that_fits() -> None:
    pinned = pins()
    for requirement in wanted():
        version = pinned.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not in constraints.txt"
        assert requirement.specifier.contains(version, prereleases=True), f"{requirement} against {version}"


def test_nothing_is_pinned_that_nothing_needs() -> None:
    assert set(pins()) == {canonicalize_name(requirement.name) for requirement in wanted()}


def test_no_file_holds_an_address_or_a_path_of_a_machine() -> None:
    found = []
    for name in ours():
        if name.as_posix() in MAY:
            continue
        try:
            text = (ROOT / name).read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{name}:{n}: {line}" for n, line in enumerate(text.splitlines(), 1) if ADDRESS.search(line)]
    assert not found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(to)], cwd=ROOT)
    (built,) = to.glob("relance-*.whl")
    return built


def run(words: list[str], cwd: Path) -> str:
    """Run a program in a folder, nothing of our own environment around it."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("RELANCE", "PYTHON"))}
    done = subprocess.run(words, cwd=cwd, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_the_wheel_holds_the_four_packages_and_all_their_data(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {name.as_posix() for name in ours() if name.parts[0] in PACKAGES}
    assert expected <= held
    assert {name.split("/")[0] for name in held} == set(PACKAGES)
    for data in (
        "domain/policies/standard.toml",
        "adapters/store/schema.sql",
        "adapters/documents/templates/dossier.typ",
    ):
        assert data in held


def test_the_wheel_runs_from_another_folder_in_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "environment"
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    # pip of this environment, at work on that one: the wheel lies in a file, and what it needs is here already.
    run([sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python), "install", "--quiet", "--no-deps", str(wheel)], cwd=tmp_path)  # fmt: skip
    (packages,) = home.glob("lib/python*/site-packages")
    around = [path for path in sys.path if Path(path).name == "site-packages"]
    (packages / "around.pth").write_text(
        "\n".join(around)
    )  # their packages, not their .pth files: the editable one stays out

    assert "Recover unpaid French invoices" in run([str(home / "bin" / "relance"), "--help"], cwd=tmp_path)
    run([str(home / "bin" / "relance"), "--store", "store", "init"], cwd=tmp_path)
    assert (tmp_path / "store" / "relance.db").is_file()
    for package in PACKAGES:
        where = run([str(python), "-c", f"import {package}; print({package}.__file__)"], cwd=tmp_path)
        assert Path(where.strip()).is_relative_to(packages), where
