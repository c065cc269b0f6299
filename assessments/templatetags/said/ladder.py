"""Words of one dimension's ladder."""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessments.charts.levels import LadderRow


def levels(row: LadderRow) -> str:
    """Its levels in short: "3 claimed, 2 evidenced"; why there are none where there are none."""
    if row.left_out:
        return _("left out")
    if row.claimed is None:
        return _("no level yet")
    return _("%(claimed)d claimed, %(evidenced)d evidenced") % {
        "claimed": row.claimed, "evidenced": row.evidenced,
    }  # fmt: skip


def ladder(row: LadderRow) -> str:
    """All that its picture shows, in the order of the design's ladder."""
    text = _("%(name)s: %(levels)s")
    if not row.left_out and row.claimed is not None:
        text = _("%(name)s: level %(levels)s")
    parts = [text % {"name": row.name, "levels": levels(row)}]
    if row.validated is not None:
        parts.append(_("%(level)d validated") % {"level": row.validated})
    if row.sustained is not None:
        parts.append(
            _("ceiling %(level)d, one line up to %(line)d")
            % {"level": row.sustained, "line": row.ring_fenced}
        )
    if row.target is not None:
        parts.append(_("target %(level)d") % {"level": row.target})
    return ", ".join(parts)
