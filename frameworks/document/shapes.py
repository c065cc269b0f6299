"""The frozen shapes that a framework document becomes once it is read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

LEVELS = range(6)
DPMM_LEVELS = range(1, 6)


@dataclass(frozen=True)
class LevelSpec:
    level: int  # 0 to 5
    name: str
    summary: str


@dataclass(frozen=True)
class AreaSpec:
    code: str
    name: str
    summary: str


@dataclass(frozen=True)
class RoleSpec:
    code: str
    name: str


@dataclass(frozen=True)
class GradeSpec:
    grade: str  # E0 to E3
    name: str
    summary: str
    supports: int  # the highest level this grade can carry


@dataclass(frozen=True)
class PolicySpec:
    threshold: Fraction  # share of weight that a level needs, above 0 and at most 1
    gate_slack: int
    not_applicable_cap: int


@dataclass(frozen=True)
class TermSpec:
    term: str
    meaning: str


@dataclass(frozen=True)
class ReferenceSpec:
    code: str
    title: str
    issuer: str
    status: str
    status_text: str
    requirement: str


@dataclass(frozen=True)
class QuestionSpec:
    code: str
    title: str
    text: str
    why: str
    weight: int
    gate: bool
    quick: bool
    not_applicable: str | None  # the condition in words; None where the reply is not allowed
    areas: tuple[str, ...]  # the first is the primary one
    roles: tuple[str, ...]
    anchors: tuple[str, ...]  # six, level 0 to 5
    evidence: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class DimensionSpec:
    code: str
    name: str
    short_name: str
    weight: int
    summary: str
    headlines: tuple[str, ...]  # six, level 0 to 5
    questions: tuple[QuestionSpec, ...]

    @cached_property
    def gates_first(self) -> tuple[QuestionSpec, ...]:
        """The questions in the order in which what holds a level back is told: gates, then by weight."""
        return tuple(sorted(self.questions, key=lambda held: (not held.gate, -held.weight, held.code)))


@dataclass(frozen=True)
class DpmmLevelSpec:
    level: int  # 1 to 5
    name: str
    reading: str


@dataclass(frozen=True)
class CeilingSpec:
    dpmm: int
    dimension: str
    sustained: int
    ring_fenced: int
    because: str


@dataclass(frozen=True)
class DpmmSpec:
    name: str
    owner: str
    version: str
    levels: tuple[DpmmLevelSpec, ...]
    proxies: tuple[str, ...]
    ceilings: tuple[CeilingSpec, ...]


@dataclass(frozen=True)
class ImpactClassSpec:
    code: str
    name: str
    meaning: str
    view: str


@dataclass(frozen=True)
class MinimumSpec:
    dimension: str
    level: int
    because: str


@dataclass(frozen=True)
class CriticalSpec:
    question: str
    level: int | None  # None: the minimum of the question's dimension


@dataclass(frozen=True)
class UseCaseDpmmSpec:
    bounded: int
    site_wide: int
    because: str


@dataclass(frozen=True)
class UseCaseSpec:
    code: str
    name: str
    summary: str
    impact_class: str
    caveat: str | None
    minima: tuple[MinimumSpec, ...]
    critical: tuple[CriticalSpec, ...]
    dpmm: UseCaseDpmmSpec
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """What one use case asks for, every default filled in; pairs are (code, level), by code."""

    use_case: str
    minima: tuple[tuple[str, int], ...]  # dimensions
    critical: tuple[tuple[str, int], ...]  # questions
    critical_codes: frozenset[str]
    bounded: int  # DPMM level, 1 to 5
    site_wide: int


@dataclass(frozen=True)
class ActionSpec:
    code: str
    dimension: str
    from_level: int  # `from` in the document
    to_level: int  # `to` in the document
    title: str
    task: str
    deliverable: str
    owner: str
    roles: tuple[str, ...]  # the first leads
    effort: str  # S, M or L
    weeks: tuple[int, int]  # low, high
    prerequisites: tuple[str, ...]
    area: str
    raises: tuple[str, ...]
    references: tuple[str, ...]

    @property
    def lead(self) -> str:
        """The role that owns it, to which its effort is counted."""
        return self.roles[0]


@dataclass(frozen=True)
class FlagConditionSpec:
    question: str
    at_least: int


@dataclass(frozen=True)
class FlagPartnerSpec:
    question: str
    at_most: int


@dataclass(frozen=True)
class FlagSpec:
    code: str
    when: FlagConditionSpec
    any_of: tuple[FlagPartnerSpec, ...]
    text: str


@dataclass(frozen=True)
class FrameworkSpec:
    """One version of a framework, checked; look-ups by code are made once and kept."""

    framework: str
    title: str
    version: str
    summary: str
    notice: str
    status_as_of: str  # ISO date
    levels: tuple[LevelSpec, ...]
    areas: tuple[AreaSpec, ...]
    roles: tuple[RoleSpec, ...]
    evidence_grades: tuple[GradeSpec, ...]
    policy: PolicySpec
    glossary: tuple[TermSpec, ...]
    reading_rules: tuple[str, ...]
    references: tuple[ReferenceSpec, ...]
    dimensions: tuple[DimensionSpec, ...]
    dpmm: DpmmSpec
    impact_classes: tuple[ImpactClassSpec, ...]
    use_cases: tuple[UseCaseSpec, ...]
    actions: tuple[ActionSpec, ...]
    flags: tuple[FlagSpec, ...]
    content_digest: str  # "sha256:…" of the canonical document (framework-document format)

    @cached_property
    def questions(self) -> dict[str, QuestionSpec]:
        """Every question by code, in document order."""
        return {question.code: question for dimension in self.dimensions for question in dimension.questions}

    @cached_property
    def dimension_of(self) -> dict[str, str]:
        """The dimension's code by question code."""
        return {
            question.code: dimension.code for dimension in self.dimensions for question in dimension.questions
        }

    @cached_property
    def dimension_by_code(self) -> dict[str, DimensionSpec]:
        return {dimension.code: dimension for dimension in self.dimensions}

    @cached_property
    def support(self) -> dict[str, int]:
        """The highest level that each evidence grade carries."""
        return {grade.grade: grade.supports for grade in self.evidence_grades}

    @cached_property
    def ceilings(self) -> dict[tuple[int, str], CeilingSpec]:
        """The crosswalk by (DPMM level, dimension code)."""
        return {(row.dpmm, row.dimension): row for row in self.dpmm.ceilings}

    @cached_property
    def crosswalk(self) -> tuple[tuple[DpmmLevelSpec, tuple[CeilingSpec, ...]], ...]:
        """Each DPMM level with its ceilings, the dimensions in document order."""
        return tuple(
            (level, tuple(self.ceilings[level.level, dimension.code] for dimension in self.dimensions))
            for level in self.dpmm.levels
        )

    @cached_property
    def use_case_by_code(self) -> dict[str, UseCaseSpec]:
        return {use_case.code: use_case for use_case in self.use_cases}

    @cached_property
    def demands(self) -> dict[str, Demand]:
        """What each use case asks for, by code (Method, section 6)."""
        return {use_case.code: self._demand_of(use_case) for use_case in self.use_cases}

    def _demand_of(self, use_case: UseCaseSpec) -> Demand:
        minima = {minimum.dimension: minimum.level for minimum in use_case.minima}
        critical = {
            named.question: minima[self.dimension_of[named.question]] if named.level is None else named.level
            for named in use_case.critical
        }
        return Demand(
            use_case=use_case.code,
            minima=tuple(sorted(minima.items())),
            critical=tuple(sorted(critical.items())),
            critical_codes=frozenset(critical),
            bounded=use_case.dpmm.bounded,
            site_wide=use_case.dpmm.site_wide,
        )

    @cached_property
    def action_by_code(self) -> dict[str, ActionSpec]:
        return {action.code: action for action in self.actions}

    @cached_property
    def reference_by_code(self) -> dict[str, ReferenceSpec]:
        return {reference.code: reference for reference in self.references}
