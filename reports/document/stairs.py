"""The stairs of a dimension: a row for each question, solid where evidenced, outlined where only claimed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from textwrap import wrap

from assessments.charts.levels import LadderRow, carried
from assessments.engine.record import AnswerRecord
from frameworks.document.shapes import DimensionSpec, FrameworkSpec, QuestionSpec
from reports.document.drawing import INK, INK_2, INK_3, LINE, WHITE, Drawing, Sheet
from reports.document.levels import TOP, WIDTH, bar

STAIR_LEFT, STAIR_ROW, HEAD = 232.0, 17.0, 14.0
STATE_ROOM = {"unanswered": 44.0, "unknown": 104.0, "not_applicable": 52.0}  # for its word, in points


@dataclass(frozen=True, slots=True)
class Scale:
    """The width of a level, and the middles of the figures at the right."""

    step: float
    claimed_at: float
    validated_at: float | None

    def at(self, level: int) -> float:
        return STAIR_LEFT + level * self.step


PLAIN = Scale(42.0, 472.0, None)
REVIEWED = Scale(37.0, 440.0, 469.0)  # leaves room for a second figure


def stairs(
    spec: FrameworkSpec,
    dimension: DimensionSpec,
    answers: Sequence[AnswerRecord],
    row: LadderRow,
    validated: Mapping[str, int] | None = None,
) -> Drawing:
    """The stairs under the ceilings of the dimension.

    After a review (`validated`: the levels set) with a dot at each level that was set, and a second figure.
    """
    sheet, scale = Sheet(WIDTH), PLAIN if validated is None else REVIEWED
    heights = [STAIR_ROW + 10 * (len(_lines(question)) - 1) for question in dimension.questions]
    tops = list(accumulate(heights, initial=HEAD))
    bottom = tops[-1]
    _grid(sheet, scale, row, tops)
    middles = []
    for question, answer, top, height in zip(dimension.questions, answers, tops, heights, strict=False):
        _name(sheet, question, top)
        middles.append(top + height / 2)
        if answer.state == "level":
            _stair(sheet, scale, spec, answer, middles[-1])
    _ceilings(sheet, scale, row, bottom)
    for answer, middle in zip(answers, middles, strict=True):
        if answer.state != "level":
            _word(sheet, scale, answer, middle, row.sustained)  # last: no line runs through it
        if validated is not None:
            _validate(sheet, scale, middle, validated.get(answer.question), carried(spec, answer))
    return sheet.finish(bottom + 1)


def _lines(question: QuestionSpec) -> list[str]:
    return wrap(question.title, 46)[:2]


def _grid(sheet: Sheet, scale: Scale, row: LadderRow, tops: Sequence[float]) -> None:
    """The axis, the heads of the figures, what lies beyond the ceiling, and the lines between rows."""
    bottom = tops[-1]
    for level in range(TOP + 1):
        sheet.label(scale.at(level), 9, text=str(level), size=7.5, anchor="middle")
    if scale.validated_at is not None:
        for word, x in (("claimed", scale.claimed_at), ("validated", scale.validated_at)):
            sheet.label(x, 9, word=word, size=6.5, anchor="middle")
    if row.sustained is not None:
        beyond = (TOP - row.sustained) * scale.step
        sheet.hatch(scale.at(row.sustained), HEAD, beyond, bottom - HEAD, 5)
    for level in range(TOP + 1):
        sheet.line(scale.at(level), HEAD, scale.at(level), bottom, LINE, 0.4)
    for foot in tops:
        sheet.line(0, foot, WIDTH, foot, LINE, 0.4)


def _name(sheet: Sheet, question: QuestionSpec, top: float) -> None:
    for line, text in enumerate(_lines(question)):
        weight = 600 if question.gate else 400
        sheet.label(0, top + 11.5 + 10 * line, text=text, size=8.5, weight=weight, fill=INK)
    sheet.label(STAIR_LEFT - 10, top + 11.5, text=question.code, size=7, anchor="end")


def _stair(sheet: Sheet, scale: Scale, spec: FrameworkSpec, answer: AnswerRecord, middle: float) -> None:
    evidenced = carried(spec, answer)
    bar(sheet, answer.level, evidenced, middle, (STAIR_LEFT, scale.step), None)
    is_open = scale.validated_at is not None or evidenced != answer.level
    sheet.square(scale.claimed_at, middle, answer.level, is_open=is_open)


def _ceilings(sheet: Sheet, scale: Scale, row: LadderRow, bottom: float) -> None:
    if row.sustained is None:
        return
    x = scale.at(row.sustained)
    sheet.line(x, HEAD, x, bottom, INK, 1.7)
    if row.ring_fenced is not None and row.ring_fenced > row.sustained:
        ring = scale.at(row.ring_fenced)
        sheet.line(ring, HEAD, ring, bottom, INK_2, 0.8, "1.5 2")


def _word(sheet: Sheet, scale: Scale, answer: AnswerRecord, middle: float, sustained: int | None) -> None:
    """Says why there is no level; beyond the ceiling where there is no room before it."""
    left, room = STAIR_LEFT + 1, STATE_ROOM[answer.state]
    if sustained is not None and sustained * scale.step < room + 2:
        left += sustained * scale.step + 1
    sheet.box(left, middle - 5, room, 10, WHITE)
    sheet.label(left + 3, middle + 3, word=answer.state, size=7.5, fill=INK_3)
    if answer.state == "unknown":
        sheet.square(scale.claimed_at, middle, 0)
    else:
        sheet.label(scale.claimed_at, middle + 3, text="–", anchor="middle")


def _validate(sheet: Sheet, scale: Scale, middle: float, set_to: int | None, evidenced: int | None) -> None:
    """A dot where a level was set, and the validated level at the right."""
    assert scale.validated_at is not None  # drawn after a review alone
    if set_to is not None:
        sheet.dot(scale.at(set_to), middle, 3.2, INK, WHITE, 1.2)
    level = evidenced if set_to is None else set_to
    if level is None:
        sheet.label(scale.validated_at, middle + 3, text="–", anchor="middle")
    else:
        sheet.square(scale.validated_at, middle, level)
