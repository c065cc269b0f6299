"""Rules on a finished review beside what rests on the claims: verdicts, targets and the plan.

Verdicts, gaps and plan follow from the claimed reading alone (Method, section 2); these rules compare the
validated levels with what they ask for, and reckon nothing anew.
"""

from __future__ import annotations

from collections.abc import Iterator

from assessments.charts.levels import carried
from assessments.charts.rules.shapes import LIMIT, Case, Evidence, Finding
from assessments.engine import ground
from assessments.engine.gaps import question_targets
from assessments.engine.use_cases import demands_of

Short = tuple[str, str, int | None, int]  # (kind, code, have, need)


def review_below(case: Case) -> Iterator[Finding]:
    """Answers that are validated below their target and of which the plan leaves out a step (section 8)."""
    validated, roadmap = validated_levels(case), case.results.roadmap
    targets = question_targets(case.spec, demands_of(case.spec, case.chosen), case.results.targets)
    planned = {(task.question, task.to_level) for task in roadmap.anchor_tasks}
    for action in (case.spec.action_by_code[step.action] for step in roadmap.actions):
        steps = range(action.from_level + 1, action.to_level + 1)
        planned |= {(code, level) for code in action.raises for level in steps}
    rows = tuple(
        (code, validated[code], target)
        for code, target in targets.items()
        if code in validated
        and any((code, level) not in planned for level in range(validated[code] + 1, target + 1))
    )
    if rows:
        shown = tuple(Evidence("question", code, have, need) for code, have, need in rows)
        yield Finding("review_below", LIMIT, "ground", {"n": len(rows), "rows": rows}, shown)


def review_undone(case: Case) -> Iterator[Finding]:
    """Actions that the plan takes as done (section 8.1) and that are not by the validated levels."""
    validated = validated_levels(case)
    rows = tuple(
        (action.code, code, validated[code], action.to_level)
        for action in (case.spec.action_by_code[code] for code in case.results.roadmap.waived)
        for code in action.raises
        if code in validated and validated[code] < action.to_level
    )
    if rows:
        codes = tuple(dict.fromkeys(action for action, *_ in rows))
        shown = tuple(Evidence("action", code) for code in codes)
        yield Finding("review_undone", LIMIT, "ground", {"n": len(codes), "rows": rows}, shown)


def by_claims(case: Case) -> Iterator[Finding]:
    """Uses that are ready, on one line at least, by the claims and not by validated levels (section 6)."""
    rows = by_claims_of(case)
    if rows:
        shown = tuple(Evidence("use_case", use) for use, _ in rows)
        yield Finding("by_claims", LIMIT, "uses", {"n": len(rows), "rows": rows}, shown)


def by_claims_of(case: Case) -> tuple[tuple[str, tuple[Short, ...]], ...]:
    """(use, what it is short of by the validated levels) of each such use, in document order."""
    if case.results.readings.validated is None or case.review is None:
        return ()
    rows = ((use.code, short_of(case, use.code)) for use in case.spec.use_cases)
    return tuple((code, short) for code, short in rows if short)


def short_of(case: Case, use: str) -> tuple[Short, ...]:
    """What the validated levels lack of the test that a use passes by the claims: dimensions by code, then
    critical questions by code; nothing where it passes none."""
    held, verdict = case.results.readings.validated, case.results.use_cases[use].verdict
    if held is None or verdict not in ("ready", "ready_bounded"):
        return ()
    demand, validated = case.spec.demands[use], validated_levels(case)
    short: list[Short] = []
    for code, need in demand.minima:
        row = held.dimensions[code]
        have = row.effective_level
        if verdict == "ready_bounded" and row.level is not None and row.ring_fenced is not None:
            have = min(row.level, row.ring_fenced)
        if not row.left_out and (have or 0) < need:
            short.append(("dimension", code, have, need))
    short += [
        ("question", code, validated[code], need)
        for code, need in demand.critical
        if code in validated and validated[code] < need
    ]
    return tuple(short)


def validated_levels(case: Case) -> dict[str, int]:
    """The validated level of every scored question (section 2); empty before a review."""
    if case.review is None:
        return {}
    evidenced = {
        row.question: level for row in case.answers if (level := carried(case.spec, row)) is not None
    }
    return ground.validated_levels(case.review.validated, evidenced)
