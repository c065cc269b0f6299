"""Where an answer that was carried over comes from, and whether its question was reworded since."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Organisation
from assessments.charts.comparison import is_reworded
from assessments.models import Answer, Assessment
from assessments.results import spec_of
from frameworks.document.shapes import QuestionSpec


@dataclass(frozen=True, slots=True)
class Origin:
    """The earlier assessment, its framework version, and the question as it was where it reads otherwise."""

    assessment: Assessment
    version: str
    was: QuestionSpec | None


def origin_of(asked: QuestionSpec, answer: Answer, organisation: Organisation) -> Origin | None:
    """Of an answer that waits to be confirmed; one statement, and none for any other."""
    if answer.carried_from_id is None:
        return None
    earlier = Assessment.objects.of(organisation).for_page()
    source: Assessment = earlier.get(answers=answer.carried_from_id)
    then = spec_of(source).questions[asked.code]
    return Origin(source, source.version.version, then if is_reworded(then, asked) else None)
