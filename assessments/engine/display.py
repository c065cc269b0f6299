"""Numbers as texts: rounded once, half up, from the exact fraction, or exactly as they are."""

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


def hundredths(number: Fraction) -> str:
    """Two decimals, halves upwards: "44.44"."""
    scaled = floor(number * 100 + Fraction(1, 2))
    return f"{scaled // 100}.{scaled % 100:02}"


def exact(number: Fraction) -> str:
    """A number from 0 as it is: up to three decimals where they say it whole, "2.75", else "25/9"."""
    if 1000 % number.denominator:
        return f"{number.numerator}/{number.denominator}"
    thousandths = number.numerator * (1000 // number.denominator)
    return f"{thousandths // 1000}.{thousandths % 1000:03}".rstrip("0").rstrip(".")
