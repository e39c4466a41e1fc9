"""The days of the plan: when firms work, when the creditor learns of an invoice, of a payment, and when it calls.

The books are brought in at each month's end, the bank statement each Monday: what happened is known only then.
"""

import calendar
import datetime as dt

from domain.calendar import ONE_DAY, is_working_day, next_working_day

CALL_AFTER_DAYS = 8


def working_before(day: dt.date) -> dt.date:
    """The day itself, or the last working day before it."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def working_days(first: dt.date, last: dt.date) -> list[dt.date]:
    """The working days from first to last, both counted."""
    span = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in span if is_working_day(day)]


def monday_from(day: dt.date) -> dt.date:
    """The day itself if it is a Monday, or the first one after it."""
    return day + dt.timedelta(days=-day.weekday() % 7)


def calling_day(due_on: dt.date) -> dt.date:
    """The day on which a late invoice is called about: the statement is read on Monday, then calls are made."""
    return next_working_day(monday_from(due_on + dt.timedelta(days=CALL_AFTER_DAYS)))


def invoice_known_on(issued_on: dt.date) -> dt.date:
    """The day on which an invoice is brought in: the last of its month."""
    return issued_on.replace(day=calendar.monthrange(issued_on.year, issued_on.month)[1])


def payment_known_on(paid_on: dt.date, issued_on: dt.date) -> dt.date:
    """The day on which a payment is brought in: the Monday after its week, once its invoice is known."""
    return max(monday_from(paid_on + ONE_DAY), monday_from(invoice_known_on(issued_on)))
