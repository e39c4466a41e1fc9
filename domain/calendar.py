"""Working days in France."""

import datetime as dt
from functools import cache

import holidays

ONE_DAY = dt.timedelta(days=1)


@cache
def _legal_holidays(year: int) -> frozenset[dt.date]:
    """The eleven legal holidays of a year.

    Law: C. trav., art. L3133-1.
    """
    return frozenset(holidays.country_holidays("FR", years=year))


def is_working_day(day: dt.date) -> bool:
    """Neither Saturday, nor Sunday, nor a legal holiday.

    Law: CPC, art. 642.
    """
    return day.weekday() < 5 and day not in _legal_holidays(day.year)  # noqa: PLR2004 - Saturday


def next_working_day(day: dt.date) -> dt.date:
    """The day itself if it is a working day, else the next that is."""
    while not is_working_day(day):
        day += ONE_DAY
    return day
