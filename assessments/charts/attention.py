"""Why an answer is looked at first, as pages say it: each reason with what it goes back to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.engine.attention import find_clashes, what_matters_first
from assessments.engine.record import AnswerRecord
from assessments.engine.shapes import Results
from frameworks.document.shapes import DimensionSpec, FrameworkSpec, QuestionSpec, UseCaseSpec


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its code (engine/attention.py), and what it goes back to, where that is something."""

    code: str
    of_site: bool = False  # load-bearing: one level less changes the level of the site
    dimensions: tuple[DimensionSpec, ...] = ()  # load-bearing: whose level it changes
    uses: tuple[UseCaseSpec, ...] = ()  # load-bearing: on which the verdict changes
    denied: tuple[QuestionSpec, ...] = ()  # contradicting: whose answers deny what this one claims
    claimed: tuple[QuestionSpec, ...] = ()  # contradicting: that claim what this one denies


def reasons_of(
    spec: FrameworkSpec, answers: Sequence[AnswerRecord], results: Results
) -> dict[str, tuple[Reason, ...]]:
    """By question code, why it matters, in the order of `what_matters_first`; no entry where nothing does."""
    falls = {row.question: row.changes for row in results.load_bearing if row.direction == "down"}
    clashes = find_clashes(spec, answers, results)

    def reason(question: str, code: str) -> Reason:
        if code == "load_bearing":
            changes = falls[question]
            return Reason(
                code,
                of_site="level" in changes,
                dimensions=tuple(row for row in spec.dimensions if row.code in changes),
                uses=tuple(row for row in spec.use_cases if row.code in changes),
            )
        if code == "contradicting":
            rows = clashes[question]
            return Reason(
                code,
                denied=tuple(spec.questions[row.other] for row in rows if row.is_claim),
                claimed=tuple(spec.questions[row.other] for row in rows if not row.is_claim),
            )
        return Reason(code)

    found = what_matters_first(spec, answers, results)
    return {question: tuple(reason(question, code) for code in codes) for question, codes in found.items()}
