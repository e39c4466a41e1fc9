"""Reads the tables of law, checks them, and answers what a parameter was on a day. Nothing is extrapolated."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any, Final

from domain.errors import InvalidInput, LawMissing, NotFound, in_words

_HEAD: Final = {"label": str, "unit": str, "last_checked_on": dt.date}
_VALUE: Final = {"from": dt.date, "value": (int, Decimal), "reference": str, "source": str, "confidence": str}
_CONFIDENCE: Final = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class Value:
    """What a parameter is from a day on, by which text, and how sure that is."""

    from_on: dt.date
    value: Decimal
    reference: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Table:
    """One parameter, oldest value first; past `known_until` nothing is known."""

    name: str
    label: str
    unit: str
    last_checked_on: dt.date
    known_until: dt.date | None
    values: tuple[Value, ...]

    def on(self, day: dt.date) -> Value:
        """The value in force on a day.

        Raises:
            LawMissing: before the first value, or past what is known.
        """
        known = [value for value in self.values if value.from_on <= day]
        if not known or (self.known_until is not None and day > self.known_until):
            first, last = self.values[0].from_on, self.known_until
            span = f"from {in_words(first)}" + (f" to {in_words(last)}" if last else "")
            raise LawMissing(
                f"{self.name} ({self.label}) is not known on {in_words(day)}: it is known {span}, and nothing is extrapolated"
            )
        return known[-1]


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
        _check(each, _VALUE, file)
        if each["confidence"] not in _CONFIDENCE:
            raise InvalidInput(
                f"{each['confidence']!r} is none of {', '.join(_CONFIDENCE)}", file=file, field="confidence"
            )
        read.append(Value(each["from"], Decimal(each["value"]), each["reference"], each["source"], each["confidence"]))
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
def names() -> tuple[str, ...]:
    """Every parameter there is."""
    files = (file.name for file in resources.files("domain.law").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml")))


@cache
def table(name: str) -> Table:
    """A parameter by name.

    Raises:
        NotFound: none of that name.
    """
    if name not in names():
        raise NotFound(f"no legal parameter {name!r}; there are {', '.join(names())}")
    return parse_table(name, resources.files("domain.law").joinpath(f"{name}.toml").read_bytes())
