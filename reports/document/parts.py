"""The parts of a report behind its summary: ground, digital plant, dimensions, gaps, plan and answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assessments.charts import planning
from assessments.charts.findings import contradictions, load_bearing, why
from assessments.charts.levels import LadderRow, heat_map
from assessments.charts.weeks import gantt as gantt_chart
from assessments.charts.weeks import projection as projection_chart
from assessments.engine.display import tenths
from assessments.engine.record import LEVEL, AnswerRecord, AssessmentRecord
from assessments.engine.shapes import Results
from frameworks.document.shapes import FrameworkSpec, QuestionSpec, ReferenceSpec
from reports.document import levels, weeks
from reports.document.shapes import (
    AnswerPart,
    AnswerRow,
    DimensionPart,
    GradeCount,
    Ground,
    Plan,
    Plant,
    PlantRow,
    ProfileRow,
    ProxyRow,
)
from reports.document.summary import falling

LONG = 700  # characters of an answer's own words above which it may break over pages


def profile(spec: FrameworkSpec, rows: Sequence[LadderRow]) -> tuple[ProfileRow, ...]:
    """What each level says about this site."""

    def text(place: int, level: int | None) -> str:
        return "" if level is None else spec.dimensions[place].headlines[level]

    return tuple(
        ProfileRow(
            spec.dimensions[place],
            row,
            text(place, row.claimed),
            text(place, row.counts),
            text(place, row.target),
        )
        for place, row in enumerate(rows)
    )


def ground(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> Ground:
    """What the result rests on: answers, evidence, what it hangs on, what contradicts itself."""
    grades = []
    for grade in spec.evidence_grades:
        counts = tuple(
            sum(
                row.state == LEVEL
                and (row.grade or "E0") == grade.grade
                and spec.dimension_of[row.question] == dimension.code
                for row in record.answers
            )
            for dimension in spec.dimensions
        )
        grades.append(GradeCount(grade, counts, sum(counts)))

    def named(codes: Sequence[str]) -> tuple[QuestionSpec, ...]:
        return tuple(question for code, question in spec.questions.items() if code in codes)

    return Ground(
        heat=heat_map(spec, record.answers),
        grades=tuple(grades),
        areas=tuple((area, tenths(results.readings.claimed.areas[area.code])) for area in spec.areas),
        load_bearing=tuple(load_bearing(spec, results)),
        falling=falling(results),
        contradictions=tuple(contradictions(spec, results)),
        unknown=named(results.completeness.unknown),
        not_applicable=named(results.completeness.not_applicable),
        unanswered=named([row.question for row in record.answers if row.state == "unanswered"]),
        flagged=named([row.question for row in record.answers if row.flagged]),
    )


def plant(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> Plant:
    """The crosswalk with the row of this site, the claims that it lowers, and what lifts it."""
    held = results.dpmm.level if results.dpmm else None
    rows = tuple(
        PlantRow(
            level,
            level.level == held,
            tuple(
                (spec.ceilings[level.level, code].sustained, spec.ceilings[level.level, code].ring_fenced)
                for code in spec.dimension_by_code
            ),
        )
        for level in spec.dpmm.levels
    )
    here = [sustained for row in rows if row.is_here for sustained, _ in row.ceilings]
    whys = [why(spec, results, dimension) for dimension in spec.dimensions]
    foundation = planning.foundation_gaps(spec, results)
    return Plant(
        level=next((row.level for row in rows if row.is_here), None),
        source=results.dpmm.source if results.dpmm else "",
        lowest=min(here, default=None),
        highest=max(here, default=None),
        rows=rows,
        lowered=tuple(row for row in whys if row.is_lowered),
        foundation=foundation,
        proxies=tuple(_proxy(spec, record, results, code) for code in spec.dpmm.proxies)
        if foundation
        else (),
    )


def _proxy(spec: FrameworkSpec, record: AssessmentRecord, results: Results, code: str) -> ProxyRow:
    answer = next(row for row in record.answers if row.question == code)
    today = 0 if answer.state == "unknown" else answer.level
    raising = [
        (spec.action_by_code[step.action], step.end)
        for step in results.roadmap.actions
        if code in spec.action_by_code[step.action].raises
        and spec.action_by_code[step.action].to_level > (today or 0)
    ]
    if today is None or not raising:
        return ProxyRow(spec.questions[code], today, today, None, None)
    action, week = max(raising, key=lambda pair: pair[1])
    return ProxyRow(spec.questions[code], today, max(row.to_level for row, _ in raising), action, week)


def dimensions(
    spec: FrameworkSpec, record: AssessmentRecord, results: Results, rows: Sequence[LadderRow]
) -> tuple[DimensionPart, ...]:
    """The pages of the dimensions: ladder, stairs, why, and the actions of the plan."""
    by_code = {answer.question: answer for answer in record.answers}
    start_on = plan_start(record)
    parts = []
    for dimension, row in zip(spec.dimensions, rows, strict=True):
        answers = [by_code[question.code] for question in dimension.questions]
        own = {question.code for question in dimension.questions}
        parts.append(
            DimensionPart(
                dimension=dimension,
                why=why(spec, results, dimension),
                row=row,
                ladder=levels.ladder([row]),
                stairs=levels.stairs(spec, dimension, answers, row),
                actions=tuple(
                    planning.plan_row(spec, step, start_on)
                    for step in results.roadmap.actions
                    if own & set(spec.action_by_code[step.action].raises)
                ),
                above=sum((answer.level or 0) > (levels.carried(spec, answer) or 0) for answer in answers),
                evidence=tuple(
                    (question, answer.grade or "E0" if answer.state == LEVEL else "")
                    for question, answer in zip(dimension.questions, answers, strict=True)
                ),
            )
        )
    return tuple(parts)


def plan(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> Plan:
    """The roadmap: drawings on one axis of weeks, and each action."""
    start_on = plan_start(record)
    totals = planning.plan_totals(results)
    roadmap = results.roadmap
    return Plan(
        start_on=start_on,
        blackouts=tuple(week + 1 for week in record.plan.blackout_weeks),
        last_week=totals["last_week"],
        last_index=totals["last_index"],
        last_level=totals["last_level"],
        largest=projection_chart(results).largest,
        projection=weeks.projection(spec, results),
        charts=weeks.gantt(
            spec, gantt_chart(results, record.plan.blackout_weeks), record.plan.blackout_weeks
        ),
        waves=tuple(planning.waves(spec, results, start_on)),
        critical=tuple(spec.action_by_code[code] for code in roadmap.critical_path),
        points=tuple(planning.projection_rows(spec, results, start_on)),
        anchor_tasks=tuple(
            (spec.questions[task.question], task, spec.questions[task.question].anchors[task.to_level])
            for task in roadmap.anchor_tasks
        ),
        waived=tuple(spec.action_by_code[code] for code in roadmap.waived),
    )


def references(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> tuple[ReferenceSpec, ...]:
    """The texts that the chosen uses, the questions with a gap and the planned actions name."""
    named = {code for use in record.use_cases for code in spec.use_case_by_code[use].references}
    named |= {code for gap in results.gaps.questions for code in spec.questions[gap.question].references}
    for step in results.roadmap.actions:
        named |= set(spec.action_by_code[step.action].references)
    return tuple(reference for reference in spec.references if reference.code in named)


def plan_start(record: AssessmentRecord) -> date | None:
    return date.fromisoformat(record.plan.start_on) if record.plan.start_on else None


def answers(spec: FrameworkSpec, record: AssessmentRecord) -> tuple[AnswerPart, ...]:
    """Every answer as typed, by dimension, in document order."""
    by_code = {answer.question: answer for answer in record.answers}
    return tuple(
        AnswerPart(
            dimension,
            tuple(
                _answer(spec, question, by_code[question.code], record.time_zone)
                for question in dimension.questions
            ),
            sum(by_code[question.code].state != "unanswered" for question in dimension.questions),
        )
        for dimension in spec.dimensions
    )


def _answer(spec: FrameworkSpec, question: QuestionSpec, answer: AnswerRecord, zone: str) -> AnswerRow:
    level = answer.level if answer.state == LEVEL else None
    grades = {grade.grade: grade for grade in spec.evidence_grades}
    length = len(answer.comment) + len(answer.evidence_note) + len(answer.reason)
    lines = answer.comment.count("\n") + answer.evidence_note.count("\n") + answer.reason.count("\n")
    return AnswerRow(
        question=question,
        answer=answer,
        level_name="" if level is None else spec.levels[level].name,
        anchor="" if level is None else question.anchors[level],
        grade=grades.get(answer.grade or "E0") if level is not None else None,
        at=wall_time(answer.answered_at, zone),
        is_long=length + 60 * lines > LONG,
    )


def wall_time(moment: str, zone: str) -> datetime | None:
    """A moment as the clock of the site shows it, without a zone; UTC where the zone is not known."""
    if not moment:
        return None
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        place = ZoneInfo("UTC")
    return datetime.fromisoformat(moment).astimezone(place).replace(tzinfo=None)
