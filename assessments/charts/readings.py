"""The answers that make two readings of a dimension differ, by their evidence or as a review set them."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.charts.levels import carried, claimed_level
from assessments.engine.record import AssessmentRecord
from assessments.engine.shapes import LOWEST_GRADE, Results
from frameworks.document.shapes import DimensionSpec, FrameworkSpec, QuestionSpec


@dataclass(frozen=True, slots=True)
class Carried:
    """An answer whose evidence carries less than it claims."""

    question: QuestionSpec
    claimed: int
    grade: str
    carries: int


@dataclass(frozen=True, slots=True)
class Ruled:
    """An answer whose level a review set."""

    question: QuestionSpec
    evidenced: int
    level: int
    reason: str


@dataclass(frozen=True, slots=True)
class Apart:
    """One dimension: what makes its evidenced level lower than the claimed, and its validated level another
    than the evidenced; empty where they are alike, else in document order."""

    by_evidence: tuple[Carried, ...]
    by_review: tuple[Ruled, ...]


def apart(spec: FrameworkSpec, found: Results, record: AssessmentRecord) -> dict[str, Apart]:
    """By dimension code: the answers that make its readings differ (Method, sections 2 and 3)."""
    return {
        dimension.code: Apart(
            _by_evidence(spec, found, record, dimension), _by_review(spec, found, record, dimension)
        )
        for dimension in spec.dimensions
    }


def _by_evidence(
    spec: FrameworkSpec, found: Results, record: AssessmentRecord, dimension: DimensionSpec
) -> tuple[Carried, ...]:
    before = found.readings.claimed.dimensions[dimension.code].level
    after = found.readings.evidenced.dimensions[dimension.code].level
    if before is None or after is None or before == after:
        return ()
    answers = {row.question: row for row in record.answers}
    rows = []
    for question in dimension.questions:
        answer = answers[question.code]
        level, carries = claimed_level(answer), carried(spec, answer)
        if level is None or carries is None:
            continue
        if _tells(spec, question, (level, carries), (before, after)):
            rows.append(Carried(question, level, answer.grade or LOWEST_GRADE, carries))
    return tuple(rows)


def _by_review(
    spec: FrameworkSpec, found: Results, record: AssessmentRecord, dimension: DimensionSpec
) -> tuple[Ruled, ...]:
    validated = found.readings.validated
    before = found.readings.evidenced.dimensions[dimension.code].level
    after = validated.dimensions[dimension.code].level if validated else None
    if record.review is None or before is None or after is None or before == after:
        return ()
    answers = {row.question: row for row in record.answers}
    rulings = {row.question: row for row in record.review.changes}
    rows = []
    for question in dimension.questions:
        ruling, carries = rulings.get(question.code), carried(spec, answers[question.code])
        if ruling is None or ruling.level is None or carries is None:
            continue
        if _tells(spec, question, (carries, ruling.level), (before, after)):
            rows.append(Ruled(question, carries, ruling.level, ruling.reason))
    return tuple(rows)


def _tells(
    spec: FrameworkSpec, question: QuestionSpec, answer: tuple[int, int], dimension: tuple[int, int]
) -> bool:
    """Whether an answer that moves from one level to another helps to move its dimension as it moves: the
    same way, and on one side alone its weight counts for a level in between, or it is enough as a gate."""
    if answer[0] == answer[1] or (answer[0] < answer[1]) is not (dimension[0] < dimension[1]):
        return False
    (low, high), (below, above) = sorted(answer), sorted(dimension)
    return (low < above and high > below) or (question.gate and low < above - spec.policy.gate_slack)
