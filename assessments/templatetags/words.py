"""Numbers in running text."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def grouped(number: int) -> str:
    """Thousands apart: 4,000."""
    return f"{number:,}"
