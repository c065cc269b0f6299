"""The live panel beside the questions: what the answers add up to."""

from __future__ import annotations

from typing import Any

from assessments.charts.levels import LadderRow
from assessments.engine.display import tenths, whole
from assessments.engine.gaps import find_targets
from assessments.engine.shapes import BriefResults, DimensionScore, Results
from assessments.engine.use_cases import demands_of
from assessments.models import Assessment
from assessments.results import spec_of
from assessments.views.addresses import question_address

NEEDS_SHOWN = 4


def live(assessment: Assessment, results: BriefResults | Results, dimension: str) -> dict[str, Any]:
    """The live panel: the dimension's readings, what holds it back, and the whole so far."""
    spec = spec_of(assessment)
    claimed: DimensionScore = results.readings.claimed.dimensions[dimension]
    evidenced: DimensionScore = results.readings.evidenced.dimensions[dimension]
    reviewed = results.readings.validated
    whole_site, verdicts = results.readings.claimed, results.verdicts
    needs = [
        (spec.questions[need.question], need, question_address(assessment.uuid, dimension, need.question))
        for need in claimed.why
    ]
    targets = find_targets(demands_of(spec, assessment.use_cases), assessment.targets)
    ladder = LadderRow(
        code=dimension,
        name=spec.dimension_by_code[dimension].short_name,
        score=tenths(claimed.score),
        claimed=claimed.level,
        evidenced=evidenced.level,
        validated=reviewed.dimensions[dimension].level if reviewed else None,
        counts=claimed.effective_level,
        sustained=claimed.sustained,
        ring_fenced=claimed.ring_fenced,
        target=targets.get(dimension),
        left_out=claimed.left_out,
    )
    return {
        "results": results,
        "live_dimension": spec.dimension_by_code[dimension],
        "ladder": ladder,
        "validated": reviewed,
        "is_lowered": claimed.level != claimed.effective_level,
        "needs": needs[:NEEDS_SHOWN],
        "needs_rest": needs[NEEDS_SHOWN:],
        "needs_count": len(needs),
        "needs_rest_count": len(needs[NEEDS_SHOWN:]),
        "next_level": None if claimed.level is None or not needs else claimed.level + 1,
        "ceiling": spec.ceilings.get((results.dpmm.level, dimension)) if results.dpmm else None,
        "index": whole(whole_site.index),
        "held_back": whole(whole_site.held_back),
        "provisional": whole_site.provisional,
        "uses": len(verdicts),
        "ready_uses": sum(verdict in ("ready", "ready_bounded") for verdict in verdicts.values()),
    }
