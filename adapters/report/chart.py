"""Charts as inline SVG, laid out in percent so that their letters keep their size at every width.

Each has a title and a description for who cannot see it; every figure it shows is in a table beside it.
"""

from collections.abc import Sequence
from fractions import Fraction
from html import escape
from typing import NamedTuple

from adapters.report.markup import percent
from projections.wording.terms import amount

_ROW = 50
_BAR = 18
_TOP, _PLOT, _FOOT = 26, 250, 44


class Bar(NamedTuple):
    """A bucket: its name, its cents, its place in the scale of colours."""

    label: str
    cents: int
    tone: int


class Point(NamedTuple):
    """A month: its short name, its year, and the days; nothing where they cannot be computed."""

    label: str
    year: str
    days: Fraction | None


def bars(id: str, title: str, description: str, rows: Sequence[Bar]) -> str:
    """Horizontal bars, one under the other, each with its name, its amount and its share."""
    most = max((row.cents for row in rows), default=0)
    whole = sum(row.cents for row in rows)
    drawn = []
    for n, row in enumerate(rows):
        y = n * _ROW
        width = _per_mille(max(row.cents, 0), most)
        drawn.append(
            f'<text x="0" y="{y + 14}">{escape(row.label)}</text>'
            f'<text x="100%" y="{y + 14}" text-anchor="end">{amount(row.cents)}'
            f'<tspan class="doux"> · {percent(row.cents, whole)}</tspan></text>'
            f'<rect class="fond" x="0" y="{y + 20}" width="100%" height="{_BAR}"/>'
        )
        if row.cents > 0:
            drawn.append(f'<rect class="b t{row.tone}" x="0" y="{y + 20}" width="{width}" height="{_BAR}"/>')
    return _svg(id, title, description, len(rows) * _ROW, "".join(drawn))


def strip(rows: Sequence[Bar]) -> str:
    """One thin bar of parts beside figures that say the same: hidden from readers of screens."""
    whole = sum(max(row.cents, 0) for row in rows)
    drawn, reached = [], 0
    for row in rows:
        if row.cents > 0:
            drawn.append(
                f'<rect class="b t{row.tone}" x="{_per_mille(reached, whole)}" y="0" width="{_per_mille(row.cents, whole)}" height="100%"/>'
            )
            reached += row.cents
    return f'<svg class="mini" aria-hidden="true" focusable="false">{"".join(drawn)}</svg>'


def line(id: str, title: str, description: str, points: Sequence[Point]) -> str:
    """A value for each month above a common base of nil, joined where two neighbours are known."""
    most = max((point.days for point in points if point.days is not None), default=Fraction(0)) or Fraction(1)
    drawn = [f'<line class="axe" x1="0" x2="100%" y1="{_TOP + _PLOT}" y2="{_TOP + _PLOT}"/>']
    joined, dots = [], []
    last: tuple[str, int] | None = None
    for n, point in enumerate(points):
        x = _per_mille(2 * n + 1, 2 * len(points))
        drawn.append(
            f'<text class="doux mois" x="{x}" y="{_TOP + _PLOT + 18}" text-anchor="middle">{escape(point.label)}</text>'
        )
        if n == 0 or points[n - 1].year != point.year:
            drawn.append(
                f'<text class="doux" x="{x}" y="{_TOP + _PLOT + 36}" text-anchor="middle">{escape(point.year)}</text>'
            )
        if point.days is None:
            dots.append(f'<text class="doux" x="{x}" y="{_TOP + _PLOT - 6}" text-anchor="middle">–</text>')
            last = None
            continue
        y = _TOP + _PLOT - round(_PLOT * max(point.days, Fraction(0)) / most)
        if last:
            joined.append(f'<line class="courbe" x1="{last[0]}" y1="{last[1]}" x2="{x}" y2="{y}"/>')
        dots.append(
            f'<circle class="point" cx="{x}" cy="{y}" r="4"/><text x="{x}" y="{y - 10}" text-anchor="middle">{_whole(point.days)}</text>'
        )
        last = (x, y)
    return _svg(id, title, description, _TOP + _PLOT + _FOOT, "".join([*drawn, *joined, *dots]))


def _svg(id: str, title: str, description: str, height: int, drawn: str) -> str:
    return (
        f'<svg role="img" aria-labelledby="{id}-t {id}-d" height="{height}"><title id="{id}-t">{escape(title)}</title>'
        f'<desc id="{id}-d">{escape(description)}</desc>{drawn}</svg>'
    )


def _per_mille(part: int, whole: int) -> str:
    """A share as a length of SVG: `63.2%`."""
    tenths = 1000 * part // whole if whole > 0 else 0
    return f"{tenths // 10}.{tenths % 10}%"


def _whole(days: Fraction) -> str:
    return str((2 * days.numerator + days.denominator) // (2 * days.denominator))
