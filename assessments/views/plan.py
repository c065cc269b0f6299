"""Gaps by priority, and the roadmap that closes them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.middleware import SignedInRequest
from assessments.charts.explore import explore_plan
from assessments.charts.findings import headline
from assessments.charts.levels import area_bars
from assessments.charts.planning import (
    foundation_gaps,
    gap_rows,
    plan_row,
    plan_totals,
    projection_rows,
    turns,
    waves,
)
from assessments.charts.weeks import gantt, projection
from assessments.results import record_for, results_for, spec_of
from assessments.views.shared import find_assessment, frame


@require_GET
def gaps(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Every gap by priority, the digital plant's first, with the uses that make a question critical."""
    assessment = find_assessment(request, uuid)
    spec, found = spec_of(assessment), results_for(assessment)
    record = record_for(assessment)
    context = {
        **frame(assessment, "gaps"),
        **headline(spec, found),
        "results": found,
        "foundation": foundation_gaps(spec, found),
        "gaps": gap_rows(spec, record.use_cases, found),
        "unanswered": [spec.questions[code] for code in found.gaps.unanswered],
        "area_bars": area_bars(spec, found.gaps.areas),
        "targets": [(spec.dimension_by_code[code], level) for code, level in found.targets.items()],
    }
    return render(request, "assessments/gaps.html", context)


@require_GET
def roadmap(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The plan: waves, the bars of its weeks, critical path, projection, and steps without an action."""
    assessment = find_assessment(request, uuid)
    spec, found, record = spec_of(assessment), results_for(assessment), record_for(assessment)
    start_on = date.fromisoformat(record.plan.start_on) if record.plan.start_on else None
    chart = gantt(found, record.plan.blackout_weeks)
    context = {
        **frame(assessment, "roadmap"),
        **headline(spec, found),
        "results": found,
        "record": record,
        "start_on": start_on,
        "chart": chart,
        "projection": projection(found),
        "rows": [(row, plan_row(spec, row.step, start_on)) for row in chart.rows],
        "waves": waves(spec, found, start_on),
        "critical_path": [spec.action_by_code[code] for code in found.roadmap.critical_path],
        "anchor_tasks": [
            (spec.questions[task.question], task, spec.questions[task.question].anchors[task.to_level])
            for task in found.roadmap.anchor_tasks
        ],
        "waived": [spec.action_by_code[code] for code in found.roadmap.waived],
        "points": projection_rows(spec, found, start_on),
        "turns": turns(spec, found, record.use_cases, start_on),
        "explore_plan": explore_plan(spec, found, start_on, plan_words()),
        **plan_totals(found),
    }
    return render(request, "assessments/roadmap.html", context)


def plan_words() -> dict[str, str]:
    """What stands beside the bars of the plan where it is explored."""
    return {
        "critical": _("On the critical path"),
        "other": _("Other action"),
        "weeks": _("weeks"),
        "owner": _("owner"),
        "effort": _("effort"),
    }
