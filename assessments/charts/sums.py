"""How an index is made, exactly: what each dimension counts, and the sums that a reader can do again."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from assessments.charts.levels import TOP
from assessments.engine.display import exact, hundredths, tenths
from assessments.engine.shapes import DimensionScore, Reading, Results
from frameworks.document.shapes import DimensionSpec, FrameworkSpec


@dataclass(frozen=True, slots=True)
class Figure:
    """An exact number as text, and what it comes to where the text is a fraction."""

    text: str  # "2.75" or "25/9"
    about: str  # two decimals, halves upwards; empty where the text is no fraction


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum, as it is written; rounded once, at its end."""

    name: str  # index, without_ceilings, held_back, evidenced or validated
    terms: str  # "100 · (2.7 + 2 + 1.5) / (5 · 3)"
    result: Figure
    shown: str  # one decimal

    @property
    def is_rounded(self) -> bool:
        return Fraction(self.result.text) != Fraction(self.shown)


@dataclass(frozen=True, slots=True)
class Figures:
    """The index, what the ceilings hold back of it and what it would be without them, where they stand
    together; and the index of the other readings. One decimal, each rounded by itself; None where none is."""

    index: str | None
    held_back: str | None
    without: str | None
    evidenced: str | None
    validated: str | None

    @property
    def adds_up(self) -> bool:
        """Whether what is shown adds up as what it was rounded from does."""
        if self.index is None or self.held_back is None or self.without is None:
            return True
        return Fraction(self.index) + Fraction(self.held_back) == Fraction(self.without)


def index_figures(found: Results) -> Figures:
    """What is shown of the index (Method, section 5)."""
    readings = found.readings
    return Figures(
        tenths(readings.claimed.index),
        tenths(readings.claimed.held_back),
        tenths(readings.claimed.index_without_ceilings),
        tenths(readings.evidenced.index),
        tenths(readings.validated.index) if readings.validated else None,
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """One dimension in the sums; None where it has no score, so that it is in none of them."""

    dimension: DimensionSpec
    left_out: bool
    score: Figure | None
    ceiling: int | None
    counts: Figure | None
    beside: tuple[tuple[str, Figure | None], ...]  # (reading, what counts in it), as the sums have it


@dataclass(frozen=True, slots=True)
class IndexMade:
    """Every part of the index of the claimed reading, and the index of other readings where it differs."""

    rows: tuple[Counted, ...]  # in document order
    sums: tuple[Sum, ...]
    beside: tuple[str, ...]  # readings whose index differs

    @property
    def is_whole(self) -> bool:
        """Whether every dimension is in the sums."""
        return all(row.score for row in self.rows)

    @property
    def is_lowered(self) -> bool:
        """Whether a ceiling takes something."""
        return any(row.name == "held_back" for row in self.sums)


def index_made(spec: FrameworkSpec, found: Results) -> IndexMade | None:
    """How the index is made (Method, section 5); None where there is none."""
    claimed = found.readings.claimed
    if claimed.index is None:
        return None
    others = [("evidenced", found.readings.evidenced), ("validated", found.readings.validated)]
    beside = [(name, reading) for name, reading in others if reading and reading.index != claimed.index]
    rows = tuple(_counted(dimension, claimed, beside) for dimension in spec.dimensions)
    sums = (*_claimed_sums(spec, claimed), *(_index(spec, name, reading) for name, reading in beside))
    return IndexMade(rows, sums, tuple(name for name, _ in beside))


def _counted(dimension: DimensionSpec, claimed: Reading, beside: list[tuple[str, Reading]]) -> Counted:
    score = claimed.dimensions[dimension.code]
    return Counted(
        dimension=dimension,
        left_out=score.left_out,
        score=_figure(score.score),
        ceiling=score.sustained,
        counts=_figure(score.effective_score),
        beside=tuple(
            (name, _figure(reading.dimensions[dimension.code].effective_score)) for name, reading in beside
        ),
    )


def _claimed_sums(spec: FrameworkSpec, claimed: Reading) -> list[Sum]:
    """The index, and what is held back where a ceiling takes something."""
    index, free, held = claimed.index, claimed.index_without_ceilings, claimed.held_back
    sums = [_index(spec, "index", claimed)]
    if held and index is not None and free is not None:
        sums.append(_index(spec, "without_ceilings", claimed, with_ceilings=False))
        sums.append(_sum("held_back", f"{exact(free)} − {exact(index)}", held))
    return sums


def _index(spec: FrameworkSpec, name: str, reading: Reading, *, with_ceilings: bool = True) -> Sum:
    """100 · Σ W·score / (5 · Σ W) over the dimensions with a score; a weight of 1 is not written."""
    terms, weights = [], 0
    for dimension in spec.dimensions:
        score = _points(reading.dimensions[dimension.code], with_ceilings)
        if score is not None:
            terms.append(exact(score) if dimension.weight == 1 else f"{dimension.weight} · {exact(score)}")
            weights += dimension.weight
    result = reading.index if with_ceilings else reading.index_without_ceilings
    return _sum(name, f"100 · ({' + '.join(terms)}) / ({TOP} · {weights})", result or Fraction(0))


def _points(score: DimensionScore, with_ceilings: bool) -> Fraction | None:
    return score.effective_score if with_ceilings else score.score


def _sum(name: str, terms: str, result: Fraction) -> Sum:
    return Sum(name, terms, Figure(exact(result), _about(result)), tenths(result) or "")


def _figure(number: Fraction | None) -> Figure | None:
    return None if number is None else Figure(exact(number), _about(number))


def _about(number: Fraction) -> str:
    return hundredths(number) if "/" in exact(number) else ""
