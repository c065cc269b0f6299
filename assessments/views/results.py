"""Results: the finding, levels with their why, ceilings, use cases and what the result hangs on."""

from __future__ import annotations

import json
from functools import cache as once
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.middleware import SignedInRequest
from assessments.charts.explore import explore_radar
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
from assessments.charts.planning import foundation_gaps, gap_rows, plant_rises, projection_rows, waves
from assessments.charts.plant import plant_picture
from assessments.charts.readings import apart
from assessments.charts.rules import decisions_of, findings_of, heads_of, limits_of, said_of, strengths_of
from assessments.charts.sums import index_made
from assessments.charts.weeks import projection
from assessments.engine.record import AssessmentRecord
from assessments.engine.review import StanceRecord
from assessments.engine.shapes import Results
from assessments.models import Assessment
from assessments.queries import stances_of
from assessments.results import record_for, results_for, spec_of
from assessments.views.kept import kept_part
from assessments.views.shared import find_assessment, frame
from frameworks.document.shapes import FrameworkSpec

SHOWN = 8  # rows of a list before "all"
PREMATURE = 3  # uses shown that are far away and not chosen
READINGS = ("claimed", "evidenced", "validated")
HOLDS_BACK = ("standing", "plant", "ground")  # parts whose findings say what holds a site back


@require_GET
def results(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The finding, and under it all that follows from the answers; `reading` is that of the heat map."""
    assessment = find_assessment(request, uuid)
    spec, found = spec_of(assessment), results_for(assessment)
    reading = reading_asked(request, found)

    @once
    def whole() -> dict[str, Any]:
        record, stances = record_for(assessment), _stances_of(assessment)
        return {"spec": spec, **findings(spec, found, record, reading=reading, stances=stances)}

    context = {
        **frame(assessment, "results"),
        **headline(spec, found),
        "said": heads_of(spec, found),
        "results": found,
        "news": kept_part(assessment, "assessments/_news.html", whole),
        "body": kept_part(assessment, "assessments/_results_body.html", whole, reading),
    }
    return render(request, "assessments/results.html", context)


def _stances_of(assessment: Assessment) -> tuple[StanceRecord, ...]:
    return stances_of(assessment, assessment.revision) if assessment.is_reviewed else ()


def reading_asked(request: SignedInRequest, found: Results) -> str:
    """The reading that the address asks for; claimed where it asks for none that there is."""
    asked = request.GET.get("reading", "")
    known = READINGS if found.readings.validated else READINGS[:2]
    return asked if asked in known else READINGS[0]


def radar_words() -> dict[str, str]:
    """What the lines of the radar are called where it is explored."""
    return {
        "counts": _("Counts"),
        "claimed": _("Claimed"),
        "evidenced": _("Evidenced"),
        "validated": _("Validated"),
        "ceiling": _("Ceiling"),
        "target": _("Target"),
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
        "said": said_of(spec, record, found),
        "results": found,
        "groups": [(verdict, rows, len(rows)) for verdict, rows in use_groups(spec, found, record.use_cases)],
    }
    return render(request, "assessments/use_cases.html", context)


def findings(
    spec: FrameworkSpec,
    found: Results,
    record: AssessmentRecord,
    *,
    is_short: bool = True,
    reading: str = "claimed",
    stances: tuple[StanceRecord, ...] = (),
) -> dict[str, Any]:
    """What the page of results shows of a record, whosever it is: of long lists what matters most, or all.

    `stances` are the owner's answers to the changes of a review, which no record holds.
    """
    rows = ladder(spec, found)
    said = findings_of(spec, record, found, sum(not stance.agrees for stance in stances))
    gaps = gap_rows(spec, record.use_cases, found)
    return {
        **headline(spec, found),
        "review": record.review,
        "results": found,
        "made": index_made(spec, found),
        "rows": rows,
        "radar": radar(rows),
        "explore_radar": json.dumps(explore_radar(rows, radar_words())) if is_short else "",
        "apart": apart(spec, found, record),
        "whys": [why(spec, found, dimension) for dimension in spec.dimensions],
        "said": {finding.code: finding for finding in said},
        "limits": [finding for finding in limits_of(said) if finding.part in HOLDS_BACK],
        "strengths": strengths_of(said),
        "decisions": decisions_of(said),
        "plant": plant_picture(spec, found),
        "reading": reading,
        "heat_query": "" if reading == READINGS[0] else f"?reading={reading}",
        "heat": heat_map(spec, record.answers, reading, record.review.validated if record.review else None),
        "areas": area_means(spec, found.readings.claimed),
        "lowest_areas": lowest_areas(spec, found.readings.claimed),
        "groups": [
            (verdict, _first_few(rows) if is_short and verdict == "premature" else rows, len(rows))
            for verdict, rows in use_groups(spec, found, record.use_cases)
        ],
        "gaps": gaps[:SHOWN] if is_short else gaps,
        "foundation": foundation_gaps(spec, found),
        "waves": waves(spec, found, record.plan.begins_on),
        "projection": projection(found) if found.roadmap.projection else None,
        "points": projection_rows(
            spec, found, record.plan.begins_on, plant_rises(spec, found, record.answers)
        ),
        "waves_limit": ":4" if is_short else ":",
        "load_bearing": load_bearing(spec, found),
        "flags": contradictions(spec, found),
        "without_evidence": sum(is_without_evidence(spec, row.level, row.grade) for row in record.answers),
        "answers": {row.question: row for row in record.answers},
    }
