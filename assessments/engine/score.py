"""From replies to readings: dimension scores and levels, the ceiling of the digital plant, the whole."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from assessments.engine.ground import (
    HIGHEST_LEVEL,
    Ground,
    claimed_levels,
    evidenced_levels,
    held_dpmm,
    index_of,
    lay_ground,
    not_applicable_codes,
    validated_levels,
)
from assessments.engine.shapes import (
    Completeness,
    DimensionScore,
    Inputs,
    Need,
    NotApplicable,
    Reading,
    Readings,
    Scores,
    Table,
    Unknown,
)
from frameworks.document.shapes import DimensionSpec, FrameworkSpec, PolicySpec


def score(spec: FrameworkSpec, inputs: Inputs) -> Scores:
    """Completeness, DPMM level and the two or three readings (Method, sections 1 to 5).

    Scores are exact: 0 to 5 for a dimension, 0 to 100 for an index, None where nothing is scored.
    """
    return score_on(spec, inputs, claimed_ground(spec, inputs))


def claimed_ground(spec: FrameworkSpec, inputs: Inputs) -> Ground:
    """The claimed reading as ground: what sections 6 to 9 stand on."""
    levels = claimed_levels(spec, inputs)
    dpmm = held_dpmm(spec, inputs, levels)
    return lay_ground(spec, levels, not_applicable_codes(spec, inputs), dpmm.level if dpmm else None)


def score_on(spec: FrameworkSpec, inputs: Inputs, claimed: Ground) -> Scores:
    """`score` where the claimed ground is already laid."""
    evidenced = evidenced_levels(spec, inputs, claimed.levels)
    validated = None
    if inputs.validated is not None:
        validated = _read(
            spec, inputs, _ground_like(spec, claimed, validated_levels(inputs.validated, evidenced))
        )
    return Scores(
        completeness=count_replies(spec, inputs),
        dpmm=held_dpmm(spec, inputs, claimed.levels),
        readings=Readings(
            claimed=_read(spec, inputs, claimed),
            evidenced=_read(spec, inputs, _ground_like(spec, claimed, evidenced)),
            validated=validated,
        ),
    )


def count_replies(spec: FrameworkSpec, inputs: Inputs) -> Completeness:
    """Replies given of questions asked, with the codes of two kinds of them (Method, section 1)."""
    given = [(code, inputs.replies[code]) for code in spec.questions if code in inputs.replies]
    return Completeness(
        replied=len(given),
        asked=len(spec.questions),
        unknown=tuple(sorted(code for code, reply in given if isinstance(reply, Unknown))),
        not_applicable=tuple(sorted(code for code, reply in given if isinstance(reply, NotApplicable))),
    )


def _ground_like(spec: FrameworkSpec, claimed: Ground, levels: Mapping[str, int]) -> Ground:
    """Another reading of the same replies: other levels, the same DPMM level."""
    return lay_ground(spec, levels, claimed.not_applicable, claimed.dpmm)


def _read(spec: FrameworkSpec, inputs: Inputs, ground: Ground) -> Reading:
    index = index_of(spec, ground, with_ceilings=True)
    free_index = index_of(spec, ground, with_ceilings=False)
    return Reading(
        level=ground.level,
        index=index,
        index_without_ceilings=free_index,
        held_back=None if index is None or free_index is None else free_index - index,
        dimensions=Table(
            {
                dimension.code: _score_dimension(spec, inputs, dimension, ground)
                for dimension in sorted(spec.dimensions, key=lambda dimension: dimension.code)
            }
        ),
        areas=_mean_levels(spec, ground.levels),
    )


def _score_dimension(
    spec: FrameworkSpec, inputs: Inputs, dimension: DimensionSpec, ground: Ground
) -> DimensionScore:
    tally = ground.tallies[dimension.code]
    ceiling = None if ground.dpmm is None else spec.ceilings[ground.dpmm, dimension.code]
    sustained = ceiling.sustained if ceiling else None
    ring_fenced = ceiling.ring_fenced if ceiling else None
    points = tally.score
    if points is None or sustained is None:
        effective_score = points
    else:
        effective_score = min(points, Fraction(sustained))
    return DimensionScore(
        code=dimension.code,
        replied=sum(question.code in inputs.replies for question in dimension.questions),
        asked=len(dimension.questions),
        score=points,
        level=tally.level,
        sustained=sustained,
        ring_fenced=ring_fenced,
        effective_level=ground.sustained[dimension.code],
        effective_score=effective_score,
        standing=_standing(tally.level, sustained, ring_fenced),
        why=_holding_back(dimension, ground.levels, tally.level, spec.policy),
    )


def _standing(level: int | None, sustained: int | None, ring_fenced: int | None) -> str | None:
    """How the level stands to the two ceilings (Method, section 4)."""
    if level is None:
        return None
    if sustained is None or ring_fenced is None:
        return "unknown"
    if level <= sustained:
        return "sustained"
    return "bounded" if level <= ring_fenced else "ahead"


def _holding_back(
    dimension: DimensionSpec, levels: Mapping[str, int], level: int | None, policy: PolicySpec
) -> tuple[Need, ...]:
    """The questions that hold the next level back (Method, section 3, *why*)."""
    if level is None or level == HIGHEST_LEVEL:
        return ()
    scored = [
        (question, levels[question.code]) for question in dimension.gates_first if question.code in levels
    ]
    need = level + 1
    reaching = sum(question.weight for question, have in scored if have >= need)
    weight = sum(question.weight for question, _have in scored)
    if reaching * policy.threshold.denominator >= policy.threshold.numerator * weight:
        need -= policy.gate_slack
        scored = [(question, have) for question, have in scored if question.gate]
    return tuple(Need(question.code, have, need) for question, have in scored if have < need)


def _mean_levels(spec: FrameworkSpec, levels: Mapping[str, int]) -> Table[str, Fraction | None]:
    """The mean level of each gap area, weighted by question, without ceilings (Method, section 5)."""
    points = dict.fromkeys(sorted(area.code for area in spec.areas), 0)
    weights = dict.fromkeys(points, 0)
    questions = spec.questions
    for code, level in levels.items():
        question = questions[code]
        weight = question.weight
        for area in question.areas:
            points[area] += weight * level
            weights[area] += weight
    return Table({area: Fraction(points[area], weights[area]) if weights[area] else None for area in points})
