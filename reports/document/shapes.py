"""The frozen shapes of a report's content: values, codes and drawings; words belong to the templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assessments.charts.findings import UseRow, Why
from assessments.charts.levels import HeatCell, LadderRow
from assessments.charts.planning import GapRow
from assessments.charts.rules import Finding
from assessments.engine.record import AnswerRecord, AssessmentRecord, RevisionRecord
from assessments.engine.review import DecisionRecord, InquiryRecord, ReviewRecord, StanceRecord
from assessments.engine.shapes import AnchorTask, Gap, Results
from frameworks.document.shapes import (
    ActionSpec,
    AreaSpec,
    DimensionSpec,
    DpmmLevelSpec,
    FrameworkSpec,
    GradeSpec,
    QuestionSpec,
    ReferenceSpec,
    UseCaseSpec,
)
from reports.document.drawing import Drawing


@dataclass(frozen=True, slots=True)
class Facts:
    """What identifies the report: state, days and moments (wall time of the site), digests."""

    is_draft: bool
    digest: str  # SHA-256 of what is printed, in hex
    seal: str  # its first twelve digits, in groups of four
    created_on: date
    submitted_at: datetime | None
    reviewed_at: datetime | None
    asked_at: datetime | None  # when this report was asked for
    dpmm_on: date | None
    status_as_of: date
    contributors: tuple[tuple[str, tuple[str, ...]], ...]  # names by role; reviewers, and who answered


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One deed that made a revision what it is."""

    step: RevisionRecord
    at: datetime | None  # wall time of the site


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of the summary, and the anchor of the page that shows it."""

    finding: Finding
    section: str


@dataclass(frozen=True, slots=True)
class ChosenUse:
    """A chosen use: its verdict today, and the weeks in which the plan changes it."""

    use_case: UseCaseSpec
    verdict: str
    changes: tuple[tuple[str, int], ...]  # (verdict, week)


@dataclass(frozen=True, slots=True)
class Summary:
    headline: dict[str, Any]  # assessments.charts.findings.headline
    plant_limits: bool  # whether the ceilings alone make the level of the site lower
    index_bar: Drawing
    ladder: Drawing
    said: Mapping[str, Finding]  # every finding by the code of its rule, for the headings
    findings: tuple[Told, ...]
    decisions: tuple[Told, ...]
    without_evidence: int  # answers above what their evidence grade carries


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One dimension as a row: its levels and the text of each level that it claims, counts and aims at."""

    dimension: DimensionSpec
    row: LadderRow
    left_out: bool
    claimed_text: str
    counts_text: str
    target_text: str


@dataclass(frozen=True, slots=True)
class GradeCount:
    grade: GradeSpec
    counts: tuple[int, ...]  # by dimension
    total: int


@dataclass(frozen=True, slots=True)
class EvidenceShort:
    """One answer whose evidence carries less than it claims and so holds the evidenced level back."""

    question: QuestionSpec
    claimed: int
    grade: str
    carried: int
    need: int  # the level that the next evidenced level of its dimension asks for


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many questions are in a state, by dimension; every question where the state is empty."""

    state: str
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What the result rests on."""

    heat: tuple[tuple[str, str, tuple[HeatCell, ...]], ...]
    grades: tuple[GradeCount, ...]
    ungraded: tuple[StateCount, ...]  # questions without a level, by state, only those that there are
    asked: StateCount  # all questions
    load_bearing: tuple[dict[str, Any], ...]
    falling: int  # answers of which one level less changes a level or a verdict
    rising: int  # answers of which one level more does
    evidence_short: tuple[tuple[LadderRow, tuple[EvidenceShort, ...]], ...]  # by dimension
    contradictions: tuple[dict[str, Any], ...]
    answers: dict[str, AnswerRecord]  # by question
    unknown: tuple[QuestionSpec, ...]
    not_applicable: tuple[QuestionSpec, ...]
    unanswered: tuple[QuestionSpec, ...]
    flagged: tuple[QuestionSpec, ...]


@dataclass(frozen=True, slots=True)
class PlantRow:
    level: DpmmLevelSpec
    is_here: bool
    ceilings: tuple[tuple[int, int], ...]  # (sustained, ring-fenced) by dimension


@dataclass(frozen=True, slots=True)
class ProxyRow:
    """A question that describes the digital plant: today, and what the plan makes of it."""

    question: QuestionSpec
    today: int | None
    after: int | None
    action: ActionSpec | None
    week: int | None  # at the end of which the action is done


@dataclass(frozen=True, slots=True)
class CeilingRow:
    """What the ceiling takes from one dimension, and the DPMM level that lifts it next."""

    row: LadderRow
    counted_score: str | None  # the score under the ceiling, one decimal
    lifted: tuple[DpmmLevelSpec, int] | None


@dataclass(frozen=True, slots=True)
class Plant:
    level: DpmmLevelSpec | None
    source: str  # assessed, estimated, derived or empty
    lowest: int | None  # of the ceilings at this level
    highest: int | None
    rows: tuple[PlantRow, ...]
    lowered: tuple[Why, ...]
    counted: int  # dimensions that have a level
    ceilings: tuple[CeilingRow, ...]
    foundation: dict[str, Any] | None
    proxies: tuple[ProxyRow, ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One level that the reviewers set; moments are wall time of the site, as all here."""

    question: QuestionSpec
    answer: AnswerRecord
    evidenced: int | None
    decision: DecisionRecord
    at: datetime | None
    stance: StanceRecord | None  # the owner's answer to it
    stance_at: datetime | None


@dataclass(frozen=True, slots=True)
class AskedRow:
    """What the reviewers asked about an answer, and the reply."""

    inquiry: InquiryRecord
    asked_at: datetime | None
    replied_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewedAnswer:
    """What the review says of one answer."""

    decision: DecisionRecord
    at: datetime | None
    level_name: str  # of the level set
    change: ChangeRow | None
    asked: tuple[AskedRow, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """All own words, for the room that they take."""
        stance = self.change.stance if self.change else None
        return (
            self.decision.reason,
            self.decision.pointer,
            stance.text if stance else "",
            *(text for row in self.asked for text in (row.inquiry.text, row.inquiry.reply)),
        )


@dataclass(frozen=True, slots=True)
class ReviewPart:
    """A finished review as a whole."""

    review: ReviewRecord
    started_at: datetime
    finished_at: datetime
    changes: tuple[ChangeRow, ...]
    disputed: int  # changes that the owner disagrees with
    unanswered: int  # changes that the owner has not answered


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question of a dimension: its evidence, its gap where it has one, and the level of its answer."""

    question: QuestionSpec
    grade: str  # the grade given, empty where there is no level
    gap: Gap | None
    level: int | None
    carried: int | None  # what its evidence carries of it


@dataclass(frozen=True, slots=True)
class RoleEffort:
    """The actions of the plan that one role leads."""

    name: str
    actions: int
    efforts: tuple[tuple[str, int], ...]  # (S, M or L, actions)
    first_week: int  # counted from 1
    last_week: int


@dataclass(frozen=True, slots=True)
class DimensionPart:
    """The pages of one dimension."""

    dimension: DimensionSpec
    why: Why
    row: LadderRow
    ladder: Drawing
    stairs: Drawing
    actions: tuple[dict[str, Any], ...]  # rows of the plan that raise a question of this dimension
    changes: tuple[ChangeRow, ...]  # levels that a review set
    questions: tuple[QuestionRow, ...]
    next_text: str  # what the next level says of a site, empty where there is none

    @property
    def unbacked(self) -> tuple[QuestionRow, ...]:
        """Its answers that claim more than their evidence carries."""
        return tuple(row for row in self.questions if (row.level or 0) > (row.carried or 0))

    @property
    def gaps(self) -> int:
        """How many of its questions have a gap."""
        return sum(row.gap is not None for row in self.questions)


@dataclass(frozen=True, slots=True)
class Plan:
    """The roadmap: drawings, sheets and what has no action."""

    start_on: date | None
    blackouts: tuple[int, ...]  # weeks counted from 1
    last_week: int
    last_index: int | None
    last_level: int | None
    projection: Drawing | None
    charts: tuple[Drawing, ...]
    waves: tuple[dict[str, Any], ...]
    critical: tuple[ActionSpec, ...]
    efforts: tuple[RoleEffort, ...]
    whole_effort: RoleEffort | None  # of all roles together; None without an action
    points: tuple[dict[str, Any], ...]
    anchor_tasks: tuple[tuple[QuestionSpec, AnchorTask, str], ...]
    waived: tuple[ActionSpec, ...]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer as typed."""

    question: QuestionSpec
    answer: AnswerRecord
    level_name: str
    anchor: str  # what the chosen level says
    grade: GradeSpec | None
    at: datetime | None  # wall time of the site
    is_long: bool  # may break over pages
    reviewed: ReviewedAnswer | None  # once a review is finished


@dataclass(frozen=True, slots=True)
class AnswerPart:
    dimension: DimensionSpec
    rows: tuple[AnswerRow, ...]
    replied: int


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report."""

    spec: FrameworkSpec
    record: AssessmentRecord
    results: Results
    facts: Facts
    revisions: tuple[RevisionRow, ...]  # oldest first
    cover: Drawing
    key: Drawing  # the marks of the ladders
    summary: Summary
    chosen: tuple[ChosenUse, ...]
    profile: tuple[ProfileRow, ...]
    radar: Drawing | None
    ground: Ground
    review: ReviewPart | None
    plant: Plant
    dimensions: tuple[DimensionPart, ...]
    uses: tuple[tuple[str, tuple[UseRow, ...]], ...]  # by verdict
    gaps: tuple[GapRow, ...]
    unanswered_gaps: tuple[QuestionSpec, ...]
    areas: tuple[
        tuple[AreaSpec, str | None, int | None], ...
    ]  # mean level, one decimal; weight times distance
    targets: tuple[tuple[DimensionSpec, int], ...]
    plan: Plan
    answers: tuple[AnswerPart, ...]
    references: tuple[ReferenceSpec, ...]  # those that chosen uses, gaps and planned actions name
