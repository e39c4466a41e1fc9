"""Working days in France, and the time limits of procedure."""

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass
from functools import cache

ONE_DAY = dt.timedelta(days=1)


@cache
def _legal_holidays(year: int, region: str) -> frozenset[dt.date]:
    """The legal holidays of a year.

    Law: C. trav., art. L3133-1, L3134-13.
    """
    import holidays  # noqa: PLC0415 - slow to import, and most questions need no calendar

    return frozenset(holidays.country_holidays("FR", subdiv="6AE" if region == "alsace_moselle" else None, years=year))


def is_working_day(day: dt.date, region: str = "metropole") -> bool:
    """Neither Saturday, nor Sunday, nor a legal holiday.

    Law: CPC, art. 642.
    """
    return day.weekday() < 5 and day not in _legal_holidays(day.year, region)  # noqa: PLR2004 - Saturday


def is_closed_to_service(day: dt.date, region: str = "metropole") -> bool:
    """A Sunday or a legal holiday: no act is served.

    Law: CPC, art. 664.
    """
    return day.weekday() == 6 or day in _legal_holidays(day.year, region)  # noqa: PLR2004 - Sunday


def next_working_day(day: dt.date, region: str = "metropole") -> dt.date:
    """The day itself if it is a working day, else the next that is."""
    while not is_working_day(day, region):
        day += ONE_DAY
    return day


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month, some months on; the last of the month where there is none.

    Law: CPC, art. 641.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of_month(day: dt.date) -> dt.date:
    """The last day of the month of a day."""
    return day.replace(day=monthrange(day.year, day.month)[1])


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of a time limit: as counted, and as it expires. Both are the last day to act, up to 24:00."""

    theoretical_on: dt.date
    expires_on: dt.date


def deadline(
    start: dt.date, *, months: int = 0, days: int = 0, extended: bool = True, region: str = "metropole"
) -> Deadline:
    """The end of a time limit in months, in days or in both.

    The day of the act does not count; months come first, to the same day of the month or its last; a limit that ends on a
    closed day runs to the next working day when `extended`: for a wait, not for what the creditor must do in time.

    Law: CPC, art. 641, 642.
    """
    counted = add_months(start, months) + dt.timedelta(days=days)
    return Deadline(counted, next_working_day(counted, region) if extended else counted)
