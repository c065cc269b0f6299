"""Every answer as a table, with what a review says of it; contradictions, and what the result hangs on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessments.charts.findings import contradictions, load_bearing
from assessments.charts.levels import carried
from assessments.engine.record import AnswerRecord, AssessmentRecord
from assessments.engine.review import StanceRecord
from assessments.engine.shapes import Results
from frameworks.document.shapes import FrameworkSpec
from records.exports import Sheet, Value
from reports.document.reviewing import change_rows, reviewed_answers
from reports.document.shapes import ReviewedAnswer
from reports.exports.words import decision, state, yes_or_no


def answers(spec: FrameworkSpec, record: AssessmentRecord, stances: tuple[StanceRecord, ...]) -> Sheet:
    """A row for each question, as typed, with what a finished review and the site say of it."""
    decided = _("Decided (%(zone)s)") % {"zone": record.time_zone}  # a cell holds no zone of its own
    heads = [
        _("Code"), _("Question"), _("Dimension"), _("Answer"), _("Level"), _("Evidence grade"),
        _("Level evidenced"), _("Reason"), _("Evidence note"), _("Comment"), _("Flagged"),
        _("Last change by"), _("Level validated"), _("Review"), _("Reason of the review"), _("Seen in"),
        _("Decided by"), decided, _("Asked"), _("Reply"), _("The site"), _("What the site says"),
    ]  # fmt: skip
    reviewed = reviewed_answers(spec, record, change_rows(spec, record, stances))
    rows = [
        [*_given(spec, row), *_decided(row.state, carried(spec, row), reviewed.get(row.question))]
        for row in record.answers
    ]
    return Sheet(_("Answers"), heads, rows)


def _given(spec: FrameworkSpec, row: AnswerRecord) -> list[Value]:
    return [
        row.question,
        spec.questions[row.question].title,
        spec.dimension_by_code[spec.dimension_of[row.question]].name,
        state(row.state),
        row.level,
        row.grade,
        carried(spec, row),
        row.reason,
        row.evidence_note,
        row.comment,
        yes_or_no(row.flagged),
        row.answered_by,
    ]


def _decided(given: str, evidenced: int | None, reviewed: ReviewedAnswer | None) -> list[Value]:
    """What a review says of an answer in the state that is given; empty before it is finished."""
    if reviewed is None:
        return [None, *[""] * 4, None, *[""] * 4]
    decided = reviewed.decision
    return [
        evidenced if decided.level is None else decided.level,
        decision(decided.kind, given),
        decided.reason,
        decided.pointer,
        decided.decided_by,
        reviewed.at,
        "\n".join(row.inquiry.text for row in reviewed.asked),
        "\n".join(row.inquiry.reply for row in reviewed.asked if row.inquiry.reply),
        *_site_says(reviewed),
    ]


def _site_says(reviewed: ReviewedAnswer) -> tuple[str, str]:
    """Whether the owner agrees with a change, and in which words; empty where nothing was changed."""
    if reviewed.change is None:
        return "", ""
    stance = reviewed.change.stance
    if stance is None:
        return _("not answered yet"), ""
    return _("agrees") if stance.agrees else _("disagrees"), stance.text


def contradicting(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> Sheet:
    """A row for each question that a met consistency rule names, with what it is answered."""
    given = {row.question: row for row in record.answers}
    heads = [_("What contradicts itself"), _("Code"), _("Question"), _("Answer"), _("Level")]
    rows: list[list[Value]] = [
        [
            flag["text"],
            question.code,
            question.title,
            state(given[question.code].state),
            given[question.code].level,
        ]
        for flag in contradictions(spec, results)
        for question in flag["questions"]
    ]
    return Sheet(_("Contradictions"), heads, rows)


def hanging(spec: FrameworkSpec, results: Results) -> Sheet:
    """A row for each answer of which one level more or less changes a level or a verdict."""
    heads = [
        _("Code"), _("Question"), _("Change"), _("Level of the site"), _("Dimensions"), _("Verdicts of"),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            row["question"].code,
            row["question"].title,
            _("one lower") if row["direction"] == "down" else _("one higher"),
            yes_or_no(row["level"]),
            "; ".join(dimension.name for dimension in row["dimensions"]),
            "; ".join(use.name for use in row["uses"]),
        ]
        for row in load_bearing(spec, results)
    ]
    return Sheet(_("What the result hangs on"), heads, rows)
