"""Small frameworks for engine tests: five dimensions, one question each unless said otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from assessments.engine.shapes import Inputs, LevelReply, NotApplicable, Reply
from frameworks.document.shapes import (
    ActionSpec,
    AreaSpec,
    CeilingSpec,
    CriticalSpec,
    DimensionSpec,
    DpmmLevelSpec,
    DpmmSpec,
    FlagConditionSpec,
    FlagPartnerSpec,
    FlagSpec,
    FrameworkSpec,
    GradeSpec,
    ImpactClassSpec,
    LevelSpec,
    MinimumSpec,
    PolicySpec,
    QuestionSpec,
    ReferenceSpec,
    RoleSpec,
    UseCaseDpmmSpec,
    UseCaseSpec,
)

DIMENSIONS = ("D1", "D2", "D3", "D4", "D5")
AREAS = ("data", "governance", "operations", "partnerships")
NOT_HERE = NotApplicable("There is none at this site.")
# Ceilings of `make_framework`: DPMM level n sustains n and ring-fences n + 1, in every dimension.
PLAIN_CEILINGS = {
    (dpmm, dimension): (dpmm, min(dpmm + 1, 5)) for dpmm in range(1, 6) for dimension in DIMENSIONS
}
USUAL_POLICY = PolicySpec(threshold=Fraction(3, 4), gate_slack=1, not_applicable_cap=4)


def make_question(
    code: str, weight: int = 1, *, gate: bool = False, areas: tuple[str, ...] = ("data",)
) -> QuestionSpec:
    return QuestionSpec(
        code=code,
        title=code,
        text=f"How far is {code} in place?",
        why=f"Why {code} matters.",
        weight=weight,
        gate=gate,
        quick=False,
        not_applicable="There is none.",
        areas=areas,
        roles=("qa",),
        anchors=tuple(f"{code} at level {level}." for level in range(6)),
        evidence="Records.",
        references=("REF-1",),
    )


def make_dimension(code: str, questions: Iterable[QuestionSpec] = (), weight: int = 1) -> DimensionSpec:
    return DimensionSpec(
        code=code,
        name=code,
        short_name=code,
        weight=weight,
        summary=code,
        headlines=tuple(f"{code} at level {level}." for level in range(6)),
        questions=tuple(questions) or (make_question(f"{code}-A"),),
    )


def make_use_case(
    code: str,
    minima: int | Mapping[str, int],
    critical: Mapping[str, int | None] | None = None,
    bounded: int = 1,
    site_wide: int = 1,
) -> UseCaseSpec:
    """A whole number for the minima stands for all five dimensions; a mapping for some, the rest 0."""
    levels = dict.fromkeys(DIMENSIONS, minima) if isinstance(minima, int) else minima
    return UseCaseSpec(
        code=code,
        name=code,
        summary=code,
        impact_class="A",
        caveat=None,
        minima=tuple(MinimumSpec(dimension, levels.get(dimension, 0), "Needed.") for dimension in DIMENSIONS),
        critical=tuple(CriticalSpec(question, level) for question, level in (critical or {}).items()),
        dpmm=UseCaseDpmmSpec(bounded, site_wide, "Needed."),
        references=("REF-1",),
    )


def make_action(
    code: str,
    raises: Iterable[str],
    steps: tuple[int, int] = (0, 5),
    weeks: tuple[int, int] = (2, 2),
    *,
    effort: str = "S",
    prerequisites: Iterable[str] = (),
) -> ActionSpec:
    return ActionSpec(
        code=code,
        dimension="D1",
        from_level=steps[0],
        to_level=steps[1],
        title=code,
        task=code,
        deliverable=code,
        owner="Quality lead",
        roles=("qa",),
        effort=effort,
        weeks=weeks,
        prerequisites=tuple(prerequisites),
        area="data",
        raises=tuple(raises),
        references=("REF-1",),
    )


def make_flag(code: str, when: tuple[str, int], any_of: Mapping[str, int]) -> FlagSpec:
    partners = tuple(FlagPartnerSpec(question, at_most) for question, at_most in any_of.items())
    return FlagSpec(code, FlagConditionSpec(*when), partners, f"{code} contradicts.")


def make_framework(
    dimensions: Iterable[DimensionSpec] = (),
    *,
    use_cases: Iterable[UseCaseSpec] = (),
    actions: Iterable[ActionSpec] = (),
    flags: Iterable[FlagSpec] = (),
    proxies: Iterable[str] = (),
    ceilings: Mapping[tuple[int, str], tuple[int, int]] | None = None,
    policy: PolicySpec = USUAL_POLICY,
) -> FrameworkSpec:
    """Dimensions given take the place of the plain ones of the same code; the proxy is the first question."""
    given = {dimension.code: dimension for dimension in dimensions}
    whole = tuple(given.get(code) or make_dimension(code) for code in DIMENSIONS)
    proxies = tuple(proxies) or (whole[0].questions[0].code,)
    rows = tuple(
        CeilingSpec(dpmm, dimension, sustained, ring_fenced, "What the plant carries.")
        for (dpmm, dimension), (sustained, ring_fenced) in (ceilings or PLAIN_CEILINGS).items()
    )
    return FrameworkSpec(
        framework="small",
        title="Small",
        version="1.0",
        summary="For tests.",
        notice="For tests.",
        status_as_of="2026-09-30",
        levels=tuple(LevelSpec(level, f"Level {level}", "As it says.") for level in range(6)),
        areas=tuple(AreaSpec(code, code, code) for code in AREAS),
        roles=(RoleSpec("qa", "Quality assurance"),),
        evidence_grades=tuple(
            GradeSpec(f"E{number}", f"Grade {number}", "As it says.", supports)
            for number, supports in enumerate((1, 2, 4, 5))
        ),
        policy=policy,
        glossary=(),
        reading_rules=(),
        references=(ReferenceSpec("REF-1", "A standard", "A body", "final", "2024", "Be able to show it."),),
        dimensions=whole,
        dpmm=DpmmSpec(
            name="Plant model",
            owner="A body",
            version="1",
            levels=tuple(DpmmLevelSpec(level, f"Plant {level}", "As it says.") for level in range(1, 6)),
            proxies=proxies,
            ceilings=rows,
        ),
        impact_classes=tuple(ImpactClassSpec(code, code, code, code) for code in "ABCD"),
        use_cases=tuple(use_cases),
        actions=tuple(actions),
        flags=tuple(flags),
        content_digest="sha256:" + "0" * 64,
    )


def at_levels(**levels: int) -> dict[str, Reply]:
    """Replies by question code with `_` for `-`: `at_levels(D1_A=3)`."""
    return {code.replace("_", "-"): LevelReply(level) for code, level in levels.items()}


def all_at(spec: FrameworkSpec, level: int, **changes: Reply | int | None) -> dict[str, Reply]:
    """Every question at one level, but for the changes; None leaves a question unanswered."""
    replies: dict[str, Reply] = {code: LevelReply(level) for code in spec.questions}
    for name, reply in changes.items():
        code = name.replace("_", "-")
        if reply is None:
            del replies[code]
        else:
            replies[code] = LevelReply(reply) if isinstance(reply, int) else reply
    return replies


def raised(inputs: Inputs, question: str, level: int) -> Inputs:
    """The same inputs with another level for one question."""
    return with_replies(inputs, {**inputs.replies, question: LevelReply(level)})


def with_replies(inputs: Inputs, replies: Mapping[str, Reply]) -> Inputs:
    return Inputs(replies, inputs.dpmm, inputs.validated, inputs.use_cases, inputs.targets, inputs.plan)
