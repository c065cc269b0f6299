"""Drawings over the weeks of the plan: the projected index and the bars of the actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import accumulate
from textwrap import wrap

from assessments.charts.weeks import WAVE_BOUNDS, Gantt, GanttRow, axis_end, week_ticks
from assessments.engine.display import whole
from assessments.engine.shapes import Results
from frameworks.document.shapes import FrameworkSpec
from reports.document.drawing import (
    ACCENT,
    CONTROL,
    INK,
    INK_2,
    LEVEL_FILLS,
    LEVEL_INKS,
    LINE,
    TINT,
    WHITE,
    Drawing,
    Sheet,
)

WIDTH = 482.0


def projection(spec: FrameworkSpec, results: Results) -> Drawing | None:
    """The index as a step line from today to the last action, and the level of the site as a band below."""
    if not results.roadmap.projection:
        return None
    claimed = results.readings.claimed
    points = [(0, claimed.index, claimed.level)]
    points += [(point.week, point.index, point.level) for point in results.roadmap.projection]
    weeks, sheet = axis_end(points[-1][0]), Sheet(WIDTH)
    left, top, height = 22.0, 8.0, 84.0
    across = (WIDTH - left - 18) / weeks

    def x(week: int) -> float:
        return left + week * across

    def y(index: Fraction | int | None) -> float:
        return top + height - float(index or 0) * height / 100

    for mark in (0, 25, 50, 75, 100):
        sheet.line(left, y(mark), x(weeks), y(mark), CONTROL if mark == 0 else LINE)
        sheet.label(left - 6, y(mark) + 3, text=str(mark), size=7.5, anchor="end")
    for week, _ in week_ticks(weeks):
        heavy = week in WAVE_BOUNDS
        sheet.line(x(week), top, x(week), top + height, CONTROL if heavy else LINE, 0.6 if heavy else 0.4)
        sheet.label(x(week), top + height + 11, text=str(week), size=7.5, anchor="middle")
    path = f"M{x(0):.1f} {y(points[0][1]):.1f}"
    path += "".join(f"H{x(week):.1f}V{y(index):.1f}" for week, index, _ in points[1:])
    sheet.path(path, stroke=ACCENT, width=1.9)
    for week, index, _ in (points[0], points[-1]):
        sheet.dot(x(week), y(index), 3.2, ACCENT)
        end = week == points[-1][0]
        at, anchor = (x(week) + 6, "start") if end else (x(week) + 5, "start")
        lift = 3 if end else -6
        text = str(whole(index)) if index is not None else "–"
        sheet.label(at, y(index) + lift, text=text, size=8.5, weight=600, anchor=anchor, fill=INK)
    _level_band(sheet, spec, [(week, level) for week, _, level in points], top + height + 17, x)
    return sheet.finish(top + height + 32)


def _level_band(
    sheet: Sheet,
    spec: FrameworkSpec,
    points: Sequence[tuple[int, int | None]],
    top: float,
    x: Callable[[int], float],
) -> None:
    """The level of the site from week to week, in the colours of the levels."""
    runs: list[tuple[int, int, int | None]] = []
    for (week, level), (until, _) in zip(points, [*points[1:], points[-1]], strict=True):
        if runs and runs[-1][2] == level:
            runs[-1] = (runs[-1][0], until, level)
        else:
            runs.append((week, until, level))
    for start, end, level in runs:
        wide = x(end) - x(start)
        sheet.box(x(start), top, wide, 14, WHITE if level is None else LEVEL_FILLS[level])
        if level is not None and wide > 12:
            name = f"{level} {spec.levels[level].name}" if wide > 110 else str(level)
            sheet.label(x(start) + 5, top + 10, text=name, weight=600, fill=LEVEL_INKS[level])


NAMES, CODES, BARS = 168.0, 200.0, 212.0  # where the names end, the codes end and the bars begin
WAVES = ("first", "second", "third", "later")
SHORT, LONG = 29.0, 58.0  # what "Wave 1" and "Second wave" take, in points
LEAST = 4  # bars in a later drawing
DIGIT = 4.0  # what a digit of a week takes, in points
FIRST, NEXT = 334.0, 590.0  # the room of a first and of a later drawing, in points


def gantt(spec: FrameworkSpec, chart: Gantt, blackouts: Sequence[int]) -> tuple[Drawing, ...]:
    """The bars of the actions on one axis of weeks, in as many drawings as their height asks for."""
    rows = [(row, wrap(spec.action_by_code[row.step.action].title, 42)[:2]) for row in chart.rows]
    groups: list[list[tuple[GanttRow, list[str]]]] = [[]]
    room = FIRST
    for row, titles in rows:
        height = _height(titles)
        if height > room:
            groups.append([])
            room = NEXT
        groups[-1].append((row, titles))
        room -= height
    if len(groups) > 1:  # not one bar alone on the last page
        while len(groups[-1]) < LEAST < len(groups[-2]):
            groups[-1].insert(0, groups[-2].pop())
    return tuple(_gantt_group(chart, group, blackouts) for group in groups if group)


def whole_gantt(spec: FrameworkSpec, chart: Gantt, blackouts: Sequence[int]) -> Drawing:
    """The bars of all actions in one drawing, however high."""
    rows = [(row, wrap(spec.action_by_code[row.step.action].title, 42)[:2]) for row in chart.rows]
    return _gantt_group(chart, rows, blackouts)


def _height(titles: Sequence[str]) -> float:
    return 14.0 + 9.0 * (len(titles) - 1)


def _gantt_group(
    chart: Gantt, rows: Sequence[tuple[GanttRow, list[str]]], blackouts: Sequence[int]
) -> Drawing:
    sheet, top = Sheet(WIDTH), 30.0
    across = (WIDTH - BARS - 1) / chart.weeks  # the edge of the last bar is inside
    bottom = top + sum(_height(titles) for _, titles in rows)
    for week in blackouts:
        if week < chart.weeks:
            sheet.hatch(BARS + week * across, top, max(across, 1.5), bottom - top)
    for week, _ in week_ticks(chart.weeks):
        sheet.line(BARS + week * across, top - 6, BARS + week * across, bottom, LINE, 0.4)
        if (chart.weeks - week) * across > DIGIT * len(str(week)) + 2:  # beyond it the edge would cut it
            sheet.label(BARS + week * across + 2, top - 8, text=str(week), size=7.5)
    _waves(sheet, chart.weeks, across, bottom)
    sheet.label(0, top - 8, word="weeks_axis", size=7.5)
    _bars(sheet, rows, top, across)
    return sheet.finish(bottom + 1)


def _waves(sheet: Sheet, weeks: int, across: float, bottom: float) -> None:
    """Where each wave begins, all named alike as there is room: in a long plan the first are narrow."""
    ends = (*WAVE_BOUNDS, weeks)
    waves = [
        (name, start, (min(end, weeks) - start) * across)
        for name, start, end in zip(WAVES, (0, *WAVE_BOUNDS), ends, strict=True)
        if start < weeks
    ]
    narrowest = min(wide for name, _, wide in waves if name != WAVES[-1])
    for number, (name, start, wide) in enumerate(waves, start=1):
        x = BARS + start * across
        sheet.line(x, 0, x, bottom, INK_2 if start else CONTROL, 0.6)
        if narrowest >= SHORT or name == WAVES[-1]:
            word = f"wave_{name}_short" if narrowest < LONG else f"wave_{name}"
            sheet.label(x + 3, 9, word=word, weight=600, fill=INK)
        elif wide > 9:
            sheet.label(x + 3, 9, text=str(number), weight=600, fill=INK)


def _bars(sheet: Sheet, rows: Sequence[tuple[GanttRow, list[str]]], top: float, across: float) -> None:
    for foot in accumulate((_height(titles) for _, titles in rows), initial=top):
        sheet.line(0, foot, WIDTH, foot, LINE, 0.4)
    y = top
    ends: dict[str | None, tuple[float, float]] = {}
    for row, titles in rows:
        height = _height(titles)
        middle = y + height / 2
        weight = 600 if row.critical else 400
        for line, text in enumerate(titles):
            sheet.label(0, y + 9.8 + 9 * line, text=text, size=8, weight=weight, fill=INK)
        sheet.label(CODES, y + 9.8, text=row.step.action.removeprefix("A-"), size=7, anchor="end")
        x, wide = BARS + row.step.start * across, max((row.step.end - row.step.start) * across, 2)
        if row.follows in ends:
            before_x, before_y = ends[row.follows]
            sheet.path(f"M{before_x:.1f} {before_y:.1f}V{middle:.1f}H{x:.1f}", stroke=INK, width=1)
        if row.critical:
            sheet.box(x, middle - 3.6, wide, 7.2, INK)
            ends[row.step.action] = (x + wide, middle)
        else:
            sheet.box(x, middle - 3.6, wide, 7.2, TINT, ACCENT, 0.8)
        y += height
