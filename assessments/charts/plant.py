"""The crosswalk as one picture: claims as columns under the walls that the digital plant sets."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap

from assessments.charts.levels import TOP, percent
from assessments.engine.shapes import Results
from frameworks.document.shapes import DimensionSpec, DpmmLevelSpec, FrameworkSpec

HEIGHT = 260  # pixels of the plot
HEAD = 20  # pixels above level 5
STEP = (HEIGHT - HEAD) // TOP  # pixels a level
NAME = 13  # characters of a line under a column
WIDE, NARROW = 72, 44  # percent of a column's room: the wall, and the bar under it


@dataclass(frozen=True, slots=True)
class Lift:
    """A DPMM level that lifts a ceiling, the level that it lifts it to, and where that is drawn."""

    dpmm: int
    level: int
    y: int
    frees: bool  # whether the claim counts more then


@dataclass(frozen=True, slots=True)
class PlantColumn:
    """One dimension: its claim and what is evidenced, the wall above it, and what lifts the wall."""

    dimension: DimensionSpec
    claimed: int | None
    left_out: bool  # no question of it applies
    evidenced: int | None
    counts: int | None
    sustained: int | None  # None where there is no DPMM level
    ring_fenced: int | None
    standing: str | None
    x: str  # left edge of the wall
    bar: str  # left edge of the bar
    middle: str
    claimed_bar: tuple[int, int] | None  # (y, height)
    evidenced_bar: tuple[int, int] | None
    wall_y: int | None
    beyond: int  # the height of the hatching above the wall
    lifts: tuple[Lift, ...]

    @property
    def label(self) -> list[str]:
        """Its name in lines that fit under the column."""
        return wrap(self.dimension.short_name, NAME, break_long_words=False) or [self.dimension.code]

    @property
    def is_lowered(self) -> bool:
        return self.claimed != self.counts


@dataclass(frozen=True, slots=True)
class PlantCell:
    """What one DPMM level lets a dimension count."""

    sustained: int
    ring_fenced: int
    counts: int | None  # of today's claim under this ceiling
    lowers: bool
    frees: bool  # the first level at which a lowered claim counts in full


@dataclass(frozen=True, slots=True)
class PlantPicture:
    """Columns, the lines of the levels, and the crosswalk as a table."""

    columns: tuple[PlantColumn, ...]
    grid: tuple[tuple[int, int], ...]  # (level, pixels from the top)
    wide: str
    narrow: str
    height: int
    rows: tuple[tuple[DpmmLevelSpec, bool, tuple[PlantCell, ...]], ...]  # (DPMM level, is it here, cells)

    @property
    def is_freed(self) -> bool:
        """Whether some DPMM level lets a lowered claim count in full."""
        return any(cell.frees for _, _, cells in self.rows for cell in cells)


def plant_picture(spec: FrameworkSpec, results: Results) -> PlantPicture:
    """What the plant carries, what is ahead of it, and which DPMM level lifts which ceiling (Method, 4)."""
    room = 100 / len(spec.dimensions)
    return PlantPicture(
        columns=tuple(_column(spec, results, place, room) for place in range(len(spec.dimensions))),
        grid=tuple((level, _y(level)) for level in range(TOP + 1)),
        wide=percent(room * WIDE / 100, 100),
        narrow=percent(room * NARROW / 100, 100),
        height=HEIGHT,
        rows=tuple(
            (
                level,
                results.dpmm is not None and level.level == results.dpmm.level,
                tuple(_cell(spec, results, level.level, dimension.code) for dimension in spec.dimensions),
            )
            for level in spec.dpmm.levels
        ),
    )


def _column(spec: FrameworkSpec, results: Results, place: int, room: float) -> PlantColumn:
    dimension = spec.dimensions[place]
    row = results.readings.claimed.dimensions[dimension.code]
    evidenced = results.readings.evidenced.dimensions[dimension.code].level
    middle = room * (place + 0.5)
    return PlantColumn(
        dimension=dimension,
        claimed=row.level,
        left_out=row.left_out,
        evidenced=evidenced,
        counts=row.effective_level,
        sustained=row.sustained,
        ring_fenced=row.ring_fenced,
        standing=row.standing,
        x=percent(middle - room * WIDE / 200, 100),
        bar=percent(middle - room * NARROW / 200, 100),
        middle=percent(middle, 100),
        claimed_bar=_bar(row.level),
        evidenced_bar=_bar(evidenced),
        wall_y=None if row.sustained is None else _y(row.sustained),
        beyond=0 if row.sustained is None else (TOP - row.sustained) * STEP,
        lifts=_lifts(spec, results, dimension.code),
    )


def _lifts(spec: FrameworkSpec, results: Results, code: str) -> tuple[Lift, ...]:
    """The DPMM levels above today's at which the ceiling rises, each with the level it rises to."""
    if results.dpmm is None:
        return ()
    claimed = results.readings.claimed.dimensions[code].level or 0
    found: list[Lift] = []
    ceiling = spec.ceilings[results.dpmm.level, code].sustained
    for level in spec.dpmm.levels[results.dpmm.level :]:
        raised = spec.ceilings[level.level, code].sustained
        if raised > ceiling:
            found.append(Lift(level.level, raised, _y(raised), frees=claimed > ceiling))
            ceiling = raised
    return tuple(found)


def _cell(spec: FrameworkSpec, results: Results, dpmm: int, code: str) -> PlantCell:
    ceiling = spec.ceilings[dpmm, code]
    claimed = results.readings.claimed.dimensions[code].level
    counts = None if claimed is None else min(claimed, ceiling.sustained)
    held = results.dpmm.level if results.dpmm else None
    before = spec.ceilings[dpmm - 1, code].sustained if dpmm > 1 else None
    frees = (
        claimed is not None
        and held is not None
        and dpmm > held
        and before is not None
        and before < claimed <= ceiling.sustained
    )
    return PlantCell(ceiling.sustained, ceiling.ring_fenced, counts, counts != claimed, frees)


def _y(level: int) -> int:
    """Pixels from the top."""
    return HEIGHT - level * STEP


def _bar(level: int | None) -> tuple[int, int] | None:
    """Top and height of a bar; a stub for level 0."""
    if level is None:
        return None
    return (_y(level), level * STEP) if level else (HEIGHT - 3, 3)
