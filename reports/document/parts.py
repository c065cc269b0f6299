"""The parts of a report behind its summary: ground, digital plant, dimensions, gaps, plan and answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from assessments.charts import planning
from assessments.charts.findings import VERDICTS, contradictions, load_bearing, why
from assessments.charts.levels import LadderRow, carried, heat_map
from assessments.charts.weeks import gantt as gantt_chart
from assessments.engine.display import tenths
from assessments.engine.record import (
    LEVEL,
    NOT_APPLICABLE,
    UNANSWERED,
    UNKNOWN,
    AnswerRecord,
    AssessmentRecord,
)
from assessments.engine.shapes import Results, Step
from frameworks.document.shapes import DimensionSpec, FrameworkSpec, QuestionSpec, ReferenceSpec
from reports.document import levels, weeks
from reports.document.reviewing import reviewed_answers, wall_time
from reports.document.shapes import (
    AnswerPart,
    AnswerRow,
    CeilingRow,
    ChangeRow,
    DimensionPart,
    EvidenceShort,
    GradeCount,
    Ground,
    Plan,
    Plant,
    PlantRow,
    ProfileRow,
    ProxyRow,
    QuestionRow,
    ReviewedAnswer,
    RoleEffort,
    StateCount,
)
from reports.document.stairs import stairs
from reports.document.summary import hanging

SIZES = ("S", "M", "L")  # of an action's effort
LONG = 700  # characters of an answer's own words above which it may break over pages


def profile(spec: FrameworkSpec, results: Results, rows: Sequence[LadderRow]) -> tuple[ProfileRow, ...]:
    """What each level says about this site."""

    def text(place: int, level: int | None) -> str:
        return "" if level is None else spec.dimensions[place].headlines[level]

    return tuple(
        ProfileRow(
            spec.dimensions[place],
            row,
            results.readings.claimed.dimensions[row.code].left_out,
            text(place, row.claimed),
            text(place, row.counts),
            text(place, row.target),
        )
        for place, row in enumerate(rows)
    )


def ground(
    spec: FrameworkSpec, record: AssessmentRecord, results: Results, rows: Sequence[LadderRow]
) -> Ground:
    """What the result rests on: answers, evidence, what it hangs on, what contradicts itself."""

    grades = []
    for grade in spec.evidence_grades:
        held = [row for row in record.answers if row.state == LEVEL and (row.grade or "E0") == grade.grade]
        grades.append(GradeCount(grade, _by_dimension(spec, held), len(held)))
    ungraded = []
    for state in (UNKNOWN, NOT_APPLICABLE, UNANSWERED):
        held = [row for row in record.answers if row.state == state]
        if held:
            ungraded.append(StateCount(state, _by_dimension(spec, held), len(held)))

    def named(codes: Sequence[str]) -> tuple[QuestionSpec, ...]:
        return tuple(question for code, question in spec.questions.items() if code in codes)

    return Ground(
        heat=heat_map(spec, record.answers),
        grades=tuple(grades),
        ungraded=tuple(ungraded),
        asked=StateCount("", _by_dimension(spec, record.answers), len(record.answers)),
        load_bearing=tuple(load_bearing(spec, results)),
        falling=hanging(results, "down"),
        rising=hanging(results, "up"),
        evidence_short=evidence_short(spec, record, results, rows),
        contradictions=tuple(contradictions(spec, results)),
        answers={row.question: row for row in record.answers},
        unknown=named(results.completeness.unknown),
        not_applicable=named(results.completeness.not_applicable),
        unanswered=named([row.question for row in record.answers if row.state == "unanswered"]),
        flagged=named([row.question for row in record.answers if row.flagged]),
    )


def _by_dimension(spec: FrameworkSpec, rows: Sequence[AnswerRecord]) -> tuple[int, ...]:
    """How many of these answers each dimension has."""
    counts = Counter(spec.dimension_of[row.question] for row in rows)
    return tuple(counts[code] for code in spec.dimension_by_code)


def evidence_short(
    spec: FrameworkSpec, record: AssessmentRecord, results: Results, rows: Sequence[LadderRow]
) -> tuple[tuple[LadderRow, tuple[EvidenceShort, ...]], ...]:
    """By dimension, the answers whose evidence alone keeps the next evidenced level from holding.

    Dimensions whose evidence carries the level that they claim are left out.
    """
    by_code = {answer.question: answer for answer in record.answers}
    found = []
    for code, row in zip(spec.dimension_by_code, rows, strict=True):
        if row.claimed is None or row.evidenced is None or row.evidenced >= row.claimed:
            continue
        short = []
        for need in results.readings.evidenced.dimensions[code].why:
            answer, carries = by_code[need.question], carried(spec, by_code[need.question])
            if answer.level is not None and carries is not None and carries < answer.level:
                grade = answer.grade or "E0"
                question = spec.questions[need.question]
                short.append(EvidenceShort(question, answer.level, grade, carries, need.need))
        found.append((row, tuple(short)))
    return tuple(found)


def plant(
    spec: FrameworkSpec, record: AssessmentRecord, results: Results, ladders: Sequence[LadderRow]
) -> Plant:
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
        counted=sum(row.claimed.level is not None for row in whys),
        ceilings=tuple(
            CeilingRow(row, tenths(entry.claimed.effective_score), entry.lifted)
            for row, entry in zip(ladders, whys, strict=True)
        ),
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
    spec: FrameworkSpec,
    record: AssessmentRecord,
    results: Results,
    rows: Sequence[LadderRow],
    changes: Sequence[ChangeRow],
) -> tuple[DimensionPart, ...]:
    """The pages of the dimensions: ladder, stairs, why, and the actions of the plan."""
    by_code = {answer.question: answer for answer in record.answers}
    gaps = {gap.question: gap for gap in results.gaps.questions}
    start_on = record.plan.begins_on
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
                stairs=stairs(
                    spec, dimension, answers, row, record.review.validated if record.review else None
                ),
                changes=tuple(change for change in changes if change.question.code in own),
                actions=tuple(
                    planning.plan_row(spec, results, step, start_on)
                    for step in results.roadmap.actions
                    if own & set(spec.action_by_code[step.action].raises)
                ),
                questions=tuple(
                    QuestionRow(
                        question,
                        answer.grade or "E0" if answer.state == LEVEL else "",
                        gaps.get(question.code),
                        answer.level,
                        carried(spec, answer),
                    )
                    for question, answer in zip(dimension.questions, answers, strict=True)
                ),
                next_text=_next_text(dimension, row.claimed),
            )
        )
    return tuple(parts)


def _next_text(dimension: DimensionSpec, level: int | None) -> str:
    return "" if level is None or level == len(dimension.headlines) - 1 else dimension.headlines[level + 1]


def efforts(spec: FrameworkSpec, results: Results) -> tuple[RoleEffort, ...]:
    """By role in document order, the planned actions that it leads, by size; none for other roles."""
    planned = results.roadmap.actions
    led = {
        role.name: [step for step in planned if spec.action_by_code[step.action].lead == role.code]
        for role in spec.roles
    }
    return tuple(_effort(spec, name, steps) for name, steps in led.items() if steps)


def _effort(spec: FrameworkSpec, name: str, steps: Sequence[Step]) -> RoleEffort:
    """The sum of actions, at least one."""
    sizes = Counter(spec.action_by_code[step.action].effort for step in steps)
    return RoleEffort(
        name,
        len(steps),
        tuple((size, sizes[size]) for size in SIZES),
        min(step.start for step in steps) + 1,
        max(step.end for step in steps),
    )


def plan(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> Plan:
    """The roadmap: drawings on one axis of weeks, and each action."""
    start_on = record.plan.begins_on
    totals, rises = planning.plan_totals(results), planning.plant_rises(spec, results, record.answers)
    roadmap = results.roadmap
    return Plan(
        start_on=start_on,
        blackouts=tuple(week + 1 for week in record.plan.blackout_weeks),
        last_week=totals["last_week"],
        last_index=totals["last_index"],
        last_level=totals["last_level"],
        projection=weeks.projection(spec, results),
        charts=weeks.gantt(
            spec, gantt_chart(results, record.plan.blackout_weeks), record.plan.blackout_weeks
        ),
        waves=tuple(planning.waves(spec, results, start_on)),
        critical=tuple(spec.action_by_code[code] for code in roadmap.critical_path),
        efforts=efforts(spec, results),
        whole_effort=_effort(spec, "", roadmap.actions) if roadmap.actions else None,
        points=tuple(by_verdict(row) for row in planning.projection_rows(spec, results, start_on, rises)),
        anchor_tasks=tuple(
            (spec.questions[task.question], task, spec.questions[task.question].anchors[task.to_level])
            for task in roadmap.anchor_tasks
        ),
        waived=tuple(spec.action_by_code[code] for code in roadmap.waived),
    )


def by_verdict(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the projection with the uses whose verdict changes gathered by their verdict, best first."""
    groups = [(name, [use for use, verdict in row["verdicts"] if verdict == name]) for name in VERDICTS]
    return {**row, "by_verdict": [(name, uses) for name, uses in groups if uses]}


def references(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> tuple[ReferenceSpec, ...]:
    """The texts that the chosen uses, the questions with a gap and the planned actions name."""
    named = {code for use in record.use_cases for code in spec.use_case_by_code[use].references}
    named |= {code for gap in results.gaps.questions for code in spec.questions[gap.question].references}
    for step in results.roadmap.actions:
        named |= set(spec.action_by_code[step.action].references)
    return tuple(reference for reference in spec.references if reference.code in named)


def answers(
    spec: FrameworkSpec, record: AssessmentRecord, changes: Sequence[ChangeRow]
) -> tuple[AnswerPart, ...]:
    """Every answer as typed, by dimension, in document order, with what a review says of it."""
    by_code = {answer.question: answer for answer in record.answers}
    reviewed = reviewed_answers(spec, record, changes)
    return tuple(
        AnswerPart(
            dimension,
            tuple(
                _answer(
                    spec,
                    question,
                    by_code[question.code],
                    record.time_zone,
                    reviewed.get(question.code),
                )
                for question in dimension.questions
            ),
            sum(by_code[question.code].state != "unanswered" for question in dimension.questions),
        )
        for dimension in spec.dimensions
    )


def _answer(
    spec: FrameworkSpec,
    question: QuestionSpec,
    answer: AnswerRecord,
    zone: str,
    reviewed: ReviewedAnswer | None,
) -> AnswerRow:
    level = answer.level if answer.state == LEVEL else None
    grades = {grade.grade: grade for grade in spec.evidence_grades}
    words = [answer.comment, answer.evidence_note, answer.reason, *(reviewed.words if reviewed else ())]
    length, lines = sum(map(len, words)), sum(text.count("\n") for text in words)
    return AnswerRow(
        question=question,
        answer=answer,
        level_name="" if level is None else spec.levels[level].name,
        anchor="" if level is None else question.anchors[level],
        grade=grades.get(answer.grade or "E0") if level is not None else None,
        at=wall_time(answer.answered_at, zone),
        is_long=length + 60 * lines > LONG,
        reviewed=reviewed,
    )
