"""Charts of levels and the index: ladder, radar, heat map, bars.

Scales are fixed (levels 0 to 5, index 0 to 100), never fitted to the data. Screen plots use percentages
across and pixels down, so that text never scales; positions are texts ready for an SVG attribute.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import cos, pi, sin

from assessments.engine.display import tenths, whole
from assessments.engine.record import LEVEL, AnswerRecord
from assessments.engine.shapes import Reading, Results
from frameworks.document.shapes import AreaSpec, FrameworkSpec, QuestionSpec

TOP = 5  # the highest level


@dataclass(frozen=True, slots=True)
class LadderRow:
    """One dimension: its levels, and where their marks stand (percent across)."""

    code: str
    name: str
    score: str | None
    claimed: int | None
    evidenced: int | None
    validated: int | None
    counts: int | None
    sustained: int | None
    ring_fenced: int | None
    target: int | None
    left_out: bool = False  # no question of it applies

    @property
    def marks(self) -> dict[str, str]:
        """Positions of what there is to draw, by name."""
        levels = {
            "claimed": self.claimed,
            "evidenced": self.evidenced,
            "validated": self.validated,
            "sustained": self.sustained,
            "ring_fenced": self.ring_fenced,
            "target": self.target,
        }
        return {name: percent(level, TOP) for name, level in levels.items() if level is not None}

    @property
    def beyond(self) -> str | None:
        """The width of the hatching from the sustained ceiling to the end."""
        return None if self.sustained is None else percent(TOP - self.sustained, TOP)


def ladder(spec: FrameworkSpec, results: Results) -> tuple[LadderRow, ...]:
    """A row for each dimension, in document order (design: fixed axis 0 to 5, three readings)."""
    readings = results.readings
    rows = []
    for dimension in spec.dimensions:
        claimed = readings.claimed.dimensions[dimension.code]
        validated = readings.validated.dimensions[dimension.code].level if readings.validated else None
        rows.append(
            LadderRow(
                code=dimension.code,
                name=dimension.short_name,
                score=tenths(claimed.score),
                claimed=claimed.level,
                evidenced=readings.evidenced.dimensions[dimension.code].level,
                validated=validated,
                counts=claimed.effective_level,
                sustained=claimed.sustained,
                ring_fenced=claimed.ring_fenced,
                target=results.targets.get(dimension.code),
                left_out=claimed.left_out,
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class IndexBar:
    """Index solid, what is held back open and hatched; widths in percent."""

    index: int | None
    held_back: int | None
    solid: str
    open: str


def index_bar(reading: Reading) -> IndexBar:
    """The bar of a reading: both parts of a scale of 100."""
    solid = reading.index or Fraction(0)
    held = reading.held_back or Fraction(0)
    return IndexBar(whole(reading.index), whole(reading.held_back), percent(solid, 100), percent(held, 100))


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One question: its level in one reading, None where it has none."""

    question: QuestionSpec
    level: int | None
    state: str  # unanswered, level (also one that a review set), unknown or not_applicable

    @property
    def short_code(self) -> str:
        return self.question.code.split("-", 1)[-1]

    @property
    def anchor(self) -> str:
        """What is true at its level; empty where it has none."""
        return "" if self.level is None else self.question.anchors[self.level]

    @property
    def next_anchor(self) -> str:
        """What is true one level higher; empty where nothing is higher or it has no level."""
        return "" if self.level is None or self.level >= TOP else self.question.anchors[self.level + 1]


def heat_map(
    spec: FrameworkSpec,
    answers: Sequence[AnswerRecord],
    reading: str = "claimed",
    validated: Mapping[str, int] | None = None,
) -> tuple[tuple[str, str, tuple[HeatCell, ...]], ...]:
    """(dimension code, short name, cells) for each dimension, in document order, in one reading.

    `reading` is claimed, evidenced or validated; `validated` holds the levels that a review set.
    """
    by_code = {answer.question: answer for answer in answers}
    was_set = validated if validated and reading == "validated" else {}
    levels = {
        code: was_set[code] if code in was_set
        else claimed_level(answer) if reading == "claimed"
        else carried(spec, answer)
        for code, answer in by_code.items()
    }  # fmt: skip
    return tuple(
        (
            dimension.code,
            dimension.short_name,
            tuple(
                HeatCell(
                    question,
                    levels[question.code],
                    LEVEL if question.code in was_set else by_code[question.code].state,
                )
                for question in dimension.questions
            ),
        )
        for dimension in spec.dimensions
    )


def claimed_level(answer: AnswerRecord) -> int | None:
    """The level of an answer as claimed, an unknown as 0; None where it is not scored."""
    return 0 if answer.state == "unknown" else answer.level


def carried(spec: FrameworkSpec, answer: AnswerRecord) -> int | None:
    """The level of an answer that its evidence carries (Method, section 2); None where it is not scored."""
    if answer.state != "level" or answer.level is None:
        return 0 if answer.state == "unknown" else None
    return min(answer.level, spec.support[answer.grade or "E0"])


@dataclass(frozen=True, slots=True)
class RadarAxis:
    """The end of one axis and the place of its label."""

    label: tuple[str, ...]  # lines
    end: tuple[float, float]
    at: tuple[float, float]
    anchor: str  # start, middle or end


@dataclass(frozen=True, slots=True)
class Radar:
    """Paths of a radar in a box of 408 by 370 that begins at x −12; None where a level is missing."""

    rings: tuple[str, ...]
    axes: tuple[RadarAxis, ...]
    counts: str | None
    claimed: str | None
    ceiling: str | None
    beyond: str | None  # between the ceiling and the edge, to be filled evenodd
    dots: tuple[tuple[float, float], ...]
    targets: tuple[tuple[float, float], ...]


RADAR_CENTRE = (192.0, 196.0)
RADAR_RADIUS = 122.0


def radar(rows: Sequence[LadderRow]) -> Radar:
    """The shape of counted and claimed levels under the ceiling: a companion of the ladder."""
    edge = _polygon([TOP] * len(rows))
    ceiling = _polygon([row.sustained for row in rows])
    return Radar(
        rings=tuple(path for ring in range(1, TOP + 1) if (path := _polygon([ring] * len(rows)))),
        axes=tuple(_axis(row.name, place, len(rows)) for place, row in enumerate(rows)),
        counts=_polygon([row.counts for row in rows]),
        claimed=_polygon([row.claimed for row in rows]),
        ceiling=ceiling,
        beyond=f"{edge}{ceiling}" if ceiling else None,
        dots=tuple(_point(row.counts, i, len(rows)) for i, row in enumerate(rows) if row.counts is not None),
        targets=tuple(
            _point(row.target, i, len(rows)) for i, row in enumerate(rows) if row.target is not None
        ),
    )


def _point(level: float, place: int, of: int) -> tuple[float, float]:
    angle = -pi / 2 + 2 * pi * place / of
    reach = RADAR_RADIUS * level / TOP
    return round(RADAR_CENTRE[0] + reach * cos(angle), 1), round(RADAR_CENTRE[1] + reach * sin(angle), 1)


def _polygon(levels: Sequence[int | None]) -> str | None:
    if any(level is None for level in levels):
        return None
    points = [_point(level, place, len(levels)) for place, level in enumerate(levels) if level is not None]
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def _axis(name: str, place: int, of: int) -> RadarAxis:
    x, y = _point(TOP * 1.06, place, of)
    anchor = "middle" if abs(x - RADAR_CENTRE[0]) < 1 else "start" if x > RADAR_CENTRE[0] else "end"
    lines = tuple(name.split(" ", 1))
    lift = 26 if anchor == "middle" else 4
    drop = 12 if y > RADAR_CENTRE[1] + 40 else 0
    return RadarAxis(lines, _point(TOP, place, of), (x, round(y - lift + drop, 1)), anchor)


def area_means(spec: FrameworkSpec, reading: Reading) -> tuple[tuple[AreaSpec, str | None, str], ...]:
    """(area, mean level, width) for each gap area, in document order; None where nothing is scored."""
    means = reading.areas
    return tuple((area, tenths(means[area.code]), percent(means[area.code] or 0, TOP)) for area in spec.areas)


def lowest_areas(spec: FrameworkSpec, reading: Reading) -> tuple[tuple[AreaSpec, ...], str | None]:
    """The areas whose mean level shows as the lowest, and that mean; none where nothing is scored."""
    scored = [(mean, area) for area in spec.areas if (mean := reading.areas[area.code]) is not None]
    lowest = tenths(min((mean for mean, _ in scored), default=None))
    return tuple(area for mean, area in scored if tenths(mean) == lowest), lowest


def area_bars(spec: FrameworkSpec, totals: Mapping[str, int]) -> tuple[tuple[str, int, str], ...]:
    """(name, total, width) of the gap areas with a total, largest first."""
    largest = max(totals.values(), default=1)
    names = {area.code: area.name for area in spec.areas}
    ordered = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    return tuple((names[code], total, percent(total, largest)) for code, total in ordered)


def largest_areas(bars: Sequence[tuple[str, int, str]]) -> list[str]:
    """The names of the gap areas with the largest total: one, or those that share it."""
    return [name for name, total, _ in bars if total == bars[0][1]]


@lru_cache(maxsize=1024)
def percent(part: Fraction | float, whole_length: int) -> str:
    """A share as an SVG length: "37.5%"."""
    share = Fraction(part) * 100 / whole_length
    return f"{float(share):.4g}%" if share.denominator != 1 else f"{share.numerator}%"


class Indexed:
    """What is shown of the index of its results, 0 to 100; None where nothing is scored or reviewed."""

    __slots__ = ()
    results: Results

    @property
    def index(self) -> int | None:
        return whole(self.results.readings.claimed.index)

    @property
    def evidenced_index(self) -> int | None:
        return whole(self.results.readings.evidenced.index)

    @property
    def validated_index(self) -> int | None:
        held = self.results.readings.validated
        return whole(held.index) if held else None
