"""The law that a rulebook wrote down: what judged an act, or a bundle, in its own time."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from domain.errors import EvidenceBroken, NotFound
from domain.law.tables import Law, Table, Value

_PLAIN: Final = re.compile(r"\d{1,12}(\.\d{1,8})?").fullmatch


class WrittenLaw(Law):
    """The law that a rulebook wrote down; what it does not hold is not looked up elsewhere."""

    def __init__(self, text: bytes) -> None:
        """Read the parameters of a rulebook.

        Raises:
            KeyError: it has not the form of a rulebook.
            EvidenceBroken: a value is out of all measure.
        """
        super().__init__()
        self._written = {each["name"]: _table(each) for each in json.loads(text)["parameters"]}

    def table(self, name: str) -> Table:
        """A parameter by name.

        Raises:
            NotFound: the rulebook holds none of that name.
        """
        if name not in self._written:
            raise NotFound(f"the rulebook holds no legal parameter {name!r}")
        return self._written[name]

    @property
    def added(self) -> int:
        """How many values a user had added to it."""
        return sum(len(table.added) for table in self._written.values())


def _table(raw: Mapping[str, Any]) -> Table:
    until = raw.get("known_until")
    return Table(
        name=raw["name"],
        label=raw["name"],
        unit=raw["unit"],
        last_checked_on=dt.date.min,
        known_until=dt.date.fromisoformat(until) if until else None,
        values=tuple(_value(each) for each in raw["values"]),
        added=tuple(_value(each) for each in raw.get("added", ())),
    )


def _value(raw: Mapping[str, str]) -> Value:
    if not _PLAIN(raw["value"]):
        raise EvidenceBroken(f"{raw['value']!r:.40} is no value of a legal parameter")
    until = raw.get("until")
    return Value(
        dt.date.fromisoformat(raw["from"]), Decimal(raw["value"]), raw["reference"], raw["source"], raw["confidence"],
        until=dt.date.fromisoformat(until) if until else None,
    )  # fmt: skip
