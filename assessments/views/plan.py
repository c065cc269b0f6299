"""Gaps by priority, and the roadmap that closes them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.middleware import SignedInRequest
from assessments.charts.explore import explore_plan
from assessments.charts.findings import headline
from assessments.charts.levels import area_bars, largest_areas
from assessments.charts.planning import (
    WAVES,
    foundation_gaps,
    gap_rows,
    plan_row,
    plant_rises,
    projection_rows,
    turns,
    verdicts_at_end,
    waves,
)
from assessments.charts.rules import said_of
from assessments.charts.weeks import gantt, joined, projection
from assessments.engine.record import AssessmentRecord
from assessments.engine.shapes import Results, Step
from assessments.forms.settings import weeks_in_words
from assessments.models import Assessment
from assessments.results import record_for, results_for, spec_of
from assessments.views.kept import kept_part, part
from assessments.views.shared import find_assessment, frame
from frameworks.document.shapes import FrameworkSpec


@require_GET
def gaps(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Every gap by priority, the digital plant's first, with the uses that make a question critical."""
    assessment = find_assessment(request, uuid)
    spec, found = spec_of(assessment), results_for(assessment)
    record, bars = record_for(assessment), area_bars(spec, found.gaps.areas)
    context = {
        **frame(assessment, "gaps"),
        **headline(spec, found),
        "results": found,
        "said": said_of(spec, record, found),
        "foundation": foundation_gaps(spec, found),
        "gaps": gap_rows(spec, record.use_cases, found),
        "unanswered": [spec.questions[code] for code in found.gaps.unanswered],
        "area_bars": bars,
        "largest_areas": largest_areas(bars),
        "targets": [(spec.dimension_by_code[code], level) for code, level in found.targets.items()],
    }
    return render(request, "assessments/gaps.html", context)


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """Which actions of the plan are shown; empty for all."""

    wave: str
    owner: str  # code of the role that leads
    area: str

    @property
    def is_set(self) -> bool:
        return bool(self.wave or self.owner or self.area)

    @property
    def query(self) -> str:
        """What follows an address to keep the filter: "?wave=second", or an empty text."""
        given = {name: value for name, value in asdict(self).items() if value}
        return f"?{urlencode(given)}" if given else ""

    def lets_through(self, spec: FrameworkSpec, step: Step) -> bool:
        action = spec.action_by_code[step.action]
        return (
            self.wave in ("", step.wave)
            and self.owner in ("", action.lead)
            and self.area in ("", action.area)
        )


def filter_asked(request: SignedInRequest, spec: FrameworkSpec) -> PlanFilter:
    """The filter that the address asks for; what no wave, role or area is called is as if not asked."""
    known = {
        "wave": WAVES,
        "owner": [role.code for role in spec.roles],
        "area": [area.code for area in spec.areas],
    }
    asked = {name: request.GET.get(name, "") for name in known}
    return PlanFilter(**{name: value if value in known[name] else "" for name, value in asked.items()})


@require_GET
def roadmap(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The plan: projection, waves, the bars of its weeks, critical path, and steps without an action."""
    assessment = find_assessment(request, uuid)
    spec, found = spec_of(assessment), results_for(assessment)
    shown, record = filter_asked(request, spec), record_for(assessment)
    context = {
        **frame(assessment, "roadmap"),
        **headline(spec, found),
        "said": said_of(spec, record, found),
        "results": found,
        "record": record,
        "start_on": record.plan.begins_on,
        "blackouts": weeks_in_words(record.plan.blackout_weeks),
        "at_end": verdicts_at_end(found, record.use_cases),
        "critical_path": [spec.action_by_code[code] for code in found.roadmap.critical_path],
        "body": _body(assessment, spec, found, record, shown),
    }
    return render(request, "assessments/roadmap.html", context)


def _body(
    assessment: Assessment, spec: FrameworkSpec, found: Results, record: AssessmentRecord, shown: PlanFilter
) -> SafeString:
    """The plan below its settings; the whole plan is kept, a filtered one is not."""
    template = "assessments/_roadmap_body.html"
    if shown.is_set:
        return part(assessment, template, plan_body(spec, found, record, shown))
    return kept_part(assessment, template, lambda: plan_body(spec, found, record, shown))


def plan_body(
    spec: FrameworkSpec, found: Results, record: AssessmentRecord, shown: PlanFilter
) -> dict[str, Any]:
    """What assessments/_roadmap_body.html shows: the whole projection, and the actions let through."""
    start_on = record.plan.begins_on
    chart = gantt(found, record.plan.blackout_weeks)
    rows = joined([row for row in chart.rows if shown.lets_through(spec, row.step)], chart.weeks)
    codes, rises = {row.step.action for row in rows}, plant_rises(spec, found, record.answers)
    by_wave = [
        {**wave, "rows": [row for row in wave["rows"] if row["action"].code in codes]}
        for wave in waves(spec, found, start_on)
    ]
    return {
        "spec": spec,
        "results": found,
        "record": record,
        "filter": shown,
        "said": said_of(spec, record, found),
        "soon": sum(step.wave == WAVES[0] for step in found.roadmap.actions),
        "all_waves": WAVES,
        "on_path": sum(row.critical for row in rows),
        "chart": chart,
        "projection": projection(found),
        "rows": [(row, plan_row(spec, found, row.step, start_on)) for row in rows],
        "waves": [wave for wave in by_wave if wave["rows"]],
        "anchor_tasks": [
            (spec.questions[task.question], task, spec.questions[task.question].anchors[task.to_level])
            for task in found.roadmap.anchor_tasks
        ],
        "waived": [spec.action_by_code[code] for code in found.roadmap.waived],
        "points": projection_rows(spec, found, start_on, rises),
        "turns": turns(spec, found, record.use_cases, start_on, rises),
        "explore_plan": json.dumps(
            explore_plan(spec, [(row.step, row.critical) for row in rows], start_on, plan_words())
        ),
    }


def plan_words() -> dict[str, str]:
    """What stands beside the bars of the plan where it is explored."""
    return {
        "critical": _("On the critical path"),
        "other": _("Other action"),
        "weeks": _("weeks"),
        "owner": _("owner"),
        "effort": _("effort"),
    }
