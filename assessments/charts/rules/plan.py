"""Rules on gaps and the plan: what is left to the targets, what the plan achieves, its longest chain."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.charts.rules.shapes import DECISION, FACT, LIMIT, STRENGTH, Case, Evidence, Finding
from assessments.charts.weeks import projection
from assessments.engine.display import whole


def gaps(case: Case) -> Iterator[Finding]:
    """How many gaps there are and which comes first (Method, section 7); or why there is none."""
    found = case.results.gaps
    if not case.results.targets:
        yield Finding("no_targets", DECISION, "gaps", {})
    elif found.questions:
        first = found.questions[0]
        values = {
            "n": len(found.questions),
            "question": first.question,
            "have": first.have,
            "target": first.target,
            "priority": first.priority,
        }
        shown = tuple(Evidence("question", gap.question, gap.have, gap.target) for gap in found.questions)
        yield Finding("gaps", LIMIT, "gaps", values, shown)
    elif found.unanswered:
        shown = tuple(Evidence("question", code) for code in found.unanswered)
        yield Finding("gaps_unknown", LIMIT, "gaps", {"n": len(found.unanswered)}, shown)
    elif not found.foundation and any(not case.claimed[code].left_out for code in case.results.targets):
        yield Finding("targets_met", STRENGTH, "gaps", {})


def firm(case: Case) -> Iterator[Finding]:
    """Gaps of dimensions that meet their target already: closing them would make it firm."""
    met = met_dimensions(case)
    inside = [gap for gap in case.results.gaps.questions if case.spec.dimension_of[gap.question] in met]
    if inside:
        codes = tuple(dict.fromkeys(case.spec.dimension_of[gap.question] for gap in inside))
        shown = tuple(Evidence("question", gap.question, gap.have, gap.target) for gap in inside)
        yield Finding("firm", FACT, "gaps", {"n": len(inside), "dimensions": codes}, shown)


def met_dimensions(case: Case) -> frozenset[str]:
    """The dimensions whose level, as far as it counts, is at or above their target."""
    return frozenset(
        code
        for code, target in case.results.targets.items()
        if (level := case.claimed[code].effective_level) is not None and level >= target
    )


def plan(case: Case) -> Iterator[Finding]:
    """What the plan achieves by its end (section 8)."""
    steps, points = case.results.roadmap.actions, case.results.roadmap.projection
    if not steps or not points:
        return
    claimed = case.results.readings.claimed
    values = {
        "n": len(steps),
        "week": max(step.end for step in steps),
        "from": whole(claimed.index),
        "to": whole(points[-1].index),
        "is_raised": points[-1].index != claimed.index,
        "level": claimed.level,
        "to_level": points[-1].level,
    }
    yield Finding("plan", FACT, "roadmap", values)


def no_action(case: Case) -> Iterator[Finding]:
    """There are targets, and nothing that is known or open asks for an action."""
    gaps = case.results.gaps
    if case.results.targets and not (gaps.questions or gaps.unanswered or gaps.foundation):
        yield Finding("no_action", FACT, "roadmap", {})


def projected(case: Case) -> Iterator[Finding]:
    """Where the projected index makes its largest step, or that it makes none (section 8.7)."""
    if case.results.roadmap.projection:
        week, rise = projection(case.results).largest or (None, None)
        yield Finding("projected", FACT, "roadmap", {"week": week, "rise": rise})


def largest_step(case: Case) -> Iterator[Finding]:
    """The week whose end brings the index furthest, and the actions that end then."""
    largest = projection(case.results).largest if case.results.roadmap.projection else None
    if largest:
        week, rise = largest
        codes = tuple(step.action for step in case.results.roadmap.actions if step.end == week)
        shown = tuple(Evidence("action", code) for code in codes)
        values = {"week": week, "rise": rise, "actions": codes}
        yield Finding("largest_step", DECISION, "roadmap", values, shown)


def longest_chain(case: Case) -> Iterator[Finding]:
    """The critical path: no chain of actions that follow one another is longer (section 8.6)."""
    path = case.results.roadmap.critical_path
    if path:
        steps = {step.action: step for step in case.results.roadmap.actions}
        values = {
            "n": len(path),
            "first": path[0],
            "start": steps[path[0]].start + 1,
            "last": path[-1],
            "weeks": sum(steps[code].end - steps[code].start for code in path),
            "week": steps[path[-1]].end,
        }
        shown = tuple(Evidence("action", code) for code in path)
        yield Finding("longest_chain", DECISION, "roadmap", values, shown)


def anchor_tasks(case: Case) -> Iterator[Finding]:
    """Steps that no action of the content covers (section 8.2)."""
    tasks = case.results.roadmap.anchor_tasks
    if tasks:
        shown = tuple(Evidence("question", row.question, row.from_level, row.to_level) for row in tasks)
        yield Finding("anchor_tasks", FACT, "roadmap", {"n": len(tasks)}, shown)
