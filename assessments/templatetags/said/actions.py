"""Words of an action of the plan."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.charts.raising import Early, Work
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


def reach(row: Work) -> str:
    """How far an action raises a question with a gap, behind its code or name."""
    return _("to %(to)d of %(target)d") % {"to": row.to, "target": row.target}


def own_steps(number: int) -> str:
    """How many steps of a gap no action of the plan takes."""
    return ngettext(
        "%(n)d step without an action of its own", "%(n)d steps without an action of their own", number
    ) % {"n": number}
