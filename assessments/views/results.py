"""Results: the finding, levels with their why, ceilings, use cases and what the result hangs on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.middleware import SignedInRequest
from assessments.charts.findings import contradictions, headline, load_bearing, use_groups, why
from assessments.charts.levels import heat_map, ladder, radar
from assessments.charts.planning import foundation_gaps, waves
from assessments.engine.display import tenths
from assessments.engine.record import AssessmentRecord
from assessments.engine.shapes import Results
from assessments.results import record_for, results_for, spec_of
from assessments.views.shared import find_assessment, frame
from frameworks.document.shapes import FrameworkSpec

SHOWN = 8  # rows of a list before "all"


@require_GET
def results(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    assessment = find_assessment(request, uuid)
    spec, found, record = spec_of(assessment), results_for(assessment), record_for(assessment)
    context = {**frame(assessment, "results"), **findings(spec, found, record)}
    return render(request, "assessments/results.html", context)


def findings(spec: FrameworkSpec, found: Results, record: AssessmentRecord) -> dict[str, Any]:
    """What the page of results shows of a record, whosever it is."""
    rows = ladder(spec, found)
    gaps = found.gaps.questions
    return {
        **headline(spec, found),
        "results": found,
        "rows": rows,
        "radar": radar(rows),
        "whys": [why(spec, found, dimension) for dimension in spec.dimensions],
        "heat": heat_map(spec, record.answers),
        "areas": [(area, tenths(found.readings.claimed.areas[area.code])) for area in spec.areas],
        "groups": use_groups(spec, found, record.use_cases),
        "gaps": [(place, gap, spec.questions[gap.question]) for place, gap in enumerate(gaps[:SHOWN], 1)],
        "foundation": foundation_gaps(spec, found),
        "waves": waves(spec, found, None),
        "load_bearing": load_bearing(spec, found),
        "flags": contradictions(spec, found),
        # Above what a statement carries, with nothing better behind it.
        "statements": sum(
            (row.level or 0) > spec.support["E0"] and row.grade in ("", "E0") for row in record.answers
        ),
        "answers": {row.question: row for row in record.answers},
    }


@require_GET
def use_cases(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Every AI use with its verdict, what it needs and what blocks it."""
    assessment = find_assessment(request, uuid)
    spec, found, record = spec_of(assessment), results_for(assessment), record_for(assessment)
    context = {
        **frame(assessment, "use_cases"),
        **headline(spec, found),
        "results": found,
        "groups": use_groups(spec, found, record.use_cases),
    }
    return render(request, "assessments/use_cases.html", context)
