"""The marks of a chart, each drawn for its legend from its left edge and about its middle."""

from __future__ import annotations

from collections.abc import Callable

from reports.document.drawing import ACCENT, CONTROL, INK, INK_2, LINE, TINT, WHITE, Sheet

Mark = Callable[[Sheet, float, float], float]
"""Draws itself with its left edge and its middle there; returns how wide it is, in points."""


def claimed(sheet: Sheet, x: float, y: float) -> float:
    sheet.box(x + 0.5, y - 3.5, 18, 7, TINT, ACCENT, 0.8)
    return 19


def evidenced(sheet: Sheet, x: float, y: float) -> float:
    sheet.box(x, y - 3.5, 18, 7, ACCENT)
    return 18


def validated(sheet: Sheet, x: float, y: float) -> float:
    sheet.dot(x + 3, y, 3.2, INK, WHITE, 1.2)
    return 6


def ceiling_site(sheet: Sheet, x: float, y: float) -> float:
    """Of a ladder: it stands upright, and what lies beyond it at its right is hatched."""
    sheet.hatch(x, y - 4.5, 16, 9)
    sheet.line(x, y - 5.5, x, y + 5.5, INK, 1.7)
    return 16


def ceiling_line(sheet: Sheet, x: float, y: float) -> float:
    sheet.line(x, y - 5.5, x, y + 5.5, INK_2, 0.8, "1.5 2")
    return 1


def target(sheet: Sheet, x: float, y: float) -> float:
    sheet.target(x + 3.4, y + 3)
    return 6.8


def ceiling_dpmm(sheet: Sheet, x: float, y: float) -> float:
    """Of columns: it lies above them, and what is above it is hatched."""
    sheet.hatch(x, y - 5.5, 18, 9)
    sheet.line(x, y + 4, x + 18, y + 4, INK, 2.5)
    return 18


def lifted(sheet: Sheet, x: float, y: float) -> float:
    sheet.line(x, y, x + 18, y, INK_2, 0.9, "2 2")
    return 18


def counts_shape(sheet: Sheet, x: float, y: float) -> float:
    """Of a radar, as are the next two."""
    sheet.path(
        f"M{x + 0.7:.1f} {y + 4:.1f}L{x + 9:.1f} {y - 4:.1f}L{x + 17.3:.1f} {y + 4:.1f}Z",
        "#b9d5d8",
        ACCENT,
        1.4,
    )
    return 18


def claimed_line(sheet: Sheet, x: float, y: float) -> float:
    sheet.line(x, y, x + 18, y, ACCENT, 1.8, "5 4")
    return 18


def ceiling_edge(sheet: Sheet, x: float, y: float) -> float:
    sheet.line(x, y, x + 18, y, INK, 3)
    return 18


def level(number: int) -> Mark:
    def draw(sheet: Sheet, x: float, y: float) -> float:
        sheet.square(x + 6.5, y, number)
        return 13

    return draw


def sign(text: str) -> Mark:
    """A cell of a heat map that holds no level of its own."""

    def draw(sheet: Sheet, x: float, y: float) -> float:
        size = 8.5 if len(text) == 1 else 6.5
        sheet.box(x + 0.2, y - 6.3, 12.6, 12.6, WHITE, CONTROL, 0.4)
        sheet.label(x + 6.5, y + size / 3, text=text, size=size, weight=600, anchor="middle", fill=INK)
        return 13

    return draw


def framed(sheet: Sheet, x: float, y: float) -> float:
    """What a use needs where the site has less."""
    sheet.box(x + 0.5, y - 5.5, 30, 11, WHITE, INK_2, 0.9)
    sheet.label(x + 15.5, y + 3, text="1 / 3", weight=600, anchor="middle", fill=INK)
    return 31


def on_path(sheet: Sheet, x: float, y: float) -> float:
    sheet.box(x, y - 3.6, 18, 7.2, INK)
    return 18


def other_action(sheet: Sheet, x: float, y: float) -> float:
    sheet.box(x + 0.4, y - 3.6, 18, 7.2, TINT, ACCENT, 0.8)
    return 19


def nothing_starts(sheet: Sheet, x: float, y: float) -> float:
    sheet.hatch(x, y - 5.5, 18, 11)
    sheet.path(f"M{x:.1f} {y - 5.5:.1f}h18v11h-18Z", stroke=LINE, width=0.4)
    return 18
