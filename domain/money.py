"""Whole cents of euro: read, written, shared out. The one place that rounds."""

import re
from itertools import pairwise

_AMOUNT = re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+)(?:[.,]([0-9]{1,2}))?")
_MOST = 10**13


def cents(text: str) -> int:
    """Read an amount of euro: `1200`, `1200.00`, `1 200,00`, with or without a euro sign, a minus before.

    Raises:
        ValueError: not an amount of euro, or out of all measure.
    """
    read = _AMOUNT.fullmatch(text) or _AMOUNT.fullmatch(text.strip().removesuffix("€").removesuffix("EUR").strip())
    if read is None:
        raise ValueError(f"{text!r} is not an amount of euro; write 1200, 1200.00 or 1 200,00")
    sign, euros, rest = read.groups()
    digits = euros if euros.isdigit() else "".join(filter(str.isdigit, euros))
    value = int(digits) * 100 + int((rest or "0").ljust(2, "0")) if len(digits) < len(str(_MOST)) else _MOST + 1
    if value > _MOST:
        raise ValueError(f"{text!r} is more than any invoice")
    return -value if sign == "-" else value


def french(amount_cents: int) -> str:
    """An amount as a French document prints it: `1 200,00 €`, with narrow no-break spaces."""
    sign = "\u2212" if amount_cents < 0 else ""
    euros, rest = divmod(abs(amount_cents), 100)
    return f"{sign}{euros:,}".replace(",", "\u202f") + f",{rest:02d}\u00a0€"


def plain(amount_cents: int) -> str:
    """An amount for a terminal: `1 200.00`."""
    sign = "-" if amount_cents < 0 else ""
    euros, rest = divmod(abs(amount_cents), 100)
    return f"{sign}{euros:,}".replace(",", " ") + f".{rest:02d}"


def shared(total_cents: int, weights: list[int]) -> list[int]:
    """Share a total in proportion to weights so that not one cent is lost: cut points are rounded half up.

    Raises:
        ValueError: no weight above nil.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        msg = "nothing to share the total by"
        raise ValueError(msg)
    cuts = [0]
    reached = 0
    for weight in weights:
        reached += weight
        cuts.append((2 * total_cents * reached + whole) // (2 * whole))
    return [after - before for before, after in pairwise(cuts)]
