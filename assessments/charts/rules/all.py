"""All rules in the order in which their sentences are read: what weighs most comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from assessments.charts.rules import ground, plan, plant, review, standing, uses
from assessments.charts.rules.shapes import DECISION, LIMIT, STRENGTH, Case, Finding
from assessments.engine.record import AssessmentRecord
from assessments.engine.shapes import Results
from frameworks.document.shapes import FrameworkSpec

Rule = Callable[[Case], Iterator[Finding]]
RULES: tuple[Rule, ...] = (
    standing.level,
    standing.readings,
    standing.index,
    ground.incomplete,
    ground.rests_on_unknown,
    ground.answer_rest,
    plant.no_plant,
    plant.state_plant,
    plant.plant_spans,
    standing.plant_limits,
    plant.above_plant,
    plant.ahead,
    plant.plant_carries,
    plant.plant_step,
    standing.next_levels,
    standing.capped,
    ground.gates_unanswered,
    ground.unknown,
    ground.left_out,
    ground.reviewed,
    ground.validated_apart,
    review.review_below,
    review.review_undone,
    ground.evidence_short,
    ground.evidence_holds,
    ground.contradictions,
    uses.verdicts,
    review.by_claims,
    uses.chosen_ready,
    uses.one_step_away,
    uses.blocks_most,
    uses.keep_bounded,
    plant.foundation,
    plan.gaps,
    plan.firm,
    plan.plan,
    plan.plan_reaches,
    plan.no_action,
    plan.projected,
    plan.largest_step,
    plan.longest_chain,
    plan.anchor_tasks,
    ground.load_bearing,
    ground.without_evidence,
    ground.highest_answers,
    ground.lowest_area,
)
# The rules that headings print where the answers are not at hand.
HEADS: tuple[Rule, ...] = (
    standing.level,
    ground.rests_on_unknown,
    plant.plant_spans,
    plant.above_plant,
    plant.plant_carries,
    plan.gaps,
    plan.plan,
    plan.no_action,
    plan.projected,
    plan.longest_chain,
    plan.anchor_tasks,
)
# What there is to decide, the most urgent first; the gap that comes first is one of them where it is named.
DECIDE = (
    "answer_rest",
    "state_plant",
    "no_targets",
    "longest_chain",
    "largest_step",
    "foundation",
    "plant_step",
    "keep_bounded",
    "one_step_away",
    "evidence_holds",
)


def heads_of(spec: FrameworkSpec, results: Results) -> dict[str, Finding]:
    """By the code of its rule, what headings say of results alone: no rule here reads answers or uses."""
    case = Case(spec, results, (), ())
    return {finding.code: finding for rule in HEADS for finding in rule(case)}


def findings_of(
    spec: FrameworkSpec, record: AssessmentRecord, results: Results, disputed: int = 0
) -> tuple[Finding, ...]:
    """Every sentence that is true of these results, what weighs most first; each at most once but for
    `next_level`, of which there is one for each dimension that sets the level."""
    case = Case(
        spec,
        results,
        record.answers,
        record.use_cases,
        record.review,
        disputed,
        record.plan.begins_on,
        is_draft=not record.submitted_at,
    )
    return tuple(finding for rule in RULES for finding in rule(case))


def said_of(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> dict[str, Finding]:
    """Every finding by the code of its rule, for headings; of several of one rule the last."""
    return {finding.code: finding for finding in findings_of(spec, record, results)}


def strengths_of(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """What speaks for the site."""
    return tuple(row for row in found if row.tone == STRENGTH)


def limits_of(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """What holds the site back or makes the result less sure."""
    return tuple(row for row in found if row.tone == LIMIT)


def decisions_of(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """What there is to decide, the most urgent first."""
    return tuple(sorted((row for row in found if row.tone == DECISION), key=_urgency))


def _urgency(finding: Finding) -> int:
    return DECIDE.index(finding.code)
