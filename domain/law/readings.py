"""The contested points of the law: each a switch with its readings, a default, and the sentence a statement prints.

Nobody knows which reading a court will take, so each can be computed and the one used is always said.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from domain.errors import Misuse

NUMBERS: Final = range(1, 24)


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a contested point, in English for screens and in French for documents."""

    switch: str
    code: str
    text: str
    texte: str
    reference: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class Switch:
    """A contested point with its readings, the default one first."""

    name: str
    point: int
    reference: str
    readings: tuple[Reading, ...]

    @property
    def default(self) -> Reading:
        """The reading that applies unless another is chosen."""
        return self.readings[0]


@cache
def switches() -> dict[str, Switch]:
    """Every switch, by name."""
    return {raw["name"]: _switch(raw) for raw in _file()["switches"]}


@cache
def open_points() -> dict[int, str]:
    """The points that no switch computes, by number, with what relance does about each."""
    return {raw["point"]: raw["text"] for raw in _file()["open_points"]}


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(resources.files("domain.law").joinpath("switches.toml").read_text(encoding="utf-8"))


def _switch(raw: Mapping[str, Any]) -> Switch:
    name, default, reference = raw["name"], raw["default"], raw["reference"]
    read = [
        Reading(name, each["code"], each["text"], each["texte"], reference, each["code"] == default)
        for each in raw["readings"]
    ]
    return Switch(name, raw["point"], reference, tuple(sorted(read, key=lambda each: not each.is_default)))


@cache
def _by_code() -> dict[tuple[str, str], Reading]:
    return {(name, each.code): each for name, switch in switches().items() for each in switch.readings}


@cache
def _defaults() -> dict[str, str]:
    return {name: switch.default.code for name, switch in switches().items()}


class Readings:
    """The readings chosen; the default of each switch that is not named."""

    __slots__ = ("_codes", "_told")

    def __init__(self, chosen: Mapping[str, str] | None = None) -> None:
        """Choose readings by switch and code.

        Raises:
            Misuse: no such switch, or no such reading of it; says which there are.
        """
        for name, code in (chosen or {}).items():
            self._found(name, code)
        self._codes = {**_defaults(), **(chosen or {})}
        self._told: dict[tuple[str, ...], tuple[Reading, ...]] = {}

    def __getitem__(self, name: str) -> str:
        """The code of the reading that applies."""
        return self._codes[name]

    def of(self, names: Iterable[str]) -> tuple[Reading, ...]:
        """The readings that apply to some switches, for a statement to print."""
        asked = tuple(names)
        told = self._told.get(asked)
        if told is None:
            told = self._told[asked] = tuple(self._found(name, self._codes[name]) for name in asked)
        return told

    @staticmethod
    def _found(name: str, code: str) -> Reading:
        found = _by_code().get((name, code))
        if found is not None:
            return found
        switch = switches().get(name)
        if switch is None:
            raise Misuse(f"no contested point {name!r}; there are {', '.join(switches())}")
        raise Misuse(f"{name} is read {' or '.join(each.code for each in switch.readings)}, not {code!r}")


DEFAULTS: Final = Readings()
