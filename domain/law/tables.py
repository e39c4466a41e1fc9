"""Reads the tables of law, checks them, and answers what a parameter was on a day. Nothing is extrapolated.

A table is one TOML file under `parameters`. What a user added (a rate of a new half-year) stands beside what is shipped, and says
so wherever it is cited.
"""

import datetime as dt
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import Any, Final

from domain.errors import InvalidInput, LawMissing, NotFound, in_words

_HEAD: Final = {"label": str, "unit": str, "last_checked_on": dt.date}
_VALUE: Final = {"from": dt.date, "value": (int, Decimal), "reference": str, "source": str, "confidence": str}
_OPTIONAL: Final = {"version": str}
_CONFIDENCE: Final = ("A", "B", "C")
#: The confidence of a value that a user added: nobody of relance read its source.
ADDED: Final = "user"


@dataclass(frozen=True, slots=True)
class Value:
    """What a parameter is from a day on, by which text, and how sure that is.

    `version` names the version of the article where it is known; `until`, only of a value that a user added, is its last day.
    """

    from_on: dt.date
    value: Decimal
    reference: str
    source: str
    confidence: str
    version: str | None = None
    until: dt.date | None = None

    @property
    def citation(self) -> str:
        """The article; of a value that a user added, with its source, in French as documents print it."""
        if self.confidence != ADDED:
            return self.reference
        return f"{self.reference} (valeur ajoutée par l'utilisateur : {self.source})"

    @property
    def whole(self) -> int:
        """The value of a parameter in days, months, years or cents."""
        return int(self.value)


@dataclass(frozen=True, slots=True)
class Table:
    """One parameter, oldest value first; past `known_until` nothing is known."""

    name: str
    label: str
    unit: str
    last_checked_on: dt.date
    known_until: dt.date | None
    values: tuple[Value, ...]
    added: tuple[Value, ...] = ()

    def on(self, day: dt.date) -> Value:
        """The value in force on a day.

        Raises:
            LawMissing: before the first value, or past what is known.
        """
        for value in reversed(self.added):  # the newest word on a day stands
            if value.from_on <= day and (value.until is None or day <= value.until):
                return value
        if self.known_until is None or day <= self.known_until:
            for value in reversed(self.values):
                if value.from_on <= day:
                    return value
        raise LawMissing(self._missing(day), self.name, self.label, day)

    def _missing(self, day: dt.date) -> str:
        first, last = self.values[0].from_on, self.known_until
        span = f"from {in_words(first)}" + (f" to {in_words(last)}" if last else "")
        missing = f"{self.name} ({self.label}) is not known on {in_words(day)}: it is known {span}, and nothing is extrapolated"
        if day < first:
            return missing
        return f'{missing}. Once it is published: relance law add-rate {self.name} --from {day} --value VALUE --source "TEXT"'


def parse_table(name: str, text: bytes) -> Table:
    """Read a table.

    Raises:
        InvalidInput: no TOML, a key missing, unknown or of another type, two values of one day, or days out of order.
    """
    file = f"{name}.toml"
    try:
        raw = tomllib.loads(text.decode(), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(str(error), file=file) from error
    values = raw.pop("values", None)
    known_until = raw.pop("known_until", None)
    _check(raw, _HEAD, file)
    if not isinstance(values, list) or not values:
        raise InvalidInput("a table has at least one of [[values]]", file=file, field="values")
    if known_until is not None and not isinstance(known_until, dt.date):
        raise InvalidInput("a day is wanted", file=file, field="known_until")
    read = []
    for each in values:
        _check({key: value for key, value in each.items() if key not in _OPTIONAL}, _VALUE, file)
        version = each.get("version")
        if version is not None and not isinstance(version, str):
            raise InvalidInput("a text is wanted", file=file, field="version")
        if each["confidence"] not in _CONFIDENCE:
            raise InvalidInput(
                f"{each['confidence']!r} is none of {', '.join(_CONFIDENCE)}", file=file, field="confidence"
            )
        read.append(
            Value(each["from"], Decimal(each["value"]), each["reference"], each["source"], each["confidence"], version)
        )
    for before, after in pairwise(read):
        if after.from_on <= before.from_on:
            raise InvalidInput(f"{after.from_on} does not come after {before.from_on}", file=file, field="from")
    return Table(name, raw["label"], raw["unit"], raw["last_checked_on"], known_until, tuple(read))


def _check(found: dict[str, Any], wanted: dict[str, Any], file: str) -> None:
    for key in sorted(set(found) | set(wanted)):
        if key not in wanted:
            raise InvalidInput("an unknown key", file=file, field=key)
        if key not in found:
            raise InvalidInput("the key is missing", file=file, field=key)
        if not isinstance(found[key], wanted[key]) or found[key] == "":
            raise InvalidInput(f"{found[key]!r} is not of the type wanted", file=file, field=key)


@cache
def _files() -> dict[str, Traversable]:
    folders = (each for each in resources.files("domain.law").joinpath("parameters").iterdir() if each.is_dir())
    files = (file for folder in folders for file in folder.iterdir() if file.name.endswith(".toml"))
    return {file.name.removesuffix(".toml"): file for file in sorted(files, key=lambda file: file.name)}


@cache
def _shipped(name: str) -> Table:
    return parse_table(name, _files()[name].read_bytes())


def names() -> tuple[str, ...]:
    """Every parameter there is."""
    return tuple(_files())


class Law:
    """Every parameter, as shipped and as a user added to it."""

    def __init__(self, added: Iterable[tuple[str, Value]] = ()) -> None:
        self._added: dict[str, tuple[Value, ...]] = {}
        for name, value in added:
            self._added[name] = (*self._added.get(name, ()), value)
        self._tables: dict[str, Table] = {}
        self._asked: dict[tuple[str, dt.date], Value] = {}

    def table(self, name: str) -> Table:
        """A parameter by name.

        Raises:
            NotFound: none of that name.
        """
        found = self._tables.get(name)
        if found is None:
            if name not in _files():
                from difflib import get_close_matches  # noqa: PLC0415 - for an error only

                near = get_close_matches(name, _files(), n=3)
                hint = f"did you mean {', '.join(near)}?" if near else "`relance law show` lists them"
                raise NotFound(f"no legal parameter {name!r}; {hint}")
            found = self._tables[name] = replace(_shipped(name), added=self._added.get(name, ()))
        return found

    def on(self, name: str, day: dt.date) -> Value:
        """The value of a parameter in force on a day.

        Raises:
            NotFound: none of that name.
            LawMissing: before the first value, or past what is known.
        """
        found = self._asked.get((name, day))
        if found is None:
            found = self._asked[name, day] = self.table(name).on(day)
        return found


@cache
def shipped() -> Law:
    """The law as this version of relance ships it."""
    return Law()
