"""Results: the finding, levels with their why, ceilings, use cases and what the result hangs on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.middleware import SignedInRequest
from assessments.charts.findings import (
    UseRow,
    contradictions,
    headline,
    is_without_evidence,
    load_bearing,
    use_groups,
    why,
)
from assessments.charts.levels import area_means, heat_map, ladder, lowest_areas, radar
from assessments.charts.planning import foundation_gaps, gap_rows, plan_totals, waves
from assessments.engine.record import AssessmentRecord
from assessments.engine.shapes import Results
from assessments.results import record_for, results_for, spec_of
from assessments.views.shared import find_assessment, frame
from frameworks.document.shapes import FrameworkSpec

SHOWN = 8  # rows of a list before "all"
PREMATURE = 3  # uses shown that are far away and not chosen


@require_GET
def results(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    assessment = find_assessment(request, uuid)
    spec, found, record = spec_of(assessment), results_for(assessment), record_for(assessment)
    context = {**frame(assessment, "results"), **findings(spec, found, record)}
    return render(request, "assessments/results.html", context)


def findings(spec: FrameworkSpec, found: Results, record: AssessmentRecord) -> dict[str, Any]:
    """What the page of results shows of a record, whosever it is."""
    rows = ladder(spec, found)
    return {
        **headline(spec, found),
        "results": found,
        "rows": rows,
        "radar": radar(rows),
        "whys": [why(spec, found, dimension) for dimension in spec.dimensions],
        "heat": heat_map(spec, record.answers),
        "areas": area_means(spec, found.readings.claimed),
        "lowest_areas": lowest_areas(spec, found.readings.claimed),
        "groups": [
            (verdict, rows if verdict != "premature" else _first_few(rows), len(rows))
            for verdict, rows in use_groups(spec, found, record.use_cases)
        ],
        "gaps": gap_rows(spec, record.use_cases, found)[:SHOWN],
        "foundation": foundation_gaps(spec, found),
        "waves": waves(spec, found, None),
        **plan_totals(found),
        "load_bearing": load_bearing(spec, found),
        "flags": contradictions(spec, found),
        "without_evidence": sum(is_without_evidence(spec, row.level, row.grade) for row in record.answers),
        "answers": {row.question: row for row in record.answers},
    }


def _first_few(rows: list[UseRow]) -> list[UseRow]:
    """Of the premature uses the chosen ones, which come first, and three in any case."""
    return rows[: max(PREMATURE, sum(row.chosen for row in rows))]


@require_GET
def use_cases(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Every AI use with its verdict, what it needs and what blocks it."""
    assessment = find_assessment(request, uuid)
    spec, found, record = spec_of(assessment), results_for(assessment), record_for(assessment)
    context = {
        **frame(assessment, "use_cases"),
        **headline(spec, found),
        "results": found,
        "groups": [(verdict, rows, len(rows)) for verdict, rows in use_groups(spec, found, record.use_cases)],
    }
    return render(request, "assessments/use_cases.html", context)
