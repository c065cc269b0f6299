"""Rounding for display: done once, half up, from the exact fraction."""

from __future__ import annotations

from fractions import Fraction
from math import floor


def whole(number: Fraction | None) -> int | None:
    """The nearest whole number, halves upwards; None stays "not scored"."""
    return None if number is None else floor(number + Fraction(1, 2))


def tenths(number: Fraction | None) -> str | None:
    """One decimal, halves upwards: "2.6"."""
    if number is None:
        return None
    scaled = floor(number * 10 + Fraction(1, 2))
    return f"{scaled // 10}.{scaled % 10}"
