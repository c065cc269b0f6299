"""The plan on paper: the names of the waves keep apart, however long the plan is."""

from __future__ import annotations

from fractions import Fraction

import pytest

from assessments.charts.weeks import Gantt, GanttRow
from assessments.engine.shapes import Step
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


@pytest.mark.parametrize("weeks", [13, 26, 52, 78, 104, 130, 156, 208, 260, 312, 416, 624, 1872])
def test_the_names_of_the_waves_keep_apart(weeks):
    action = next(iter(SPEC.action_by_code))
    row = GanttRow(Step(action, 0, weeks, "first", Fraction(1), ()), "0", "100", critical=False, follows=None)
    (drawing,) = gantt(SPEC, Gantt(weeks, (row,), (), (), ()), ())
    heads = [label for label in drawing.labels if label.y == 9 and label.weight == 600]
    assert heads
    ends = [label.x + 0.56 * label.size * len(NAMES.get(label.word, label.text)) for label in heads]
    assert all(end < after.x for end, after in zip(ends, heads[1:], strict=False))
    assert heads[-1].word.startswith("wave_later") == (weeks > 104)
