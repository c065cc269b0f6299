"""Names of the framework's levels and parts, for templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from frameworks.document.shapes import FrameworkSpec

register = template.Library()


@register.filter
def level_name(spec: FrameworkSpec, level: int | None) -> str:
    """The name of a level, or an empty text where there is none: `{{ spec|level_name:row.level }}`."""
    return "" if level is None else spec.levels[level].name


@register.filter
def dpmm_name(spec: FrameworkSpec, level: int | None) -> str:
    """The name of a DPMM level: `{{ spec|dpmm_name:2 }}` is "Digital silos"."""
    return "" if level is None else spec.dpmm.levels[level - 1].name


@register.filter
def dimension_name(spec: FrameworkSpec, code: str) -> str:
    """The short name of a dimension."""
    return spec.dimension_by_code[code].short_name


@register.filter
def dimension_of(spec: FrameworkSpec, question: str) -> str:
    """The dimension's code of a question: what its address needs."""
    return spec.dimension_of[question]


@register.filter
def of(table: Mapping[str, Any], key: str) -> Any:
    """The entry of a mapping whose key is a variable; None where there is none."""
    return table.get(key)
