"""The shapes of findings: what was found, what it was read from, and what the rules look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from assessments.charts.planning import Rise, plant_rises
from assessments.engine.record import AnswerRecord
from assessments.engine.review import ReviewRecord
from assessments.engine.shapes import DimensionScore, Results
from frameworks.document.shapes import FrameworkSpec

STRENGTH, LIMIT, FACT, DECISION = "strength", "limit", "fact", "decision"
CREDIBLE = ("ready", "ready_bounded")  # verdicts under which a use can run


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that a sentence was read from: a part of the content, and what stands there."""

    kind: str  # dimension, question, use_case, action, dpmm or area
    code: str  # of the content; the number of a DPMM level as text
    have: int | None = None
    need: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence by the code of its rule: codes and numbers, no words."""

    code: str
    tone: str  # STRENGTH, LIMIT, FACT or DECISION
    part: str  # standing, plant, ground, uses, gaps or roadmap: the section that shows it
    values: Mapping[str, Any]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Case:
    """What the rules look at: content, results, answers, uses chosen and the review, if there was one."""

    spec: FrameworkSpec
    results: Results
    answers: Sequence[AnswerRecord]
    chosen: Sequence[str]
    review: ReviewRecord | None = None
    disputed: int = 0  # changes of the review that the site disagrees with
    start_on: date | None = None  # of the plan
    is_draft: bool = False

    @cached_property
    def claimed(self) -> Mapping[str, DimensionScore]:
        """The claimed reading by dimension, in document order."""
        rows = self.results.readings.claimed.dimensions
        return {code: rows[code] for code in self.spec.dimension_by_code}

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """The dimensions that are not left out, in document order."""
        return tuple(code for code, row in self.claimed.items() if not row.left_out)

    @cached_property
    def rises(self) -> dict[int, Rise]:
        """Where the plan raises the digital plant, by week."""
        return plant_rises(self.spec, self.results, self.answers)


def of_questions(codes: Iterable[str]) -> tuple[Evidence, ...]:
    return tuple(Evidence("question", code) for code in codes)


def of_dimensions(codes: Iterable[str]) -> tuple[Evidence, ...]:
    return tuple(Evidence("dimension", code) for code in codes)
