"""What the tables of an assessment hold as files: results, gaps and plan as a workbook, or the plan alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from functools import partial
from html import unescape

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assessments.charts import planning
from assessments.charts.findings import use_row
from assessments.charts.levels import area_means, ladder
from assessments.charts.plant import plant_picture
from assessments.charts.rules import findings_of
from assessments.engine.display import tenths, whole
from assessments.engine.record import AssessmentRecord
from assessments.engine.shapes import Results
from assessments.templatetags.sentences import sentence_of
from frameworks.document.shapes import FrameworkSpec
from records.exports import Sheet, Value
from reports.document.drawing import Drawing
from reports.document.parts import plan_start
from reports.document.reviewing import wall_time
from reports.pdf import faces_within, printable


def sheets(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> list[Sheet]:
    """Every table of the workbook; numbers rounded as the pages round them, texts as typed."""
    return [
        about(spec, record, results),
        levels(spec, results),
        uses(spec, record, results),
        gaps(spec, record, results),
        plan(spec, record, results),
        projection(spec, record, results),
        answers(spec, record),
    ]


def figure_table(figure: str, spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> Sheet:
    """The table behind a chart of that name."""
    if figure in ("ladder", "radar"):
        return levels(spec, results)
    if figure == "plant":
        return ceilings(spec, results)
    if figure == "areas":
        return areas(spec, results)
    tables = {"heat": lambda: answers(spec, record)} | {
        name: partial(table, spec, record, results)
        for name, table in (("uses", uses), ("gaps", gaps), ("gantt", plan), ("projection", projection))
    }
    return tables[figure]()


SAYS = {  # the findings that a chart shows, the first that holds is its title
    "ladder": ("above_plant", "plant_carries", "no_plant"),
    "radar": ("above_plant", "plant_carries", "no_plant"),
    "plant": ("above_plant", "plant_carries", "no_plant"),
    "heat": ("highest_answers", "nothing_answered"),
    "areas": ("lowest_area",),
    "uses": ("verdicts",),
    "gaps": ("gaps", "gaps_unknown", "targets_met", "no_targets"),
    "gantt": ("plan",),
    "projection": ("plan",),
}


def figure_title(figure: str, spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> str:
    """The finding that a chart shows, as a sentence; empty where none holds yet."""
    found = {row.code: row for row in findings_of(spec, record, results)}
    return next((sentence_of(spec, found[code]) for code in SAYS[figure] if code in found), "")


def ceilings(spec: FrameworkSpec, results: Results) -> Sheet:
    """What each DPMM level lets each dimension count, across the site and on one line."""
    heads = [
        _("DPMM level"), _("Name"), _("The site"), _("Code"), _("Dimension"), _("Ceiling across the site"),
        _("Ceiling on one line"), _("Claimed"), _("Counts"),
    ]  # fmt: skip
    picture = plant_picture(spec, results)
    rows: list[list[Value]] = [
        [
            level.level,
            level.name,
            _("yes") if is_here else _("no"),
            column.dimension.code,
            column.dimension.name,
            cell.sustained,
            cell.ring_fenced,
            column.claimed,
            cell.counts,
        ]
        for level, is_here, cells in picture.rows
        for column, cell in zip(picture.columns, cells, strict=True)
    ]
    return Sheet(_("Ceilings"), heads, rows)


def areas(spec: FrameworkSpec, results: Results) -> Sheet:
    """The mean level of each area."""
    rows: list[list[Value]] = [
        [area.code, area.name, mean] for area, mean, _width in area_means(spec, results.readings.claimed)
    ]
    return Sheet(_("Areas"), [_("Code"), _("Area"), _("Mean level")], rows)


def svg_file(drawing: Drawing, title: str, about: str) -> bytes:
    """A drawing as an SVG that stands alone: its title, colours and the signs of its typeface inside."""
    context = {"drawing": drawing, "title": printable(title), "about": printable(about)}
    context |= {"width": round(drawing.width) + 40, "height": round(drawing.height) + 64}
    draft = render_to_string("reports/figure.svg", context)
    signs = unescape(re.sub(r"<[^>]*>", " ", draft))
    return render_to_string("reports/figure.svg", {**context, "faces": faces_within(signs)}).encode()


def about(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> Sheet:
    """Whose results these are, and the figures of the whole."""
    readings, done = results.readings, results.completeness
    rows: list[list[Value]] = [
        [_("Organisation"), record.organisation],
        [_("Site"), record.site],
        [_("Assessment"), record.title],
        [_("Scope"), record.scope],
        [_("Revision"), record.revision],
        [_("Submitted"), wall_time(record.submitted_at, record.time_zone) or _("Draft, not submitted")],
        [_("Framework"), f"{spec.title} {spec.version}"],
        [_("Digest of its content"), spec.content_digest],
        [_("Replies"), done.replied],
        [_("Questions asked"), done.asked],
        [_("DPMM level"), results.dpmm.level if results.dpmm else _("not known")],
        [_("Level claimed"), readings.claimed.level],
        [_("Level evidenced"), readings.evidenced.level],
        [_("Level validated"), readings.validated.level if readings.validated else None],
        [_("Index of 100"), whole(readings.claimed.index)],
        [_("Held back by the digital plant"), whole(readings.claimed.held_back)],
        [_("Index without ceilings"), whole(readings.claimed.index_without_ceilings)],
        [_("Index evidenced"), whole(readings.evidenced.index)],
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
            _decimal(claimed[row.code].score),
            _decimal(claimed[row.code].effective_score),
        ]
        for row in ladder(spec, results)
    ]
    return Sheet(_("Levels"), heads, rows)


def uses(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> Sheet:
    """A row for each AI use, with all that is short of "ready"."""
    heads = [_("Code"), _("AI use"), _("Class"), _("Chosen"), _("Verdict"), _("Blocked by")]
    rows: list[list[Value]] = []
    for use in spec.use_cases:
        row = use_row(spec, results, use, use.code in record.use_cases)
        blockers = [
            f"{blocker.code or 'DPMM'}: {_dash(blocker.have)} {_('of')} {blocker.need}"
            for blocker in results.use_cases[use.code].blockers
        ]
        chosen = _("yes") if row.chosen else _("no")
        rows.append([use.code, use.name, use.impact_class, chosen, verdict(row.verdict), "; ".join(blockers)])
    return Sheet(_("AI uses"), heads, rows)


def gaps(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> Sheet:
    """The digital plant's gaps first, then every gap by priority."""
    heads = [
        _("Rank"), _("Code"), _("Gap"), _("Dimension"), _("From"), _("To"), _("Priority"), _("Gate"),
        _("Critical to"), _("Closed by"), _("Action"),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            None,
            "DPMM",
            _("The digital plant"),
            spec.dimension_by_code[row.dimension].name,
            row.dpmm_have,
            row.dpmm_need,
            None,
            None,
            None,
            None,
            None,
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
                gap.gap.priority,
                _("yes") if gap.question.gate else _("no"),
                "; ".join(gap.uses),
                gap.action.title if gap.action else "",
                gap.action.code if gap.action else "",
            ]
        )
    return Sheet(_("Gaps"), heads, rows)


def plan(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> Sheet:
    """A row for each action in plan order; weeks counted from 1, days once a start is set."""
    heads = [
        _("Code"), _("Action"), _("Wave"), _("First week"), _("Last week"), _("Begins"), _("Ends"),
        _("Critical path"), _("Effort"), _("Owner"), _("Roles"), _("Area"), _("Task"),
        _("Done when there is"),
        _("Closes gaps of"), _("Clears the way for"), _("Waits for"), _("References"),
    ]  # fmt: skip
    start_on, areas = plan_start(record), {area.code: area.name for area in spec.areas}
    planned = {step.action for step in results.roadmap.actions}
    rows: list[list[Value]] = []
    for step in results.roadmap.actions:
        row = planning.plan_row(spec, step, start_on)
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
                _("yes") if action.code in results.roadmap.critical_path else _("no"),
                action.effort,
                action.owner,
                "; ".join(row["roles"]),
                areas[action.area],
                action.task,
                action.deliverable,
                _codes(question.code for question in row["questions"]),
                _codes(other.code for other in row["enables"]),
                _codes(code for code in action.prerequisites if code in planned),
                _codes(action.references),
            ]
        )
    return Sheet(_("Plan"), heads, rows)


def projection(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> Sheet:
    """A row for each week in which something ends."""
    heads = [_("Week"), _("Day"), _("Index"), _("Level"), _("Verdicts that change")]
    rows: list[list[Value]] = [
        [
            row["week"],
            row["on"],
            row["index"],
            row["level"],
            "; ".join(f"{use.name}: {verdict(name)}" for use, name in row["verdicts"]),
        ]
        for row in planning.projection_rows(spec, results, plan_start(record))
    ]
    return Sheet(_("Projection"), heads, rows)


def answers(spec: FrameworkSpec, record: AssessmentRecord) -> Sheet:
    """A row for each question, as typed, with what a finished review set."""
    heads = [
        _("Code"), _("Question"), _("Dimension"), _("Answer"), _("Level"), _("Evidence grade"), _("Reason"),
        _("Evidence note"), _("Comment"), _("Flagged"), _("Last change by"), _("Validated"),
        _("Reason of the review"),
    ]  # fmt: skip
    changes = {row.question: row for row in record.review.changes} if record.review else {}
    rows: list[list[Value]] = []
    for row in record.answers:
        change = changes.get(row.question)
        rows.append(
            [
                row.question,
                spec.questions[row.question].title,
                spec.dimension_by_code[spec.dimension_of[row.question]].name,
                state(row.state),
                row.level,
                row.grade,
                row.reason,
                row.evidence_note,
                row.comment,
                _("yes") if row.flagged else _("no"),
                row.answered_by,
                change.level if change else None,
                change.reason if change else "",
            ]
        )
    return Sheet(_("Answers"), heads, rows)


def verdict(code: str) -> str:
    """A verdict in words."""
    words = {
        "ready": _("Ready"),
        "ready_bounded": _("Ready, bounded"),
        "near": _("Near"),
        "premature": _("Premature"),
    }
    return words[code]


def wave(code: str) -> str:
    """A wave in words."""
    words = {
        "first": _("First wave"),
        "second": _("Second wave"),
        "third": _("Third wave"),
        "later": _("Later"),
    }
    return words[code]


def state(code: str) -> str:
    """The state of an answer in words."""
    words = {
        "level": _("Level"),
        "unknown": _("Don’t know, counted as level 0"),
        "not_applicable": _("Not applicable"),
        "unanswered": _("Unanswered"),
    }
    return words[code]


def _codes(codes: Iterable[str]) -> str:
    return ", ".join(codes)


def _dash(level: int | None) -> str:
    return "–" if level is None else str(level)


def _decimal(number: Fraction | None) -> float | None:
    text = tenths(number)
    return None if text is None else float(text)
