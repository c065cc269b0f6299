"""What the pages of a review show: each answer with what was decided, asked and why it matters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from assessments.charts.levels import carried
from assessments.engine.attention import what_matters_first
from assessments.engine.display import whole
from assessments.engine.effects import effects_of
from assessments.engine.record import NOT_APPLICABLE, AnswerRecord, AssessmentRecord
from assessments.models import Assessment, Decision, Inquiry, Review
from assessments.results import record_for, results_for, spec_of
from frameworks.document.shapes import QuestionSpec

FILTERS = ("matters", "all", "undecided", "asked")


@dataclass(frozen=True, slots=True)
class Case:
    """One answer under review."""

    question: QuestionSpec
    dimension: str
    answer: AnswerRecord
    evidenced: int | None  # what its grade carries; None where it is not scored
    reasons: tuple[str, ...]  # why it matters, see engine/attention.py
    decision: Decision | None
    inquiries: tuple[Inquiry, ...]

    @property
    def code(self) -> str:
        return self.question.code

    @property
    def is_decided(self) -> bool:
        return self.decision is not None and self.decision.is_decided

    @property
    def waits_for_site(self) -> bool:
        return any(inquiry.replied_at is None for inquiry in self.inquiries)

    @property
    def state(self) -> str:
        """accepted, set, asked (no reply yet), replied (and not decided) or open."""
        if self.decision is not None and self.decision.is_decided:
            return self.decision.kind
        if self.inquiries:
            return "asked" if self.waits_for_site else "replied"
        return "open"

    @property
    def can_be_set(self) -> bool:
        """A level is only given to a scored question (Method, section 2)."""
        return self.answer.state != NOT_APPLICABLE

    @property
    def anchors(self) -> list[tuple[int, str]]:
        return list(enumerate(self.question.anchors))

    @property
    def version(self) -> int:
        return self.decision.version if self.decision else 0


def cases_of(assessment: Assessment, review: Review | None) -> list[Case]:
    """Every answer of the revision that stands, in document order, with what this review holds of it."""
    spec, record = spec_of(assessment), record_for(assessment)
    reasons = what_matters_first(spec, record.answers, results_for(assessment))
    decisions, inquiries = _held(assessment, review)
    return [
        Case(
            question=spec.questions[answer.question],
            dimension=spec.dimension_of[answer.question],
            answer=answer,
            evidenced=carried(spec, answer),
            reasons=reasons.get(answer.question, ()),
            decision=decisions.get(answer.question),
            inquiries=tuple(row for row in inquiries if row.question_code == answer.question),
        )
        for answer in record.answers
    ]


def _held(assessment: Assessment, review: Review | None) -> tuple[dict[str, Decision], list[Inquiry]]:
    if review is None:
        return {}, []
    client = assessment.organisation
    decisions = Decision.objects.of(client).filter(review=review).select_related("author")
    return {row.question_code: row for row in decisions}, inquiries_of(assessment, review)


def inquiries_of(assessment: Assessment, review: Review) -> list[Inquiry]:
    """What was asked in a review, in that order, with who asked and replied."""
    rows = Inquiry.objects.of(assessment.organisation).filter(review=review)
    return list(rows.select_related("asked_by", "replied_by"))


def shown(cases: list[Case], wanted: str) -> list[Case]:
    """The cases that a filter lets through, in its own order: what matters first by number of reasons."""
    passes: dict[str, Callable[[Case], bool]] = {
        "matters": lambda case: bool(case.reasons),
        "all": lambda case: True,
        "undecided": lambda case: not case.is_decided,
        "asked": lambda case: bool(case.inquiries),
    }
    found = [case for case in cases if passes[wanted](case)]
    return sorted(found, key=lambda case: -len(case.reasons)) if wanted == "matters" else found


def wanted_filter(asked_for: str | None) -> str:
    return asked_for if asked_for in FILTERS else "matters"


def progress(cases: list[Case]) -> dict[str, Any]:
    """The numbers of the list: decided of all, and of each filter."""
    decided = sum(case.is_decided for case in cases)
    held_up = sum(case.waits_for_site and not case.is_decided for case in cases)
    return {
        "asked": len(cases),
        "decided": decided,
        "left": len(cases) - decided,
        "percent": 100 * decided // len(cases),
        "changed": sum(case.state == "set" for case in cases),
        "waiting": sum(case.waits_for_site for case in cases),
        "waiting_undecided": held_up,
        "acceptable": len(cases) - decided - held_up,
        **{name: len(shown(cases, name)) for name in FILTERS if name not in ("all", "asked")},
        "inquiries": len(shown(cases, "asked")),
    }


def beside(cases: list[Case], code: str, wanted: str) -> dict[str, Case | None]:
    """The case before and after this one in the filter's order, and the next that is undecided there."""
    order = shown(cases, wanted)
    codes = [case.code for case in order]
    if code in codes:
        place = codes.index(code)
        before, after = order[:place], order[place + 1 :]
    else:  # the filter no longer lets it through: its neighbours are those of the document
        here = next(place for place, case in enumerate(cases) if case.code == code)
        rank = {case.code: place for place, case in enumerate(cases)}
        before = [case for case in order if rank[case.code] < here]
        after = [case for case in order if rank[case.code] > here]
    undecided = [case for case in [*after, *before] if not case.is_decided]
    return {
        "previous": before[-1] if before else None,
        "next": after[0] if after else None,
        "next_undecided": undecided[0] if undecided else None,
    }


def levels_set(cases: Iterable[Case]) -> dict[str, int]:
    """The levels set so far, by question."""
    return {
        case.code: case.decision.level
        for case in cases
        if case.decision is not None and case.decision.level is not None
    }


def effects(
    assessment: Assessment, record: AssessmentRecord, cases: list[Case], case: Case
) -> dict[str, Any]:
    """What each level of this question would make of the validated reading, and whether a level moves."""
    spec = spec_of(assessment)
    rows = effects_of(spec, replace(record.inputs(), validated=levels_set(cases)), case.code)
    stands = case.decision.level if case.decision and case.decision.level is not None else case.evidenced
    return {
        "effects": [
            {
                "level": row.level,
                "dimension": row.dimension,
                "site": row.site,
                "index": whole(row.index),
                "stands": row.level == stands,
            }
            for row in rows
        ],
        "moves_level": len({(row.dimension, row.site) for row in rows}) > 1,
        "lowered_alike": len({row.counts for row in rows}) == 1 and len({row.dimension for row in rows}) > 1,
    }
