"""Words of what a review decided on an answer without setting a level."""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessments.engine.record import NOT_APPLICABLE, UNKNOWN
from assessments.engine.review import REST


def accepted(kind: str, state: str) -> str:
    """What was accepted of an answer in this state, and whether with the rest; without a full stop."""
    if state == NOT_APPLICABLE:
        return _("Reason accepted, with the rest") if kind == REST else _("Reason accepted")
    if state == UNKNOWN:
        return _("Left as don’t know, with the rest") if kind == REST else _("Left as don’t know")
    return _("Accepted as evidenced, with the rest") if kind == REST else _("Accepted as evidenced")
