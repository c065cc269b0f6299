"""What the pages of answering show: contents, the live panel, and a save that was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.middleware import SignedInRequest
from assessments.charts.levels import LadderRow
from assessments.engine.display import tenths, whole
from assessments.engine.gaps import find_targets
from assessments.engine.review import DecisionRecord
from assessments.engine.shapes import BriefResults, DimensionScore, Results
from assessments.engine.use_cases import demands_of
from assessments.forms.answers import COMPACT, AnswerForm, page_values, set_aside, values_with
from assessments.models import OWN_WORDS, Answer, Assessment
from assessments.permissions import can_answer
from assessments.results import brief_results_for, record_for, results_for, spec_of
from assessments.services.answers import FIELDS, Changes, Conflict
from assessments.views.shared import frame
from frameworks.document.shapes import DimensionSpec, FrameworkSpec, QuestionSpec

FILTERS = ("all", "unanswered", "flagged", "gates", "unknown", "without-evidence", "contradicting")
NEEDS_SHOWN = 4


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
    def anchors(self) -> list[tuple[str, int, str, str]]:
        """(value of the choice, level, name, anchor) from 0 to 5."""
        return [
            (str(step.level), step.level, step.name, self.question.anchors[step.level])
            for step in self.spec.levels
        ]

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
    """Every question with its answer, in document order; one statement."""
    return rows_from(spec_of(assessment), assessment.answers.select_related("updated_by"))


def rows_from(spec: FrameworkSpec, answers: Iterable[Answer]) -> list[Row]:
    by_code = {answer.question_code: answer for answer in answers}
    return [
        Row(question, by_code[code], spec.dimension_of[code], spec)
        for code, question in spec.questions.items()
    ]


def answering(
    request: SignedInRequest, assessment: Assessment, rows: list[Row], chosen: DimensionSpec
) -> dict[str, Any]:
    """What both ways of answering show around the questions."""
    asked_for = request.GET.get("show", "all")
    wanted = asked_for if asked_for in FILTERS else "all"
    answers = [row.answer for row in rows]
    found: BriefResults | Results = (
        brief_results_for(assessment, answers) if assessment.is_draft else results_for(assessment)
    )
    moments: list[datetime] = [answer.updated_at for answer in answers if answer.updated_at]
    return {
        **frame(assessment, "answers"),
        **live(assessment, found, chosen.code),
        **counts(rows),
        "dimension": chosen,
        "contents": _contents(assessment, rows, wanted),
        "filter": wanted,
        "keep": "" if wanted == "all" else f"?show={wanted}",
        "may_answer": can_answer(assessment) and assessment.is_draft,
        "own_words": OWN_WORDS,
        "saved_at": max(moments, default=None),
    }


def counts(rows: list[Row]) -> dict[str, Any]:
    """The numbers of the contents: per dimension, and of the filters."""
    gates = [row for row in rows if row.question.gate]
    replied = sum(row.answer.is_reply for row in rows)
    return {
        "counts": {
            "asked": len(rows),
            "replied": replied,
            "percent": 100 * replied // len(rows),
            "unanswered": len(rows) - replied,
            "flagged": sum(row.answer.flagged for row in rows),
            "gates": len(gates),
            "gates_replied": sum(row.answer.is_reply for row in gates),
        },
    }


def live(assessment: Assessment, results: BriefResults | Results, dimension: str) -> dict[str, Any]:
    """The live panel: the dimension's readings, what holds it back, and the whole so far."""
    spec = spec_of(assessment)
    claimed: DimensionScore = results.readings.claimed.dimensions[dimension]
    evidenced: DimensionScore = results.readings.evidenced.dimensions[dimension]
    reviewed = results.readings.validated
    whole_site = results.readings.claimed
    needs = [(spec.questions[need.question], need) for need in claimed.why]
    targets = find_targets(demands_of(spec, assessment.use_cases), assessment.targets)
    ladder = LadderRow(
        code=dimension,
        name=spec.dimension_by_code[dimension].short_name,
        score=tenths(claimed.score),
        claimed=claimed.level,
        evidenced=evidenced.level,
        validated=reviewed.dimensions[dimension].level if reviewed else None,
        counts=claimed.effective_level,
        sustained=claimed.sustained,
        ring_fenced=claimed.ring_fenced,
        target=targets.get(dimension),
    )
    return {
        "results": results,
        "live_dimension": spec.dimension_by_code[dimension],
        "ladder": ladder,
        "validated": reviewed,
        "is_lowered": claimed.level != claimed.effective_level,
        "needs": needs[:NEEDS_SHOWN],
        "needs_rest": needs[NEEDS_SHOWN:],
        "needs_count": len(needs),
        "needs_rest_count": len(needs[NEEDS_SHOWN:]),
        "next_level": None if claimed.level is None or not needs else claimed.level + 1,
        "ceiling": spec.ceilings.get((results.dpmm.level, dimension)) if results.dpmm else None,
        "index": whole(whole_site.index),
        "held_back": whole(whole_site.held_back),
        "provisional": whole_site.provisional,
        "ready_uses": sum(
            verdict.verdict in ("ready", "ready_bounded") for verdict in results.use_cases.values()
        ),
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


def _contents(assessment: Assessment, rows: list[Row], wanted: str) -> list[dict[str, Any]]:
    """The side list: each dimension with its counts and the questions that the filter lets through."""
    spec = spec_of(assessment)
    contradicting = _contradicting(assessment) if wanted == "contradicting" else frozenset()
    filters: dict[str, Callable[[Row], bool]] = {
        "all": lambda row: True,
        "unanswered": lambda row: not row.answer.is_reply,
        "flagged": lambda row: row.answer.flagged,
        "gates": lambda row: row.question.gate,
        "unknown": lambda row: row.answer.state == Answer.State.UNKNOWN,
        "without-evidence": lambda row: row.evidenced != row.answer.level,
        "contradicting": lambda row: row.question.code in contradicting,
    }
    passes = filters[wanted]
    return [
        {
            "dimension": dimension,
            "replied": sum(row.answer.is_reply for row in rows if row.dimension == dimension.code),
            "asked": len(dimension.questions),
            "rows": [row for row in rows if row.dimension == dimension.code and passes(row)],
        }
        for dimension in spec.dimensions
    ]


def _contradicting(assessment: Assessment) -> frozenset[str]:
    """The questions that a consistency flag names."""
    rules = {flag.code: flag for flag in spec_of(assessment).flags}
    met = [rules[flag.rule] for flag in results_for(assessment).flags]
    return frozenset(
        code for rule in met for code in (rule.when.question, *(part.question for part in rule.any_of))
    )


def refused(
    request: SignedInRequest,
    assessment: Assessment,
    asked: QuestionSpec,
    form: AnswerForm,
    *,
    status: int,
    conflict: Conflict | None = None,
) -> HttpResponse:
    """Nothing was stored: say why and keep what was typed; in a conflict show both, to choose from."""
    spec = spec_of(assessment)
    answer = assessment.answers.select_related("updated_by").get(question_code=asked.code)
    compact = request.POST.get("page") == "dimension"
    context = {
        "assessment": assessment,
        "spec": spec,
        "row": Row(asked, answer, spec.dimension_of[asked.code], spec, compact),
        "form": form,
        "values": form.typed(),
        "conflict": _both(spec, answer, form.changes(), conflict.fields) if conflict else None,
        "submitted": not assessment.is_draft,
    }
    if request.htmx:
        return render(request, "assessments/_refused.html", context, status=status)
    context |= {
        **frame(assessment, "answers"),
        "dimension": spec.dimension_by_code[spec.dimension_of[asked.code]],
        "may_answer": assessment.is_draft,
        "typed_words": [
            (form[name].label, form.typed()[name]) for name in ("reason", "evidence_note", "comment")
        ],
        "own_words": OWN_WORDS,
        "whole_dimension": compact,
    }
    return render(request, "assessments/refused.html", context, status=status)


def _both(spec: FrameworkSpec, answer: Answer, mine: Changes, contested: tuple[str, ...]) -> dict[str, Any]:
    """Both answers in words, and what each of the two buttons would save.

    What is not contested is saved either way: nothing that this person typed elsewhere is dropped.
    """
    theirs = {field: {column: getattr(answer, column) for column in FIELDS[field]} for field in contested}
    fields = [
        (AnswerForm.base_fields[field].label, said(spec, theirs[field]), said(spec, mine[field]))
        for field in contested
    ]
    keep, use = _("Keep theirs"), _("Use mine")
    if len(fields) == 1 and contested[0] in COMPACT:
        keep, use = (
            _("Keep %(theirs)s") % {"theirs": fields[0][1]},
            _("Use mine, %(mine)s") % {"mine": fields[0][2]},
        )
    rest = {field: columns for field, columns in mine.items() if field not in contested}
    given_up = set_aside({field: mine[field] for field in contested})
    return {
        "fields": fields,
        "contested": ",".join([*contested, *(["reason"] if "reply" in contested else [])]),
        "ways": [
            (keep, [*values_with(answer, rest).items(), ("aside", given_up)]),
            (use, list(values_with(answer, mine).items())),
        ],
    }


def said(spec: FrameworkSpec, columns: Mapping[str, Any]) -> str:
    """The value of one field in words: "3 Controlled", or what was typed."""
    if "state" in columns:
        return _reply_in_words(spec, columns)
    if "grade" in columns:
        names = {grade.grade: grade.name for grade in spec.evidence_grades}
        return f"{columns['grade']} {names[columns['grade']]}" if columns["grade"] else _("no evidence grade")
    if "flagged" in columns:
        return _("flagged") if columns["flagged"] else _("not flagged")
    return str(next(iter(columns.values()))) or _("nothing")


def _reply_in_words(spec: FrameworkSpec, columns: Mapping[str, Any]) -> str:
    state = columns["state"]
    if state == Answer.State.LEVEL:
        level = spec.levels[columns["level"]]
        return f"{level.level} {level.name}"
    if state == Answer.State.NOT_APPLICABLE:
        return _("not applicable: %(reason)s") % {"reason": columns["reason"]}
    return _("don’t know") if state == Answer.State.UNKNOWN else _("unanswered")
