"""Drawings of levels: the columns of the cover, ladders, the radar and the index."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from assessments.charts.levels import LadderRow, Radar
from assessments.engine.shapes import Reading
from reports.document import marks
from reports.document.drawing import ACCENT, CONTROL, INK, INK_2, LINE, TINT, WHITE, Drawing, Sheet

WIDTH = 482.0  # the width of the text, 170 mm
TOP = 5


def cover(rows: Sequence[LadderRow]) -> Drawing:
    """Each dimension as a column under its ceiling."""
    sheet, height, left = Sheet(WIDTH), 300.0, 14.0
    step, room = (height - 8) / TOP, (WIDTH - left) / max(1, len(rows))
    for mark in range(TOP + 1):
        y = height - mark * step
        sheet.line(left, y, WIDTH, y, INK if mark == 0 else LINE, 1 if mark == 0 else 0.5)
        sheet.label(0, y + 3, text=str(mark), size=8.5)
    for place, row in enumerate(rows):
        middle = left + room * (place + 0.5)
        wide, narrow = room * 0.74, room * 0.58
        if row.sustained is not None:
            sheet.hatch(middle - wide / 2, 8, wide, (TOP - row.sustained) * step, 6)
        for level, fill in ((row.claimed, TINT), (row.evidenced, ACCENT)):
            tall = step * (level or 0) or (2 if level == 0 else 0)
            edge = ACCENT if fill == TINT else "none"
            sheet.box(middle - narrow / 2, height - tall, narrow, tall, fill, edge, 1)
        if row.sustained is not None:
            y = height - row.sustained * step
            sheet.line(middle - wide / 2, y, middle + wide / 2, y, INK, 3)
        if row.validated is not None:
            sheet.dot(middle, height - row.validated * step, 6, INK, WHITE, 2)
        for line, text in enumerate(wrap(row.name, 16)[:3]):
            sheet.label(
                middle, height + 16 + 12 * line, text=text, size=10, weight=600, anchor="middle", fill=INK
            )
    return sheet.finish(height + 46)


LADDER_LEFT, LADDER_STEP, LADDER_ROW = 118.0, 38.0, 23.5
FIGURES = (("claimed", 342.0), ("evidenced", 382.0), ("validated", 422.0), ("counts", 462.0))


def ladder(rows: Sequence[LadderRow]) -> Drawing:
    """A row for each dimension on the fixed scale 0 to 5, with its four figures at the right."""
    sheet = Sheet(WIDTH)
    for level in range(TOP + 1):
        x = LADDER_LEFT + level * LADDER_STEP
        sheet.label(x, 10, text=str(level), size=7.5, anchor="middle")
    for word, x in FIGURES:
        sheet.label(x, 10, word=word, size=7.5, anchor="middle")
    sheet.line(0, 18, WIDTH, 18)
    y = 18.0
    for row in rows:
        y += _rung(sheet, row, y)
    return sheet.finish(y + 1)


def _rung(sheet: Sheet, row: LadderRow, y: float) -> float:
    """Draws a row and returns how high it is: a name of more than two lines makes room for itself."""
    names = wrap(row.name, 24)
    high = LADDER_ROW + 10 * max(0, len(names) - 2)
    middle = y + high / 2 + 1.5
    for line, text in enumerate(names):
        at = middle + 3 + (line - (len(names) - 1) / 2) * 10
        sheet.label(0, at, text=text, size=9, weight=600, fill=INK)
    for mark in range(TOP + 1):
        x = LADDER_LEFT + mark * LADDER_STEP
        sheet.line(x, y, x, y + high, LINE, 0.4)
    bar(sheet, row.claimed, row.evidenced, middle, (LADDER_LEFT, LADDER_STEP), row.sustained)
    if row.sustained is not None:
        x = LADDER_LEFT + row.sustained * LADDER_STEP
        if row.ring_fenced is not None and row.ring_fenced > row.sustained:
            ring = LADDER_LEFT + row.ring_fenced * LADDER_STEP
            sheet.line(ring, middle - 8, ring, middle + 8, INK_2, 0.8, "1.5 2")
        sheet.line(x, middle - 8, x, middle + 8, INK, 1.7)
    if row.target is not None:
        sheet.target(LADDER_LEFT + row.target * LADDER_STEP, middle - 5)
    if row.validated is not None:
        sheet.dot(LADDER_LEFT + row.validated * LADDER_STEP, middle, 3.2, INK, WHITE, 1.2)
    levels = (row.claimed, row.evidenced, row.validated, row.counts)
    for (word, x), level in zip(FIGURES, levels, strict=True):
        sheet.square(x, middle, level, is_open=word == "claimed")
    sheet.line(0, y + high, WIDTH, y + high)
    return high


def bar(
    sheet: Sheet,
    claimed: int | None,
    evidenced: int | None,
    middle: float,
    scale: tuple[float, float],
    sustained: int | None,
) -> None:
    """Claimed open, evidenced solid; hatching beyond the ceiling; a stub for level 0."""
    left, step = scale
    if sustained is not None:
        sheet.hatch(left + sustained * step, middle - 7.5, (TOP - sustained) * step, 15)
    if claimed is not None:
        sheet.box(left, middle - 4.2, max(claimed * step, 2.5), 8.4, TINT, ACCENT, 0.8)
    if evidenced is not None:
        sheet.box(left, middle - 4.2, max(evidenced * step, 2.5), 8.4, ACCENT)


def radar(chart: Radar, *, size: float = 14, beside: float = 0) -> Drawing | None:
    """Counted and claimed levels under the ceiling; None where a level is missing.

    `size` is that of its labels and `beside` the room for them at either side, in units of the drawing:
    where it is printed smaller, its labels must be larger in it.
    """
    if chart.counts is None:
        return None
    sheet = Sheet(384 + 2 * beside, left=-beside)
    if chart.beyond:
        sheet.path(chart.beyond, fill="#e8edef")
    for ring in chart.rings:
        sheet.path(ring, stroke=LINE, width=0.8)
    for axis in chart.axes:
        sheet.line(192, 196, *axis.end, LINE, 0.8)
        for line, text in enumerate(axis.label):
            x, y = axis.at
            lift = size - 14 + (size + 1) * (len(axis.label) - 2) if axis.anchor == "middle" else 0
            at = y - lift + (size + 1) * line
            sheet.label(x, at, text=text, size=size, weight=600, anchor=axis.anchor, fill=INK)
    sheet.path(chart.counts, fill="#b9d5d8", stroke=ACCENT, width=2)
    if chart.ceiling:
        sheet.path(chart.ceiling, stroke=INK, width=3)
    if chart.claimed:
        sheet.path(chart.claimed, stroke=ACCENT, width=1.8, dash="5 4")
    for x, y in chart.dots:
        sheet.dot(x, y, 4.5, ACCENT, WHITE, 1.5)
    for x, y in chart.targets:
        sheet.path(f"M{x - 5} {y - 9}H{x + 5}L{x} {y - 1}Z", WHITE, INK, 1.4)
    return sheet.finish(340)


def index_bar(reading: Reading) -> Drawing:
    """Solid to the index, an ink line, then hatched what is held back; of a scale of 100."""
    sheet = Sheet(100)
    index, held = float(reading.index or 0), float(reading.held_back or 0)
    sheet.box(0, 3, 100, 6, LINE)
    sheet.box(0, 3, index, 6, ACCENT)
    sheet.box(index, 3, held, 6, WHITE)
    sheet.hatch(index, 3, held, 6, 2.5)
    if reading.index is not None:
        sheet.line(index, 0, index, 12, INK, 1.4)
    return sheet.finish(12)


def ladder_key(*, is_reviewed: bool = False) -> Drawing:
    """The marks of a ladder, drawn with the marks themselves."""
    sheet, middle = Sheet(WIDTH), 5.5
    marks.claimed(sheet, 0, middle)
    sheet.label(24, 9, word="claimed")
    marks.evidenced(sheet, 68, middle)
    sheet.label(92, 9, word="evidenced")
    x = 146.0
    if is_reviewed:
        marks.validated(sheet, x, middle)
        sheet.label(x + 11, 9, word="validated")
        x += 62
    marks.ceiling_site(sheet, x, middle)
    sheet.label(x + 22, 9, word="ceiling_site")
    marks.ceiling_line(sheet, x + 116, middle)
    sheet.label(x + 122, 9, word="ceiling_line")
    marks.target(sheet, x + 212.6, middle)
    sheet.label(x + 224, 9, word="target")
    sheet.line(0, 12, 0, 12, CONTROL)
    return sheet.finish(13)
