"""Names of levels in templates: always number and name together."""

from __future__ import annotations

from django import template

from frameworks.document.shapes import FrameworkSpec

register = template.Library()


@register.filter
def level_name(spec: FrameworkSpec, level: int | None) -> str:
    """The name alone, for beside a badge with the number: {{ spec|level_name:3 }} is "Controlled"."""
    return "" if level is None else spec.levels[level].name


@register.filter
def dpmm_name(spec: FrameworkSpec, level: int | None) -> str:
    """The name of a DPMM level: {{ spec|dpmm_name:2 }} is "Digital silos"."""
    return "" if level is None else spec.dpmm.levels[level - 1].name
