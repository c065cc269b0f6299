"""Charts over the weeks of a plan: the bars of its actions and the projected index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from assessments.charts.levels import percent
from assessments.engine.display import whole
from assessments.engine.shapes import Results, Step

WAVE_BOUNDS = (13, 52, 104)  # weeks from 0 (Method, section 8.5)


@dataclass(frozen=True, slots=True)
class GanttRow:
    """One action of the plan: its bar on the common axis of weeks (percent across)."""

    step: Step
    x: str
    width: str
    critical: bool
    follows: str | None  # the critical action before it
    elbows: tuple[tuple[str, str, str, str], ...] = ()  # lines x1, y1, x2, y2 that join the critical path


@dataclass(frozen=True, slots=True)
class Gantt:
    """The plan on a common axis; ticks and wave bounds with their places."""

    weeks: int  # the axis runs from week 0 to here
    rows: tuple[GanttRow, ...]
    ticks: tuple[tuple[int, str], ...]
    bounds: tuple[str, ...]
    blackouts: tuple[tuple[str, str], ...]  # (x, width) of weeks in which nothing starts


def gantt(results: Results, blackout_weeks: Sequence[int]) -> Gantt:
    """Bars of the actions in plan order; weeks from 0."""
    steps = results.roadmap.actions
    weeks = axis_end(max((step.end for step in steps), default=0))
    path = results.roadmap.critical_path
    before = dict(zip(path[1:], path, strict=False))
    return Gantt(
        weeks=weeks,
        rows=tuple(
            GanttRow(
                step,
                percent(step.start, weeks),
                percent(step.end - step.start, weeks),
                step.action in path,
                before.get(step.action),
            )
            for step in steps
        ),
        ticks=week_ticks(weeks),
        bounds=_bounds(weeks),
        blackouts=tuple((percent(week, weeks), percent(1, weeks)) for week in blackout_weeks if week < weeks),
    )


def joined(rows: Sequence[GanttRow], weeks: int) -> list[GanttRow]:
    """The rows with the lines that join the bars of the critical path through the rows between them.

    A bar that follows one which is not shown is not joined to anything.
    """
    places = {row.step.action: place for place, row in enumerate(rows)}
    lines: list[list[tuple[str, str, str, str]]] = [[] for _ in rows]
    for place, row in enumerate(rows):
        if row.follows not in places:
            continue
        before = places[row.follows]
        x = percent(rows[before].step.end, weeks)
        lines[before].append((x, "50%", x, "100%"))
        for between in range(before + 1, place):
            lines[between].append((x, "-1", x, "100%"))  # over the line between two rows
        lines[place].append((x, "-1", x, "50%"))
        lines[place].append((x, "50%", row.x, "50%"))
    return [replace(row, elbows=tuple(found)) for row, found in zip(rows, lines, strict=True)]


@dataclass(frozen=True, slots=True)
class ProjectionChart:
    """The index as a step line over the weeks of the plan; a plot of 100 % by `height` pixels."""

    weeks: int
    height: int
    segments: tuple[tuple[str, str, str, str], ...]  # lines x1, y1, x2, y2
    points: tuple[tuple[str, str, int, int], ...]  # x, y, week, index
    band: tuple[tuple[str, str, int | None], ...]  # x, width, level: spans of one level of the site
    ticks: tuple[tuple[int, str], ...]
    bounds: tuple[str, ...]  # where the waves end
    largest: tuple[int, int] | None  # (week, rise as shown) of the largest step; None where none rises

    @property
    def ends(self) -> tuple[tuple[str, str, int, int], ...]:
        """Today's point and the last one."""
        return (self.points[0], self.points[-1])

    @property
    def levels(self) -> tuple[tuple[str, int], ...]:
        """The horizontal lines: pixels from the top, and the index that each stands for."""
        return tuple((_down(Fraction(index), self.height), index) for index in range(0, 101, 25))


def projection(results: Results, height: int = 160) -> ProjectionChart:
    """Index and level from today to the last action, which move only when an action ends."""
    claimed = results.readings.claimed
    points = [(0, claimed.index, claimed.level)]
    points += [(point.week, point.index, point.level) for point in results.roadmap.projection]
    weeks = axis_end(points[-1][0])
    segments: list[tuple[str, str, str, str]] = []
    spans: list[tuple[int, int | None]] = []  # (first week, level)
    following = [*points[1:], (weeks, points[-1][1], None)]
    for (start, index, level), (end, later, _) in zip(points, following, strict=True):
        x1, x2, y = percent(start, weeks), percent(end, weeks), _down(index, height)
        segments.append((x1, y, x2, y))
        if later != index:
            segments.append((x2, y, x2, _down(later, height)))
        if not spans or spans[-1][1] != level:
            spans.append((start, level))
    ends = [*(start for start, _ in spans[1:]), weeks]
    return ProjectionChart(
        weeks=weeks,
        height=height,
        segments=tuple(segments),
        points=tuple((percent(w, weeks), _down(i, height), w, whole(i) or 0) for w, i, _ in points),
        band=tuple(
            (percent(start, weeks), percent(end - start, weeks), level)
            for (start, level), end in zip(spans, ends, strict=True)
        ),
        ticks=week_ticks(weeks),
        bounds=_bounds(weeks),
        largest=_largest([(week, index) for week, index, _ in points]),
    )


def _largest(points: Sequence[tuple[int, Fraction | None]]) -> tuple[int, int] | None:
    """The week whose end brings the index furthest, the earliest of equal ones, and its rise.

    Which one it is follows from the exact indices; the rise is the difference of the figures shown, so it
    is 0 where the largest step is less than a point.
    """
    rises = [
        (later - earlier, week, (whole(later) or 0) - (whole(earlier) or 0))
        for (_, earlier), (week, later) in pairwise(points)
        if earlier is not None and later is not None and later > earlier
    ]
    _, week, shown = max(rises, key=lambda row: row[0], default=(0, 0, 0))
    return (week, shown) if rises else None


def axis_end(last: int) -> int:
    """The end of an axis of weeks: the last week, rounded up to a quarter of a year, at least one."""
    return max(13, -(-last // 13) * 13)


def week_ticks(weeks: int) -> tuple[tuple[int, str], ...]:
    """Quarter marks, thinned so that at most nine stand on the axis."""
    stride = 13
    while weeks / stride > 8:
        stride *= 2
    return tuple((week, percent(week, weeks)) for week in range(0, weeks + 1, stride))


def _bounds(weeks: int) -> tuple[str, ...]:
    """Where the waves end on an axis of weeks."""
    return tuple(percent(week, weeks) for week in WAVE_BOUNDS if week < weeks)


def _down(index: Fraction | None, height: int) -> str:
    """Pixels from the top for an index of 0 to 100."""
    return f"{float(height - (index or 0) * height / 100):.1f}"
