"""Deadlines as an iCalendar file that a calendar program opens: whole days, an alarm before each, the same bytes from the same log.

What is made again bears the same identifiers, keyed hashes of invoice and deadline, so that an import replaces in place of doubling.

Rules kept: RFC 5545 (written by the `icalendar` library: lines of 75 octets at most, escaped text).
"""

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from adapters.bootstrap import Office
from adapters.store.mapper import moment
from domain.calendar import ONE_DAY
from domain.deadline import Deadline
from domain.errors import Misuse, NotFound
from projections.wording.deadlines import note, title
from projections.wording.erased import in_french

PRODUCT: Final = "-//relance//echeances//FR"
NAME: Final = "Échéances de recouvrement"
ALARM_DAYS: Final = 7
DOMAIN: Final = "relance"


class Dated(NamedTuple):
    """A deadline, of which invoice, on whom; the words that name them."""

    stream: str
    debtor: str
    deadline: Deadline


def written(office: Office, found: Sequence[Dated]) -> bytes:
    """The calendar of some deadlines; those of which the day is not known are in none."""
    from icalendar import Alarm, Calendar, Event  # noqa: PLC0415 - for a calendar only

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", NAME)
    stamp = _newest(office)
    for each in found:
        deadline = each.deadline
        if deadline.on is None:
            continue
        number = office.registry.number_in_french(each.stream.partition(":")[2], each.debtor)
        code, name = map(in_french, office.registry.card(each.debtor))
        event = Event()
        event.add("uid", f"{uid(office, each)}@{DOMAIN}")
        event.add("dtstamp", stamp)
        event.add("dtstart", deadline.on)
        event.add("dtend", deadline.on + ONE_DAY)
        event.add("summary", f"{title(deadline)} – {number} – {name}")
        event.add("description", "\n".join([f"Facture {number}, débiteur {name} ({code}).", *note(deadline)]))
        event.add("categories", [deadline.kind])
        event.add("class", "CONFIDENTIAL")
        event.add("transp", "TRANSPARENT")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title(deadline))
        alarm.add("trigger", dt.timedelta(days=-ALARM_DAYS))
        event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def uid(office: Office, dated: Dated) -> str:
    """What names a deadline in every calendar: a keyed hash, in which nothing can be read."""
    deadline = dated.deadline
    part = deadline.due or (deadline.since if deadline.kind == "lre_proof" else None)
    reading = "arguable" if deadline.reading == "arguable" else ""
    key = office.app.vault.name_key("deadline", dated.stream, deadline.kind, reading, part.isoformat() if part else "")
    return key.hex()


def _newest(office: Office) -> dt.datetime:
    """The instant of the newest entry: what the calendar knows, and no clock."""
    row = office.app.store.row_at(office.app.store.position())
    assert row is not None, "deadlines are of invoices, which are recorded"
    return moment(row[0]).replace(microsecond=0)


def write(path: Path, content: bytes, *, force: bool) -> None:
    """Write a file whole or not at all.

    Raises:
        Misuse: it exists, and is not to be replaced.
        NotFound: there is no such folder.
    """
    if path.exists() and not force:
        raise Misuse(f"{path} exists: name another file, or give --force to replace it")
    if not path.parent.is_dir():
        raise NotFound(f"there is no folder {path.parent}: make it first, or name another")
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
