"""What a chart needs beside it once it stands alone: its marks with their names, and notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assessments.charts.levels import ladder, radar
from assessments.charts.weeks import gantt
from frameworks.document.shapes import FrameworkSpec
from reports.document import marks
from reports.document.figures import Case
from reports.document.marks import Mark


@dataclass(frozen=True, slots=True)
class Entry:
    """A mark and its name: a word by its code, or a text of the framework."""

    mark: Mark | None
    word: str = ""
    text: str = ""
    head: str = ""  # a text that is itself the mark


@dataclass(frozen=True, slots=True)
class Key:
    """Entries in order, and the codes of the notes that follow the chart."""

    entries: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()
    dpmm: int | None = None  # the level of the plant, which a word may name


def key(name: str, case: Case) -> Key:
    """What the chart of that name needs beside it. Raises KeyError for no chart's name."""
    return KEYS[name](case)


def _ladder(case: Case) -> Key:
    results = case.results
    drawn = [(marks.claimed, "claimed"), (marks.evidenced, "evidenced")]
    if results.readings.validated:
        drawn.append((marks.validated, "validated"))
    if results.dpmm:
        drawn += [(marks.ceiling_site, "ceiling_site"), (marks.ceiling_line, "ceiling_line")]
    if results.targets:
        drawn.append((marks.target, "target"))
    return Key(_named(drawn), ("counts",))


def _radar(case: Case) -> Key:
    shape = radar(ladder(case.spec, case.results))
    drawn = [(marks.counts_shape, "counts"), (marks.claimed_line, "claimed")]
    if shape.ceiling:
        drawn.append((marks.ceiling_edge, "ceiling"))
    if shape.targets:
        drawn.append((marks.target, "target"))
    return Key(_named(drawn), ("radar", "counts"))


def _heat(case: Case) -> Key:
    """The scale, and the signs of the answers without a level that there are."""
    states = {cell.state for _, _, cells in case.heat() for cell in cells}
    signs = (("unknown", "?"), ("unanswered", "–"), ("not_applicable", "n/a"))
    found = tuple(Entry(marks.sign(sign), word=state) for state, sign in signs if state in states)
    return Key(_scale(case.spec) + found, (f"heat_{case.shown.reading}",))


def _plant(case: Case) -> Key:
    drawn = [(marks.claimed, "claimed"), (marks.evidenced, "evidenced")]
    dpmm = case.results.dpmm
    if dpmm:
        drawn += [(marks.ceiling_dpmm, "ceiling_dpmm"), (marks.lifted, "lifted")]
    return Key(_named(drawn), dpmm=dpmm.level if dpmm else None)


def _uses(case: Case) -> Key:
    """What the heads of the columns stand for, and what a frame and a bold name say."""
    entries = [Entry(None, head=row.code, text=row.short_name) for row in case.spec.dimensions]
    entries.append(Entry(None, head="DPMM", word="plant"))
    entries.append(Entry(marks.framed, word="has_needs"))
    if case.record.use_cases:
        entries.append(Entry(None, word="chosen"))
    return Key(tuple(entries), ("uses",))


def _gantt(case: Case) -> Key:
    drawn = [(marks.on_path, "on_path"), (marks.other_action, "other_action")]
    if gantt(case.results, case.record.plan.blackout_weeks).blackouts:
        drawn.append((marks.nothing_starts, "nothing_starts"))
    return Key(_named(drawn), ("gantt",))


def _named(drawn: Sequence[tuple[Mark, str]]) -> tuple[Entry, ...]:
    return tuple(Entry(mark, word=word) for mark, word in drawn)


def _scale(spec: FrameworkSpec) -> tuple[Entry, ...]:
    return tuple(Entry(marks.level(row.level), text=row.name) for row in spec.levels)


KEYS: dict[str, Callable[[Case], Key]] = {
    "ladder": _ladder,
    "radar": _radar,
    "heat": _heat,
    "plant": _plant,
    "areas": lambda _: Key(notes=("areas",)),
    "uses": _uses,
    "gaps": lambda _: Key(notes=("gaps",)),
    "gap_areas": lambda _: Key(notes=("gap_areas",)),
    "gantt": _gantt,
    "projection": lambda case: Key(_scale(case.spec), ("projection",)),
}
