"""What a reviewer's level would do: the validated reading for each level that one answer could be given."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from assessments.engine.ground import (
    HIGHEST_LEVEL,
    change_ground,
    evidenced_levels,
    index_of,
    lay_ground,
    validated_levels,
)
from assessments.engine.score import claimed_ground
from assessments.engine.shapes import Inputs
from frameworks.document.shapes import FrameworkSpec


@dataclass(frozen=True, slots=True)
class Effect:
    """The validated reading if the question is given this level."""

    level: int  # 0 to 5, of the question
    dimension: int | None  # level of its dimension, before the ceiling
    counts: int | None  # the same under the ceiling
    site: int | None  # level of the whole
    index: Fraction | None  # 0 to 100


def effects_of(spec: FrameworkSpec, inputs: Inputs, question: str) -> tuple[Effect, ...]:
    """One effect for each level from 0 to 5, the other answers as decided so far (Method, sections 2 to 5).

    `inputs.validated` holds the levels set so far; all else counts as evidenced. Empty for a question
    that is not scored, which no level can be given to.
    """
    claimed = claimed_ground(spec, inputs)
    if question not in claimed.levels:
        return ()
    levels = validated_levels(inputs.validated or {}, evidenced_levels(spec, inputs, claimed.levels))
    ground = lay_ground(spec, levels, claimed.not_applicable, claimed.dpmm)
    code = spec.dimension_of[question]
    found = []
    for level in range(HIGHEST_LEVEL + 1):
        after = change_ground(spec, ground, {question: level}, ground.dpmm)
        found.append(
            Effect(
                level=level,
                dimension=after.tallies[code].level,
                counts=after.sustained[code],
                site=after.level,
                index=index_of(spec, after, with_ceilings=True),
            )
        )
    return tuple(found)
