"""How far the actions of a plan raise the questions with a gap, and which of them start too early."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.engine.shapes import Gap, Results, Step
from frameworks.document.shapes import ActionSpec, FrameworkSpec, QuestionSpec


@dataclass(frozen=True, slots=True)
class Work:
    """What an action does to one gap: the level that it raises the question to, at most the target."""

    question: QuestionSpec
    to: int
    target: int


@dataclass(frozen=True, slots=True)
class Early:
    """A gap question that stands below the level from which an action starts when that action starts."""

    question: QuestionSpec
    starts_from: int
    held: int  # what the plan has of it then
    late: tuple[ActionSpec, ...]  # what would raise it until there and has not ended by then, in plan order


def raised_by(spec: FrameworkSpec, found: Results, gap: Gap) -> ActionSpec | None:
    """Of the actions that serve a gap the first to end that reaches its target, else the one that goes
    furthest; None where it has only steps without an action (Method, section 8.2)."""
    steps = sorted(found.roadmap.actions, key=lambda step: step.end)
    serving = [spec.action_by_code[step.action] for step in steps if gap.question in step.because]
    closing = (action for action in serving if action.to_level >= gap.target)
    return next(closing, max(serving, key=lambda action: action.to_level, default=None))


def works_on(spec: FrameworkSpec, found: Results, step: Step) -> tuple[Work, ...]:
    """The gaps that an action serves, by code, each with how far it goes."""
    to = spec.action_by_code[step.action].to_level
    targets = {gap.question: gap.target for gap in found.gaps.questions}
    return tuple(
        Work(spec.questions[code], min(to, targets[code]), targets[code])
        for code in step.because
        if code in targets
    )


def starts_early(spec: FrameworkSpec, found: Results, step: Step) -> tuple[Early, ...]:
    """The gaps that an action serves and whose lower steps other actions of the plan have yet to take.

    Steps without an action count as taken by then (Method, section 8.7), so they make no action early.
    """
    start = spec.action_by_code[step.action].from_level
    levels = {gap.question: gap.have for gap in found.gaps.questions}
    rows = []
    for code in step.because:
        if code not in levels:
            continue
        others = [
            (other, spec.action_by_code[other.action])
            for other in found.roadmap.actions
            if code in spec.action_by_code[other.action].raises
        ]
        ended = [action.to_level for other, action in others if other.end <= step.start]
        held = max(levels[code], *ended) if ended else levels[code]
        late = tuple(
            action
            for other, action in others
            if other.end > step.start and action.from_level < start and action.to_level > held
        )
        if held < start and late:
            rows.append(Early(spec.questions[code], start, held, late))
    return tuple(rows)
