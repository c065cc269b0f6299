"""Generated frameworks and what is told about them: small, valid, odd wherever the format allows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from assessments.engine.shapes import (
    DpmmStatement,
    Inputs,
    LevelReply,
    NotApplicable,
    PlanSettings,
    Reply,
    Unknown,
)
from frameworks.document.shapes import (
    ActionSpec,
    DimensionSpec,
    FrameworkSpec,
    PolicySpec,
    QuestionSpec,
    UseCaseSpec,
)
from tests.engine_builders import (
    AREAS,
    DIMENSIONS,
    make_action,
    make_dimension,
    make_flag,
    make_framework,
    make_question,
    make_use_case,
)

LEVELS = st.integers(0, 5)
ALL_SCORED = st.builds(LevelReply, LEVELS, st.sampled_from(["E0", "E3"])) | st.just(Unknown())
PLANT_5 = DpmmStatement(5, "assessed")
laws = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
THRESHOLDS = st.sampled_from([Fraction(1), Fraction(3, 4), Fraction(2, 3), Fraction(1, 2), Fraction(1, 10)])
SUPPORTS = st.sampled_from([(1, 2, 4, 5), (0, 0, 5, 5), (2, 2, 3, 3), (5, 5, 5, 5)])


def levels_of(spec: FrameworkSpec, inputs: Inputs) -> dict[str, int]:
    """Claimed levels, read off the replies."""
    return {
        code: reply.level if isinstance(reply, LevelReply) else 0
        for code, reply in inputs.replies.items()
        if not isinstance(reply, NotApplicable)
    }


def some_of(values: list[str], most: int) -> st.SearchStrategy[list[str]]:
    """Some of the values, each once; nothing where there is none to choose from."""
    return st.lists(st.sampled_from(values), max_size=most, unique=True) if values else st.just([])


@st.composite
def frameworks(draw: st.DrawFn) -> FrameworkSpec:
    """Five dimensions of two to four questions, up to three use cases, six actions and two flags."""
    dimensions = [_dimension(draw, code) for code in DIMENSIONS]
    codes = [question.code for dimension in dimensions for question in dimension.questions]
    ceilings = _ceilings(draw)
    proxies = draw(st.lists(st.sampled_from(codes), min_size=1, max_size=5, unique=True))
    spec = make_framework(
        dimensions,
        use_cases=[
            _use_case(draw, f"UC{number}", codes, ceilings) for number in range(draw(st.integers(0, 3)))
        ],
        actions=_actions(draw, codes),
        flags=[
            make_flag(
                f"F{number}",
                (draw(st.sampled_from(codes)), draw(LEVELS)),
                draw(st.dictionaries(st.sampled_from(codes), LEVELS, min_size=1, max_size=2)),
            )
            for number in range(draw(st.integers(0, 2)))
        ],
        proxies=proxies if len(proxies) % 2 else proxies[:-1],
        ceilings=ceilings,
        policy=PolicySpec(draw(THRESHOLDS), draw(st.integers(0, 5)), draw(LEVELS)),
    )
    grades = zip(spec.evidence_grades, draw(SUPPORTS), strict=True)
    return replace(
        spec, evidence_grades=tuple(replace(grade, supports=supports) for grade, supports in grades)
    )


def _dimension(draw: st.DrawFn, code: str) -> DimensionSpec:
    questions: list[QuestionSpec] = []
    for letter in "ABCD"[: draw(st.integers(2, 4))]:
        areas = tuple(draw(st.lists(st.sampled_from(AREAS), min_size=1, max_size=2, unique=True)))
        question = make_question(
            f"{code}-{letter}", draw(st.integers(1, 4)), gate=draw(st.booleans()), areas=areas
        )
        questions.append(replace(question, quick=letter in "AB"))
    return make_dimension(code, questions, draw(st.integers(1, 3)))


def _ceilings(draw: st.DrawFn) -> dict[tuple[int, str], tuple[int, int]]:
    """Rows that never fall as the plant level rises; level 5 sustains 5."""
    rows = {}
    for dimension in DIMENSIONS:
        sustained = [*sorted(draw(st.lists(LEVELS, min_size=4, max_size=4))), 5]
        above = sorted(draw(st.lists(st.integers(0, 2), min_size=5, max_size=5)))
        for dpmm, (level, more) in enumerate(zip(sustained, above, strict=True), start=1):
            rows[dpmm, dimension] = (level, min(level + more, 5))
    return rows


def _use_case(
    draw: st.DrawFn, code: str, codes: list[str], ceilings: Mapping[tuple[int, str], tuple[int, int]]
) -> UseCaseSpec:
    bounded, site_wide = sorted(draw(st.lists(st.integers(1, 5), min_size=2, max_size=2)))
    minima = {}
    for dimension in DIMENSIONS:
        carried = min(ceilings[bounded, dimension][1], ceilings[site_wide, dimension][0])
        minima[dimension] = draw(st.integers(0, carried))
    critical = draw(st.dictionaries(st.sampled_from(codes), st.none() | LEVELS, max_size=3))
    return make_use_case(code, minima, critical, bounded, site_wide)


def _actions(draw: st.DrawFn, codes: list[str]) -> list[ActionSpec]:
    actions: list[ActionSpec] = []
    for number in range(draw(st.integers(0, 6))):
        low, high = sorted(draw(st.lists(st.integers(1, 6), min_size=2, max_size=2)))
        start = draw(st.integers(0, 4))
        actions.append(
            make_action(
                f"A-{number}",
                draw(st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True)),
                (start, draw(st.integers(start + 1, 5))),
                (low, high),
                effort=draw(st.sampled_from("SML")),
                # Only earlier ones, so there is no cycle.
                prerequisites=draw(some_of([action.code for action in actions], 2)),
            )
        )
    return actions


REPLIES: st.SearchStrategy[Reply | None] = st.one_of(
    st.builds(LevelReply, LEVELS, st.sampled_from(["E0", "E1", "E2", "E3"])),
    st.builds(LevelReply, LEVELS, st.sampled_from(["E0", "E1", "E2", "E3"])),
    st.just(Unknown()),
    st.builds(NotApplicable, st.sampled_from(["There is none here.", 'Not "here", für uns.\n'])),
    st.none(),
)
STATEMENTS = st.none() | st.builds(
    DpmmStatement, st.integers(1, 5), st.sampled_from(["assessed", "estimated"])
)
PLANS = st.builds(
    PlanSettings,
    st.integers(1, 4),
    st.lists(st.integers(0, 12), max_size=5, unique=True).map(tuple),
)


@st.composite
def told(
    draw: st.DrawFn, /, spec: FrameworkSpec, replies: st.SearchStrategy[Reply | None] = REPLIES, **fixed: Any
) -> Inputs:
    """What one assessment tells about this framework; whatever is fixed is not drawn."""
    given = {code: draw(replies) for code in spec.questions}
    held = {code: reply for code, reply in given.items() if reply is not None}
    scored = [code for code, reply in held.items() if not isinstance(reply, NotApplicable)]
    chosen = some_of([use_case.code for use_case in spec.use_cases], 3)
    drawn: dict[str, Any] = {
        "dpmm": STATEMENTS,
        "validated": st.none() | st.fixed_dictionaries({}, optional=dict.fromkeys(scored, LEVELS)),
        "use_cases": chosen.map(tuple),
        "targets": st.dictionaries(st.sampled_from(DIMENSIONS), LEVELS),
        "plan": PLANS,
    }
    return Inputs(
        replies=held,
        **{key: fixed[key] if key in fixed else draw(strategy) for key, strategy in drawn.items()},
    )


@st.composite
def cases(
    draw: st.DrawFn, /, replies: st.SearchStrategy[Reply | None] = REPLIES, **fixed: Any
) -> tuple[FrameworkSpec, Inputs]:
    """A framework and what one assessment tells about it."""
    spec = draw(frameworks())
    return spec, draw(told(spec, replies, **fixed))
