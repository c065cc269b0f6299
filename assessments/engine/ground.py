"""The ground that scores, verdicts and plans stand on: levels by question and dimension, cheap to change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from assessments.engine.shapes import DERIVED, DpmmLevel, Inputs, LevelReply, NotApplicable, Unknown
from frameworks.document.shapes import DimensionSpec, FrameworkSpec, PolicySpec

UNKNOWN_LEVEL = 0
UNKNOWN_GRADE = "E0"
HIGHEST_LEVEL = 5
LOWEST_DERIVED, HIGHEST_DERIVED = 1, 4
NO_GATE = HIGHEST_LEVEL + 1  # above every level: holds nothing back whatever the slack


@dataclass(frozen=True, slots=True)
class Tally:
    """One dimension counted: whole numbers only, so that a change of one reply is cheap to follow."""

    points: int  # Σ w·level over scored questions
    weight: int  # Σ w over scored questions
    level: int | None  # 0 to 5, before any ceiling; None where nothing is scored
    left_out: bool  # every question is not applicable

    @property
    def score(self) -> Fraction | None:
        """Σ w·level / Σ w, 0 to 5; None where nothing is scored."""
        return Fraction(self.points, self.weight) if self.weight else None


@dataclass(frozen=True, slots=True)
class Ground:
    """One reading: levels of scored questions, the DPMM level, and what they make of each dimension.

    `sustained` and `ring_fenced` are the dimension's levels under each ceiling: None without a level,
    the plain level without a DPMM level.
    """

    levels: Mapping[str, int]  # by question code, scored questions only
    not_applicable: frozenset[str]
    dpmm: int | None
    tallies: Mapping[str, Tally]  # by dimension code
    sustained: Mapping[str, int | None]
    ring_fenced: Mapping[str, int | None]

    @property
    def level(self) -> int | None:
        """The whole (Method, section 5): the lowest effective level of the dimensions not left out."""
        lowest = None
        for code, tally in self.tallies.items():
            if tally.left_out:
                continue
            level = self.sustained[code]
            if level is None:
                return None
            if lowest is None or level < lowest:
                lowest = level
        return lowest


def claimed_levels(spec: FrameworkSpec, inputs: Inputs) -> dict[str, int]:
    """The level of every scored question as answered; unknown is 0 (Method, sections 1 and 2)."""
    levels = {}
    for code in spec.questions:
        reply = inputs.replies.get(code)
        if isinstance(reply, LevelReply):
            levels[code] = reply.level
        elif isinstance(reply, Unknown):
            levels[code] = UNKNOWN_LEVEL
    return levels


def evidenced_levels(spec: FrameworkSpec, inputs: Inputs, claimed: Mapping[str, int]) -> dict[str, int]:
    """The claimed levels, each at most what its evidence grade supports (Method, section 2)."""
    support, replies = spec.support, inputs.replies
    levels = {}
    for code, level in claimed.items():
        reply = replies[code]
        carried = support[reply.evidence if isinstance(reply, LevelReply) else UNKNOWN_GRADE]
        levels[code] = level if level < carried else carried
    return levels


def validated_levels(validated: Mapping[str, int], evidenced: Mapping[str, int]) -> dict[str, int]:
    """The reviewer's level where one was given to a scored question, else the evidenced one (section 2)."""
    return {code: validated.get(code, level) for code, level in evidenced.items()}


def not_applicable_codes(spec: FrameworkSpec, inputs: Inputs) -> frozenset[str]:
    """The questions replied to as not applicable."""
    return frozenset(code for code in spec.questions if isinstance(inputs.replies.get(code), NotApplicable))


def derived_dpmm(spec: FrameworkSpec, claimed: Mapping[str, int]) -> int | None:
    """The median of the claimed levels of the proxies, clamped to 1 to 4 (Method, section 4).

    None if any proxy is unscored.
    """
    proxies = spec.dpmm.proxies
    if not proxies or not all(code in claimed for code in proxies):
        return None
    median = sorted(claimed[code] for code in proxies)[len(proxies) // 2]  # their number is odd
    return min(max(median, LOWEST_DERIVED), HIGHEST_DERIVED)


def held_dpmm(spec: FrameworkSpec, inputs: Inputs, claimed: Mapping[str, int]) -> DpmmLevel | None:
    """The DPMM level of all readings: as stated, else derived, else None (Method, sections 2 and 4)."""
    if inputs.dpmm is not None:
        return DpmmLevel(level=inputs.dpmm.level, source=inputs.dpmm.source)
    derived = derived_dpmm(spec, claimed)
    return None if derived is None else DpmmLevel(level=derived, source=DERIVED)


def lay_ground(
    spec: FrameworkSpec, levels: Mapping[str, int], not_applicable: frozenset[str], dpmm: int | None
) -> Ground:
    """Count every dimension and put the ceilings of `dpmm` (1 to 5, or None) over it."""
    tallies = {
        dimension.code: tally_dimension(dimension, levels, not_applicable, spec.policy)
        for dimension in spec.dimensions
    }
    return _under_ceilings(spec, levels, not_applicable, dpmm, tallies)


def change_ground(
    spec: FrameworkSpec, ground: Ground, changes: Mapping[str, int], dpmm: int | None
) -> Ground:
    """The same ground with other levels for some scored questions and `dpmm` for the DPMM level.

    Equal to `lay_ground` with the changed levels, but counts only the dimensions touched.
    """
    levels = {**ground.levels, **changes}
    touched = {spec.dimension_of[code] for code in changes}
    tallies = {
        code: tally_dimension(spec.dimension_by_code[code], levels, ground.not_applicable, spec.policy)
        if code in touched
        else tally
        for code, tally in ground.tallies.items()
    }
    return _under_ceilings(spec, levels, ground.not_applicable, dpmm, tallies)


def tally_dimension(
    dimension: DimensionSpec, levels: Mapping[str, int], not_applicable: frozenset[str], policy: PolicySpec
) -> Tally:
    """Score and level of one dimension (Method, section 3)."""
    weight_at = [0] * (HIGHEST_LEVEL + 1)
    lowest_gate = NO_GATE
    missing = 0
    for question in dimension.questions:
        level = levels.get(question.code)
        if level is None:
            missing += question.code in not_applicable
            continue
        weight_at[level] += question.weight
        if question.gate and level < lowest_gate:
            lowest_gate = level
    weight = sum(weight_at)
    if not weight:
        return Tally(points=0, weight=0, level=None, left_out=missing == len(dimension.questions))
    level = min(_level_by_share(weight_at, weight, policy.threshold), lowest_gate + policy.gate_slack)
    if missing:
        level = min(level, policy.not_applicable_cap)
    points = sum(level_here * at for level_here, at in enumerate(weight_at))
    return Tally(points=points, weight=weight, level=level, left_out=False)


def _level_by_share(weight_at: Iterable[int], weight: int, threshold: Fraction) -> int:
    """The highest level that enough of the weight reaches; in whole numbers, so nothing is rounded."""
    reaching = 0
    for level, weight_here in reversed(list(enumerate(weight_at))):
        reaching += weight_here
        if reaching * threshold.denominator >= threshold.numerator * weight:
            return level
    return 0


def _under_ceilings(
    spec: FrameworkSpec,
    levels: Mapping[str, int],
    not_applicable: frozenset[str],
    dpmm: int | None,
    tallies: Mapping[str, Tally],
) -> Ground:
    sustained: dict[str, int | None] = {}
    ring_fenced: dict[str, int | None] = {}
    for code, tally in tallies.items():
        sustained[code] = ring_fenced[code] = level = tally.level
        if level is not None and dpmm is not None:
            ceiling = spec.ceilings[dpmm, code]
            sustained[code] = min(level, ceiling.sustained)
            ring_fenced[code] = min(level, ceiling.ring_fenced)
    return Ground(levels, not_applicable, dpmm, tallies, sustained, ring_fenced)


def index_of(spec: FrameworkSpec, ground: Ground, *, with_ceilings: bool) -> Fraction | None:
    """100 · Σ W·score / (5 · Σ W) over dimensions with a score, 0 to 100; None without any (section 5)."""
    # One fraction of whole numbers, reduced once at the end.
    over, under, weights = 0, 1, 0
    for dimension in spec.dimensions:
        tally = ground.tallies[dimension.code]
        if not tally.weight:
            continue
        points = tally.points
        if with_ceilings and ground.dpmm is not None:
            points = min(points, spec.ceilings[ground.dpmm, dimension.code].sustained * tally.weight)
        over = over * tally.weight + dimension.weight * points * under
        under *= tally.weight
        weights += dimension.weight
    return Fraction(100 * over, HIGHEST_LEVEL * weights * under) if weights else None
