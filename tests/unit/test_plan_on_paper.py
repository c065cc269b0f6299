"""The plan on paper: names of waves and numbers of weeks keep apart and inside, however long the plan is."""

from __future__ import annotations

from fractions import Fraction

import pytest

from assessments.charts.weeks import Gantt, GanttRow
from assessments.engine.shapes import Step
from reports.document.drawing import Drawing
from reports.document.weeks import gantt
from tests.builders import bami_spec

SPEC = bami_spec()
NAMES = {"wave_first_short": "Wave 1", "wave_first": "First wave"}
NAMES |= {"wave_second_short": "Wave 2", "wave_second": "Second wave"}
NAMES |= {
    "wave_third_short": "Wave 3",
    "wave_third": "Third wave",
    "wave_later_short": "Later",
    "wave_later": "Later",
}


WEEKS = [13, 26, 52, 78, 104, 130, 156, 208, 260, 312, 416, 624, 1477, 1872]


def plan_of(weeks: int) -> Drawing:
    """The drawing of one action that takes all the weeks."""
    action = next(iter(SPEC.action_by_code))
    row = GanttRow(Step(action, 0, weeks, "first", Fraction(1), ()), "0", "100", critical=False, follows=None)
    (drawing,) = gantt(SPEC, Gantt(weeks, (row,), (), (), ()), ())
    return drawing


@pytest.mark.parametrize("weeks", WEEKS)
def test_the_names_of_the_waves_keep_apart(weeks):
    drawing = plan_of(weeks)
    heads = [label for label in drawing.labels if label.y == 9 and label.weight == 600]
    assert heads
    ends = [label.x + 0.56 * label.size * len(NAMES.get(label.word, label.text)) for label in heads]
    assert all(end < after.x for end, after in zip(ends, heads[1:], strict=False))
    assert heads[-1].word.startswith("wave_later") == (weeks > 104)


@pytest.mark.parametrize("weeks", WEEKS)
def test_the_numbers_of_the_weeks_end_inside(weeks):
    drawing = plan_of(weeks)
    numbers = [label for label in drawing.labels if label.text.isdigit() and label.y != 9]
    assert numbers
    assert all(label.x + 0.5 * label.size * len(label.text) <= drawing.width for label in numbers)
