"""The frozen shapes that the engine is told and gives back: replies and settings in, results out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NoReturn, TypeVar

# Rises whenever a number could change for the same document and the same replies.
ENGINE_VERSION = "1"

LOWEST_GRADE = "E0"
DPMM_SOURCES = ("assessed", "estimated")  # stated by the site; a third, "derived", is the engine's own
DERIVED = "derived"
STANDINGS = ("unknown", "sustained", "bounded", "ahead")
VERDICTS = ("ready", "ready_bounded", "near", "premature")  # best first
WAVES = ("first", "second", "third", "later")
DEFAULT_CAPACITY = 4
REASON_CHARACTERS = 10  # the least that a reason for "not applicable" must have

Key = TypeVar("Key")
Value = TypeVar("Value")


class Table(dict[Key, Value]):
    """A read-only mapping that can be compared, hashed and pickled; results hold it sorted by code.

    A dict, since every save looks up hundreds of times.
    """

    __slots__ = ()

    def _refuse(self, *_args: object, **_named: object) -> NoReturn:
        raise TypeError("what the engine was told or gave back does not change")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    # The frozen shapes that hold tables are hashed by them.
    def __hash__(self) -> int:  # type: ignore[override]  # None in dict, which may change; a table never does
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[Table[Key, Value]], tuple[dict[Key, Value]]]:
        return type(self), (dict(self),)

    def __repr__(self) -> str:
        return f"Table({super().__repr__()})"


# --- What the engine is told (Method, sections 1, 2, 7, 8 and 10) ---


@dataclass(frozen=True, slots=True)
class LevelReply:
    level: int  # 0 to 5
    evidence: str = LOWEST_GRADE  # E0 to E3


@dataclass(frozen=True, slots=True)
class NotApplicable:
    reason: str  # at least ten characters


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody here can say: scored as level 0, grade E0."""


# A question without a reply is not in the mapping of replies.
Reply = LevelReply | NotApplicable | Unknown


@dataclass(frozen=True, slots=True)
class DpmmStatement:
    level: int  # 1 to 5
    source: str  # one of DPMM_SOURCES


@dataclass(frozen=True, slots=True)
class PlanSettings:
    capacity: int = DEFAULT_CAPACITY  # actions at once, at least 1
    blackout_weeks: tuple[int, ...] = ()  # counted from week 0; nothing starts in one


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that is told about one assessment; mappings given are copied, so that nothing can change them."""

    replies: Mapping[str, Reply] = field(default_factory=dict)  # by question code
    dpmm: DpmmStatement | None = None  # None: not known
    validated: Mapping[str, int] | None = None  # None: no review; empty: a review that changed nothing
    use_cases: tuple[str, ...] = ()  # those chosen
    targets: Mapping[str, int] = field(default_factory=dict)  # 0 to 5 by dimension, only those set by hand
    plan: PlanSettings = PlanSettings()

    def __post_init__(self) -> None:
        object.__setattr__(self, "replies", Table(self.replies))
        object.__setattr__(self, "targets", Table(self.targets))
        if self.validated is not None:
            object.__setattr__(self, "validated", Table(self.validated))


# --- Readings (sections 1 to 5) ---


@dataclass(frozen=True, slots=True)
class Completeness:
    replied: int  # level, not applicable or unknown
    asked: int
    unknown: tuple[str, ...]  # question codes
    not_applicable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DpmmLevel:
    level: int  # 1 to 5
    source: str  # assessed, estimated or derived


@dataclass(frozen=True, slots=True)
class Need:
    """A question that holds a dimension's next level back."""

    question: str
    have: int
    need: int


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """One dimension in one reading; `None` is "not scored" or, for the ceilings, "no DPMM level"."""

    code: str
    replied: int
    asked: int
    score: Fraction | None  # 0 to 5
    level: int | None  # 0 to 5
    sustained: int | None
    ring_fenced: int | None
    effective_level: int | None
    effective_score: Fraction | None
    standing: str | None  # one of STANDINGS
    why: tuple[Need, ...]

    @property
    def left_out(self) -> bool:
        """Whether every question is not applicable: all replied to, and yet none scored."""
        return self.level is None and self.replied == self.asked


@dataclass(frozen=True, slots=True)
class Reading:
    level: int | None  # 0 to 5
    index: Fraction | None  # 0 to 100
    index_without_ceilings: Fraction | None  # 0 to 100
    held_back: Fraction | None  # index points
    dimensions: Mapping[str, DimensionScore]  # by code
    areas: Mapping[str, Fraction | None]  # mean level by area code, 0 to 5

    @property
    def provisional(self) -> bool:
        """Whether there is an index, but one that lacks a dimension that is not left out."""
        return self.index is not None and any(
            dimension.score is None and not dimension.left_out for dimension in self.dimensions.values()
        )


@dataclass(frozen=True, slots=True)
class Readings:
    claimed: Reading
    evidenced: Reading
    validated: Reading | None  # None: no review


@dataclass(frozen=True, slots=True)
class Scores:
    """What sections 1 to 5 give."""

    completeness: Completeness
    dpmm: DpmmLevel | None
    readings: Readings


# --- Use cases (section 6) ---


@dataclass(frozen=True, slots=True)
class Blocker:
    kind: str  # dimension, question or dpmm
    code: str | None  # None for dpmm
    have: int | None
    need: int


@dataclass(frozen=True, slots=True)
class Verdict:
    verdict: str  # one of VERDICTS
    blockers: tuple[Blocker, ...]  # all that is short of "ready"


# --- Gaps (section 7) ---


@dataclass(frozen=True, slots=True)
class FoundationGap:
    dimension: str
    dpmm_have: int
    dpmm_need: int


@dataclass(frozen=True, slots=True)
class Gap:
    question: str
    have: int
    target: int
    gap: int
    priority: int


@dataclass(frozen=True, slots=True)
class Gaps:
    foundation: tuple[FoundationGap, ...]
    questions: tuple[Gap, ...]  # by priority, then code
    unanswered: tuple[str, ...]  # of dimensions with a target
    areas: Mapping[str, int]  # weight times gap by primary area, only totals above 0


# --- Roadmap (section 8) ---


@dataclass(frozen=True, slots=True)
class Step:
    """One action in the plan; `end` is the first week in which it no longer runs."""

    action: str
    start: int  # week, from 0
    end: int
    wave: str  # one of WAVES
    rate: Fraction  # priority per day of effort
    because: tuple[str, ...]  # questions served or, where none is, the actions that wait for it


@dataclass(frozen=True, slots=True)
class AnchorTask:
    question: str
    from_level: int
    to_level: int  # the anchor of this level is the task


@dataclass(frozen=True, slots=True)
class ProjectionPoint:
    week: int
    index: Fraction | None  # 0 to 100
    level: int | None
    verdicts: Mapping[str, str]  # by use case, only those that differ from the point before


@dataclass(frozen=True, slots=True)
class Roadmap:
    actions: tuple[Step, ...]  # by start, then rate descending, then code
    anchor_tasks: tuple[AnchorTask, ...]
    waived: tuple[str, ...]
    critical_path: tuple[str, ...]
    projection: tuple[ProjectionPoint, ...]


# --- What the result hangs on (section 9) ---


@dataclass(frozen=True, slots=True)
class LoadBearing:
    question: str
    direction: str  # down or up
    changes: tuple[str, ...]  # "level", then dimensions, then use cases


@dataclass(frozen=True, slots=True)
class Flag:
    rule: str
    text: str


# --- All in a row ---


@dataclass(frozen=True, slots=True)
class BriefResults:
    """What the reply to a save needs."""

    completeness: Completeness
    dpmm: DpmmLevel | None
    readings: Readings
    verdicts: Mapping[str, str]  # by use case, without what is short of the best one


@dataclass(frozen=True, slots=True)
class Results:
    engine: str
    framework: str
    version: str
    content_digest: str
    completeness: Completeness
    dpmm: DpmmLevel | None
    readings: Readings
    use_cases: Mapping[str, Verdict]  # every use case of the version
    targets: Mapping[str, int]  # by dimension, only those with a target
    gaps: Gaps
    roadmap: Roadmap
    load_bearing: tuple[LoadBearing, ...]
    flags: tuple[Flag, ...]

    @property
    def verdicts(self) -> dict[str, str]:
        """By use case, as brief results have them."""
        return {code: found.verdict for code, found in self.use_cases.items()}
