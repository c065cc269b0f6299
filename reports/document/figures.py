"""The charts of the result pages as drawings that stand alone: fixed scales, colours as on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from textwrap import wrap

from assessments.charts.findings import use_groups
from assessments.charts.levels import TOP, HeatCell, area_bars, area_means, heat_map, ladder, radar
from assessments.charts.planning import gap_rows
from assessments.charts.plant import plant_picture
from assessments.charts.weeks import gantt
from assessments.engine.record import AssessmentRecord
from assessments.engine.shapes import Results
from frameworks.document.shapes import FrameworkSpec
from reports.document import levels, weeks
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


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a chart is taken along, as the page showed it."""

    reading: str = "claimed"  # of the heat map
    actions: frozenset[str] | None = None  # codes of the actions of the plan; None for all


@dataclass(frozen=True, slots=True)
class Case:
    """What a chart is drawn from."""

    spec: FrameworkSpec
    record: AssessmentRecord
    results: Results
    shown: Shown

    def heat(self) -> tuple[tuple[str, str, tuple[HeatCell, ...]], ...]:
        """The cells of the heat map in the reading that is shown."""
        validated = self.record.review.validated if self.record.review else None
        return heat_map(self.spec, self.record.answers, self.shown.reading, validated)


def figure(name: str, case: Case) -> Drawing | None:
    """The chart of that name; None where there is nothing to draw. Raises KeyError for no chart's name."""
    return FIGURES[name](case)


def _ladder(case: Case) -> Drawing:
    return levels.ladder(ladder(case.spec, case.results))


def _radar(case: Case) -> Drawing | None:
    """Its labels in as many lines as they need, so that they are nowhere wide."""
    chart = radar(ladder(case.spec, case.results))
    axes = tuple(replace(axis, label=tuple(wrap(" ".join(axis.label), 14))) for axis in chart.axes)
    return levels.radar(replace(chart, axes=axes), size=11)


def _heat(case: Case) -> Drawing:
    """A row for each dimension, a cell for each question; a small diamond marks a gate."""
    rows = case.heat()
    sheet, left = Sheet(WIDTH), 118.0
    wide = (WIDTH - left) / max(len(cells) for _, _, cells in rows)
    y = 0.0
    for _code, name, cells in rows:
        names = wrap(name, 24)
        high = max(30.0, 10.0 * len(names) + 6)
        for line, text in enumerate(names):
            sheet.label(0, y + 13 + 10 * line, text=text, size=9, weight=600, fill=INK)
        for column, cell in enumerate(cells):
            x = left + column * wide
            fill = WHITE if cell.level is None else LEVEL_FILLS[cell.level]
            ink = INK if cell.level is None else LEVEL_INKS[cell.level]
            sheet.box(x, y, wide - 2, high, fill, CONTROL, 0.4)
            signs = {"not_applicable": "n/a", "unknown": "?", "unanswered": "–"}
            sign = signs.get(cell.state, str(cell.level))
            middle = x + (wide - 2) / 2
            sheet.label(middle, y + 14, text=sign, size=11, weight=600, anchor="middle", fill=ink)
            mark = " ◆" if cell.question.gate else ""
            size = min(6.5, wide / 6)
            sheet.label(middle, y + 24, text=cell.short_code + mark, size=size, anchor="middle", fill=ink)
        y += high + 2
    return sheet.finish(y)


def _plant(case: Case) -> Drawing:
    """Claims as columns under the walls of the digital plant, and where a higher DPMM level lifts them."""
    picture = plant_picture(case.spec, case.results)
    sheet, left, top, height = Sheet(WIDTH), 14.0, 12.0, 200.0
    step, room = height / TOP, (WIDTH - left) / len(picture.columns)

    def y(level: int) -> float:
        return top + height - level * step

    for level in range(TOP + 1):
        sheet.line(left, y(level), WIDTH, y(level), INK if level == 0 else LINE)
        sheet.label(0, y(level) + 3, text=str(level), size=8)
    names = [wrap(column.dimension.short_name, 16) for column in picture.columns]
    for place, column in enumerate(picture.columns):
        middle = left + room * (place + 0.5)
        wide, narrow = room * 0.74, room * 0.46
        if column.sustained is not None:
            sheet.hatch(middle - wide / 2, top, wide, (TOP - column.sustained) * step, 6)
        for held, fill, edge in ((column.claimed, TINT, ACCENT), (column.evidenced, ACCENT, "none")):
            if held is not None:
                tall = max(held * step, 2)
                sheet.box(middle - narrow / 2, top + height - tall, narrow, tall, fill, edge, 1)
        for lift in column.lifts:
            sheet.line(middle - wide / 2, y(lift.level), middle + wide / 2, y(lift.level), INK_2, 0.9, "2 2")
            at = (middle + wide / 2, y(lift.level) - 2)
            sheet.label(*at, text=f"DPMM {lift.dpmm}", size=6.5, anchor="end", fill=INK_2)
        if column.sustained is not None:
            sheet.line(
                middle - wide / 2, y(column.sustained), middle + wide / 2, y(column.sustained), INK, 2.5
            )
        for line, text in enumerate(names[place]):
            at = (middle, top + height + 13 + 10 * line)
            sheet.label(*at, text=text, size=8.5, weight=600, anchor="middle", fill=INK)
    return sheet.finish(top + height + 16 + 10 * max(map(len, names)))


def _areas(case: Case) -> Drawing:
    """The mean level of each area as a bar of 0 to 5."""
    sheet, left = Sheet(WIDTH), 150.0
    rows = area_means(case.spec, case.results.readings.claimed)
    across, bottom = WIDTH - left - 34, 14 + sum(_name_room(area.name) for area, _, _ in rows)
    for level in range(TOP + 1):
        x = left + level * across / TOP
        sheet.line(x, 14, x, bottom)
        sheet.label(x, 9, text=str(level), size=7.5, anchor="middle")
    y = 14.0
    for area, mean, _ in rows:
        _area_name(sheet, area.name, y)
        sheet.box(left, y + 6, across * float(mean or 0) / TOP, 10, ACCENT)
        sheet.label(WIDTH, y + 14, text=mean or "–", size=9, anchor="end", fill=INK)
        y += _name_room(area.name)
    return sheet.finish(y + 1)


def _area_name(sheet: Sheet, name: str, y: float) -> None:
    for line, text in enumerate(wrap(name, 28)):
        sheet.label(0, y + 14 + 10 * line, text=text, size=9, weight=600, fill=INK)


def _name_room(name: str) -> float:
    """How high the row of an area is."""
    return 22.0 + 10 * (len(wrap(name, 28)) - 1)


def _uses(case: Case) -> Drawing:
    """Every AI use by verdict: the level that it needs, framed "have of need" where it is short."""
    sheet, left, high = Sheet(WIDTH), 226.0, 15.0
    heads = [*case.spec.dimension_by_code, "DPMM"]
    wide = (WIDTH - left) / len(heads)
    for column, head in enumerate(heads):
        sheet.label(left + (column + 0.5) * wide, 8, text=head, size=7.5, anchor="middle")
    y = 14.0
    for verdict, rows in use_groups(case.spec, case.results, case.record.use_cases):
        if not rows:
            continue
        sheet.label(0, y + 13, word=verdict, size=9, weight=600, fill=INK)
        y += 19
        sheet.line(0, y, WIDTH, y, CONTROL)
        for row in rows:
            names = wrap(row.use_case.name, 46)
            for line, text in enumerate(names):
                weight = 600 if row.chosen else 400
                sheet.label(0, y + 10.5 + 9 * line, text=text, weight=weight, fill=INK)
            for column, cell in enumerate(row.cells):
                x = left + (column + 0.5) * wide
                if cell.is_short:
                    have = "–" if cell.have is None else str(cell.have)
                    sheet.box(x - 15, y + 2, 30, 11, WHITE, INK_2, 0.9)
                    words = f"{have} / {cell.need}"
                    sheet.label(x, y + 10.5, text=words, weight=600, anchor="middle", fill=INK)
                else:
                    sheet.label(x, y + 10.5, text=str(cell.need), anchor="middle")
            y += high + 9 * (len(names) - 1)
            sheet.line(0, y, WIDTH, y, LINE, 0.4)
        y += 6
    return sheet.finish(y)


def _gaps(case: Case) -> Drawing | None:
    """Every gap by priority, from the level there is to the target."""
    rows = gap_rows(case.spec, case.record.use_cases, case.results)
    if not rows:
        return None
    sheet, y = Sheet(WIDTH), 14.0
    sheet.label(392, 8, word="from_to", size=7.5, anchor="middle")
    sheet.label(WIDTH, 8, word="priority", size=7.5, anchor="end")
    sheet.line(0, y, WIDTH, y, CONTROL)
    for row in rows:
        titles = wrap(row.question.title, 58)
        high = 19.0 + 10 * (len(titles) - 1)
        sheet.label(12, y + 12.5, text=str(row.rank), size=8, anchor="end")
        for line, text in enumerate(titles):
            sheet.label(20, y + 12.5 + 10 * line, text=text, size=9, weight=600, fill=INK)
        sheet.label(352, y + 12.5, text=row.question.code, size=7.5, anchor="end")
        sheet.square(376, y + 9.5, row.gap.have)
        sheet.line(386, y + 9.5, 398, y + 9.5, INK_2, 0.8)
        sheet.path(f"M395 {y + 7:.1f}L398.5 {y + 9.5:.1f}L395 {y + 12:.1f}", stroke=INK_2, width=0.8)
        sheet.square(408, y + 9.5, row.gap.target, is_open=True)
        sheet.label(WIDTH, y + 12.5, text=str(row.gap.priority), size=9, weight=600, anchor="end", fill=INK)
        y += high
        sheet.line(0, y, WIDTH, y, LINE, 0.4)
    return sheet.finish(y + 1)


def _gap_areas(case: Case) -> Drawing | None:
    """Weight times distance of the gaps by area, the largest first; the longest bar is the largest sum."""
    bars = area_bars(case.spec, case.results.gaps.areas)
    if not bars:
        return None
    sheet, left, y = Sheet(WIDTH), 150.0, 0.0
    across, largest = WIDTH - left - 34, max(total for _, total, _ in bars)
    for name, total, _ in bars:
        _area_name(sheet, name, y)
        sheet.box(left, y + 6, across * total / max(largest, 1), 10, ACCENT)
        sheet.label(WIDTH, y + 14, text=str(total), size=9, anchor="end", fill=INK)
        y += _name_room(name)
        sheet.line(0, y, WIDTH, y, LINE, 0.4)
    return sheet.finish(y + 1)


def _gantt(case: Case) -> Drawing | None:
    """The bars of the actions that are shown, on the axis of the whole plan."""
    blackouts, actions = case.record.plan.blackout_weeks, case.shown.actions
    chart = gantt(case.results, blackouts)
    rows = tuple(row for row in chart.rows if actions is None or row.step.action in actions)
    return weeks.whole_gantt(case.spec, replace(chart, rows=rows), blackouts) if rows else None


def _projection(case: Case) -> Drawing | None:
    return weeks.projection(case.spec, case.results)


FIGURES: dict[str, Callable[[Case], Drawing | None]] = {
    "ladder": _ladder,
    "radar": _radar,
    "heat": _heat,
    "plant": _plant,
    "areas": _areas,
    "uses": _uses,
    "gaps": _gaps,
    "gap_areas": _gap_areas,
    "gantt": _gantt,
    "projection": _projection,
}
