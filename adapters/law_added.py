"""What a user added to the law, in a file of the store: each value with its source, who added it and when.

A later word on the same days stands above an earlier one, which stays in the file.
"""

import datetime as dt
import json
import os
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from domain.errors import InvalidInput, LawMissing, Misuse
from domain.law.rates import half_year_end
from domain.law.tables import ADDED, Law, Table, Value, names, shipped

FILE: Final = "law.toml"
_KEYS: Final[dict[str, tuple[type, ...]]] = {
    "parameter": (str,), "from": (dt.date,), "value": (int, Decimal), "reference": (str,), "source": (str,),
    "added_by": (str,), "added_on": (dt.date,),
}  # fmt: skip


def load(folder: Path) -> Law:
    """The law as it judges in a store: what ships, and what was added there.

    Raises:
        InvalidInput: the file was written by hand and cannot be read; says where.
    """
    file = folder / FILE
    try:
        text = file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return shipped()
    except UnicodeDecodeError as error:
        raise InvalidInput(str(error), file=FILE) from None
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(str(error), file=FILE) from None
    entries = raw.get("added")
    if set(raw) != {"added"} or not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise InvalidInput("the file holds [[added]] and nothing else", file=FILE)
    return Law(_read(each) for each in entries)


def _read(entry: dict[str, Any]) -> tuple[str, Value]:
    until = entry.get("until")
    for key in sorted({*entry, *_KEYS} - {"until"}):
        wanted = _KEYS.get(key)
        if wanted is None or key not in entry or type(entry[key]) not in wanted or entry[key] == "":
            reason = "an unknown key" if wanted is None else "the key is missing or of another type"
            raise InvalidInput(reason, file=FILE, field=key)
    if until is not None and type(until) is not dt.date:
        raise InvalidInput("a day is wanted", file=FILE, field="until")
    if until is not None and until < entry["from"]:
        raise InvalidInput(f"the last day, {until}, comes before the first, {entry['from']}", file=FILE, field="until")
    if entry["parameter"] not in names():
        raise InvalidInput(f"no legal parameter {entry['parameter']!r}", file=FILE, field="parameter")
    table = shipped().table(entry["parameter"])
    if not _in_measure(table, Decimal(entry["value"])):
        raise InvalidInput(f"{entry['value']} is no value of {table.label} ({table.unit})", file=FILE, field="value")
    return entry["parameter"], Value(
        entry["from"], Decimal(entry["value"]), entry["reference"], entry["source"], ADDED, until=until
    )


def added(
    law: Law, name: str, from_on: dt.date, value: Decimal, *, source: str, reference: str | None, until: dt.date | None, correct: bool
) -> Value:  # fmt: skip
    """A value to add; a rate stands for its half-year unless a last day is given.

    Raises:
        NotFound: no such parameter.
        Misuse: a value is known on one of its days, it is out of measure, or its days are in disorder.
    """
    table = law.table(name)
    if until is None and table.known_until is not None:
        until = half_year_end(from_on)
    if until is not None and until < from_on:
        raise Misuse(f"the last day, {until}, comes before the first, {from_on}")
    if not source.strip():
        raise Misuse("a value needs its source: where it was published")
    if not _in_measure(table, value):
        raise Misuse(f"{value} is no value of {table.label} ({table.unit})")
    for day in _changes(table, from_on, until):
        try:
            held = table.on(day)
        except LawMissing:
            continue
        if not correct:
            raise Misuse(
                f"{name} is known on {day}: {held.value} ({held.citation}; {held.source}); --correct puts yours in its place"
            )
    return Value(from_on, value, reference or table.values[-1].reference, source.strip(), ADDED, until=until)


def _in_measure(table: Table, value: Decimal) -> bool:
    return value.is_finite() and 0 <= value < (100 if "percent" in table.unit else 10**12)


def _changes(table: Table, from_on: dt.date, until: dt.date | None) -> list[dt.date]:
    """The first of some days, and those on which a value held begins."""
    begins = {value.from_on for value in (*table.values, *table.added)}
    return [from_on, *sorted(day for day in begins if from_on < day and (until is None or day <= until))]


def write(folder: Path, name: str, value: Value, *, by: str, on: dt.date) -> None:
    """Add a value to the store's file, whole or not at all. The caller holds the write lock."""
    file = folder / FILE
    entry = [
        "[[added]]",
        f"parameter = {_quoted(name)}",
        f"from = {value.from_on}",
        *([f"until = {value.until}"] if value.until else []),
        f"value = {value.value:f}",
        f"reference = {_quoted(value.reference)}",
        f"source = {_quoted(value.source)}",
        f"added_by = {_quoted(by)}",
        f"added_on = {on}",
        "",
    ]
    before = file.read_text(encoding="utf-8") + "\n" if file.exists() else ""
    draft = folder / f"{FILE}.new"
    with draft.open("w", encoding="utf-8") as out:
        out.write(before + "\n".join(entry))
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


def _quoted(text: str) -> str:
    """A TOML basic string; JSON escapes the same characters the same way."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
