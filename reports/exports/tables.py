"""What the tables of an assessment hold as files: results, gaps and plan as a workbook, or the plan alone."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from assessments.charts import planning
from assessments.charts.findings import use_row
from assessments.charts.levels import ladder
from assessments.engine.display import whole
from assessments.engine.record import AssessmentRecord
from assessments.engine.review import StanceRecord
from assessments.engine.shapes import Results
from assessments.templatetags.said.actions import early
from assessments.templatetags.said.compare import verdict_name
from frameworks.document.shapes import FrameworkSpec
from records.exports import Sheet, Value
from reports.document.reviewing import wall_time
from reports.exports.answers import answers, contradicting, hanging
from reports.exports.words import closed_by, dash, decimal, source, wave, work, yes_or_no


def sheets(
    spec: FrameworkSpec,
    record: AssessmentRecord,
    results: Results,
    stances: tuple[StanceRecord, ...] = (),
) -> list[Sheet]:
    """Every table of the workbook; numbers rounded as the pages round them, texts as typed.

    `stances` are the owner's answers to the changes of a review, which no record holds.
    """
    return [
        about(spec, record, results),
        levels(spec, results),
        uses(spec, record, results),
        gaps(spec, record, results),
        plan(spec, record, results),
        steps(spec, results),
        projection(spec, record, results),
        contradicting(spec, record, results),
        hanging(spec, results),
        answers(spec, record, stances),
    ]


def about(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> Sheet:
    """Whose results these are, and the figures of the whole."""
    readings, done, dpmm = results.readings, results.completeness, results.dpmm
    review, validated = record.review, results.readings.validated
    zone = {"zone": record.time_zone}  # a cell holds no zone of its own
    rows: list[list[Value]] = [
        [_("Organisation"), record.organisation],
        [_("Site"), record.site],
        [_("Assessment"), record.title],
        [_("Scope"), record.scope],
        [_("Revision"), record.revision],
        [
            _("Submitted (%(zone)s)") % zone,
            wall_time(record.submitted_at, record.time_zone) or _("Draft, not submitted"),
        ],
        [
            _("Reviewed (%(zone)s)") % zone,
            wall_time(review.finished_at, record.time_zone) if review else _("not reviewed"),
        ],
        [_("Reviewed by"), f"{review.consultancy}: {', '.join(review.reviewers)}" if review else ""],
        [_("Closing statement"), review.statement if review else ""],
        [_("Framework"), f"{spec.title} {spec.version}"],
        [_("Digest of its content"), spec.content_digest],
        [_("Replies"), done.replied],
        [_("Questions asked"), done.asked],
        [_("DPMM level"), dpmm.level if dpmm else _("not known")],
        [_("Where the DPMM level comes from"), source(dpmm.source) if dpmm else ""],
        [_("Level claimed"), readings.claimed.level],
        [_("Level evidenced"), readings.evidenced.level],
        [_("Level validated"), validated.level if validated else None],
        [_("Index of 100"), whole(readings.claimed.index)],
        [_("Held back by the digital plant"), whole(readings.claimed.held_back)],
        [_("Index without ceilings"), whole(readings.claimed.index_without_ceilings)],
        [_("Index evidenced"), whole(readings.evidenced.index)],
        [_("Index validated"), whole(validated.index) if validated else None],
        [_("Notice"), spec.notice],
    ]
    return Sheet(_("About"), [_("What"), _("Value")], rows)


def levels(spec: FrameworkSpec, results: Results) -> Sheet:
    """A row for each dimension."""
    claimed = results.readings.claimed.dimensions
    heads = [
        _("Code"), _("Dimension"), _("Claimed"), _("Evidenced"), _("Validated"), _("Ceiling across the site"),
        _("Ceiling on one line"), _("Counts"), _("Target"), _("Score"), _("Score that counts"),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            row.code,
            spec.dimension_by_code[row.code].name,
            row.claimed,
            row.evidenced,
            row.validated,
            row.sustained,
            row.ring_fenced,
            row.counts,
            row.target,
            decimal(claimed[row.code].score),
            decimal(claimed[row.code].effective_score),
        ]
        for row in ladder(spec, results)
    ]
    return Sheet(_("Levels"), heads, rows)


def uses(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> Sheet:
    """A row for each AI use, with all that is short of "ready"."""
    heads = [
        _("Code"), _("AI use"), _("Class"), _("Chosen"), _("Verdict"), _("One step away"), _("Blocked by"),
    ]  # fmt: skip
    rows: list[list[Value]] = []
    for use in spec.use_cases:
        row = use_row(spec, results, use, use.code in record.use_cases)
        blockers = [
            f"{blocker.code or 'DPMM'}: {dash(blocker.have)} {_('of')} {blocker.need}"
            for blocker in results.use_cases[use.code].blockers
        ]
        rows.append(
            [
                use.code,
                use.name,
                use.impact_class,
                yes_or_no(row.chosen),
                verdict_name(row.verdict),
                yes_or_no(row.last_step is not None),
                "; ".join(blockers),
            ]
        )
    return Sheet(_("AI uses"), heads, rows)


def gaps(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> Sheet:
    """The digital plant's gaps first, then every gap by priority."""
    heads = [
        _("Rank"), _("Code"), _("Gap"), _("Dimension"), _("From"), _("To"), _("Weight"), _("Gate"),
        _("Priority"), _("Target met; would make it firm"), _("Critical to"), _("Closed by"), _("Action"),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            None,
            "DPMM",
            _("The digital plant"),
            spec.dimension_by_code[row.dimension].name,
            row.dpmm_have,
            row.dpmm_need,
            *[None] * 7,
        ]
        for row in results.gaps.foundation
    ]
    for gap in planning.gap_rows(spec, record.use_cases, results):
        code = gap.question.code
        rows.append(
            [
                gap.rank,
                code,
                gap.question.title,
                spec.dimension_by_code[spec.dimension_of[code]].name,
                gap.gap.have,
                gap.gap.target,
                gap.question.weight,
                yes_or_no(gap.question.gate),
                gap.gap.priority,
                yes_or_no(gap.is_firm),
                "; ".join(gap.uses),
                closed_by(gap),
                gap.action.code if gap.action else "",
            ]
        )
    return Sheet(_("Gaps"), heads, rows)


def plan(
    spec: FrameworkSpec,
    record: AssessmentRecord,
    results: Results,
    shown: Collection[str] | None = None,
) -> Sheet:
    """A row for each action in plan order; weeks counted from 1, days once a start is set.

    `shown` are the codes of the actions to list, None for all.
    """
    heads = [
        _("Code"), _("Action"), _("Wave"), _("First week"), _("Last week"), _("Begins"), _("Ends"),
        _("Critical path"), _("Effort"), _("Owner"), _("Roles"), _("Area"), _("Task"),
        _("Deliverable"), _("Works on"), _("Note"), _("Clears the way for"), _("Waits for"), _("References"),
    ]  # fmt: skip
    start_on, areas = record.plan.begins_on, {area.code: area.name for area in spec.areas}
    planned = {step.action for step in results.roadmap.actions}
    rows: list[list[Value]] = []
    for step in results.roadmap.actions:
        if shown is not None and step.action not in shown:
            continue
        row = planning.plan_row(spec, results, step, start_on)
        action = row["action"]
        rows.append(
            [
                action.code,
                action.title,
                wave(step.wave),
                row["first_week"],
                row["last_week"],
                row["begins_on"],
                row["ends_on"],
                yes_or_no(action.code in results.roadmap.critical_path),
                action.effort,
                action.owner,
                "; ".join(row["roles"]),
                areas[action.area],
                action.task,
                action.deliverable,
                ", ".join(map(work, row["works"])),
                " ".join(map(early, row["early"])),
                ", ".join(other.code for other in row["enables"]),
                ", ".join(code for code in action.prerequisites if code in planned),
                ", ".join(action.references),
            ]
        )
    return Sheet(_("Plan"), heads, rows)


def steps(spec: FrameworkSpec, results: Results) -> Sheet:
    """A row for each step of a gap that no action covers: the text of the level to reach is the task."""
    heads = [_("Code"), _("Question"), _("From"), _("To"), _("What is true then")]
    rows: list[list[Value]] = [
        [
            task.question,
            spec.questions[task.question].title,
            task.from_level,
            task.to_level,
            spec.questions[task.question].anchors[task.to_level],
        ]
        for task in results.roadmap.anchor_tasks
    ]
    return Sheet(_("Steps without an action"), heads, rows)


def projection(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> Sheet:
    """A row for each week in which something ends."""
    heads = [_("Week"), _("Day"), _("Actions that end"), _("Index"), _("Level"), _("Verdicts that change")]
    rows: list[list[Value]] = [
        [
            row["week"],
            row["on"],
            ", ".join(action.code for action in row["actions"]),
            row["index"],
            row["level"],
            "; ".join(f"{use.name}: {verdict_name(name)}" for use, name in row["verdicts"]),
        ]
        for row in planning.projection_rows(spec, results, record.plan.begins_on)
    ]
    return Sheet(_("Projection"), heads, rows)
