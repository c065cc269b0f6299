"""An answer in words: what a field holds, as conflicts and histories say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Answer
from frameworks.document.shapes import FrameworkSpec


def said(spec: FrameworkSpec, columns: Mapping[str, Any]) -> str:
    """The value of one field in words: "3 Controlled", or what was typed."""
    if "state" in columns:
        return _reply_in_words(spec, columns)
    if "grade" in columns:
        names = {grade.grade: grade.name for grade in spec.evidence_grades}
        return f"{columns['grade']} {names[columns['grade']]}" if columns["grade"] else _("no evidence grade")
    if "flagged" in columns:
        return _("flagged") if columns["flagged"] else _("not flagged")
    return str(next(iter(columns.values()))) or _("nothing")


def _reply_in_words(spec: FrameworkSpec, columns: Mapping[str, Any]) -> str:
    state = columns["state"]
    if state == Answer.State.LEVEL:
        level = spec.levels[columns["level"]]
        return f"{level.level} {level.name}"
    if state == Answer.State.NOT_APPLICABLE:
        return _("not applicable: %(reason)s") % {"reason": columns["reason"]}
    return _("don’t know") if state == Answer.State.UNKNOWN else _("unanswered")
