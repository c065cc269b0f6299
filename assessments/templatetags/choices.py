"""The choices of a compact row, each set in one step: a page of ten questions has 130 of them."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from frameworks.document.shapes import GradeSpec, LevelSpec

LEVEL = (
    '<label class="k6"><input type="radio" name="reply" value="{0}"{1} aria-label="{0} {2}"{3}>'
    '<span class="lvl lvl-{0}">{0}</span></label>'
)
GRADE = '<option value="{0}"{1}>{0} {2}</option>'
CHECKED, SELECTED = mark_safe(" checked"), mark_safe(" selected")

register = template.Library()


@register.simple_tag
def level_choices(levels: Iterable[LevelSpec], code: str, chosen: str) -> SafeString:
    """A radio button for each level; the first has the id that labels and errors of the question point at."""
    first = format_html(' id="{}_reply"', code)
    return format_html_join(
        "",
        LEVEL,
        (
            (step.level, "" if step.level else first, step.name, CHECKED if chosen == str(step.level) else "")
            for step in levels
        ),
    )


@register.simple_tag
def grade_choices(grades: Iterable[GradeSpec], chosen: str) -> SafeString:
    """An option for each evidence grade."""
    return format_html_join(
        "", GRADE, ((step.grade, SELECTED if step.grade == chosen else "", step.name) for step in grades)
    )
