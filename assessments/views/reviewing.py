"""What the pages of a review show: each answer with what was decided, asked and why it matters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from accounts.middleware import SignedInRequest, typed_in
from assessments.charts.attention import Reason, reasons_of
from assessments.charts.levels import carried
from assessments.engine.display import whole
from assessments.engine.effects import effects_of
from assessments.engine.evaluate import evaluate_briefly
from assessments.engine.record import NOT_APPLICABLE, AnswerRecord, AssessmentRecord
from assessments.models import Assessment, Decision, Inquiry, Review
from assessments.permissions import can_review
from assessments.queries import engagement_for
from assessments.results import record_for, results_for, spec_of
from assessments.services.reviews import ReviewTaken
from assessments.views.shared import find_assessment, frame
from frameworks.document.shapes import QuestionSpec

FILTERS = ("matters", "all", "undecided", "asked")


@dataclass(frozen=True, slots=True)
class Case:
    """One answer under review."""

    question: QuestionSpec
    dimension: str
    answer: AnswerRecord
    evidenced: int | None  # what its grade carries; None where it is not scored
    reasons: tuple[Reason, ...]  # why it matters
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
        """accepted, rest (with the rest), set, asked (no reply yet), replied (and not decided) or open."""
        if self.decision is not None and self.decision.is_decided:
            return self.decision.kind
        if self.inquiries:
            return "asked" if self.waits_for_site else "replied"
        return "open"

    @property
    def is_left_out(self) -> bool:
        """Whether it is undecided and stays so when the rest is accepted: the site was asked about it."""
        return not self.is_decided and bool(self.inquiries)

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


def may_decide(request: SignedInRequest, assessment: Assessment, standing: Review | None) -> bool:
    """Whether this person can take part in the review of the revision that stands, now."""
    return (
        can_review(assessment)
        and assessment.state == Assessment.State.SUBMITTED
        and engagement_for(request.user, assessment, standing) is not None
    )


def refused(request: SignedInRequest, uuid: UUID, refusal: Exception) -> HttpResponse:
    """The review is over or somebody else's: say so, and give back what was typed."""
    assessment = find_assessment(request, uuid)  # as it stands now
    context = {
        **frame(assessment, "review"),
        "taken": refusal.review if isinstance(refusal, ReviewTaken) else None,
        "typed": typed_in(request),
    }
    return render(request, "assessments/review_refused.html", context, status=409)


def cases_of(assessment: Assessment, review: Review | None) -> list[Case]:
    """Every answer of the revision that stands, in document order, with what this review holds of it."""
    spec, record = spec_of(assessment), record_for(assessment)
    reasons = reasons_of(spec, record.answers, results_for(assessment))
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
    left_out = sum(case.is_left_out for case in cases)
    waiting = sum(case.waits_for_site and not case.is_decided for case in cases)
    return {
        "asked": len(cases),
        "decided": decided,
        "left": len(cases) - decided,
        "percent": 100 * decided // len(cases),
        "changed": sum(case.state == "set" for case in cases),
        "waiting": waiting,
        "mine": len(cases) - decided - waiting,
        "left_out": left_out,
        "acceptable": len(cases) - decided - left_out,
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


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A dimension, or the whole site, in three readings; of a dimension the level before the ceiling."""

    code: str  # of the dimension; empty for the site
    name: str
    claimed: int | None
    evidenced: int | None
    validated: int | None

    @property
    def moves(self) -> bool:
        """Whether the levels that the reviewers set make a difference."""
        return self.validated != self.evidenced


def before_and_after(assessment: Assessment, cases: list[Case]) -> dict[str, Any]:
    """What the decisions so far make of the result: a row for each dimension, the site, and the index."""
    spec, record = spec_of(assessment), record_for(assessment)
    found = evaluate_briefly(spec, replace(record.inputs(), validated=levels_set(cases))).readings
    claimed, evidenced, validated = found.claimed, found.evidenced, found.validated
    assert validated is not None  # it was asked for
    rows = [
        ReadingRow(
            dimension.code,
            dimension.short_name,
            claimed.dimensions[dimension.code].level,
            evidenced.dimensions[dimension.code].level,
            validated.dimensions[dimension.code].level,
        )
        for dimension in spec.dimensions
    ]
    whole_site = ReadingRow("", "", claimed.level, evidenced.level, validated.level)
    indexes = [whole(reading.index) for reading in (claimed, evidenced, validated)]
    return {
        "reading_rows": rows,
        "site_row": whole_site,
        "indexes": indexes,
        "index_moves": indexes[1] != indexes[2],
        "moving": [row for row in rows if row.moves],
    }
