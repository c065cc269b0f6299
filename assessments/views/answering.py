"""What both ways of answering show around the questions, and what is said of a single one."""

from __future__ import annotations

from typing import Any

from accounts.middleware import SignedInRequest
from assessments.engine.gaps import find_targets
from assessments.engine.review import DecisionRecord
from assessments.engine.shapes import BriefResults, Results
from assessments.engine.use_cases import demands_of
from assessments.models import OWN_WORDS, Assessment
from assessments.permissions import can_answer
from assessments.results import record_for, results_for, spec_of
from assessments.views.contents import Contents
from assessments.views.live import live
from assessments.views.shared import frame
from frameworks.document.shapes import DimensionSpec, QuestionSpec


def answering(request: SignedInRequest, contents: Contents, chosen: DimensionSpec) -> dict[str, Any]:
    """What both ways of answering show around the questions."""
    assessment = contents.assessment
    found: BriefResults | Results = contents.live.results if assessment.is_draft else results_for(assessment)
    moments = [row.answer.updated_at for row in contents.rows if row.answer.updated_at]
    return {
        **frame(assessment, "answers"),
        **live(assessment, found, chosen.code),
        **contents.context(),
        "dimension": chosen,
        "may_answer": can_answer(assessment) and assessment.is_draft,
        "own_words": OWN_WORDS,
        "saved_at": max(moments, default=None),
    }


def question_target(assessment: Assessment, question: QuestionSpec) -> int | None:
    """The level to reach: the target of the dimension, or more where a chosen use needs it."""
    spec = spec_of(assessment)
    demands = demands_of(spec, assessment.use_cases)
    target = find_targets(demands, assessment.targets).get(spec.dimension_of[question.code])
    if target is None:
        return None
    minima = [level for demand in demands for code, level in demand.critical if code == question.code]
    return max([target, *minima])


def decision_on(assessment: Assessment, question: QuestionSpec) -> DecisionRecord | None:
    """What a finished review decided on an answer; None before it is finished."""
    review = record_for(assessment).review if assessment.is_reviewed else None
    decisions = review.decisions if review else ()
    return next((row for row in decisions if row.question == question.code), None)
