"""Radar and plan as figures that a person can explore: plain series, fixed scales, light colours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from assessments.charts.levels import TOP, LadderRow
from assessments.charts.planning import first_day, last_day
from assessments.engine.shapes import Step
from frameworks.document.shapes import FrameworkSpec

# Colours of the light page; the script puts those of the page that is shown in their place.
INK, INK_2, ACCENT, TINT, LINE, PAPER = "#13212a", "#43535d", "#005e67", "#e9f3f4", "#d6dde1", "#ffffff"
ROW = 26  # pixels for an action
Words = Mapping[str, str]


def explore_radar(rows: Sequence[LadderRow], words: Words) -> dict[str, Any]:
    """Every reading, ceiling and target as a line of its own that can be switched off, on 0 to 5.

    `words`: counts, claimed, evidenced, validated, ceiling and target in the person's language. A line has
    points only where there is a level.
    """
    names = [row.name for row in rows]
    lines: tuple[tuple[str, list[int | None], dict[str, Any]], ...] = (
        ("counts", [row.counts for row in rows], {"color": ACCENT, "width": 2}),
        ("claimed", [row.claimed for row in rows], {"color": ACCENT, "width": 2, "dash": "dash"}),
        ("evidenced", [row.evidenced for row in rows], {"color": ACCENT, "width": 1, "dash": "dot"}),
        ("validated", [row.validated for row in rows], {"color": INK_2, "width": 2}),
        ("ceiling", [row.sustained for row in rows], {"color": INK, "width": 3}),
        ("target", [row.target for row in rows], {"color": INK, "width": 1, "dash": "longdash"}),
    )
    data = [
        {
            "type": "scatterpolar",
            "name": words[name],
            "theta": [*names, names[0]],
            "r": [*levels, levels[0]],
            "mode": "lines+markers",
            "line": line,
            "marker": {"size": 7, "symbol": "triangle-down-open" if name == "target" else "circle"},
            "hovertemplate": "%{theta}: %{r}",
            "visible": "legendonly" if name == "evidenced" else True,
        }
        for name, levels, line in lines
        if any(level is not None for level in levels)
    ]
    axis = {"gridcolor": LINE, "linecolor": LINE}
    layout = {
        **_plain(420),
        "polar": {
            "bgcolor": PAPER,
            "radialaxis": {**axis, "range": [0, TOP], "dtick": 1, "angle": 90, "tickangle": 90},
            "angularaxis": {
                **axis, "direction": "clockwise", "rotation": 90, "tickmode": "array", "tickvals": names,
                "ticktext": [name.replace(" ", "<br>", 1) for name in names],
            },
        },
        "legend": {"orientation": "h", "y": -0.12},
        "margin": {"l": 90, "r": 90, "t": 60, "b": 40},
    }  # fmt: skip
    return {"data": data, "layout": layout, "config": _config("toImage")}


def explore_plan(
    spec: FrameworkSpec, rows: Iterable[tuple[Step, bool]], start_on: date | None, words: Words
) -> dict[str, Any]:
    """A bar for each action over the weeks, the critical path in ink; hovering tells owner, effort and days.

    `rows`: the actions that are shown, in plan order, and whether each is on the critical path. `words`:
    critical, other, weeks, and what stands before owner and effort.
    """
    rows = list(rows)
    steps = [step for step, _ in rows]
    data = []
    for name, is_critical in (("critical", True), ("other", False)):
        shown = [step for step, on_path in rows if on_path is is_critical]
        actions = [spec.action_by_code[step.action] for step in shown]
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": words[name],
                "y": [f"{action.title} ({action.code})" for action in actions],
                "base": [step.start for step in shown],
                "x": [step.end - step.start for step in shown],
                "marker": {
                    "color": INK if is_critical else TINT,
                    "line": {"color": INK if is_critical else ACCENT, "width": 1.25},
                },
                "customdata": [
                    [
                        f"{step.start + 1}–{step.end}",
                        _days(start_on, step.start, step.end),
                        action.owner,
                        action.effort,
                    ]
                    for step, action in zip(shown, actions, strict=True)
                ],
                "hovertemplate": (
                    f"{words['weeks']} %{{customdata[0]}}%{{customdata[1]}}, {words['owner']} "
                    f"%{{customdata[2]}}, {words['effort']} %{{customdata[3]}}"
                ),
            }
        )
    layout = {
        **_plain(110 + ROW * len(steps)),
        "barmode": "overlay",
        "bargap": 0.35,
        "xaxis": {
            "title": {"text": words["weeks"]}, "side": "top", "rangemode": "tozero", "gridcolor": LINE,
            "zeroline": False,
        },
        "yaxis": {
            "autorange": "reversed", "automargin": True, "categoryorder": "array", "gridcolor": LINE,
            "categoryarray": [
                f"{spec.action_by_code[step.action].title} ({step.action})" for step in steps
            ],
        },
        "legend": {"orientation": "h", "y": -0.02},
        "margin": {"l": 20, "r": 20, "t": 60, "b": 30},
    }  # fmt: skip
    buttons = ("toImage", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d")
    return {"data": data, "layout": layout, "config": _config(*buttons)}


def _days(start_on: date | None, start: int, end: int) -> str:
    begins_on, ends_on = first_day(start_on, start + 1), last_day(start_on, end)
    return f" ({begins_on:%Y-%m-%d} – {ends_on:%Y-%m-%d})" if begins_on and ends_on else ""


def _plain(height: int) -> dict[str, Any]:
    return {
        "height": height,
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "font": {"color": INK, "size": 12},
        "hoverlabel": {"bgcolor": PAPER, "bordercolor": INK, "font": {"color": INK}},
        "dragmode": "pan",
    }


def _config(*buttons: str) -> dict[str, Any]:
    """Just these buttons: nothing that sends data elsewhere."""
    return {
        "displaylogo": False,
        "displayModeBar": True,
        "responsive": True,
        "modeBarButtons": [list(buttons)],
        "toImageButtonOptions": {"format": "png", "scale": 2},
    }
