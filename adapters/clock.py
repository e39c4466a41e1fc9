"""The one place that asks the time."""

import datetime as dt
from typing import Protocol
from zoneinfo import ZoneInfo

LAST_DAY = dt.date(9999, 12, 30)
PARIS = ZoneInfo("Europe/Paris")


class Clock(Protocol):
    """Something that says what time it is."""

    def now(self) -> dt.datetime:
        """The instant, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> dt.datetime:
        """The instant, in UTC."""
        return dt.datetime.now(dt.UTC)


class FixedClock:
    """The clock of a sandbox store: says what it was set to."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at

    def now(self) -> dt.datetime:
        """The instant it was set to."""
        return self.at


def paris_day(at: dt.datetime) -> dt.date:
    """The day of an instant, in Paris."""
    return at.astimezone(PARIS).date()


def end_of_paris_day(day: dt.date) -> dt.datetime:
    """24:00 of a day in Paris, less a microsecond, in UTC."""
    if day >= LAST_DAY:  # later than any clock: nothing is recorded there, and a zone cannot shift it
        return dt.datetime.combine(LAST_DAY, dt.time(), dt.UTC)
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), PARIS)
    return midnight.astimezone(dt.UTC) - dt.timedelta(microseconds=1)
