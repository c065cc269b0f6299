"""Words of an action of the plan."""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessments.charts.raising import Early
from assessments.templatetags.said.names import listed


def early(row: Early) -> str:
    """That an action starts before its question stands where it starts from, and what to do about it."""
    return _(
        "Starts from level %(level)d of %(code)s, which the plan has at %(held)d then:"
        " bring %(late)s forward or start this one later."
    ) % {
        "level": row.starts_from,
        "code": row.question.code,
        "held": row.held,
        "late": listed([action.code for action in row.late]),
    }
