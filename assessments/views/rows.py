"""A question with its whole answer, as pages of answering show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assessments.forms.answers import COMPACT, page_values
from assessments.live_state import Listed
from assessments.models import Answer, Assessment
from assessments.results import spec_of
from assessments.services.answers import FIELDS
from frameworks.document.shapes import QuestionSpec
from frameworks.document.terms import Explained, explained
from frameworks.document.wording import Piece, Pieces, mark_new_words


@dataclass(frozen=True)
class Row(Listed):
    """A question with its whole answer, as pages show it."""

    answer: Answer
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


def rows_of(assessment: Assessment, *, dimension: str = "") -> list[Row]:
    """Every question with its whole answer, in document order, or those of one dimension; one statement."""
    spec, answers = spec_of(assessment), Answer.objects.of_assessment(assessment)
    questions = spec.dimension_by_code[dimension].questions if dimension else spec.questions.values()
    if dimension:
        answers = answers.filter(question_code__in=[question.code for question in questions])
    by_code = {answer.question_code: answer for answer in answers}
    return [
        Row(question, by_code[question.code], spec.dimension_of[question.code], spec)
        for question in questions
    ]


def row_of(assessment: Assessment, question: QuestionSpec) -> Row:
    """One question with its whole answer and who wrote it."""
    spec = spec_of(assessment)
    answers = Answer.objects.of_assessment(assessment).select_related("updated_by")
    return Row(question, answers.get(question_code=question.code), spec.dimension_of[question.code], spec)
