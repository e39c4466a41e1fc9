"""Ratios as they print: exact up to the last digit, which is rounded half up, away from nil."""

from fractions import Fraction


def fixed(value: Fraction | int, places: int) -> str:
    """A ratio with so many decimals.

    >>> fixed(Fraction(165, 4), 1), fixed(Fraction(-1, 200), 2), fixed(Fraction(-1, 201), 2)
    ('41.3', '-0.01', '0.00')
    """
    scale = 10**places
    over, under = abs(value.numerator) * scale, value.denominator
    digits = (2 * over + under) // (2 * under)
    whole, rest = divmod(digits, scale)
    return f"{'-' if value < 0 and digits else ''}{whole}.{rest:0{places}d}"
