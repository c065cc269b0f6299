"""Figures to explore: plotly accepts them, scales are fixed, its bundle finds what keeps it quiet."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from plotly.graph_objects import Figure

from assessments.charts.explore import explore_plan, explore_radar
from assessments.charts.levels import ladder
from assessments.charts.weeks import gantt
from assessments.engine.evaluate import evaluate
from assessments.views.plan import plan_words
from assessments.views.results import radar_words
from bami_site.finders import package_folder
from tests.builders import bami_spec
from tests.records import make_record, open_record

SPEC = bami_spec()
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def found():
    return evaluate(SPEC, make_record(SPEC).inputs())


def test_plotly_accepts_the_radar_and_its_scale_is_fixed(found):
    told = explore_radar(ladder(SPEC, found), radar_words())
    assert Figure(data=told["data"], layout=told["layout"])
    assert told["layout"]["polar"]["radialaxis"]["range"] == [0, 5]
    lines = {line["name"]: line["r"] for line in told["data"]}
    claimed = [row.level for row in found.readings.claimed.dimensions.values()]
    assert lines["Claimed"] == [*claimed, claimed[0]]
    assert "Validated" not in lines, "there is no review"
    angles = told["layout"]["polar"]["angularaxis"]
    assert angles["tickvals"] == [dimension.short_name for dimension in SPEC.dimensions]
    assert "Data<br>foundation" in angles["ticktext"], "no label is wider than the margin beside it"
    assert json.loads(json.dumps(told)) == told


def planned(found):
    """Every action of the plan, and whether it is on the critical path."""
    return [(row.step, row.critical) for row in gantt(found, ()).rows]


@pytest.mark.parametrize("start_on", [None, date(2027, 1, 11)])
def test_plotly_accepts_the_plan_and_every_action_is_in_it(found, start_on):
    told = explore_plan(SPEC, planned(found), start_on, plan_words())
    assert Figure(data=told["data"], layout=told["layout"])
    bars = {
        name.rpartition("(")[2].rstrip(")"): (start, start + weeks)
        for bar in told["data"]
        for name, start, weeks in zip(bar["y"], bar["base"], bar["x"], strict=True)
    }
    assert bars == {step.action: (step.start, step.end) for step in found.roadmap.actions}
    critical = told["data"][0]
    assert len(critical["y"]) == len(found.roadmap.critical_path)
    assert ("2027" in json.dumps(critical["customdata"])) is (start_on is not None)


def test_of_a_filtered_plan_only_what_is_shown_is_explored(found):
    rows = planned(found)[1:4]
    told = explore_plan(SPEC, rows, None, plan_words())
    assert Figure(data=told["data"], layout=told["layout"])
    assert sum(len(bar["y"]) for bar in told["data"]) == len(rows)
    assert [name.rpartition("(")[2].rstrip(")") for name in told["layout"]["yaxis"]["categoryarray"]] == [
        step.action for step, _ in rows
    ]


def test_an_empty_assessment_has_only_its_ceiling():
    record = make_record(SPEC, answers=tuple(open_record(code) for code in SPEC.questions), use_cases=())
    found = evaluate(SPEC, record.inputs())
    lines = explore_radar(ladder(SPEC, found), radar_words())["data"]
    assert [line["name"] for line in lines] == ["Ceiling"]


def test_only_buttons_that_keep_data_here_are_offered(found):
    for told in (
        explore_radar(ladder(SPEC, found), radar_words()),
        explore_plan(SPEC, planned(found), None, plan_words()),
    ):
        (buttons,) = told["config"]["modeBarButtons"]
        allowed = {"toImage", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d"}
        assert set(buttons) <= allowed
        assert told["config"]["displaylogo"] is False


def test_the_bundle_looks_for_the_ids_that_the_script_sets():
    bundle = (package_folder("plotly") / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    script = (ROOT / "static" / "js" / "explore.js").read_text(encoding="utf-8")
    styles = re.findall(r'getElementById\("([0-9a-f]{64})"\)', bundle)
    assert styles
    assert all(name in script for name in styles)
    assert "no-inline-styles" in bundle and "plotly.js-style-" in bundle
    assert 'className: "no-inline-styles"' in script and '"plotly.js-style-global"' in script
