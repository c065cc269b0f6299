"""What a comparison holds: its two sides, what changed of each part, and which way."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.charts.levels import Indexed
from assessments.charts.rules.shapes import Finding
from assessments.engine.record import AnswerRecord, AssessmentRecord
from assessments.engine.shapes import DimensionScore, Results
from frameworks.document.shapes import DimensionSpec, FrameworkSpec, QuestionSpec, UseCaseSpec

ROSE, FELL, SAME, APART = "rose", "fell", "same", "apart"  # apart: not comparable


def moved(before: int | None, after: int | None) -> str:
    """Whether a number rose, fell or stayed; apart where one side has none."""
    if before == after:
        return SAME
    if before is None or after is None:
        return APART
    return ROSE if after > before else FELL


@dataclass(frozen=True)
class Side(Indexed):
    """One of the two: content, record and results."""

    spec: FrameworkSpec
    record: AssessmentRecord
    results: Results

    @property
    def validated_level(self) -> int | None:
        """None before a review too."""
        held = self.results.readings.validated
        return held.level if held else None


@dataclass(frozen=True, slots=True)
class DimensionChange:
    """One dimension on both sides; None where a version does not have it."""

    dimension: DimensionSpec
    before: DimensionScore | None
    after: DimensionScore | None
    evidenced: tuple[int | None, int | None]
    validated: tuple[int | None, int | None]  # None before a review too
    moved: str  # of the level that counts
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One question whose answer or wording differs; None where a version does not have it."""

    question: QuestionSpec
    before: AnswerRecord | None
    after: AnswerRecord | None
    levels: tuple[int | None, int | None]
    moved: str
    is_reworded: bool

    @property
    def is_evidence_only(self) -> bool:
        """Whether the reply is the same and its grade of evidence another one."""
        return (
            self.before is not None
            and self.after is not None
            and (self.before.state, self.before.level) == (self.after.state, self.after.level)
        )


@dataclass(frozen=True, slots=True)
class UseChange:
    """One AI use whose verdict differs, or that only one version has."""

    use_case: UseCaseSpec
    before: str | None
    after: str | None
    moved: str
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs between two sides."""

    before: Side
    after: Side
    is_across_versions: bool
    dimensions: tuple[DimensionChange, ...]
    answers: tuple[AnswerChange, ...]  # of questions that both have, where the answer differs
    reworded: tuple[QuestionSpec, ...]
    added: tuple[QuestionSpec, ...]
    removed: tuple[QuestionSpec, ...]
    uses: tuple[UseChange, ...]
    findings: tuple[Finding, ...]  # the sentences, the whole first

    @property
    def level_moved(self) -> str:
        return moved(self.before.results.readings.claimed.level, self.after.results.readings.claimed.level)

    @property
    def index_moved(self) -> str:
        """By the figures that are shown."""
        return moved(self.before.index, self.after.index)

    @property
    def is_reviewed(self) -> bool:
        """Whether one of the two has been reviewed."""
        return any(side.results.readings.validated for side in (self.before, self.after))
