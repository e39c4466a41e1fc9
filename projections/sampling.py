"""An audit sample that anyone can draw again: it depends on nothing but the seed, the streams of the invoices and their amounts.

Everything above a threshold is taken (key items). Of the rest a number is drawn, by one of two methods, each in words that
suffice to do it by hand. A larger store, another order of its rows or another day of drawing change nothing but the population.
"""

import hashlib
import heapq
from collections.abc import Sequence
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from domain.errors import Misuse
from projections.ratio import fixed

Method = Literal["simple", "mus"]
Stratum = Literal["key", "sample"]

#: What each method does, in words.
METHODS: Final[dict[Method, str]] = {
    "simple": (
        "every invoice has the same chance: the SHA-256 of the seed in decimal, a space and the stream (UTF-8) is taken of each;"
        " the lowest digests are drawn"
    ),
    "mus": (
        "every cent has the same chance (monetary units): the invoices are laid end to end in the order of their streams, T cents long;"
        " S is the SHA-256 of the seed in decimal, read as a number, modulo T; for k from 0 to N - 1 the invoice that covers"
        " cent (S + k x T) / N, rounded down and counted from nil, is drawn; one drawn twice counts once"
    ),
}

_SHOWN: Final = 16


class Item(NamedTuple):
    """An invoice of the population and the amount it counts for, above nil."""

    stream: str
    cents: int


class Drawn(NamedTuple):
    """An invoice of the sample; `mark`: the start of its digest, or the cents that drew it."""

    item: Item
    stratum: Stratum
    mark: str = ""


def drawn(items: Sequence[Item], *, seed: int, size: int, method: Method, above: int | None = None) -> list[Drawn]:
    """The sample: what is above the threshold, largest first, then what is drawn of the rest, in the order of drawing.

    A rest no larger than the number asked for is taken whole, whatever the method.

    Raises:
        Misuse: an amount that is not above nil, which no method can draw.
    """
    if any(item.cents <= 0 for item in items):
        raise Misuse("a sample is drawn of amounts above nil")
    key = [item for item in items if above is not None and item.cents > above]
    rest = [item for item in items if above is None or item.cents <= above]
    found = [Drawn(item, "key") for item in sorted(key, key=lambda item: (-item.cents, item.stream))]
    return found + (_simple(rest, seed, size) if method == "simple" else _monetary(rest, seed, size))


def _simple(rest: Sequence[Item], seed: int, size: int) -> list[Drawn]:
    """The lowest digests of seed and stream."""
    ranked = ((_digest(f"{seed} {item.stream}"), item) for item in rest)
    return [Drawn(item, "sample", digest[:_SHOWN]) for digest, item in heapq.nsmallest(size, ranked)]


def _monetary(rest: Sequence[Item], seed: int, size: int) -> list[Drawn]:
    """Systematic monetary-unit sampling with one random start, in whole cents."""
    laid = sorted(rest)
    if not size:
        return []
    if size >= len(laid):
        return [Drawn(item, "sample", "all") for item in laid]
    total = sum(item.cents for item in laid)
    start = int(_digest(str(seed)), 16) % total
    units = [(start + k * total) // size for k in range(size)]
    found: list[Drawn] = []
    reached = at = 0
    for item in laid:
        reached, first = reached + item.cents, at
        while at < size and units[at] < reached:
            at += 1
        if at > first:
            found.append(Drawn(item, "sample", " ".join(map(str, units[first:at]))))
    return found


def percent(part: int, whole: int) -> str:
    """A share in percent with two decimals, half up; of nil, nil."""
    return fixed(Fraction(100 * part, whole) if whole else 0, 2)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
