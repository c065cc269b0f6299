"""A question with its answer, as pages of answering show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assessments.forms.answers import COMPACT, page_values
from assessments.models import Answer, Assessment
from assessments.results import spec_of
from assessments.services.answers import FIELDS
from frameworks.document.shapes import FrameworkSpec, QuestionSpec
from frameworks.document.terms import Explained, explained
from frameworks.document.wording import Piece, Pieces, mark_new_words


@dataclass(frozen=True, slots=True)
class Row:
    """A question with its answer, as contents and pages show them."""

    question: QuestionSpec
    answer: Answer
    dimension: str
    spec: FrameworkSpec
    compact: bool = False

    @property
    def values(self) -> dict[str, Any]:
        return page_values(self.answer, COMPACT if self.compact else FIELDS)

    @property
    def anchors(self) -> list[tuple[str, int, str, Pieces]]:
        """(value of the choice, level, name, anchor) from 0 to 5; the anchor in pieces, new ones marked."""
        texts = self.question.anchors
        return [
            (
                str(step.level),
                step.level,
                step.name,
                mark_new_words(texts[step.level - 1], texts[step.level])
                if step.level
                else (Piece(texts[0], False),),
            )
            for step in self.spec.levels
        ]

    @property
    def explained(self) -> Explained:
        """The question's texts with the words that have a fixed meaning."""
        return explained(self.spec, self.question)

    @property
    def evidenced(self) -> int | None:
        """The level that the evidence carries, of an answer by level."""
        if self.answer.level is None:
            return None
        return min(self.answer.level, self.spec.support[self.answer.grade or "E0"])

    @property
    def asks_for(self) -> str:
        """The lowest grade that would carry the level claimed, where the one given does not."""
        if self.answer.level is None or self.evidenced == self.answer.level:
            return ""
        level = self.answer.level
        return next((grade.name for grade in self.spec.evidence_grades if grade.supports >= level), "")

    @property
    def anchor(self) -> str:
        """The anchor of the level claimed."""
        return "" if self.answer.level is None else self.question.anchors[self.answer.level]


def rows_of(assessment: Assessment) -> list[Row]:
    """Every question with its answer, in document order; one statement, without who wrote them."""
    return rows_from(spec_of(assessment), Answer.objects.of_assessment(assessment))


def rows_from(spec: FrameworkSpec, answers: Iterable[Answer]) -> list[Row]:
    by_code = {answer.question_code: answer for answer in answers}
    return [
        Row(question, by_code[code], spec.dimension_of[code], spec)
        for code, question in spec.questions.items()
    ]
