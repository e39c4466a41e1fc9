"""Every command and sub-command has its help page: one line, a paragraph, an example, options; -h works everywhere."""

from collections.abc import Callable, Iterator
from importlib.metadata import version
from importlib.util import find_spec

import click
import pytest

from cli.main import COMMANDS, GROUPS, cli
from tests.cli.conftest import Terminal

WRITTEN = [name for name, (where, _) in COMMANDS.items() if find_spec(where.partition(":")[0])]


def pages() -> Iterator[tuple[str, ...]]:
    """The words of every command that is written, sub-commands too."""
    context = click.Context(cli)
    yield ()
    for name in WRITTEN:
        yield (name,)
        command = cli.get_command(context, name)
        if isinstance(command, click.Group):
            for sub in command.list_commands(context):
                yield (name, sub)


PAGES = list(pages())
named = pytest.mark.parametrize("words", PAGES, ids=lambda words: " ".join(words) or "relance")


@named
def test_help_is_the_same_by_h_and_by_help(alone: Terminal, words: tuple[str, ...]) -> None:
    short, long = (alone.well(" ".join([*words, option])) for option in ("-h", "--help"))
    assert short == long
    assert short.err == ""
    assert short.out.startswith("Usage: relance")
    assert "-h, --help" in short.out
    assert not alone.store.exists()


@named
def test_help_says_what_it_is_for_and_gives_an_example(alone: Terminal, words: tuple[str, ...]) -> None:
    text = alone.well(" ".join([*words, "--help"])).out
    context = click.Context(cli)
    found: click.Command | None = cli
    for word in words:
        assert isinstance(found, click.Group)
        found = found.get_command(context, word)
    assert found is not None
    assert found.help
    if not isinstance(found, click.Group):
        example = " ".join(text.partition("Example:")[2].split())
        assert "relance " in example
        assert f"{' '.join(words)} " in example
    for param in found.params:
        if isinstance(param, click.Option) and param.name != "help":
            assert param.help, f"{words}: {param.name} has no help"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="relance"),
        "party",
        "policy",
        "order",
    ],
)
def test_help_of_a_group_gives_an_example_too(alone: Terminal, name: str) -> None:
    assert "Example:" in alone.well(f"{name} --help").out


@named
def test_help_is_what_was_read_in_review(
    alone: Terminal, golden: Callable[[str, str], None], words: tuple[str, ...]
) -> None:
    golden(f"help/{'-'.join(words) or 'relance'}.txt", alone.well(" ".join([*words, "--help"])).out)


def test_the_root_lists_every_command_once() -> None:
    listed = [name for names in GROUPS.values() for name in names]
    assert sorted(listed) == sorted(COMMANDS)
    assert len(set(listed)) == len(listed)


@pytest.mark.parametrize("name", WRITTEN)
def test_the_line_of_the_list_is_near_that_of_the_page(alone: Terminal, name: str) -> None:
    assert COMMANDS[name][1] in " ".join(alone.well("--help").out.split())


def test_the_version_is_said(alone: Terminal) -> None:
    assert alone.well("--version").out == f"relance {version('relance')}\n"
