"""What codes and numbers of an assessment are called in the cells of a table."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _

from assessments.charts.planning import GapRow
from assessments.charts.raising import Work
from assessments.engine.display import tenths
from assessments.engine.review import SET
from assessments.templatetags.said.actions import own_steps, reach
from assessments.templatetags.said.review import accepted


def yes_or_no(is_so: bool) -> str:
    """Whether something is so, in words."""
    return _("yes") if is_so else _("no")


def wave(code: str) -> str:
    """A wave in words."""
    words = {
        "first": _("First wave"),
        "second": _("Second wave"),
        "third": _("Third wave"),
        "later": _("Later"),
    }
    return words[code]


def state(code: str) -> str:
    """The state of an answer in words."""
    words = {
        "level": _("Level"),
        "unknown": _("Don’t know, counted as level 0"),
        "not_applicable": _("Not applicable"),
        "unanswered": _("Unanswered"),
    }
    return words[code]


def source(code: str) -> str:
    """Where a DPMM level comes from, in words."""
    words = {
        "assessed": _("assessed"),
        "estimated": _("estimated"),
        "derived": _("derived from the answers"),
    }
    return words[code]


def decision(kind: str, state: str) -> str:
    """What a review decided on an answer in this state, in words."""
    return _("Level set") if kind == SET else accepted(kind, state)


def work(row: Work) -> str:
    """How far an action raises a question with a gap."""
    return f"{row.question.code} {reach(row)}"


def closed_by(row: GapRow) -> str:
    """The action that closes a gap, or how far the plan raises it, and the steps that have no action."""
    parts = []
    if row.action and row.is_closed:
        parts.append(row.action.title)
    elif row.action:
        said = {"to": row.action.to_level, "target": row.gap.target, "title": row.action.title}
        parts.append(_("raised to %(to)d of %(target)d by %(title)s") % said)
    if row.steps:
        parts.append(own_steps(row.steps))
    return "; ".join(parts)


def dash(level: int | None) -> str:
    """A level, or a dash where there is none."""
    return "–" if level is None else str(level)


def decimal(number: Fraction | None) -> float | None:
    """A number with one decimal, as pages round it."""
    text = tenths(number)
    return None if text is None else float(text)
