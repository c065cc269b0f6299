"""Numbers in running text."""

from __future__ import annotations

from fractions import Fraction

from django import template

register = template.Library()


@register.filter
def percent(share: Fraction) -> str:
    """A share in percent, with a decimal only where it needs one: 75, 66.7."""
    return f"{float(share * 100):.1f}".removesuffix(".0")


@register.filter
def grouped(number: int) -> str:
    """Thousands apart: 4,000."""
    return f"{number:,}"
