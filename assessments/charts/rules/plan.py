"""Rules on gaps and the plan: what is left to the targets, what the plan achieves, its longest chain."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.charts.planning import verdicts_at_end
from assessments.charts.rules.shapes import CREDIBLE, DECISION, FACT, LIMIT, STRENGTH, Case, Evidence, Finding
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


def plan_reaches(case: Case) -> Iterator[Finding]:
    """When the plan brings the next level of the site, and the chosen uses as far as it brings them (8.7)."""
    points, done = case.results.roadmap.projection, case.results.completeness
    today = case.results.readings.claimed.level
    higher = [row for row in points if today is not None and row.level is not None and row.level > today]
    by = None
    for point in points:
        if any(code in case.chosen and verdict in CREDIBLE for code, verdict in point.verdicts.items()):
            by = point.week
    if not higher and by is None:
        return
    at_end = verdicts_at_end(case.results, case.chosen)
    values = {
        "level": higher[0].level if higher else None,
        "week": higher[0].week if higher else None,
        "n": len(case.chosen),
        "ready": at_end["ready"],
        "bounded": at_end["ready_bounded"],
        "by": by,
        "start_on": case.start_on,
        "replied": done.replied,
        "asked": done.asked,
    }
    yield Finding("plan_reaches", FACT, "roadmap", values)


def largest_of(case: Case) -> tuple[int, int, tuple[str, ...]] | None:
    """The week whose end brings the index furthest, by how many points, and the actions that end then."""
    largest = projection(case.results).largest if case.results.roadmap.projection else None
    if largest is None:
        return None
    week, rise = largest
    return week, rise, tuple(step.action for step in case.results.roadmap.actions if step.end == week)


def largest_step(case: Case) -> Iterator[Finding]:
    """The actions that bring the index furthest, where none of them is part of the longest chain: that one
    is named as a decision of its own, from its first action on."""
    largest, path = largest_of(case), case.results.roadmap.critical_path
    if largest is None or set(largest[2]) & set(path):
        return
    week, rise, codes = largest
    plant = case.rises.get(week)
    values = {
        "week": week,
        "rise": rise,
        "actions": codes,
        "start": min(step.start for step in case.results.roadmap.actions if step.action in codes) + 1,
        "start_on": case.start_on,
        "dpmm": plant.dpmm if plant else None,
        "lifts": bool(plant and plant.lifts),
    }
    shown = tuple(Evidence("action", code) for code in codes)
    yield Finding("largest_step", DECISION, "roadmap", values, shown)


def longest_chain(case: Case) -> Iterator[Finding]:
    """The critical path: no chain of actions that follow one another is longer (section 8.6); and whether
    the index makes its largest step where one of it ends."""
    path, largest = case.results.roadmap.critical_path, largest_of(case)
    if path:
        steps = {step.action: step for step in case.results.roadmap.actions}
        values = {
            "n": len(path),
            "first": path[0],
            "start": steps[path[0]].start + 1,
            "last": path[-1],
            "weeks": sum(steps[code].end - steps[code].start for code in path),
            "week": steps[path[-1]].end,
            "largest": largest[0] if largest and set(largest[2]) & set(path) else None,
        }
        shown = tuple(Evidence("action", code) for code in path)
        yield Finding("longest_chain", DECISION, "roadmap", values, shown)


def anchor_tasks(case: Case) -> Iterator[Finding]:
    """Steps that no action of the content covers (section 8.2)."""
    tasks = case.results.roadmap.anchor_tasks
    if tasks:
        shown = tuple(Evidence("question", row.question, row.from_level, row.to_level) for row in tasks)
        yield Finding("anchor_tasks", FACT, "roadmap", {"n": len(tasks)}, shown)
