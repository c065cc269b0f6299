"""Drawings for paper: shapes and labels in points, with their colours, ready to be printed as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

INK, INK_2, INK_3 = "#13212a", "#43535d", "#5a6973"
CONTROL, LINE, HATCH = "#7f8d96", "#d6dde1", "#a9b4bb"
ACCENT, TINT, WHITE = "#005e67", "#e9f3f4", "#ffffff"
LEVEL_FILLS = ("#f3f7f8", "#c8dee1", "#90bcc1", "#57969e", "#20646e", "#0e353e")
LEVEL_INKS = (INK, INK, INK, "#0b151b", WHITE, WHITE)


@dataclass(frozen=True, slots=True)
class Shape:
    """One path; an empty colour draws nothing."""

    d: str
    fill: str = "none"
    stroke: str = "none"
    width: float = 0
    dash: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A text, or a word by its code, whose baseline begins, is centred or ends at a point."""

    x: float
    y: float
    text: str = ""
    word: str = ""
    size: float = 8
    weight: int = 400
    anchor: str = "start"
    fill: str = INK_3


@dataclass(frozen=True, slots=True)
class Drawing:
    width: float
    height: float
    shapes: tuple[Shape, ...]
    labels: tuple[Label, ...]
    left: float = 0  # where it begins; labels may stand left of 0


class Sheet:
    """Collects shapes and labels from back to front."""

    def __init__(self, width: float, *, left: float = 0) -> None:
        self.width, self.left = width, left
        self.shapes: list[Shape] = []
        self.labels: list[Label] = []

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        colour: str = LINE,
        width: float = 0.5,
        dash: str = "",
    ) -> None:
        self.shapes.append(Shape(f"M{n(x1)} {n(y1)}L{n(x2)} {n(y2)}", "none", colour, width, dash))

    def box(
        self, x: float, y: float, w: float, h: float, fill: str, stroke: str = "none", width: float = 0
    ) -> None:
        if w > 0 and h > 0:
            path = f"M{n(x)} {n(y)}H{n(x + w)}V{n(y + h)}H{n(x)}Z"
            self.shapes.append(Shape(path, fill, stroke, width))

    def hatch(self, x: float, y: float, w: float, h: float, step: float = 4) -> None:
        """Diagonals across a box: what lies beyond a ceiling, or a week in which nothing starts."""
        strokes, at = [], step
        while at < w + h:
            start = (x, y + at) if at <= h else (x + at - h, y + h)
            end = (x + at, y) if at <= w else (x + w, y + at - w)
            strokes.append(f"M{n(start[0])} {n(start[1])}L{n(end[0])} {n(end[1])}")
            at += step
        if strokes and w > 0 and h > 0:
            self.shapes.append(Shape("".join(strokes), "none", HATCH, 0.5))

    def path(
        self, d: str, fill: str = "none", stroke: str = "none", width: float = 0, dash: str = ""
    ) -> None:
        self.shapes.append(Shape(d, fill, stroke, width, dash))

    def dot(
        self, x: float, y: float, radius: float, fill: str, stroke: str = WHITE, width: float = 1
    ) -> None:
        r = n(radius)
        arc = f"a{r} {r} 0 1 0 {n(2 * radius)} 0a{r} {r} 0 1 0 {n(-2 * radius)} 0Z"
        self.shapes.append(Shape(f"M{n(x - radius)} {n(y)}{arc}", fill, stroke, width))

    def target(self, x: float, y: float) -> None:
        """The open triangle that stands above a target, its point at y."""
        d = f"M{n(x - 3.4)} {n(y - 5.1)}H{n(x + 3.4)}L{n(x)} {n(y)}Z"
        self.shapes.append(Shape(d, WHITE, INK, 0.9))

    def square(self, x: float, y: float, level: int | None, *, is_open: bool = False) -> None:
        """A level as a square with its number, centred at a point; a dash where there is none."""
        if level is None:
            self.label(x, y + 3, text="–", anchor="middle")
            return
        if is_open:
            self.box(x - 6.5, y - 6.5, 13, 13, WHITE, INK_2, 0.9)
        else:
            edge = CONTROL if level == 0 else "none"
            self.box(x - 6.5, y - 6.5, 13, 13, LEVEL_FILLS[level], edge, 0.6 if level == 0 else 0)
        ink = INK if is_open else LEVEL_INKS[level]
        self.label(x, y + 3.3, text=str(level), size=9.5, weight=600, anchor="middle", fill=ink)

    def label(
        self,
        x: float,
        y: float,
        *,
        text: str = "",
        word: str = "",
        size: float = 8,
        weight: int = 400,
        anchor: str = "start",
        fill: str = INK_3,
    ) -> None:
        self.labels.append(Label(round(x, 2), round(y, 2), text, word, size, weight, anchor, fill))

    def finish(self, height: float) -> Drawing:
        return Drawing(self.width, height, tuple(joined(self.shapes)), tuple(self.labels), self.left)


def joined(shapes: Sequence[Shape]) -> list[Shape]:
    """The shapes with neighbours of one stroke and no fill as one path: the same picture, fewer to draw."""
    found: list[Shape] = []
    for shape in shapes:
        last = found[-1] if found else None
        if last and shape.fill == "none" and replace(last, d=shape.d) == shape:
            found[-1] = replace(last, d=last.d + shape.d)
        else:
            found.append(shape)
    return found


def n(number: float) -> str:
    """A coordinate as short as it can be written: "12.5", "3"."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
